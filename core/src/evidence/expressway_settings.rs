//! What the settings and the status of Expressways say, joined by host: version, cipher lists, whether origins are verified
//! (domain items B17, B18, B20, B25 to B28, B32, B52).

use std::collections::BTreeMap;

use crate::evidence::facts::{Facts, TextFacts};
use crate::report::model::Evidence;
use crate::text::Setting;
use crate::text::xconfiguration::{VERIFY_ORIGIN, VERSION, is_server};

/// An Expressway, as its dumps show it.
#[derive(Debug, Default)]
pub struct Node {
    /// Host name; empty where neither the dump nor the name of its file says it.
    pub name: String,
    /// Version of its software: `X14.2.1`.
    pub version: Option<Told<String>>,
    /// Cipher lists of TLS, by the name of the list.
    pub ciphers: BTreeMap<String, Told<String>>,
    /// `EdgeConfigServer VerifyOriginServer`.
    pub verifies_origins: Option<Told<bool>>,
    /// `… TLS verify mode`, by path: on or off.
    pub verify_modes: BTreeMap<String, Told<bool>>,
    /// Names and addresses of CUCM, IM and Presence and Unity that were entered, by path.
    pub servers: BTreeMap<String, Told<String>>,
}

/// What an input says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    /// What.
    pub value: T,
    /// Where.
    pub at: Evidence,
}

/// Which certificate is preferred, by the beginning of a cipher list (B25).
pub const RSA_FIRST: &str = "ECDHE-RSA-AES256-GCM-SHA384";

impl Node {
    fn take(&mut self, input: u32, setting: &Setting) {
        let at = Evidence { input, line: Some(setting.line), ..Evidence::default() };
        let path = setting.path.as_str();
        let told = || Told { value: setting.value.clone(), at: at.clone() };
        let switch = match setting.value.to_ascii_lowercase().as_str() {
            "on" | "true" => Some(true),
            "off" | "false" => Some(false),
            _ => None,
        };
        let switched = switch.map(|value| Told { value, at: at.clone() });
        if path == VERSION {
            self.version.get_or_insert_with(told);
        } else if path == VERIFY_ORIGIN {
            self.verifies_origins = self.verifies_origins.take().or(switched);
        } else if let Some(list) = path.strip_prefix("ciphers ") {
            let list = list.split(' ').next().unwrap_or(list);
            // Lists for SSH hold no certificates.
            if list.contains("tls") {
                self.ciphers.entry(list.to_owned()).or_insert_with(told);
            }
        } else if path.ends_with("mode") && path.contains("verify") {
            if let Some(switched) = switched {
                self.verify_modes.entry(path.to_owned()).or_insert(switched);
            }
        } else if is_server(path) && !setting.value.is_empty() {
            self.servers.entry(path.to_owned()).or_insert_with(told);
        }
    }

    /// Whether RSA comes first in all its lists of TLS; `None` where it has none, or they differ.
    pub fn rsa_first(&self) -> Option<bool> {
        let mut lists = self.ciphers.values().map(|list| is_rsa_first(&list.value));
        let first = lists.next()?;
        lists.all(|other| other == first).then_some(first)
    }
}

/// A cipher list prefers RSA certificates to ECDSA ones (B25).
pub fn is_rsa_first(list: &str) -> bool {
    list.split(':').next().is_some_and(|first| first.trim().eq_ignore_ascii_case(RSA_FIRST))
}

