//! RSASSA-PSS: its parameters (RFC 4055 section 3), and the encoding of a signed hash (RFC 8017 section 9.1).
//!
//! Any of the known hashes may sign and any may make the mask, with a salt of any length: CAs of the field use SHA-256 with
//! a mask of SHA-1, or a salt of 222 bytes. The `rsa` crate ties the mask to the hash, so the encoding is checked here.

use serde::{Deserialize, Serialize};

use super::der;
use super::signature::HashAlgorithm;
use crate::bytes::Reader;

const MASK_GENERATION_1: &str = "1.2.840.113549.1.1.8";

/// What an RSASSA-PSS signature is made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PssParameters {
    /// Hashes the message.
    pub hash: HashAlgorithm,
    /// Hashes the mask.
    pub mask_hash: HashAlgorithm,
    /// Bytes of the salt; of a key, the shortest salt it may be used with.
    pub salt: u32,
}

/// What a key under the identifier of RSASSA-PSS may be used with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PssKey {
    /// Any parameters.
    Any,
    /// These, with a salt of this length or longer (RFC 4055 section 3.3).
    Restricted(PssParameters),
    /// The parameters beside the key cannot be read, or name a hash that is not known here.
    Unreadable,
}

impl PssParameters {
    /// The parameters of a DER AlgorithmIdentifier; the error says in words what is wrong with them.
    pub(super) fn of_algorithm(algorithm: &[u8]) -> Result<Self, String> {
        let parameters = parameters(algorithm).ok_or("without readable parameters")?;
        Self::read(parameters)
    }

    /// Reads RSASSA-PSS-params; whatever is left out has its default: SHA-1, a mask of SHA-1, 20 bytes.
    fn read(parameters: &[u8]) -> Result<Self, String> {
        let unreadable = |_| "without readable parameters".to_owned();
        let mut input = Reader::new(parameters);
        let sequence = der::expect(&mut input, der::SEQUENCE, "").map_err(unreadable)?;
        let mut fields = sequence.reader();
        let mut optional = |tag| der::optional(&mut fields, tag, "").map_err(unreadable);
        let (hash, mask, salt, trailer) =
            (optional(0xa0)?, optional(0xa1)?, optional(0xa2)?, optional(0xa3)?);
        if !fields.is_empty() || !input.is_empty() {
            return Err("with something behind its parameters".to_owned());
        }
        let hash = match hash {
            Some(field) => hash_algorithm(field.content)?,
            None => HashAlgorithm::Sha1,
        };
        let mask_hash = match mask {
            Some(field) => {
                let oid = object_identifier(field.content).unwrap_or_default();
                if oid != MASK_GENERATION_1 {
                    return Err(format!("with the mask generation {oid}"));
                }
                let hash =
                    self::parameters(field.content).ok_or("with an unreadable mask generation")?;
                hash_algorithm(hash)?
            }
            None => HashAlgorithm::Sha1,
        };
        let number = |field: Option<der::Element<'_>>, default| match field {
            Some(field) => number(field.content),
            None => Some(default),
        };
        if number(trailer, 1) != Some(1) {
            return Err("with an unknown trailer".to_owned());
        }
        let salt = number(salt, 20).ok_or("with a salt of impossible length")?;
        Ok(Self { hash, mask_hash, salt })
    }

    /// A key with these restrictions may sign with `used`.
    pub fn permit(&self, used: &Self) -> bool {
        (self.hash, self.mask_hash) == (used.hash, used.mask_hash) && self.salt <= used.salt
    }

    /// EMSA-PSS-VERIFY (RFC 8017 section 9.1.2): is `encoded`, of `bits` bits, the encoding of `digest`?
    pub(super) fn fits(&self, encoded: &[u8], bits: usize, digest: &[u8]) -> bool {
        let length = self.hash.length();
        let salt = usize::try_from(self.salt).unwrap_or(usize::MAX);
        // Byte by byte from the end: 0xbc, the hash, the masked block.
        let Some((0xbc, encoded)) = encoded.split_last().map(|(last, rest)| (*last, rest)) else {
            return false;
        };
        let Some((masked, seal)) =
            encoded.len().checked_sub(length).and_then(|at| encoded.split_at_checked(at))
        else {
            return false;
        };
        // The block is zero bytes, a one, the salt.
        let Some(zeros) = salt.checked_add(1).and_then(|tail| masked.len().checked_sub(tail))
        else {
            return false;
        };
        // Bits of the first byte that the modulus has no room for.
        let unused = 8_usize.saturating_sub(bits % 8) % 8;
        let room = u8::MAX.checked_shr(u32::try_from(unused).unwrap_or(0)).unwrap_or(u8::MAX);
        if masked.first().is_some_and(|byte| byte & !room != 0) {
            return false;
        }
        let mut block = masked.to_vec();
        for (byte, mask) in block.iter_mut().zip(self.mask(seal, masked.len())) {
            *byte ^= mask;
        }
        if let Some(first) = block.first_mut() {
            *first &= room;
        }
        let Some((padding, [1, salt @ ..])) = block.split_at_checked(zeros) else { return false };
        padding.iter().all(|byte| *byte == 0) && self.hash.digest(&[&[0; 8], digest, salt]) == seal
    }

    /// MGF1 (RFC 8017 appendix B.2.1). `length` is that of a modulus, so four bytes count all blocks.
    fn mask(&self, seed: &[u8], length: usize) -> impl Iterator<Item = u8> {
        let blocks = length.div_ceil(self.mask_hash.length());
        (0..u32::try_from(blocks).unwrap_or(u32::MAX))
            .flat_map(|counter| self.mask_hash.digest(&[seed, &counter.to_be_bytes()]))
    }
}

