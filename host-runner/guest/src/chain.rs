//! Certificates judged one by one: JSON lines in, JSON lines (or text) out.

use std::net::IpAddr;
use std::sync::Arc;

use crate::chain_text;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tlvet_core::limits;
use tlvet_core::time::UnixTime;
use tlvet_core::x509::chain::{
    self, Judgement, Profile, Purpose, ReferenceName, Request, SignatureCache,
};
use tlvet_core::x509::{Certificate, ItemContent, RevocationList, container};

/// How all lines are judged.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Options {
    /// Name of a profile.
    profile: String,
    /// OpenSSL's security level.
    level: u8,
    /// The time for lines that name none: RFC 3339 in UTC, a date, or seconds since 1970.
    at: String,
    /// Certificates are files (PEM, DER, PKCS#7), several in each, instead of one DER each; a line that cannot be
    /// read is refused with the reason, and what comes out is text for people when `text` says so.
    files: bool,
    /// Text for people instead of JSON.
    text: bool,
}

/// One chain, as the caller writes it. Certificates are base64.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default)]
    id: Value,
    leaf: String,
    #[serde(default)]
    untrusted: Vec<String>,
    #[serde(default)]
    trusted: Vec<String>,
    #[serde(default)]
    crls: Vec<String>,
    #[serde(default)]
    name: Option<Name>,
    #[serde(default)]
    time: Option<i64>,
    #[serde(default)]
    purpose: Option<Usage>,
    #[serde(default)]
    max_depth: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    kind: NameKind,
    value: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum NameKind {
    Dns,
    Ip,
    Email,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Usage {
    Server,
    Client,
    Any,
}

#[derive(Serialize)]
struct Answer {
    id: Value,
    ok: bool,
    code: u32,
    depth: u32,
    error: String,
    chain: Vec<String>,
    all: Vec<Failure>,
}

#[derive(Serialize)]
struct Failure {
    code: u32,
    depth: u32,
    error: String,
}

/// Judges lines; certificates and signatures seen before are remembered.
#[derive(Default)]
pub(crate) struct Judge {
    profile: Profile,
    level: u8,
    at: UnixTime,
    files: bool,
    text: bool,
    cache: SignatureCache,
    /// Chains in the last answer that were refused.
    pub(crate) refused: u32,
    /// Lines in the last answer that could not be read.
    pub(crate) unread: u32,
}

/// A line's certificates.
struct Parsed {
    leaf: Result<Arc<Certificate>, String>,
    untrusted: Vec<Arc<Certificate>>,
    trusted: Vec<Arc<Certificate>>,
    crls: Vec<RevocationList>,
    name: Option<ReferenceName>,
}

impl Judge {
    /// Reads and checks the options.
    ///
    /// # Errors
    /// What is wrong, in words for the user.
    pub(crate) fn new(json: &[u8]) -> Result<Self, String> {
        let options: Options = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let profile = options.profile.parse().map_err(|error| format!("--profile: {error}"))?;
        let Some(at) = UnixTime::parse(&options.at) else {
            let at = &options.at;
            return Err(format!(
                "--at {at}: not a time; write 2026-11-20, 2026-11-20T10:00:00Z or seconds since 1970"
            ));
        };
        let Options { level, files, text, .. } = options;
        Ok(Self { profile, level, at, files, text, ..Self::default() })
    }

    /// Judges every line.
    ///
    /// # Errors
    /// Which file cannot be read, where lines hold files.
    pub(crate) fn lines(&mut self, lines: &[u8]) -> Result<Vec<u8>, String> {
        (self.refused, self.unread) = (0, 0);
        let mut out = Vec::new();
        for line in lines.split(|byte| *byte == b'\n') {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            self.line(line, &mut out)?;
        }
        Ok(out)
    }

    fn line(&mut self, json: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        let line: Line = match serde_json::from_slice(json) {
            Ok(line) => line,
            Err(error) if self.files => return Err(error.to_string()),
            Err(error) => {
                self.unread += 1;
                let id = serde_json::from_slice(json)
                    .ok()
                    .and_then(|line: Value| line.get("id").cloned());
                self.answer(
                    &Answer::refusal(id.unwrap_or_default(), &format!("not a chain: {error}")),
                    out,
                );
                return Ok(());
            }
        };
        let parsed = if self.files {
            self.files(&line)?
        } else {
            match self.ders(&line) {
                Ok(parsed) => parsed,
                Err(reason) => {
                    self.unread += 1;
                    self.answer(&Answer::refusal(line.id, &reason), out);
                    return Ok(());
                }
            }
        };
        let leaf = match &parsed.leaf {
            Ok(leaf) => Arc::clone(leaf),
            Err(reason) => {
                self.answer(&Answer::refusal(line.id, reason), out);
                return Ok(());
            }
        };
        fn borrowed(list: &[Arc<Certificate>]) -> Vec<&Certificate> {
            list.iter().map(|one| &**one).collect()
        }
        let (untrusted, trusted) = (borrowed(&parsed.untrusted), borrowed(&parsed.trusted));
        let crls: Vec<&RevocationList> = parsed.crls.iter().collect();
        let request = Request {
            untrusted: &untrusted,
            trusted: &trusted,
            crls: &crls,
            name: parsed.name.as_ref(),
            at: Some(line.time.map_or(self.at, UnixTime)),
            purpose: match line.purpose {
                None | Some(Usage::Server) => Purpose::Server,
                Some(Usage::Client) => Purpose::Client,
                Some(Usage::Any) => Purpose::Any,
            },
            max_depth: line.max_depth,
            profile: self.profile,
            level: self.level,
            ..Request::of(&leaf)
        };
        let judgement = chain::judge(&request, &mut self.cache);
        if self.text {
            self.refused += u32::from(!judgement.ok);
            let text = chain_text::render(&request, &judgement);
            out.extend_from_slice(text.as_bytes());
        } else {
            self.answer(&Answer::of(line.id, &judgement), out);
        }
        Ok(())
    }

    fn answer(&mut self, answer: &Answer, out: &mut Vec<u8>) {
        self.refused += u32::from(!answer.ok);
        if serde_json::to_writer(&mut *out, answer).is_ok() {
            out.push(b'\n');
        }
    }

    /// Certificates of a batch: one DER each. One that cannot be parsed and is not the leaf cannot be part of a
    /// chain and is left out, as a store leaves out what it cannot load.
    fn ders(&mut self, line: &Line) -> Result<Parsed, String> {
        let leaf = decode("leaf", &line.leaf)?;
        let leaf = self
            .cache
            .certificate(&leaf)
            .map_err(|error| format!("the leaf cannot be read: {error}"));
        let mut certificates =
            |field: &str, list: &[String]| -> Result<Vec<Arc<Certificate>>, String> {
                let mut found = Vec::new();
                for one in list.iter().take(limits::CERTIFICATES_PER_INPUT) {
                    found.extend(self.cache.certificate(&decode(field, one)?).ok());
                }
                Ok(found)
            };
        let untrusted = certificates("untrusted", &line.untrusted)?;
        let trusted = certificates("trusted", &line.trusted)?;
        let mut crls = Vec::new();
        for one in line.crls.iter().take(limits::CERTIFICATES_PER_INPUT) {
            crls.extend(RevocationList::parse(&decode("crls", one)?, 0).ok());
        }
        Ok(Parsed { leaf, untrusted, trusted, crls, name: name(line)? })
    }

    /// Certificates from files; all that a file holds.
    fn files(&mut self, line: &Line) -> Result<Parsed, String> {
        let read = |option: &str, list: &[String]| -> Result<Vec<Arc<Certificate>>, String> {
            let mut found = Vec::new();
            for (number, one) in list.iter().enumerate() {
                let bytes = decode(option, one)?;
                let before = found.len();
                if let Some(container) = container::read(&bytes) {
                    found.extend(container.certificates().map(|(_, one)| Arc::new(one.clone())));
                }
                if found.len() == before {
                    return Err(format!("{option}: no certificate in file {}", number + 1));
                }
            }
            Ok(found)
        };
        let mut leaf = read("--leaf", std::slice::from_ref(&line.leaf))?.into_iter();
        let first = leaf.next().ok_or_else(|| "--leaf: no certificate in it".to_owned());
        // What follows the leaf in its file came with it.
        let mut untrusted: Vec<_> = leaf.collect();
        untrusted.extend(read("--untrusted", &line.untrusted)?);
        let trusted = read("--trust", &line.trusted)?;
        let mut crls = Vec::new();
        for one in &line.crls {
            let bytes = decode("--crl", one)?;
            let found = revocation_lists(&bytes);
            if found.is_empty() {
                return Err("--crl: no certificate revocation list in the file".to_owned());
            }
            crls.extend(found);
        }
        Ok(Parsed { leaf: first, untrusted, trusted, crls, name: name(line)? })
    }
}

/// Every revocation list in a file.
fn revocation_lists(bytes: &[u8]) -> Vec<RevocationList> {
    match container::read(bytes) {
        Some(container) => container
            .items
            .into_iter()
            .filter_map(|item| match item.content {
                ItemContent::RevocationList(list) => Some(*list),
                _ => None,
            })
            .collect(),
        None => Vec::new(),
    }
}

fn decode(field: &str, text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|error| format!("{field} is not base64: {error}"))
}

