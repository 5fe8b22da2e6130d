//! What no file says: versions, backups, numbers of nodes, given by the user as `KEY=VALUE`; and the addresses that
//! clients use.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use crate::limits;

/// A key that the user may give, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Name on the command line and in the page.
    pub name: &'static str,
    /// The values it takes, in words.
    pub values: &'static str,
    /// Which values are taken.
    pub takes: Takes,
    /// The domain items that ask for it.
    pub items: &'static [&'static str],
}

/// Which values a key takes. Anything else is refused: a check that does not understand an answer would look as if it had none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A whole number.
    Number,
    /// One of these words; upper and lower case are the same.
    OneOf(&'static [&'static str]),
    /// A version as the product prints it, or several: text with a digit in it.
    Version,
}

/// Answers to a question.
const YES_NO: Takes = Takes::OneOf(&["yes", "no"]);

/// Every key that a check looks at.
pub const KEYS: &[Key] = &[
    Key {
        name: "callmanager-group.size",
        values: "number of servers in the smallest CallManager group of a phone",
        takes: Takes::Number,
        items: &["A46", "A90"],
    },
    Key {
        name: "cluster.mode",
        values: "mixed | non-secure",
        takes: Takes::OneOf(&["mixed", "non-secure"]),
        items: &["A88", "A91", "E4"],
    },
    Key {
        name: "clusters.versions",
        values: "CUCM versions of all clusters behind a central TFTP server, for example 7.1, 11.5",
        takes: Takes::Version,
        items: &["A93", "A95"],
    },
    Key {
        name: "cucm.version",
        values: "for example 8.6, 11.5, 14, 15",
        takes: Takes::Version,
        items: &["A2", "A73"],
    },
    Key {
        name: "destination-tvs.knows-signer",
        values: "yes | no: the old cluster's signer stands in the certificate list of the new cluster",
        takes: YES_NO,
        items: &["E16", "E46"],
    },
    Key {
        name: "destination.version",
        values: "CUCM version of the cluster that phones move to, for example 10.5.2.13900-12",
        takes: Takes::Version,
        items: &["E17"],
    },
    Key {
        name: "endpoint.version",
        values: "software of the video endpoints, for example TC7.3.6, CE8.1.0",
        takes: Takes::Version,
        items: &["D1"],
    },
    Key {
        name: "expressway.ciphers",
        values: "rsa-first | ecdsa-first: rsa-first when the cipher list begins with ECDHE-RSA-AES256-GCM-SHA384",
        takes: Takes::OneOf(&["rsa-first", "ecdsa-first"]),
        items: &["B25", "B26", "B27", "B28", "B29"],
    },
    Key {
        name: "expressway.version",
        values: "for example X14.0.7, X14.2",
        takes: Takes::Version,
        items: &["B17", "B21"],
    },
    Key {
        name: "nodes.at-once",
        values: "yes | no: all nodes are renamed or restarted together",
        takes: YES_NO,
        items: &["A89"],
    },
    Key {
        name: "phone.message",
        values: "verify-failed | none",
        takes: Takes::OneOf(&["verify-failed", "none"]),
        items: &["A65"],
    },
    Key {
        name: "plan",
        values: "central-tftp | migrate | rename | renew-callmanager | renew-tvs: what becomes of phones then",
        takes: Takes::OneOf(&[
            "central-tftp",
            "migrate",
            "rename",
            "renew-callmanager",
            "renew-tvs",
        ]),
        items: &["A71", "A84", "A93", "E45"],
    },
    Key {
        name: "rollback",
        values: "yes | no: the parameter Prepare Cluster for Rollback to pre 8.0",
        takes: YES_NO,
        items: &["A85", "A95", "E3"],
    },
    Key {
        name: "sql.version",
        values: "of TMS, for example 2008 R2, 2012",
        takes: Takes::Version,
        items: &["D14", "D16"],
    },
    Key {
        name: "tftp-key.backup",
        values: "yes | no: a DRS backup with the old CallManager key exists",
        takes: YES_NO,
        items: &["A65", "A79"],
    },
    Key {
        name: "tms.security",
        values: "medium | medium-high: TMS Tools > Security Settings > Advanced Security Settings",
        takes: Takes::OneOf(&["medium", "medium-high"]),
        items: &["D3", "D11", "D13"],
    },
    Key {
        name: "tms.version",
        values: "for example 14.6.2, 15.2.1",
        takes: Takes::Version,
        items: &["D26", "D27"],
    },
    Key {
        name: "tvs.knows-signer",
        values: "yes | no: the signer's certificate stands in the certificate list of the phone's TVS servers",
        takes: YES_NO,
        items: &["A39", "A63", "A77", "E7"],
    },
    Key {
        name: "tvs.nodes",
        values: "number of nodes that run CallManager",
        takes: Takes::Number,
        items: &["A22", "A85", "A89"],
    },
];

impl Takes {
    /// The value as checks compare it; `None` when it is none.
    fn read(self, value: &str) -> Option<String> {
        match self {
            Self::Number => value.parse::<usize>().ok().map(|number| number.to_string()),
            Self::OneOf(words) => {
                let known = words.iter().find(|word| word.eq_ignore_ascii_case(value));
                known.map(|word| (*word).to_owned())
            }
            Self::Version => {
                value.bytes().any(|byte| byte.is_ascii_digit()).then(|| value.to_owned())
            }
        }
    }
}

/// The answers given, by key, and the addresses that clients use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    values: BTreeMap<&'static str, String>,
    expected: Vec<Expected>,
}

