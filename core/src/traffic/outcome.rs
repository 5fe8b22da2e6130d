//! How far a connection went: was anybody there, did TLS come up, and who ended it.

use super::model::Flow;
use crate::capture::{EndedBy, FlowSummary};
use crate::proto::tls::{Alert, AlertContent, Summary};
use crate::proto::{Place, Side};

/// Whether a TCP connection came about, as far as the capture shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Both sides spoke.
    Answered,
    /// The server answered the first packet with a reset: nothing listens there, or something on the way says so.
    Refused,
    /// The client called, and no packet came back.
    Silent,
    /// Only one side's packets are in the capture, though the other must have spoken.
    OneSided,
}

/// What became of a TLS handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handshake<'f> {
    /// Both sides encrypt: each has taken what the other showed.
    Up,
    /// A side sent a fatal alert before that.
    Refused(&'f Alert),
    /// It ended before that, and nothing readable says why.
    BrokenOff {
        /// Who ended it first, where the capture tells.
        by: Option<Side>,
        /// The packet in which that was seen.
        at: u64,
    },
    /// The capture does not show its end, or not all of it.
    Unknown,
}

impl Flow {
    /// Whether the connection came about; `None` for connections of datagrams.
    pub fn reach(&self) -> Option<Reach> {
        let tcp = self.tcp.as_ref()?;
        let called = tcp.client.syn.is_some();
        Some(match (tcp.client.packets, tcp.server.packets) {
            (_, 0) if called && tcp.client.bytes == 0 => Reach::Silent,
            (0, _) | (_, 0) => Reach::OneSided,
            _ if called
                && tcp.server.rst.is_some()
                && tcp.server.syn.is_none()
                && tcp.server.bytes == 0 =>
            {
                Reach::Refused
            }
            _ => Reach::Answered,
        })
    }

    /// Which side said goodbye first, by FIN or RST, and in which packet; roles as TLS tells them.
    pub fn left_first(&self) -> Option<(Side, u64)> {
        let swapped = self.tls.as_ref().is_some_and(|tls| tls.roles_swapped);
        let (by, at) = first_to_leave(self.tcp.as_ref()?, swapped);
        by.zip(at)
    }

    /// What became of its TLS handshake; `None` where no TLS was seen.
    pub fn handshake(&self) -> Option<Handshake<'_>> {
        let tls = self.tls.as_deref()?;
        if tls.is_up() {
            return Some(Handshake::Up);
        }
        if let Some(alert) = tls.alerts.iter().find(|alert| alert.is_fatal()) {
            return Some(Handshake::Refused(alert));
        }
        let presumed = tls.alerts.iter().find(|alert| alert.content == AlertContent::Presumed);
        if let Some(alert) = presumed {
            return Some(Handshake::BrokenOff { by: Some(alert.from), at: alert.at.frame });
        }
        let both = self.reach().is_none_or(|reach| reach == Reach::Answered);
        let whole = both && self.gaps == 0 && tls.lost.is_none() && tls.client_hello.is_some();
        Some(match (self.left_first(), self.ended_by) {
            (left, EndedBy::Fin | EndedBy::Rst) if whole && self.tcp.is_some() => {
                let (by, at) = left.unzip();
                Handshake::BrokenOff { by, at: at.unwrap_or(self.last_frame) }
            }
            _ => Handshake::Unknown,
        })
    }
}

impl Summary {
    /// The handshake of this connection is over, as far as can be seen: both sides encrypt, and none begins with what
    /// must be an alert.
    pub fn is_up(&self) -> bool {
        let protected = self.protected.client.is_some() && self.protected.server.is_some();
        let presumed = self.alerts.iter().any(|alert| alert.content == AlertContent::Presumed);
        self.server_hello.is_some() && protected && !presumed
    }

    /// The first encrypted record of each side, the later of both: from there on the connection is up.
    pub fn up_at(&self) -> Option<Place> {
        let both = self.protected.client.zip(self.protected.server);
        both.filter(|_| self.is_up()).map(|(client, server)| client.max(server))
    }
}

/// Which side said goodbye first, and in which packet.
fn first_to_leave(tcp: &FlowSummary, swapped: bool) -> (Option<Side>, Option<u64>) {
    let leaves = |side: &crate::capture::SideFacts| {
        let (fin, rst) = (side.fin.map(|at| at.frame), side.rst.map(|at| at.frame));
        match (fin, rst) {
            (Some(fin), Some(rst)) => Some(fin.min(rst)),
            (fin, rst) => fin.or(rst),
        }
    };
    let (client, server) = match swapped {
        true => (leaves(&tcp.server), leaves(&tcp.client)),
        false => (leaves(&tcp.client), leaves(&tcp.server)),
    };
    match (client, server) {
        (Some(client), Some(server)) if client < server => (Some(Side::Client), Some(client)),
        (Some(client), None) => (Some(Side::Client), Some(client)),
        (_, server) => (server.map(|_| Side::Server), server),
    }
}
