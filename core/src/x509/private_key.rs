//! RSA private keys that the user hands over to decrypt a phone's `.enc.sgn` (formats.md section 6).
//!
//! The key decrypts files of its owner on the owner's machine: nobody measures the time this takes, so
//! what is known of timing attacks on the `rsa` crate (RUSTSEC-2023-0071) does not apply here.

use core::fmt;

use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Encrypt, RsaPrivateKey};

use super::container::{Kind, sniff};
use super::der;
use super::key::PublicKey;
use super::pem::Blocks;
use super::signature::SignatureError;
use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::limits;

/// An RSA private key. Its numbers are wiped when it is dropped; it is never serialized or printed.
#[derive(Clone)]
pub struct PrivateKey {
    key: RsaPrivateKey,
}

/// Prints the size only.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", self.key.n().bits_vartime())
    }
}

impl PrivateKey {
    /// Reads the first private key of a PEM text, or a DER key: PKCS#8 or PKCS#1, not encrypted, of
    /// [`limits::RSA_BITS`].
    ///
    /// Errors name the offset of the PEM block, or the one in the DER; they hold nothing of the key.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        if sniff(bytes).is_some() {
            return from_der(bytes);
        }
        let mut damaged = None;
        for block in Blocks::new(bytes) {
            match block {
                Ok(block) if block.label.ends_with("PRIVATE KEY") => {
                    if block.encryption.is_some() {
                        return Err(encrypted(block.offset));
                    }
                    return from_der(&block.content).map_err(|mut error| {
                        error.at = block.offset;
                        error
                    });
                }
                Ok(_) => {}
                Err(error) if error.field.ends_with("PRIVATE KEY") => damaged = Some(error),
                Err(_) => {}
            }
        }
        Err(damaged.unwrap_or_else(|| ParseError::new(0, "private key", ErrorKind::Missing)))
    }

    /// The public half, to find the certificate it belongs to.
    pub fn public_key(&self) -> PublicKey {
        let bytes = |number: &BoxedUint| der::magnitude(&number.to_be_bytes()).to_vec();
        PublicKey::Rsa { modulus: bytes(self.key.n().as_ref()), exponent: bytes(self.key.e()) }
    }

    /// Decrypts RSAES-PKCS1-v1_5 (RFC 8017 section 7.2.2).
    ///
    /// The wrapped bytes must be as long as the modulus. **With another key the result is no error but
    /// other bytes, of any length** (implicit rejection): the caller must check the length it expects
    /// and the hash of what it decrypts.
    pub fn unwrap_pkcs1v15(&self, wrapped: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.key.decrypt(Pkcs1v15Encrypt, wrapped).map_err(|_| SignatureError::Mismatch)
    }
}

fn encrypted(at: u64) -> ParseError {
    der::bad(at, "private key", "the key is encrypted with a password")
}

fn from_der(bytes: &[u8]) -> Result<PrivateKey, ParseError> {
    const FIELD: &str = "private key";
    let mut reader = Reader::new(bytes);
    match sniff(bytes) {
        Some(Kind::Pkcs1PrivateKey) => from_pkcs1(&mut reader),
        Some(Kind::Pkcs8PrivateKey) => {
            let mut parts = der::expect(&mut reader, der::SEQUENCE, FIELD)?.reader();
            der::expect(&mut parts, der::INTEGER, "version")?;
            let mut algorithm = der::expect(&mut parts, der::SEQUENCE, "algorithm")?.reader();
            let oid = der::expect(&mut algorithm, der::OBJECT_IDENTIFIER, "algorithm")?;
            if der::object_identifier(oid.content) != "1.2.840.113549.1.1.1" {
                return Err(der::bad(oid.offset, FIELD, "it is no RSA key"));
            }
            from_pkcs1(&mut der::expect(&mut parts, der::OCTET_STRING, "privateKey")?.reader())
        }
        Some(Kind::EncryptedPrivateKey) => Err(encrypted(0)),
        Some(Kind::Sec1PrivateKey) => Err(der::bad(0, FIELD, "it is no RSA key")),
        _ => Err(der::bad(0, FIELD, "it is no private key")),
    }
}

/// RSAPrivateKey (RFC 8017 appendix A.1.2).
fn from_pkcs1(reader: &mut Reader<'_>) -> Result<PrivateKey, ParseError> {
    let sequence = der::expect(reader, der::SEQUENCE, "RSAPrivateKey")?;
    let mut numbers = sequence.reader();
    let mut number = |field: &str| -> Result<BoxedUint, ParseError> {
        let element = der::expect(&mut numbers, der::INTEGER, field)?;
        let magnitude = der::magnitude(element.content);
        if magnitude.len().saturating_mul(8) > *limits::RSA_BITS.end() {
            let limit = *limits::RSA_BITS.end() as u64;
            return Err(ParseError::new(element.offset, field, ErrorKind::TooLarge { limit }));
        }
        Ok(BoxedUint::from_be_slice_vartime(magnitude))
    };
    number("version")?;
    let modulus = number("modulus")?;
    let public_exponent = number("publicExponent")?;
    let private_exponent = number("privateExponent")?;
    let primes = vec![number("prime1")?, number("prime2")?];
    let refused = |message: &str| der::bad(sequence.offset, "RSAPrivateKey", message);
    let bits = usize::try_from(modulus.bits_vartime()).unwrap_or(usize::MAX);
    if !limits::RSA_BITS.contains(&bits) {
        return Err(refused(&format!(
            "{bits} bits; {} to {} are accepted",
            limits::RSA_BITS.start(),
            limits::RSA_BITS.end()
        )));
    }
    let key = RsaPrivateKey::from_components(modulus, public_exponent, private_exponent, primes)
        .map_err(|_| refused("its numbers do not fit each other"))?;
    Ok(PrivateKey { key })
}
