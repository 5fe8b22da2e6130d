//! tlvet for the browser: [`tlvet_core::session::Session`] bound to JavaScript, and nothing else.
//!
//! The page's Worker holds one [`Session`]. It opens each file with a name and a role, pushes its
//! bytes in chunks, closes it, and asks for the report, which comes in slices of what
//! `docs/report.schema.json` describes: put together and written as JSON it is the text that the command line prints, so that an
//! export from the page and one from the command line are equal byte for byte.
//!
//! The crate makes two modules: the whole engine, and without the feature `whole` the one that the page loads first. What that
//! one does not know it names: [`Session::is_beyond_scope`].
//!
//! Nothing here panics. Should the engine do so, the module traps and must be thrown away: the Worker
//! reads the panic's text from `globalThis.tlvetPanic`, tells the page, and is replaced.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde::Serialize;
use tlvet_core::archive;
use tlvet_core::capture::file;
use tlvet_core::context;
use tlvet_core::proto::tls;
use tlvet_core::report::model::{InputRole, Report};
use tlvet_core::report::{html, json, markdown, redact, sarif};
use tlvet_core::session::scope::Scope;
use tlvet_core::session::{InputId, Session as Engine};
use tlvet_core::text;
use tlvet_core::time::UnixTime;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the user names an input as. */
export type Role = "observed" | "phone" | "trust" | "key";
/** Stable codes of the errors that are thrown; on the property `code` of the Error. */
export type ErrorCode = "unknown_role" | "unknown_context" | "bad_address" | "bad_time" | "unknown_form" | "beyond_scope" | "refused";
/** A question that no file answers: a key, and the values it takes in words. */
export interface ContextKey { name: string; values: string }
"#;

/// Seconds beyond which `f64` no longer holds every whole number; far beyond the year 9999.
const LARGEST_SECONDS: f64 = 9_007_199_254_740_991.0;

/// The role of that name.
fn named(role: &str) -> Result<InputRole, JsValue> {
    match role {
        "key" => Ok(InputRole::Key),
        "observed" => Ok(InputRole::Observed),
        "phone" => Ok(InputRole::Phone),
        "trust" => Ok(InputRole::Trust),
        other => Err(error("unknown_role", &format!("no such role: {other}"))),
    }
}

/// Bytes of the buffer that [`Session::chunk`] makes, at most.
const LARGEST_CHUNK: usize = 16 * 1024 * 1024;

/// What this module reads and judges.
const SCOPE: &Scope = if cfg!(feature = "whole") { &Scope::WHOLE } else { &Scope::LISTS };

/// A way to write a report.
type Form = (&'static str, fn(&Report) -> String);

/// The forms in which this module exports a report.
const FORMS: &[Form] = if cfg!(feature = "whole") {
    &[("html", html::render), ("markdown", markdown::render), ("sarif", sarif::render)]
} else {
    &[]
};

/// Bytes of a slice of a report, about: as a text it is one that JavaScript's collector looks at first and gives back soon.
const SLICE: usize = 64 * 1024;

/// What slices are told to.
type Tell<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), JsValue>;

/// Tells what the page shows.
const VIEW: fn(&Session, UnixTime, bool, Tell<'_>) -> Result<(), JsValue> =
    if cfg!(feature = "whole") {
        |session, now, redact, tell| {
            if redact {
                // Aliases are given when the report is whole.
                let report = session.judged(now, redact)?;
                json::Slices::of(report, SLICE).try_for_each(|slice| tell(&slice))
            } else {
                session.engine.tell(now, SLICE, tell)
            }
        }
    } else {
        // Reports on lists are small, and so is the code that writes them whole.
        |session, now, redact, tell| tell(&json::render_slice(&session.judged(now, redact)?))
    };

/// Puts aliases in the place of names and addresses; `None` where that is beyond this module.
const REDACT: Option<fn(&mut Report)> =
    if cfg!(feature = "whole") { Some(redact::redact) } else { None };

/// Runs once when the module is instantiated.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let text = JsValue::from_str(&panic.to_string());
        // For whoever has the browser's console open; the page itself says what it means.
        web_sys::console::error_1(&text);
        // A global that cannot be written leaves the trap itself, which the Worker reports too.
        drop(js_sys::Reflect::set(&js_sys::global(), &JsValue::from_str("tlvetPanic"), &text));
    }));
}

/// Whether these are the first bytes of a packet capture; four are enough. Captures are read last, because a key log among
/// the other files opens connections in them.
#[wasm_bindgen(js_name = looksLikeCapture)]
#[must_use]
pub fn looks_like_capture(head: &[u8]) -> bool {
    file::looks_like_capture(head)
}

/// Whether these are the first bytes of an archive, or of anything that gzip packed; 512 are enough. Archives are read behind
/// key logs, which may open captures in them, and before captures, which key logs in them may open.
#[wasm_bindgen(js_name = looksLikeArchive)]
#[must_use]
pub fn looks_like_archive(head: &[u8]) -> bool {
    archive::looks_like(head).is_some()
}

