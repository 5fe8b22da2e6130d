//! Archives as Python, GNU tar, gzip and Info-ZIP write them (`tests/archives`, made by `tests/fixtures/archives.py`), and what is
//! wrong with others: cut, changed, nested without end, made to fill memory.
#![allow(clippy::indexing_slicing, reason = "a missing key of a JSON value gives null")]

use std::fs;
use std::io::Write as _;

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tlvet_core::archive::{Archive, End, Facts, Limit, Member, Sink, looks_like};
use tlvet_core::limits;
use tlvet_core::report::model::{InputKind, InputRole, Report, Severity, Verdict};
use tlvet_core::session::{InputId, Session};
use tlvet_core::time::UnixTime;
use tlvet_tests::{Failure, folder};

type Result<T> = std::result::Result<T, Failure>;

/// 2026-11-20T00:00:00Z.
const NOW: UnixTime = UnixTime(1_795_132_800);

fn session(inputs: &[(&str, &[u8])], chunk: usize) -> Result<Session> {
    let mut session = Session::new();
    for (name, bytes) in inputs {
        let id = session.open(name, InputRole::Observed)?;
        for chunk in bytes.chunks(chunk.max(1)) {
            session.push(id, chunk);
        }
        session.close(id);
    }
    Ok(session)
}

fn report(name: &str, bytes: &[u8]) -> Result<Report> {
    Ok(session(&[(name, bytes)], bytes.len())?.report(NOW))
}

fn archive(name: &str) -> Result<Vec<u8>> {
    Ok(fs::read(folder().join("archives").join(name)).with_context(|| name.to_owned())?)
}

fn has(report: &Report, code: &str) -> bool {
    report.findings.iter().any(|finding| finding.code == code)
}

fn detail<'r>(report: &'r Report, code: &str) -> &'r str {
    let finding = report.findings.iter().find(|finding| finding.code == code);
    finding.map_or("", |finding| finding.detail.as_str())
}

/// Names, lengths and digests of what lies directly in input 0.
fn members(report: &Report) -> Vec<(String, u64, String)> {
    let inside = report.inputs.iter().filter(|input| input.inside == Some(0));
    inside.map(|input| (input.name.clone(), input.bytes, input.sha256.clone())).collect()
}

#[test]
fn every_member_comes_out_whole_whoever_wrote_the_archive() -> Result<()> {
    let truth: Value = serde_json::from_slice(&archive("truth.json")?)?;
    let mut wrong = Vec::new();
    for (name, files) in truth.as_object().context("truth.json")? {
        let bytes = archive(name)?;
        let expected = files.as_array().into_iter().flatten().map(|file| {
            let text = |key: &str| file[key].as_str().unwrap_or_default().to_owned();
            (text("name"), file["bytes"].as_u64().unwrap_or_default(), text("sha256"))
        });
        let expected: Vec<_> = expected.collect();
        let whole = session(&[(name, &bytes)], bytes.len())?;
        let found = members(&whole.report(NOW));
        if found != expected {
            wrong.push(format!("{name}: {found:?} instead of {expected:?}"));
        }
        let json = whole.report_json(NOW);
        for chunk in [1, 7, 1500] {
            if session(&[(name, &bytes)], chunk)?.report_json(NOW) != json {
                wrong.push(format!("{name}: another report in chunks of {chunk}"));
            }
        }
        if has(&whole.report(NOW), "archive_damaged") {
            wrong.push(format!("{name}: {}", detail(&whole.report(NOW), "archive_damaged")));
        }
    }
    Failure::unless_empty(&wrong, "archives")
}

#[test]
fn a_packed_capture_is_a_capture_and_a_packed_list_lies_in_an_archive() -> Result<()> {
    let packed = report("a.pcapng.gz", &archive("capture.pcapng.gz")?)?;
    assert_eq!(packed.inputs[0].kind, InputKind::Capture);
    assert_eq!((packed.inputs.len(), packed.captures[0].flows.len()), (1, 1));
    let list = report("itl.tlv.gz", &archive("itl.tlv.gz")?)?;
    let kinds: Vec<InputKind> = list.inputs.iter().map(|input| input.kind).collect();
    assert_eq!(kinds, [InputKind::Archive, InputKind::TrustList]);
    assert!(has(&list, "trust_list_verified"));
    Ok(())
}

