//! Dictionaries in libFuzzer's form: `name="value"`, with `\\`, `\"` and `\xAB` in the value, `#` comments.

/// The values of a dictionary, or the number of the first line (from 1) that is not of the form.
pub fn parse(text: &str) -> Result<Vec<Vec<u8>>, usize> {
    let lines = text.lines().enumerate();
    let entries = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    entries.map(|(index, line)| entry(line).ok_or(index + 1)).collect()
}

fn entry(line: &str) -> Option<Vec<u8>> {
    let (_name, quoted) = line.split_once('"')?;
    let mut bytes = quoted.trim_end().strip_suffix('"')?.bytes();
    let mut value = Vec::new();
    while let Some(byte) = bytes.next() {
        let unescaped = match byte {
            b'\\' => match bytes.next()? {
                b'x' => {
                    let digits = [bytes.next()?, bytes.next()?];
                    u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
                }
                escaped @ (b'\\' | b'"') => escaped,
                _ => return None,
            },
            plain => plain,
        };
        value.push(unescaped);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_unescaped() {
        let text = "# words\nversion=\"\\x01\\x00\\x02\"\n\n\"a\\\"b\\\\\"\n";
        assert_eq!(parse(text), Ok(vec![vec![1, 0, 2], b"a\"b\\".to_vec()]));
    }

    #[test]
    fn the_first_bad_line_is_named() {
        assert_eq!(parse("a=\"1\"\nb=\"\\q\"\n"), Err(2));
        assert_eq!(parse("no quotes"), Err(1));
    }
}
