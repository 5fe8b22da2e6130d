//! What records mean together: messages, alerts, changes of keys, for streams and datagrams alike.

use serde::{Deserialize, Serialize};

use super::Context;
use super::alert::{Alert, AlertContent, Level};
use super::decrypt::{self, Agreement, Opened, Opener, Transcript};
use super::handshake::{
    self, CertificateRequest, ClientHello, Defragmenter, Message, ServerHello, is_tls13, kind,
};
use super::record::{Head, Records, content};
use super::starttls::{self, StartTls};
use super::suite::{Cipher, Suite, suite};
use crate::digest::sha256;
use crate::error::ParseError;
use crate::limits;
use crate::proto::{Both, Place, Side};
use crate::x509::private_key::PrivateKey;

/// A certificate that one side showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateSeen {
    /// Of its DER.
    pub sha256: [u8; 32],
    /// 0 is the peer's own, the others are its chain.
    pub depth: u32,
    /// 0 is the connection's first handshake.
    pub handshake: u32,
    /// The packet that completes its message.
    pub at: Place,
}

/// Whether the server's certificates can be seen, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CertificateVisibility {
    /// They are there.
    Shown,
    /// The session is resumed: the peers know each other's certificates from before and send none.
    Resumed,
    /// TLS 1.3 encrypts them, and nobody handed over the keys.
    Hidden,
    /// Records are lost, or the capture begins behind them: nothing can be said.
    NotCaptured,
    /// The handshake ended before, or its suite has none.
    NotSent,
}

/// What was seen of one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Offset in each side's stream where TLS begins, with its first packet.
    pub begins: Both<Option<(u64, Place)>>,
    /// What turned TLS on.
    pub starttls: Option<StartTls>,
    /// The connection is made of datagrams.
    pub datagram: bool,
    /// Who was taken for the client is the server: the ClientHello came from the other side.
    pub roles_swapped: bool,
    /// The first ClientHello.
    pub client_hello: Option<Box<ClientHello>>,
    /// The server asked for another ClientHello (RFC 8446 section 4.1.4, RFC 6347 section 4.2.1).
    pub retry_request: Option<Place>,
    /// The first ServerHello that is no retry request.
    pub server_hello: Option<Box<ServerHello>>,
    /// The application protocol that the server chose.
    pub alpn: Option<String>,
    /// An earlier session is resumed: no certificates are sent.
    pub resumed: bool,
    /// The server handed out a session ticket.
    pub new_session_ticket: bool,
    /// Certificates that the server showed, up to [`limits::TLS_CHAIN`].
    pub server_certificates: Vec<CertificateSeen>,
    /// Certificates that the client showed, up to [`limits::TLS_CHAIN`].
    pub client_certificates: Vec<CertificateSeen>,
    /// The client answered the request for a certificate with an empty chain, in this packet.
    pub client_certificate_refused: Option<Place>,
    /// The server asked for a certificate.
    pub certificate_request: Option<Box<CertificateRequest>>,
    /// Up to [`limits::TLS_ALERTS`].
    pub alerts: Vec<Alert>,
    /// Alerts beyond that.
    pub more_alerts: u64,
    /// ClientHellos that began a handshake; more than one is renegotiation.
    pub handshakes: u32,
    /// A side sent encrypted handshake messages behind its Finished: renegotiation, or the wish for it.
    pub renegotiation_presumed: Option<Place>,
    /// The first encrypted record of each side: its handshake went as far as that.
    pub protected: Both<Option<Place>>,
    /// Each side's Finished was decrypted.
    pub finished: Both<Option<Place>>,
    /// Encrypted records that were opened.
    pub opened_records: u64,
    /// Encrypted records that stayed closed.
    pub closed_records: u64,
    /// Records were lost at this packet, at the latest.
    pub lost: Option<Place>,
    /// What does not hold, up to [`limits::TLS_ALERTS`]. Offsets of messages count from the message's start, those of
    /// records from the start of the side's stream.
    pub problems: Vec<(Side, Place, ParseError)>,
}

impl Summary {
    /// TLS was found on at least one side.
    pub fn is_tls(&self) -> bool {
        self.begins.client.is_some() || self.begins.server.is_some()
    }

    /// The version that is spoken.
    pub fn version(&self) -> Option<u16> {
        self.server_hello.as_ref().map(|hello| hello.version)
    }

    /// Certificates that a side showed.
    pub fn certificates(&self, side: Side) -> &[CertificateSeen] {
        match side {
            Side::Client => &self.client_certificates,
            Side::Server => &self.server_certificates,
        }
    }

    /// Whether the server's certificates can be seen, and why not.
    pub fn certificate_visibility(&self) -> CertificateVisibility {
        let tls13 = self.version().is_some_and(is_tls13);
        if !self.server_certificates.is_empty() {
            CertificateVisibility::Shown
        } else if self.resumed {
            CertificateVisibility::Resumed
        } else if tls13 && self.finished.server.is_none() && self.protected.server.is_some() {
            CertificateVisibility::Hidden
        } else if self.lost.is_some()
            || self.server_hello.is_none() && self.protected.server.is_some()
        {
            CertificateVisibility::NotCaptured
        } else {
            CertificateVisibility::NotSent
        }
    }
}

