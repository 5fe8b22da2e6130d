// What the filter's WebAssembly exports. The build scripts that make it take this file in; the filter itself does not.

/// What the filter exports: what every module for a proxy has, then the callbacks that it answers.
///
/// A proxy calls what is exported and nothing else, and a call into V8 costs as much as ten calls out of it.
/// The SDK exports every callback there is; those that the filter leaves to the SDK's defaults are not exported. The callbacks
/// for the rest of a request stay, though they only repeat the answer to its headers: where the proxy's
/// `allow_on_headers_stop_iteration` is set, a body that nobody holds would take the request with it.
pub const EXPORTS: [&str; 17] = [
    "memory",
    "_initialize",
    "proxy_abi_version_0_2_1",
    "proxy_on_memory_allocate",
    "proxy_on_context_create",
    "proxy_on_configure",
    "proxy_on_tick",
    "proxy_on_new_connection",
    "proxy_on_downstream_data",
    "proxy_on_downstream_connection_close",
    "proxy_on_upstream_data",
    "proxy_on_request_headers",
    "proxy_on_request_body",
    "proxy_on_request_trailers",
    "proxy_on_response_headers",
    "proxy_on_response_body",
    "proxy_on_delete",
];

/// The number of the section of exports, and the length of what stands before the first section (WebAssembly core
/// specification 2.0, sections 5.5.2, 5.5.10 and 5.5.16).
const SECTION: u8 = 7;
const PREAMBLE: usize = 8;

/// The module without the exports that do not stand in [`EXPORTS`]; `None` where one of these is not there, or the module
/// is not what a compiler writes.
pub fn with_exports_of_the_filter(module: &[u8]) -> Option<Vec<u8>> {
    let (preamble, mut rest) = module.split_at_checked(PREAMBLE)?;
    let mut stripped = preamble.to_vec();
    let mut found = 0;
    while let Some((number, after)) = rest.split_first() {
        let (length, after) = number_of(after)?;
        let (content, after) = after.split_at_checked(length)?;
        if *number == SECTION {
            let mut kept = Vec::new();
            let (count, mut exports) = number_of(content)?;
            for _ in 0..count {
                let (length, name) = number_of(exports)?;
                let (name, kind) = name.split_at_checked(length)?;
                let (_, index) = kind.split_first()?;
                let (_, next) = number_of(index)?;
                if EXPORTS.iter().any(|one| one.as_bytes() == name) {
                    found += 1;
                    kept.extend_from_slice(exports.get(..exports.len() - next.len())?);
                }
                exports = next;
            }
            let count = leb128(found);
            stripped.push(SECTION);
            stripped.extend(leb128(count.len() + kept.len()));
            stripped.extend(count);
            stripped.extend(kept);
        } else {
            stripped.extend_from_slice(rest.get(..rest.len() - after.len())?);
        }
        rest = after;
    }
    (found == EXPORTS.len()).then_some(stripped)
}

/// A number in LEB128 (section 5.2.2 there) of at most 32 bits, and what follows it.
fn number_of(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_u32;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        value |= u32::from(byte & 0x7f).checked_shl(7 * u32::try_from(at).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, bytes.get(at + 1..)?));
        }
    }
    None
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
