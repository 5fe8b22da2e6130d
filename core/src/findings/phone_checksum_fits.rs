//! The checksum on a phone's Trust List screen is that of the list on the server: the phone holds it, and there is nothing to
//! delete (A66, A68).

use crate::bytes::hex;
use crate::evidence::facts::{Facts, ListFacts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity, TrustListType};
use crate::text::What;
use crate::text::checksum::Checksum;

pub(super) const CHECK: Check = Check {
    code: "phone_checksum_fits",
    severity: Severity::Good,
    refs: &["A66", "A67", "A68"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let screens = screens(facts);
    if screens.is_empty() {
        return Outcome::NotApplicable;
    }
    let tell = |screen: &Screen<'_>| {
        let (name, place) = screen.equal.first()?;
        let arguments = screen.arguments().text("server", name.as_str());
        let evidence = vec![screen.evidence.clone(), place.clone()];
        Some(Found::at_all(Severity::Good, evidence, arguments))
    };
    Outcome::of(screens.iter().filter_map(tell).collect())
}

/// A checksum that a phone shows, beside those of what servers offer.
pub(super) struct Screen<'a> {
    pub(super) shown: &'a Checksum,
    pub(super) evidence: Evidence,
    /// Lists of the same kind on servers, or their sums, that are this file.
    pub(super) equal: Vec<(String, Evidence)>,
    /// Those that are not.
    pub(super) other: Vec<(String, Evidence)>,
}

impl Screen<'_> {
    pub(super) fn arguments(&self) -> Arguments {
        Arguments::new()
            .text("kind", kind(self.shown.kind))
            .text("algorithm", algorithm(&self.shown.sum))
            .text("sum", hex(&self.shown.sum))
    }
}

/// Every checksum of a phone's screen among the inputs.
pub(super) fn screens<'a>(facts: &'a Facts<'_>) -> Vec<Screen<'a>> {
    let all = || {
        facts.texts.iter().flat_map(|text| {
            text.text.events.iter().filter_map(|event| match &event.what {
                What::Checksum(checksum) => Some((
                    checksum,
                    Evidence { input: text.input, line: Some(event.line), ..Evidence::default() },
                )),
                _ => None,
            })
        })
    };
    let mut screens: Vec<Screen<'a>> = Vec::new();
    for (shown, evidence) in all().filter(|(one, _)| one.file.is_none()).take(limits::SERVER_LISTS)
    {
        let mut screen = Screen { shown, evidence, equal: Vec::new(), other: Vec::new() };
        let mut compare = |name: String, place: Evidence, is_equal: bool| {
            let side = if is_equal { &mut screen.equal } else { &mut screen.other };
            side.push((name, place));
        };
        let lists = facts.server_lists().filter(|list| list.list.kind == shown.kind);
        for list in lists.take(limits::SERVER_LISTS) {
            if let Some(sum) = sum_of(list, shown.sum.len()) {
                compare(list.name(), list.evidence(), sum == shown.sum);
            }
        }
        let summed = all().filter(|(one, _)| {
            one.file.is_some() && one.kind == shown.kind && one.sum.len() == shown.sum.len()
        });
        for (one, place) in summed.take(limits::SERVER_LISTS) {
            compare(one.file.clone().unwrap_or_default(), place, one.sum == shown.sum);
        }
        screens.push(screen);
    }
    screens
}

/// The sum of a list with so many bytes, where it is known.
fn sum_of(list: &ListFacts<'_>, bytes: usize) -> Option<Vec<u8>> {
    let (md5, sha1) = list.sums();
    match bytes {
        16 => md5.map(|sum| sum.to_vec()),
        20 => sha1.map(|sum| sum.to_vec()),
        _ if list.listing.is_some() => None,
        _ => list.artifact.digests.as_ref().map(|digests| digests.sha256.to_vec()),
    }
}

fn kind(kind: TrustListType) -> &'static str {
    match kind {
        TrustListType::Ctl => "CTL",
        TrustListType::Itl => "ITL",
    }
}

fn algorithm(sum: &[u8]) -> &'static str {
    match sum.len() {
        16 => "MD5",
        20 => "SHA-1",
        _ => "SHA-256",
    }
}
