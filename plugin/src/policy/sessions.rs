//! Sessions that may be resumed: by which connection they were issued, and with which verdict.
//!
//! A resumed session carries no certificate. What is known of it is what was known when it was issued, so the hash of its
//! ticket or identifier, with the origin's address and the name that was asked for, leads to the reason of that verdict.
//! All workers share the table: [`limits::SESSION_BUCKETS`] values of the proxy's shared data, each with up to
//! [`limits::SESSIONS_PER_BUCKET`] entries of 41 bytes: hash (32), end in seconds since 1970 (8, big-endian), reason (1).

use core::net::SocketAddr;

use tlvet_core::digest::sha256;

use super::proxy::Proxy;
use super::verdict::Reason;
use crate::config::Host;
use crate::limits;

const ENTRY: usize = 32 + 8 + 1;

/// How often a value that another worker changed meanwhile is read again.
const TRIES: usize = 4;

/// What a session is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Session([u8; 32]);

/// What kind of handle the peers resume it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handle<'a> {
    /// RFC 5246 section 7.4.1.2.
    Identifier(&'a [u8]),
    /// RFC 5077.
    Ticket(&'a [u8]),
}

impl Session {
    /// The session with `handle` at one origin, under one policy.
    pub(super) fn new(
        handle: Handle<'_>,
        origin: SocketAddr,
        name: Option<&Host>,
        policy: &[u8; 32],
    ) -> Self {
        let (kind, handle) = match handle {
            Handle::Identifier(bytes) => (0, bytes),
            Handle::Ticket(bytes) => (1, bytes),
        };
        let origin = origin.to_string();
        let name = name.map(ToString::to_string).unwrap_or_default();
        let mut bytes = policy.to_vec();
        bytes.push(kind);
        for part in [handle, origin.as_bytes(), name.as_bytes()] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        Self(sha256(&bytes))
    }

    fn key(&self) -> String {
        let [first, second, ..] = self.0;
        let bucket = u16::from_be_bytes([first, second]) % limits::SESSION_BUCKETS;
        format!("tlvet.sessions.{bucket}")
    }

    /// The reason of the verdict on it and its end, if that is known and `now` is before it; both in seconds since 1970.
    pub(super) fn known(&self, proxy: &dyn Proxy, now: u64) -> Option<(Reason, u64)> {
        let (value, _) = proxy.shared(&self.key())?;
        let entry = entries(&value).find(|entry| entry.hash == self.0 && entry.end > now)?;
        Some((entry.reason?, entry.end))
    }

    /// Remembers the verdict on it until `end`, in seconds since 1970. `false`: it could not be kept.
    pub(super) fn remember(&self, proxy: &dyn Proxy, reason: Reason, now: u64, end: u64) -> bool {
        let key = self.key();
        for _ in 0..TRIES {
            let (old, version) = proxy.shared(&key).unwrap_or_default();
            let mut kept: Vec<Entry> =
                entries(&old).filter(|entry| entry.end > now && entry.hash != self.0).collect();
            // Those that end first make room.
            kept.sort_by_key(|entry| core::cmp::Reverse(entry.end));
            kept.truncate(limits::SESSIONS_PER_BUCKET.saturating_sub(1));
            let mut value = Vec::with_capacity((kept.len() + 1) * ENTRY);
            Entry { hash: self.0, end, reason: Some(reason) }.write(&mut value);
            for entry in kept {
                entry.write(&mut value);
            }
            if proxy.share(&key, &value, version) {
                return true;
            }
        }
        false
    }
}

struct Entry {
    hash: [u8; 32],
    end: u64,
    reason: Option<Reason>,
}

impl Entry {
    fn write(&self, value: &mut Vec<u8>) {
        value.extend_from_slice(&self.hash);
        value.extend_from_slice(&self.end.to_be_bytes());
        value.push(self.reason.map_or(u8::MAX, Reason::code));
    }
}

fn entries(value: &[u8]) -> impl Iterator<Item = Entry> {
    value.chunks_exact(ENTRY).take(limits::SESSIONS_PER_BUCKET).filter_map(|chunk| {
        let (hash, rest) = chunk.split_at_checked(32)?;
        let (end, reason) = rest.split_at_checked(8)?;
        Some(Entry {
            hash: hash.try_into().ok()?,
            end: u64::from_be_bytes(end.try_into().ok()?),
            reason: reason.first().copied().and_then(Reason::from_code),
        })
    })
}
