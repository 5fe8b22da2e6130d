//! The case runner: a case is a folder with `case.toml` and its inputs.
//!
//! ```toml
//! title = "one bit of the signature changed"
//! drawing = "header [sig!] | SAST | CCM+TFTP"
//! now = "2026-11-20T00:00:00Z"          # this is the default
//!
//! [[input]]                              # default: all other files of the folder, by name, as observed
//! file = "phone.tlv"                     # relative to the folder
//! role = "phone"                         # observed (default), phone, trust, key
//! missing = true                         # there is no such file
//!
//! passwords = ["changeit"]               # what the user gives for PKCS#12 and keys; before any table
//!
//! [context]
//! "cucm.version" = "11.5"
//!
//! [[expected]]                           # addresses that clients use
//! address = "cucm.example.com:8443"
//! certificate = "tomcat.pem"             # the input that is presented there, where it is known
//!
//! [expect]
//! verdict = "fail"
//! exact = true                           # these are all findings of severity error and warning
//! absent = ["trust_list_verified"]
//! undecided = ["capf_certificate_changed", "name_not_resolved"]   # causes that exclude each other
//!
//! [[expect.finding]]
//! code = "trust_list_signature_invalid"
//! severity = "error"
//! evidence = [{ input = "itl.tlv", offset = 141 }]   # optional; then it is the whole evidence
//! title_contains = ["itl.tlv"]                       # optional
//! detail_contains = ["2048"]                         # optional
//!
//! [[expect.skipped]]
//! code = "delete_itl_decision"
//! outcome = "not_enough_evidence"
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use tlvet_core::report::model::{InputRole, Report, Severity};
use tlvet_core::session::scope::Scope;
use tlvet_core::session::{InputId, Session};
use tlvet_core::time::UnixTime;

/// Files of a case folder that are no inputs.
const NO_INPUTS: [&str; 2] = ["case.toml", "fixture.py"];

/// A case: where it is, and what it says.
#[derive(Debug)]
pub struct Case {
    /// The folder.
    pub folder: PathBuf,
    /// Its name: the path below `tests/cases`.
    pub name: String,
    /// `case.toml`.
    pub description: Description,
}

/// What `case.toml` holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// What the case is, in one line.
    pub title: String,
    /// What the inputs look like, free text.
    #[serde(default)]
    pub drawing: String,
    /// The time that validity is judged at.
    #[serde(default = "default_now")]
    pub now: String,
    /// Inputs in order.
    #[serde(default, rename = "input")]
    pub inputs: Vec<CaseInput>,
    /// Passwords that the user gives.
    #[serde(default)]
    pub passwords: Vec<String>,
    /// Context keys and values.
    #[serde(default)]
    pub context: BTreeMap<String, String>,
    /// Addresses that clients use.
    #[serde(default)]
    pub expected: Vec<ExpectedAddress>,
    /// What the report must say.
    pub expect: Option<Expect>,
}

/// An address that clients use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedAddress {
    /// With or without a port.
    pub address: String,
    /// The input that holds the certificate presented there.
    pub certificate: Option<String>,
}

/// An input of a case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseInput {
    /// File, relative to the folder of the case.
    pub file: String,
    /// What it is named as.
    #[serde(default)]
    pub role: InputRole,
    /// The name shown; the file's own by default.
    pub name: Option<String>,
    /// There is no such file: the input cannot be read.
    #[serde(default)]
    pub missing: bool,
}

/// What a report must say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The verdict.
    pub verdict: String,
    /// The listed errors and warnings are all there are.
    #[serde(default)]
    pub exact: bool,
    /// Codes of the causes that the summary names, in order.
    pub causes: Option<Vec<String>>,
    /// Codes of the causes that stand beside another explanation of the same thing, in order.
    pub undecided: Option<Vec<String>>,
    /// What would decide between them: a part of the text of each, in the same order.
    #[serde(default)]
    pub decide_contains: Vec<String>,
    /// Parts of the sentence that the report opens with.
    #[serde(default)]
    pub sentence_contains: Vec<String>,
    /// Codes that must not be found.
    #[serde(default)]
    pub absent: Vec<String>,
    /// Findings that must be there.
    #[serde(default, rename = "finding")]
    pub findings: Vec<ExpectFinding>,
    /// Checks that must be listed as not made.
    #[serde(default)]
    pub skipped: Vec<ExpectSkipped>,
}

/// A finding that must be there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectFinding {
    /// Code.
    pub code: String,
    /// `error`, `warning`, `info`, `good`.
    pub severity: String,
    /// The whole evidence, in any order.
    pub evidence: Option<Vec<ExpectEvidence>>,
    /// Parts of the title.
    #[serde(default)]
    pub title_contains: Vec<String>,
    /// Parts of the detail.
    #[serde(default)]
    pub detail_contains: Vec<String>,
    /// Parts of the remedies.
    #[serde(default)]
    pub remedy_contains: Vec<String>,
    /// Codes of what directly led to it, in order.
    pub caused_by: Option<Vec<String>>,
}

