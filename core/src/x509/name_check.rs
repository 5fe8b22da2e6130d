//! Does a certificate hold the name that a client asks for? Three judges, side by side: OpenSSL's `X509_check_host`,
//! `X509_check_ip` and `X509_check_email`, Traffic Server's own `validate_hostname`, and a browser (B9 to B14, B43; x509.md
//! section 6).
//!
//! Each judge looks at every name once, and at each byte of it a fixed number of times.

mod browser;
mod near_miss;
mod openssl;
mod presented;
mod traffic_server;

use std::net::IpAddr;

pub use openssl::HostFlags;

use super::certificate::Certificate;
use crate::report::model::{NameCheck, NameKind, NameMatch, PresentedName, TrafficServerNames};
use presented::Presented;

/// Release of Apache Traffic Server, as far as its name rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrafficServerVersion {
    /// 8.1: a wildcard covers no underscore; a common name that is not convertible is accepted.
    V8_1,
    /// 9.0: a common name that is not convertible is accepted.
    V9_0,
    /// 9.2.
    V9_2,
}

/// What Traffic Server says about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrafficServerMatch {
    /// This name matches.
    Matched(PresentedName),
    /// `SNI (…) not in certificate`.
    Mismatch,
    /// No dNSName matches, and the first common name cannot be converted to UTF-8: 8.1 and 9.0 take that for a match,
    /// whatever name is asked for.
    AcceptedUnread,
}

impl TrafficServerMatch {
    /// The connection goes on.
    pub fn accepted(&self) -> bool {
        !matches!(self, Self::Mismatch)
    }
}

/// `X509_check_host` without flags, the same in OpenSSL 1.1.1 and 3.0. `host` is compared as it is: no blank is trimmed,
/// no dot at the end dropped; `.example.com` stands for any subdomain.
pub fn openssl_host(certificate: &Certificate, host: &str) -> bool {
    openssl_host_flags(certificate, host, HostFlags::default())
}

/// `X509_check_host` with flags.
pub fn openssl_host_flags(certificate: &Certificate, host: &str, flags: HostFlags) -> bool {
    openssl::host(certificate, host, flags).is_some()
}

/// `X509_check_ip`: iPAddress only, never the common name.
pub fn openssl_ip(certificate: &Certificate, address: IpAddr) -> bool {
    openssl::ip(certificate, &bytes_of(address)).is_some()
}

/// `X509_check_email` of OpenSSL 3.0; 1.1.1 does not know SmtpUTF8Mailbox (RFC 8398) and does the rest the same.
pub fn openssl_email(certificate: &Certificate, mailbox: &str) -> bool {
    openssl::email(certificate, mailbox).is_some()
}

/// `validate_hostname` of Traffic Server. `name` is the server name that the client sends, or the peer's address as text
/// where it sends none.
pub fn traffic_server(
    certificate: &Certificate,
    name: &str,
    version: TrafficServerVersion,
) -> TrafficServerMatch {
    match traffic_server::check(certificate, name, version) {
        traffic_server::Answer::Matched(name) => TrafficServerMatch::Matched(name.to_report()),
        traffic_server::Answer::Mismatch => TrafficServerMatch::Mismatch,
        traffic_server::Answer::AcceptedUnread => TrafficServerMatch::AcceptedUnread,
    }
}

/// RFC 6125 as Chromium applies it, without the public suffix list: `*.co.uk` covers `example.co.uk` here, and nothing
/// there. An IP address is compared with iPAddress only.
pub fn browser(certificate: &Certificate, name: &str) -> bool {
    browser::check(certificate, name).is_some()
}

/// What the three judges say about one address that clients use: FQDN, short host name or IP address (B10), the latter
/// with or without the brackets of a URL.
pub fn side_by_side(certificate: &Certificate, address: &str) -> NameCheck {
    let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let name = bare.unwrap_or(address);
    let ip = name.parse::<IpAddr>().ok();
    let kind = match ip {
        Some(_) => NameKind::Ip,
        None if name.trim_matches('.').contains('.') => NameKind::Fqdn,
        None => NameKind::Short,
    };
    let openssl = match ip {
        Some(address) => openssl::ip(certificate, &bytes_of(address)),
        None => openssl::host(certificate, name, HostFlags::default()),
    };
    let browser = browser::check(certificate, name);
    let traffic_server = |version| traffic_server(certificate, name, version);
    let releases = [
        traffic_server(TrafficServerVersion::V8_1),
        traffic_server(TrafficServerVersion::V9_0),
        traffic_server(TrafficServerVersion::V9_2),
    ];
    let by_traffic_server = releases.iter().find_map(|release| match release {
        TrafficServerMatch::Matched(name) => Some(name.clone()),
        _ => None,
    });
    let report = |name: &Option<Presented<'_>>| name.as_ref().map(Presented::to_report);
    let matched_by = report(&openssl).or_else(|| report(&browser)).or(by_traffic_server);
    let [v8_1, v9_0, v9_2] = releases.map(|release| match release {
        TrafficServerMatch::Matched(_) => NameMatch::Yes,
        TrafficServerMatch::Mismatch => NameMatch::No,
        TrafficServerMatch::AcceptedUnread => NameMatch::Unread,
    });
    let everyone = openssl.is_some() && browser.is_some() && v8_1 == NameMatch::Yes;
    NameCheck {
        address: address.to_owned(),
        kind,
        openssl: openssl.is_some(),
        traffic_server: TrafficServerNames { v8_1, v9_0, v9_2 },
        browser: browser.is_some(),
        matched_by,
        near_misses: if everyone { Vec::new() } else { near_miss::find(certificate, name, ip) },
    }
}

/// Network byte order, 4 or 16 bytes.
fn bytes_of(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}
