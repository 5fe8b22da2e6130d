//! What no file says: versions, backups, numbers of nodes, given by the user as `KEY=VALUE`.

use std::collections::BTreeMap;

/// A key that the user may give, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Name on the command line and in the page.
    pub name: &'static str,
    /// The values it takes.
    pub values: &'static str,
    /// The domain items that ask for it.
    pub items: &'static [&'static str],
}

/// Every key that a check looks at.
pub const KEYS: &[Key] = &[
    Key { name: "cucm.version", values: "for example 8.6, 11.5, 14, 15", items: &["A2", "A73"] },
    Key { name: "phone.message", values: "verify-failed | none", items: &["A65"] },
    Key {
        name: "tftp-key.backup",
        values: "yes | no: a DRS backup with the old CallManager key exists",
        items: &["A65", "A79"],
    },
    Key {
        name: "tvs.knows-signer",
        values: "yes | no: the signer's certificate stands in the certificate list of the phone's TVS servers",
        items: &["A39", "A63", "A77", "E7"],
    },
    Key { name: "tvs.nodes", values: "number of nodes that run CallManager", items: &["A22"] },
];

/// The answers given, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    values: BTreeMap<&'static str, String>,
}

impl Context {
    /// Sets a value.
    ///
    /// # Errors
    /// The names of all keys, when `key` is none of them.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match KEYS.iter().find(|known| known.name == key) {
            Some(known) => {
                self.values.insert(known.name, value.to_owned());
                Ok(())
            }
            None => {
                let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
                Err(format!("unknown context key `{key}`; known keys: {}", names.join(", ")))
            }
        }
    }

    /// The value of a key.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }
}
