//! TMS says that it does not reach a system: the ticket, or "No HTTPS response" (D18). What explains it, stands beside it.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "tms_connection_error", severity: Severity::Warning, refs: &["D18"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let tms = facts.tms();
    if tms.no_https.is_empty() && tms.tickets.is_empty() {
        return Outcome::NotApplicable;
    }
    // A refused method explains the ticket.
    let explained = tms.no_https.is_empty() && !tms.violations.is_empty();
    let severity = if explained { Severity::Info } else { Severity::Warning };
    let arguments = Arguments::new()
        .number("count", tms.tickets.len())
        .text("https", if tms.no_https.is_empty() { "no" } else { "yes" })
        .text("explained", if explained { "yes" } else { "no" });
    let evidence = tms.no_https.iter().chain(&tms.tickets).cloned().collect();
    Outcome::Found(vec![Found::at_all(severity, evidence, arguments)])
}
