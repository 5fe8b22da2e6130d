//! Password-based encryption and authentication: PKCS#5 (RFC 8018) and PKCS#12 (RFC 7292 appendix B).
//!
//! The ciphers, HMAC and PBKDF2 are RustCrypto's. What joins them is written here: the crates that do are strict
//! where real files are not, or know neither PKCS#12's derivation nor the ciphers of old files.

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::{
    Block, BlockCipherDecrypt, BlockModeDecrypt, BlockSizeUser, InnerIvInit, KeyInit,
};
use des::{Des, TdesEde2, TdesEde3};
use hmac::{Hmac, Mac as _};
use md5::Md5;
use rc2::Rc2;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::der::{self, Element};
use super::password::{Keyring, Spelling};
use super::{ber, signature::HashAlgorithm};
use crate::bytes::Reader;
use crate::error::ParseError;
use crate::limits;

/// Why something under a password was not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The parameters cannot be read.
    Malformed(ParseError),
    /// The password is another one, or the content was changed.
    Mismatch,
    /// It cannot be opened here, in words.
    Unsupported(String),
}

impl From<ParseError> for Refused {
    fn from(error: ParseError) -> Self {
        Self::Malformed(error)
    }
}

fn unsupported(what: impl Into<String>) -> Refused {
    Refused::Unsupported(what.into())
}

/// How something is encrypted with a password.
#[derive(Clone, Debug)]
pub(super) struct Scheme {
    /// The algorithm in words, as OpenSSL names it.
    pub(super) name: String,
    /// OpenSSL 3 opens it only with its provider for old algorithms.
    pub(super) legacy: bool,
    derivation: Derivation,
    cipher: Cipher,
    /// Initialisation vector; empty where it is derived.
    iv: Vec<u8>,
    salt: Vec<u8>,
    rounds: u32,
}

#[derive(Clone, Copy, Debug)]
enum Derivation {
    /// PBKDF1 (RFC 8018 section 5.1).
    Pbkdf1(HashAlgorithm),
    /// PBKDF2 (RFC 8018 section 5.2).
    Pbkdf2(Prf),
    /// RFC 7292 appendix B.2, with SHA-1.
    Pkcs12,
}

/// HMAC with this hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prf {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Prf {
    fn of(oid: &str) -> Result<Self, Refused> {
        Ok(match oid {
            "1.2.840.113549.2.7" => Self::Sha1,
            "1.2.840.113549.2.8" => Self::Sha224,
            "1.2.840.113549.2.9" => Self::Sha256,
            "1.2.840.113549.2.10" => Self::Sha384,
            "1.2.840.113549.2.11" => Self::Sha512,
            other => return Err(unsupported(format!("the pseudo-random function {other}"))),
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "hmacWithSHA1",
            Self::Sha224 => "hmacWithSHA224",
            Self::Sha256 => "hmacWithSHA256",
            Self::Sha384 => "hmacWithSHA384",
            Self::Sha512 => "hmacWithSHA512",
        }
    }

    /// Bytes of its result.
    fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// `length` bytes of PBKDF2.
    fn derive(self, password: &[u8], salt: &[u8], rounds: u32, length: usize) -> Vec<u8> {
        let mut key = vec![0; length];
        match self {
            Self::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, rounds, &mut key),
            Self::Sha224 => pbkdf2::pbkdf2_hmac::<Sha224>(password, salt, rounds, &mut key),
            Self::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, &mut key),
            Self::Sha384 => pbkdf2::pbkdf2_hmac::<Sha384>(password, salt, rounds, &mut key),
            Self::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, rounds, &mut key),
        }
        key
    }

    /// The HMAC of `message` is `expected`, all of it.
    fn verifies(self, key: &[u8], message: &[u8], expected: &[u8]) -> bool {
        macro_rules! verify {
            ($hash:ty) => {
                <Hmac<$hash> as hmac::KeyInit>::new_from_slice(key)
                    .is_ok_and(|mac| mac.chain_update(message).verify_slice(expected).is_ok())
            };
        }
        match self {
            Self::Sha1 => verify!(Sha1),
            Self::Sha224 => verify!(Sha224),
            Self::Sha256 => verify!(Sha256),
            Self::Sha384 => verify!(Sha384),
            Self::Sha512 => verify!(Sha512),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    Des,
    /// RC2 with as many effective bits as its key of so many bytes has.
    Rc2(usize),
    TripleDes,
    TripleDesTwoKeys,
}

impl Cipher {
    /// Bytes of the key.
    fn key(self) -> usize {
        match self {
            Self::Aes128 | Self::TripleDesTwoKeys => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
            Self::Des => 8,
            Self::Rc2(bytes) => bytes,
        }
    }

    /// Bytes of a block.
    fn block(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::Des | Self::Rc2(_) | Self::TripleDes | Self::TripleDesTwoKeys => 8,
        }
    }

    /// Decrypts CBC and takes the padding off (RFC 8018 section 6.1.1).
    fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Result<Vec<u8>, Refused> {
        if data.is_empty() || !data.len().is_multiple_of(self.block()) {
            return Err(Refused::Mismatch);
        }
        let mut plain = match self {
            Self::Aes128 => blocks::<Aes128>(key, iv, data),
            Self::Aes192 => blocks::<Aes192>(key, iv, data),
            Self::Aes256 => blocks::<Aes256>(key, iv, data),
            Self::Des => blocks::<Des>(key, iv, data),
            Self::Rc2(_) => blocks::<Rc2>(key, iv, data),
            Self::TripleDes => blocks::<TdesEde3>(key, iv, data),
            Self::TripleDesTwoKeys => blocks::<TdesEde2>(key, iv, data),
        }
        .ok_or_else(|| unsupported("a key or an initialisation vector of another length"))?;
        let padding = usize::from(plain.last().copied().unwrap_or_default());
        let kept = plain.len().checked_sub(padding).ok_or(Refused::Mismatch)?;
        let is_padding = (1..=self.block()).contains(&padding)
            && plain.iter().skip(kept).all(|byte| usize::from(*byte) == padding);
        if !is_padding {
            return Err(Refused::Mismatch);
        }
        plain.truncate(kept);
        Ok(plain)
    }
}

