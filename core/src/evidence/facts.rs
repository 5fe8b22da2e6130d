//! The joined view of all inputs.
//!
//! Built once for a report, in input order, without any work that grows faster than the inputs: joins go through
//! maps by hash and serial.

use std::collections::BTreeMap;

use crate::artifact::{ArchiveContent, Artifact, CaptureContent, Content, is_lsc};
use crate::bytes::serial_hex;
use crate::context::Context;
use crate::evidence::bundles::{self, Bundle};
use crate::evidence::expressway::Logs;
use crate::evidence::expressway_settings::{self, Node};
use crate::evidence::listings::ListingFacts;
use crate::evidence::origins::Origins;
use crate::limits;
use crate::names::device::device_of_file;
use crate::order;
use crate::report::model::{Evidence, InputRole, SeenIn, TrustListType};
use crate::sgn::SignedFile;
use crate::sgn::configuration::Configuration;
use crate::sgn::decrypt::{self, DecryptFailure, Decrypted};
use crate::sgn::verify::{self as sgn_verify, Candidate};
use crate::text::Text;
use crate::text::listing::{Listing, RecordRows};
use crate::time::UnixTime;
use crate::tlv::header::tag;
use crate::trustlist::file::TrustList;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;
use crate::trustlist::verify::{self, Missing, Outcome};
use crate::x509::container::ItemContent as Item;
use crate::x509::private_key::PrivateKey;
use crate::x509::{
    Certificate, CertificateRequest, Pkcs12Facts, PrivateKeyFacts, Protection, PublicKey,
    RevocationList,
};

/// Everything the findings may look at.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The time that validity is judged at.
    pub now: UnixTime,
    /// What no file says.
    pub context: &'a Context,
    /// All inputs, each followed by those found inside it; the index is the input's number in the report.
    pub inputs: Vec<&'a Artifact>,
    /// The input that each was found in.
    pub inside: Vec<Option<u32>>,
    /// Archives in input order, by their numbers.
    pub archives: Vec<(u32, &'a ArchiveContent)>,
    /// Diagnostic files of Expressways, by archive, host and time.
    pub bundles: Vec<Bundle>,
    /// Captures in input order.
    pub captures: Vec<CaptureFacts<'a>>,
    /// Logs and listings in input order.
    pub texts: Vec<TextFacts<'a>>,
    /// Trust lists in input order.
    pub trust_lists: Vec<ListFacts<'a>>,
    /// Signed files in input order.
    pub signed_files: Vec<SignedFacts<'a>>,
    /// Phone configurations in clear: own files, bodies of signed files, decrypted bodies.
    pub configurations: Vec<ConfigurationFacts<'a>>,
    /// Distinct certificates by SHA-256, with every place.
    pub certificates: BTreeMap<[u8; 32], CertificateFacts<'a>>,
    /// Certificate requests in input order.
    pub requests: Vec<RequestFacts<'a>>,
    /// Private keys in input order.
    pub private_keys: Vec<KeyFacts<'a>>,
    /// Certificate revocation lists in input order.
    pub revocation_lists: Vec<RevocationListFacts<'a>>,
    /// PKCS#12 containers in input order.
    pub stores: Vec<StoreFacts<'a>>,
    /// Servers, judged as Expressway's traffic server judges them.
    pub origins: Origins,
    /// What the logs of Expressways say.
    pub expressway: Logs,
    /// Expressways by what their settings and status say.
    pub expressways: Vec<Node>,
    by_sha1: BTreeMap<[u8; 20], [u8; 32]>,
    /// Listings with the input that is the file.
    listed_files: Vec<(ListingFacts<'a>, u32)>,
}

/// A certificate request among all inputs.
#[derive(Debug)]
pub struct RequestFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// Where it stands in the input.
    pub offset: u64,
    /// The request.
    pub request: &'a CertificateRequest,
    /// SHA-256 of the certificates with the same public key, sorted; up to [`limits::KEY_MATCHES`].
    pub certificates: Vec<[u8; 32]>,
}

/// A private key among all inputs.
#[derive(Debug)]
pub struct KeyFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// Where it stands in the input.
    pub offset: u64,
    /// What is known of it.
    pub key: &'a PrivateKeyFacts,
    /// SHA-256 of the certificates with its public key, sorted; up to [`limits::KEY_MATCHES`].
    pub certificates: Vec<[u8; 32]>,
    /// Indices in [`Facts::requests`] of the requests with its public key; up to [`limits::KEY_MATCHES`].
    pub requests: Vec<usize>,
}

