//! A key or value that was meant as a setting of Schannel and does not count, or only in part (D6, D9).

use crate::evidence::schannel::{Fault, FaultCase, Schannel};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "schannel_value_unusable",
    severity: Severity::Warning,
    refs: &["D6", "D9"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let schannel = Schannel::of(facts);
    if !schannel.is_known() {
        return Outcome::NotApplicable;
    }
    Outcome::of(schannel.faults.into_iter().map(tell).collect())
}

fn tell(fault: Fault) -> Found {
    let Fault { at, case, name, other } = fault;
    let (word, severity) = match case {
        FaultCase::Type => ("type", Severity::Warning),
        FaultCase::Value => ("value", Severity::Warning),
        FaultCase::Protocol => ("protocol", Severity::Warning),
        FaultCase::Half => ("half", Severity::Warning),
        FaultCase::NoHalf => ("no-half", Severity::Warning),
        FaultCase::Path => ("path", Severity::Warning),
        FaultCase::HalfMissing => ("half-missing", Severity::Warning),
        FaultCase::ValueMissing => ("value-missing", Severity::Info),
        // Two servers, or before and after: nothing is wrong with either.
        FaultCase::Contradictory => ("contradictory", Severity::Info),
    };
    let other = if other.is_empty() { "none".to_owned() } else { other };
    let arguments = Arguments::new().text("case", word).text("name", name).text("other", other);
    Found::at_all(severity, at, arguments)
}
