//! Signed files: `.sgn`, `.enc.sgn`, signed firmware, and the phone configuration inside them.
//!
//! Header and signature are those of trust lists (formats.md section 2); the body follows unchanged. Signed is not
//! secret: a merely signed configuration is readable by everyone who can ask the TFTP server for it.

pub mod configuration;
pub mod decrypt;
pub mod file;
pub mod verify;

pub use configuration::Configuration;
pub use decrypt::{DecryptFailure, Decrypted, decrypt};
pub use file::SignedFile;
pub use verify::{Candidate, Outcome, Verdict, verify};
