//! One TCP connection: which protocol it speaks is told by its bytes, not by its port.

use core::cell::RefCell;

use crate::capture::{EndedBy, FlowHead, Interest, Moment, StreamEnd};
use crate::limits;
use crate::proto::tls::{self, Event, Secrets, Wants};
use crate::proto::transfer::TransferEvent;
use crate::proto::{Both, Place, Side, capf, dns, http, tvs};

use super::collector::Found;
use super::model::ServiceMessageContent;

/// Reads one connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) head: FlowHead,
    tls: Option<Box<tls::Connection>>,
    http: Option<Box<http::Connection>>,
    /// What is said in clear, or inside TLS, by a service of this field.
    service: Service,
    /// Where each side's stream stands.
    next: Both<u64>,
    /// Decrypted HTTP has a reader of its own.
    inner: Option<Box<http::Connection>>,
    /// The service speaks in clear; known with a side's first byte.
    clear: Both<Option<bool>>,
}

#[derive(Debug)]
enum Service {
    None,
    Capf(Box<Both<capf::Stream>>),
    Dns(Box<Both<dns::Stream>>),
    Tvs(Box<Both<tvs::Stream>>),
}

/// What a side said inside TLS, as far as it was opened.
enum Plain {
    Bytes(Side, Vec<u8>, Place),
    /// So many bytes of it are lost; `None` where nobody knows.
    Hole(Side, Option<u64>, Place),
}

/// Bytes of a file of no interest, firmware for instance, that are worth skipping. Smaller files are hashed whatever they
/// are.
const BULK: u64 = 64 * 1024;

/// Ports of the services whose messages are read.
const CAPF: u16 = 3804;
const TVS: u16 = 2445;

impl Connection {
    pub(super) fn new(head: FlowHead) -> Self {
        let service = match head.server.port() {
            CAPF => Service::Capf(Box::default()),
            TVS => Service::Tvs(Box::default()),
            dns::PORT => Service::Dns(Box::default()),
            _ => Service::None,
        };
        Self {
            head,
            tls: Some(Box::default()),
            http: Some(Box::default()),
            service,
            next: Both::default(),
            inner: None,
            clear: Both::default(),
        }
    }

    /// Bytes held.
    pub(super) fn held(&self) -> usize {
        /// The readers themselves.
        const READERS: usize = 1_024;
        let tls = self.tls.as_ref().map_or(0, |tls| tls.held());
        let http = self.http.as_ref().map_or(0, |http| http.held());
        let inner = self.inner.as_ref().map_or(0, |http| http.held());
        let service = match &self.service {
            Service::None => 0,
            Service::Capf(sides) => sides.client.held() + sides.server.held(),
            Service::Dns(sides) => sides.client.held() + sides.server.held(),
            Service::Tvs(sides) => sides.client.held() + sides.server.held(),
        };
        READERS + tls + http + inner + service
    }

    /// What TLS was, if it was.
    pub(super) fn into_tls(self) -> Option<Box<tls::Summary>> {
        let tls = self.tls.filter(|tls| tls.is_tls())?;
        Some(Box::new(tls.into_summary()))
    }

