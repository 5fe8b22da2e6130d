//! DNS messages: which name somebody asked for, and what the answer was (RFC 1035, 6891).
//!
//! Written here and not taken from a library because captures cut messages: what is whole is read, the rest is named.

use core::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::Place;
use crate::bytes::{Reader, hex};
use crate::error::{ErrorKind, ParseError};
use crate::limits;

/// The port of DNS.
pub const PORT: u16 = 53;

const HEAD: usize = 12;

/// A record of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Whose.
    pub name: String,
    /// Type's number.
    pub kind: u16,
    /// Seconds.
    pub time_to_live: u32,
    /// Address, name, or `priority weight port name` of SRV; hex for types that are not read.
    pub data: String,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Number that ties question and answer.
    pub id: u16,
    /// It is an answer.
    pub response: bool,
    /// 0 is a query.
    pub opcode: u8,
    /// The answer was too long for a datagram.
    pub truncated: bool,
    /// The code of the answer, upper bits of EDNS included.
    pub response_code: u16,
    /// The name that is asked for, without a final dot; `.` is the root.
    pub name: String,
    /// The type that is asked for.
    pub kind: u16,
    /// The answers, up to [`limits::DNS_ANSWERS`].
    pub answers: Vec<Record>,
    /// Where reading stopped.
    pub problem: Option<ParseError>,
}

impl Message {
    /// The code in words: `NXDOMAIN`.
    pub fn response_code_name(&self) -> String {
        match self.response_code {
            0 => "NOERROR",
            1 => "FORMERR",
            2 => "SERVFAIL",
            3 => "NXDOMAIN",
            4 => "NOTIMP",
            5 => "REFUSED",
            6 => "YXDOMAIN",
            7 => "YXRRSET",
            8 => "NXRRSET",
            9 => "NOTAUTH",
            10 => "NOTZONE",
            16 => "BADVERS",
            code => return format!("RCODE{code}"),
        }
        .to_owned()
    }

    /// The asked type in words: `AAAA`.
    pub fn kind_name(&self) -> String {
        kind_name(self.kind)
    }
}

mod kind {
    pub(super) const A: u16 = 1;
    pub(super) const NS: u16 = 2;
    pub(super) const CNAME: u16 = 5;
    pub(super) const SOA: u16 = 6;
    pub(super) const PTR: u16 = 12;
    pub(super) const MX: u16 = 15;
    pub(super) const TXT: u16 = 16;
    pub(super) const AAAA: u16 = 28;
    pub(super) const SRV: u16 = 33;
    pub(super) const NAPTR: u16 = 35;
    pub(super) const OPT: u16 = 41;
    pub(super) const HTTPS: u16 = 65;
    pub(super) const ANY: u16 = 255;
}

/// Name of a type; `TYPE1234` where it has none here (RFC 3597).
pub fn kind_name(number: u16) -> String {
    match number {
        kind::A => "A",
        kind::NS => "NS",
        kind::CNAME => "CNAME",
        kind::SOA => "SOA",
        kind::PTR => "PTR",
        kind::MX => "MX",
        kind::TXT => "TXT",
        kind::AAAA => "AAAA",
        kind::SRV => "SRV",
        kind::NAPTR => "NAPTR",
        kind::HTTPS => "HTTPS",
        kind::ANY => "ANY",
        _ => return format!("TYPE{number}"),
    }
    .to_owned()
}

/// Reads a message of exactly one question, as all clients send. Records that are cut or damaged end the list, and
/// `problem` tells where.
///
/// # Errors
/// When head or question cannot be read, or there is not one question: then it may not be DNS at all.
pub fn parse(bytes: &[u8]) -> Result<Message, ParseError> {
    let mut reader = Reader::new(bytes);
    let id = reader.u16("id")?;
    let flags = reader.u16("flags")?;
    let [questions, answers, authorities, additional] = [
        reader.u16("questions")?,
        reader.u16("answers")?,
        reader.u16("authorities")?,
        reader.u16("additional")?,
    ];
    if questions != 1 {
        let message = format!("{questions} questions; 1 is usual");
        return Err(ParseError::new(4, "questions", ErrorKind::BadValue { message }));
    }
    let name = name(bytes, &mut reader)?;
    let kind = reader.u16("type")?;
    let class = reader.u16("class")?;
    // Internet; multicast DNS has a flag in the upper bit.
    if class & 0x7fff != 1 && class != 255 {
        let message = format!("class {class} is not the Internet");
        return Err(ParseError::new(reader.offset(), "class", ErrorKind::BadValue { message }));
    }
    let mut message = Message {
        id,
        response: flags & 0x8000 != 0,
        opcode: u8::try_from((flags >> 11) & 0x0f).unwrap_or_default(),
        truncated: flags & 0x0200 != 0,
        response_code: flags & 0x0f,
        name,
        kind,
        answers: Vec::new(),
        problem: None,
    };
    let total =
        u32::from(answers).saturating_add(authorities.into()).saturating_add(additional.into());
    message.problem = read_records(bytes, &mut reader, &mut message, answers.into(), total).err();
    Ok(message)
}

