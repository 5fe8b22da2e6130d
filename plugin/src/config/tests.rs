use super::*;

fn config(json: &str) -> Config {
    Config::read(json.as_bytes()).unwrap()
}

fn problems(json: &str) -> Vec<String> {
    let refusal = Config::read(json.as_bytes()).unwrap_err();
    refusal.problems.iter().map(ToString::to_string).collect()
}

/// A configuration of mode off with one more key.
fn with(extra: &str) -> String {
    format!(r#"{{"role": "passthrough", "mode": "off", {extra}}}"#)
}

#[test]
fn defaults_are_the_strict_ones() {
    assert_eq!(
        config(r#"{"role": "passthrough"}"#),
        Config {
            role: Role::Passthrough,
            mode: Mode::Monitor,
            verify: Verify { signature: true, name: true },
            profile: Profile::TrafficServer9,
            trust: Trust::default(),
            name: Name::Sni,
            allow: Vec::new(),
            opaque_tls13: Answer::Deny,
            resumption: Resumption::Verified,
            not_tls: Answer::Deny,
            limits: Limits { handshake_bytes: 65_536, handshake_ms: 5_000 },
            exceptions: Vec::new(),
        }
    );
    assert_eq!(config(r#"{"role": "http"}"#).name, Name::Host);
    assert_eq!(config(r#"{"role": "upstream-http"}"#).name, Name::Host);
    assert_eq!(config(r#"{"role": "tcp", "name": {"fixed": null}}"#).name, Name::Sni);
}

#[test]
fn every_key_is_read() {
    let hash = "00ff".repeat(16);
    let read = config(&format!(
        r#"{{"role": "http", "mode": "enforce", "verify": ["name"], "profile": "openssl-3.0-strict",
            "trust": {{"itl_base64": "AQIC\n/w==", "leaf_sha256": ["{hash}"]}},
            "name": {{"from": "fixed", "fixed": "CUCM.steven.lab"}},
            "allow": ["10.48.36.0/24:8443"], "opaque_tls13": "allow", "resumption": "deny", "not_tls": "allow",
            "limits": {{"handshake_bytes": 512, "handshake_ms": 60000}},
            "exceptions": [{{"name": "10.48.36.215", "until": "2028-02-29", "reason": "ticket 4711"}}]}}"#
    ));
    assert_eq!(read.role, Role::Http);
    assert_eq!(read.mode, Mode::Enforce);
    assert_eq!(read.verify, Verify { signature: false, name: true });
    assert_eq!(read.profile, Profile::OpenSsl30Strict);
    assert_eq!(read.trust.trust_list, Some(vec![1, 2, 2, 255]));
    assert_eq!(read.trust.leaf_sha256, [<[u8; 32]>::try_from([0, 255].repeat(16)).unwrap()]);
    assert_eq!(read.name, Name::Fixed(Host::Name("cucm.steven.lab".to_owned())));
    assert_eq!(read.allow, [Destination::parse("10.48.36.0/24:8443").unwrap()]);
    assert_eq!(read.opaque_tls13, Answer::Allow);
    assert_eq!(read.resumption, Resumption::Deny);
    assert_eq!(read.not_tls, Answer::Allow);
    assert_eq!(read.limits, Limits { handshake_bytes: 512, handshake_ms: 60_000 });
    assert_eq!(
        read.exceptions,
        [Exception {
            name: Host::Address("10.48.36.215".parse().unwrap()),
            until: Date { year: 2028, month: 2, day: 29 },
            reason: "ticket 4711".to_owned(),
        }]
    );
}

#[test]
fn every_problem_is_reported_with_place_content_and_choice() {
    assert_eq!(
        problems(
            r#"{"rolle": "tcp", "role": "passthru", "mode": 3, "verify": [], "limits": {"handshake_ms": -1},
                "trust": {"leaf_sha256": ["00"]}, "exceptions": [{"name": "a b", "until": "2026-02-30"}]}"#
        ),
        [
            "configuration: unknown key \"rolle\"; allowed: role, mode, verify, profile, trust, name, allow, \
             opaque_tls13, resumption, not_tls, limits, exceptions",
            "mode: 3 stands there; allowed: monitor, enforce, off",
            "role: \"passthru\" stands there; allowed: passthrough, tcp, http, upstream-http",
            "verify: nothing stands there; allowed: a list of \"signature\" and \"name\", at least one of them, \
             each once",
            "trust.leaf_sha256[0]: \"00\" stands there; allowed: 64 hexadecimal digits, the SHA-256 of a \
             certificate in DER",
            "limits.handshake_ms: -1 stands there; allowed: a whole number from 10 to 60000",
            "exceptions[0].reason: is missing; an exception has a name, an end and a reason",
            "exceptions[0].name: \"a b\" stands there: a name holds letters, digits, - and _, and no label begins \
             or ends with -",
            "exceptions[0].until: \"2026-02-30\" stands there; allowed: a date as 2026-12-31",
        ]
    );
}

#[test]
fn what_is_no_object_is_refused() {
    assert_eq!(problems(""), ["configuration: nothing stands there; allowed: a JSON object"]);
    assert_eq!(problems(" \n"), ["configuration: nothing stands there; allowed: a JSON object"]);
    assert_eq!(problems("[]"), ["configuration: a list of 0 stands there; allowed: an object"]);
    assert_eq!(
        problems("{\"role\": "),
        [
            "configuration: no JSON: EOF while parsing a value at line 1 column 9; allowed: a JSON object"
        ]
    );
    assert_eq!(
        problems("{} {}"),
        ["configuration: no JSON: trailing characters at line 1 column 4; allowed: a JSON object"]
    );
    let deep = "[".repeat(100_000);
    assert_eq!(
        problems(&deep),
        [
            "configuration: no JSON: recursion limit exceeded at line 1 column 128; allowed: a JSON object"
        ]
    );
    let large = " ".repeat(limits::CONFIGURATION_BYTES + 1);
    assert_eq!(
        problems(&large),
        ["configuration: 8388609 bytes stand there; allowed: at most 8388608"]
    );
}

#[test]
fn a_key_may_stand_once() {
    assert_eq!(
        problems(r#"{"role": "tcp", "mode": "enforce", "mode": "off"}"#),
        ["mode: stands twice; allowed: once"]
    );
    assert_eq!(
        problems(&with(r#""limits": {"handshake_ms": 10, "handshake_ms": 20}"#)),
        ["limits.handshake_ms: stands twice; allowed: once"]
    );
}

#[test]
fn each_wrong_value_is_refused() {
    for (extra, expected) in [
        (
            r#""verify": ["name", "name"]"#,
            "verify[1]: \"name\" stands twice; allowed: a list of \"signature\" and \"name\", at least one of them, each once",
        ),
        (
            r#""verify": ["chain"]"#,
            "verify[0]: \"chain\" stands there; allowed: a list of \"signature\" and \"name\", at least one of them, each once",
        ),
        (
            r#""verify": "name""#,
            "verify: \"name\" stands there; allowed: a list of \"signature\" and \"name\", at least one of them, each once",
        ),
        (
            r#""profile": "openssl-0.9""#,
            "profile: \"openssl-0.9\" stands there; allowed: openssl-1.1.1, openssl-3.0, openssl-3.0-strict, traffic-server-8, traffic-server-9",
        ),
        (r#""trust": null"#, "trust: null stands there; allowed: an object"),
        (
            r#""trust": {"pem": ""}"#,
            "trust: unknown key \"pem\"; allowed: ca_pem, itl_base64, leaf_sha256",
        ),
        (
            r#""trust": {"ca_pem": ""}"#,
            "trust.ca_pem: no certificate stands there; allowed: PEM text with at least one CERTIFICATE block",
        ),
        (
            r#""trust": {"itl_base64": "AQ"}"#,
            "trust.itl_base64: no base64: Invalid padding; allowed: an ITL or CTL in base64 (RFC 4648 section 4, with padding; line ends are skipped)",
        ),
        (
            r#""trust": {"itl_base64": ""}"#,
            "trust.itl_base64: nothing stands there; allowed: an ITL or CTL in base64 (RFC 4648 section 4, with padding; line ends are skipped)",
        ),
        (
            r#""name": {"from": "path"}"#,
            "name.from: \"path\" stands there; allowed: sni, mra-path, host, fixed",
        ),
        (
            r#""name": {"from": "host"}"#,
            "name.from: needs requests, but role is passthrough; allowed: sni, fixed",
        ),
        (
            r#""name": {"from": "fixed"}"#,
            "name.fixed: is missing, but name.from is fixed; allowed: a host name or an address",
        ),
        (
            r#""name": {"from": "fixed", "fixed": null}"#,
            "name.fixed: is missing, but name.from is fixed; allowed: a host name or an address",
        ),
        (
            r#""name": {"from": "sni", "fixed": "a"}"#,
            "name.fixed: \"a\" stands there; allowed only when name.from is fixed",
        ),
        (
            r#""name": {"fixed": "a"}"#,
            "name.from: is missing, but name.fixed is given; allowed: fixed",
        ),
        (
            r#""name": {"from": "fixed", "fixed": "*.steven.lab"}"#,
            "name.fixed: \"*.steven.lab\" stands there: a name holds letters, digits, - and _, and no label begins or ends with -",
        ),
        (
            r#""allow": ["10.48.36.7/24:8443"]"#,
            "allow[0]: \"10.48.36.7/24:8443\" stands there: bits are set after the prefix; meant is 10.48.36.0/24?; allowed: NETWORK/BITS:PORT, ADDRESS:PORT, [IPV6/BITS]:PORT, NAME:PORT or *.NAME:PORT",
        ),
        (r#""opaque_tls13": true"#, "opaque_tls13: true stands there; allowed: deny, allow"),
        (
            r#""resumption": "yes""#,
            "resumption: \"yes\" stands there; allowed: verified, deny, allow",
        ),
        (r#""not_tls": "Deny""#, "not_tls: \"Deny\" stands there; allowed: deny, allow"),
        (
            r#""limits": {"handshake_bytes": 524289}"#,
            "limits.handshake_bytes: 524289 stands there; allowed: a whole number from 512 to 524288",
        ),
        (
            r#""limits": {"handshake_bytes": 1024.5}"#,
            "limits.handshake_bytes: 1024.5 stands there; allowed: a whole number from 512 to 524288",
        ),
        (
            r#""limits": {"handshake_ms": 9}"#,
            "limits.handshake_ms: 9 stands there; allowed: a whole number from 10 to 60000",
        ),
        (
            r#""exceptions": [{"name": "a", "until": "2026-12-31", "reason": " "}]"#,
            "exceptions[0].reason: \" \" stands there; allowed: 1 to 500 characters",
        ),
        (r#""exceptions": ["a"]"#, "exceptions[0]: \"a\" stands there; allowed: an object"),
    ] {
        assert_eq!(problems(&with(extra)), [expected], "{extra}");
    }
}

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";

fn pem(text: &str) -> Result<Vec<Vec<u8>>, Vec<String>> {
    let json = with(&format!(r#""trust": {{"ca_pem": {}}}"#, serde_json::to_string(text).unwrap()));
    match Config::read(json.as_bytes()) {
        Ok(config) => Ok(config.trust.ca),
        Err(refusal) => Err(refusal.problems.iter().map(ToString::to_string).collect()),
    }
}

#[test]
fn pem_bundles_are_read_with_text_around() {
    let der = vec![0x30, 3, 2, 1, 1];
    assert_eq!(pem(CERTIFICATE), Ok(vec![der.clone()]));
    assert_eq!(
        pem(&format!("subject=CN=a\r\n{CERTIFICATE}between\n{CERTIFICATE}")),
        Ok(vec![der.clone(), der])
    );
}

#[test]
fn a_private_key_is_refused_and_not_repeated() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----\n";
    assert_eq!(
        pem(&format!("{CERTIFICATE}{key}")),
        Err(vec![
            "trust.ca_pem: line 4: a private key stands there (not repeated here); allowed: PEM text with at \
             least one CERTIFICATE block"
                .to_owned()
        ])
    );
}

#[test]
fn every_cut_pem_is_refused() {
    let whole = CERTIFICATE.trim_end();
    for length in 0..whole.len() {
        assert!(pem(&whole[..length]).is_err(), "cut after {length}");
    }
}

#[test]
fn no_prefix_and_no_flipped_bit_panics() {
    let json = with(&format!(
        r#""trust": {{"ca_pem": {}, "leaf_sha256": ["{}"]}}, "allow": ["*.steven.lab:6972", "[2001:db8::/32]:1"],
            "exceptions": [{{"name": "a", "until": "2026-12-31", "reason": "r"}}]"#,
        serde_json::to_string(CERTIFICATE).unwrap(),
        "ab".repeat(32)
    ));
    assert!(Config::read(json.as_bytes()).is_ok());
    for length in 0..json.len() {
        assert!(Config::read(&json.as_bytes()[..length]).is_err(), "cut after {length}");
    }
    for position in 0..json.len() {
        for bit in 0..8 {
            let mut bytes = json.clone().into_bytes();
            bytes[position] ^= 1 << bit;
            if let Err(refusal) = Config::read(&bytes) {
                assert!(!refusal.problems.is_empty());
            }
        }
    }
}

#[test]
fn long_and_hostile_texts_are_cut_and_escaped() {
    let name = format!("evil\n[critical] {}", "x".repeat(1000));
    let json = with(&format!("{}: 1", serde_json::to_string(&name).unwrap()));
    let problems = problems(&json);
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("configuration: unknown key \"evil\\n[critical] xxx"),
        "{}",
        problems[0]
    );
    assert!(problems[0].contains("x…\" (956 characters more); allowed: role"), "{}", problems[0]);
}

#[test]
fn problems_are_bounded() {
    let hashes = vec!["\"0\""; 400].join(", ");
    let list = problems(&with(&format!(r#""trust": {{"leaf_sha256": [{hashes}]}}"#)));
    assert_eq!(list.len(), limits::PROBLEMS + 1);
    assert_eq!(list.last().unwrap(), "configuration: 350 more problems");
    let hashes = vec!["\"0\""; 1001].join(", ");
    assert_eq!(
        problems(&with(&format!(r#""trust": {{"leaf_sha256": [{hashes}]}}"#))),
        ["trust.leaf_sha256: a list of 1001 stands there; allowed: at most 1000 entries"]
    );
}

#[test]
fn dates_are_days_of_the_calendar() {
    for (text, date) in [
        ("2026-12-31", Some((2026, 12, 31))),
        ("2028-02-29", Some((2028, 2, 29))),
        ("2026-02-29", None),
        ("2100-02-29", None),
        ("2026-13-01", None),
        ("2026-00-01", None),
        ("2026-01-00", None),
        ("2026-1-1", None),
        ("0000-01-01", None),
        ("+026-01-01", None),
        ("2026-12-31T", None),
        ("२०२६-12-3", None),
    ] {
        assert_eq!(
            Date::parse(text),
            date.map(|(year, month, day)| Date { year, month, day }),
            "{text}"
        );
    }
}

#[test]
fn a_number_is_shown_as_it_was_written() {
    assert_eq!(
        problems(&with(r#""limits": {"handshake_ms": 1000.0}"#)),
        ["limits.handshake_ms: 1000.0 stands there; allowed: a whole number from 10 to 60000"]
    );
}

/// `{"mode": "off"}` as Envoy hands over a google.protobuf.Struct.
#[test]
fn a_struct_is_called_by_its_name() {
    let refusal = Config::read(b"\x0a\x0d\x0a\x04mode\x12\x05\x1a\x03off").unwrap_err();
    assert_eq!(
        refusal.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "configuration: a google.protobuf.Struct stands there, which Envoy hands over in binary; allowed: a JSON \
             object, as google.protobuf.StringValue"
        ]
    );
    assert_eq!(config("\n{\"role\": \"tcp\", \"mode\": \"off\"}").mode, Mode::Off);
}
