//! Certificates and revocation lists that are really signed, made on the spot: the same every time, with keys that
//! are worth nothing.

use anyhow::{Context as _, Result};
use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use tlvet_core::digest::sha1;
use tlvet_core::time::UnixTime;
use tlvet_core::x509::HashAlgorithm;

use crate::made::{COMMON_NAME, element, sequence};

/// Contents of object identifiers of extensions.
pub mod extension {
    /// subjectKeyIdentifier.
    pub const SUBJECT_KEY: &[u8] = &[0x55, 0x1d, 0x0e];
    /// keyUsage.
    pub const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
    /// subjectAltName.
    pub const ALT_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
    /// basicConstraints.
    pub const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
    /// nameConstraints.
    pub const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
    /// authorityKeyIdentifier.
    pub const AUTHORITY_KEY: &[u8] = &[0x55, 0x1d, 0x23];
    /// extKeyUsage.
    pub const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
    /// crlNumber.
    pub const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 0x14];
    /// nsCertType.
    pub const NETSCAPE: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
    /// 1.2.3.4, which nobody knows.
    pub const UNKNOWN: &[u8] = &[0x2a, 0x03, 0x04];
    /// proxyCertInfo.
    pub const PROXY: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x0e];
}

/// keyUsage as its first byte: digitalSignature.
pub const DIGITAL_SIGNATURE: u8 = 0x80;
/// keyCertSign.
pub const KEY_CERT_SIGN: u8 = 0x04;
/// cRLSign.
pub const CRL_SIGN: u8 = 0x02;

/// Content of the object identifier of serverAuth; the last byte 2 is clientAuth.
pub const SERVER_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
/// clientAuth.
pub const CLIENT_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];

enum Private {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Ed25519(Box<ed25519_dalek::SigningKey>),
    Rsa(Box<RsaPrivateKey>),
}

/// A key pair.
pub struct Key {
    private: Private,
    /// DER of the SubjectPublicKeyInfo.
    pub info: Vec<u8>,
    /// SHA-1 of the key's bits, as subjectKeyIdentifier usually is.
    pub identifier: [u8; 20],
}

const EC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const RSA_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

impl Key {
    fn new(private: Private, algorithm: &[Vec<u8>], bits: &[u8]) -> Self {
        let info = sequence(&[sequence(algorithm), element(3, &[&[0], bits].concat())]);
        Self { private, info, identifier: sha1(bits) }
    }

    /// A key on P-256.
    ///
    /// # Errors
    /// For 0, which is no key.
    pub fn p256(seed: u8) -> Result<Self> {
        let private = p256::ecdsa::SigningKey::from_slice(&[seed; 32])?;
        let point = private.verifying_key().to_sec1_point(false);
        let algorithm = [element(6, EC_KEY), element(6, P256)];
        let bits = point.as_bytes().to_vec();
        Ok(Self::new(Private::P256(private), &algorithm, &bits))
    }

    /// A key on P-384.
    ///
    /// # Errors
    /// For 0, which is no key.
    pub fn p384(seed: u8) -> Result<Self> {
        let private = p384::ecdsa::SigningKey::from_slice(&[seed; 48])?;
        let point = private.verifying_key().to_sec1_point(false);
        let algorithm = [element(6, EC_KEY), element(6, P384)];
        let bits = point.as_bytes().to_vec();
        Ok(Self::new(Private::P384(private), &algorithm, &bits))
    }

    /// A key of Ed25519.
    pub fn ed25519(seed: u8) -> Self {
        let private = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
        let bits = private.verifying_key().to_bytes();
        Self::new(Private::Ed25519(Box::new(private)), &[element(6, ED25519)], &bits)
    }

