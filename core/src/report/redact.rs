//! Redaction: names of hosts, domains, people, organisations and devices, addresses and MAC addresses are replaced by
//! aliases, so that a report can be handed on.
//!
//! It is done on the report itself, before any rendering: the same thing has the same alias in every input and every form.
//! Aliases are numbered in the order of the names that they stand for, so the order of inputs does not matter. Kept on
//! purpose: serials, digests, key identifiers, times, versions, country codes, roles, products and Cisco's own
//! authorities, because they are what a case is decided by; a certificate that is public can be found again by its digest.
//! Left out: the text of decrypted configurations, and values of elements that nobody knows.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};

use crate::names::mra_path::MraPath;
use crate::names::tokens::{Token, tokens};
use crate::report::model::Report;
use crate::report::texts::{Kind, Texts};
use crate::text::expressway;

/// What stands for a text that is left out as a whole.
const LEFT_OUT: &str = "(left out)";

/// Replaces everything that names somebody or something in `report` by aliases.
pub fn redact(report: &mut Report) {
    let mut seen = Seen::default();
    report.texts(Kind::Text, &mut |kind, text| seen.look(kind, text));
    let aliases = Aliases::of(seen);
    report.texts(Kind::Text, &mut |kind, text| match kind {
        Kind::Unknown => *text = LEFT_OUT.to_owned(),
        _ => *text = aliases.replaced(text),
    });
    for file in &mut report.signed_files {
        if let Some(decryption) = &mut file.decryption {
            decryption.text = None;
        }
    }
    report.redacted = true;
}

/// Attributes of distinguished names, and what an alias for their value is called; `None` for values that are kept.
const ATTRIBUTES: &[(&str, Option<&str>)] = &[
    ("C", None),
    ("CN", Some("name")),
    ("DC", Some("name")),
    ("DNQ", Some("name")),
    ("EMAIL", Some("name")),
    ("EMAILADDRESS", Some("name")),
    ("GIVENNAME", Some("name")),
    ("GN", Some("name")),
    ("L", Some("place")),
    ("O", Some("organisation")),
    ("OU", Some("unit")),
    ("POSTALCODE", Some("place")),
    ("S", Some("place")),
    ("SERIALNUMBER", Some("number")),
    ("SN", Some("name")),
    ("ST", Some("place")),
    ("STREET", Some("place")),
    ("UID", Some("user")),
    ("UNSTRUCTUREDADDRESS", Some("name")),
    ("UNSTRUCTUREDNAME", Some("name")),
];

/// Keys of logs and paths whose value names a person.
const USER_KEYS: &[&str] = &[
    "account",
    "login",
    "loginname",
    "owner",
    "ownerid",
    "uid",
    "user",
    "user-id",
    "user_id",
    "userid",
    "username",
];

/// Words that name no one: of products, roles and files. A name of these alone is no secret, and replacing them would make
/// sentences unreadable.
const GENERIC: &[&str] = &[
    "admin",
    "anchor",
    "and",
    "any",
    "bundle",
    "ca",
    "call",
    "callmanager",
    "capf",
    "capture",
    "captures",
    "cert",
    "certificate",
    "certificates",
    "certs",
    "chain",
    "cisco",
    "client",
    "cluster",
    "config",
    "configuration",
    "console",
    "core",
    "crl",
    "csr",
    "ctl",
    "ctlfile",
    "cucm",
    "cup",
    "default",
    "device",
    "diag",
    "diagnostic",
    "dns",
    "ec",
    "ecdsa",
    "edge",
    "error",
    "example",
    "expressway",
    "file",
    "firmware",
    "good",
    "healthy",
    "imp",
    "incident",
    "info",
    "ipsec",
    "issuer",
    "itl",
    "itlfile",
    "itlrecovery",
    "key",
    "keys",
    "leaf",
    "list",
    "listing",
    "local",
    "localhost",
    "log",
    "logs",
    "lsc",
    "mail",
    "messages",
    "mic",
    "mra",
    "network",
    "new",
    "none",
    "ntp",
    "observed",
    "old",
    "origin",
    "other",
    "output",
    "packet",
    "pasted",
    "phone",
    "phones",
    "port",
    "presence",
    "proxy",
    "pub",
    "publisher",
    "recovery",
    "report",
    "request",
    "root",
    "rsa",
    "server",
    "servers",
    "service",
    "show",
    "sign",
    "signed",
    "signer",
    "sip",
    "stdin",
    "store",
    "sub",
    "subscriber",
    "sudi",
    "support",
    "system",
    "test",
    "text",
    "tftp",
    "tls",
    "tms",
    "tomcat",
    "trace",
    "traffic",
    "trust",
    "tvs",
    "unity",
    "unknown",
    "user",
    "users",
    "vcs",
    "vcsc",
    "vcse",
    "voice",
    "warning",
    "www",
    "xapi",
    "xconfiguration",
    "xmldefault",
    "xstatus",
];

