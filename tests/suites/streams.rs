//! The streams that captures are played from: what is handed out is what the peers said, for every way of cutting the file.
#![allow(clippy::indexing_slicing, reason = "what is made here is there")]

use std::collections::BTreeMap;
use std::fs;

use tlvet_core::proto::Place;
use tlvet_core::proto::tls::{self, Secrets};
use tlvet_core::traffic::{Analysis, StreamEvent, StreamNews, Streams, StreamsFacts};
use tlvet_tests::{Failure, files_below, folder};

type Result<T> = std::result::Result<T, Failure>;

fn told(file: &[u8], chunk: usize) -> (Vec<StreamEvent>, StreamsFacts) {
    let mut streams = Streams::default();
    let mut events = Vec::new();
    for chunk in file.chunks(chunk) {
        events.extend(streams.push(chunk));
    }
    let (rest, facts) = streams.end();
    events.extend(rest);
    (events, facts)
}

/// Reads each connection again from what was handed out: server name, certificates, roles.
#[test]
fn what_is_handed_out_says_what_the_capture_says() -> Result<()> {
    let mut played = 0;
    for path in files_below(&folder().join("captures"))? {
        if path.extension().is_none_or(|kind| kind != "pcapng") {
            continue;
        }
        let name = path.display().to_string();
        let file = fs::read(&path)?;
        let (events, facts) = told(&file, usize::MAX);
        assert_eq!(told(&file, 7), (events.clone(), facts.clone()), "{name}");
        assert!(facts.capture && facts.problems.is_empty(), "{name}: {facts:?}");

        let mut analysis = Analysis::new(Secrets::default());
        analysis.push(&file);
        let (capture, _) = analysis.end();
        let flows: BTreeMap<u64, _> = capture
            .flows
            .iter()
            .filter_map(|flow| Some((flow.id, (flow, flow.tls.as_ref()?))))
            .filter(|(_, (_, tls))| tls.starttls.is_none())
            .collect();

        let mut readers: BTreeMap<u64, (tls::Connection, bool)> = BTreeMap::new();
        for event in &events {
            let place = Place::from(event.at);
            let (secrets, observer) = (Secrets::default(), &mut |_: tls::Event<'_>| {});
            let mut context = tls::Context { place, secrets: &secrets, observer };
            match &event.what {
                StreamNews::Opened { client, server, server_name, first } => {
                    let (flow, tls) = flows[&event.id];
                    assert_eq!((*client, *server), (flow.client, flow.server), "{name}");
                    assert_eq!(first.frame, flow.first_frame, "{name}");
                    let hello = tls.client_hello.as_ref();
                    assert_eq!(
                        *server_name,
                        hello.and_then(|one| one.server_name.clone()),
                        "{name}"
                    );
                    readers.insert(event.id, Default::default());
                }
                StreamNews::Said { side, bytes } => {
                    if let Some((reader, _)) = readers.get_mut(&event.id) {
                        reader.push(*side, bytes, &mut context);
                    }
                }
                StreamNews::Ended { side } => {
                    if let Some((reader, _)) = readers.get_mut(&event.id) {
                        reader.end(*side, &mut context);
                    }
                }
                StreamNews::Closed { ended_by } => {
                    assert_eq!(*ended_by, flows[&event.id].0.ended_by, "{name}");
                    readers.entry(event.id).and_modify(|(_, closed)| *closed = true);
                }
                other => panic_of(&name, other)?,
            }
        }
        assert_eq!(readers.len(), flows.len(), "{name}");
        for (id, (reader, closed)) in readers {
            assert!(closed, "{name}: connection {id} is not closed");
            let (seen, whole) = (reader.summary(), flows[&id].1);
            assert_eq!(seen.server_certificates, whole.server_certificates, "{name}");
            assert_eq!(seen.client_certificates, whole.client_certificates, "{name}");
            // What a capture's own secrets open is not opened here.
            let alerts = |summary: &tls::Summary| -> Vec<_> {
                summary.alerts.iter().map(|alert| (alert.from, alert.at)).collect()
            };
            assert_eq!(alerts(seen), alerts(whole), "{name}");
            assert_eq!(seen.resumed, whole.resumed, "{name}");
            played += 1;
        }
    }
    assert!(played >= 18, "{played} connections of TLS");
    Ok(())
}

fn panic_of(name: &str, what: &StreamNews) -> Result<()> {
    Err(anyhow::anyhow!("{name}: these captures are whole, but {what:?}").into())
}

/// Without its first packets a connection cannot be played, and is told once.
#[test]
fn a_capture_that_begins_late_says_so() -> Result<()> {
    let file = fs::read(folder().join("captures/tls12.pcapng"))?;
    let (events, _) = told(&file, usize::MAX);
    let hello = events
        .iter()
        .find(|event| matches!(event.what, StreamNews::Opened { .. }))
        .map(|event| event.at.frame);
    let late = without_packets(&file, hello.unwrap_or_default());
    let (events, facts) = told(&late, usize::MAX);
    let unplayable = |event: &StreamEvent| matches!(event.what, StreamNews::Unplayable { .. });
    assert_eq!(events.iter().filter(|event| unplayable(event)).count(), 1, "{events:?}");
    assert_eq!((events.len(), facts.others), (1, 0));
    Ok(())
}

/// A pcapng without its first so many packets.
fn without_packets(file: &[u8], count: u64) -> Vec<u8> {
    let (mut left, mut rest, mut kept) = (count, file, Vec::new());
    while let Some(head) = rest.first_chunk::<8>() {
        let kind = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let (block, behind) = rest.split_at(length.min(rest.len()));
        // 6 is an Enhanced Packet Block.
        if kind == 6 && left > 0 {
            left -= 1;
        } else {
            kept.extend_from_slice(block);
        }
        rest = behind;
    }
    kept
}