    /// An RSA key of `tests/fixtures/keys`, by its file name without `.pem`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rsa(name: &str) -> Result<Self> {
        let path = crate::folder().join("fixtures/keys").join(name).with_extension("pem");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let private = RsaPrivateKey::from_pkcs8_pem(&text)
            .or_else(|_| RsaPrivateKey::from_pkcs1_pem(&text))
            .with_context(|| path.display().to_string())?;
        let number = |bytes: &[u8]| {
            let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
            let short = bytes.get(start..).unwrap_or_default();
            let sign: &[u8] =
                if short.first().is_some_and(|byte| *byte >= 0x80) { &[0] } else { &[] };
            element(2, &[sign, short].concat())
        };
        let bits =
            sequence(&[number(&private.n().to_be_bytes()), number(&private.e().to_be_bytes())]);
        let algorithm = [element(6, RSA_KEY), element(5, &[])];
        Ok(Self::new(Private::Rsa(Box::new(private)), &algorithm, &bits))
    }

    /// The AlgorithmIdentifier of its signatures with this hash.
    pub fn algorithm(&self, hash: HashAlgorithm) -> Vec<u8> {
        let last = |at: u8| match hash {
            HashAlgorithm::Sha256 => at,
            HashAlgorithm::Sha384 => at + 1,
            _ => at + 2,
        };
        match &self.private {
            Private::Ed25519(_) => sequence(&[element(6, ED25519)]),
            Private::P256(_) | Private::P384(_) => {
                let oid = match hash {
                    HashAlgorithm::Sha1 => vec![0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01],
                    _ => vec![0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, last(2)],
                };
                sequence(&[element(6, &oid)])
            }
            Private::Rsa(_) => {
                let number = match hash {
                    HashAlgorithm::Md5 => 4,
                    HashAlgorithm::Sha1 => 5,
                    _ => last(11),
                };
                let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, number];
                sequence(&[element(6, &oid), element(5, &[])])
            }
        }
    }

    /// Its signature over `message`.
    ///
    /// # Errors
    /// When the key is too small for the hash.
    pub fn sign(&self, hash: HashAlgorithm, message: &[u8]) -> Result<Vec<u8>> {
        let digest = hash.digest(&[message]);
        Ok(match &self.private {
            Private::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Private::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&padded(&digest, 32))?;
                signature.to_der().as_bytes().to_vec()
            }
            Private::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&padded(&digest, 48))?;
                signature.to_der().as_bytes().to_vec()
            }
            Private::Rsa(key) => {
                let scheme =
                    Pkcs1v15Sign { hash_len: Some(digest.len()), prefix: digest_info(hash).into() };
                key.sign(scheme, &digest)?
            }
        })
    }
}

/// A shorter hash is a smaller number.
fn padded(digest: &[u8], length: usize) -> Vec<u8> {
    let mut padded = vec![0; length.saturating_sub(digest.len())];
    padded.extend_from_slice(digest);
    padded
}

/// DER of DigestInfo up to the hash (RFC 8017 section 9.2 note 1).
fn digest_info(hash: HashAlgorithm) -> Vec<u8> {
    let (oid, length): (&[u8], u8) = match hash {
        HashAlgorithm::Md5 => (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05], 16),
        HashAlgorithm::Sha1 => (&[0x2b, 0x0e, 0x03, 0x02, 0x1a], 20),
        HashAlgorithm::Sha384 => (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02], 48),
        HashAlgorithm::Sha512 => (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03], 64),
        _ => (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01], 32),
    };
    let digest = [&[4, length][..], &vec![0; usize::from(length)]].concat();
    let mut info = sequence(&[sequence(&[element(6, oid), element(5, &[])]), digest]);
    info.truncate(info.len() - usize::from(length));
    info
}

/// A Name of commonNames.
pub fn name(common_names: &[&str]) -> Vec<u8> {
    let sets: Vec<Vec<u8>> = common_names
        .iter()
        .map(|text| {
            element(0x31, &sequence(&[element(6, COMMON_NAME), element(0x0c, text.as_bytes())]))
        })
        .collect();
    sequence(&sets)
}

/// One extension.
#[derive(Clone, Debug)]
pub struct Extension {
    /// Content of its object identifier.
    pub oid: Vec<u8>,
    /// It is critical.
    pub critical: bool,
    /// Content of extnValue.
    pub value: Vec<u8>,
}

