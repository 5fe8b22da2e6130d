//! Names of certificates: every row of the tables in `tests/data/names`, and the `openssl` of the machine on names made
//! at random.
//!
//! `TLVET_NAME_SEED` and `TLVET_NAME_CASES` repeat or lengthen the random part.

#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test may stop at the first surprise"
)]

use std::env;
use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, bail, ensure};
use tlvet_core::bytes::hex;
use tlvet_core::report::model::{NameCheck, NameKind};
use tlvet_core::x509::Certificate;
use tlvet_core::x509::name_check::{
    HostFlags, TrafficServerVersion, browser, openssl_email, openssl_host, openssl_host_flags,
    openssl_ip, side_by_side, traffic_server,
};
use tlvet_tests::made::{
    COMMON_NAME, EMAIL_ADDRESS, SUBJECT_ALT_NAME, certificate, element, sequence,
};
use tlvet_tests::{Failure, folder};

type Result<T> = std::result::Result<T, Failure>;

/// Rows of a table: comments and the header left out.
fn table(name: &str, columns: usize) -> anyhow::Result<Vec<Vec<String>>> {
    let path = folder().join("data/names").join(name);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let row: Vec<String> = line.split('\t').map(str::to_owned).collect();
        ensure!(row.len() == columns, "{name}: {} columns in: {line}", row.len());
        rows.push(row);
    }
    Ok(rows)
}

/// The certificate of a row.
fn made(common_names: &str, alternative_names: &str) -> anyhow::Result<Certificate> {
    let subject: Vec<_> = match common_names {
        "-" => Vec::new(),
        names => names
            .split(';')
            .map(|name| match name {
                // A BIT STRING, which OpenSSL reads in a name and does not convert.
                "!" => (COMMON_NAME, 3, &b"\0A"[..]),
                name => (COMMON_NAME, 12, name.as_bytes()),
            })
            .collect(),
    };
    let mut names = Vec::new();
    let mut times = usize::from(alternative_names != "-");
    for name in alternative_names.split(' ').filter(|name| *name != "-") {
        let (kind, value) = name.split_once(':').unwrap_or((name, ""));
        names.push(match kind {
            "DNS" => element(0x82, value.as_bytes()),
            "email" => element(0x81, value.as_bytes()),
            "URI" => element(0x86, value.as_bytes()),
            "IP" => match value.parse()? {
                IpAddr::V4(address) => element(0x87, &address.octets()),
                IpAddr::V6(address) => element(0x87, &address.octets()),
            },
            "RID" => element(0x88, &[0x2a, 3]),
            "dirName" => element(0xa4, &sequence(&[])),
            "otherName" => {
                element(0xa0, &[element(6, &[0x2a, 3]), element(0xa0, &element(12, b"x"))].concat())
            }
            "broken" => element(0x89, b""),
            "twice" => {
                times = 2;
                continue;
            }
            other => bail!("unknown kind of name {other}"),
        });
    }
    let extensions = vec![(SUBJECT_ALT_NAME, sequence(&names)); times];
    Ok(Certificate::parse(&certificate(&subject, &extensions), 0)?)
}

#[test]
fn openssl_matrix() -> Result<()> {
    let rows = table("openssl.tsv", 8)?;
    let mut wrong = Vec::new();
    for row in &rows {
        let certificate = made(&row[0], &row[1])?;
        let asked = &row[2];
        let host = |flags| u8::from(openssl_host_flags(&certificate, asked, flags)).to_string();
        let ip = match asked.parse() {
            Ok(address) => u8::from(openssl_ip(&certificate, address)).to_string(),
            Err(_) => "-2".to_owned(),
        };
        let found = [
            host(HostFlags::default()),
            host(HostFlags::NO_PARTIAL_WILDCARDS),
            host(HostFlags::ALWAYS_CHECK_SUBJECT),
            host(HostFlags::NEVER_CHECK_SUBJECT),
            ip,
        ];
        if found != row[3..] {
            wrong.push(format!("{row:?}: found {found:?}"));
        }
    }
    assert!(rows.len() >= 30, "only {} rows", rows.len());
    Failure::unless_empty(&wrong, "rows that differ")
}

/// The words of the report, as its JSON has them.
fn word(value: impl serde::Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}

