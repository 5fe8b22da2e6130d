//! Chains of origins and the forecast, as plain data.

use crate::bytes::hex;
use crate::evidence::facts::{CertificateFacts, Facts};
use crate::evidence::origins::{LEVEL, Origin, PROFILE, Sha256, accepted};
use crate::report::model::{
    Chain, ChainCheck, ChainCheckKind, ChainFailure, ChainLink, ChainViews, Forecast, MissingIssuer,
};
use crate::x509::signature::verify_certificate;

/// Every origin with its chain.
pub(super) fn chains(facts: &Facts<'_>) -> Vec<Chain> {
    facts.origins.list.iter().map(|origin| chain(facts, origin)).collect()
}

/// Every address that clients use, with each certificate that may be presented there.
pub(super) fn forecast(facts: &Facts<'_>) -> Vec<Forecast> {
    let rows = facts.origins.requests.iter().map(|request| {
        let origin = request.origin.and_then(|(index, place)| {
            let origin = facts.origins.list.get(index)?;
            Some((origin, origin.names.get(place)?))
        });
        match origin {
            Some((origin, check)) => {
                let named = accepted(check);
                Forecast {
                    address: request.address.clone(),
                    port: request.port,
                    certificate: Some(hex(&origin.sha256)),
                    trusted: origin.trusted(),
                    named: Some(named),
                    log: origin.log_lines(&request.address, named),
                }
            }
            None => Forecast {
                address: request.address.clone(),
                port: request.port,
                certificate: None,
                trusted: None,
                named: None,
                log: Vec::new(),
            },
        }
    });
    rows.collect()
}

fn chain(facts: &Facts<'_>, origin: &Origin) -> Chain {
    let first = origin.failure();
    let all = origin.judgement.as_ref().map(|judgement| judgement.all.as_slice());
    let all = all.unwrap_or_default().iter().map(|failure| ChainFailure {
        code: failure.code,
        depth: failure.depth,
        error: failure.text.to_string(),
    });
    let hexes = |path: &[Sha256]| path.iter().map(|sha256| hex(sha256)).collect();
    Chain {
        certificate: hex(&origin.sha256),
        profile: PROFILE.name().to_owned(),
        level: LEVEL,
        ok: origin.trusted(),
        code: first.map_or(0, |failure| failure.code),
        depth: first.map_or(0, |failure| failure.depth),
        error: first.map_or_else(|| "ok".to_owned(), |failure| failure.text.to_string()),
        all: all.collect(),
        path: links(facts, origin),
        missing: missing(facts, origin),
        views: ChainViews {
            by_names: hexes(&origin.by_names),
            by_key_identifiers: hexes(&origin.by_key_identifiers),
            differ_at: origin
                .parting
                .as_ref()
                .and_then(|parting| u32::try_from(parting.depth).ok()),
        },
        names: origin.names.clone(),
    }
}

fn links(facts: &Facts<'_>, origin: &Origin) -> Vec<ChainLink> {
    let path: Vec<&CertificateFacts<'_>> =
        origin.path.iter().filter_map(|sha256| facts.certificates.get(sha256)).collect();
    let mut links = Vec::new();
    for (depth, one) in (0..).zip(&path) {
        let above = path.get(depth as usize + 1).copied();
        links.push(ChainLink {
            certificate: hex(&one.certificate.digests.sha256),
            depth,
            in_store: one.is_anchor,
            checks: checks(facts, one, above),
        });
    }
    links
}

/// What holds of a certificate, and between it and the one above.
fn checks(
    facts: &Facts<'_>,
    one: &CertificateFacts<'_>,
    above: Option<&CertificateFacts<'_>>,
) -> Vec<ChainCheck> {
    let certificate = one.certificate;
    let from = certificate.not_before.at().is_some_and(|start| start <= facts.now);
    let until = certificate.not_after.at().is_some_and(|end| facts.now < end);
    let mut checks = vec![ChainCheck {
        check: ChainCheckKind::Validity,
        holds: from && until,
        values: vec![certificate.not_before.to_string(), certificate.not_after.to_string()],
    }];
    let Some(issuer) = above.map(|above| above.certificate) else { return checks };
    checks.push(ChainCheck {
        check: ChainCheckKind::Names,
        holds: certificate.issuer.raw == issuer.subject.raw,
        values: vec![certificate.issuer.to_string(), issuer.subject.to_string()],
    });
    if let (Some(wanted), Some(own)) =
        (&certificate.authority_key_identifier, &issuer.subject_key_identifier)
    {
        checks.push(ChainCheck {
            check: ChainCheckKind::KeyIdentifiers,
            holds: wanted == own,
            values: vec![hex(wanted), hex(own)],
        });
    }
    let usage = &issuer.key_usage;
    let signs = usage.is_empty() || usage.iter().any(|usage| usage == "keyCertSign");
    checks.push(ChainCheck {
        check: ChainCheckKind::IssuerIsCa,
        holds: issuer.ca && signs,
        values: usage.clone(),
    });
    checks.push(ChainCheck {
        check: ChainCheckKind::Signature,
        holds: verify_certificate(certificate, &issuer.public_key).is_ok(),
        values: vec![certificate.signature_algorithm.name.clone()],
    });
    checks
}

/// The issuer of the last certificate, where the chain should go on and does not.
fn missing(facts: &Facts<'_>, origin: &Origin) -> Option<MissingIssuer> {
    let top = origin.top(facts)?.certificate;
    let goes_on = match origin.failure() {
        Some(failure) => matches!(failure.code, 2 | 20 | 21),
        None => origin.judgement.is_none() && !top.self_issued(),
    };
    goes_on.then(|| MissingIssuer {
        depth: u32::try_from(origin.path.len()).unwrap_or(u32::MAX),
        subject: top.issuer.to_string(),
        key_identifier: top.authority_key_identifier.as_deref().map(hex),
    })
}