/// A PKCS#12 container among all inputs.
#[derive(Debug)]
pub struct StoreFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// Where it stands in the input.
    pub offset: u64,
    /// What is known of it as a whole.
    pub store: &'a Pkcs12Facts,
    /// Certificates that were read in it.
    pub certificates: usize,
    /// Private keys that stand in it, opened or not.
    pub keys: usize,
}

/// A certificate revocation list among all inputs.
#[derive(Debug)]
pub struct RevocationListFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// Where it stands in the input.
    pub offset: u64,
    /// The list.
    pub list: &'a RevocationList,
}

/// A capture among all inputs.
#[derive(Debug)]
pub struct CaptureFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// What it shows.
    pub content: &'a CaptureContent,
    /// The inputs that the files in it are, by the number that a transfer names.
    pub files: BTreeMap<u32, u32>,
}

/// A text among all inputs.
#[derive(Debug)]
pub struct TextFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// What its lines say.
    pub text: &'a Text,
    /// The inputs that were carried in it, with the line that each begins in.
    pub files: Vec<(Option<u64>, u32)>,
}

/// A trust list among all inputs.
#[derive(Debug)]
pub struct ListFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// What the user named it as.
    pub role: InputRole,
    /// The list.
    pub list: &'a TrustList,
    /// Its own signature, with certificates of other inputs taken into account.
    pub outcome: Outcome,
    /// The input it stands in.
    pub artifact: &'a Artifact,
    /// The listing that it was read from, when the file itself is not there.
    pub listing: Option<&'a Listing>,
}

/// A signed file among all inputs.
#[derive(Debug)]
pub struct SignedFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// The file.
    pub file: &'a SignedFile,
    /// Whether and by whom its signature holds.
    pub verdict: sgn_verify::Verdict,
    /// What became of an encrypted body; `None` when there is none, or no key was given.
    pub decrypted: Option<Result<Decrypted, DecryptFailure>>,
    /// The input it stands in.
    pub artifact: &'a Artifact,
}

/// A configuration in clear.
#[derive(Clone, Debug)]
pub struct ConfigurationFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// The configuration.
    pub configuration: std::borrow::Cow<'a, Configuration>,
    /// Index in `signed_files` of the file that carries it.
    pub signed_file: Option<usize>,
    /// It was encrypted for one phone.
    pub was_encrypted: bool,
    /// Where it starts in the input; where the encrypted body starts, for one that was decrypted.
    pub offset: u64,
}

/// A distinct certificate.
#[derive(Debug)]
pub struct CertificateFacts<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// Every place, in input order.
    pub seen_in: Vec<SeenIn>,
    /// It was named as a trust anchor.
    pub is_anchor: bool,
}

/// What a scope ([`crate::session::scope`]) joins beyond lists, signed files and configurations.
#[derive(Debug)]
pub struct Joins {
    /// Takes listings for the lists that they show.
    listings: Option<Join>,
    /// Opens the bodies of encrypted files.
    bodies: Option<Join>,
    /// Judges certificates, and puts together what logs tell.
    rest: Option<Join>,
}

type Join = for<'a> fn(&mut Facts<'a>);

impl Joins {
    /// All.
    pub const WHOLE: Self = Self {
        listings: Some(|facts| facts.collect_listings()),
        bodies: Some(|facts| facts.open_bodies()),
        rest: Some(|facts| facts.join_rest()),
    };

    /// Nothing beyond them.
    pub const LISTS: Self = Self { listings: None, bodies: None, rest: None };
}