/// CBC over whole blocks; `None` when the key or the vector does not fit the cipher.
fn blocks<C: BlockCipherDecrypt + KeyInit + BlockSizeUser>(
    key: &[u8],
    iv: &[u8],
    data: &[u8],
) -> Option<Vec<u8>> {
    let cipher = C::new_from_slice(key).ok()?;
    let mut decryptor = Decryptor::<C>::inner_iv_slice_init(cipher, iv).ok()?;
    let mut plain = data.to_vec();
    let (blocks, _) = Block::<Decryptor<C>>::slice_as_chunks_mut(&mut plain);
    decryptor.decrypt_blocks(blocks);
    Some(plain)
}

/// Cipher and name of a scheme of PKCS#5 version 1 or PKCS#12, by its identifier.
fn old_scheme(oid: &str) -> Option<(&'static str, Derivation, Cipher)> {
    use Derivation::{Pbkdf1, Pkcs12};
    use HashAlgorithm::{Md5, Sha1};
    Some(match oid {
        "1.2.840.113549.1.5.3" => ("pbeWithMD5AndDES-CBC", Pbkdf1(Md5), Cipher::Des),
        "1.2.840.113549.1.5.6" => ("pbeWithMD5AndRC2-CBC", Pbkdf1(Md5), Cipher::Rc2(8)),
        "1.2.840.113549.1.5.10" => ("pbeWithSHA1AndDES-CBC", Pbkdf1(Sha1), Cipher::Des),
        "1.2.840.113549.1.5.11" => ("pbeWithSHA1AndRC2-CBC", Pbkdf1(Sha1), Cipher::Rc2(8)),
        "1.2.840.113549.1.12.1.3" => {
            ("pbeWithSHA1And3-KeyTripleDES-CBC", Pkcs12, Cipher::TripleDes)
        }
        "1.2.840.113549.1.12.1.4" => {
            ("pbeWithSHA1And2-KeyTripleDES-CBC", Pkcs12, Cipher::TripleDesTwoKeys)
        }
        "1.2.840.113549.1.12.1.5" => ("pbeWithSHA1And128BitRC2-CBC", Pkcs12, Cipher::Rc2(16)),
        "1.2.840.113549.1.12.1.6" => ("pbeWithSHA1And40BitRC2-CBC", Pkcs12, Cipher::Rc2(5)),
        _ => return None,
    })
}

