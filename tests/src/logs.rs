//! Made logs: what an Expressway, phones and a node's TVS write in an hour, one after the other, with what stands between them in a bundle
//! that belongs to nobody. The same seed gives the same bytes.

use std::fmt::Write as _;

use crate::random::Random;

/// Appends the lines of one source: some hundred to some thousand, of about a hundred to two hundred bytes.
///
/// Most lines of such logs say nothing of trust. Those that do come as often as in the traces of a healthy cluster whose phones
/// start now and then.
pub fn run_of_lines(random: &mut Random, out: &mut String) {
    match random.below(20) {
        0..=8 => expressway(random, out),
        9..=13 => phone(random, out),
        14..=17 => tvs(random, out),
        _ => foreign(random, out),
    }
}

/// Never fails: what is written to is a string.
macro_rules! line {
    ($out:expr, $($text:tt)*) => {{
        let _ = writeln!($out, $($text)*);
    }};
}

/// A clock that goes on.
struct Clock {
    millis: u64,
}

impl Clock {
    fn begin(random: &mut Random) -> Self {
        Self { millis: random.bits() % (20 * 3_600_000) }
    }

    fn tick(&mut self, random: &mut Random) -> String {
        self.millis += random.bits() % 7;
        let seconds = self.millis / 1000;
        let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
        format!("{hour:02}:{minute:02}:{:02}.{:03}", seconds % 60, self.millis % 1000)
    }
}

/// The diagnostic log of an Expressway: developer lines, requests that it passes on, other daemons, hardly ever a refusal.
fn expressway(random: &mut Random, out: &mut String) {
    let mut clock = Clock::begin(random);
    let node = *random.pick(&["exp-c1", "exp-c2", "exp-e1"]);
    let mut transaction = random.below(100_000);
    for _ in 0..random.below(600) + 200 {
        let now = clock.tick(random);
        let utc = now.replace('.', ",");
        let head = format!("2026-11-20T{now}+00:00 {node}");
        match random.below(100) {
            0..=54 => line!(
                out,
                "{head} tvcs: UTCTime=\"2026-11-20 {utc}\" Module=\"developer.nomodule\" Level=\"INFO\" \
                 CodeLocation=\"ppcmains/sip/siptrnsp/SipStack.cpp({})\" Method=\"SipStack::send\" Thread=\"0x7f{:04x}\": \
                 Sending a keepalive to 10.48.36.{}:5061",
                random.below(400),
                random.below(65_536),
                random.below(250)
            ),
            55..=69 => line!(
                out,
                "{head} tvcs: UTCTime=\"2026-11-20 {utc}\" Module=\"developer.ssl\" Level=\"DEBUG\" \
                 CodeLocation=\"ppcmains/ssl/ttssl/ttssl_openssl.cpp({})\" Method=\"::ttssl_continueHandshake\" \
                 Thread=\"0x7f{:04x}\": Detail=\"Handshake in progress\" Reason=\"want read/write\"",
                random.below(4_000),
                random.below(65_536)
            ),
            70..=77 => line!(
                out,
                "{head} XCP_JABBERD[23843]: UTCTime=\"2026-11-20 {utc}\" ThreadID=\"139747212576512\" Module=\"Jabber\" \
                 Level=\"INFO\" CodeLocation=\"mio.c:{}\" Detail=\"Component jabberd-port-1 is up\"",
                random.below(2_000)
            ),
            78..=87 => line!(
                out,
                "{head} dnsmasq[2214]: reply host{}.example.com is 10.48.{}.{}",
                random.below(500),
                random.below(250),
                random.below(250)
            ),
            88..=97 => {
                transaction += 1;
                exchange(random, &head, &utc, transaction, out);
            }
            98 => line!(
                out,
                "{head} traffic_server[18242]: [ET_NET {}] WARNING: SNI (cucm{}.example.com) not in certificate. Action=Continue \
                 server=cucm{}.example.com(10.48.36.215)",
                random.below(8),
                random.below(4),
                random.below(4)
            ),
            _ => line!(out, "{head} kernel: eth0: Gerät bereit, {} Pakete", random.below(9_000)),
        }
    }
}

