//! What all inputs together say: the facts that findings are decided on.

pub mod bundles;
pub mod exchanges;
pub mod expressway;
pub mod expressway_settings;
pub mod facts;
pub mod listings;
pub mod lists;
pub mod origins;
pub mod packet_list;
pub mod schannel;
pub mod stores;
pub mod timeline;
pub mod tms;
pub mod trust_store;
