//! Connections of datagrams: DTLS on any port.

use std::collections::BTreeMap;

use core::net::SocketAddr;

use super::collector::Found;
use super::model::{Flow, Transport};
use crate::capture::{Datagram, EndedBy, Moment};
use crate::limits;
use crate::proto::tls::{self, Event, Secrets, dtls};
use crate::proto::{Place, Side};

/// All of them, by their two ends, the lower first.
#[derive(Debug, Default)]
pub(super) struct Associations {
    running: BTreeMap<(SocketAddr, SocketAddr), Running>,
    /// Ends by number, the oldest first.
    order: BTreeMap<u64, (SocketAddr, SocketAddr)>,
    begun: u64,
    held: usize,
}

#[derive(Debug)]
struct Running {
    id: u64,
    /// Who spoke first.
    client: SocketAddr,
    server: SocketAddr,
    first: Moment,
    last: Moment,
    held: usize,
    reader: dtls::Association,
}

impl Associations {
    /// A datagram that looks like DTLS.
    pub(super) fn datagram(
        &mut self,
        datagram: &Datagram<'_>,
        secrets: &Secrets,
        found: &mut Found<'_>,
    ) {
        let ends =
            (datagram.source.min(datagram.destination), datagram.source.max(datagram.destination));
        let anew = |running: &Running| running.reader.begins_anew(datagram.bytes);
        if self.running.get(&ends).is_some_and(anew) {
            self.close(ends, secrets, found);
        }
        if !self.running.contains_key(&ends) {
            self.make_room(secrets, found);
            self.begun += 1;
            self.order.insert(self.begun, ends);
        }
        let running = self.running.entry(ends).or_insert_with(|| Running {
            id: self.begun,
            client: datagram.source,
            server: datagram.destination,
            first: datagram.at,
            last: datagram.at,
            held: 0,
            reader: dtls::Association::default(),
        });
        running.last = datagram.at;
        let side = if datagram.source == running.client { Side::Client } else { Side::Server };
        let id = running.id;
        let observer = &mut |event: Event<'_>| observe(id, &event, found);
        let place = Place::from(datagram.at);
        let mut context = tls::Context { place, secrets, observer };
        running.reader.datagram(side, datagram.bytes, &mut context);
        let held = running.reader.held();
        self.held = (self.held + held).saturating_sub(running.held);
        running.held = held;
    }

    /// The capture is over.
    pub(super) fn end(&mut self, secrets: &Secrets, found: &mut Found<'_>) {
        while let Some((_, ends)) = self.order.pop_first() {
            self.close(ends, secrets, found);
        }
    }

    fn make_room(&mut self, secrets: &Secrets, found: &mut Found<'_>) {
        while self.running.len() >= limits::CAPTURE_ASSOCIATIONS
            || self.held > limits::CAPTURE_ASSOCIATIONS_HELD
        {
            let Some((_, ends)) = self.order.pop_first() else { return };
            found.association_given_up();
            self.close(ends, secrets, found);
        }
    }

    fn close(&mut self, ends: (SocketAddr, SocketAddr), secrets: &Secrets, found: &mut Found<'_>) {
        let Some(mut running) = self.running.remove(&ends) else { return };
        self.order.remove(&running.id);
        self.held = self.held.saturating_sub(running.held);
        let observer = &mut |event: Event<'_>| observe(running.id, &event, found);
        let place = Place::from(running.last);
        running.reader.end(&mut tls::Context { place, secrets, observer });
        let tls = running.reader.into_summary();
        let (client, server) = match tls.roles_swapped {
            true => (running.server, running.client),
            false => (running.client, running.server),
        };
        found.flow(Flow {
            id: running.id,
            transport: Transport::Udp,
            client,
            server,
            first_frame: running.first.frame,
            first: running.first.time,
            last_frame: running.last.frame,
            gaps: 0,
            ended_by: EndedBy::None,
            tcp: None,
            tls: Some(Box::new(tls)),
        });
    }
}

/// What DTLS tells: certificates are kept.
fn observe(id: u64, event: &Event<'_>, found: &mut Found<'_>) {
    if let Event::Chain { from, certificates, at, .. } = event {
        for der in certificates.iter().take(limits::TLS_CHAIN) {
            found.certificate(id, true, *from, der, *at);
        }
    }
}
