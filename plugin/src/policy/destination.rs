//! Where a mobile and remote access path leads (domain item B45): `/<base64>/<rest>`, where the base64 stands for
//! `domain/protocol/address/port`.
//!
//! A path that a client sends decides where a request goes, so it has one spelling: base64 of RFC 4648 section 4 or 5
//! without padding and without spare bits, four parts, `https` alone, an address or name as [`Host::parse`] takes it, a
//! port without leading zero. `allow` decides about the rest.

use core::net::{IpAddr, Ipv4Addr};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::config::{Config, Destination, Host, HostPattern};
use crate::limits;

const STRICT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::RequireNone)
    .with_decode_allow_trailing_bits(false);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, STRICT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, STRICT);

/// What a path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The service domain.
    pub domain: Host,
    /// Where the request goes.
    pub host: Host,
    /// At this port.
    pub port: u16,
    /// What the origin is asked for, with its slash and query.
    pub path: String,
}

impl Target {
    /// Reads the path of a request; `None` for one that names no destination.
    pub fn read(path: &[u8]) -> Option<Self> {
        parse(path)
    }

    /// Whether `allow` lets a request go there.
    pub fn is_allowed(&self, config: &Config) -> bool {
        allowed(&config.allow, &self.host, self.port)
    }

    /// `host:port`, as `x-envoy-original-dst-host` and `:authority` write it.
    pub fn authority(&self) -> String {
        match &self.host {
            Host::Address(IpAddr::V6(address)) => format!("[{address}]:{}", self.port),
            host => format!("{host}:{}", self.port),
        }
    }
}

fn parse(path: &[u8]) -> Option<Target> {
    let path = core::str::from_utf8(path).ok()?;
    let (code, rest) = path.strip_prefix('/')?.split_once('/')?;
    if code.len() > limits::PATH_CODE {
        return None;
    }
    let bytes = STANDARD.decode(code).or_else(|_| URL_SAFE.decode(code)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let mut parts = text.split('/');
    let (domain, protocol, host, port) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || protocol != "https" {
        return None;
    }
    if port.starts_with('0') || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Target {
        domain: Host::parse(domain).ok()?,
        host: Host::parse(host).ok()?,
        port: port.parse().ok()?,
        path: format!("/{rest}"),
    })
}

/// Whether `allow` names the destination. Loopback, link-local and other addresses that are this machine's or nobody's are
/// not allowed by a network that merely contains them, only by one that lies inside their range.
fn allowed(allow: &[Destination], host: &Host, port: u16) -> bool {
    allow.iter().any(|entry| {
        entry.allows(host, port)
            && match (host, &entry.host) {
                (Host::Address(address), HostPattern::Network { address: network, prefix }) => {
                    // Every special range has at least 8 bits of prefix.
                    !is_special(*address)
                        || (is_special(*network)
                            && *prefix >= 8
                            && (embedded(*address).is_none() || *prefix == 128))
                }
                _ => true,
            }
    })
}

/// Addresses that reach this machine, its link or a metadata service, in any spelling (RFC 6890): a request from outside
/// has no business there.
fn is_special(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_multicast()
                || address.is_broadcast()
                || address.octets().first() == Some(&0)
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unicast_link_local()
                || embedded(address).is_some_and(|inner| is_special(IpAddr::V4(inner)))
        }
    }
}

/// The IPv4 address that an IPv6 address carries: mapped and compatible ones (RFC 4291 section 2.5.5), NAT64 (RFC 6052),
/// 6to4 (RFC 3056).
fn embedded(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return None };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some((u32::from(high) << 16 | u32::from(low)).into()),
        _ => None,
    }
}
