//! Host names, name patterns and destinations, strict: what decides where a request may go has one spelling.

use core::fmt;
use core::net::IpAddr;

/// A name or an address that a certificate can be checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// An IPv4 or IPv6 address.
    Address(IpAddr),
    /// A DNS name in lower case, without the final dot.
    Name(String),
}

/// Which hosts a destination pattern matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPattern {
    /// Exactly this name.
    Name(String),
    /// Every address of a network; `prefix` is its length in bits (0–32 or 0–128).
    Network {
        /// The network's address; the bits after the prefix are 0.
        address: IpAddr,
        /// Length of the prefix in bits.
        prefix: u8,
    },
    /// Names with exactly one more label on the left: `steven.lab` stands for `*.steven.lab`.
    OneLabelUnder(String),
}

/// One entry of `allow`: hosts and the one port that may be asked for there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The hosts.
    pub host: HostPattern,
    /// The port, 1–65535.
    pub port: u16,
}

/// What `allow` accepts, for messages.
pub(crate) const DESTINATION_FORM: &str =
    "NETWORK/BITS:PORT, ADDRESS:PORT, [IPV6/BITS]:PORT, NAME:PORT or *.NAME:PORT";

impl Host {
    /// An IPv4 or IPv6 address (the latter without brackets), or a DNS name. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        dns_name(text).map(Self::Name)
    }

    /// The address, where it is one.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Address(address) => Some(*address),
            Self::Name(_) => None,
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl Destination {
    /// Reads one entry of `allow`. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (host, port) = rest.split_once("]:").ok_or("no port after the bracket")?;
            if !host.contains(':') {
                return Err("only IPv6 stands in brackets".to_owned());
            }
            (host, port)
        } else {
            let (host, port) = text.rsplit_once(':').ok_or("no port")?;
            if host.contains(':') {
                return Err("IPv6 needs brackets".to_owned());
            }
            (host, port)
        };
        // `u16::from_str` takes a plus sign and leading zeros; here a port has one spelling.
        if port.starts_with('0') || !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("the port is no number from 1 to 65535".to_owned());
        }
        let port: u16 = port.parse().map_err(|_| "the port is no number from 1 to 65535")?;
        Ok(Self { host: HostPattern::parse(host)?, port })
    }

    /// Whether a request may go to `host` and `port`.
    pub fn allows(&self, host: &Host, port: u16) -> bool {
        self.port == port && self.host.matches(host)
    }
}

impl HostPattern {
    fn parse(text: &str) -> Result<Self, String> {
        if let Some((address, bits)) = text.split_once('/') {
            let address: IpAddr = address.parse().map_err(|_| "no address stands before the /")?;
            let width: u8 = if address.is_ipv4() { 32 } else { 128 };
            let prefix = bits
                .parse()
                .ok()
                .filter(|prefix: &u8| *prefix <= width && prefix.to_string() == bits)
                .ok_or_else(|| format!("the prefix length is no number from 0 to {width}"))?;
            let network = masked(address, prefix);
            if network != address {
                return Err(format!("bits are set after the prefix; meant is {network}/{prefix}?"));
            }
            return Ok(Self::Network { address, prefix });
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            let prefix = if address.is_ipv4() { 32 } else { 128 };
            return Ok(Self::Network { address, prefix });
        }
        if let Some(parent) = text.strip_prefix("*.") {
            return dns_name(parent).map(Self::OneLabelUnder);
        }
        if text.contains('*') {
            return Err("a * may only be the whole first label of a name".to_owned());
        }
        dns_name(text).map(Self::Name)
    }

    /// Whether the pattern holds `host`. An address matches no name pattern and the reverse.
    pub fn matches(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Name(own), Host::Name(name)) => own == name,
            (Self::OneLabelUnder(parent), Host::Name(name)) => name
                .split_once('.')
                .is_some_and(|(label, rest)| !label.is_empty() && rest == parent),
            (Self::Network { address, prefix }, Host::Address(asked)) => {
                address.is_ipv4() == asked.is_ipv4() && masked(*asked, *prefix) == *address
            }
            _ => false,
        }
    }
}

