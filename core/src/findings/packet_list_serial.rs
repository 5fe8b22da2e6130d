//! A serial number in pasted packet details: which certificate or record of the inputs it is (A69). Old versions of
//! Wireshark print its last 32 bits as a signed number.

use crate::bytes::serial_hex;
use crate::evidence::facts::Facts;
use crate::evidence::packet_list::serial_end;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::packet_list::Shown;

pub(super) const CHECK: Check =
    Check { code: "packet_list_serial", severity: Severity::Info, refs: &["A69", "B39"], evaluate };

/// Hexadecimal digits from which on the end of a serial tells one certificate from the others.
const ENOUGH: usize = 8;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut found = Vec::new();
    for text in &facts.texts {
        for detail in &text.text.details {
            let Shown::Serial(printed) = &detail.shown else { continue };
            let Some(end) = serial_end(printed) else { continue };
            let at = Evidence { input: text.input, line: Some(detail.line), ..Evidence::default() };
            found.push(tell(facts, printed, &end, at));
        }
    }
    if found.is_empty() { Outcome::NotApplicable } else { Outcome::Found(found) }
}

fn tell(facts: &Facts<'_>, printed: &str, end: &str, at: Evidence) -> Found {
    let fits = |serial: &[u8]| {
        let serial = serial_hex(serial);
        let plain = serial.trim_start_matches('0');
        let end = end.trim_start_matches('0');
        plain == end || (end.len() >= ENOUGH && plain.ends_with(end))
    };
    let record = facts.trust_lists.iter().find_map(|list| {
        let record = list.list.records.iter().find(|one| one.serial.as_deref().is_some_and(fits));
        record.map(|record| (list, record))
    });
    let certificate = facts.certificates.values().find(|one| fits(&one.certificate.serial));
    let mut evidence = vec![at];
    let mut arguments = Arguments::new()
        .text("printed", printed)
        .text("end", end)
        .text("signed", if printed.starts_with('-') { "yes" } else { "no" });
    arguments = match (record, certificate) {
        (Some((list, record)), _) => {
            evidence.push(list.record_evidence(record));
            arguments
                .text("case", "record")
                .text("name", list.artifact.name.as_str())
                .number("record", record.number)
                .text("function", record.function())
        }
        (None, Some(certificate)) => {
            evidence.extend(certificate.evidence());
            arguments
                .text("case", "certificate")
                .text("name", certificate.label())
                .number("record", 0)
                .text("function", "")
        }
        (None, None) => arguments
            .text("case", "unknown")
            .text("name", "")
            .number("record", 0)
            .text("function", ""),
    };
    Found::at_all(Severity::Info, evidence, arguments)
}
