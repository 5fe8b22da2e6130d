//! The table of TCP connections: which segment belongs to which, who called whom, when one is over.
//!
//! A connection begins with a SYN or, in a capture that begins later, with the first payload. A SYN with another
//! sequence number on the same addresses and ports begins the next one. One that ended is kept for a while, since
//! segments come late; then its reader is released, and its place in the table absorbs what still comes.

use std::collections::{BTreeMap, VecDeque};

use core::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::ip::Address;
use super::tcp::{Reassembly, Receive, Segment, Window};
use super::{
    EndedBy, FlowHandler, FlowHead, FlowSummary, Gap, Interest, Moment, Side, SideFacts,
    StreamChunk, StreamEnd,
};
use crate::limits;

/// Packets of the capture, after the end of a connection, in which its segments may still come late.
const LINGER: u64 = 4_096;

/// Ports that servers of this field listen on; a capture that begins in mid-stream does not show who called.
const SERVER_PORTS: [u16; 24] = [
    21, 22, 25, 53, 80, 143, 389, 443, 636, 1720, 2000, 2443, 2444, 2445, 2748, 3804, 5060, 5061,
    5222, 6970, 6971, 6972, 8080, 8443,
];

/// An address and a port, ordered fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Endpoint {
    address: Address,
    port: u16,
}

impl Endpoint {
    fn socket(self) -> SocketAddr {
        SocketAddr::new(self.address.ip(), self.port)
    }
}

/// Both ends, the lower first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    low: Endpoint,
    high: Endpoint,
}

impl Key {
    /// Spreads keys over the places of the short cut; a bad spread costs a look into the tree.
    fn place(&self) -> usize {
        let ports = (u64::from(self.low.port) << 16) | u64::from(self.high.port);
        let mixed = (self.low.address.mixed() ^ self.high.address.mixed().rotate_left(16) ^ ports)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> (64 - SHORT_CUT_BITS)).unwrap_or_default()
    }
}

const SHORT_CUT_BITS: u32 = 12;
const NOBODY: u32 = u32::MAX;

/// A connection.
#[derive(Debug)]
struct Flow<S> {
    head: FlowHead,
    /// The client is the lower end of the key.
    client_is_low: bool,
    client: Peer,
    server: Peer,
    last: Moment,
    ended_by: EndedBy,
    stream: Option<S>,
    /// The first byte came, and somebody was asked to read.
    opened: bool,
    /// The reader was told something since `held` was asked for.
    told: bool,
    /// It ended; in this many packets of the capture its reader is released.
    ending: bool,
    held: usize,
    stray: Option<Box<Stray>>,
}

/// What is left of a connection whose reader was released: a small fraction of its memory.
#[derive(Debug)]
struct Remains {
    low: Window,
    high: Window,
    stray: Option<Box<Stray>>,
}

/// One end of a connection.
#[derive(Debug, Default)]
struct Peer {
    reassembly: Reassembly,
    facts: SideFacts,
    /// The packet with which the last byte was there.
    complete: Option<Moment>,
    /// The reader was told of the end.
    ended: bool,
}

/// A segment with a sequence number far from all seen. Two that fit each other are another connection, whose
/// beginning the capture does not show.
#[derive(Debug)]
struct Stray {
    from_low: bool,
    sequence: u32,
    bytes: Vec<u8>,
    at: Moment,
}

/// What stands in a slot.
#[derive(Debug)]
enum Place<S> {
    Free,
    Live(Box<Flow<S>>),
    Over(Remains),
}

#[derive(Debug)]
struct Slot<S> {
    key: Key,
    place: Place<S>,
    /// Tells one use of the slot from the next.
    generation: u32,
    /// Neighbours in the order of the last packet.
    newer: u32,
    older: u32,
}

/// All connections.
#[derive(Debug)]
pub(super) struct Flows<S> {
    index: BTreeMap<Key, u32>,
    /// Where a key was found last: most packets follow one of the same connection.
    short_cut: Vec<u32>,
    slots: Vec<Slot<S>>,
    free: Vec<u32>,
    newest: u32,
    oldest: u32,
    /// Connections that ended, with the packet from which on nothing of them is expected.
    ending: VecDeque<(u32, u32, u64)>,
    /// Connections in which something waits behind a hole, oldest first; some of them twice or in vain.
    waiting: VecDeque<(u32, u32)>,
    waiting_bytes: usize,
    held: usize,
    begun: u64,
    packets: u64,
    pub(super) facts: FlowFacts,
}

