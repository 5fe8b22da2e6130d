//! The report as SARIF 2.1.0 (OASIS), for programs that collect the results of many tools.
//!
//! Severities: error and warning are failures of that level, info is `informational`, good is `pass` (section 3.27.9).
//! Frames and records, which SARIF does not know, stand in the properties of a location.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::report::model::{Evidence, Finding, Input, InputRole, Report, Severity};
use crate::report::words::{place, visible, word};

/// A log, with its keys in the order of the alphabet.
#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    runs: [Run<'a>; 1],
    version: &'a str,
}

#[derive(Serialize)]
struct Run<'a> {
    artifacts: Vec<Value>,
    invocations: Value,
    properties: Value,
    results: Results<'a>,
    tool: Value,
}

/// Findings, each with the number of its rule. A large capture has thousands, so each becomes JSON by itself.
struct Results<'a>(&'a Report, Vec<(&'a Finding, usize)>);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(report, findings) = self;
        serializer
            .collect_seq(findings.iter().map(|(finding, rule)| result(report, finding, *rule)))
    }
}

/// The report as one SARIF log on one line.
pub fn render(report: &Report) -> String {
    let mut rules: Vec<&Finding> = Vec::new();
    let numbered = report.findings.iter().map(|finding| {
        let known = rules.iter().position(|rule| rule.code == finding.code);
        let rule = known.unwrap_or_else(|| {
            rules.push(finding);
            rules.len() - 1
        });
        (finding, rule)
    });
    let results = Results(report, numbered.collect());
    let run = Run {
        artifacts: report.inputs.iter().map(artifact).collect(),
        invocations: json!([{ "executionSuccessful": true }]),
        properties: json!({
            "verdict": word(report.summary.verdict),
            "sentence": visible(&report.summary.sentence),
            "now": report.now,
            "causes": report.summary.causes.iter().map(|cause| json!({
                "ruleId": cause.code,
                "result": cause.finding,
                "sentence": visible(&cause.sentence),
                "alternatives": cause.alternatives,
            })).collect::<Vec<_>>(),
        }),
        results,
        tool: json!({ "driver": {
            "name": report.tool.name,
            "version": report.tool.version,
            "rules": rules.iter().map(|rule| json!({ "id": rule.code, "properties": { "tags": rule.refs } })).collect::<Vec<_>>(),
        } }),
    };
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        runs: [run],
        version: "2.1.0",
    };
    // Texts, numbers and lists: serialising them into memory cannot fail.
    serde_json::to_string(&log).unwrap_or_default()
}

fn artifact(input: &Input) -> Value {
    let mut artifact = Map::new();
    artifact.insert("location".to_owned(), json!({ "uri": uri(&input.name) }));
    artifact.insert("length".to_owned(), json!(input.bytes));
    if let Some(parent) = input.inside {
        artifact.insert("parentIndex".to_owned(), json!(parent));
    }
    let role = if input.role == InputRole::Observed {
        "analysisTarget"
    } else {
        "referencedOnCommandLine"
    };
    artifact.insert("roles".to_owned(), json!([role]));
    let digests = [("md5", &input.md5), ("sha-1", &input.sha1), ("sha-256", &input.sha256)];
    let digests: Map<String, Value> = digests
        .into_iter()
        .filter(|(_, digest)| !digest.is_empty())
        .map(|(name, digest)| (name.to_owned(), json!(digest)))
        .collect();
    if !digests.is_empty() {
        artifact.insert("hashes".to_owned(), Value::Object(digests));
    }
    artifact.insert("properties".to_owned(), json!({ "kind": word(input.kind) }));
    Value::Object(artifact)
}

fn result(report: &Report, finding: &Finding, rule: usize) -> Value {
    let (kind, level) = match finding.severity {
        Severity::Error => ("fail", "error"),
        Severity::Warning => ("fail", "warning"),
        Severity::Info => ("informational", "none"),
        Severity::Good => ("pass", "none"),
    };
    let mut text = visible(&finding.title).into_owned();
    for line in finding.detail.lines() {
        text.push('\n');
        text.push_str(&visible(line));
    }
    json!({
        "ruleId": finding.code,
        "ruleIndex": rule,
        "kind": kind,
        "level": level,
        "message": { "text": text },
        "locations": finding.evidence.iter().map(|evidence| location(report, evidence)).collect::<Vec<_>>(),
        "properties": {
            "remedy": finding.remedy.iter().map(|text| visible(text)).collect::<Vec<_>>(),
            "doNot": finding.do_not.iter().map(|text| visible(text)).collect::<Vec<_>>(),
            "causedBy": finding.caused_by,
        },
    })
}

fn location(report: &Report, evidence: &Evidence) -> Value {
    let name = report.inputs.get(evidence.input as usize).map_or("", |input| input.name.as_str());
    let mut physical = Map::new();
    physical.insert(
        "artifactLocation".to_owned(),
        json!({ "uri": uri(name), "index": evidence.input }),
    );
    let mut region = Map::new();
    if let Some(offset) = evidence.offset {
        region.insert("byteOffset".to_owned(), json!(offset));
    }
    if let Some(line) = evidence.line.filter(|line| *line > 0) {
        region.insert("startLine".to_owned(), json!(line));
        if let Some(text) = &evidence.text {
            region.insert("snippet".to_owned(), json!({ "text": text }));
        }
    }
    if !region.is_empty() {
        physical.insert("region".to_owned(), Value::Object(region));
    }
    json!({
        "physicalLocation": physical,
        "message": { "text": place(report, evidence) },
        "properties": { "frame": evidence.frame, "record": evidence.record },
    })
}

/// A file name as a relative reference (RFC 3986 section 4.2): everything but unreserved characters and `/` is
/// percent-encoded, so that no name is taken for a scheme or an absolute path.
fn uri(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.trim_start_matches('/').bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative_references() {
        assert_eq!(uri("/tmp/a b.tlv"), "tmp/a%20b.tlv");
        assert_eq!(uri("C:\\x#y?.pem"), "C%3A%5Cx%23y%3F.pem");
        assert_eq!(uri("\u{fc}.log"), "%C3%BC.log");
    }
}
