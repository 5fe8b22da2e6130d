//! TCP (RFC 9293): the header of a segment, and one side's stream put together again from its segments.

use std::collections::BTreeMap;

use super::field::{be16, be32};
use super::{Interest, Moment};
use crate::limits;

/// A segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub(super) source: u16,
    pub(super) destination: u16,
    pub(super) sequence: u32,
    pub(super) acknowledgment: Option<u32>,
    pub(super) syn: bool,
    pub(super) fin: bool,
    pub(super) rst: bool,
    /// As far as it was captured.
    pub(super) payload: &'a [u8],
    /// Bytes of the payload that were not captured; they follow `payload`.
    pub(super) missing: usize,
}

impl<'a> Segment<'a> {
    /// Reads a segment of which `missing` bytes at the end were not captured.
    pub(super) fn read(bytes: &'a [u8], missing: usize) -> Option<Self> {
        let [offset, flags] = be16(bytes, 12)?.to_be_bytes();
        let header = usize::from(offset >> 4) * 4;
        if header < 20 || bytes.len() < 20 {
            return None;
        }
        let whole = bytes.len().checked_add(missing)?.checked_sub(header)?;
        let payload = bytes.get(header..).unwrap_or_default();
        Some(Self {
            source: be16(bytes, 0)?,
            destination: be16(bytes, 2)?,
            sequence: be32(bytes, 4)?,
            acknowledgment: if flags & 0x10 == 0 { None } else { Some(be32(bytes, 8)?) },
            syn: flags & 0x02 != 0,
            fin: flags & 0x01 != 0,
            rst: flags & 0x04 != 0,
            payload,
            missing: whole - payload.len(),
        })
    }

    /// Sequence number of the first byte of the payload.
    pub(super) fn data_sequence(&self) -> u32 {
        self.sequence.wrapping_add(u32::from(self.syn))
    }
}

/// Takes a stream in order.
pub(super) trait Receive {
    fn bytes(&mut self, offset: u64, bytes: &[u8], at: Moment) -> Interest;
    fn gap(&mut self, offset: u64, length: u64, at: Moment) -> Interest;
}

/// Packets of a connection after which a hole is a loss, where the peer acknowledged what was in it: it was on
/// the wire, only the capture has it not. A switch or a card reorders within a few packets.
const PATIENCE_ACKNOWLEDGED: u32 = 64;

/// The same where no acknowledgment tells: a lost segment can still be sent again.
const PATIENCE: u32 = 1_024;

/// What a waiting segment costs beside its bytes.
const PIECE: usize = 96;

#[derive(Debug)]
struct Waiting {
    piece: Piece,
    /// The packet that it came with.
    at: Moment,
}

#[derive(Debug)]
enum Piece {
    Bytes(Vec<u8>),
    /// Bytes that were on the wire, but not captured.
    Lost(u64),
}

impl Waiting {
    fn length(&self) -> u64 {
        match &self.piece {
            Piece::Bytes(bytes) => bytes.len() as u64,
            Piece::Lost(length) => *length,
        }
    }

    fn cost(&self) -> usize {
        match &self.piece {
            Piece::Bytes(bytes) => bytes.len() + PIECE,
            Piece::Lost(_) => PIECE,
        }
    }
}

/// What the sequence numbers of one side mean.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    /// Sequence number of offset 0.
    base: Option<u32>,
    /// End of the farthest segment seen: sequence numbers are understood from here, since the next byte to hand on can stand
    /// still or leap.
    farthest: u64,
}

impl Window {
    /// Sequence numbers near those seen; another connection's are elsewhere.
    #[inline]
    pub(super) fn is_near(&self, sequence: u32) -> bool {
        self.distance(sequence).unsigned_abs() <= limits::CAPTURE_SEQUENCE_WINDOW
    }

    /// How far a sequence number is from the farthest byte seen.
    #[inline]
    fn distance(&self, sequence: u32) -> i64 {
        let Some(base) = self.base else { return 0 };
        // Only the lower half of the offset has a part in sequence numbers.
        let low = u32::try_from(self.farthest & u64::from(u32::MAX)).unwrap_or_default();
        i64::from(sequence.wrapping_sub(base.wrapping_add(low)).cast_signed())
    }
}