/// What was met on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowFacts {
    /// Connections, those without payload included.
    pub connections: u64,
    /// Connections that were given up because the table was full.
    pub given_up: u64,
    /// Holes that were given up because too much waited behind holes.
    pub holes_given_up: u64,
    /// Segments without payload of connections whose beginning is not in the capture.
    pub unclaimed_segments: u64,
}

impl<S> Default for Flows<S> {
    fn default() -> Self {
        Self {
            index: BTreeMap::new(),
            short_cut: vec![NOBODY; 1 << SHORT_CUT_BITS],
            slots: Vec::new(),
            free: Vec::new(),
            newest: NOBODY,
            oldest: NOBODY,
            ending: VecDeque::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            held: 0,
            begun: 0,
            packets: 0,
            facts: FlowFacts::default(),
        }
    }
}

/// Hands what one side's stream yields to the reader of the connection.
struct Feed<'f, H: FlowHandler> {
    handler: &'f mut H,
    stream: &'f mut Option<H::Stream>,
    opened: &'f mut bool,
    told: &'f mut bool,
    head: &'f FlowHead,
    side: Side,
}

impl<H: FlowHandler> Feed<'_, H> {
    fn open(&mut self) {
        if !*self.opened {
            *self.opened = true;
            *self.stream = self.handler.open_stream(self.head);
        }
    }
}

impl<H: FlowHandler> Receive for Feed<'_, H> {
    fn bytes(&mut self, offset: u64, bytes: &[u8], at: Moment) -> Interest {
        self.open();
        let Some(stream) = self.stream else { return Interest::Done };
        *self.told = true;
        self.handler.chunk(stream, &StreamChunk { side: self.side, offset, bytes, at })
    }

    fn gap(&mut self, offset: u64, length: u64, at: Moment) -> Interest {
        self.open();
        let Some(stream) = self.stream else { return Interest::Done };
        *self.told = true;
        self.handler.gap(stream, &Gap { side: self.side, offset, length, at })
    }
}

impl<S> Flow<S> {
    fn new(key: Key, from_low: bool, segment: &Segment<'_>, id: u64, at: Moment) -> Self {
        let (sender, receiver) = if from_low { (key.low, key.high) } else { (key.high, key.low) };
        let sender_is_client = match (segment.syn, segment.acknowledgment) {
            (true, None) => true,
            (true, Some(_)) => false,
            _ => calls(sender.port, receiver.port),
        };
        let (client, server) =
            if sender_is_client { (sender, receiver) } else { (receiver, sender) };
        Self {
            head: FlowHead {
                id,
                client: client.socket(),
                server: server.socket(),
                roles_known: segment.syn,
                first: at,
            },
            client_is_low: from_low == sender_is_client,
            client: Peer::default(),
            server: Peer::default(),
            last: at,
            ended_by: EndedBy::None,
            stream: None,
            opened: false,
            told: false,
            ending: false,
            held: 0,
            stray: None,
        }
    }

    fn side(&self, from_low: bool) -> Side {
        if from_low == self.client_is_low { Side::Client } else { Side::Server }
    }

