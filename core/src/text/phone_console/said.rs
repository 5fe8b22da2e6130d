//! What a line of a phone's console log means. A table of beginnings, in the phones' own words (domain.md A31 to A58, C45 to C50,
//! E19 to E43).

use serde::{Deserialize, Serialize};

use crate::names::dn;
use crate::text::line::{beginning_with, split};

/// What one entry says. Numbers and names are the phone's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// It asks for a file.
    Requested {
        /// The file.
        name: String,
        /// The server, where the line names it.
        server: Option<String>,
        /// Bytes that the file may have.
        limit: Option<u64>,
    },
    /// A file came, with so many bytes.
    Received(u64),
    /// A transfer ended with this status; 100 is a file that came.
    TransferEnded(u32),
    /// The server that gave the file (E42).
    Served(String),
    /// Whether the TFTP server stands in the trust lists: then signed files are asked for (A41).
    ServerSecure(bool),
    /// `.sgn` was added to the name (A42).
    SignedWanted(String),
    /// The signature of a file holds; bytes of its header (A40).
    HeaderVerified(u32),
    /// The signature of a file holds (A43, E38).
    Verified(Option<String>),
    /// The phone refuses a file.
    Refused {
        /// The file, without directories.
        name: Option<String>,
        /// `errclass` and `errcode`.
        code: Option<(u32, u32)>,
        /// The phone's reason, in its words.
        reason: Option<String>,
    },
    /// A trust list was taken (E40).
    ListUpdated,
    /// A server's certificate is to be checked (A49).
    ServerCheck,
    /// A trust list is searched: `CTL` or `ITL` (A50).
    Searched(String),
    /// The certificate of this server stands in neither list (A51).
    NotInLists(Option<String>),
    /// It is not in the TVS cache either (A52).
    CacheMiss,
    /// A connection to TVS begins (A53, E21).
    TvsConnecting {
        /// The server.
        server: String,
        /// The port, where the line names it.
        port: Option<u16>,
    },
    /// The certificate of TVS is the one that the trust list names (A54).
    TvsBelieved,
    /// A question to TVS was sent; bytes (E28).
    TvsSent(u32),
    /// An answer of TVS came; bytes (E28).
    TvsReceived(u32),
    /// What TVS answered; 0 is trusted (A55).
    TvsAnswered(u32),
    /// The answer is kept for so many seconds (A56, E37).
    TvsCached(u64),
    /// An HTTPS server was authenticated with the help of TVS (A57).
    HttpsTrusted,
    /// An HTTPS request succeeded (A58).
    HttpSucceeded(String),
    /// The certificate that the phone shows: `LSC` or `MIC` (E22).
    OwnCertificate(String),
    /// Its subject.
    OwnSubject(String),
    /// Its issuer.
    OwnIssuer(String),
    /// The role that is looked for in the trust list; 21 is TVS (E23).
    RoleAsked(u16),
    /// What the check of a server's certificate came to (E24).
    Judged(bool),
    /// The connection to TVS is waited for; turns so far (E25).
    Waiting(u32),
    /// TLS came up (E26).
    HandshakeDone,
    /// It looks like an error and is none.
    Harmless(Harmless),
    /// CAPF is begun; the authentication mode (C48).
    CapfStarted(String),
    /// No connection to CAPF could even be set up (C49).
    CapfNoConnection,
    /// CAPF failed with this return value (C49).
    CapfFailed(i32),
    /// A name is asked for (C45).
    NameAsked(String),
    /// A name has no address: what DNS said (C45).
    NameUnknown {
        /// The name.
        name: String,
        /// `NXDOMAIN-IPv4`, `NODATA`.
        code: String,
    },
    /// A name has an address (C50).
    NameFound {
        /// The name.
        name: String,
        /// The address.
        address: String,
    },
    /// The address of TVS could not be found (C47).
    TvsNameUnknown,
    /// A peer ended TLS with an alert.
    Alert {
        /// In the words of OpenSSL.
        description: String,
        /// The peer, where the line names it.
        server: Option<String>,
    },
    /// A connection over TLS failed.
    ConnectionFailed(Option<String>),
    /// 802.1X failed.
    NetworkAccessDenied,
}

/// Lines that look like errors and are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Harmless {
    /// `hdr ver 1.2 (knows only upto 1.1)`: the list is newer than the parser, which skips what it does not know (E39).
    NewerHeader,
    /// `SOCKET accept errno=4`: a signal came (E43).
    Interrupted,
    /// `caching disabled, session not saved` (E26).
    NotCached,
}

