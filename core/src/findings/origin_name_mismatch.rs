//! An address that clients use and that does not stand in the certificate presented there (B9 to B14, B43, B46, B51).

use std::net::IpAddr;

use crate::findings::{Arguments, Check, Found, Outcome, origins};
use crate::phone::derived::Derived;
use crate::report::model::{NameKind, Severity};

pub(super) const CHECK: Check = Check {
    code: "origin_name_mismatch",
    severity: Severity::Error,
    refs: &["B9", "B10", "B11", "B12", "B13", "B14", "B43", "B46", "B51", "CSCwc69661"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.origins.requests.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for request in &facts.origins.requests {
        let Some((index, place)) = request.origin else { continue };
        let Some(origin) = facts.origins.list.get(index) else { continue };
        let Some(owner) = facts.certificates.get(&origin.sha256) else { continue };
        let Some(check) = origin.names.get(place) else { continue };
        if origins::accepted(check) {
            continue;
        }
        let address = &check.address;
        let kind = match check.kind {
            NameKind::Ip => "ip",
            NameKind::Short => "short",
            NameKind::Fqdn => "fqdn",
        };
        let ip = address.parse::<IpAddr>().ok();
        let held = owner.certificate.subject_alt_names.ip.iter();
        let in_san = ip
            .is_some_and(|ip| held.filter_map(|one| one.parse().ok()).any(|one: IpAddr| one == ip));
        let line = origin.log_lines(address, false);
        let line = line.into_iter().find(|line| line.contains("SNI (")).unwrap_or_default();
        let arguments = Arguments::new()
            .text("address", address.as_str())
            .text("name", owner.label())
            .text("observed", origins::yes_or_no(request.seen.is_some()))
            .text("kind", kind)
            .text("ip-san", origins::yes_or_no(in_san))
            .text("names", origins::names_of(owner))
            .text("openssl", origins::yes_or_no(check.openssl))
            .text("browser", origins::yes_or_no(check.browser))
            .text("trusted", origins::yes_or_no(origin.trusted() != Some(false)))
            .text("line", line);
        let evidence = match &request.seen {
            Some(seen) => vec![seen.clone()],
            None => owner.evidence(),
        };
        found.push(Found::at_all(origins::severity(facts, owner), evidence, arguments));
    }
    Outcome::of(found)
}
