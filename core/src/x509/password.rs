//! Passwords that the user hands over, and how much work may be spent on trying them.

use core::fmt;

use crate::limits;

/// A password. It is never printed, and never part of what one instance hands to another.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes a password; `None` when it is longer than [`limits::PASSWORD_BYTES`].
    pub fn new(text: &str) -> Option<Self> {
        (text.len() <= limits::PASSWORD_BYTES).then(|| Self(text.to_owned()))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// One way to write a password as bytes: programs disagree.
#[derive(Clone)]
pub(super) struct Spelling {
    /// For PKCS#5: UTF-8.
    pub(super) bytes: Vec<u8>,
    /// For PKCS#12 (RFC 7292 appendix B.1): two bytes for each character and for an end, or nothing at all.
    pub(super) wide: Vec<u8>,
    /// The user gave it, and it is not empty.
    pub(super) given: bool,
}

impl Spelling {
    /// Every way in which `text` may have been written.
    fn all(text: &str) -> Vec<Self> {
        let bytes = text.as_bytes().to_vec();
        let given = !text.is_empty();
        let mut wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        wide.extend([0, 0]);
        let mut all = vec![Self { bytes: bytes.clone(), wide, given }];
        if text.is_empty() {
            // OpenSSL without a password, and Windows, derive from no bytes instead of from an end.
            all.push(Self { bytes, wide: Vec::new(), given });
        } else if !text.is_ascii() {
            // OpenSSL before 1.1.0 widened each byte of UTF-8.
            let mut wide: Vec<u8> = bytes.iter().flat_map(|byte| [0, *byte]).collect();
            wide.extend([0, 0]);
            all.push(Self { bytes, wide, given });
        }
        all
    }
}

/// The passwords for one input, the work that may still be spent on them, and the first private key they open.
pub struct Keyring {
    spellings: Vec<Spelling>,
    given: bool,
    rounds: u64,
    keeps_key: bool,
    key: Option<Vec<u8>>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} rounds left)", self.rounds)
    }
}

impl Keyring {
    /// Passwords in the order in which they are tried; the empty one is tried last, also when none is given.
    /// `rounds` bounds the work: see [`limits::PASSWORD_ROUNDS`].
    pub fn new(passwords: &[Password], rounds: u64) -> Self {
        let mut spellings: Vec<Spelling> =
            passwords.iter().flat_map(|password| Spelling::all(&password.0)).collect();
        spellings.extend(Spelling::all(""));
        Self { spellings, given: !passwords.is_empty(), rounds, keeps_key: false, key: None }
    }

    /// Keeps the first private key that is read, decrypted, for [`Keyring::into_key`].
    #[must_use]
    pub fn keeping_key(mut self) -> Self {
        self.keeps_key = true;
        self
    }

    /// The first private key, in DER, not encrypted.
    pub fn into_key(self) -> Option<Vec<u8>> {
        self.key
    }

    /// The spellings to try.
    pub(super) fn spellings(&self) -> Vec<Spelling> {
        self.spellings.clone()
    }

    /// The user gave a password.
    pub(super) fn is_given(&self) -> bool {
        self.given
    }

    /// Takes `rounds` from what may be spent; false, and nothing taken, when that is more than is left.
    pub(super) fn spend(&mut self, rounds: u64) -> bool {
        match self.rounds.checked_sub(rounds) {
            Some(left) => {
                self.rounds = left;
                true
            }
            None => false,
        }
    }

    /// Offers a private key in DER.
    pub(super) fn offer(&mut self, key: &[u8]) {
        if self.keeps_key && self.key.is_none() && key.len() <= limits::CERTIFICATE_BYTES {
            self.key = Some(key.to_vec());
        }
    }
}

impl Default for Keyring {
    fn default() -> Self {
        Self::new(&[], limits::PASSWORD_ROUNDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_written_in_every_way_and_never_printed() {
        let wide = |text: &str| -> Vec<Vec<u8>> {
            Spelling::all(text).into_iter().map(|spelling| spelling.wide).collect()
        };
        assert_eq!(wide("ab"), [vec![0, b'a', 0, b'b', 0, 0]]);
        assert_eq!(wide(""), [vec![0, 0], vec![]]);
        assert_eq!(wide("ä"), [vec![0, 0xe4, 0, 0], vec![0, 0xc3, 0, 0xa4, 0, 0]]);
        assert_eq!(wide("🔑")[0], [0xd8, 0x3d, 0xdd, 0x11, 0, 0]);
        let password = Password::new("secret").unwrap();
        assert_eq!(format!("{password:?}"), "Password(..)");
        assert!(!format!("{:?}", Keyring::new(&[password], 5)).contains("secret"));
        assert_eq!(Password::new(&"x".repeat(limits::PASSWORD_BYTES + 1)), None);
    }

    #[test]
    fn work_is_bounded() {
        let mut keyring = Keyring::new(&[], 5);
        assert!(keyring.spend(3));
        assert!(!keyring.spend(3));
        assert!(keyring.spend(2));
        assert!(!keyring.spend(1));
    }
}
