//! Data for the benchmarks; the keys were made for samples and tests.
//!
//! `xtask-bench-data itl COUNT DIRECTORY`: ITL files, each with a time and a signature of its own, all of them the ITL of
//! `samples/sound-itl` otherwise.
//!
//! `xtask-bench-data chains COUNT FILE`: JSON lines for `tlvet chain --batch`: leaf, intermediate and root with RSA-2048 keys,
//! each leaf with a serial and a signature of its own, all of them those of a test case otherwise.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::signature::{SignatureEncoding, Signer};
use serde_json::json;
use sha1::Sha1;
use sha2::Sha256;

const ITL: &[u8] = include_bytes!("../../../samples/sound-itl/ITLSEP0011215A1AE3.tlv");
const SIGNER: &str = include_str!("../../data/callmanager.pem");

/// Leaf and intermediate, root, and the intermediate's key.
const SENT: &str =
    include_str!("../../../tests/cases/origin_accepted/sent-intermediate/tomcat.pem");
const ROOT: &str = include_str!("../../../tests/cases/origin_accepted/sent-intermediate/store.pem");
const ISSUER: &str = include_str!("../../../tests/fixtures/keys/itlrecovery.pem");
/// Bytes of an RSA-2048 signature; it ends the certificate.
const SIGNATURE_BYTES: usize = 256;

/// Tags of the signed header.
const SIGNATURE: u8 = 12;
const TIMESTAMP: u8 = 15;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, count, place] = arguments.as_slice() else {
        eprintln!("usage: xtask-bench-data itl|chains COUNT PLACE");
        return ExitCode::from(2);
    };
    match write(kind, count, Path::new(place)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write(kind: &str, count: &str, place: &Path) -> Result<()> {
    let count: u32 = count.parse().with_context(|| format!("COUNT {count}"))?;
    match kind {
        "itl" => lists(count, place),
        "chains" => chains(count, place),
        other => bail!("{other}: itl and chains are known"),
    }
}

fn lists(count: u32, directory: &Path) -> Result<()> {
    let key = SigningKey::<Sha1>::new(RsaPrivateKey::from_pkcs8_pem(SIGNER)?);
    fs::create_dir_all(directory)?;
    for number in 0..count {
        let file = directory.join(format!("ITLSEP{number:012X}.tlv"));
        fs::write(file, itl(&key, number)?)?;
    }
    Ok(())
}

fn chains(count: u32, file: &Path) -> Result<()> {
    let key = SigningKey::<Sha256>::new(RsaPrivateKey::from_pkcs8_pem(ISSUER)?);
    let sent = certificates(SENT)?;
    let [leaf, intermediate] = sent.as_slice() else { bail!("leaf and intermediate") };
    let root = certificates(ROOT)?;
    let mut lines = String::new();
    for number in 0..count {
        let leaf = STANDARD.encode(reissued(leaf, &key, number)?);
        let (untrusted, trusted) =
            ([STANDARD.encode(intermediate)], root.iter().map(|der| STANDARD.encode(der)));
        let trusted: Vec<String> = trusted.collect();
        let line = json!({
            "id": number, "leaf": leaf, "untrusted": untrusted, "trusted": trusted,
            "name": {"kind": "dns", "value": "cucm-pub.example.com"}, "time": 1_795_132_800,
        });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, lines).with_context(|| file.display().to_string())
}

/// The DER of every certificate in a PEM file.
fn certificates(pem: &str) -> Result<Vec<Vec<u8>>> {
    let blocks = pem.split("-----BEGIN CERTIFICATE-----").skip(1);
    let body = |block: &str| block.split("-----END").next().unwrap_or_default().replace('\n', "");
    blocks.map(|block| Ok(STANDARD.decode(body(block))?)).collect()
}

/// The certificate with `number` in its serial, signed anew. Both SEQUENCEs around and before the signed part have
/// lengths of two bytes, so the signed part starts at 4 and its own header has 4 bytes.
fn reissued(der: &[u8], key: &SigningKey<Sha256>, number: u32) -> Result<Vec<u8>> {
    let mut der = der.to_vec();
    let [high, low] = *der.get(6..8).context("a signed part")? else { bail!("two bytes") };
    let end = 8 + usize::from(u16::from_be_bytes([high, low]));
    // [0] { INTEGER version } takes 5 bytes, the serial's tag and length 2.
    let serial = 8 + 5 + 2;
    der.get_mut(serial + 1..serial + 5).context("a serial")?.copy_from_slice(&number.to_be_bytes());
    let signature = key.try_sign(der.get(4..end).context("a signed part")?)?.to_vec();
    let start = der.len().checked_sub(SIGNATURE_BYTES).context("a signature")?;
    der.get_mut(start..).context("a signature")?.copy_from_slice(&signature);
    Ok(der)
}

/// The sample with its time moved by `seconds`, signed anew.
fn itl(key: &SigningKey<Sha1>, seconds: u32) -> Result<Vec<u8>> {
    let mut file = ITL.to_vec();
    let (start, value) = element(&file, TIMESTAMP).context("no time in the sample")?;
    let time: [u8; 4] = file.get(start + 3..start + 3 + value).context("cut sample")?.try_into()?;
    let moved = u32::from_be_bytes(time).wrapping_add(seconds).to_be_bytes();
    file.splice(start + 3..start + 3 + value, moved);

    let (start, value) = element(&file, SIGNATURE).context("no signature in the sample")?;
    let mut signed = file.clone();
    signed.drain(start..start + 3 + value);
    file.splice(start + 3..start + 3 + value, key.try_sign(&signed)?.to_vec());
    Ok(file)
}

/// Where an element of the header starts, and how long its value is. Containers (signer, signature
/// information, algorithm) are stepped into: their children follow as ordinary elements.
fn element(file: &[u8], tag: u8) -> Option<(usize, usize)> {
    const CONTAINERS: [u8; 3] = [3, 7, 9];
    let mut at = 0;
    while let [found, high, low, ..] = *file.get(at..)? {
        let value = usize::from(u16::from_be_bytes([high, low]));
        if found == tag {
            return Some((at, value));
        }
        at += 3 + if CONTAINERS.contains(&found) { 0 } else { value };
    }
    None
}
