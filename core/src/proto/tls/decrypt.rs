//! Decrypts records with known secrets: TLS 1.0 to 1.2 (RFC 2246, 4346, 5246, 5288, 6655, 7366, 7627, 7905), DTLS 1.0 and 1.2,
//! TLS 1.3 (RFC 8446).
//!
//! What comes out was authenticated with the connection's own keys (AEAD tag or HMAC); a wrong secret gives nothing.
//! The user owns the secrets and runs this on files, so timing is not hidden.

use aes::{Aes128, Aes256};
use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes128Gcm, Aes256Gcm, KeyInit as _};
use cbc::Decryptor;
use cbc::cipher::{Block, BlockModeDecrypt as _, KeyIvInit as _};
use ccm::Ccm;
use ccm::consts::{U8, U12, U16};
use chacha20poly1305::ChaCha20Poly1305;
use hmac::digest::Digest as _;
use hmac::{Hmac, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha384};

use super::record::Head;
use super::suite::{Cipher, Hash, Suite};
use crate::proto::Both;

const BLOCK: usize = 16;
const NONCE: usize = 12;
const TAG: usize = 16;
const SHORT_TAG: usize = 8;
const MASTER: usize = 48;

/// The cipher with its key.
#[derive(Clone)]
enum Key {
    Null,
    Aes128Cbc([u8; 16]),
    Aes256Cbc([u8; 32]),
    Aes128Gcm(Box<Aes128Gcm>),
    Aes256Gcm(Box<Aes256Gcm>),
    Aes128Ccm(Box<Ccm<Aes128, U16, U12>>),
    Aes256Ccm(Box<Ccm<Aes256, U16, U12>>),
    Aes128Ccm8(Box<Ccm<Aes128, U8, U12>>),
    Aes256Ccm8(Box<Ccm<Aes256, U8, U12>>),
    ChaCha20Poly1305(Box<ChaCha20Poly1305>),
}

/// How a record is put together.
#[derive(Clone)]
enum Form {
    /// Behind the content an HMAC, then padding; `encrypt_then_mac` has the HMAC outside.
    Block {
        mac: Hash,
        mac_key: Vec<u8>,
        encrypt_then_mac: bool,
        /// TLS 1.0: the last block of one record is the vector of the next.
        chained: Option<[u8; BLOCK]>,
    },
    /// 4 bytes of the nonce are secret, 8 stand in the record.
    ExplicitNonce([u8; 4]),
    /// 12 bytes that are mixed with the record's number.
    MixedNonce([u8; NONCE]),
    /// As before, and the content type is inside.
    Tls13([u8; NONCE]),
}

/// Opens the records of one side, from one change of keys to the next.
#[derive(Clone)]
pub(super) struct Opener {
    key: Key,
    form: Form,
}

/// An opened record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) content_type: u8,
    pub(super) content: Vec<u8>,
}

impl Key {
    /// Bytes of the tag behind a record.
    fn tag(&self) -> usize {
        match self {
            Self::Aes128Ccm8(_) | Self::Aes256Ccm8(_) => SHORT_TAG,
            _ => TAG,
        }
    }
}

impl Opener {
    /// Opens a record. `number` is its number since the change of keys; DTLS has the epoch in the upper 16 bits.
    /// `None`: another key, or altered bytes.
    pub(super) fn open(&mut self, number: u64, head: &Head, fragment: &[u8]) -> Option<Opened> {
        let number = number.to_be_bytes();
        match &mut self.form {
            Form::Block { mac, mac_key, encrypt_then_mac, chained } => {
                let sealed = Sealed { number, head, fragment, mac: *mac, mac_key };
                let content = match &self.key {
                    Key::Null => sealed.open_null(),
                    key => sealed.open_block(key, *encrypt_then_mac, chained.as_ref()),
                };
                let outside = if *encrypt_then_mac { mac.length() } else { 0 };
                let sealed = fragment.get(..fragment.len().saturating_sub(outside));
                if let Some(vector) = chained
                    && let Some(last) = sealed.and_then(<[u8]>::last_chunk)
                {
                    *vector = *last;
                }
                Some(Opened { content_type: head.content_type, content: content? })
            }
            Form::ExplicitNonce(implicit) => {
                let (explicit, sealed) = fragment.split_at_checked(8)?;
                let nonce: [u8; NONCE] =
                    [implicit.as_slice(), explicit].concat().try_into().ok()?;
                let length = sealed.len().checked_sub(self.key.tag())?;
                let content = open(&self.key, nonce, &additional(number, head, length)?, sealed)?;
                Some(Opened { content_type: head.content_type, content })
            }
            Form::MixedNonce(vector) => {
                let length = fragment.len().checked_sub(self.key.tag())?;
                let data = additional(number, head, length)?;
                let content = open(&self.key, mix(*vector, number), &data, fragment)?;
                Some(Opened { content_type: head.content_type, content })
            }
            Form::Tls13(vector) => {
                let [major, minor] = head.version.to_be_bytes();
                let [high, low] = head.length.to_be_bytes();
                let data = [head.content_type, major, minor, high, low];
                let mut content = open(&self.key, mix(*vector, number), &data, fragment)?;
                // Zeros may stand behind the content type.
                let end = content.iter().rposition(|byte| *byte != 0)?;
                let content_type = *content.get(end)?;
                content.truncate(end);
                Some(Opened { content_type, content })
            }
        }
    }
}

