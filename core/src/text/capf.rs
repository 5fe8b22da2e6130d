//! What CUCM says of certificate operations on phones: the "Certification Authority Proxy Function (CAPF) Information" of a phone's page,
//! the AXL status texts, and CAPF's return codes (domain.md 2.9, C23 to C28, C35, C40).

use serde::{Deserialize, Serialize};

use crate::names::device::is_device;

use super::{Event, Format, Line, Recognise, Signs, Stamp, Text, What};

/// What is said of a certificate operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CapfSaid {
    /// The state of the operation, in CUCM's words, and what it means.
    Status(String, Outcome),
    /// The same of one phone among others, in a list of phones: its name, the state, and what it means.
    OfDevice(String, String, Outcome),
    /// The authentication mode, in CUCM's words: `By Null String`.
    Mode(String),
    /// Until when the operation has to be done: year, month, day, hour of the server's clock.
    CompletesBy(i32, u8, u8, u8),
    /// A return code by name or number, and what it means.
    Code(String, Outcome),
}

/// What came of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// Nothing is to be done.
    None,
    /// It waits for the phone.
    Pending,
    /// It succeeded.
    Success,
    /// It failed, and the words do not say why.
    Failed,
    /// The phone's LSC was not accepted.
    InvalidLsc,
    /// The phone's MIC was not accepted.
    InvalidMic,
    /// The string that was typed is not the one of the phone's page.
    WrongString,
    /// The credentials were not accepted.
    InvalidCredentials,
    /// Phone and CAPF lost each other.
    Communication,
    /// The phone could not make its key, or not in time.
    KeyGeneration,
    /// CAPF could not reach the CA, or the CA said no.
    Authority,
    /// "Operation Completes By" had passed (C35).
    Late,
    /// EC keys only, and the phone's CAPF version has none.
    NoEllipticCurve,
}

/// Reasons behind `Failed:`, lower case.
const REASONS: &[(&str, Outcome)] = &[
    ("ca communication failure", Outcome::Authority),
    ("ca rejected connection", Outcome::Authority),
    ("invalid authentication string", Outcome::WrongString),
    ("invalid credentials", Outcome::InvalidCredentials),
    ("invalid lsc", Outcome::InvalidLsc),
    ("invalid mic", Outcome::InvalidMic),
    ("key generation failed", Outcome::KeyGeneration),
    ("key generation timeout", Outcome::KeyGeneration),
    ("no support for ec only", Outcome::NoEllipticCurve),
    ("phone communication failure", Outcome::Communication),
    ("user initiated request late/timedout", Outcome::Late),
];

/// Return codes of CAPF by number and by name without `CAPF_OP_`, as the troubleshooting guide lists them; one name has a typing
/// error there.
const CODES: &[(u8, &str, Outcome)] = &[
    (0, "SUCCESS", Outcome::Success),
    (1, "FETCH_SUCCESS_BUT_NO_CERT", Outcome::Failed),
    (2, "FAIL", Outcome::Failed),
    (3, "FAIL_INVALID_AUTH_STR", Outcome::WrongString),
    (4, "FAIL_INVALID_LSC", Outcome::InvalidLsc),
    (5, "FAIL_INVALID_MIC", Outcome::InvalidMic),
    (6, "FAIL_INVALID_CRENDENTIALS", Outcome::InvalidCredentials),
    (7, "FAIL_PHONE_COMM_ERROR", Outcome::Communication),
    (8, "FAIL_OP_TIMED_OUT", Outcome::Late),
    (11, "FAIL_LATE_REQUEST", Outcome::Late),
];

/// Bytes of a line: longer ones are something else.
const LONGEST: usize = 400;

/// Reads what CUCM says of certificate operations.
#[derive(Debug, Default)]
pub struct Capf;

impl Recognise for Capf {
    fn format(&self) -> Format {
        Format::Capf
    }