/// The address with all bits after `prefix` cleared.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(prefix.into())).unwrap_or(0);
            IpAddr::V4((u32::from(address) & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(prefix.into())).unwrap_or(0);
            IpAddr::V6((u128::from(address) & mask).into())
        }
    }
}

/// A DNS name in lower case without final dot; letters, digits, `-` and `_` (which CUCM nodes carry).
fn dns_name(text: &str) -> Result<String, String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    if name.is_empty() || name.len() > 253 {
        return Err("a name has 1 to 253 characters".to_owned());
    }
    for label in name.split('.') {
        if label.is_empty() || label.len() > 63 {
            return Err("a label of a name has 1 to 63 characters".to_owned());
        }
        let fine = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !label.bytes().all(fine) || label.starts_with('-') || label.ends_with('-') {
            return Err(
                "a name holds letters, digits, - and _, and no label begins or ends with -"
                    .to_owned(),
            );
        }
    }
    // `2130706433`, `0x7f.1` and `127.1` are addresses to many resolvers: never names here.
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") {
        return Err(
            "the last label is a number: a name needs letters there, an address four parts"
                .to_owned(),
        );
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(pattern: &str, host: &str, port: u16) -> bool {
        Destination::parse(pattern).unwrap().allows(&Host::parse(host).unwrap(), port)
    }

    #[test]
    fn destinations_match_what_they_say() {
        assert!(allows("10.48.36.0/24:8443", "10.48.36.215", 8443));
        assert!(!allows("10.48.36.0/24:8443", "10.48.36.215", 8444));
        assert!(!allows("10.48.36.0/24:8443", "10.48.37.1", 8443));
        assert!(allows("0.0.0.0/0:8443", "192.0.2.1", 8443));
        assert!(!allows("0.0.0.0/0:8443", "2001:db8::1", 8443));
        assert!(allows("[2001:db8::/32]:8443", "2001:db8::1", 8443));
        assert!(!allows("[2001:db8::/32]:8443", "2001:db9::1", 8443));
        assert!(allows("[::1]:1", "::1", 1));
        assert!(allows("*.steven.lab:6972", "CUCM.steven.lab.", 6972));
        assert!(!allows("*.steven.lab:6972", "a.cucm.steven.lab", 6972));
        assert!(!allows("*.steven.lab:6972", "steven.lab", 6972));
        assert!(allows("cucm:6972", "cucm", 6972));
        assert!(!allows("cucm:6972", "10.48.36.215", 6972));
    }

    #[test]
    fn other_spellings_are_refused() {
        for (text, error) in [
            ("10.48.36.7/24:8443", "bits are set after the prefix; meant is 10.48.36.0/24?"),
            ("10.48.36.0/33:8443", "the prefix length is no number from 0 to 32"),
            ("10.48.36.0/024:8443", "the prefix length is no number from 0 to 32"),
            ("10.48.36.0/24", "no port"),
            ("10.48.36.0/24:0", "the port is no number from 1 to 65535"),
            ("10.48.36.0/24:65536", "the port is no number from 1 to 65535"),
            ("10.48.36.0/24:+80", "the port is no number from 1 to 65535"),
            ("2001:db8::1:8443", "IPv6 needs brackets"),
            ("[2001:db8::1]", "no port after the bracket"),
            ("[10.0.0.1]:80", "only IPv6 stands in brackets"),
            ("*:80", "a * may only be the whole first label of a name"),
            ("c*.steven.lab:80", "a * may only be the whole first label of a name"),
            (
                "*.*.lab:80",
                "a name holds letters, digits, - and _, and no label begins or ends with -",
            ),
            (
                "2130706433:80",
                "the last label is a number: a name needs letters there, an address four parts",
            ),
            (
                "127.1:80",
                "the last label is a number: a name needs letters there, an address four parts",
            ),
            (
                "0x7f000001:80",
                "the last label is a number: a name needs letters there, an address four parts",
            ),
            ("a..b:80", "a label of a name has 1 to 63 characters"),
            (":80", "a name has 1 to 253 characters"),
        ] {
            assert_eq!(Destination::parse(text), Err(error.to_owned()), "{text}");
        }
    }
}
