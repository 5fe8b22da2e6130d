//! `text_mix MEGABYTES FILE`: logs of Expressways, phones and TVS one after the other, with lines that belong to nobody between them, for
//! benchmarks. The same size gives the same bytes. With a `FILE` that ends in `.tar`, `.tar.gz` or `.zip` an archive of such logs of 50 MB each,
//! of MEGABYTES in all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};
use tlvet_tests::logs::run_of_lines;
use tlvet_tests::random::Random;

/// Megabytes of one member of an archive.
const MEMBER: u64 = 50;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [megabytes, file] = arguments.as_slice() else {
        eprintln!("usage: text_mix MEGABYTES FILE");
        return ExitCode::from(2);
    };
    match write(megabytes, Path::new(file)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write(megabytes: &str, path: &Path) -> Result<()> {
    let megabytes = megabytes.parse::<u64>().with_context(|| format!("MEGABYTES {megabytes}"))?;
    let name = path.to_string_lossy();
    let mut file = BufWriter::new(File::create(path)?);
    let mut random = Random::new(1);
    if name.ends_with(".zip") {
        zip(&mut random, megabytes, &mut file)?;
    } else if name.ends_with(".tar.gz") {
        let mut packed = GzEncoder::new(file, Compression::fast());
        tar(&mut random, megabytes, &mut packed)?;
        file = packed.finish()?;
    } else if name.ends_with(".tar") {
        tar(&mut random, megabytes, &mut file)?;
    } else {
        log(&mut random, megabytes.saturating_mul(1_000_000), &mut file)?;
    }
    Ok(file.flush()?)
}

/// Runs of lines until there are so many bytes.
fn log(random: &mut Random, wanted: u64, out: &mut impl Write) -> io::Result<()> {
    let (mut written, mut lines) = (0, String::new());
    while written < wanted {
        lines.clear();
        run_of_lines(random, &mut lines);
        out.write_all(lines.as_bytes())?;
        written += lines.len() as u64;
    }
    Ok(())
}

/// The members of an archive, one after the other.
fn members(random: &mut Random, megabytes: u64) -> impl Iterator<Item = Result<(String, Vec<u8>)>> {
    (0..megabytes.div_ceil(MEMBER)).map(move |number| {
        let wanted = megabytes.saturating_sub(number * MEMBER).min(MEMBER);
        let mut member = Vec::new();
        log(random, wanted * 1_000_000, &mut member)?;
        Ok((format!("logs/diagnostic_log_{number}.txt"), member))
    })
}

/// A tar file as POSIX describes it (ustar).
fn tar(random: &mut Random, megabytes: u64, out: &mut impl Write) -> Result<()> {
    for member in members(random, megabytes) {
        let (name, bytes) = member?;
        let mut header = [0_u8; 512];
        let size = format!("{:011o}\0", bytes.len());
        let fields: [(usize, &[u8]); 9] = [
            (0, name.as_bytes()),
            (100, b"0000644\0"),
            (108, b"0000000\0"),
            (116, b"0000000\0"),
            (124, size.as_bytes()),
            (136, b"15000000000\0"),
            // Where the sum will stand, it is blank for the sum.
            (148, b"        "),
            (156, b"0"),
            (257, b"ustar\x0000"),
        ];
        put(&mut header, &fields);
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        put(&mut header, &[(148, format!("{sum:06o}\0 ").as_bytes())]);
        out.write_all(&header)?;
        out.write_all(&bytes)?;
        out.write_all(&vec![0; bytes.len().next_multiple_of(512) - bytes.len()])?;
    }
    Ok(out.write_all(&[0; 1_024])?)
}

fn put(header: &mut [u8; 512], fields: &[(usize, &[u8])]) {
    for (at, value) in fields {
        if let Some(field) = header.get_mut(*at..at + value.len()) {
            field.copy_from_slice(value);
        }
    }
}

/// A zip file with deflated members (APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16).
fn zip(random: &mut Random, megabytes: u64, out: &mut impl Write) -> Result<()> {
    let (mut at, mut directory, mut count) = (0_u32, Vec::new(), 0_u16);
    for member in members(random, megabytes) {
        let (name, bytes) = member?;
        let mut sum = Crc::new();
        sum.update(&bytes);
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&bytes)?;
        let packed = packed.finish()?;
        // Version 2.0, no flags, deflate, no time; what local and central headers share.
        let mut shared = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        shared.extend(sum.sum().to_le_bytes());
        shared.extend(u32::try_from(packed.len())?.to_le_bytes());
        shared.extend(u32::try_from(bytes.len())?.to_le_bytes());
        shared.extend(u16::try_from(name.len())?.to_le_bytes());
        shared.extend([0, 0]);
        let local = [b"PK\x03\x04", shared.as_slice(), name.as_bytes(), &packed].concat();
        out.write_all(&local)?;
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(shared);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
        at += u32::try_from(local.len())?;
        count += 1;
    }
    out.write_all(&directory)?;
    out.write_all(b"PK\x05\x06\0\0\0\0")?;
    out.write_all(&[count.to_le_bytes(), count.to_le_bytes()].concat())?;
    out.write_all(&u32::try_from(directory.len())?.to_le_bytes())?;
    out.write_all(&at.to_le_bytes())?;
    Ok(out.write_all(&[0, 0])?)
}