    pub(super) fn chunk(
        &mut self,
        side: Side,
        offset: u64,
        bytes: &[u8],
        at: Moment,
        secrets: &Secrets,
        found: &mut Found<'_>,
    ) -> Interest {
        let place = Place::from(at);
        // What was skipped on demand is no gap, but TLS wants to know.
        let skipped = offset.saturating_sub(*self.next.of(side));
        *self.next.of_mut(side) = offset.saturating_add(bytes.len() as u64);
        let flow = self.head;
        if let Some(http) = &mut self.http {
            let goes_on = read_http(&flow, found, |output| {
                http.skip(side, skipped, place, output);
                http.push(side, bytes, place, output)
            });
            if !goes_on && !http.is_http() {
                self.http = None;
            }
        }
        if let Some(http) = self.http.take_if(|http| http.tunnel().is_some()) {
            // The client speaks next, so that nothing of the other protocol stands in this chunk.
            let protocol = match http.tunnel() {
                Some(http::Tunnel::Connect) => tls::StartTls::HttpConnect,
                _ => tls::StartTls::HttpUpgrade,
            };
            self.tls = Some(Box::new(tls::Connection::behind(protocol, self.next)));
            return Interest::More;
        }
        if let Some(http) = self.http.as_ref().filter(|http| http.is_http()) {
            self.tls = None;
            self.service = Service::None;
            let left = http.body_left(side);
            return match found.is_useless(&flow) && left >= BULK {
                true => Interest::Skip(left),
                false => Interest::More,
            };
        }
        let mut plain = Vec::new();
        if let Some(tls) = &mut self.tls {
            let observer = &mut |event: Event<'_>| observe(&flow, &event, &mut plain, found);
            let mut context = tls::Context { place, secrets, observer };
            if skipped > 0 {
                tls.skip(side, skipped, &mut context);
            }
            tls.push(side, bytes, &mut context);
            if tls.is_tls() {
                self.http = None;
                let wants = tls.wants(side);
                self.plain(&plain, found);
                return match wants {
                    Wants::More => Interest::More,
                    Wants::Nothing => Interest::Done,
                    Wants::Skip(length) => Interest::Skip(length),
                };
            }
            if tls.wants(Side::Client) == Wants::Nothing
                && tls.wants(Side::Server) == Wants::Nothing
            {
                self.tls = None;
            }
        }
        // Records of TLS begin with 0x16 or, in SSL 2.0, with a byte above 0x7f; messages of services do not.
        let first = bytes.first().copied().unwrap_or_default();
        if *self.clear.of_mut(side).get_or_insert(first != 0x16 && first < 0x80) {
            self.serve(side, bytes, place, found);
        }
        self.interest(side)
    }

    pub(super) fn gap(
        &mut self,
        side: Side,
        offset: u64,
        length: u64,
        at: Moment,
        secrets: &Secrets,
        found: &mut Found<'_>,
    ) -> Interest {
        let place = Place::from(at);
        let skipped = offset.saturating_sub(*self.next.of(side));
        *self.next.of_mut(side) = offset.saturating_add(length);
        let flow = self.head;
        if let Some(http) = &mut self.http {
            let goes_on = read_http(&flow, found, |output| {
                http.skip(side, skipped, place, output);
                http.gap(side, length, place, output)
            });
            if !goes_on && !http.is_http() {
                self.http = None;
            }
        }
        let mut plain = Vec::new();
        if let Some(tls) = &mut self.tls {
            let observer = &mut |event: Event<'_>| observe(&flow, &event, &mut plain, found);
            let mut context = tls::Context { place, secrets, observer };
            tls.gap(side, skipped.saturating_add(length), &mut context);
        }
        self.plain(&plain, found);
        let behind = *self.next.of(side);
        match &mut self.service {
            Service::Capf(sides) => sides.of_mut(side).gap(behind),
            Service::Tvs(sides) => sides.of_mut(side).gap(behind),
            Service::Dns(_) => self.service = Service::None,
            Service::None => {}
        }
        self.interest(side)
    }

    pub(super) fn end(&mut self, end: &StreamEnd, secrets: &Secrets, found: &mut Found<'_>) {
        let side = end.side.into();
        let place = Place::from(end.at);
        let flow = self.head;
        let properly = end.ended_by == EndedBy::Fin;
        let skipped = end.offset.saturating_sub(*self.next.of(side));
        if let Some(http) = &mut self.http {
            read_http(&flow, found, |output| {
                http.skip(side, skipped, place, output);
                http.end(side, properly, place, output);
            });
        }
        if let Some(http) = &mut self.inner {
            read_http(&flow, found, |output| http.end(side, properly, place, output));
        }
        let mut plain = Vec::new();
        if let Some(tls) = &mut self.tls {
            let observer = &mut |event: Event<'_>| observe(&flow, &event, &mut plain, found);
            let mut context = tls::Context { place, secrets, observer };
            tls.end(side, &mut context);
        }
        self.plain(&plain, found);
    }