/// What happens, as it happens.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A client begins a handshake.
    ClientHello(&'a ClientHello),
    /// A server answers.
    ServerHello(&'a ServerHello),
    /// A side shows its certificates.
    Chain {
        /// Who.
        from: Side,
        /// DER, the side's own first.
        certificates: &'a [&'a [u8]],
        /// The message could be read to its end; else the last certificates may be missing.
        complete: bool,
        /// The packet that completes it.
        at: Place,
    },
    /// The server asks for a certificate.
    CertificateRequest(&'a CertificateRequest),
    /// The server has said all it says in clear before TLS 1.3: there will be no more certificates in this handshake.
    ServerHelloDone(Place),
    /// A side refuses, warns or says goodbye.
    Alert(&'a Alert),
    /// A side encrypts from here on.
    Protected(Side, Place),
    /// Decrypted, or only signed, application data.
    ApplicationData {
        /// Who sent it.
        from: Side,
        /// Content of one record.
        bytes: &'a [u8],
        /// The packet that completes it.
        at: Place,
    },
    /// Application data of a side that is decrypted is lost, or stayed closed.
    Hole {
        /// Who sent it.
        from: Side,
        /// Bytes of its content; `None` where nobody knows.
        length: Option<u64>,
        /// The packet at which that was certain.
        at: Place,
    },
}

/// Which secret of TLS 1.3 a side uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Epoch {
    Early,
    #[default]
    Handshake,
    Application,
}

/// One side.
#[derive(Clone, Default)]
struct SideState {
    handshake: Defragmenter,
    /// The first byte of an alert that is split over records.
    alert: Option<u8>,
    /// Everything is encrypted (before TLS 1.3: ChangeCipherSpec was sent).
    protected: bool,
    opener: Option<Opener>,
    /// Number of the next encrypted record since the change of keys.
    number: u64,
    /// Records are lost: `number` is too small by nobody knows how many.
    uncertain: bool,
    epoch: Epoch,
    /// The traffic secret in use.
    secret: Option<Vec<u8>>,
    protected_records: u64,
    /// Records in a row that an opener could not open.
    failures: u32,
    /// Encrypted handshake records that stayed closed.
    closed_handshake_records: u64,
}

impl SideState {
    /// Keys change: what comes is numbered anew, and may open.
    fn change_keys(&mut self) {
        self.opener = None;
        self.secret = None;
        self.number = 0;
        self.failures = 0;
        self.uncertain = false;
    }

    /// Opens a record by its number in the stream, trying later numbers behind a hole.
    fn open_next(&mut self, head: &Head, fragment: &[u8]) -> Option<Opened> {
        let opener = self.opener.as_mut()?;
        let tries = if self.uncertain { limits::TLS_LOST_RECORDS } else { 1 };
        let mut numbers = self.number..self.number.saturating_add(tries);
        let opened =
            numbers.find_map(|number| Some((number, opener.open(number, head, fragment)?)));
        let Some((number, opened)) = opened else {
            self.failures = self.failures.saturating_add(1);
            return None;
        };
        self.number = number.saturating_add(1);
        self.uncertain = false;
        self.failures = 0;
        Some(opened)
    }

    /// The secret is the wrong one, or too much is lost: trying on would only take time.
    fn is_hopeless(&self) -> bool {
        self.failures >= limits::TLS_FAILED_RECORDS
    }
}

/// What a handshake has agreed on so far.
#[derive(Clone, Default)]
struct Negotiation {
    client_random: Option<[u8; 32]>,
    client_version: u16,
    early_data: bool,
    server: Option<Agreed>,
    server_certificate: bool,
    server_done: bool,
    key_exchange: Option<Vec<u8>>,
    /// Which of the private keys belongs to the server's certificate; `None`: its certificate was not seen.
    private_key: Option<Option<usize>>,
    /// What the private keys gave; they are tried once.
    unwrapped: Option<Option<Vec<u8>>>,
    /// The master secret that came of it.
    master: Option<Vec<u8>>,
    /// The ticket that the client offers, where a private key may have opened its session.
    ticket: Vec<u8>,
    /// Digest of the messages for RFC 7627.
    extended: Option<Vec<u8>>,
}

#[derive(Clone)]
struct Agreed {
    version: u16,
    suite: Option<Suite>,
    random: [u8; 32],
    encrypt_then_mac: bool,
    extended_master_secret: bool,
    session_id: Vec<u8>,
}

/// The messages of one connection.
#[derive(Clone, Default)]
pub(super) struct Session {
    pub(super) summary: Summary,
    sides: Both<SideState>,
    negotiation: Negotiation,
    transcript: Option<Box<Transcript>>,
}

/// Without anything secret.
impl core::fmt::Debug for Session {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Session").field("summary", &self.summary).finish_non_exhaustive()
    }
}

