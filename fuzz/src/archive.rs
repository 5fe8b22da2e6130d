//! What is asked of an archive, whatever its bytes are: the same members in any chunks, each ended once, and what comes out bounded
//! by the cap that its taker sets.

use tlvet_core::archive::{Archive, End, Facts, Limit, Member, Sink, looks_like};

/// Bytes that are taken of one archive: inflation is bounded by the taker, not by the framing.
const TAKEN: usize = 4 << 20;

#[derive(Debug, Default, PartialEq)]
struct Taken {
    members: Vec<(Member, Option<Result<(), String>>)>,
    bytes: usize,
    /// Not a digest: enough to tell two runs apart.
    sum: u64,
}

impl Sink for Taken {
    fn begin(&mut self, member: Member) -> Result<(), Limit> {
        assert!(self.members.last().is_none_or(|(_, end)| end.is_some()), "the last one is open");
        assert!(!member.name.chars().any(char::is_control), "{:?}", member.name);
        self.members.push((member, None));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8], _at: u64) -> Result<(), Limit> {
        assert!(self.members.last().is_some_and(|(_, end)| end.is_none()), "no member is open");
        self.bytes += bytes.len();
        for byte in bytes {
            self.sum = self.sum.wrapping_mul(31).wrapping_add(u64::from(*byte));
        }
        if self.bytes > TAKEN { Err(Limit::Bytes) } else { Ok(()) }
    }

    fn end(&mut self, end: End<'_>) {
        let (_, ended) = self.members.last_mut().expect("a member");
        assert!(ended.is_none(), "ended twice");
        *ended = Some(match end {
            End::Whole => Ok(()),
            End::Broken(reason) => Err(reason.to_owned()),
        });
    }
}

fn read(data: &[u8], chunk: usize) -> Option<(Taken, Facts)> {
    let mut taken = Taken::default();
    let mut archive = Archive::new(looks_like(data)?, "fuzz.gz");
    for chunk in data.chunks(chunk.max(1)) {
        archive.push(chunk, &mut taken);
    }
    let facts = archive.end(&mut taken);
    assert!(taken.members.iter().all(|(_, end)| end.is_some()), "a member has no end");
    Some((taken, facts))
}

/// An archive.
pub(crate) fn file(data: &[u8]) {
    let whole = read(data, data.len());
    let chunk = 1 + data.len() / 7;
    assert_eq!(whole, read(data, chunk), "chunks of {chunk} changed what came out");
}
