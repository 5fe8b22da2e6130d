//! Connections through a network filter (arrangements A, B and E).

use std::collections::BTreeMap;

use super::properties::Properties;
use super::state::{Action, Context};
use super::vm::{Dead, Vm};

/// `proxy_peer_type_t`.
const PEER_UNKNOWN: u32 = 0;
const PEER_LOCAL: u32 = 1;
const PEER_REMOTE: u32 = 2;

/// Names one connection of a [`Vm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnectionId(u32);

impl ConnectionId {
    /// The number of its context in the VM.
    pub fn context(self) -> u32 {
        self.0
    }
}

/// Who ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// The client.
    Client,
    /// The filter.
    Filter,
    /// The VM died, and all its connections with it.
    Trap,
}

/// One connection: what passed, and how it ended.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// What the origin has got.
    pub to_origin: Vec<u8>,
    /// Whether the origin was told that no more will come.
    pub to_origin_ended: bool,
    /// What the client has got.
    pub to_client: Vec<u8>,
    /// Whether the client was told that no more will come.
    pub to_client_ended: bool,
    /// Who has closed it.
    pub closed: Option<ClosedBy>,
    pub(super) properties: Properties,
    /// What it added to counters, by the metric's number.
    pub(super) counted: BTreeMap<u32, u64>,
    pub(super) from_client: Held,
    pub(super) from_origin: Held,
    /// Whether the module still has its context.
    pub(super) in_vm: bool,
}

/// Bytes of one direction that wait for the filter.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    /// From the callback that brings bytes until one says `Continue`, also between callbacks.
    pub(super) visible: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Client,
    Origin,
}

impl Connection {
    /// Bytes from the client that the filter holds.
    pub fn held_from_client(&self) -> usize {
        self.from_client.bytes.len()
    }

    /// Bytes from the origin that the filter holds.
    pub fn held_from_origin(&self) -> usize {
        self.from_origin.bytes.len()
    }

    fn held(&mut self, side: Side) -> &mut Held {
        match side {
            Side::Client => &mut self.from_client,
            Side::Origin => &mut self.from_origin,
        }
    }

    /// Writes what is held.
    fn pass(&mut self, side: Side) {
        let held = self.held(side);
        held.visible = false;
        let bytes = std::mem::take(&mut held.bytes);
        match side {
            Side::Client => self.to_origin.extend(bytes),
            Side::Origin => self.to_client.extend(bytes),
        }
    }
}

impl Vm {
    /// A client has connected. `properties` are those that Envoy would know, see `docs/filter.md`.
    ///
    /// # Errors
    /// When the VM is dead, or dies of it.
    pub fn connect(&mut self, properties: Properties) -> Result<ConnectionId, Dead> {
        let connection = Connection { properties, in_vm: true, ..Connection::default() };
        let id = self.create(Context::Network(connection))?;
        self.on_new_connection(id)?;
        self.carry_out()?;
        Ok(ConnectionId(id))
    }

    /// Changes what the proxy knows of a connection: after the origin's handshake it knows more.
    pub fn connection_properties(&mut self, id: ConnectionId) -> Option<&mut Properties> {
        self.state().connection_at(id.0).map(|connection| &mut connection.properties)
    }

    /// The client sends; `end` when it will send no more. Nothing happens on a closed connection.
    ///
    /// # Errors
    /// As [`Vm::connect`].
    pub fn client_sends(&mut self, id: ConnectionId, bytes: &[u8], end: bool) -> Result<(), Dead> {
        self.data(id.0, Side::Client, bytes, end)
    }

    /// The origin sends; `end` when it will send no more. Nothing happens on a closed connection.
    ///
    /// # Errors
    /// As [`Vm::connect`].
    pub fn origin_sends(&mut self, id: ConnectionId, bytes: &[u8], end: bool) -> Result<(), Dead> {
        self.data(id.0, Side::Origin, bytes, end)
    }

