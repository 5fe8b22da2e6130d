//! SHA-1 and SHA-256 by the host, whose processor has instructions for them: the only functions that the module imports.
//!
//! Both take the address of the hash value so far (words in the module's byte order, which it is changed in), the address of
//! blocks of 64 bytes, and how many there are, at most [`AT_ONCE`].

#![cfg(target_arch = "wasm32")]

use tlvet_core::digest::{self, Block, Compression};

/// Blocks of one call: a call that takes long would not notice that the time is over.
const AT_ONCE: usize = 1 << 14;

#[link(wasm_import_module = "tlvet")]
unsafe extern "C" {
    fn sha1_blocks(state: *mut [u32; 5], blocks: *const Block, count: usize);
    fn sha256_blocks(state: *mut [u32; 8], blocks: *const Block, count: usize);
}

/// Has the engine use them.
pub(crate) fn lend() {
    digest::lend(Compression { sha1, sha256 });
}

fn sha1(state: &mut [u32; 5], blocks: &[Block]) {
    for blocks in blocks.chunks(AT_ONCE) {
        // SAFETY: the host reads the blocks and changes the state; both live, and nothing else, while it does.
        unsafe { sha1_blocks(state, blocks.as_ptr(), blocks.len()) };
    }
}

fn sha256(state: &mut [u32; 8], blocks: &[Block]) {
    for blocks in blocks.chunks(AT_ONCE) {
        // SAFETY: as for SHA-1.
        unsafe { sha256_blocks(state, blocks.as_ptr(), blocks.len()) };
    }
}
