use std::time::Instant;

use wasmtime::Module;

use super::*;
use crate::engine::{Stopping, config};

/// `tests/proxy.wat`, compiled by build.rs: what it does is the first letter of its configuration.
static PROXY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/proxy.cwasm"));

fn host(limits: Limits) -> Host {
    let engine = wasmtime::Engine::new(&config(Stopping::Epochs)).unwrap();
    // SAFETY: the bytes were made by wasmtime in build.rs.
    #[allow(unsafe_code, reason = "the only way to load a module that was compiled at build time")]
    let module = unsafe { Module::deserialize(&engine, PROXY) }.unwrap();
    Host::new(&module, limits)
}

fn vm(mode: &str) -> Vm {
    host(Limits::default()).start(mode.as_bytes()).unwrap()
}

fn said(vm: &mut Vm) -> Vec<String> {
    vm.take_log().into_iter().map(|line| line.text).collect()
}

fn get(path: &str) -> Headers {
    Headers::new(&[(":method", "GET"), (":path", path)])
}

#[test]
fn a_plugin_may_refuse_its_configuration() {
    let error = host(Limits::default()).start(b"n").err().unwrap();
    assert_eq!(
        (error.stage, error.reason.as_str()),
        (Stage::Configure, "proxy_on_configure returned false")
    );
}

#[test]
fn held_data_is_cumulative_and_goes_out_at_once() {
    let mut vm = vm("h");
    let id = vm.connect(Properties::new()).unwrap();
    for chunk in [&b"1234"[..], b"5678", b"90"] {
        assert_eq!(vm.connection(id).unwrap().to_client, b"");
        vm.origin_sends(id, chunk, false).unwrap();
    }
    assert_eq!(vm.connection(id).unwrap().to_client, b"1234567890");
    assert_eq!(vm.connection(id).unwrap().held_from_origin(), 0);
    vm.origin_sends(id, b"x", false).unwrap();
    assert_eq!(vm.connection(id).unwrap().held_from_origin(), 1);
}

#[test]
fn data_from_the_origin_cannot_be_resumed() {
    let mut vm = vm("u");
    let id = vm.connect(Properties::new()).unwrap();
    vm.origin_sends(id, b"x", false).unwrap();
    assert_eq!(said(&mut vm), ["m"], "Unimplemented is 12");
    assert_eq!(vm.connection(id).unwrap().to_client, b"");
}

#[test]
fn buffers_are_clamped_and_pointers_checked() {
    let mut vm = vm("b");
    let id = vm.connect(Properties::new()).unwrap();
    vm.client_sends(id, b"hello", false).unwrap();
    assert_eq!(
        said(&mut vm),
        ["ello", "c", "b", "g"],
        "BadArgument, NotFound, InvalidMemoryAccess"
    );
}

#[test]
fn replaced_data_is_what_passes() {
    let mut vm = vm("a");
    let id = vm.connect(Properties::new()).unwrap();
    vm.origin_sends(id, b"certificate", true).unwrap();
    let connection = vm.connection(id).unwrap();
    assert_eq!(connection.to_client, b"alert");
    assert!(connection.to_client_ended);
    assert_eq!(connection.closed, None);
}

#[test]
fn closing_comes_before_writing() {
    let mut vm = vm("c");
    let id = vm.connect(Properties::new()).unwrap();
    vm.client_sends(id, b"lost", false).unwrap();
    assert_eq!(
        said(&mut vm),
        ["a", "b"],
        "close answers Ok; the peer of the close is the proxy, 1"
    );
    let connection = vm.connection(id).unwrap();
    assert_eq!(connection.closed, Some(ClosedBy::Filter));
    assert_eq!(connection.to_origin, b"");
    vm.client_sends(id, b"more", false).unwrap();
    assert_eq!(said(&mut vm), Vec::<String>::new());
}

#[test]
fn closing_at_the_end_of_the_origins_stream_kills_the_vm_as_in_envoy() {
    let mut vm = vm("e");
    let id = vm.connect(Properties::new()).unwrap();
    let other = vm.connect(Properties::new()).unwrap();
    let dead = vm.origin_sends(id, b"x", true).unwrap_err();
    assert_eq!(dead.callback, "proxy_on_upstream_connection_close");
    assert_eq!(vm.connection(id).unwrap().closed, Some(ClosedBy::Filter));
    assert_eq!(vm.connection(id).unwrap().to_client, b"", "the alert is lost");
    assert_eq!(vm.connection(other).unwrap().closed, Some(ClosedBy::Trap));
    assert_eq!(vm.connect(Properties::new()), Err(dead));
}

