//! Questions about chains, put to the engine and to the OpenSSL of the machine.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tlvet_core::bytes::hex;
use tlvet_core::time::UnixTime;
use tlvet_core::x509::RevocationList;
use tlvet_core::x509::chain::{
    Event, Judgement, Profile, Purpose, ReferenceName, Request, SignatureCache, judge,
};

/// What is asked: certificates and lists in DER.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is special about it.
    pub label: String,
    /// The leaf.
    pub leaf: Vec<u8>,
    /// What came with it.
    pub untrusted: Vec<Vec<u8>>,
    /// The trust store.
    pub trusted: Vec<Vec<u8>>,
    /// Revocation lists.
    pub crls: Vec<Vec<u8>>,
    /// The name asked for.
    pub name: Option<ReferenceName>,
    /// When.
    pub at: UnixTime,
    /// For what.
    pub purpose: Purpose,
    /// Depth allowed.
    pub max_depth: Option<u32>,
    /// By whom.
    pub profile: Profile,
    /// Security level.
    pub level: u8,
}

impl Question {
    /// A server's certificate, judged by OpenSSL 3.0 at level 1.
    pub fn new(label: &str, leaf: Vec<u8>, at: UnixTime) -> Self {
        Self {
            label: label.to_owned(),
            leaf,
            untrusted: Vec::new(),
            trusted: Vec::new(),
            crls: Vec::new(),
            name: None,
            at,
            purpose: Purpose::Server,
            max_depth: None,
            profile: Profile::OpenSsl30,
            level: 1,
        }
    }

    /// What the engine says; `None` where the leaf cannot be parsed.
    pub fn judge(&self, cache: &mut SignatureCache) -> Option<Judgement> {
        let leaf = cache.certificate(&self.leaf).ok()?;
        let mut read = |list: &[Vec<u8>]| -> Vec<_> {
            list.iter().filter_map(|der| cache.certificate(der).ok()).collect()
        };
        let (untrusted, trusted) = (read(&self.untrusted), read(&self.trusted));
        let crls: Vec<_> =
            self.crls.iter().filter_map(|der| RevocationList::parse(der, 0).ok()).collect();
        let request = Request {
            untrusted: &untrusted.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
            trusted: &trusted.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
            crls: &crls.iter().collect::<Vec<_>>(),
            name: self.name.as_ref(),
            at: Some(self.at),
            purpose: self.purpose,
            max_depth: self.max_depth,
            profile: self.profile,
            level: self.level,
            ..Request::of(&leaf)
        };
        Some(judge(&request, cache))
    }

    /// The question as one line of JSON, as the programs of `tests/oracles` read it.
    pub fn to_line(&self) -> String {
        self.to_json().to_string()
    }

    fn to_json(&self) -> Value {
        let list = |list: &[Vec<u8>]| list.iter().map(|der| hex(der)).collect::<Vec<_>>();
        json!({
            "leaf": hex(&self.leaf),
            "untrusted": list(&self.untrusted),
            "trusted": list(&self.trusted),
            "crls": list(&self.crls),
            "name": self.name.as_ref().map(|name| match name {
                ReferenceName::Dns(value) => json!({"kind": "dns", "value": value}),
                ReferenceName::Ip(value) => json!({"kind": "ip", "value": value.to_string()}),
                ReferenceName::Email(value) => json!({"kind": "email", "value": value}),
            }),
            "time": self.at.0,
            "purpose": match self.purpose {
                Purpose::Server => "server",
                Purpose::Client => "client",
                Purpose::Any => "any",
            },
            "max_depth": self.max_depth,
            "strict": self.profile == Profile::OpenSsl30Strict,
            "level": self.level,
        })
    }
}

/// What OpenSSL says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Calls of the callback when it refuses at the first error.
    pub stop: Vec<Event>,
    /// Calls of the callback when it lets everything pass.
    pub go_on: Vec<Event>,
    /// Error and depth at the end of the first run.
    pub end: (u32, u32),
}

/// The OpenSSL that answered, and its answers in the order of the questions; `None`: it cannot load the leaf.
///
/// # Errors
/// When Python or libcrypto is not there, or stops.
pub fn ask_openssl(questions: &[Question]) -> Result<(String, Vec<Option<Told>>)> {
    let script = crate::folder().join("oracles/openssl_chains.py");
    let mut python = Command::new("python3")
        .arg(&script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("python3")?;
    let mut input = python.stdin.take().context("no stdin")?;
    let output = python.stdout.take().context("no stdout")?;
    let lines: Vec<String> = questions.iter().map(Question::to_line).collect();
    let writer = std::thread::spawn(move || -> std::io::Result<()> {
        for line in lines {
            writeln!(input, "{line}")?;
        }
        Ok(())
    });
    let mut answers = BufReader::new(output).lines();
    let version = answers.next().context("openssl_chains.py says nothing")??;
    let told = answers.map(|line| told(&line?)).collect::<Result<Vec<_>>>()?;
    let written = writer.join().ok().context("the writer panicked")?;
    let status = python.wait()?;
    written?;
    if !status.success() || told.len() != questions.len() {
        bail!("{} answers to {} questions, {status}", told.len(), questions.len());
    }
    Ok((version, told))
}

/// One line of the answers.
///
/// # Errors
/// When it is not of the form.
pub fn told(line: &str) -> Result<Option<Told>> {
    let value: Value = serde_json::from_str(line)?;
    if value.get("unreadable").is_some() {
        return Ok(None);
    }
    let number = |value: &Value| -> Result<u32> {
        Ok(u32::try_from(value.as_i64().with_context(|| format!("no number: {value}"))?)?)
    };
    let events = |key: &str| -> Result<Vec<Event>> {
        let calls = value.get(key).and_then(Value::as_array).context("no calls")?;
        calls
            .iter()
            .map(|call| match call.as_array().map(Vec::as_slice) {
                Some([ok, code, depth]) => {
                    Ok(Event { ok: number(ok)? == 1, code: number(code)?, depth: number(depth)? })
                }
                _ => bail!("no call: {call}"),
            })
            .collect()
    };
    let end = match value.get("end").and_then(Value::as_array).map(Vec::as_slice) {
        Some([code, depth]) => (number(code)?, number(depth)?),
        _ => bail!("no end in {line}"),
    };
    Ok(Some(Told { stop: events("stop")?, go_on: events("continue")?, end }))
}

/// Events as `[ok=1 e=0 d=2] …`.
pub fn trace(events: &[Event]) -> String {
    let one =
        |event: &Event| format!("[ok={} e={} d={}]", u8::from(event.ok), event.code, event.depth);
    events.iter().map(one).collect::<Vec<_>>().join(" ")
}
