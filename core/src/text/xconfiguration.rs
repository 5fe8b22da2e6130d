//! Settings and status of an Expressway: what `xConfiguration` and `xStatus` print, and the same as XML
//! (`xconf_dump_…`, `xstat_dump_…` of a diagnostic archive; domain item 2.7).
//!
//! ```text
//! *c xConfiguration Zones Zone 6 DNS SIP TLS Verify Mode: "On"
//! *s SystemUnit:
//!   Software:
//!     Version: "X14.2"
//! <Configuration product="…" …><SystemUnit><Name>expc</Name></SystemUnit></Configuration>
//! ```
//!
//! All become one form: the words of the path, and the value. Only settings that bear on trust are kept; what may be a
//! password never is.

use memchr::memmem;
use roxmltree::{Document, Node, ParsingOptions};
use serde::{Deserialize, Serialize};

use crate::limits;
use crate::text::wrap::is_any_terminal;
use crate::text::{Format, Line, Recognise, Signs, Text};

/// A setting, or a status, that bears on trust.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The line.
    pub line: u64,
    /// Words of the path in lower case, blanks between: `edgeconfigserver verifyoriginserver`.
    pub path: String,
    /// The value, without quotation marks.
    pub value: String,
}

/// Reads settings and status.
#[derive(Debug, Default)]
pub(super) struct Settings {
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    None,
    /// The last line was a setting.
    Configuration,
    /// In the middle of a status: what it is indented by, and the names on the way.
    Status(Vec<(usize, String)>),
    /// The last line was the beginning of a setting.
    Broken(Broken),
    /// In the middle of a document of XML.
    Xml(Box<Xml>),
}

/// A setting that a mail program or a terminal broke.
#[derive(Debug)]
struct Broken {
    /// Number of its first line.
    line: u64,
    /// What there is of it.
    text: String,
    /// The lines of that.
    pieces: u64,
    /// The last of them has as many columns as a terminal, which breaks words in two.
    is_hard: bool,
}

/// A document of XML that is not whole yet.
#[derive(Debug, Default)]
struct Xml {
    /// What it ends with; not known before its root is whole.
    close: Option<&'static str>,
    text: String,
    /// Where each line of it begins, and the line's number.
    starts: Vec<(usize, u64)>,
    /// The last line has as many columns as a terminal, which breaks words in two.
    is_hard: bool,
    /// Blanks in front of its first line.
    indent: usize,
}

impl Recognise for Settings {
    fn format(&self) -> Format {
        Format::ExpresswaySettings
    }

    fn signs(&self) -> Signs {
        Signs { beginnings: &["*c", "*s", "<", "xc"], ..Signs::default() }
    }

    fn is_inside(&self) -> bool {
        !matches!(self.state, State::None)
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        match core::mem::take(&mut self.state) {
            State::Xml(xml) => return self.xml(xml, line, text),
            State::Broken(broken) => {
                if self.setting_goes_on(broken, line, text) {
                    return true;
                }
            }
            State::Status(names) => {
                if self.status_goes_on(names, line, text) {
                    return true;
                }
            }
            State::Configuration => {
                if bare(line.text).is_some_and(|rest| setting(rest, line.number, text)) {
                    self.state = State::Configuration;
                    return true;
                }
            }
            State::None => {}
        }
        match line.text.trim_start().as_bytes() {
            [b'*', b'c', b' ', ..] => self.configuration(line, text),
            [b'*', b's', b' ', ..] => self.status(line, text),
            [b'<', ..] => self.begins_xml(line, text),
            // Without the mark it may be a command in a sentence: a quoted value tells.
            [b'x' | b'X', b'c' | b'C', ..] if line.text.trim_end().ends_with('"') => {
                let is_setting =
                    bare(line.text).is_some_and(|rest| setting(rest, line.number, text));
                if is_setting {
                    self.state = State::Configuration;
                }
                is_setting
            }
            _ => false,
        }
    }

    fn end(&mut self, text: &mut Text) {
        if let State::Broken(broken) = core::mem::take(&mut self.state) {
            settings(broken.line, &broken.text, text);
        }
    }
}

/// A line of settings that goes on: a quotation is open, or the value or even the end of the path is missing.
fn goes_on(line: &str) -> bool {
    let own = line.trim_end();
    let quotes = memchr::memchr_iter(b'"', own.as_bytes()).count();
    quotes % 2 == 1 || quotes == 0 && (own.ends_with(':') || !own.contains(':'))
}

