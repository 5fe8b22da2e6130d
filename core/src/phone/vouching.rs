//! What phones asked TVS and what it answered, from captures that can be read and from traces of the service: requests with
//! their answers (A55, A56, A60, E28 to E36).

use core::net::SocketAddr;
use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use crate::bytes::serial_hex;
use crate::evidence::facts::{CaptureFacts, Facts};
use crate::evidence::stores::{Presence, Rows};
use crate::order;
use crate::phone::log::time_text;
use crate::proto::Place;
use crate::proto::tvs::{Message, MessageType};
use crate::report::model::Evidence;
use crate::text::tvs_log::{Answer, Question, TvsSaid};
use crate::text::{Event, Stamp, What};
use crate::time::UnixTime;
use crate::traffic::{Flow, ServiceMessageContent};
use crate::x509::Certificate;

/// A request to TVS, with the answer.
#[derive(Clone, Debug)]
pub struct Vouching<'f> {
    /// The device that asks, else its address.
    pub client: Cow<'f, str>,
    /// The server; a trace does not say whose it is.
    pub server: Option<SocketAddr>,
    /// The connection, in a capture.
    pub flow: Option<&'f Flow>,
    /// Where the phone asks; `None` when that is not in the inputs.
    pub request: Option<Spot>,
    /// Where TVS answers; `None` when that is not in the inputs.
    pub answer: Option<Spot>,
    /// The certificate that is asked about, as far as the messages tell.
    pub asked: Asked<'f>,
    /// What TVS answered; 0 is trusted.
    pub status: Option<u8>,
    /// Whether TVS found the certificate in its store, where a trace tells.
    pub found: Option<bool>,
    /// What comparing the certificate with the one in the store gave, where a trace tells (A62).
    pub compared: Option<i32>,
    /// Roles of the certificate in the store.
    pub roles: Cow<'f, [u16]>,
    /// Seconds for which the phone keeps the answer.
    pub time_to_live: Option<u32>,
    /// The trace goes on so many seconds after the request.
    pub followed: Option<u32>,
}

/// A place in a capture or a trace.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// The input.
    pub input: u32,
    /// Where it stands in it.
    pub place: SpotPlace,
    /// When, in a capture.
    pub time: Option<UnixTime>,
    /// When, in a trace: without date.
    pub stamp: Option<Stamp>,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug)]
pub enum SpotPlace {
    /// In this frame of a capture.
    Frame(u64),
    /// In this line of a trace.
    Line(u64),
}

/// The certificate that a phone asks about. A trace of a day has a hundred thousand questions about a handful of certificates: what it prints
/// of them is not copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked<'f> {
    /// Its subject.
    pub subject: Option<Cow<'f, str>>,
    /// Its issuer.
    pub issuer: Option<Cow<'f, str>>,
    /// Its serial, lower-case hex.
    pub serial: Option<Cow<'f, str>>,
}

/// Requests and answers of all captures and traces.
pub fn vouchings<'f>(facts: &'f Facts<'_>) -> Vec<Vouching<'f>> {
    let mut found: Vec<Vouching<'f>> = facts.captures.iter().flat_map(captured).collect();
    trace(facts, &mut found);
    found
}

