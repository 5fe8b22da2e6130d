//! What phones do while they boot, as captures show it: lists, configuration, names, TVS and CAPF, in their order
//! (A31 to A33).
//!
//! A phone is an address that asked for a trust list or a configuration; its device name stands in the names of those
//! files. Where one address asks for several devices (a proxy, address translation), each has a boot of its own, and
//! what cannot be told apart stands in one without a device.

use core::net::{IpAddr, SocketAddr};
use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::capture::Moment;
use crate::evidence::facts::{CaptureFacts, Facts};
use crate::limits;
use crate::names::device::{PhoneFile, device_of_file, phone_file};
use crate::names::mra_path::MraPath;
use crate::phone::state::{Phone, phones};
use crate::proto::transfer::{Operation, Protocol, TransferStatus};
use crate::proto::{Place, capf, tvs};
use crate::report::model::Evidence;
use crate::traffic::{AskedName, Flow, Handshake, Reach, TransferSeen};

/// What one phone did in one capture.
#[derive(Clone, Debug)]
pub struct Boot<'f, 'a> {
    /// The capture.
    pub capture: &'f CaptureFacts<'a>,
    /// The phone's address.
    pub client: IpAddr,
    /// Its device name, upper case, where the names of its files tell it.
    pub device: Option<String>,
    /// In the order of their first packets, up to [`limits::BOOT_STEPS`].
    pub steps: Vec<Step<'f>>,
    /// Steps beyond that.
    pub more: usize,
}

/// One thing that a phone did.
#[derive(Clone, Copy, Debug)]
pub struct Step<'f> {
    /// Its first packet.
    pub at: Place,
    /// Its last packet.
    pub last_frame: u64,
    /// What it was.
    pub what: What<'f>,
    /// What became of it.
    pub end: End,
}

