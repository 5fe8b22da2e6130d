//! The services of TMS and its SQL Server: which must run, which must be started, which stops on purpose (D12, D13).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "tms_services", severity: Severity::Warning, refs: &["D12", "D13"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let tms = facts.tms();
    if tms.services.is_empty() {
        return Outcome::NotApplicable;
    }
    let stopped = tms.services.iter().filter(|(_, (running, _))| !running);
    let found = stopped.map(|(name, (_, at))| {
        let lower = name.to_ascii_lowercase();
        let (kind, severity) = match lower.as_str() {
            name if name.starts_with("tmssnmp") => ("snmp", Severity::Info),
            name if name.starts_with("mssql") => ("sql", Severity::Error),
            "w3svc" => ("iis", Severity::Error),
            name if name.contains("plcmdirectory") => ("directory", Severity::Warning),
            _ => ("tms", Severity::Warning),
        };
        let arguments = Arguments::new().text("name", name.as_str()).text("kind", kind);
        Found::at(severity, at.clone(), arguments)
    });
    Outcome::of(found.collect())
}