#[test]
fn a_trap_closes_every_connection() {
    let mut vm = vm("t");
    let (first, second) =
        (vm.connect(Properties::new()).unwrap(), vm.connect(Properties::new()).unwrap());
    let dead = vm.client_sends(first, b"x", false).unwrap_err();
    assert_eq!(
        dead.to_string(),
        "proxy_on_downstream_data failed: wasm trap: wasm `unreachable` instruction executed"
    );
    for id in [first, second] {
        assert_eq!(vm.connection(id).unwrap().closed, Some(ClosedBy::Trap));
        assert_eq!(vm.connection(id).unwrap().to_origin, b"");
    }
    assert_eq!(vm.tick(), Err(dead));
}

#[test]
fn a_tick_reaches_a_connection_only_through_its_context() {
    let mut vm = vm("k");
    vm.tick().unwrap();
    assert_eq!(said(&mut vm), ["c"], "a context that this VM does not know: BadArgument");
    let id = vm.connect(Properties::new()).unwrap();
    assert_eq!(vm.tick_period(), 50);
    vm.tick().unwrap();
    assert_eq!(vm.connection(id).unwrap().closed, Some(ClosedBy::Filter));
    assert_eq!(said(&mut vm), ["a", "b"]);
    vm.tick().unwrap();
    assert_eq!(said(&mut vm), ["c"], "closed connections have no context");
}

#[test]
fn every_vm_ticks_and_knows_its_own_connections_alone() {
    let host = host(Limits::default()).at(7_000_000_000);
    let (mut main, mut worker) = (host.start(b"k").unwrap(), host.start(b"k").unwrap());
    let id = worker.connect(Properties::new()).unwrap();
    main.tick().unwrap();
    assert_eq!(said(&mut main), ["c"], "BadArgument");
    assert_eq!(worker.connection(id).unwrap().closed, None);
    worker.tick().unwrap();
    assert_eq!(worker.connection(id).unwrap().closed, Some(ClosedBy::Filter));
    assert_eq!(main.time(), 7_000_000_000);
    main.set_time(3);
    assert_eq!(main.time(), 7_000_000_000, "time never goes back");
}

#[test]
fn behind_the_cap_of_what_waits_the_filter_hears_nothing() {
    // u: holds everything, and says so in the log each time.
    let mut vm = host(Limits { held: 10, ..Limits::default() }).start(b"u").unwrap();
    let id = vm.connect(Properties::new()).unwrap();
    for _ in 0..5 {
        vm.origin_sends(id, b"1234", false).unwrap();
    }
    assert_eq!(said(&mut vm).len(), 3);
    assert_eq!(vm.connection(id).unwrap().held_from_origin(), 12);
}

#[test]
fn lines_are_of_the_connection_that_the_filter_worked_on() {
    let mut vm = vm("k");
    let first = vm.connect(Properties::new()).unwrap();
    vm.tick().unwrap();
    // The tick begins as the plugin's own and turns to the connection.
    let contexts: Vec<u32> = vm.take_log().into_iter().map(|line| line.context).collect();
    assert_eq!(contexts, [first.context(), first.context()]);
}

#[test]
fn what_has_passed_can_be_taken_out() {
    let mut vm = vm("z");
    let id = vm.connect(Properties::new()).unwrap();
    vm.client_sends(id, b"ask", false).unwrap();
    vm.origin_sends(id, b"answer", false).unwrap();
    assert_eq!(vm.take_passed(id), (b"ask".to_vec(), b"answer".to_vec()));
    assert_eq!(vm.take_passed(id), (Vec::new(), Vec::new()));
}

#[test]
fn a_request_tells_its_own_properties() {
    let mut vm = vm("p");
    let id = vm.open_exchange(Properties::new()).unwrap();
    vm.request_headers(id, get("/path"), false).unwrap();
    assert_eq!(
        vm.exchange(id).unwrap().request_property(b"request\0path"),
        Some(b"/path".to_vec())
    );
    assert_eq!(vm.exchange(id).unwrap().request_property(b"request\0host"), None);
}