impl Session {
    /// Bytes held in buffers.
    pub(super) fn held(&self) -> usize {
        let sides = &self.sides;
        sides.client.handshake.held().saturating_add(sides.server.handshake.held())
    }
}

/// A session while one side speaks.
pub(super) struct Turn<'a, 'c> {
    session: &'a mut Session,
    /// Who speaks, roles put right.
    side: Side,
    context: &'a mut Context<'c>,
}

impl<'a, 'c> Turn<'a, 'c> {
    /// `side` as the stream's reader names it.
    pub(super) fn new(session: &'a mut Session, side: Side, context: &'a mut Context<'c>) -> Self {
        let side = if session.summary.roles_swapped { side.peer() } else { side };
        Self { session, side, context }
    }

    fn tell(&mut self, event: Event<'_>) {
        (self.context.observer)(event);
    }

    /// The packet that is read.
    pub(super) fn place(&self) -> Place {
        self.context.place
    }

    fn state(&mut self) -> &mut SideState {
        self.session.sides.of_mut(self.side)
    }

    fn agreed_tls13(&self) -> bool {
        match &self.session.negotiation.server {
            Some(agreed) => is_tls13(agreed.version),
            // Only TLS 1.3 asks for another hello in a stream.
            None => self.session.summary.retry_request.is_some() && !self.session.summary.datagram,
        }
    }

    fn problem(&mut self, problem: ParseError) {
        let entry = (self.side, self.place(), problem);
        if self.session.summary.problems.len() < limits::TLS_ALERTS {
            self.session.summary.problems.push(entry);
        }
    }

    /// Nothing more comes of this side.
    pub(super) fn end(&mut self) {
        self.cut_off();
    }

    /// A record. `number` is given where the record itself tells it (DTLS).
    pub(super) fn take_record(
        &mut self,
        head: &Head,
        number: Option<u64>,
        fragment: Option<&[u8]>,
    ) {
        if !self.is_protected(head) {
            match fragment {
                Some(fragment) => self.content(head, head.content_type, fragment),
                None if head.content_type == content::HANDSHAKE => self.lose(),
                None => {}
            }
            return;
        }
        let place = self.place();
        let first = self.session.summary.protected.of_mut(self.side).is_none();
        if first {
            *self.session.summary.protected.of_mut(self.side) = Some(place);
            self.tell(Event::Protected(self.side, place));
        }
        let opened = match fragment {
            Some(fragment) => self.open(head, number, fragment),
            None => {
                self.count();
                None
            }
        };
        let state = self.state();
        state.protected_records = state.protected_records.saturating_add(1);
        let summary = &mut self.session.summary;
        match opened {
            Some(opened) => {
                summary.opened_records = summary.opened_records.saturating_add(1);
                self.content(head, opened.content_type, &opened.content);
            }
            None => {
                summary.closed_records = summary.closed_records.saturating_add(1);
                self.closed(head, first);
                if head.content_type == content::APPLICATION_DATA {
                    let opener = self.state().opener.as_ref();
                    let length = opener.and_then(|opener| opener.content_length(head.length));
                    self.hole(length);
                }
            }
        }
    }

    /// What is decrypted of this side has a hole: its reader must not join what stands before and behind.
    fn hole(&mut self, length: Option<u64>) {
        if self.state().opener.is_some() {
            let (from, at) = (self.side, self.place());
            self.tell(Event::Hole { from, length, at });
        }
    }

    /// An encrypted record that nobody tries to open has a number too.
    fn count(&mut self) {
        let state = self.state();
        state.number = state.number.saturating_add(1);
    }

    /// Is such a record encrypted?
    fn is_protected(&self, head: &Head) -> bool {
        if self.session.summary.datagram {
            // The epoch tells; the reader of datagrams hands over what is encrypted with a number.
            return self.session.sides.of(self.side).protected;
        }
        // In mid-stream nothing was agreed on in sight: an alert that is longer than its two bytes is encrypted.
        let summary = &self.session.summary;
        let in_sight = summary.client_hello.is_some() || summary.server_hello.is_some();
        let hidden = !in_sight && head.content_type == content::ALERT && head.length > 2;
        hidden
            || head.content_type == content::APPLICATION_DATA
            || (!self.agreed_tls13() && self.session.sides.of(self.side).protected)
    }

    /// Datagrams: records of an epoch above 0 are encrypted.
    pub(super) fn set_protected(&mut self, protected: bool) {
        self.state().protected = protected;
    }

    /// A record that stays closed: what its length and type still tell.
    fn closed(&mut self, head: &Head, first: bool) {
        /// Level, description, the inner content type, and the tag.
        const TLS13_ALERT: u16 = 2 + 1 + 16;
        if head.content_type == content::HANDSHAKE {
            let place = self.place();
            let state = self.state();
            state.closed_handshake_records = state.closed_handshake_records.saturating_add(1);
            // The first one is Finished.
            if state.closed_handshake_records == 2 {
                self.session.summary.renegotiation_presumed.get_or_insert(place);
            }
        }
        let content = match head.content_type {
            content::ALERT => AlertContent::Encrypted,
            // The first encrypted message of either side is longer: EncryptedExtensions, Certificate or Finished.
            content::APPLICATION_DATA
                if first && head.length == TLS13_ALERT && self.agreed_tls13() =>
            {
                AlertContent::Presumed
            }
            _ => return,
        };
        self.alert(content);
    }

