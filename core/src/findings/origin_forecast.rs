//! What happens at every address after X14.2: both faults of every node at once, worst first (B54, with B17 to B24).

use std::collections::BTreeMap;

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome, origins};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "origin_forecast",
    severity: Severity::Error,
    refs: &["B17", "B19", "B21", "B22", "B23", "B24", "B52", "B54", "CSCwc69661", "CSCwa25108"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let joined = &facts.origins;
    if facts.context.expected().is_empty() && joined.requests.is_empty() {
        return Outcome::NotApplicable;
    }
    if !joined.has_store || joined.list.is_empty() {
        return Outcome::NotEnoughEvidence(
            Arguments::new().text("store", origins::yes_or_no(joined.has_store)),
        );
    }
    let rows = rows(facts);
    let failing = rows.iter().filter(|row| row.fails()).count();
    let mut addresses: Vec<&str> = rows.iter().map(|row| row.address.as_str()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let works = |address: &str| rows.iter().any(|row| row.address == address && !row.fails());
    let hurt = addresses.iter().filter(|address| !works(address)).count();
    let mut evidence: Vec<_> = rows.iter().flat_map(|row| row.evidence.clone()).collect();
    evidence.sort();
    evidence.dedup();
    if evidence.is_empty() {
        return Outcome::Clear;
    }
    let arguments = Arguments::new()
        .number("failing", failing)
        .number("count", rows.len())
        .text("all", origins::yes_or_no(failing == rows.len()))
        .text("redundancy", if hurt > 0 { "lost" } else { "kept" })
        .number("trust", rows.iter().filter(|row| !row.trusted).count())
        .number("named", rows.iter().filter(|row| !row.named).count())
        .rows("rows", messages(&rows));
    let severity = match failing {
        0 => Severity::Good,
        _ if rows.iter().all(|row| !row.fails() || row.severity == Severity::Warning) => {
            Severity::Warning
        }
        _ => Severity::Error,
    };
    Outcome::Found(vec![Found::at_all(severity, evidence, arguments)])
}

/// One address with one certificate.
struct Row {
    address: String,
    shown: String,
    certificate: String,
    key: &'static str,
    /// Told where two certificates of one address would read the same.
    file: String,
    trusted: bool,
    named: bool,
    error: String,
    severity: Severity,
    evidence: Vec<Evidence>,
}

impl Row {
    fn fails(&self) -> bool {
        !self.trusted || !self.named
    }

    fn reads(&self) -> (&str, &str, &str) {
        (&self.shown, &self.certificate, self.key)
    }

    fn message(&self, unique: bool) -> (&'static str, Arguments) {
        let certificate = match unique {
            true => format!("{} ({})", self.certificate, self.key),
            false => format!("{} ({}, {})", self.certificate, self.key, self.file),
        };
        let verdict = match (self.trusted, self.named) {
            (true, true) => "accepted",
            (true, false) => "name",
            (false, true) => "trust",
            (false, false) => "both",
        };
        let arguments = Arguments::new()
            .text("address", self.shown.as_str())
            .text("certificate", certificate)
            .text("verdict", verdict)
            .text("error", self.error.as_str());
        ("origin-forecast-row", arguments)
    }
}

fn messages(rows: &[Row]) -> Vec<(&'static str, Arguments)> {
    let mut alike = BTreeMap::<_, usize>::new();
    for row in rows {
        *alike.entry(row.reads()).or_default() += 1;
    }
    rows.iter().map(|row| row.message(alike.get(&row.reads()) == Some(&1))).collect()
}

/// Refused twice before refused once, trust before names, both before accepted; else in the order of the addresses.
fn rows(facts: &Facts<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for request in &facts.origins.requests {
        let Some((index, place)) = request.origin else { continue };
        let Some(origin) = facts.origins.list.get(index) else { continue };
        let Some(owner) = facts.certificates.get(&origin.sha256) else { continue };
        let Some(check) = origin.names.get(place) else { continue };
        let failure = origin.failure();
        let shown = match request.port {
            Some(port) if request.address.contains(':') => {
                format!("[{}]:{port}", request.address)
            }
            Some(port) => format!("{}:{port}", request.address),
            None => request.address.clone(),
        };
        let key = if origins::is_ec(owner) { "ECDSA" } else { "RSA" };
        let evidence = request.seen.clone().map_or_else(|| owner.evidence(), |seen| vec![seen]);
        rows.push(Row {
            address: request.address.clone(),
            shown,
            certificate: owner.label(),
            key,
            file: evidence.first().map_or("", |place| facts.name(place.input)).to_owned(),
            trusted: origin.trusted() == Some(true),
            named: origins::accepted(check),
            error: failure.map(|failure| failure.text.to_string()).unwrap_or_default(),
            severity: origins::severity(facts, owner),
            evidence,
        });
    }
    rows.sort_by_key(|row| match (row.trusted, row.named) {
        (false, false) => 0,
        (false, true) => 1,
        (true, false) => 2,
        (true, true) => 3,
    });
    rows
}