impl Opener {
    /// Bytes of content in a record of this length; `None` where padding has a part in it.
    pub(super) fn content_length(&self, record: u16) -> Option<u64> {
        let explicit = match self.form {
            Form::ExplicitNonce(_) => NONCE - 4,
            Form::MixedNonce(_) => 0,
            Form::Block { .. } | Form::Tls13(_) => return None,
        };
        usize::from(record).checked_sub(explicit + self.key.tag()).map(|length| length as u64)
    }
}

/// A record in the form of TLS 1.2 and before, with an HMAC.
struct Sealed<'a> {
    number: [u8; 8],
    head: &'a Head,
    fragment: &'a [u8],
    mac: Hash,
    mac_key: &'a [u8],
}

impl Sealed<'_> {
    fn open_null(&self) -> Option<Vec<u8>> {
        let length = self.fragment.len().checked_sub(self.mac.length())?;
        let (content, mac) = self.fragment.split_at_checked(length)?;
        (self.authenticate(&[], content)? == mac).then(|| content.to_vec())
    }

    fn open_block(
        &self,
        key: &Key,
        encrypt_then_mac: bool,
        chained: Option<&[u8; BLOCK]>,
    ) -> Option<Vec<u8>> {
        let outer = if encrypt_then_mac { self.mac.length() } else { 0 };
        let (sealed, outer_mac) =
            self.fragment.split_at_checked(self.fragment.len().checked_sub(outer)?)?;
        if encrypt_then_mac && self.authenticate(&[], sealed)? != outer_mac {
            return None;
        }
        let (vector, blocks) = match chained {
            Some(vector) => (*vector, sealed),
            None => {
                let (vector, blocks) = sealed.split_first_chunk::<BLOCK>()?;
                (*vector, blocks)
            }
        };
        if blocks.is_empty() || !blocks.len().is_multiple_of(BLOCK) {
            return None;
        }
        let mut plain = blocks.to_vec();
        match key {
            Key::Aes128Cbc(key) => {
                let (blocks, _) = Block::<Decryptor<Aes128>>::slice_as_chunks_mut(&mut plain);
                Decryptor::<Aes128>::new(key.into(), &vector.into()).decrypt_blocks(blocks);
            }
            Key::Aes256Cbc(key) => {
                let (blocks, _) = Block::<Decryptor<Aes256>>::slice_as_chunks_mut(&mut plain);
                Decryptor::<Aes256>::new(key.into(), &vector.into()).decrypt_blocks(blocks);
            }
            _ => return None,
        }
        // The last byte tells how many bytes of padding stand in front of it.
        let padding = usize::from(*plain.last()?).checked_add(1)?;
        plain.truncate(plain.len().checked_sub(padding)?);
        if encrypt_then_mac {
            return Some(plain);
        }
        let length = plain.len().checked_sub(self.mac.length())?;
        let mac = plain.split_off(length);
        (self.authenticate(&[], &plain)? == mac).then_some(plain)
    }

    /// HMAC over number, type, version, length and content (RFC 5246 section 6.2.3.1).
    fn authenticate(&self, prefix: &[u8], content: &[u8]) -> Option<Vec<u8>> {
        let data = additional(self.number, self.head, prefix.len().checked_add(content.len())?)?;
        Some(hmac(self.mac, self.mac_key, &[&data, prefix, content]))
    }
}

