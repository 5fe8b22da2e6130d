//! The products whose judgement is repeated: their rules, their error numbers and their words.

use core::fmt;
use core::str::FromStr;

/// A product, or the library inside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// OpenSSL 1.1.1 with its default flags.
    OpenSsl111,
    /// OpenSSL 3.0 with its default flags.
    #[default]
    OpenSsl30,
    /// OpenSSL 3.0 with X509_STRICT and PARTIAL_CHAIN, and wildcards in names only as whole labels.
    OpenSsl30Strict,
    /// Apache Traffic Server 8.1 over OpenSSL 1.1.1: its own rules for names, depth 7.
    TrafficServer8,
    /// Apache Traffic Server 9 over OpenSSL 1.1.1: its own rules for names, depth 7.
    TrafficServer9,
}

/// Every profile, as the command line lists them.
pub const PROFILES: [Profile; 5] = [
    Profile::OpenSsl111,
    Profile::OpenSsl30,
    Profile::OpenSsl30Strict,
    Profile::TrafficServer8,
    Profile::TrafficServer9,
];

/// The OpenSSL whose order of checks is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Generation {
    /// 1.1.1.
    One,
    /// 3.0.
    Three,
}

impl Profile {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenSsl111 => "openssl-1.1.1",
            Self::OpenSsl30 => "openssl-3.0",
            Self::OpenSsl30Strict => "openssl-3.0-strict",
            Self::TrafficServer8 => "traffic-server-8",
            Self::TrafficServer9 => "traffic-server-9",
        }
    }

    /// What `X509_verify_cert_error_string` of this version says about `code`.
    pub fn text(self, code: u32) -> &'static str {
        let entry = usize::try_from(code).ok().and_then(|index| TEXTS.get(index));
        match (self.generation(), entry) {
            (Generation::One, Some((old, _))) => old,
            (Generation::Three, Some((old, new))) => new.unwrap_or(old),
            (_, None) => UNKNOWN,
        }
    }

    pub(super) fn generation(self) -> Generation {
        match self {
            Self::OpenSsl111 | Self::TrafficServer8 | Self::TrafficServer9 => Generation::One,
            Self::OpenSsl30 | Self::OpenSsl30Strict => Generation::Three,
        }
    }

    /// X509_V_FLAG_X509_STRICT and X509_V_FLAG_PARTIAL_CHAIN.
    pub(super) fn is_strict(self) -> bool {
        self == Self::OpenSsl30Strict
    }

    pub(super) fn is_traffic_server(self) -> bool {
        matches!(self, Self::TrafficServer8 | Self::TrafficServer9)
    }

    /// Certificates between the leaf and its anchor that the product allows unless told otherwise:
    /// OpenSSL's default parameters, and `client_verify_depth` of Traffic Server.
    pub(super) fn usual_depth(self) -> u32 {
        if self.is_traffic_server() { 7 } else { 100 }
    }
}

/// The name on the command line.
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no profile's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownProfile(pub String);

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no profile; known are", self.0)?;
        for (index, profile) in PROFILES.iter().enumerate() {
            write!(f, "{} {profile}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl core::error::Error for UnknownProfile {}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        let found = PROFILES.into_iter().find(|profile| profile.name() == text);
        found.ok_or_else(|| UnknownProfile(text.to_owned()))
    }
}

