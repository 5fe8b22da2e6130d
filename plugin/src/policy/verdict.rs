//! What is said about a connection or a request: the reason, the result, and Traffic Server's lines.

use core::fmt;
use core::net::IpAddr;

use tlvet_core::time::{DAY, UnixTime};
use tlvet_core::x509::Certificate;
use tlvet_core::x509::chain::Profile;
use tlvet_core::x509::name_check::{self, HostFlags, TrafficServerVersion};

use super::tls;
use super::trust::{Fault, Judged};
use crate::config::{Config, Exception, Host, Mode};

/// Why something passes or not: the `reason` of metrics and filter state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// Everything that is verified holds.
    Verified,
    /// Envoy's validator let it pass, and it alone knows what is trusted.
    Validator,
    /// The session was issued by a connection that was verified.
    VerifiedBefore,
    /// Error 18.
    SelfSigned,
    /// Error 19: the root that the origin sent is not trusted.
    SelfSignedInChain,
    /// Errors 2, 20, 21.
    UnknownIssuer,
    /// Error 10.
    Expired,
    /// Error 9.
    NotYetValid,
    /// Error 7.
    BadSignature,
    /// Errors 66 to 68.
    Weak,
    /// Error 26: a certificate of the chain is not for this use.
    Purpose,
    /// Any other error of the chain.
    Chain,
    /// The certificate does not carry the name.
    Name,
    /// No certificate, or a suite that uses none.
    NoCertificate,
    /// TLS 1.3 in passthrough.
    Tls13,
    /// A resumed session of unknown origin.
    Resumption,
    /// The traffic is not TLS.
    NotTls,
    /// The handshake breaks the rules.
    Malformed,
    /// The handshake is larger than allowed.
    Oversize,
    /// The handshake took longer than allowed.
    Timeout,
    /// The client sends data before the handshake is over.
    EarlyData,
    /// A second handshake.
    Renegotiation,
    /// The origin refused the handshake by an alert.
    OriginAlert,
    /// One side ended the connection before the verdict.
    Closed,
    /// The connection with the origin is not encrypted, or its certificate is not to be seen.
    NotVisible,
    /// The path, or the client's server name, names no origin.
    BadName,
    /// The path names a destination that is not allowed.
    Destination,
    /// Envoy could not connect for another reason.
    Unreachable,
    /// The filter could not ask the proxy for what it needs.
    Internal,
    /// The filter stands in a kind of filter chain that its role is not for.
    Misplaced,
}

/// In the order of their numbers.
const REASONS: [(Reason, &str); 30] = [
    (Reason::Verified, "verified"),
    (Reason::Validator, "validator"),
    (Reason::VerifiedBefore, "verified_before"),
    (Reason::SelfSigned, "self_signed"),
    (Reason::SelfSignedInChain, "self_signed_in_chain"),
    (Reason::UnknownIssuer, "unknown_issuer"),
    (Reason::Expired, "expired"),
    (Reason::NotYetValid, "not_yet_valid"),
    (Reason::BadSignature, "bad_signature"),
    (Reason::Weak, "weak"),
    (Reason::Purpose, "purpose"),
    (Reason::Chain, "chain"),
    (Reason::Name, "name"),
    (Reason::NoCertificate, "no_certificate"),
    (Reason::Tls13, "tls13"),
    (Reason::Resumption, "resumption"),
    (Reason::NotTls, "not_tls"),
    (Reason::Malformed, "malformed"),
    (Reason::Oversize, "oversize"),
    (Reason::Timeout, "timeout"),
    (Reason::EarlyData, "early_data"),
    (Reason::Renegotiation, "renegotiation"),
    (Reason::OriginAlert, "origin_alert"),
    (Reason::Closed, "closed"),
    (Reason::NotVisible, "not_visible"),
    (Reason::BadName, "bad_name"),
    (Reason::Destination, "destination"),
    (Reason::Unreachable, "unreachable"),
    (Reason::Internal, "internal"),
    (Reason::Misplaced, "misplaced"),
];