/// What is authenticated in front of the content before TLS 1.3.
fn additional(number: [u8; 8], head: &Head, length: usize) -> Option<[u8; 13]> {
    let length = u16::try_from(length).ok()?;
    let [major, minor] = head.version.to_be_bytes();
    let [high, low] = length.to_be_bytes();
    [&number[..], &[head.content_type, major, minor, high, low]].concat().try_into().ok()
}

fn mix(mut vector: [u8; NONCE], number: [u8; 8]) -> [u8; NONCE] {
    for (byte, mixed) in vector.iter_mut().rev().zip(number.iter().rev()) {
        *byte ^= mixed;
    }
    vector
}

fn open(key: &Key, nonce: [u8; NONCE], data: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let mut buffer = sealed.to_vec();
    let nonce = &nonce.into();
    match key {
        Key::Aes128Gcm(cipher) => cipher.decrypt_in_place(nonce, data, &mut buffer),
        Key::Aes256Gcm(cipher) => cipher.decrypt_in_place(nonce, data, &mut buffer),
        Key::Aes128Ccm(cipher) => cipher.decrypt_in_place(nonce, data, &mut buffer),
        Key::Aes256Ccm(cipher) => cipher.decrypt_in_place(nonce, data, &mut buffer),
        Key::Aes128Ccm8(cipher) => cipher.decrypt_in_place(nonce, data, &mut buffer),
        Key::Aes256Ccm8(cipher) => cipher.decrypt_in_place(nonce, data, &mut buffer),
        Key::ChaCha20Poly1305(cipher) => cipher.decrypt_in_place(nonce, data, &mut buffer),
        Key::Null | Key::Aes128Cbc(_) | Key::Aes256Cbc(_) => return None,
    }
    .ok()?;
    Some(buffer)
}

impl Hash {
    /// Bytes of a digest.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }
}

fn hmac(hash: Hash, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    macro_rules! with {
        ($hash:ty) => {{
            // HMAC takes keys of any length.
            let Ok(mut mac) = <Hmac<$hash> as hmac::digest::KeyInit>::new_from_slice(key) else {
                return Vec::new();
            };
            parts.iter().for_each(|part| mac.update(part));
            mac.finalize().into_bytes().to_vec()
        }};
    }
    match hash {
        Hash::Md5 => with!(Md5),
        Hash::Sha1 => with!(Sha1),
        Hash::Sha256 => with!(Sha256),
        Hash::Sha384 => with!(Sha384),
    }
}

/// P_hash (RFC 5246 section 5).
fn expand(hash: Hash, secret: &[u8], seed: &[u8], length: usize) -> Vec<u8> {
    let mut output = Vec::with_capacity(length.saturating_add(hash.length()));
    let mut step = hmac(hash, secret, &[seed]);
    while output.len() < length && !step.is_empty() {
        output.extend(hmac(hash, secret, &[&step, seed]));
        step = hmac(hash, secret, &[&step]);
    }
    output.truncate(length);
    output
}

/// The pseudorandom function: that of the suite from TLS 1.2 on, MD5 and SHA-1 mixed before (RFC 2246 section 5).
fn prf(
    version: u16,
    suite: &Suite,
    secret: &[u8],
    label: &str,
    seed: &[&[u8]],
    length: usize,
) -> Vec<u8> {
    let seed = [&[label.as_bytes()], seed].concat().concat();
    if !is_old(version) {
        return expand(suite.prf, secret, &seed, length);
    }
    let half = secret.len().div_ceil(2);
    let first = secret.get(..half).unwrap_or_default();
    let second = secret.get(secret.len().saturating_sub(half)..).unwrap_or_default();
    let mut output = expand(Hash::Md5, first, &seed, length);
    let other = expand(Hash::Sha1, second, &seed, length);
    output.iter_mut().zip(other).for_each(|(byte, mixed)| *byte ^= mixed);
    output
}

/// TLS 1.0 and 1.1, DTLS 1.0.
fn is_old(version: u16) -> bool {
    matches!(version, 0x0301 | 0x0302 | 0xfeff)
}