/// Numbers of X509_V_ERR_*, as OpenSSL 3.0 numbers them. 1.1.1 numbers two otherwise: see [`number`].
pub(super) mod code {
    pub(in super::super) const UNSPECIFIED: u32 = 1;
    pub(in super::super) const UNABLE_TO_GET_ISSUER_CERT: u32 = 2;
    pub(in super::super) const UNABLE_TO_GET_CRL: u32 = 3;
    pub(in super::super) const UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: u32 = 6;
    pub(in super::super) const CERT_SIGNATURE_FAILURE: u32 = 7;
    pub(in super::super) const CRL_SIGNATURE_FAILURE: u32 = 8;
    pub(in super::super) const CERT_NOT_YET_VALID: u32 = 9;
    pub(in super::super) const CERT_HAS_EXPIRED: u32 = 10;
    pub(in super::super) const CRL_NOT_YET_VALID: u32 = 11;
    pub(in super::super) const CRL_HAS_EXPIRED: u32 = 12;
    pub(in super::super) const ERROR_IN_CERT_NOT_BEFORE_FIELD: u32 = 13;
    pub(in super::super) const ERROR_IN_CERT_NOT_AFTER_FIELD: u32 = 14;
    pub(in super::super) const ERROR_IN_CRL_LAST_UPDATE_FIELD: u32 = 15;
    pub(in super::super) const ERROR_IN_CRL_NEXT_UPDATE_FIELD: u32 = 16;
    pub(in super::super) const DEPTH_ZERO_SELF_SIGNED_CERT: u32 = 18;
    pub(in super::super) const SELF_SIGNED_CERT_IN_CHAIN: u32 = 19;
    pub(in super::super) const UNABLE_TO_GET_ISSUER_CERT_LOCALLY: u32 = 20;
    pub(in super::super) const UNABLE_TO_VERIFY_LEAF_SIGNATURE: u32 = 21;
    pub(in super::super) const CERT_CHAIN_TOO_LONG: u32 = 22;
    pub(in super::super) const CERT_REVOKED: u32 = 23;
    pub(in super::super) const NO_ISSUER_PUBLIC_KEY: u32 = 24;
    pub(in super::super) const PATH_LENGTH_EXCEEDED: u32 = 25;
    pub(in super::super) const INVALID_PURPOSE: u32 = 26;
    pub(in super::super) const SUBJECT_ISSUER_MISMATCH: u32 = 29;
    pub(in super::super) const AKID_SKID_MISMATCH: u32 = 30;
    pub(in super::super) const AKID_ISSUER_SERIAL_MISMATCH: u32 = 31;
    pub(in super::super) const KEYUSAGE_NO_CERTSIGN: u32 = 32;
    pub(in super::super) const UNHANDLED_CRITICAL_EXTENSION: u32 = 34;
    pub(in super::super) const KEYUSAGE_NO_CRL_SIGN: u32 = 35;
    pub(in super::super) const UNHANDLED_CRITICAL_CRL_EXTENSION: u32 = 36;
    pub(in super::super) const INVALID_NON_CA: u32 = 37;
    pub(in super::super) const PROXY_PATH_LENGTH_EXCEEDED: u32 = 38;
    pub(in super::super) const KEYUSAGE_NO_DIGITAL_SIGNATURE: u32 = 39;
    pub(in super::super) const PROXY_CERTIFICATES_NOT_ALLOWED: u32 = 40;
    pub(in super::super) const DIFFERENT_CRL_SCOPE: u32 = 44;
    pub(in super::super) const PERMITTED_VIOLATION: u32 = 47;
    pub(in super::super) const EXCLUDED_VIOLATION: u32 = 48;
    pub(in super::super) const SUBTREE_MINMAX: u32 = 49;
    pub(in super::super) const UNSUPPORTED_CONSTRAINT_TYPE: u32 = 51;
    pub(in super::super) const UNSUPPORTED_NAME_SYNTAX: u32 = 53;
    pub(in super::super) const HOSTNAME_MISMATCH: u32 = 62;
    pub(in super::super) const EMAIL_MISMATCH: u32 = 63;
    pub(in super::super) const IP_ADDRESS_MISMATCH: u32 = 64;
    pub(in super::super) const EE_KEY_TOO_SMALL: u32 = 66;
    pub(in super::super) const CA_KEY_TOO_SMALL: u32 = 67;
    pub(in super::super) const CA_MD_TOO_WEAK: u32 = 68;
    pub(in super::super) const PROXY_SUBJECT_NAME_VIOLATION: u32 = 72;
    pub(in super::super) const UNSUPPORTED_SIGNATURE_ALGORITHM: u32 = 76;
    pub(in super::super) const SIGNATURE_ALGORITHM_MISMATCH: u32 = 77;
    pub(in super::super) const SIGNATURE_ALGORITHM_INCONSISTENCY: u32 = 78;
    pub(in super::super) const INVALID_CA: u32 = 79;
    pub(in super::super) const PATHLEN_INVALID_FOR_NON_CA: u32 = 80;
    pub(in super::super) const PATHLEN_WITHOUT_KU_KEY_CERT_SIGN: u32 = 81;
    pub(in super::super) const KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA: u32 = 82;
    pub(in super::super) const ISSUER_NAME_EMPTY: u32 = 83;
    pub(in super::super) const SUBJECT_NAME_EMPTY: u32 = 84;
    pub(in super::super) const MISSING_AUTHORITY_KEY_IDENTIFIER: u32 = 85;
    pub(in super::super) const MISSING_SUBJECT_KEY_IDENTIFIER: u32 = 86;
    pub(in super::super) const EMPTY_SUBJECT_ALT_NAME: u32 = 87;
    pub(in super::super) const EMPTY_SUBJECT_SAN_NOT_CRITICAL: u32 = 88;
    pub(in super::super) const CA_BCONS_NOT_CRITICAL: u32 = 89;
    pub(in super::super) const CA_CERT_MISSING_KEY_USAGE: u32 = 92;
    pub(in super::super) const EXTENSIONS_REQUIRE_VERSION_3: u32 = 93;
    pub(in super::super) const EC_KEY_EXPLICIT_PARAMS: u32 = 94;
}