/// Those of one capture, by connection, then by session number.
fn captured<'f>(capture: &'f CaptureFacts<'_>) -> Vec<Vouching<'f>> {
    let seen = &capture.content.capture;
    if seen.messages.is_empty() {
        return Vec::new();
    }
    let flows = seen.flows.iter().filter(|flow| flow.tcp.is_some());
    let flows: BTreeMap<u64, &Flow> = order::map(flows.map(|flow| (flow.id, flow)));
    let mut pairs: BTreeMap<(u64, u32), Vec<(&Message, Place)>> = BTreeMap::new();
    for one in &seen.messages {
        if let ServiceMessageContent::Tvs(inspected) = &one.content
            && let Some(message) = &inspected.message
        {
            let key = (one.flow, message.session);
            pairs.entry(key).or_default().push((message, one.at));
        }
    }
    let mut found = Vec::new();
    for ((flow, _), messages) in pairs {
        let Some(flow) = flows.get(&flow).copied() else { continue };
        let of = |wanted: fn(MessageType) -> bool| {
            let mut messages = messages.iter();
            messages.find(|(message, _)| wanted(message.message_type)).copied()
        };
        let request = of(is_request);
        let answer = of(|kind| !is_request(kind));
        let spot = |(_, at): (&Message, Place)| Spot {
            input: capture.input,
            place: SpotPlace::Frame(at.frame),
            time: Some(at.time),
            stamp: None,
        };
        let device = request.and_then(|(message, _)| message.device.as_deref());
        let answered = answer.map(|(message, _)| message);
        found.push(Vouching {
            client: device.map_or_else(|| Cow::Owned(flow.client.ip().to_string()), Cow::Borrowed),
            server: Some(flow.server),
            flow: Some(flow),
            request: request.map(spot),
            answer: answer.map(spot),
            asked: Asked::of(request.map(|(message, _)| message), answered),
            status: answered.and_then(|one| one.status),
            found: None,
            compared: None,
            roles: answered
                .map(|one| one.roles.iter().map(|role| u16::from(*role)).collect())
                .unwrap_or_default(),
            time_to_live: answered.and_then(|one| one.time_to_live),
            followed: None,
        });
    }
    found
}

/// A question of a trace, which may have its answer.
struct Traced<'f> {
    question: Option<(u32, &'f Event, &'f Question)>,
    answer: Option<(u32, &'f Event, &'f Answer)>,
}

/// What a question and its answer share: the kind and the session number, where the trace tells them.
type Key = (Option<MessageType>, Option<u32>);

/// Answers of other parts that are looked at for one question: a trace is cut into a few parts.
const CANDIDATES: usize = 64;

/// Seconds within which the answer to a question stands in the next part of a trace that was cut.
const NEXT_PART: u32 = 30;

/// Those of traces. The answer of a question is the next one of its kind and session number; where a trace was cut between
/// them, it is the first of another part.
fn trace<'f>(facts: &'f Facts<'_>, found: &mut Vec<Vouching<'f>>) {
    let mut all: Vec<Traced<'f>> = Vec::new();
    let mut ends: BTreeMap<u32, u32> = BTreeMap::new();
    for text in &facts.texts {
        // Questions of this trace that wait for their answer.
        let mut open: BTreeMap<Key, usize> = BTreeMap::new();
        for event in &text.text.events {
            let What::Tvs(said) = &event.what else { continue };
            if let Some(stamp) = event.stamp {
                ends.insert(text.input, stamp.seconds);
            }
            match said {
                TvsSaid::Asked(question) => {
                    open.insert((question.kind, question.session), all.len());
                    all.push(Traced {
                        question: Some((text.input, event, question)),
                        answer: None,
                    });
                }
                TvsSaid::Answered(answer) => {
                    let answer = (text.input, event, answer);
                    let waiting =
                        open.remove(&waiting_for(answer.2)).and_then(|at| all.get_mut(at));
                    match waiting {
                        Some(one) => one.answer = Some(answer),
                        None => all.push(Traced { question: None, answer: Some(answer) }),
                    }
                }
                TvsSaid::Session { .. } | TvsSaid::Sessions { .. } | TvsSaid::ListReloaded => {}
            }
        }
    }
    join_parts(&mut all);
    // The same in whatever order the parts of a trace come.
    order::sort_by_key(&mut all, |one| {
        let question = one.question.map(|(_, event, _)| event);
        let event = question.or(one.answer.map(|(_, event, _)| event))?;
        event.stamp.map(|stamp| (stamp.seconds, stamp.micros))
    });
    found.reserve_exact(all.len());
    found.extend(all.into_iter().filter_map(|one| one.vouching(&ends)));
}

