//! The filter's `.wasm` in tlvet's own host.

use std::collections::{BTreeMap, BTreeSet};

use tlvet_core::proto::Side;
use tlvet_core::traffic::{StreamNews, Streams};
use tlvet_host::engine::FILTER_WASM;
use tlvet_host::envoy_abi::{ClosedBy, Headers, Host, Level, Limits, Peers, Properties, Stage, Vm};
use tlvet_tests::scenario::{host, play, scenarios, texts};

#[path = "../../plugin/exports.rs"]
#[allow(unreachable_pub, reason = "build scripts take the same file in")]
mod exports;

#[test]
fn the_filter_exports_what_it_answers_and_nothing_else() {
    let host = host().unwrap();
    let exported: Vec<&str> = host.module().exports().map(|export| export.name()).collect();
    assert_eq!(exported.len(), exports::EXPORTS.len());
    assert_eq!(
        exported.into_iter().collect::<BTreeSet<_>>(),
        exports::EXPORTS.into_iter().collect::<BTreeSet<_>>()
    );
}

#[test]
fn a_module_that_is_cut_or_lacks_an_export_is_no_filter() {
    assert_eq!(exports::with_exports_of_the_filter(FILTER_WASM).as_deref(), Some(FILTER_WASM));
    for length in [0, 7, 8, 9, FILTER_WASM.len() - 1] {
        assert_eq!(exports::with_exports_of_the_filter(&FILTER_WASM[..length]), None, "{length}");
    }
    let name = b"proxy_on_tick";
    let at = FILTER_WASM.windows(name.len()).position(|window| window == name).unwrap();
    let mut other = FILTER_WASM.to_vec();
    other[at] = b'P';
    assert_eq!(exports::with_exports_of_the_filter(&other), None);
}

#[test]
fn every_scenario_has_its_outcome() {
    for (name, scenario) in scenarios().unwrap() {
        assert_eq!(play(&scenario).unwrap(), scenario.expect, "{name}: {}", scenario.about);
    }
}

