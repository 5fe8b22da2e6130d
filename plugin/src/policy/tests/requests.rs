use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::super::{Answer, Exchange, Reason, Tcp, refusal_text};
use super::*;

/// What Envoy knows once the handshake with the origin is over.
fn shakes_hands(desk: &Desk, pem: &str, port: u16) {
    desk.knows("upstream.peer_certificate", pem);
    let digest: String = tlvet_core::digest::sha256(&chain(&[pem])[0])
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    desk.knows("upstream.sha256_peer_certificate_digest", &digest);
    desk.knows("upstream.local_address", &format!("10.48.36.1:{port}"));
}

fn asks(desk: &Desk, host: &str, path: &str) {
    for (name, value) in
        [(":authority", host), (":path", path), ("x-envoy-original-dst-host", "169.254.169.254:80")]
    {
        desk.set_header(Headers::Request, name, value);
    }
}

const SELF_SIGNED_LINE: &str = "WARNING: Core server certificate verification failed for (cucm.steven.lab). \
     Action=Terminate Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0";

#[test]
fn a_request_waits_for_the_handshake_and_passes_or_ends() {
    let policy = policy(&configuration("upstream-http", "enforce", ""));
    for (pem, expected) in [(LEAF, Answer::Pass), (SELF_SIGNED, Answer::Refuse(Reason::SelfSigned))]
    {
        let desk = desk();
        asks(&desk, "CUCM.steven.lab:8443", "/");
        let mut exchange = Exchange::new(Rc::clone(&policy));
        assert_eq!(exchange.request(&*desk), Answer::Hold);
        assert!(exchange.waits() && !exchange.passes());
        assert_eq!(exchange.tick(&*desk), Answer::Hold);
        shakes_hands(&desk, pem, 40_000);
        assert_eq!(exchange.tick(&*desk), expected);
        assert!(!exchange.waits());
        assert_eq!(exchange.passes(), expected == Answer::Pass);
        assert_eq!(exchange.response(&*desk), Answer::Pass);
    }
    assert_eq!(refusal_text(Reason::SelfSigned), "tlvet: refused (self_signed)\n");
}

#[test]
fn requests_on_one_connection_share_its_verdict_and_its_lines() {
    let policy = policy(&configuration("upstream-http", "enforce", ""));
    let desk = desk();
    let ask = |host: &str| {
        asks(&desk, host, "/");
        Exchange::new(Rc::clone(&policy)).request(&*desk)
    };
    shakes_hands(&desk, SELF_SIGNED, 40_000);
    let refused = Answer::Refuse(Reason::SelfSigned);
    assert_eq!([ask("cucm.steven.lab"), ask("cucm.steven.lab")], [refused, refused]);
    assert_eq!(desk.lines(), [SELF_SIGNED_LINE]);
    assert_eq!(desk.count_of("tlvet_connections_total.result.refused.reason.self_signed"), 1);
    assert_eq!(desk.count_of("tlvet_requests_total.result.refused.reason.self_signed"), 2);
    shakes_hands(&desk, SELF_SIGNED, 40_001);
    assert_eq!(ask("cucm.steven.lab"), refused);
    assert_eq!(desk.lines(), [SELF_SIGNED_LINE]);
    // Another name on a connection that is fine for the first.
    shakes_hands(&desk, LEAF, 40_002);
    assert_eq!(ask("cucm.steven.lab"), Answer::Pass);
    assert_eq!(ask("imp.steven.lab"), Answer::Refuse(Reason::Name));
    assert_eq!(desk.properties.borrow()["wasm.tlvet.reason"], b"name");
}