/// What a step is.
#[derive(Clone, Copy, Debug)]
pub enum What<'f> {
    /// A file that the phone asked for.
    File(PhoneFile, &'f TransferSeen),
    /// A name that it asked for.
    Name(&'f AskedName),
    /// A connection to a service.
    Service(Service, &'f Flow),
}

/// A service that a phone's ITL names a certificate of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// Trust verification service (A45).
    Tvs,
    /// Certificate authority proxy function (C34).
    Capf,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The file came whole, the name has an answer, TLS came up.
    Done,
    /// The server does not have the file, or the name does not exist.
    Absent,
    /// A side said no.
    Refused,
    /// Part of the file came.
    Incomplete,
    /// Nothing came back.
    Unanswered,
    /// It ended before it was done, and nothing readable says why.
    Broken,
    /// The capture does not tell.
    Unknown,
}

/// The boots in one capture, by address; up to [`limits::BOOTS`].
pub fn boots_of<'f, 'a>(capture: &'f CaptureFacts<'a>) -> Vec<Boot<'f, 'a>> {
    let seen = &capture.content.capture;
    let mut devices: BTreeMap<IpAddr, BTreeSet<String>> = BTreeMap::new();
    let transfers: Vec<_> = read_transfers(capture).collect();
    for (client, one) in &transfers {
        if phone_file(&one.transfer.name) != PhoneFile::Other {
            let known = devices.entry(*client).or_default();
            known.extend(device_of(one));
        }
    }
    let mut boots: BTreeMap<(IpAddr, Option<Cow<'_, str>>), Vec<Step<'f>>> = BTreeMap::new();
    // A step belongs to the one device of its address; to the device that it names where there are several.
    let mut add = |client: IpAddr, named: Option<&TransferSeen>, step: &dyn Fn() -> Step<'f>| {
        // Most that a capture shows is not of phones: nothing is made of that.
        let Some(known) = devices.get(&client) else { return };
        let device = match known.len() {
            1 => known.first().map(|device| Cow::Borrowed(device.as_str())),
            _ => named.and_then(device_of).map(Cow::Owned),
        };
        let is_full = boots.len() >= limits::BOOTS;
        match boots.entry((client, device)) {
            Entry::Occupied(known) => known.into_mut().push(step()),
            Entry::Vacant(place) if !is_full => place.insert(Vec::new()).push(step()),
            Entry::Vacant(_) => {}
        }
    };
    for (client, one) in transfers {
        add(client, Some(one), &|| file_step(one));
    }
    for asked in &seen.dns {
        add(asked.client, None, &|| name_step(asked));
    }
    for flow in &seen.flows {
        if let Some(service) = Service::of(flow.server.port()) {
            add(flow.client.ip(), None, &|| service_step(service, flow));
        }
    }
    let finish =
        |((client, device), mut steps): ((IpAddr, Option<Cow<'_, str>>), Vec<Step<'f>>)| {
            let device = device.map(Cow::into_owned);
            steps.sort_by_key(|step| step.at.frame);
            let more = steps.len().saturating_sub(limits::BOOT_STEPS);
            steps.truncate(limits::BOOT_STEPS);
            Boot { capture, client, device, steps, more }
        };
    boots.into_iter().map(finish).collect()
}

/// Files that clients asked for, each with its client.
fn read_transfers<'f>(
    capture: &'f CaptureFacts<'_>,
) -> impl Iterator<Item = (IpAddr, &'f TransferSeen)> {
    let transfers = capture.content.capture.transfers.iter();
    transfers
        .filter(|one| one.transfer.operation == Operation::Read)
        // An Expressway that asks for an MRA client is no phone.
        .filter(|one| MraPath::read(&one.transfer.name).is_none())
        .filter_map(|one| Some((one.transfer.client?.ip(), one)))
}

fn device_of(seen: &TransferSeen) -> Option<String> {
    device_of_file(&seen.transfer.name).map(|device| device.to_ascii_uppercase())
}

fn file_step(seen: &TransferSeen) -> Step<'_> {
    let one = &seen.transfer;
    let end = match &one.status {
        TransferStatus::Complete => End::Done,
        TransferStatus::Incomplete if is_unanswered(seen) => End::Unanswered,
        TransferStatus::Incomplete => End::Incomplete,
        // An unchanged file is delivered; a redirection is followed by another request.
        TransferStatus::Error { code: 304, .. } => End::Done,
        TransferStatus::Error { code, .. } => match (one.protocol, code) {
            (Protocol::Tftp, 1) | (Protocol::Http, 404 | 410) => End::Absent,
            _ => End::Refused,
        },
    };
    let file = phone_file(&one.name);
    Step { at: one.begins, last_frame: one.ends.frame, what: What::File(file, seen), end }
}

/// Nothing came back for the request.
pub fn is_unanswered(seen: &TransferSeen) -> bool {
    let one = &seen.transfer;
    one.status == TransferStatus::Incomplete
        && one.bytes == 0
        && one.announced.is_none()
        && one.begins == one.ends
}

fn name_step(asked: &AskedName) -> Step<'_> {
    let end = match asked.code.as_deref() {
        Some("NOERROR") if asked.answers.is_empty() => End::Absent,
        Some("NOERROR") => End::Done,
        Some("NXDOMAIN") => End::Absent,
        Some(_) => End::Refused,
        None => End::Unanswered,
    };
    Step { at: asked.at, last_frame: asked.at.frame, what: What::Name(asked), end }
}

fn service_step(service: Service, flow: &Flow) -> Step<'_> {
    let end = match (flow.reach(), flow.handshake()) {
        (Some(Reach::Silent), _) => End::Unanswered,
        (Some(Reach::Refused), _) | (_, Some(Handshake::Refused(_))) => End::Refused,
        (_, Some(Handshake::Up)) => End::Done,
        (_, Some(Handshake::BrokenOff { .. })) => End::Broken,
        _ => End::Unknown,
    };
    let at = Place::from(Moment { frame: flow.first_frame, time: flow.first });
    Step { at, last_frame: flow.last_frame, what: What::Service(service, flow), end }
}