    fn signs(&self) -> Signs {
        Signs {
            beginnings: &[
                "certificate",
                "authentication",
                "operation",
                "<c",
                "upgrade",
                "delete",
                "troubleshoot",
                // The first two letters of devices.
                "sep",
                "ata",
            ],
            marks: &["CAPF_OP_"],
            ..Signs::default()
        }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let own = line.text.trim_matches([' ', '\t', '>', '`', '|', '\u{a0}']);
        if own.len() > LONGEST || own.len() < 6 {
            return false;
        }
        let Some(said) = read(own) else { return false };
        text.event(Event::new(line.number, time(own), own, What::Capf(said)));
        true
    }
}

fn read(text: &str) -> Option<CapfSaid> {
    let labelled = |label: &str| {
        let rest = text.strip_prefix(label)?.trim_start_matches(['*', ' ', '\t']);
        Some(rest.strip_prefix(':').unwrap_or(rest).trim())
    };
    if let Some(state) = labelled("Certificate Operation Status") {
        return status(state);
    }
    if let Some(mode) = labelled("Authentication Mode")
        && mode.starts_with("By ")
    {
        return Some(CapfSaid::Mode(mode.trim_end_matches('~').to_owned()));
    }
    if let Some(date) = labelled("Operation Completes By") {
        return completes_by(date);
    }
    if let Some(inside) = text.strip_prefix("<certificateStatus>") {
        return status(inside.split('<').next()?.trim());
    }
    if let Some(at) = memchr::memmem::find(text.as_bytes(), b"CAPF_OP_") {
        return code(text.get(at + "CAPF_OP_".len()..)?);
    }
    if let Some(of_device) = of_device(text) {
        return Some(of_device);
    }
    // A state alone in its line, as a report of phones has it; one word is too little.
    let state = status(text)?;
    text.contains("Failed:").then_some(state)
}

/// `SEP001122334455`, whatever else a list of phones shows, and the state of the operation.
fn of_device(text: &str) -> Option<CapfSaid> {
    let own = text.trim_start_matches('"');
    let (device, rest) = own.split_once([' ', '\t', ',', ';', '"'])?;
    if !is_device(device) {
        return None;
    }
    let starts = ["Upgrade ", "Delete ", "Troubleshoot ", "Operation Pending"];
    let at = starts.iter().filter_map(|start| rest.find(start)).min()?;
    let state = rest.get(at..)?.split(['\t', ',', ';', '"']).next()?;
    let state = state.split("  ").next()?.trim();
    match status(state)? {
        CapfSaid::Status(words, outcome) => {
            Some(CapfSaid::OfDevice(device.to_owned(), words, outcome))
        }
        _ => None,
    }
}

/// `Upgrade Failed: User Initiated Request Late/Timedout`, `Operation Pending`, `Delete Success`.
fn status(text: &str) -> Option<CapfSaid> {
    let lower = text.to_ascii_lowercase();
    let outcome = match lower.as_str() {
        "none" => Outcome::None,
        "operation pending" => Outcome::Pending,
        state => {
            let rest = ["upgrade ", "delete ", "troubleshoot "]
                .into_iter()
                .find_map(|operation| state.strip_prefix(operation))?;
            match rest.strip_prefix("failed") {
                Some("") => Outcome::Failed,
                Some(reason) => {
                    let reason = reason.strip_prefix(':')?.trim();
                    let known = REASONS.iter().find(|(words, _)| reason.starts_with(words));
                    known.map_or(Outcome::Failed, |(_, outcome)| *outcome)
                }
                None if rest == "success" => Outcome::Success,
                None => return None,
            }
        }
    };
    Some(CapfSaid::Status(text.to_owned(), outcome))
}

/// `FAIL_INVALID_AUTH_STR …` behind `CAPF_OP_`.
fn code(text: &str) -> Option<CapfSaid> {
    let is_name = |byte: &u8| byte.is_ascii_uppercase() || *byte == b'_';
    let name = text.get(..text.bytes().take_while(is_name).count())?;
    // The guide writes the last one so; a corrected spelling is the same.
    let spelt = name.replace("CREDENTIALS", "CRENDENTIALS");
    let (number, _, outcome) = CODES.iter().find(|(_, known, _)| *known == spelt)?;
    Some(CapfSaid::Code(format!("CAPF_OP_{name} ({number})"), *outcome))
}

