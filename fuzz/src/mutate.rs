//! Changes that parsers of nested lengths are afraid of: tags and lengths rather than random bits only.

use crate::random::Random;

/// Mutated inputs stay below this size: seeds are a few KiB, and small inputs run fast.
const LARGEST: usize = 64 * 1024;

/// Lengths at which counters overflow or buffers end.
const LENGTHS: [u16; 8] = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff];

/// Tags of DER: universal, constructed and context-specific ones that certificates use.
const DER_TAGS: [u8; 16] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x30, 0x31, 0x82, 0xa0, 0xa3,
];

/// Changes `data` in one to four places. `words` are the dictionary's, `other` is another seed.
pub fn mutate(data: &mut Vec<u8>, random: &mut Random, words: &[Vec<u8>], other: &[u8]) {
    for _ in 0..=random.below(4) {
        match random.below(10) {
            0 => flip_bit(data, random),
            1 => set_byte(data, random),
            2 => cut(data, random),
            3 => remove(data, random),
            4 => repeat(data, random),
            5 => insert_word(data, random, words),
            6 => splice(data, random, other),
            7 => tlv(data, random),
            8 => der(data, random),
            _ => length_at(data, random),
        }
        data.truncate(LARGEST);
    }
}

fn flip_bit(data: &mut [u8], random: &mut Random) {
    let at = random.below(data.len());
    let bit = random.below(8);
    if let Some(byte) = data.get_mut(at) {
        *byte ^= 1 << bit;
    }
}

fn set_byte(data: &mut [u8], random: &mut Random) {
    let at = random.below(data.len());
    let value = random.byte();
    if let Some(byte) = data.get_mut(at) {
        *byte = value;
    }
}

fn cut(data: &mut Vec<u8>, random: &mut Random) {
    data.truncate(random.below(data.len() + 1));
}

/// A range of up to 64 bytes.
fn range(data: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    let start = random.below(data.len() + 1);
    start..(start + random.below(64)).min(data.len())
}

fn remove(data: &mut Vec<u8>, random: &mut Random) {
    data.drain(range(data, random));
}

fn repeat(data: &mut Vec<u8>, random: &mut Random) {
    let copied = data[range(data, random)].to_vec();
    let at = random.below(data.len() + 1);
    data.splice(at..at, copied);
}

fn insert_word(data: &mut Vec<u8>, random: &mut Random, words: &[Vec<u8>]) {
    let Some(word) = random.pick(words) else { return };
    let at = random.below(data.len() + 1);
    // Half of the words replace what stands there, so that lengths around them still hold.
    let end = if random.below(2) == 0 { at } else { (at + word.len()).min(data.len()) };
    data.splice(at..end, word.iter().copied());
}

fn splice(data: &mut Vec<u8>, random: &mut Random, other: &[u8]) {
    let from = random.below(other.len() + 1);
    data.truncate(random.below(data.len() + 1));
    data.extend_from_slice(&other[from..]);
}

/// Changes an element of a run `tag | length u16 | value`: its tag, its length, or doubles or drops it.
fn tlv(data: &mut Vec<u8>, random: &mut Random) {
    let elements = elements(data);
    let Some(element) = random.pick(&elements).cloned() else { return };
    let copy = data[element.clone()].to_vec();
    match random.below(5) {
        0 => data[element.start] = random.byte() % 32,
        1 => set_length(data, element.start + 1, random),
        2 => drop(data.drain(element)),
        3 => drop(data.splice(element.start..element.start, copy)),
        _ => {
            // Moved whole: the order changes, all lengths hold.
            data.drain(element);
            let at = random.pick(&self::elements(data)).map_or(0, |other| other.start);
            data.splice(at..at, copy);
        }
    }
}

/// The ranges of the elements, read as the formats are: containers are stepped into, 13 is one byte.
fn elements(data: &[u8]) -> Vec<std::ops::Range<usize>> {
    const CONTAINERS: [u8; 6] = [3, 7, 9, 16, 17, 21];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some([tag, high, low]) = data.get(at..at + 3) {
        let value = usize::from(u16::from_be_bytes([*high, *low]));
        let end = (at + 3 + value).min(data.len());
        match *tag {
            13 => at += 1,
            tag => {
                found.push(at..end);
                at = if CONTAINERS.contains(&tag) && found.len() < 32 { at + 3 } else { end };
            }
        }
    }
    found
}

fn set_length(data: &mut [u8], at: usize, random: &mut Random) {
    let Some(place) = data.get_mut(at..at + 2) else { return };
    let length = u16::from_be_bytes([place[0], place[1]]);
    let changed = match random.below(4) {
        0 => length.wrapping_add(1),
        1 => length.wrapping_sub(1),
        2 => random.bits() as u16,
        _ => random.pick(&LENGTHS).copied().unwrap_or(length),
    };
    place.copy_from_slice(&changed.to_be_bytes());
}

/// Changes a byte that looks like a DER tag, or the length behind it.
fn der(data: &mut [u8], random: &mut Random) {
    let start = random.below(data.len());
    let Some(at) = (start..data.len()).find(|at| DER_TAGS.contains(&data[*at])) else { return };
    if random.below(2) == 0 {
        data[at] = random.pick(&DER_TAGS).copied().unwrap_or_default();
    } else if let Some(length) = data.get_mut(at + 1) {
        *length = match random.below(4) {
            0 => length.wrapping_add(1),
            1 => length.wrapping_sub(1),
            2 => 0x80 | (random.byte() & 0x0f),
            _ => random.byte(),
        };
    }
}

fn length_at(data: &mut [u8], random: &mut Random) {
    let at = random.below(data.len());
    set_length(data, at, random);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_follow_the_format() {
        // Version 1.2, a signer with a name inside, padding, a record's length.
        let data = [1, 0, 2, 1, 2, 3, 0, 4, 4, 0, 1, 65, 13, 1, 0, 2, 0, 5];
        assert_eq!(elements(&data), [0..5, 5..12, 8..12, 13..18]);
    }

    #[test]
    fn any_input_can_be_mutated_and_the_same_seed_gives_the_same() {
        let words = [b"word".to_vec()];
        for seed in 0..2000 {
            for data in [&b""[..], b"a", &[1, 0, 2, 1, 2, 3, 0, 4, 4, 0, 1, 65, 13], &[0x30; 300]] {
                let run = || {
                    let mut changed = data.to_vec();
                    mutate(&mut changed, &mut Random::new(seed), &words, b"other");
                    changed
                };
                assert_eq!(run(), run());
            }
        }
    }
}