#[test]
fn judges_side_by_side() -> Result<()> {
    let rows = table("judges.tsv", 10)?;
    let mut wrong = Vec::new();
    for row in &rows {
        let certificate = made(&row[0], &row[1])?;
        let check = side_by_side(&certificate, &row[2]);
        let mut near = Vec::new();
        for miss in &check.near_misses {
            near.push(format!(
                "{} {} {}",
                word(miss.name.kind)?,
                miss.name.value,
                word(miss.reason)?
            ));
        }
        let none = || "-".to_owned();
        let found = [
            word(check.traffic_server.v8_1)?,
            word(check.traffic_server.v9_0)?,
            word(check.traffic_server.v9_2)?,
            u8::from(check.openssl).to_string(),
            u8::from(check.browser).to_string(),
            match &check.matched_by {
                Some(name) => format!("{} {}", word(name.kind)?, name.value),
                None => none(),
            },
            if near.is_empty() { none() } else { near.join(", ") },
        ];
        if found != row[3..] {
            wrong.push(format!("{row:?}: found {found:?}"));
        }
        alone(&certificate, &check)?;
    }
    assert!(rows.len() >= 50, "only {} rows", rows.len());
    Failure::unless_empty(&wrong, "rows that differ")
}

/// Each judge asked alone says what it says beside the others.
fn alone(certificate: &Certificate, check: &NameCheck) -> anyhow::Result<()> {
    let name = check.address.trim_matches(['[', ']']);
    let openssl = match name.parse() {
        Ok(address) => openssl_ip(certificate, address),
        Err(_) => openssl_host(certificate, name),
    };
    ensure!(openssl == check.openssl, "{name}: OpenSSL");
    ensure!(browser(certificate, name) == check.browser, "{name}: browser");
    let accepted = traffic_server(certificate, name, TrafficServerVersion::V8_1).accepted();
    ensure!(accepted == (word(check.traffic_server.v8_1)? != "no"), "{name}: Traffic Server");
    Ok(())
}

#[test]
fn kinds_of_addresses() -> Result<()> {
    let certificate = made("x", "-")?;
    for (address, kind) in [
        ("cucm.example.com", NameKind::Fqdn),
        ("cucm", NameKind::Short),
        ("cucm.", NameKind::Short),
        ("", NameKind::Short),
        ("10.1.2.3", NameKind::Ip),
        ("010.1.2.3", NameKind::Fqdn),
        ("10.1.2", NameKind::Fqdn),
        ("::1", NameKind::Ip),
        ("[::1]", NameKind::Ip),
    ] {
        let found = side_by_side(&certificate, address).kind;
        assert_eq!(found, kind, "{address}");
    }
    Ok(())
}

/// A certificate full of names, and a name that is as long: time in proportion to both, not to their product.
#[test]
fn hostile_names_end() -> Result<()> {
    let pattern = [b"*.".as_slice(), &b"a.".repeat(100_000), b"b"].concat();
    let mut names: Vec<Vec<u8>> = vec![element(0x82, &pattern)];
    names.extend((0..80_000).map(|_| element(0x82, b"*.a")));
    let der = certificate(
        &[(COMMON_NAME, 12, pattern.as_slice())],
        &[(SUBJECT_ALT_NAME, sequence(&names))],
    );
    let certificate = Certificate::parse(&der, 0)?;
    for asked in ["a.".repeat(100_000), format!(".{}", "a.".repeat(100_000)), "*".repeat(200_000)] {
        let check = side_by_side(&certificate, &asked);
        assert!(!check.openssl && !check.browser && check.matched_by.is_none());
        assert!(check.near_misses.len() <= 8);
        assert!(!openssl_email(&certificate, &asked));
    }
    Ok(())
}

/// Numbers that look random and can be repeated (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn host(&mut self) -> String {
        const LABELS: &[&str] = &[
            "a", "b", "host", "Host", "xn--abc", "XN--ABC", "xn--", "my_host", "*", "h*", "*t",
            "h*t", "**", "-a", "a-", "a-b", "", "10", "0", "1", "com", "local", "example", "x*",
            "*-a", "a-*", "xn--*", "*xn--", "n--abc", "é",
        ];
        let count = [1, 2, 3, 3, 3, 4, 5][self.below(7)];
        let labels: Vec<&str> = (0..count).map(|_| self.one_of(LABELS)).collect();
        let name = labels.join(".");
        match self.below(20) {
            0 => format!("{name}."),
            1 => format!(".{name}"),
            _ => name,
        }
    }

    fn mailbox(&mut self) -> String {
        let local = self.one_of(&["a", "A", "a@b", "\"x@y\"", ""]);
        let domain = self.one_of(&["b.c", "B.C", "example.com", "@", ""]);
        format!("{local}@{domain}")
    }

    /// Something near to `name`.
    fn near(&mut self, name: &str) -> String {
        match self.below(8) {
            0 | 1 => name.to_owned(),
            2 => name.chars().map(swap_case).collect(),
            3 => name.replacen(
                '*',
                ["host", "xn--abc", "a_b", "", "*", "a.b", "n--abc"][self.below(7)],
                1,
            ),
            4 => name.chars().skip(1).collect(),
            5 => format!(".{}", name.split_once('.').map_or(name, |(_, rest)| rest)),
            6 => format!("{name}{}", self.one_of(&["a", ".", "*", "-"])),
            _ => self.host(),
        }
    }
}