    fn peer(&self, side: Side) -> &Peer {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// One side, and what hands its stream on.
    fn feed<'f, H: FlowHandler<Stream = S>>(
        &'f mut self,
        side: Side,
        handler: &'f mut H,
    ) -> (&'f mut Peer, Feed<'f, H>) {
        let peer = match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        };
        let feed = Feed {
            handler,
            stream: &mut self.stream,
            opened: &mut self.opened,
            told: &mut self.told,
            head: &self.head,
            side,
        };
        (peer, feed)
    }

    /// A SYN of another connection on the same addresses and ports.
    fn is_other(&self, side: Side, segment: &Segment<'_>) -> bool {
        segment.syn && !self.peer(side).reassembly.may_begin(segment.data_sequence())
    }

    /// Bytes that wait behind holes.
    fn waiting(&self) -> usize {
        self.client.reassembly.cost() + self.server.reassembly.cost() + self.stray_bytes()
    }

    fn stray_bytes(&self) -> usize {
        stray_bytes(self.stray.as_deref())
    }

    fn segment<H: FlowHandler<Stream = S>>(
        &mut self,
        side: Side,
        segment: &Segment<'_>,
        at: Moment,
        handler: &mut H,
    ) {
        self.last = at;
        let near = self.peer(side).reassembly.window().is_near(segment.sequence);
        let (peer, mut feed) = self.feed(side, handler);
        peer.facts.packets += 1;
        if segment.syn {
            peer.facts.syn.get_or_insert(at);
            peer.reassembly.begin(segment.data_sequence());
        }
        if !near {
            peer.facts.stray_segments += 1;
            return;
        }
        if segment.payload.len() + segment.missing > 0 {
            peer.facts.first_payload.get_or_insert(at);
        }
        if segment.fin {
            peer.facts.fin.get_or_insert(at);
        }
        if segment.fin || segment.payload.len() + segment.missing > 0 {
            peer.reassembly.take(segment, at, &mut feed);
        }
        peer.reassembly.wait(at, &mut feed);
        if segment.rst {
            peer.facts.rst.get_or_insert(at);
            if self.client.facts.fin.is_none() || self.server.facts.fin.is_none() {
                self.ended_by = EndedBy::Rst;
            }
        }
        if segment.fin && self.ended_by == EndedBy::None {
            self.ended_by = EndedBy::Fin;
        }
        let (other, mut feed) = self.feed(side.peer(), handler);
        if let Some(acknowledgment) = segment.acknowledgment
            && !segment.rst
        {
            other.reassembly.begin(acknowledgment);
            other.reassembly.acknowledge(acknowledgment);
        }
        other.reassembly.wait(at, &mut feed);
        self.tell_ends(at, handler);
    }

    /// Tells the reader of each side that is complete.
    fn tell_ends<H: FlowHandler<Stream = S>>(&mut self, at: Moment, handler: &mut H) {
        for side in [Side::Client, Side::Server] {
            let peer = match side {
                Side::Client => &mut self.client,
                Side::Server => &mut self.server,
            };
            if peer.ended || !peer.reassembly.is_complete() {
                continue;
            }
            let at = *peer.complete.get_or_insert(at);
            peer.reassembly.stop();
            // The first byte of the other side may still be to come, and with it a reader.
            if let Some(stream) = &mut self.stream {
                peer.ended = true;
                self.told = true;
                let offset = peer.reassembly.farthest();
                handler.end(stream, &StreamEnd { side, ended_by: EndedBy::Fin, offset, at });
            }
        }
    }

    /// Both said that they have nothing more to say, or one broke off.
    fn is_ending(&self) -> bool {
        self.ended_by == EndedBy::Rst
            || (self.client.facts.fin.is_some() && self.server.facts.fin.is_some())
    }

    /// Hands on what waits, tells the ends, and releases the reader.
    fn close<H: FlowHandler<Stream = S>>(&mut self, handler: &mut H) {
        let at = self.last;
        for side in [Side::Client, Side::Server] {
            let (peer, mut feed) = self.feed(side, handler);
            peer.reassembly.give_up(at, &mut feed);
        }
        self.tell_ends(at, handler);
        for side in [Side::Client, Side::Server] {
            let offset = self.peer(side).reassembly.farthest();
            if !self.peer(side).ended
                && let Some(stream) = &mut self.stream
            {
                handler.end(stream, &StreamEnd { side, ended_by: self.ended_by, offset, at });
            }
        }
        let facts = |peer: &Peer| SideFacts {
            bytes: peer.reassembly.bytes,
            repeated_bytes: peer.reassembly.repeated,
            gaps: peer.reassembly.gaps,
            missing_bytes: peer.reassembly.missing,
            ..peer.facts
        };
        let summary = FlowSummary {
            head: self.head,
            client: facts(&self.client),
            server: facts(&self.server),
            last: self.last,
            ended_by: self.ended_by,
        };
        handler.close_stream(&summary, self.stream.take());
    }
}