type Read = fn(&str) -> Option<Said>;

/// Beginnings of texts, sorted by their first byte, and how what follows is read. The first that fits and can be read counts.
const MEANINGS: &[(&str, Read)] = &[
    ("802.1X auth FAILED", |_| Some(Said::NetworkAccessDenied)),
    ("AUTH: early exit from parser loop", |_| Some(Said::Harmless(Harmless::NewerHeader))),
    ("AUTH: hdr ver ", |_| Some(Said::Harmless(Harmless::NewerHeader))),
    ("Attempting connect to TVS server addr [", |rest| tvs(until(rest, ']')?, None)),
    ("Authenticated the HTTPS conn via TVS", |_| Some(Said::HttpsTrusted)),
    ("Authentication Response received, status : ", |rest| number(rest).map(Said::TvsAnswered)),
    ("Blocked TVS Secure Connection - Waiting (", |rest| number(rest).map(Said::Waiting)),
    ("CAPF operation failed, ret ", |rest| number(rest).map(Said::CapfFailed)),
    ("Certificate subject name = ", |rest| Some(Said::OwnSubject(word_of(rest, usize::MAX)))),
    ("File sign verify SUCCESS; header length <", |rest| number(rest).map(Said::HeaderVerified)),
    ("Finished --> rcvd ", |rest| number(rest).map(Said::Received)),
    ("GETXXTP ", |rest| asked(&format!("[{}", rest.split_once("[src=")?.1))),
    ("HTTPS cert not in CTL", |rest| Some(Said::NotInLists(angle(rest)))),
    ("Hashes match... authentication successful", |_| Some(Said::Verified(None))),
    ("RCAPF_START_MODE: Start CAPF - mode:[", |rest| {
        Some(Said::CapfStarted(
            rest.rsplit(['[', ']', ')']).find(|part| !part.is_empty())?.to_owned(),
        ))
    }),
    ("Requesting ", |rest| asked_from(rest)),
    ("SEC_CAPF_BIO_F: CAPF create bio failed", |_| Some(Said::CapfNoConnection)),
    ("SEC_CAPF_OP_F: CAPF operation failed, ret ", |rest| number(rest).map(Said::CapfFailed)),
    ("SOCKET accept errno=4 ", |_| Some(Said::Harmless(Harmless::Interrupted))),
    ("SSL session setup - Certificate issuer name = ", |rest| {
        Some(Said::OwnIssuer(word_of(rest, usize::MAX)))
    }),
    ("SSL session setup - cert len=", |rest| {
        Some(Said::OwnCertificate(word(rest.split_once("type=")?.1)))
    }),
    ("SSL session setup Cert Verification - Role is = ", |rest| number(rest).map(Said::RoleAsked)),
    ("SSL session setup Cert Verification - returning validation result = ", |rest| {
        number::<u32>(rest).map(|result| Said::Judged(result == 1))
    }),
    ("Sec SSL Connection - Handshake successful", |_| Some(Said::HandshakeDone)),
    ("Sec SSL Connection - caching disabled", |_| Some(Said::Harmless(Harmless::NotCached))),
    ("TL file updated", |_| Some(Said::ListUpdated)),
    ("TVS Service receives ", |rest| number(rest).map(Said::TvsReceived)),
    ("TVS added cert to TVS cache - expires in ", |rest| {
        let hours: u64 = number(rest)?;
        rest.contains("hour").then(|| Said::TvsCached(hours.saturating_mul(3600)))
    }),
    ("TVS cert verified with hash from TL", |_| Some(Said::TvsBelieved)),
    (
        "TVS process request - Successfully sent the TVS request to TVS server, bytes written : ",
        |rest| number(rest).map(Said::TvsSent),
    ),
    ("XXTP actualserver [", |rest| Some(Said::Served(until(rest, ']')?.to_owned()))),
    ("XXTP complete - status = ", |rest| number(rest).map(Said::TransferEnded)),
    ("authenticated file approved - add .sgn", |rest| {
        Some(Said::SignedWanted(file(rest.trim_start_matches(['-', ' ']))))
    }),
    ("cached ", |rest| resolved(rest)),
    ("cip.http.ae:? - listener.httpSucceed: ", |rest| Some(Said::HttpSucceeded(word(rest)))),
    ("cip.sec.TvsProperty:? - Failed to", |_| Some(Said::TvsNameUnknown)),
    ("clpSndStatus: SSL CLNT ERR", |rest| Some(Said::ConnectionFailed(angle(rest)))),
    ("clpState: SSL3 alert read:", |rest| {
        let description = rest.split(':').nth(1)?.to_owned();
        Some(Said::Alert { description, server: angle(rest) })
    }),
    ("connectToTvsServer: ", |rest| {
        let server = rest.split_once("IP:")?.1;
        let port = rest.split_once("port:").and_then(|(_, port)| number(port));
        tvs(until(server.trim_start(), ',')?, port)
    }),
    ("findByCertAndRoleInTL: Searching TL from ", |rest| Some(Said::Searched(word(rest)))),
    ("findByIssuerAndSerialAndRoleInTL: Searching TL from ", |rest| {
        Some(Said::Searched(word(rest)))
    }),
    ("https_cert_vfy: HTTPS cert not in CTL", |rest| Some(Said::NotInLists(angle(rest)))),
    ("lookupAuthCertTvsCacheEntry: No matching entry", |_| Some(Said::CacheMiss)),
    ("lookupCTL: TFTP SRVR secure", |_| Some(Said::ServerSecure(true))),
    ("lookupCTL: TFTP SRVR ", |_| Some(Said::ServerSecure(false))),
    ("query[", |rest| Some(Said::NameAsked(word(rest.split_once("] ")?.1)))),
    ("reply ", |rest| resolved(rest)),
    ("retval = SRVR_SECURE", |_| Some(Said::ServerSecure(true))),
    ("saveCertToTvsCache: ", |rest| {
        number(rest.split_once("time-to-live value: ")?.1).map(Said::TvsCached)
    }),
    ("srvr_cert_vfy: Server Certificate Validation needs to be done", |_| Some(Said::ServerCheck)),
    ("tftp request rcv'd from ", |rest| {
        let name = file(rest.split_once("srcFile = ")?.1);
        let limit = rest.split_once("max size = ").and_then(|(_, limit)| number(limit));
        limit?;
        Some(Said::Requested { name, server: None, limit })
    }),
    ("tlRequestFile: Request ", |rest| {
        Some(Said::Requested { name: file(rest), server: None, limit: None })
    }),
    ("tvs_cert_vfy: TVS cert verified with hash from TL", |_| Some(Said::TvsBelieved)),
    ("verifyFile: sgn verify file failed ", |rest| {
        let class = rest.split_once("errclass ").and_then(|(_, class)| number(class));
        let code = rest.split_once("errcode ").and_then(|(_, code)| number(code));
        let reason = rest.split_once('(').and_then(|(_, reason)| until(reason, ')'));
        let reason = reason.map(|reason| word_of(reason, usize::MAX));
        Some(Said::Refused {
            name: angle(rest).map(|name| file(&name)),
            code: class.zip(code),
            reason,
        })
    }),
    ("verifyFile: verify FAILED", |rest| {
        Some(Said::Refused { name: angle(rest).map(|name| file(&name)), code: None, reason: None })
    }),
    ("verifyFile: verify SUCCESS", |rest| {
        Some(Said::Verified(angle(rest).map(|name| file(&name))))
    }),
];