fn swap_case(character: char) -> char {
    if character.is_ascii_lowercase() {
        character.to_ascii_uppercase()
    } else {
        character.to_ascii_lowercase()
    }
}

/// A certificate, and what is asked about it.
struct Question {
    der: Vec<u8>,
    host: String,
    email: String,
    ip: IpAddr,
}

fn question(random: &mut Random) -> Question {
    const ADDRESSES: [&[u8]; 5] = [
        &[10, 0, 0, 1],
        &[10, 0, 0, 2],
        &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        &[1, 2, 3, 4, 5],
        &[],
    ];
    let mut hosts = Vec::new();
    let mut mailboxes = Vec::new();
    let mut subject: Vec<(&[u8], u8, Vec<u8>)> = Vec::new();
    for _ in 0..random.below(4) {
        let (oid, text) = if random.below(5) == 0 {
            mailboxes.push(random.mailbox());
            (EMAIL_ADDRESS, mailboxes.last())
        } else {
            hosts.push(random.host());
            (COMMON_NAME, hosts.last())
        };
        let text = text.map(String::as_str).unwrap_or_default();
        let utf16 = || text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let utf32 = || text.chars().flat_map(|one| u32::from(one).to_be_bytes()).collect();
        let latin1 = || text.chars().filter_map(|one| u8::try_from(u32::from(one)).ok()).collect();
        subject.push(match random.below(8) {
            0 => (oid, 0x1e, utf16()),
            1 => (oid, 0x1c, utf32()),
            2 => (oid, 0x13, latin1()),
            3 => (oid, 0x14, latin1()),
            4 => (oid, 0x16, latin1()),
            _ => (oid, 0x0c, text.as_bytes().to_vec()),
        });
    }
    let mut extensions = Vec::new();
    for _ in 0..[0, 1, 1, 1, 1, 1, 1, 2][random.below(8)] {
        let mut names = Vec::new();
        for _ in 0..random.below(4) {
            names.push(match random.below(24) {
                0..=11 => {
                    hosts.push(random.host());
                    element(0x82, hosts.last().map(String::as_bytes).unwrap_or_default())
                }
                12..=14 => {
                    mailboxes.push(random.mailbox());
                    element(0x81, mailboxes.last().map(String::as_bytes).unwrap_or_default())
                }
                15..=18 => element(0x87, ADDRESSES[random.below(ADDRESSES.len())]),
                19 => element(0x86, b"http://x/"),
                20 => element(
                    0x88,
                    [&b"\x2a\x03"[..], b"", b"\x2a\x80\x01", b"\x2a\x83"][random.below(4)],
                ),
                21 => element(0xa4, [&b"\x30\0"[..], b"", b"\x05\0"][random.below(3)]),
                22 => element(0xa2, &element(22, b"host")),
                _ => element(0x89, b""),
            });
        }
        extensions.push((SUBJECT_ALT_NAME, sequence(&names)));
    }
    let attributes: Vec<_> =
        subject.iter().map(|(oid, tag, value)| (*oid, *tag, value.as_slice())).collect();
    let near = |random: &mut Random, names: &[String], other: String| match names {
        [] => other,
        names => {
            let name = &names[random.below(names.len())];
            random.near(name)
        }
    };
    let (host, email) = (random.host(), random.mailbox());
    Question {
        der: certificate(&attributes, &extensions),
        host: near(random, &hosts, host),
        email: near(random, &mailboxes, email),
        ip: [[10, 0, 0, 1].into(), [10, 0, 0, 2].into(), [0, 0, 0, 0, 0, 0, 0, 1_u16].into()]
            [random.below(3)],
    }
}

/// What `openssl x509` prints: does match, or does not; `None` where it cannot read the certificate.
fn openssl(question: &Question) -> anyhow::Result<Option<[bool; 3]>> {
    let mut command =
        Command::new(env::var_os("TLVET_OPENSSL").unwrap_or_else(|| "openssl".into()));
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(&question.der)?;
    command.args(["x509", "-inform", "DER", "-noout", "-in"]).arg(file.path());
    command.args(["-checkhost", &question.host, "-checkemail", &question.email]);
    let output = command.args(["-checkip", &question.ip.to_string()]).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() && text.is_empty() {
        return Ok(None);
    }
    let mut answers = [false; 3];
    for (answer, kind) in answers.iter_mut().zip(["Hostname", "Email", "IP"]) {
        let start = text.find(&format!("{kind} ")).with_context(|| format!("no answer: {text}"))?;
        let line = text[start..].lines().next().unwrap_or_default();
        *answer = line.ends_with("does match certificate");
        ensure!(*answer || line.ends_with("does NOT match certificate"), "unknown answer: {line}");
    }
    Ok(Some(answers))
}

