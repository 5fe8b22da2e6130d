//! The Envoy filter in passthrough, between a client and an origin that say anything at all.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use tlvet_filter::policy::{Buffer, Counted, Headers, Level, Passthrough, Policy, Proxy, Step};

/// Trusts one certificate that nobody has: no origin is ever verified.
const POLICY: &str = r#"{"role": "passthrough", "mode": "enforce", "limits": {"handshake_ms": 60000},
    "trust": {"leaf_sha256": ["0000000000000000000000000000000000000000000000000000000000000000"]}}"#;

/// A proxy with the two buffers that a connection has, and shared data.
#[derive(Default)]
struct Desk {
    client: RefCell<Vec<u8>>,
    origin: RefCell<Vec<u8>>,
    shared: RefCell<BTreeMap<String, (Vec<u8>, u32)>>,
}

impl Desk {
    fn buffer(&self, of: Buffer) -> &RefCell<Vec<u8>> {
        match of {
            Buffer::Client => &self.client,
            Buffer::Origin | Buffer::ResponseBody => &self.origin,
        }
    }
}

impl Proxy for Desk {
    fn now(&self) -> u64 {
        1_795_262_400_000_000_000
    }
    fn property(&self, path: &str) -> Option<Vec<u8>> {
        (path == "upstream\0address").then(|| b"10.48.36.215:8443".to_vec())
    }
    fn set_property(&self, _path: &str, _value: &str) -> bool {
        true
    }
    fn set_filter_state(&self, _key: &str, _value: &str) -> bool {
        false
    }
    fn bytes(&self, buffer: Buffer, start: usize, length: usize) -> Option<Vec<u8>> {
        let bytes = self.buffer(buffer).borrow();
        let end = start.saturating_add(length).min(bytes.len());
        bytes.get(start..end).map(<[u8]>::to_vec)
    }
    fn replace(&self, buffer: Buffer, _size: usize, with: &[u8]) -> bool {
        *self.buffer(buffer).borrow_mut() = with.to_vec();
        true
    }
    fn header(&self, _of: Headers, _name: &str) -> Option<Vec<u8>> {
        None
    }
    fn set_header(&self, _of: Headers, _name: &str, _value: &str) -> bool {
        false
    }
    fn remove_header(&self, _of: Headers, _name: &str) -> bool {
        false
    }
    fn shared(&self, key: &str) -> Option<(Vec<u8>, u32)> {
        self.shared.borrow().get(key).cloned()
    }
    fn share(&self, key: &str, value: &[u8], version: u32) -> bool {
        self.shared.borrow_mut().insert(key.to_owned(), (value.to_vec(), version + 1));
        true
    }
    fn log(&self, _level: Level, line: &str) {
        assert!(!line.contains(['\n', '\r', '\0']), "a peer writes lines of its own: {line:?}");
    }
    fn count(&self, _what: Counted) {}
    fn gauge(&self, _name: &str, _value: u64) {}
    fn record(&self, _name: &str, _value: u64) {}
}

/// Pieces of a conversation: a byte (1: of the origin, 2: that side ends, 4: a tick comes first), a length (2 bytes,
/// big-endian), and so many bytes. Whatever they are, the client gets nothing of them, and the origin nothing but a
/// ClientHello in handshake records.
pub fn filter(data: &[u8]) {
    let Ok(policy) = Policy::read(POLICY.as_bytes()) else { panic!("the policy is valid") };
    let desk = Desk::default();
    let mut filter = Passthrough::new(Rc::new(policy));
    let (mut to_client, mut to_origin) = (Vec::new(), Vec::new());
    let mut rest = data;
    while let [kind, high, low, behind @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(behind.len());
        let (piece, next) = behind.split_at(length);
        rest = next;
        if kind & 4 != 0 && filter.waits() && filter.tick(&desk) == Step::Close {
            break;
        }
        let end = kind & 2 != 0;
        let (buffer, passed) = if kind & 1 == 0 {
            (&desk.client, &mut to_origin)
        } else {
            (&desk.origin, &mut to_client)
        };
        buffer.borrow_mut().extend_from_slice(piece);
        let size = buffer.borrow().len();
        let step = if kind & 1 == 0 {
            filter.client(size, end, &desk)
        } else {
            filter.origin(size, end, &desk)
        };
        match step {
            Step::Pass | Step::PassAndClose => passed.extend(buffer.take()),
            Step::PassBoth => panic!("what is held goes on without a verdict"),
            Step::Hold => assert!(size <= 65_536, "more is held than allowed"),
            Step::Close => break,
        }
    }
    filter.closed(&desk);
    let alert = matches!(to_client.as_slice(), [21, 3, 0..=4, 0, 2, 2, _]);
    assert!(to_client.is_empty() || alert, "the client got {} bytes", to_client.len());
    let mut records = to_origin.as_slice();
    while let [22, 3, _, high, low, content @ ..] = records {
        records = content.get(usize::from(u16::from_be_bytes([*high, *low]))..).unwrap_or_default();
    }
    assert!(records.is_empty(), "the origin got more than handshake records");
}
