//! The report as SARIF 2.1.0 (OASIS), for programs that collect the results of many tools.
//!
//! Severities: error and warning are failures of that level, info is `informational`, good is `pass` (section 3.27.9).
//! Frames and records, which SARIF does not know, stand in the properties of a location.

use serde_json::{Map, Value, json};

use crate::report::model::{Evidence, Finding, Input, InputRole, Report, Severity};
use crate::report::words::{place, visible, word};

/// The report as one SARIF log on one line.
pub fn render(report: &Report) -> String {
    let mut rules: Vec<&Finding> = Vec::new();
    let mut results = Vec::new();
    for finding in &report.findings {
        let rule = match rules.iter().position(|rule| rule.code == finding.code) {
            Some(rule) => rule,
            None => {
                rules.push(finding);
                rules.len() - 1
            }
        };
        results.push(result(report, finding, rule));
    }
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": report.tool.name,
                "version": report.tool.version,
                "rules": rules.iter().map(|rule| json!({ "id": rule.code, "properties": { "tags": rule.refs } })).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": true }],
            "artifacts": report.inputs.iter().map(artifact).collect::<Vec<_>>(),
            "results": results,
            "properties": {
                "verdict": word(report.summary.verdict),
                "sentence": visible(&report.summary.sentence),
                "now": report.now,
                "causes": report.summary.causes.iter().map(|cause| json!({
                    "ruleId": cause.code,
                    "result": cause.finding,
                    "sentence": visible(&cause.sentence),
                    "alternatives": cause.alternatives,
                })).collect::<Vec<_>>(),
            },
        }],
    });
    log.to_string()
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
