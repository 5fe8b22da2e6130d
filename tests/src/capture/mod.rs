//! What the suites about captures share: packets and files made here, and a reader that keeps everything.

pub mod collect;
pub mod generate;
pub mod packets;
pub mod tls;
pub mod tshark;
pub mod write;
