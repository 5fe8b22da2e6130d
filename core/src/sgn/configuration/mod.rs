//! What a phone configuration (`SEP<MAC>.cnf.xml`, `XMLDefault.cnf.xml`) says about trust, and the credentials in it.
//!
//! Read with an XML parser that refuses DTDs. CUCM writes `xsi:type` without declaring the prefix, which no namespace-aware
//! parser accepts: prefixes without declaration are made part of the name and noted. Credentials are found by
//! [`scan`], which needs no well-formed XML, so that masking never depends on the parser. Source: formats.md sections
//! 5, 6 and 10; A45 to A47.

mod credential;
mod scan;
mod url;

use roxmltree::{Document, Node, ParsingOptions};
use serde::{Deserialize, Serialize};

pub use credential::{Credential, credentials, masked};
pub use url::masked_url;

use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::order;
use crate::report::model;

/// What a phone configuration says about trust. Plain text, numbers and offsets; never a credential.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// For one device, or the default for phones that are not registered.
    pub kind: ConfigurationKind,
    /// Device name, where the XML or the caller gives it.
    pub device: Option<String>,
    /// `deviceProtocol`: `SIP`, `SCCP`, …
    pub protocol: Option<String>,
    /// `loadInformation`.
    pub load: Option<String>,
    /// `fullConfig`: false in the short file that stands beside an encrypted one.
    pub full_config: Option<bool>,
    /// `encrConfig`: an encrypted configuration stands beside this one.
    pub encrypted_config: Option<bool>,
    /// `deviceSecurityMode`: 1 non-secure, 2 authenticated, 3 encrypted.
    pub security_mode: Option<u8>,
    /// `certHash`: MD5, hex, of the device certificate that the encrypted file is made for; `None` when empty.
    pub certificate_hash: Option<String>,
    /// `capfAuthMode` as written.
    pub capf_auth_mode: Option<String>,
    /// CallManager group in order of priority.
    pub call_managers: Vec<CallManager>,
    /// TVS servers in order of priority; a phone without an entry asks its CallManager group (A46).
    pub tvs_servers: Vec<Server>,
    /// CAPF servers that have a name.
    pub capf_servers: Vec<Server>,
    /// URLs in document order; empty ones left out.
    pub urls: Vec<Url>,
    /// Elements and attributes that hold a credential.
    pub credentials: Vec<Credential>,
    /// What is odd; offsets in the input.
    pub problems: Vec<ParseError>,
}

/// What a configuration is for, by its root element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfigurationKind {
    /// Root `device`: one device.
    #[default]
    Device,
    /// Root `Default`: phones that are not registered.
    Default,
}

/// A member of the CallManager group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallManager {
    /// `processNodeName`, or `name` where that is empty.
    pub name: String,
    /// `priority`, 0 is first.
    pub priority: u32,
    /// `ethernetPhonePort`: SCCP.
    pub sccp_port: Option<u16>,
    /// `sipPort`.
    pub sip_port: Option<u16>,
    /// `securedSipPort`: SIP over TLS.
    pub secured_sip_port: Option<u16>,
}

/// A TVS or CAPF server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Name or address.
    pub name: String,
    /// Port, where one is given.
    pub port: Option<u16>,
}

/// A URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Url {
    /// Element name, for example `secureAuthenticationURL`.
    pub name: String,
    /// The URL, credentials masked.
    pub url: String,
    /// Offset of the element in the input.
    pub offset: u64,
    /// The URL holds credentials: user information, or a password parameter.
    pub has_credential: bool,
}

/// Is this a phone configuration? By the root element: `device` or `Default`.
pub fn looks_like_configuration(bytes: &[u8]) -> bool {
    // A prolog longer than this is no configuration that a phone would take.
    let head = bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default();
    matches!(scan::root_element(&text_of(head)), Some("device" | "Default"))
}