/// Expressways by host. What says no host belongs to the only one there is, when there is only one.
pub fn nodes(texts: &[TextFacts<'_>], name: impl Fn(u32) -> String) -> Vec<Node> {
    let mut by_host: BTreeMap<String, Node> = BTreeMap::new();
    for facts in texts.iter().filter(|facts| !facts.text.settings.is_empty()) {
        let settings = &facts.text.settings;
        let own = settings.iter().find(|one| one.path == "systemunit name");
        let own = own.map(|one| one.value.as_str()).filter(|value| !value.is_empty());
        let file = name(facts.input);
        let host = host_of_file(&file).or(own).unwrap_or_default().to_ascii_lowercase();
        let node = by_host.entry(host.clone()).or_default();
        node.name = host;
        for setting in settings {
            node.take(facts.input, setting);
        }
    }
    if by_host.len() == 2
        && let Some(nameless) = by_host.remove("")
        && let Some(only) = by_host.values_mut().next()
    {
        only.merge(nameless);
    }
    by_host.into_values().collect()
}

impl Node {
    fn merge(&mut self, other: Self) {
        self.version = self.version.take().or(other.version);
        self.verifies_origins = self.verifies_origins.take().or(other.verifies_origins);
        for (list, told) in other.ciphers {
            self.ciphers.entry(list).or_insert(told);
        }
        for (path, told) in other.verify_modes {
            self.verify_modes.entry(path).or_insert(told);
        }
        for (path, told) in other.servers {
            self.servers.entry(path).or_insert(told);
        }
    }
}

/// The host in `xconf_dump_<host>_<time>.txt` and `xstat_dump_<host>_<time>.xml`; the time is digits and underscores or hyphens.
fn host_of_file(name: &str) -> Option<&str> {
    let file = name.rsplit(['/', '\\']).next()?;
    let (_, rest) = file.split_once("xconf_dump_").or_else(|| file.split_once("xstat_dump_"))?;
    let stem = rest.split_once('.').map_or(rest, |(stem, end)| {
        // A host name has dots of its own.
        if matches!(end, "txt" | "xml") { stem } else { rest }
    });
    let stem = stem.strip_suffix(".txt").or(stem.strip_suffix(".xml")).unwrap_or(stem);
    let is_time = |byte: char| byte.is_ascii_digit() || "_-:".contains(byte);
    let host = stem.trim_end_matches(is_time);
    // The time begins at an underscore; digits before it belong to the host.
    let host = match stem.get(host.len()..).and_then(|time| time.find('_')) {
        Some(at) => stem.get(..host.len().saturating_add(at))?,
        None => stem,
    };
    (!host.is_empty()).then_some(host)
}

/// A version such as `X14.2.1` or `14.2`, to be compared; `None` for anything else.
pub fn version(text: &str) -> Option<Vec<u32>> {
    let text = text.trim().trim_start_matches(['X', 'x']);
    let numbers = text.split([' ', '-']).next()?;
    numbers.split('.').map(|part| part.parse().ok()).collect()
}

impl Facts<'_> {
    /// Versions of Expressways: what their dumps say, with the place; else what the user says.
    pub fn expressway_versions(&self) -> Vec<(String, Vec<u32>, Option<Evidence>)> {
        let told: Vec<_> = self
            .expressways
            .iter()
            .filter_map(|node| {
                let told = node.version.as_ref()?;
                Some((told.value.clone(), version(&told.value)?, Some(told.at.clone())))
            })
            .collect();
        if !told.is_empty() {
            return told;
        }
        let given = self.context.value("expressway.version");
        let given = given.and_then(|text| Some((text.to_owned(), version(text)?, None)));
        given.into_iter().collect()
    }

    /// Whether RSA comes first on every Expressway: what their dumps say, else what the user says; `None` when neither does, or
    /// they differ.
    pub fn expressway_rsa_first(&self) -> Option<bool> {
        let mut told =
            self.expressways.iter().filter(|node| !node.ciphers.is_empty()).map(Node::rsa_first);
        match told.next() {
            Some(first) => first.filter(|_| told.all(|other| other == first)),
            None => match self.context.value("expressway.ciphers")? {
                "rsa-first" => Some(true),
                "ecdsa-first" => Some(false),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_dump_holds_the_host() {
        for (file, host) in [
            ("xconf_dump_vcsc_2022-07-11_16_55_44.txt", Some("vcsc")),
            (
                "dir/xstat_dump_expc01.example.com_2022-07-11_16_55_44.xml",
                Some("expc01.example.com"),
            ),
            ("xconf_dump_expc01_2022.txt", Some("expc01")),
            ("xconf_dump_.txt", None),
            ("settings.txt", None),
        ] {
            assert_eq!(host_of_file(file), host, "{file}");
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("X14.2.1"), Some(vec![14, 2, 1]));
        assert_eq!(version("14.2"), Some(vec![14, 2]));
        assert!(version("X8.11.4") < version("X14.0"));
        assert!(version("X14.0.11") < version("X14.2"));
        assert_eq!(version("new"), None);
    }

    #[test]
    fn the_first_cipher_decides() {
        assert!(is_rsa_first("ECDHE-RSA-AES256-GCM-SHA384:EECDH:EDH"));
        assert!(!is_rsa_first("EECDH:EDH:ECDHE-RSA-AES256-GCM-SHA384"));
        assert!(!is_rsa_first("ECDHE-RSA-AES256-GCM-SHA384+X:y"));
    }
}
