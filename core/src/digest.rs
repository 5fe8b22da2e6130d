//! MD5, SHA-1 and SHA-256, computed as chunks arrive.
//!
//! WebAssembly has none of the instructions that processors have for SHA-1 and SHA-256: there a hash costs several times as
//! much. A door that runs the engine inside a program which can use them lends it their compression functions
//! ([`lend`]); everything else about a digest (blocks, padding, lengths) happens here. Whose functions compute is nothing
//! that a report shows: FIPS 180-4 leaves one answer.

use std::sync::OnceLock;

use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};

/// Bytes of a block of all three digests.
const BLOCK: usize = 64;

/// A block of the message.
pub type Block = [u8; BLOCK];

/// The compression functions of FIPS 180-4 sections 6.1.2 and 6.2.2: each takes the hash value so far, as words, and the
/// blocks that follow, in order.
#[derive(Clone, Copy, Debug)]
pub struct Compression {
    /// Of SHA-1.
    pub sha1: fn(&mut [u32; 5], &[Block]),
    /// Of SHA-256.
    pub sha256: fn(&mut [u32; 8], &[Block]),
}

/// Those of the engine itself.
const OWN: Compression =
    Compression { sha1: sha1::block_api::compress, sha256: sha2::block_api::compress256 };

static LENT: OnceLock<Compression> = OnceLock::new();

/// From now on these functions compute; only the first ones that are lent do.
pub fn lend(compression: Compression) {
    LENT.get_or_init(|| compression);
}

fn compression() -> &'static Compression {
    LENT.get().unwrap_or(&OWN)
}

/// The three digests that phones, CUCM and this report know a file by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// Shown by older phones on the Trust List screen.
    pub md5: [u8; 16],
    /// Shown by newer phones; also the certificate hash of trust-list records.
    pub sha1: [u8; 20],
    /// How this report names certificates and files.
    pub sha256: [u8; 32],
}

impl Digests {
    /// Of bytes that are all there.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// Of bytes that are all there and whose SHA-256 was computed as they came.
    pub fn beside(sha256: [u8; 32], bytes: &[u8]) -> Self {
        Self { md5: Md5::digest(bytes).into(), sha1: sha1(bytes), sha256 }
    }
}

/// Computes [`Digests`] over chunks.
#[derive(Clone, Debug, Default)]
pub struct Hasher {
    md5: Md5,
    sha1: Sha1,
    sha256: Sha256,
}

impl Hasher {
    /// The next chunk.
    pub fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.sha1.update(bytes);
        self.sha256.update(bytes);
    }

    /// The digests of all chunks.
    pub fn finish(self) -> Digests {
        Digests {
            md5: self.md5.finalize().into(),
            sha1: self.sha1.finish(),
            sha256: self.sha256.finish(),
        }
    }
}

/// Computes SHA-1 over chunks.
#[derive(Clone, Debug)]
pub struct Sha1 {
    state: [u32; 5],
    blocks: Blocks,
}

impl Default for Sha1 {
    fn default() -> Self {
        // FIPS 180-4 section 5.3.1.
        let state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
        Self { state, blocks: Blocks::default() }
    }
}

impl Sha1 {
    /// The next chunk.
    pub fn update(&mut self, bytes: &[u8]) {
        let Self { state, blocks } = self;
        blocks.update(bytes, |whole| (compression().sha1)(state, whole));
    }

    /// The digest of all chunks.
    pub fn finish(mut self) -> [u8; 20] {
        (compression().sha1)(&mut self.state, self.blocks.padded().as_slice());
        bytes(self.state)
    }
}

/// Computes SHA-256 over chunks.
#[derive(Clone, Debug)]
pub struct Sha256 {
    state: [u32; 8],
    blocks: Blocks,
}

impl Default for Sha256 {
    fn default() -> Self {
        // FIPS 180-4 section 5.3.3.
        let state = [
            0x6a09_e667,
            0xbb67_ae85,
            0x3c6e_f372,
            0xa54f_f53a,
            0x510e_527f,
            0x9b05_688c,
            0x1f83_d9ab,
            0x5be0_cd19,
        ];
        Self { state, blocks: Blocks::default() }
    }
}

impl Sha256 {
    /// The next chunk.
    pub fn update(&mut self, bytes: &[u8]) {
        let Self { state, blocks } = self;
        blocks.update(bytes, |whole| (compression().sha256)(state, whole));
    }

    /// The digest of all chunks.
    pub fn finish(mut self) -> [u8; 32] {
        (compression().sha256)(&mut self.state, self.blocks.padded().as_slice());
        bytes(self.state)
    }
}

