//! What the registry says about each version of TLS (D2, D5 to D8, D10). Good where TLS 1.2 is on for both sides.

use crate::evidence::schannel::{Half, PROTOCOLS, Schannel, State};
use crate::findings::tms::{settings, word};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "schannel_protocols",
    severity: Severity::Good,
    refs: &["D2", "D5", "D6", "D7", "D8", "D10"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let schannel = Schannel::of(facts);
    if schannel.settings.is_empty() {
        return Outcome::NotApplicable;
    }
    let state = |half| schannel.state("TLS 1.2", half);
    let (client, server) = (state(Half::Client), state(Half::Server));
    let good = client == State::On && server == State::On;
    let arguments = Arguments::new()
        .text("client", word(client))
        .text("server", word(server))
        .text("good", if good { "yes" } else { "no" })
        .rows("rows", settings(&schannel));
    let evidence = PROTOCOLS.iter().flat_map(|version| schannel.lines(version)).collect();
    let severity = if good { Severity::Good } else { Severity::Info };
    let mut found = Found::at_all(severity, evidence, arguments);
    if found.evidence.is_empty() {
        found.evidence = schannel.evidence;
    }
    Outcome::Found(vec![found])
}
