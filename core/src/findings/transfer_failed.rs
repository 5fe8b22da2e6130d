//! A file that a phone asked for and did not get: refused, or not to its end (A31 to A33).

use core::net::{IpAddr, SocketAddr};
use std::collections::{BTreeMap, BTreeSet};

use crate::capture::EndedBy;
use crate::evidence::facts::CaptureFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::{PhoneFile, base_name, phone_file};
use crate::names::mra_path::MraPath;
use crate::phone::boot::is_unanswered;
use crate::phone::derived::Derived;
use crate::proto::transfer::{Protocol, TransferStatus};
use crate::report::model::{Evidence, Severity};
use crate::time::UnixTime;
use crate::traffic::{Flow, TransferSeen};

pub(super) const CHECK: Check = Check {
    code: "transfer_failed",
    severity: Severity::Warning,
    refs: &["A31", "A32", "A33"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let seen = |capture: &CaptureFacts<'_>| !capture.content.capture.transfers.is_empty();
    if !facts.captures.iter().any(seen) {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for capture in &facts.captures {
        let delivered = Delivered::of(capture);
        let running = Running::of(capture);
        for seen in &capture.content.capture.transfers {
            found.extend(failed(capture, &delivered, &running, seen));
        }
    }
    Outcome::of(found)
}

fn failed(
    capture: &CaptureFacts<'_>,
    delivered: &Delivered<'_>,
    running: &Running,
    seen: &TransferSeen,
) -> Option<Found> {
    let one = &seen.transfer;
    let (case, error) = match &one.status {
        TransferStatus::Complete => return None,
        TransferStatus::Incomplete if running.is_running(seen) => ("running", String::new()),
        TransferStatus::Incomplete if is_unanswered(seen) => ("unanswered", String::new()),
        TransferStatus::Incomplete => ("incomplete", String::new()),
        // A redirection or an unchanged file is an answer (D24).
        TransferStatus::Error { code: 300..=399, .. } => return None,
        TransferStatus::Error { code, message } => ("error", format!("{code} {message}")),
    };
    let name = if one.name.is_empty() { "a file" } else { one.name.as_str() };
    let mra = MraPath::read(name);
    let kind = if mra.is_some() { "mra" } else { kind(name) };
    let later = delivered.instead(seen);
    let host = one.server.map(|server| server.ip().to_string());
    let address = |place: Option<SocketAddr>| {
        place.map_or_else(|| "an unknown address".to_owned(), |place| place.to_string())
    };
    let arguments = Arguments::new()
        .text("name", name)
        .text("base", base_name(name))
        .text("client", address(one.client))
        .text("server", address(one.server))
        .text("server-host", host.unwrap_or_default())
        .text("protocol", if one.protocol == Protocol::Tftp { "tftp" } else { "http" })
        .number("frame", one.begins.frame)
        .text("case", case)
        .text("error", error.trim())
        .number("bytes", one.bytes)
        .text(
            "announced",
            one.announced.map_or_else(|| "unknown".to_owned(), |all| all.to_string()),
        )
        .text("kind", kind)
        .text("scheme", scheme(one.server))
        .text(
            "origin",
            mra.map(|path| format!("{}:{}", path.address, path.port)).unwrap_or_default(),
        )
        .text("superseded", if later.is_some() { "yes" } else { "no" })
        .text("instead", later.map_or("none", |(name, _)| name))
        .number("instead-frame", later.map_or(0, |(_, frame)| frame));
    // Without a CTL a cluster is not in mixed mode: nothing is wrong with that (A31). Tones, backgrounds and the like are
    // often missing, and phones go on without them. What Expressway answers for another server is a consequence.
    let expected = kind == "ctl" && case == "error"
        || matches!(kind, "other" | "mra")
        || later.is_some()
        || case == "running";
    let severity = if expected { Severity::Info } else { Severity::Warning };
    let frames = [Some(one.begins.frame), Some(one.ends.frame), later.map(|(_, frame)| frame)];
    let mut evidence: Vec<Evidence> = frames
        .into_iter()
        .flatten()
        .map(|frame| Evidence { input: capture.input, frame: Some(frame), ..Evidence::default() })
        .collect();
    evidence.dedup();
    Some(Found::at_all(severity, evidence, arguments))
}

/// What was still under way when the capture ended: nothing says that it failed.
pub(super) struct Running {
    /// HTTP connections whose end is not in the capture, and of which nothing is missing.
    open: BTreeSet<u64>,
    /// The last packet of the capture.
    last: Option<UnixTime>,
}

impl Running {
    pub(super) fn of(capture: &CaptureFacts<'_>) -> Self {
        let seen = &capture.content.capture;
        let open = |flow: &&Flow| flow.ended_by == EndedBy::None && flow.gaps == 0;
        Self {
            open: seen.flows.iter().filter(open).map(|flow| flow.id).collect(),
            last: seen.last.map(|last| last.unix()),
        }
    }

    pub(super) fn is_running(&self, seen: &TransferSeen) -> bool {
        /// Seconds after which a TFTP client asks again.
        const PATIENCE: i64 = 2;
        let one = &seen.transfer;
        if one.status != TransferStatus::Incomplete {
            return false;
        }
        match seen.flow {
            Some(flow) => self.open.contains(&flow),
            None => self.last.is_some_and(|last| last.0.saturating_sub(one.ends.time.0) < PATIENCE),
        }
    }
}

/// What clients got, by address and by what the file is to them: a phone that is refused one name, or one protocol, asks
/// for the next (A32).
struct Delivered<'c>(BTreeMap<(IpAddr, String), Vec<(u64, &'c str)>>);

