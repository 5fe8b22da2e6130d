//! Letters and digits that a scanner, or whoever types from a picture, takes for each other: 0 and O, 1 and l and I, 5 and S, 8 and B,
//! 2 and Z (domain.md, reading traps).

/// The one character that stands for all that look alike, in lower case.
fn shape(character: char) -> char {
    match character {
        'O' | 'o' => '0',
        'I' | 'i' | 'L' | 'l' | '|' => '1',
        'S' | 's' => '5',
        'B' | 'b' => '8',
        'Z' | 'z' => '2',
        other => other.to_ascii_lowercase(),
    }
}

/// A text in which all that looks alike is the same, for comparison only; the case of letters is left out.
pub fn shapes(text: &str) -> String {
    text.chars().map(shape).collect()
}

/// Whether one text may be the other, misread; the case of letters is left out.
pub fn may_be(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.chars().map(shape).eq(other.chars().map(shape))
}

/// The hexadecimal digit that a letter was misread from; no digit looks like two of them.
pub fn hex_digit(character: char) -> char {
    match character {
        'O' | 'o' => '0',
        'I' | 'i' | 'L' | 'l' => '1',
        'S' | 's' => '5',
        'Z' | 'z' => '2',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_may_be_the_same() {
        for (read, meant) in [
            ("CaIIManager-trust", "CallManager-trust"),
            ("Phone-5AST-tru5t", "Phone-SAST-trust"),
            ("lTLREC0VERY", "ITLRecovery"),
            ("cucm-pu8.examp1e.com", "cucm-pub.example.com"),
        ] {
            assert!(may_be(read, meant) && may_be(meant, read), "{read}");
            assert_eq!(shapes(read), shapes(meant));
        }
        assert!(!may_be("CAPF", "CAPE") && !may_be("tomcat", "tomcat1"));
        let digits: String = "56fel6d9blEO3f9c".chars().map(hex_digit).collect();
        assert_eq!(digits, "56fe16d9b1E03f9c");
    }
}