    fn alert(&mut self, content: AlertContent) {
        let alert = Alert { from: self.side, content, at: self.place() };
        let summary = &mut self.session.summary;
        if summary.alerts.len() < limits::TLS_ALERTS {
            summary.alerts.push(alert);
        } else {
            summary.more_alerts = summary.more_alerts.saturating_add(1);
        }
        self.tell(Event::Alert(&alert));
    }

    /// The content of a record in clear.
    fn content(&mut self, head: &Head, content_type: u8, bytes: &[u8]) {
        match content_type {
            content::CHANGE_CIPHER_SPEC => self.change_cipher_spec(),
            content::ALERT => {
                for byte in bytes {
                    match self.state().alert.take() {
                        None => self.state().alert = Some(*byte),
                        Some(level) => self.alert(AlertContent::Plain {
                            level: Level::from_code(level),
                            description: *byte,
                        }),
                    }
                }
            }
            content::HANDSHAKE if self.session.summary.datagram => {
                self.datagram_messages(head, bytes);
            }
            content::HANDSHAKE => {
                let mut handshake = core::mem::take(&mut self.state().handshake);
                handshake.push(bytes, |message| self.message(&message, head.version, true));
                self.state().handshake = handshake;
            }
            content::APPLICATION_DATA => {
                let at = self.place();
                self.tell(Event::ApplicationData { from: self.side, bytes, at });
            }
            _ => {}
        }
    }

    /// Decrypted handshake messages of datagrams: whole ones are read, fragments are not put together.
    fn datagram_messages(&mut self, head: &Head, bytes: &[u8]) {
        if let Some(message) = super::dtls::whole_message(bytes) {
            self.whole_message(&message, head.version);
        }
    }

    /// Messages that a reader of datagrams waited for did not come: the side goes on without them.
    pub(super) fn lose_messages(&mut self) {
        let place = self.place();
        self.session.summary.lost.get_or_insert(place);
    }

    /// A message that a reader of datagrams put together: 4 bytes of head, as in a stream, and the body.
    pub(super) fn whole_message(&mut self, bytes: &[u8], record_version: u16) {
        let Some(kind) = bytes.first() else { return };
        let length = bytes.len().saturating_sub(4);
        self.message(&Message { kind: *kind, length, bytes }, record_version, true);
    }

    /// The beginning of a message whose body has this length, and whose rest never comes.
    pub(super) fn cut_message(&mut self, bytes: &[u8], length: usize) {
        if let Some(kind) = bytes.first() {
            self.partial(&Message { kind: *kind, length, bytes });
        }
    }

    fn change_cipher_spec(&mut self) {
        // TLS 1.3 sends it for the sake of middleboxes, behind a hello with early data even before the answer.
        let negotiation = &self.session.negotiation;
        let early =
            self.side == Side::Client && negotiation.early_data && negotiation.server.is_none();
        if self.agreed_tls13() || early {
            return;
        }
        let resumed = negotiation.server.is_some()
            && match self.side {
                Side::Server => !negotiation.server_certificate && !negotiation.server_done,
                Side::Client => negotiation.key_exchange.is_none() && !negotiation.server_done,
            };
        // What is lost may have been a certificate; and a session that nobody offered cannot be resumed.
        let summary = &mut self.session.summary;
        let offered = summary.client_hello.as_ref().is_none_or(|hello| {
            let echoed = negotiation
                .server
                .as_ref()
                .is_some_and(|agreed| agreed.session_id == hello.session_id);
            (echoed && !hello.session_id.is_empty())
                || hello.session_ticket.is_some_and(|length| length > 0)
        });
        if resumed && !offered {
            summary.lost.get_or_insert(self.context.place);
        }
        if resumed && summary.lost.is_none() {
            summary.resumed = true;
        }
        let state = self.state();
        state.protected = true;
        state.change_keys();
    }

