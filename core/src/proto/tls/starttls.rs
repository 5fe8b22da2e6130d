//! Which protocol turned TLS on, told by what it said before.

use serde::{Deserialize, Serialize};

/// A protocol that begins in clear and turns TLS on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StartTls {
    /// `AUTH TLS` (RFC 4217).
    Ftp,
    /// `CONNECT` to a proxy (RFC 9110 section 9.3.6).
    HttpConnect,
    /// `Upgrade: TLS` (RFC 2817).
    HttpUpgrade,
    /// `STARTTLS` behind a tag (RFC 9051 section 6.2.1).
    Imap,
    /// Extended operation 1.3.6.1.4.1.1466.20037 (RFC 4511 section 4.14.1).
    Ldap,
    /// Connection phase with a request for TLS.
    MySql,
    /// Something else, in clear.
    Other,
    /// `STLS` (RFC 2595).
    Pop3,
    /// SSLRequest.
    PostgreSql,
    /// A connection request of X.224.
    Rdp,
    /// `STARTTLS` behind a greeting (RFC 3207).
    Smtp,
    /// `<starttls>` (RFC 6120 section 5).
    Xmpp,
}

/// From what the client said in clear; `None` when it said nothing.
pub(super) fn of_client(before: &[u8]) -> Option<StartTls> {
    let contains = |needle: &[u8]| {
        before.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
    };
    let starts = |needle: &[u8]| {
        before.get(..needle.len()).is_some_and(|start| start.eq_ignore_ascii_case(needle))
    };
    if before.is_empty() {
        return None;
    }
    Some(if starts(b"CONNECT ") {
        StartTls::HttpConnect
    } else if contains(b"<starttls") {
        StartTls::Xmpp
    } else if contains(b"\nUpgrade: TLS/") {
        StartTls::HttpUpgrade
    } else if before == [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f] {
        StartTls::PostgreSql
    } else if before.first() == Some(&0x30) && contains(b"1.3.6.1.4.1.1466.20037") {
        StartTls::Ldap
    } else if starts(&[3, 0]) && before.get(5) == Some(&0xe0) {
        StartTls::Rdp
    } else if contains(b"AUTH TLS") || contains(b"AUTH SSL") {
        StartTls::Ftp
    } else if contains(b"STLS\r") {
        StartTls::Pop3
    } else if contains(b"EHLO ") || contains(b"HELO ") || contains(b"LHLO ") || starts(b"STARTTLS")
    {
        StartTls::Smtp
    } else if contains(b" STARTTLS") {
        StartTls::Imap
    } else if before.len() == 36 && before.get(..4) == Some(&[32, 0, 0, 1]) {
        StartTls::MySql
    } else {
        StartTls::Other
    })
}
