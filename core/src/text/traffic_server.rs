//! Lines of Apache Traffic Server about origins: what its check of a server's certificate found, and handshakes that failed.
//!
//! The lines are those of 8.1 to master (domain item 2.6; their sources are named in x509.md section 6), on one line or cut into several
//! pieces by a copy. tlvet's own filter writes the same lines. What stands in front of them (a process name, a
//! thread, the place in the source) is not looked at here, see [`message`].

use std::sync::LazyLock;

use memchr::memmem::{self, Finder};
use serde::{Deserialize, Serialize};

use crate::proto::tls::alert_name;
use crate::text::stamp::month;
use crate::x509::chain::number_of_text;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// An origin's certificate was not accepted.
    Refused {
        /// What is wrong with it.
        fault: Fault,
        /// What was done about it.
        action: Action,
        /// The name that was asked for, or the address where there was none; empty where the line names none.
        name: String,
        /// The server's address, where the line says it.
        address: Option<String>,
    },
    /// A handshake with an origin came to nothing.
    Failed {
        /// The name, or the address, of the origin.
        name: String,
        /// Why.
        reason: Reason,
    },
    /// 7.x: the check failed, and the line does not say for whom.
    Continued,
}

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fault {
    /// Its chain.
    Chain {
        /// OpenSSL's number, as 3.0 numbers errors; `None` for a text that no version has.
        code: Option<u32>,
        /// OpenSSL's text.
        text: String,
        /// Depth of the certificate, 0 for the server's own; a build with BoringSSL does not say it.
        depth: Option<u32>,
    },
    /// The name is not in it.
    Name,
    /// Its raw public key is none of those trusted.
    PublicKey,
    /// A plugin refused it.
    Plugin,
    /// tlvet's filter refused it for a reason that Traffic Server has no line for.
    Other {
        /// The reason, in the filter's word.
        reason: String,
    },
}

/// What Traffic Server did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Action {
    /// It only said so (policy PERMISSIVE, mode monitor).
    Continue,
    /// It ended the connection (policy ENFORCED).
    Terminate,
}

/// Why a handshake came to nothing, out of OpenSSL's packed error.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// `certificate verify failed`: a line before says why.
    VerifyFailed,
    /// The origin sent an alert (RFC 8446 section 6): it does not like Traffic Server's own certificate, or version.
    Alert {
        /// Its number.
        description: u8,
    },
    /// Anything else, in OpenSSL's words.
    Other {
        /// The words.
        text: String,
    },
}

impl Reason {
    /// The name of the alert, or the reason in words.
    pub fn text(&self) -> String {
        match self {
            Self::VerifyFailed => "certificate verify failed".to_owned(),
            Self::Alert { description } => alert_name(*description)
                .map_or_else(|| format!("alert {description}"), str::to_owned),
            Self::Other { text } => text.clone(),
        }
    }
}

/// How the messages begin.
const BEGINNINGS: [&str; 8] = [
    "Core server certificate verification failed for",
    "SNI (",
    "SSL connection failed for",
    "Origin hostname (",
    "Origin raw public key did not match any trusted key",
    "TS_EVENT_SSL_VERIFY_SERVER plugin failed the origin certificate check for",
    "tlvet: origin not verified",
    "Server certificate verification failed but continuing with the connection establishment",
];

