//! `xtask-bench-data COUNT DIRECTORY`: ITL files for the benchmark, each with a time and a signature of its
//! own, all of them the ITL of `samples/sound-itl` otherwise. The signer's key was made for the samples.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::signature::{SignatureEncoding, Signer};
use sha1::Sha1;

const ITL: &[u8] = include_bytes!("../../../samples/sound-itl/ITLSEP0011215A1AE3.tlv");
const SIGNER: &str = include_str!("../../data/callmanager.pem");

/// Tags of the signed header.
const SIGNATURE: u8 = 12;
const TIMESTAMP: u8 = 15;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [count, directory] = arguments.as_slice() else {
        eprintln!("usage: xtask-bench-data COUNT DIRECTORY");
        return ExitCode::from(2);
    };
    match write(count, Path::new(directory)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write(count: &str, directory: &Path) -> Result<()> {
    let count: u32 = count.parse().with_context(|| format!("COUNT {count}"))?;
    let key = SigningKey::<Sha1>::new(RsaPrivateKey::from_pkcs8_pem(SIGNER)?);
    fs::create_dir_all(directory)?;
    for number in 0..count {
        let file = directory.join(format!("ITLSEP{number:012X}.tlv"));
        fs::write(file, itl(&key, number)?)?;
    }
    Ok(())
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
