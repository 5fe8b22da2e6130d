//! The report as JSON.

use core::fmt;
use core::mem::take;
use std::collections::VecDeque;

use serde::Serialize;

use crate::phone::derived::Derived;
use crate::report::captures;
use crate::report::model::{Capture, CaptureSoFar, Report, Summary, Tool};

/// The report in the form of `docs/report.schema.json`, on one line.
pub fn render(report: &Report) -> String {
    // The model holds only texts, numbers and lists: serialising it into memory cannot fail.
    serde_json::to_string(report).unwrap_or_default()
}

/// What [`render`] says, in pieces that are made when they are asked for: a large capture has 20 MB of it. What is text is no
/// longer model, so both are never there whole.
#[derive(Debug)]
pub struct Parts {
    /// The object that is being written, and those around it.
    open: Vec<Opened<'static>>,
    /// Bytes of a piece, at least; the last may have less.
    piece: usize,
}

impl Parts {
    /// In pieces of at least `piece` bytes, and at most one element of a list more.
    pub fn of(report: Report, piece: usize) -> Self {
        Self { open: vec![Opened::whole(report)], piece }
    }
}

impl Iterator for Parts {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        while out.len() < self.piece {
            let Some(object) = self.open.last_mut() else { break };
            if out.is_empty() {
                // Room for the element that is over.
                out.reserve(self.piece.saturating_add(self.piece / 8));
            }
            match object.write(&mut out) {
                Written::Some => {}
                Written::Opened(inner) => self.open.push(*inner),
                Written::All => {
                    self.open.pop();
                }
            }
        }
        (!out.is_empty()).then_some(out)
    }
}

/// A report as JSON lines, one object with one key on each line, in pieces as [`Parts`] has them.
///
/// The first line is `{"report": {...}}`, the report without its lists; then each element of each list stands on a line of its
/// own, under the singular of the list's name, in the order of the report. A program that reads line by line never holds more
/// than one element.
#[derive(Debug)]
pub struct Lines {
    /// The first line, until it is written.
    head: Vec<u8>,
    lists: Opened<'static>,
    /// The element that is being written, where it has long lists of its own.
    inner: Option<Opened<'static>>,
    /// Bytes of a piece, at least; the last may have less.
    piece: usize,
}

impl Lines {
    /// In pieces of at least `piece` bytes, and at most one element of a list more.
    pub fn of(report: Report, piece: usize) -> Self {
        #[derive(Serialize)]
        struct Head<'a> {
            schema: &'a str,
            tool: &'a Tool,
            now: &'a str,
            redacted: bool,
            summary: &'a Summary,
            timeline_left_out: usize,
        }
        // Each field by its name: one that is new belongs here, or is a list.
        let Report {
            schema,
            tool,
            now,
            redacted,
            summary,
            timeline_left_out,
            inputs: _,
            trust_lists: _,
            signed_files: _,
            configurations: _,
            certificates: _,
            certificate_requests: _,
            revocation_lists: _,
            private_keys: _,
            stores: _,
            chains: _,
            forecast: _,
            captures: _,
            logs: _,
            timeline: _,
            findings: _,
            skipped: _,
        } = &report;
        let (redacted, timeline_left_out) = (*redacted, *timeline_left_out);
        let head = Head { schema, tool, now, redacted, summary, timeline_left_out };
        // As in `render`: this cannot fail.
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let head = [&b"{\"report\":"[..], &head, b"}\n"].concat();
        Self { head, lists: Opened::whole(report), inner: None, piece }
    }

    /// The next element, or what is written of one; `false` behind the last.
    fn write(&mut self, out: &mut Vec<u8>) -> bool {
        if let Some(inner) = &mut self.inner {
            if matches!(inner.write(out), Written::All) {
                self.inner = None;
                out.extend_from_slice(b"}\n");
            }
            return true;
        }
        let Some((name, list)) = self.lists.lists.front_mut() else { return false };
        let before = out.len();
        out.extend_from_slice(format!("{{\"{}\":", singular(name)).as_bytes());
        match list.write_next(out) {
            Next::Written => out.extend_from_slice(b"}\n"),
            Next::Opened(inner) => self.inner = Some(*inner),
            Next::None => {
                out.truncate(before);
                self.lists.lists.pop_front();
            }
        }
        true
    }
}

impl Iterator for Lines {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut out = take(&mut self.head);
        while out.len() < self.piece && self.write(&mut out) {}
        (!out.is_empty()).then_some(out)
    }
}

