//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tlvet_host::engine::{Format, Limits};

/// Why does this phone, or this Expressway, not trust that server? Reads trust lists (ITL, CTL), signed
/// configurations and certificates; nothing leaves this computer.
#[derive(Debug, Parser)]
#[command(name = "tlvet", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Chain(Chain),
    Check(Check),
    /// List the keys of `check --context`
    Context,
    #[command(subcommand)]
    Filter(Filter),
    Replay(Replay),
    Serve(Serve),
    Show(Show),
}

/// Judge files and say what is wrong, why, and what to do.
///
/// Exit code: 0 clean, 1 findings at or above --fail-on, 2 usage, 3 an input could not be read (the
/// others are still reported).
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Files to judge, folders of them, or - for standard input
    #[arg(required_unless_present_any = ["expect", "phone", "trust", "key"], value_name = "FILE|DIR|-")]
    pub(crate) inputs: Vec<PathBuf>,

    /// A certificate, or a PEM bundle, that is a trust anchor (repeatable). As with --phone, a file in
    /// an archive is named by its path: bundle.tar.gz/ca.pem; all else in the archive is judged
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Vec<PathBuf>,

    /// A trust list that the phone held before; the others are judged against it (repeatable). A list
    /// in an archive is named by its path: bundle.tar.gz/ITL.tlv
    #[arg(long, value_name = "FILE")]
    pub(crate) phone: Vec<PathBuf>,

    /// A private key (repeatable): the phone's, to decrypt its configuration, or a server's RSA key, to read what captures hold
    /// encrypted with it
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Vec<PathBuf>,

    /// A TLS key log (SSLKEYLOGFILE), to read what captures hold encrypted (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) keylog: Vec<PathBuf>,

    /// An address that clients use, and the certificate presented there: cucm.lab, cucm.lab:6972, or
    /// 10.0.0.1=tomcat.pem (repeatable)
    #[arg(long, value_name = "NAME[=CERT_FILE]", value_parser = expected)]
    pub(crate) expect: Vec<Expected>,

    /// Read the password of PKCS#12 files and private keys from standard input, up to the end of its first line
    #[arg(long)]
    pub(crate) password_stdin: bool,

    /// What no file says, for example a product version; `tlvet context` lists the keys (repeatable)
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) context: Vec<(String, String)>,

    /// The time that validity is judged at: 2026-11-20, 2026-11-20T10:00:00Z or seconds since 1970
    /// [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) now: Option<String>,

    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ReportFormat,

    /// Replace names, addresses and users by aliases, the same in every input; serials and digests stay
    #[arg(long)]
    pub(crate) redact: bool,

    /// Language of the report
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(crate) lang: Language,

    /// The least severity that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: FailOn,

    /// In text, only the verdict, errors and warnings; no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// Inputs that are read at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,

    #[command(flatten)]
    pub(crate) sandbox: Sandbox,
}

/// Judge one certificate and its chain as a product does, or many.
///
/// Says what the product reports, and everything else that is wrong: the product stops at its first error. With
/// --batch, JSON lines in and JSON lines out, in order: {"id", "leaf", "untrusted": [], "trusted": [], "crls": [],
/// "name": {"kind": "dns|ip|email", "value"}, "time", "purpose", "max_depth"} with certificates as base64 of their DER.
///
/// Exit code: 0 accepted (with --batch: all lines were judged), 1 refused, 2 usage, 3 an input could not be read.
#[derive(Debug, Args)]
pub(crate) struct Chain {
    /// The certificate to judge: the first one in this file
    #[arg(long, value_name = "FILE", required_unless_present = "batch", conflicts_with = "batch")]
    pub(crate) leaf: Option<PathBuf>,

    /// Certificates that the peer sent with it (repeatable)
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    pub(crate) untrusted: Vec<PathBuf>,

    /// The trust store: a certificate or a bundle (repeatable)
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    pub(crate) trust: Vec<PathBuf>,

    /// A certificate revocation list (repeatable)
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    pub(crate) crl: Vec<PathBuf>,

    /// The address that the client used: a host name, an IP address or a mailbox
    #[arg(long, value_name = "NAME", conflicts_with = "batch")]
    pub(crate) name: Option<String>,

    /// What the certificate is used for
    #[arg(long, value_name = "PURPOSE", default_value = "server", conflicts_with = "batch")]
    pub(crate) purpose: Purpose,

    /// The time of judgement: 2026-11-20, 2026-11-20T10:00:00Z or seconds since 1970; with --batch, for lines
    /// that name none [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,

    /// Whose rules and words: openssl-1.1.1, openssl-3.0, openssl-3.0-strict, traffic-server-8, traffic-server-9
    #[arg(long, value_name = "PROFILE", default_value = "openssl-3.0")]
    pub(crate) profile: String,

