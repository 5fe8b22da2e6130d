//! What the instance holds between calls.

use std::cell::RefCell;
use std::panic::PanicHookInfo;

use tlvet_core::context;
use tlvet_core::report::model::{InputRole, Report};
use tlvet_core::report::{html, markdown, redact, sarif, text};
use tlvet_core::session::{InputId, Session};
use tlvet_core::traffic::Streams;

use crate::chain::Judge;
use crate::jsonl;
use crate::options::{Format, Options};
use crate::pieces::Pieces;

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State::default());
    // Beside the state, because a panic strikes while the state is borrowed.
    static MESSAGE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work` on the one state of this instance.
pub(crate) fn with_state<T>(work: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(work)
}

/// Runs `work` on the last message.
pub(crate) fn with_message<T>(work: impl FnOnce(&str) -> T) -> T {
    MESSAGE.with_borrow(|message| work(message))
}

/// Keeps what a panic says, so that the host can show it after the trap.
pub(crate) fn record_panic(panic: &PanicHookInfo<'_>) {
    let what = panic.payload_as_str().unwrap_or("a panic without words");
    say(match panic.location() {
        Some(place) => format!("{}:{}: {what}", place.file(), place.line()),
        None => what.to_owned(),
    });
}

/// Address and length in one number; never 0, because an address never is.
pub(crate) fn slice(bytes: &[u8]) -> u64 {
    let address = bytes.as_ptr() as usize as u64;
    (address << 32) | (bytes.len() as u64 & 0xffff_ffff)
}

/// Refuses a call: keeps the reason and returns the number that says so.
fn refuse(reason: impl Into<String>) -> i32 {
    say(reason.into());
    -1
}

fn say(message: String) {
    MESSAGE.with_borrow_mut(|kept| *kept = message);
}

/// The role of a number that [`crate::open`] takes; else what refuses the call.
fn role_of(number: u32) -> Result<InputRole, String> {
    Ok(match number {
        0 => InputRole::Observed,
        1 => InputRole::Phone,
        2 => InputRole::Trust,
        3 => InputRole::Key,
        _ => return Err(format!("role {number}: 0 to 3 are known")),
    })
}

/// The session, the two buffers and the counts of the last report.
#[derive(Default)]
pub(crate) struct State {
    session: Session,
    options: Options,
    exchange: Vec<u8>,
    result: Vec<u8>,
    /// What of the last report was not fetched.
    rendered: Pieces,
    errors: usize,
    warnings: usize,
    judge: Judge,
    streams: Streams,
}

impl State {
    pub(crate) fn buffer(&mut self, length: u32) -> *mut u8 {
        if self.exchange.len() < length as usize {
            self.exchange.resize(length as usize, 0);
        }
        self.exchange.as_mut_ptr()
    }

    pub(crate) fn configure(&mut self, length: u32) -> i32 {
        match Options::parse(self.exchanged(length)) {
            Ok(options) => {
                for (key, value) in &options.context {
                    if let Err(reason) = self.session.set_context(key, value) {
                        return refuse(reason);
                    }
                }
                self.options = options;
                0
            }
            Err(reason) => refuse(reason),
        }
    }

    pub(crate) fn context_keys(&mut self) -> u64 {
        let width = context::KEYS.iter().map(|key| key.name.len()).max().unwrap_or_default();
        let lines = context::KEYS.iter().map(|context::Key { name, values, items, .. }| {
            format!("{name:width$}  {values} ({})\n", items.join(", "))
        });
        let lines: String = lines.collect();
        self.answer(lines.into_bytes())
    }

    pub(crate) fn open(&mut self, role: u32, length: u32) -> i32 {
        let role = match role_of(role) {
            Ok(role) => role,
            Err(reason) => return refuse(reason),
        };
        let name = String::from_utf8_lossy(self.exchanged(length)).into_owned();
        match self.session.open(&name, role) {
            Ok(input) => number(input),
            Err(error) => refuse(error.to_string()),
        }
    }

    pub(crate) fn key_log(&mut self, length: u32) {
        let text = self.exchange.get(..length as usize).unwrap_or_default();
        self.session.key_log(text);
        // The exchange buffer is used again; nothing of the secrets is left in it.
        if let Some(text) = self.exchange.get_mut(..length as usize) {
            text.fill(0);
        }
    }

    pub(crate) fn password(&mut self, length: u32) -> i32 {
        let Ok(password) =
            core::str::from_utf8(self.exchange.get(..length as usize).unwrap_or_default())
        else {
            return refuse("the password is not UTF-8");
        };
        let answer = self.session.password(password);
        // The exchange buffer is used again; nothing of the password is left in it.
        self.exchange.fill(0);
        match answer {
            Ok(()) => 0,
            Err(error) => refuse(error.to_string()),
        }
    }

    pub(crate) fn announce(&mut self, input: u32, length: u64) {
        self.session.announce(InputId(input), length);
    }

    pub(crate) fn push(&mut self, input: u32, length: u32) {
        let chunk = self.exchange.get(..length as usize).unwrap_or_default();
        self.session.push(InputId(input), chunk);
    }

    pub(crate) fn close(&mut self, input: u32) {
        self.session.close(InputId(input));
    }

    pub(crate) fn fail(&mut self, input: u32, length: u32) {
        let reason = String::from_utf8_lossy(self.exchanged(length)).into_owned();
        self.session.fail(InputId(input), &reason);
    }

    pub(crate) fn expect(&mut self, input: i32, length: u32) -> i32 {
        let address = String::from_utf8_lossy(self.exchanged(length)).into_owned();
        match self.session.expect(&address, u32::try_from(input).ok().map(InputId)) {
            Ok(()) => 0,
            Err(reason) => refuse(reason),
        }
    }

    pub(crate) fn export(&mut self, input: u32) -> u64 {
        match self.session.export(InputId(input)) {
            Some(exported) => self.answer(exported),
            None => 0,
        }
    }

    pub(crate) fn import(&mut self, length: u32) -> i32 {
        let exported = self.exchange.get(..length as usize).unwrap_or_default();
        match self.session.import(exported) {
            Ok(input) => number(input),
            Err(error) => refuse(error.to_string()),
        }
    }

    pub(crate) fn member_role(&mut self, input: u32, role: u32, length: u32) -> i32 {
        let role = match role_of(role) {
            Ok(role) => role,
            Err(reason) => return refuse(reason),
        };
        let path = String::from_utf8_lossy(self.exchanged(length)).into_owned();
        match self.session.set_member_role(InputId(input), &path, role) {
            Ok(()) => 0,
            Err(reason) => refuse(reason),
        }
    }

    pub(crate) fn listing(&mut self, input: u32) -> u64 {
        match self.session.listing(InputId(input)) {
            Some(listing) => self.answer(listing.into_bytes()),
            None => 0,
        }
    }

    pub(crate) fn report(&mut self) -> u64 {
        let (now, redacted) = (self.options.now(), self.options.redact);
        let mut report = match self.options.format {
            // Aliases are numbered by where names stand in the whole report.
            _ if redacted => self.session.report(now),
            Format::Html | Format::Markdown | Format::Sarif => {
                self.session.report_without_captures(now)
            }
            Format::Text if self.options.style().brief => self.session.report_brief(now),
            Format::Json | Format::Jsonl | Format::Text => self.session.report(now),
        };
        if redacted {
            redact::redact(&mut report);
        }
        self.errors = report.summary.errors;
        self.warnings = report.summary.warnings;
        self.rendered = self.render(report);
        self.report_next()
    }

    pub(crate) fn report_next(&mut self) -> u64 {
        match self.rendered.take() {
            Some(piece) => self.answer(piece),
            None => 0,
        }
    }

    pub(crate) fn errors(&self) -> u32 {
        u32::try_from(self.errors).unwrap_or(u32::MAX)
    }

    pub(crate) fn warnings(&self) -> u32 {
        u32::try_from(self.warnings).unwrap_or(u32::MAX)
    }

    pub(crate) fn chain_options(&mut self, length: u32) -> i32 {
        match Judge::new(self.exchanged(length)) {
            Ok(judge) => {
                self.judge = judge;
                0
            }
            Err(reason) => refuse(reason),
        }
    }

    pub(crate) fn chain(&mut self, length: u32) -> u64 {
        let lines = self.exchange.get(..length as usize).unwrap_or_default();
        match self.judge.lines(lines) {
            Ok(answer) => self.answer(answer),
            Err(reason) => {
                say(reason);
                0
            }
        }
    }

    pub(crate) fn chains_refused(&self) -> u32 {
        self.judge.refused
    }

    pub(crate) fn chains_unread(&self) -> u32 {
        self.judge.unread
    }

    pub(crate) fn streams_start(&mut self) {
        self.streams = Streams::default();
    }

    pub(crate) fn streams_push(&mut self, length: u32) -> u64 {
        let events = self.streams.push(self.exchange.get(..length as usize).unwrap_or_default());
        self.answer_some(jsonl::objects(&events))
    }

    pub(crate) fn streams_end(&mut self) -> u64 {
        let (events, facts) = core::mem::take(&mut self.streams).end();
        let mut lines = jsonl::objects(&events);
        lines.extend(jsonl::objects(&[facts]));
        self.answer_some(lines)
    }

    pub(crate) fn reset(&mut self) {
        self.session = Session::new();
    }

    fn render(&self, report: Report) -> Pieces {
        Pieces::Whole(match self.options.format {
            Format::Html => html::render(&report).into_bytes(),
            Format::Json => return Pieces::json(report),
            Format::Jsonl => return Pieces::lines(report),
            Format::Markdown => markdown::render(&report).into_bytes(),
            Format::Sarif => sarif::render(&report).into_bytes(),
            Format::Text => text::render(&report, self.options.style()).into_bytes(),
        })
    }

    fn exchanged(&self, length: u32) -> &[u8] {
        self.exchange.get(..length as usize).unwrap_or_default()
    }

    fn answer_some(&mut self, bytes: Vec<u8>) -> u64 {
        if bytes.is_empty() { 0 } else { self.answer(bytes) }
    }

    fn answer(&mut self, bytes: Vec<u8>) -> u64 {
        self.result = bytes;
        slice(&self.result)
    }
}

fn number(input: InputId) -> i32 {
    i32::try_from(input.0).unwrap_or_else(|_| refuse("too many inputs"))
}
