//! The WASI functions that a filter built for `wasm32-wasip1` imports, by hand: no file, no environment, and the clock of
//! the VM. Other WASI imports make the module fail to load, as they should.

use wasmtime::{Caller, Linker};

use super::memory;
use super::state::{Level, State};
use super::status::Status;

const MODULE: &str = "wasi_snapshot_preview1";
/// WASI's error numbers.
const SUCCESS: u32 = 0;
const BAD_DESCRIPTOR: u32 = 8;
const FAULT: u32 = 21;
const INVALID: u32 = 28;

/// Bytes of one `fd_write`, and of one `random_get`.
const BYTES: u32 = 1 << 20;

/// Buffers of one `fd_write`.
const BUFFERS: u32 = 1024;

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(MODULE, "environ_get", |_: u32, _: u32| SUCCESS)?;
    linker.func_wrap(
        MODULE,
        "environ_sizes_get",
        |mut caller: Caller<'_, State>, count: u32, size: u32| {
            errno(
                memory::write_number(&mut caller, count, 0)
                    .and_then(|()| memory::write_number(&mut caller, size, 0)),
            )
        },
    )?;
    linker.func_wrap(
        MODULE,
        "clock_time_get",
        |mut caller: Caller<'_, State>, clock: u32, _precision: u64, at: u32| {
            // Real time and monotonic time; both are the VM's.
            if clock > 1 {
                return INVALID;
            }
            let now = caller.data().now.to_le_bytes();
            errno(memory::write(&mut caller, at, &now))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "random_get",
        |mut caller: Caller<'_, State>, at: u32, length: u32| {
            if length > BYTES {
                return FAULT;
            }
            let bytes = caller.data_mut().random(length as usize);
            errno(memory::write(&mut caller, at, &bytes))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_write",
        |mut caller: Caller<'_, State>, descriptor: u32, buffers: u32, count: u32, written: u32| {
            // As Envoy does it: standard output becomes info, standard error becomes error.
            let level = match descriptor {
                1 => Level::Info,
                2 => Level::Error,
                _ => return BAD_DESCRIPTOR,
            };
            errno(gather(&caller, buffers, count).and_then(|bytes| {
                caller.data_mut().log(level, &bytes);
                let length = u32::try_from(bytes.len()).map_err(|_| Status::InvalidMemoryAccess)?;
                memory::write_number(&mut caller, written, length)
            }))
        },
    )?;
    linker.func_wrap(MODULE, "proc_exit", |code: u32| -> wasmtime::Result<()> {
        Err(wasmtime::format_err!("the filter called exit({code})"))
    })?;
    Ok(())
}

/// The bytes of `count` buffers, each given as address and length.
fn gather(caller: &Caller<'_, State>, buffers: u32, count: u32) -> Result<Vec<u8>, Status> {
    if count > BUFFERS {
        return Err(Status::InvalidMemoryAccess);
    }
    let table = memory::read(caller, buffers, count * 8)?;
    let mut bytes = Vec::new();
    for entry in table.chunks_exact(8) {
        let (address, length) = entry.split_at(4);
        let number = |part: &[u8]| {
            part.try_into().map(u32::from_le_bytes).map_err(|_| Status::InvalidMemoryAccess)
        };
        bytes.extend(memory::read(caller, number(address)?, number(length)?.min(BYTES))?);
        if bytes.len() > BYTES as usize {
            return Err(Status::InvalidMemoryAccess);
        }
    }
    Ok(bytes)
}

fn errno(result: Result<(), Status>) -> u32 {
    if result.is_ok() { SUCCESS } else { FAULT }
}
