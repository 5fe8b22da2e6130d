//! Cipher suites that can be decrypted, and what they are made of (registry of IANA).

/// The cipher of a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    /// Signed, not encrypted: what Cisco's "authenticated" phones speak.
    Null,
    Aes128Cbc,
    Aes256Cbc,
    Aes128Gcm,
    Aes256Gcm,
    Aes128Ccm,
    Aes256Ccm,
    /// With a tag of 8 bytes.
    Aes128Ccm8,
    /// With a tag of 8 bytes.
    Aes256Ccm8,
    ChaCha20Poly1305,
}

/// A hash of a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
}

/// What a suite is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suite {
    pub(super) cipher: Cipher,
    /// The HMAC of records; of no use with a cipher that authenticates by itself.
    pub(super) mac: Hash,
    /// The hash of the key derivation from TLS 1.2 on.
    pub(super) prf: Hash,
    /// The client encrypts the secret with the server's RSA key: a private key opens the connection.
    pub(super) rsa_key_exchange: bool,
}

/// The parts of a suite; `None` when it cannot be decrypted here.
pub(super) fn suite(number: u16) -> Option<Suite> {
    use Cipher::{
        Aes128Cbc, Aes128Ccm, Aes128Ccm8, Aes128Gcm, Aes256Cbc, Aes256Ccm, Aes256Ccm8, Aes256Gcm,
        ChaCha20Poly1305, Null,
    };
    use Hash::{Md5, Sha1, Sha256, Sha384};
    let (cipher, mac, prf) = match number {
        0x0001 => (Null, Md5, Sha256),
        0x0002 | 0xc001 | 0xc006 | 0xc00b | 0xc010 | 0xc015 => (Null, Sha1, Sha256),
        0x003b => (Null, Sha256, Sha256),
        0x002f..=0x0034 | 0xc004 | 0xc009 | 0xc00e | 0xc013 | 0xc018 => (Aes128Cbc, Sha1, Sha256),
        0x0035..=0x003a | 0xc005 | 0xc00a | 0xc00f | 0xc014 | 0xc019 => (Aes256Cbc, Sha1, Sha256),
        0x003c | 0x003e..=0x0040 | 0x0067 | 0x006c | 0xc023 | 0xc025 | 0xc027 | 0xc029 => {
            (Aes128Cbc, Sha256, Sha256)
        }
        0x003d | 0x0068..=0x006b | 0x006d => (Aes256Cbc, Sha256, Sha256),
        0xc024 | 0xc026 | 0xc028 | 0xc02a => (Aes256Cbc, Sha384, Sha384),
        0x009c | 0x009e | 0x00a0 | 0x00a2 | 0x00a4 | 0x00a6 | 0xc02b | 0xc02d | 0xc02f | 0xc031 => {
            (Aes128Gcm, Sha256, Sha256)
        }
        0x009d | 0x009f | 0x00a1 | 0x00a3 | 0x00a5 | 0x00a7 | 0xc02c | 0xc02e | 0xc030 | 0xc032 => {
            (Aes256Gcm, Sha384, Sha384)
        }
        // RFC 6655 and RFC 7251.
        0xc09c | 0xc09e | 0xc0ac => (Aes128Ccm, Sha256, Sha256),
        0xc09d | 0xc09f | 0xc0ad => (Aes256Ccm, Sha256, Sha256),
        0xc0a0 | 0xc0a2 | 0xc0ae => (Aes128Ccm8, Sha256, Sha256),
        0xc0a1 | 0xc0a3 | 0xc0af => (Aes256Ccm8, Sha256, Sha256),
        0xcca8..=0xccaa => (ChaCha20Poly1305, Sha256, Sha256),
        0x1301 => (Aes128Gcm, Sha256, Sha256),
        0x1302 => (Aes256Gcm, Sha384, Sha384),
        0x1303 => (ChaCha20Poly1305, Sha256, Sha256),
        0x1304 => (Aes128Ccm, Sha256, Sha256),
        0x1305 => (Aes128Ccm8, Sha256, Sha256),
        _ => return None,
    };
    let rsa_key_exchange = matches!(
        number,
        0x0001
            | 0x0002
            | 0x003b
            | 0x002f
            | 0x0035
            | 0x003c
            | 0x003d
            | 0x009c
            | 0x009d
            | 0xc09c
            | 0xc09d
            | 0xc0a0
            | 0xc0a1
    );
    Some(Suite { cipher, mac, prf, rsa_key_exchange })
}