    fn message(&mut self, message: &Message<'_>, record_version: u16, complete: bool) {
        if complete
            && message.bytes.len() < message.length.saturating_add(4)
            && message.length > limits::TLS_HANDSHAKE_MESSAGE
        {
            let limit = limits::TLS_HANDSHAKE_MESSAGE as u64;
            let kind = crate::error::ErrorKind::TooLarge { limit };
            self.problem(ParseError::new(0, "handshake message", kind));
        }
        if message.kind == kind::CLIENT_HELLO {
            self.client_hello(message, record_version);
            return;
        }
        self.note(message);
        if message.kind == kind::SERVER_HELLO {
            self.put_roles_right(Side::Server);
        }
        match (message.kind, self.side) {
            (kind::SERVER_HELLO, Side::Server) => self.server_hello(message, record_version),
            (kind::HELLO_VERIFY_REQUEST, Side::Server) => {
                self.session.summary.retry_request = Some(self.place());
            }
            (kind::CERTIFICATE, _) => self.certificate(message),
            (kind::CERTIFICATE_REQUEST, Side::Server) => {
                let version =
                    self.session.negotiation.server.as_ref().map_or(0, |agreed| agreed.version);
                let request = handshake::certificate_request(message, version, self.place());
                self.tell(Event::CertificateRequest(&request));
                self.session.summary.certificate_request.get_or_insert_with(|| Box::new(request));
            }
            (kind::SERVER_HELLO_DONE, Side::Server) => {
                self.session.negotiation.server_done = true;
                self.tell(Event::ServerHelloDone(self.place()));
            }
            (kind::CLIENT_KEY_EXCHANGE, Side::Client) => self.client_key_exchange(message),
            (kind::NEW_SESSION_TICKET, Side::Server) => {
                self.session.summary.new_session_ticket = true;
                self.learn_ticket(message);
            }
            (kind::ENCRYPTED_EXTENSIONS, Side::Server) => {
                self.session.summary.alpn = handshake::encrypted_extensions(message);
            }
            (kind::END_OF_EARLY_DATA, Side::Client) => self.change_epoch(Epoch::Handshake),
            (kind::FINISHED, _) => {
                let place = self.place();
                self.session.summary.finished.of_mut(self.side).get_or_insert(place);
                if self.agreed_tls13() {
                    self.change_epoch(Epoch::Application);
                }
            }
            (kind::KEY_UPDATE, _) => self.key_update(),
            _ => {}
        }
    }

    /// A ticket resumes the session that a private key opens.
    fn learn_ticket(&mut self, message: &Message<'_>) {
        let secrets = self.context.secrets;
        if secrets.may_learn()
            && !self.agreed_tls13()
            && self.openers().is_some()
            && let Some(master) = &self.session.negotiation.master
            && let Some(ticket) = handshake::new_session_ticket(message)
        {
            secrets.learn(ticket, master);
        }
    }

    /// The digest of messages, where it may be needed.
    fn note(&mut self, message: &Message<'_>) {
        if message.kind != kind::HELLO_REQUEST
            && message.kind != kind::HELLO_VERIFY_REQUEST
            && !self.session.summary.datagram
            && let Some(transcript) = &mut self.session.transcript
        {
            transcript.update(message.bytes);
        }
    }

    fn client_hello(&mut self, message: &Message<'_>, record_version: u16) {
        let datagram = self.session.summary.datagram;
        let hello = handshake::client_hello(message, record_version, datagram, self.place());
        self.begin_handshake(hello, Some(message));
    }

    /// Only this side sends such a hello: who is who was guessed wrong, unless an earlier hello told.
    pub(super) fn put_roles_right(&mut self, sender: Side) {
        let summary = &mut self.session.summary;
        let told = summary.client_hello.is_some() || summary.server_hello.is_some();
        if self.side != sender && !told && !summary.roles_swapped {
            summary.roles_swapped = true;
            core::mem::swap(&mut self.session.sides.client, &mut self.session.sides.server);
            core::mem::swap(&mut summary.begins.client, &mut summary.begins.server);
            self.side = sender;
        }
    }

    fn begin_handshake(&mut self, hello: ClientHello, message: Option<&Message<'_>>) {
        self.put_roles_right(Side::Client);
        if self.side == Side::Server {
            return;
        }
        if let Some(problem) = hello.problem.clone() {
            self.problem(problem);
        }
        self.tell(Event::ClientHello(&hello));
        let session = &mut *self.session;
        let again =
            session.summary.retry_request.is_some() && session.summary.server_hello.is_none();
        if !(again && session.summary.handshakes > 0) {
            session.summary.handshakes = session.summary.handshakes.saturating_add(1);
        }
        session.negotiation = Negotiation {
            client_random: Some(hello.random),
            client_version: hello.version,
            early_data: hello.early_data,
            ..Negotiation::default()
        };
        if self.context.secrets.may_learn()
            && let Some(ticket) = message
                .and_then(|message| handshake::offered_ticket(message, session.summary.datagram))
        {
            session.negotiation.ticket = ticket.to_vec();
        }
        let client = &mut session.sides.client;
        if client.protected_records == 0 {
            client.epoch = if hello.early_data { Epoch::Early } else { Epoch::Handshake };
        }
        let wanted = self.context.secrets.need_transcript();
        session.transcript = wanted.then(Box::default);
        session.summary.client_hello.get_or_insert_with(|| Box::new(hello));
        if let Some(message) = message {
            self.note(message);
        }
    }