/// The message in a line, without what stands in front of it: a severity, a thread, a place in the source. `None` when the line holds no
/// such message, or only speaks of one.
pub fn message(line: &str) -> Option<&str> {
    // A search is longer in the making than a line is in the reading.
    static SEARCHES: LazyLock<[Finder<'static>; 8]> = LazyLock::new(|| BEGINNINGS.map(Finder::new));
    let at = SEARCHES.iter().find_map(|beginning| {
        let at = beginning.find(line.as_bytes())?;
        is_preamble(line.get(..at)?).then_some(at)
    })?;
    line.get(at..)
}

/// The text may be the beginning of such a message that a copy cut: behind the thread, behind the severity, or in the
/// middle of the words.
pub fn may_begin(text: &str) -> bool {
    let text = text.trim();
    if THREAD.starts_with(text) {
        return true;
    }
    let text = match text.strip_prefix(THREAD) {
        Some(rest) => rest.split_once(']').map_or("", |(_, rest)| rest.trim_start()),
        None => own_log(text).unwrap_or(text),
    };
    let Some(text) = SEVERITIES.iter().find_map(|severity| match text.strip_prefix(severity) {
        Some(rest) => Some(rest.trim_start()),
        None => severity.starts_with(text).then_some(""),
    }) else {
        return false;
    };
    // Behind the severity the place in the source may stand, whole or cut.
    let text = match text.strip_prefix("<SSL").map(|rest| rest.split_once('>')) {
        Some(None) => return true,
        Some(Some((_, rest))) => rest.trim_start(),
        None => text,
    };
    BEGINNINGS.iter().any(|beginning| beginning.starts_with(text) || text.starts_with(beginning))
}

/// What stands behind time and thread in a line of Traffic Server's own log: `[Jun 17 06:14:28.410] {0x2b1a6cb05700} …`.
pub fn own_log(line: &str) -> Option<&str> {
    let line = line.strip_prefix('[')?;
    month(line.get(..3)?)?;
    let (_, rest) = line.split_once("] {0x")?;
    let (thread, rest) = rest.split_once('}')?;
    thread.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| rest.trim_start())
}

const THREAD: &str = "[ET_NET ";
const SEVERITIES: [&str; 5] = ["WARNING:", "ERROR:", "NOTE:", "DIAG:", "STATUS:"];

fn is_severity(text: &str) -> bool {
    let text = text.trim_end();
    SEVERITIES.iter().any(|word| text.ends_with(word))
}

/// Nothing, a severity, a thread, or a place in the source: not the middle of a sentence.
fn is_preamble(text: &str) -> bool {
    let text = text.trim_end();
    text.is_empty() || text.ends_with([']', '}', '>']) || is_severity(text)
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// All of it is there.
    Whole(Said),
    /// All that it needs is there, and more may follow (the depth).
    Enough(Said),
    /// More must follow.
    Cut,
    /// It is no message of Traffic Server.
    Nothing,
}

/// Reads a message, from its first word on. Pieces of a cut one are joined by blanks, which may stand anywhere.
pub fn read(message: &str) -> Progress {
    let [core, sni, failed, host, key, plugin, own, continued] = BEGINNINGS;
    if let Some(rest) = message.strip_prefix(core) {
        read_chain(rest)
    } else if let Some(rest) = message.strip_prefix(sni).or(message.strip_prefix(host)) {
        read_name(rest)
    } else if let Some(rest) = message.strip_prefix(failed) {
        read_failed(rest)
    } else if let Some(rest) = message.strip_prefix(key) {
        refused(rest, Fault::PublicKey, None)
    } else if let Some(rest) = message.strip_prefix(plugin) {
        read_plugin(rest)
    } else if let Some(rest) = message.strip_prefix(own) {
        let Some(reason) = word_behind(rest, "Reason=") else { return Progress::Cut };
        refused(rest, Fault::Other { reason: reason.to_owned() }, None)
    } else if message.starts_with(continued) {
        Progress::Whole(Said::Continued)
    } else {
        Progress::Nothing
    }
}

/// ` (cucm.steven.lab). Action=Terminate Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0`
fn read_chain(rest: &str) -> Progress {
    let Some((name, rest)) = parenthesis(rest) else { return cut_or_nothing(rest, "(") };
    let Some(text) = between(rest, "Error=", "server=") else { return Progress::Cut };
    let Some(server) = behind(rest, "server=") else { return Progress::Cut };
    let depth = behind(server, "depth=").map(|depth| {
        let depth = depth.trim_start();
        let end = depth.bytes().take_while(u8::is_ascii_digit).count();
        depth.get(..end).and_then(|digits| digits.parse::<u32>().ok())
    });
    let is_whole = matches!(depth, Some(Some(_)));
    let fault = Fault::Chain {
        code: number_of_text(text),
        text: text.trim().to_owned(),
        depth: depth.flatten(),
    };
    match refused(rest, fault, Some(name)) {
        Progress::Whole(said) if !is_whole => Progress::Enough(said),
        other => other,
    }
}

