//! Alerts: how one side tells the other that it refuses, and why (RFC 8446 section 6, RFC 5246 section 7.2).

use serde::{Deserialize, Serialize};

use crate::proto::{Place, Side};

/// How bad an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// 1: the connection may go on.
    Warning,
    /// 2: the connection is over.
    Fatal,
    /// Any other number.
    Other(u8),
}

impl Level {
    /// From the byte on the wire.
    pub fn from_code(code: u8) -> Self {
        match code {
            1 => Self::Warning,
            2 => Self::Fatal,
            other => Self::Other(other),
        }
    }

    /// As the report shows it.
    pub fn name(self) -> String {
        match self {
            Self::Warning => "warning".to_owned(),
            Self::Fatal => "fatal".to_owned(),
            Self::Other(code) => code.to_string(),
        }
    }
}

/// What an alert says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlertContent {
    /// It can be read.
    Plain {
        /// How bad.
        level: Level,
        /// The number of the description.
        description: u8,
    },
    /// It is encrypted, and its record says that it is an alert.
    Encrypted,
    /// TLS 1.3 hides what a record is. This one is as long as an alert and stands where the handshake's last message
    /// would be longer: an alert, though nobody without the keys can prove it.
    Presumed,
}

/// One alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Who sent it.
    pub from: Side,
    /// What it says.
    pub content: AlertContent,
    /// The packet that completes it.
    pub at: Place,
}

impl Alert {
    /// The description's name; `None` when it cannot be read, or has none.
    pub fn description(&self) -> Option<&'static str> {
        match self.content {
            AlertContent::Plain { description, .. } => name(description),
            AlertContent::Encrypted | AlertContent::Presumed => None,
        }
    }

    /// It can be read, and the connection ends by it.
    pub fn is_fatal(&self) -> bool {
        matches!(self.content, AlertContent::Plain { level: Level::Fatal, .. })
    }
}

/// Name of a description, as the registry of IANA has it.
pub fn name(description: u8) -> Option<&'static str> {
    Some(match description {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        21 => "decryption_failed",
        22 => "record_overflow",
        30 => "decompression_failure",
        40 => "handshake_failure",
        41 => "no_certificate",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        52 => "too_many_cids_requested",
        60 => "export_restriction",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        100 => "no_renegotiation",
        109 => "missing_extension",
        110 => "unsupported_extension",
        111 => "certificate_unobtainable",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        114 => "bad_certificate_hash_value",
        115 => "unknown_psk_identity",
        116 => "certificate_required",
        120 => "no_application_protocol",
        _ => return None,
    })
}