impl Reason {
    /// As metrics and filter state write it.
    pub fn as_str(self) -> &'static str {
        REASONS.get(usize::from(self.code())).map_or("", |(_, text)| text)
    }

    /// A number that fits into a byte; the reverse of [`Reason::from_code`].
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The reason of a number.
    pub fn from_code(code: u8) -> Option<Self> {
        REASONS.get(usize::from(code)).map(|(reason, _)| *reason)
    }

    /// The reason of an error of the chain.
    pub fn of_fault(fault: &Fault) -> Self {
        match fault.code {
            2 | 20 | 21 => Self::UnknownIssuer,
            7 => Self::BadSignature,
            9 => Self::NotYetValid,
            10 => Self::Expired,
            18 => Self::SelfSigned,
            19 => Self::SelfSignedInChain,
            26 => Self::Purpose,
            66..=68 => Self::Weak,
            _ => Self::Chain,
        }
    }

    /// The reason of bytes that do not hold.
    pub fn of_tls(fault: tls::Fault) -> Self {
        match fault {
            tls::Fault::NotTls => Self::NotTls,
            tls::Fault::Malformed => Self::Malformed,
            tls::Fault::TooLarge => Self::Oversize,
            tls::Fault::NoCertificate => Self::NoCertificate,
            tls::Fault::Alert(_) => Self::OriginAlert,
            tls::Fault::Renegotiation => Self::Renegotiation,
            tls::Fault::EarlyData => Self::EarlyData,
        }
    }

    /// Nothing is wrong.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Verified | Self::VerifiedBefore | Self::Validator)
    }

    /// An exception covers it: it is about the origin's identity, not about a broken conversation.
    pub fn is_excusable(self) -> bool {
        matches!(
            self,
            Self::SelfSigned
                | Self::SelfSignedInChain
                | Self::UnknownIssuer
                | Self::Expired
                | Self::NotYetValid
                | Self::BadSignature
                | Self::Weak
                | Self::Purpose
                | Self::Chain
                | Self::Name
                | Self::Tls13
                | Self::Resumption
        )
    }

    /// The alert description that a refused client gets (RFC 5246 section 7.2.2).
    pub fn alert(self) -> u8 {
        match self {
            Self::SelfSigned | Self::SelfSignedInChain | Self::UnknownIssuer => 48,
            Self::Expired | Self::NotYetValid => 45,
            Self::BadSignature | Self::Weak | Self::Purpose | Self::Chain | Self::Name => 42,
            Self::Tls13 => 70,
            Self::Malformed | Self::NotTls | Self::EarlyData | Self::Renegotiation => 10,
            _ => 40,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What became of a connection or a request: the `result` of metrics and filter state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It passes, verified.
    Passed,
    /// It does not pass.
    Refused,
    /// It passes, because this is monitor mode: enforce would have refused it.
    WouldRefuse,
    /// It passes, because an exception covers it.
    Excepted,
    /// It passes unverified, because the configuration says so.
    Unchecked,
    /// It ended by itself before a verdict.
    Ended,
}

impl Outcome {
    /// As metrics and filter state write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Refused => "refused",
            Self::WouldRefuse => "would_refuse",
            Self::Excepted => "excepted",
            Self::Unchecked => "unchecked",
            Self::Ended => "ended",
        }
    }

    /// Bytes may pass.
    pub fn passes(self) -> bool {
        !matches!(self, Self::Refused | Self::Ended)
    }
}

/// Whom a verdict is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Subject {
    /// The name that the certificate must carry; the address stands in where there is none.
    pub name: Option<Host>,
    /// The origin's address.
    pub address: Option<IpAddr>,
}

/// A verdict, and what is written about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why; the first reason where there are several.
    pub reason: Reason,
    /// Lines for the log, each fault once.
    pub lines: Vec<String>,
    /// Days until the origin's certificate expires, rounded down.
    pub days_left: Option<i64>,
    /// End of the stretch of time in which it holds, in seconds since 1970.
    pub until: i64,
}

impl Subject {
    /// The name, or the address as text, as Traffic Server names an origin.
    pub(super) fn label(&self) -> String {
        match (&self.name, self.address) {
            (Some(name), _) => name.to_string(),
            (None, Some(address)) => address.to_string(),
            (None, None) => "unknown".to_owned(),
        }
    }

    fn server(&self) -> String {
        let name = self.name.as_ref().map_or_else(|| "(null)".to_owned(), Host::to_string);
        let address = self.address.map_or_else(|| "unknown".to_owned(), |one| one.to_string());
        format!("{name}({address})")
    }

    /// The line for a fault of the chain (x509.md section 6, domain item 2.6).
    pub(super) fn chain_line(&self, action: &str, text: &str, depth: u32) -> String {
        format!(
            "WARNING: Core server certificate verification failed for ({}). Action={action} \
             Error={text} server={} depth={depth}",
            self.label(),
            self.server()
        )
    }

    /// The line for a name that the certificate does not carry (domain item B43).
    pub(super) fn name_line(&self, action: &str) -> String {
        format!(
            "WARNING: SNI ({}) not in certificate. Action={action} server={}",
            self.label(),
            self.server()
        )
    }

    /// The line for a destination that is not allowed; `allow` names ports.
    pub(super) fn destination_line(&self, port: u16) -> String {
        format!("{} port={port}", self.other_line("Terminate", Reason::Destination))
    }

    /// The line for what Traffic Server has no line for.
    pub(super) fn other_line(&self, action: &str, reason: Reason) -> String {
        format!(
            "WARNING: tlvet: origin not verified. Action={action} Reason={reason} server={}",
            self.server()
        )
    }
}