impl<'a> Facts<'a> {
    /// Joins all inputs, as far as `joins` go.
    pub fn join(
        artifacts: impl Iterator<Item = &'a Artifact>,
        context: &'a Context,
        now: UnixTime,
        joins: &Joins,
    ) -> Self {
        let mut facts = Facts {
            now,
            context,
            inputs: Vec::new(),
            inside: Vec::new(),
            archives: Vec::new(),
            bundles: Vec::new(),
            captures: Vec::new(),
            texts: Vec::new(),
            trust_lists: Vec::new(),
            signed_files: Vec::new(),
            configurations: Vec::new(),
            certificates: BTreeMap::new(),
            requests: Vec::new(),
            private_keys: Vec::new(),
            revocation_lists: Vec::new(),
            stores: Vec::new(),
            origins: Origins::default(),
            expressway: Logs::default(),
            expressways: Vec::new(),
            by_sha1: BTreeMap::new(),
            listed_files: Vec::new(),
        };
        for artifact in artifacts {
            facts.add_input(artifact, None);
        }
        facts.bundles = bundles::bundles(&facts.inputs, &facts.inside);
        facts.collect_certificates();
        facts.collect_beside_certificates();
        facts.collect_lists();
        if let Some(listings) = joins.listings {
            listings(&mut facts);
        }
        facts.join_hashes();
        facts.collect_signed_files();
        if let Some(bodies) = joins.bodies {
            bodies(&mut facts);
        }
        facts.collect_configurations();
        if let Some(rest) = joins.rest {
            rest(&mut facts);
        }
        facts
    }

    /// Judges certificates, and puts together what logs tell.
    fn join_rest(&mut self) {
        self.origins = Origins::judge(self);
        self.expressway = Logs::of(&self.texts);
        self.expressways =
            expressway_settings::nodes(&self.texts, |input| self.name(input).to_owned());
    }