impl Step<'_> {
    /// What a side that said no said: `404 Not Found`, `NXDOMAIN`, `unknown_ca`.
    pub fn said(&self) -> Option<String> {
        match self.what {
            What::File(_, seen) => match &seen.transfer.status {
                TransferStatus::Error { code, message } => {
                    let kind = if seen.transfer.protocol == Protocol::Tftp { "error " } else { "" };
                    Some(format!("{kind}{code} {message}").trim_end().to_owned())
                }
                _ => None,
            },
            What::Name(asked) => asked.code.clone().filter(|_| self.end != End::Done),
            What::Service(_, flow) => match flow.handshake() {
                Some(Handshake::Refused(alert)) => alert.description().map(str::to_owned),
                _ => None,
            },
        }
    }
}

impl Service {
    /// The service that a port stands for.
    pub fn of(port: u16) -> Option<Self> {
        match port {
            tvs::PORT => Some(Self::Tvs),
            capf::PORT => Some(Self::Capf),
            _ => None,
        }
    }

    /// As the field writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tvs => "TVS",
            Self::Capf => "CAPF",
        }
    }
}

impl<'f, 'a> Boot<'f, 'a> {
    /// Evidence that points at a packet of the capture.
    pub fn frame(&self, frame: u64) -> Evidence {
        Evidence { input: self.capture.input, frame: Some(frame), ..Evidence::default() }
    }

    /// `SEP001122334455 (10.48.36.77)`, or the address alone.
    pub fn label(&self) -> String {
        match &self.device {
            Some(device) => format!("{device} ({})", self.client),
            None => self.client.to_string(),
        }
    }

    /// Files of one kind that it asked for, in their order.
    pub fn files(&self, kind: PhoneFile) -> impl Iterator<Item = (&Step<'f>, &'f TransferSeen)> {
        self.steps.iter().filter_map(move |step| match step.what {
            What::File(file, seen) if file == kind => Some((step, seen)),
            _ => None,
        })
    }

    /// Servers that gave it lists and configurations (E42).
    pub fn sources(&self) -> BTreeSet<IpAddr> {
        let delivered = self.steps.iter().filter_map(|step| match step.what {
            What::File(file, seen) if file != PhoneFile::Other && step.end == End::Done => {
                seen.transfer.server.as_ref().map(SocketAddr::ip)
            }
            _ => None,
        });
        delivered.collect()
    }
}

/// The phones among the inputs, to be found by device.
#[derive(Debug)]
pub struct Phones<'f, 'a> {
    all: Vec<Phone<'f, 'a>>,
    by_device: BTreeMap<String, usize>,
}

impl<'f, 'a> Phones<'f, 'a> {
    /// All that the inputs hold.
    pub fn of(facts: &'f Facts<'a>) -> Self {
        let all = phones(facts);
        let mut by_device = BTreeMap::new();
        for (index, phone) in all.iter().enumerate() {
            if let Some(device) = device_of_phone(phone) {
                by_device.entry(device).or_insert(index);
            }
        }
        Self { all, by_device }
    }

    /// The phone with the lists of `device`, or the only one there is, unless its lists' names say that it is another.
    pub fn with(&self, device: Option<&str>) -> Option<Phone<'f, 'a>> {
        let own = device.and_then(|device| self.by_device.get(&device.to_ascii_uppercase()));
        match (own, self.all.as_slice()) {
            (Some(index), _) => self.all.get(*index).copied(),
            (None, [phone]) if device.is_none() || device_of_phone(phone).is_none() => Some(*phone),
            _ => None,
        }
    }
}

/// The device that the names of a phone's lists tell, upper case.
fn device_of_phone(phone: &Phone<'_, '_>) -> Option<String> {
    let device = phone.lists().find_map(|list| device_of_file(&list.artifact.name));
    device.map(|device| device.to_ascii_uppercase())
}