/// The number that the OpenSSL of `generation` gives to the error that 3.0 calls `code`
/// (x509.md section 6, "Numbering traps").
pub(super) fn number(generation: Generation, code: u32) -> u32 {
    match (generation, code) {
        (Generation::One, code::INVALID_CA) => 24,
        (Generation::One, code::EC_KEY_EXPLICIT_PARAMS) => 79,
        _ => code,
    }
}

/// The number, as OpenSSL 3.0 has it, of an error that a log names by its text, in the words of any version; blanks,
/// hyphens and case do not count. `None` for a text that is in no version.
pub fn number_of_text(text: &str) -> Option<u32> {
    let is = |known: &str| known != UNKNOWN && letters(known).eq(letters(text));
    let index = TEXTS.iter().position(|(old, new)| is(old) || new.is_some_and(is))?;
    let number = u32::try_from(index).ok()?;
    // 1.1.1 says "invalid CA certificate" where it counts 24; 3.0 counts 79, and 24 says something else.
    let is_invalid_ca = number == 24 && letters(text).eq(letters("invalid CA certificate"));
    Some(if is_invalid_ca { code::INVALID_CA } else { number })
}

fn letters(text: &str) -> impl Iterator<Item = u8> {
    let letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'-');
    letters.map(|byte| byte.to_ascii_lowercase())
}

const UNKNOWN: &str = "unknown certificate verification error";