    /// Lists named as the phone's.
    pub fn phone_lists(&self) -> impl Iterator<Item = &ListFacts<'a>> {
        self.trust_lists.iter().filter(|list| list.role == InputRole::Phone)
    }

    /// Lists that are not named as the phone's: on the server, or simply dropped.
    pub fn server_lists(&self) -> impl Iterator<Item = &ListFacts<'a>> {
        self.trust_lists.iter().filter(|list| list.role != InputRole::Phone)
    }

    /// Lists that may vouch for the signer of a file: the phone's when any is named as such, else all
    /// whose own signature holds. What the phone holds it believes, so its lists need only be whole.
    pub fn vouching_lists(&self) -> impl Iterator<Item = &ListFacts<'a>> {
        let phone = self.phone_lists().next().is_some();
        self.trust_lists.iter().filter(move |facts| {
            if phone {
                facts.role == InputRole::Phone && !facts.list.is_damaged()
            } else {
                facts.is_verified()
            }
        })
    }

    /// Listings of trust lists that are among the inputs, each with the file.
    pub fn listed_files(&self) -> Vec<(ListingFacts<'a>, &ListFacts<'a>)> {
        let pair = |(listing, input): &(ListingFacts<'a>, u32)| {
            Some((*listing, self.trust_lists.iter().find(|list| list.input == *input)?))
        };
        self.listed_files.iter().filter_map(pair).collect()
    }

    /// Lists of one type.
    pub fn lists_of(&self, kind: TrustListType) -> impl Iterator<Item = &ListFacts<'a>> {
        self.trust_lists.iter().filter(move |list| list.list.kind == kind)
    }

    /// The certificate that a record stands for: its own, or one of the inputs by its hash.
    pub fn certificate_of<'r>(&self, record: &'r Record) -> Option<&'r Certificate>
    where
        'a: 'r,
    {
        if let Some(certificate) = &record.certificate {
            return Some(certificate);
        }
        self.by_hash(record.cert_hash.as_deref()?).map(|facts| facts.certificate)
    }

    /// The certificate with this SHA-1 or SHA-256 hash.
    pub fn by_hash(&self, hash: &[u8]) -> Option<&CertificateFacts<'a>> {
        match <[u8; 32]>::try_from(hash) {
            Ok(sha256) => self.certificates.get(&sha256),
            Err(_) => {
                let sha1 = <[u8; 20]>::try_from(hash).ok()?;
                self.certificates.get(self.by_sha1.get(&sha1)?)
            }
        }
    }

    /// Evidence that points at a record of the list in input `list`.
    pub fn record_evidence(&self, list: u32, record: u32) -> Evidence {
        match self.record_in(list, record) {
            Some((facts, entry)) => facts.record_evidence(entry),
            None => Evidence { input: list, record: Some(record), ..Evidence::default() },
        }
    }

    /// FUNCTION of a record of the list in input `list`, in the words of `show itl`.
    pub fn role_of(&self, list: u32, record: u32) -> String {
        self.record_in(list, record).map(|(_, entry)| entry.function()).unwrap_or_default()
    }

    /// A record by its number. A text may hold several listings; then it is the first with such a record.
    fn record_in(&self, input: u32, number: u32) -> Option<(&ListFacts<'a>, &'a Record)> {
        let lists = self.trust_lists.iter().filter(|facts| facts.input == input);
        lists
            .filter_map(|facts| {
                let index = (number as usize).checked_sub(1)?;
                Some((facts, facts.list.records.get(index)?))
            })
            .next()
    }

    /// The trust list in input `input`.
    pub fn list_in(&self, input: u32) -> Option<&ListFacts<'a>> {
        // Trust lists stand in input order.
        let index = self.trust_lists.binary_search_by_key(&input, |facts| facts.input).ok()?;
        self.trust_lists.get(index)
    }

    /// The device that a configuration is for: by its XML, the header that signs it, or the input's name.
    pub fn device_of(&self, facts: &ConfigurationFacts<'_>) -> Option<String> {
        let header = facts
            .signed_file
            .and_then(|index| self.signed_files.get(index))
            .and_then(|signed| device_of_file(signed.file.filename()));
        facts
            .configuration
            .device
            .clone()
            .or(header)
            .or_else(|| device_of_file(self.name(facts.input)))
            .map(|device| device.to_ascii_uppercase())
    }

    /// What the user named an input as.
    pub fn role(&self, input: u32) -> InputRole {
        self.inputs.get(input as usize).map(|artifact| artifact.role).unwrap_or_default()
    }

    /// What stands under a password that the user must give for anything to be judged: PKCS#12 with all that is in
    /// it, and keys that were handed over as such. Where it stands, and how it is protected; once for each place.
    pub fn locks(&self) -> Vec<(Evidence, &'a Protection)> {
        let stores = self.stores.iter().map(|store| (store.evidence(), &store.store.protection));
        let keys = self.private_keys.iter().filter(|key| {
            let in_store =
                |store: &StoreFacts<'_>| (store.input, store.offset) == (key.input, key.offset);
            self.role(key.input) == InputRole::Key || self.stores.iter().any(in_store)
        });
        let keys = keys.map(|key| (key.evidence(), &key.key.protection));
        let mut locks: Vec<_> = stores.chain(keys).collect();
        // The store first where both are locked: its reason covers what is in it.
        order::sort_by_key(&mut locks, |(evidence, _)| (evidence.input, evidence.offset));
        locks.dedup_by(|next, before| {
            next.0 == before.0 && (next.1 == before.1 || before.1.is_locked())
        });
        locks
    }

    /// Where captures show that an input was fetched: the packets with the requests.
    pub fn fetched_at(&self, input: u32) -> Vec<Evidence> {
        let Some(capture) = self.inside.get(input as usize).copied().flatten() else {
            return Vec::new();
        };
        let of_input = |one: &&CaptureFacts<'_>| one.input == capture;
        let Some(capture) = self.captures.iter().find(of_input) else { return Vec::new() };
        let carried =
            |file: Option<u32>| file.is_some_and(|file| capture.files.get(&file) == Some(&input));
        let transfers = capture.content.capture.transfers.iter();
        transfers
            .filter(|seen| carried(seen.file))
            .map(|seen| Evidence {
                input: capture.input,
                frame: Some(seen.transfer.begins.frame),
                ..Evidence::default()
            })
            .collect()
    }

    /// A line of a log, where it says something.
    pub fn line(&self, input: u32, line: u64) -> Option<String> {
        // Texts stand in input order, events in the order of their lines.
        let text = self.texts.binary_search_by_key(&input, |facts| facts.input).ok()?;
        let events = &self.texts.get(text)?.text.events;
        let index = events.binary_search_by_key(&line, |event| event.line).ok()?;
        events.get(index).map(|event| event.text.as_ref().to_owned())
    }

    /// A certificate was given as a file, also in an archive: not only in a trust list, a capture, or a dump in a log.
    pub fn is_dropped(&self, certificate: &CertificateFacts<'_>) -> bool {
        let in_log = |input: u32| {
            let parent = self.inside.get(input as usize).copied().flatten();
            parent.is_some_and(|parent| {
                self.texts.binary_search_by_key(&parent, |text| text.input).is_ok()
            })
        };
        certificate
            .seen_in
            .iter()
            .any(|place| place.record.is_none() && place.frame.is_none() && !in_log(place.input))
    }

    /// The archive that an input is a member of.
    pub fn archive_of(&self, input: u32) -> Option<u32> {
        let parent = self.inside.get(input as usize).copied().flatten()?;
        self.archives.binary_search_by_key(&parent, |(archive, _)| *archive).ok().map(|_| parent)
    }

    /// Name of an input, for texts.
    pub fn name(&self, input: u32) -> &str {
        self.inputs.get(input as usize).map_or("", |artifact| artifact.name.as_str())
    }

    /// Numbers an input, then those inside it.
    fn add_input(&mut self, artifact: &'a Artifact, inside: Option<u32>) {
        let input = number(self.inputs.len());
        self.inputs.push(artifact);
        self.inside.push(inside);
        let mut files = BTreeMap::new();
        if let Content::Archive(content) = &artifact.content {
            self.archives.push((input, content));
            for (_, member) in &content.files {
                self.add_input(member, Some(input));
            }
        } else if let Content::Capture(content) = &artifact.content {
            for (file, carried) in &content.files {
                files.insert(*file, number(self.inputs.len()));
                self.add_input(carried, Some(input));
            }
            self.captures.push(CaptureFacts { input, content, files });
        } else if let Content::Text(content) = &artifact.content {
            let mut files = Vec::new();
            for (line, carried) in &content.files {
                files.push((*line, number(self.inputs.len())));
                self.add_input(carried, Some(input));
            }
            self.texts.push(TextFacts { input, text: &content.text, files });
        }
    }

    fn collect_certificates(&mut self) {
        for (index, artifact) in self.inputs.clone().into_iter().enumerate() {
            let input = number(index);
            match &artifact.content {
                Content::Certificates(container) | Content::Key { container, .. } => {
                    for item in &container.items {
                        if let Item::Certificate(certificate) = &item.content {
                            let place = SeenIn {
                                input,
                                record: None,
                                frame: None,
                                offset: Some(item.offset),
                                line: None,
                                by_hash: false,
                            };
                            self.add(certificate, place, artifact.role == InputRole::Trust);
                        }
                    }
                }
                Content::Capture(content) => {
                    for (sha256, certificate) in &content.certificates {
                        let seen = content.capture.certificates.get(sha256);
                        for sighting in seen.into_iter().flat_map(|seen| &seen.seen) {
                            let place = SeenIn {
                                input,
                                record: None,
                                frame: Some(sighting.at.frame),
                                offset: None,
                                line: None,
                                by_hash: false,
                            };
                            self.add(certificate, place, false);
                        }
                    }
                }
                Content::TrustList { list, .. } => {
                    for record in &list.records {
                        if let Some(certificate) = &record.certificate {
                            let place = SeenIn {
                                input,
                                record: Some(record.number),
                                frame: None,
                                offset: Some(record.offset),
                                line: None,
                                by_hash: false,
                            };
                            self.add(certificate, place, false);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Requests, keys and revocation lists, each with the certificates of its public key.
    fn collect_beside_certificates(&mut self) {
        let mut by_key: BTreeMap<Vec<u8>, Vec<[u8; 32]>> = BTreeMap::new();
        for (digest, facts) in &self.certificates {
            if let Some(identity) = facts.certificate.public_key.identity() {
                push_capped(by_key.entry(identity).or_default(), *digest);
            }
        }
        let certificates = |identity: &Option<Vec<u8>>| {
            identity.as_ref().and_then(|key| by_key.get(key)).cloned().unwrap_or_default()
        };
        let mut keys = Vec::new();
        let mut requests: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        for (index, artifact) in self.inputs.iter().enumerate() {
            let input = number(index);
            let (Content::Certificates(container) | Content::Key { container, .. }) =
                &artifact.content
            else {
                continue;
            };
            for item in &container.items {
                let offset = item.offset;
                match &item.content {
                    Item::CertificateRequest(request) => {
                        let identity = request.public_key().identity();
                        let certificates = certificates(&identity);
                        if let Some(identity) = identity {
                            push_capped(requests.entry(identity).or_default(), self.requests.len());
                        }
                        self.requests.push(RequestFacts { input, offset, request, certificates });
                    }
                    Item::PrivateKey(key) => keys.push((input, offset, key)),
                    Item::RevocationList(list) => {
                        self.revocation_lists.push(RevocationListFacts { input, offset, list });
                    }
                    Item::Pkcs12(store) => {
                        let empty = StoreFacts { input, offset, store, certificates: 0, keys: 0 };
                        self.stores.push(empty);
                    }
                    _ => {}
                }
                // What a store holds follows it, at the same place.
                let in_store = self.stores.last_mut();
                if let Some(store) = in_store
                    && (store.input, store.offset) == (input, offset)
                {
                    match &item.content {
                        Item::Certificate(_) => store.certificates += 1,
                        Item::PrivateKey(_) => store.keys += 1,
                        _ => {}
                    }
                }
            }
        }
        for (input, offset, key) in keys {
            let identity = key.public_key.as_ref().and_then(PublicKey::identity);
            let requests =
                identity.as_ref().and_then(|key| requests.get(key)).cloned().unwrap_or_default();
            let certificates = certificates(&identity);
            self.private_keys.push(KeyFacts { input, offset, key, certificates, requests });
        }
    }

    fn add(&mut self, certificate: &'a Certificate, place: SeenIn, is_anchor: bool) {
        let entry = self.certificates.entry(certificate.digests.sha256).or_insert_with(|| {
            CertificateFacts { certificate, seen_in: Vec::new(), is_anchor: false }
        });
        entry.seen_in.push(place);
        entry.is_anchor |= is_anchor;
        self.by_sha1.insert(certificate.digests.sha1, certificate.digests.sha256);
    }

    fn collect_lists(&mut self) {
        for (index, artifact) in self.inputs.iter().enumerate() {
            let Content::TrustList { list, outcome } = &artifact.content else { continue };
            let outcome = match outcome {
                Outcome::Unverifiable(Missing::SignerCertificate { .. }) => {
                    verify::verify_with(list, |record| {
                        let hash = record.cert_hash.as_deref()?;
                        self.by_hash(hash).map(|facts| facts.certificate)
                    })
                }
                other => other.clone(),
            };
            self.trust_lists.push(ListFacts {
                input: number(index),
                role: artifact.role,
                list,
                outcome,
                artifact,
                listing: None,
            });
        }
    }

    /// Listings that show all records, of files that are not among the inputs; one of several of the same file.
    fn collect_listings(&mut self) {
        let whole: Vec<_> = self
            .listings()
            .filter(|found| found.listing.can_be_judged())
            .take(limits::LISTINGS_JUDGED)
            .collect();
        for found in whole {
            let Some(artifact) = self.inputs.get(found.input as usize).copied() else { continue };
            let list = ListFacts {
                input: found.input,
                role: found.role,
                list: &found.listing.list,
                outcome: Outcome::Unverifiable(Missing::File),
                artifact,
                listing: Some(found.listing),
            };
            let same_side = |other: &&ListFacts<'_>| {
                (other.role == InputRole::Phone) == (list.role == InputRole::Phone)
            };
            let same = self.trust_lists.iter().filter(|other| list.is_same_file(other));
            let files = same.clone().filter(|other| other.listing.is_none());
            self.listed_files.extend(files.map(|file| (found, file.input)).take(1));
            if same.clone().find(same_side).is_none() {
                self.trust_lists.push(list);
            }
        }
        order::sort_by_key(&mut self.trust_lists, |list| list.input);
    }

    /// Adds the places that name a certificate by hash only.
    fn join_hashes(&mut self) {
        let mut by_hash: BTreeMap<Vec<u8>, Vec<SeenIn>> = BTreeMap::new();
        for facts in &self.trust_lists {
            for record in &facts.list.records {
                if let (None, Some(hash)) = (&record.certificate, &record.cert_hash) {
                    let place = facts.record_evidence(record);
                    by_hash.entry(hash.clone()).or_default().push(SeenIn {
                        input: place.input,
                        record: place.record,
                        frame: None,
                        offset: place.offset,
                        line: place.line,
                        by_hash: true,
                    });
                }
            }
        }
        for facts in self.certificates.values_mut() {
            let digests = &facts.certificate.digests;
            for hash in [digests.sha1.as_slice(), digests.sha256.as_slice()] {
                if let Some(places) = by_hash.get(hash) {
                    facts.seen_in.extend(places.iter().cloned());
                }
            }
            order::sort_by(&mut facts.seen_in, Ord::cmp);
        }
    }

    fn collect_signed_files(&mut self) {
        let by_serial = self.candidates();
        for (index, artifact) in self.inputs.iter().enumerate() {
            let Content::SignedFile(file) = &artifact.content else { continue };
            let serial = file.header.signer_serial.as_deref().unwrap_or_default();
            let mut reversed = serial.to_vec();
            reversed.reverse();
            let candidates = [key_of(serial), key_of(&reversed)]
                .into_iter()
                .filter_map(|key| by_serial.get(&key))
                .flatten()
                .map(|(_, candidate)| *candidate);
            let verdict = sgn_verify::verify(file, candidates);
            self.signed_files.push(SignedFacts {
                input: number(index),
                file,
                verdict,
                decrypted: None,
                artifact,
            });
        }
    }

    /// Tries the keys that were handed over on encrypted bodies.
    fn open_bodies(&mut self) {
        let keys = self.inputs.iter().filter_map(|artifact| match &artifact.content {
            Content::Key { secret, .. } => PrivateKey::parse(secret.expose()).ok(),
            _ => None,
        });
        let keys: Vec<PrivateKey> = keys.collect();
        let encrypted = |facts: &&mut SignedFacts<'_>| facts.file.header.encryption.is_some();
        for facts in self.signed_files.iter_mut().filter(encrypted) {
            for key in &keys {
                let result = decrypt::decrypt(facts.file, key);
                let done = result.is_ok();
                if facts.decrypted.is_none() || done {
                    facts.decrypted = Some(result);
                }
                if done {
                    break;
                }
            }
        }
    }

    /// What may name the signer of a file, by serial: records with their role, and certificates. The same certificate
    /// stands once for each role, however many lists name it.
    fn candidates(&self) -> Candidates<'a> {
        let mut by_serial = Candidates::new();
        let mut add = |serial: &[u8], same: Same, candidate: Candidate<'a>| {
            let entry = by_serial.entry(key_of(serial)).or_default();
            if entry.len() < limits::SIGNER_CANDIDATES
                && !entry.iter().any(|(other, _)| *other == same)
            {
                entry.push((same, candidate));
            }
        };
        for facts in self.vouching_lists() {
            for record in &facts.list.records {
                if let Some(serial) = &record.serial {
                    let same = (record.certificate_sha1(), record.role);
                    add(serial, same, Candidate::Record { list: facts.input, record });
                }
            }
        }
        for facts in self.certificates.values() {
            let certificate = facts.certificate;
            let candidate = if facts.is_anchor {
                Candidate::Trusted(certificate)
            } else {
                Candidate::Observed(certificate)
            };
            add(&certificate.serial, (Some(certificate.digests.sha1), None), candidate);
        }
        by_serial
    }

    fn collect_configurations(&mut self) {
        use std::borrow::Cow;
        for (index, artifact) in self.inputs.iter().enumerate() {
            if let Content::Configuration(Ok(configuration)) = &artifact.content {
                self.configurations.push(ConfigurationFacts {
                    input: number(index),
                    configuration: Cow::Borrowed(configuration),
                    signed_file: None,
                    was_encrypted: false,
                    offset: 0,
                });
            }
        }
        for (index, facts) in self.signed_files.iter().enumerate() {
            if let Some(configuration) = &facts.file.configuration {
                self.configurations.push(ConfigurationFacts {
                    input: facts.input,
                    configuration: Cow::Borrowed(configuration),
                    signed_file: Some(index),
                    was_encrypted: false,
                    offset: facts.file.body_offset,
                });
            }
            if let Some(Ok(decrypted)) = &facts.decrypted
                && let Ok(configuration) = &decrypted.configuration
            {
                self.configurations.push(ConfigurationFacts {
                    input: facts.input,
                    configuration: Cow::Owned(configuration.clone()),
                    signed_file: Some(index),
                    was_encrypted: true,
                    offset: facts.file.body_offset,
                });
            }
        }
        order::sort_by_key(&mut self.configurations, |facts| facts.input);
    }
}

impl CertificateFacts<'_> {
    /// It was given as a file, not only inside a trust list.
    pub fn is_given(&self) -> bool {
        self.seen_in.iter().any(|place| place.record.is_none() && place.frame.is_none())
    }

    /// Evidence that points at every place.
    pub fn evidence(&self) -> Vec<Evidence> {
        self.seen_in
            .iter()
            .map(|place| Evidence {
                input: place.input,
                frame: place.frame,
                offset: place.offset,
                record: place.record,
                ..Evidence::default()
            })
            .collect()
    }

    /// The first common name, else the whole subject.
    pub fn label(&self) -> String {
        let subject = &self.certificate.subject;
        match subject.common_names().next() {
            Some(name) => name.to_owned(),
            None => subject.to_string(),
        }
    }

    /// Issues phone certificates: its common name is that of a CAPF (`CAPF-9c4cba7d`), and it signs for itself or is a CA.
    pub fn is_capf(&self) -> bool {
        let certificate = self.certificate;
        let named = certificate.subject.common_names().any(|name| name.starts_with("CAPF-"));
        named && (certificate.self_issued() || certificate.ca)
    }

    /// Was issued to a phone by a CAPF: the issuer's common name is that of a CAPF, and it is not that CAPF.
    pub fn is_lsc(&self) -> bool {
        is_lsc(self.certificate)
    }
}

impl KeyFacts<'_> {
    /// Evidence that points at the key.
    pub fn evidence(&self) -> Evidence {
        Evidence { input: self.input, offset: Some(self.offset), ..Evidence::default() }
    }
}