/// What a connection before TLS 1.3 agreed on.
pub(super) struct Agreement<'a> {
    pub(super) version: u16,
    pub(super) suite: Suite,
    pub(super) client_random: &'a [u8; 32],
    pub(super) server_random: &'a [u8; 32],
    pub(super) encrypt_then_mac: bool,
    /// Digest of the messages up to ClientKeyExchange, where RFC 7627 is spoken.
    pub(super) extended: Option<&'a [u8]>,
}

impl Agreement<'_> {
    /// The master secret of a pre-master secret (RFC 5246 section 8.1, RFC 7627 section 4).
    pub(super) fn master(&self, pre_master: &[u8]) -> Vec<u8> {
        match self.extended {
            Some(digest) => prf(
                self.version,
                &self.suite,
                pre_master,
                "extended master secret",
                &[digest],
                MASTER,
            ),
            None => prf(
                self.version,
                &self.suite,
                pre_master,
                "master secret",
                &[self.client_random, self.server_random],
                MASTER,
            ),
        }
    }

    /// The openers of both sides (RFC 5246 section 6.3). `None` for a version that is not decrypted.
    pub(super) fn openers(&self, master: &[u8]) -> Option<Both<Opener>> {
        let known = is_old(self.version) || matches!(self.version, 0x0303 | 0xfefd);
        if !known {
            return None;
        }
        let (key_length, vector_length) = match self.suite.cipher {
            Cipher::Null => (0, 0),
            Cipher::Aes128Cbc => (16, BLOCK),
            Cipher::Aes256Cbc => (32, BLOCK),
            Cipher::Aes128Gcm | Cipher::Aes128Ccm | Cipher::Aes128Ccm8 => (16, 4),
            Cipher::Aes256Gcm | Cipher::Aes256Ccm | Cipher::Aes256Ccm8 => (32, 4),
            Cipher::ChaCha20Poly1305 => (32, NONCE),
        };
        let has_mac =
            matches!(self.suite.cipher, Cipher::Null | Cipher::Aes128Cbc | Cipher::Aes256Cbc);
        let mac_length = if has_mac { self.suite.mac.length() } else { 0 };
        let parts = [mac_length, mac_length, key_length, key_length, vector_length, vector_length];
        let block = prf(
            self.version,
            &self.suite,
            master,
            "key expansion",
            &[self.server_random, self.client_random],
            parts.iter().sum(),
        );
        let mut rest = block.as_slice();
        let mut next = |length: usize| -> Option<&[u8]> {
            let (part, behind) = rest.split_at_checked(length)?;
            rest = behind;
            Some(part)
        };
        let [client_mac, server_mac, client_key, server_key, client_vector, server_vector] = [
            next(mac_length)?,
            next(mac_length)?,
            next(key_length)?,
            next(key_length)?,
            next(vector_length)?,
            next(vector_length)?,
        ];
        Some(Both {
            client: self.opener(client_mac, client_key, client_vector)?,
            server: self.opener(server_mac, server_key, server_vector)?,
        })
    }

    fn opener(&self, mac_key: &[u8], key: &[u8], vector: &[u8]) -> Option<Opener> {
        let form = match self.suite.cipher {
            Cipher::Null | Cipher::Aes128Cbc | Cipher::Aes256Cbc => {
                let chained = self.version == 0x0301 && self.suite.cipher != Cipher::Null;
                Form::Block {
                    mac: self.suite.mac,
                    mac_key: mac_key.to_vec(),
                    encrypt_then_mac: self.encrypt_then_mac && self.suite.cipher != Cipher::Null,
                    chained: if chained { Some(vector.try_into().ok()?) } else { None },
                }
            }
            Cipher::Aes128Gcm
            | Cipher::Aes256Gcm
            | Cipher::Aes128Ccm
            | Cipher::Aes256Ccm
            | Cipher::Aes128Ccm8
            | Cipher::Aes256Ccm8 => Form::ExplicitNonce(vector.try_into().ok()?),
            Cipher::ChaCha20Poly1305 => Form::MixedNonce(vector.try_into().ok()?),
        };
        Some(Opener { key: self::key(self.suite.cipher, key)?, form })
    }
}