/// What an entry's text says; `None` for the many that only say that something goes on.
pub(super) fn said(text: &str) -> Option<Said> {
    let text = text.strip_prefix("EROR:").unwrap_or(text);
    let fit = |text: &str| {
        beginning_with(MEANINGS, text)
            .find_map(|(begins, read)| text.strip_prefix(begins).and_then(read))
    };
    // `JVM: Startup Module Loader|cip.http.ae:? - …`, `TFTP: [27]:Requesting …`.
    let numbered = || text.strip_prefix('[')?.split_once("]:").map(|(_, rest)| rest);
    let is_module = || {
        memchr::memchr_iter(b'?', text.as_bytes())
            .any(|at| text.get(at.saturating_sub(1)..at + 4) == Some(":? - "))
    };
    let in_module = || split(text, b'|').filter(|_| is_module()).map(|(_, rest)| rest);
    fit(text).or_else(|| fit(numbered()?)).or_else(|| fit(in_module()?))
}

/// The number that the text begins with.
fn number<N: core::str::FromStr>(text: &str) -> Option<N> {
    let sign = usize::from(text.starts_with('-'));
    let digits = text.bytes().skip(sign).take(12).take_while(u8::is_ascii_digit).count();
    text.get(..sign + digits)?.parse().ok()
}

