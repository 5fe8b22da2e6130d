//! Listings of trust lists: whatever the engine prints of a list it reads again, in lines or in one, in pieces of any size,
//! and a listing that lost a part is never called complete.

#![allow(
    clippy::panic,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use tlvet_core::artifact::{Artifact, Content};
use tlvet_core::reading::{Opening, Readers, Reading};
use tlvet_core::report::model::InputRole;
use tlvet_core::text::listing::Listing;
use tlvet_core::text::listing::arithmetic::{Shape, judge};
use tlvet_core::text::{Reader, Text};
use tlvet_core::trustlist::file::TrustList;
use tlvet_tests::Failure;

type Result<T> = std::result::Result<T, Failure>;

fn read(bytes: &[u8], size: usize) -> Text {
    let mut reader = Reader::default();
    for chunk in bytes.chunks(size.max(1)) {
        reader.push(chunk);
    }
    reader.end()
}

fn artifact(bytes: &[u8]) -> Result<Artifact> {
    let opening = Opening::default();
    let mut reading = Reading::new("list.tlv", InputRole::Observed, &Readers::WHOLE);
    reading.push(bytes, &opening);
    Ok(reading.end(&opening).context("nothing was read")?.artifact)
}

/// Every sound list of the cases and the vectors, with what the engine prints of it.
fn lists() -> Result<Vec<(PathBuf, TrustList, String)>> {
    let mut lists = Vec::new();
    let mut folders =
        vec![tlvet_tests::folder().join("cases"), tlvet_tests::folder().join("vectors")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "tlv") {
                let artifact = artifact(&fs::read(&path)?)?;
                let text = artifact.listing();
                if let (Content::TrustList { list, .. }, Some(text)) = (artifact.content, text)
                    && !list.is_damaged()
                    // An element without a name has no row.
                    && list.header.unknown.is_empty()
                    && list.records.iter().all(|record| record.unknown.is_empty())
                {
                    lists.push((path, *list, text));
                }
            }
        }
    }
    lists.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(lists.len() > 50, "{} lists", lists.len());
    Ok(lists)
}

fn only(text: Text, path: &std::path::Path) -> Listing {
    let count = text.listings.len();
    let mut listings = text.listings.into_iter();
    match (listings.next(), count) {
        (Some(listing), 1) => listing,
        _ => panic!("{}: {count} listings", path.display()),
    }
}

#[test]
fn what_is_printed_of_a_list_is_read_again() -> Result<()> {
    for (path, list, text) in lists()? {
        let listing = only(read(text.as_bytes(), text.len()), &path);
        assert_eq!(
            judge(&listing).shape,
            Shape::Complete,
            "{}: {:?}",
            path.display(),
            judge(&listing)
        );
        assert_eq!(listing.list.records.len(), list.records.len(), "{}", path.display());
        assert_eq!(listing.list.length, list.length, "{}", path.display());
        for (read, real) in listing.list.records.iter().zip(&list.records) {
            let place = format!("{}: record {}", path.display(), real.number);
            assert_eq!(read.serial, real.serial, "{place}");
            assert_eq!(read.role, real.role, "{place}");
            assert_eq!(read.offset, real.offset, "{place}");
            assert_eq!(read.certificate_sha1(), real.certificate_sha1(), "{place}");
        }
    }
    Ok(())
}

#[test]
fn lines_make_no_difference() -> Result<()> {
    for (path, _, text) in lists()?.into_iter().step_by(7) {
        let lines = only(read(text.as_bytes(), text.len()), &path);
        for size in [1, 13, 4096] {
            assert_eq!(only(read(text.as_bytes(), size), &path), lines, "{}", path.display());
        }
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let flat = only(read(words.join(" ").as_bytes(), 1000), &path);
        assert_eq!(judge(&flat).shape, Shape::Complete, "{}", path.display());
        assert_eq!(flat.list.records.len(), lines.list.records.len(), "{}", path.display());
        for (one, other) in flat.list.records.iter().zip(&lines.list.records) {
            assert_eq!((&one.serial, &one.cert_hash), (&other.serial, &other.cert_hash));
            assert_eq!((one.role, one.length), (other.role, other.length));
        }
    }
    Ok(())
}

