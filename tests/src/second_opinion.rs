//! rustls-webpki with the engine's own arithmetic: a second opinion on chains, in tests and benchmarks only.

use std::time::Duration;

use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, ServerName,
    SignatureVerificationAlgorithm, UnixTime as Moment, alg_id,
};
use tlvet_core::time::UnixTime;
use tlvet_core::x509::chain::ReferenceName;
use tlvet_core::x509::signature::{verify_ecdsa, verify_rsa_pkcs1};
use tlvet_core::x509::{HashAlgorithm, PublicKey};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// One way to sign.
#[derive(Debug)]
struct Algorithm {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    hash: HashAlgorithm,
    is_rsa: bool,
}

impl SignatureVerificationAlgorithm for Algorithm {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }

    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let verified = if self.is_rsa {
            let key = PublicKey::from_pkcs1(key).map_err(|_| InvalidSignature)?;
            verify_rsa_pkcs1(&key, self.hash, &[message], signature)
        } else {
            let key = PublicKey::from_ec_point(key).ok_or(InvalidSignature)?;
            verify_ecdsa(&key, self.hash, &[message], signature)
        };
        verified.map_err(|_| InvalidSignature)
    }
}

const fn rsa(signature: AlgorithmIdentifier, hash: HashAlgorithm) -> Algorithm {
    Algorithm { key: alg_id::RSA_ENCRYPTION, signature, hash, is_rsa: true }
}

const fn ecdsa(
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    hash: HashAlgorithm,
) -> Algorithm {
    Algorithm { key, signature, hash, is_rsa: false }
}

const SHA1_WITH_RSA: AlgorithmIdentifier = AlgorithmIdentifier::from_slice(&[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00,
]);

static RSA_SHA1: Algorithm = rsa(SHA1_WITH_RSA, HashAlgorithm::Sha1);
static RSA_SHA256: Algorithm = rsa(alg_id::RSA_PKCS1_SHA256, HashAlgorithm::Sha256);
static RSA_SHA384: Algorithm = rsa(alg_id::RSA_PKCS1_SHA384, HashAlgorithm::Sha384);
static RSA_SHA512: Algorithm = rsa(alg_id::RSA_PKCS1_SHA512, HashAlgorithm::Sha512);
static P256_SHA256: Algorithm =
    ecdsa(alg_id::ECDSA_P256, alg_id::ECDSA_SHA256, HashAlgorithm::Sha256);
static P256_SHA384: Algorithm =
    ecdsa(alg_id::ECDSA_P256, alg_id::ECDSA_SHA384, HashAlgorithm::Sha384);
static P384_SHA256: Algorithm =
    ecdsa(alg_id::ECDSA_P384, alg_id::ECDSA_SHA256, HashAlgorithm::Sha256);
static P384_SHA384: Algorithm =
    ecdsa(alg_id::ECDSA_P384, alg_id::ECDSA_SHA384, HashAlgorithm::Sha384);
static P521_SHA512: Algorithm =
    ecdsa(alg_id::ECDSA_P521, alg_id::ECDSA_SHA512, HashAlgorithm::Sha512);

static ALGORITHMS: [&dyn SignatureVerificationAlgorithm; 9] = [
    &RSA_SHA1,
    &RSA_SHA256,
    &RSA_SHA384,
    &RSA_SHA512,
    &P256_SHA256,
    &P256_SHA384,
    &P384_SHA256,
    &P384_SHA384,
    &P521_SHA512,
];

/// Whether webpki accepts a server's certificate at `at`, under the name if one is given.
pub fn accepts(
    leaf: &[u8],
    untrusted: &[Vec<u8>],
    trusted: &[Vec<u8>],
    name: Option<&ReferenceName>,
    at: UnixTime,
) -> bool {
    let anchors: Vec<CertificateDer<'_>> =
        trusted.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
    let anchors: Vec<_> =
        anchors.iter().filter_map(|der| anchor_from_trusted_cert(der).ok()).collect();
    let intermediates: Vec<CertificateDer<'_>> =
        untrusted.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
    let leaf = CertificateDer::from(leaf);
    let Ok(leaf) = EndEntityCert::try_from(&leaf) else { return false };
    let seconds = u64::try_from(at.0).unwrap_or_default();
    let at = Moment::since_unix_epoch(Duration::from_secs(seconds));
    let verified = leaf.verify_for_usage(
        &ALGORITHMS,
        &anchors,
        &intermediates,
        at,
        KeyUsage::server_auth(),
        None,
        None,
    );
    let name = match name {
        None => return verified.is_ok(),
        Some(ReferenceName::Dns(host)) => ServerName::try_from(host.as_str()).ok(),
        Some(ReferenceName::Ip(address)) => ServerName::try_from(address.to_string()).ok(),
        Some(ReferenceName::Email(_)) => None,
    };
    verified.is_ok()
        && name.is_some_and(|name| leaf.verify_is_valid_for_subject_name(&name).is_ok())
}
