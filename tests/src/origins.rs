//! Origins good and bad: chains and keys as files, made on the spot.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;
use tlvet_core::time::UnixTime;
use tlvet_core::x509::HashAlgorithm;

use crate::authority::{
    DIGITAL_SIGNATURE, Extension, KEY_CERT_SIGN, Key, SERVER_AUTH, Statement, name,
};
use crate::made::{element, sequence};

/// The name that clients ask for.
pub const NAME: &str = "cucm.steven.lab";

/// The address that clients ask for where they ask for one.
pub const ADDRESS: &str = "127.0.0.1";

/// One origin.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Its name in the tests.
    pub name: &'static str,
    /// What is with it, for the table.
    pub about: &'static str,
    /// What is asked for: [`NAME`], or [`ADDRESS`].
    pub asked: &'static str,
    /// It is one that every arrangement has to let pass.
    pub good: bool,
    /// PEM, leaf first.
    pub chain: PathBuf,
    /// PEM.
    pub key: PathBuf,
}

/// All origins, and what is trusted.
pub struct Origins {
    /// In the order of the table.
    pub all: Vec<Origin>,
    /// PEM file with the one root that is trusted.
    pub trusted: PathBuf,
    folder: TempDir,
}

/// A key pair, and where openssl finds it.
struct Pair {
    key: Key,
    file: PathBuf,
}

/// Somebody who issues certificates.
struct Issuer {
    key: Key,
    name: Vec<u8>,
    der: Vec<u8>,
}

const EXPIRED: UnixTime = UnixTime(1_704_067_200);
const FUTURE: UnixTime = UnixTime(2_145_916_800);

impl Origins {
    /// Makes them.
    ///
    /// # Errors
    /// When a file cannot be written.
    #[allow(clippy::too_many_lines, reason = "one paragraph for each origin")]
    pub fn make() -> Result<Self> {
        let folder = TempDir::new()?;
        let place = folder.path();
        let root = issuer("Lab Root", Key::rsa("ca")?, None)?;
        let issuing = issuer("Lab Issuing", Key::rsa("itlrecovery")?, Some(&root))?;
        let other = issuer("Other Root", Key::rsa("other")?, None)?;
        let second = issuer("Lab Second", Key::p256(7)?, Some(&issuing))?;
        let third = issuer("Lab Third", Key::p256(8)?, Some(&second))?;
        let pair = elliptic(place, 21)?;
        let rsa = of_file("tomcat")?;
        let weak = of_file("rsa1024")?;

        let named = || leaf(NAME, &[(0x82, NAME.as_bytes()), (0x87, &[127, 0, 0, 1])]);
        let by = |issuer: &Issuer, pair: &Pair, leaf: Statement| signed(leaf, issuer, pair);
        let self_signed = {
            let mut statement = named();
            statement.issuer.clone_from(&statement.subject);
            statement.key.clone_from(&rsa.key.info);
            statement.sign(&rsa.key)?
        };
        let huge = {
            let mut padding = leaf("padding.steven.lab", &[(0x82, b"padding.steven.lab")]);
            padding
                .extensions
                .push(Extension::new(crate::authority::extension::UNKNOWN, vec![0x55; 22_000]));
            by(&root, &pair, padding)?
        };
        let good = by(&root, &pair, named())?;
        let mut made = Maker { place: place.to_owned(), all: Vec::new() };
        made.add("good", "good: EC key, signed by the trusted root", &[&good], &pair, true)?;
        let chain = by(&root, &rsa, named())?;
        made.add("good_rsa", "good: RSA key, signed by the trusted root", &[&chain], &rsa, true)?;
        let chain = by(&issuing, &rsa, named())?;
        made.add(
            "intermediate",
            "good, with an intermediate that it sends",
            &[&chain, &issuing.der],
            &rsa,
            false,
        )?;
        let five = by(&third, &pair, named())?;
        made.add(
            "chain_of_five",
            "good, a chain of five with the root",
            &[&five, &third.der, &second.der, &issuing.der, &root.der],
            &pair,
            false,
        )?;
        made.add("self_signed", "self-signed", &[&self_signed], &rsa, false)?;
        let unknown = by(&other, &pair, named())?;
        made.add("unknown_ca", "of an unknown CA", &[&unknown], &pair, false)?;
        made.add(
            "unknown_root_sent",
            "of an unknown CA, whose root it sends",
            &[&unknown, &other.der],
            &pair,
            false,
        )?;
        made.add(
            "missing_intermediate",
            "with an intermediate that it does not send",
            &[&chain],
            &rsa,
            false,
        )?;
        let mut statement = named();
        statement.not_after = EXPIRED;
        let expired = by(&root, &pair, statement)?;
        made.add("expired", "expired", &[&expired], &pair, false)?;
        let mut statement = named();
        statement.not_before = FUTURE;
        let future = by(&root, &pair, statement)?;
        made.add("not_yet_valid", "not yet valid", &[&future], &pair, false)?;
        let wrong = by(&root, &pair, leaf("other.steven.lab", &[(0x82, b"other.steven.lab")]))?;
        made.add("wrong_name", "with another name", &[&wrong], &pair, false)?;
        let common = by(&root, &pair, leaf(NAME, &[]))?;
        made.add(
            "common_name",
            "with the name in the common name alone",
            &[&common],
            &pair,
            false,
        )?;
        let without = by(&root, &pair, leaf(NAME, &[(0x82, NAME.as_bytes())]))?;
        made.add(
            "address_without",
            "asked for by address, without iPAddress",
            &[&without],
            &pair,
            false,
        )?;
        made.asked_by_address();
        made.add("address_with", "asked for by address, with iPAddress", &[&good], &pair, false)?;
        made.asked_by_address();
        let small = by(&root, &weak, named())?;
        made.add("weak", "with an RSA key of 1024 bits", &[&small], &weak, false)?;
        made.add(
            "huge",
            "good, with 66 KB of certificates",
            &[&good, &huge, &huge, &huge],
            &pair,
            false,
        )?;
        let trusted = place.join("trusted.pem");
        fs::write(&trusted, pem("CERTIFICATE", &root.der))?;
        Ok(Self { all: made.all, trusted, folder })
    }

