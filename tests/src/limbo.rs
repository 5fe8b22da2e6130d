//! The cases of x509-limbo (C2SP, Apache-2.0) and BetterTLS, with what OpenSSL answers to each.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tlvet_core::time::UnixTime;
use tlvet_core::x509::chain::ReferenceName;

/// When the answers were recorded: the time of cases that name none.
pub const RECORDED: UnixTime = UnixTime(1_795_132_800);

/// One case.
#[derive(Debug)]
pub struct Case {
    /// Its name, `group::name`.
    pub id: String,
    /// What RFC 5280 and the rules of public CAs ask for: accept.
    pub accept: bool,
    /// When it is judged.
    pub at: UnixTime,
    /// The name of the peer.
    pub name: Option<ReferenceName>,
    /// The case asks for the usage of a TLS server by name.
    pub asks_for_server: bool,
    /// The peer is a server, not a client.
    pub is_server: bool,
    /// Depth allowed.
    pub max_depth: Option<u32>,
    /// DER of the leaf.
    pub leaf: Vec<u8>,
    /// DER of the intermediate certificates.
    pub untrusted: Vec<Vec<u8>>,
    /// DER of the anchors.
    pub trusted: Vec<Vec<u8>>,
    /// DER of the revocation lists.
    pub crls: Vec<Vec<u8>>,
}

/// What one OpenSSL answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// It accepted.
    pub ok: bool,
    /// Error number; 0 when accepted.
    pub code: u32,
    /// Depth of the error.
    pub depth: u32,
}

/// Every case.
///
/// # Errors
/// When the file cannot be read.
pub fn cases() -> Result<Vec<Case>> {
    lines("limbo-all.tsv.xz")?.iter().map(|line| case(line).context(line_name(line))).collect()
}

/// The answers of one OpenSSL by case; cases that its harness skipped are not there.
///
/// # Errors
/// When the file cannot be read.
pub fn answers(file: &str) -> Result<BTreeMap<String, (Answer, String)>> {
    let mut answers = BTreeMap::new();
    for line in lines(file)? {
        let [id, verdict, code, depth, text] = fields(&line)?;
        if verdict != "K" {
            let answer = Answer { ok: verdict == "S", code: code.parse()?, depth: depth.parse()? };
            answers.insert(id.to_owned(), (answer, text.to_owned()));
        }
    }
    Ok(answers)
}

fn case(line: &str) -> Result<Case> {
    let [
        id,
        expected,
        kind,
        time,
        name_kind,
        name,
        usages,
        depth,
        _algorithms,
        _key_usages,
        _features,
        _importance,
        leaf,
        untrusted,
        trusted,
        crls,
    ] = fields(line)?;
    let name = match name_kind {
        "DNS" => Some(ReferenceName::Dns(name.to_owned())),
        "IP" => Some(ReferenceName::Ip(name.parse()?)),
        "RFC822" => Some(ReferenceName::Email(name.to_owned())),
        _ => None,
    };
    Ok(Case {
        id: id.to_owned(),
        accept: expected == "S",
        at: if time == "-" { RECORDED } else { UnixTime(time.parse()?) },
        name,
        asks_for_server: usages == "serverAuth",
        is_server: kind == "SERVER",
        max_depth: if depth == "-" { None } else { Some(depth.parse()?) },
        leaf: STANDARD.decode(leaf)?,
        untrusted: list(untrusted)?,
        trusted: list(trusted)?,
        crls: list(crls)?,
    })
}

fn list(field: &str) -> Result<Vec<Vec<u8>>> {
    if field == "-" || field.is_empty() {
        return Ok(Vec::new());
    }
    field.split(',').map(|item| Ok(STANDARD.decode(item)?)).collect()
}

fn fields<const N: usize>(line: &str) -> Result<[&str; N]> {
    let fields: Vec<&str> = line.split('\t').collect();
    let count = fields.len();
    <[&str; N]>::try_from(fields).ok().with_context(|| format!("{count} fields, not {N}"))
}

fn line_name(line: &str) -> String {
    line.split('\t').next().unwrap_or_default().to_owned()
}

fn lines(file: &str) -> Result<Vec<String>> {
    let text = unpacked(&crate::folder().join("vectors/x509").join(file))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The text of a file in xz.
///
/// # Errors
/// When it cannot be read, is not UTF-8, or is empty.
pub fn unpacked(path: &Path) -> Result<String> {
    let text = String::from_utf8(crate::unpacked(path)?)?;
    ensure!(!text.is_empty(), "{} is empty", path.display());
    Ok(text)
}