    fn server_hello(&mut self, message: &Message<'_>, record_version: u16) {
        let hello = handshake::server_hello(message, record_version, self.place());
        if let Some(problem) = hello.problem.clone() {
            self.problem(problem);
        }
        self.tell(Event::ServerHello(&hello));
        if hello.retry_request {
            self.session.summary.retry_request.get_or_insert(hello.at);
            return;
        }
        self.session.negotiation.server = Some(Agreed {
            version: hello.version,
            suite: suite(hello.cipher_suite),
            random: hello.random,
            encrypt_then_mac: hello.encrypt_then_mac,
            extended_master_secret: hello.extended_master_secret,
            session_id: hello.session_id.clone(),
        });
        let summary = &mut self.session.summary;
        if is_tls13(hello.version) && hello.pre_shared_key {
            summary.resumed = true;
        }
        if summary.alpn.is_none() {
            summary.alpn.clone_from(&hello.alpn);
        }
        summary.server_hello.get_or_insert_with(|| Box::new(hello));
    }

    fn certificate(&mut self, message: &Message<'_>) {
        let version = self.session.negotiation.server.as_ref().map(|agreed| agreed.version);
        let chain = handshake::certificate(message, version);
        if self.side == Side::Server {
            self.session.negotiation.server_certificate = true;
            let leaf = chain.certificates.first().copied().unwrap_or_default();
            self.session.negotiation.private_key = Some(self.context.secrets.private_key_of(leaf));
        }
        self.chain(&chain.certificates, chain.problem.is_none());
        if let Some(problem) = chain.problem {
            self.problem(problem);
        }
    }

    fn chain(&mut self, certificates: &[&[u8]], complete: bool) {
        let at = self.place();
        let handshake = self.session.summary.handshakes.saturating_sub(1);
        let summary = &mut self.session.summary;
        let seen = match self.side {
            Side::Client => &mut summary.client_certificates,
            Side::Server => &mut summary.server_certificates,
        };
        for (depth, der) in (0_u32..).zip(certificates) {
            if seen.len() < limits::TLS_CHAIN {
                seen.push(CertificateSeen { sha256: sha256(der), depth, handshake, at });
            }
        }
        if self.side == Side::Client && certificates.is_empty() && complete {
            summary.client_certificate_refused.get_or_insert(at);
        }
        self.tell(Event::Chain { from: self.side, certificates, complete, at });
    }

    fn client_key_exchange(&mut self, message: &Message<'_>) {
        /// The largest RSA key that is accepted, and the length in front.
        const LONGEST: usize = 8192 / 8 + 2;
        let body = message.bytes.get(4..).unwrap_or_default();
        let negotiation = &mut self.session.negotiation;
        negotiation.key_exchange = Some(body.get(..LONGEST).unwrap_or(body).to_vec());
        if let (Some(transcript), Some(agreed)) = (&self.session.transcript, &negotiation.server)
            && let Some(suite) = &agreed.suite
        {
            negotiation.extended = Some(transcript.digest(agreed.version, suite));
        }
        self.session.transcript = None;
    }

    fn change_epoch(&mut self, epoch: Epoch) {
        let state = self.state();
        if state.epoch != epoch {
            state.epoch = epoch;
            state.change_keys();
        }
    }

    fn key_update(&mut self) {
        let Some(suite) = self.agreed_suite() else { return };
        let state = self.state();
        if let Some(secret) = &state.secret {
            state.secret = decrypt::updated(&suite, secret);
            state.opener = state.secret.as_ref().and_then(|secret| decrypt::tls13(&suite, secret));
            state.number = 0;
        }
    }

    fn agreed_suite(&self) -> Option<Suite> {
        self.session.negotiation.server.as_ref().and_then(|agreed| agreed.suite)
    }

    /// A handshake message may have begun or gone on in what is lost.
    fn lose(&mut self) {
        let place = self.place();
        self.session.summary.lost.get_or_insert(place);
        self.cut_off();
    }

    fn cut_off(&mut self) {
        let mut handshake = core::mem::take(&mut self.state().handshake);
        handshake.cut_off(|message| self.partial(&message));
        self.state().handshake = handshake;
    }

    /// A message whose end never comes. Hellos and certificates are worth reading as far as they go.
    fn partial(&mut self, message: &Message<'_>) {
        let version = self.session.summary.version().unwrap_or_default();
        match message.kind {
            kind::CLIENT_HELLO if self.session.summary.client_hello.is_none() => {
                self.message(message, version, false);
            }
            kind::SERVER_HELLO if self.session.summary.server_hello.is_none() => {
                self.message(message, version, false);
            }
            kind::CERTIFICATE => self.message(message, version, false),
            _ => {}
        }
    }

    fn open(&mut self, head: &Head, number: Option<u64>, fragment: &[u8]) -> Option<Opened> {
        if self.state().is_hopeless() {
            self.count();
            return None;
        }
        if self.agreed_tls13() {
            return self.open_tls13(head, fragment);
        }
        let negotiation = &self.session.negotiation;
        if self.side == Side::Client && negotiation.early_data && negotiation.server.is_none() {
            return self.open_early(head, fragment);
        }
        if self.session.sides.of(self.side).opener.is_none() {
            let openers = self.openers();
            self.state().opener = openers.map(|openers| match self.side {
                Side::Client => openers.client,
                Side::Server => openers.server,
            });
        }
        let null = self.agreed_suite().filter(|suite| suite.cipher == Cipher::Null);
        let state = self.state();
        let Some(opener) = &mut state.opener else {
            state.number = state.number.saturating_add(1);
            // Only signed: everybody can read it, nobody without the key can prove it.
            let length = fragment.len().checked_sub(null?.mac.length())?;
            let content = fragment.get(..length)?.to_vec();
            return Some(Opened { content_type: head.content_type, content });
        };
        if let Some(number) = number {
            return opener.open(number, head, fragment);
        }
        let opened = state.open_next(head, fragment);
        if opened.is_none() {
            state.number = state.number.saturating_add(1);
        }
        opened
    }

