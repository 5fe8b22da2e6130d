//! The trust state of a phone, from the lists named as the phone's (A35 to A37).

use crate::artifact::Content;
use crate::evidence::facts::{Facts, ListFacts};
use crate::names::device::device_of_file;
use crate::order;
use crate::report::model::{Evidence, InputRole, TrustListType};
use crate::trustlist::compare;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

/// The lists that one phone held before the events.
#[derive(Clone, Copy, Debug)]
pub struct Phone<'f, 'a> {
    /// Its CTL.
    pub ctl: Option<&'f ListFacts<'a>>,
    /// Its ITL.
    pub itl: Option<&'f ListFacts<'a>>,
    /// A file of 0 bytes was given as the phone's.
    pub empty: Option<u32>,
}

/// What a phone's lists make it do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// State 1: no CTL, and no ITL or an emptied one. The next lists are taken on faith.
    FirstUse,
    /// State 2: a CTL, and no ITL or an emptied one.
    CtlOnly,
    /// State 3: both; also an ITL alone, which binds the phone in the same way.
    Bound,
}

impl<'f, 'a> Phone<'f, 'a> {
    /// Its trust state.
    pub fn state(&self) -> State {
        match (self.ctl, self.itl.filter(|itl| itl.has_failed() || !itl.list.is_rollback())) {
            (None, None) => State::FirstUse,
            (Some(_), None) => State::CtlOnly,
            (_, Some(_)) => State::Bound,
        }
    }

    /// Its list of one type.
    pub fn list(&self, kind: TrustListType) -> Option<&'f ListFacts<'a>> {
        match kind {
            TrustListType::Ctl => self.ctl,
            TrustListType::Itl => self.itl,
        }
    }

    /// Its lists, CTL first: the order in which a phone looks.
    pub fn lists(&self) -> impl Iterator<Item = &'f ListFacts<'a>> {
        self.ctl.into_iter().chain(self.itl)
    }

    /// Evidence that points at what was given as the phone's.
    pub fn evidence(&self) -> Vec<Evidence> {
        let empty =
            self.empty.map(|input| Evidence { input, offset: Some(0), ..Evidence::default() });
        self.lists().map(ListFacts::evidence).chain(empty).collect()
    }

    /// The record of its lists that holds the cluster's recovery certificate as a token: with that key a list can be
    /// signed that the phone accepts, whatever else was renewed.
    pub fn recovery(&self) -> Option<&'f Record> {
        let is_token =
            |record: &&Record| record.role == Some(Role::SAST) && compare::is_recovery(record);
        self.lists().find_map(|list| list.list.records.iter().find(is_token))
    }

    /// The own signature of each of its lists holds. A phone has accepted what it holds; when the copy does not
    /// verify, the copy is not what the phone holds, and nothing can be foretold from it.
    pub fn is_sound(&self) -> bool {
        self.lists().all(ListFacts::is_credible)
    }

    /// The names of its files, for texts.
    pub fn names(&self, facts: &Facts<'_>) -> String {
        let mut names: Vec<&str> = self.lists().map(|list| list.artifact.name.as_str()).collect();
        names.extend(self.empty.map(|input| facts.name(input)));
        names.join(", ")
    }
}

/// The phones among the inputs, in input order: an ITL and a CTL make one phone when there is one of each, or when
/// their file names carry the same device.
pub fn phones<'f, 'a>(facts: &'f Facts<'a>) -> Vec<Phone<'f, 'a>> {
    let of = |kind: TrustListType| -> Vec<&'f ListFacts<'a>> {
        facts.phone_lists().filter(|list| list.list.kind == kind).collect()
    };
    let (ctls, itls) = (of(TrustListType::Ctl), of(TrustListType::Itl));
    let empty = (0..).zip(&facts.inputs).find_map(|(input, artifact)| {
        (artifact.role == InputRole::Phone && matches!(artifact.content, Content::Empty))
            .then_some(input)
    });
    if ctls.is_empty() && itls.is_empty() {
        return empty
            .map(|input| Phone { ctl: None, itl: None, empty: Some(input) })
            .into_iter()
            .collect();
    }
    if let ([ctl], [itl]) = (ctls.as_slice(), itls.as_slice()) {
        return vec![Phone { ctl: Some(*ctl), itl: Some(*itl), empty }];
    }
    let device = |list: &ListFacts<'_>| device_of_file(&list.artifact.name);
    let mut by_device = std::collections::BTreeMap::new();
    let mut alone = Vec::new();
    for ctl in ctls {
        match device(ctl) {
            Some(device) => {
                by_device.insert(device, ctl);
            }
            None => alone.push(ctl),
        }
    }
    let mut phones: Vec<Phone<'f, 'a>> = itls
        .into_iter()
        .map(|itl| {
            let ctl = device(itl).and_then(|device| by_device.remove(&device));
            Phone { ctl, itl: Some(itl), empty: None }
        })
        .collect();
    let rest = by_device.into_values().chain(alone);
    phones.extend(rest.map(|ctl| Phone { ctl: Some(ctl), itl: None, empty: None }));
    order::sort_by_key(&mut phones, |phone| phone.lists().map(|list| list.input).min());
    phones
}
