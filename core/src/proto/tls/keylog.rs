//! Secrets that open a connection: key logs (draft-ietf-tls-keylogfile, NSS Key Log Format; also what a pcapng
//! Decryption Secrets Block holds), and RSA private keys for RSA key exchange.
//!
//! Nothing here can be printed or serialised: a secret opens what somebody said in confidence.

use core::cell::RefCell;
use core::fmt;
use std::collections::BTreeMap;

use crate::digest::sha256;
use crate::limits;
use crate::x509::key::PublicKey;
use crate::x509::private_key::PrivateKey;

/// What is known of one connection, by its client random.
#[derive(Clone, Default)]
pub(super) struct ConnectionSecrets {
    /// Before TLS 1.3.
    pub(super) master: Option<Vec<u8>>,
    pub(super) pre_master: Option<Vec<u8>>,
    pub(super) client_early: Option<Vec<u8>>,
    pub(super) client_handshake: Option<Vec<u8>>,
    pub(super) server_handshake: Option<Vec<u8>>,
    pub(super) client_application: Option<Vec<u8>>,
    pub(super) server_application: Option<Vec<u8>>,
}

/// What was taken from a key log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyLogCount {
    /// Lines with a secret that is used.
    pub secrets: u64,
    /// Lines that hold something else, or could not be read.
    pub other_lines: u64,
    /// Lines left out because of [`limits::KEY_LOG_CONNECTIONS`].
    pub left_out: u64,
}

/// Everything that may open connections.
#[derive(Clone, Default)]
pub struct Secrets {
    by_random: BTreeMap<[u8; 32], ConnectionSecrets>,
    masters_by_session: BTreeMap<Vec<u8>, Vec<u8>>,
    pre_masters: BTreeMap<[u8; 8], Vec<u8>>,
    private_keys: Vec<PrivateKey>,
    /// There is a pre-master secret in the key logs.
    has_pre_masters: bool,
    /// Master secrets of sessions that a private key opened, by the digest of what resumes them: session or ticket.
    learned: RefCell<BTreeMap<[u8; 32], Vec<u8>>>,
}

/// Counts only.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Secrets({} connections, {} private keys)",
            self.by_random.len(),
            self.private_keys.len()
        )
    }
}

