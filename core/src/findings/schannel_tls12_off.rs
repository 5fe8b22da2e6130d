//! The registry does not let TMS offer TLS 1.2: forbidden, left out by default, or not said at all (D2, D7, D8, D10, D30,
//! D32). The two registry files that change it and undo the change are written out.

use crate::evidence::schannel::{Half, State};
use crate::findings::tms::{registry_files, word};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "schannel_tls12_off",
    severity: Severity::Warning,
    refs: &["D2", "D7", "D8", "D10", "D30", "D32"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let tms = facts.tms();
    let schannel = &tms.schannel;
    if !schannel.is_known() {
        return Outcome::NotApplicable;
    }
    let state = |half| schannel.state("TLS 1.2", half);
    let (client, server) = (state(Half::Client), state(Half::Server));
    let is_off = |state| matches!(state, State::Off | State::OffByDefault);
    let severity = match (client, server) {
        (State::Contradictory, _) | (_, State::Contradictory) => return Outcome::Clear,
        (client, _) if is_off(client) && tms.is_in_trouble() => Severity::Error,
        (client, server) if is_off(client) || is_off(server) => Severity::Warning,
        (State::On, State::On) => return Outcome::Clear,
        _ if tms.is_in_trouble() => Severity::Warning,
        _ => Severity::Info,
    };
    let [change, undo] = registry_files(schannel);
    let arguments = Arguments::new()
        .text("client", word(client))
        .text("address", tms.address())
        .text("server", word(server))
        .text("trouble", if tms.is_in_trouble() { "yes" } else { "no" })
        .text("sql", if tms.sql("2008").is_some() { "2008" } else { "other" })
        .rows("change", change)
        .rows("undo", undo);
    let mut evidence = schannel.lines("TLS 1.2");
    if evidence.is_empty() {
        evidence.clone_from(&schannel.evidence);
    }
    evidence.extend(tms.probes.iter().chain(&tms.no_https).cloned());
    Outcome::Found(vec![Found::at_all(severity, evidence, arguments)])
}
