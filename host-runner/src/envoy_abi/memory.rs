//! The module's memory, every access checked.

use wasmtime::{AsContextMut as _, Caller};

use super::state::State;
use super::status::{Fault, Status};

/// Bytes that one call may hand over; the rest of the host is bounded by what it is given.
const ARGUMENT_BYTES: u32 = 16 << 20;

/// Copies `length` bytes at `address`.
pub(super) fn read(
    caller: &Caller<'_, State>,
    address: u32,
    length: u32,
) -> Result<Vec<u8>, Status> {
    let range = range(address, length)?;
    if length > ARGUMENT_BYTES {
        return Err(Status::InvalidMemoryAccess);
    }
    let memory = caller.data().memory.ok_or(Status::InvalidMemoryAccess)?;
    memory.data(caller).get(range).map(<[u8]>::to_vec).ok_or(Status::InvalidMemoryAccess)
}

/// Writes `bytes` at `address`.
pub(super) fn write(
    caller: &mut Caller<'_, State>,
    address: u32,
    bytes: &[u8],
) -> Result<(), Status> {
    let range =
        range(address, u32::try_from(bytes.len()).map_err(|_| Status::InvalidMemoryAccess)?)?;
    let memory = caller.data().memory.ok_or(Status::InvalidMemoryAccess)?;
    let target = memory.data_mut(caller).get_mut(range).ok_or(Status::InvalidMemoryAccess)?;
    target.copy_from_slice(bytes);
    Ok(())
}

/// Writes a `u32`, little endian.
pub(super) fn write_number(
    caller: &mut Caller<'_, State>,
    address: u32,
    value: u32,
) -> Result<(), Status> {
    write(caller, address, &value.to_le_bytes())
}

/// Gives `bytes` to the module: in memory that it allocates itself, whose address and length go to `address_at` and
/// `length_at`. Nothing is allocated for no bytes; the module reads a null pointer then.
pub(super) fn give(
    caller: &mut Caller<'_, State>,
    bytes: &[u8],
    address_at: u32,
    length_at: u32,
) -> Result<(), Fault> {
    let length = u32::try_from(bytes.len()).map_err(|_| Status::InvalidMemoryAccess)?;
    let mut address = 0;
    if length > 0 {
        let allocate = caller.data().allocate.clone().ok_or(Status::InvalidMemoryAccess)?;
        address = allocate.call(caller.as_context_mut(), length)?;
        if address == 0 {
            return Err(Status::InvalidMemoryAccess.into());
        }
        write(caller, address, bytes)?;
    }
    write_number(caller, address_at, address)?;
    write_number(caller, length_at, length)?;
    Ok(())
}

fn range(address: u32, length: u32) -> Result<std::ops::Range<usize>, Status> {
    let start = usize::try_from(address).map_err(|_| Status::InvalidMemoryAccess)?;
    let length = usize::try_from(length).map_err(|_| Status::InvalidMemoryAccess)?;
    let end = start.checked_add(length).ok_or(Status::InvalidMemoryAccess)?;
    Ok(start..end)
}