impl Configuration {
    /// Reads a configuration. `offset_in_input` is where `xml` starts in its input, for the offsets in the result.
    ///
    /// # Errors
    /// More than [`limits::CONFIGURATION_BYTES`], no well-formed XML, a DTD, more nodes than
    /// [`limits::CONFIGURATION_NODES`], or another root element than `device` and `Default`; with the offset, where
    /// one is known.
    pub fn read(xml: &[u8], offset_in_input: u64) -> Result<Self, ParseError> {
        if xml.len() > limits::CONFIGURATION_BYTES {
            let limit = limits::CONFIGURATION_BYTES as u64;
            return Err(ParseError::new(offset_in_input, FIELD, ErrorKind::TooLarge { limit }));
        }
        let mut problems = Vec::new();
        let text = text_of(xml);
        if let Err(error) = core::str::from_utf8(xml) {
            let at = offset_in_input.saturating_add(error.valid_up_to() as u64);
            problems.push(bad(at, FIELD, "is not UTF-8; the bytes that are not are shown as `?`"));
        }
        if let Some(at) = scan::crowded_tag(&text, limits::CONFIGURATION_ENTRIES) {
            let limit = limits::CONFIGURATION_ENTRIES as u64;
            let at = offset_in_input.saturating_add(at as u64);
            return Err(ParseError::new(at, "attributes", ErrorKind::TooLarge { limit }));
        }
        let neutral;
        let document = match parse(&text) {
            Err(roxmltree::Error::UnknownNamespace(prefix, position)) => {
                let at = offset_in_input.saturating_add(offset_of(&text, position));
                problems.push(bad(
                    at,
                    FIELD,
                    format!("uses the prefix `{prefix}` without declaring it"),
                ));
                neutral = scan::without_prefixes(&text);
                parse(&neutral)
            }
            parsed => parsed,
        }
        .map_err(|error| xml_error(&text, offset_in_input, &error))?;
        let root = document.root_element();
        let kind = match root.tag_name().name() {
            "device" => ConfigurationKind::Device,
            "Default" => ConfigurationKind::Default,
            other => {
                let at = offset_in_input.saturating_add(root.range().start as u64);
                let other: String = other.chars().take(64).collect();
                return Err(bad(
                    at,
                    FIELD,
                    format!("has the root element `{other}`, not `device`"),
                ));
            }
        };
        let mut reading = Reading { offset: offset_in_input, problems };
        let mut configuration = Self {
            kind,
            device: root
                .attribute("name")
                .filter(|name| crate::names::device::is_device(name))
                .map(str::to_owned),
            protocol: value(root, "deviceProtocol"),
            load: value(root, "loadInformation"),
            full_config: reading.flag(root, "fullConfig"),
            encrypted_config: reading.flag(root, "encrConfig"),
            security_mode: reading.number(root, "deviceSecurityMode"),
            certificate_hash: value(root, "certHash"),
            capf_auth_mode: value(root, "capfAuthMode"),
            call_managers: reading.call_managers(root),
            tvs_servers: reading.tvs_servers(root),
            capf_servers: reading.capf_servers(root),
            urls: reading.urls(root),
            credentials: credentials(&text, offset_in_input),
            problems: Vec::new(),
        };
        configuration.problems = reading.problems;
        Ok(configuration)
    }

    /// Some of the credentials are secrets, or a URL holds one: whoever reads the file can use them.
    pub fn has_secret(&self) -> bool {
        self.credentials.iter().any(|credential| credential.secret)
            || self.urls.iter().any(|url| url.has_credential)
    }

    /// The report's form; `input` is the input that the configuration stands in.
    pub fn to_report(&self, input: u32) -> model::Configuration {
        let server =
            |server: &Server| model::Server { name: server.name.clone(), port: server.port };
        model::Configuration {
            input,
            device: self.device.clone(),
            load: self.load.clone(),
            full_config: self.full_config,
            encrypted_config: self.encrypted_config,
            security_mode: self.security_mode,
            certificate_hash: self.certificate_hash.clone(),
            capf_auth_mode: self.capf_auth_mode.clone(),
            call_managers: self
                .call_managers
                .iter()
                .map(|member| model::Server {
                    name: member.name.clone(),
                    port: self.port_of(member),
                })
                .collect(),
            tvs_servers: self.tvs_servers.iter().map(server).collect(),
            capf_servers: self.capf_servers.iter().map(server).collect(),
            urls: self
                .urls
                .iter()
                .map(|url| model::NamedUrl { name: url.name.clone(), url: url.url.clone() })
                .collect(),
            credentials: self
                .credentials
                .iter()
                .map(|credential| model::CredentialField {
                    name: credential.name.clone(),
                    offset: credential.offset,
                    length: credential.length,
                })
                .collect(),
        }
    }

