//! Tag, length, value: the encoding of all Cisco trust files.
//!
//! An element is `tag (1 byte) | length (2 bytes, big-endian) | value`. There is no magic number and
//! no nesting mark: container tags hold ordinary elements. The one exception is the padding tag 13
//! inside a signed header, which is a single byte. Text is UTF-8 and ends in a NUL that the length
//! counts. Source: formats.md section 1.

pub mod field;
pub mod header;
