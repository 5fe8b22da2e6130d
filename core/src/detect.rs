//! What an input is, told by its content, never by its name.

use crate::proto::tls;
use crate::report::model::InputKind;
use crate::sgn::configuration;
use crate::tlv::header::{self, SignedHeader};

/// What the bytes look like by their first bytes. Certificates and keys share their containers and may stand
/// anywhere in a text: they answer [`InputKind::Unknown`] here, and [`crate::artifact`] looks for them.
pub fn kind(bytes: &[u8]) -> InputKind {
    if bytes.is_empty() {
        InputKind::Empty
    } else if header::looks_like_header(bytes) {
        signed_kind(bytes)
    } else if tls::looks_like_key_log(bytes) {
        InputKind::KeyLog
    } else if configuration::looks_like_configuration(bytes) {
        InputKind::Configuration
    } else {
        InputKind::Unknown
    }
}

/// Trust list or signed file: by the name in the header, else by what stands behind the header.
fn signed_kind(bytes: &[u8]) -> InputKind {
    let header = SignedHeader::read(bytes);
    if let Some(name) = &header.filename {
        let name = name.text.to_ascii_lowercase();
        if name.ends_with(".tlv") {
            return InputKind::TrustList;
        }
        if name.ends_with(".sgn") || name.ends_with(".sbn") {
            return InputKind::SignedFile;
        }
    }
    let body = header.body_offset().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
    if header.encryption.is_some() {
        return InputKind::SignedFile;
    }
    // A record begins with RECORDLENGTH, two bytes long.
    if body.starts_with(&[1, 0, 2]) {
        return InputKind::TrustList;
    }
    match header.version {
        // Trust lists are written as 1.2, signed files as 1.0, 1.1 or 2.0 (formats.md section 2).
        Some((1, 2..)) | None => InputKind::TrustList,
        Some(_) if body.is_empty() && header.filename.is_some() => InputKind::TrustList,
        Some(_) => InputKind::SignedFile,
    }
}
