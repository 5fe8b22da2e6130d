//! Events of Windows (lists of the event viewer, what its "copy" gives, `wevtutil`, XML) and the states of services
//! (`sc query`, `Get-Service`). Only sources that have to do with TMS, its SQL Server and Schannel are kept (D12, D15).

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::text::event::{Event, What};
use crate::text::stamp::digits;
use crate::text::{Format, Line, Recognise, Signs, Stamp, Text};

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// An event of the event log.
    Logged {
        /// Who wrote it: `MSSQL$SQLTMS`, `Schannel`.
        source: String,
        /// Its number.
        id: u32,
        /// The alert or the internal error state that its description names.
        number: Option<u32>,
    },
    /// The state of a service.
    Service {
        /// Its name.
        name: String,
        /// It runs.
        running: bool,
    },
}

/// Reads events and states of services.
#[derive(Debug, Default)]
pub struct WindowsEvents {
    /// An event whose parts stand on several lines.
    open: Option<Open>,
    /// The service whose state comes next.
    service: Option<String>,
}

#[derive(Debug, Default)]
struct Open {
    line: u64,
    form: Form,
    head: String,
    stamp: Option<Stamp>,
    source: Option<String>,
    id: Option<u32>,
    number: Option<u32>,
    described: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Text,
    Xml,
}

impl Recognise for WindowsEvents {
    fn format(&self) -> Format {
        Format::WindowsEvents
    }

    fn signs(&self) -> Signs {
        Signs {
            // Levels, the first lines of events, services.
            beginnings: &[
                "error",
                "warning",
                "information",
                "critical",
                "audit",
                "event",
                "log name",
                "service_name",
                "running",
                "stopped",
            ],
            marks: &["<Event "],
            ..Signs::default()
        }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        if line.text.contains("<Event ") || self.is_xml() {
            return self.xml(line, text);
        }
        self.listed(line, text) || self.detail(line, text) || self.state(line, text)
    }

    fn is_inside(&self) -> bool {
        self.open.is_some() || self.service.is_some()
    }

    fn end(&mut self, text: &mut Text) {
        self.close(text);
    }
}