/// `2016 11 22 16 (YYYY:MM:DD:HH)`, `2016:11:22:16`.
fn completes_by(text: &str) -> Option<CapfSaid> {
    let mut numbers =
        text.split(|character: char| !character.is_ascii_digit()).filter(|part| !part.is_empty());
    let year: i32 = numbers.next()?.parse().ok().filter(|year| (2000..2100).contains(year))?;
    let mut next = |range: core::ops::RangeInclusive<u8>| {
        numbers.next()?.parse::<u8>().ok().filter(|number| range.contains(number))
    };
    Some(CapfSaid::CompletesBy(year, next(1..=12)?, next(1..=31)?, next(0..=23)?))
}

/// A clock in front of a line of a trace.
fn time(text: &str) -> Option<Stamp> {
    Stamp::clock(text).map(|(stamp, _)| stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_an_operation() {
        let outcome = |text| match read(text) {
            Some(CapfSaid::Status(_, outcome) | CapfSaid::Code(_, outcome)) => Some(outcome),
            _ => None,
        };
        assert_eq!(
            outcome(
                "Certificate Operation Status: Upgrade Failed: User Initiated Request Late/Timedout"
            ),
            Some(Outcome::Late)
        );
        assert_eq!(
            outcome("Certificate Operation Status: Operation Pending"),
            Some(Outcome::Pending)
        );
        assert_eq!(
            outcome("Certificate Operation Status\tUpgrade Success"),
            Some(Outcome::Success)
        );
        assert_eq!(
            outcome("Upgrade Failed: Invalid Authentication String"),
            Some(Outcome::WrongString)
        );
        assert_eq!(
            outcome("Upgrade Failed: No Support for EC only in CAPF version 3"),
            Some(Outcome::NoEllipticCurve)
        );
        assert_eq!(
            outcome("<certificateStatus>Upgrade Failed: Invalid MIC</certificateStatus>"),
            Some(Outcome::InvalidMic)
        );
        assert_eq!(
            outcome("15:07:55.762 | debug CAPF_OP_FAIL_INVALID_CRENDENTIALS"),
            Some(Outcome::InvalidCredentials)
        );
        for other in
            ["Operation Pending", "None", "Upgrade Success", "Upgrade failed because of this"]
        {
            assert_eq!(outcome(other), None, "{other}");
        }
    }

    #[test]
    fn lists_of_phones_have_a_state_in_each_row() {
        for text in [
            "SEP00112233AA01\tLobby\tUpgrade Failed: Invalid MIC\tnever",
            "\"SEP00112233AA01\",\"Lobby\",\"Upgrade Failed: Invalid MIC\"",
            "SEP00112233AA01 Lobby Upgrade Failed: Invalid MIC",
        ] {
            let (device, state) = ("SEP00112233AA01", "Upgrade Failed: Invalid MIC");
            let said = CapfSaid::OfDevice(device.to_owned(), state.to_owned(), Outcome::InvalidMic);
            assert_eq!(read(text), Some(said), "{text}");
        }
        for other in ["SEP00112233AA01 Upgrade planned", "SEP00112233AA01.cnf.xml", "SEP1 None"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn modes_and_dates() {
        assert_eq!(
            read("Authentication Mode*\tBy Null String"),
            Some(CapfSaid::Mode("By Null String".to_owned()))
        );
        let date = Some(CapfSaid::CompletesBy(2016, 11, 22, 16));
        assert_eq!(read("Operation Completes By\t2016 11 22 16 (YYYY:MM:DD:HH)"), date);
        assert_eq!(read("Operation Completes By 2016:11:22:16"), date);
        assert_eq!(read("Operation Completes By next week"), None);
    }
}
