//! Protocols: from the bytes that the peers said to what they meant.
//!
//! Every parser here is pushed bytes in pieces of any size and gives the same result for every way of cutting them;
//! what it holds is bounded by [`crate::limits`]. `tls` knows nothing of captures: the filter in front of an origin
//! reads the same handshakes with the same code.

pub mod capf;
pub mod dns;
mod framing;
pub mod http;
mod service;
pub mod tftp;
pub mod tls;
pub mod transfer;
pub mod tvs;

use serde::{Deserialize, Serialize};

use crate::capture::Timestamp;
use crate::time::UnixTime;

/// Who sent something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// Who opened the connection.
    Client,
    /// Who was called.
    Server,
}

impl Side {
    /// The other one.
    pub fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

impl From<crate::capture::Side> for Side {
    fn from(side: crate::capture::Side) -> Self {
        match side {
            crate::capture::Side::Client => Self::Client,
            crate::capture::Side::Server => Self::Server,
        }
    }
}

/// One value for each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both<T> {
    /// The client's.
    pub client: T,
    /// The server's.
    pub server: T,
}

impl<T> Both<T> {
    /// The one of a side.
    pub fn of(&self, side: Side) -> &T {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The one of a side, to change it.
    pub fn of_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }
}

/// Where and when the last byte of something arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// 1-based number of the packet of a capture; elsewhere whatever the caller counts.
    pub frame: u64,
    /// When: the second.
    pub time: UnixTime,
    /// When: nanoseconds of the second, below 1,000,000,000; 0 where the caller does not know.
    pub nanoseconds: u32,
}

impl Place {
    /// When, to the nanosecond.
    pub fn moment(self) -> Timestamp {
        Timestamp { seconds: self.time.0, nanoseconds: self.nanoseconds }
    }
}

impl From<crate::capture::Moment> for Place {
    fn from(moment: crate::capture::Moment) -> Self {
        let Timestamp { nanoseconds, .. } = moment.time;
        Self { frame: moment.frame, time: moment.time.unix(), nanoseconds }
    }
}

/// Two bytes, big-endian, at `at`.
fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let end = at.checked_add(2)?;
    let pair: [u8; 2] = bytes.get(at..end)?.try_into().ok()?;
    Some(u16::from_be_bytes(pair))
}
