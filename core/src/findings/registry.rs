//! Every check, in alphabetical order of its code. A new check adds a line to both lists.

use super::Check;
use super::{input_empty, input_unrecognised, trust_list_signature_invalid, trust_list_verified};

/// Every check.
pub const REGISTRY: &[&Check] = &[
    &input_empty::CHECK,
    &input_unrecognised::CHECK,
    &trust_list_signature_invalid::CHECK,
    &trust_list_verified::CHECK,
];
