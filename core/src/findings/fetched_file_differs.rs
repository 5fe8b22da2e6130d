//! A file was given under the name that a phone asked for, and is not what the phone got; or one name gave different
//! files (A34, C36, E42).

use core::net::IpAddr;
use std::collections::BTreeMap;

use crate::bytes::hex;
use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::{PhoneFile, base_name, phone_file};
use crate::phone::derived::Derived;
use crate::proto::transfer::{Operation, TransferStatus};
use crate::report::model::{Evidence, InputKind, InputRole, Severity};

pub(super) const CHECK: Check = Check {
    code: "fetched_file_differs",
    severity: Severity::Warning,
    refs: &["A34", "C36", "E42"],
    evaluate,
};

/// What came over the wire under one name.
struct Fetched<'f> {
    sha256: [u8; 32],
    bytes: u64,
    place: Evidence,
    client: Option<IpAddr>,
    server: Option<IpAddr>,
    name: &'f str,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let fetched = fetched(facts);
    if fetched.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        // The phone's own list is compared with the server's elsewhere.
        let is_file = artifact.role == InputRole::Observed
            && artifact.kind != InputKind::Capture
            && facts.inside.get(input as usize).copied().flatten().is_none();
        let Some(digests) = artifact.digests.as_ref().filter(|_| is_file) else { continue };
        let key = base_name(&artifact.name).to_ascii_lowercase();
        let Some(first) = fetched.get(&key).and_then(|all| {
            // Where the same bytes came too, the file is one of those that the server has.
            let same = all.iter().any(|one| one.sha256 == digests.sha256);
            all.iter().find(|_| !same)
        }) else {
            continue;
        };
        let file = Evidence { input, offset: Some(0), ..Evidence::default() };
        let arguments = first
            .arguments("given")
            .text("file", artifact.name.as_str())
            .number("file-bytes", artifact.length)
            .text("file-sha256", hex(&digests.sha256));
        let evidence = vec![first.place.clone(), file];
        found.push(Found::at_all(first.severity(), evidence, arguments));
    }
    for all in fetched.values() {
        let Some((first, rest)) = all.split_first() else { continue };
        // Firmware and the like have versions; a name of theirs promises no content.
        if phone_file(first.name) == PhoneFile::Other {
            continue;
        }
        for other in rest.iter().filter(|other| other.server != first.server) {
            let arguments = first
                .arguments("servers")
                .text("file", other.server.map(|server| server.to_string()).unwrap_or_default())
                .number("file-bytes", other.bytes)
                .text("file-sha256", hex(&other.sha256));
            let evidence = vec![first.place.clone(), other.place.clone()];
            // Each node may sign for itself, so other bytes need not say anything else.
            found.push(Found::at_all(Severity::Info, evidence, arguments));
        }
    }
    Outcome::of(found)
}

/// Whole files that were read over the wire, by name in lower case; each content once.
fn fetched<'f>(facts: &'f Facts<'_>) -> BTreeMap<String, Vec<Fetched<'f>>> {
    /// Different contents of one name that are compared.
    const MOST: usize = 16;
    let mut all: BTreeMap<String, Vec<Fetched<'f>>> = BTreeMap::new();
    for capture in &facts.captures {
        for seen in &capture.content.capture.transfers {
            let one = &seen.transfer;
            let whole = one.status == TransferStatus::Complete && one.operation == Operation::Read;
            let Some(sha256) = one.sha256.filter(|_| whole && !one.name.is_empty()) else {
                continue;
            };
            let known = all.entry(base_name(&one.name).to_ascii_lowercase()).or_default();
            if known.len() < MOST && !known.iter().any(|other| other.sha256 == sha256) {
                known.push(Fetched {
                    sha256,
                    bytes: one.bytes,
                    place: Evidence {
                        input: capture.input,
                        frame: Some(one.begins.frame),
                        ..Evidence::default()
                    },
                    client: one.client.map(|client| client.ip()),
                    server: one.server.map(|server| server.ip()),
                    name: &one.name,
                });
            }
        }
    }
    all
}

impl Fetched<'_> {
    /// Trust lists and configurations decide what a phone believes; other files do not.
    fn severity(&self) -> Severity {
        match phone_file(self.name) {
            PhoneFile::Ctl | PhoneFile::Itl | PhoneFile::Configuration => Severity::Warning,
            PhoneFile::Other => Severity::Info,
        }
    }

    fn arguments(&self, case: &'static str) -> Arguments {
        let address = |address: Option<IpAddr>| {
            address.map_or_else(|| "an unknown address".to_owned(), |address| address.to_string())
        };
        Arguments::new()
            .text("case", case)
            .text("name", base_name(self.name))
            .text("client", address(self.client))
            .text("server", address(self.server))
            .number("frame", self.place.frame.unwrap_or_default())
            .number("bytes", self.bytes)
            .text("sha256", hex(&self.sha256))
    }
}
