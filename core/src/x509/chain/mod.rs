//! Certificates judged as the products judge them: chains are built and checked in OpenSSL's order, with its
//! error numbers, texts and depths.
//!
//! [`judge`] does what `X509_verify_cert` does with a verify callback that lets every error pass, and keeps
//! every call of that callback. What an enforcing product reports is the part up to the first refused
//! call; what an administrator needs before a change is the rest. Nothing is guessed: an issuer that is
//! missing is named by name and key identifier, and a certificate that almost was it is named with the reason
//! why it was not taken.
//!
//! The rules are those of x509.md (sections 2, 3 and 6), RFC 5280 where OpenSSL follows it. Chains are
//! built with trusted certificates first, which is OpenSSL's default since 1.1.0; its search for alternative
//! chains is never reached then. Policies are not checked, as in OpenSSL without X509_V_FLAG_POLICY_CHECK.
//!
//! - `profile`: products, error numbers, texts. `extensions`: what is known about one certificate.
//! - `build`: the path. `verify`: the checks. `name_constraints`, `crl`: two of them that are long.

mod build;
mod cache;
mod crl;
mod distinguished_name;
mod extensions;
mod general_name;
mod name_constraints;
mod profile;
mod verify;

use core::net::IpAddr;
use std::borrow::Cow;

use super::certificate::Certificate;
use super::revocation::RevocationList;
use crate::time::UnixTime;

pub use cache::SignatureCache;
pub use profile::{PROFILES, Profile, UnknownProfile, number_of_text};

/// The address that the client used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceName {
    /// A host name.
    Dns(String),
    /// An address.
    Ip(IpAddr),
    /// A mailbox.
    Email(String),
}

/// What the certificate is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// A TLS server (`sslserver`).
    #[default]
    Server,
    /// A TLS client (`sslclient`).
    Client,
    /// Anything.
    Any,
}

/// What is to be judged, and how.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The certificate that the peer showed as its own.
    pub leaf: &'a Certificate,
    /// Certificates that came with it, or are at hand without being trusted, in order.
    pub untrusted: &'a [&'a Certificate],
    /// The trust store, in order.
    pub trusted: &'a [&'a Certificate],
    /// Revocation lists. Where there is one, the leaf is looked for (X509_V_FLAG_CRL_CHECK).
    pub crls: &'a [&'a RevocationList],
    /// The name that the leaf must bear.
    pub name: Option<&'a ReferenceName>,
    /// The time that validity is judged at; `None`: validity does not count.
    pub at: Option<UnixTime>,
    /// The purpose.
    pub purpose: Purpose,
    /// Certificates allowed between the leaf and its anchor; `None`: what the product allows.
    pub max_depth: Option<u32>,
    /// The product.
    pub profile: Profile,
    /// OpenSSL's security level: 0 to 2 (larger ones are judged as 2).
    pub level: u8,
}

impl<'a> Request<'a> {
    /// A server's certificate without anything else: no names, no time, OpenSSL 3.0 at level 1.
    pub fn of(leaf: &'a Certificate) -> Self {
        Self {
            leaf,
            untrusted: &[],
            trusted: &[],
            crls: &[],
            name: None,
            at: None,
            purpose: Purpose::Server,
            max_depth: None,
            profile: Profile::default(),
            level: 1,
        }
    }
}

/// One call of the verify callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The check passed. `code` is then the last error before it, or 0.
    pub ok: bool,
    /// Error number of the profile's version.
    pub code: u32,
    /// 0 is the leaf.
    pub depth: u32,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Error number of the profile's version.
    pub code: u32,
    /// 0 is the leaf.
    pub depth: u32,
    /// In the words of that version.
    pub text: Cow<'static, str>,
}

/// Where a certificate of a chain was found: its place in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// [`Request::leaf`].
    Leaf,
    /// Index in [`Request::untrusted`].
    Untrusted(usize),
    /// Index in [`Request::trusted`].
    Trusted(usize),
}

/// One certificate of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// SHA-256 of the certificate.
    pub sha256: [u8; 32],
    /// Where it comes from.
    pub origin: Origin,
}

/// The issuer that no store holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingIssuer {
    /// Depth of the certificate whose issuer is missing.
    pub depth: u32,
    /// DER of the name that the issuer has.
    pub name: Vec<u8>,
    /// The name as text, as [`super::Name`] shows it.
    pub name_text: String,
    /// keyIdentifier of the issuer, where the certificate says it.
    pub key_identifier: Option<Vec<u8>>,
    /// Certificates of that name that are at hand and are not it.
    pub near_misses: Vec<NearMiss>,
}

/// A certificate with the right name that was not taken as the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// Where it was found.
    pub origin: Origin,
    /// SHA-256 of the certificate.
    pub sha256: [u8; 32],
    /// Why, as OpenSSL's number: 30 another key identifier, 31 another serial or issuer, 77 another kind of
    /// key, 76 an algorithm that is not known, 24 a key that cannot be read, 1 malformed extensions.
    /// 0: nothing speaks against it, but it is not trusted.
    pub code: u32,
}

/// What the product says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// It accepts the certificate.
    pub ok: bool,
    /// What an enforcing product reports: it stops at the first error.
    pub first: Option<Failure>,
    /// Every error once, in the order of discovery, with those that stand behind others.
    pub all: Vec<Failure>,
    /// Calls of the verify callback when it lets everything pass, as a permissive product does.
    pub events: Vec<Event>,
    /// The certificates used, leaf first.
    pub chain: Vec<Link>,
    /// The issuer that is missing, where one is.
    pub missing: Option<MissingIssuer>,
    /// Why OpenSSL would not load the leaf at all; nothing else was judged then.
    pub unreadable: Option<&'static str>,
    /// Signatures of the chain, by depth of the signed certificate, whose algorithm is not known here: they
    /// count as wrong.
    pub unsupported_signatures: Vec<u32>,
    /// Certificates as hostile as these use up all work that is allowed: judged as refused.
    pub budget_exhausted: bool,
    /// Looks at certificates and names that it took, at most [`crate::limits::CHAIN_WORK`] and a little.
    pub work: usize,
    /// Signatures that it took, looked up or verified, at most [`crate::limits::CHAIN_SIGNATURES`].
    pub signatures: usize,
}

impl Judgement {
    /// Calls of the verify callback when it refuses at the first error, as an enforcing product does.
    pub fn enforced_events(&self) -> &[Event] {
        let end =
            self.events.iter().position(|event| !event.ok).map_or(self.events.len(), |at| at + 1);
        self.events.get(..end).unwrap_or_default()
    }

    /// The error that OpenSSL keeps when the callback lets everything pass; 0: none.
    pub fn last_code(&self) -> u32 {
        self.events.last().map_or(0, |event| event.code)
    }
}

/// Judges one certificate. `cache` remembers signatures and certificates between calls; its content changes
/// the time, never the result.
pub fn judge(request: &Request<'_>, cache: &mut SignatureCache) -> Judgement {
    verify::Verifier::new(request, cache).run()
}
