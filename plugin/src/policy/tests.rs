//! A proxy for tests: it holds, replaces and writes bytes as Envoy was measured to do, and keeps what it is told.

mod destinations;
mod passthrough;
mod policies;
mod requests;
mod sessions;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Buffer, Counted, Headers, Level, Passthrough, Policy, Proxy, Step};

/// 2026-11-21T12:00:00Z.
const NOW: u64 = 1_795_262_400;

const ROOT: &str = include_str!("testdata/root.pem");
const INTERMEDIATE: &str = include_str!("testdata/int.pem");
/// cucm.steven.lab and 127.0.0.1, until 2046.
const LEAF: &str = include_str!("testdata/leaf.pem");
/// The same, until 2026-06-01.
const EXPIRED: &str = include_str!("testdata/expired.pem");
const SELF_SIGNED: &str = include_str!("testdata/selfsigned.pem");
/// imp.steven.lab.
const OTHER: &str = include_str!("testdata/other.pem");

#[derive(Default)]
struct Desk {
    /// Milliseconds after [`NOW`]; wraps, so that times before it can be told.
    elapsed: Cell<u64>,
    properties: RefCell<BTreeMap<String, Vec<u8>>>,
    client: RefCell<Vec<u8>>,
    origin: RefCell<Vec<u8>>,
    body: RefCell<Vec<u8>>,
    request: RefCell<BTreeMap<String, String>>,
    response: RefCell<BTreeMap<String, String>>,
    filter_state: RefCell<BTreeMap<String, String>>,
    shared: RefCell<BTreeMap<String, (Vec<u8>, u32)>>,
    log: RefCell<Vec<String>>,
    counts: RefCell<BTreeMap<String, u64>>,
    gauges: RefCell<BTreeMap<String, u64>>,
    /// Writes of shared data that another worker is faster with.
    lost_races: Cell<u32>,
}

impl Desk {
    fn buffer(&self, of: Buffer) -> &RefCell<Vec<u8>> {
        match of {
            Buffer::Client => &self.client,
            Buffer::Origin => &self.origin,
            Buffer::ResponseBody => &self.body,
        }
    }

    fn headers(&self, of: Headers) -> &RefCell<BTreeMap<String, String>> {
        match of {
            Headers::Request => &self.request,
            Headers::Response => &self.response,
        }
    }

    fn knows(&self, path: &str, value: &str) {
        self.properties.borrow_mut().insert(path.to_owned(), value.as_bytes().to_vec());
    }

    fn count_of(&self, name: &str) -> u64 {
        self.counts.borrow().get(name).copied().unwrap_or_default()
    }

    fn lines(&self) -> Vec<String> {
        self.log.take()
    }
}

