//! `tlvet chain`, one and many, and `tlvet check --expect`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as expected"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

const AT: &str = "2026-11-20";

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn tlvet(arguments: &[&str], stdin: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tlvet"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let given = stdin.to_vec();
    let writer = std::thread::spawn(move || drop(pipe.write_all(&given)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An input of a test case.
fn case(file: &str) -> String {
    let cases: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases");
    cases.join(file).to_str().unwrap().to_owned()
}

/// The certificates of a PEM file as base64 of their DER, as `--batch` takes them.
fn ders(file: &str) -> Vec<String> {
    let text = fs::read_to_string(case(file)).unwrap();
    let mut blocks = text.split("-----BEGIN CERTIFICATE-----\n").skip(1);
    let block = |block: &str| block.split("-----END").next().unwrap().replace('\n', "");
    let found: Vec<String> = blocks.by_ref().map(block).collect();
    assert!(found.iter().all(|one| STANDARD.decode(one).is_ok()));
    found
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_accepted_chain_is_clean() {
    let leaf = case("origin_accepted/sent-intermediate/tomcat.pem");
    let store = case("origin_accepted/sent-intermediate/store.pem");
    let arguments =
        ["chain", "--leaf", &leaf, "--trust", &store, "--at", AT, "--name", "cucm-pub.example.com"];
    let run = tlvet(&arguments, b"");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let mut text = run.stdout.lines();
    assert_eq!(text.next(), Some("ACCEPTED"));
    assert_eq!(
        text.next(),
        Some(
            "judged as openssl-3.0 does, security level 1, for a TLS server, at 2026-11-20T00:00:00Z"
        )
    );
    let places: Vec<&str> = run
        .stdout
        .lines()
        .filter(|line| line.contains("CN=") && !line.contains("DNS:"))
        .map(|line| &line[..10])
        .collect();
    assert_eq!(
        places,
        ["  0  leaf ", "  1  sent ", "  2  store"].map(|place| format!("{place:<10}"))
    );
}

#[test]
fn a_refused_chain_says_what_is_missing_and_everything_else() {
    let leaf = case("origin_issuer_unknown/missing-intermediate/tomcat.pem");
    let store = case("origin_issuer_unknown/missing-intermediate/store.pem");
    let arguments = ["chain", "--leaf", &leaf, "--trust", &store, "--at", AT, "--name", "cucm-pub"];
    let run = tlvet(&arguments, b"");
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    assert!(
        run.stdout
            .starts_with("REFUSED: error 20 at depth 0: unable to get local issuer certificate\n"),
        "{}",
        run.stdout
    );
    for part in [
        "  ?  missing  C=IT, ST=RM, L=Rome, O=Example, OU=Voice, CN=Example Issuing CA with the key identifier ",
        "  62 at depth 0: hostname mismatch\n",
        "cucm-pub in the certificate: OpenSSL no, Traffic Server no, browser no",
    ] {
        assert!(run.stdout.contains(part), "{part} in {}", run.stdout);
    }
}

#[test]
fn the_words_are_those_of_the_profile() {
    let leaf = case("origin_self_signed/rsa/tomcat.pem");
    let store = case("origin_self_signed/rsa/store.pem");
    for (profile, error) in [
        ("openssl-1.1.1", "self signed certificate"),
        ("openssl-3.0", "self-signed certificate"),
        ("traffic-server-9", "self signed certificate"),
    ] {
        let arguments = [
            "chain",
            "--leaf",
            &leaf,
            "--trust",
            &store,
            "--at",
            AT,
            "--profile",
            profile,
            "--json",
        ];
        let run = tlvet(&arguments, b"");
        assert_eq!(run.code, 1, "{}", run.stderr);
        let answer: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(answer["ok"], false);
        assert_eq!((&answer["code"], &answer["depth"]), (&json!(18), &json!(0)));
        assert_eq!(answer["error"], error, "{profile}");
        assert_eq!(answer["all"], json!([{"code": 18, "depth": 0, "error": error}]));
    }
}

#[test]
fn a_batch_answers_every_line_in_order() {
    let leaf = ders("origin_accepted/sent-intermediate/tomcat.pem");
    let store = ders("origin_accepted/sent-intermediate/store.pem");
    let mut batch = String::new();
    for number in 0..300 {
        let line = match number % 5 {
            0 => {
                json!({"id": number, "leaf": leaf[0], "untrusted": leaf[1..], "trusted": store, "time": 1_795_132_800})
            }
            1 => json!({"id": number, "leaf": leaf[0], "trusted": store}),
            2 => json!({"id": number, "leaf": leaf[0], "untrusted": leaf[1..], "trusted": store,
                "name": {"kind": "dns", "value": "elsewhere.example.com"}}),
            3 => {
                json!({"id": number, "leaf": STANDARD.encode(b"no certificate"), "trusted": store})
            }
            _ => {
                json!({"id": number, "leaf": leaf[0], "untrusted": leaf[1..], "trusted": store, "time": 2_000_000_000})
            }
        };
        batch.push_str(&format!("{line}\n"));
    }
    let one = tlvet(&["chain", "--batch", "--at", AT, "--jobs", "1"], batch.as_bytes());
    assert_eq!((one.code, one.stderr.as_str()), (0, ""));
    let answers = lines(&one.stdout);
    assert_eq!(answers.len(), 300);
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer["id"], number);
        let (ok, code) = [(true, 0), (false, 20), (false, 62), (false, 1), (false, 10)][number % 5];
        assert_eq!((&answer["ok"], &answer["code"]), (&json!(ok), &json!(code)), "{answer}");
    }
    assert_eq!(answers[0]["chain"].as_array().unwrap().len(), 3);
    assert_eq!(answers[4]["error"], "certificate has expired");

    let many = tlvet(&["chain", "--batch", "--at", AT, "--jobs", "4"], batch.as_bytes());
    assert_eq!(many.stdout, one.stdout);
}

#[test]
fn a_line_that_cannot_be_read_leaves_the_others() {
    let leaf = ders("origin_self_signed/in-the-store/tomcat.pem");
    let good = json!({"id": "good", "leaf": leaf[0], "trusted": leaf});
    let batch = format!(
        "{good}\nnot json\n\n{}\n{}\n{good}",
        json!({"id": "no base64", "leaf": "*"}),
        json!({"id": "unknown", "leaf": leaf[0], "colour": "blue"}),
    );
    let run = tlvet(&["chain", "--batch", "-", "--at", AT], batch.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (3, ""));
    let answers = lines(&run.stdout);
    let seen: Vec<_> = answers.iter().map(|answer| (&answer["id"], &answer["ok"])).collect();
    let (yes, no) = (json!(true), json!(false));
    let ids = [json!("good"), Value::Null, json!("no base64"), json!("unknown"), json!("good")];
    assert_eq!(
        seen,
        [(&ids[0], &yes), (&ids[1], &no), (&ids[2], &no), (&ids[3], &no), (&ids[4], &yes)]
    );
    assert!(answers[1]["error"].as_str().unwrap().starts_with("not a chain: "), "{}", answers[1]);
    assert!(answers[3]["error"].as_str().unwrap().contains("colour"), "{}", answers[3]);
}

#[test]
fn a_line_without_end_is_refused() {
    let batch = vec![b' '; (16 << 20) + 2];
    let run = tlvet(&["chain", "--batch"], &batch);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert_eq!(run.stderr, "tlvet: -: a line has more than 16777216 bytes\n");
}

#[test]
fn bad_usage_is_2_and_an_unreadable_file_3() {
    let leaf = case("origin_self_signed/rsa/tomcat.pem");
    let nowhere = case("origin_self_signed/rsa/nowhere.pem");
    let toml = case("origin_self_signed/rsa/case.toml");
    for (arguments, code, part) in [
        (vec!["chain"], 2, "--leaf"),
        (vec!["chain", "--leaf", &leaf, "--batch"], 2, "cannot be used with"),
        (vec!["chain", "--leaf", &leaf, "--level", "3"], 2, "3 is not in 0..=2"),
        (
            vec!["chain", "--leaf", &leaf, "--profile", "gnutls"],
            2,
            "is no profile; known are openssl-1.1.1",
        ),
        (vec!["chain", "--leaf", &leaf, "--at", "noon"], 2, "--at noon: not a time"),
        (vec!["chain", "--leaf", &nowhere], 3, "nowhere.pem"),
        (vec!["chain", "--leaf", &toml], 3, "--leaf: no certificate in file 1"),
        (
            vec!["chain", "--leaf", &leaf, "--crl", &leaf],
            3,
            "--crl: no certificate revocation list",
        ),
        (
            vec!["check", &leaf, "--expect", "https://cucm/"],
            2,
            "--expect: `https://cucm/` is no address",
        ),
    ] {
        let run = tlvet(&arguments, b"");
        assert_eq!(run.code, code, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(part), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}

#[test]
fn an_expected_certificate_is_an_input_once() {
    let leaf = case("origin_name_mismatch/ip/tomcat.pem");
    let store = case("origin_name_mismatch/ip/store.pem");
    let expected = format!("10.48.36.215={leaf}");
    for given in [vec![leaf.as_str()], vec![]] {
        let mut arguments = vec![
            "check", "--expect", &expected, "--trust", &store, "--now", AT, "--format", "json",
        ];
        arguments.extend(given);
        let run = tlvet(&arguments, b"");
        assert_eq!((run.code, run.stderr.as_str()), (1, ""));
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let names: Vec<_> =
            report["inputs"].as_array().unwrap().iter().map(|input| &input["name"]).collect();
        assert_eq!(names, [&json!(leaf), &json!(store)]);
        let row = &report["forecast"][0];
        assert_eq!(
            (&row["address"], &row["trusted"], &row["named"]),
            (&json!("10.48.36.215"), &json!(true), &json!(false))
        );
        assert_eq!(
            row["log"][0],
            "WARNING: SNI (10.48.36.215) not in certificate. Action=Terminate server=10.48.36.215(10.48.36.215)"
        );
    }
}
