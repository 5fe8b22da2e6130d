//! A phone found an HTTPS server's certificate in neither list, and its log shows that nobody vouched for it (A51, A55, A86).

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::log::{LogLine, PhoneLog};
use crate::report::model::{Evidence, Severity};
use crate::text::phone_console::Said;

pub(super) const CHECK: Check = Check {
    code: "https_server_not_authenticated",
    severity: Severity::Warning,
    refs: &["A48", "A51", "A55", "A86"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    let asks = |log: &PhoneLog<'_>| log.said().any(|(_, said)| matches!(said, Said::NotInLists(_)));
    if !logs.iter().any(asks) {
        return Outcome::NotApplicable;
    }
    Outcome::of(logs.iter().flat_map(of_phone).collect())
}

fn of_phone(log: &PhoneLog<'_>) -> Vec<Found> {
    let mut failed: Vec<Open<'_, '_>> = Vec::new();
    // Where each server was authenticated last.
    let mut trusted: BTreeMap<&str, (usize, &LogLine<'_>)> = BTreeMap::new();
    let mut open: Option<Open<'_, '_>> = None;
    for (index, (line, said)) in log.said().enumerate() {
        match said {
            Said::NotInLists(server) => {
                failed.extend(open.take());
                open = Some(Open { index, line, server: server.as_deref(), ended: None });
            }
            Said::HttpsTrusted | Said::HttpSucceeded(_) => {
                if let Some(server) = open.take().and_then(|open| open.server) {
                    trusted.insert(server, (index, line));
                }
            }
            Said::TvsAnswered(0) => {}
            Said::TvsAnswered(status) => {
                fail(&mut open, line, "answered", Some(status.to_string()));
            }
            Said::TvsNameUnknown => fail(&mut open, line, "name", None),
            Said::Alert { description, .. } => {
                fail(&mut open, line, "alert", Some(description.clone()));
            }
            Said::ConnectionFailed(_) => fail(&mut open, line, "connection", None),
            _ => {}
        }
    }
    failed.extend(open);
    let end = |open: Open<'_, '_>| {
        let over = open.server.and_then(|server| trusted.get(server).copied());
        // What was authenticated before it failed is no sign that it works again.
        let over = over.filter(|(index, _)| *index > open.index).map(|(_, line)| line);
        open.end(log, over)
    };
    failed.into_iter().filter_map(end).collect()
}

/// A server that stands in no list, and what became of it.
struct Open<'l, 'f> {
    /// Place of the line among what the phone says.
    index: usize,
    line: &'l LogLine<'f>,
    server: Option<&'l str>,
    ended: Option<(&'l LogLine<'f>, &'static str, Option<String>)>,
}

fn fail<'l, 'f>(
    open: &mut Option<Open<'l, 'f>>,
    line: &'l LogLine<'f>,
    case: &'static str,
    value: Option<String>,
) {
    if let Some(open) = open {
        open.ended.get_or_insert((line, case, value));
    }
}

impl Open<'_, '_> {
    /// A finding, when the log says how it ended; a log that simply stops says nothing. With the line that says that the same
    /// server was authenticated later, it is history.
    fn end(self, log: &PhoneLog<'_>, over: Option<&LogLine<'_>>) -> Option<Found> {
        let (line, case, value) = self.ended?;
        let mut evidence: Vec<Evidence> = vec![self.line.evidence(), line.evidence()];
        evidence.extend(over.map(LogLine::evidence));
        let arguments = Arguments::new()
            .text("phone", log.label())
            .text("server", self.server.unwrap_or("a server"))
            .text("case", case)
            .text("value", value.unwrap_or_else(|| "none".to_owned()))
            .text("time", self.line.time())
            .text("over", if over.is_some() { "yes" } else { "no" });
        let severity = if over.is_some() { Severity::Info } else { Severity::Warning };
        Some(Found::at_all(severity, evidence, arguments))
    }
}