impl Proxy for Desk {
    fn now(&self) -> u64 {
        (NOW * 1_000).wrapping_add(self.elapsed.get()) * 1_000_000
    }
    fn property(&self, path: &str) -> Option<Vec<u8>> {
        self.properties.borrow().get(&path.replace('\0', ".")).cloned()
    }
    fn set_property(&self, path: &str, value: &str) -> bool {
        self.knows(&format!("wasm.{path}"), value);
        true
    }
    fn set_filter_state(&self, key: &str, value: &str) -> bool {
        self.filter_state.borrow_mut().insert(key.to_owned(), value.to_owned());
        true
    }
    fn bytes(&self, buffer: Buffer, start: usize, length: usize) -> Option<Vec<u8>> {
        let bytes = self.buffer(buffer).borrow();
        let end = start.saturating_add(length).min(bytes.len());
        bytes.get(start..end).map(<[u8]>::to_vec)
    }
    fn replace(&self, buffer: Buffer, size: usize, with: &[u8]) -> bool {
        let mut bytes = self.buffer(buffer).borrow_mut();
        assert_eq!(size, bytes.len(), "only whole buffers can be replaced");
        *bytes = with.to_vec();
        true
    }
    fn header(&self, of: Headers, name: &str) -> Option<Vec<u8>> {
        self.headers(of).borrow().get(name).map(|value| value.as_bytes().to_vec())
    }
    fn set_header(&self, of: Headers, name: &str, value: &str) -> bool {
        self.headers(of).borrow_mut().insert(name.to_owned(), value.to_owned());
        true
    }
    fn remove_header(&self, of: Headers, name: &str) -> bool {
        self.headers(of).borrow_mut().remove(name);
        true
    }
    fn shared(&self, key: &str) -> Option<(Vec<u8>, u32)> {
        self.shared.borrow().get(key).cloned()
    }
    fn share(&self, key: &str, value: &[u8], version: u32) -> bool {
        let mut shared = self.shared.borrow_mut();
        let entry = shared.entry(key.to_owned()).or_default();
        if self.lost_races.get() > 0 {
            self.lost_races.set(self.lost_races.get() - 1);
            entry.1 += 1;
        }
        if entry.1 != version {
            return false;
        }
        *entry = (value.to_vec(), version + 1);
        true
    }
    fn log(&self, _level: Level, line: &str) {
        self.log.borrow_mut().push(line.to_owned());
    }
    fn count(&self, what: Counted) {
        *self.counts.borrow_mut().entry(what.name()).or_default() += 1;
    }
    fn gauge(&self, name: &str, value: u64) {
        self.gauges.borrow_mut().insert(name.to_owned(), value);
    }
    fn record(&self, _name: &str, _value: u64) {}
}

/// A connection through the filter in passthrough.
struct Wire {
    filter: Passthrough,
    desk: Rc<Desk>,
    to_origin: Vec<u8>,
    to_client: Vec<u8>,
    closed: bool,
}

fn desk() -> Rc<Desk> {
    let desk = Desk::default();
    desk.knows("upstream.address", "10.48.36.215:8443");
    Rc::new(desk)
}

fn policy(json: &str) -> Rc<Policy> {
    Rc::new(Policy::read(json.as_bytes()).unwrap())
}