    /// Early data comes before the server names a suite: those that fit the secret are tried.
    fn open_early(&mut self, head: &Head, fragment: &[u8]) -> Option<Opened> {
        const SUITES: [u16; 3] = [0x1301, 0x1302, 0x1303];
        let random = self.session.negotiation.client_random?;
        let secret = self.context.secrets.of(&random)?.client_early.as_ref()?;
        let state = &mut self.session.sides.client;
        if state.opener.is_none() && state.number == 0 {
            state.opener = SUITES
                .iter()
                .filter_map(|number| decrypt::tls13(&suite(*number)?, secret))
                .find(|opener| opener.clone().open(0, head, fragment).is_some());
        }
        let opened = state.open_next(head, fragment);
        if opened.is_none() {
            state.number = state.number.saturating_add(1);
        }
        opened
    }

    fn open_tls13(&mut self, head: &Head, fragment: &[u8]) -> Option<Opened> {
        self.load_epoch();
        if self.session.sides.of(self.side).opener.is_none() && self.state().epoch == Epoch::Early {
            self.change_epoch(Epoch::Handshake);
            self.load_epoch();
        }
        let opened = self.open_numbered(head, fragment);
        if opened.is_none() && self.state().epoch == Epoch::Early {
            // The server refused the early data, and the client goes on with the handshake's keys.
            self.change_epoch(Epoch::Handshake);
            self.load_epoch();
            return self.open_numbered(head, fragment);
        }
        if opened.is_none() && self.state().epoch == Epoch::Handshake {
            return self.open_behind_handshake(head, fragment);
        }
        opened
    }

    /// The end of the handshake is lost, or its secrets are not known: is this a record behind it?
    fn open_behind_handshake(&mut self, head: &Head, fragment: &[u8]) -> Option<Opened> {
        let suite = self.agreed_suite()?;
        let secrets = self.context.secrets.of(&self.session.negotiation.client_random?)?;
        let secret = match self.side {
            Side::Client => secrets.client_application.as_ref()?,
            Side::Server => secrets.server_application.as_ref()?,
        };
        let mut opener = decrypt::tls13(&suite, secret)?;
        let mut numbers = 0..limits::TLS_LOST_RECORDS;
        let found =
            numbers.find_map(|number| Some((number + 1, opener.open(number, head, fragment)?)));
        let state = self.state();
        let Some((number, opened)) = found else {
            // Those that the handshake's secret did not open are counted already.
            if state.opener.is_none() {
                state.failures = state.failures.saturating_add(1);
            }
            return None;
        };
        state.epoch = Epoch::Application;
        state.change_keys();
        state.opener = Some(opener);
        state.secret = Some(secret.clone());
        state.number = number;
        Some(opened)
    }

    fn open_numbered(&mut self, head: &Head, fragment: &[u8]) -> Option<Opened> {
        // Early data whose key is not known stands in front of the handshake, and is not counted there.
        let early = self.side == Side::Client
            && self.session.negotiation.early_data
            && self.session.sides.client.epoch == Epoch::Handshake;
        let state = self.state();
        let opened = state.open_next(head, fragment);
        if opened.is_some() {
            return opened;
        }
        if early {
            state.failures = 0;
        } else {
            state.number = state.number.saturating_add(1);
        }
        None
    }

    /// Takes the opener of the epoch from the key log.
    fn load_epoch(&mut self) {
        let Some(suite) = self.agreed_suite() else { return };
        let Some(random) = self.session.negotiation.client_random else { return };
        let state = self.session.sides.of_mut(self.side);
        if state.opener.is_some() {
            return;
        }
        let Some(secrets) = self.context.secrets.of(&random) else { return };
        let secret = match (state.epoch, self.side) {
            (Epoch::Early, Side::Client) => &secrets.client_early,
            (Epoch::Handshake, Side::Client) => &secrets.client_handshake,
            (Epoch::Application, Side::Client) => &secrets.client_application,
            (Epoch::Early, Side::Server) => &None,
            (Epoch::Handshake, Side::Server) => &secrets.server_handshake,
            (Epoch::Application, Side::Server) => &secrets.server_application,
        };
        if let Some(secret) = secret {
            state.opener = decrypt::tls13(&suite, secret);
            state.secret = Some(secret.clone());
        }
    }

