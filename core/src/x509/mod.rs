//! Certificates, keys and containers: read, shown, and their signatures checked.
//!
//! Reading keeps everything that can be read: a bad time or a second subjectAltName becomes a
//! problem with its offset, and the certificate stays. `x509-parser` reads the parts; the walk over
//! the parts is done here, because one bad part must not hide the others and every problem needs
//! its offset. Whether a chain is to be trusted is decided in [`chain`] alone.

mod ber;
pub mod certificate;
pub mod chain;
pub mod container;
mod der;
pub mod key;
pub mod key_facts;
pub mod name;
pub mod name_check;
mod object_identifier;
pub mod password;
mod pbe;
mod pem;
pub mod pkcs12;
pub mod private_key;
pub mod pss;
pub mod request;
pub mod revocation;
pub mod signature;
pub mod store_lint;

pub use certificate::{Certificate, Extension, SignatureAlgorithm, Time};
pub use container::{Container, Form, Item, ItemContent};
pub use key::{Curve, PublicKey};
pub use key_facts::{PrivateKeyFacts, Protection};
pub use name::{Attribute, Name};
pub use password::{Keyring, Password};
pub use pkcs12::Pkcs12Facts;
pub use private_key::PrivateKey;
pub use pss::{PssKey, PssParameters};
pub use request::CertificateRequest;
pub use revocation::{RevocationList, Revoked};
pub use signature::{HashAlgorithm, SignatureError};