    /// The port that the phone registers at: by protocol and security mode.
    pub fn port_of(&self, member: &CallManager) -> Option<u16> {
        if self.protocol.as_deref() == Some("SCCP") {
            return member.sccp_port;
        }
        match self.security_mode {
            Some(2 | 3) => member.secured_sip_port,
            _ => member.sip_port.or(member.sccp_port),
        }
    }
}

/// Name of the whole in errors.
const FIELD: &str = "configuration";

/// Collects what is odd while reading.
struct Reading {
    offset: u64,
    problems: Vec<ParseError>,
}

impl Reading {
    fn odd(&mut self, node: Node<'_, '_>, message: impl Into<String>) {
        if self.problems.len() < limits::PROBLEMS_PER_INPUT {
            let at = self.place(node);
            self.problems.push(bad(at, node.tag_name().name(), message));
        }
    }

    fn place(&self, node: Node<'_, '_>) -> u64 {
        self.offset.saturating_add(node.range().start as u64)
    }

    fn flag(&mut self, root: Node<'_, '_>, name: &str) -> Option<bool> {
        let node = child(root, name)?;
        match text(node).as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            "" => None,
            _ => {
                self.odd(node, "is neither `true` nor `false`");
                None
            }
        }
    }

    fn number<T: core::str::FromStr>(&mut self, parent: Node<'_, '_>, name: &str) -> Option<T> {
        let node = child(parent, name)?;
        let written = text(node);
        if written.is_empty() {
            return None;
        }
        let number = written.parse().ok();
        if number.is_none() {
            self.odd(node, "is no number in its range");
        }
        number
    }

    fn call_managers(&mut self, root: Node<'_, '_>) -> Vec<CallManager> {
        let mut members = Vec::new();
        // In `device` below `devicePool`, in `Default` below the root.
        let Some(group) = descendant(root, "callManagerGroup") else { return members };
        for member in self.members(group) {
            let Some(manager) = child(member, "callManager") else { continue };
            let Some(name) = value(manager, "processNodeName").or_else(|| value(manager, "name"))
            else {
                continue;
            };
            let priority = self.priority(member);
            let ports = child(manager, "ports").unwrap_or(manager);
            members.push(CallManager {
                name,
                priority,
                sccp_port: self.number(ports, "ethernetPhonePort"),
                sip_port: self.number(ports, "sipPort"),
                secured_sip_port: self.number(ports, "securedSipPort"),
            });
        }
        order::sort_by_key(&mut members, |member| member.priority);
        members
    }

    fn tvs_servers(&mut self, root: Node<'_, '_>) -> Vec<Server> {
        let mut servers = Vec::new();
        let Some(tvs) = child(root, "TVS") else { return Vec::new() };
        for member in self.members(tvs) {
            if let Some(name) = value(member, "address") {
                let port = self.number(member, "port");
                servers.push((self.priority(member), Server { name, port }));
            }
        }
        order::sort_by_key(&mut servers, |(priority, _)| *priority);
        servers.into_iter().map(|(_, server)| server).collect()
    }

    fn capf_servers(&mut self, root: Node<'_, '_>) -> Vec<Server> {
        let mut servers = Vec::new();
        let Some(list) = child(root, "capfList") else { return servers };
        for capf in self.capped(list, "capf") {
            if let Some(name) = value(capf, "processNodeName") {
                servers.push(Server { name, port: self.number(capf, "phonePort") });
            }
        }
        servers
    }

    fn urls(&mut self, root: Node<'_, '_>) -> Vec<Url> {
        let mut urls = Vec::new();
        for node in root.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            let ends = name.get(name.len().saturating_sub(3)..).unwrap_or_default();
            // `URL` is CUCM's spelling for the phone's own URLs; `url` also names services inside the phone
            // (`Application:Cisco/…`), which are no addresses.
            if !ends.eq_ignore_ascii_case("URL") {
                continue;
            }
            let written = text(node);
            if written.is_empty() || (ends != "URL" && !written.contains("://")) {
                continue;
            }
            if urls.len() >= limits::CONFIGURATION_ENTRIES {
                self.too_many(node);
                break;
            }
            let url = masked_url(&written);
            let has_credential = url != written;
            urls.push(Url { name: name.to_owned(), url, offset: self.place(node), has_credential });
        }
        urls
    }

    /// `members/member` below a group.
    fn members<'a, 'input>(&mut self, group: Node<'a, 'input>) -> Vec<Node<'a, 'input>> {
        child(group, "members").map(|members| self.capped(members, "member")).unwrap_or_default()
    }

    fn capped<'a, 'input>(
        &mut self,
        parent: Node<'a, 'input>,
        name: &str,
    ) -> Vec<Node<'a, 'input>> {
        let mut found: Vec<_> = parent
            .children()
            .filter(|node| node.is_element() && node.tag_name().name() == name)
            .take(limits::CONFIGURATION_ENTRIES.saturating_add(1))
            .collect();
        if found.len() > limits::CONFIGURATION_ENTRIES {
            self.too_many(parent);
            found.truncate(limits::CONFIGURATION_ENTRIES);
        }
        found
    }

    fn too_many(&mut self, node: Node<'_, '_>) {
        let kind = ErrorKind::TooLarge { limit: limits::CONFIGURATION_ENTRIES as u64 };
        let at = self.place(node);
        self.problems.push(ParseError::new(at, node.tag_name().name(), kind));
    }

    /// `priority`: an attribute in CUCM's files, an element in some others; the last place without either.
    fn priority(&mut self, member: Node<'_, '_>) -> u32 {
        match member.attribute("priority") {
            Some(priority) => priority.trim().parse().unwrap_or(u32::MAX),
            None => self.number(member, "priority").unwrap_or(u32::MAX),
        }
    }
}

