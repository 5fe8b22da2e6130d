//! Decrypts `.enc.sgn` with the phone's private key.
//!
//! The wrapped key (tag 25) is unwrapped with RSA PKCS#1 v1.5, the body decrypted with AES-128-CBC and the IV of tag
//! 19, the padding of tag 20 cut (1 to 16 bytes; writers use 0x0D, but only the count is known to matter), and the
//! digest of tags 26 and 27 compared. The digest is over the plain text, so a match means that key and content are
//! right; who made the content is the signature's business. Source: formats.md section 6.

use core::fmt;

use aes::Aes128;
use cbc::Decryptor;
use cbc::cipher::{Block, BlockModeDecrypt, KeyIvInit};

use crate::error::ParseError;
use crate::report::model::SignedContent;
use crate::sgn::configuration::{self, Configuration};
use crate::sgn::file::{CIPHER_BLOCK, SignedFile};
use crate::trustlist::verify::digest_algorithm;
use crate::x509::private_key::PrivateKey;

/// Bytes of the AES-128 key that is wrapped.
const AES_KEY: usize = 16;

/// A decrypted body. Holds credentials in clear, so it is not serialisable and `Debug` shows none of it.
#[derive(Clone, PartialEq)]
pub struct Decrypted {
    plain: Vec<u8>,
    /// What the configuration says, or why it is no readable XML. Offsets are offsets in the plain text.
    pub configuration: Result<Configuration, ParseError>,
}

impl Decrypted {
    /// The plain text, credentials in clear. Not for reports.
    pub fn plain(&self) -> &[u8] {
        &self.plain
    }

    /// The plain text as a report may show it: credentials masked, bytes that are no UTF-8 replaced.
    pub fn masked(&self) -> String {
        configuration::masked(&String::from_utf8_lossy(&self.plain))
    }
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decrypted({} bytes)", self.plain.len())
    }
}

/// Why a body could not be decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecryptFailure {
    /// The structure is damaged.
    Damaged(ParseError),
    /// Decrypted, but the digest of the plain text is not the one in the header: another key, or changed content.
    DigestDiffers,
    /// The file is not encrypted.
    NotEncrypted,
    /// A field holds a value that is not known, or contradicts another; the text says which.
    Parameter(String),
    /// The wrapped key does not open with this private key: the file is for another phone, or for a key that the
    /// phone no longer has.
    WrongKey,
}

impl fmt::Display for DecryptFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(error) => write!(f, "the header is damaged: {error}"),
            Self::DigestDiffers => f.write_str("digest differs"),
            Self::NotEncrypted => f.write_str("the file is not encrypted"),
            Self::Parameter(message) => f.write_str(message),
            Self::WrongKey => f.write_str("the wrapped key does not open with this private key"),
        }
    }
}

impl core::error::Error for DecryptFailure {}

/// Decrypts the body of an `.enc.sgn` file with the phone's private key.
///
/// # Errors
/// [`DecryptFailure`] tells which step failed. Timing is not hidden: the key belongs to the user who runs this.
pub fn decrypt(file: &SignedFile, key: &PrivateKey) -> Result<Decrypted, DecryptFailure> {
    if file.content != SignedContent::Encrypted {
        return Err(DecryptFailure::NotEncrypted);
    }
    if let Some(error) = file.first_damage() {
        return Err(DecryptFailure::Damaged(error.clone()));
    }
    let parameters = Parameters::of(file)?;
    let unwrapped =
        key.unwrap_pkcs1v15(parameters.wrapped_key).map_err(|_| DecryptFailure::WrongKey)?;
    let aes_key: [u8; AES_KEY] =
        unwrapped.as_slice().try_into().map_err(|_| DecryptFailure::WrongKey)?;
    let mut plain = parameters.cipher_text.to_vec();
    let (blocks, _) = Block::<Decryptor<Aes128>>::slice_as_chunks_mut(&mut plain);
    Decryptor::<Aes128>::new(&aes_key.into(), &parameters.iv.into()).decrypt_blocks(blocks);
    plain.truncate(plain.len().saturating_sub(parameters.pad_count));
    if parameters.hash.digest(&[&plain]) != parameters.digest {
        return Err(DecryptFailure::DigestDiffers);
    }
    let configuration = Configuration::read(&plain, 0).map(|mut configuration| {
        configuration.device =
            crate::names::device::device_of_file(file.filename()).or(configuration.device);
        configuration
    });
    Ok(Decrypted { plain, configuration })
}