impl Secrets {
    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        self.by_random.is_empty()
            && self.masters_by_session.is_empty()
            && self.pre_masters.is_empty()
            && self.private_keys.is_empty()
    }

    /// Adds the lines of a key log. A line that is not understood is counted and left out.
    pub fn add_key_log(&mut self, text: &[u8]) -> KeyLogCount {
        let mut count = KeyLogCount::default();
        for line in text.split(|byte| *byte == b'\n') {
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            if self.connections() >= limits::KEY_LOG_CONNECTIONS {
                count.left_out = count.left_out.saturating_add(1);
            } else if self.add_line(line).is_some() {
                count.secrets = count.secrets.saturating_add(1);
            } else {
                count.other_lines = count.other_lines.saturating_add(1);
            }
        }
        count
    }

    /// Adds a server's RSA private key, up to [`limits::TLS_PRIVATE_KEYS`]; says whether there was room.
    pub fn add_private_key(&mut self, key: PrivateKey) -> bool {
        let room = self.private_keys.len() < limits::TLS_PRIVATE_KEYS;
        if room {
            self.private_keys.push(key);
        }
        room
    }

    /// The private keys.
    pub(super) fn private_keys(&self) -> &[PrivateKey] {
        &self.private_keys
    }

    /// The index of the private key whose modulus stands in this certificate.
    pub(super) fn private_key_of(&self, certificate: &[u8]) -> Option<usize> {
        self.private_keys.iter().position(|key| match key.public_key() {
            PublicKey::Rsa { modulus, .. } => {
                certificate.windows(modulus.len().max(1)).any(|window| window == modulus)
            }
            _ => false,
        })
    }

    /// Is there something that opens a connection only with the digest of its messages?
    pub(super) fn need_transcript(&self) -> bool {
        self.has_pre_masters || !self.private_keys.is_empty()
    }

    /// Is there a private key that opens sessions, and with them those that resume them?
    pub(super) fn may_learn(&self) -> bool {
        !self.private_keys.is_empty()
    }

    /// A session was opened, and this resumes it.
    pub(super) fn learn(&self, resumes: &[u8], master: &[u8]) {
        if let Ok(mut learned) = self.learned.try_borrow_mut()
            && !resumes.is_empty()
            && learned.len() < limits::KEY_LOG_CONNECTIONS
        {
            learned.insert(sha256(resumes), master.to_vec());
        }
    }

    /// The master secret of the session that this resumes.
    pub(super) fn learned(&self, resumes: &[u8]) -> Option<Vec<u8>> {
        self.learned.try_borrow().ok()?.get(&sha256(resumes)).cloned()
    }

    /// Is anything known of the connection with this client random?
    pub fn know(&self, client_random: &[u8; 32]) -> bool {
        self.by_random.contains_key(client_random)
    }

    /// What is known of the connection with this client random.
    pub(super) fn of(&self, client_random: &[u8; 32]) -> Option<&ConnectionSecrets> {
        self.by_random.get(client_random)
    }

    /// The master secret of a session.
    pub(super) fn master_of_session(&self, session_id: &[u8]) -> Option<&[u8]> {
        if session_id.is_empty() {
            return None;
        }
        self.masters_by_session.get(session_id).map(Vec::as_slice)
    }

    /// The pre-master secret whose encrypted form begins with these bytes.
    pub(super) fn pre_master_of(&self, encrypted: &[u8]) -> Option<&[u8]> {
        let start: [u8; 8] = encrypted.get(..8)?.try_into().ok()?;
        self.pre_masters.get(&start).map(Vec::as_slice)
    }

    fn connections(&self) -> usize {
        self.by_random
            .len()
            .saturating_add(self.masters_by_session.len())
            .saturating_add(self.pre_masters.len())
    }

    fn add_line(&mut self, line: &[u8]) -> Option<()> {
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let (label, first, second) = (words.next()?, words.next()?, words.next());
        if words.next().is_some() {
            return None;
        }
        if label == b"RSA" {
            return self.add_rsa(first, second?);
        }
        let random: [u8; 32] = unhex(first)?.try_into().ok()?;
        let secret = unhex(second?)?;
        // A master secret has 48 bytes; secrets of TLS 1.3 are as long as the hash of the suite.
        let length_fits = match label {
            b"CLIENT_RANDOM" => secret.len() == 48,
            b"PMS_CLIENT_RANDOM" => !secret.is_empty() && secret.len() <= 1024,
            _ => matches!(secret.len(), 32 | 48),
        };
        if !length_fits {
            return None;
        }
        // Labels that are not used must not make an entry.
        let slot: fn(&mut ConnectionSecrets) -> &mut Option<Vec<u8>> = match label {
            b"CLIENT_RANDOM" => |secrets| &mut secrets.master,
            b"PMS_CLIENT_RANDOM" => |secrets| &mut secrets.pre_master,
            b"CLIENT_EARLY_TRAFFIC_SECRET" => |secrets| &mut secrets.client_early,
            b"CLIENT_HANDSHAKE_TRAFFIC_SECRET" => |secrets| &mut secrets.client_handshake,
            b"SERVER_HANDSHAKE_TRAFFIC_SECRET" => |secrets| &mut secrets.server_handshake,
            b"CLIENT_TRAFFIC_SECRET_0" => |secrets| &mut secrets.client_application,
            b"SERVER_TRAFFIC_SECRET_0" => |secrets| &mut secrets.server_application,
            _ => return None,
        };
        self.has_pre_masters |= label == b"PMS_CLIENT_RANDOM";
        *slot(self.by_random.entry(random).or_default()) = Some(secret);
        Some(())
    }

    /// `RSA <8 bytes of the encrypted secret> <secret>`, and what `openssl s_client` prints, as Wireshark takes it:
    /// `RSA Session-ID:<id> Master-Key:<secret>`.
    fn add_rsa(&mut self, first: &[u8], second: &[u8]) -> Option<()> {
        if let Some(session) = first.strip_prefix(b"Session-ID:") {
            let master = unhex(second.strip_prefix(b"Master-Key:")?)?;
            let session = unhex(session)?;
            if master.len() != 48 || session.is_empty() || session.len() > 32 {
                return None;
            }
            self.masters_by_session.insert(session, master);
            return Some(());
        }
        let start: [u8; 8] = unhex(first)?.try_into().ok()?;
        let secret = unhex(second)?;
        if secret.len() != 48 {
            return None;
        }
        self.has_pre_masters = true;
        self.pre_masters.insert(start, secret);
        Some(())
    }
}