/// A place; what is left out must be absent in the report too.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct ExpectEvidence {
    /// Name of the input.
    pub input: String,
    /// Offset.
    pub offset: Option<u64>,
    /// Record.
    pub record: Option<u32>,
    /// Line.
    pub line: Option<u64>,
    /// Frame.
    pub frame: Option<u64>,
}

/// A check that must be listed as not made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectSkipped {
    /// Code.
    pub code: String,
    /// `not_applicable`, `not_enough_evidence`.
    pub outcome: String,
}

fn default_now() -> String {
    "2026-11-20T00:00:00Z".to_owned()
}

/// Every case below `root`, by name.
///
/// # Errors
/// When a folder or a `case.toml` cannot be read.
pub fn all(root: &Path) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for path in crate::files_below(root)? {
        if !path.ends_with("case.toml") {
            continue;
        }
        let folder = path.parent().unwrap_or(root).to_owned();
        let name =
            folder.strip_prefix(root).unwrap_or(&folder).to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path)?;
        let description = toml::from_str(&text).with_context(|| format!("{name}/case.toml"))?;
        cases.push(Case { folder, name, description });
    }
    Ok(cases)
}

impl Case {
    /// The inputs in order, with what they are named as.
    ///
    /// # Errors
    /// When the folder cannot be read, or there is no input.
    pub fn inputs(&self) -> Result<Vec<CaseInput>> {
        if !self.description.inputs.is_empty() {
            return Ok(self.description.inputs.clone());
        }
        let mut inputs = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let file = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_file() && !NO_INPUTS.contains(&file.as_str()) {
                inputs.push(CaseInput {
                    file,
                    role: InputRole::Observed,
                    name: None,
                    missing: false,
                });
            }
        }
        inputs.sort_by(|a, b| a.file.cmp(&b.file));
        ensure!(!inputs.is_empty(), "{}: no inputs", self.name);
        Ok(inputs)
    }

    /// The time that validity is judged at.
    ///
    /// # Errors
    /// When it is no time.
    pub fn now(&self) -> Result<UnixTime> {
        let now = &self.description.now;
        UnixTime::parse(now).with_context(|| format!("{}: `{now}` is no time", self.name))
    }

    /// A session with the inputs of the case, all closed.
    ///
    /// # Errors
    /// When an input cannot be read, or a context key is unknown.
    pub fn session(&self) -> Result<Session> {
        self.session_within(&Scope::WHOLE)
    }

    /// The same in a session that reads and judges what is in `scope`.
    ///
    /// # Errors
    /// As [`Case::session`].
    pub fn session_within(&self, scope: &'static Scope) -> Result<Session> {
        let mut session = Session::within(scope);
        for password in &self.description.passwords {
            session.password(password).map_err(|error| anyhow::anyhow!("{error}"))?;
        }
        let inputs = self.inputs()?;
        for input in &inputs {
            self.give(&mut session, input, &shown_name(input))?;
        }
        self.expect_addresses(&mut session, &inputs.iter().collect::<Vec<_>>())?;
        for (key, value) in &self.description.context {
            session.set_context(key, value).map_err(anyhow::Error::msg)?;
        }
        Ok(session)
    }

    /// Names the addresses that clients use to `session`, which holds `inputs` in this order.
    ///
    /// # Errors
    /// When an address is none, or its certificate is no input.
    pub fn expect_addresses(&self, session: &mut Session, inputs: &[&CaseInput]) -> Result<()> {
        for expected in &self.description.expected {
            let input = match &expected.certificate {
                None => None,
                Some(file) => {
                    let place = inputs.iter().position(|input| input.file == *file);
                    let place =
                        place.with_context(|| format!("{}: {file} is no input", self.name))?;
                    Some(InputId(u32::try_from(place)?))
                }
            };
            session.expect(&expected.address, input).map_err(anyhow::Error::msg)?;
        }
        Ok(())
    }

    /// Gives `input` to `session` under `name`.
    ///
    /// # Errors
    /// When it is missing against what the case says, or the session is full.
    pub fn give(&self, session: &mut Session, input: &CaseInput, name: &str) -> Result<()> {
        let id = session.open(name, input.role).map_err(|error| anyhow::anyhow!("{error}"))?;
        match fs::read(self.folder.join(&input.file)) {
            Ok(bytes) if !input.missing => {
                session.push(id, &bytes);
                session.close(id);
                Ok(())
            }
            Err(error) if input.missing => {
                session.fail(id, &error.to_string());
                Ok(())
            }
            Ok(_) => bail!("{}: {} is not missing", self.name, input.file),
            Err(error) => Err(error).with_context(|| format!("{}: {}", self.name, input.file)),
        }
    }

    /// The report.
    ///
    /// # Errors
    /// As [`Case::session`].
    pub fn report(&self) -> Result<Report> {
        Ok(self.session()?.report(self.now()?))
    }

    /// Runs the case and compares.
    ///
    /// # Errors
    /// What differs, readable.
    pub fn run(&self) -> Result<Report> {
        let report = self.report()?;
        let Some(expect) = &self.description.expect else {
            bail!("{}: no [expect]; BLESS=1 prints one", self.name);
        };
        let mut differences = crate::rules::broken(&report);
        differences.extend(expect.differences(&report));
        if differences.is_empty() {
            return Ok(report);
        }
        let mut message = format!("{}: {}\n", self.name, self.description.title);
        for difference in differences {
            let _ = writeln!(message, "  - {difference}");
        }
        message.push_str("  the report has:\n");
        let _ = writeln!(message, "      verdict {}", word(&report.summary.verdict));
        for finding in &report.findings {
            let _ = writeln!(
                message,
                "      {} {}: {}",
                word(&finding.severity),
                finding.code,
                finding.title
            );
        }
        bail!(message)
    }
}