#[test]
fn openssl_of_the_machine_says_the_same() -> Result<()> {
    let number = |name: &str| env::var(name).ok().and_then(|value| value.parse().ok());
    let seed: u64 = number("TLVET_NAME_SEED").unwrap_or(0x7467_6e61_6d65_7321);
    let cases: u64 = number("TLVET_NAME_CASES").unwrap_or(500);
    let mut random = Random(seed.max(1));
    let questions: Vec<Question> = (0..cases).map(|_| question(&mut random)).collect();
    let next = AtomicUsize::new(0);
    let (mut read, mut matched, mut wrong) = (0, [0; 3], Vec::new());
    // Starting programs is what takes time.
    let answers = thread::scope(|scope| {
        let ask = || -> anyhow::Result<Vec<(usize, Option<[bool; 3]>)>> {
            let mut answers = Vec::new();
            loop {
                let case = next.fetch_add(1, Ordering::Relaxed);
                let Some(question) = questions.get(case) else { return Ok(answers) };
                // The program takes an empty argument for none.
                if !question.host.is_empty() && !question.email.is_empty() {
                    answers.push((case, openssl(question)?));
                }
            }
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        let joined = threads.into_iter().map(|thread| thread.join().expect("no panic in a thread"));
        joined.collect::<anyhow::Result<Vec<_>>>()
    })?;
    for (case, theirs) in answers.into_iter().flatten() {
        let (Some(theirs), Some(question)) = (theirs, questions.get(case)) else { continue };
        let certificate = Certificate::parse(&question.der, 0)?;
        let ours = [
            openssl_host(&certificate, &question.host),
            openssl_email(&certificate, &question.email),
            openssl_ip(&certificate, question.ip),
        ];
        read += 1;
        for (count, answer) in matched.iter_mut().zip(theirs) {
            *count += u32::from(answer);
        }
        if ours != theirs {
            let Question { der, host, email, ip } = question;
            wrong.push(format!(
                "seed {seed} case {case}: host {host:?} email {email:?} ip {ip}: OpenSSL {theirs:?}, we {ours:?}\n{}",
                hex(der)
            ));
        }
    }
    Failure::unless_empty(&wrong, "answers that differ")?;
    assert!(read * 2 > cases, "OpenSSL read only {read} of {cases} certificates");
    assert!(matched.iter().all(|count| *count > 0), "too few matches: {matched:?}");
    Ok(())
}

/// Every kind of name is kept, and a malformed one does not hide the others.
#[test]
fn names_of_every_kind_are_shown() -> Result<()> {
    const HARDWARE_MODULE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 8, 4];
    const UPN: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 3];
    let other = |oid: &[u8], value: Vec<u8>| {
        element(0xa0, &[element(6, oid), element(0xa0, &value)].concat())
    };
    let common_name = sequence(&[element(6, COMMON_NAME), element(12, b"a,b")]);
    let module = sequence(&[element(6, &[0x2a, 3]), element(4, b"PID:CP-8861 SN:FOC1")]);
    let names = [
        element(0x82, b"host.example.com"),
        element(0xa4, &sequence(&[element(0x31, &common_name)])),
        element(0xa4, b"\x05\0"),
        element(0x88, &[0x2a, 3, 4]),
        other(UPN, element(12, "zoë@example.com".as_bytes())),
        other(HARDWARE_MODULE, module),
        other(&[0x2a, 5], element(4, &[0xab; 70])),
        element(0xa0, b""),
        element(0xa3, b""),
        element(0x82, b"other.example.com"),
    ];
    let der = certificate(&[], &[(SUBJECT_ALT_NAME, sequence(&names))]);
    let certificate = Certificate::parse(&der, 0)?;
    let shown = serde_json::to_value(certificate.to_report(Vec::new()).san)?;
    assert_eq!(
        shown,
        serde_json::json!({
            "dns": ["host.example.com", "other.example.com"],
            "ip": [], "uri": [], "email": [],
            "directory": ["CN=a\\,b"],
            "registered_id": ["1.2.3.4"],
            "other": [
                {"type": "msUPN", "value": "zoë@example.com"},
                {"type": "id-on-hardwareModuleName", "value": "1.2.3 PID:CP-8861 SN:FOC1"},
                {"type": "1.2.5", "value": format!("#0446{}…", "ab".repeat(62))},
            ],
        })
    );
    let start =
        u64::try_from(der.windows(4).position(|bytes| bytes == [0xa4, 2, 5, 0]).unwrap_or(0))?;
    let problems: Vec<_> =
        certificate.problems.iter().map(|problem| (problem.at, problem.field.as_str())).collect();
    assert_eq!(problems[0], (start + 2, "subjectAltName"));
    assert_eq!(problems.len(), 2, "{problems:?}");
    Ok(())
}
