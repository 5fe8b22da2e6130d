//! A signed file: header, what its body is, digest of what is signed.
//!
//! The body starts at HEADERLENGTH and runs to the end of the file, whatever its first byte is: padding bytes (0x0D)
//! belong to the header only, so a body may begin with a carriage return. Source: formats.md sections 5 to 7.

use serde::{Deserialize, Serialize};

use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::report::model::SignedContent;
use crate::sgn::configuration::{self, Configuration};
use crate::tlv::field::{Problems, Weight};
use crate::tlv::header::SignedHeader;
use crate::trustlist::verify::digest_algorithm;

/// Bytes of one AES block, the unit of an encrypted body.
pub(super) const CIPHER_BLOCK: usize = 16;

/// A signed file as read; says nothing about trust (see [`crate::sgn::verify`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedFile {
    /// The signed header.
    pub header: SignedHeader,
    /// What the body is, by header and body, never by a name.
    pub content: SignedContent,
    /// Offset of the body: HEADERLENGTH, at most the length of the file. Without a readable HEADERLENGTH, the offset
    /// behind the last header byte that was understood.
    pub body_offset: u64,
    /// Bytes from `body_offset` to the end.
    pub body_length: u64,
    /// Digest of the signed bytes (all but the SIGNATURE element) by the header's algorithm; `None` when the
    /// algorithm or the signature's place is not known.
    #[serde(with = "serde_bytes")]
    pub signed_digest: Option<Vec<u8>>,
    /// What the configuration in the body says; only for [`SignedContent::Configuration`] that is well-formed.
    pub configuration: Option<Configuration>,
    /// The encrypted body; `None` above [`limits::CONFIGURATION_BYTES`] and for other content.
    #[serde(with = "serde_bytes")]
    pub cipher_text: Option<Vec<u8>>,
    /// What could not be read, or is odd, in the body; the header has its own list.
    pub problems: Problems,
}

impl SignedFile {
    /// Reads as much of a signed file as there is. Never fails: what is wrong stands in the problem lists of header
    /// and body (A5, A6).
    pub fn read(bytes: &[u8]) -> Self {
        let header = SignedHeader::read(bytes);
        let mut problems = Problems::default();
        let start = header
            .body_offset()
            .unwrap_or_else(|| usize::try_from(header.end).unwrap_or(usize::MAX))
            .min(bytes.len());
        let body = bytes.get(start..).unwrap_or_default();
        let body_offset = start as u64;
        let content = content_of(&header, body);
        let signed_digest = header
            .digest_code
            .and_then(digest_algorithm)
            .zip(header.signed_pieces(bytes))
            .map(|(hash, pieces)| hash.digest(&pieces));
        if body.is_empty() {
            problems.odd(body_offset, "body", "the file ends behind its header: there is no body");
        }
        let mut configuration = None;
        if content == SignedContent::Configuration {
            match Configuration::read(body, body_offset) {
                Ok(mut read) => {
                    let named = header.filename.as_ref().map(|text| text.text.as_str());
                    read.device =
                        named.and_then(crate::names::device::device_of_file).or(read.device);
                    configuration = Some(read);
                }
                Err(error) => problems.push(Weight::Oddity, error),
            }
        }
        let mut cipher_text = None;
        if content == SignedContent::Encrypted {
            if body.len() > limits::CONFIGURATION_BYTES {
                let limit = limits::CONFIGURATION_BYTES as u64;
                let error = ParseError::new(body_offset, "body", ErrorKind::TooLarge { limit });
                problems.push(Weight::Oddity, error);
            } else {
                if !body.len().is_multiple_of(CIPHER_BLOCK) {
                    problems.odd(
                        body_offset,
                        "body",
                        format!(
                            "{} encrypted bytes are no whole number of {CIPHER_BLOCK}-byte blocks",
                            body.len()
                        ),
                    );
                }
                cipher_text = Some(body.to_vec());
            }
        }
        Self {
            header,
            content,
            body_offset,
            body_length: body.len() as u64,
            signed_digest,
            configuration,
            cipher_text,
            problems,
        }
    }

    /// Header or body are damaged: nothing in the file can be called verified.
    pub fn is_damaged(&self) -> bool {
        self.first_damage().is_some()
    }

    /// The first damage of header or body.
    pub fn first_damage(&self) -> Option<&ParseError> {
        self.header.problems.first_damage().or_else(|| self.problems.first_damage())
    }

    /// FILENAME of the header; empty when it is absent.
    pub fn filename(&self) -> &str {
        self.header.filename.as_ref().map_or("", |text| text.text.as_str())
    }
}

/// What the body is. Firmware comes first: its signing rule is not public, so no other sign may promise more.
fn content_of(header: &SignedHeader, body: &[u8]) -> SignedContent {
    if has_placeholder_signer(header)
        || body.starts_with(b"CNU_File_Archive")
        || body.starts_with(b"TiZp")
    {
        SignedContent::Firmware
    } else if header.encryption.is_some() {
        SignedContent::Encrypted
    } else if configuration::looks_like_configuration(body) {
        SignedContent::Configuration
    } else {
        SignedContent::Other
    }
}

/// Signed firmware names no certificate: `CN=someSigner;OU=someOrgUnit;O=someOrg`, or `PT=..;KT=..;U1=..` in
/// `.cop.sgn` files (formats.md section 7).
fn has_placeholder_signer(header: &SignedHeader) -> bool {
    let name = header.signer_name.as_ref().map_or("", |text| text.text.as_str());
    name == "CN=someSigner"
        || name.starts_with("CN=someSigner;")
        || (name.starts_with("PT=") && name.contains(";KT="))
}
