//! tlvet's engine: reads what Cisco UC phones and Expressways trust, judges it, and says why.
//!
//! Start at [`session::Session`]: open an input, push its bytes, close it, ask for the
//! [`report`](report::model::Report). Everything below it is plain data and pure functions: no file, no clock, no
//! network, no thread, and the same input gives the same report byte for byte.
//!
//! How the modules stand on each other (`a <- b`: b uses a), checked by `cargo xtask ci`:
//!
//! ```text
//! bytes error limits order time digest <- names tlv x509 capture <- proto trustlist <- sgn text traffic archive
//! all of these <- detect artifact reading <- evidence <- phone <- findings <- report <- session
//! ```

#![deny(missing_docs)]

pub mod archive;
pub mod artifact;
pub mod bytes;
pub mod capture;
pub mod context;
pub mod detect;
pub mod digest;
pub mod error;
pub mod evidence;
pub mod findings;
pub mod i18n;
pub mod limits;
pub mod names;
pub mod order;
pub mod phone;
pub mod proto;
pub mod reading;
pub mod report;
pub mod session;
pub mod sgn;
pub mod text;
pub mod time;
pub mod tlv;
pub mod traffic;
pub mod trustlist;
pub mod x509;