impl Settings {
    fn configuration(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let is_setting = line.text.trim_start().get(3..).and_then(bare).is_some();
        if is_setting && line.text.len() <= limits::TEXT_EXCERPT && goes_on(line.text) {
            self.state = State::Broken(Broken {
                line: line.number,
                text: line.text.to_owned(),
                pieces: 1,
                is_hard: is_any_terminal(line.text),
            });
            return true;
        }
        let found = settings(line.number, line.text, text);
        if found {
            self.state = State::Configuration;
        }
        found
    }

    /// Takes the next piece of a setting; what cannot go on is read as it is.
    fn setting_goes_on(&mut self, mut broken: Broken, line: &Line<'_>, text: &mut Text) -> bool {
        let own = line.text.trim_start();
        if own.is_empty() || own.starts_with('*') || bare(own).is_some() {
            settings(broken.line, &broken.text, text);
            return false;
        }
        if broken.is_hard {
            broken.text.push_str(line.text);
        } else {
            broken.text.truncate(broken.text.trim_end().len());
            broken.text.push(' ');
            broken.text.push_str(own);
        }
        broken.pieces = broken.pieces.saturating_add(1);
        broken.is_hard = is_any_terminal(line.text);
        if goes_on(&broken.text)
            && broken.pieces < limits::TEXT_ROW_PIECES
            && broken.text.len() <= limits::TEXT_EXCERPT
        {
            self.state = State::Broken(broken);
        } else {
            settings(broken.line, &broken.text, text);
            self.state = State::Configuration;
        }
        true
    }

    /// `*s SystemUnit:`, `*s SystemUnit: /`, or a whole path with its value.
    fn status(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let Some((path, value)) = line.text.trim().strip_prefix("*s ").and_then(path_and_value)
        else {
            return false;
        };
        if matches!(value, "" | "/") {
            self.state = State::Status(vec![(0, path)]);
        } else {
            keep(text, line.number, &path, value);
        }
        true
    }

    fn status_goes_on(
        &mut self,
        mut names: Vec<(usize, String)>,
        line: &Line<'_>,
        text: &mut Text,
    ) -> bool {
        let trimmed = line.text.trim_start();
        let indent = line.text.len().saturating_sub(trimmed.len());
        if trimmed.starts_with("*s/end") {
            return true;
        }
        let Some((name, value)) = path_and_value(trimmed.trim_end()).filter(|_| indent > 0) else {
            return false;
        };
        while names.last().is_some_and(|(outer, _)| *outer >= indent) {
            names.pop();
        }
        if matches!(value, "" | "/") {
            if names.len() < limits::XCONFIGURATION_DEPTH {
                names.push((indent, name));
            }
        } else {
            let outer: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
            keep(text, line.number, &format!("{} {name}", outer.join(" ")), value);
        }
        self.state = State::Status(names);
        true
    }

    fn begins_xml(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let own = line.text.trim_start();
        // The root may be broken in two.
        if root(own).is_none() && !(own.starts_with("<?xml") && is_any_terminal(own)) {
            return false;
        }
        let indent = line.text.len().saturating_sub(own.len());
        self.xml(Box::new(Xml { indent, ..Xml::default() }), line, text)
    }

    /// Takes a line of a document, and reads the document when it is whole. `false` when it is none of an Expressway's.
    fn xml(&mut self, mut xml: Box<Xml>, line: &Line<'_>, text: &mut Text) -> bool {
        if !xml.starts.is_empty() && !xml.is_hard {
            xml.text.push('\n');
        }
        let blanks = line.text.len().saturating_sub(line.text.trim_start().len());
        let own = line.text.get(blanks.min(xml.indent)..).unwrap_or_default();
        // The end of a tag at the beginning of a line looks like a mark of quotation, and was taken away.
        let last = memchr::memrchr2(b'<', b'>', xml.text.as_bytes());
        let is_open = last.and_then(|at| xml.text.as_bytes().get(at)) == Some(&b'<');
        if is_open && own.trim_start().starts_with('<') {
            xml.text.push('>');
        }
        xml.starts.push((xml.text.len(), line.number));
        xml.text.push_str(own);
        xml.is_hard = is_any_terminal(own);
        if xml.close.is_none() {
            let found = root(&xml.text).and_then(|(at, close)| {
                let (tag, _) = xml.text.get(at..)?.split_once('>')?;
                Some((at, close, OURS.iter().any(|word| tag.contains(word))))
            });
            match found {
                Some((at, close, true)) => {
                    xml.text.drain(..at);
                    for (start, _) in &mut xml.starts {
                        *start = start.saturating_sub(at);
                    }
                    xml.close = Some(close);
                }
                Some((_, _, false)) => return false,
                None if xml.starts.len() > ROOT_LINES => return false,
                None => {}
            }
        }
        if xml.text.len() > limits::XCONFIGURATION_XML {
            return true;
        }
        // In what came last only: the whole would be searched again with each line. The end may be broken in two.
        let Some(close) = xml.close else {
            self.state = State::Xml(xml);
            return true;
        };
        let latest = xml.text.len().saturating_sub(own.len().saturating_add(close.len()));
        let bytes = xml.text.as_bytes();
        let end = memmem::rfind(bytes.get(latest..).unwrap_or_default(), close.as_bytes());
        match end {
            None => self.state = State::Xml(xml),
            Some(at) => {
                let end = latest.saturating_add(at).saturating_add(close.len());
                read_xml(xml.text.get(..end).unwrap_or_default(), &xml.starts, text);
            }
        }
        true
    }
}