#[test]
fn archives_inside_each_other_are_opened() -> Result<()> {
    let nested = report("nested.zip", &archive("nested.zip")?)?;
    let inputs: Vec<(&str, Option<u32>)> =
        nested.inputs.iter().map(|input| (input.name.as_str(), input.inside)).collect();
    let expected = [
        ("nested.zip", None),
        ("inner.tar.gz", Some(0)),
        ("list.zip", Some(1)),
        ("itl.tlv", Some(2)),
    ];
    assert_eq!(inputs, expected);
    assert_eq!(nested.trust_lists[0].input, 3);
    let mut deep = archive("itl.tlv.gz")?;
    for _ in 0..limits::ARCHIVE_DEPTH {
        deep = gzip(&deep)?;
    }
    let deep = report("deep", &deep)?;
    assert_eq!(deep.inputs.len(), usize::from(limits::ARCHIVE_DEPTH) + 1);
    assert!(has(&deep, "archive_limit"));
    assert_eq!(deep.summary.verdict, Verdict::Warn);
    Ok(())
}

#[test]
fn a_member_may_be_something_else_than_its_archive() -> Result<()> {
    let nested = archive("nested.zip")?;
    let mut session = session(&[("nested.zip", &nested)], nested.len())?;
    let id = InputId(0);
    let path = "inner.tar.gz/list.zip/itl.tlv";
    assert!(!has(&session.report(NOW), "phone_state"));
    assert_eq!(session.set_member_role(id, path, InputRole::Phone), Ok(()));
    let phone = session.report(NOW);
    let roles: Vec<InputRole> = phone.inputs.iter().map(|input| input.role).collect();
    let observed = InputRole::Observed;
    assert_eq!(roles, [observed, observed, observed, InputRole::Phone]);
    assert!(has(&phone, "phone_state"));
    assert_eq!(session.set_member_role(id, path, observed), Ok(()));
    assert!(!has(&session.report(NOW), "phone_state"));
    for (path, role) in [
        ("itl.tlv", InputRole::Phone),
        ("inner.tar.gz/", InputRole::Phone),
        ("inner.tar.gz/list.zip/itl.tlv/x", InputRole::Phone),
        ("", InputRole::Phone),
        (path, InputRole::Key),
    ] {
        assert!(session.set_member_role(id, path, role).is_err(), "{path}");
    }
    assert!(session.set_member_role(InputId(1), path, observed).is_err());
    Ok(())
}

#[test]
fn what_tar_writes_in_front_of_names_may_be_left_out() -> Result<()> {
    let list = fs::read(folder().join("cases/phone_state/both/ITLSEP001122334455.tlv"))?;
    let mut bundle = header("./lists/itl.tlv", list.len())?;
    bundle.extend(&list);
    bundle.resize(bundle.len().next_multiple_of(512) + 1024, 0);
    for path in ["./lists/itl.tlv", "lists/itl.tlv"] {
        let mut session = session(&[("bundle.tar", &bundle)], bundle.len())?;
        assert_eq!(session.set_member_role(InputId(0), path, InputRole::Phone), Ok(()), "{path}");
        assert!(has(&session.report(NOW), "phone_state"));
    }
    Ok(())
}

#[test]
fn a_key_log_opens_the_captures_that_come_behind_it() -> Result<()> {
    let opened = report("ustar.tar", &archive("ustar.tar")?)?;
    assert!(
        detail(&opened, "key_log_found").contains("one connection"),
        "{}",
        detail(&opened, "key_log_found")
    );
    // And those of other inputs.
    let keys = archive("ustar.tar")?;
    let capture = archive("capture.pcapng.gz")?;
    let both = session(&[("ustar.tar", &keys), ("b.pcapng.gz", &capture)], 1500)?.report(NOW);
    let finding = both.findings.iter().find(|finding| finding.code == "key_log_found");
    assert_eq!(finding.context("key_log_found")?.severity, Severity::Info);
    Ok(())
}

#[test]
fn names_are_shown_and_never_used() -> Result<()> {
    let tricks = report("tricks.zip", &archive("tricks.zip")?)?;
    let names: Vec<&str> = tricks.inputs.iter().map(|input| input.name.as_str()).collect();
    let expected = [
        "tricks.zip",
        "../../etc/passwd.pem",
        "/absolute.pem",
        "C:\\windows\\a.pem",
        "twice.pem",
        "twice.pem",
    ];
    assert_eq!(names, expected);
    let mut control = archive("names.zip")?;
    for place in 0..control.len() - 6 {
        if control[place..].starts_with(b"folder") {
            control[place] = 0x1b;
        }
    }
    let control = report("a.zip", &control)?;
    assert!(control.inputs.iter().any(|input| input.name.starts_with("\u{fffd}older/long-")));
    Ok(())
}

