//! Header maps and their form in memory: the number of pairs, the lengths of each name and value (all `u32`, little
//! endian), then each name and value with a zero byte after it.

use super::status::Status;

/// Names (lower case) and values, in the order in which they were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(Vec<u8>, Vec<u8>)>);

/// Pairs of one map. Envoy takes 100 headers of a request.
const PAIRS: usize = 1024;

impl Headers {
    /// From names and values.
    pub fn new(pairs: &[(&str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(name, value)| (lower(name.as_bytes()), value.as_bytes().to_vec()))
                .collect(),
        )
    }

    /// The value of `name`, those of several joined by commas as Envoy joins them; `None` when there is none.
    pub fn value(&self, name: &[u8]) -> Option<Vec<u8>> {
        let name = lower(name);
        let values: Vec<&[u8]> = self
            .0
            .iter()
            .filter(|(own, _)| *own == name)
            .map(|(_, value)| value.as_slice())
            .collect();
        if values.is_empty() { None } else { Some(values.join(&b","[..])) }
    }

    pub(super) fn add(&mut self, name: &[u8], value: &[u8]) {
        self.0.push((lower(name), value.to_vec()));
    }

    pub(super) fn remove(&mut self, name: &[u8]) {
        let name = lower(name);
        self.0.retain(|(own, _)| *own != name);
    }

    pub(super) fn replace(&mut self, name: &[u8], value: &[u8]) {
        let name = lower(name);
        let first = self.0.iter().position(|(own, _)| *own == name);
        self.remove(&name);
        let at = first.unwrap_or(self.0.len()).min(self.0.len());
        self.0.insert(at, (name, value.to_vec()));
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = length(self.0.len()).to_vec();
        for (name, value) in &self.0 {
            bytes.extend(length(name.len()));
            bytes.extend(length(value.len()));
        }
        for (name, value) in &self.0 {
            bytes.extend_from_slice(name);
            bytes.push(0);
            bytes.extend_from_slice(value);
            bytes.push(0);
        }
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Status> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let number = |at: usize| -> Option<usize> {
            let bytes: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
            usize::try_from(u32::from_le_bytes(bytes)).ok()
        };
        let read = || -> Option<Self> {
            let pairs = number(0).filter(|pairs| *pairs <= PAIRS)?;
            let mut at = 4 + pairs * 8;
            let mut part = |length: usize| -> Option<Vec<u8>> {
                let end = at.checked_add(length)?;
                let part = bytes.get(at..end)?.to_vec();
                at = end.checked_add(1)?;
                Some(part)
            };
            let mut headers = Vec::with_capacity(pairs);
            for pair in 0..pairs {
                let name = part(number(4 + pair * 8)?)?;
                headers.push((lower(&name), part(number(8 + pair * 8)?)?));
            }
            Some(Self(headers))
        };
        read().ok_or(Status::ParseFailure)
    }
}

fn lower(name: &[u8]) -> Vec<u8> {
    name.to_ascii_lowercase()
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_go_round_and_every_cut_is_refused() {
        let headers = Headers::new(&[(":method", "GET"), ("X-Empty", ""), ("a", "1"), ("A", "2")]);
        let bytes = headers.encode();
        assert_eq!(bytes[..12], [4, 0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0]);
        assert_eq!(Headers::decode(&bytes), Ok(headers.clone()));
        assert_eq!(headers.value(b"a"), Some(b"1,2".to_vec()));
        assert_eq!(headers.value(b"x-empty"), Some(Vec::new()));
        assert_eq!(headers.value(b"none"), None);
        // The zero byte after the last value is not needed to read it.
        for length in 1..bytes.len() - 1 {
            assert_eq!(
                Headers::decode(&bytes[..length]),
                Err(Status::ParseFailure),
                "cut after {length}"
            );
        }
        assert_eq!(Headers::decode(&[255, 255, 255, 255]), Err(Status::ParseFailure));
        assert_eq!(Headers::decode(&[]), Ok(Headers::default()));
    }

    #[test]
    fn replacing_keeps_the_place() {
        let mut headers = Headers::new(&[("a", "1"), ("b", "2"), ("a", "3")]);
        headers.replace(b"A", b"4");
        assert_eq!(headers, Headers::new(&[("a", "4"), ("b", "2")]));
        headers.replace(b"c", b"5");
        headers.remove(b"b");
        assert_eq!(headers, Headers::new(&[("a", "4"), ("c", "5")]));
    }
}