/// The roots of an Expressway's documents: how they begin, and how they end.
const ROOTS: [(&str, &str); 2] = [("<Configuration", "</Configuration>"), ("<Status", "</Status>")];

/// What stands in the tag of an Expressway's root.
const OURS: [&str; 3] = ["VCS", "Expressway", "tandberg"];

/// Where the root of a document begins, and what the document ends with.
fn root(text: &str) -> Option<(usize, &'static str)> {
    ROOTS
        .iter()
        .find_map(|(open, close)| Some((memmem::find(text.as_bytes(), open.as_bytes())?, *close)))
}

/// Lines that the tag of a root may stand in; one has about 200 columns.
const ROOT_LINES: usize = 8;

/// What follows `xConfiguration`.
fn bare(text: &str) -> Option<&str> {
    const WORD: &str = "xConfiguration ";
    let text = text.trim_start();
    let (word, rest) = text.split_at_checked(WORD.len())?;
    word.eq_ignore_ascii_case(WORD).then_some(rest)
}

/// One setting, or several where a copy lost the line ends.
fn settings(number: u64, line: &str, text: &mut Text) -> bool {
    let mut found = false;
    for part in line.split("*c ").skip(1) {
        found |= bare(part).is_some_and(|rest| setting(rest, number, text));
    }
    found
}

fn setting(rest: &str, line: u64, text: &mut Text) -> bool {
    let Some((path, value)) = path_and_value(rest.trim()) else { return false };
    keep(text, line, &path, value);
    true
}

/// `Zones Zone 6 DNS SIP TLS Verify Mode: "On"` to the path in lower case and the value without quotation marks.
fn path_and_value(text: &str) -> Option<(String, &str)> {
    let (path, value) = text.split_once(':')?;
    // `Zone (status=Active):` says the state of a thing in parentheses.
    let path = path.split_once('(').map_or(path, |(path, _)| path).trim_end();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" _-.[]".contains(&byte);
    if path.is_empty() || path.len() > 200 || !path.bytes().all(is_plain) {
        return None;
    }
    let value = value.trim();
    let value =
        value.strip_prefix('"').map_or(value, |rest| rest.strip_suffix('"').unwrap_or(rest));
    Some((path.to_ascii_lowercase(), value))
}

/// A tag is longer than any of Expressway's: the parser compares each attribute of a tag with all others.
fn has_long_tag(xml: &str) -> bool {
    xml.split('<').any(|piece| {
        piece.split_once('>').map_or(piece, |(tag, _)| tag).len() > limits::XCONFIGURATION_TAG
    })
}

/// Reads a whole document whose lines begin at `starts`.
fn read_xml(xml: &str, starts: &[(usize, u64)], text: &mut Text) {
    if has_long_tag(xml) {
        return;
    }
    let options =
        ParsingOptions { nodes_limit: limits::XCONFIGURATION_NODES, ..ParsingOptions::default() };
    let Ok(document) = Document::parse_with_options(xml, options) else { return };
    let root = document.root_element();
    let line_at = |offset: usize| {
        let behind = starts.partition_point(|(start, _)| *start <= offset);
        starts.get(behind.saturating_sub(1)).map_or(0, |(_, line)| *line)
    };
    if let Some(version) = root.attribute("version").filter(|version| version.starts_with('X')) {
        keep(text, line_at(0), VERSION, version);
    }
    for node in root.descendants().filter(|node| node.is_element()) {
        let has_elements = node.children().any(|child| child.is_element());
        let Some(value) = node.text().map(str::trim).filter(|_| !has_elements) else { continue };
        if let Some(path) = path_of(node) {
            // A mail program breaks values at their blanks.
            keep(text, line_at(node.range().start), &path, &value.replace('\n', " "));
        }
    }
}

