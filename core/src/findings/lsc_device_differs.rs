//! The certificate that a phone shows names another device than the phone's own log or its question to TVS (E22, E47).

use std::collections::BTreeSet;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::device_in;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::phone_console::{Said, common_name};
use crate::text::{Text, What};

pub(super) const CHECK: Check = Check {
    code: "lsc_device_differs",
    severity: Severity::Error,
    refs: &["E22", "E47"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let (mut found, mut any) = (Vec::new(), false);
    for text in &facts.texts {
        let asking = asking(text.text);
        for event in &text.text.events {
            let What::Phone(console) = &event.what else { continue };
            let Said::OwnSubject(subject) = &console.said else { continue };
            let Some(named) = common_name(subject).and_then(|name| device_in(&name)) else {
                continue;
            };
            any = true;
            // Files of several phones: a log that was put together from several, where nothing can be told.
            let [(device, line)] = asking.as_slice() else { continue };
            if *device == named {
                continue;
            }
            let place =
                |line| Evidence { input: text.input, line: Some(line), ..Evidence::default() };
            let arguments = Arguments::new()
                .text("named", named)
                .text("device", device.as_str())
                .text("subject", subject.as_str());
            let evidence = vec![place(event.line), place(*line)];
            found.push(Found::at_all(Severity::Error, evidence, arguments));
        }
    }
    if any { Outcome::of(found) } else { Outcome::NotApplicable }
}

/// The devices whose files a log asks for, each with its first line.
fn asking(text: &Text) -> Vec<(String, u64)> {
    let mut known: BTreeSet<&String> = BTreeSet::new();
    let mut found = Vec::new();
    for event in &text.events {
        if let What::Phone(console) = &event.what
            && matches!(console.said, Said::Requested { .. })
            && let Some(device) = &console.device
            && known.insert(device)
        {
            found.push((device.clone(), event.line));
        }
    }
    found
}