/// Whether these are the first bytes of a text, in UTF-8, UTF-16 or an encoding of single bytes; a few thousand are enough. What was
/// read of a text is judged when nobody wants the rest.
#[wasm_bindgen(js_name = looksLikeText)]
#[must_use]
pub fn looks_like_text(head: &[u8]) -> bool {
    text::looks_like_text(head)
}

/// Whether these are the first bytes of a TLS key log.
#[wasm_bindgen(js_name = looksLikeKeyLog)]
#[must_use]
pub fn looks_like_key_log(head: &[u8]) -> bool {
    tls::looks_like_key_log(head)
}

/// Version of the engine.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// One of the questions, as JavaScript sees it.
#[derive(Serialize)]
struct ContextKey {
    name: &'static str,
    values: &'static str,
}

/// The questions that no file answers, for [`Session::set_context`]: an array of `ContextKey`.
///
/// # Errors
/// What JavaScript throws when it has no memory for them.
#[wasm_bindgen(js_name = contextKeys, unchecked_return_type = "ContextKey[]")]
pub fn context_keys() -> Result<JsValue, JsValue> {
    let key = |key: &context::Key| ContextKey { name: key.name, values: key.values };
    let keys: Vec<ContextKey> = context::KEYS.iter().map(key).collect();
    Ok(serde_wasm_bindgen::to_value(&keys)?)
}

/// The inputs of one page and the report on them.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session {
    engine: Engine,
    /// Where JavaScript puts the next bytes of a large file, so that they are copied once and nothing is allocated for
    /// each chunk.
    chunk: Vec<u8>,
}

impl Default for Session {
    fn default() -> Self {
        Self { engine: Engine::within(SCOPE), chunk: Vec::new() }
    }
}

#[wasm_bindgen]
impl Session {
    /// A session without inputs.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An input, as far as it was read, or an answer needs the whole engine: its session is to be given all of them anew.
    #[wasm_bindgen(js_name = isBeyondScope)]
    #[must_use]
    pub fn is_beyond_scope(&self) -> bool {
        self.engine.is_beyond_scope()
    }

    /// Opens an input and returns its handle.
    ///
    /// # Errors
    /// `unknown_role` for a role that is none of the four, `refused` when the session is full.
    pub fn open(
        &mut self,
        name: &str,
        #[wasm_bindgen(unchecked_param_type = "Role")] role: &str,
    ) -> Result<u32, JsValue> {
        match self.engine.open(name, named(role)?) {
            Ok(id) => Ok(id.0),
            Err(refusal) => Err(error("refused", &refusal.to_string())),
        }
    }