#[test]
fn what_is_not_read_is_said() -> Result<()> {
    let locked = report("a.zip", &archive("encrypted.zip")?)?;
    assert_eq!(members(&locked)[0].0, "itl.tlv");
    assert!(detail(&locked, "archive_not_read").contains("store.pem (encrypted)"));
    let method = report("a.zip", &archive("method.zip")?)?;
    assert!(detail(&method, "archive_not_read").contains("store.pem (compression method 12)"));
    let links = report("a.tar", &archive("gnu.tar")?)?;
    assert!(detail(&links, "archive_not_read").contains("away (a link"));
    for (head, name) in [(&b"7z\xbc\xaf\x27\x1c\0\x04"[..], "7z"), (b"\xfd7zXZ\0\0\x04", "xz")] {
        let closed = report("a", head)?;
        assert_eq!(closed.inputs[0].kind, InputKind::Archive);
        let finding = closed.findings.iter().find(|one| one.code == "archive_not_read");
        assert!(finding.context("archive_not_read")?.title.contains(name));
        assert_eq!(closed.summary.verdict, Verdict::Warn);
    }
    Ok(())
}

/// What comes out of an archive, without looking into it.
#[derive(Debug, Default, PartialEq)]
struct Taken(Vec<(Member, Vec<u8>, Option<String>)>);