/// A request of a client, passed on and answered; one in four has its head between pipes.
fn exchange(random: &mut Random, head: &str, utc: &str, transaction: usize, out: &mut String) {
    let record = format!(
        "{head} traffic_server[18242]: UTCTime=\"2026-11-20 {utc}\" Module=\"network.http.trafficserver\" Level=\"DEBUG\":"
    );
    let tracking = format!("{:016x}-{:08x}", random.bits(), random.below(1 << 30));
    let port = 30_000 + random.below(9_000);
    let asked = "http://exp-c.example.com:8443/ZXhhbXBsZS5jb20vaHR0cHMvY3VjbS5leGFtcGxlLmNvbS84NDQz/cucm-uds/clusterUser";
    let ids = format!("Txn-id=\"{transaction}\" TrackingID=\"{tracking}\"");
    line!(
        out,
        "{record} Detail=\"Receive Request\" {ids} Src-ip=\"127.0.0.1\" Src-port=\"{port}\" Last-via-addr=\"\" \
         Msg=\"GET {asked}?username=u{} HTTP/1.1\"",
        random.below(900)
    );
    if random.one_in(4) {
        line!(
            out,
            "{record} Detail=\"Sending Request\" {ids} Dst-ip=\"10.48.36.215\" Dst-port=\"8443\"\nHTTPMSG:\n\
             |GET /cucm-uds/clusterUser HTTP/1.1\nHost: cucm.example.com:8443\nUser-Agent: Jabber-Win-2124\n\
             Accept: */*\nCookie:<CONCEALED>\nX-Forwarded-For: 10.0.{}.{}\n\n |",
            random.below(250),
            random.below(250)
        );
    } else {
        line!(
            out,
            "{record} Detail=\"Sending Request\" {ids} Dst-ip=\"10.48.36.215\" Dst-port=\"8443\" \
             Msg=\"GET /cucm-uds/clusterUser HTTP/1.1\""
        );
    }
    line!(
        out,
        "{record} Detail=\"Receive Response\" {ids} Src-ip=\"10.48.36.215\" Src-port=\"8443\" Msg=\"HTTP/1.1 200 \""
    );
    line!(
        out,
        "{record} Detail=\"Sending Response\" {ids} Dst-ip=\"127.0.0.1\" Dst-port=\"{port}\" Msg=\"HTTP/1.1 200 \""
    );
}

/// The console of a phone that now and then fetches its files.
fn phone(random: &mut Random, out: &mut String) {
    let mut clock = Clock::begin(random);
    let device = format!("SEP00112233{:04X}", random.below(65_536));
    let mut number = random.below(9_000);
    let family = random.below(3);
    let mut head = |random: &mut Random| {
        number += 1;
        let now = format!("{}{:03}", clock.tick(random), random.below(1_000));
        match family {
            0 => format!("{number}: NOT {now}"),
            1 => format!("{number} NOT {now} "),
            _ => format!("{number} DEB Nov 20 {now} (870:1234)"),
        }
    };
    for _ in 0..random.below(800) + 200 {
        let begin = head(random);
        match random.below(100) {
            0..=49 => line!(
                out,
                "{begin} SIPCC-SIP_TRANS: ccsip_handle_timer {} expired for line {}",
                random.below(90),
                random.below(9)
            ),
            50..=74 => line!(
                out,
                "{begin} JVM: SIPCC-SIP_REG|cip.sip.CcCallback:? - regState {} for 10.48.36.{}, lines idle",
                random.below(7),
                random.below(250)
            ),
            75..=97 => line!(
                out,
                "{begin} DSP: -rtp stream {} jitter {} ms, lost {}, concealed {}, codec G722",
                random.below(9),
                random.below(90),
                random.below(9),
                random.below(9)
            ),
            _ => {
                let server = random.below(250);
                line!(out, "{begin} SECD: tlRequestFile: Request ITL{device}.tlv");
                line!(
                    out,
                    "{} TFTP: [27]:Requesting ITL{device}.tlv from 10.48.36.{server}",
                    head(random)
                );
                line!(out, "{} TFTP: [27]:Finished --> rcvd 5438 bytes", head(random));
                line!(
                    out,
                    "{} SECD: verifyFile: verify SUCCESS </usr/ram/{device}.cnf.xml>",
                    head(random)
                );
            }
        }
    }
}