/// The names of an element and those around it, without the root's; `item` numbers stand behind the name.
fn path_of(node: Node<'_, '_>) -> Option<String> {
    let mut words = Vec::new();
    for (depth, outer) in node.ancestors().filter(|outer| outer.is_element()).enumerate() {
        if depth > limits::XCONFIGURATION_DEPTH {
            return None;
        }
        // The first and only one of its name is numbered too, where a text does not number it.
        let is_only = ![outer.prev_sibling_element(), outer.next_sibling_element()]
            .into_iter()
            .flatten()
            .any(|beside| beside.tag_name() == outer.tag_name());
        let number = outer.attribute("item").filter(|number| !is_only || *number != "1");
        words.extend(number.map(str::to_ascii_lowercase));
        words.push(outer.tag_name().name().to_ascii_lowercase());
    }
    words.pop();
    words.reverse();
    Some(words.join(" "))
}

/// Where a status says the version of the software.
pub const VERSION: &str = "systemunit software version";
/// Whether the traffic server verifies origins (B52).
pub const VERIFY_ORIGIN: &str = "edgeconfigserver verifyoriginserver";

fn keep(text: &mut Text, line: u64, path: &str, value: &str) {
    if !bears_on_trust(path) || text.settings.len() >= limits::XCONFIGURATION_SETTINGS {
        return;
    }
    let value = value.chars().take(limits::TEXT_EXCERPT).collect();
    text.settings.push(Setting { line, path: path.to_owned(), value });
}

fn bears_on_trust(path: &str) -> bool {
    let last = path.rsplit(' ').next().unwrap_or_default();
    if path.contains("password") || path.contains("secret") {
        return false;
    }
    let is_name = matches!(last, "name" | "address" | "hostname" | "localhostname" | "type");
    path == VERSION
        || path == VERIFY_ORIGIN
        || path.starts_with("ciphers ")
        || path.contains("tls verify")
        || path.contains("tlsverify")
        || is_name
            && ["systemunit ", "dns ", "ip dns ", "alternates ", "zones zone "]
                .iter()
                .any(|begin| path.starts_with(begin))
        || is_name && is_server(path)
}