impl WindowsEvents {
    fn is_xml(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.form == Form::Xml)
    }

    fn close(&mut self, text: &mut Text) {
        if let Some(Open {
            line, head, stamp, source: Some(source), id: Some(id), number, ..
        }) = self.open.take()
        {
            let said = Said::Logged { source, id, number };
            text.event(Event::new(line, stamp, &head, What::Windows(said)));
        }
    }

    /// Level, date, source, number: a line of the event viewer's list, with tabs or as CSV.
    fn listed(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let separator = if line.text.contains('\t') { '\t' } else { ',' };
        let apart = apart(line.text);
        let row = apart.as_deref().unwrap_or(line.text);
        let mut fields = row.splitn(6, separator).map(|field| field.trim().trim_matches('"'));
        let (Some(level), Some(date), Some(source), Some(id)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return false;
        };
        let levels = ["Error", "Warning", "Information", "Critical", "Audit Failure"];
        let (Some(source), Ok(id)) = (known_source(source), id.parse::<u32>()) else {
            return false;
        };
        let Some(stamp) = moment(date) else { return false };
        if !levels.contains(&level) {
            return false;
        }
        self.close(text);
        let number = fields.nth(1).and_then(stated);
        let said = Said::Logged { source, id, number };
        text.event(Event::new(line.number, Some(stamp), line.text, What::Windows(said)));
        true
    }

    /// `Event 26011, MSSQL$SQLTMS`, or the lines `Source:`, `Date:`, `Event ID:`, `Description:`.
    fn detail(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let content = line.text.trim();
        if let Some((id, source)) =
            content.strip_prefix("Event ").and_then(|rest| rest.split_once(", "))
            && let (Ok(id), Some(source)) = (id.parse::<u32>(), known_source(source))
        {
            self.close(text);
            self.open = Some(Open {
                line: line.number,
                head: content.to_owned(),
                source: Some(source),
                id: Some(id),
                ..Open::default()
            });
            return true;
        }
        if let Some((name, value)) = content.split_once(':') {
            let value = value.trim();
            match name {
                "Log Name" => {
                    self.close(text);
                    let head = content.to_owned();
                    self.open = Some(Open { line: line.number, head, ..Open::default() });
                    return true;
                }
                "Source" | "Date" | "Event ID" => {
                    let Some(open) = &mut self.open else { return false };
                    match name {
                        "Source" => open.source = known_source(value),
                        "Date" => open.stamp = moment(value),
                        _ => open.id = value.parse().ok(),
                    }
                    if open.source.is_some() && name == "Event ID" {
                        open.head = format!("{}, {content}", open.source.as_deref().unwrap_or(""));
                    }
                    return true;
                }
                "Task" | "Task Category" | "Level" | "Keywords" | "User" | "User Name"
                | "Opcode" | "Computer" | "Description" => return self.open.is_some(),
                _ => {}
            }
        }
        let Some(open) = &mut self.open else { return false };
        if content.is_empty() {
            return false;
        }
        if content.starts_with("General") && content.ends_with("Details") {
            return true;
        }
        // One line of description; what follows belongs to something else.
        if open.described || open.id.is_none() {
            self.close(text);
            return false;
        }
        open.described = true;
        open.number = stated(content);
        true
    }

    /// `sc query`: `SERVICE_NAME: x`, later `STATE : 1 STOPPED`; `Get-Service`: `Stopped  x  Display name`.
    fn state(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let content = line.text.trim();
        if let Some(name) = content.strip_prefix("SERVICE_NAME:") {
            self.service = known_service(name.trim());
            return true;
        }
        if let Some(name) = self.service.clone() {
            if let Some(state) = content.strip_prefix("STATE") {
                self.service = None;
                let running = state.contains("RUNNING");
                let said = Said::Service { name, running };
                text.event(Event::new(line.number, None, content, What::Windows(said)));
                return true;
            }
            let parts = ["DISPLAY_NAME", "TYPE", "PID", "("];
            let is_part = parts.iter().any(|part| content.starts_with(part));
            if !is_part {
                self.service = None;
            }
            return is_part;
        }
        let mut words = content.split("  ").map(str::trim).filter(|word| !word.is_empty());
        let running = match words.next() {
            Some("Running") => true,
            Some("Stopped") => false,
            _ => return false,
        };
        let Some(name) = words.next().and_then(known_service) else { return false };
        let said = Said::Service { name, running };
        text.event(Event::new(line.number, None, content, What::Windows(said)));
        true
    }

    fn xml(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let mut pieces = line.text.split("</Event>").peekable();
        while let Some(piece) = pieces.next() {
            if piece.contains("<Event ") && !self.is_xml() {
                self.close(text);
                let form = Form::Xml;
                self.open = Some(Open { line: line.number, form, ..Open::default() });
            }
            if let Some(open) = &mut self.open {
                open.read_xml(piece);
            }
            if pieces.peek().is_some() {
                self.close(text);
            }
        }
        true
    }
}

impl Open {
    fn read_xml(&mut self, piece: &str) {
        if let Some(name) = attribute(piece, "<Provider ", "Name=") {
            self.source = known_source(name);
        }
        if let Some(time) = attribute(piece, "<TimeCreated ", "SystemTime=") {
            // The event log keeps UTC.
            self.stamp = moment(time).map(|stamp| Stamp { zone: Some(0), ..stamp });
        }
        if let Some(id) = piece.split("<EventID").nth(1).and_then(|rest| rest.split('>').nth(1)) {
            self.id = id.split('<').next().and_then(|id| id.trim().parse().ok());
            let source = self.source.as_deref().unwrap_or_default();
            self.head = format!("{source}, event {}", self.id.unwrap_or_default());
        }
        for data in piece.split("<Data").skip(1) {
            let value = data.split('>').nth(1).and_then(|rest| rest.split('<').next());
            let named = ["AlertDesc", "ErrorState"].iter().any(|name| data.contains(name));
            if named && self.number.is_none() {
                self.number = value.and_then(|value| value.trim().parse().ok());
            }
        }
    }
}

/// The value of an attribute of the first element that begins with `element`.
fn attribute<'a>(xml: &'a str, element: &str, name: &str) -> Option<&'a str> {
    let rest = xml.split(element).nth(1)?.split('>').next()?.split(name).nth(1)?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest.get(1..)?.split(quote).next()
}

