//! One instance of the engine: its exported functions as methods. The calling convention is described
//! in `guest/src/lib.rs`.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use serde::Serialize;
use wasmtime::{Linker, Store, TypedFunc, WasmParams, WasmResults};

use super::ahead::Ahead;
use super::clock::{Watch, stops};
use super::limits::{Cap, Exported};
use super::{Engine, Failure, Limits, Stopped, digest};

/// Bytes that are handed to the engine at once.
const CHUNK: u32 = 64 * 1024;

/// Bytes of an input for which no thread is worth its while.
const SHORT: u32 = 1024 * 1024;

/// What an input is given as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Seen somewhere.
    Observed,
    /// A trust list that the phone held before.
    Phone,
    /// A trust anchor.
    Trust,
    /// A private key for decryption.
    Key,
}

/// Form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One HTML file that needs nothing else.
    Html,
    /// One JSON document.
    Json,
    /// JSON lines.
    Jsonl,
    /// Markdown, for a support case.
    Markdown,
    /// SARIF 2.1.0.
    Sarif,
    /// For people.
    Text,
}

/// Options of the report; the engine checks them.
#[derive(Clone, Debug, Serialize)]
pub struct Options {
    /// Form of the report.
    pub format: Format,
    /// The time that validity is judged at.
    pub now: String,
    /// What no file says.
    pub context: BTreeMap<String, String>,
    /// Names and addresses are replaced by aliases.
    pub redact: bool,
    /// In text, only the verdict, errors and warnings.
    pub brief: bool,
    /// Escape sequences for colours in text.
    pub colour: bool,
    /// Columns that text is wrapped to.
    pub width: u16,
}

/// Judged chains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chains {
    /// One JSON line for each line, in order; or text. UTF-8.
    pub answer: Vec<u8>,
    /// How many were refused, the unread ones included.
    pub refused: u32,
    /// How many lines could not be read.
    pub unread: u32,
}

/// One instance of the engine, with a memory of its own.
pub struct Instance {
    // First, so that it goes before the store does.
    watch: Watch,
    store: Store<Cap>,
    memory: Exported,
    exports: Exports,
    limits: Limits,
    left: Duration,
}

struct Exports {
    announce: TypedFunc<(u32, u64), ()>,
    buffer: TypedFunc<u32, u32>,
    chain: TypedFunc<u32, u64>,
    chain_options: TypedFunc<u32, i32>,
    chains_refused: TypedFunc<(), u32>,
    chains_unread: TypedFunc<(), u32>,
    close: TypedFunc<u32, ()>,
    configure: TypedFunc<u32, i32>,
    context_keys: TypedFunc<(), u64>,
    errors: TypedFunc<(), u32>,
    expect: TypedFunc<(i32, u32), i32>,
    export: TypedFunc<u32, u64>,
    fail: TypedFunc<(u32, u32), ()>,
    import: TypedFunc<u32, i32>,
    key_log: TypedFunc<u32, ()>,
    listing: TypedFunc<u32, u64>,
    member_role: TypedFunc<(u32, u32, u32), i32>,
    message: TypedFunc<(), u64>,
    open: TypedFunc<(u32, u32), i32>,
    password: TypedFunc<u32, i32>,
    push: TypedFunc<(u32, u32), ()>,
    report: TypedFunc<(), u64>,
    report_next: TypedFunc<(), u64>,
    reset: TypedFunc<(), ()>,
    start: TypedFunc<(), ()>,
    streams_end: TypedFunc<(), u64>,
    streams_push: TypedFunc<u32, u64>,
    streams_start: TypedFunc<(), ()>,
    warnings: TypedFunc<(), u32>,
}

impl Instance {
    pub(super) fn new(engine: &Engine, limits: Limits) -> Result<Self, Stopped> {
        let mut store =
            Store::new(engine.module.engine(), Cap { memory: limits.memory, exported: None });
        store.limiter(|cap| cap);
        let mut instance = Self::link(store, engine, limits)
            .map_err(|error| Stopped::from_call(&error, limits, None))?;
        instance.call(|exports| &exports.start, ())?;
        Ok(instance)
    }

