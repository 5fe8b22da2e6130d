//! FUNCTION of a record: what the certificate may do.

use core::fmt;

use serde::{Deserialize, Serialize};

/// FUNCTION (tag 4), two bytes big-endian; also the roles of TVS answers. Source: formats.md 3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Role(pub u16);

impl Role {
    /// Signs trust lists.
    pub const SAST: Self = Self(0);
    /// CallManager service.
    pub const CCM: Self = Self(1);
    /// CallManager service and TFTP signer (CUCM 8 to 11).
    pub const CCM_TFTP: Self = Self(2);
    /// TFTP signer.
    pub const TFTP: Self = Self(3);
    /// Issues phone certificates.
    pub const CAPF: Self = Self(4);
    /// Survivable remote site telephony.
    pub const SRST: Self = Self(5);
    /// HTTPS server of an application.
    pub const HTTPS: Self = Self(7);
    /// Trust verification service.
    pub const TVS: Self = Self(21);

    /// The words of `show itl`; a number for codes that are not known.
    pub fn function(self) -> String {
        match self.name() {
            Some(name) => name.to_owned(),
            None => self.0.to_string(),
        }
    }

    /// The words of `show itl`, for known codes.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::SAST => "System Administrator Security Token",
            Self::CCM => "CCM",
            Self::CCM_TFTP => "CCM+TFTP",
            Self::TFTP => "TFTP",
            Self::CAPF => "CAPF",
            Self::SRST => "SRST",
            Self::HTTPS => "HTTPS",
            Self::TVS => "TVS",
            _ => return None,
        })
    }

    /// May sign files that phones fetch: configurations, tones, dial plans.
    pub fn signs_files(self) -> bool {
        matches!(self, Self::CCM_TFTP | Self::TFTP)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.function())
    }
}