/// A line of the list whose tabs a mail made blanks, with commas: `Error 5/25/2016 9:31:16 PM MSSQL$SQLTMS 26011 Server`.
fn apart(line: &str) -> Option<String> {
    if line.len() > limits::TEXT_EXCERPT || line.contains([',', '\t']) {
        return None;
    }
    let (level, rest) = line.trim().split_once(' ')?;
    let mut words = rest.split_ascii_whitespace();
    let mut date = Vec::new();
    let source = loop {
        match words.next()? {
            word if known_source(word).is_some() => break word,
            word if date.len() < 3 => date.push(word),
            _ => return None,
        }
    };
    let id = words.next()?;
    let more: Vec<&str> = words.collect();
    Some(format!("{level},{},{source},{id},{}", date.join(" "), more.join(" ")))
}

/// A source that matters here, as Windows writes it.
fn known_source(text: &str) -> Option<String> {
    let name = text.trim().replace("\\$", "$");
    let sound = name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"$-_".contains(&byte));
    let wanted = name.starts_with("MSSQL") || name.starts_with("TMS") || name == "Schannel";
    (sound && wanted).then_some(name)
}

fn known_service(text: &str) -> Option<String> {
    let name = text.trim();
    let lower = name.to_ascii_lowercase();
    let wanted = lower.starts_with("tms") || lower.starts_with("mssql") || lower == "w3svc";
    let sound = !name.contains(char::is_whitespace) && name.len() <= 64 && !name.ends_with("...");
    (wanted && sound).then(|| name.to_owned())
}

/// The number that a description of Schannel names: an alert, or an internal error state.
fn stated(description: &str) -> Option<u32> {
    let behind = ["alert code is ", "error code is ", "error state is "]
        .into_iter()
        .find_map(|words| description.split(words).nth(1))?;
    let length = behind.bytes().take_while(u8::is_ascii_digit).count();
    behind.get(..length)?.parse().ok()
}

