//! The phone's list is not the server's (A65, A66, A34). A note where the phone will take the server's by itself.

use crate::bytes::hex;
use crate::evidence::facts::ListFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::Plan;
use crate::phone::simulate::Reception;
use crate::report::model::Severity;
use crate::trustlist::compare;

pub(super) const CHECK: Check = Check {
    code: "phone_list_differs",
    severity: Severity::Warning,
    refs: &["A34", "A65", "A66"],
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
    let mut found = Vec::new();
    for forecast in forecasts {
        let new = forecast.new;
        let Some(held) = forecast.phone.list(new.list.kind) else { continue };
        let severity = match forecast.reception {
            Reception::Same => continue,
            Reception::Anchored { .. } | Reception::FirstUse => Severity::Info,
            Reception::Unanchored => Severity::Warning,
        };
        let (old, offered) = (compare::content(held.list), compare::content(new.list));
        let arguments = Arguments::new()
            .text("kind", new.kind_name())
            .text("phone", held.name())
            .text("server", new.name())
            .number("phone-bytes", held.list.length)
            .number("server-bytes", new.list.length)
            .text("phone-sum", sums(held))
            .text("server-sum", sums(new))
            .number("gone", old.difference(&offered).count())
            .number("added", offered.difference(&old).count());
        found.push(Found::at_all(severity, vec![held.evidence(), new.evidence()], arguments));
    }
    Outcome::of(found)
}

/// The sums as the phone's Trust List screen shows one of them.
fn sums(list: &ListFacts<'_>) -> String {
    let (md5, sha1) = list.sums();
    let sum = |name: &str, bytes: Option<&[u8]>| match bytes {
        Some(bytes) => format!("{name} {}", hex(bytes)),
        None => format!("{name} not known"),
    };
    let md5 = sum("MD5", md5.as_ref().map(<[u8; 16]>::as_slice));
    let sha1 = sum("SHA-1", sha1.as_ref().map(<[u8; 20]>::as_slice));
    format!("{md5}, {sha1}")
}
