//! Would a phone know the signer of a file? (A7, A8, A71, A94)

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::facts::{Facts, ListFacts};
use crate::limits;
use crate::names::device::device_of_file;
use crate::phone::simulate::{Reception, Servers, forecasts};
use crate::phone::state::{Phone, phones};
use crate::phone::tvs::{Ask, ask};
use crate::trustlist::record::Record;

/// SHA-256 of a certificate.
type Hash = [u8; 32];

/// A record of a list that a server offers, with a role that signs files.
#[derive(Clone, Copy, Debug)]
pub struct ServerRecord<'f, 'a> {
    /// The list.
    pub list: &'f ListFacts<'a>,
    /// The record.
    pub record: &'f Record,
}

/// The signers of files in the lists that servers offer, by the SHA-256 of their certificates. Empty when no list is named
/// as a phone's: then every list vouches.
pub fn server_signers<'f, 'a>(facts: &'f Facts<'a>) -> BTreeMap<Hash, Vec<ServerRecord<'f, 'a>>> {
    let mut signers: BTreeMap<Hash, Vec<ServerRecord<'f, 'a>>> = BTreeMap::new();
    if facts.phone_lists().next().is_none() {
        return signers;
    }
    let Servers { ctls, itls, .. } = Servers::of(facts);
    for list in itls.into_iter().chain(ctls) {
        for record in list.list.file_signers() {
            if let Some(certificate) = facts.certificate_of(record) {
                let entry = signers.entry(certificate.digests.sha256).or_default();
                entry.push(ServerRecord { list, record });
            }
        }
    }
    signers
}

/// A phone that does not know a signer, and what asking TVS gives it.
#[derive(Clone, Copy, Debug)]
pub struct Stranger<'f, 'a> {
    /// The phone.
    pub phone: Phone<'f, 'a>,
    /// What TVS does.
    pub ask: Ask,
}

/// What the phones among the inputs know of signers; built once, asked for each file.
#[derive(Debug)]
pub struct Knowledge<'f, 'a> {
    phones: Vec<Stranger<'f, 'a>>,
    by_device: BTreeMap<String, usize>,
    /// Indices of phones whose lists name a certificate as a signer of files.
    holders: BTreeMap<Hash, BTreeSet<usize>>,
    /// Index of a phone, input of a server's list that it will accept or hold.
    accepted: BTreeSet<(usize, u32)>,
}

impl<'f, 'a> Knowledge<'f, 'a> {
    /// Of all phones whose own lists hold together.
    pub fn of(facts: &'f Facts<'a>) -> Self {
        let servers = Servers::of(facts);
        let sound = phones(facts).into_iter().filter(Phone::is_sound);
        let phones: Vec<Stranger<'f, 'a>> =
            sound.map(|phone| Stranger { phone, ask: ask(facts, &servers, &phone) }).collect();
        let mut by_device = BTreeMap::new();
        let mut by_list = BTreeMap::new();
        let mut holders: BTreeMap<Hash, BTreeSet<usize>> = BTreeMap::new();
        for (index, Stranger { phone, .. }) in phones.iter().enumerate() {
            for list in phone.lists() {
                by_list.insert(list.input, index);
                if let Some(device) = device_of_file(&list.artifact.name) {
                    by_device.insert(device.to_ascii_uppercase(), index);
                }
                for record in list.list.file_signers() {
                    if let Some(certificate) = facts.certificate_of(record) {
                        holders.entry(certificate.digests.sha256).or_default().insert(index);
                    }
                }
            }
        }
        let accepted = forecasts(facts)
            .into_iter()
            .filter(|forecast| !matches!(forecast.reception, Reception::Unanchored))
            .filter_map(|forecast| {
                let list = forecast.phone.lists().next()?;
                Some((*by_list.get(&list.input)?, forecast.new.input))
            })
            .collect();
        Self { phones, by_device, holders, accepted }
    }

    /// The phones that fetch a file for `device` (all of them, up to a cap, when none is that device) and neither hold
    /// nor will accept a list that names the signer.
    pub fn strangers(
        &self,
        device: Option<&str>,
        signer: Hash,
        named_by: &[ServerRecord<'_, '_>],
    ) -> Vec<Stranger<'f, 'a>> {
        let own = device.and_then(|device| self.by_device.get(&device.to_ascii_uppercase()));
        let concerned = match own {
            Some(index) => *index..index.saturating_add(1),
            None => 0..self.phones.len().min(limits::SERVER_LISTS),
        };
        let holders = self.holders.get(&signer);
        concerned
            .filter(|index| !holders.is_some_and(|holders| holders.contains(index)))
            .filter(|index| {
                !named_by.iter().any(|named| self.accepted.contains(&(*index, named.list.input)))
            })
            .filter_map(|index| self.phones.get(index).copied())
            .collect()
    }
}
