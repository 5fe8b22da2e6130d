//! The database trusts another CallManager certificate than the node has (A82, CSCtn50405).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::{dn, misread};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::certificate_list::{is_serial, serial_key};

pub(super) const CHECK: Check = Check {
    code: "database_certificate_differs",
    severity: Severity::Error,
    refs: &["A81", "A82", "CSCtn50405"],
    evaluate,
};

/// The role of certificates that sign what phones fetch, in the database's words.
const ROLE: &str = "Authentication and Authorization";

/// A CallManager certificate that a node has.
struct Own {
    common_name: String,
    printed: String,
    evidence: Evidence,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let line = |input, line| Evidence { input, line: Some(line), ..Evidence::default() };
    let rows: Vec<_> = facts
        .texts
        .iter()
        .flat_map(|text| {
            text.text.certificate_lists.stored.iter().map(move |row| (text.input, row))
        })
        .filter(|(_, row)| row.role == ROLE)
        .collect();
    if rows.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut own: Vec<Own> = Vec::new();
    for text in &facts.texts {
        let lists = &text.text.certificate_lists;
        let shown =
            lists.shown.iter().filter(|shown| shown.store.as_deref() == Some("CallManager"));
        own.extend(shown.map(|shown| Own {
            common_name: common_name(&shown.subject),
            printed: shown.serial.clone(),
            evidence: line(text.input, shown.line),
        }));
        let listed = lists.listed.iter().filter(|listed| listed.store == "CallManager");
        own.extend(listed.filter_map(|listed| {
            Some(Own {
                common_name: listed.common_name.clone(),
                printed: listed.serial.clone()?,
                evidence: line(text.input, listed.line),
            })
        }));
    }
    for certificate in facts.certificates.values().filter(|found| found.is_given()) {
        let mut names = certificate.evidence().into_iter();
        let is_callmanager = |one: &Evidence| facts.name(one.input).starts_with("CallManager");
        if let Some(evidence) = names.find(is_callmanager) {
            own.push(Own {
                common_name: certificate.label(),
                printed: certificate.certificate.serial_hex(),
                evidence,
            });
        }
    }
    let mut found = Vec::new();
    let mut compared = false;
    for (input, row) in rows {
        let name = common_name(&row.subject);
        let same_name = || own.iter().filter(|own| misread::may_be(&own.common_name, &name));
        let Some(first) = same_name().next() else { continue };
        compared = true;
        if same_name().any(|own| same_serial(&own.printed, &row.serial)) {
            continue;
        }
        let arguments = Arguments::new()
            .text("name", name.as_str())
            .text("database", row.serial.as_str())
            .text("node", first.printed.as_str());
        let evidence = vec![line(input, row.line), first.evidence.clone()];
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    if !compared {
        return Outcome::NotEnoughEvidence(Arguments::new());
    }
    Outcome::of(found)
}

/// The common name of a name in any of the forms that CUCM prints.
fn common_name(subject: &str) -> String {
    dn::common_name(subject).unwrap_or_else(|| subject.trim().to_owned())
}

/// Both print one number.
fn same_serial(one: &str, other: &str) -> bool {
    let bytes = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
        let even = if digits.len().is_multiple_of(2) { digits } else { format!("0{digits}") };
        let pairs = even.as_bytes().chunks(2);
        pairs
            .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok())
            .collect::<Option<Vec<u8>>>()
            .unwrap_or_default()
    };
    serial_key(one) == serial_key(other)
        || is_serial(one, &bytes(other))
        || is_serial(other, &bytes(one))
}