impl<S> Place<S> {
    /// What the sequence numbers of an end mean.
    fn window(&self, low: bool) -> Option<Window> {
        match self {
            Self::Free => None,
            Self::Live(flow) => Some(flow.peer(flow.side(low)).reassembly.window()),
            Self::Over(remains) => Some(if low { remains.low } else { remains.high }),
        }
    }

    fn stray(&mut self) -> Option<&mut Option<Box<Stray>>> {
        match self {
            Self::Free => None,
            Self::Live(flow) => Some(&mut flow.stray),
            Self::Over(remains) => Some(&mut remains.stray),
        }
    }
}

fn stray_bytes(stray: Option<&Stray>) -> usize {
    stray.map_or(0, |stray| stray.bytes.len())
}

/// Whether the owner of the first port calls the owner of the second, as far as ports tell.
fn calls(port: u16, other: u16) -> bool {
    match (SERVER_PORTS.contains(&port), SERVER_PORTS.contains(&other)) {
        (true, false) => false,
        (false, true) => true,
        _ => port >= other,
    }
}

impl<S> Flows<S> {
    /// A segment of the capture.
    pub(super) fn segment<H: FlowHandler<Stream = S>>(
        &mut self,
        source: Address,
        destination: Address,
        segment: &Segment<'_>,
        at: Moment,
        handler: &mut H,
    ) {
        self.packets += 1;
        self.release(handler);
        let from = Endpoint { address: source, port: segment.source };
        let to = Endpoint { address: destination, port: segment.destination };
        let from_low = from <= to;
        let key = if from_low { Key { low: from, high: to } } else { Key { low: to, high: from } };
        let place = key.place();
        let mut found = self.find(&key, place);
        if let Some(slot) = found
            && segment.syn
            && self.is_other(slot, from_low, segment)
        {
            self.remove(slot, handler);
            found = None;
        }
        if let Some(slot) = found
            && self.is_confirmed_stray(slot, from_low, segment, at)
        {
            let stray = self.stray(slot).and_then(Option::take);
            self.remove(slot, handler);
            found = None;
            if let Some(stray) = stray {
                let first = Segment {
                    sequence: stray.sequence,
                    acknowledgment: None,
                    syn: false,
                    fin: false,
                    rst: false,
                    payload: &stray.bytes,
                    missing: 0,
                    ..*segment
                };
                found = self.begin(key, place, from_low, &first, stray.at, handler);
                if let Some(slot) = found {
                    self.follow(slot, from_low, &first, stray.at, handler);
                }
            }
        }
        let slot = match found {
            Some(slot) => slot,
            None if segment.syn || segment.payload.len() + segment.missing > 0 => {
                match self.begin(key, place, from_low, segment, at, handler) {
                    Some(slot) => slot,
                    None => return,
                }
            }
            None => {
                self.facts.unclaimed_segments += 1;
                return;
            }
        };
        self.follow(slot, from_low, segment, at, handler);
        self.keep_caps(handler);
    }

    /// No more packets follow.
    pub(super) fn end<H: FlowHandler<Stream = S>>(&mut self, handler: &mut H) {
        // In the order in which they began, whatever came last in which.
        let live = (0..).zip(&self.slots).filter_map(|(number, slot)| match &slot.place {
            Place::Live(flow) => Some((flow.head.id, number)),
            Place::Free | Place::Over(_) => None,
        });
        let mut left: Vec<(u64, u32)> = live.collect();
        left.sort_unstable();
        for (_, slot) in left {
            self.remove(slot, handler);
        }
    }

    fn live(&mut self, slot: u32) -> Option<&mut Flow<S>> {
        match &mut self.slots.get_mut(slot as usize)?.place {
            Place::Live(flow) => Some(flow),
            Place::Free | Place::Over(_) => None,
        }
    }

    fn stray(&mut self, slot: u32) -> Option<&mut Option<Box<Stray>>> {
        self.slots.get_mut(slot as usize)?.place.stray()
    }

    /// A SYN of another connection than the one in `slot`.
    fn is_other(&mut self, slot: u32, from_low: bool, segment: &Segment<'_>) -> bool {
        self.live(slot).is_none_or(|flow| flow.is_other(flow.side(from_low), segment))
    }

