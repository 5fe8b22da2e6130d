//! The functions of the proxy, module `env` (proxy-wasm ABI 0.2.1). Pointers and lengths are of the module's memory.

use wasmtime::{Caller, Linker};

use super::headers::Headers;
use super::memory::{give, read, write, write_number};
use super::state::{Action, Level, ROOT, State};
use super::status::{Fault, Status, answer};

type Outcome = wasmtime::Result<u32>;

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    log_and_time(linker)?;
    buffers(linker)?;
    header_maps(linker)?;
    properties(linker)?;
    streams(linker)?;
    metrics(linker)?;
    shared_data(linker)?;
    contexts(linker)?;
    unimplemented(linker)
}

fn log_and_time(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_log",
        |mut caller: Caller<'_, State>, level: u32, at: u32, length: u32| -> Outcome {
            answer((|| {
                let level = Level::from_abi(level)?;
                let text = read(&caller, at, length)?;
                caller.data_mut().log(level, &text);
                Ok(())
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_log_level",
        |mut caller: Caller<'_, State>, at: u32| -> Outcome {
            answer(write_number(&mut caller, at, Level::Trace as u32).map_err(Fault::from))
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_current_time_nanoseconds",
        |mut caller: Caller<'_, State>, at: u32| -> Outcome {
            let now = caller.data().now.to_le_bytes();
            answer(write(&mut caller, at, &now).map_err(Fault::from))
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_set_tick_period_milliseconds",
        |mut caller: Caller<'_, State>, period: u32| -> Outcome {
            caller.data_mut().tick_period = period;
            Ok(0)
        },
    )?;
    Ok(())
}

/// The bytes of a buffer that the module may see now.
fn buffer(state: &mut State, kind: u32) -> Result<&mut Vec<u8>, Status> {
    match kind {
        0 => state
            .exchange()
            .map(|exchange| &mut exchange.request)
            .filter(|side| side.body_visible)
            .map(|side| &mut side.body),
        1 => state
            .exchange()
            .map(|exchange| &mut exchange.response)
            .filter(|side| side.body_visible)
            .map(|side| &mut side.body),
        2 => state
            .connection()
            .map(|connection| &mut connection.from_client)
            .filter(|held| held.visible)
            .map(|held| &mut held.bytes),
        3 => state
            .connection()
            .map(|connection| &mut connection.from_origin)
            .filter(|held| held.visible)
            .map(|held| &mut held.bytes),
        6 => Some(&mut state.vm_configuration),
        7 => Some(&mut state.configuration),
        _ => None,
    }
    .ok_or(Status::NotFound)
}

fn buffers(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_get_buffer_bytes",
        |mut caller: Caller<'_, State>,
         kind: u32,
         start: u32,
         size: u32,
         address_at: u32,
         length_at: u32|
         -> Outcome {
            answer((|| {
                let bytes = buffer(caller.data_mut(), kind)?;
                let start = start as usize;
                // Asking for more than there is gives what there is; `u32::MAX` means "all".
                let end = start.saturating_add(size as usize).min(bytes.len());
                let part = bytes.get(start..end).ok_or(Status::BadArgument)?.to_vec();
                if part.is_empty() {
                    return Ok(());
                }
                give(&mut caller, &part, address_at, length_at)
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_buffer_status",
        |mut caller: Caller<'_, State>, kind: u32, length_at: u32, flags_at: u32| -> Outcome {
            answer((|| {
                let length =
                    u32::try_from(buffer(caller.data_mut(), kind)?.len()).unwrap_or(u32::MAX);
                write_number(&mut caller, length_at, length)?;
                Ok(write_number(&mut caller, flags_at, 0)?)
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_set_buffer_bytes",
        |mut caller: Caller<'_, State>,
         kind: u32,
         start: u32,
         size: u32,
         at: u32,
         length: u32|
         -> Outcome {
            answer((|| {
                let new = read(&caller, at, length)?;
                if kind > 3 {
                    // Configurations are read only.
                    return Err(Status::BadArgument.into());
                }
                let bytes = buffer(caller.data_mut(), kind)?;
                // As Envoy: at the front the first `size` bytes are replaced, at the end it is appended, and between
                // nothing can be written.
                if start == 0 {
                    let replaced = (size as usize).min(bytes.len());
                    bytes.splice(..replaced, new);
                } else if start as usize >= bytes.len() {
                    bytes.extend(new);
                } else {
                    return Err(Status::BadArgument.into());
                }
                Ok(())
            })())
        },
    )?;
    Ok(())
}

/// A header map that the module may see now.
fn header_map(state: &mut State, kind: u32) -> Result<&mut Headers, Status> {
    let exchange = state.exchange().ok_or(Status::BadArgument)?;
    let (visible, headers) = match kind {
        0 => (exchange.request.headers_visible, &mut exchange.request.headers),
        1 => (exchange.request.trailers_visible, &mut exchange.request.trailers),
        2 => (exchange.response.headers_visible, &mut exchange.response.headers),
        3 => (exchange.response.trailers_visible, &mut exchange.response.trailers),
        _ => return Err(Status::BadArgument),
    };
    if visible { Ok(headers) } else { Err(Status::BadArgument) }
}

fn header_maps(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_get_header_map_pairs",
        |mut caller: Caller<'_, State>, kind: u32, address_at: u32, length_at: u32| -> Outcome {
            answer((|| {
                let bytes = header_map(caller.data_mut(), kind)?.encode();
                give(&mut caller, &bytes, address_at, length_at)
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_header_map_size",
        |mut caller: Caller<'_, State>, kind: u32, size_at: u32| -> Outcome {
            answer((|| {
                let size = u32::try_from(header_map(caller.data_mut(), kind)?.encode().len())
                    .unwrap_or(u32::MAX);
                Ok(write_number(&mut caller, size_at, size)?)
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_set_header_map_pairs",
        |mut caller: Caller<'_, State>, kind: u32, at: u32, length: u32| -> Outcome {
            answer((|| {
                let headers = Headers::decode(&read(&caller, at, length)?)?;
                *header_map(caller.data_mut(), kind)? = headers;
                Ok(())
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_header_map_value",
        |mut caller: Caller<'_, State>,
         kind: u32,
         key: u32,
         key_length: u32,
         address_at: u32,
         length_at: u32|
         -> Outcome {
            answer((|| {
                let key = read(&caller, key, key_length)?;
                let value =
                    header_map(caller.data_mut(), kind)?.value(&key).ok_or(Status::NotFound)?;
                give(&mut caller, &value, address_at, length_at)
            })())
        },
    )?;
    for (name, add) in
        [("proxy_add_header_map_value", true), ("proxy_replace_header_map_value", false)]
    {
        linker.func_wrap(
            "env",
            name,
            move |mut caller: Caller<'_, State>,
                  kind: u32,
                  key: u32,
                  key_length: u32,
                  value: u32,
                  value_length: u32|
                  -> Outcome {
                answer((|| {
                    let (key, value) =
                        (read(&caller, key, key_length)?, read(&caller, value, value_length)?);
                    let headers = header_map(caller.data_mut(), kind)?;
                    if add {
                        headers.add(&key, &value);
                    } else {
                        headers.replace(&key, &value);
                    }
                    Ok(())
                })())
            },
        )?;
    }
    linker.func_wrap(
        "env",
        "proxy_remove_header_map_value",
        |mut caller: Caller<'_, State>, kind: u32, key: u32, key_length: u32| -> Outcome {
            answer((|| {
                let key = read(&caller, key, key_length)?;
                header_map(caller.data_mut(), kind)?.remove(&key);
                Ok(())
            })())
        },
    )?;
    Ok(())
}

fn properties(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_get_property",
        |mut caller: Caller<'_, State>,
         path: u32,
         path_length: u32,
         address_at: u32,
         length_at: u32|
         -> Outcome {
            answer((|| {
                let path = read(&caller, path, path_length)?;
                let value = caller.data_mut().property(&path).ok_or(Status::NotFound)?;
                give(&mut caller, &value, address_at, length_at)
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_set_property",
        |mut caller: Caller<'_, State>,
         path: u32,
         path_length: u32,
         value: u32,
         value_length: u32|
         -> Outcome {
            answer((|| {
                let (path, value) =
                    (read(&caller, path, path_length)?, read(&caller, value, value_length)?);
                caller.data_mut().properties().set_at(&path, &value);
                Ok(())
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_call_foreign_function",
        |mut caller: Caller<'_, State>,
         name: u32,
         name_length: u32,
         at: u32,
         length: u32,
         address_at: u32,
         length_at: u32|
         -> Outcome {
            answer((|| {
                let (name, argument) =
                    (read(&caller, name, name_length)?, read(&caller, at, length)?);
                match name.as_slice() {
                    b"set_envoy_filter_state" => set_filter_state(caller.data_mut(), &argument)?,
                    b"clear_route_cache" => caller.data_mut().route_cache_cleared += 1,
                    _ => return Err(Status::NotFound.into()),
                }
                give(&mut caller, &[], address_at, length_at)
            })())
        },
    )?;
    Ok(())
}

/// Keys of filter state that Envoy 1.40 was seen to take from a filter; others are not found.
const FILTER_STATE: [&str; 5] = [
    "envoy.network.upstream_server_name",
    "envoy.network.upstream_subject_alt_names",
    "envoy.upstream.dynamic_host",
    "envoy.upstream.dynamic_port",
    "envoy.tcp_proxy.cluster",
];

/// The argument is a protobuf message: 1 path, 2 value (both bytes), 3 span (number). It can be read back as the property
/// `filter_state`, path.
fn set_filter_state(state: &mut State, mut message: &[u8]) -> Result<(), Status> {
    let (mut path, mut value) = (&[][..], &[][..]);
    while let Some((tag, rest)) = message.split_first() {
        let (number, after) = varint(rest).ok_or(Status::ParseFailure)?;
        message = after;
        match tag {
            0x0a | 0x12 => {
                let length = usize::try_from(number).map_err(|_| Status::ParseFailure)?;
                let (bytes, after) =
                    message.split_at_checked(length).ok_or(Status::ParseFailure)?;
                message = after;
                if *tag == 0x0a { path = bytes } else { value = bytes }
            }
            // The span says how long it lasts; a session here is one span.
            0x18 => {}
            _ => return Err(Status::ParseFailure),
        }
    }
    let path = std::str::from_utf8(path).map_err(|_| Status::ParseFailure)?;
    if !FILTER_STATE.contains(&path) {
        return Err(Status::NotFound);
    }
    state.properties().set(&["filter_state", path], value);
    Ok(())
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (index * 7);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

fn streams(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_continue_stream",
        |mut caller: Caller<'_, State>, stream: u32| -> Outcome {
            let id = caller.data().effective;
            if stream > 3 {
                return Ok(Status::BadArgument as u32);
            }
            match Action::continue_of(stream, id) {
                Some(action) => caller.data_mut().actions.push(action),
                None => return Ok(Status::Unimplemented as u32),
            }
            Ok(0)
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_close_stream",
        |mut caller: Caller<'_, State>, stream: u32| -> Outcome {
            let id = caller.data().effective;
            match Action::close_of(stream, id) {
                Some(action) => caller.data_mut().actions.push(action),
                None => return Ok(Status::BadArgument as u32),
            }
            Ok(0)
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_send_local_response",
        |mut caller: Caller<'_, State>,
         status: u32,
         _: u32,
         _: u32,
         body: u32,
         body_length: u32,
         headers: u32,
         headers_length: u32,
         _: u32|
         -> Outcome {
            answer((|| {
                let body = read(&caller, body, body_length)?;
                let headers = Headers::decode(&read(&caller, headers, headers_length)?)?;
                let id = caller.data().effective;
                caller.data_mut().exchange().ok_or(Status::BadArgument)?;
                caller.data_mut().actions.push(Action::Respond { id, status, headers, body });
                Ok(())
            })())
        },
    )?;
    Ok(())
}

fn metrics(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_define_metric",
        |mut caller: Caller<'_, State>,
         kind: u32,
         name: u32,
         name_length: u32,
         id_at: u32|
         -> Outcome {
            answer((|| {
                let name = read(&caller, name, name_length)?;
                let id = caller.data().shared().define(kind, &name)?;
                Ok(write_number(&mut caller, id_at, id)?)
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_increment_metric",
        |mut caller: Caller<'_, State>, id: u32, offset: i64| -> Outcome {
            let result = caller.data().shared().increment(id, offset);
            if result.is_ok() {
                caller.data_mut().count(id, offset);
            }
            answer(result.map_err(Fault::from))
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_record_metric",
        |caller: Caller<'_, State>, id: u32, value: u64| -> Outcome {
            let result = caller.data().shared().record(id, value);
            answer(result.map_err(Fault::from))
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_metric",
        |mut caller: Caller<'_, State>, id: u32, value_at: u32| -> Outcome {
            answer((|| {
                let value = caller.data().shared().metric_value(id)?;
                Ok(write(&mut caller, value_at, &value.to_le_bytes())?)
            })())
        },
    )?;
    Ok(())
}

fn shared_data(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_get_shared_data",
        |mut caller: Caller<'_, State>,
         key: u32,
         key_length: u32,
         address_at: u32,
         length_at: u32,
         cas_at: u32|
         -> Outcome {
            answer((|| {
                let key = read(&caller, key, key_length)?;
                let found =
                    caller.data().shared().data(&key).map(|(value, cas)| (value.to_vec(), cas));
                let (value, cas) = found.ok_or(Status::NotFound)?;
                give(&mut caller, &value, address_at, length_at)?;
                Ok(write_number(&mut caller, cas_at, cas)?)
            })())
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_set_shared_data",
        |caller: Caller<'_, State>,
         key: u32,
         key_length: u32,
         value: u32,
         value_length: u32,
         cas: u32|
         -> Outcome {
            answer((|| {
                let (key, value) =
                    (read(&caller, key, key_length)?, read(&caller, value, value_length)?);
                Ok(caller.data().shared().set(&key, &value, cas)?)
            })())
        },
    )?;
    Ok(())
}

fn contexts(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_set_effective_context",
        |mut caller: Caller<'_, State>, id: u32| -> Outcome {
            // A context of another VM, as the main thread's VM would name it from its own tick, is unknown here.
            if !caller.data().is_alive(id) {
                return Ok(Status::BadArgument as u32);
            }
            caller.data_mut().effective = id;
            Ok(0)
        },
    )?;
    linker.func_wrap("env", "proxy_done", |caller: Caller<'_, State>| -> Outcome {
        // Only a root that has postponed its end may call it; this host never ends a root.
        let root = caller.data().effective == ROOT;
        Ok(if root { Status::NotFound as u32 } else { Status::BadArgument as u32 })
    })?;
    Ok(())
}

/// What a filter for origin verification has no use for.
fn unimplemented(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    const NO: u32 = Status::Unimplemented as u32;
    linker.func_wrap("env", "proxy_get_status", |_: u32, _: u32, _: u32| NO)?;
    linker.func_wrap("env", "proxy_register_shared_queue", |_: u32, _: u32, _: u32| NO)?;
    linker.func_wrap(
        "env",
        "proxy_resolve_shared_queue",
        |_: u32, _: u32, _: u32, _: u32, _: u32| NO,
    )?;
    linker.func_wrap("env", "proxy_dequeue_shared_queue", |_: u32, _: u32, _: u32| NO)?;
    linker.func_wrap("env", "proxy_enqueue_shared_queue", |_: u32, _: u32, _: u32| NO)?;
    linker.func_wrap(
        "env",
        "proxy_http_call",
        |_: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32| NO,
    )?;
    linker.func_wrap(
        "env",
        "proxy_grpc_call",
        |_: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32| NO,
    )?;
    linker.func_wrap(
        "env",
        "proxy_grpc_stream",
        |_: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32| NO,
    )?;
    linker.func_wrap("env", "proxy_grpc_send", |_: u32, _: u32, _: u32, _: u32| NO)?;
    linker.func_wrap("env", "proxy_grpc_cancel", |_: u32| NO)?;
    linker.func_wrap("env", "proxy_grpc_close", |_: u32| NO)?;
    Ok(())
}