/// The texts by number: of 1.1.1, and of 3.0 where it says something else (measured with 1.1.1l and 3.0.19,
/// x509.md section 6).
const TEXTS: [(&str, Option<&str>); 95] = [
    ("ok", None),
    ("unspecified certificate verification error", None),
    ("unable to get issuer certificate", None),
    ("unable to get certificate CRL", None),
    ("unable to decrypt certificate's signature", None),
    ("unable to decrypt CRL's signature", None),
    ("unable to decode issuer public key", None),
    ("certificate signature failure", None),
    ("CRL signature failure", None),
    ("certificate is not yet valid", None),
    ("certificate has expired", None),
    ("CRL is not yet valid", None),
    ("CRL has expired", None),
    ("format error in certificate's notBefore field", None),
    ("format error in certificate's notAfter field", None),
    ("format error in CRL's lastUpdate field", None),
    ("format error in CRL's nextUpdate field", None),
    ("out of memory", None),
    ("self signed certificate", Some("self-signed certificate")),
    (
        "self signed certificate in certificate chain",
        Some("self-signed certificate in certificate chain"),
    ),
    ("unable to get local issuer certificate", None),
    ("unable to verify the first certificate", None),
    ("certificate chain too long", None),
    ("certificate revoked", None),
    ("invalid CA certificate", Some("issuer certificate doesn't have a public key")),
    ("path length constraint exceeded", None),
    ("unsupported certificate purpose", Some("unsuitable certificate purpose")),
    ("certificate not trusted", None),
    ("certificate rejected", None),
    ("subject issuer mismatch", None),
    ("authority and subject key identifier mismatch", None),
    ("authority and issuer serial number mismatch", None),
    ("key usage does not include certificate signing", None),
    ("unable to get CRL issuer certificate", None),
    ("unhandled critical extension", None),
    ("key usage does not include CRL signing", None),
    ("unhandled critical CRL extension", None),
    ("invalid non-CA certificate (has CA markings)", None),
    ("proxy path length constraint exceeded", None),
    ("key usage does not include digital signature", None),
    ("proxy certificates not allowed, please set the appropriate flag", None),
    ("invalid or inconsistent certificate extension", None),
    ("invalid or inconsistent certificate policy extension", None),
    ("no explicit policy", None),
    ("Different CRL scope", Some("different CRL scope")),
    ("Unsupported extension feature", Some("unsupported extension feature")),
    ("RFC 3779 resource not subset of parent's resources", None),
    ("permitted subtree violation", None),
    ("excluded subtree violation", None),
    ("name constraints minimum and maximum not supported", None),
    ("application verification failure", None),
    ("unsupported name constraint type", None),
    ("unsupported or invalid name constraint syntax", None),
    ("unsupported or invalid name syntax", None),
    ("CRL path validation error", None),
    ("Path Loop", Some("path loop")),
    ("Suite B: certificate version invalid", None),
    ("Suite B: invalid public key algorithm", None),
    ("Suite B: invalid ECC curve", None),
    ("Suite B: invalid signature algorithm", None),
    ("Suite B: curve not allowed for this LOS", None),
    ("Suite B: cannot sign P-384 with P-256", None),
    ("Hostname mismatch", Some("hostname mismatch")),
    ("Email address mismatch", Some("email address mismatch")),
    ("IP address mismatch", None),
    ("No matching DANE TLSA records", Some("no matching DANE TLSA records")),
    ("EE certificate key too weak", None),
    ("CA certificate key too weak", None),
    ("CA signature digest algorithm too weak", None),
    ("Invalid certificate verification context", Some("invalid certificate verification context")),
    ("Issuer certificate lookup error", Some("issuer certificate lookup error")),
    ("Certificate Transparency required, but no valid SCTs found", None),
    ("proxy subject name violation", None),
    ("OCSP verification needed", None),
    ("OCSP verification failed", None),
    ("OCSP unknown cert", None),
    (UNKNOWN, Some("Cannot find certificate signature algorithm")),
    (UNKNOWN, Some("subject signature algorithm and issuer public key algorithm mismatch")),
    (UNKNOWN, Some("cert info signature and signature algorithm mismatch")),
    ("Certificate public key has explicit ECC parameters", Some("invalid CA certificate")),
    (UNKNOWN, Some("Path length invalid for non-CA cert")),
    (UNKNOWN, Some("Path length given without key usage keyCertSign")),
    (UNKNOWN, Some("Key usage keyCertSign invalid for non-CA cert")),
    (UNKNOWN, Some("Issuer name empty")),
    (UNKNOWN, Some("Subject name empty")),
    (UNKNOWN, Some("Missing Authority Key Identifier")),
    (UNKNOWN, Some("Missing Subject Key Identifier")),
    (UNKNOWN, Some("Empty Subject Alternative Name extension")),
    (UNKNOWN, Some("Subject empty and Subject Alt Name extension not critical")),
    (UNKNOWN, Some("Basic Constraints of CA cert not marked critical")),
    (UNKNOWN, Some("Authority Key Identifier marked critical")),
    (UNKNOWN, Some("Subject Key Identifier marked critical")),
    (UNKNOWN, Some("CA cert does not include key usage extension")),
    (UNKNOWN, Some("Using cert extension requires at least X509v3")),
    (UNKNOWN, Some("Certificate public key has explicit ECC parameters")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_version_has_its_number() {
        for (text, number) in [
            ("self signed certificate", 18),
            ("self-signed certificate", 18),
            ("self signed certificate in certificate  chain", 19),
            ("unable to get local issuer certifi cate", 20),
            ("Certificate has expired", 10),
            ("invalid CA certificate", 79),
            ("issuer certificate doesn't have a public key", 24),
            ("unsuitable certificate purpose", 26),
            ("EE certificate key too weak", 66),
        ] {
            assert_eq!(number_of_text(text), Some(number), "{text}");
        }
        for other in ["", "ok then", "self signed", UNKNOWN] {
            assert_eq!(number_of_text(other), None, "{other}");
        }
    }

    #[test]
    fn the_same_error_in_the_words_of_each_version() {
        let (old, new) = (Profile::TrafficServer9, Profile::OpenSsl30);
        assert_eq!(old.text(18), "self signed certificate");
        assert_eq!(new.text(18), "self-signed certificate");
        assert_eq!(old.text(number(Generation::One, code::INVALID_CA)), "invalid CA certificate");
        assert_eq!(new.text(code::INVALID_CA), "invalid CA certificate");
        assert_eq!(old.text(10), new.text(10));
        assert_eq!(old.text(85), UNKNOWN);
        assert_eq!(new.text(85), "Missing Authority Key Identifier");
        assert_eq!(new.text(1000), UNKNOWN);
    }

    #[test]
    fn profiles_go_by_their_names() {
        for profile in PROFILES {
            assert_eq!(profile.name().parse(), Ok(profile));
        }
        assert!(
            "openssl".parse::<Profile>().unwrap_err().to_string().contains("openssl-3.0-strict")
        );
        assert_eq!(Profile::default(), Profile::OpenSsl30);
    }
}
