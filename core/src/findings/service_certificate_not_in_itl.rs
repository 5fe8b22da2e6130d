//! TVS or CAPF presents a certificate that the phone's list does not name: the phone believes it nothing (A54, A62, A69,
//! C32).

use crate::bytes::serial_hex;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::service::{Judged, Presented, Reaction, Whose};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "service_certificate_not_in_itl",
    severity: Severity::Error,
    refs: &["A45", "A54", "A62", "A69", "C32", "E1", "E22", "E23"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let presented = facts.presented();
    if presented.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(presented.iter().filter_map(missing).collect())
}

fn missing(one: &Presented<'_, '_>) -> Option<Found> {
    let (case, record) = match one.judged {
        Judged::Named(..) | Judged::NoList => return None,
        Judged::Contradicted(list, record) => ("contradicted", Some((list, record))),
        Judged::Other(Some(record)) => ("other", Some(record)),
        Judged::Other(None) => ("none", None),
    };
    let first = one.shown.first()?;
    let accepted = one.shown.iter().filter(|shown| shown.reaction == Reaction::Accepted).count();
    let refused = one
        .shown
        .iter()
        .find(|shown| matches!(shown.reaction, Reaction::Alert(..) | Reaction::Left(_)));
    let (reaction, said, at) = match refused.map(|shown| shown.reaction) {
        Some(Reaction::Alert(at, said)) => ("alert", said.unwrap_or("an alert"), at),
        Some(Reaction::Left(at)) => ("left", "", at),
        _ if accepted > 0 => ("accepted", "", 0),
        _ => ("unknown", "", 0),
    };
    let (whose, severity) = match one.whose {
        // A phone that goes on with a certificate that its list does not name holds another list.
        Whose::Phone if reaction == "accepted" => ("phone", Severity::Warning),
        Whose::Phone => ("phone", Severity::Error),
        Whose::Fetched => ("fetched", Severity::Warning),
        Whose::Server | Whose::Nobody => ("server", Severity::Warning),
    };
    let mut evidence: Vec<Evidence> =
        one.shown.iter().map(|shown| shown.evidence.clone()).collect();
    if at > 0 {
        evidence.push(Evidence { frame: Some(at), ..first.evidence.clone() });
    }
    match record {
        Some((list, record)) => evidence.push(list.record_evidence(record)),
        None => evidence.extend(one.lists.iter().map(|list| list.evidence())),
    }
    let certificate = one.certificate.certificate;
    let lists: Vec<&str> = one.lists.iter().map(|list| list.artifact.name.as_str()).collect();
    let arguments = Arguments::new()
        .text("service", one.service.name())
        .text("server", one.server.to_string())
        .text("host", one.server.ip().to_string())
        .text("client", refused.unwrap_or(first).client.as_str())
        .number("clients", one.shown.len())
        .number("frame", first.evidence.frame.unwrap_or_default())
        .text("subject", one.certificate.label())
        .text("serial", serial_hex(&certificate.serial))
        .text("since", certificate.not_before.to_string())
        .text("lists", lists.join(", "))
        .text("case", case)
        .number("record", record.map_or(0, |(_, record)| record.number))
        .text("record-subject", record.map_or("", |(_, record)| record.subject_text()))
        .text(
            "record-serial",
            record
                .and_then(|(_, record)| record.serial.as_deref())
                .map(serial_hex)
                .unwrap_or_default(),
        )
        .text("whose", whose)
        .text("reaction", reaction)
        .text("said", said)
        .number("at", at);
    Some(Found::at_all(severity, evidence, arguments))
}
