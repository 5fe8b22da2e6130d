//! One judged chain as text for people.

use std::fmt::Write as _;

use tlvet_core::bytes::hex;
use tlvet_core::x509::Certificate;
use tlvet_core::x509::chain::{Judgement, Origin, Purpose, ReferenceName, Request};
use tlvet_core::x509::name_check;

/// The judgement, the chain with the origin of each certificate, everything that is wrong, and the name under other rules.
pub(crate) fn render(request: &Request<'_>, judgement: &Judgement) -> String {
    let mut out = String::new();
    let purpose = match request.purpose {
        Purpose::Server => "a TLS server",
        Purpose::Client => "a TLS client",
        Purpose::Any => "any purpose",
    };
    let at = request.at.map(|at| format!(", at {at}")).unwrap_or_default();
    match (&judgement.first, judgement.unreadable) {
        (Some(first), _) => {
            let _ = writeln!(
                out,
                "REFUSED: error {} at depth {}: {}",
                first.code, first.depth, first.text
            );
        }
        (None, Some(reason)) => {
            let _ = writeln!(out, "REFUSED: OpenSSL does not load the certificate: {reason}");
        }
        (None, None) if judgement.ok => out.push_str("ACCEPTED\n"),
        (None, None) => out.push_str("REFUSED: more work than is allowed for one chain\n"),
    }
    let _ = writeln!(
        out,
        "judged as {} does, security level {}, for {purpose}{at}\n",
        request.profile, request.level
    );

    for (depth, link) in judgement.chain.iter().enumerate() {
        let (from, certificate) = match link.origin {
            Origin::Leaf => ("leaf", Some(request.leaf)),
            Origin::Untrusted(index) => ("sent", request.untrusted.get(index).copied()),
            Origin::Trusted(index) => ("store", request.trusted.get(index).copied()),
        };
        let Some(certificate) = certificate else { continue };
        let _ = writeln!(out, "{depth:>3}  {from:<5}  {}", certificate.subject);
        let _ = writeln!(
            out,
            "            serial {}, {}, {} to {}",
            certificate.serial_hex(),
            key(certificate),
            certificate.not_before,
            certificate.not_after
        );
    }
    if let Some(missing) = &judgement.missing {
        let key = match &missing.key_identifier {
            Some(key) => format!(" with the key identifier {}", hex(key)),
            None => String::new(),
        };
        let _ = writeln!(out, "  ?  missing  {}{key}", missing.name_text);
        for near in &missing.near_misses {
            let why = match near.code {
                0 => "it is not trusted".to_owned(),
                30 => "its key identifier is another".to_owned(),
                31 => "its serial or issuer is another".to_owned(),
                code => request.profile.text(code).to_owned(),
            };
            let _ = writeln!(out, "            not {}: {why}", hex(&near.sha256));
        }
    }
    if !judgement.all.is_empty() {
        out.push_str("\neverything that is wrong:\n");
        for one in &judgement.all {
            let _ = writeln!(out, "  {} at depth {}: {}", one.code, one.depth, one.text);
        }
    }
    let address = match request.name {
        Some(ReferenceName::Dns(name)) => Some(name.clone()),
        Some(ReferenceName::Ip(address)) => Some(address.to_string()),
        Some(ReferenceName::Email(_)) | None => None,
    };
    if let Some(address) = address {
        let check = name_check::side_by_side(request.leaf, &address);
        let word = |yes: bool| if yes { "yes" } else { "no" };
        let _ = writeln!(
            out,
            "\n{address} in the certificate: OpenSSL {}, Traffic Server {}, browser {}",
            word(check.openssl),
            word(check.traffic_server.v9_2 == tlvet_core::report::model::NameMatch::Yes),
            word(check.browser)
        );
    }
    out
}

fn key(certificate: &Certificate) -> String {
    let key = certificate.public_key.to_report();
    match key.curve {
        Some(curve) => format!("{} {curve}", key.r#type),
        None => format!("{} {}", key.r#type, key.bits),
    }
}
