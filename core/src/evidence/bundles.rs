//! Diagnostic files of Expressways: which of the inputs belong to one node, and how the trust stores of nodes differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::bundle::{self, Part};
use crate::artifact::{Artifact, Content};
use crate::x509::container::ItemContent as Item;

/// Files that one node wrote at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The archive that they stand in; `None` for files that were given by themselves.
    pub archive: Option<u32>,
    /// The node's name, as the names of the files have it.
    pub host: String,
    /// When they were collected, as the names have it.
    pub time: String,
    /// The inputs, by what they are, in input order.
    pub parts: Vec<(Part, u32)>,
}

impl Bundle {
    /// The inputs that are a part.
    pub fn inputs(&self, part: Part) -> impl Iterator<Item = u32> {
        self.parts.iter().filter(move |(own, _)| *own == part).map(|(_, input)| *input)
    }

    /// It holds more than certificates, whose names alone say little.
    fn is_sure(&self) -> bool {
        self.parts.iter().any(|(part, _)| {
            matches!(part, Part::Capture | Part::Configuration | Part::Log | Part::Status)
        })
    }
}

/// Archive, host, time.
type Key<'a> = (Option<u32>, &'a str, &'a str);

/// The bundles among all inputs, by archive, host and time. `inside` names the archive of each input.
pub fn bundles(inputs: &[&Artifact], inside: &[Option<u32>]) -> Vec<Bundle> {
    let mut all: BTreeMap<Key<'_>, Vec<(Part, u32)>> = BTreeMap::new();
    for ((number, artifact), inside) in (0..).zip(inputs).zip(inside) {
        if let Some((part, node)) = bundle::part(&artifact.name) {
            all.entry((*inside, node.host, node.time)).or_default().push((part, number));
        }
    }
    let bundle = |((archive, host, time), parts): (Key<'_>, _)| Bundle {
        archive,
        host: host.to_owned(),
        time: time.to_owned(),
        parts,
    };
    all.into_iter().map(bundle).filter(Bundle::is_sure).collect()
}

/// The trust store of a node: SHA-256 of each certificate, with its input and offset.
pub type Store = BTreeMap<[u8; 32], (u32, u64)>;

/// The trust stores of all nodes, by host; of a node that was collected twice, the later one.
pub fn stores<'b>(bundles: &'b [Bundle], inputs: &[&Artifact]) -> BTreeMap<&'b str, Store> {
    let mut found: BTreeMap<&str, (&str, Store)> = BTreeMap::new();
    for bundle in bundles {
        let mut store = Store::new();
        for input in bundle.inputs(Part::TrustStore) {
            let artifact = inputs.get(input as usize);
            let Some(Content::Certificates(container)) = artifact.map(|one| &one.content) else {
                continue;
            };
            for item in &container.items {
                if let Item::Certificate(certificate) = &item.content {
                    store.entry(certificate.digests.sha256).or_insert((input, item.offset));
                }
            }
        }
        if store.is_empty() {
            continue;
        }
        let is_later =
            found.get(bundle.host.as_str()).is_none_or(|(time, _)| *time < bundle.time.as_str());
        if is_later {
            found.insert(&bundle.host, (&bundle.time, store));
        }
    }
    found.into_iter().map(|(host, (_, store))| (host, store)).collect()
}

/// Inputs that are trust stores of nodes.
pub fn store_inputs(bundles: &[Bundle]) -> BTreeSet<u32> {
    bundles.iter().flat_map(|bundle| bundle.inputs(Part::TrustStore)).collect()
}

/// Inputs that are nodes' own certificates.
pub fn own_certificates(bundles: &[Bundle]) -> BTreeSet<u32> {
    bundles.iter().flat_map(|bundle| bundle.inputs(Part::ServerCertificate)).collect()
}