/// The trace of a node's TVS: phones that ask, dumps of messages, and what goes on between them.
fn tvs(random: &mut Random, out: &mut String) {
    let mut clock = Clock::begin(random);
    for _ in 0..random.below(300) + 100 {
        if !random.one_in(6) {
            line!(
                out,
                "{} | debug tvsGetHandle {} of {} connections, slot {} is idle",
                clock.tick(random),
                random.below(9),
                random.below(90),
                random.below(9)
            );
            continue;
        }
        let session = random.below(65_536);
        let mut say = |text: &str, random: &mut Random| {
            line!(out, "{} | debug {text}", clock.tick(random));
        };
        let address = format!("10.0.{}.{}", random.below(250), random.below(250));
        say(&format!("{address}: tvsSSLHandShake Session ciphers - AES256-SHA"), random);
        say("8:UNKNOWN:Incoming Phone Msg: HEX_DUMP: Len = 153:", random);
        say(&format!("57 01 03 00 00 00 {:02x} {:02x}", session >> 8, session & 0xff), random);
        for dump in [
            "00 8f 01 00 18 01 43 50",
            "2d 38 38 36 31 2d 53 45",
            "50 42 30 30 30 42 34 42",
            "41 30 41 45 45 03 00 42",
        ] {
            say(dump, random);
        }
        say("MsgType : TVS_MSG_QUERY_CERT_REQ", random);
        say(
            "tvsHandleQueryCertReq : Subject Name is: CN=cucm.example.com;OU=TAC;O=Example",
            random,
        );
        say("tvsHandleQueryCertReq : Issuer Name is: CN=cucm.example.com;OU=TAC;O=Example", random);
        say("tvsHandleQueryCertReq : Serial Number is: 0024000000179479B8", random);
        say(
            "CertificateDBCache::getCertificateInformation - Looking up the certificate cache using Unique MAP ID : \
             24000000179479B8CN=cucm.example.com;OU=TAC;O=Example",
            random,
        );
        say("CertificateDBCache::getCertificateInformation - Found entry {rolecount : 2}", random);
        say("CertificateDBCache::getCertificateInformation - {role : 0}", random);
        say("8:UNKNOWN:Sending QUERY_CERT_RES msg", random);
        say("Version : 0", random);
        say("PublicKey : HEX_DUMP: Len = 4:", random);
        say("00 01 51 80", random);
    }
}

/// Logs that nobody here reads: of Java, of Call Manager, of a system.
fn foreign(random: &mut Random, out: &mut String) {
    let mut clock = Clock::begin(random);
    for _ in 0..random.below(300) + 100 {
        let now = clock.tick(random);
        match random.below(8) {
            0 => line!(
                out,
                "{:08}.000 |{now} |SdlSig   |StationInput |wait |StationD(1,100,63,{}) |TcpStationHandler(1,100,64,1) |*TraceFlagOverrode",
                random.below(99_999_999),
                random.below(9_000)
            ),
            1 => line!(
                out,
                "20/Nov/2026:{now} +0000 http-nio-443-exec-{} INFO  servlet.Router - GET /ccmadmin/showHome.do 200",
                random.below(40)
            ),
            2 => line!(
                out,
                "\tat com.example.platform.certificate.Importer.read(Importer.java:{})",
                random.below(900)
            ),
            3 => line!(
                out,
                "Caused by: java.io.IOException: Verbindung zum Server {} zurückgesetzt",
                random.below(900)
            ),
            4 => line!(
                out,
                "Nov 20 {} cucm-pub auditd[1722]: Audit daemon rotating log files, {} left",
                now.split('.').next().unwrap_or_default(),
                random.below(90)
            ),
            5 => line!(
                out,
                "[{now}] <{}> CallProcessor: connection to database is idle, {} in queue",
                random.below(90),
                random.below(90)
            ),
            6 => line!(
                out,
                "Content-Type: text/xml;charset=\"utf-8\"; length={}",
                random.below(9_000)
            ),
            _ => line!(out, ""),
        }
    }
}