/// Lines of at most `width` characters: broken at blanks, as a program for mail does, or wherever they are full, as a terminal does.
fn broken(text: &str, width: usize, at_blanks: bool) -> String {
    let mut broken = String::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some((full, _)) = rest.split_at_checked(width)
            && full.len() < rest.len()
        {
            let blank = full.rfind([' ', '\t']).filter(|at| {
                at_blanks && full.get(..*at).is_some_and(|before| !before.trim().is_empty())
            });
            let (before, behind) = rest.split_at(blank.unwrap_or(width));
            broken.push_str(if at_blanks { before.trim_end() } else { before });
            broken.push('\n');
            rest = if at_blanks { behind.trim_start() } else { behind };
        }
        broken.push_str(rest);
        broken.push('\n');
    }
    broken
}

#[test]
fn lines_that_mail_or_a_terminal_broke_make_no_difference() -> Result<()> {
    for (path, _, text) in lists()?.into_iter().filter(|(_, _, text)| text.is_ascii()).step_by(5) {
        let whole = only(read(text.as_bytes(), text.len()), &path);
        for width in (60..=100).step_by(4) {
            for at_blanks in [true, false] {
                let place = format!("{} at {width}, {at_blanks}", path.display());
                let text = broken(&text, width, at_blanks);
                let listing = only(read(text.as_bytes(), text.len()), &PathBuf::from(&place));
                assert_eq!(judge(&listing).faults, [], "{place}");
                assert_eq!(judge(&listing).shape, Shape::Complete, "{place}");
                assert_eq!((listing.md5, listing.sha1), (whole.md5, whole.sha1), "{place}");
                let values = |listing: &Listing| -> Vec<_> {
                    let rows = listing.records.iter().flat_map(|record| &record.rows);
                    let names = rows.filter(|row| matches!(row.tag, 3 | 5)).map(|row| &row.value);
                    names.cloned().collect()
                };
                assert_eq!(values(&listing), values(&whole), "{place}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_listing_without_a_row_or_record_is_never_complete() -> Result<()> {
    let all = lists()?;
    let Some((path, _, text)) = all.iter().find(|(_, list, _)| list.records.len() > 3) else {
        panic!("no list with four records");
    };
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| line.contains("Record #:")).unwrap_or_default();
    let is_row = |line: &str| line.split('\t').count() > 2 && !line.starts_with(['B', '-', '\t']);
    for (index, line) in lines.iter().enumerate().skip(first) {
        if !is_row(line) {
            continue;
        }
        let mut without = lines.clone();
        without.remove(index);
        let listing = only(read(without.join("\n").as_bytes(), 4096), path);
        assert_ne!(judge(&listing).shape, Shape::Complete, "line {}: {line}", index + 1);
    }
    for end in first..lines.len().saturating_sub(3) {
        let cut = lines.get(..end).unwrap_or_default().join("\n");
        let listing = only(read(cut.as_bytes(), 4096), path);
        let is_whole = judge(&listing).shape == Shape::Complete;
        let records = listing.records.len() == listing.list.records.len();
        assert!(!is_whole || records && end + 6 > lines.len(), "cut behind line {end}");
    }
    Ok(())
}

#[test]
fn prose_and_other_logs_are_no_listing() {
    for text in [
        "Length of ITL file is what counts.\nThe ITL is signed.\n",
        "Compare the ITL Record of the phone with the CTL Record of the server.\n",
        "# Parse ITL File with a tool\n",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    ] {
        let read = read(text.as_bytes(), 7);
        assert_eq!((read.understood(), read.listings.len()), (0, 0), "{text}");
    }
}