impl Scheme {
    /// Reads an AlgorithmIdentifier.
    pub(super) fn read(algorithm: &Element<'_>) -> Result<Self, Refused> {
        let (oid, mut parameters) = identifier(algorithm, "encryptionAlgorithm")?;
        if oid == "1.2.840.113549.1.5.13" {
            return Self::read_pbes2(&mut parameters);
        }
        if let Some((name, derivation, cipher)) = old_scheme(&oid) {
            let mut parts = ber::expect(&mut parameters, der::SEQUENCE, "PBEParameter")?.reader();
            let salt = salt(&mut parts)?;
            let rounds = number(&mut parts, "iterationCount")?;
            let legacy = !matches!(cipher, Cipher::TripleDes | Cipher::TripleDesTwoKeys);
            let name = name.to_owned();
            return Ok(Self { name, legacy, derivation, cipher, iv: Vec::new(), salt, rounds });
        }
        let name = match oid.as_str() {
            "1.2.840.113549.1.12.1.1" => "pbeWithSHA1And128BitRC4",
            "1.2.840.113549.1.12.1.2" => "pbeWithSHA1And40BitRC4",
            other => other,
        };
        Err(unsupported(format!("the encryption {name}")))
    }

    /// PBES2-params (RFC 8018 appendix A.4).
    fn read_pbes2(parameters: &mut Reader<'_>) -> Result<Self, Refused> {
        let mut parts = ber::expect(parameters, der::SEQUENCE, "PBES2-params")?.reader();
        let derivation = ber::expect(&mut parts, der::SEQUENCE, "keyDerivationFunc")?;
        let encryption = ber::expect(&mut parts, der::SEQUENCE, "encryptionScheme")?;
        let Pbkdf2 { salt, rounds, length, prf } = Pbkdf2::read(&derivation)?;
        let (oid, mut parameters) = identifier(&encryption, "encryptionScheme")?;
        let (cipher, name) = match oid.as_str() {
            "2.16.840.1.101.3.4.1.2" => (Cipher::Aes128, "AES-128-CBC"),
            "2.16.840.1.101.3.4.1.22" => (Cipher::Aes192, "AES-192-CBC"),
            "2.16.840.1.101.3.4.1.42" => (Cipher::Aes256, "AES-256-CBC"),
            "1.2.840.113549.3.7" => (Cipher::TripleDes, "DES-EDE3-CBC"),
            "1.3.14.3.2.7" => (Cipher::Des, "DES-CBC"),
            other => return Err(unsupported(format!("the encryption {other}"))),
        };
        if length.is_some_and(|length| length as usize != cipher.key()) {
            return Err(unsupported(format!("{name} with a key of another length")));
        }
        let iv = ber::octets(&mut parameters, der::OCTET_STRING, "initialisation vector")?;
        Ok(Self {
            name: format!("PBES2, PBKDF2 with {}, {name}", prf.name()),
            legacy: cipher == Cipher::Des,
            derivation: Derivation::Pbkdf2(prf),
            cipher,
            iv: iv.into_owned(),
            salt,
            rounds,
        })
    }

    /// Decrypts `data` with a password in one spelling.
    pub(super) fn decrypt(
        &self,
        spelling: &Spelling,
        data: &[u8],
        keyring: &mut Keyring,
    ) -> Result<Vec<u8>, Refused> {
        let (length, block) = (self.cipher.key(), self.cipher.block());
        let (salt, rounds) = (&self.salt, self.rounds);
        match self.derivation {
            Derivation::Pbkdf2(prf) => {
                spend(keyring, rounds, length.div_ceil(prf.length()))?;
                let key = prf.derive(&spelling.bytes, salt, rounds, length);
                self.cipher.decrypt(&key, &self.iv, data)
            }
            Derivation::Pbkdf1(hash) => {
                spend(keyring, rounds, 1)?;
                let mut digest = hash.digest(&[&spelling.bytes, salt]);
                for _ in 1..rounds {
                    digest = hash.digest(&[&digest]);
                }
                let (key, iv) = digest.split_at_checked(length).ok_or(Refused::Mismatch)?;
                self.cipher.decrypt(key, iv.get(..block).unwrap_or(iv), data)
            }
            Derivation::Pkcs12 => {
                spend(keyring, rounds, length.div_ceil(20) + 1)?;
                let hash = HashAlgorithm::Sha1;
                let key = pkcs12(hash, Purpose::Key, &spelling.wide, salt, rounds, length);
                let iv = pkcs12(hash, Purpose::Vector, &spelling.wide, salt, rounds, block);
                self.cipher.decrypt(&key, &iv, data)
            }
        }
    }
}

