//! Texts: each format is read from any bytes, in pieces of any size, up to the report.

use tlvet_core::limits;
use tlvet_core::text::expressway::Kind;
use tlvet_core::text::listing::arithmetic;
use tlvet_core::text::{Reader, Text};

use crate::session;

/// Windows: exports and queries of the registry, events, services, pages of TMS.
pub fn registry(data: &[u8]) {
    let text = steady(data);
    let values = text.registry.iter().map(|key| key.values.len()).sum::<usize>();
    assert!(values + text.registry.len() <= data.len(), "more keys than bytes");
    session(data);
}

/// Packet lists, and details of packets.
pub fn packet_list(data: &[u8]) {
    let text = steady(data);
    let lines = usize::try_from(text.lines).expect("lines fit");
    assert!(text.packets.len() + text.details.len() <= lines);
    session(data);
}

/// A log of an Expressway, or of a traffic server.
pub fn expressway_log(data: &[u8]) {
    let text = steady(data);
    assert!(text.events.len() <= limits::TEXT_EVENTS);
    for event in &text.events {
        assert!(event.text.chars().count() <= limits::TEXT_EXCERPT);
        let Some(said) = event.what.expressway() else { continue };
        if let Kind::Error(exchange) = &said.kind {
            assert!((400..600).contains(&exchange.status));
        }
    }
    session(data);
}

/// Settings and status of an Expressway, as text and as XML.
pub fn xconfiguration(data: &[u8]) {
    let read = steady(data);
    assert!(read.settings.len() <= limits::XCONFIGURATION_SETTINGS);
    for setting in &read.settings {
        assert!((1..=read.lines).contains(&setting.line), "line {}", setting.line);
        assert!(!setting.path.contains("password"), "a password is kept");
    }
    session(data);
}

/// Console logs and status messages of phones.
pub fn phone_log(data: &[u8]) {
    steady(data);
    session(data);
}

/// Traces of TVS, with certificates and messages in hexadecimal dumps.
pub fn tvs_log(data: &[u8]) {
    let text = steady(data);
    for carried in &text.carried {
        assert!(carried.bytes.len() <= limits::TEXT_CARRIED_BYTES);
        assert!(carried.bytes.len() * 2 <= data.len(), "more bytes than the text has digits");
    }
    session(data);
}

/// Listings of trust lists, certificate lists and answers of CUCM's database, up to the report. What a listing adds up
/// stands on its lines, and one that is complete has no fault.
pub fn listing(data: &[u8]) {
    let text = steady(data);
    for listing in &text.listings {
        let judgement = arithmetic::judge(listing);
        assert!((listing.line..=listing.last_line).contains(&listing.line));
        assert!(listing.last_line <= text.lines, "a line behind the last one");
        if judgement.shape == arithmetic::Shape::Complete {
            assert!(judgement.faults.is_empty(), "complete and faulty");
        }
        assert_eq!(listing.records.len(), listing.list.records.len());
    }
    session(data);
}

/// The text, which is the same however its bytes come, and whose parts stand on lines that it has.
fn steady(data: &[u8]) -> Text {
    let read = |size: usize| {
        let mut reader = Reader::default();
        for piece in data.chunks(size.max(1)) {
            reader.push(piece);
        }
        reader.end()
    };
    let text = read(data.len());
    assert_eq!(text, read(7), "pieces changed the text");
    assert!(text.understood() <= text.lines);
    for event in &text.events {
        assert!((1..=text.lines).contains(&event.line));
    }
    text
}