/// One side of a connection. Offsets count from the first byte of its stream. Of bytes that come twice the first
/// ones count, as in Wireshark.
#[derive(Debug, Default)]
pub(super) struct Reassembly {
    /// What sequence numbers mean.
    window: Window,
    /// Offset of the next byte to hand on.
    next: u64,
    /// Up to here bytes are skipped on demand.
    skipped: u64,
    /// The farthest of the skipped bytes seen.
    passed: u64,
    /// Segments behind a hole, by offset; they do not overlap.
    waiting: BTreeMap<u64, Waiting>,
    /// What `waiting` costs.
    cost: usize,
    /// Up to here the peer has it.
    acknowledged: u64,
    /// Packets of the connection since the hole opened.
    patience: u32,
    /// Offset of the end of the stream.
    end: Option<u64>,
    /// The packet that completed what was handed on last.
    latest: Moment,
    done: bool,
    pub(super) bytes: u64,
    pub(super) repeated: u64,
    pub(super) gaps: u64,
    pub(super) missing: u64,
}

impl Reassembly {
    /// Where the stream begins is known: a SYN, or what the peer acknowledged before anything was seen.
    pub(super) fn begin(&mut self, sequence: u32) {
        self.window.base.get_or_insert(sequence);
    }

    /// The stream begins at this sequence number, or nobody knows where.
    pub(super) fn may_begin(&self, sequence: u32) -> bool {
        self.window.base.is_none_or(|base| base == sequence)
    }

    /// What its sequence numbers mean.
    pub(super) fn window(&self) -> Window {
        self.window
    }

    /// Memory in use.
    pub(super) fn cost(&self) -> usize {
        self.cost
    }

    /// Offset behind the last byte of the stream: its end where that is known, else what was seen or acknowledged.
    pub(super) fn farthest(&self) -> u64 {
        self.end.unwrap_or(self.window.farthest)
    }

    /// All bytes up to the end were handed on, or given up.
    pub(super) fn is_complete(&self) -> bool {
        self.end.is_some_and(|end| end <= self.next)
    }

    /// Nothing more is handed on: what waits lies behind the end.
    pub(super) fn stop(&mut self) {
        self.follow(Interest::Done);
    }

    /// The peer has everything before this sequence number.
    pub(super) fn acknowledge(&mut self, sequence: u32) {
        if self.window.is_near(sequence) {
            self.acknowledged = self.acknowledged.max(self.offset(sequence));
            // What the capture has not, the peer may still have: later segments are near that.
            self.window.farthest = self.window.farthest.max(self.acknowledged);
        }
    }

    /// A segment's payload, of which `missing` bytes at the end were not captured, and perhaps the end of the stream.
    pub(super) fn take(&mut self, segment: &Segment<'_>, at: Moment, receive: &mut impl Receive) {
        if self.is_complete() {
            self.repeated += segment.payload.len() as u64;
            return;
        }
        let sequence = segment.data_sequence();
        self.begin(sequence);
        let distance = self.window.distance(sequence);
        // Bytes before the stream's beginning: probes, or a capture that began a little earlier for the peer.
        let before = distance.saturating_add_unsigned(self.window.farthest);
        let early = usize::try_from(before.min(0).unsigned_abs()).unwrap_or(usize::MAX);
        let offset = u64::try_from(before).unwrap_or_default();
        let payload = segment.payload.get(early..).unwrap_or_default();
        let lost =
            segment.missing.saturating_sub(early.saturating_sub(segment.payload.len())) as u64;
        self.repeated += (segment.payload.len() - payload.len()) as u64;

        let cut = offset + payload.len() as u64;
        let end = cut + lost;
        if segment.fin {
            // What was handed on was there, whatever this segment says.
            self.end.get_or_insert(end.max(self.next.min(self.window.farthest)));
        }
        let fresh = self.fresh(offset, payload);
        if !fresh.is_empty() {
            self.put(cut - fresh.len() as u64, fresh, at, receive);
        }
        if lost > 0 && end > self.next && !self.done {
            self.lose(cut, lost, at, receive);
        }
        self.window.farthest = self.window.farthest.max(end);
    }

    /// A packet of the connection was seen: a hole that waits for too long is a loss.
    pub(super) fn wait(&mut self, at: Moment, receive: &mut impl Receive) {
        if self.waiting.is_empty() {
            self.patience = 0;
            return;
        }
        self.patience += 1;
        let limit = if self.acknowledged > self.next { PATIENCE_ACKNOWLEDGED } else { PATIENCE };
        if self.patience > limit {
            self.give_up_hole(at, receive);
        }
        while self.cost > limits::CAPTURE_WAITING_BYTES_PER_SIDE {
            self.give_up_hole(at, receive);
        }
    }