/// The fields that decryption needs, checked.
struct Parameters<'a> {
    cipher_text: &'a [u8],
    digest: &'a [u8],
    hash: crate::x509::signature::HashAlgorithm,
    iv: [u8; CIPHER_BLOCK],
    pad_count: usize,
    wrapped_key: &'a [u8],
}

impl<'a> Parameters<'a> {
    fn of(file: &'a SignedFile) -> Result<Self, DecryptFailure> {
        let missing = |name: &str| parameter(format!("{name} is missing"));
        let encryption = file.header.encryption.as_ref().ok_or(DecryptFailure::NotEncrypted)?;
        // 0, 0 and 1 are the only values seen; another value is another, unknown, way to encrypt.
        for (name, value, known) in [
            ("cipher mode", encryption.cipher_mode, 0),
            ("wrap algorithm", encryption.wrap_algorithm, 0),
            ("key algorithm", encryption.key_algorithm, 1),
        ] {
            let value = value.ok_or_else(|| missing(name))?;
            if value != known {
                return Err(parameter(format!("{name} {value} is unknown; only {known} is known")));
            }
        }
        let iv = encryption.iv.as_deref().ok_or_else(|| missing("IV"))?;
        let iv = iv.try_into().map_err(|_| {
            parameter(format!("an IV of {} bytes; AES needs {CIPHER_BLOCK}", iv.len()))
        })?;
        let pad_count = usize::from(encryption.pad_count.ok_or_else(|| missing("pad count"))?);
        // 0 is refused: every writer pads, and readers that cut "the last 0 bytes" end with nothing.
        if !(1..=CIPHER_BLOCK).contains(&pad_count) {
            return Err(parameter(format!(
                "a pad count of {pad_count}; 1 to {CIPHER_BLOCK} are legal"
            )));
        }
        let wrapped_key =
            encryption.wrapped_key.as_deref().ok_or_else(|| missing("wrapped key"))?;
        let bits = encryption.wrapped_key_bits.ok_or_else(|| missing("wrapped key bits"))?;
        if wrapped_key.len().saturating_mul(8) != usize::from(bits) {
            return Err(parameter(format!(
                "a wrapped key of {} bits where {bits} are announced",
                wrapped_key.len().saturating_mul(8)
            )));
        }
        let code =
            encryption.plain_digest_code.ok_or_else(|| missing("plain text digest algorithm"))?;
        let hash = digest_algorithm(code)
            .ok_or_else(|| parameter(format!("plain text digest algorithm {code} is unknown")))?;
        let digest =
            encryption.plain_digest.as_deref().ok_or_else(|| missing("plain text digest"))?;
        let cipher_text = file.cipher_text.as_deref().ok_or_else(|| {
            parameter(format!("{} encrypted bytes are more than are decrypted", file.body_length))
        })?;
        if cipher_text.is_empty() || !cipher_text.len().is_multiple_of(CIPHER_BLOCK) {
            return Err(parameter(format!(
                "{} encrypted bytes are no whole number of {CIPHER_BLOCK}-byte blocks",
                cipher_text.len()
            )));
        }
        Ok(Self { cipher_text, digest, hash, iv, pad_count, wrapped_key })
    }
}

fn parameter(message: String) -> DecryptFailure {
    DecryptFailure::Parameter(message)
}