/// `5/25/2016 9:31:16 PM`, `25/05/2016 21:31:16`, `2016-05-25T21:31:16.000`. Without AM or PM, a day up to 12 could be
/// a month: the date is left out.
pub fn moment(text: &str) -> Option<Stamp> {
    let text = text.trim();
    let separator = if text.contains('T') { 'T' } else { ' ' };
    let (date, clock) = text.split_once(separator)?;
    let clock = clock.trim_end_matches('Z').trim();
    let (time, half) = match clock.split_once(' ') {
        Some((time, half)) => (time, half.trim()),
        None => (clock, ""),
    };
    let padded = if time.find(':') == Some(1) { format!("0{time}") } else { time.to_owned() };
    let (mut stamp, _) = Stamp::clock(&padded)?;
    match half {
        "AM" if stamp.seconds >= 12 * 3600 => {
            stamp.seconds = stamp.seconds.checked_sub(12 * 3600)?;
        }
        "PM" if stamp.seconds < 12 * 3600 => {
            stamp.seconds = stamp.seconds.checked_add(12 * 3600)?;
        }
        _ => {}
    }
    if let Some((year, rest)) = digits(date, 4) {
        let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
        let (day, _) = digits(rest.strip_prefix('-')?, 2)?;
        stamp.year = i32::try_from(year).ok();
        stamp.date = Some((u8::try_from(month).ok()?, u8::try_from(day).ok()?));
        return Some(stamp);
    }
    let mut parts = date.split(['/', '.']);
    let first: u8 = parts.next()?.parse().ok()?;
    let second: u8 = parts.next()?.parse().ok()?;
    stamp.year = Some(parts.next().filter(|year| year.len() == 4)?.parse().ok()?);
    stamp.date = match (half, first, second) {
        ("AM" | "PM", month, day) => Some((month, day)),
        (_, day, month) if day > 12 => Some((month, day)),
        (_, month, day) if day > 12 => Some((month, day)),
        _ => None,
    };
    Some(stamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Reader;

    fn read(text: &str) -> Vec<(u64, Option<Stamp>, Said)> {
        let mut reader = Reader::default();
        reader.push(text.as_bytes());
        let said = |event: Event| match event.what {
            What::Windows(said) => (event.line, event.stamp, said),
            other => panic!("{other:?}"),
        };
        reader.end().events.into_iter().map(said).collect()
    }

    fn logged(source: &str, id: u32, number: Option<u32>) -> Said {
        Said::Logged { source: source.to_owned(), id, number }
    }

    #[test]
    fn events_are_read_from_lists_details_and_xml() {
        let found = read(
            "Error\t5/25/2016 9:31:16 PM\tMSSQL\\$SQLTMS\t26011\tServer\t\r\n\
             Error,25/05/2016 20:35:48,MSSQL$SQLTMS,3999,Server,\"x\"\r\n\
             Event 26011, MSSQL\\$SQLTMS\r\n\r\nGeneral | Details\r\n\r\nThe server was unable\r\n\r\n\
             Log Name:      System\nSource:        Schannel\nDate:          2016-05-25T21:31:16.000\nEvent ID:      36887\nTask: N/A\nDescription: \nA fatal alert was received from the remote endpoint. The TLS protocol defined fatal alert code is 70.\n\
             <Event xmlns='x'><System><Provider Name='Schannel' Guid='{1}'/><EventID>36888</EventID><TimeCreated SystemTime='2016-05-25T19:31:16.5Z'/></System><EventData><Data Name='AlertDesc'>40</Data><Data Name='ErrorState'>1205</Data></EventData></Event><Event xmlns='x'><Provider Name='Other'/><EventID>1</EventID></Event>\n",
        );
        let stamp =
            |seconds| Stamp { year: Some(2016), date: Some((5, 25)), seconds, ..Stamp::default() };
        assert_eq!(
            found,
            [
                (1, Some(stamp(77_476)), logged("MSSQL$SQLTMS", 26_011, None)),
                (2, Some(stamp(74_148)), logged("MSSQL$SQLTMS", 3_999, None)),
                (3, None, logged("MSSQL$SQLTMS", 26_011, None)),
                (9, Some(stamp(77_476)), logged("Schannel", 36_887, Some(70))),
                (
                    16,
                    Some(Stamp { zone: Some(0), micros: 500_000, ..stamp(70_276) }),
                    logged("Schannel", 36_888, Some(40))
                ),
            ]
        );
    }

    #[test]
    fn rows_whose_tabs_became_blanks_are_read() {
        let found = read("Error 5/25/2016 9:31:16 PM MSSQL$SQLTMS 26011 Server\n");
        let stamp =
            Stamp { year: Some(2016), date: Some((5, 25)), seconds: 77_476, ..Stamp::default() };
        assert_eq!(found, [(1, Some(stamp), logged("MSSQL$SQLTMS", 26_011, None))]);
        for other in ["Error of MSSQL$SQLTMS 26011", "Error 1 2 3 4 MSSQL$SQLTMS 26011"] {
            assert_eq!(read(other), [], "{other}");
        }
    }

    #[test]
    fn services_have_a_state() {
        let found = read(
            "SERVICE_NAME: TMSSNMP\n        TYPE               : 10  WIN32_OWN_PROCESS\n        STATE              : 1  STOPPED\n\n\
             SERVICE_NAME: Spooler\n        STATE              : 4  RUNNING\n\
             Running  MSSQL$SQLTMS       SQL Server (SQLTMS)\nStopped  TMSPLCMDirectoryService  Cisco TMS PLCM\nStopped  and left alone\n",
        );
        let service = |name: &str, running| Said::Service { name: name.to_owned(), running };
        let found: Vec<_> = found.into_iter().map(|(line, _, said)| (line, said)).collect();
        assert_eq!(
            found,
            [
                (3, service("TMSSNMP", false)),
                (7, service("MSSQL$SQLTMS", true)),
                (8, service("TMSPLCMDirectoryService", false)),
            ]
        );
    }

    #[test]
    fn days_and_months_are_not_guessed() {
        let read = |text| moment(text).map(|stamp| (stamp.date, stamp.seconds));
        assert_eq!(read("5/4/2016 12:00:01 AM"), Some((Some((5, 4)), 1)));
        assert_eq!(read("25.05.2016 00:00:01"), Some((Some((5, 25)), 1)));
        assert_eq!(read("04/05/2016 00:00:01"), Some((None, 1)));
        assert_eq!(read("5/25/16 9:31 PM"), None);
        assert_eq!(read("never"), None);
    }
}
