//! TMS may not use Telnet or SNMP any more: the price of Medium-High, no fault of the endpoint (D13, D17, D33).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "tms_method_not_allowed",
    severity: Severity::Warning,
    refs: &["D13", "D17", "D33"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let tms = facts.tms();
    if tms.violations.is_empty() {
        return Outcome::NotApplicable;
    }
    let found = tms.violations.iter().map(|(method, evidence)| {
        let arguments =
            Arguments::new().text("method", method.as_str()).number("count", evidence.len());
        Found::at_all(Severity::Warning, evidence.clone(), arguments)
    });
    Outcome::Found(found.collect())
}