impl Extension {
    /// One that is not critical.
    pub fn new(oid: &[u8], value: Vec<u8>) -> Self {
        Self { oid: oid.to_vec(), critical: false, value }
    }

    /// The same, critical.
    #[must_use]
    pub fn critical(mut self) -> Self {
        self.critical = true;
        self
    }

    /// basicConstraints, critical.
    pub fn basic_constraints(ca: bool, path_length: Option<u8>) -> Self {
        let mut parts = Vec::new();
        if ca {
            parts.push(element(1, &[0xff]));
        }
        parts.extend(path_length.map(|length| element(2, &[length])));
        Self::new(extension::BASIC_CONSTRAINTS, sequence(&parts)).critical()
    }

    /// keyUsage of one byte, critical.
    pub fn key_usage(bits: u8) -> Self {
        let unused = u8::try_from(bits.trailing_zeros().min(7)).unwrap_or(0);
        Self::new(extension::KEY_USAGE, element(3, &[unused, bits])).critical()
    }

    /// extendedKeyUsage.
    pub fn extended_key_usage(usages: &[&[u8]]) -> Self {
        let usages: Vec<Vec<u8>> = usages.iter().map(|usage| element(6, usage)).collect();
        Self::new(extension::EXTENDED_KEY_USAGE, sequence(&usages))
    }

    /// subjectKeyIdentifier.
    pub fn subject_key(identifier: &[u8]) -> Self {
        Self::new(extension::SUBJECT_KEY, element(4, identifier))
    }

    /// authorityKeyIdentifier with a keyIdentifier alone.
    pub fn authority_key(identifier: &[u8]) -> Self {
        Self::new(extension::AUTHORITY_KEY, sequence(&[element(0x80, identifier)]))
    }

    /// subjectAltName of tags and contents.
    pub fn alt_names(names: &[(u8, &[u8])]) -> Self {
        let names: Vec<Vec<u8>> = names.iter().map(|(tag, name)| element(*tag, name)).collect();
        Self::new(extension::ALT_NAMES, sequence(&names))
    }

    /// nameConstraints of tags and contents, critical.
    pub fn name_constraints(permitted: &[(u8, &[u8])], excluded: &[(u8, &[u8])]) -> Self {
        let trees = |tag, trees: &[(u8, &[u8])]| {
            let trees: Vec<Vec<u8>> =
                trees.iter().map(|(tag, base)| sequence(&[element(*tag, base)])).collect();
            if trees.is_empty() { Vec::new() } else { element(tag, &trees.concat()) }
        };
        let value = sequence(&[trees(0xa0, permitted), trees(0xa1, excluded)]);
        Self::new(extension::NAME_CONSTRAINTS, value).critical()
    }

    fn der(&self) -> Vec<u8> {
        let mut parts = vec![element(6, &self.oid)];
        if self.critical {
            parts.push(element(1, &[0xff]));
        }
        parts.push(element(4, &self.value));
        sequence(&parts)
    }
}

/// What a certificate says.
#[derive(Clone, Debug)]
pub struct Statement {
    /// From 1.
    pub version: u8,
    /// Content of the serial's INTEGER.
    pub serial: Vec<u8>,
    /// DER of the Name.
    pub issuer: Vec<u8>,
    /// DER of the Name.
    pub subject: Vec<u8>,
    /// First second.
    pub not_before: UnixTime,
    /// Last second.
    pub not_after: UnixTime,
    /// DER of the two times, where they are to be written otherwise.
    pub times: Option<Vec<u8>>,
    /// DER of the SubjectPublicKeyInfo.
    pub key: Vec<u8>,
    /// In order.
    pub extensions: Vec<Extension>,
    /// Of the signature.
    pub hash: HashAlgorithm,
}

/// 2020-01-01T00:00:00Z, when statements begin to be valid.
pub const BEGIN: UnixTime = UnixTime(1_577_836_800);
/// 2040-01-01T00:00:00Z, when they end.
pub const END: UnixTime = UnixTime(2_208_988_800);