/// An address that clients use: what CUCM advertises, what a user types (B10, B54).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Host name or IP address, without brackets and port.
    pub address: String,
    /// Port, where one was given.
    pub port: Option<u16>,
    /// Number of the input (in the session, then in the report) that holds the certificate presented there, where one was named.
    pub input: Option<u32>,
}

impl Expected {
    /// Reads `NAME`, `NAME:PORT`, an IPv6 address, or `[IPv6]:PORT`.
    ///
    /// # Errors
    /// What is wrong with it, in words for the user.
    pub fn parse(text: &str, input: Option<u32>) -> Result<Self, String> {
        let bad = |what: &str| Err(format!("`{text}` is no address: {what}"));
        let (address, port) = if text.parse::<Ipv6Addr>().is_ok() {
            (text, None)
        } else if let Some(rest) = text.strip_prefix('[') {
            match rest.split_once(']') {
                Some((address, "")) => (address, None),
                Some((address, port)) => (address, Some(port.strip_prefix(':').unwrap_or(port))),
                None => return bad("the bracket is not closed"),
            }
        } else {
            match text.split_once(':') {
                Some((address, port)) => (address, Some(port)),
                None => (text, None),
            }
        };
        let port = match port.map(str::parse::<u16>) {
            None => None,
            Some(Ok(port)) if port > 0 => Some(port),
            Some(_) => return bad("the port is no number from 1 to 65535"),
        };
        // RFC 1035 2.3.4: 255 octets on the wire, which is 253 characters.
        if address.is_empty() || address.len() > 253 {
            return bad("a name has 1 to 253 characters");
        }
        if address.chars().any(|character| {
            character.is_whitespace() || character.is_control() || character == '/'
        }) {
            return bad("give a name or an IP address, not a URL");
        }
        Ok(Self { address: address.to_owned(), port, input })
    }
}

impl Context {
    /// Sets a value.
    ///
    /// # Errors
    /// The names of all keys, when `key` is none of them; what the key takes, when `value` is not that.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let Some(known) = KEYS.iter().find(|known| known.name == key) else {
            let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
            return Err(format!("unknown context key `{key}`; known keys: {}", names.join(", ")));
        };
        let value = known.takes.read(value.trim()).ok_or_else(|| {
            let allowed = match known.takes {
                Takes::OneOf(words) => format!("it takes {}", words.join(", ")),
                Takes::Number | Takes::Version => format!("it takes: {}", known.values),
            };
            format!("`{value}` is no value of `{key}`; {allowed}")
        })?;
        self.values.insert(known.name, value);
        Ok(())
    }

    /// The value of a key.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// Adds an address that clients use.
    ///
    /// # Errors
    /// When there are [`limits::EXPECTED_ADDRESSES`] already.
    pub fn expect(&mut self, expected: Expected) -> Result<(), String> {
        if self.expected.len() >= limits::EXPECTED_ADDRESSES {
            return Err(format!("more than {} addresses", limits::EXPECTED_ADDRESSES));
        }
        if !self.expected.contains(&expected) {
            self.expected.push(expected);
        }
        Ok(())
    }

    /// The same, with the inputs of expected addresses renumbered.
    #[must_use]
    pub fn with_inputs(&self, number: impl Fn(u32) -> Option<u32>) -> Self {
        let mut context = self.clone();
        for expected in &mut context.expected {
            expected.input = expected.input.and_then(&number);
        }
        context
    }

    /// The addresses that clients use, in the order in which they were given.
    pub fn expected(&self) -> &[Expected] {
        &self.expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_names_or_numbers_with_or_without_a_port() {
        let read = |text: &str| {
            Expected::parse(text, None).map(|expected| (expected.address, expected.port))
        };
        assert_eq!(read("cucm.steven.lab"), Ok(("cucm.steven.lab".to_owned(), None)));
        assert_eq!(read("10.48.36.215:8443"), Ok(("10.48.36.215".to_owned(), Some(8443))));
        assert_eq!(read("2001:db8::1"), Ok(("2001:db8::1".to_owned(), None)));
        assert_eq!(read("[2001:db8::1]:6972"), Ok(("2001:db8::1".to_owned(), Some(6972))));
        for bad in ["", ":8443", "cucm:0", "cucm:x", "https://cucm/", "a b", "[::1"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn values_that_no_check_understands_are_refused() {
        let mut context = Context::default();
        let plans = "central-tftp, migrate, rename, renew-callmanager, renew-tvs";
        assert_eq!(
            context.set("plan", "xyz"),
            Err(format!("`xyz` is no value of `plan`; it takes {plans}"))
        );
        assert_eq!(
            context.set("tvs.nodes", "two"),
            Err("`two` is no value of `tvs.nodes`; it takes: number of nodes that run CallManager"
                .to_owned())
        );
        assert!(context.set("cucm.version", "newest").is_err());
        assert!(context.set("rollback", "").is_err());
        assert_eq!(context, Context::default());
        for (key, given, kept) in [
            ("plan", " Migrate ", "migrate"),
            ("tvs.nodes", "02", "2"),
            ("tms.security", "Medium-High", "medium-high"),
            ("clusters.versions", "7.1, 11.5", "7.1, 11.5"),
            ("sql.version", "2008 R2", "2008 R2"),
        ] {
            assert_eq!(context.set(key, given), Ok(()));
            assert_eq!(context.value(key), Some(kept));
        }
    }

    #[test]
    fn words_that_are_taken_are_the_words_that_are_shown() {
        for key in KEYS {
            if let Takes::OneOf(words) = key.takes {
                assert!(key.values.starts_with(&words.join(" | ")), "{}", key.name);
            }
        }
    }
}