    /// The client closes the connection.
    ///
    /// # Errors
    /// As [`Vm::connect`].
    pub fn client_closes(&mut self, id: ConnectionId) -> Result<(), Dead> {
        self.close(id.0, ClosedBy::Client, PEER_REMOTE)?;
        self.carry_out()
    }

    /// Takes out what has passed since the last time: to the origin, to the client.
    pub fn take_passed(&mut self, id: ConnectionId) -> (Vec<u8>, Vec<u8>) {
        self.state().connection_at(id.0).map_or_else(Default::default, |connection| {
            (std::mem::take(&mut connection.to_origin), std::mem::take(&mut connection.to_client))
        })
    }

    /// What became of a connection so far.
    pub fn connection(&self, id: ConnectionId) -> Option<&Connection> {
        match self.state_ref().contexts.get(&id.0) {
            Some(Context::Network(connection)) => Some(connection),
            _ => None,
        }
    }

    /// Takes a connection out; closes it first if it is open.
    ///
    /// # Errors
    /// As [`Vm::connect`].
    pub fn forget(&mut self, id: ConnectionId) -> Result<Option<Connection>, Dead> {
        if self.connection(id).is_none() {
            return Ok(None);
        }
        self.client_closes(id)?;
        match self.state().contexts.remove(&id.0) {
            Some(Context::Network(connection)) => Ok(Some(connection)),
            _ => Ok(None),
        }
    }

    fn data(&mut self, id: u32, side: Side, bytes: &[u8], end: bool) -> Result<(), Dead> {
        self.check()?;
        let cap = self.state_ref().held_cap;
        let Some(connection) = self.state().connection_at(id).filter(|connection| connection.in_vm)
        else {
            return Ok(());
        };
        let held = connection.held(side);
        if held.bytes.len() > cap {
            // Envoy has stopped reading; the filter hears nothing, and only a tick can end the connection.
            return Ok(());
        }
        held.bytes.extend_from_slice(bytes);
        held.visible = true;
        let size = held.bytes.len();
        let passes = match side {
            Side::Client => self.on_downstream_data(id, size, end)?,
            Side::Origin => self.on_upstream_data(id, size, end)?,
        };
        // Closing first, writing after: so it is in Envoy, and what is written to a closed connection is lost.
        self.carry_out()?;
        if passes
            && let Some(connection) = self.state().connection_at(id)
            && connection.closed.is_none()
        {
            connection.pass(side);
            match side {
                Side::Client => connection.to_origin_ended |= end,
                Side::Origin => connection.to_client_ended |= end,
            }
        }
        if side == Side::Origin && end {
            // Also for a connection that the filter has closed meanwhile, whose context is gone.
            self.on_upstream_close(id, PEER_UNKNOWN)?;
            self.carry_out()?;
        }
        Ok(())
    }

    pub(super) fn close_by_filter(&mut self, id: u32) -> Result<(), Dead> {
        self.close(id, ClosedBy::Filter, PEER_LOCAL)
    }

    pub(super) fn continue_reading(&mut self, id: u32) {
        if let Some(connection) =
            self.state().connection_at(id).filter(|connection| connection.in_vm)
        {
            connection.pass(Side::Client);
        }
    }

    fn close(&mut self, id: u32, by: ClosedBy, peer: u32) -> Result<(), Dead> {
        self.check()?;
        let Some(connection) =
            self.state().connection_at(id).filter(|connection| connection.closed.is_none())
        else {
            return Ok(());
        };
        connection.closed = Some(by);
        connection.in_vm = false;
        self.on_downstream_close(id, peer)?;
        self.end_of_context(id)
    }
}

impl Action {
    /// What `proxy_close_stream` asks for; both sides of a network filter close the client's connection.
    pub(super) fn close_of(stream: u32, id: u32) -> Option<Self> {
        match stream {
            0 | 1 => Some(Self::Reset(id)),
            2 | 3 => Some(Self::Close(id)),
            _ => None,
        }
    }
}