/// What one element of a list of the report is called.
fn singular(list: &'static str) -> &'static str {
    match list {
        "timeline" => "timeline_event",
        _ => list.strip_suffix('s').unwrap_or(list),
    }
}

/// A report in slices that are JSON by themselves, made when they are asked for. Who reads one after the other never has the whole
/// text beside what was read of it: `{"capture":null,"list":null,"count":1,"items":[...]}`. How many items there are is said before them, so
/// that who keeps a slice for later need not read it.
///
/// The first has one item, the report with its lists empty. The others go on with a `list` of the report, or of that `capture` of it, which
/// came before as an item whose own lists are empty.
#[derive(Debug)]
pub struct Slices<'a> {
    open: Vec<Opened<'a>>,
    /// Captures that were opened.
    captures: usize,
    /// Bytes from which on a slice ends.
    size: usize,
}

impl<'a> Slices<'a> {
    /// In slices of `size` bytes, and at most one element of a list more.
    pub fn of(report: Report, size: usize) -> Self {
        Self { open: vec![Opened::whole(report)], captures: 0, size }
    }

    /// Those of a report that was made of `facts` without captures, and of their captures: what these hold is made one element at a
    /// time, and a large one is in memory once, as it was read.
    pub fn with_captures(report: Report, facts: &'a Derived<'_>, size: usize) -> Self {
        let captures = facts.captures_with_boots().map(|(seen, boots)| {
            Opened::of(
                &captures::shell(seen),
                [
                    ("flows", elements(captures::flows(seen))),
                    ("transfers", elements(captures::transfers(seen))),
                    ("dns", elements(captures::questions(seen))),
                    ("boots", elements(captures::boots(seen, boots))),
                ],
            )
        });
        Self { open: vec![Opened::report(report, captures)], captures: 0, size }
    }
}

impl Iterator for Slices<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            // The report, or a capture inside it.
            let inner = self.open.len() > 1;
            let object = self.open.last_mut()?;
            let shell = take(&mut object.shell);
            if !shell.is_empty() {
                return Some(slice(None, inner.then_some("captures"), 1, &shell));
            }
            let Some((name, list)) = object.lists.front_mut() else {
                self.open.pop();
                continue;
            };
            let (name, mut count, mut items, mut opened) = (*name, 0, Vec::new(), None);
            while items.len() < self.size {
                let before = items.len();
                if before > 0 {
                    items.push(b',');
                }
                match list.write_next(&mut items) {
                    Next::Written => {
                        count += 1;
                        continue;
                    }
                    Next::Opened(capture) => opened = Some(*capture),
                    Next::None => drop(object.lists.pop_front()),
                }
                // There is no element behind this comma.
                items.truncate(before);
                break;
            }
            let capture = inner.then(|| self.captures.saturating_sub(1));
            if let Some(opened) = opened {
                self.captures += 1;
                self.open.push(opened);
            }
            if !items.is_empty() {
                return Some(slice(capture, Some(name), count, &items));
            }
        }
    }
}

/// A report as the only one of its slices.
pub fn render_slice(report: &Report) -> Vec<u8> {
    slice(None, None, 1, render(report).as_bytes())
}

fn slice(capture: Option<usize>, list: Option<&str>, count: usize, items: &[u8]) -> Vec<u8> {
    let capture = capture.map_or_else(|| "null".to_owned(), |number| number.to_string());
    let list = list.map_or_else(|| "null".to_owned(), |name| format!("\"{name}\""));
    let head = format!("{{\"capture\":{capture},\"list\":{list},\"count\":{count},\"items\":[");
    [head.as_bytes(), items, b"]}"].concat()
}

/// An object with long lists, as far as it is not written.
#[derive(Debug)]
struct Opened<'a> {
    /// The object with its lists empty.
    shell: Vec<u8>,
    /// Bytes of `shell` that are written.
    written: usize,
    /// The lists, in the order of `shell`, with their names.
    lists: VecDeque<(&'static str, Box<dyn Elements<'a> + 'a>)>,
    /// Elements of the first of them that are written.
    elements: usize,
}

/// What one step wrote.
enum Written<'a> {
    Some,
    /// The object's list goes on with this one.
    Opened(Box<Opened<'a>>),
    All,
}

impl<'a> Opened<'a> {
    /// A report with its own captures.
    fn whole(mut report: Report) -> Self {
        let captures = take(&mut report.captures).into_iter().map(Self::capture);
        Self::report(report, captures)
    }