/// What begins the names of authorities and products that are kept.
const WELL_KNOWN: &[&str] = &[
    "ACT2 SUDI",
    "Amazon",
    "Baltimore CyberTrust",
    "Cisco",
    "COMODO",
    "DigiCert",
    "Entrust",
    "GeoTrust",
    "GlobalSign",
    "Go Daddy",
    "GTS ",
    "High Assurance SUDI",
    "HydrantID",
    "IdenTrust",
    "ISRG",
    "Let's Encrypt",
    "QuoVadis",
    "Sectigo",
    "Starfield",
    "thawte",
    "USERTrust",
    "VeriSign",
];

/// Domains of products: their hosts are the same everywhere.
const PUBLIC_DOMAINS: &[&str] =
    &["cisco.com", "example", "oasis-open.org", "rfc-editor.org", "w3.org", "webex.com"];

/// Labels of service names (RFC 2782, and those of the field), which say what is asked for.
const SERVICES: &[&str] =
    &["cisco-uds", "collab-edge", "cuplogin", "sip", "sips", "xmpp-client", "xmpp-server"];

/// What was seen in a report.
#[derive(Debug, Default)]
struct Seen {
    addresses: BTreeSet<IpAddr>,
    devices: BTreeSet<String>,
    domains: BTreeSet<String>,
    files: BTreeSet<String>,
    labels: BTreeSet<String>,
    macs: BTreeSet<String>,
    paths: BTreeSet<String>,
    users: BTreeSet<String>,
    /// Values of attributes by what their alias is called.
    values: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Seen {
    fn look(&mut self, kind: Kind, text: &str) {
        let users: Vec<Range<usize>> = users(text).collect();
        for (range, token) in tokens(text) {
            // A name of a person with a dot is no host.
            if users.contains(&range) {
                continue;
            }
            match token {
                Token::Address(address) => {
                    self.addresses.insert(address);
                }
                Token::Device(device) => self.device(&device),
                Token::Host(host) => self.host(&host),
                Token::Mac(mac) => {
                    self.macs.insert(mac);
                }
                Token::User(user) => {
                    self.users.insert(user);
                }
            }
        }
        self.attributes(text);
        self.paths.extend(paths(text).map(|(_, path)| path.to_owned()));
        self.users.extend(
            users.into_iter().map(|range| text.get(range).unwrap_or_default().to_lowercase()),
        );
        match kind {
            Kind::Device => self.device(&text.to_ascii_uppercase()),
            Kind::File => {
                self.files.extend(
                    text.split(['/', '\\'])
                        .filter(|part| !is_generic_file(part))
                        .map(str::to_owned),
                );
            }
            Kind::Host => {
                let label = text.trim_end_matches('.');
                if is_label(label) {
                    self.labels.insert(base(label).to_lowercase());
                }
            }
            // An excerpt of a log says which node wrote it.
            Kind::Text => {
                if let Some(node) = expressway::node(text).filter(|node| is_label(node)) {
                    self.labels.insert(base(node).to_lowercase());
                }
            }
            Kind::Name | Kind::Unknown => {}
        }
    }

    fn device(&mut self, device: &str) {
        match device.split_at_checked(3) {
            Some(("SEP" | "ATA", mac)) => {
                self.macs.insert(mac.to_owned());
            }
            Some(("CSF" | "BOT" | "TCT" | "TAB", user)) => {
                self.devices.insert(device.to_owned());
                self.users.insert(user.to_lowercase());
            }
            _ => {
                self.devices.insert(device.to_owned());
            }
        }
    }

    fn host(&mut self, host: &str) {
        let (labels, domain) = split_host(host);
        if is_public(&domain) {
            return;
        }
        for label in labels.iter().filter(|label| !is_service(label)) {
            self.labels.insert(base(label).to_owned());
        }
        self.domains.insert(domain);
    }

    /// Values of attributes of distinguished names, wherever they stand.
    fn attributes(&mut self, text: &str) {
        for (range, called) in attributes(text) {
            let Some(called) = called else { continue };
            let Some(value) = text.get(range) else { continue };
            if value.is_empty() || is_well_known(value) {
                continue;
            }
            let name = value.strip_prefix("ITLRECOVERY_").unwrap_or(value);
            if called == "name" && is_label(name) && !name.starts_with("CAPF-") && value != name {
                self.labels.insert(base(name).to_lowercase());
            }
            self.values.entry(called).or_default().insert(value.to_owned());
        }
    }
}

/// Aliases by what they stand for.
#[derive(Debug, Default)]
struct Aliases {
    addresses: BTreeMap<IpAddr, String>,
    domains: BTreeMap<String, String>,
    labels: BTreeMap<String, String>,
    macs: BTreeMap<String, String>,
    paths: BTreeMap<String, String>,
    users: BTreeMap<String, String>,
    /// Values of attributes, where they stand behind their key.
    values: BTreeMap<(&'static str, String), String>,
    /// What is replaced wherever it stands as words of its own: in lower case, by its first word, the longest first.
    phrases: BTreeMap<String, Vec<(String, String)>>,
}

impl Aliases {
    fn of(seen: Seen) -> Self {
        let numbered = |all: BTreeSet<String>, called: &str| -> BTreeMap<String, String> {
            (1..)
                .zip(all)
                .map(|(number, one): (u64, String)| (one, format!("{called}-{number}")))
                .collect()
        };
        let mut aliases = Self {
            addresses: addresses(seen.addresses),
            domains: (1..)
                .zip(seen.domains)
                .map(|(number, domain): (u64, String)| (domain, format!("domain-{number}.example")))
                .collect(),
            labels: numbered(seen.labels, "host"),
            macs: (1..)
                .zip(seen.macs)
                .map(|(number, mac): (u64, String)| (mac, format!("{number:012X}")))
                .collect(),
            paths: numbered(seen.paths, "path"),
            users: numbered(seen.users, "user"),
            ..Self::default()
        };
        let mut phrases: Vec<(String, String)> = Vec::new();
        for (number, device) in (1..).zip(seen.devices) {
            let prefix = device
                .get(..3)
                .filter(|_| crate::names::device::is_device(&device))
                .unwrap_or("DEVICE");
            phrases.push((device.to_lowercase(), format!("{prefix}DEVICE{number}")));
        }
        for (number, file) in (1..).zip(seen.files) {
            phrases.push((file.to_lowercase(), format!("file-{number}{}", endings(&file))));
        }
        for (called, values) in seen.values {
            for (number, value) in (1..).zip(values) {
                let alias = aliases.value(called, &value, number);
                // Short values and words of the field are replaced behind their key only.
                if matches!(called, "name" | "organisation" | "user")
                    && value.chars().count() > 3
                    && !is_common(&value)
                {
                    phrases.push((value.to_lowercase(), alias.clone()));
                }
                aliases.values.insert((called, value), alias);
            }
        }
        let alone = |name: &&String| name.chars().count() > 2 && !is_word(name);
        let labels = aliases.labels.iter().chain(&aliases.users).chain(&aliases.macs);
        phrases.extend(
            labels
                .filter(|(name, _)| alone(name))
                .map(|(name, alias)| (name.to_lowercase(), alias.clone())),
        );
        for (phrase, alias) in phrases {
            let known = aliases.phrases.entry(first_word(&phrase).to_owned()).or_default();
            if !known.iter().any(|(other, _)| *other == phrase) {
                known.push((phrase, alias));
            }
        }
        for known in aliases.phrases.values_mut() {
            known.sort_by(|one, other| {
                other.0.len().cmp(&one.0.len()).then_with(|| one.0.cmp(&other.0))
            });
        }
        aliases
    }

