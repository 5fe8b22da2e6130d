//! Requests and their responses through an HTTP filter (arrangements C and D).

use std::collections::BTreeMap;

use super::headers::Headers;
use super::properties::Properties;
use super::state::{Action, Context};
use super::vm::{Dead, Vm};

/// Names one exchange of a [`Vm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExchangeId(u32);

impl ExchangeId {
    /// The number of its context in the VM.
    pub fn context(self) -> u32 {
        self.0
    }
}

/// A request or a response, as far as it has passed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its headers, `:path`, `:status` and the like among them.
    pub headers: Headers,
    /// Its body.
    pub body: Vec<u8>,
    /// Its trailers.
    pub trailers: Headers,
    /// Whether it is whole.
    pub ended: bool,
}

/// One request and its response: what passed, and how it ended.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    pub(super) request: Direction,
    pub(super) response: Direction,
    pub(super) properties: Properties,
    /// What it added to counters, by the metric's number.
    pub(super) counted: BTreeMap<u32, u64>,
    answered: bool,
    reset: bool,
    /// Whether the module still has its context.
    pub(super) in_vm: bool,
}

/// One direction of an exchange.
#[derive(Clone, Debug, Default)]
pub(super) struct Direction {
    pub(super) headers: Headers,
    pub(super) headers_visible: bool,
    pub(super) body: Vec<u8>,
    pub(super) body_visible: bool,
    pub(super) trailers: Headers,
    pub(super) trailers_visible: bool,
    flow: Flow,
    end: bool,
    passed: Option<Message>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Flow {
    /// No headers yet.
    #[default]
    Waiting,
    HeadersHeld,
    Open,
    BodyHeld,
    TrailersHeld,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Response,
}

impl Exchange {
    /// What the origin has got.
    pub fn request(&self) -> Option<&Message> {
        self.request.passed.as_ref()
    }

    /// What the client has got.
    pub fn response(&self) -> Option<&Message> {
        self.response.passed.as_ref()
    }

    /// Whether the filter, not the origin, gave the answer.
    pub fn is_answered_by_filter(&self) -> bool {
        self.answered
    }

    /// Whether the exchange was broken off.
    pub fn is_reset(&self) -> bool {
        self.reset
    }

    /// `request.path` and its like, which Envoy takes from the headers as they are now.
    pub(super) fn request_property(&self, path: &[u8]) -> Option<Vec<u8>> {
        let name: &[u8] = match path {
            b"request\0path" => b":path",
            b"request\0host" => b":authority",
            b"request\0method" => b":method",
            b"request\0scheme" => b":scheme",
            _ => return None,
        };
        self.request.headers.value(name)
    }

    fn side(&mut self, side: Side) -> &mut Direction {
        match side {
            Side::Request => &mut self.request,
            Side::Response => &mut self.response,
        }
    }

    /// Whether nothing more of this side goes through the filter.
    fn is_stopped(&self, side: Side) -> bool {
        !self.in_vm || self.reset || (side == Side::Request && self.answered)
    }
}

impl Direction {
    fn pass_headers(&mut self, end: bool) {
        self.headers_visible = false;
        self.flow = Flow::Open;
        self.passed =
            Some(Message { headers: self.headers.clone(), ended: end, ..Message::default() });
    }

    fn pass_body(&mut self, end: bool) {
        self.body_visible = false;
        self.flow = Flow::Open;
        let body = std::mem::take(&mut self.body);
        if let Some(message) = &mut self.passed {
            message.body.extend(body);
            message.ended = end;
        }
    }

    fn pass_trailers(&mut self) {
        self.pass_body(true);
        self.trailers_visible = false;
        if let Some(message) = &mut self.passed {
            message.trailers = self.trailers.clone();
        }
    }
}

impl Vm {
    /// A request begins. `properties` are those that Envoy would know, see `docs/filter.md`.
    ///
    /// # Errors
    /// When the VM is dead, or dies of it.
    pub fn open_exchange(&mut self, properties: Properties) -> Result<ExchangeId, Dead> {
        let exchange = Exchange { properties, in_vm: true, ..Exchange::default() };
        self.create(Context::Http(Box::new(exchange))).map(ExchangeId)
    }