impl Sink for Taken {
    fn begin(&mut self, member: Member) -> std::result::Result<(), Limit> {
        self.0.push((member, Vec::new(), Some("no end".to_owned())));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8], _at: u64) -> std::result::Result<(), Limit> {
        if let Some((_, data, _)) = self.0.last_mut() {
            data.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn end(&mut self, end: End<'_>) {
        if let Some((.., ended)) = self.0.last_mut() {
            *ended = match end {
                End::Whole => None,
                End::Broken(reason) => Some(reason.to_owned()),
            };
        }
    }
}

fn taken(name: &str, bytes: &[u8], chunk: usize) -> Option<(Taken, Facts)> {
    let mut taken = Taken::default();
    let mut archive = Archive::new(looks_like(bytes)?, name);
    for chunk in bytes.chunks(chunk.max(1)) {
        archive.push(chunk, &mut taken);
    }
    let facts = archive.end(&mut taken);
    Some((taken, facts))
}

/// Small ones of every kind.
const SMALL: [&str; 6] = [
    "names.zip",
    "itl.tlv.gz",
    "nested.zip",
    "deflated_streamed.zip",
    "stored_streamed.zip",
    "gnu_tar_pax.tar.gz",
];

#[test]
fn an_archive_cut_anywhere_is_damaged_and_what_came_is_kept() -> Result<()> {
    let mut wrong = Vec::new();
    for name in SMALL {
        let bytes = archive(name)?;
        let (whole, facts) = taken(name, &bytes, bytes.len()).context("an archive")?;
        assert!(!facts.problems.is_damaged(), "{name}: {:?}", facts.problems);
        // A tar is told by its first 512 bytes.
        let begin = if name.ends_with(".tar.gz") { 300 } else { 20 };
        for length in begin..bytes.len() {
            let Some((cut, facts)) = taken(name, &bytes[..length], 1500) else { continue };
            if !facts.problems.is_damaged() {
                wrong.push(format!("{name}: nothing is said when cut at {length}"));
            }
            let is_prefix = cut.0.iter().zip(&whole.0).all(|(cut, whole)| {
                // Of half a mark behind a member without a size nothing tells that it is no data.
                let kept = cut.1.len() - if cut.2.is_some() { cut.1.len().min(3) } else { 0 };
                cut.0 == whole.0
                    && whole.1.starts_with(&cut.1[..kept])
                    && (cut.2.is_some() || cut.1 == whole.1)
            });
            if !is_prefix {
                wrong.push(format!("{name}: something else comes out when cut at {length}"));
            }
        }
    }
    let tar = archive("gnu.tar")?;
    // GNU tar fills its last block with zeros behind the end mark.
    let content = tar.iter().rposition(|byte| *byte != 0).unwrap_or_default();
    for length in 512..content {
        let (_, facts) = taken("gnu.tar", &tar[..length], 1500).context("an archive")?;
        if !facts.problems.is_damaged() {
            wrong.push(format!("gnu.tar: nothing is said when cut at {length}"));
        }
    }
    Failure::unless_empty(&wrong, "cut archives")
}

#[test]
fn a_cut_archive_never_passes() -> Result<()> {
    let bytes = archive("names.zip")?;
    for length in (1..bytes.len()).step_by(199) {
        let cut = report("names.zip", &bytes[..length])?;
        assert_ne!(cut.summary.verdict, Verdict::Pass, "cut at {length}");
        assert!(length < 4 || has(&cut, "archive_damaged"), "cut at {length}");
    }
    Ok(())
}

#[test]
fn what_stands_before_the_damage_is_kept() -> Result<()> {
    let bytes = archive("ustar.tar")?;
    let cut = report("a.tar", &bytes[..bytes.len() - 15_000])?;
    assert!(has(&cut, "trust_list_verified"));
    assert_eq!(cut.captures.len(), 1);
    // A header that is broken: the members behind it are found again.
    let mut broken = bytes.clone();
    let second = usize::try_from(512 + members(&cut)[0].1.next_multiple_of(512))?;
    broken[second] ^= 1;
    let broken = report("a.tar", &broken)?;
    assert_eq!(members(&broken).len(), 5);
    let told = format!("tar header at offset {second}");
    assert!(detail(&broken, "archive_damaged").contains(&told));
    let mut zip = archive("deflated.zip")?;
    zip[600] ^= 0x10;
    let zip = report("a.zip", &zip)?;
    assert_eq!(members(&zip).len(), 6);
    let damaged = zip.findings.iter().find(|one| one.code == "archive_damaged");
    assert_eq!(damaged.context("archive_damaged")?.evidence[0].offset, Some(0));
    Ok(())
}

#[test]
fn changed_archives_are_read_alike_in_any_chunks() -> Result<()> {
    let mut wrong = Vec::new();
    for name in SMALL.into_iter().chain(["gnu.tar"]) {
        let bytes = archive(name)?;
        let (honest, _) = taken(name, &bytes, bytes.len()).context("an archive")?;
        let step = if bytes.len() > 4_000 { 11 } else { 1 };
        for place in (0..bytes.len()).step_by(step) {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << (place % 8);
            let Some((whole, facts)) = taken(name, &changed, bytes.len()) else { continue };
            if taken(name, &changed, 7) != Some((whole, facts)) {
                wrong.push(format!("{name}, changed at {place}: it depends on the chunks"));
            }
        }
        assert!(!honest.0.is_empty(), "{name}");
    }
    Failure::unless_empty(&wrong, "changed archives")
}

#[test]
fn a_member_that_is_whole_is_what_its_checksum_says() -> Result<()> {
    let mut wrong = Vec::new();
    for name in ["names.zip", "deflated_streamed.zip", "stored_streamed.zip", "itl.tlv.gz"] {
        let bytes = archive(name)?;
        let (honest, _) = taken(name, &bytes, bytes.len()).context("an archive")?;
        for place in (0..bytes.len()).step_by(3) {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << (place % 8);
            let Some((found, facts)) = taken(name, &changed, 1500) else { continue };
            for (member, data, ended) in &found.0 {
                let known = honest.0.iter().any(|(_, honest, _)| honest == data);
                if ended.is_none() && !known && !facts.problems.is_damaged() {
                    wrong.push(format!("{name}, changed at {place}: {} is another", member.name));
                }
            }
        }
    }
    Failure::unless_empty(&wrong, "changed members")
}

#[test]
fn bombs_end_at_their_caps() -> Result<()> {
    let zeros = gzip(&vec![0; 64 << 20])?;
    let bomb = report("zeros.gz", &zeros)?;
    assert!(has(&bomb, "archive_limit"));
    assert!(detail(&bomb, "archive_limit").contains("256 times"));
    // Inflated twice: each layer alone is harmless.
    let lines: String =
        (0..400_000).map(|n| format!("{n}: a log line that says the same\n")).collect();
    let lines = gzip(lines.as_bytes())?;
    let twice = report("twice.gz.gz", &gzip(&zeros)?)?;
    assert!(has(&twice, "archive_limit"));
    assert!(twice.inputs.len() <= 3);
    let honest = report("log.gz", &lines)?;
    assert!(!has(&honest, "archive_limit"), "{}", detail(&honest, "archive_limit"));
    // Very many members of a few bytes.
    let empty = header("empty", 0)?;
    let many = report("many.tar", &empty.repeat(limits::ARCHIVE_MEMBERS + 10))?;
    assert_eq!(many.inputs.len(), limits::ARCHIVE_MEMBERS + 1);
    assert!(detail(&many, "archive_limit").contains("50000"), "{}", detail(&many, "archive_limit"));
    Ok(())
}

/// The header of a member of a tar archive, after the first of `ustar.tar`.
fn header(name: &str, length: usize) -> Result<Vec<u8>> {
    let mut header = archive("ustar.tar")?;
    header.truncate(512);
    header[..100].fill(0);
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..136].copy_from_slice(format!("{length:011o}\0").as_bytes());
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(header)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}
