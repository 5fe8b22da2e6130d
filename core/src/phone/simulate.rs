//! Would a phone accept the lists that the servers offer? (A36 to A39, A77, A78, E41)

use std::collections::BTreeSet;

use crate::bytes::serial_hex;
use crate::evidence::facts::{Facts, ListFacts};
use crate::limits;
use crate::order;
use crate::phone::state::{Phone, State, phones};
use crate::phone::vouching::{Vouching, vouchings};
use crate::report::model::TrustListType;
use crate::trustlist::compare;
use crate::trustlist::record::Record;

/// What a phone does with one list that a server offers.
#[derive(Clone, Copy, Debug)]
pub enum Reception<'f, 'a> {
    /// A record of a list that the phone holds, or will hold by then, anchors the signer.
    Anchored {
        /// The list with the record.
        list: &'f ListFacts<'a>,
        /// The record.
        record: &'f Record,
    },
    /// The phone takes the next list on faith (A35).
    FirstUse,
    /// The phone holds this very file.
    Same,
    /// No record of the phone's lists anchors the signer: the phone asks TVS, where it knows one.
    Unanchored,
}

/// One phone, one list that a server offers, and what becomes of it.
#[derive(Clone, Copy, Debug)]
pub struct Forecast<'f, 'a> {
    /// The phone.
    pub phone: Phone<'f, 'a>,
    /// The list on the server.
    pub new: &'f ListFacts<'a>,
    /// What the phone does with it.
    pub reception: Reception<'f, 'a>,
}

/// The distinct lists that servers offer and whose own signature holds.
#[derive(Clone, Debug, Default)]
pub struct Servers<'f, 'a> {
    /// CTLs, in input order.
    pub ctls: Vec<&'f ListFacts<'a>>,
    /// ITLs, in input order.
    pub itls: Vec<&'f ListFacts<'a>>,
    /// What TVS said when a phone asked about a signer of these lists, by a capture or a trace; one refusal counts.
    pub vouched: Option<bool>,
}

/// Every phone against every distinct list of the servers, the CTL before the ITL as phones fetch them.
///
/// Only lists whose own signature holds are forecast: a phone refuses the others whoever signed them, and a copy of
/// a phone's list that does not verify is not what the phone holds.
pub fn forecasts<'f, 'a>(facts: &'f Facts<'a>) -> Vec<Forecast<'f, 'a>> {
    let Servers { ctls, itls, .. } = Servers::of(facts);
    let mut forecasts = Vec::new();
    for phone in phones(facts) {
        if !phone.is_sound() {
            continue;
        }
        let mut renewed = None;
        for new in &ctls {
            let reception = receive(phone, phone.ctl, new);
            if let (Reception::Anchored { .. }, [_]) = (reception, ctls.as_slice()) {
                renewed = Some(*new);
            }
            forecasts.push(Forecast { phone, new, reception });
        }
        for new in &itls {
            // By the time it fetches the ITL, the phone holds the CTL that it has just accepted (E41).
            let reception = receive(phone, renewed.or(phone.ctl), new);
            forecasts.push(Forecast { phone, new, reception });
        }
    }
    forecasts
}

impl<'f, 'a> Servers<'f, 'a> {
    /// The distinct lists of all inputs that are not named as a phone's, in input order.
    pub fn of(facts: &'f Facts<'a>) -> Self {
        let of = |kind: TrustListType| {
            let mut seen = BTreeSet::new();
            facts
                .server_lists()
                .filter(|list| list.list.kind == kind && list.is_credible())
                .filter(|list| {
                    // A text may hold several listings.
                    let line = list.listing.map(|listing| listing.line);
                    seen.insert((list.artifact.digests.as_ref().map(|all| all.sha256), line))
                })
                .take(limits::SERVER_LISTS)
                .collect()
        };
        let (ctls, itls): (Vec<&'f ListFacts<'a>>, Vec<&'f ListFacts<'a>>) =
            (of(TrustListType::Ctl), of(TrustListType::Itl));
        let vouched = vouched(facts, ctls.iter().chain(&itls).copied());
        Self { ctls, itls, vouched }
    }

    /// Could the servers sign with the recovery key that `phone` holds? Not when their lists name another recovery
    /// certificate.
    pub fn can_recover(&self, phone: &Phone<'_, '_>) -> bool {
        let Some(held) = phone.recovery() else { return false };
        let lists = || self.ctls.iter().chain(&self.itls).flat_map(|list| &list.list.records);
        let named = || lists().filter(|record| compare::is_recovery(record));
        named().next().is_none() || named().any(|record| compare::same_certificate(record, held))
    }
}

/// What a phone that holds the lists of `phone` does with `new`.
pub fn reception<'f, 'a>(phone: Phone<'f, 'a>, new: &'f ListFacts<'a>) -> Reception<'f, 'a> {
    receive(phone, phone.ctl, new)
}

/// What TVS said about the signers of `lists`.
fn vouched<'f, 'a: 'f>(
    facts: &Facts<'_>,
    lists: impl Iterator<Item = &'f ListFacts<'a>>,
) -> Option<bool> {
    let serials = lists.filter_map(|list| list.list.header.signer_serial.as_deref());
    let signers = order::set(serials.map(serial_hex));
    if signers.is_empty() {
        return None;
    }
    let all = vouchings(facts);
    let about = all
        .iter()
        .filter(|one| one.asked.serial.as_deref().is_some_and(|serial| signers.contains(serial)));
    about.filter_map(Vouching::is_trusted).reduce(|one, other| one && other)
}

fn receive<'f, 'a>(
    phone: Phone<'f, 'a>,
    ctl: Option<&'f ListFacts<'a>>,
    new: &'f ListFacts<'a>,
) -> Reception<'f, 'a> {
    let held = phone.list(new.list.kind);
    if held.is_some_and(|held| held.is_same_file(new)) {
        return Reception::Same;
    }
    if phone.state() == State::FirstUse {
        return Reception::FirstUse;
    }
    let anchor = ctl.into_iter().chain(phone.itl).find_map(|list| {
        compare::anchor(list.list, new.list).map(|record| Reception::Anchored { list, record })
    });
    anchor.unwrap_or(Reception::Unanchored)
}
