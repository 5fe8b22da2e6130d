//! The phone's list and the server's are the same file: nothing to delete (A66, A68).

use crate::bytes::hex;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::simulate::Reception;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "phone_list_equal", severity: Severity::Good, refs: &["A66", "A68"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let forecasts = facts.forecasts();
    if forecasts.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for forecast in forecasts {
        let new = forecast.new;
        let Some(held) = forecast.phone.list(new.list.kind) else { continue };
        if !matches!(forecast.reception, Reception::Same) {
            continue;
        }
        let (md5, sha1) = new.sums();
        let (held_md5, held_sha1) = held.sums();
        let arguments = Arguments::new()
            .text("kind", new.kind_name())
            .text("phone", held.name())
            .text("server", new.name())
            .text("md5", md5.or(held_md5).map(|sum| hex(&sum)).unwrap_or_default())
            .text("sha1", sha1.or(held_sha1).map(|sum| hex(&sum)).unwrap_or_default());
        found.push(Found::at_all(Severity::Good, vec![held.evidence(), new.evidence()], arguments));
    }
    Outcome::of(found)
}