#[test]
fn a_good_certificate_is_judged_once_and_each_of_its_connections_counted() {
    let policy = policy(&configuration("upstream-http", "enforce", ""));
    let desk = desk();
    asks(&desk, "CUCM.steven.lab:8443", "/");
    let ask = || Exchange::new(Rc::clone(&policy)).request(&*desk);
    let counts = || {
        ["connections", "requests"]
            .map(|what| desk.count_of(&format!("tlvet_{what}_total.result.passed.reason.verified")))
    };
    let forgets = |names: &[&str]| {
        for name in names {
            desk.properties.borrow_mut().remove(*name);
        }
    };
    for (port, expected) in [(40_000, [1, 1]), (40_001, [2, 3])] {
        let mut first = Exchange::new(Rc::clone(&policy));
        assert_eq!(first.request(&*desk), Answer::Hold);
        shakes_hands(&desk, LEAF, port);
        assert_eq!(first.tick(&*desk), Answer::Pass);
        assert_eq!(counts(), expected);
        // The next one asks for the digest alone.
        forgets(&["upstream.peer_certificate", "upstream.local_address"]);
        assert_eq!(ask(), Answer::Pass);
        forgets(&["upstream.sha256_peer_certificate_digest"]);
    }
    // In 2047 it has expired.
    desk.elapsed.set(21 * 365 * 86_400_000);
    shakes_hands(&desk, LEAF, 40_001);
    assert_eq!(ask(), Answer::Refuse(Reason::Expired));
}

#[test]
fn what_an_exception_lets_pass_at_one_address_does_not_pass_at_another() {
    let more =
        r#", "exceptions": [{"name": "10.48.36.215", "until": "2026-12-31", "reason": "old"}]"#;
    let policy = policy(&configuration("upstream-http", "enforce", more));
    let desk = desk();
    asks(&desk, "cucm.steven.lab", "/");
    let ask = || Exchange::new(Rc::clone(&policy)).request(&*desk);
    shakes_hands(&desk, SELF_SIGNED, 40_000);
    assert_eq!([ask(), ask()], [Answer::Pass, Answer::Pass]);
    desk.knows("upstream.address", "10.48.36.216:8443");
    shakes_hands(&desk, SELF_SIGNED, 40_001);
    assert_eq!(ask(), Answer::Refuse(Reason::SelfSigned));
}

#[test]
fn reasons_and_their_numbers_belong_together() {
    for code in 0..=u8::MAX {
        if let Some(reason) = Reason::from_code(code) {
            assert_eq!((reason.code(), reason.as_str().is_empty()), (code, false));
        }
    }
    assert_eq!(Reason::Misplaced.as_str(), "misplaced");
    assert_eq!(Reason::from_code(Reason::Misplaced.code() + 1), None);
}