/// The name under which an input stands in the report.
fn shown_name(input: &CaseInput) -> String {
    input.name.clone().unwrap_or_else(|| {
        Path::new(&input.file).file_name().unwrap_or_default().to_string_lossy().into_owned()
    })
}

impl Expect {
    /// What `report` says otherwise, one sentence each.
    pub fn differences(&self, report: &Report) -> Vec<String> {
        let mut differences = Vec::new();
        let verdict = word(&report.summary.verdict);
        if verdict != self.verdict {
            differences.push(format!("verdict: expected {}, got {verdict}", self.verdict));
        }
        self.compare_findings(report, &mut differences);
        for code in &self.absent {
            for finding in report.findings.iter().filter(|finding| &finding.code == code) {
                differences.push(format!("{code} must be absent: {}", finding.title));
            }
        }
        for expected in &self.skipped {
            let found = report.skipped.iter().find(|skipped| skipped.code == expected.code);
            let outcome = found.map_or("not skipped".to_owned(), |skipped| word(&skipped.outcome));
            if outcome != expected.outcome {
                differences.push(format!(
                    "skipped {}: expected {}, got {outcome}",
                    expected.code, expected.outcome
                ));
            }
        }
        let open = report.summary.causes.iter().filter(|cause| !cause.alternatives.is_empty());
        if let Some(expected) = &self.undecided {
            let codes: Vec<&str> = open.clone().map(|cause| cause.code.as_str()).collect();
            if *expected != codes {
                differences.push(format!("undecided: expected {expected:?}, got {codes:?}"));
            }
        }
        let mut texts = open.map(|cause| cause.decide.as_deref().unwrap_or_default());
        for part in &self.decide_contains {
            let text = texts.next().unwrap_or_default();
            if !text.contains(part) {
                differences.push(format!("what would decide: {part:?} is not in {text:?}"));
            }
        }
        if let Some(expected) = &self.causes {
            let causes: Vec<&str> =
                report.summary.causes.iter().map(|cause| cause.code.as_str()).collect();
            if *expected != causes {
                differences.push(format!("causes: expected {expected:?}, got {causes:?}"));
            }
        }
        let sentence = &report.summary.sentence;
        for part in self.sentence_contains.iter().filter(|part| !sentence.contains(part.as_str())) {
            differences.push(format!("the sentence lacks `{part}`: {sentence}"));
        }
        if self.exact {
            self.compare_counts(report, &mut differences);
        }
        differences
    }

    /// Each expected finding takes one of the report.
    fn compare_findings(&self, report: &Report, differences: &mut Vec<String>) {
        let mut taken = BTreeSet::new();
        for expected in &self.findings {
            let same: Vec<usize> = report
                .findings
                .iter()
                .enumerate()
                .filter(|(index, finding)| finding.code == expected.code && !taken.contains(index))
                .map(|(index, _)| index)
                .collect();
            let mut nearest: Option<Vec<String>> = None;
            for index in same {
                let Some(finding) = report.findings.get(index) else { continue };
                let wrong = expected.differences(finding, report);
                if wrong.is_empty() {
                    taken.insert(index);
                    nearest = Some(wrong);
                    break;
                }
                if nearest.as_ref().is_none_or(|known| wrong.len() < known.len()) {
                    nearest = Some(wrong);
                }
            }
            match nearest {
                None => {
                    differences.push(format!("{} {}: not found", expected.severity, expected.code));
                }
                Some(wrong) => differences.extend(wrong),
            }
        }
    }

