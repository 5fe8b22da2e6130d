//! TMS and TLS 1.2: what the inputs decide, in the order in which to look (D1, D3, D11, D12, D29, D31).

use crate::evidence::schannel::{Half, State};
use crate::evidence::tms::{TLS12, Tms};
use crate::findings::tms::word;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::tms::Product;

pub(super) const CHECK: Check = Check {
    code: "tms_tls_order",
    severity: Severity::Info,
    refs: &["D1", "D3", "D11", "D12", "D29", "D31"],
    evaluate,
};

/// One step: its message, its state, and whether one may go on.
struct Step {
    name: &'static str,
    state: &'static str,
    done: bool,
    value: String,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let tms = facts.tms();
    if !tms.speaks() && !tms.schannel.is_known() {
        return Outcome::NotApplicable;
    }
    let steps = steps(tms);
    let next = steps.iter().find(|step| !step.done).map_or("none", |step| step.name);
    let rows = steps.iter().map(|step| {
        let arguments = Arguments::new()
            .text("step", step.name)
            .text("state", step.state)
            .text("value", step.value.as_str());
        ("tms-step", arguments)
    });
    let arguments = Arguments::new().text("next", next).rows("rows", rows.collect());
    let mut evidence: Vec<Evidence> =
        tms.versions.iter().filter_map(|one| one.at.clone()).collect();
    evidence.extend(tms.schannel.evidence.iter().cloned());
    evidence.extend(tms.hellos.iter().map(|(at, _)| at.clone()));
    evidence.extend(tms.services.values().map(|(_, at)| at.clone()));
    evidence.extend(tms.no_https.iter().chain(&tms.tickets).chain(&tms.probes).cloned());
    evidence.extend(tms.violations.values().flatten().cloned());
    evidence.sort();
    evidence.dedup();
    if evidence.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::Found(vec![Found::at_all(Severity::Info, evidence, arguments)])
}

fn steps(tms: &Tms) -> [Step; 6] {
    let step = |name, state, done, value: String| Step { name, state, done, value };
    let named = |product| {
        let all: Vec<&str> = tms.versions_of(product).map(|one| one.text.as_str()).collect();
        all.join(", ")
    };
    let old = tms.hellos.iter().any(|(_, version)| *version < TLS12);
    let versions = match (tms.old_tms(), named(Product::Tms)) {
        (Some(version), _) => step("versions", "old", false, version.text.clone()),
        (None, text) if text.is_empty() => step("versions", "unknown", false, text),
        (None, text) => step("versions", "good", true, text),
    };
    let client = tms.schannel.state("TLS 1.2", Half::Client);
    let registry = match tms.schannel.is_known() {
        true => step("registry", word(client), client == State::On, String::new()),
        false => step("registry", "unseen", false, String::new()),
    };
    let tool = match tms.security.as_deref() {
        Some("medium-high") => step("tool", "high", true, String::new()),
        Some("medium") => step("tool", "medium", false, String::new()),
        _ if old => step("tool", "old", false, String::new()),
        _ if !tms.violations.is_empty() => step("tool", "high", true, String::new()),
        _ if !tms.hellos.is_empty() => step("tool", "new", true, String::new()),
        _ => step("tool", "unknown", false, String::new()),
    };
    let failed = tms.events_of("MSSQL", 26_011).next().is_some();
    let sql = match named(Product::SqlServer) {
        text if failed => step("sql", "failed", false, text),
        text if text.is_empty() => step("sql", "unknown", false, text),
        text if text.contains("2008") => step("sql", "2008", true, text),
        text if text.contains("2012") => step("sql", "2012", true, text),
        text => step("sql", "newer", true, text),
    };
    // SNMP stops on purpose.
    let stopped: Vec<&str> = tms
        .services
        .iter()
        .filter(|(name, (running, _))| {
            !running && !name.to_ascii_lowercase().starts_with("tmssnmp")
        })
        .map(|(name, _)| name.as_str())
        .collect();
    let services = match (tms.services.is_empty(), stopped.is_empty()) {
        (true, _) => step("services", "unknown", false, String::new()),
        (false, true) => step("services", "good", true, String::new()),
        (false, false) => step("services", "stopped", false, stopped.join(", ")),
    };
    let capture = match (tms.hellos.is_empty(), old) {
        (true, _) => step("capture", "unknown", false, String::new()),
        (false, true) => step("capture", "old", false, String::new()),
        (false, false) => step("capture", "good", true, String::new()),
    };
    [versions, registry, tool, sql, services, capture]
}