fn read_records<'a>(
    bytes: &'a [u8],
    reader: &mut Reader<'a>,
    message: &mut Message,
    answers: u32,
    total: u32,
) -> Result<(), ParseError> {
    for number in 0..total {
        let name = name(bytes, reader)?;
        let kind = reader.u16("type")?;
        reader.u16("class")?;
        let time_to_live = reader.u32("ttl")?;
        let length = usize::from(reader.u16("rdlength")?);
        let data = reader.sub(length, "rdata")?;
        if kind == kind::OPT {
            // The upper 8 bits of a code of 12 stand in the upper bits of the TTL (RFC 6891 section 6.1.3).
            let upper = u16::try_from(time_to_live >> 24).unwrap_or_default();
            message.response_code |= upper << 4;
        } else if number < answers && message.answers.len() < limits::DNS_ANSWERS {
            let data = data_text(bytes, kind, data)?;
            message.answers.push(Record { name, kind, time_to_live, data });
        }
    }
    Ok(())
}

fn data_text<'a>(bytes: &'a [u8], kind: u16, mut data: Reader<'a>) -> Result<String, ParseError> {
    /// Bytes of a record of another type that are shown.
    const SHOWN: usize = 64;
    let address = |length: usize, rest: &[u8]| (rest.len() == length).then(|| rest.to_vec());
    Ok(match kind {
        kind::A if let Some(raw) = address(4, data.rest()) => {
            let raw: [u8; 4] = raw.try_into().unwrap_or_default();
            Ipv4Addr::from(raw).to_string()
        }
        kind::AAAA if let Some(raw) = address(16, data.rest()) => {
            let raw: [u8; 16] = raw.try_into().unwrap_or_default();
            Ipv6Addr::from(raw).to_string()
        }
        kind::NS | kind::CNAME | kind::PTR => name(bytes, &mut data)?,
        kind::MX => {
            let preference = data.u16("preference")?;
            format!("{preference} {}", name(bytes, &mut data)?)
        }
        kind::SRV => {
            let [priority, weight, port] =
                [data.u16("priority")?, data.u16("weight")?, data.u16("port")?];
            format!("{priority} {weight} {port} {}", name(bytes, &mut data)?)
        }
        _ => hex(data.rest().get(..SHOWN).unwrap_or(data.rest())),
    })
}

/// A name (RFC 1035 section 4.1.4). Pointers must go backwards, so that they end.
fn name<'a>(bytes: &'a [u8], reader: &mut Reader<'a>) -> Result<String, ParseError> {
    const FIELD: &str = "name";
    const LONGEST: usize = 255;
    let mut text = String::new();
    let mut length = 0_usize;
    let mut here = reader.clone();
    let mut behind = None;
    loop {
        let at = here.offset();
        let bad = |message: &str| {
            ParseError::new(at, FIELD, ErrorKind::BadValue { message: message.to_owned() })
        };
        let label = here.u8(FIELD)?;
        match label >> 6 {
            0 if label == 0 => break,
            0 => {
                let label = here.take(usize::from(label), FIELD)?;
                length = length.saturating_add(label.len()).saturating_add(1);
                if length > LONGEST {
                    return Err(bad("is longer than 255 bytes"));
                }
                if !text.is_empty() {
                    text.push('.');
                }
                for byte in label {
                    if byte.is_ascii_graphic() && !b".\\".contains(byte) {
                        text.push(char::from(*byte));
                    } else {
                        // As in zone files: a backslash and three decimal digits.
                        text.push_str(&format!("\\{byte:03}"));
                    }
                }
            }
            3 => {
                let low = here.u8(FIELD)?;
                let target = (u64::from(label & 0x3f) << 8) | u64::from(low);
                behind.get_or_insert_with(|| here.clone());
                if target >= at {
                    return Err(bad("points forward"));
                }
                let start = usize::try_from(target).unwrap_or(usize::MAX);
                // Nothing behind the pointer itself is read again: each pointer leads further back.
                let end = usize::try_from(at).unwrap_or(usize::MAX);
                here = Reader::at(bytes.get(start..end).unwrap_or_default(), target);
            }
            _ => return Err(bad("has a label of an unknown kind")),
        }
    }
    *reader = behind.unwrap_or(here);
    if text.is_empty() {
        text.push('.');
    }
    Ok(text)
}

/// DNS over TCP: messages behind a length of 2 bytes (RFC 7766).
#[derive(Clone, Debug)]
pub struct Stream {
    framer: super::framing::Framer,
}

impl Default for Stream {
    fn default() -> Self {
        Self { framer: super::framing::Framer::new(2, 0) }
    }
}

impl Stream {
    /// The next piece of one side; `take` gets every message that is complete. What is no DNS ends it.
    pub fn push(&mut self, bytes: &[u8], place: Place, mut take: impl FnMut(Message, Place)) {
        self.framer.push(bytes, place, |message, _, place| {
            let message = message.get(2..).unwrap_or_default();
            match parse(message) {
                Ok(message) => {
                    take(message, place);
                    true
                }
                Err(_) => false,
            }
        });
    }

    /// Bytes held.
    pub fn held(&self) -> usize {
        self.framer.held()
    }
}

/// Could this be DNS? The head of 12 bytes fits: one question, few records, a known opcode, the reserved bit clear.
pub fn looks_like_dns(bytes: &[u8]) -> bool {
    let numbers = bytes.get(..HEAD).map(|head| {
        let mut reader = Reader::new(head);
        [0; 6].map(|_| reader.u16("head").unwrap_or_default())
    });
    numbers.is_some_and(|[_, flags, questions, answers, authorities, additional]| {
        questions == 1
            && (flags >> 11) & 0x0f <= 6
            && flags & 0x40 == 0
            && [answers, authorities, additional].iter().all(|count| *count <= 512)
    })
}
