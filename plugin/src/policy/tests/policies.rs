use super::*;

fn problems(json: &str) -> Vec<String> {
    Policy::read(json.as_bytes()).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn the_line_at_start_says_what_is_done() {
    let said = |json: &str| policy(json).announcement();
    assert_eq!(
        said(r#"{"role": "http", "mode": "off"}"#),
        "role http, mode off: traffic passes, nothing is verified"
    );
    assert_eq!(
        said(&configuration("passthrough", "monitor", "")),
        "role passthrough, mode monitor: traffic passes, faults are logged; verified: signature name; trusted: 1 CA \
         certificates, 0 records of the trust list, 0 pinned certificates"
    );
    assert_eq!(
        said(r#"{"role": "tcp", "mode": "enforce", "verify": ["name"]}"#),
        "role tcp, mode enforce: unverified origins are refused; verified: name; trusted: 0 CA certificates, 0 records \
         of the trust list, 0 pinned certificates"
    );
}

#[test]
fn what_does_nothing_is_said_at_the_start() {
    const ENDS: &str = r#", "exceptions": [
        {"name": "cucm.steven.lab", "until": "2026-11-20", "reason": "old"},
        {"name": "10.48.36.215", "until": "2026-11-21", "reason": "today"}]"#;
    let said = |role: &str, mode: &str| {
        policy(&configuration(role, mode, ENDS)).remarks(NOW * 1_000_000_000)
    };
    let ended = "exceptions[0]: cucm.steven.lab is excepted no longer, the last day was 2026-11-20";
    for role in ["passthrough", "tcp", "upstream-http"] {
        assert_eq!(said(role, "enforce"), [ended], "{role}");
    }
    assert_eq!(said("http", "monitor"), [ended]);
    assert_eq!(
        said("http", "enforce"),
        [
            "exceptions: Envoy's validator, which enforces in role http, knows none of them; role upstream-http does",
            ended
        ]
    );
    assert!(said("tcp", "off").is_empty());
    assert!(policy(&configuration("http", "enforce", "")).remarks(NOW * 1_000_000_000).is_empty());
}

#[test]
fn what_cannot_be_carried_out_is_refused() {
    for mode in ["monitor", "enforce"] {
        assert_eq!(
            problems(&format!(r#"{{"role": "passthrough", "mode": "{mode}"}}"#)),
            [
                "trust: nothing is trusted, and verify names signature: no origin could pass; allowed: at least one of \
                 ca_pem, itl_base64, leaf_sha256"
            ]
        );
    }
    assert_eq!(
        problems(r#"{"role": "http", "mode": "enforce", "verify": ["name"]}"#),
        [
            "verify: Envoy's validator, which enforces in role http, checks no name without a signature; allowed: \
             signature, or role upstream-http"
        ]
    );
    assert_eq!(
        problems(r#"{"role": "http", "mode": "enforce", "name": {"from": "mra-path"}}"#),
        [
            "allow: nothing stands there: with name.from mra-path no request could go anywhere; allowed: at least one \
             destination"
        ]
    );
    assert_eq!(
        problems(
            r#"{"role": "upstream-http", "mode": "enforce", "verify": ["name"], "name": {"from": "mra-path"},
                "allow": ["10.48.36.0/24:8443"]}"#
        ),
        [
            "name.from: mra-path chooses the origin, which is chosen already in role upstream-http; allowed: host, sni, \
             fixed, or role http"
        ]
    );
}

#[test]
fn certificates_that_cannot_be_read_are_refused() {
    let pem = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
    let text = serde_json::to_string(&format!("{ROOT}{pem}")).unwrap();
    let problems = problems(&format!(r#"{{"role": "tcp", "trust": {{"ca_pem": {text}}}}}"#));
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("trust.ca_pem: certificate 2 cannot be read: "),
        "{}",
        problems[0]
    );
}

mod trust_list {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use tlvet_core::time::UnixTime;
    use tlvet_core::trustlist::file::TrustList;
    use tlvet_core::trustlist::role::Role;

    use super::*;

    const LIST: &[u8] = include_bytes!("../testdata/itl.tlv");

    fn with(list: &[u8]) -> String {
        format!(
            r#"{{"role": "passthrough", "mode": "enforce", "trust": {{"itl_base64": "{}"}}}}"#,
            STANDARD.encode(list)
        )
    }

    #[test]
    fn holders_of_server_roles_are_trusted_and_others_are_not() {
        let policy = policy(&with(LIST));
        let list = TrustList::read(LIST);
        let mut judged = [0, 0];
        for record in &list.records {
            let Some(certificate) = &record.certificate else { continue };
            let role = record.role.unwrap();
            let serves = list.records.iter().any(|one| {
                one.names(certificate)
                    && one.role.is_some_and(|role| role != Role::SAST && role != Role::CAPF)
            });
            // Long after every date in it: a list names certificates, not periods.
            let faults = &policy
                .trust()
                .judge(core::slice::from_ref(&certificate.der), UnixTime(4_000_000_000))
                .faults;
            assert_eq!(faults.is_empty(), serves, "record {} {role}", record.number);
            judged[usize::from(serves)] += 1;
        }
        assert!(judged.iter().all(|count| *count > 0), "{judged:?}");
    }

    #[test]
    fn a_list_that_does_not_verify_is_refused() {
        for position in (0..LIST.len()).step_by(7) {
            let mut list = LIST.to_vec();
            list[position] ^= 1;
            let problems = problems(&with(&list));
            assert_eq!(problems.len(), 1, "{position}");
            assert!(
                problems[0].starts_with("trust.itl_base64: the list does not verify: "),
                "{position}: {}",
                problems[0]
            );
        }
        assert!(problems(&with(&LIST[..LIST.len() - 1]))[0].contains("does not verify"));
    }
}

mod judging {
    use tlvet_core::time::UnixTime;

    use super::*;

    fn faults(policy: &Policy, pem: &[&str], now: i64) -> Vec<(u32, u32)> {
        let judged = policy.trust().judge(&chain(pem), UnixTime(now));
        judged.faults.iter().map(|fault| (fault.code, fault.depth)).collect()
    }

    #[test]
    fn pins_trust_a_leaf_as_it_stands() {
        let der = chain(&[SELF_SIGNED]).remove(0);
        let digest: String =
            tlvet_core::digest::sha256(&der).iter().map(|byte| format!("{byte:02x}")).collect();
        let pinned = policy(&format!(
            r#"{{"role": "passthrough", "mode": "enforce", "trust": {{"leaf_sha256": ["{digest}"]}}}}"#
        ));
        assert_eq!(faults(&pinned, &[SELF_SIGNED], 1_795_262_400), []);
        assert_eq!(faults(&pinned, &[LEAF, INTERMEDIATE], 1_795_262_400), [(20, 1)]);
        // Beside a stranger's leaf the pinned certificate says nothing.
        assert_eq!(faults(&pinned, &[OTHER, SELF_SIGNED], 1_795_262_400), [(20, 0), (21, 0)]);
    }

    #[test]
    fn what_is_remembered_ends_with_the_dates_of_the_certificates() {
        let policy = policy(&configuration("passthrough", "enforce", ""));
        // EXPIRED: 2025-01-01 to 2026-06-01; its issuers begin 2026-01-01.
        let (begin, end) = (1_767_225_600, 1_780_272_000);
        for (now, expected) in [
            (begin, vec![]),
            (end - 1, vec![]),
            (end, vec![(10, 0)]),
            (begin - 1, vec![(9, 2), (9, 1)]),
            (begin, vec![]),
        ] {
            assert_eq!(faults(&policy, &[EXPIRED, INTERMEDIATE], now), expected, "{now}");
        }
    }

    #[test]
    fn many_chains_leave_the_memory_bounded() {
        let policy = policy(&configuration("passthrough", "enforce", ""));
        let good = chain(&[LEAF, INTERMEDIATE]);
        for n in 0..300_usize {
            let mut bad = good.clone();
            let at = bad[0].len() - 1 - n % 60;
            bad[0][at] ^= u8::try_from(1 + n / 60).unwrap();
            assert!(!policy.trust().judge(&bad, UnixTime(1_795_262_400)).faults.is_empty(), "{n}");
            assert!(policy.trust().judge(&good, UnixTime(1_795_262_400)).faults.is_empty());
            assert!(policy.trust().remembered() <= crate::limits::CHAINS_KNOWN);
        }
    }
}

mod expiry {
    use super::said::{self, Hello};
    use super::*;

    #[test]
    fn an_expiry_is_warned_of_once_a_day() {
        let policy = policy(&configuration("passthrough", "monitor", ""));
        let desk = desk();
        let flight = said::records(&said::flight(&chain(&[EXPIRED, INTERMEDIATE]), &[]), 16_384);
        let connect = |seconds_before_now: u64| {
            let desk = Rc::clone(&desk);
            desk.elapsed.set(0_u64.wrapping_sub(seconds_before_now * 1_000));
            let mut wire = Wire::new(&policy, &desk);
            wire.client(&said::record(22, &said::client_hello(&Hello::default())), false);
            wire.origin(&flight, false);
            (
                desk.lines(),
                desk.gauges.borrow()["tlvet_certificate_days_left.origin.cucm.steven.lab"],
            )
        };
        // NOW is 2026-11-21 12:00; the certificate ends 2026-06-01 00:00, 173.5 days before.
        let day = 86_400;
        let half = 43_200;
        assert_eq!(connect(173 * day + half + 60 * day), (vec![], 60));
        let line =
            "WARNING: tlvet: the certificate of cucm.steven.lab expires in 59 days".to_owned();
        assert_eq!(connect(173 * day + half + 59 * day + 10), (vec![line], 59));
        assert_eq!(connect(173 * day + half + 59 * day + 5), (vec![], 59));
        let (lines, days) = connect(0);
        assert_eq!(days, 0);
        assert!(lines[0].contains("Error=certificate has expired"), "{lines:?}");
        assert_eq!(lines.len(), 1);
    }

    #[test]
    fn names_of_clients_make_no_gauges_without_end() {
        let policy = policy(&configuration("passthrough", "monitor", ""));
        let desk = desk();
        let flight = said::records(&said::flight(&chain(&[LEAF, INTERMEDIATE]), &[]), 16_384);
        for n in 0..400 {
            let mut wire = Wire::new(&policy, &desk);
            let name = format!("n{n}.steven.lab");
            let hello = Hello { name: Some(&name), ..Hello::default() };
            wire.client(&said::record(22, &said::client_hello(&hello)), false);
            wire.origin(&flight, false);
        }
        assert_eq!(desk.gauges.borrow().len(), crate::limits::GAUGES + 1);
        assert!(desk.gauges.borrow().contains_key("tlvet_certificate_days_left.origin.other"));
    }
}

/// The configurations that are handed out are accepted, and do what their files say.
#[test]
fn every_configuration_in_deploy_is_accepted() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy");
    let pem = serde_json::to_string(ROOT).unwrap();
    let mut found = Vec::new();
    for folder in std::fs::read_dir(folder).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            for line in std::fs::read_to_string(&file).unwrap().lines() {
                if !line.trim_start().starts_with("{\"role\"") {
                    continue;
                }
                let json = line
                    .replace("${CA_PEM_JSON}", &pem)
                    .replace("\"-----BEGIN CERTIFICATE-----\\n...\"", &pem)
                    .replace("${ORIGIN_NAME}", "cucm.steven.lab")
                    .replace("${ORIGIN_ADDRESS}", "10.48.36.215")
                    .replace("${ORIGIN_PORT}", "8443");
                let config = Policy::read(json.as_bytes())
                    .unwrap_or_else(|error| panic!("{name}: {error:?}"));
                let config = config.config();
                found.push(format!("{name} {} {}", config.role.as_str(), config.mode.as_str()));
            }
        }
    }
    found.sort();
    assert_eq!(
        found,
        [
            "A-passthrough passthrough monitor",
            "B-tcp tcp monitor",
            "C-http http enforce",
            "C-http-mra http enforce",
            "D-upstream-http upstream-http monitor",
            "E-http-by-connection tcp monitor",
            "envoyfilter-passthrough passthrough monitor",
            "envoyfilter-upstream-http upstream-http monitor",
            "patch-policy-upstream-http upstream-http monitor",
        ]
    );
}
