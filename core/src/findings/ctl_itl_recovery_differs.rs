//! CTL and ITL of one side name ITLRecovery alike and hold another certificate: an upgrade renewed it, and the CTL was
//! left with one anchor (FN70613, CSCvv13565).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::dn;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, InputRole, Severity, TrustListType};
use crate::trustlist::compare;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CHECK: Check = Check {
    code: "ctl_itl_recovery_differs",
    severity: Severity::Error,
    refs: &["A91", "FN70613", "CSCvv13565"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut sides: BTreeMap<(bool, String), Side> = BTreeMap::new();
    for list in facts.trust_lists.iter().filter(|list| list.is_credible()) {
        for record in list.list.records.iter().filter(|record| compare::is_recovery(record)) {
            let name =
                dn::common_name(record.subject_text()).unwrap_or_default().to_ascii_lowercase();
            let side = sides.entry((list.role == InputRole::Phone, name)).or_default();
            let hashes = compare::identities(record).into_iter().map(<[u8]>::to_vec);
            let place = list.record_evidence(record);
            match list.list.kind {
                TrustListType::Ctl => side.ctl.add(hashes, place, list.input),
                TrustListType::Itl => side.itl.add(hashes, place, list.input),
            }
        }
    }
    let mut found = Vec::new();
    for ((_, name), side) in sides {
        let (Some(ctl), Some(itl)) = (side.ctl.first, side.itl.first) else { continue };
        if !side.ctl.hashes.is_disjoint(&side.itl.hashes) {
            continue;
        }
        let evidence = side.ctl.places.into_iter().chain(side.itl.places).collect();
        let arguments = Arguments::new()
            .text("ctl", facts.name(ctl))
            .text("itl", facts.name(itl))
            .text("name", name);
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}

/// The recovery certificates of one name on one side, the phone's or the servers'.
#[derive(Default)]
struct Side {
    ctl: Places,
    itl: Places,
}

/// Where they stand in lists of one type.
#[derive(Default)]
struct Places {
    first: Option<u32>,
    hashes: BTreeSet<Vec<u8>>,
    places: Vec<Evidence>,
}

impl Places {
    fn add(&mut self, hashes: impl Iterator<Item = Vec<u8>>, place: Evidence, input: u32) {
        self.first.get_or_insert(input);
        self.hashes.extend(hashes);
        self.places.push(place);
    }
}