/// `10.48.36.215) not in certificate. Action=Terminate server=10.48.36.215(10.48.36.215)`, behind the parenthesis.
fn read_name(rest: &str) -> Progress {
    let Some((name, rest)) = rest.split_once(')') else { return cut_or_nothing(rest, "") };
    let Some(name) = plain_name(name) else { return Progress::Nothing };
    let Some(rest) = behind(rest, "not in certificate") else { return Progress::Cut };
    refused(rest, Fault::Name, Some(name))
}

/// ` cucm.example.com.  Action=Terminate SNI=cucm.example.com`
fn read_plugin(rest: &str) -> Progress {
    let Some(name) = word_behind(rest, "SNI=") else { return Progress::Cut };
    let Some(action) = action(rest) else { return Progress::Cut };
    let name = plain_name(name).unwrap_or_default().to_owned();
    Progress::Whole(Said::Refused { fault: Fault::Plugin, action, name, address: None })
}

/// ` 'cucm.steven.lab': error:1416F086:SSL routines:tls_process_server_certificate:certificate verify failed`
fn read_failed(rest: &str) -> Progress {
    let Some((_, rest)) = rest.split_once('\'') else { return cut_or_nothing(rest, "'") };
    let Some((name, rest)) = rest.split_once('\'') else { return cut_or_nothing(rest, "") };
    let Some(name) = plain_name(name) else { return Progress::Nothing };
    let name = name.to_owned();
    let Some(error) = behind(rest, "error:") else {
        // Some builds end the line behind the name, or give the text of errno.
        let text = rest.trim_start_matches([':', ' ']).trim().to_owned();
        if text.is_empty() || "error:".starts_with(text.as_str()) {
            return Progress::Cut;
        }
        return Progress::Enough(Said::Failed { name, reason: Reason::Other { text } });
    };
    let mut parts = error.splitn(4, ':');
    let code = parts.next().map(str::trim).and_then(|code| u32::from_str_radix(code, 16).ok());
    let Some(text) = parts.nth(2) else { return Progress::Cut };
    let text = text.trim();
    let said = |reason| Said::Failed { name: name.clone(), reason };
    match code.map(|code| code & 0xfff) {
        // The packed error ends in its reason: 134 in the library SSL is "certificate verify failed", and from 1000 on
        // it is the number of an alert that was received (openssl/sslerr.h).
        Some(134) => Progress::Whole(said(Reason::VerifyFailed)),
        Some(reason @ 1000..=1255) => match u8::try_from(reason - 1000) {
            Ok(description) => Progress::Whole(said(Reason::Alert { description })),
            Err(_) => Progress::Nothing,
        },
        _ if text.is_empty() => Progress::Cut,
        _ => Progress::Enough(said(Reason::Other { text: text.to_owned() })),
    }
}

/// The parts that all refusals share: `Action=… server=…(…)`.
fn refused(rest: &str, fault: Fault, name: Option<&str>) -> Progress {
    let Some(action) = action(rest) else { return Progress::Cut };
    let Some(server) = behind(rest, "server=") else { return Progress::Cut };
    let Some((server, address)) = server.split_once('(') else { return Progress::Cut };
    // glibc prints a null pointer as `(null)`.
    let (server, address) = match address.strip_prefix("null)") {
        Some(rest) if server.trim().is_empty() => match rest.split_once('(') {
            Some((_, address)) => ("", address),
            None => return Progress::Cut,
        },
        _ => (server, address),
    };
    let Some((address, _)) = address.split_once(')') else { return Progress::Cut };
    let server = plain_name(server).unwrap_or_default();
    let address = plain_name(address).filter(|address| *address != "unknown").map(str::to_owned);
    let name = match (name, server) {
        (Some(name), _) => name,
        (None, "") => address.as_deref().unwrap_or_default(),
        (None, server) => server,
    };
    Progress::Whole(Said::Refused { fault, action, name: name.to_owned(), address })
}

fn action(rest: &str) -> Option<Action> {
    match word_behind(rest, "Action=")? {
        "Terminate" => Some(Action::Terminate),
        "Continue" => Some(Action::Continue),
        _ => None,
    }
}