/// PBKDF2-params (RFC 8018 appendix A.2).
struct Pbkdf2 {
    salt: Vec<u8>,
    rounds: u32,
    length: Option<u32>,
    prf: Prf,
}

impl Pbkdf2 {
    fn read(algorithm: &Element<'_>) -> Result<Self, Refused> {
        let (oid, mut parameters) = identifier(algorithm, "keyDerivationFunc")?;
        match oid.as_str() {
            "1.2.840.113549.1.5.12" => {}
            "1.3.6.1.4.1.11591.4.11" => return Err(unsupported("key derivation with scrypt")),
            other => return Err(unsupported(format!("the key derivation {other}"))),
        }
        let mut parts = ber::expect(&mut parameters, der::SEQUENCE, "PBKDF2-params")?.reader();
        let salt = salt(&mut parts)?;
        let rounds = number(&mut parts, "iterationCount")?;
        let length = match parts.peek() {
            Some(der::INTEGER) => Some(number(&mut parts, "keyLength")?),
            _ => None,
        };
        let prf = match ber::optional(&mut parts, der::SEQUENCE, "prf")? {
            Some(algorithm) => Prf::of(&identifier(&algorithm, "prf")?.0)?,
            None => Prf::Sha1,
        };
        Ok(Self { salt, rounds, length, prf })
    }
}

/// What makes sure that a PKCS#12 container was not changed (RFC 7292 section 4, RFC 9579).
#[derive(Clone, Debug)]
pub(super) struct Mac {
    /// The algorithm in words.
    pub(super) name: String,
    key: MacKey,
    salt: Vec<u8>,
    rounds: u32,
    expected: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum MacKey {
    /// Derived with the same hash.
    Pkcs12(HashAlgorithm, Prf),
    /// PBMAC1: the hash of PBKDF2, the length of the key in bytes, the hash of the HMAC.
    Pbmac1(Prf, usize, Prf),
}

impl Mac {
    /// Reads MacData.
    pub(super) fn read(data: &Element<'_>) -> Result<Self, Refused> {
        let mut parts = data.reader();
        let mut info = ber::expect(&mut parts, der::SEQUENCE, "DigestInfo")?.reader();
        let algorithm = ber::expect(&mut info, der::SEQUENCE, "digestAlgorithm")?;
        let expected = ber::octets(&mut info, der::OCTET_STRING, "digest")?.into_owned();
        let (oid, mut parameters) = identifier(&algorithm, "digestAlgorithm")?;
        if oid == "1.2.840.113549.1.5.14" {
            let mut both = ber::expect(&mut parameters, der::SEQUENCE, "PBMAC1-params")?.reader();
            let derivation = ber::expect(&mut both, der::SEQUENCE, "keyDerivationFunc")?;
            let scheme = ber::expect(&mut both, der::SEQUENCE, "messageAuthScheme")?;
            let Pbkdf2 { salt, rounds, length, prf } = Pbkdf2::read(&derivation)?;
            let hmac = Prf::of(&identifier(&scheme, "messageAuthScheme")?.0)?;
            // RFC 9579 section 5: the length must be there, and short keys are refused.
            let length = length.map_or(0, |length| length as usize);
            if !(20..=limits::PASSWORD_BYTES).contains(&length) {
                return Err(unsupported(format!("PBMAC1 with a key of {length} bytes")));
            }
            let name = format!("PBMAC1, PBKDF2 with {}, {}", prf.name(), hmac.name());
            return Ok(Self {
                name,
                key: MacKey::Pbmac1(prf, length, hmac),
                salt,
                rounds,
                expected,
            });
        }
        let (hash, prf) = match HashAlgorithm::from_object_identifier(&oid) {
            Some(HashAlgorithm::Sha1) => (HashAlgorithm::Sha1, Prf::Sha1),
            Some(HashAlgorithm::Sha256) => (HashAlgorithm::Sha256, Prf::Sha256),
            Some(HashAlgorithm::Sha384) => (HashAlgorithm::Sha384, Prf::Sha384),
            Some(HashAlgorithm::Sha512) => (HashAlgorithm::Sha512, Prf::Sha512),
            _ => return Err(unsupported(format!("a MAC with the hash {oid}"))),
        };
        let salt = salt(&mut parts)?;
        let rounds = if parts.is_empty() { 1 } else { number(&mut parts, "iterations")? };
        let name = format!("HMAC with {hash}");
        Ok(Self { name, key: MacKey::Pkcs12(hash, prf), salt, rounds, expected })
    }

