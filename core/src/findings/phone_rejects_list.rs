//! No record of the phone's lists is the signer of the server's list (A37, A39, A71, A79, A80). Without a TVS server that
//! the phone can believe it refuses the list: an error. Where it can ask TVS, TVS decides: a warning. Predicted.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::Plan;
use crate::phone::simulate::{Reception, Servers};
use crate::phone::tvs::{Ask, ask};
use crate::report::model::Severity;
use crate::tlv::header::tag;

pub(super) const CHECK: Check = Check {
    code: "phone_rejects_list",
    severity: Severity::Error,
    refs: &["A36", "A37", "A38", "A39", "A64", "A71", "A79", "A80", "A94"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    // The lists are another cluster's: `plan_migration` says what becomes of them.
    if Plan::of(facts) == Some(Plan::Migrate) {
        return Outcome::NotApplicable;
    }
    let forecasts = facts.forecasts();
    if forecasts.is_empty() {
        return Outcome::NotApplicable;
    }
    let servers = Servers::of(facts);
    let mut found = Vec::new();
    for forecast in forecasts {
        let new = forecast.new;
        if !matches!(forecast.reception, Reception::Unanchored) {
            continue;
        }
        let (severity, case) = match ask(facts, &servers, &forecast.phone) {
            Ask::Believed => continue,
            Ask::Changed => (Severity::Error, "tvs-changed"),
            Ask::Nobody => (Severity::Error, "no-tvs"),
            Ask::Refused => (Severity::Error, "tvs-refuses"),
            Ask::Unknown => (Severity::Warning, "ask-tvs"),
        };
        let fetched = facts.fetched_at(new.input);
        let frame = fetched.first().and_then(|place| place.frame);
        let arguments = Arguments::new()
            .text("fetched", if frame.is_some() { "yes" } else { "no" })
            .number("frame", frame.unwrap_or_default())
            .text("kind", new.kind_name())
            .text("server", new.name())
            .text("phone", forecast.phone.names(facts))
            .text("signer", new.signer_name())
            .text("case", case)
            .text("recovery", if servers.can_recover(&forecast.phone) { "yes" } else { "no" });
        let mut evidence = vec![new.header_evidence(tag::SIGNER_NAME)];
        evidence.extend(fetched);
        evidence.extend(forecast.phone.evidence());
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::of(found)
}