    /// Whether anything is still read of a side.
    fn interest(&self, side: Side) -> Interest {
        let tls = self.tls.as_ref().is_some_and(|tls| tls.wants(side) != Wants::Nothing);
        let service = !matches!(self.service, Service::None);
        if self.http.is_some() || tls || service { Interest::More } else { Interest::Done }
    }

    /// What was decrypted: a message of a service of this field, or HTTP.
    fn plain(&mut self, plain: &[Plain], found: &mut Found<'_>) {
        for piece in plain {
            if !matches!(self.service, Service::None) {
                // A hole was told to the service with the stream's own offsets.
                if let Plain::Bytes(side, bytes, place) = piece {
                    self.serve(*side, bytes, *place, found);
                }
                continue;
            }
            let http = self.inner.get_or_insert_default();
            // What is no HTTP ends that reader by itself.
            let _ = read_http(&self.head, found, |output| match piece {
                Plain::Bytes(side, bytes, place) => http.push(*side, bytes, *place, output),
                Plain::Hole(side, length, place) => {
                    http.gap(*side, length.unwrap_or(u64::MAX), *place, output)
                }
            });
        }
    }

    /// Bytes in clear of a service of this field.
    fn serve(&mut self, side: Side, bytes: &[u8], place: Place, found: &mut Found<'_>) {
        let flow = self.head.id;
        match &mut self.service {
            Service::None => {}
            Service::Capf(sides) => {
                sides.of_mut(side).push(bytes, place, |message, at| {
                    if message.message.is_some() {
                        let content = ServiceMessageContent::Capf(Box::new(message));
                        found.message(flow, side, at, content);
                    }
                });
            }
            Service::Tvs(sides) => {
                sides.of_mut(side).push(bytes, place, |message, at| {
                    if message.message.is_some() {
                        let content = ServiceMessageContent::Tvs(Box::new(message));
                        found.message(flow, side, at, content);
                    }
                });
            }
            Service::Dns(sides) => {
                let (client, server) = match side {
                    Side::Client => (self.head.client, self.head.server),
                    Side::Server => (self.head.server, self.head.client),
                };
                sides.of_mut(side).push(bytes, place, |message, at| {
                    found.name(client, server, message, at);
                });
            }
        }
    }
}

/// What TLS tells: certificates are kept, what was decrypted is read on.
fn observe(flow: &FlowHead, event: &Event<'_>, plain: &mut Vec<Plain>, found: &mut Found<'_>) {
    match event {
        Event::Chain { from, certificates, at, .. } => {
            for der in certificates.iter().take(limits::TLS_CHAIN) {
                found.certificate(flow.id, false, *from, der, *at);
            }
        }
        Event::ApplicationData { from, bytes, at } => {
            plain.push(Plain::Bytes(*from, bytes.to_vec(), *at));
        }
        Event::Hole { from, length, at } => plain.push(Plain::Hole(*from, *length, *at)),
        _ => {}
    }
}

/// Lets `act` read HTTP of a connection, with results going to `found`.
fn read_http<R>(
    flow: &FlowHead,
    found: &mut Found<'_>,
    act: impl FnOnce(&mut http::Output<'_>) -> R,
) -> R {
    // Both takers write to one place, never at the same time.
    let found = RefCell::new(found);
    let mut exchange = |exchange: &http::Exchange| {
        if let Ok(mut found) = found.try_borrow_mut() {
            found.exchange(flow.id, exchange);
        }
    };
    let mut transfer = |event: TransferEvent<'_>| {
        if let Ok(mut found) = found.try_borrow_mut() {
            found.transfer(Some(flow), &event);
        }
    };
    act(&mut http::Output { exchange: &mut exchange, transfer: &mut transfer })
}
