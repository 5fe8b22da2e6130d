//! A log of Expressway's traffic server says that the chain of an origin's certificate was not accepted (B33 to B38, B48 to B50).

use crate::evidence::expressway::Refusal;
use crate::evidence::facts::{CertificateFacts, Facts};
use crate::findings::{Check, Found, Outcome, expressway, origins};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::text::traffic_server::Fault;

pub(super) const CHECK: Check = Check {
    code: "origin_refused_chain",
    severity: Severity::Error,
    refs: &[
        "B15",
        "B16",
        "B23",
        "B33",
        "B34",
        "B35",
        "B36",
        "B37",
        "B38",
        "B39",
        "B44",
        "B48",
        "B49",
        "B50",
        "CSCwc69661",
        "CSCwa25108",
    ],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    expressway::each_refusal(facts, |refusal| {
        let (case, error, depth) = match &refusal.fault {
            Some(Fault::Name) => return None,
            Some(Fault::Chain { code, text, depth }) => {
                (case(*code, *depth), text.as_str(), *depth)
            }
            Some(Fault::PublicKey) => ("public-key", "", None),
            Some(Fault::Plugin) => ("plugin", "", None),
            // The filter let a request go nowhere: no origin was asked.
            Some(Fault::Other { reason })
                if ["bad_name", "destination"].contains(&reason.as_str()) =>
            {
                return None;
            }
            Some(Fault::Other { reason }) => ("filter", reason.as_str(), None),
            None => ("unexplained", "", None),
        };
        let fits = |certificate: &CertificateFacts<'_>| match case {
            "self-signed" => certificate.certificate.self_issued(),
            "issuer-unknown" | "issuer-above-unknown" | "root-unknown" => {
                !certificate.certificate.self_issued()
            }
            _ => true,
        };
        let seen = expressway::seen(facts, refusal, fits);
        let arguments = expressway::arguments(facts, refusal, seen.as_ref())
            .text("case", case)
            .text("error", error)
            .text("depth", depth.map_or_else(|| "unknown".to_owned(), |depth| depth.to_string()))
            .text("same-name", origins::yes_or_no(has_namesake(facts, refusal)));
        let evidence = expressway::evidence(refusal, seen.as_ref());
        Some(Found::at_all(expressway::severity(refusal), evidence, arguments))
    })
}

/// The verdict of domain item 2.6: by the error first, then by the depth (0.4).
fn case(code: Option<u32>, depth: Option<u32>) -> &'static str {
    match (code, depth) {
        (Some(18), _) => "self-signed",
        (Some(19), _) => "root-unknown",
        (Some(2 | 20 | 21), None | Some(0)) => "issuer-unknown",
        (Some(2 | 20 | 21), Some(_)) => "issuer-above-unknown",
        (Some(10), None | Some(0)) => "expired",
        (Some(10), Some(_)) => "ca-expired",
        (Some(9), _) => "not-yet-valid",
        (Some(23), _) => "revoked",
        (Some(26), _) => "purpose",
        (Some(24 | 25 | 32 | 37 | 79), _) => "not-a-ca",
        (Some(66..=68), _) => "weak",
        _ => "other",
    }
}

/// Another fault of the same server's: the trust store holds one certificate of a common name only (CSCwa12905).
fn has_namesake(facts: &Facts<'_>, refusal: &Refusal) -> bool {
    let is_self_signed =
        |one: &Refusal| matches!(one.fault, Some(Fault::Chain { code: Some(18), .. }));
    is_self_signed(refusal)
        && facts.expressway.refusals.iter().any(|other| {
            other.name.eq_ignore_ascii_case(&refusal.name)
                && other.port != refusal.port
                && is_self_signed(other)
        })
}
