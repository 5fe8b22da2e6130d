//! The `trust` section: CA certificates, a trust list, pinned leaves.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fields::Fields;
use super::json::Node;
use super::problem::Problems;
use crate::limits;

/// What an origin's certificate may be trusted by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// CA certificates, DER, in the order of the PEM text.
    pub ca: Vec<Vec<u8>>,
    /// The bytes of an ITL or CTL.
    pub trust_list: Option<Vec<u8>>,
    /// SHA-256 of leaf certificates (DER) that are trusted as they are.
    pub leaf_sha256: Vec<[u8; 32]>,
}

const HASH_FORM: &str = "64 hexadecimal digits, the SHA-256 of a certificate in DER";
const PEM_FORM: &str = "PEM text with at least one CERTIFICATE block";
const LIST_FORM: &str =
    "an ITL or CTL in base64 (RFC 4648 section 4, with padding; line ends are skipped)";

impl Trust {
    pub(crate) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Self {
        let mut trust = Self::default();
        if let Some(text) = fields.text("ca_pem", PEM_FORM, problems) {
            match certificates(text) {
                Ok(certificates) => trust.ca = certificates,
                Err(error) => problems.add(&fields.path_of("ca_pem"), error),
            }
        }
        if let Some(text) = fields.text("itl_base64", LIST_FORM, problems) {
            match trust_list(text) {
                Ok(bytes) => trust.trust_list = Some(bytes),
                Err(error) => {
                    problems.add(
                        &fields.path_of("itl_base64"),
                        format!("{error}; allowed: {LIST_FORM}"),
                    );
                }
            }
        }
        for (path, node) in fields.list("leaf_sha256", "a list of hashes", problems) {
            let hash = match node {
                Node::Text(text) => hash(text),
                _ => None,
            };
            match hash {
                Some(hash) => trust.leaf_sha256.push(hash),
                None => problems.wrong(&path, node, HASH_FORM),
            }
        }
        trust
    }

    /// Whether nothing at all is trusted.
    pub fn is_empty(&self) -> bool {
        self.ca.is_empty() && self.trust_list.is_none() && self.leaf_sha256.is_empty()
    }
}

fn hash(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut hash = [0; 32];
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(hash)
}

fn trust_list(text: &str) -> Result<Vec<u8>, String> {
    let bytes = decode(text)?;
    if bytes.is_empty() {
        return Err("nothing stands there".to_owned());
    }
    if bytes.len() > limits::TRUST_LIST_BYTES {
        return Err(format!(
            "{} bytes stand there, more than {}",
            bytes.len(),
            limits::TRUST_LIST_BYTES
        ));
    }
    Ok(bytes)
}

/// The certificates of a PEM text (RFC 7468), DER. Text around the blocks is skipped; any other kind of block is an
/// error, a private key above all: it does not belong into a proxy's configuration dump.
pub(crate) fn certificates(text: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &str, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let line = line.trim();
        if let Some(label) =
            line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----"))
        {
            if open.is_some() {
                return Err(format!(
                    "line {number}: a block begins inside another; allowed: {PEM_FORM}"
                ));
            }
            if label.contains("PRIVATE KEY") {
                return Err(format!(
                    "line {number}: a private key stands there (not repeated here); allowed: {PEM_FORM}"
                ));
            }
            if label != "CERTIFICATE"
                && label != "TRUSTED CERTIFICATE"
                && label != "X509 CERTIFICATE"
            {
                return Err(format!(
                    "line {number}: a block of another kind begins; allowed: {PEM_FORM}"
                ));
            }
            open = Some((number, label, String::new()));
        } else if line.starts_with("-----END ") {
            let Some((begin, label, body)) = open.take() else {
                return Err(format!(
                    "line {number}: a block ends that did not begin; allowed: {PEM_FORM}"
                ));
            };
            if line.strip_prefix("-----END ").and_then(|rest| rest.strip_suffix("-----"))
                != Some(label)
            {
                return Err(format!(
                    "line {number}: the block of line {begin} ends otherwise than it begins; allowed: {PEM_FORM}"
                ));
            }
            let der = decode(&body)
                .map_err(|error| format!("block in line {begin}: {error}; allowed: {PEM_FORM}"))?;
            check_certificate(&der)
                .map_err(|error| format!("block in line {begin}: {error}; allowed: {PEM_FORM}"))?;
            if found.len() == limits::CA_CERTIFICATES {
                return Err(format!(
                    "more than {} certificates stand there",
                    limits::CA_CERTIFICATES
                ));
            }
            found.push(der);
        } else if let Some((_, _, body)) = &mut open {
            body.push_str(line);
        }
    }
    if let Some((begin, _, _)) = open {
        return Err(format!("block in line {begin}: does not end; allowed: {PEM_FORM}"));
    }
    if found.is_empty() {
        return Err(format!("no certificate stands there; allowed: {PEM_FORM}"));
    }
    Ok(found)
}

/// Whether the bytes are one DER SEQUENCE without rest (RFC 5280 section 4.1).
fn check_certificate(der: &[u8]) -> Result<(), String> {
    if der.len() > limits::CERTIFICATE_BYTES {
        return Err(format!("{} bytes, more than {}", der.len(), limits::CERTIFICATE_BYTES));
    }
    let length = match der {
        [0x30, length @ 0..=0x7f, ..] => usize::from(*length) + 2,
        [0x30, 0x81, length, ..] => usize::from(*length) + 3,
        [0x30, 0x82, high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])) + 4,
        _ => return Err("no certificate in DER".to_owned()),
    };
    if length == der.len() {
        Ok(())
    } else {
        Err(format!("says {length} bytes, but {} are there", der.len()))
    }
}

fn decode(text: &str) -> Result<Vec<u8>, String> {
    let compact: String =
        text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    STANDARD.decode(compact).map_err(|error| format!("no base64: {error}"))
}
