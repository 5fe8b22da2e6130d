//! The command `tlvet` as its users run it: exit codes, streams, formats, limits.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as expected"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Inside the validity of the certificates in `tests/data`.
const NOW: &str = "2026-11-20";

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).expect(&self.stdout)
    }

    /// Names of the report's inputs, in its order.
    fn names(&self) -> Vec<String> {
        let report = self.json();
        let inputs = report["inputs"].as_array().unwrap();
        inputs.iter().map(|input| input["name"].as_str().unwrap().to_owned()).collect()
    }
}

fn tlvet(arguments: &[&str]) -> Run {
    tlvet_reading(arguments, b"")
}

fn tlvet_reading(arguments: &[&str], stdin: &[u8]) -> Run {
    let mut child = command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A command that does not read its input closes it early.
    let _ = pipe.write_all(stdin);
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().expect("ended by a signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlvet"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn good() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ITLSEP0011215A1AE3.tlv")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A copy of the good list with one bit of its last record changed: the signature fails.
fn altered(folder: &TempDir) -> PathBuf {
    let mut bytes = fs::read(good()).unwrap();
    let last = bytes.len() - 20;
    bytes[last] ^= 1;
    write(folder, "altered.tlv", &bytes)
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// A trust list with as many records as an input may hold bytes for; cheap to make, slow to read.
fn hostile(folder: &TempDir) -> PathBuf {
    write(folder, "hostile.pem", "-----BEGIN CERTIFICATE-----\n".repeat(1_500_000).as_bytes())
}

#[test]
fn a_member_of_an_archive_may_be_something_else_than_it() {
    let nested = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/archives/nested.zip");
    let list = nested.join("inner.tar.gz/list.zip/itl.tlv");
    let roles = |run: &Run| -> Vec<String> {
        let report = run.json();
        let inputs = report["inputs"].as_array().unwrap();
        inputs.iter().map(|input| input["role"].as_str().unwrap().to_owned()).collect()
    };
    let (nested, list) = (nested.to_str().unwrap(), list.to_str().unwrap());
    let expected = ["observed", "observed", "observed", "phone"];
    let base = ["check", "--now", NOW, "--format", "json"];
    // Alone, and beside the archive: it is read once.
    for inputs in [&["--phone", list][..], &[nested, "--phone", list]] {
        let run = tlvet(&[&base, inputs].concat());
        assert_eq!(
            (run.code, roles(&run)),
            (0, expected.map(str::to_owned).to_vec()),
            "{}",
            run.stderr
        );
    }
    let absent = format!("{nested}/absent.tlv");
    let run = tlvet(&[&base[..], &["--phone", &absent]].concat());
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("no member absent.tlv"), "{}", run.stderr);
    assert!(run.names().contains(&absent));
    // A key opens what is read after it, so it has to be a file.
    let run = tlvet(&[&base[..], &["--key", list]].concat());
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("as a file of its own"), "{}", run.stderr);
}

#[test]
fn a_sound_list_is_clean() {
    let run = tlvet(&["check", text(&good()), "--now", NOW, "--format", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let report = run.json();
    assert_eq!(report["schema"], "tlvet-report/1");
    assert_eq!(report["now"], "2026-11-20T00:00:00Z");
    assert_eq!(report["summary"]["errors"], 0);
    assert_eq!(report["inputs"][0]["kind"], "trust-list");
    assert_eq!(report["inputs"][0]["bytes"], 5438);
    assert_eq!(report["trust_lists"][0]["verification"]["status"], "verified");
}

#[test]
fn an_altered_list_is_a_finding() {
    let folder = TempDir::new().unwrap();
    let path = altered(&folder);
    let run = tlvet(&["check", text(&path), "--now", NOW, "--format", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let report = run.json();
    assert_eq!(report["summary"]["verdict"], "fail");
    assert_eq!(report["trust_lists"][0]["verification"]["status"], "failed");
}

#[test]
fn text_names_the_input_and_the_verdict() {
    let folder = TempDir::new().unwrap();
    let path = altered(&folder);
    let run = tlvet(&["check", text(&path), "--now", NOW]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("altered.tlv"), "{}", run.stdout);
    assert!(run.stdout.to_lowercase().contains("fail"), "{}", run.stdout);
    assert!(!run.stdout.contains('\x1b'), "no colours in a pipe");
}

#[test]
fn quiet_is_shorter_and_decides_the_same() {
    let folder = TempDir::new().unwrap();
    let path = altered(&folder);
    let long = tlvet(&["check", text(&path), "--now", NOW]);
    let short = tlvet(&["check", text(&path), "--now", NOW, "--quiet"]);
    assert_eq!(short.code, long.code);
    assert!(short.stdout.len() < long.stdout.len(), "{}", short.stdout);
}

#[test]
fn fail_on_warning_lowers_the_bar() {
    // Judged decades later, when the certificates have ended.
    let arguments = ["check", text(&good()), "--now", NOW, "--format", "json"].map(str::to_owned);
    let folder = TempDir::new().unwrap();
    let empty = write(&folder, "empty", b"");
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    arguments[1] = text(&empty);
    let run = tlvet(&arguments);
    let report = run.json();
    let (errors, warnings) = (
        report["summary"]["errors"].as_u64().unwrap(),
        report["summary"]["warnings"].as_u64().unwrap(),
    );
    assert_eq!(run.code, i32::from(errors > 0));
    arguments.extend(["--fail-on", "warning"]);
    assert_eq!(tlvet(&arguments).code, i32::from(errors + warnings > 0));
}

#[test]
fn json_lines_hold_the_same_as_json() {
    let path = good();
    let whole = tlvet(&["check", text(&path), "--now", NOW, "--format", "json"]).json();
    let run = tlvet(&["check", text(&path), "--now", NOW, "--format", "jsonl"]);
    assert_eq!(run.code, 0);
    let mut lines = run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let head = lines.next().unwrap();
    for name in ["schema", "tool", "now", "summary"] {
        assert_eq!(head["report"][name], whole[name]);
    }
    let rest: Vec<Value> = lines.collect();
    for (one, many) in [
        ("input", "inputs"),
        ("trust_list", "trust_lists"),
        ("signed_file", "signed_files"),
        ("configuration", "configurations"),
        ("certificate", "certificates"),
        ("finding", "findings"),
        ("skipped", "skipped"),
    ] {
        let found: Vec<&Value> = rest.iter().filter_map(|line| line.get(one)).collect();
        let expected: Vec<&Value> = whole[many].as_array().unwrap().iter().collect();
        assert_eq!(found, expected, "{many}");
    }
}

#[test]
fn bad_usage_is_2_and_says_why() {
    let good = good();
    let good = text(&good);
    for (arguments, reason) in [
        (vec!["check"], "required"),
        (vec!["check", good, "--no-such-option"], "--no-such-option"),
        (vec!["check", good, "--now", "yesterday"], "--now yesterday: not a time"),
        (vec!["check", good, "--context", "no.such.key=1"], "no.such.key"),
        (vec!["check", good, "--context", "novalue"], "KEY=VALUE"),
        (vec!["check", good, "--context", "plan=xyz"], "central-tftp, migrate, rename"),
        (vec!["check", good, "--format", "yaml"], "yaml"),
        (vec!["check", good, "--jobs", "0"], "--jobs"),
        (vec!["check", good, "--time-limit", "100000"], "0 to 86400 seconds"),
        (vec!["check", "-", "--phone", "-"], "only once"),
        (vec!["no-such-command"], "no-such-command"),
        (vec![], "Usage"),
    ] {
        let run = tlvet(&arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(reason), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let version = tlvet(&["--version"]);
    assert_eq!(
        (version.code, version.stdout),
        (0, format!("tlvet {}\n", env!("CARGO_PKG_VERSION")))
    );
    for arguments in
        [vec!["--help"], vec!["check", "--help"], vec!["show", "--help"], vec!["serve", "--help"]]
    {
        let run = tlvet(&arguments);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(run.stdout.contains("Usage: tlvet"), "{}", run.stdout);
    }
}

#[test]
fn context_lists_keys_that_check_takes() {
    let run = tlvet(&["context"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let key = run.stdout.split_whitespace().next().unwrap();
    let good = good();
    let taken = tlvet(&["check", text(&good), "--now", NOW, "--context", &format!("{key}=1")]);
    assert_eq!(taken.code, 0, "{}", taken.stderr);
}

#[test]
fn an_unreadable_input_leaves_the_others() {
    let good = good();
    let missing = "no/such/file.tlv";
    let run = tlvet(&["check", missing, text(&good), "--now", NOW, "--format", "json"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.starts_with("tlvet: no/such/file.tlv: No such file"), "{}", run.stderr);
    assert_eq!(run.names(), [missing, text(&good)]);
    let report = run.json();
    assert_eq!(report["inputs"][0]["kind"], "unreadable");
    assert_eq!(report["summary"]["verdict"], "inconclusive");
}

#[test]
fn where_nothing_was_read_the_report_does_not_pass() {
    let run = tlvet(&["check", "no/such/file", "--now", NOW, "--format", "json"]);
    assert_eq!(run.code, 3);
    assert_eq!(run.json()["summary"]["verdict"], "inconclusive");
}

#[test]
fn an_empty_folder_is_an_empty_report() {
    let folder = TempDir::new().unwrap();
    let run = tlvet(&["check", text(folder.path()), "--now", NOW, "--format", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.names(), [""; 0]);
}

#[test]
fn unreadable_outranks_findings() {
    let folder = TempDir::new().unwrap();
    let path = altered(&folder);
    let run = tlvet(&["check", text(&path), "no/such/file", "--now", NOW]);
    assert_eq!(run.code, 3);
}

#[test]
fn a_folder_gives_every_file_in_the_order_of_names() {
    let folder = TempDir::new().unwrap();
    for name in ["b/2.tlv", "a.tlv", "b/1.tlv", "c"] {
        write(&folder, name, &fs::read(good()).unwrap());
    }
    write(&folder, "b/0-empty", b"");
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), folder.path().join("b/loop")).unwrap();
    let run = tlvet(&["check", text(folder.path()), "--now", NOW, "--format", "json"]);
    assert_ne!(run.code, 3, "{}", run.stderr);
    let root = text(folder.path());
    let expected =
        ["a.tlv", "b/0-empty", "b/1.tlv", "b/2.tlv", "c"].map(|name| format!("{root}/{name}"));
    assert_eq!(run.names(), expected);
    assert_eq!(run.json()["inputs"][1]["kind"], "empty");
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_unreadable() {
    let folder = TempDir::new().unwrap();
    write(&folder, "a.tlv", &fs::read(good()).unwrap());
    std::os::unix::fs::symlink("nowhere", folder.path().join("broken")).unwrap();
    let run = tlvet(&["check", text(folder.path()), "--now", NOW, "--format", "json"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("broken"), "{}", run.stderr);
    assert_eq!(run.json()["inputs"][1]["kind"], "unreadable");
}

#[test]
fn standard_input_is_an_input() {
    let bytes = fs::read(good()).unwrap();
    let run = tlvet_reading(&["check", "-", "--now", NOW, "--format", "json"], &bytes);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.names(), ["-"]);
    assert_eq!(run.json()["trust_lists"][0]["verification"]["status"], "verified");
}

#[test]
fn a_password_opens_what_stands_under_it() {
    let store = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/cases/container_opened/modern/tomcat.p12");
    let arguments = [
        "check",
        text(&store),
        "--password-stdin",
        "--now",
        NOW,
        "--format",
        "json",
        "--jobs",
        "1",
    ];
    let status = |run: &Run| run.json()["stores"][0]["verification"]["status"].clone();
    for password in ["changeit", "changeit\n", "changeit\r\nanother line\n"] {
        let run = tlvet_reading(&arguments, password.as_bytes());
        assert_eq!((run.code, status(&run).as_str()), (0, Some("verified")), "{}", run.stderr);
        assert_eq!(run.json()["certificates"].as_array().unwrap().len(), 2);
        assert!(!run.stdout.contains("changeit"));
    }
    for password in ["Changeit\n", "\n", ""] {
        let run = tlvet_reading(&arguments, password.as_bytes());
        assert_eq!(status(&run).as_str(), Some("unverifiable"), "{}", run.stderr);
        assert_eq!(run.json()["summary"]["verdict"], "inconclusive");
    }
    // The same instance reads two inputs: the password is there for both.
    let twice = [&arguments[..], &[text(&store)]].concat();
    let run = tlvet_reading(&twice, b"changeit");
    assert_eq!(run.json()["stores"][1]["protection"], "opened");

    let run = tlvet_reading(&arguments, b"\xff\xfe\n");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("not UTF-8"), "{}", run.stderr);
    let run = tlvet_reading(&["check", "-", "--password-stdin"], b"changeit");
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
fn roles_reach_the_report() {
    let good = good();
    let run =
        tlvet(&["check", text(&good), "--phone", text(&good), "--now", NOW, "--format", "json"]);
    let report = run.json();
    assert_eq!(report["inputs"][0]["role"], "observed");
    assert_eq!(report["inputs"][1]["role"], "phone");
}

#[test]
fn show_prints_the_listing() {
    let good = good();
    let run = tlvet(&["show", text(&good)]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for line in ["Parse ITL File", "ITL Record #:1", "This etoken was used to sign the ITL file."] {
        assert!(run.stdout.contains(line), "{line} is missing in:\n{}", run.stdout);
    }
    let piped = tlvet_reading(&["show", "-"], &fs::read(&good).unwrap());
    assert_eq!((piped.code, piped.stdout), (0, run.stdout));
}

#[test]
fn show_refuses_what_is_no_trust_list() {
    let run = tlvet_reading(&["show", "-"], b"hello");
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert_eq!(run.stderr, "tlvet: -: is not a trust list (ITL or CTL)\n");
    let run = tlvet(&["show", "no/such/file"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.starts_with("tlvet: no/such/file: No such file"), "{}", run.stderr);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let bytes = fs::read(good()).unwrap();
    for number in 0..60_usize {
        let mut bytes = bytes.clone();
        // Each another list: cut, altered or whole.
        match number % 3 {
            0 => bytes.truncate(number * 80),
            1 => bytes[number * 90] ^= 1,
            _ => {}
        }
        write(&folder, &format!("{number}.tlv"), &bytes);
    }
    for format in ["json", "jsonl", "text"] {
        let reports = ["1", "4"].map(|jobs| {
            tlvet(&["check", text(folder.path()), "--now", NOW, "--format", format, "--jobs", jobs])
                .stdout
        });
        assert!(!reports[0].is_empty());
        assert_eq!(reports[0], reports[1], "{format}");
    }
}

#[test]
fn the_time_limit_stops_one_input_only() {
    let folder = TempDir::new().unwrap();
    let (good, hostile) = (good(), hostile(&folder));
    let run = tlvet(&[
        "check",
        text(&hostile),
        text(&good),
        "--time-limit",
        "0.05",
        "--now",
        NOW,
        "--format",
        "json",
    ]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    let expected = format!(
        "tlvet: {}: the engine was stopped: it needs more than 0.05 s (--time-limit)\n",
        text(&hostile)
    );
    assert_eq!(run.stderr, expected);
    assert_eq!(run.names(), [text(&hostile), text(&good)]);
    assert_eq!(run.json()["inputs"][0]["kind"], "unreadable");
}

#[test]
fn the_memory_limit_stops_one_input_only() {
    let folder = TempDir::new().unwrap();
    let (good, hostile) = (good(), hostile(&folder));
    let run = tlvet(&[
        "check",
        text(&hostile),
        text(&good),
        "--memory-limit",
        "16",
        "--now",
        NOW,
        "--format",
        "json",
    ]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    let expected = format!(
        "tlvet: {}: the engine was stopped: it needs more than 16 MiB of memory (--memory-limit)\n",
        text(&hostile)
    );
    assert_eq!(run.stderr, expected);
    assert_eq!(run.names(), [text(&hostile), text(&good)]);
    assert_eq!(run.json()["inputs"][0]["kind"], "unreadable");
}

#[test]
fn within_the_usual_limits_the_same_input_is_reported() {
    let folder = TempDir::new().unwrap();
    let hostile = hostile(&folder);
    let run = tlvet(&["check", text(&hostile), "--now", NOW, "--format", "json"]);
    assert_ne!(run.code, 3, "{}", run.stderr);
    assert_eq!(run.names(), [text(&hostile)]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = TempDir::new().unwrap();
    let bytes = fs::read(good()).unwrap();
    for number in 0..40 {
        write(&folder, &format!("{number}.tlv"), &bytes);
    }
    let mut child =
        command(&["check", text(folder.path()), "--now", NOW, "--format", "json"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

/// Captures are read as they come, so a key log among the files is found before.
#[test]
fn a_key_log_among_the_files_opens_a_capture_before_it() {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/captures");
    let (capture, key_log) = (captures.join("tls13.pcapng"), captures.join("tls13.keys.log"));
    let alone = tlvet(&["check", "--now", NOW, "--format", "json", text(&capture)]).json();
    assert_eq!(alone["certificates"].as_array().unwrap().len(), 0);
    let both = [text(&capture), text(&key_log)];
    let report = tlvet(&["check", "--now", NOW, "--format", "json", both[0], both[1]]).json();
    assert_eq!(report["inputs"][1]["kind"], "key-log");
    assert_eq!(report["captures"][0]["flows"][0]["tls"]["certificates_visible"], true);
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["code"] == "key_log_found").unwrap();
    assert_eq!(found["severity"], "info");
    // Nothing of the secrets is shown.
    let secret = fs::read_to_string(&key_log).unwrap();
    let secret = secret.split_whitespace().last().unwrap().to_owned();
    assert!(!report.to_string().contains(&secret));
}

/// A private key given with `--key` opens the RSA key exchange of a capture, whatever the order.
#[test]
fn a_private_key_opens_the_rsa_key_exchange_of_a_capture() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/tvs_vouches/private-key");
    let [capture, list, key] =
        ["boot.pcapng", "phone.tlv", "tvs.key.pem"].map(|name| case.join(name));
    let given = ["check", "--now", NOW, "--format", "json", text(&capture), "--phone", text(&list)];
    let vouches = |report: &Value| {
        let findings = report["findings"].as_array().unwrap();
        findings.iter().any(|finding| finding["code"] == "tvs_vouches")
    };
    assert!(!vouches(&tlvet(&given).json()));
    let opened = tlvet(&[&given[..], &["--key", text(&key)]].concat()).json();
    assert!(vouches(&opened));
    // The key is an input once, behind the capture and the list.
    let kinds: Vec<_> =
        opened["inputs"].as_array().unwrap().iter().map(|input| input["kind"].clone()).collect();
    assert_eq!(kinds, ["capture", "trust-list", "private-key"]);
}