    /// The alias of a value: by the names that it holds, where it holds some.
    fn value(&self, called: &str, value: &str, number: u64) -> String {
        if let Some(name) = value.strip_prefix("ITLRECOVERY_") {
            return format!("ITLRECOVERY_{}", self.value(called, name, number));
        }
        if value.starts_with("CAPF-") {
            return format!("CAPF-{number:08}");
        }
        if !tokens(value).is_empty() {
            return self.tokens_replaced(value);
        }
        match self.label(&value.to_lowercase()) {
            Some(alias) => alias,
            None => format!("{called}-{number}"),
        }
    }

    fn tokens_replaced(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (range, token) in tokens(text) {
            out.push_str(text.get(done..range.start).unwrap_or_default());
            out.push_str(&self.token(&token, text.get(range.clone()).unwrap_or_default()));
            done = range.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }

    /// The alias of a token that is written as `text`.
    fn token(&self, token: &Token, text: &str) -> String {
        let alias = match token {
            Token::Address(address) => self.addresses.get(address).cloned(),
            Token::Device(device) => match device.split_at_checked(3) {
                Some((prefix @ ("SEP" | "ATA"), mac)) => {
                    self.macs.get(mac).map(|mac| format!("{prefix}{mac}"))
                }
                _ => self.phrase(&device.to_lowercase()),
            },
            Token::Host(host) => Some(self.host(host)),
            Token::Mac(mac) => self.macs.get(mac).map(|alias| like(text, alias)),
            Token::User(user) => self.users.get(user).cloned(),
        };
        alias.unwrap_or_else(|| text.to_owned())
    }

    fn host(&self, host: &str) -> String {
        let (labels, domain) = split_host(host);
        let Some(alias) = self.domains.get(&domain) else { return host.to_owned() };
        let mut out = String::new();
        for label in labels {
            out.push_str(&self.label(label).unwrap_or_else(|| label.to_owned()));
            out.push('.');
        }
        out + alias
    }

    /// The alias of a label, with what CUCM puts behind a name for its own purposes.
    fn label(&self, label: &str) -> Option<String> {
        let base = base(label);
        let alias = self.labels.get(base)?;
        Some(format!("{alias}{}", label.get(base.len()..).unwrap_or_default()))
    }

    fn phrase(&self, phrase: &str) -> Option<String> {
        let known = self.phrases.get(first_word(phrase))?;
        known.iter().find(|(other, _)| other == phrase).map(|(_, alias)| alias.clone())
    }

    /// `text` with every name replaced. Of what begins at one place the longest is taken.
    fn replaced(&self, text: &str) -> String {
        let mut places: BTreeMap<usize, (usize, String)> = BTreeMap::new();
        let mut offer = |range: Range<usize>, alias: String| {
            let known = places.get(&range.start);
            if known.is_none_or(|(end, _)| *end < range.end) {
                places.insert(range.start, (range.end, alias));
            }
        };
        for range in users(text) {
            let user = text.get(range.clone()).unwrap_or_default().to_lowercase();
            if let Some(alias) = self.users.get(&user) {
                offer(range, alias.clone());
            }
        }
        for (range, token) in tokens(text) {
            let alias = self.token(&token, text.get(range.clone()).unwrap_or_default());
            offer(range, alias);
        }
        for (range, called) in attributes(text) {
            let value = text.get(range.clone()).unwrap_or_default();
            if let Some(alias) =
                called.and_then(|called| self.values.get(&(called, value.to_owned())))
            {
                offer(range, alias.clone());
            }
        }
        for (range, path) in paths(text) {
            offer(range, self.paths.get(path).cloned().unwrap_or_else(|| LEFT_OUT.to_owned()));
        }
        for (range, alias) in self.phrases_in(text) {
            offer(range, alias);
        }
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (start, (end, alias)) in places {
            if start >= done {
                out.push_str(text.get(done..start).unwrap_or_default());
                out.push_str(&alias);
                done = end;
            }
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }

    fn phrases_in(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let mut found = Vec::new();
        let mut before = None;
        for (at, character) in text.char_indices() {
            let begins = is_inner(character) && !before.is_some_and(is_inner);
            before = Some(character);
            if !begins {
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let Some(known) = self.phrases.get(&first_word(rest).to_lowercase()) else { continue };
            for (phrase, alias) in known {
                let Some(length) = starts_with(rest, phrase) else { continue };
                if !rest.get(length..).and_then(|rest| rest.chars().next()).is_some_and(is_inner) {
                    found.push((at..at + length, alias.clone()));
                    break;
                }
            }
        }
        found
    }
}

/// Aliases of addresses: those of documentation (RFC 5737, RFC 3849), then those of benchmarks (RFC 2544).
fn addresses(all: BTreeSet<IpAddr>) -> BTreeMap<IpAddr, String> {
    let (mut four, mut six) = (0_u32, 0_u128);
    let mut aliases = BTreeMap::new();
    for address in all {
        let alias = match address {
            IpAddr::V4(address)
                if address.is_loopback()
                    || address.is_unspecified()
                    || address.is_broadcast()
                    || address.is_multicast() =>
            {
                continue;
            }
            IpAddr::V6(address)
                if address.is_loopback() || address.is_unspecified() || address.is_multicast() =>
            {
                continue;
            }
            IpAddr::V4(_) => {
                four += 1;
                let bases = [[192, 0, 2, 0], [198, 51, 100, 0], [203, 0, 113, 0]];
                let at = usize::try_from((four - 1) / 254).unwrap_or(usize::MAX);
                match bases.get(at) {
                    Some(base) => {
                        Ipv4Addr::from(u32::from(Ipv4Addr::from(*base)) + (four - 1) % 254 + 1)
                            .to_string()
                    }
                    // 131072 addresses; beyond that nobody reads them one by one, and an alias need not be an address.
                    None if four <= 762 + 131_072 => {
                        Ipv4Addr::from(u32::from(Ipv4Addr::new(198, 18, 0, 0)) + four - 763)
                            .to_string()
                    }
                    None => format!("address-{four}"),
                }
            }
            IpAddr::V6(_) => {
                six += 1;
                Ipv6Addr::from((0x2001_0db8_u128 << 96) + six).to_string()
            }
        };
        aliases.insert(address, alias);
    }
    aliases
}

/// Values behind `KEY=` in a text, and what their aliases are called.
fn attributes(text: &str) -> Vec<(Range<usize>, Option<&'static str>)> {
    let mut found = Vec::new();
    let mut from = 0;
    for (equals, _) in text.match_indices('=') {
        let key = text.get(from..equals).unwrap_or_default();
        let key = key
            .rsplit(|character: char| !character.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        let upper = key.to_ascii_uppercase();
        let Some((_, called)) = ATTRIBUTES.iter().find(|(name, _)| *name == upper) else {
            continue;
        };
        let slash = text.get(..equals - key.len()).is_some_and(|before| before.ends_with('/'));
        let rest = text.get(equals + 1..).unwrap_or_default();
        let quoted = rest.starts_with('"');
        let start = equals + 1 + usize::from(quoted);
        let value = text.get(start..).unwrap_or_default();
        let end = value_end(value, quoted, slash);
        let value = value.get(..end).unwrap_or_default();
        let trimmed = value.trim_end();
        found.push((start..start + trimmed.len(), *called));
        from = start + end;
    }
    found
}

/// Where a value ends: at what joins attributes, or where prose goes on.
fn value_end(value: &str, quoted: bool, slash: bool) -> usize {
    let mut escaped = false;
    let mut before = ' ';
    for (at, character) in value.char_indices() {
        let ends = match character {
            _ if escaped => false,
            '"' => true,
            '\n' | '\r' => true,
            _ if quoted => false,
            ';' | ',' | '+' | ')' | '(' | '\'' | '`' | '<' | '>' | '|' => true,
            '/' => slash,
            // The end of a sentence.
            ' ' => before == '.' || before == ':',
            _ => false,
        };
        if ends {
            return if before == '.' || before == ':' { at - 1 } else { at };
        }
        escaped = character == '\\' && !escaped;
        before = character;
    }
    if before == '.' { value.len() - 1 } else { value.len() }
}

/// Names of people behind `user=` and the like.
fn users(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices('=').filter_map(|(equals, _)| {
        let key = text.get(..equals)?;
        let key = key.trim_end_matches('"');
        let start = key.rfind(|character: char| {
            !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))
        });
        let key = key.get(start.map_or(0, |start| start + 1)..)?.to_ascii_lowercase();
        USER_KEYS.contains(&key.as_str()).then_some(())?;
        let rest = text.get(equals + 1..)?;
        let quotes = rest.len() - rest.trim_start_matches(['"', '\'']).len();
        let value = rest.get(quotes..)?;
        let end = value.find(|character: char| {
            !(character.is_alphanumeric() || matches!(character, '.' | '-' | '_' | '\\'))
        });
        let end = end.unwrap_or(value.len());
        (end > 0).then(|| equals + 1 + quotes..equals + 1 + quotes + end)
    })
}

/// Paths of mobile and remote access: base64 of domain, protocol, address and port, between slashes.
fn paths(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    /// Shorter ones cannot hold four parts.
    const SHORTEST: usize = 12;
    let mut start = 0;
    text.split(|character: char| {
        !(character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '_' | '='))
    })
    .filter_map(move |part| {
        let begin = start;
        start += part.len();
        start += text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let path = part.len() >= SHORTEST && MraPath::read(&format!("/{part}")).is_some();
        path.then(|| (begin..begin + part.len(), part))
    })
}

/// Labels in front of the registered domain, which is taken to be the last two labels.
fn split_host(host: &str) -> (Vec<&str>, String) {
    let mut labels: Vec<&str> = host.split('.').collect();
    let domain = labels.split_off(labels.len().saturating_sub(2));
    (labels, domain.join("."))
}

/// A label without what CUCM puts behind names of its multi-server and ECDSA certificates.
fn base(label: &str) -> &str {
    let cut = label.len().checked_sub(3).and_then(|cut| label.split_at_checked(cut));
    match cut {
        Some((base, end))
            if !base.is_empty()
                && (end.eq_ignore_ascii_case("-EC") || end.eq_ignore_ascii_case("-ms")) =>
        {
            base
        }
        _ => label,
    }
}

fn is_label(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 63
        && text.contains(char::is_alphabetic)
        && text
            .chars()
            .all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'))
}

fn is_service(label: &str) -> bool {
    label.starts_with(['_', '*']) || SERVICES.contains(&label)
}

fn is_public(domain: &str) -> bool {
    PUBLIC_DOMAINS.contains(&domain)
}

fn is_well_known(value: &str) -> bool {
    WELL_KNOWN.iter().any(|known| value.starts_with(known))
}

/// One word of the field.
fn is_word(name: &str) -> bool {
    GENERIC.binary_search(&name.to_lowercase().as_str()).is_ok()
}

/// Words of the field.
fn is_common(name: &str) -> bool {
    name.contains(char::is_alphabetic) && is_generic(name)
}

/// Only words of the field, and numbers.
fn is_generic(name: &str) -> bool {
    let mut words =
        name.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty());
    words.all(is_word)
}

/// A file whose name says only what it is, and perhaps of which device, which is replaced by itself.
fn is_generic_file(name: &str) -> bool {
    let stem = name.get(..name.len() - endings(name).len()).unwrap_or_default();
    let device = tokens(name)
        .into_iter()
        .find_map(|(range, token)| matches!(token, Token::Device(_)).then_some(range));
    match device {
        Some(range) => {
            let before = stem.get(..range.start).unwrap_or_default();
            let behind = stem.get(range.end..).unwrap_or_default();
            is_generic(before) && is_generic(behind)
        }
        None => is_generic(stem),
    }
}

/// What a file name ends with: up to three endings of letters and digits.
fn endings(name: &str) -> &str {
    let mut rest = name;
    for _ in 0..3 {
        match rest.rsplit_once('.') {
            Some((before, ending))
                if !before.is_empty()
                    && (1..=8).contains(&ending.len())
                    && ending.chars().all(|c| c.is_ascii_alphanumeric())
                    && is_ending(ending) =>
            {
                rest = before;
            }
            _ => break,
        }
    }
    name.get(rest.len()..).unwrap_or_default()
}

fn is_ending(ending: &str) -> bool {
    crate::names::tokens::is_file_ending(ending)
}

/// `alias` with the separators of `text`.
fn like(text: &str, alias: &str) -> String {
    let mut digits = alias.chars();
    text.chars()
        .map(
            |character| {
                if character.is_ascii_hexdigit() { digits.next().unwrap_or('0') } else { character }
            },
        )
        .collect()
}

/// Belongs to a word: what is replaced begins and ends where words do.
fn is_inner(character: char) -> bool {
    character.is_alphanumeric()
}

fn first_word(text: &str) -> &str {
    let end = text.find(|character: char| !is_inner(character)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Bytes of `text` that are `phrase`, which is in lower case.
fn starts_with(text: &str, phrase: &str) -> Option<usize> {
    let mut wanted = phrase.chars();
    for (at, character) in text.char_indices() {
        let mut lower = character.to_lowercase();
        match wanted.next() {
            None => return Some(at),
            Some(first) if lower.next() != Some(first) => return None,
            Some(_) => {}
        }
        for more in lower {
            if wanted.next() != Some(more) {
                return None;
            }
        }
    }
    wanted.next().is_none().then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(texts: &[(Kind, &str)]) -> Vec<String> {
        let mut seen = Seen::default();
        for (kind, text) in texts {
            seen.look(*kind, text);
        }
        let aliases = Aliases::of(seen);
        texts.iter().map(|(_, text)| aliases.replaced(text)).collect()
    }

    #[test]
    fn words_are_in_order() {
        assert!(GENERIC.is_sorted());
    }

    #[test]
    fn one_thing_has_one_alias() {
        let texts = [
            (Kind::Name, "CN=cucm7.steven.lab;OU=Voice;O=Steven Lab;L=Rome;C=IT"),
            (Kind::Host, "cucm7"),
            (
                Kind::Text,
                "10.48.36.215:6972 (cucm7-EC.steven.lab) asked SEP001122334455 about cucm7; Steven Lab knows.",
            ),
            (Kind::Text, "00:11:22:33:44:55 and 001122334455, user=jane.doe, jane.doe@steven.lab"),
            (Kind::File, "logs/ITLSEP001122334455.tlv"),
            (Kind::File, "Acme Corp.tar.gz"),
            (Kind::Text, "Acme Corp.tar.gz: read"),
            (
                Kind::Text,
                "signed by CN=Cisco Manufacturing CA, O=Cisco Systems (serial 01) from 127.0.0.1",
            ),
            (Kind::Text, "/c3RldmVuLmxhYi9odHRwcy8xMC40OC4zNi4yMTUvNjk3Mg/CSFsteven.cnf.xml"),
            (Kind::Text, "_collab-edge._tls.steven.lab"),
        ];
        assert_eq!(
            redacted(&texts),
            [
                "CN=host-1.domain-1.example;OU=unit-1;O=organisation-1;L=place-1;C=IT",
                "host-1",
                "192.0.2.1:6972 (host-1-ec.domain-1.example) asked SEP000000000001 about host-1; organisation-1 knows.",
                "00:00:00:00:00:01 and 000000000001, user=user-1, user-1@domain-1.example",
                "logs/ITLSEP000000000001.tlv",
                "file-1.tar.gz",
                "file-1.tar.gz: read",
                "signed by CN=Cisco Manufacturing CA, O=Cisco Systems (serial 01) from 127.0.0.1",
                "/path-1/CSFDEVICE1.cnf.xml",
                "_collab-edge._tls.domain-1.example",
            ]
        );
    }
}