/// Does this text hold a key log? Comments may stand in front; the first line that is none decides.
pub fn looks_like_key_log(text: &[u8]) -> bool {
    let first = text
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .find(|line| !line.is_empty() && !line.starts_with(b"#"));
    let Some(first) = first else { return false };
    let mut words = first.split(|byte| *byte == b' ');
    let (Some(label), Some(value)) = (words.next(), words.next()) else { return false };
    match label {
        b"RSA" => value.starts_with(b"Session-ID:") || value.len() == 16 && unhex(value).is_some(),
        b"CLIENT_RANDOM" | b"PMS_CLIENT_RANDOM" => {
            unhex(value).is_some_and(|value| value.len() == 32)
        }
        _ => {
            let label_fits = [&b"_TRAFFIC_SECRET"[..], b"_TRAFFIC_SECRET_0", b"EXPORTER_SECRET"]
                .iter()
                .any(|end| label.ends_with(end));
            label_fits && unhex(value).is_some_and(|value| value.len() == 32)
        }
    }
}

fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    text.chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: &str = "6ca447e9f67eba33f57e820cdfddb8c0c82f313e3afee4e2a0f1433ceeff7ee4";

    fn random() -> [u8; 32] {
        unhex(RANDOM.as_bytes()).unwrap().try_into().unwrap()
    }

    #[test]
    fn lines_of_every_label() {
        let mut secrets = Secrets::default();
        let text = format!(
            "# comment\r\nCLIENT_RANDOM {RANDOM} {}\r\n\nSERVER_HANDSHAKE_TRAFFIC_SECRET {RANDOM} {}\n\
             EXPORTER_SECRET {RANDOM} {}\nRSA 0102030405060708 {}\nRSA Session-ID:0a0b Master-Key:{}\nnoise",
            "11".repeat(48),
            "22".repeat(32),
            "33".repeat(32),
            "44".repeat(48),
            "55".repeat(48)
        );
        let count = secrets.add_key_log(text.as_bytes());
        assert_eq!(count, KeyLogCount { secrets: 4, other_lines: 2, left_out: 0 });
        let found = secrets.of(&random()).unwrap();
        assert_eq!(found.master, Some(vec![0x11; 48]));
        assert_eq!(found.server_handshake, Some(vec![0x22; 32]));
        assert_eq!(secrets.pre_master_of(&[1, 2, 3, 4, 5, 6, 7, 8, 9]), Some(&[0x44; 48][..]));
        assert_eq!(secrets.master_of_session(&[0x0a, 0x0b]), Some(&[0x55; 48][..]));
        assert_eq!(format!("{secrets:?}"), "Secrets(1 connections, 0 private keys)");
    }

    #[test]
    fn lines_that_hold_no_secret() {
        let mut secrets = Secrets::default();
        for line in [
            format!("CLIENT_RANDOM {RANDOM}"),
            format!("CLIENT_RANDOM {RANDOM} {}", "11".repeat(47)),
            format!("CLIENT_RANDOM {} {}", &RANDOM[2..], "11".repeat(48)),
            format!("CLIENT_RANDOM {RANDOM} {} more", "11".repeat(48)),
            format!("CLIENT_RANDOM {RANDOM} {}g", "11".repeat(48)),
            format!("SERVER_TRAFFIC_SECRET_0 {RANDOM} {}", "11".repeat(33)),
        ] {
            assert_eq!(secrets.add_key_log(line.as_bytes()).other_lines, 1, "{line}");
        }
        assert!(secrets.is_empty());
    }

    #[test]
    fn key_logs_are_told_from_text() {
        let line = format!("CLIENT_HANDSHAKE_TRAFFIC_SECRET {RANDOM} {}", "11".repeat(32));
        assert!(looks_like_key_log(format!("# a\n\n{line}\n").as_bytes()));
        assert!(looks_like_key_log(b"RSA Session-ID:00 Master-Key:11"));
        assert!(!looks_like_key_log(b"CLIENT_RANDOM is the label"));
        assert!(!looks_like_key_log(b"# only a comment"));
        assert!(!looks_like_key_log(b""));
    }
}