    /// Checks `content` with a password in one spelling.
    pub(super) fn verify(
        &self,
        spelling: &Spelling,
        content: &[u8],
        keyring: &mut Keyring,
    ) -> Result<(), Refused> {
        let (salt, rounds) = (&self.salt, self.rounds);
        let verifies = match self.key {
            MacKey::Pkcs12(hash, prf) => {
                spend(keyring, rounds, 1)?;
                let length = hash.length();
                let key = pkcs12(hash, Purpose::Mac, &spelling.wide, salt, rounds, length);
                prf.verifies(&key, content, &self.expected)
            }
            MacKey::Pbmac1(prf, length, hmac) => {
                spend(keyring, rounds, length.div_ceil(prf.length()))?;
                let key = prf.derive(&spelling.bytes, salt, rounds, length);
                hmac.verifies(&key, content, &self.expected)
            }
        };
        if verifies { Ok(()) } else { Err(Refused::Mismatch) }
    }
}

/// Decrypts a private key of OpenSSL's own form of PEM: the key is derived with MD5 in one round, and the
/// first eight bytes of the vector are the salt. `cipher` is the name in the `DEK-Info` line.
pub(super) fn decrypt_pem(
    cipher: &str,
    iv: &[u8],
    spelling: &Spelling,
    data: &[u8],
) -> Result<Vec<u8>, Refused> {
    let cipher = match cipher {
        "AES-128-CBC" => Cipher::Aes128,
        "AES-192-CBC" => Cipher::Aes192,
        "AES-256-CBC" => Cipher::Aes256,
        "DES-CBC" => Cipher::Des,
        "DES-EDE3-CBC" => Cipher::TripleDes,
        other => return Err(unsupported(format!("the encryption {other}"))),
    };
    let salt = iv.get(..8).ok_or_else(|| unsupported("an initialisation vector below 8 bytes"))?;
    let mut key = Vec::new();
    let mut digest = Vec::new();
    while key.len() < cipher.key() {
        digest = HashAlgorithm::Md5.digest(&[&digest, &spelling.bytes, salt]);
        key.extend_from_slice(&digest);
    }
    key.truncate(cipher.key());
    cipher.decrypt(&key, iv, data)
}

/// What bytes are derived for (RFC 7292 appendix B.3).
#[derive(Clone, Copy)]
enum Purpose {
    Key = 1,
    Vector = 2,
    Mac = 3,
}

/// `length` bytes derived as in RFC 7292 appendix B.2.
fn pkcs12(
    hash: HashAlgorithm,
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    length: usize,
) -> Vec<u8> {
    let derive = match hash {
        HashAlgorithm::Md5 => derive::<Md5>,
        HashAlgorithm::Sha1 => derive::<Sha1>,
        HashAlgorithm::Sha224 => derive::<Sha224>,
        HashAlgorithm::Sha256 => derive::<Sha256>,
        HashAlgorithm::Sha384 => derive::<Sha384>,
        HashAlgorithm::Sha512 => derive::<Sha512>,
    };
    // The block of the hash function.
    let block = if hash.length() > 32 { 128 } else { 64 };
    derive(block, purpose, password, salt, rounds, length)
}

fn derive<D: Digest>(
    block: usize,
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    length: usize,
) -> Vec<u8> {
    let repeated = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(block).saturating_mul(block);
        bytes.iter().copied().cycle().take(length).collect()
    };
    let diversifier = vec![purpose as u8; block];
    let mut input = repeated(salt);
    input.extend(repeated(password));
    let mut derived = Vec::new();
    while derived.len() < length {
        let mut hasher = D::new();
        hasher.update(&diversifier);
        hasher.update(&input);
        let mut digest = hasher.finalize();
        for _ in 1..rounds {
            digest = D::digest(&digest);
        }
        derived.extend_from_slice(&digest);
        // Each block of the input, as a big-endian number, grows by the digest and one.
        let addend: Vec<u8> = digest.iter().copied().cycle().take(block).collect();
        for number in input.chunks_mut(block) {
            let mut carry = 1_u16;
            for (byte, addend) in number.iter_mut().zip(&addend).rev() {
                let [high, low] = (u16::from(*byte) + u16::from(*addend) + carry).to_be_bytes();
                *byte = low;
                carry = u16::from(high);
            }
        }
    }
    derived.truncate(length);
    derived
}