/// Bytes as text of the same length: bytes that are no UTF-8 become `?`, so that offsets hold.
fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

fn parse(text: &str) -> Result<Document<'_>, roxmltree::Error> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: limits::CONFIGURATION_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
}

/// The parser's error with its offset. What it quotes may be part of a value, so entities are not named.
fn xml_error(text: &str, offset: u64, error: &roxmltree::Error) -> ParseError {
    use roxmltree::Error;
    let place = || offset.saturating_add(offset_of(text, error.pos()));
    let limit = u64::from(limits::CONFIGURATION_NODES);
    match error {
        Error::NodesLimitReached => ParseError::new(offset, FIELD, ErrorKind::TooLarge { limit }),
        Error::DtdDetected => bad(
            offset,
            FIELD,
            "has a document type definition; phones need none, and it is not read",
        ),
        Error::UnknownEntityReference(..) => {
            bad(place(), FIELD, "refers to an entity that is not defined")
        }
        Error::UnexpectedEndOfStream | Error::UnclosedRootNode => {
            let end = offset.saturating_add(text.len() as u64);
            bad(end, FIELD, "ends inside an element")
        }
        error => bad(place(), FIELD, format!("is no well-formed XML: {error}")),
    }
}

/// Byte offset of a line and column, both from 1; columns count characters.
fn offset_of(text: &str, position: roxmltree::TextPos) -> u64 {
    let mut rest = text;
    let mut offset = 0usize;
    for _ in 1..position.row {
        let Some((line, after)) = rest.split_once('\n') else { break };
        offset = offset.saturating_add(line.len()).saturating_add(1);
        rest = after;
    }
    let column = usize::try_from(position.col.saturating_sub(1)).unwrap_or(usize::MAX);
    let within = rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at);
    offset.saturating_add(within) as u64
}

fn child<'a, 'input>(parent: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    parent.children().find(|node| node.is_element() && node.tag_name().name() == name)
}

fn descendant<'a, 'input>(parent: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    parent.descendants().find(|node| node.is_element() && node.tag_name().name() == name)
}

/// The text directly inside an element, trimmed.
fn text(node: Node<'_, '_>) -> String {
    let parts: String =
        node.children().filter(Node::is_text).filter_map(|part| part.text()).collect();
    parts.trim().to_owned()
}

/// The text of a child element; `None` when it is absent or empty.
fn value(parent: Node<'_, '_>, name: &str) -> Option<String> {
    child(parent, name).map(text).filter(|text| !text.is_empty())
}

fn bad(at: u64, field: &str, message: impl Into<String>) -> ParseError {
    ParseError::new(at, field, ErrorKind::BadValue { message: message.into() })
}