    /// Changes what the proxy knows of an exchange: after the origin's handshake it knows more.
    pub fn exchange_properties(&mut self, id: ExchangeId) -> Option<&mut Properties> {
        self.state().exchange_at(id.0).map(|exchange| &mut exchange.properties)
    }

    /// The client sends the headers of the request; `end` when there is no body.
    ///
    /// # Errors
    /// As [`Vm::open_exchange`], as those of the other five.
    pub fn request_headers(
        &mut self,
        id: ExchangeId,
        headers: Headers,
        end: bool,
    ) -> Result<(), Dead> {
        self.headers(id.0, Side::Request, headers, end)
    }

    /// The client sends a part of the body; `end` with the last one.
    pub fn request_body(&mut self, id: ExchangeId, bytes: &[u8], end: bool) -> Result<(), Dead> {
        self.body(id.0, Side::Request, bytes, end)
    }

    /// The client ends the request with trailers.
    pub fn request_trailers(&mut self, id: ExchangeId, trailers: Headers) -> Result<(), Dead> {
        self.trailers(id.0, Side::Request, trailers)
    }

    /// The origin sends the headers of the response; `end` when there is no body.
    pub fn response_headers(
        &mut self,
        id: ExchangeId,
        headers: Headers,
        end: bool,
    ) -> Result<(), Dead> {
        self.headers(id.0, Side::Response, headers, end)
    }

    /// The origin sends a part of the body; `end` with the last one.
    pub fn response_body(&mut self, id: ExchangeId, bytes: &[u8], end: bool) -> Result<(), Dead> {
        self.body(id.0, Side::Response, bytes, end)
    }

    /// The origin ends the response with trailers.
    pub fn response_trailers(&mut self, id: ExchangeId, trailers: Headers) -> Result<(), Dead> {
        self.trailers(id.0, Side::Response, trailers)
    }

    /// The exchange is over, whole or not: `proxy_on_done`, `_log` (all headers visible again) and `_delete`.
    ///
    /// # Errors
    /// As [`Vm::open_exchange`].
    pub fn finish_exchange(&mut self, id: ExchangeId) -> Result<Option<Exchange>, Dead> {
        self.check()?;
        if let Some(exchange) = self.state().exchange_at(id.0).filter(|exchange| exchange.in_vm) {
            exchange.request.headers_visible = true;
            exchange.response.headers_visible = true;
            self.end_of_context(id.0)?;
            self.state().actions.clear();
        }
        match self.state().contexts.remove(&id.0) {
            Some(Context::Http(exchange)) => Ok(Some(*exchange)),
            _ => Ok(None),
        }
    }

    /// What became of an exchange so far.
    pub fn exchange(&self, id: ExchangeId) -> Option<&Exchange> {
        match self.state_ref().contexts.get(&id.0) {
            Some(Context::Http(exchange)) => Some(exchange),
            _ => None,
        }
    }

    /// The exchange unless its `side` is stopped.
    fn open_side(&mut self, id: u32, side: Side) -> Option<&mut Direction> {
        self.state()
            .exchange_at(id)
            .filter(|exchange| !exchange.is_stopped(side))
            .map(|exchange| exchange.side(side))
    }

    fn headers(&mut self, id: u32, side: Side, headers: Headers, end: bool) -> Result<(), Dead> {
        self.check()?;
        let Some(direction) = self.open_side(id, side) else { return Ok(()) };
        let count = headers.0.len();
        direction.headers = headers;
        direction.headers_visible = true;
        direction.end = end;
        let passes = match side {
            Side::Request => self.on_request_headers(id, count, end)?,
            Side::Response => self.on_response_headers(id, count, end)?,
        };
        self.carry_out()?;
        if let Some(direction) = self.open_side(id, side)
            && direction.flow == Flow::Waiting
        {
            if passes {
                direction.pass_headers(end);
            } else {
                direction.flow = Flow::HeadersHeld;
            }
        }
        Ok(())
    }