/// The text before `end`.
fn until(text: &str, end: char) -> Option<&str> {
    text.split_once(end).map(|(inside, _)| inside)
}

/// The text between `<` and `>`.
fn angle(text: &str) -> Option<String> {
    let inside = until(text.split_once('<')?.1, '>')?.trim();
    (!inside.is_empty()).then(|| word_of(inside, usize::MAX))
}

/// The first word.
fn word(text: &str) -> String {
    word_of(text, 1)
}

/// Characters of a name that are kept; subjects of certificates have fewer.
const NAME: usize = 512;

fn word_of(text: &str, words: usize) -> String {
    let text = text.trim();
    let text =
        if words == 1 { text.split(char::is_whitespace).next().unwrap_or(text) } else { text };
    text.chars().take(NAME).collect()
}

/// A file name without directories and marks of the line. Copies of the logs have `.sqn` for `.sgn`.
fn file(text: &str) -> String {
    let name = word(text);
    let name = name.trim_matches(['<', '>', ',', ';', ']', '[']);
    let name = name.rsplit('/').next().unwrap_or(name);
    match name.strip_suffix(".sqn") {
        Some(name) => format!("{name}.sgn"),
        None => name.to_owned(),
    }
}

/// `[CTLSEP….tlv][dest=…][serv=10.1.1.1]…`.
fn asked(text: &str) -> Option<Said> {
    let name = file(until(text.strip_prefix('[')?, ']')?);
    let server = text.split_once("[serv=").and_then(|(_, server)| until(server, ']'));
    let server = server.filter(|server| !server.is_empty()).map(word);
    (!name.is_empty()).then_some(Said::Requested { name, server, limit: None })
}

/// `CTLSEP….tlv from 10.1.1.1 with size limit of 550001`.
fn asked_from(text: &str) -> Option<Said> {
    let (name, rest) = text.split_once(" from ")?;
    let limit = rest.split_once("size limit of ").and_then(|(_, limit)| number(limit));
    let server = word(rest);
    Some(Said::Requested { name: file(name), server: Some(server), limit })
}

fn tvs(server: &str, port: Option<u16>) -> Option<Said> {
    let server = word(server);
    (!server.is_empty()).then_some(Said::TvsConnecting { server, port })
}

/// `PUB11.example.lab is NXDOMAIN-IPv4`, `PUB11.example.lab is 10.1.1.1`.
fn resolved(text: &str) -> Option<Said> {
    let (name, answer) = text.split_once(" is ")?;
    let (name, answer) = (word(name), word(answer));
    match answer.as_str() {
        "<CNAME>" => None,
        code if code.starts_with("NXDOMAIN") || code.starts_with("NODATA") => {
            Some(Said::NameUnknown { name, code: answer })
        }
        _ => Some(Said::NameFound { name, address: answer }),
    }
}

