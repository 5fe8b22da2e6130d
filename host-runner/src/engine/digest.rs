//! What the guest imports: the compression functions of SHA-1 and SHA-256, computed with the processor's instructions.
//!
//! They are all that the guest reaches outside its memory, and they reach nothing but its memory: an address outside it, or
//! more blocks than [`BLOCKS`], ends the call into the guest with a trap.

use wasmtime::{Caller, Linker};

use super::limits::Cap;

/// The name that both are imported under.
const MODULE: &str = "tlvet";

/// Bytes of a block of both digests.
const BLOCK: usize = 64;

/// Blocks of one call, 1 MiB: a call takes no longer than a millisecond, so that the time limit holds.
const BLOCKS: u32 = 1 << 14;

/// Offers both functions to the modules that `linker` links.
///
/// # Errors
/// When they are offered already.
pub(super) fn offer(linker: &mut Linker<Cap>) -> wasmtime::Result<()> {
    linker.func_wrap(
        MODULE,
        "sha1_blocks",
        |mut caller: Caller<'_, Cap>, state, blocks, count| {
            compress(&mut caller, state, blocks, count, sha1::block_api::compress)
        },
    )?;
    linker.func_wrap(
        MODULE,
        "sha256_blocks",
        |mut caller: Caller<'_, Cap>, state, blocks, count| {
            compress(&mut caller, state, blocks, count, sha2::block_api::compress256)
        },
    )?;
    Ok(())
}

/// Changes the words at `state`, in the byte order of WebAssembly, by the `count` blocks at `blocks`.
fn compress<const WORDS: usize>(
    caller: &mut Caller<'_, Cap>,
    state: u32,
    blocks: u32,
    count: u32,
    compress: fn(&mut [u32; WORDS], &[[u8; BLOCK]]),
) -> wasmtime::Result<()> {
    let outside = || wasmtime::format_err!("it asked for a digest of bytes outside its memory");
    if count > BLOCKS {
        wasmtime::bail!("it asked for a digest of {count} blocks at once");
    }
    let exported = caller.data().exported.clone().ok_or_else(outside)?;
    let (start, end) = (state as usize, (state as usize).saturating_add(WORDS * 4));
    let mut words = [0; WORDS];
    let old = exported.bytes(caller, start..end).ok_or_else(outside)?;
    let (old, _) = old.as_chunks();
    words.iter_mut().zip(old).for_each(|(word, bytes)| *word = u32::from_le_bytes(*bytes));

    let length = (count as usize).saturating_mul(BLOCK);
    let message = blocks as usize..(blocks as usize).saturating_add(length);
    let (message, _) = exported.bytes(caller, message).ok_or_else(outside)?.as_chunks();
    compress(&mut words, message);

    let (new, _) = exported.bytes(caller, start..end).ok_or_else(outside)?.as_chunks_mut();
    new.iter_mut().zip(words).for_each(|(bytes, word)| *bytes = word.to_le_bytes());
    Ok(())
}