/// A setting about a server of CUCM, IM and Presence or Unity.
pub fn is_server(path: &str) -> bool {
    path.split(' ').any(|word| {
        ["cucm", "callmanager", "unifiedcm", "imp", "cup", "presence", "unity", "edgeconfig"]
            .iter()
            .any(|begin| word.starts_with(begin))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Reader;

    fn read(bytes: &str) -> (Vec<(u64, String, String)>, u64) {
        let mut reader = Reader::default();
        reader.push(bytes.as_bytes());
        let text = reader.end();
        let understood = text.understood();
        let of = |one: Setting| (one.line, one.path, one.value);
        (text.settings.into_iter().map(of).collect(), understood)
    }

    fn one(line: u64, path: &str, value: &str) -> (u64, String, String) {
        (line, path.to_owned(), value.to_owned())
    }

    #[test]
    fn settings_status_and_xml_say_the_same() {
        let (settings, understood) = read(
            "*c xConfiguration SystemUnit Name: \"expc\"
*c xConfiguration Ciphers UcClientTLSCiphers Value: \"ECDHE-RSA-AES256-GCM-SHA384:EECDH\"
*c xConfiguration EdgeConfigServer VerifyOriginServer: \"Off\"
xConfiguration Zones Zone 6 DNS SIP TLS Verify Mode: On
*c xConfiguration Authentication Password: \"x\"

xConfiguration EdgeConfigServer VerifyOriginServer: Off is the last resort
*s SystemUnit:
  Product: \"TANDBERG VCS\"
  Software:
    Version: \"X14.2.1\"
    Name: \"s42700\"
  Hardware:
    Version: \"2\"
*s/end
*s Zones: /
  Zone 1:
    Name: \"edge\"
",
        );
        assert_eq!(
            settings,
            [
                one(1, "systemunit name", "expc"),
                one(2, "ciphers ucclienttlsciphers value", "ECDHE-RSA-AES256-GCM-SHA384:EECDH"),
                one(3, VERIFY_ORIGIN, "Off"),
                one(4, "zones zone 6 dns sip tls verify mode", "On"),
                one(11, VERSION, "X14.2.1"),
                one(12, "systemunit software name", "s42700"),
                one(18, "zones zone 1 name", "edge"),
            ]
        );
        assert_eq!(understood, 16);

        let (settings, understood) = read(
            "<?xml version=\"1.0\"?>
<Configuration xmlns=\"http://www.tandberg.no/XML/CUIL/1.0\" product=\"TANDBERG VCS\" version=\"X14.2.1\" apiVersion=\"1\">
  <SystemUnit><Name>expc</Name></SystemUnit>
  <EdgeConfigServer>
    <VerifyOriginServer>Off</VerifyOriginServer>
  </EdgeConfigServer>
  <Zones><Zone item=\"6\"><DNS><SIP><TLS><Verify><Mode>On</Mode></Verify></TLS></SIP></DNS></Zone></Zones>
</Configuration>
",
        );
        assert_eq!(
            settings,
            [
                one(2, VERSION, "X14.2.1"),
                one(3, "systemunit name", "expc"),
                one(5, VERIFY_ORIGIN, "Off"),
                one(7, "zones zone 6 dns sip tls verify mode", "On"),
            ]
        );
        assert_eq!(understood, 7);
    }

    #[test]
    fn broken_settings_and_documents_are_whole_again() {
        let cipher = "ECDHE-RSA-AES256-GCM-SHA384:EECDH:EDH:HIGH:-AES256+SHA:!MEDIUM:!LOW:!3DES:!MD5:!PSK:!eNULL:!aNULL:!aDH";
        let line = format!("*c xConfiguration Ciphers UcClientTLSCiphers Value: \"{cipher}\"");
        let expected =
            [one(1, "ciphers ucclienttlsciphers value", cipher), one(3, VERIFY_ORIGIN, "Off")];
        let next = "*c xConfiguration EdgeConfigServer VerifyOriginServer: \"Off\"";
        let (soft, hard) = (line.replace("Value: ", "Value:\n"), line.split_at(80));
        for broken in [soft, format!("{}\n{}", hard.0, hard.1)] {
            let (settings, understood) = read(&format!("{broken}\n{next}\n"));
            assert_eq!((settings.as_slice(), understood), (&expected[..], 3), "{broken}");
        }
        // The rest never comes.
        let (settings, _) = read(&format!("*c xConfiguration SystemUnit Name: \"expc\n{next}\n"));
        assert_eq!(settings, [one(1, "systemunit name", "expc"), one(2, VERIFY_ORIGIN, "Off")]);

        let root = "<Configuration xmlns=\"http://www.tandberg.no/XML/CUIL/1.0\" product=\"TANDBERG VCS\" version=\"X14.2.1\">";
        let whole = format!("{root}<SystemUnit><Name>exp c</Name></SystemUnit></Configuration>");
        let hard: Vec<String> = whole
            .as_bytes()
            .chunks(80)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        for broken in [whole.replace(' ', "\n"), hard.join("\n")] {
            let (settings, _) = read(&broken);
            let found: Vec<&str> = settings.iter().map(|(_, _, value)| value.as_str()).collect();
            assert_eq!(found, ["X14.2.1", "exp c"], "{broken}");
        }
    }

    #[test]
    fn lines_that_were_joined_and_documents_on_one_line() {
        let (settings, _) = read(
            "*c xConfiguration Zones Zone 6 DNS SIP TLS Verify Mode: \"On\" *c xConfiguration Zones Zone 6 DNS SIP TLS Verify Subject Name: \"calllservice.ciscospark.com\"\n",
        );
        assert_eq!(
            settings,
            [
                one(1, "zones zone 6 dns sip tls verify mode", "On"),
                one(
                    1,
                    "zones zone 6 dns sip tls verify subject name",
                    "calllservice.ciscospark.com"
                ),
            ]
        );
        let (settings, _) = read(
            "<?xml version=\"1.0\"?><Status product=\"Cisco Expressway\" version=\"X15.0\"><SystemUnit><Product>x</Product></SystemUnit></Status>\n",
        );
        assert_eq!(settings, [one(1, VERSION, "X15.0")]);
    }

    #[test]
    fn other_documents_and_sentences_are_left_alone() {
        for other in [
            "<Configuration><a>b</a></Configuration>",
            "<Status>ok</Status>",
            "xConfiguration EdgeConfigServer VerifyOriginServer: Off",
            "*c nothing",
            "* a list: of things",
        ] {
            assert_eq!(read(other), (Vec::new(), 0), "{other}");
        }
        // A document that is cut says nothing.
        let cut = "<Status product=\"TANDBERG VCS\" version=\"X15.0\">\n<SystemUnit>\n";
        assert_eq!(read(cut), (Vec::new(), 2));
    }
}
