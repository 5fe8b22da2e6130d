//! The filter's `.wasm` in tlvet's own host.

use tlvet_host::envoy_abi::{ClosedBy, Headers, Level, Properties, Stage};
use tlvet_tests::scenario::{host, play, scenarios, texts};

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

/// A filter in the wrong kind of chain fails closed: the SDK knows no such context, and the VM dies.
#[test]
fn a_role_in_the_wrong_chain_passes_nothing() {
    let mut vm = host().unwrap().start(br#"{"role": "http", "mode": "off"}"#).unwrap();
    let error = vm.connect(Properties::new()).unwrap_err();
    assert_eq!(error.callback, "proxy_on_new_connection");
    assert!(vm.log().last().unwrap().text.contains("invalid context_id"), "{:?}", vm.log());
    assert_eq!(vm.connect(Properties::new()), Err(error));
}
