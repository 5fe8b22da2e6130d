//! The filter in the real Envoy, and whether tlvet's own host agrees with it.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;
use tlvet_tests::envoy::{self, Envoy, Origin, Started};
use tlvet_tests::load;
use tlvet_tests::origins::{NAME, Origins};
use tlvet_tests::scenario::{self, scenarios};
use tlvet_tests::trial::{Arrangement, configuration};

/// Every scenario has the outcome that it names, in Envoy and in tlvet's own host.
#[test]
fn both_hosts_agree_on_every_scenario() {
    let mut failures = Vec::new();
    for (name, scenario) in scenarios().unwrap() {
        match envoy::play(&scenario) {
            Ok(outcome) if outcome == scenario.expect => {}
            other => failures
                .push(format!("{name} in Envoy: {other:#?}\nexpected: {:#?}", scenario.expect)),
        }
        match scenario::play(&scenario) {
            Ok(outcome) if outcome == scenario.expect => {}
            other => failures.push(format!(
                "{name} in tlvet's host: {other:#?}\nexpected: {:#?}",
                scenario.expect
            )),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A megabyte of every byte value in either direction, at the same time, that no protocol would explain.
#[test]
fn mode_off_passes_arbitrary_bytes() {
    let bytes: Vec<u8> =
        (0..1_048_576_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let echo = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut writer = stream.try_clone().unwrap();
        std::io::copy(&mut stream, &mut writer).unwrap();
        writer.shutdown(Shutdown::Write).unwrap();
    });
    let configuration = r#"{"role": "passthrough", "mode": "off"}"#;
    let origin = Origin::reversing().unwrap();
    let started =
        Envoy::start("A-passthrough", configuration, port, &origin.certificate()).unwrap();
    let Started::Running(envoy) = started else { panic!("Envoy did not start") };
    let stream = TcpStream::connect(envoy.edge).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let sent = bytes.clone();
    let sender = std::thread::spawn(move || {
        writer.write_all(&sent).unwrap();
        writer.shutdown(Shutdown::Write).unwrap();
    });
    let mut received = Vec::new();
    (&stream).read_to_end(&mut received).unwrap();
    sender.join().unwrap();
    echo.join().unwrap();
    assert_eq!(received.len(), bytes.len(), "Envoy's log:\n{}", envoy.log().join("\n"));
    assert!(
        received == bytes,
        "bytes were changed on the way; Envoy's log:\n{}",
        envoy.log().join("\n")
    );
}

/// Envoy's log says that nothing is verified: nobody has to guess it from silence.
#[test]
fn mode_off_says_so_in_the_log() {
    let origin = Origin::reversing().unwrap();
    let configuration = r#"{"role": "passthrough", "mode": "off"}"#;
    let started =
        Envoy::start("A-passthrough", configuration, origin.port(), &origin.certificate()).unwrap();
    let Started::Running(envoy) = started else { panic!("Envoy did not start") };
    let said = "[warning]";
    let text = "tlvet: role passthrough, mode off: traffic passes, nothing is verified";
    assert!(
        envoy.log().iter().any(|line| line.contains(said) && line.ends_with(text)),
        "Envoy's log:\n{}",
        envoy.log().join("\n")
    );
}

/// What a client gets for `sent`, three times, with a role in the wrong kind of filter chain.
fn misplaced(arrangement: &str, role: &str, sent: &str, what: &str, line: &str) -> Vec<String> {
    let origin = Origin::serving("/there", "never seen").unwrap();
    let configuration = format!(r#"{{"role": "{role}", "mode": "off"}}"#);
    let started =
        Envoy::start(arrangement, &configuration, origin.port(), &origin.certificate()).unwrap();
    let envoy = started.running().unwrap();
    envoy.take_log(false);
    let received = (0..3)
        .map(|_| {
            let mut stream = TcpStream::connect(envoy.edge).unwrap();
            stream.write_all(sent.as_bytes()).unwrap();
            let mut received = Vec::new();
            // Envoy resets a connection that it closes with bytes unread.
            let _ = stream.read_to_end(&mut received);
            String::from_utf8(received).unwrap()
        })
        .collect();
    let (lines, rest) = envoy.take_log(true);
    assert_eq!(lines, [line], "{arrangement} with role {role}; Envoy's log: {rest:#?}");
    let name = format!("tlvet_{what}_total.result.refused.reason.misplaced");
    assert_eq!(envoy.statistics(&name).unwrap().values().sum::<u64>(), 3, "{arrangement}");
    assert_eq!(envoy.statistics("vm_reload").unwrap().values().sum::<u64>(), 0, "{arrangement}");
    received
}

/// A role in the wrong kind of filter chain lets nothing pass, says once what is wrong, and the VM lives. `filter.rs` plays the
/// same in tlvet's own host.
#[test]
fn a_role_in_the_wrong_chain_passes_nothing_and_says_so() {
    let received = misplaced(
        "A-passthrough",
        "http",
        "hello\n",
        "connections",
        "tlvet: role http stands in a network filter chain: every connection is closed; role tcp or passthrough belongs \
         there, role http among HTTP filters",
    );
    assert_eq!(received, [""; 3]);
    for arrangement in ["C-http", "D-upstream-http"] {
        let received = misplaced(
            arrangement,
            "passthrough",
            "GET /there HTTP/1.1\r\nhost: cucm.steven.lab\r\nconnection: close\r\n\r\n",
            "requests",
            "tlvet: role passthrough stands in an HTTP filter chain: every request is refused; role http or upstream-http \
             belongs there, role passthrough among network filters",
        );
        for answer in received {
            assert!(answer.starts_with("HTTP/1.1 502 "), "{arrangement}: {answer}");
            assert!(
                answer.ends_with("\r\n\r\ntlvet: refused (misplaced)\n"),
                "{arrangement}: {answer}"
            );
        }
    }
}

/// What the filter decided stands in filter state, where the access log reads it.
#[test]
fn access_logs_read_the_verdict() {
    let origin = Origin::serving("/there", "an answer").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ca =
        serde_json::to_string(&std::fs::read_to_string(origin.certificate()).unwrap()).unwrap();
    let request = "GET /there HTTP/1.1\r\nhost: imp.steven.lab\r\nconnection: close\r\n\r\n";
    for (mode, answer, told) in [
        ("monitor", "HTTP/1.1 200 ", " 200 verdict=would_refuse reason=name"),
        ("enforce", "HTTP/1.1 502 ", " 502 verdict=refused reason=name"),
    ] {
        let path = folder.path().join(mode);
        let configuration =
            format!(r#"{{"role":"upstream-http","mode":"{mode}","trust":{{"ca_pem":{ca}}}}}"#);
        let certificate = origin.certificate();
        let envoy = Envoy::with_access_log(
            "D-upstream-http",
            &configuration,
            origin.port(),
            &certificate,
            &path,
        )
        .unwrap();
        let mut stream = TcpStream::connect(envoy.edge).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut received = String::new();
        stream.read_to_string(&mut received).unwrap();
        assert!(received.starts_with(answer), "{mode}: {received}");
        // Envoy writes its access log every ten seconds; its answers give this loop its pace.
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut log = String::new();
        while !log.ends_with('\n') && Instant::now() < deadline {
            envoy.statistics("tlvet_requests_total").unwrap();
            log = std::fs::read_to_string(&path).unwrap_or_default();
        }
        assert_eq!(log.lines().count(), 1, "{mode}: {log:?}");
        assert!(log.ends_with(&format!("{told}\n")), "{mode}: {log:?}");
    }
}

/// Where connections are judged and not requests, no request uses a connection that was judged for another host.
#[test]
fn requests_share_the_verdict_of_their_connection_with_those_for_the_same_host_alone() {
    let origins = Origins::make().unwrap();
    let good = origins.origin("good_rsa").unwrap();
    let server = Envoy::origin(&good.chain, &good.key).unwrap();
    let arrangement = Arrangement::HttpByConnection;
    let enforce = configuration(arrangement, "enforce", &origins, &json!({})).unwrap();
    let started =
        Envoy::start(arrangement.file(), &enforce, server.edge.port(), &origins.trusted).unwrap();
    let envoy = started.running().unwrap();
    let mut client = TcpStream::connect(envoy.edge).unwrap();
    let mut ask =
        |host| load::ask(&mut client, &format!("GET / HTTP/1.1\r\nhost: {host}\r\n\r\n")).unwrap();
    let statuses = [NAME, NAME, "imp.steven.lab", NAME, "imp.steven.lab"].map(&mut ask);
    assert_eq!(statuses, ["200", "200", "502", "200", "502"]);
    let counted = |result: &str| -> u64 {
        let name = format!("tlvet_connections_total.result.{result}");
        envoy.statistics(&name).unwrap().values().sum()
    };
    assert_eq!(counted("passed.reason.verified"), 1);
    assert_eq!(counted("refused.reason.name"), 2);
    // The origin has got what was answered with 200, and nothing else.
    let asked = server.statistics("^http.edge.downstream_rq_total$").unwrap();
    assert_eq!(asked.values().sum::<u64>(), 3);
}
