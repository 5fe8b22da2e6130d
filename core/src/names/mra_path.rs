//! The paths under which clients of mobile and remote access (MRA) ask Expressway for a server inside (B45).
//!
//! `/<base64>/<rest>`, where the base64, mostly without padding, stands for `domain/protocol/address/port`, or for the domain
//! alone (`/<base64>/get_edge_config`). Logs also show it percent-encoded, and behind `http://vcs_control.<domain>:8443`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What the first part of an MRA client's path says: which server the request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MraPath {
    /// Domain of the client: `steven.lab`.
    pub domain: String,
    /// `https`.
    pub protocol: String,
    /// Name or address of the server.
    pub address: String,
    /// Its port.
    pub port: u16,
}

/// Characters of a first part. Longer than any domain and host name together.
const LONGEST: usize = 1_024;

/// Characters of a first part that names a server: `a/b/c/1` in base64.
const SHORTEST: usize = 10;

impl MraPath {
    /// Reads `/c3RldmVuLmxhYi9odHRwcy8xMC40OC4zNi4yMTUvODQ0Mw/…`: a path, or a URL with one. `None` for any other.
    pub fn read(target: &str) -> Option<Self> {
        if first_part(target)?.len() < SHORTEST {
            return None;
        }
        let text = decoded(target)?;
        let mut parts = text.split('/');
        let path = Self {
            domain: parts.next()?.to_owned(),
            protocol: parts.next()?.to_owned(),
            address: parts.next()?.to_owned(),
            port: parts.next()?.parse().ok()?,
        };
        let plain = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
        let all = [&path.domain, &path.protocol, &path.address];
        (parts.next().is_none() && all.into_iter().all(|text| plain(text))).then_some(path)
    }

    /// The domain of a path that names a server, or of one that names nothing else.
    pub fn domain_of(target: &str) -> Option<String> {
        if let Some(path) = Self::read(target) {
            return Some(path.domain);
        }
        let text = decoded(target)?;
        let labels = text.split('.');
        let is_label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        (text.contains('.') && labels.into_iter().all(is_label)).then_some(text)
    }
}

/// The first part of a path, as it stands there.
fn first_part(target: &str) -> Option<&str> {
    // Most targets have no colon, and looking for one is fast.
    let url = if target.contains(':') { target.split_once("://") } else { None };
    let path = match url {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => target.strip_prefix('/')?,
    };
    path.split(['/', '?']).next()
}

/// The first part of a path, out of base64.
fn decoded(target: &str) -> Option<String> {
    let part = first_part(target)?;
    if part.len() > LONGEST {
        return None;
    }
    // Names of files and pages have a dot or the like: they are told without a copy.
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+-_=%".contains(&byte);
    if !part.bytes().all(is_base64) {
        return None;
    }
    let part = percent_decoded(part)?;
    let part = part.trim_end_matches('=');
    let bytes = STANDARD_NO_PAD.decode(part).or_else(|_| URL_SAFE_NO_PAD.decode(part)).ok()?;
    String::from_utf8(bytes).ok()
}

/// Undoes percent-encoding (RFC 3986 section 2.1); `None` where a percent sign has no two digits behind it.
fn percent_decoded(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut out = pieces.next()?.to_owned();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        // `from_str_radix` would take a sign.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        out.push(char::from(u8::from_str_radix(digits, 16).ok()?));
        out.push_str(rest);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &str = "c3RldmVuLmxhYi9odHRwcy8xMC40OC4zNi4yMTUvODQ0Mw";

    #[test]
    fn the_path_of_an_mra_client_names_the_server() {
        let expected = MraPath {
            domain: "steven.lab".to_owned(),
            protocol: "https".to_owned(),
            address: "10.48.36.215".to_owned(),
            port: 8443,
        };
        for target in [
            format!("/{PART}/cucm-uds/x"),
            format!("/{PART}?a=b"),
            format!("/{PART}==/cucm-uds"),
            format!("/{PART}%3d%3D/cucm-uds"),
            format!("/%63{}", PART.strip_prefix('c').unwrap()),
            format!("http://vcs_control.steven.lab:8443/{PART}/cucm-uds"),
        ] {
            assert_eq!(MraPath::read(&target), Some(expected.clone()), "{target}");
            assert_eq!(MraPath::domain_of(&target).as_deref(), Some("steven.lab"));
        }
        for other in [
            "/",
            "",
            "/tcs/systemunit.xml",
            "/c3RldmVu",
            "/YS9iL2MvNzAwMDA",
            "/c3%",
            "/%+1c3RldmVu",
            "http://host",
        ] {
            assert_eq!(MraPath::read(other), None, "{other}");
        }
    }

    #[test]
    fn a_path_may_name_a_domain_alone() {
        let read = |target| MraPath::domain_of(target);
        assert_eq!(read("/c3RldmVuLmxhYg/get_edge_config?x").as_deref(), Some("steven.lab"));
        assert_eq!(read("/cucm-uds/clusterUser"), None);
        assert_eq!(read("/c3RldmVu/x"), None);
    }
}