    /// Tells how many bytes an open input will have, before the first of them: a long capture then costs no digests that are
    /// thrown away when it turns out to be long.
    pub fn announce(&mut self, handle: u32, length: f64) {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the size of a file; a cast of what is none saturates"
        )]
        self.engine.announce(InputId(handle), length as u64);
    }

    /// The next bytes of an open input; chunks may have any size.
    pub fn push(&mut self, handle: u32, chunk: &[u8]) {
        self.engine.push(InputId(handle), chunk);
    }

    /// Address in the module's memory of a buffer of `length` bytes for [`Session::push_chunk`]. It holds until the next
    /// call of this function; a view of it only until anything else is called, because memory may move when it grows.
    #[must_use]
    pub fn chunk(&mut self, length: usize) -> *const u8 {
        self.chunk.resize(length.min(LARGEST_CHUNK), 0);
        self.chunk.as_ptr()
    }

    /// Pushes the first `length` bytes of the buffer that [`Session::chunk`] made.
    #[wasm_bindgen(js_name = pushChunk)]
    pub fn push_chunk(&mut self, handle: u32, length: usize) {
        self.engine.push(InputId(handle), self.chunk.get(..length).unwrap_or_default());
    }

    /// What an open capture has shown since this was last asked, as the JSON text of `CaptureSoFar`; `undefined` for
    /// anything else.
    #[wasm_bindgen(js_name = soFar)]
    #[must_use]
    pub fn so_far(&mut self, handle: u32) -> Option<String> {
        if cfg!(feature = "whole") {
            self.engine.so_far(InputId(handle)).as_ref().map(json::render_so_far)
        } else {
            None
        }
    }

    /// Ends an input that the user does not want to be read on: captures, archives and texts are judged as far as they go, anything
    /// else is reported as not read, with the reason.
    pub fn stop(&mut self, handle: u32, reason: &str) {
        self.engine.stop(InputId(handle), reason);
    }

    /// Ends an input: it is recognised, parsed and its own signature checked.
    pub fn close(&mut self, handle: u32) {
        // What is made of the input finds place where its bytes were.
        self.chunk = Vec::new();
        self.engine.close(InputId(handle));
    }

    /// Ends an input that could not be read, with the reason that the report shows.
    pub fn fail(&mut self, handle: u32, reason: &str) {
        self.engine.fail(InputId(handle), reason);
    }

    /// Names the members at `path` of a closed archive as something else than the archive was named as: the name of a member,
    /// behind that of an archive a slash and the name of one of its own members.
    ///
    /// # Errors
    /// `unknown_role` for a role that is none of the four, `refused` when there is no such member, and for the role of a key.
    #[wasm_bindgen(js_name = setMemberRole)]
    pub fn set_member_role(
        &mut self,
        handle: u32,
        path: &str,
        #[wasm_bindgen(unchecked_param_type = "Role")] role: &str,
    ) -> Result<(), JsValue> {
        let set = if cfg!(feature = "whole") {
            self.engine.set_member_role(InputId(handle), path, named(role)?)
        } else {
            Err("this engine reads no archives".to_owned())
        };
        set.map_err(|message| error("refused", &message))
    }

    /// A password for what the inputs that are closed from now on hold under one (PKCS#12, private keys).
    ///
    /// # Errors
    /// `refused` when it is too long, or there are too many of them.
    pub fn password(&mut self, password: &str) -> Result<(), JsValue> {
        self.engine.password(password).map_err(|refusal| error("refused", &refusal.to_string()))
    }

    /// Answers a question that no file answers.
    ///
    /// # Errors
    /// `unknown_context` for a key that is none of [`context_keys`], or a value that the key does not take.
    #[wasm_bindgen(js_name = setContext)]
    pub fn set_context(&mut self, key: &str, value: &str) -> Result<(), JsValue> {
        self.engine.set_context(key, value).map_err(|message| error("unknown_context", &message))
    }

    /// Names an address that clients use: `NAME`, `NAME:PORT`, an IPv6 address, or `[IPv6]:PORT`; with the
    /// handle of the input whose certificate is presented there, where it is known.
    ///
    /// # Errors
    /// `bad_address` for an address that cannot be one, or when there are too many.
    pub fn expect(&mut self, address: &str, handle: Option<u32>) -> Result<(), JsValue> {
        self.engine
            .expect(address, handle.map(InputId))
            .map_err(|message| error("bad_address", &message))
    }

    /// The report in UTF-8, judged at `now`: whole seconds since 1970-01-01 UTC. `form` is `html`, `markdown` or `sarif`; with
    /// `redact`, names and addresses are aliases. Bytes, because those of a large report can be handed from the Worker to the page
    /// without a copy, and a text cannot.
    ///
    /// # Errors
    /// `bad_time` when `now` is not a number of seconds, `beyond_scope` when only the whole engine writes such a report,
    /// `unknown_form` when none does.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn report(&self, now: f64, form: &str, redact: bool) -> Result<Vec<u8>, JsValue> {
        let write = FORMS.iter().find(|(name, _)| *name == form).map(|(_, write)| write);
        let write = match (write, form) {
            (Some(write), _) => write,
            (None, "html" | "markdown" | "sarif") => return Err(beyond_scope()),
            (None, other) => {
                return Err(error("unknown_form", &format!("there is no form {other}")));
            }
        };
        Ok(write(&self.judged(seconds(now)?, redact)?).into_bytes())
    }

    /// The report that [`Session::report`] exports, told in slices of UTF-8 while it is written, each a JSON text of its own
    /// (`tlvet_core::report::json::Slices`): neither side ever has the whole text, 20 MB for a large capture.
    ///
    /// # Errors
    /// `bad_time` and `beyond_scope` as there, and what `tell` throws, which is told no more.
    pub fn view(
        &self,
        now: f64,
        redact: bool,
        #[wasm_bindgen(unchecked_param_type = "(slice: Uint8Array<ArrayBuffer>) => void")]
        tell: &js_sys::Function,
    ) -> Result<(), JsValue> {
        VIEW(self, seconds(now)?, redact, &mut |slice| {
            tell.call1(&JsValue::UNDEFINED, &js_sys::Uint8Array::from(slice)).map(drop)
        })
    }

    /// The report, judged at `now`.
    fn judged(&self, now: UnixTime, redact: bool) -> Result<Report, JsValue> {
        let redact = match (redact, REDACT) {
            (true, None) => return Err(beyond_scope()),
            (true, Some(redact)) => Some(redact),
            (false, _) => None,
        };
        let mut report = self.engine.report(now);
        if let Some(redact) = redact {
            redact(&mut report);
        }
        Ok(report)
    }

    /// The listing of a closed trust list in the form of `show itl`; `undefined` for anything else.
    #[must_use]
    pub fn listing(&self, handle: u32) -> Option<String> {
        self.engine.listing(InputId(handle))
    }
}

/// Whole seconds since 1970-01-01 UTC.
fn seconds(now: f64) -> Result<UnixTime, JsValue> {
    if !now.is_finite() || now.abs() > LARGEST_SECONDS {
        return Err(error("bad_time", "now is not a number of seconds since 1970"));
    }
    #[allow(clippy::cast_possible_truncation, reason = "finite, and within 2^53, as just checked")]
    let seconds = UnixTime(now.floor() as i64);
    Ok(seconds)
}

fn beyond_scope() -> JsValue {
    error("beyond_scope", "only the whole engine writes such a report")
}

/// A JavaScript `Error` with a stable `code`.
fn error(code: &str, message: &str) -> JsValue {
    let error = JsValue::from(js_sys::Error::new(message));
    drop(js_sys::Reflect::set(&error, &JsValue::from_str("code"), &JsValue::from_str(code)));
    error
}
