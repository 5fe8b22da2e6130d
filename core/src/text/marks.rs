//! Several words searched for at once.

/// Marks are bits of a `u32`, and as many of them fit beside the distance in an entry of the table.
const MARKS: usize = 24;

/// Entries of the table: 8 KiB, which stay in the fastest cache.
const SLOTS: usize = 2_048;

/// Searches for some words in one pass that looks at few of the bytes (Wu and Manber, "A fast algorithm for multi-pattern
/// searching", 1994): two bytes tell how far the next word may begin at the earliest. It needs no vector instructions, so that the page is as
/// fast at it as the command.
#[derive(Debug)]
pub(super) struct Marks {
    marks: Vec<&'static [u8]>,
    /// Bytes of the shortest mark: only the first so many of each are looked at to find it.
    window: usize,
    /// For each pair of bytes how far to go on (low eight bits); where that is 0, the marks whose window may end here.
    slots: Box<[u32; SLOTS]>,
}

impl Marks {
    /// Marks of at least two bytes; the first [`MARKS`] of them.
    pub(super) fn new(marks: &[&'static str]) -> Self {
        let marks: Vec<&'static [u8]> =
            marks.iter().take(MARKS).map(|mark| mark.as_bytes()).collect();
        let window = marks.iter().map(|mark| mark.len()).min().unwrap_or(2).clamp(2, 255);
        let far = u32::try_from(window - 1).unwrap_or(1);
        let mut slots = Box::new([far; SLOTS]);
        for (index, mark) in marks.iter().enumerate() {
            let pairs = mark.get(..window).unwrap_or_default().windows(2);
            for (distance, pair) in (0..far).rev().zip(pairs) {
                let [first, second] = *pair else { continue };
                let Some(entry) = slots.get_mut(slot(first, second)) else { continue };
                let ends = if distance == 0 { 1 << (index + 8) } else { 0 };
                *entry = (*entry & 0xff).min(distance) | (*entry & !0xff) | ends;
            }
        }
        Self { marks, window, slots }
    }

    /// The marks that stand in the text: bit n is mark n. Takes time in proportion to the text.
    pub(super) fn within(&self, text: &str) -> u32 {
        let bytes = text.as_bytes();
        let mut found = 0;
        let mut end = self.window;
        while let Some([.., first, second]) = bytes.get(..end) {
            let entry = self.slots.get(slot(*first, *second)).copied().unwrap_or(1);
            let distance = entry & 0xff;
            if distance > 0 {
                end += distance as usize;
                continue;
            }
            let mut candidates = (entry >> 8) & !found;
            while candidates != 0 {
                let index = candidates.trailing_zeros();
                candidates &= candidates - 1;
                let rest = bytes.get(end - self.window..).unwrap_or_default();
                if self.marks.get(index as usize).is_some_and(|mark| rest.starts_with(mark)) {
                    found |= 1 << index;
                }
            }
            end += 1;
        }
        found
    }
}

fn slot(first: u8, second: u8) -> usize {
    (usize::from(first) << 4 ^ usize::from(second)) & (SLOTS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        let words = ["Action=", " failed ", "CAPF_OP_", "<Event ", "TL file:", "TL File", "xy"];
        let marks = Marks::new(&words);
        assert_eq!(marks.within(""), 0);
        assert_eq!(marks.within("x"), 0);
        assert_eq!(marks.within("Action CAPF_OP TL Fil x y"), 0);
        for gap in 0..20 {
            for (index, word) in words.iter().enumerate() {
                let text = format!("{}{word}{}", "T".repeat(gap), "=".repeat(gap % 3));
                assert_eq!(marks.within(&text), 1 << index, "{text}");
            }
        }
        assert_eq!(
            marks.within("xTL TL Fileé TL file: Action=xAction=xy"),
            0b111_0001 & !(1 << 4) | 1 << 4
        );
        assert_eq!(Marks::new(&[]).within("anything"), 0);
    }

    #[test]
    fn what_is_found_is_what_a_plain_search_finds() {
        let words = ["abcab", "bcabc", "cccccc", "aaaaaa", "ab ab"];
        let marks = Marks::new(&words);
        // All texts of three letters and a blank with a length of seven.
        for number in 0..4_u32.pow(7) {
            let text: String = (0..7)
                .map(|place| ['a', 'b', 'c', ' '][(number >> (2 * place)) as usize & 3])
                .collect();
            let plain = (0..words.len()).filter(|index| text.contains(words[*index]));
            assert_eq!(
                marks.within(&text),
                plain.fold(0, |found, index| found | 1 << index),
                "{text}"
            );
        }
    }
}
