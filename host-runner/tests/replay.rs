//! `tlvet replay` and `tlvet filter run`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as expected"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn tlvet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tlvet")).args(arguments).output().unwrap()
}

fn capture(name: &str) -> String {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/captures");
    folder.join(name).with_extension("pcapng").to_str().unwrap().to_owned()
}

/// Runs with one file of this content, whose path replaces `FILE`.
fn with_file(arguments: &[&str], content: &str) -> (i32, String, String) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file.json");
    fs::write(&file, content).unwrap();
    let file = file.to_str().unwrap();
    let arguments: Vec<&str> =
        arguments.iter().map(|one| if *one == "FILE" { file } else { one }).collect();
    let output = tlvet(&arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(file, "FILE");
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_tls_connection_is_played() {
    let policy = r#"{"role": "passthrough", "mode": "off"}"#;
    let capture = capture("tls12_resumed");
    let (code, out, error) =
        with_file(&["replay", &capture, "--policy", "FILE", "--format", "json"], policy);
    assert_eq!((code, error.as_str()), (0, ""));
    let result: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(result["schema"], "tlvet-replay/1");
    let connections = result["connections"].as_array().unwrap();
    let frames: Vec<&Value> = connections.iter().map(|one| &one["frame"]).collect();
    assert_eq!(frames, [1, 18]);
    for one in connections {
        assert_eq!(one["server_name"], "cucm.steven.lab");
        assert_eq!(one["verdict"], "unchecked", "mode off looks at nothing");
    }
    assert_eq!(result["summary"]["connections"], 2);
    assert_eq!(result["summary"]["packets"], 33);
}

/// SHA-256 of the certificate that `tls12_resumed` shows, see its `.json`.
const LEAF: &str = "e07013e35c39db2cee8521f573ca50ad5f6eb216acb4ef534ef3cf984db836dc";

fn policy(mode: &str, leaf: &str) -> String {
    format!(
        r#"{{"role": "passthrough", "mode": "{mode}", "trust": {{"leaf_sha256": ["{leaf}"]}}}}"#
    )
}

#[test]
fn a_session_passes_that_was_verified() {
    let capture = capture("tls12_resumed");
    let arguments = ["replay", capture.as_str(), "--policy", "FILE"];
    let (code, out, error) = with_file(&arguments, &policy("enforce", LEAF));
    assert_eq!((code, error.as_str()), (0, ""));
    assert_eq!(
        out,
        "127.0.0.1:32828 -> 127.0.0.1:42135, frame 1, server name cucm.steven.lab: passes (verified)\n\
         127.0.0.1:32836 -> 127.0.0.1:42135, frame 18, server name cucm.steven.lab: passes (verified_before)\n\
         2 TLS connections: 2 pass\n"
    );
    let (code, out, _) =
        with_file(&[&arguments[..], &["--quiet"]].concat(), &policy("enforce", LEAF));
    assert_eq!((code, out.as_str()), (0, "2 TLS connections: 2 pass\n"));
}

#[test]
fn refusals_say_why_in_the_words_of_the_log() {
    let capture = capture("tls12_resumed");
    let arguments = ["replay", capture.as_str(), "--policy", "FILE"];
    let other = "0".repeat(64);
    let (code, out, _) = with_file(&arguments, &policy("enforce", &other));
    assert_eq!(code, 1);
    assert_eq!(
        out,
        "127.0.0.1:32828 -> 127.0.0.1:42135, frame 1, server name cucm.steven.lab: refused (unknown_issuer): unable to get \
         local issuer certificate\n    \
         WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Terminate Error=unable to get \
         local issuer certificate server=cucm.steven.lab(127.0.0.1) depth=1\n\
         127.0.0.1:32836 -> 127.0.0.1:42135, frame 18, server name cucm.steven.lab: refused (resumption)\n    \
         WARNING: tlvet: origin not verified. Action=Terminate Reason=resumption server=cucm.steven.lab(127.0.0.1)\n\
         2 TLS connections: 0 pass, 2 refused\n"
    );
    let (code, out, _) = with_file(&arguments, &policy("monitor", &other));
    assert_eq!(code, 1);
    assert!(
        out.ends_with("2 TLS connections: 0 pass, 2 would be refused in mode enforce\n"),
        "{out}"
    );
    assert!(out.contains("Action=Continue Error=unable to get local issuer certificate"), "{out}");
}

#[test]
fn what_cannot_be_seen_is_refused_and_what_is_not_tls_is_counted() {
    let tls13 = capture("tls13");
    let (code, out, _) =
        with_file(&["replay", &tls13, "--policy", "FILE"], &policy("enforce", LEAF));
    assert_eq!(code, 1);
    assert!(out.contains(": refused (tls13)\n"), "{out}");
    let http = capture("http");
    let (code, out, _) =
        with_file(&["replay", &http, "--policy", "FILE"], &policy("enforce", LEAF));
    let nothing = "0 TLS connections: 0 pass\n2 other TCP connections were not played: no TLS\n";
    assert_eq!((code, out.as_str()), (0, nothing));
}

#[test]
fn other_roles_are_played_as_passthrough() {
    let policy = r#"{"role": "http", "mode": "off", "name": {"from": "mra-path"}}"#;
    let (code, out, error) = with_file(&["replay", &capture("tls12"), "--policy", "FILE"], policy);
    assert_eq!(code, 0);
    assert!(out.ends_with("1 TLS connections: 0 pass, 1 unverified\n"), "{out}");
    let said = "tlvet: the policy is played as role passthrough, with names from the server name indication\n";
    assert_eq!(error, said);
}

#[test]
fn a_policy_that_the_filter_refuses_is_a_usage_error() {
    let (code, out, error) = with_file(
        &["replay", &capture("tls12"), "--policy", "FILE"],
        r#"{"role": "passthrough", "mode": 1}"#,
    );
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(error.contains("configuration refused: mode: 1 stands there"), "{error}");
}

#[test]
fn what_is_no_capture_is_unreadable() {
    let (code, out, error) = with_file(
        &["replay", "FILE", "--policy", "FILE"],
        r#"{"role": "passthrough", "mode": "off"}"#,
    );
    assert_eq!((code, out.as_str()), (3, ""));
    assert_eq!(error, "tlvet: FILE: not a capture: neither pcap nor pcapng\n");
}

#[test]
fn a_script_is_played_and_compared() {
    let script = r#"{
        "configuration": {"role": "passthrough", "mode": "off"},
        "now": "2026-11-20T00:00:00Z",
        "steps": [
            {"connect": {"name": "a"}},
            {"client": {"name": "a", "text": "hello", "each": 2}},
            {"origin": {"name": "a", "hex": "0102"}},
            {"wait": {"ms": 100}},
            {"close": {"name": "a"}}
        ],
        "expect": {"log": [], "connections": {"a": {
            "closed_by": "client", "to_origin": {"text": "hello"}, "to_client": {"hex": "01 02"}
        }}}
    }"#;
    let (code, out, error) = with_file(&["filter", "run", "FILE"], script);
    assert_eq!((code, error.as_str()), (0, ""));
    assert_eq!(
        out,
        "[warning] tlvet: role passthrough, mode off: traffic passes, nothing is verified\n\
         connection a: closed by client; 2 bytes to the client, 5 to the origin; held: 0 of the client, 0 of the origin\n"
    );
    let (code, out, _) = with_file(&["filter", "run", "FILE"], &script.replace("01 02", "01 03"));
    assert_eq!(code, 1);
    assert!(
        out.ends_with("not as expected: connection a, to client: 0102, expected 0103\n"),
        "{out}"
    );
    let (code, _, error) = with_file(&["filter", "run", "FILE"], &script.replace("wait", "weight"));
    assert_eq!(code, 2);
    assert!(error.starts_with("tlvet: FILE: unknown variant `weight`"), "{error}");
}

#[test]
fn a_script_of_requests_is_played() {
    let script = r#"{
        "configuration": {"role": "http", "mode": "off"},
        "steps": [
            {"request": {"name": "r", "headers": [[":method", "GET"], [":path", "/"]], "end": true}},
            {"response": {"name": "r", "headers": [[":status", "204"]], "end": true}},
            {"finish": {"name": "s"}}
        ]
    }"#;
    let (code, _, error) = with_file(&["filter", "run", "FILE"], script);
    assert_eq!((code, error.as_str()), (2, "tlvet: FILE: step 3: there is no request \"s\"\n"));
    let (code, out, _) = with_file(&["filter", "run", "FILE"], &script.replace("\"s\"", "\"r\""));
    assert_eq!(code, 0, "{out}");
}