    fn find(&mut self, key: &Key, place: usize) -> Option<u32> {
        if let Some(number) = self.short_cut.get(place).copied()
            && let Some(slot) = self.slots.get(number as usize)
            && slot.key == *key
            && !matches!(slot.place, Place::Free)
        {
            return Some(number);
        }
        let slot = self.index.get(key).copied()?;
        if let Some(entry) = self.short_cut.get_mut(place) {
            *entry = slot;
        }
        Some(slot)
    }

    /// A new connection; room is made for it.
    fn begin<H: FlowHandler<Stream = S>>(
        &mut self,
        key: Key,
        place: usize,
        from_low: bool,
        segment: &Segment<'_>,
        at: Moment,
        handler: &mut H,
    ) -> Option<u32> {
        while self.index.len() >= limits::CAPTURE_FLOWS && self.oldest != NOBODY {
            self.give_up(self.oldest, handler);
        }
        self.begun += 1;
        self.facts.connections += 1;
        let flow = Box::new(Flow::new(key, from_low, segment, self.begun, at));
        let slot = match self.free.pop() {
            Some(slot) => {
                let entry = self.slots.get_mut(slot as usize)?;
                entry.key = key;
                entry.place = Place::Live(flow);
                slot
            }
            None => {
                let slot = u32::try_from(self.slots.len()).ok()?;
                let place = Place::Live(flow);
                self.slots.push(Slot { key, place, generation: 0, newer: NOBODY, older: NOBODY });
                slot
            }
        };
        self.index.insert(key, slot);
        *self.short_cut.get_mut(place)? = slot;
        self.link(slot);
        Some(slot)
    }

    /// Gives the segment to its connection and keeps the books.
    fn follow<H: FlowHandler<Stream = S>>(
        &mut self,
        slot: u32,
        from_low: bool,
        segment: &Segment<'_>,
        at: Moment,
        handler: &mut H,
    ) {
        self.touch(slot);
        let Some(entry) = self.slots.get_mut(slot as usize) else { return };
        let generation = entry.generation;
        let Place::Live(flow) = &mut entry.place else { return };
        let waited = flow.waiting();
        flow.segment(flow.side(from_low), segment, at, handler);
        let waits = flow.waiting();
        self.waiting_bytes = (self.waiting_bytes + waits).saturating_sub(waited);
        if waited == 0 && waits > 0 {
            self.waiting.push_back((slot, generation));
        }
        if core::mem::take(&mut flow.told) {
            let held = flow.stream.as_ref().map_or(0, |stream| handler.held(stream));
            self.held = (self.held + held).saturating_sub(flow.held);
            flow.held = held;
        }
        if !flow.ending && flow.is_ending() {
            flow.ending = true;
            self.ending.push_back((slot, generation, self.packets + LINGER));
        }
    }

    /// Whether this segment and the stray one before it belong together; keeps a stray one for the next time.
    fn is_confirmed_stray(
        &mut self,
        slot: u32,
        from_low: bool,
        segment: &Segment<'_>,
        at: Moment,
    ) -> bool {
        let Some(entry) = self.slots.get_mut(slot as usize) else { return false };
        let near = entry.place.window(from_low).is_none_or(|seen| seen.is_near(segment.sequence));
        if near || segment.payload.is_empty() || segment.rst {
            return false;
        }
        let Some(kept) = entry.place.stray() else { return false };
        let of_stray = stray_bytes(kept.as_deref());
        self.waiting_bytes = self.waiting_bytes.saturating_sub(of_stray);
        if let Some(stray) = kept
            && stray.from_low == from_low
            && segment.sequence.wrapping_sub(stray.sequence) as usize == of_stray
        {
            return true;
        }
        self.waiting_bytes += segment.payload.len();
        *kept = Some(Box::new(Stray {
            from_low,
            sequence: segment.sequence,
            bytes: segment.payload.to_vec(),
            at,
        }));
        false
    }

