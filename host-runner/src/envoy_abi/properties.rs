//! Properties: what the proxy knows about a connection or a request, by path.

use std::collections::BTreeMap;

/// Values by path. The filter asks with the parts of a path joined by zero bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties(BTreeMap<Vec<u8>, Vec<u8>>);

impl Properties {
    /// Without any.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the bytes at `path`; PEM texts and names are their UTF-8 bytes.
    pub fn set(&mut self, path: &[&str], value: &[u8]) {
        self.0.insert(path.join("\0").into_bytes(), value.to_vec());
    }

    /// Sets a number: 8 bytes, little endian.
    pub fn set_number(&mut self, path: &[&str], value: i64) {
        self.set(path, &value.to_le_bytes());
    }

    /// Sets a truth value: 1 byte.
    pub fn set_boolean(&mut self, path: &[&str], value: bool) {
        self.set(path, &[u8::from(value)]);
    }

    /// The bytes at `path`.
    pub fn value(&self, path: &[&str]) -> Option<&[u8]> {
        self.at(path.join("\0").as_bytes())
    }

    pub(super) fn at(&self, joined: &[u8]) -> Option<&[u8]> {
        // Some SDKs end the last part with a zero byte too.
        let joined = joined.strip_suffix(&[0]).unwrap_or(joined);
        self.0.get(joined).map(Vec::as_slice)
    }

    pub(super) fn set_at(&mut self, joined: &[u8], value: &[u8]) {
        self.0.insert(joined.to_vec(), value.to_vec());
    }
}
