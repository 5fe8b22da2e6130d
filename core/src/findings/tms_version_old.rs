//! A TMS before 15 cannot be told to offer TLS 1.2 (D26 to D28); with endpoints that refuse TLS 1.0 (D1), that is the fault.

use crate::evidence::tms::TLS12;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "tms_version_old",
    severity: Severity::Warning,
    refs: &["D1", "D26", "D27", "D28", "CSCuz71542"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let tms = facts.tms();
    let Some(old) = tms.old_tms() else { return Outcome::NotApplicable };
    let strict: Vec<&str> = tms.strict_endpoints().map(|one| one.text.as_str()).collect();
    let refused = tms.hellos.iter().filter(|(_, version)| *version < TLS12);
    let mut evidence: Vec<Evidence> = old.at.iter().cloned().collect();
    evidence.extend(tms.strict_endpoints().filter_map(|one| one.at.clone()));
    evidence.extend(refused.map(|(at, _)| at.clone()));
    evidence.extend(tms.no_https.iter().chain(&tms.probes).chain(&tms.tickets).cloned());
    evidence.extend(tms.schannel.evidence.iter().cloned());
    if evidence.is_empty() {
        return Outcome::NotApplicable;
    }
    let severity = match (tms.is_in_trouble(), strict.is_empty()) {
        (true, false) => Severity::Error,
        (true, true) | (false, false) => Severity::Warning,
        (false, true) => Severity::Info,
    };
    let arguments = Arguments::new()
        .text("version", old.text.as_str())
        .text("address", tms.address())
        .text("strict", if strict.is_empty() { "none".to_owned() } else { strict.join(", ") })
        .text("trouble", if tms.is_in_trouble() { "yes" } else { "no" });
    Outcome::Found(vec![Found::at_all(severity, evidence, arguments)])
}
