//! TVS or CAPF presents the certificate that the list names: trust is not what is missing there (A54, A69, A70).

use crate::bytes::serial_hex;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::service::{Judged, Whose, hidden};
use crate::proto::tls::CertificateVisibility;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "service_certificate_in_itl",
    severity: Severity::Good,
    refs: &["A45", "A54", "A69", "A70", "C32"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let presented = facts.presented();
    let mut found = Vec::new();
    for one in presented {
        let Judged::Named(list, record) = one.judged else { continue };
        // Whoever refuses it holds another list: see handshake_refused.
        if one.is_refused() {
            continue;
        }
        let mut evidence: Vec<Evidence> =
            one.shown.iter().map(|shown| shown.evidence.clone()).collect();
        evidence.push(list.record_evidence(record));
        let arguments = Arguments::new()
            .text("service", one.service.name())
            .text("server", one.server.to_string())
            .number(
                "frame",
                one.shown.first().and_then(|shown| shown.evidence.frame).unwrap_or_default(),
            )
            .text("subject", one.certificate.label())
            .text("serial", serial_hex(&one.certificate.certificate.serial))
            .text("list", list.artifact.name.as_str())
            .number("record", record.number)
            .text(
                "whose",
                match one.whose {
                    Whose::Phone => "phone",
                    Whose::Fetched => "fetched",
                    Whose::Server | Whose::Nobody => "server",
                },
            );
        found.push(Found::at_all(Severity::Good, evidence, arguments));
    }
    if !found.is_empty() {
        return Outcome::Found(found);
    }
    if let Some(one) = presented.iter().find(|one| matches!(one.judged, Judged::NoList)) {
        return Outcome::NotEnoughEvidence(
            Arguments::new()
                .text("case", "list")
                .text("service", one.service.name())
                .text("server", one.server.to_string()),
        );
    }
    if !presented.is_empty() {
        return Outcome::Clear;
    }
    let unseen = hidden(facts).find_map(|(_, service, flow, why)| {
        let case = match why {
            CertificateVisibility::Hidden => "hidden",
            CertificateVisibility::NotCaptured => "not-captured",
            _ => return None,
        };
        let arguments = Arguments::new()
            .text("case", case)
            .text("service", service.name())
            .text("server", flow.server.to_string());
        Some(Outcome::NotEnoughEvidence(arguments))
    });
    unseen.unwrap_or(Outcome::NotApplicable)
}
