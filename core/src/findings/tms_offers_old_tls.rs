//! TLS 1.2 is on in the registry, and TMS still offers an older version: its own tool decides (D3, D4, D11).

use crate::evidence::schannel::{Half, State};
use crate::evidence::tms::TLS12;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "tms_offers_old_tls",
    severity: Severity::Error,
    refs: &["D3", "D4", "D11"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let tms = facts.tms();
    if !tms.schannel.is_known() || tms.hellos.is_empty() {
        return Outcome::NotApplicable;
    }
    let old: Vec<Evidence> = tms
        .hellos
        .iter()
        .filter(|(_, version)| *version < TLS12)
        .map(|(at, _)| at.clone())
        .collect();
    if old.is_empty() || tms.schannel.state("TLS 1.2", Half::Client) != State::On {
        return Outcome::Clear;
    }
    let arguments = Arguments::new()
        .number("count", old.len())
        .text("address", tms.address())
        .text("too-old", if tms.old_tms().is_some() { "yes" } else { "no" })
        .text("security", tms.security.as_deref().unwrap_or("unknown"));
    let mut evidence = tms.schannel.lines("TLS 1.2");
    evidence.extend(old);
    Outcome::Found(vec![Found::at_all(Severity::Error, evidence, arguments)])
}