impl Statement {
    /// A certificate of version 3 with SHA-256, without extensions.
    pub fn new(issuer: &[u8], subject: &[u8], key: &Key) -> Self {
        Self {
            version: 3,
            serial: vec![1],
            issuer: issuer.to_vec(),
            subject: subject.to_vec(),
            not_before: BEGIN,
            not_after: END,
            times: None,
            key: key.info.clone(),
            extensions: Vec::new(),
            hash: HashAlgorithm::Sha256,
        }
    }

    /// The certificate in DER.
    ///
    /// # Errors
    /// When the key is too small for the hash.
    pub fn sign(&self, key: &Key) -> Result<Vec<u8>> {
        let algorithm = key.algorithm(self.hash);
        let times = self
            .times
            .clone()
            .unwrap_or_else(|| [time(self.not_before), time(self.not_after)].concat());
        let mut parts = Vec::new();
        if self.version > 1 {
            parts.push(element(0xa0, &element(2, &[self.version - 1])));
        }
        parts.extend([
            element(2, &self.serial),
            algorithm.clone(),
            self.issuer.clone(),
            element(0x30, &times),
            self.subject.clone(),
            self.key.clone(),
        ]);
        if !self.extensions.is_empty() {
            let extensions: Vec<Vec<u8>> = self.extensions.iter().map(Extension::der).collect();
            parts.push(element(0xa3, &sequence(&extensions)));
        }
        signed(&sequence(&parts), algorithm, key, self.hash)
    }
}

/// The certificate of an authority `subject` with `key`, issued by `issuer` with `above`; both names are common names.
pub fn authority(issuer: &str, subject: &str, key: &Key, above: &Key) -> Result<Vec<u8>> {
    let mut statement = Statement::new(&name(&[issuer]), &name(&[subject]), key);
    statement.extensions = vec![
        Extension::basic_constraints(true, None),
        Extension::key_usage(KEY_CERT_SIGN | CRL_SIGN),
        Extension::subject_key(&key.identifier),
        Extension::authority_key(&above.identifier),
    ];
    statement.sign(above)
}

/// A revocation list of version 2 in DER, valid as long as statements; `revoked` are contents of serials.
///
/// # Errors
/// When the key is too small for the hash.
pub fn revocation_list(
    issuer: &[u8],
    key: &Key,
    revoked: &[&[u8]],
    this_update: UnixTime,
    next_update: UnixTime,
    extensions: &[Extension],
) -> Result<Vec<u8>> {
    let hash = HashAlgorithm::Sha256;
    let algorithm = key.algorithm(hash);
    let entries: Vec<Vec<u8>> =
        revoked.iter().map(|serial| sequence(&[element(2, serial), time(BEGIN)])).collect();
    let mut parts = vec![
        element(2, &[1]),
        algorithm.clone(),
        issuer.to_vec(),
        time(this_update),
        time(next_update),
    ];
    if !entries.is_empty() {
        parts.push(sequence(&entries));
    }
    if !extensions.is_empty() {
        let extensions: Vec<Vec<u8>> = extensions.iter().map(Extension::der).collect();
        parts.push(element(0xa0, &sequence(&extensions)));
    }
    signed(&sequence(&parts), algorithm, key, hash)
}

fn signed(message: &[u8], algorithm: Vec<u8>, key: &Key, hash: HashAlgorithm) -> Result<Vec<u8>> {
    let signature = key.sign(hash, message)?;
    Ok(sequence(&[message.to_vec(), algorithm, element(3, &[&[0][..], &signature].concat())]))
}

/// A time in the form that its year asks for (RFC 5280 section 4.1.2.5).
fn time(at: UnixTime) -> Vec<u8> {
    let (year, month, day, hour, minute, second) = at.parts();
    let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    if (1950..2050).contains(&year) {
        element(0x17, format!("{:02}{rest}", year % 100).as_bytes())
    } else {
        element(0x18, format!("{year:04}{rest}").as_bytes())
    }
}