/// A message that ends in front of `open`, or in the name behind it, is cut; one that goes on with anything else is none.
fn cut_or_nothing(rest: &str, open: &str) -> Progress {
    let rest = rest.trim();
    let name = rest.strip_prefix(open).unwrap_or_default().trim();
    let is_cut = rest.is_empty() || rest == open || plain_name(name).is_some();
    if is_cut { Progress::Cut } else { Progress::Nothing }
}

/// What stands in the first parenthesis, which is the next thing in the text.
fn parenthesis(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.trim_start().strip_prefix('(')?.split_once(')')?;
    Some((plain_name(name)?, rest))
}

/// A host name or an address; blanks around it come from a cut.
fn plain_name(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:%*".contains(&byte);
    // RFC 1035 section 2.3.4, as in `context`.
    (!text.is_empty() && text.len() <= 253 && text.bytes().all(is_plain)).then_some(text)
}

fn behind<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let at = memmem::find(text.as_bytes(), mark.as_bytes())?;
    text.get(at.checked_add(mark.len())?..)
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    let text = behind(text, from)?;
    text.get(..memmem::find(text.as_bytes(), to.as_bytes())?)
}

fn word_behind<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    behind(text, mark)?.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(line: &str) -> Said {
        match read(message(line).unwrap()) {
            Progress::Whole(said) | Progress::Enough(said) => said,
            other => panic!("{line}: {other:?}"),
        }
    }

    fn refused(fault: Fault, action: Action, name: &str, address: Option<&str>) -> Said {
        let address = address.map(str::to_owned);
        Said::Refused { fault, action, name: name.to_owned(), address }
    }

    fn chain(code: u32, text: &str, depth: Option<u32>) -> Fault {
        Fault::Chain { code: Some(code), text: text.to_owned(), depth }
    }

    #[test]
    fn every_version_and_prefix() {
        let terminate = Action::Terminate;
        let cucm = "cucm.steven.lab";
        let ip = Some("10.48.36.215");
        for (line, said) in [
            (
                "[ET_NET 0] WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Terminate Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0",
                refused(chain(18, "self signed certificate", Some(0)), terminate, cucm, ip),
            ),
            (
                "[ET_NET 1]WARNING:Core server certificate verification failed for (cucm.steven.lab). Action=Continue Error=self-signed certificate in certificate chain server=cucm.steven.lab(10.48.36.215)",
                refused(
                    chain(19, "self-signed certificate in certificate chain", None),
                    Action::Continue,
                    cucm,
                    ip,
                ),
            ),
            (
                "[Jun 17 06:14:28.410] {0x2b1a6cb05700} WARNING: <SSLClientUtils.cc:96 (verify_callback)> Core server certificate verification failed for (10.48.36.215). Action=Terminate Error=unable to get local issuer certificate server=(null)(10.48.36.215) depth=1",
                refused(
                    chain(20, "unable to get local issuer certificate", Some(1)),
                    terminate,
                    "10.48.36.215",
                    ip,
                ),
            ),
            (
                "[2026-11-20 10:00:00.123][12][warning][wasm] [source/extensions/common/wasm/context.cc:1195] wasm log tlvet: WARNING: SNI (10.48.36.215) not in certificate. Action=Terminate server=10.48.36.215(unknown)",
                refused(Fault::Name, terminate, "10.48.36.215", None),
            ),
            (
                "WARNING: SNI (2001:db8::1) not in certificate. Action=Terminate server=2001:db8::1(2001:db8::1)",
                refused(Fault::Name, terminate, "2001:db8::1", Some("2001:db8::1")),
            ),
            (
                "[Jun 17 06:14:28.410] [ET_NET 3] WARNING: Origin hostname (www.example.com) not in certificate. Action=Terminate server=bar.com(127.0.0.1)",
                refused(Fault::Name, terminate, "www.example.com", Some("127.0.0.1")),
            ),
            (
                "WARNING: Origin raw public key did not match any trusted key. Action=Terminate server=bar.com(127.0.0.1)",
                refused(Fault::PublicKey, terminate, "bar.com", Some("127.0.0.1")),
            ),
            (
                "WARNING: TS_EVENT_SSL_VERIFY_SERVER plugin failed the origin certificate check for bar.com.  Action=Continue SNI=bar.com",
                refused(Fault::Plugin, Action::Continue, "bar.com", None),
            ),
            (
                "WARNING: tlvet: origin not verified. Action=Terminate Reason=tls13 server=bar.com(10.0.0.1)",
                refused(
                    Fault::Other { reason: "tls13".to_owned() },
                    terminate,
                    "bar.com",
                    Some("10.0.0.1"),
                ),
            ),
            (
                "WARNING: Server certificate verification failed but continuing with the connection establishment",
                Said::Continued,
            ),
        ] {
            assert_eq!(whole(line), said, "{line}");
        }
    }

    #[test]
    fn failed_handshakes_by_the_packed_error() {
        let verify = Reason::VerifyFailed;
        let unknown_ca = Reason::Alert { description: 48 };
        for (error, reason) in [
            (
                "1416F086:SSL routines:tls_process_server_certificate:certificate verify failed",
                &verify,
            ),
            ("0A000086:SSL routines::certificate verify failed", &verify),
            (
                "14090086:SSL routines:ssl3_get_server_certificate:certificate verify failed",
                &verify,
            ),
            ("14094418: SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca", &unknown_ca),
            ("0A000418:SSL routines::tlsv1 alert unknown ca", &unknown_ca),
            (
                "1408F10B:SSL routines:ssl3_get_record:wrong version number",
                &Reason::Other { text: "wrong version number".to_owned() },
            ),
        ] {
            let line =
                format!("[ET_NET 1]ERROR:SSL connection failed for 'expc.cisco.com':error:{error}");
            let name = "expc.cisco.com".to_owned();
            assert_eq!(whole(&line), Said::Failed { name, reason: reason.clone() }, "{line}");
        }
        assert_eq!(unknown_ca.text(), "unknown_ca");
    }

    #[test]
    fn cut_messages_want_more() {
        let line = "SNI ( 10.48.36.215 ) not in certificate . Action=Terminate server=10.48.36.215(10.48.36.215)";
        let said = refused(Fault::Name, Action::Terminate, "10.48.36.215", Some("10.48.36.215"));
        assert_eq!(read(line), Progress::Whole(said));
        for end in ["SNI (".len(), 10, 30, 45, 60, line.len() - 1] {
            assert_eq!(read(line.get(..end).unwrap()), Progress::Cut, "{end}");
        }
        let line = "Core server certificate verification failed for (a.b). Action=Terminate Error=certificate has expired server=a.b(1.2.3.4) depth=2";
        for end in [47, 60, 80, 100, 112] {
            assert_eq!(read(line.get(..end).unwrap()), Progress::Cut, "{end}");
        }
        assert!(matches!(read(line.get(..line.len() - 1).unwrap()), Progress::Enough(_)));
        assert!(matches!(read(line), Progress::Whole(_)));
        assert_eq!(read("SSL connection failed for 'a.b': error:1416F086:"), Progress::Cut);
    }

    #[test]
    fn a_message_may_be_cut_in_its_first_words() {
        let line = "[ET_NET 12] WARNING: Core server certificate verification failed for";
        for end in 1..line.len() {
            assert!(may_begin(line.get(..end).unwrap()), "{end}");
        }
        assert!(may_begin("[ET_NET 1] WARNING: SNI (192.0.2.12) not in certificate."));
        for other in ["[ET_NET 1] NOTE: cache enabled", "ERROR: no", "Core server", "[ET_", "W"] {
            assert_eq!(may_begin(other), ["[ET_", "W"].contains(&other), "{other}");
        }
    }

    #[test]
    fn speaking_of_a_message_is_none() {
        for line in [
            "When you see the WARNING SNI (<server>) not in certificate, the name is missing.",
            "Lorsque vous observez Core server certificate verification failed for",
            "The proxy logs SSL connection failed for every request.",
            "",
        ] {
            assert_eq!(message(line), None, "{line}");
        }
        for message in [
            "SNI (<server-FQDN-or-IP>) not in certificate",
            "SSL connection failed for every request.",
            "Core server certificate verification failed for reasons",
        ] {
            assert_eq!(read(message), Progress::Nothing, "{message}");
        }
    }
}