    fn link(mut store: Store<Cap>, engine: &Engine, limits: Limits) -> wasmtime::Result<Self> {
        // Digests and nothing else: the module reaches nothing of this program.
        let mut linker = Linker::new(engine.module.engine());
        digest::offer(&mut linker)?;
        let instance = linker.instantiate(&mut store, &engine.module)?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| wasmtime::format_err!("the engine exports no memory"))?;
        let stops = stops(memory.data_size(&store))
            .ok_or_else(|| wasmtime::format_err!("the engine has no page of stops"))?;
        let page = memory.data_ptr(&store).wrapping_add(stops.start);
        let memory = Exported { memory, stops };
        let watch = Watch::new(&engine.clock, page);
        store.data_mut().exported = Some(memory.clone());
        let exports = Exports {
            announce: instance.get_typed_func(&mut store, "announce")?,
            buffer: instance.get_typed_func(&mut store, "buffer")?,
            chain: instance.get_typed_func(&mut store, "chain")?,
            chain_options: instance.get_typed_func(&mut store, "chain_options")?,
            chains_refused: instance.get_typed_func(&mut store, "chains_refused")?,
            chains_unread: instance.get_typed_func(&mut store, "chains_unread")?,
            close: instance.get_typed_func(&mut store, "close")?,
            configure: instance.get_typed_func(&mut store, "configure")?,
            context_keys: instance.get_typed_func(&mut store, "context_keys")?,
            errors: instance.get_typed_func(&mut store, "errors")?,
            expect: instance.get_typed_func(&mut store, "expect")?,
            export: instance.get_typed_func(&mut store, "export")?,
            fail: instance.get_typed_func(&mut store, "fail")?,
            import: instance.get_typed_func(&mut store, "import")?,
            key_log: instance.get_typed_func(&mut store, "key_log")?,
            listing: instance.get_typed_func(&mut store, "listing")?,
            member_role: instance.get_typed_func(&mut store, "member_role")?,
            message: instance.get_typed_func(&mut store, "message")?,
            open: instance.get_typed_func(&mut store, "open")?,
            password: instance.get_typed_func(&mut store, "password")?,
            push: instance.get_typed_func(&mut store, "push")?,
            report: instance.get_typed_func(&mut store, "report")?,
            report_next: instance.get_typed_func(&mut store, "report_next")?,
            reset: instance.get_typed_func(&mut store, "reset")?,
            start: instance.get_typed_func(&mut store, "start")?,
            streams_end: instance.get_typed_func(&mut store, "streams_end")?,
            streams_push: instance.get_typed_func(&mut store, "streams_push")?,
            streams_start: instance.get_typed_func(&mut store, "streams_start")?,
            warnings: instance.get_typed_func(&mut store, "warnings")?,
        };
        Ok(Self { watch, store, memory, exports, limits, left: limits.time })
    }

    /// Puts the instance under other limits, with their whole time ahead.
    pub fn limit(&mut self, limits: Limits) {
        self.store.data_mut().memory = limits.memory;
        self.limits = limits;
        self.left = limits.time;
    }

    /// Sets the options of the report.
    ///
    /// # Errors
    /// [`Stopped::Refused`] says which option is bad.
    pub fn configure(&mut self, options: &Options) -> Result<(), Stopped> {
        let json =
            serde_json::to_vec(options).map_err(|error| Stopped::Refused(error.to_string()))?;
        let length = self.give(&json)?;
        let answer = self.call(|exports| &exports.configure, length)?;
        self.accepted(answer).map(drop)
    }

    /// The keys of [`Options::context`], one on each line, with what they take, UTF-8.
    ///
    /// # Errors
    /// When the engine stops.
    pub fn context_keys(&mut self) -> Result<Vec<u8>, Stopped> {
        let slice = self.call(|exports| &exports.context_keys, ())?;
        Ok(self.take(slice)?.unwrap_or_default())
    }

    /// A TLS key log for the captures that are read from now on; lines that are none are left out.
    ///
    /// # Errors
    /// When the engine stops.
    pub fn key_log(&mut self, text: &[u8]) -> Result<(), Stopped> {
        let length = self.give(text)?;
        self.call(|exports| &exports.key_log, length)
    }

    /// A password for what the inputs that are read from now on hold under one.
    ///
    /// # Errors
    /// When it is too long, or there are too many of them.
    pub fn password(&mut self, password: &str) -> Result<(), Stopped> {
        let length = self.give(password.as_bytes())?;
        let answer = self.call(|exports| &exports.password, length)?;
        self.accepted(answer).map(drop)
    }

    /// Reads one input to its end and returns its number. What is longer than [`SHORT`] is read ahead, by a thread.
    ///
    /// # Errors
    /// When `bytes` cannot be read, or the engine stops at them.
    pub fn read(
        &mut self,
        name: &str,
        role: Role,
        bytes: Box<dyn Read + Send>,
    ) -> Result<u32, Failure> {
        self.read_announced(name, role, bytes, None)
    }

    /// [`Instance::read`] of an input whose length may be known beforehand.
    ///
    /// # Errors
    /// When `bytes` cannot be read, or the engine stops at them.
    pub fn read_announced(
        &mut self,
        name: &str,
        role: Role,
        mut bytes: Box<dyn Read + Send>,
        length: Option<u64>,
    ) -> Result<u32, Failure> {
        let announced = length.filter(|length| *length > u64::from(SHORT));
        let length = self.give(name.as_bytes())?;
        let answer = self.call(|exports| &exports.open, (role as u32, length))?;
        let input = self.accepted(answer)?;
        if let Some(announced) = announced {
            self.call(|exports| &exports.announce, (input, announced))?;
        }
        let mut read = 0;
        while read < SHORT {
            let address = self.call(|exports| &exports.buffer, CHUNK)?;
            let room = self.slot(address, CHUNK)?;
            let length = match bytes.read(room) {
                Ok(0) => {
                    self.call(|exports| &exports.close, input)?;
                    return Ok(input);
                }
                Ok(length) => u32::try_from(length).unwrap_or(CHUNK),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            self.call(|exports| &exports.push, (input, length))?;
            read += length;
        }
        let ahead = Ahead::new(bytes)?;
        let mut last = None;
        while let Some(piece) = ahead.next(last.take())? {
            let length = self.give(piece.bytes())?;
            self.call(|exports| &exports.push, (input, length))?;
            last = Some(piece);
        }
        self.call(|exports| &exports.close, input)?;
        Ok(input)
    }

    /// Adds an input that could not be read; the report names it with `reason`.
    ///
    /// # Errors
    /// When there are too many inputs, or the engine stops.
    pub fn fail(&mut self, name: &str, role: Role, reason: &str) -> Result<(), Stopped> {
        let length = self.give(name.as_bytes())?;
        let answer = self.call(|exports| &exports.open, (role as u32, length))?;
        let input = self.accepted(answer)?;
        let length = self.give(reason.as_bytes())?;
        self.call(|exports| &exports.fail, (input, length))
    }

    /// Names an address that clients use, and the input that holds the certificate presented there.
    ///
    /// # Errors
    /// [`Stopped::Refused`] says what is wrong with the address.
    pub fn expect(&mut self, address: &str, certificate: Option<u32>) -> Result<(), Stopped> {
        let length = self.give(address.as_bytes())?;
        let input = certificate.and_then(|input| i32::try_from(input).ok()).unwrap_or(-1);
        let answer = self.call(|exports| &exports.expect, (input, length))?;
        self.accepted(answer).map(drop)
    }

    /// Names the member at `path` of archive `input` as something else than the archive.
    ///
    /// # Errors
    /// [`Stopped::Refused`] when there is no such member, or it cannot be that.
    pub fn member_role(&mut self, input: u32, path: &str, role: Role) -> Result<(), Stopped> {
        let length = self.give(path.as_bytes())?;
        let answer = self.call(|exports| &exports.member_role, (input, role as u32, length))?;
        self.accepted(answer).map(drop)
    }

    /// Takes a read input out, for [`Instance::import`] of another instance.
    ///
    /// # Errors
    /// When there is no such input, or the engine stops.
    pub fn export(&mut self, input: u32) -> Result<Vec<u8>, Stopped> {
        let slice = self.call(|exports| &exports.export, input)?;
        self.take(slice)?.ok_or_else(|| Stopped::Refused(format!("input {input} is not there")))
    }

    /// Adds an input that another instance has exported.
    ///
    /// # Errors
    /// When there are too many inputs, or the engine stops.
    pub fn import(&mut self, exported: &[u8]) -> Result<u32, Stopped> {
        let length = self.give(exported)?;
        let answer = self.call(|exports| &exports.import, length)?;
        self.accepted(answer)
    }

    /// The listing of a trust list, UTF-8; `None` when the input is none.
    ///
    /// # Errors
    /// When the engine stops.
    pub fn listing(&mut self, input: u32) -> Result<Option<Vec<u8>>, Stopped> {
        let slice = self.call(|exports| &exports.listing, input)?;
        self.take(slice)
    }

    /// Makes the report in the configured format, UTF-8, and writes it.
    ///
    /// # Errors
    /// When the engine stops, or `out` takes no more.
    pub fn report(&mut self, out: &mut dyn Write) -> Result<(), Failure> {
        let mut slice = self.call(|exports| &exports.report, ())?;
        if slice == 0 {
            return Err(Stopped::Trapped("no report was made".to_owned()).into());
        }
        while slice != 0 {
            out.write_all(self.slice(slice)?)?;
            slice = self.call(|exports| &exports.report_next, ())?;
        }
        Ok(())
    }

    /// Sets how [`Instance::chains`] judges: JSON, see `guest/src/chain.rs`.
    ///
    /// # Errors
    /// [`Stopped::Refused`] says which option is bad.
    pub fn chain_options(&mut self, json: &[u8]) -> Result<(), Stopped> {
        let length = self.give(json)?;
        let answer = self.call(|exports| &exports.chain_options, length)?;
        self.accepted(answer).map(drop)
    }

    /// Judges chains: JSON lines in, answers out.
    ///
    /// # Errors
    /// [`Stopped::Refused`] when a file in them cannot be read.
    pub fn chains(&mut self, lines: &[u8]) -> Result<Chains, Stopped> {
        let length = self.give(lines)?;
        let slice = self.call(|exports| &exports.chain, length)?;
        let Some(answer) = self.take(slice)? else {
            return Err(Stopped::Refused(self.message().unwrap_or_default()));
        };
        Ok(Chains {
            answer,
            refused: self.call(|exports| &exports.chains_refused, ())?,
            unread: self.call(|exports| &exports.chains_unread, ())?,
        })
    }

    /// Errors and warnings in the last report.
    ///
    /// # Errors
    /// When the engine stops.
    pub fn counts(&mut self) -> Result<(u32, u32), Stopped> {
        Ok((self.call(|exports| &exports.errors, ())?, self.call(|exports| &exports.warnings, ())?))
    }

    /// Forgets all inputs, passwords and key logs.
    ///
    /// # Errors
    /// When the engine stops.
    pub fn reset(&mut self) -> Result<(), Stopped> {
        self.call(|exports| &exports.reset, ())
    }

    /// Reads a capture for the streams of its TLS connections; `take` is given what happened, in JSON lines (see
    /// `guest/src/lib.rs`), piece by piece, so that nobody holds more than a piece. Ends early, with its error, when `take`
    /// fails.
    ///
    /// # Errors
    /// When `bytes` cannot be read, the engine stops, or `take` fails.
    pub fn streams<E: From<Failure>>(
        &mut self,
        bytes: &mut dyn Read,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let stopped = |stopped: Stopped| E::from(Failure::from(stopped));
        self.call(|exports| &exports.streams_start, ()).map_err(stopped)?;
        loop {
            let address = self.call(|exports| &exports.buffer, CHUNK).map_err(stopped)?;
            let room = self.slot(address, CHUNK).map_err(stopped)?;
            let length = match bytes.read(room) {
                Ok(0) => break,
                Ok(length) => u32::try_from(length).unwrap_or(CHUNK),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Failure::from(error).into()),
            };
            let slice = self.call(|exports| &exports.streams_push, length).map_err(stopped)?;
            if let Some(lines) = self.take(slice).map_err(stopped)? {
                take(&lines)?;
            }
        }
        let slice = self.call(|exports| &exports.streams_end, ()).map_err(stopped)?;
        match self.take(slice).map_err(stopped)? {
            Some(lines) => take(&lines),
            None => Ok(()),
        }
    }

    /// Bytes of memory that the instance has taken; it never gives any back.
    pub fn memory_taken(&self) -> usize {
        self.memory.memory.data_size(&self.store)
    }

    /// Copies `bytes` into the exchange buffer and returns their number.
    fn give(&mut self, bytes: &[u8]) -> Result<u32, Stopped> {
        let length = u32::try_from(bytes.len()).map_err(|_| Stopped::Memory(self.limits))?;
        let address = self.call(|exports| &exports.buffer, length)?;
        self.slot(address, length)?.copy_from_slice(bytes);
        Ok(length)
    }

    /// A copy of a slice that the engine answered with.
    fn take(&mut self, slice: u64) -> Result<Option<Vec<u8>>, Stopped> {
        if slice == 0 {
            return Ok(None);
        }
        Ok(Some(self.slice(slice)?.to_vec()))
    }

    /// The bytes of a slice that the engine answered with.
    fn slice(&mut self, slice: u64) -> Result<&mut [u8], Stopped> {
        self.slot((slice >> 32) as u32, (slice & 0xffff_ffff) as u32)
    }

    fn slot(&mut self, address: u32, length: u32) -> Result<&mut [u8], Stopped> {
        let start = address as usize;
        self.memory
            .bytes(&mut self.store, start..start.saturating_add(length as usize))
            .ok_or_else(|| Stopped::Trapped("it answered with bytes outside its memory".to_owned()))
    }

    /// A number below 0 is a refusal, whose reason is waiting.
    fn accepted(&mut self, answer: i32) -> Result<u32, Stopped> {
        match u32::try_from(answer) {
            Ok(number) => Ok(number),
            Err(_) => Err(Stopped::Refused(self.message().unwrap_or_else(|| "refused".to_owned()))),
        }
    }

    fn call<P: WasmParams, R: WasmResults>(
        &mut self,
        function: impl Fn(&Exports) -> &TypedFunc<P, R>,
        arguments: P,
    ) -> Result<R, Stopped> {
        let begun = Instant::now();
        self.watch.enter(&mut self.store, self.left);
        let answer = function(&self.exports).call(&mut self.store, arguments);
        let stopped = self.watch.leave();
        self.left = self.left.saturating_sub(begun.elapsed());
        if stopped {
            return Err(Stopped::Time(self.limits));
        }
        answer.map_err(|error| {
            let message = self.message();
            Stopped::from_call(&error, self.limits, message)
        })
    }

    /// What the guest last said; read even after a trap, so with a little time of its own.
    fn message(&mut self) -> Option<String> {
        self.watch.enter(&mut self.store, Duration::from_secs(1));
        let slice = self.exports.message.call(&mut self.store, ());
        if self.watch.leave() {
            return None;
        }
        let bytes = self.take(slice.ok()?).ok()??;
        (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
    }
}
