//! JSON lines.

use serde::Serialize;

/// Elements that are objects themselves, each on a line.
pub(crate) fn objects<T: Serialize>(elements: &[T]) -> Vec<u8> {
    let mut out = Vec::new();
    for element in elements {
        let start = out.len();
        if serde_json::to_writer(&mut out, element).is_ok() {
            out.push(b'\n');
        } else {
            // Plain data always serialises; a line that does not is left out rather than cut.
            out.truncate(start);
        }
    }
    out
}