impl RequestFacts<'_> {
    /// Evidence that points at the request.
    pub fn evidence(&self) -> Evidence {
        Evidence { input: self.input, offset: Some(self.offset), ..Evidence::default() }
    }
}

impl StoreFacts<'_> {
    /// Evidence that points at the container.
    pub fn evidence(&self) -> Evidence {
        Evidence { input: self.input, offset: Some(self.offset), ..Evidence::default() }
    }
}

impl SignedFacts<'_> {
    /// SIGNERNAME, or an empty text.
    pub fn signer_name(&self) -> &str {
        self.file.header.signer_name.as_ref().map_or("", |text| text.text.as_str())
    }

    /// SERIALNUMBER of the signer, lower-case hex.
    pub fn signer_serial(&self) -> String {
        self.file.header.signer_serial.as_deref().map(serial_hex).unwrap_or_default()
    }

    /// Offset of the header element with `tag`.
    pub fn offset_of(&self, tag: u8) -> Option<u64> {
        self.file.header.elements.iter().find(|place| place.tag == tag).map(|place| place.offset)
    }

    /// Offset of SIGNERID.
    pub fn signer_offset(&self) -> Option<u64> {
        self.offset_of(tag::SIGNER_ID)
    }
}

impl ListFacts<'_> {
    /// The list's own signature holds.
    pub fn is_verified(&self) -> bool {
        matches!(self.outcome, Outcome::Verified(_))
    }

    /// Evidence that points at the whole list.
    pub fn evidence(&self) -> Evidence {
        match self.listing {
            Some(listing) => self.line(listing.line),
            None => Evidence { input: self.input, offset: Some(0), ..Evidence::default() },
        }
    }

    /// Evidence that points at a record.
    pub fn record_evidence(&self, record: &Record) -> Evidence {
        let place = match self.rows(record) {
            Some(rows) => self.line(rows.line),
            None => {
                Evidence { input: self.input, offset: Some(record.offset), ..Evidence::default() }
            }
        };
        Evidence { record: Some(record.number), ..place }
    }

    /// Evidence that points at an element of a record.
    pub fn element_evidence(&self, record: &Record, tag: u8) -> Evidence {
        let place = self.record_evidence(record);
        match self.rows(record).map(|rows| rows.row(tag)) {
            Some(Some(row)) => Evidence { line: Some(row.line), ..place },
            Some(None) => place,
            None => Evidence { offset: Some(record.offset_of(tag)), ..place },
        }
    }

    /// The rows of a record in the listing, where it is one.
    fn rows(&self, record: &Record) -> Option<&RecordRows> {
        self.listing?.records.iter().find(|rows| rows.number == record.number)
    }

    fn line(&self, line: u64) -> Evidence {
        Evidence { input: self.input, line: Some(line), ..Evidence::default() }
    }

    /// `ITL` or `CTL`.
    pub fn kind_name(&self) -> &'static str {
        match self.list.kind {
            TrustListType::Ctl => "CTL",
            TrustListType::Itl => "ITL",
        }
    }
}

/// What makes two candidates the same: the certificate, and the role that a record gives it.
type Same = (Option<[u8; 20]>, Option<Role>);

/// Candidates by serial.
type Candidates<'a> = BTreeMap<Vec<u8>, Vec<(Same, Candidate<'a>)>>;

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn push_capped<T>(matches: &mut Vec<T>, found: T) {
    if matches.len() < limits::KEY_MATCHES {
        matches.push(found);
    }
}

fn key_of(serial: &[u8]) -> Vec<u8> {
    let start = serial.iter().position(|byte| *byte != 0).unwrap_or(serial.len());
    serial.get(start..).unwrap_or_default().to_vec()
}