    fn body(&mut self, id: u32, side: Side, bytes: &[u8], end: bool) -> Result<(), Dead> {
        self.check()?;
        let Some(direction) = self.open_side(id, side) else { return Ok(()) };
        direction.body.extend_from_slice(bytes);
        direction.end = end;
        if direction.flow == Flow::HeadersHeld {
            // Paused at the headers: the body waits, and no callback tells of it.
            return Ok(());
        }
        direction.body_visible = true;
        direction.flow = Flow::BodyHeld;
        let size = direction.body.len();
        let passes = match side {
            Side::Request => self.on_request_body(id, size, end)?,
            Side::Response => self.on_response_body(id, size, end)?,
        };
        self.carry_out()?;
        if passes && let Some(direction) = self.open_side(id, side) {
            direction.pass_body(end);
        }
        Ok(())
    }

    fn trailers(&mut self, id: u32, side: Side, trailers: Headers) -> Result<(), Dead> {
        self.check()?;
        let Some(direction) = self.open_side(id, side) else { return Ok(()) };
        let count = trailers.0.len();
        direction.trailers = trailers;
        direction.trailers_visible = true;
        direction.end = true;
        if direction.flow == Flow::HeadersHeld {
            return Ok(());
        }
        direction.flow = Flow::TrailersHeld;
        let passes = match side {
            Side::Request => self.on_request_trailers(id, count)?,
            Side::Response => self.on_response_trailers(id, count)?,
        };
        self.carry_out()?;
        if passes && let Some(direction) = self.open_side(id, side) {
            direction.pass_trailers();
        }
        Ok(())
    }

    pub(super) fn continue_request(&mut self, id: u32) -> Result<(), Dead> {
        self.resume(id, Side::Request)
    }

    pub(super) fn continue_response(&mut self, id: u32) -> Result<(), Dead> {
        self.resume(id, Side::Response)
    }

    fn resume(&mut self, id: u32, side: Side) -> Result<(), Dead> {
        let Some(direction) = self.open_side(id, side) else { return Ok(()) };
        match direction.flow {
            // Nothing is held.
            Flow::Open => Ok(()),
            Flow::BodyHeld => {
                let end = direction.end;
                direction.pass_body(end);
                Ok(())
            }
            Flow::TrailersHeld => {
                direction.pass_trailers();
                Ok(())
            }
            Flow::Waiting | Flow::HeadersHeld => {
                let (end, trailers) =
                    (direction.end, direction.trailers_visible.then(|| direction.trailers.clone()));
                let body = !direction.body.is_empty();
                direction.pass_headers(end && !body && trailers.is_none());
                if body {
                    self.body(id, side, &[], end && trailers.is_none())?;
                }
                match trailers {
                    Some(trailers) => self.trailers(id, side, trailers),
                    None => Ok(()),
                }
            }
        }
    }

    pub(super) fn reset_exchange(&mut self, id: u32) {
        if let Some(exchange) = self.state().exchange_at(id) {
            exchange.reset = true;
        }
    }

    /// The filter's own answer; it passes the filter as an origin's would.
    pub(super) fn respond(
        &mut self,
        id: u32,
        status: u32,
        extra: &Headers,
        body: &[u8],
    ) -> Result<(), Dead> {
        let Some(exchange) = self.state().exchange_at(id) else { return Ok(()) };
        if exchange.answered || exchange.reset {
            return Ok(());
        }
        if exchange.response.passed.is_some() {
            // Headers are on their way already: no other answer is possible.
            exchange.reset = true;
            return Ok(());
        }
        exchange.answered = true;
        exchange.response = Direction::default();
        let mut headers = Headers::new(&[(":status", &status.to_string())]);
        if !body.is_empty() {
            headers.add(b"content-length", body.len().to_string().as_bytes());
            headers.add(b"content-type", b"text/plain");
        }
        for (name, value) in &extra.0 {
            headers.replace(name, value);
        }
        self.headers(id, Side::Response, headers, body.is_empty())?;
        if body.is_empty() { Ok(()) } else { self.body(id, Side::Response, body, true) }
    }
}

impl Action {
    /// What `proxy_continue_stream` asks for; `None` for data from the origin, which Envoy cannot resume.
    pub(super) fn continue_of(stream: u32, id: u32) -> Option<Self> {
        match stream {
            0 => Some(Self::ContinueRequest(id)),
            1 => Some(Self::ContinueResponse(id)),
            2 => Some(Self::ContinueReading(id)),
            _ => None,
        }
    }
}
