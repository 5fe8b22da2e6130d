//! Every check, in alphabetical order of its code.

use super::Check;

/// Every check.
pub const REGISTRY: &[&Check] = &[
    &super::input_empty::CHECK,
    &super::input_unrecognised::CHECK,
    &super::signed_file_credentials_in_clear::CHECK,
    &super::signed_file_damaged::CHECK,
    &super::signed_file_decrypted::CHECK,
    &super::signed_file_digest_sha1::CHECK,
    &super::signed_file_encrypted::CHECK,
    &super::signed_file_firmware::CHECK,
    &super::signed_file_key_mismatch::CHECK,
    &super::signed_file_name_differs::CHECK,
    &super::signed_file_oddity::CHECK,
    &super::signed_file_signature_invalid::CHECK,
    &super::signed_file_signer_absent::CHECK,
    &super::signed_file_signer_role_unfit::CHECK,
    &super::signed_file_too_large::CHECK,
    &super::signed_file_verified::CHECK,
    &super::trust_list_signature_invalid::CHECK,
    &super::trust_list_verified::CHECK,
];
