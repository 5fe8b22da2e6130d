//! Texts: each format is read from any bytes, in pieces of any size, up to the report.

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