/// Applies mode and exceptions to `reason`.
pub(super) fn outcome(
    config: &Config,
    subject: &Subject,
    reason: Reason,
    now: UnixTime,
) -> Outcome {
    if reason.is_good() {
        Outcome::Passed
    } else if config.mode != Mode::Enforce {
        Outcome::WouldRefuse
    } else if reason.is_excusable() && is_excepted(&config.exceptions, subject, now) {
        Outcome::Excepted
    } else {
        Outcome::Refused
    }
}

fn action(outcome: Outcome) -> &'static str {
    if outcome.passes() { "Continue" } else { "Terminate" }
}

fn is_excepted(exceptions: &[Exception], subject: &Subject, now: UnixTime) -> bool {
    let address = subject.address.map(Host::Address);
    exceptions.iter().any(|exception| {
        let named = subject.name.as_ref() == Some(&exception.name)
            || address.as_ref() == Some(&exception.name);
        named && !has_ended(exception, now)
    })
}

/// An exception holds until the end of its last day in UTC.
pub(super) fn has_ended(exception: &Exception, now: UnixTime) -> bool {
    let date = exception.until;
    let last = UnixTime::from_parts(date.year.into(), date.month, date.day, 0, 0, 0);
    last.is_none_or(|last| now.0 >= last.0.saturating_add(DAY))
}

/// The verdict on a chain for a name.
pub(super) fn on_certificate(
    config: &Config,
    subject: &Subject,
    judged: &Judged,
    now: UnixTime,
) -> Verdict {
    let faults: &[Fault] = if config.verify.signature { &judged.faults } else { &[] };
    let name_fails = config.verify.name && !carries(config, judged, subject);
    let reason = match faults.first() {
        Some(fault) => Reason::of_fault(fault),
        None if name_fails => Reason::Name,
        None => Reason::Verified,
    };
    let outcome = outcome(config, subject, reason, now);
    let action = action(outcome);
    // Enforcing, Traffic Server stops at the first fault; permissive, it names all (x509.md section 3).
    let shown = if outcome.passes() { faults.len() } else { 1 };
    let mut lines: Vec<String> = faults
        .iter()
        .take(shown)
        .map(|fault| subject.chain_line(action, &fault.text, fault.depth))
        .collect();
    if name_fails && (lines.is_empty() || outcome.passes()) {
        lines.push(subject.name_line(action));
    }
    let days_left =
        judged.leaf.as_ref().and_then(|leaf| leaf.not_after.at()).map(|end| now.days_until(end));
    Verdict { outcome, reason, lines, days_left, until: judged.holds.1 }
}

/// The verdict on anything but a certificate.
pub(super) fn on_reason(
    config: &Config,
    subject: &Subject,
    reason: Reason,
    now: UnixTime,
) -> Verdict {
    let outcome = outcome(config, subject, reason, now);
    let lines = if outcome == Outcome::Passed {
        Vec::new()
    } else {
        vec![subject.other_line(action(outcome), reason)]
    };
    Verdict { outcome, reason, lines, days_left: None, until: i64::MAX }
}

/// What passes because the configuration says that it needs no check.
pub(super) fn unchecked(reason: Reason) -> Verdict {
    Verdict {
        outcome: Outcome::Unchecked,
        reason,
        lines: Vec::new(),
        days_left: None,
        until: i64::MAX,
    }
}

/// Whether the origin's certificate carries the name. Without a name the address is asked for, as Traffic Server does.
fn carries(config: &Config, judged: &Judged, subject: &Subject) -> bool {
    let profile = config.profile.of_core();
    match (&subject.name, subject.address) {
        (Some(host), _) => judged.carries(host, |leaf| matches(profile, leaf, host)),
        (None, Some(address)) => {
            let host = Host::Address(address);
            judged.carries(&host, |leaf| matches(profile, leaf, &host))
        }
        (None, None) => false,
    }
}

/// By the rules of the profile.
fn matches(profile: Profile, leaf: &Certificate, host: &Host) -> bool {
    let version = match profile {
        Profile::TrafficServer8 => Some(TrafficServerVersion::V8_1),
        Profile::TrafficServer9 => Some(TrafficServerVersion::V9_2),
        Profile::OpenSsl111 | Profile::OpenSsl30 | Profile::OpenSsl30Strict => None,
    };
    if let Some(version) = version {
        // An address is compared as text: an iPAddress never matches (domain item B11).
        return name_check::traffic_server(leaf, &host.to_string(), version).accepted();
    }
    match host {
        Host::Address(address) => name_check::openssl_ip(leaf, *address),
        Host::Name(name) => {
            let flags = if profile == Profile::OpenSsl30Strict {
                HostFlags::NO_PARTIAL_WILDCARDS
            } else {
                HostFlags::default()
            };
            name_check::openssl_host_flags(leaf, name, flags)
        }
    }
}
