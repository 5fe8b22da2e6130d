//! What Cisco TMS shows of a system (its page, its tickets), and versions of software that stand alone on a line
//! (D1, D17, D18, D26).

use serde::{Deserialize, Serialize};

use crate::text::event::{Event, What};
use crate::text::windows_event::moment;
use crate::text::{Format, Line, Recognise, Signs, Text};

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// `Security violation: Telnet communication is not allowed`, or SNMP: the method that TMS may not use.
    NotAllowed(String),
    /// `No HTTPS response`.
    NoHttpsResponse,
    /// A ticket `TMS Connection Error`, with its number.
    ConnectionError(u64),
    /// A version of a product.
    Version(Product, String),
}

/// A product whose version decides something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Product {
    /// Software of a video endpoint: `TC7.3.6`, `CE8.1.0`.
    Endpoint,
    /// Cisco TMS.
    Tms,
    /// Microsoft SQL Server, by its year.
    SqlServer,
    /// Windows Server, by its year.
    Windows,
}

/// Reads the lines.
#[derive(Debug, Default)]
pub struct Tms;

impl Recognise for Tms {
    fn format(&self) -> Format {
        Format::Tms
    }

    fn signs(&self) -> Signs {
        Signs {
            beginnings: &[
                "#",
                "status",
                "no",
                "software",
                "version",
                "tc",
                "ce",
                "cisco",
                "tms",
                "microsoft",
                "sql",
                "windows",
            ],
            marks: &["Security violation: ", "Connection status is '"],
            ..Signs::default()
        }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let Some(said) = said(line.text.trim()) else { return false };
        let stamp = match &said {
            // `#1160969 - TMS Connection Error (5/25/2016 9:29:19 PM)`
            Said::ConnectionError(_) => line
                .text
                .split_once('(')
                .and_then(|(_, rest)| rest.split_once(')'))
                .and_then(|(date, _)| moment(date)),
            _ => None,
        };
        text.event(Event::new(line.number, stamp, line.text.trim(), What::Tms(said)));
        true
    }
}

fn said(line: &str) -> Option<Said> {
    const VIOLATION: &str = "Security violation: ";
    if let Some((_, rest)) = line.split_once(VIOLATION)
        && let Some((method, _)) = rest.split_once(" communication is not allowed")
        && matches!(method, "Telnet" | "SNMP" | "HTTP" | "HTTPS" | "FTP")
    {
        return Some(Said::NotAllowed(method.to_owned()));
    }
    if let Some((number, rest)) = line.strip_prefix('#').and_then(|rest| rest.split_once(" - "))
        && rest.starts_with("TMS Connection Error")
    {
        return number.parse().ok().map(Said::ConnectionError);
    }
    let status = line.strip_prefix("Status:").or_else(|| {
        let (_, rest) = line.split_once("Connection status is '")?;
        rest.split('\'').next()
    });
    if status.unwrap_or(line).trim().eq_ignore_ascii_case("no HTTPS response") {
        return Some(Said::NoHttpsResponse);
    }
    let (product, version) = version(line)?;
    Some(Said::Version(product, version))
}