/// The common name in a subject as OpenSSL writes it on one line: `/C=AU/O=x/CN=CP-8861-SEPB000B4BA0AEE`.
pub fn common_name(subject: &str) -> Option<String> {
    let slashed =
        || subject.split('/').find_map(|part| part.strip_prefix("CN=")).map(str::to_owned);
    slashed().or_else(|| dn::common_name(subject))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_are_sorted() {
        let first = |entry: &(&str, Read)| entry.0.as_bytes()[0];
        assert!(MEANINGS.is_sorted_by_key(first));
    }

    fn requested(name: &str, server: Option<&str>, limit: Option<u64>) -> Option<Said> {
        Some(Said::Requested { name: name.to_owned(), server: server.map(str::to_owned), limit })
    }

    #[test]
    fn files_that_are_asked_for_and_come() {
        let name = "CTLSEP0011215A1AE3.tlv";
        assert_eq!(
            said("tlRequestFile: Request CTLSEP0011215A1AE3.tlv"),
            requested(name, None, None)
        );
        assert_eq!(
            said("[27]:Requesting CTLSEP0011215A1AE3.tlv from 14.48.44.80"),
            requested(name, Some("14.48.44.80"), None)
        );
        assert_eq!(
            said(
                "[10]:Requesting SEP0011215A1AE3.cnf.xml.sqn from 14.48.44.80 with size limit of 550001"
            ),
            requested("SEP0011215A1AE3.cnf.xml.sgn", Some("14.48.44.80"), Some(550_001))
        );
        assert_eq!(
            said(
                "GETXXTP [GT870][src=CTLSEPB000B4BA0AEE.tlv][dest=/tmp/CTLFile.tlv][serv=][serv6=][sec=0]"
            ),
            requested("CTLSEPB000B4BA0AEE.tlv", None, None)
        );
        assert_eq!(said("[27]:Finished --> rcvd 4762 bytes"), Some(Said::Received(4762)));
        assert_eq!(said("XXTP complete - status = 100"), Some(Said::TransferEnded(100)));
        let served = Some(Said::Served("192.168.11.51".to_owned()));
        assert_eq!(said("XXTP actualserver [192.168.11.51]"), served);
    }

    #[test]
    fn files_that_are_verified_and_refused() {
        assert_eq!(
            said("File sign verify SUCCESS; header length <296>"),
            Some(Said::HeaderVerified(296))
        );
        let file = "SEP00260BD749E9.cnf.xml".to_owned();
        assert_eq!(
            said("verifyFile: verify SUCCESS </usr/ram/SEP00260BD749E9.cnf.xml>"),
            Some(Said::Verified(Some(file.clone())))
        );
        assert_eq!(
            said(
                "EROR:verifyFile: sgn verify file failed </usr/ram/SEP00260BD749E9.cnf.xml>, errclass 8, errcode 19 (signer not in CTL)"
            ),
            Some(Said::Refused {
                name: Some(file.clone()),
                code: Some((8, 19)),
                reason: Some("signer not in CTL".to_owned()),
            })
        );
        assert_eq!(
            said("EROR:verifyFile: verify FAILED, </usr/ram/SEP00260BD749E9.cnf.xml>"),
            Some(Said::Refused { name: Some(file), code: None, reason: None })
        );
    }

    #[test]
    fn what_is_said_of_tvs() {
        let connecting =
            |server: &str, port| Some(Said::TvsConnecting { server: server.to_owned(), port });
        assert_eq!(
            said(
                "connectToTvsServer: Successfully started a TLS connection establishment to the TVS server: IP:14.48.44.80, port:2445 (default); Waiting for it to get connected."
            ),
            connecting("14.48.44.80", Some(2445))
        );
        assert_eq!(
            said("Attempting connect to TVS server addr [192.168.11.32], mode [IPv4]"),
            connecting("192.168.11.32", None)
        );
        assert_eq!(
            said(
                "saveCertToTvsCache: Saving certificate in TVS cache with default time-to-live value: 86400 seconds"
            ),
            Some(Said::TvsCached(86_400))
        );
        assert_eq!(
            said("TVS added cert to TVS cache - expires in 24 hours"),
            Some(Said::TvsCached(86_400))
        );
        assert_eq!(
            said("Authentication Response received, status : 0"),
            Some(Said::TvsAnswered(0))
        );
        assert_eq!(
            said("EROR:https_cert_vfy: HTTPS cert not in CTL, <14.48.44.80>"),
            Some(Said::NotInLists(Some("14.48.44.80".to_owned())))
        );
    }

    #[test]
    fn what_is_said_of_capf_and_names() {
        assert_eq!(
            said("SEC_CAPF_OP_F: CAPF operation failed, ret -7"),
            Some(Said::CapfFailed(-7))
        );
        assert_eq!(
            said("RCAPF_START_MODE: Start CAPF - mode:[1]([NULL_STR]"),
            Some(Said::CapfStarted("NULL_STR".to_owned()))
        );
        assert_eq!(
            said("reply PUB11.brianw2.lab is NXDOMAIN-IPv4"),
            Some(Said::NameUnknown {
                name: "PUB11.brianw2.lab".to_owned(),
                code: "NXDOMAIN-IPv4".to_owned(),
            })
        );
        assert_eq!(
            said("configmgr MQThread|cip.sec.TvsProperty:? - Failed to"),
            Some(Said::TvsNameUnknown)
        );
        assert_eq!(said("something|else"), None);
    }

    #[test]
    fn the_device_stands_in_the_common_name() {
        let subject = "/serialNumber=PID:CP-8861 SN:FCH1/C=AU/O=stormin/CN=CP-8861-SEPB000B4BA0AEE";
        assert_eq!(common_name(subject).as_deref(), Some("CP-8861-SEPB000B4BA0AEE"));
    }
}