    /// The openers of both sides before TLS 1.3, where a secret is known.
    fn openers(&mut self) -> Option<Both<Opener>> {
        let negotiation = &mut self.session.negotiation;
        let agreed = negotiation.server.as_ref()?;
        let suite = agreed.suite?;
        let random = negotiation.client_random.as_ref()?;
        let agreement = Agreement {
            version: agreed.version,
            suite,
            client_random: random,
            server_random: &agreed.random,
            encrypt_then_mac: agreed.encrypt_then_mac,
            extended: if agreed.extended_master_secret {
                negotiation.extended.as_deref()
            } else {
                None
            },
        };
        let secrets = self.context.secrets;
        let known = secrets.of(random);
        if let Some(master) = known.and_then(|known| known.master.as_deref()) {
            return agreement.openers(master);
        }
        if let Some(master) = secrets.master_of_session(&agreed.session_id) {
            return agreement.openers(master);
        }
        // No key is exchanged: the session is an earlier one.
        if negotiation.key_exchange.is_none() && !negotiation.server_certificate {
            let resumes = [&agreed.session_id, &negotiation.ticket];
            let mut learned = resumes.into_iter().filter_map(|resumes| secrets.learned(resumes));
            return agreement.openers(negotiation.master.insert(learned.next()?));
        }
        // Without the digest of RFC 7627 a pre-master secret gives a wrong master secret.
        if agreed.extended_master_secret && negotiation.extended.is_none() {
            return None;
        }
        let encrypted = negotiation.key_exchange.as_deref()?;
        let encrypted = encrypted.get(2..).unwrap_or_default();
        let logged = known
            .and_then(|known| known.pre_master.as_deref())
            .or_else(|| secrets.pre_master_of(encrypted));
        if let Some(pre_master) = logged {
            return agreement.openers(&agreement.master(pre_master));
        }
        if !suite.rsa_key_exchange {
            return None;
        }
        let version = negotiation.client_version.to_be_bytes();
        // A wrong key gives noise; the right one the version that the client offered, and 46 bytes.
        let unwrap = |key: &PrivateKey| {
            key.unwrap_pkcs1v15(encrypted)
                .ok()
                .filter(|secret| secret.len() == 48 && secret.starts_with(&version))
        };
        let keys = secrets.private_keys();
        let private_key = negotiation.private_key;
        let pre_master = negotiation
            .unwrapped
            .get_or_insert_with(|| match private_key {
                Some(Some(index)) => keys.get(index).and_then(unwrap),
                Some(None) => None,
                None => keys.iter().find_map(unwrap),
            })
            .as_deref()?;
        let master = negotiation.master.insert(agreement.master(pre_master));
        secrets.learn(&agreed.session_id, master);
        agreement.openers(master)
    }

    /// May there be something that opens application data of this connection?
    fn may_open(&self) -> bool {
        let state = self.session.sides.of(self.side);
        if state.opener.is_some() || state.is_hopeless() {
            return !state.is_hopeless();
        }
        let negotiation = &self.session.negotiation;
        let suite = self.agreed_suite();
        if suite.is_some_and(|suite| suite.cipher == Cipher::Null) {
            return true;
        }
        let secrets = self.context.secrets;
        if secrets.is_empty() {
            return false;
        }
        negotiation.client_random.is_some_and(|random| secrets.of(&random).is_some())
    }
}

impl Records for Turn<'_, '_> {
    fn wants(&self, head: &Head) -> bool {
        head.content_type != content::APPLICATION_DATA || self.may_open()
    }

    fn begins(&mut self, offset: u64, before: &[u8]) {
        let place = self.place();
        self.session.summary.begins.of_mut(self.side).get_or_insert((offset, place));
        if offset > 0
            && self.side == Side::Client
            && let Some(protocol) = starttls::of_client(before)
        {
            self.session.summary.starttls = Some(protocol);
        }
    }

    fn record(&mut self, head: &Head, fragment: Option<&[u8]>) {
        self.take_record(head, None, fragment);
    }

    fn cut(&mut self, head: &Head, fragment: &[u8]) {
        if head.content_type == content::HANDSHAKE && !self.is_protected(head) {
            self.content(head, content::HANDSHAKE, fragment);
            self.cut_off();
        }
    }

    fn ssl2(&mut self, message: &[u8]) {
        if message.first() == Some(&1) {
            let hello = handshake::ssl2_client_hello(message, self.place());
            self.begin_handshake(hello, None);
            return;
        }
        let (hello, certificate) = handshake::ssl2_server_hello(message, self.place());
        self.tell(Event::ServerHello(&hello));
        self.session.summary.server_hello.get_or_insert_with(|| Box::new(hello));
        if let Some(certificate) = certificate {
            self.chain(&[certificate], true);
        }
    }

    fn lost(&mut self) {
        self.lose();
        self.hole(None);
        self.state().uncertain = true;
    }

    fn broken(&mut self, offset: u64) {
        let message = "no record begins here".to_owned();
        let kind = crate::error::ErrorKind::BadValue { message };
        self.problem(ParseError::new(offset, "record", kind));
    }
}