impl PssKey {
    /// What stands beside the key of a DER SubjectPublicKeyInfo; `None` for every other kind of key.
    pub(super) fn read(info: &der::Element<'_>) -> Option<Self> {
        let algorithm = der::expect(&mut info.reader(), der::SEQUENCE, "").ok()?;
        if object_identifier(algorithm.raw)? != "1.2.840.113549.1.1.10" {
            return None;
        }
        Some(match parameters(algorithm.raw) {
            None => Self::Any,
            Some(parameters) => {
                PssParameters::read(parameters).map_or(Self::Unreadable, Self::Restricted)
            }
        })
    }
}

/// The parameters of a DER AlgorithmIdentifier, if there are any.
fn parameters(algorithm: &[u8]) -> Option<&[u8]> {
    let algorithm = der::expect(&mut Reader::new(algorithm), der::SEQUENCE, "").ok()?;
    let mut fields = algorithm.reader();
    der::expect(&mut fields, der::OBJECT_IDENTIFIER, "").ok()?;
    Some(fields.rest()).filter(|rest| !rest.is_empty())
}

fn object_identifier(algorithm: &[u8]) -> Option<String> {
    let algorithm = der::expect(&mut Reader::new(algorithm), der::SEQUENCE, "").ok()?;
    let oid = der::expect(&mut algorithm.reader(), der::OBJECT_IDENTIFIER, "").ok()?;
    Some(der::object_identifier(oid.content))
}

fn hash_algorithm(algorithm: &[u8]) -> Result<HashAlgorithm, String> {
    let oid = object_identifier(algorithm).ok_or("with an unreadable hash")?;
    HashAlgorithm::from_object_identifier(&oid).ok_or_else(|| format!("with the hash {oid}"))
}

/// A DER INTEGER that is not negative.
fn number(content: &[u8]) -> Option<u32> {
    let number = der::expect(&mut Reader::new(content), der::INTEGER, "").ok()?;
    if number.content.first().is_none_or(|first| *first >= 0x80) {
        return None;
    }
    let bytes = der::magnitude(number.content);
    (bytes.len() <= 4).then(|| bytes.iter().fold(0, |value, byte| (value << 8) | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
    }

    fn read(fields: &[Vec<u8>]) -> Result<PssParameters, String> {
        PssParameters::read(&element(0x30, &fields.concat()))
    }

    /// RFC 4055 section 3.1: what is left out has its default.
    #[test]
    fn defaults_are_those_of_sha1() {
        let sha1 = HashAlgorithm::Sha1;
        assert_eq!(read(&[]), Ok(PssParameters { hash: sha1, mask_hash: sha1, salt: 20 }));
        let hash = element(0xa0, SHA256);
        let salt = element(0xa2, &[2, 2, 0, 222]);
        let trailer = element(0xa3, &[2, 1, 1]);
        assert_eq!(
            read(&[hash, salt, trailer]),
            Ok(PssParameters { hash: HashAlgorithm::Sha256, mask_hash: sha1, salt: 222 })
        );
    }

    #[test]
    fn other_parameters_are_refused_in_words() {
        let mask = |oid: &[u8], hash: &[u8]| {
            element(0xa1, &element(0x30, &[&element(6, oid), hash].concat()))
        };
        let mgf1 = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";
        for (field, words) in [
            (element(0xa0, b"\x30\x04\x06\x02\x2a\x03"), "with the hash 1.2.3"),
            (element(0xa0, b"\x05\x00"), "with an unreadable hash"),
            (mask(b"\x2a\x03", SHA256), "with the mask generation 1.2.3"),
            (mask(mgf1, b""), "with an unreadable mask generation"),
            (mask(mgf1, b"\x05\x00"), "with an unreadable hash"),
            (element(0xa2, &[2, 1, 0xff]), "with a salt of impossible length"),
            (element(0xa2, &[2, 5, 1, 0, 0, 0, 0]), "with a salt of impossible length"),
            (element(0xa3, &[2, 1, 2]), "with an unknown trailer"),
            (element(0xa4, b""), "with something behind its parameters"),
        ] {
            assert_eq!(read(&[field]), Err(words.to_owned()));
        }
        assert_eq!(PssParameters::read(&[5, 0]), Err("without readable parameters".to_owned()));
    }

    /// No shape of block, hash or salt makes it panic.
    #[test]
    fn hostile_encodings_do_not_fit() {
        for length in [0, 1, 20, 21, 22, 41, 42, 43, 128] {
            for byte in [0, 1, 0xbc, 0xff] {
                for (salt, bits) in [(0, length * 8), (20, length * 8 + 7), (u32::MAX, 0)] {
                    let hash = HashAlgorithm::Sha1;
                    let parameters = PssParameters { hash, mask_hash: HashAlgorithm::Md5, salt };
                    assert!(!parameters.fits(&vec![byte; length], bits, &[0; 20]));
                }
            }
        }
    }
}