    /// What waits is handed on, whatever is missing before it.
    pub(super) fn give_up_waiting(&mut self, at: Moment, receive: &mut impl Receive) {
        while !self.waiting.is_empty() {
            self.give_up_hole(at, receive);
        }
    }

    /// Nothing that is missing will come any more.
    pub(super) fn give_up(&mut self, at: Moment, receive: &mut impl Receive) {
        self.give_up_waiting(at, receive);
        if let Some(end) = self.end
            && end > self.next
        {
            self.skip_hole(end, at, receive);
        }
    }

    fn offset(&self, sequence: u32) -> u64 {
        self.window.farthest.saturating_add_signed(self.window.distance(sequence))
    }

    /// The part of a payload that was not handed on before; counts the other part.
    fn fresh<'a>(&mut self, offset: u64, payload: &'a [u8]) -> &'a [u8] {
        let end = offset + payload.len() as u64;
        let old = usize::try_from(self.next.saturating_sub(offset)).unwrap_or(usize::MAX);
        if old == 0 {
            return payload;
        }
        let fresh = payload.get(old..).unwrap_or_default();
        let behind = end - fresh.len() as u64;
        // Skipped bytes count once, roughly: those that reach farther than all before.
        let passed = behind.min(self.skipped);
        let skipped = passed.saturating_sub(offset.max(self.passed));
        self.passed = self.passed.max(passed);
        self.bytes += skipped;
        self.repeated += (behind - offset) - skipped;
        fresh
    }

    /// Bytes at `offset`, which is not before `next`.
    fn put(&mut self, offset: u64, bytes: &[u8], at: Moment, receive: &mut impl Receive) {
        if offset == self.next {
            // What waits may begin inside these bytes.
            let room = self.room(offset, bytes.len());
            let (now, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            if !now.is_empty() {
                self.hand_on(now, at, receive);
            }
            self.hand_on_waiting(receive);
            let behind = offset + room as u64;
            if !rest.is_empty() {
                let fresh = self.fresh(behind, rest);
                if !fresh.is_empty() {
                    let start = behind + (rest.len() - fresh.len()) as u64;
                    self.store(start, fresh, at);
                    self.hand_on_waiting(receive);
                }
            }
        } else {
            self.store(offset, bytes, at);
        }
    }

    /// Bytes until the first waiting piece begins.
    fn room(&self, offset: u64, length: usize) -> usize {
        match self.waiting.range(offset..).next() {
            Some((start, _)) => usize::try_from(start - offset).unwrap_or(length).min(length),
            None => length,
        }
    }

    /// Keeps what no waiting piece covers.
    fn store(&mut self, mut offset: u64, mut bytes: &[u8], at: Moment) {
        if let Some((start, known)) = self.waiting.range(..=offset).next_back() {
            let covered = (start + known.length()).saturating_sub(offset);
            let covered = usize::try_from(covered).unwrap_or(usize::MAX).min(bytes.len());
            self.repeated += covered as u64;
            bytes = bytes.get(covered..).unwrap_or_default();
            offset += covered as u64;
        }
        while !bytes.is_empty() {
            let room = self.room(offset, bytes.len());
            let (piece, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            if !piece.is_empty() {
                self.keep(offset, Piece::Bytes(piece.to_vec()), at);
            }
            let known = match self.waiting.get(&(offset + room as u64)) {
                Some(known) if !rest.is_empty() => known.length(),
                _ => 0,
            };
            let covered = usize::try_from(known).unwrap_or(usize::MAX).min(rest.len());
            self.repeated += covered as u64;
            bytes = rest.get(covered..).unwrap_or_default();
            offset += (room + covered) as u64;
        }
    }

    fn keep(&mut self, offset: u64, piece: Piece, at: Moment) {
        let waiting = Waiting { piece, at };
        self.cost += waiting.cost();
        self.waiting.insert(offset, waiting);
    }

    /// Bytes that were on the wire, but not captured; first come, first served here as well.
    fn lose(&mut self, offset: u64, length: u64, at: Moment, receive: &mut impl Receive) {
        let end = offset + length;
        let mut start = offset.max(self.next);
        if let Some((before, known)) = self.waiting.range(..=start).next_back() {
            start = start.max(before + known.length());
        }
        let until = self.waiting.range(start..).next().map_or(end, |(next, _)| end.min(*next));
        if start < until {
            self.keep(start, Piece::Lost(until - start), at);
            self.hand_on_waiting(receive);
        }
    }

    fn hand_on(&mut self, bytes: &[u8], at: Moment, receive: &mut impl Receive) {
        let offset = self.next;
        // Behind the end of a stream there is nothing, whatever a segment says.
        let room = self.end.map_or(bytes.len() as u64, |end| end.saturating_sub(offset));
        let room = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        let bytes = bytes.get(..room).unwrap_or_default();
        if bytes.is_empty() {
            return;
        }
        self.next += bytes.len() as u64;
        self.bytes += bytes.len() as u64;
        self.latest = self.latest.max(at);
        let interest = receive.bytes(offset, bytes, self.latest);
        self.follow(interest);
    }

    /// Hands on what waits where the stream stands now.
    fn hand_on_waiting(&mut self, receive: &mut impl Receive) {
        while let Some(entry) = self.waiting.first_entry() {
            if *entry.key() > self.next {
                return;
            }
            let (offset, Waiting { piece, at }) = entry.remove_entry();
            self.patience = 0;
            match piece {
                Piece::Bytes(bytes) => {
                    self.cost = self.cost.saturating_sub(bytes.len() + PIECE);
                    // Waiting pieces overlap with nothing: only skipping leaps over them.
                    let old = usize::try_from(self.next - offset).unwrap_or(usize::MAX);
                    self.bytes += old.min(bytes.len()) as u64;
                    let fresh = bytes.get(old..).unwrap_or_default();
                    if !fresh.is_empty() {
                        self.hand_on(fresh, at, receive);
                    }
                }
                Piece::Lost(length) => {
                    self.cost = self.cost.saturating_sub(PIECE);
                    let end = offset + length;
                    if end > self.next {
                        self.skip_hole(end, at, receive);
                    }
                }
            }
        }
    }

    /// The hole at `next` is a loss.
    fn give_up_hole(&mut self, at: Moment, receive: &mut impl Receive) {
        let Some(start) = self.waiting.first_key_value().map(|(start, _)| *start) else { return };
        self.patience = 0;
        if start > self.next {
            self.skip_hole(start, at, receive);
        }
        if start > self.next {
            // All that waits lies behind the end.
            self.waiting.clear();
            self.cost = 0;
        }
        self.hand_on_waiting(receive);
    }

    fn skip_hole(&mut self, until: u64, at: Moment, receive: &mut impl Receive) {
        let until = self.end.map_or(until, |end| until.min(end));
        let (offset, length) = (self.next, until.saturating_sub(self.next));
        if length == 0 {
            return;
        }
        self.next = until;
        self.gaps += 1;
        self.missing += length;
        // What follows does not wait for anything before it.
        self.latest = Moment::default();
        let interest = receive.gap(offset, length, at);
        self.follow(interest);
    }

    fn follow(&mut self, interest: Interest) {
        match interest {
            Interest::More => {}
            Interest::Skip(bytes) => {
                self.passed = self.next;
                self.next = self.next.saturating_add(bytes);
                self.skipped = self.next;
            }
            Interest::Done => {
                self.passed = self.next;
                self.next = u64::MAX;
                self.skipped = u64::MAX;
                self.done = true;
                self.waiting.clear();
                self.cost = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Timestamp;

    /// What one side's stream yields, as text: `abc@1` is bytes with their packet, `[3:2]@5` a gap of two at 3.
    #[derive(Default)]
    struct Heard {
        text: Vec<String>,
        /// What to answer, by offset of what was told.
        answers: Vec<(u64, Interest)>,
    }

    impl Heard {
        fn answer(&self, offset: u64) -> Interest {
            let found = self.answers.iter().find(|(at, _)| *at == offset);
            found.map_or(Interest::More, |(_, interest)| *interest)
        }
    }

    impl Receive for Heard {
        fn bytes(&mut self, offset: u64, bytes: &[u8], at: Moment) -> Interest {
            assert!(!bytes.is_empty());
            self.text.push(format!("{}:{}@{}", offset, String::from_utf8_lossy(bytes), at.frame));
            self.answer(offset)
        }

        fn gap(&mut self, offset: u64, length: u64, at: Moment) -> Interest {
            self.text.push(format!("[{offset}:{length}]@{}", at.frame));
            self.answer(offset)
        }
    }

    fn at(frame: u64) -> Moment {
        Moment { frame, time: Timestamp::default() }
    }

    fn segment(sequence: u32, payload: &[u8]) -> Segment<'_> {
        Segment {
            source: 1,
            destination: 2,
            sequence,
            acknowledgment: None,
            syn: false,
            fin: false,
            rst: false,
            payload,
            missing: 0,
        }
    }

    /// Takes `(sequence, payload)` in this order, as packets 1, 2, 3...
    fn heard(begin: u32, segments: &[(u32, &str)]) -> (Reassembly, Heard) {
        let mut side = Reassembly::default();
        let mut heard = Heard::default();
        side.begin(begin);
        for (frame, (sequence, payload)) in (1..).zip(segments) {
            side.take(&segment(*sequence, payload.as_bytes()), at(frame), &mut heard);
        }
        (side, heard)
    }

    #[test]
    fn segments_are_read_with_their_options() {
        let mut bytes =
            vec![0x1f, 0x90, 0x20, 0xfb, 0, 0, 0, 7, 0, 0, 0, 9, 0x60, 0x19, 1, 0, 0, 0, 0, 0];
        bytes.extend([1, 1, 1, 0]);
        bytes.extend(b"data");
        let read = Segment::read(&bytes, 2).unwrap();
        assert_eq!(
            read,
            Segment {
                source: 8080,
                destination: 8443,
                sequence: 7,
                acknowledgment: Some(9),
                syn: false,
                fin: true,
                rst: false,
                payload: b"data",
                missing: 2,
            }
        );
        let cut = Segment::read(&bytes[..22], 8).unwrap();
        assert_eq!((cut.payload, cut.missing), (&b""[..], 6), "cut inside the options");
        for length in 0..20 {
            assert_eq!(Segment::read(&bytes[..length], 0), None);
        }
        bytes[12] = 0x40;
        assert_eq!(Segment::read(&bytes, 0), None, "a header below its minimum");
        bytes[12] = 0xf0;
        assert_eq!(Segment::read(&bytes, 0), None, "a header beyond the segment");
    }

    #[test]
    fn order_overlap_and_repetition_do_not_show() {
        let (side, heard) = heard(100, &[(103, "def"), (100, "abc"), (100, "abc"), (104, "efghi")]);
        assert_eq!(heard.text, ["0:abc@2", "3:def@2", "6:ghi@4"]);
        assert_eq!((side.bytes, side.repeated, side.gaps, side.cost()), (9, 5, 0, 0));
    }

    #[test]
    fn what_came_first_counts() {
        let (side, heard) =
            heard(0, &[(4, "EF"), (8, "IJ"), (2, "cdefghijkl"), (0, "abXX"), (0, "zzzzzz")]);
        assert_eq!(heard.text.join(" "), "0:ab@4 2:cd@4 4:EF@4 6:gh@4 8:IJ@4 10:kl@4");
        assert_eq!((side.bytes, side.repeated), (12, 4 + 2 + 6));
    }

    #[test]
    fn a_segment_may_cover_what_waits() {
        let (side, heard) = heard(0, &[(2, "c"), (5, "f"), (0, "abcdefgh")]);
        assert_eq!(heard.text.join(" "), "0:ab@3 2:c@3 3:de@3 5:f@3 6:gh@3");
        assert_eq!((side.bytes, side.repeated, side.cost()), (8, 2, 0));
    }

    #[test]
    fn sequence_numbers_wrap() {
        let begin = u32::MAX - 2;
        let (side, heard) =
            heard(begin, &[(1, "ef"), (begin, "abcd"), (3, "gh"), (u32::MAX, "cde")]);
        assert_eq!(heard.text, ["0:abcd@2", "4:ef@2", "6:gh@3"]);
        assert_eq!((side.bytes, side.repeated), (8, 3));
        assert!(!side.window().is_near(begin.wrapping_sub(0x8000_0000)));
    }

    #[test]
    fn a_stream_of_more_than_4_gib_goes_on() {
        let mut side = Reassembly::default();
        let mut heard = Heard { text: Vec::new(), answers: vec![(0, Interest::Skip(5 << 32))] };
        side.take(&segment(0, b"head"), at(1), &mut heard);
        let step = 32 * 1024 * 1024_u32;
        let mut sequence = 4_u32;
        for frame in 0..5 * 128 {
            side.take(&segment(sequence, b"x"), at(frame), &mut heard);
            sequence = sequence.wrapping_add(step);
        }
        // 4 + 5 * 2^32 bytes were on the wire: the next byte is wanted.
        side.take(&segment(sequence, b"tail"), at(1000), &mut heard);
        assert_eq!(heard.text, ["0:head@1", "21474836484:tail@1000"]);
    }

    #[test]
    fn a_hole_is_a_loss_once_the_peer_has_what_was_in_it() {
        let (mut side, mut heard) = heard(0, &[(0, "ab"), (4, "ef"), (6, "gh")]);
        side.acknowledge(8);
        for frame in 4..4 + u64::from(PATIENCE_ACKNOWLEDGED) {
            side.wait(at(frame), &mut heard);
        }
        assert_eq!(heard.text, ["0:ab@1"]);
        side.wait(at(99), &mut heard);
        assert_eq!(heard.text, ["0:ab@1", "[2:2]@99", "4:ef@2", "6:gh@3"]);
        assert_eq!((side.gaps, side.missing, side.bytes), (1, 2, 6));
    }

    #[test]
    fn a_hole_waits_longer_without_acknowledgment() {
        let (mut side, mut heard) = heard(0, &[(4, "ef")]);
        for frame in 0..u64::from(PATIENCE) {
            side.wait(at(frame), &mut heard);
        }
        assert!(heard.text.is_empty());
        side.wait(at(5000), &mut heard);
        assert_eq!(heard.text, ["[0:4]@5000", "4:ef@1"]);
    }

    #[test]
    fn bytes_that_were_not_captured_are_a_gap_at_once() {
        let mut side = Reassembly::default();
        let mut heard = Heard::default();
        side.take(&Segment { missing: 3, ..segment(0, b"ab") }, at(1), &mut heard);
        side.take(&segment(5, b"fg"), at(2), &mut heard);
        side.take(&Segment { missing: 2, ..segment(9, b"j") }, at(3), &mut heard);
        side.take(&segment(7, b"hi"), at(4), &mut heard);
        side.take(&Segment { fin: true, ..segment(12, b"m") }, at(5), &mut heard);
        let expected = ["0:ab@1", "[2:3]@1", "5:fg@2", "7:hi@4", "9:j@4", "[10:2]@3", "12:m@5"];
        assert_eq!(heard.text, expected);
        assert!(side.is_complete());
    }

    #[test]
    fn the_end_waits_for_what_is_before_it() {
        let (mut side, mut heard) = heard(0, &[(0, "ab")]);
        side.take(&Segment { fin: true, ..segment(4, b"e") }, at(2), &mut heard);
        assert!(!side.is_complete());
        side.take(&segment(2, b"cd"), at(3), &mut heard);
        assert!(side.is_complete());
        assert_eq!(heard.text, ["0:ab@1", "2:cd@3", "4:e@3"]);

        let mut lost = Reassembly::default();
        let mut heard = Heard::default();
        lost.begin(0);
        lost.take(&Segment { fin: true, ..segment(4, b"") }, at(2), &mut heard);
        lost.give_up(at(9), &mut heard);
        assert_eq!(heard.text, ["[0:4]@9"]);
        assert!(lost.is_complete());
    }

    #[test]
    fn nothing_is_kept_for_who_does_not_listen() {
        let mut side = Reassembly::default();
        let mut heard = Heard { text: Vec::new(), answers: vec![(2, Interest::Done)] };
        for (sequence, payload) in
            [(0, "ab"), (6, "gh"), (2, "cd"), (4, "ef"), (8, "ij"), (20, "z")]
        {
            side.take(&segment(sequence, payload.as_bytes()), at(1), &mut heard);
        }
        assert_eq!(heard.text, ["0:ab@1", "2:cd@1"]);
        assert_eq!(side.cost(), 0);
        assert!(side.waiting.is_empty());
    }

    #[test]
    fn skipped_bytes_may_be_lost() {
        let mut side = Reassembly::default();
        let mut heard = Heard { text: Vec::new(), answers: vec![(0, Interest::Skip(6))] };
        for (sequence, payload) in [(0, "ab"), (4, "ef"), (10, "kl"), (7, "hij")] {
            side.take(&segment(sequence, payload.as_bytes()), at(1), &mut heard);
        }
        assert_eq!(heard.text, ["0:ab@1", "8:ij@1", "10:kl@1"]);
        assert_eq!((side.gaps, side.bytes), (0, 9));
    }

    #[test]
    fn what_waits_is_capped() {
        let mut side = Reassembly::default();
        let mut heard = Heard::default();
        side.begin(0);
        for number in 0..40_000_u32 {
            side.take(&segment(2 * number + 1, b"x"), at(1), &mut heard);
            side.wait(at(1), &mut heard);
            assert!(side.cost() <= limits::CAPTURE_WAITING_BYTES_PER_SIDE);
        }
        assert!(side.gaps > 0);
    }
}