    /// OpenSSL's security level
    #[arg(long, value_name = "0..2", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub(crate) level: u8,

    /// JSON instead of text, for one chain
    #[arg(long, conflicts_with = "batch")]
    pub(crate) json: bool,

    /// JSON lines from this file, or from standard input
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub(crate) batch: Option<PathBuf>,

    /// Lines that are judged at the same time, with --batch [default: one for each processor]
    #[arg(long, value_name = "N", requires = "batch", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,

    #[command(flatten)]
    pub(crate) sandbox: Sandbox,
}

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Purpose {
    /// A TLS server
    Server,
    /// A TLS client
    Client,
    /// Anything
    Any,
}

/// Print a trust list as `show itl` or `show ctl` prints it.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A trust list (.tlv), or - for standard input
    #[arg(value_name = "FILE|-")]
    pub(crate) input: PathBuf,

    #[command(flatten)]
    pub(crate) sandbox: Sandbox,
}

/// The filter for Envoy, in tlvet's own host.
#[derive(Debug, Subcommand)]
pub(crate) enum Filter {
    /// Say whether the filter takes a configuration, and if not, everything that is wrong with it
    ///
    /// Exit code: 0 taken, 1 refused, 2 usage, 3 the file could not be read.
    CheckConfig {
        /// The configuration (JSON), or - for standard input
        #[arg(value_name = "FILE|-")]
        file: PathBuf,
    },
    /// Play a scripted session through the filter: who connects, who says what, what has to come of it
    ///
    /// docs/filter.md describes the form of scripts (JSON). Exit code: 0 as expected, 1 not, 2 the script cannot be
    /// followed, 3 the file could not be read.
    Run {
        /// The script (JSON), or - for standard input
        #[arg(value_name = "SCRIPT|-")]
        script: PathBuf,

        /// Form of the result
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: PlayFormat,
    },
}

/// Play every TLS connection of a capture through the filter: what it would have refused, and why.
///
/// The policy is the filter's configuration. Of any role it is played as role passthrough, which sees connections as the
/// capture has them; names that come from requests come from the server name indication instead. Time is the
/// capture's. Of each side of a connection the first MiB is played.
///
/// Exit code: 0 nothing is refused, 1 something is, or would be, 2 the filter does not take the policy, 3 the capture
/// could not be read.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// A capture (pcap or pcapng, also compressed with gzip), or - for standard input
    #[arg(value_name = "CAPTURE|-")]
    pub(crate) capture: PathBuf,

    /// The filter's configuration (JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: PathBuf,

    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: PlayFormat,

    /// In text, only what is refused, would be refused or is undecided, and the summary
    #[arg(long, short)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) sandbox: Sandbox,
}

/// Form of what was played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlayFormat {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// Serve the page on this computer's loopback address until interrupted.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8123)]
    pub(crate) port: u16,
}

/// What reading one input may take.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Limits for hostile inputs")]
pub(crate) struct Sandbox {
    /// Seconds that the engine may work on one input; an input that needs more is unreadable
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) time_limit: Duration,

    /// MiB of memory that the engine may take for one input; an input that needs more is unreadable
    #[arg(long, value_name = "MIB", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) memory_limit: u32,
}

impl Sandbox {
    /// As limits of the engine.
    pub(crate) fn limits(self) -> Limits {
        Limits { memory: (self.memory_limit as usize) << 20, time: self.time_limit }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Text,
    /// One JSON document, tlvet-report/1
    Json,
    /// JSON lines: the summary, then one line for each element of the report
    Jsonl,
    /// Markdown, for a support case
    Markdown,
    /// One HTML file that needs nothing else
    Html,
    /// SARIF 2.1.0, for programs that collect results
    Sarif,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Html => Self::Html,
            ReportFormat::Json => Self::Json,
            ReportFormat::Jsonl => Self::Jsonl,
            ReportFormat::Markdown => Self::Markdown,
            ReportFormat::Sarif => Self::Sarif,
            ReportFormat::Text => Self::Text,
        }
    }
}

/// Languages that the report can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// English
    En,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
}

/// An address that clients use.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// The address; the engine reads it.
    pub(crate) address: String,
    /// The certificate presented there.
    pub(crate) certificate: Option<PathBuf>,
}

#[allow(clippy::unnecessary_wraps, reason = "the form that clap asks of a value parser")]
fn expected(text: &str) -> Result<Expected, String> {
    let (address, certificate) = match text.split_once('=') {
        Some((address, file)) => (address, Some(PathBuf::from(file))),
        None => (text, None),
    };
    Ok(Expected { address: address.to_owned(), certificate })
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write KEY=VALUE".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if !(0.0..=86_400.0).contains(&seconds) {
        return Err("0 to 86400 seconds".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}
