//! Distinguished names as trust lists store them.
//!
//! CUCM writes `CN=..;OU=..;O=..;L=..;ST=..;C=..` and drops every other attribute; the CTL client wrote
//! lower-case keys and quoted values (`cn="SAST-ADN008580ef        ";ou=IPCBU;o="Cisco Systems`, the last quote
//! missing); other writers join with `,` and escape as in RFC 4514. The rendering is lossy, so names are
//! compared leniently. Source: formats.md sections 3.4 and 4.

/// Attributes of a stored name in order: key as stored, value without quotes, escapes and padding blanks.
pub fn parse(stored: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    let mut part = String::new();
    let mut quoted = false;
    let mut characters = stored.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                part.push(character);
                part.extend(characters.next());
            }
            '"' => {
                quoted = !quoted;
                part.push(character);
            }
            ';' | ',' if !quoted => {
                attributes.extend(attribute(&part));
                part.clear();
            }
            _ => part.push(character),
        }
    }
    attributes.extend(attribute(&part));
    attributes
}

/// The common name of a stored name: the first one.
pub fn common_name(stored: &str) -> Option<String> {
    parse(stored)
        .into_iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("CN"))
        .map(|(_, value)| value)
}

/// Can `stored` be a rendering of a certificate name with these common names?
///
/// Only the common name is compared: the others are dropped, reordered or cut by some writers. A name
/// without a common name on either side fits.
pub fn fits<'a>(stored: &str, common_names: impl Iterator<Item = &'a str>) -> bool {
    let Some(stored) = common_name(stored).map(|name| fold(&name)) else { return true };
    let mut any = false;
    for name in common_names {
        any = true;
        if fold(name) == stored {
            return true;
        }
    }
    !any
}

/// Lower case, inner escapes and quotes gone, blanks trimmed: for comparison only.
fn fold(value: &str) -> String {
    value
        .chars()
        .filter(|character| !matches!(character, '\\' | '"'))
        .collect::<String>()
        .trim()
        .to_lowercase()
}

fn attribute(part: &str) -> Option<(String, String)> {
    let (key, value) = part.split_once('=')?;
    let value = value.trim().trim_matches('"').trim();
    Some((key.trim().to_owned(), unescape(value)))
}

fn unescape(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let hex = tail.get(..2).and_then(|pair| core::str::from_utf8(pair).ok());
        if let Some(byte) = hex.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else if let Some((escaped, after)) = tail.split_first() {
            bytes.push(*escaped);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn reads_the_three_renderings() {
        assert_eq!(
            parse("CN=a;OU=TAC;O=Cisco"),
            attributes(&[("CN", "a"), ("OU", "TAC"), ("O", "Cisco")])
        );
        assert_eq!(
            parse("cn=\"SAST-ADN0054f509        \";ou=IPCBU;o=\"Cisco Systems"),
            attributes(&[("cn", "SAST-ADN0054f509"), ("ou", "IPCBU"), ("o", "Cisco Systems")])
        );
        assert_eq!(
            parse("CN=M\\C3\\BCller\\, K\\+L,O=x"),
            attributes(&[("CN", "Müller, K+L"), ("O", "x")])
        );
    }

    #[test]
    fn only_a_different_common_name_contradicts() {
        let names = || ["cucm.steven.lab"].into_iter();
        assert!(fits("CN=CUCM.steven.lab;C=US", names()));
        assert!(!fits("CN=other;C=US", names()));
        assert!(fits("O=Cisco", names()));
        assert!(fits("CN=other", core::iter::empty()));
    }
}
