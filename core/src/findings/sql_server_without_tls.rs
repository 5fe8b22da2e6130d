//! The SQL Server of TMS finds no version of TLS that it can use: it says so in event 26011, or the registry and its
//! version foretell it (D14 to D16).

use crate::evidence::schannel::{Half, State};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "sql_server_without_tls",
    severity: Severity::Error,
    refs: &["D14", "D15", "D16"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let tms = facts.tms();
    let events: Vec<Evidence> = tms.events_of("MSSQL", 26_011).map(|(at, _)| at.clone()).collect();
    let flushes = tms.events_of("MSSQL", 3_999).count();
    let off: Vec<&'static str> = ["SSL 3.0", "TLS 1.0"]
        .into_iter()
        .filter(|version| {
            let is_off = |half| matches!(tms.schannel.state(version, half), State::Off);
            is_off(Half::Server) || is_off(Half::Client)
        })
        .collect();
    let (old, newer) = (tms.sql("2008"), tms.sql("2012"));
    if events.is_empty() && old.or(newer).is_none() {
        return Outcome::NotApplicable;
    }
    let sql = old.or(newer);
    let (severity, case) = match (events.is_empty(), old.is_some(), off.contains(&"TLS 1.0")) {
        (false, ..) => (Severity::Error, "seen"),
        (true, true, _) if !off.is_empty() => (Severity::Error, "foretold"),
        (true, false, true) => (Severity::Warning, "foretold"),
        _ => return Outcome::Clear,
    };
    let mut evidence = events;
    let count = evidence.len();
    evidence.extend(sql.and_then(|one| one.at.clone()));
    evidence.extend(off.iter().flat_map(|version| tms.schannel.lines(version)));
    let year = match (old.is_some(), newer.is_some()) {
        (true, _) => "2008",
        (_, true) => "2012",
        _ => "unknown",
    };
    let arguments = Arguments::new()
        .text("case", case)
        .number("count", count)
        .number("flushes", flushes)
        .text("sql", year)
        .text("version", sql.map(|one| one.text.clone()).unwrap_or_default())
        .text("off", if off.is_empty() { "none".to_owned() } else { off.join(", ") });
    Outcome::Found(vec![Found::at_all(severity, evidence, arguments)])
}