impl<'c> Delivered<'c> {
    fn of(capture: &'c CaptureFacts<'_>) -> Self {
        let transfers = &capture.content.capture.transfers;
        let is_whole = |seen: &TransferSeen| seen.transfer.status == TransferStatus::Complete;
        let ip = |seen: &TransferSeen| seen.transfer.client.map(|client| client.ip());
        // Only who missed a file is looked up.
        let missed: BTreeSet<IpAddr> =
            transfers.iter().filter(|seen| !is_whole(seen)).filter_map(ip).collect();
        let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for seen in transfers.iter().filter(|seen| is_whole(seen)) {
            let one = &seen.transfer;
            let Some(client) = one.client.filter(|client| missed.contains(&client.ip())) else {
                continue;
            };
            let key = (client.ip(), purpose(&one.name));
            all.entry(key).or_default().push((one.begins.frame, one.name.as_str()));
        }
        for frames in all.values_mut() {
            frames.sort_unstable();
        }
        Self(all)
    }

    /// Name and frame of the first later delivery of the same.
    fn instead(&self, seen: &TransferSeen) -> Option<(&'c str, u64)> {
        let one = &seen.transfer;
        let all = self.0.get(&(one.client?.ip(), purpose(&one.name)))?;
        let next = all.partition_point(|(frame, _)| *frame <= one.begins.frame);
        all.get(next).map(|(frame, name)| (*name, *frame))
    }
}

/// How a URL at this server begins.
fn scheme(server: Option<SocketAddr>) -> &'static str {
    match server.map(|server| server.port()) {
        Some(443 | 6971 | 6972 | 8443) => "https",
        _ => "http",
    }
}

/// What a file is for: any CTL, any ITL, else its own name without signature and folder.
fn purpose(name: &str) -> String {
    match phone_file(name) {
        PhoneFile::Ctl => "ctl".to_owned(),
        PhoneFile::Itl => "itl".to_owned(),
        PhoneFile::Configuration | PhoneFile::Other => {
            let base = base_name(name).to_ascii_lowercase();
            base.strip_suffix(".sgn").map_or(base.clone(), str::to_owned)
        }
    }
}

/// What a file is to a phone, by its name.
fn kind(name: &str) -> &'static str {
    match phone_file(name) {
        PhoneFile::Ctl => "ctl",
        PhoneFile::Itl => "list",
        PhoneFile::Configuration => "configuration",
        PhoneFile::Other if name.to_ascii_lowercase().ends_with(".tlv") => "list",
        PhoneFile::Other => "other",
    }
}
