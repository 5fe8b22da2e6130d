//! TLS up to 1.2 as two peers speak it in clear, read strictly (RFC 5246; RFC 8446 as far as it has to be recognised).
//!
//! `tlvet_core::proto::tls` looks for TLS anywhere and goes on behind what it does not understand, as an analyst wants
//! it. A filter that decides must not: what a client would not take for a handshake must not be taken for one here, or a
//! hostile origin shows the filter another certificate than the client. So everything here has one reading, and anything
//! else is a [`Fault`].
//!
//! - `record`: records, their content in pieces. `message`: handshake messages put together, hellos and chains.
//! - [`ClientOpening`]: the client up to its ClientHello. [`OriginFlight`]: the origin up to where a verdict is due.
//! - [`Course`]: either side behind the verdict; it looks at heads of records only and sees a second handshake.

mod course;
mod flight;
mod message;
mod opening;
mod record;

pub(super) use course::{Course, Wanted};
pub(super) use flight::{Flight, OriginFlight};
pub(super) use message::ClientHello;
pub(super) use opening::{ClientOpening, Opening};

/// Why bytes are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes are no TLS at all.
    NotTls,
    /// The bytes break the rules of TLS.
    Malformed,
    /// More than may be held.
    TooLarge,
    /// The origin speaks TLS but shows no certificate.
    NoCertificate,
    /// The origin ends the handshake with this alert description (RFC 5246 section 7.2).
    Alert(u8),
    /// A second handshake in the same connection.
    Renegotiation,
    /// Application data of the client before the handshake is over.
    EarlyData,
}
