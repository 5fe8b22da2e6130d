//! A phone must ask TVS about the signer of a list, and no input says whether TVS would vouch for it (A39, A63).

use crate::findings::{Arguments, Check, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::Plan;
use crate::phone::simulate::{Reception, Servers};
use crate::phone::tvs::{Ask, ask};
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "tvs_vouching_unknown",
    severity: Severity::Info,
    refs: &["A39", "A77", "A78"],
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
    for forecast in forecasts {
        if matches!(forecast.reception, Reception::Unanchored)
            && ask(facts, &servers, &forecast.phone) == Ask::Unknown
        {
            return Outcome::NotEnoughEvidence(
                Arguments::new()
                    .text("case", "given")
                    .text("server", forecast.new.artifact.name.as_str())
                    .text("signer", forecast.new.signer_name()),
            );
        }
    }
    Outcome::Clear
}