#[test]
fn numbers_are_eight_bytes_little_endian() {
    let mut vm = vm("g");
    let mut properties = Properties::new();
    properties.set_number(&["upstream", "port"], 0x0000_2122_2324_2526);
    let id = vm.connect(properties).unwrap();
    vm.client_sends(id, b"x", false).unwrap();
    assert_eq!(said(&mut vm), ["a", "&%$#\"!\0\0"]);
    let without = vm.connect(Properties::new()).unwrap();
    vm.client_sends(without, b"x", false).unwrap();
    assert_eq!(said(&mut vm)[0], "b", "NotFound");
}

#[test]
fn a_paused_request_goes_with_its_body_when_it_may() {
    let mut vm = vm("p");
    let id = vm.open_exchange(Properties::new()).unwrap();
    vm.request_headers(id, get("/"), false).unwrap();
    vm.request_body(id, b"first", false).unwrap();
    vm.request_body(id, b"second", true).unwrap();
    assert_eq!(vm.exchange(id).unwrap().request(), None);
    vm.tick().unwrap();
    let request = vm.exchange(id).unwrap().request().unwrap();
    assert_eq!(request.body, b"firstsecond");
    assert!(request.ended);
}

#[test]
fn a_held_body_is_cumulative() {
    let mut vm = vm("s");
    let id = vm.open_exchange(Properties::new()).unwrap();
    vm.request_headers(id, get("/"), false).unwrap();
    vm.request_body(id, b"first", false).unwrap();
    assert_eq!(vm.exchange(id).unwrap().request().unwrap().body, b"");
    vm.request_body(id, b"second", true).unwrap();
    assert_eq!(vm.exchange(id).unwrap().request().unwrap().body, b"firstsecond");
}

#[test]
fn the_filters_own_answer_never_lets_the_request_pass() {
    let mut vm = vm("r");
    let id = vm.open_exchange(Properties::new()).unwrap();
    vm.request_headers(id, get("/"), false).unwrap();
    vm.request_body(id, b"secret", true).unwrap();
    let exchange = vm.finish_exchange(id).unwrap().unwrap();
    assert!(exchange.is_answered_by_filter());
    assert_eq!(exchange.request(), None);
    let response = exchange.response().unwrap();
    assert_eq!(response.headers.value(b":status"), Some(b"502".to_vec()));
    assert_eq!(response.body, b"alert");
    assert!(response.ended);
}

#[test]
fn header_maps_exist_during_their_own_callback_only() {
    let mut vm = vm("x");
    let id = vm.open_exchange(Properties::new()).unwrap();
    vm.request_headers(id, get("/"), true).unwrap();
    vm.response_headers(id, Headers::new(&[(":status", "200")]), true).unwrap();
    assert_eq!(said(&mut vm), ["a", "c"], "Ok, then BadArgument");
}

#[test]
fn an_endless_loop_is_stopped() {
    let host = host(Limits { epochs: 2, ..Limits::default() });
    let mut vm = host.start(b"l").unwrap();
    let id = vm.connect(Properties::new()).unwrap();
    let clock = host.module().engine().clone();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let ticking = std::thread::spawn(move || {
        use std::sync::mpsc::RecvTimeoutError::Timeout;
        while stopped.recv_timeout(std::time::Duration::from_millis(1)) == Err(Timeout) {
            clock.increment_epoch();
        }
    });
    let started = Instant::now();
    let dead = vm.client_sends(id, b"x", false).unwrap_err();
    drop(stop);
    ticking.join().unwrap();
    assert_eq!(dead.reason, "the callback did not end in time");
    assert!(started.elapsed().as_secs() < 60);
    assert_eq!(vm.connection(id).unwrap().closed, Some(ClosedBy::Trap));
}

#[test]
fn memory_is_capped() {
    let host = host(Limits { memory: 4 << 20, ..Limits::default() });
    let mut vm = host.start(b"m").unwrap();
    let id = vm.connect(Properties::new()).unwrap();
    let dead = vm.client_sends(id, b"x", false).unwrap_err();
    assert_eq!(dead.reason, "wasm trap: wasm `unreachable` instruction executed");
    let error = self::host(Limits { memory: 1, ..Limits::default() }).start(b"m").err().unwrap();
    assert_eq!(error.stage, Stage::Load);
}