/// A configuration that trusts [`ROOT`], with more keys.
fn configuration(role: &str, mode: &str, more: &str) -> String {
    let pem = serde_json::to_string(&format!("{ROOT}{INTERMEDIATE}")).unwrap();
    let pem = if role == "passthrough" { serde_json::to_string(ROOT).unwrap() } else { pem };
    format!(r#"{{"role": "{role}", "mode": "{mode}", "trust": {{"ca_pem": {pem}}}{more}}}"#)
}

impl Wire {
    fn new(policy: &Rc<Policy>, desk: &Rc<Desk>) -> Self {
        Self {
            filter: Passthrough::new(Rc::clone(policy)),
            desk: Rc::clone(desk),
            to_origin: Vec::new(),
            to_client: Vec::new(),
            closed: false,
        }
    }

    fn client(&mut self, bytes: &[u8], end: bool) -> Step {
        if self.closed {
            return Step::Close;
        }
        self.desk.client.borrow_mut().extend_from_slice(bytes);
        let size = self.desk.client.borrow().len();
        let step = self.filter.client(size, end, &*self.desk);
        match step {
            Step::Pass => self.to_origin.extend(self.desk.client.take()),
            Step::Hold => {}
            Step::Close => self.closed = true,
            Step::PassBoth | Step::PassAndClose => panic!("{step:?} of the client's bytes"),
        }
        step
    }

    fn origin(&mut self, bytes: &[u8], end: bool) -> Step {
        if self.closed {
            return Step::Close;
        }
        self.desk.origin.borrow_mut().extend_from_slice(bytes);
        let size = self.desk.origin.borrow().len();
        let step = self.filter.origin(size, end, &*self.desk);
        match step {
            Step::Pass | Step::PassAndClose => self.to_client.extend(self.desk.origin.take()),
            Step::PassBoth => {
                self.to_client.extend(self.desk.origin.take());
                self.to_origin.extend(self.desk.client.take());
            }
            Step::Hold => {}
            Step::Close => self.closed = true,
        }
        step
    }

    fn tick(&mut self) {
        if !self.closed && self.filter.waits() && self.filter.tick(&*self.desk) == Step::Close {
            self.closed = true;
        }
    }
}

/// DER of the certificates of PEM texts.
fn chain(pem: &[&str]) -> Vec<Vec<u8>> {
    pem.iter().flat_map(|text| crate::config::certificates(text).unwrap()).collect()
}

/// Messages and records of TLS 1.2.
mod said {
    pub(super) fn record(kind: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[kind, 3, 3], length.as_slice(), content].concat()
    }

    /// Handshake records with at most `most` bytes of content each.
    pub(super) fn records(messages: &[u8], most: usize) -> Vec<u8> {
        messages.chunks(most).flat_map(|part| record(22, part)).collect()
    }

    fn sized(bytes: usize, content: &[u8]) -> Vec<u8> {
        let length = content.len().to_be_bytes();
        [&length[8 - bytes..], content].concat()
    }

    pub(super) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        [&[kind], sized(3, body).as_slice()].concat()
    }

    fn extension(kind: u16, value: &[u8]) -> Vec<u8> {
        [kind.to_be_bytes().as_slice(), &sized(2, value)].concat()
    }

    pub(super) struct Hello<'a> {
        pub(super) name: Option<&'a str>,
        pub(super) session: &'a [u8],
        pub(super) ticket: Option<&'a [u8]>,
        pub(super) early: bool,
    }

    impl Default for Hello<'_> {
        fn default() -> Self {
            Self { name: Some("cucm.steven.lab"), session: &[], ticket: None, early: false }
        }
    }

    pub(super) fn client_hello(hello: &Hello<'_>) -> Vec<u8> {
        let mut extensions = Vec::new();
        if let Some(name) = hello.name {
            let entry = [&[0], sized(2, name.as_bytes()).as_slice()].concat();
            extensions.extend(extension(0, &sized(2, &entry)));
        }
        if let Some(ticket) = hello.ticket {
            extensions.extend(extension(35, ticket));
        }
        if hello.early {
            extensions.extend(extension(42, &[]));
        }
        let body = [
            &[3, 3],
            [7; 32].as_slice(),
            &sized(1, hello.session),
            &[0, 2, 0xc0, 0x2f, 1, 0],
            &sized(2, &extensions),
        ]
        .concat();
        message(1, &body)
    }

    pub(super) fn server_hello(suite: u16, session: &[u8], tls13: bool) -> Vec<u8> {
        let extensions = if tls13 { extension(43, &[3, 4]) } else { Vec::new() };
        let body = [
            &[3, 3],
            [9; 32].as_slice(),
            &sized(1, session),
            &suite.to_be_bytes(),
            &[0],
            &sized(2, &extensions),
        ]
        .concat();
        message(2, &body)
    }

    pub(super) fn certificate(chain: &[Vec<u8>]) -> Vec<u8> {
        let list: Vec<u8> = chain.iter().flat_map(|der| sized(3, der)).collect();
        message(11, &sized(3, &list))
    }

    /// The first flight of an origin with ECDHE.
    pub(super) fn flight(chain: &[Vec<u8>], session: &[u8]) -> Vec<u8> {
        [
            server_hello(0xc02f, session, false),
            certificate(chain),
            message(12, &[5; 100]),
            message(14, &[]),
        ]
        .concat()
    }

    pub(super) fn ticket(ticket: &[u8]) -> Vec<u8> {
        message(4, &[[0, 0, 1, 0].as_slice(), &sized(2, ticket)].concat())
    }

    pub(super) fn change_cipher_spec() -> Vec<u8> {
        record(20, &[1])
    }

    /// ClientKeyExchange, ChangeCipherSpec, Finished.
    pub(super) fn client_second_flight() -> Vec<u8> {
        [record(22, &message(16, &[4; 66])), change_cipher_spec(), record(22, &[0xaa; 40])].concat()
    }

    pub(super) fn application_data(text: &str) -> Vec<u8> {
        record(23, text.as_bytes())
    }
}