fn key(cipher: Cipher, key: &[u8]) -> Option<Key> {
    Some(match cipher {
        Cipher::Null => Key::Null,
        Cipher::Aes128Cbc => Key::Aes128Cbc(key.try_into().ok()?),
        Cipher::Aes256Cbc => Key::Aes256Cbc(key.try_into().ok()?),
        Cipher::Aes128Gcm => Key::Aes128Gcm(Box::new(Aes128Gcm::new_from_slice(key).ok()?)),
        Cipher::Aes256Gcm => Key::Aes256Gcm(Box::new(Aes256Gcm::new_from_slice(key).ok()?)),
        Cipher::Aes128Ccm => Key::Aes128Ccm(Box::new(Ccm::new_from_slice(key).ok()?)),
        Cipher::Aes256Ccm => Key::Aes256Ccm(Box::new(Ccm::new_from_slice(key).ok()?)),
        Cipher::Aes128Ccm8 => Key::Aes128Ccm8(Box::new(Ccm::new_from_slice(key).ok()?)),
        Cipher::Aes256Ccm8 => Key::Aes256Ccm8(Box::new(Ccm::new_from_slice(key).ok()?)),
        Cipher::ChaCha20Poly1305 => {
            Key::ChaCha20Poly1305(Box::new(ChaCha20Poly1305::new_from_slice(key).ok()?))
        }
    })
}

/// The opener of a traffic secret of TLS 1.3 (RFC 8446 section 7.3).
pub(super) fn tls13(suite: &Suite, secret: &[u8]) -> Option<Opener> {
    let length = match suite.cipher {
        Cipher::Aes128Gcm | Cipher::Aes128Ccm | Cipher::Aes128Ccm8 => 16,
        Cipher::Aes256Gcm | Cipher::Aes256Ccm | Cipher::Aes256Ccm8 | Cipher::ChaCha20Poly1305 => 32,
        Cipher::Null | Cipher::Aes128Cbc | Cipher::Aes256Cbc => return None,
    };
    if secret.len() != suite.prf.length() {
        return None;
    }
    let key = key(suite.cipher, &expand_label(suite.prf, secret, "key", length)?)?;
    let vector = expand_label(suite.prf, secret, "iv", NONCE)?;
    Some(Opener { key, form: Form::Tls13(vector.try_into().ok()?) })
}

/// The secret behind a KeyUpdate (RFC 8446 section 7.2).
pub(super) fn updated(suite: &Suite, secret: &[u8]) -> Option<Vec<u8>> {
    expand_label(suite.prf, secret, "traffic upd", suite.prf.length())
}

/// HKDF-Expand-Label with an empty context (RFC 8446 section 7.1).
fn expand_label(hash: Hash, secret: &[u8], label: &str, length: usize) -> Option<Vec<u8>> {
    let label = format!("tls13 {label}");
    let wanted = u16::try_from(length).ok()?.to_be_bytes();
    let info = [&wanted[..], &[u8::try_from(label.len()).ok()?], label.as_bytes(), &[0]].concat();
    let mut output = vec![0; length];
    match hash {
        Hash::Sha256 => {
            hkdf::Hkdf::<Sha256>::from_prk(secret).ok()?.expand(&info, &mut output).ok()?;
        }
        Hash::Sha384 => {
            hkdf::Hkdf::<Sha384>::from_prk(secret).ok()?.expand(&info, &mut output).ok()?;
        }
        Hash::Md5 | Hash::Sha1 => return None,
    }
    Some(output)
}

/// The running digest of handshake messages that RFC 7627 needs; which hash it is shows only with the ServerHello.
#[derive(Clone, Default)]
pub(super) struct Transcript {
    md5: Md5,
    sha1: Sha1,
    sha256: Sha256,
    sha384: Sha384,
}

impl Transcript {
    /// The next message, its head included.
    pub(super) fn update(&mut self, message: &[u8]) {
        self.md5.update(message);
        self.sha1.update(message);
        self.sha256.update(message);
        self.sha384.update(message);
    }

    /// The digest so far, as the version and suite have it.
    pub(super) fn digest(&self, version: u16, suite: &Suite) -> Vec<u8> {
        if is_old(version) {
            let md5: [u8; 16] = self.md5.clone().finalize().into();
            let sha1: [u8; 20] = self.sha1.clone().finalize().into();
            return [&md5[..], &sha1].concat();
        }
        match suite.prf {
            Hash::Sha384 => self.sha384.clone().finalize().to_vec(),
            Hash::Md5 | Hash::Sha1 | Hash::Sha256 => self.sha256.clone().finalize().to_vec(),
        }
    }
}