/// Answers whose question stands in another part of the trace.
fn join_parts(all: &mut [Traced<'_>]) {
    let mut alone: BTreeMap<Key, VecDeque<usize>> = BTreeMap::new();
    for (index, one) in all.iter().enumerate() {
        if one.question.is_none()
            && let Some((_, _, answer)) = one.answer
        {
            alone.entry(waiting_for(answer)).or_default().push_back(index);
        }
    }
    for index in 0..all.len() {
        let Some((input, event, question)) =
            all.get(index).filter(|one| one.answer.is_none()).and_then(|one| one.question)
        else {
            continue;
        };
        let Some(candidates) = alone.get_mut(&(question.kind, question.session)) else { continue };
        let at = event.stamp.map(|stamp| stamp.seconds);
        let fits = |other: &usize| {
            let answer = all.get(*other).and_then(|one| one.answer);
            answer.is_some_and(|(from, event, _)| {
                let later = event.stamp.map(|stamp| stamp.seconds);
                let wait = later.zip(at).and_then(|(later, at)| later.checked_sub(at));
                from != input && wait.is_some_and(|wait| wait <= NEXT_PART)
            })
        };
        let Some(place) = candidates.iter().take(CANDIDATES).position(fits) else { continue };
        let Some(other) = candidates.remove(place) else { continue };
        let answer = all.get_mut(other).and_then(|one| one.answer.take());
        if let Some(one) = all.get_mut(index) {
            one.answer = answer;
        }
    }
}

/// The question that an answer is for.
fn waiting_for(answer: &Answer) -> Key {
    let kind = answer.kind.map(|kind| match kind {
        MessageType::QueryRequest | MessageType::QueryResponse => MessageType::QueryRequest,
        MessageType::VerificationRequest | MessageType::VerificationResponse => {
            MessageType::VerificationRequest
        }
    });
    (kind, answer.session)
}

impl<'f> Traced<'f> {
    fn vouching(self, ends: &BTreeMap<u32, u32>) -> Option<Vouching<'f>> {
        if self.question.is_none() && self.answer.is_none() {
            return None;
        }
        let spot = |input: u32, event: &Event| Spot {
            input,
            place: SpotPlace::Line(event.line),
            time: None,
            stamp: event.stamp,
        };
        let question = self.question.map(|(_, _, question)| question);
        let answer = self.answer.map(|(_, _, answer)| answer);
        let client = question.and_then(|one| one.device.as_deref().or(one.address.as_deref()));
        let followed = self
            .question
            .and_then(|(input, event, _)| ends.get(&input)?.checked_sub(event.stamp?.seconds));
        Some(Vouching {
            client: Cow::Borrowed(client.unwrap_or("a phone")),
            server: None,
            flow: None,
            request: self.question.map(|(input, event, _)| spot(input, event)),
            answer: self.answer.map(|(input, event, _)| spot(input, event)),
            asked: Asked {
                subject: question.and_then(|one| one.subject.as_deref()).map(Cow::Borrowed),
                issuer: question.and_then(|one| one.issuer.as_deref()).map(Cow::Borrowed),
                serial: question.and_then(|one| one.serial.as_deref()).map(Cow::Borrowed),
            },
            status: answer.and_then(|one| one.status),
            found: question.and_then(Question::is_found),
            compared: question.and_then(|one| one.compared),
            roles: Cow::Borrowed(question.map_or(&[], |one| one.roles.as_slice())),
            time_to_live: answer.and_then(|one| one.time_to_live),
            followed,
        })
    }
}

fn is_request(kind: MessageType) -> bool {
    matches!(kind, MessageType::VerificationRequest | MessageType::QueryRequest)
}

impl<'f> Asked<'f> {
    fn of(request: Option<&'f Message>, answer: Option<&'f Message>) -> Self {
        let der = request.and_then(|one| one.certificate.as_deref());
        let der = der.or_else(|| answer.and_then(|one| one.certificate.as_deref()));
        let certificate = der.and_then(|der| Certificate::parse(der, 0).ok());
        let certificate = certificate.as_ref();
        let or = |own: Option<&'f str>, other: fn(&Certificate) -> String| {
            own.map(Cow::Borrowed).or_else(|| certificate.map(other).map(Cow::Owned))
        };
        Self {
            subject: or(request.and_then(|one| one.subject.as_deref()), |one| {
                one.subject.to_string()
            }),
            issuer: or(request.and_then(|one| one.issuer.as_deref()), |one| one.issuer.to_string()),
            serial: or(request.and_then(|one| one.serial.as_deref()), |one| {
                serial_hex(&one.serial)
            }),
        }
    }
}