/// A message cut into blocks, and what is left over of it.
#[derive(Clone, Debug)]
struct Blocks {
    /// The beginning of the next block: as many bytes as the length is beyond whole blocks.
    held: Block,
    /// Bytes of the message so far.
    length: u64,
}

impl Default for Blocks {
    fn default() -> Self {
        Self { held: [0; BLOCK], length: 0 }
    }
}

impl Blocks {
    fn begun(&self) -> usize {
        // Blocks have a power of two of bytes: the lowest byte of the length tells.
        let [lowest, ..] = self.length.to_le_bytes();
        usize::from(lowest) % BLOCK
    }

    /// The next bytes; `whole` is given the blocks that they complete.
    fn update(&mut self, mut bytes: &[u8], mut whole: impl FnMut(&[Block])) {
        let begun = self.begun();
        self.length = self.length.wrapping_add(bytes.len() as u64);
        if begun > 0
            && let Some(room) = self.held.get_mut(begun..)
        {
            let (head, rest) = bytes.split_at_checked(room.len()).unwrap_or((bytes, &[]));
            let full = head.len() == room.len();
            room.iter_mut().zip(head).for_each(|(to, from)| *to = *from);
            if !full {
                return;
            }
            whole(core::slice::from_ref(&self.held));
            bytes = rest;
        }
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        if !blocks.is_empty() {
            whole(blocks);
        }
        self.held.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    }

    /// The last block or two: what is held, a bit, zeros, and the length in bits (FIPS 180-4 section 5.1.1).
    fn padded(&self) -> Padded {
        const LENGTH: usize = 8;
        let begun = self.begun();
        let count = if begun + 1 + LENGTH <= BLOCK { 1 } else { 2 };
        let mut padded = Padded { blocks: [[0; BLOCK]; 2], count };
        let bytes = padded.blocks.as_flattened_mut();
        let message = self.held.iter().take(begun).chain(core::iter::once(&0x80));
        bytes.iter_mut().zip(message).for_each(|(to, from)| *to = *from);
        let bits = self.length.wrapping_mul(8).to_be_bytes();
        let place = bytes.iter_mut().skip(count * BLOCK - LENGTH);
        place.zip(bits).for_each(|(to, from)| *to = from);
        padded
    }
}

struct Padded {
    blocks: [Block; 2],
    count: usize,
}

impl Padded {
    fn as_slice(&self) -> &[Block] {
        self.blocks.get(..self.count).unwrap_or(&self.blocks)
    }
}

/// Words as bytes in network order.
fn bytes<const WORDS: usize, const BYTES: usize>(words: [u32; WORDS]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let all = words.into_iter().flat_map(u32::to_be_bytes);
    bytes.iter_mut().zip(all).for_each(|(to, from)| *to = from);
    bytes
}

/// SHA-1 of bytes, as certificate hashes of trust-list records are.
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    sha1_of(&[bytes])
}

/// SHA-1 of pieces, in order.
pub fn sha1_of(pieces: &[&[u8]]) -> [u8; 20] {
    let mut hasher = Sha1::default();
    pieces.iter().for_each(|piece| hasher.update(piece));
    hasher.finish()
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha256_of(&[bytes])
}

/// SHA-256 of pieces, in order.
pub fn sha256_of(pieces: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::default();
    pieces.iter().for_each(|piece| hasher.update(piece));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every length around the ends of blocks, in one chunk and in two, against the crates' own hashers.
    #[test]
    fn every_length_in_any_chunks() {
        let message: Vec<u8> = (0..=255).cycle().take(300).collect();
        for length in 0..message.len() {
            let message = &message[..length];
            let theirs = Digests {
                md5: Md5::digest(message).into(),
                sha1: sha1::Sha1::digest(message).into(),
                sha256: sha2::Sha256::digest(message).into(),
            };
            assert_eq!(Digests::of(message), theirs, "{length}");
            assert_eq!(Digests::beside(theirs.sha256, message), theirs, "{length}");
            for cut in [1, 63, 64, 65, 128] {
                let mut hasher = Hasher::default();
                message.chunks(cut).for_each(|chunk| hasher.update(chunk));
                assert_eq!(hasher.finish(), theirs, "{length} in chunks of {cut}");
            }
        }
    }

    #[test]
    fn of_nothing() {
        let digests = Hasher::default().finish();
        assert_eq!(&digests.sha256[..4], b"\xe3\xb0\xc4\x42");
        assert_eq!(&digests.sha1[..4], b"\xda\x39\xa3\xee");
        assert_eq!(&digests.md5[..4], b"\xd4\x1d\x8c\xd9");
    }
}