#[test]
fn a_refusal_names_every_problem_at_level_critical() {
    let error =
        host().unwrap().start(br#"{"role": "tcp", "mode": "on", "verify": []}"#).err().unwrap();
    assert_eq!(error.stage, Stage::Configure);
    assert_eq!(error.reason, "proxy_on_configure returned false");
    assert_eq!(
        texts(&error.log),
        [
            "tlvet: configuration refused: mode: \"on\" stands there; allowed: monitor, enforce, off",
            "tlvet: configuration refused: verify: nothing stands there; allowed: a list of \"signature\" and \
             \"name\", at least one of them, each once",
        ]
    );
    assert!(error.log.iter().all(|line| line.level == Level::Critical));
}

#[test]
fn mode_off_says_at_start_that_nothing_is_verified() {
    let mut vm = host().unwrap().start(br#"{"role": "http", "mode": "off"}"#).unwrap();
    let log = vm.take_log();
    assert_eq!(texts(&log), ["tlvet: role http, mode off: traffic passes, nothing is verified"]);
    assert_eq!(log[0].level, Level::Warning);
    assert_eq!(vm.tick_period(), 0);
}

#[test]
fn chunks_pass_one_by_one_and_nothing_is_held() {
    let mut vm = host().unwrap().start(br#"{"role": "passthrough", "mode": "off"}"#).unwrap();
    let id = vm.connect(Properties::new()).unwrap();
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let mut passed = 0;
    for chunk in bytes.chunks(997) {
        vm.origin_sends(id, chunk, false).unwrap();
        passed += chunk.len();
        assert_eq!(vm.connection(id).unwrap().to_client.len(), passed);
    }
    assert_eq!(vm.connection(id).unwrap().to_client, bytes);
    assert_eq!(vm.connection(id).unwrap().held_from_origin(), 0);
    vm.client_closes(id).unwrap();
    assert_eq!(vm.connection(id).unwrap().closed, Some(ClosedBy::Client));
    assert_eq!(vm.dead(), None);
}

#[test]
fn many_connections_leave_nothing_behind() {
    let mut vm = host().unwrap().start(br#"{"role": "tcp", "mode": "off"}"#).unwrap();
    for _ in 0..2_000 {
        let id = vm.connect(Properties::new()).unwrap();
        vm.client_sends(id, b"x", true).unwrap();
        vm.origin_sends(id, b"y", true).unwrap();
        assert!(vm.forget(id).unwrap().is_some());
        assert!(vm.connection(id).is_none());
    }
    assert_eq!(vm.dead(), None);
}

/// The filter does not ask to be told when a request is over: what waits for those that were given up is dropped all the same.
#[test]
fn requests_that_are_given_up_leave_nothing_behind() {
    for role in ["http", "upstream-http"] {
        let policy = format!(
            r#"{{"role": "{role}", "mode": "enforce", "trust": {{"leaf_sha256": ["{}"]}}}}"#,
            "00".repeat(32)
        );
        let mut vm = host().unwrap().start(policy.as_bytes()).unwrap();
        let headers = Headers::new(&[(":authority", "cucm.steven.lab"), (":path", "/")]);
        let mut taken = Vec::new();
        for rounds in [500, 10_000] {
            for _ in 0..rounds {
                let id = vm.open_exchange(Properties::new()).unwrap();
                vm.request_headers(id, headers.clone(), false).unwrap();
                let waits = vm.exchange(id).unwrap().request().is_none();
                assert_eq!(waits, role == "upstream-http");
                vm.finish_exchange(id).unwrap();
            }
            taken.push(vm.memory_taken());
        }
        assert_eq!(taken[0], taken[1], "bytes after 500 and after 10,500 requests, role {role}");
        vm.tick().unwrap();
        assert_eq!(vm.tick_period(), 0, "nobody waits any more");
    }
}

#[test]
fn requests_with_bodies_and_trailers_pass_unchanged() {
    let mut vm = host().unwrap().start(br#"{"role": "upstream-http", "mode": "off"}"#).unwrap();
    let id = vm.open_exchange(Properties::new()).unwrap();
    let request =
        Headers::new(&[(":method", "POST"), (":path", "/a?b=c"), ("cookie", "x"), ("cookie", "y")]);
    vm.request_headers(id, request.clone(), false).unwrap();
    vm.request_body(id, b"first", false).unwrap();
    vm.request_body(id, b"second", false).unwrap();
    vm.request_trailers(id, Headers::new(&[("checksum", "1")])).unwrap();
    let exchange = vm.exchange(id).unwrap();
    let passed = exchange.request().unwrap();
    assert_eq!(passed.headers, request);
    assert_eq!(passed.body, b"firstsecond");
    assert_eq!(passed.trailers, Headers::new(&[("checksum", "1")]));
    assert!(passed.ended);
    assert!(exchange.response().is_none());
    assert!(!exchange.is_answered_by_filter());
    vm.response_headers(id, Headers::new(&[(":status", "503")]), true).unwrap();
    let exchange = vm.finish_exchange(id).unwrap().unwrap();
    assert_eq!(exchange.response().unwrap().headers, Headers::new(&[(":status", "503")]));
}

/// A filter in the wrong kind of chain lets nothing pass, says once what is wrong, and lives.
#[test]
fn a_role_in_the_wrong_chain_passes_nothing_and_says_so() {
    let mut vm = host().unwrap().start(br#"{"role": "http", "mode": "off"}"#).unwrap();
    vm.take_log();
    for _ in 0..3 {
        let id = vm.connect(Properties::new()).unwrap();
        assert_eq!(vm.connection(id).unwrap().closed, Some(ClosedBy::Filter));
        vm.forget(id).unwrap();
    }
    let log = vm.take_log();
    assert_eq!(
        texts(&log),
        [
            "tlvet: role http stands in a network filter chain: every connection is closed; role tcp or passthrough \
             belongs there, role http among HTTP filters"
        ]
    );
    assert_eq!(log[0].level, Level::Critical);
    let count = ("tlvet_connections_total.result.refused.reason.misplaced".to_owned(), 3);
    assert_eq!(counted(&vm), [count]);
    assert_eq!(vm.dead(), None);

    let mut vm = host().unwrap().start(br#"{"role": "passthrough", "mode": "off"}"#).unwrap();
    vm.take_log();
    for _ in 0..3 {
        let id = vm.open_exchange(Properties::new()).unwrap();
        vm.request_headers(id, Headers::new(&[(":method", "GET"), (":path", "/")]), true).unwrap();
        let exchange = vm.finish_exchange(id).unwrap().unwrap();
        assert!(exchange.request().is_none() && exchange.is_answered_by_filter());
        let response = exchange.response().unwrap();
        assert_eq!(response.headers.value(b":status").unwrap(), b"502");
        assert_eq!(response.body, b"tlvet: refused (misplaced)\n");
    }
    assert_eq!(
        texts(vm.log()),
        [
            "tlvet: role passthrough stands in an HTTP filter chain: every request is refused; role http or \
             upstream-http belongs there, role passthrough among network filters"
        ]
    );
    let count = ("tlvet_requests_total.result.refused.reason.misplaced".to_owned(), 3);
    assert_eq!(counted(&vm), [count]);
    assert_eq!(vm.dead(), None);
}

/// Clients that begin a large ClientHello and do not end it take no more of the VM than it may keep; those that are there
/// already go on.
#[test]
fn unfinished_hellos_do_not_take_all_memory() {
    let host =
        Host::new(host().unwrap().module(), Limits { memory: 96 << 20, ..Limits::default() });
    let policy = br#"{"role": "passthrough", "mode": "enforce", "verify": ["name"]}"#;
    let mut vm = host.start(policy).unwrap();
    let mut hello = vec![0x16, 3, 1, 0, 4, 1, 0, 0xf0, 0];
    for _ in 0..4 {
        hello.extend([0x16, 3, 1, 0x3a, 0x98]);
        hello.resize(hello.len() + 15_000, 0);
    }
    let mut refused = 0;
    for _ in 0..2_000 {
        let id = vm.connect(Properties::new()).unwrap();
        vm.client_sends(id, &hello, false).unwrap();
        refused += u64::from(vm.connection(id).unwrap().closed == Some(ClosedBy::Filter));
    }
    assert_eq!(vm.dead(), None);
    let kept = 32 * 1024 * 1024 / hello.len() as u64;
    assert_eq!(refused, 2_000 - kept);
    let count = ("tlvet_connections_total.result.refused.reason.oversize".to_owned(), refused);
    assert!(counted(&vm).contains(&count), "{:?}", counted(&vm));
}

fn counted(vm: &Vm) -> Vec<(String, u64)> {
    vm.metrics().into_iter().map(|metric| (metric.name, metric.value)).collect()
}

/// Handshakes of real peers again and again: what a connection takes it gives back.
#[test]
fn memory_stays_flat_over_thousands_of_verified_connections() {
    let capture =
        std::fs::read(tlvet_tests::folder().join("captures/tls12_resumed.pcapng")).unwrap();
    let mut streams = Streams::default();
    let mut events = streams.push(&capture);
    events.extend(streams.end().0);
    // The certificate that the capture shows, see its `.json`.
    let policy = r#"{"role": "passthrough", "mode": "enforce", "trust": {"leaf_sha256":
        ["e07013e35c39db2cee8521f573ca50ad5f6eb216acb4ef534ef3cf984db836dc"]}}"#;
    // 2026-11-21T08:00:00Z, about when the capture was made.
    let mut vm = host().unwrap().at(1_795_248_000_000_000_000).start(policy.as_bytes()).unwrap();
    let mut taken = Vec::new();
    for rounds in [500, 4_500] {
        for _ in 0..rounds {
            let mut open = BTreeMap::new();
            for event in &events {
                match &event.what {
                    StreamNews::Opened { client, server, .. } => {
                        let peers = Peers {
                            client: *client,
                            listener: *server,
                            origin: *server,
                            cluster: "origin".to_owned(),
                            server_name: None,
                        };
                        let mut properties = peers.at_connect();
                        peers.add_origin(&mut properties);
                        open.insert(event.id, vm.connect(properties).unwrap());
                    }
                    StreamNews::Said { side: Side::Client, bytes } => {
                        vm.client_sends(open[&event.id], bytes, false).unwrap();
                    }
                    StreamNews::Said { side: Side::Server, bytes } => {
                        vm.origin_sends(open[&event.id], bytes, false).unwrap();
                    }
                    StreamNews::Closed { .. } => {
                        let connection = vm.forget(open[&event.id]).unwrap().unwrap();
                        assert!(connection.to_client.len() > 100, "the origin's bytes passed");
                    }
                    _ => {}
                }
            }
        }
        taken.push(vm.memory_taken());
    }
    assert_eq!(taken[0], taken[1], "bytes after 1,000 and after 10,000 connections");
    let counted: u64 = vm
        .metrics()
        .iter()
        .filter(|metric| metric.name.contains(".result.passed."))
        .map(|metric| metric.value)
        .sum();
    assert_eq!(counted, 10_000);
}