    /// A report whose captures are those, and not its own.
    fn report(mut report: Report, captures: impl Iterator<Item = Self> + 'a) -> Self {
        let lists = [
            ("inputs", elements(take(&mut report.inputs))),
            ("trust_lists", elements(take(&mut report.trust_lists))),
            ("signed_files", elements(take(&mut report.signed_files))),
            ("configurations", elements(take(&mut report.configurations))),
            ("certificates", elements(take(&mut report.certificates))),
            ("certificate_requests", elements(take(&mut report.certificate_requests))),
            ("revocation_lists", elements(take(&mut report.revocation_lists))),
            ("private_keys", elements(take(&mut report.private_keys))),
            ("stores", elements(take(&mut report.stores))),
            ("chains", elements(take(&mut report.chains))),
            ("forecast", elements(take(&mut report.forecast))),
            ("captures", Box::new(Captures(captures)) as Box<dyn Elements<'a> + 'a>),
            ("logs", elements(take(&mut report.logs))),
            ("timeline", elements(take(&mut report.timeline))),
            ("findings", elements(take(&mut report.findings))),
            ("skipped", elements(take(&mut report.skipped))),
        ];
        Self::of(&report, lists)
    }

    fn capture(mut capture: Capture) -> Self {
        let lists = [
            ("flows", elements(take(&mut capture.flows))),
            ("transfers", elements(take(&mut capture.transfers))),
            ("dns", elements(take(&mut capture.dns))),
            ("boots", elements(take(&mut capture.boots))),
        ];
        Self::of(&capture, lists)
    }

    /// `object` is what is left without `lists`.
    fn of<const N: usize>(
        object: &impl Serialize,
        lists: [(&'static str, Box<dyn Elements<'a> + 'a>); N],
    ) -> Self {
        let shell = serde_json::to_vec(object).unwrap_or_default();
        Self { shell, written: 0, lists: lists.into(), elements: 0 }
    }

    fn write(&mut self, out: &mut Vec<u8>) -> Written<'a> {
        let Some((name, list)) = self.lists.front_mut() else {
            out.extend_from_slice(self.shell.get(self.written..).unwrap_or_default());
            return Written::All;
        };
        let before = out.len();
        if self.elements == 0 {
            // A quotation mark in a text has a backslash in front: this can only be the list, which is empty in the shell.
            let empty = format!("\"{name}\":[]");
            let rest = self.shell.get(self.written..).unwrap_or_default();
            let place = rest.windows(empty.len()).position(|part| part == empty.as_bytes());
            let inside = place.map_or(0, |place| place + empty.len() - 1);
            out.extend_from_slice(rest.get(..inside).unwrap_or_default());
            self.written += inside;
        } else {
            out.push(b',');
        }
        self.elements += 1;
        match list.write_next(out) {
            Next::Written => Written::Some,
            Next::Opened(inner) => Written::Opened(inner),
            Next::None => {
                if self.elements > 1 {
                    // There is no element behind this comma.
                    out.truncate(before);
                }
                self.lists.pop_front();
                self.elements = 0;
                Written::Some
            }
        }
    }
}

/// Elements of a list, which are given up as they are written.
trait Elements<'a> {
    fn write_next(&mut self, out: &mut Vec<u8>) -> Next<'a>;
}

impl fmt::Debug for dyn Elements<'_> + '_ {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Elements")
    }
}

enum Next<'a> {
    Written,
    /// An object with long lists of its own, not written yet.
    Opened(Box<Opened<'a>>),
    None,
}

/// Elements that are written as they are.
struct Plain<I>(I);

fn elements<'a, T: Serialize>(
    list: impl IntoIterator<Item = T, IntoIter: 'a>,
) -> Box<dyn Elements<'a> + 'a> {
    Box::new(Plain(list.into_iter()))
}

impl<'a, T: Serialize, I: Iterator<Item = T>> Elements<'a> for Plain<I> {
    fn write_next(&mut self, out: &mut Vec<u8>) -> Next<'a> {
        let Some(element) = self.0.next() else { return Next::None };
        match serde_json::to_writer(out, &element) {
            // Writing plain data into memory cannot fail.
            Ok(()) | Err(_) => Next::Written,
        }
    }
}

struct Captures<I>(I);

impl<'a, I: Iterator<Item = Opened<'a>>> Elements<'a> for Captures<I> {
    fn write_next(&mut self, _out: &mut Vec<u8>) -> Next<'a> {
        self.0.next().map_or(Next::None, |one| Next::Opened(Box::new(one)))
    }
}

/// What was found in a capture while it is being read, on one line.
pub fn render_so_far(found: &CaptureSoFar) -> String {
    serde_json::to_string(found).unwrap_or_default()
}
