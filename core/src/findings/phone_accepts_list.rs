//! The phone will accept the server's list without asking anyone: a record of its own lists is the signer (A36 to A38,
//! A77, A78, E41). Predicted.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::simulate::Reception;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "phone_accepts_list",
    severity: Severity::Good,
    refs: &["A36", "A37", "A38", "A77", "A78", "E41"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let forecasts = facts.forecasts();
    if forecasts.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for forecast in forecasts {
        let new = forecast.new;
        let Reception::Anchored { list, record } = forecast.reception else { continue };
        let renewed = forecast.phone.lists().all(|held| held.input != list.input);
        let arguments = Arguments::new()
            .text("kind", new.kind_name())
            .text("server", new.name())
            .text("anchor", list.name())
            .text("anchor-kind", list.kind_name())
            .number("record", record.number)
            .text("function", record.function())
            .text("signer", record.subject_text())
            .text("case", if renewed { "new-ctl" } else { "held" });
        let evidence = vec![new.evidence(), list.record_evidence(record)];
        found.push(Found::at_all(Severity::Good, evidence, arguments));
    }
    Outcome::of(found)
}
