//! A phone found an HTTPS server's certificate in neither list, and its log shows that nobody vouched for it (A51, A55, A86).

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::log::{LogLine, PhoneLog, logs};
use crate::report::model::{Evidence, Severity};
use crate::text::phone_console::Said;

pub(super) const CHECK: Check = Check {
    code: "https_server_not_authenticated",
    severity: Severity::Warning,
    refs: &["A48", "A51", "A55", "A86"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let logs = logs(facts);
    let asks = |log: &PhoneLog<'_>| log.said().any(|(_, said)| matches!(said, Said::NotInLists(_)));
    if !logs.iter().any(asks) {
        return Outcome::NotApplicable;
    }
    Outcome::of(logs.iter().flat_map(of_phone).collect())
}

fn of_phone(log: &PhoneLog<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open: Option<Open<'_, '_>> = None;
    for (line, said) in log.said() {
        match said {
            Said::NotInLists(server) => {
                found.extend(open.take().and_then(|open| open.end(log)));
                open = Some(Open { line, server: server.as_deref(), ended: None });
            }
            Said::HttpsTrusted | Said::HttpSucceeded(_) => open = None,
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
    found.extend(open.and_then(|open| open.end(log)));
    found
}

/// A server that stands in no list, and what became of it.
struct Open<'l, 'f> {
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
    /// A finding, when the log says how it ended; a log that simply stops says nothing.
    fn end(self, log: &PhoneLog<'_>) -> Option<Found> {
        let (line, case, value) = self.ended?;
        let evidence: Vec<Evidence> = vec![self.line.evidence(), line.evidence()];
        let arguments = Arguments::new()
            .text("phone", log.label())
            .text("server", self.server.unwrap_or("a server"))
            .text("case", case)
            .text("value", value.unwrap_or_else(|| "none".to_owned()))
            .text("time", self.line.time());
        Some(Found::at_all(Severity::Warning, evidence, arguments))
    }
}