/// A version that stands alone on a line, perhaps behind a label or the mark of a list.
fn version(line: &str) -> Option<(Product, String)> {
    let line = line.trim_start_matches(['-', '*', '\u{2022}']).trim();
    let label = ["Software version:", "Software Version:", "Version:"];
    let labelled = label.iter().find_map(|label| line.strip_prefix(label)).map(str::trim);
    if let Some(version) = endpoint(labelled.unwrap_or(line)) {
        return Some((Product::Endpoint, version));
    }
    let products = [
        ("Cisco TelePresence Management Suite ", Product::Tms),
        ("Cisco TMS ", Product::Tms),
        ("TMS ", Product::Tms),
        ("Microsoft SQL Server ", Product::SqlServer),
        ("SQL Server ", Product::SqlServer),
        ("Microsoft Windows Server ", Product::Windows),
        ("Windows Server ", Product::Windows),
    ];
    let (rest, product) =
        products.iter().find_map(|(name, product)| Some((line.strip_prefix(name)?, *product)))?;
    let version = match product {
        Product::Tms => number(rest.trim_start_matches("version ").trim())?,
        // `2008 R2 (SP3) - 10.50.6000.34 (X64)` is what `select @@version` prints.
        _ => {
            let (year, rest) = rest.get(..4).zip(rest.get(4..))?;
            if !year.starts_with("20") || !year.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            match rest.strip_prefix(" R2").map_or((rest, ""), |rest| (rest, " R2")) {
                ("", second) => format!("{year}{second}"),
                (rest, second) if rest.starts_with(" (") || rest.starts_with(" - ") => {
                    format!("{year}{second}")
                }
                _ => return None,
            }
        }
    };
    Some((product, version))
}

/// `TC7.3.6.7c84ee4`, `ce8.1.0`, `CE 9.15.3.22`: the family and its first three numbers.
pub fn endpoint(text: &str) -> Option<String> {
    let family = text.get(..2)?.to_ascii_uppercase();
    if !matches!(family.as_str(), "TC" | "CE") {
        return None;
    }
    let rest = text.get(2..)?.trim_start();
    let (version, tail) = rest.split_at_checked(
        rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count(),
    )?;
    let parts: Vec<&str> = version.trim_end_matches('.').split('.').take(3).collect();
    let sound = parts.len() == 3
        && parts.iter().all(|part| !part.is_empty() && part.len() <= 4)
        && tail.bytes().all(|byte| byte.is_ascii_hexdigit());
    sound.then(|| format!("{family}{}", parts.join(".")))
}

/// Numbers and points only, at least two numbers.
fn number(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('.').collect();
    let digits = |part: &&str| {
        !part.is_empty() && part.len() <= 6 && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    ((2..=4).contains(&parts.len()) && parts.iter().all(digits)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_tms_are_told_apart() {
        let violation = "Polycom HDX 9002 Status: Security violation: Telnet communication is not allowed Address: 10.20.65.121";
        assert_eq!(said(violation), Some(Said::NotAllowed("Telnet".to_owned())));
        assert_eq!(
            said("#1160969 - TMS Connection Error (5/25/2016 9:29:19 PM)"),
            Some(Said::ConnectionError(1_160_969))
        );
        for line in ["Status: No HTTPS response", "no https response"] {
            assert_eq!(said(line), Some(Said::NoHttpsResponse), "{line}");
        }
        for prose in [
            "the message \"no HTTPS response\" appears",
            "There is a connection problem between TMS and the system.",
            "TMS is a product",
            "SQL Server 2008 R2 e 2012",
            "TC 7.3.6 e superiori",
            "Windows Server",
            "CErtificate 1.2.3",
        ] {
            assert_eq!(said(prose), None, "{prose}");
        }
    }

    #[test]
    fn versions_stand_alone_on_a_line() {
        for (line, product, version) in [
            ("Software version: TC7.3.6.7c84ee4", Product::Endpoint, "TC7.3.6"),
            ("ce8.1.0", Product::Endpoint, "CE8.1.0"),
            ("- CE 9.15.3.22", Product::Endpoint, "CE9.15.3"),
            ("- TMS 15.2.1", Product::Tms, "15.2.1"),
            ("Cisco TMS version 14.6.2", Product::Tms, "14.6.2"),
            (
                "Microsoft SQL Server 2008 R2 (SP3) - 10.50.6000.34 (X64)",
                Product::SqlServer,
                "2008 R2",
            ),
            ("- Windows Server 2012 R2", Product::Windows, "2012 R2"),
        ] {
            assert_eq!(said(line), Some(Said::Version(product, version.to_owned())), "{line}");
        }
    }
}