fn name(line: &Line) -> Result<Option<ReferenceName>, String> {
    let Some(name) = &line.name else { return Ok(None) };
    Ok(Some(match name.kind {
        NameKind::Dns => ReferenceName::Dns(name.value.clone()),
        NameKind::Email => ReferenceName::Email(name.value.clone()),
        NameKind::Ip => match name.value.parse::<IpAddr>() {
            Ok(address) => ReferenceName::Ip(address),
            Err(_) => return Err(format!("{}: not an IP address", name.value)),
        },
    }))
}

impl Answer {
    fn of(id: Value, judgement: &Judgement) -> Self {
        let all: Vec<Failure> = judgement
            .all
            .iter()
            .map(|one| Failure { code: one.code, depth: one.depth, error: one.text.to_string() })
            .collect();
        let (code, depth, error) = match (&judgement.first, judgement.unreadable) {
            (Some(first), _) => (first.code, first.depth, first.text.to_string()),
            (None, Some(reason)) => (1, 0, reason.to_owned()),
            (None, None) => (0, 0, "ok".to_owned()),
        };
        let chain =
            judgement.chain.iter().map(|link| tlvet_core::bytes::hex(&link.sha256)).collect();
        Self { id, ok: judgement.ok, code, depth, error, chain, all }
    }

    /// 1 is OpenSSL's number for an error without a name.
    fn refusal(id: Value, reason: &str) -> Self {
        let error = reason.to_owned();
        let all = vec![Failure { code: 1, depth: 0, error: error.clone() }];
        Self { id, ok: false, code: 1, depth: 0, error, chain: Vec::new(), all }
    }
}