impl Asked<'_> {
    /// The subject, or what else names the certificate.
    pub fn name(&self) -> String {
        match (&self.subject, &self.issuer) {
            (Some(subject), _) => subject.as_ref().to_owned(),
            (None, Some(issuer)) => format!("a certificate that {issuer} issued"),
            (None, None) => "a certificate".to_owned(),
        }
    }
}

impl Vouching<'_> {
    /// What the certificate lists among the inputs say of the certificate that is asked about.
    pub fn listed<'a>(&self, rows: &Rows<'a>) -> Presence<'a> {
        let asked = &self.asked;
        match &asked.serial {
            Some(serial) => rows.with(serial, asked.subject.as_deref(), asked.issuer.as_deref()),
            None => Presence::Unknown,
        }
    }

    /// Whether TVS vouches: its answer, else what its trace says that it found.
    pub fn is_trusted(&self) -> Option<bool> {
        self.status.map(|status| status == 0).or(self.found)
    }

    /// Places of request and answer.
    pub fn evidence(&self) -> Vec<Evidence> {
        let spots = [&self.request, &self.answer].into_iter().flatten();
        spots.map(Spot::evidence).collect()
    }

    /// ` at 10.1.1.1:2445`; nothing for a trace.
    pub fn at_server(&self) -> String {
        self.server.map_or_else(String::new, |server| format!(" at {server}"))
    }

    /// `10.1.1.1`, or words for the server of a trace.
    pub fn host(&self) -> String {
        let host = self.server.map(|server| server.ip().to_string());
        host.unwrap_or_else(|| "the server of this trace".to_owned())
    }

    /// Until when the phone keeps the answer.
    pub fn until(&self) -> Option<String> {
        const DAY: u64 = 86_400;
        let seconds = self.time_to_live?;
        let answer = self.answer.as_ref()?;
        if let Some(time) = answer.time {
            return Some(time.plus(i64::from(seconds)).to_string());
        }
        let stamp = answer.stamp?;
        let end = u64::from(stamp.seconds).saturating_add(u64::from(seconds));
        let clock =
            Stamp { seconds: u32::try_from(end % DAY).unwrap_or_default(), ..Stamp::default() };
        let day = match end / DAY {
            0 => "the same day".to_owned(),
            1 => "the next day".to_owned(),
            days => format!("{days} days later"),
        };
        Some(format!("{} of the server's clock, {day}", time_text(&clock)))
    }
}

impl Spot {
    /// Where it stands.
    pub fn evidence(&self) -> Evidence {
        let input = self.input;
        match self.place {
            SpotPlace::Frame(frame) => {
                Evidence { input, frame: Some(frame), ..Evidence::default() }
            }
            SpotPlace::Line(line) => Evidence { input, line: Some(line), ..Evidence::default() },
        }
    }

    /// `frame 20`, `line 5 (18:01:06.345)`.
    pub fn words(&self) -> String {
        let place = match self.place {
            SpotPlace::Frame(frame) => format!("frame {frame}"),
            SpotPlace::Line(line) => format!("line {line}"),
        };
        match self.stamp {
            Some(stamp) => format!("{place} ({})", time_text(&stamp)),
            None => place,
        }
    }
}

/// The trust lists and signed files among the inputs by the serial of their signer, which is all that a query of TVS needs:
/// where the first of each begins.
pub fn signed_by_serial(facts: &Facts<'_>) -> BTreeMap<String, Evidence> {
    let lists = facts.trust_lists.iter().map(|one| (one.evidence(), &one.list.header));
    let files = facts.signed_files.iter().map(|one| {
        let place = Evidence { input: one.input, offset: Some(0), ..Evidence::default() };
        (place, &one.file.header)
    });
    let mut signed = BTreeMap::new();
    for (place, header) in lists.chain(files) {
        if let Some(serial) = header.signer_serial.as_deref() {
            signed.entry(serial_hex(serial)).or_insert(place);
        }
    }
    signed
}