    fn compare_counts(&self, report: &Report, differences: &mut Vec<String>) {
        let mut counts: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
        for expected in &self.findings {
            if matches!(expected.severity.as_str(), "error" | "warning") {
                counts.entry((expected.severity.clone(), expected.code.clone())).or_default().0 +=
                    1;
            }
        }
        for finding in &report.findings {
            if matches!(finding.severity, Severity::Error | Severity::Warning) {
                counts.entry((word(&finding.severity), finding.code.clone())).or_default().1 += 1;
            }
        }
        for ((severity, code), (expected, got)) in counts {
            if expected != got {
                differences
                    .push(format!("{severity} {code}: expected {expected} times, got {got}"));
            }
        }
    }
}

impl ExpectFinding {
    fn differences(
        &self,
        finding: &tlvet_core::report::model::Finding,
        report: &Report,
    ) -> Vec<String> {
        let code = &self.code;
        let mut differences = Vec::new();
        let severity = word(&finding.severity);
        if severity != self.severity {
            differences
                .push(format!("{code}: expected severity {}, got {severity}", self.severity));
        }
        let remedies = finding.remedy.join("\n");
        for (field, parts, text) in [
            ("title", &self.title_contains, &finding.title),
            ("detail", &self.detail_contains, &finding.detail),
            ("remedy", &self.remedy_contains, &remedies),
        ] {
            for part in parts.iter().filter(|part| !text.contains(part.as_str())) {
                differences.push(format!("{code}: the {field} lacks `{part}`: {text}"));
            }
        }
        if let Some(expected) = &self.caused_by {
            let causes = finding.caused_by.iter().filter_map(|index| report.findings.get(*index));
            let causes: Vec<&str> = causes.map(|cause| cause.code.as_str()).collect();
            if *expected != causes {
                differences.push(format!("{code}: expected causes {expected:?}, got {causes:?}"));
            }
        }
        if let Some(expected) = &self.evidence {
            let mut expected = expected.clone();
            let mut got = evidence_of(finding, report);
            expected.sort();
            got.sort();
            if expected != got {
                differences.push(format!(
                    "{code}: expected evidence {}, got {}",
                    evidence_text(&expected),
                    evidence_text(&got)
                ));
            }
        }
        differences
    }
}

fn evidence_of(
    finding: &tlvet_core::report::model::Finding,
    report: &Report,
) -> Vec<ExpectEvidence> {
    let name = |input: u32| {
        report.inputs.get(input as usize).map(|input| input.name.clone()).unwrap_or_default()
    };
    finding
        .evidence
        .iter()
        .map(|evidence| ExpectEvidence {
            input: name(evidence.input),
            offset: evidence.offset,
            record: evidence.record,
            line: evidence.line,
            frame: evidence.frame,
        })
        .collect()
}

fn evidence_text(evidence: &[ExpectEvidence]) -> String {
    let one = |evidence: &ExpectEvidence| {
        let mut text = format!("{{ input = {:?}", evidence.input);
        for (name, value) in [
            ("offset", evidence.offset),
            ("record", evidence.record.map(u64::from)),
            ("line", evidence.line),
            ("frame", evidence.frame),
        ] {
            if let Some(value) = value {
                let _ = write!(text, ", {name} = {value}");
            }
        }
        text + " }"
    };
    format!("[{}]", evidence.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// The `[expect]` that `report` fulfils, ready to paste after reading it.
pub fn bless(report: &Report) -> String {
    let causes: Vec<&str> = report.summary.causes.iter().map(|cause| cause.code.as_str()).collect();
    let mut text = format!(
        "# {}\n[expect]\nverdict = \"{}\"\nexact = true\ncauses = {causes:?}\n",
        report.summary.sentence,
        word(&report.summary.verdict)
    );
    for finding in &report.findings {
        let _ = write!(
            text,
            "\n[[expect.finding]]\ncode = \"{}\"\nseverity = \"{}\"\nevidence = {}\n",
            finding.code,
            word(&finding.severity),
            evidence_text(&evidence_of(finding, report))
        );
        if !finding.caused_by.is_empty() {
            let causes = finding.caused_by.iter().filter_map(|index| report.findings.get(*index));
            let causes: Vec<&str> = causes.map(|cause| cause.code.as_str()).collect();
            let _ = writeln!(text, "caused_by = {causes:?}");
        }
    }
    for skipped in
        report.skipped.iter().filter(|skipped| word(&skipped.outcome) == "not_enough_evidence")
    {
        let _ = write!(
            text,
            "\n[[expect.skipped]]\ncode = \"{}\"\noutcome = \"not_enough_evidence\"\n",
            skipped.code
        );
    }
    text
}

/// A value of the report model in the word that the JSON has for it.
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        other => format!("{other:?}"),
    }
}