    /// Releases the readers of connections that ended long enough ago.
    fn release<H: FlowHandler<Stream = S>>(&mut self, handler: &mut H) {
        while let Some((slot, generation, until)) = self.ending.front().copied()
            && until <= self.packets
        {
            self.ending.pop_front();
            let current = self.slots.get(slot as usize).map(|slot| slot.generation);
            if current == Some(generation) {
                self.close(slot, handler);
            }
        }
    }

    fn keep_caps<H: FlowHandler<Stream = S>>(&mut self, handler: &mut H) {
        while self.waiting_bytes > limits::CAPTURE_WAITING_BYTES
            || self.waiting.len() > 2 * limits::CAPTURE_FLOWS
        {
            let Some((slot, generation)) = self.waiting.pop_front() else { break };
            let current = self.slots.get(slot as usize).map(|slot| slot.generation);
            if current == Some(generation) {
                self.give_up_holes(slot, handler);
            }
        }
        while self.held > limits::CAPTURE_HELD_BYTES && self.oldest != NOBODY {
            self.give_up(self.oldest, handler);
        }
    }

    fn give_up_holes<H: FlowHandler<Stream = S>>(&mut self, slot: u32, handler: &mut H) {
        let Some(flow) = self.live(slot) else { return };
        let waited = flow.waiting();
        if waited == 0 {
            return;
        }
        let at = flow.last;
        for side in [Side::Client, Side::Server] {
            let (peer, mut feed) = flow.feed(side, handler);
            peer.reassembly.give_up_waiting(at, &mut feed);
        }
        flow.stray = None;
        self.facts.holes_given_up += 1;
        self.waiting_bytes = self.waiting_bytes.saturating_sub(waited);
    }

    fn give_up<H: FlowHandler<Stream = S>>(&mut self, slot: u32, handler: &mut H) {
        if self.live(slot).is_some() {
            self.facts.given_up += 1;
        }
        self.remove(slot, handler);
    }

    /// Releases the reader; the connection keeps its place.
    fn close<H: FlowHandler<Stream = S>>(&mut self, slot: u32, handler: &mut H) {
        let Some(entry) = self.slots.get_mut(slot as usize) else { return };
        let Place::Live(flow) = &mut entry.place else { return };
        self.waiting_bytes = self.waiting_bytes.saturating_sub(flow.waiting());
        self.held = self.held.saturating_sub(flow.held);
        flow.close(handler);
        let window = |low| flow.peer(flow.side(low)).reassembly.window();
        let (low, high) = (window(true), window(false));
        entry.place = Place::Over(Remains { low, high, stray: None });
    }

    /// Releases the reader and the place.
    fn remove<H: FlowHandler<Stream = S>>(&mut self, slot: u32, handler: &mut H) {
        self.close(slot, handler);
        self.unlink(slot);
        let Some(entry) = self.slots.get_mut(slot as usize) else { return };
        entry.generation = entry.generation.wrapping_add(1);
        if let Place::Over(remains) = core::mem::replace(&mut entry.place, Place::Free) {
            let of_stray = stray_bytes(remains.stray.as_deref());
            self.waiting_bytes = self.waiting_bytes.saturating_sub(of_stray);
            self.index.remove(&entry.key);
            self.free.push(slot);
        }
    }

    /// The connection had the latest packet.
    fn touch(&mut self, slot: u32) {
        if self.newest != slot {
            self.unlink(slot);
            self.link(slot);
        }
    }

    fn link(&mut self, slot: u32) {
        let newest = self.newest;
        if let Some(entry) = self.slots.get_mut(slot as usize) {
            entry.older = newest;
            entry.newer = NOBODY;
        }
        match self.slots.get_mut(newest as usize) {
            Some(neighbour) => neighbour.newer = slot,
            None => self.oldest = slot,
        }
        self.newest = slot;
    }

    fn unlink(&mut self, slot: u32) {
        let Some(entry) = self.slots.get_mut(slot as usize) else { return };
        let (newer, older) = (entry.newer, entry.older);
        entry.newer = NOBODY;
        entry.older = NOBODY;
        match self.slots.get_mut(newer as usize) {
            Some(neighbour) => neighbour.older = older,
            None => self.newest = older,
        }
        match self.slots.get_mut(older as usize) {
            Some(neighbour) => neighbour.newer = newer,
            None => self.oldest = newer,
        }
    }
}