/// Takes `rounds` for each of `outputs` from what may be spent.
fn spend(keyring: &mut Keyring, rounds: u32, outputs: usize) -> Result<(), Refused> {
    let cost = u64::from(rounds).saturating_mul(outputs as u64);
    if keyring.spend(cost) {
        return Ok(());
    }
    let limit = limits::PASSWORD_ROUNDS;
    Err(unsupported(format!(
        "{rounds} rounds of key derivation, beyond the limit of {limit} for one input"
    )))
}

/// The identifier of an AlgorithmIdentifier, dotted, and its parameters.
fn identifier<'a>(
    algorithm: &Element<'a>,
    field: &str,
) -> Result<(String, Reader<'a>), ParseError> {
    let mut parts = algorithm.reader();
    let oid = ber::expect(&mut parts, der::OBJECT_IDENTIFIER, field)?;
    Ok((der::object_identifier(oid.content), parts))
}

fn salt(parts: &mut Reader<'_>) -> Result<Vec<u8>, Refused> {
    let salt = ber::octets(parts, der::OCTET_STRING, "salt")?;
    if salt.len() > limits::PASSWORD_BYTES {
        return Err(unsupported(format!("a salt of {} bytes", salt.len())));
    }
    Ok(salt.into_owned())
}

/// A number of at least 1 that fits 32 bits.
fn number(parts: &mut Reader<'_>, field: &str) -> Result<u32, Refused> {
    let number = ber::expect(parts, der::INTEGER, field)?;
    let negative = number.content.first().is_some_and(|byte| *byte >= 0x80);
    let bytes = der::magnitude(number.content);
    if negative || bytes.is_empty() {
        return Err(der::bad(number.offset, field, "is not above zero").into());
    }
    if bytes.len() > 4 {
        return Err(unsupported(format!("a number beyond 32 bits for {field}")));
    }
    Ok(bytes.iter().fold(0, |value, byte| (value << 8) | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::hex;

    /// Known answers of other programs (OpenSSL's and Bouncy Castle's test data for RFC 7292 appendix B).
    #[test]
    fn pkcs12_derivation() {
        let wide = |text: &str| -> Vec<u8> {
            text.bytes().flat_map(|byte| [0, byte]).chain([0, 0]).collect()
        };
        for (purpose, password, salt, rounds, expected) in [
            (
                Purpose::Key,
                "smeg",
                "0a58cf64530d823f",
                1,
                "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3",
            ),
            (Purpose::Vector, "smeg", "0a58cf64530d823f", 1, "79993dfe048d3b76"),
            (
                Purpose::Key,
                "smeg",
                "642b99ab44fb4b1f",
                1,
                "f3a95fec48d7711e985cfe67908c5ab79fa3d7c5caa5d966",
            ),
            (Purpose::Vector, "smeg", "642b99ab44fb4b1f", 1, "c0a38d64a79bea1d"),
            (
                Purpose::Mac,
                "smeg",
                "3d83c0e4546ac140",
                1,
                "8d967d88f6caa9d714800ab3d48051d63f73a312",
            ),
            (
                Purpose::Key,
                "queeg",
                "05dec959acff72f7",
                1000,
                "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4",
            ),
            (Purpose::Vector, "queeg", "05dec959acff72f7", 1000, "11dedad7758d4860"),
            (
                Purpose::Mac,
                "queeg",
                "263216fcc2fab31c",
                1000,
                "5ec4c7a80df652294c3925b6489a7ab857c83476",
            ),
        ] {
            let salt: Vec<u8> = (0..8)
                .map(|at| u8::from_str_radix(&salt[at * 2..at * 2 + 2], 16).unwrap())
                .collect();
            let length = expected.len() / 2;
            let derived =
                pkcs12(HashAlgorithm::Sha1, purpose, &wide(password), &salt, rounds, length);
            assert_eq!(hex(&derived), expected);
        }
    }

    #[test]
    fn wrong_padding_is_a_mismatch() {
        let cipher = Cipher::Aes128;
        let data = [0x55; 32];
        assert_eq!(cipher.decrypt(&[1; 16], &[2; 16], &data), Err(Refused::Mismatch));
        assert_eq!(cipher.decrypt(&[1; 16], &[2; 16], &data[..31]), Err(Refused::Mismatch));
        assert_eq!(cipher.decrypt(&[1; 16], &[2; 16], &[]), Err(Refused::Mismatch));
        assert!(matches!(cipher.decrypt(&[1; 16], &[2; 15], &data), Err(Refused::Unsupported(_))));
    }
}