    /// What is trusted, PEM.
    ///
    /// # Errors
    /// When the file is gone.
    pub fn trusted_pem(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.trusted)?)
    }

    /// The origin of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn origin(&self, name: &str) -> Result<&Origin> {
        self.all.iter().find(|origin| origin.name == name).with_context(|| name.to_owned())
    }

    /// Where their files are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

struct Maker {
    place: PathBuf,
    all: Vec<Origin>,
}

impl Maker {
    fn add(
        &mut self,
        name: &'static str,
        about: &'static str,
        chain: &[&Vec<u8>],
        pair: &Pair,
        good: bool,
    ) -> Result<()> {
        let file = self.place.join(name).with_extension("pem");
        let text: String = chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
        fs::write(&file, text)?;
        let key = pair.file.clone();
        self.all.push(Origin { name, about, asked: NAME, good, chain: file, key });
        Ok(())
    }

    fn asked_by_address(&mut self) {
        if let Some(last) = self.all.last_mut() {
            last.asked = ADDRESS;
        }
    }
}

/// A server's certificate; issuer and key are still to be written in.
fn leaf(common_name: &str, alternatives: &[(u8, &[u8])]) -> Statement {
    let nobody = Key::ed25519(1);
    let subject = name(&[common_name]);
    let mut statement = Statement::new(&subject, &subject, &nobody);
    statement.extensions = vec![
        Extension::key_usage(DIGITAL_SIGNATURE),
        Extension::extended_key_usage(&[SERVER_AUTH]),
    ];
    if !alternatives.is_empty() {
        statement.extensions.push(Extension::alt_names(alternatives));
    }
    statement
}

fn signed(mut statement: Statement, issuer: &Issuer, pair: &Pair) -> Result<Vec<u8>> {
    statement.issuer.clone_from(&issuer.name);
    statement.key.clone_from(&pair.key.info);
    statement.hash = HashAlgorithm::Sha256;
    statement.extensions.push(Extension::authority_key(&issuer.key.identifier));
    statement.sign(&issuer.key)
}

fn issuer(common_name: &str, key: Key, above: Option<&Issuer>) -> Result<Issuer> {
    let subject = name(&[common_name]);
    let issuing = above.map_or(&subject, |above| &above.name);
    let mut statement = Statement::new(issuing, &subject, &key);
    statement.extensions = vec![
        Extension::basic_constraints(true, None),
        Extension::key_usage(KEY_CERT_SIGN),
        Extension::subject_key(&key.identifier),
    ];
    let der = statement.sign(above.map_or(&key, |above| &above.key))?;
    Ok(Issuer { key, name: subject, der })
}

/// A key of `tests/fixtures/keys`.
fn of_file(name: &str) -> Result<Pair> {
    let file = crate::folder().join("fixtures/keys").join(name).with_extension("pem");
    Ok(Pair { key: Key::rsa(name)?, file })
}

/// A key on P-256, written as RFC 5915 says.
fn elliptic(place: &Path, seed: u8) -> Result<Pair> {
    const CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    let der =
        sequence(&[element(2, &[1]), element(4, &[seed; 32]), element(0xa0, &element(6, CURVE))]);
    let file = place.join(format!("key{seed}.pem"));
    fs::write(&file, pem("EC PRIVATE KEY", &der))?;
    Ok(Pair { key: Key::p256(seed)?, file })
}

/// The first block of a PEM text.
///
/// # Errors
/// When there is none.
pub fn unpem(text: &str) -> Result<Vec<u8>> {
    let lines = text.lines().skip(1).take_while(|line| !line.starts_with("-----"));
    Ok(STANDARD.decode(lines.collect::<String>())?)
}

/// A PEM block (RFC 7468).
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).filter_map(|line| core::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