#[test]
fn an_origin_without_a_certificate_is_refused_in_time() {
    let policy =
        policy(&configuration("upstream-http", "enforce", r#", "limits": {"handshake_ms": 100}"#));
    let desk = desk();
    asks(&desk, "cucm.steven.lab", "/");
    let mut exchange = Exchange::new(Rc::clone(&policy));
    assert_eq!(exchange.request(&*desk), Answer::Hold);
    desk.elapsed.set(99);
    assert_eq!(exchange.tick(&*desk), Answer::Hold);
    desk.elapsed.set(100);
    assert_eq!(exchange.tick(&*desk), Answer::Refuse(Reason::NotVisible));
}

#[test]
fn in_mode_monitor_no_request_waits() {
    let policy = policy(&configuration("upstream-http", "monitor", ""));
    for (pem, count) in [
        (Some(SELF_SIGNED), "would_refuse.reason.self_signed"),
        (Some(LEAF), "passed.reason.verified"),
        (None, "would_refuse.reason.not_visible"),
    ] {
        let desk = desk();
        asks(&desk, "cucm.steven.lab", "/");
        let mut exchange = Exchange::new(Rc::clone(&policy));
        assert_eq!(exchange.request(&*desk), Answer::Pass);
        assert!(exchange.passes() && !exchange.waits());
        if let Some(pem) = pem {
            shakes_hands(&desk, pem, 40_000);
        }
        assert_eq!(exchange.response(&*desk), Answer::Pass);
        assert_eq!(desk.count_of(&format!("tlvet_requests_total.result.{count}")), 1);
    }
}

#[test]
fn what_envoy_gives_as_certificate_is_not_believed() {
    let policy =
        policy(&configuration("upstream-http", "enforce", r#", "limits": {"handshake_ms": 10}"#));
    for pem in ["", "-----BEGIN CERTIFICATE-----", "no PEM", "\u{0}"] {
        let desk = desk();
        asks(&desk, "cucm.steven.lab", "/");
        desk.knows("upstream.peer_certificate", pem);
        let mut exchange = Exchange::new(Rc::clone(&policy));
        exchange.request(&*desk);
        desk.elapsed.set(10);
        assert_eq!(exchange.tick(&*desk), Answer::Refuse(Reason::NotVisible), "{pem:?}");
    }
}

#[test]
fn originated_connections_are_decided_before_the_first_byte() {
    let more = r#", "name": {"from": "fixed", "fixed": "cucm.steven.lab"}"#;
    let policy = policy(&configuration("tcp", "enforce", more));
    let desk = desk();
    shakes_hands(&desk, LEAF, 40_000);
    assert_eq!(Tcp::new(Rc::clone(&policy)).client(&*desk), Step::Pass);
    shakes_hands(&desk, SELF_SIGNED, 40_001);
    let mut tcp = Tcp::new(Rc::clone(&policy));
    assert_eq!(tcp.client(&*desk), Step::Close);
    assert!(tcp.is_refused());
    assert_eq!(desk.lines(), [SELF_SIGNED_LINE]);
    // An origin that speaks first.
    *desk.origin.borrow_mut() = b"220 hello".to_vec();
    assert_eq!(Tcp::new(Rc::clone(&policy)).origin(9, &*desk), Step::PassAndClose);
    assert!(desk.origin.borrow().is_empty());
    desk.properties.borrow_mut().remove("upstream.peer_certificate");
    assert_eq!(Tcp::new(Rc::clone(&policy)).client(&*desk), Step::Close);
    assert_eq!(desk.count_of("tlvet_connections_total.result.refused.reason.not_visible"), 1);
}

#[test]
fn a_connection_for_requests_has_to_carry_the_host_that_they_ask_for() {
    let policy = policy(&configuration("tcp", "enforce", r#", "name": {"from": "host"}"#));
    let desk = desk();
    shakes_hands(&desk, LEAF, 40_000);
    // No name by server name indication takes its place.
    desk.knows("connection.requested_server_name", "cucm.steven.lab");
    for (asked, step) in [
        (None, Step::Close),
        (Some("cucm.steven.lab"), Step::Pass),
        (Some("CUCM.steven.lab:8443"), Step::Pass),
        (Some("imp.steven.lab"), Step::Close),
        (Some("cucm.steven.lab, imp.steven.lab"), Step::Close),
        (Some(""), Step::Close),
    ] {
        if let Some(asked) = asked {
            desk.knows("filter_state.tlvet.host", asked);
        }
        assert_eq!(Tcp::new(Rc::clone(&policy)).client(&*desk), step, "{asked:?}");
    }
    assert_eq!(desk.count_of("tlvet_connections_total.result.passed.reason.verified"), 2);
    assert_eq!(desk.count_of("tlvet_connections_total.result.refused.reason.name"), 4);
}

fn mra(more: &str) -> Rc<Policy> {
    policy(&configuration(
        "http",
        "enforce",
        &format!(
            r#", "name": {{"from": "mra-path"}}, "allow": ["10.48.36.0/24:8443", "*.steven.lab:8443"]{more}"#
        ),
    ))
}

#[test]
fn an_allowed_path_is_routed_and_its_name_demanded() {
    let desk = desk();
    let code = STANDARD_NO_PAD.encode("steven.lab/https/10.48.36.215/8443");
    asks(&desk, "edge.steven.lab", &format!("/{code}/cucm-uds/version"));
    assert_eq!(Exchange::new(mra("")).request(&*desk), Answer::Pass);
    let request = desk.request.borrow();
    assert_eq!(request["x-envoy-original-dst-host"], "10.48.36.215:8443");
    assert_eq!(request[":path"], "/cucm-uds/version");
    assert_eq!(request[":authority"], "10.48.36.215:8443");
    let state = desk.filter_state.borrow();
    assert_eq!(state["envoy.network.upstream_subject_alt_names"], "10.48.36.215");
    assert_eq!(state["envoy.upstream.dynamic_host"], "10.48.36.215");
    assert_eq!(state["envoy.upstream.dynamic_port"], "8443");
    assert!(!state.contains_key("envoy.network.upstream_server_name"));
}

#[test]
fn a_client_chooses_no_origin_by_header() {
    let desk = desk();
    let code = STANDARD_NO_PAD.encode("steven.lab/https/cucm.steven.lab/8443");
    asks(&desk, "edge.steven.lab", &format!("/{code}/"));
    assert_eq!(Exchange::new(mra("")).request(&*desk), Answer::Pass);
    assert!(!desk.request.borrow().contains_key("x-envoy-original-dst-host"));
    assert_eq!(desk.filter_state.borrow()["envoy.network.upstream_server_name"], "cucm.steven.lab");
    for json in
        [r#"{"role": "http", "mode": "off"}"#.to_owned(), configuration("http", "monitor", "")]
    {
        let desk = super::desk();
        asks(&desk, "cucm.steven.lab", "/");
        assert_eq!(Exchange::new(policy(&json)).request(&*desk), Answer::Pass);
        assert!(!desk.request.borrow().contains_key("x-envoy-original-dst-host"));
    }
}

#[test]
fn a_path_to_nowhere_ends_here_in_every_mode() {
    for mode in ["monitor", "enforce"] {
        let desk = desk();
        let policy = policy(&configuration(
            "http",
            mode,
            r#", "name": {"from": "mra-path"}, "allow": ["10.48.36.0/24:8443"]"#,
        ));
        asks(&desk, "edge.steven.lab", "/login");
        assert_eq!(
            Exchange::new(Rc::clone(&policy)).request(&*desk),
            Answer::Refuse(Reason::BadName)
        );
        let code = STANDARD_NO_PAD.encode("steven.lab/https/127.0.0.1/8443");
        asks(&desk, "edge.steven.lab", &format!("/{code}/"));
        let ask = || Exchange::new(Rc::clone(&policy)).request(&*desk);
        assert_eq!(ask(), Answer::Refuse(Reason::Destination));
        let code = STANDARD_NO_PAD.encode("steven.lab/https/cucm.steven.lab/443");
        asks(&desk, "edge.steven.lab", &format!("/{code}/"));
        assert_eq!(ask(), Answer::Refuse(Reason::Destination));
        assert!(desk.filter_state.borrow().is_empty());
        // Who keeps the list reads here what is missing in it.
        assert_eq!(
            desk.lines(),
            [
                "WARNING: tlvet: origin not verified. Action=Terminate Reason=bad_name server=(null)(unknown)",
                "WARNING: tlvet: origin not verified. Action=Terminate Reason=destination server=127.0.0.1(127.0.0.1) \
                 port=8443",
                "WARNING: tlvet: origin not verified. Action=Terminate Reason=destination \
                 server=cucm.steven.lab(unknown) port=443",
            ]
        );
    }
}

/// The texts are those that Envoy 1.40 gave.
#[test]
fn the_validators_words_become_traffic_servers() {
    const SELF: &str = "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify cert failed: \
         X509_verify_cert: certificate verification error at depth 0: self signed certificate:TLS_error_end";
    const ISSUER: &str = "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify cert failed: \
         X509_verify_cert: certificate verification error at depth 1: unable to get local issuer certificate:TLS_error_end";
    const NAMES: &str = "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify cert failed: \
         verify SAN list, expected SANs: [nope.lab], certificate SANs: [steven.lab]:TLS_error_end";
    for (text, line, reason) in [
        (SELF, SELF_SIGNED_LINE.to_owned(), "self_signed"),
        (
            ISSUER,
            SELF_SIGNED_LINE
                .replace("self signed certificate", "unable to get local issuer certificate")
                .replace("depth=0", "depth=1"),
            "unknown_issuer",
        ),
        (
            NAMES,
            "WARNING: SNI (cucm.steven.lab) not in certificate. Action=Terminate server=cucm.steven.lab(10.48.36.215)"
                .to_owned(),
            "name",
        ),
        (
            "delayed connect error: Connection refused",
            "WARNING: tlvet: origin not verified. Action=Terminate Reason=unreachable server=cucm.steven.lab(10.48.36.215)"
                .to_owned(),
            "unreachable",
        ),
    ] {
        let desk = desk();
        asks(&desk, "cucm.steven.lab", "/");
        let mut exchange = Exchange::new(policy(r#"{"role": "http", "mode": "enforce"}"#));
        assert_eq!(exchange.request(&*desk), Answer::Pass);
        desk.knows("upstream.transport_failure_reason", text);
        desk.set_header(Headers::Response, ":status", "503");
        assert_eq!(exchange.response(&*desk), Answer::Pass);
        assert_eq!(desk.lines(), [line]);
        assert_eq!(desk.response.borrow()[":status"], "502");
        for part in ["upstream connect error", "and more"] {
            *desk.body.borrow_mut() = part.as_bytes().to_vec();
            exchange.response_body(part.len(), &*desk);
        }
        assert!(desk.body.borrow().is_empty());
        assert_eq!(desk.count_of(&format!("tlvet_requests_total.result.refused.reason.{reason}")), 1);
    }
}

#[test]
fn a_retry_that_went_well_is_not_refused_for_the_first_attempt() {
    for (status, details, refused) in [
        ("200", Some("via_upstream"), false),
        ("503", Some("via_upstream"), false),
        ("200", None, false),
        ("503", Some("upstream_reset_before_response_started{remote_connection_failure}"), true),
        ("200", Some("upstream_reset_before_response_started{remote_connection_failure}"), false),
    ] {
        let desk = desk();
        asks(&desk, "cucm.steven.lab", "/");
        let mut exchange = Exchange::new(policy(r#"{"role": "http", "mode": "enforce"}"#));
        exchange.request(&*desk);
        desk.knows(
            "upstream.transport_failure_reason",
            "delayed connect error: Connection refused",
        );
        shakes_hands(&desk, LEAF, 40_000);
        if let Some(details) = details {
            desk.knows("response.code_details", details);
        }
        desk.set_header(Headers::Response, ":status", status);
        assert_eq!(exchange.response(&*desk), Answer::Pass);
        let now = desk.response.borrow()[":status"].clone();
        assert_eq!(now, if refused { "502" } else { status }, "{status} {details:?}");
    }
}

#[test]
fn a_validator_that_lets_pass_what_is_not_trusted_is_caught_at_the_response() {
    let policy = policy(&configuration("http", "enforce", ""));
    let desk = desk();
    asks(&desk, "cucm.steven.lab", "/");
    let mut exchange = Exchange::new(Rc::clone(&policy));
    assert_eq!(exchange.request(&*desk), Answer::Pass);
    shakes_hands(&desk, SELF_SIGNED, 40_000);
    assert_eq!(exchange.response(&*desk), Answer::Refuse(Reason::SelfSigned));
    assert_eq!(desk.lines(), [SELF_SIGNED_LINE]);
    shakes_hands(&desk, LEAF, 40_001);
    let mut exchange = Exchange::new(policy);
    assert_eq!(exchange.request(&*desk), Answer::Pass);
    assert_eq!(exchange.response(&*desk), Answer::Pass);
}

/// Verified is what this filter has verified.
#[test]
fn what_the_validator_alone_has_seen_is_called_so() {
    let desk = desk();
    asks(&desk, "cucm.steven.lab", "/");
    let mut exchange = Exchange::new(policy(r#"{"role": "http", "mode": "enforce"}"#));
    assert_eq!(exchange.request(&*desk), Answer::Pass);
    shakes_hands(&desk, LEAF, 40_000);
    assert_eq!(exchange.response(&*desk), Answer::Pass);
    assert_eq!(desk.count_of("tlvet_connections_total.result.passed.reason.validator"), 1);
}

#[test]
fn monitor_tells_at_the_response_what_enforce_would_have_done() {
    let policy = policy(&configuration("http", "monitor", ""));
    let desk = desk();
    asks(&desk, "cucm.steven.lab", "/");
    shakes_hands(&desk, SELF_SIGNED, 40_000);
    for _ in 0..2 {
        let mut exchange = Exchange::new(Rc::clone(&policy));
        assert_eq!(exchange.request(&*desk), Answer::Pass);
        assert!(desk.filter_state.borrow().is_empty());
        assert_eq!(exchange.response(&*desk), Answer::Pass);
    }
    assert_eq!(desk.lines(), [SELF_SIGNED_LINE.replace("Terminate", "Continue")]);
    assert_eq!(desk.count_of("tlvet_requests_total.result.would_refuse.reason.self_signed"), 2);
}
