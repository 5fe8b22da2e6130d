//! The stores of CUCM nodes, as lists among the inputs show them: is this certificate there?

use std::collections::{BTreeMap, BTreeSet};

use crate::limits;
use crate::names::{dn, misread};

use crate::evidence::facts::{Facts, TextFacts};
use crate::report::model::Evidence;
use crate::text::certificate_list::{Listed, decimal, is_serial, serial_digits, serial_key};

/// A row of a list, and of which node.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Number of the input.
    pub input: u32,
    /// The node whose list it is, where the text says so.
    pub node: Option<String>,
    /// The row.
    pub listed: &'a Listed,
}

/// A certificate that is looked for: by its serial where the row shows one, else by its common name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// Common name of the subject.
    pub common_name: String,
    /// Serial, big-endian.
    pub serial: Option<Vec<u8>>,
}

/// Whether a certificate stands in a store.
#[derive(Clone, Debug)]
pub enum Presence<'a> {
    /// In these rows.
    Present(Vec<Entry<'a>>),
    /// Not in these lists, which show that store: the first row of each.
    Absent(Vec<Evidence>),
    /// No list shows that store, or only a part of it.
    Unknown,
}

/// A list with rows of fewer stores is a part of one: a filter was set, or a few rows were copied.
pub const STORES_OF_A_LIST: usize = 3;

/// All rows by their serials, to look many certificates up.
#[derive(Debug, Default)]
pub struct Rows<'a> {
    by_serial: BTreeMap<String, Vec<Entry<'a>>>,
    /// Common names of rows that show no serial, by what they look like.
    unnumbered: BTreeSet<String>,
    /// The first row of each list, when no row is missing.
    whole: Option<Vec<Evidence>>,
}

impl<'a> Rows<'a> {
    /// Does the certificate with this serial (hexadecimal), subject and issuer stand in one of the lists?
    pub fn with(&self, serial: &str, subject: Option<&str>, issuer: Option<&str>) -> Presence<'a> {
        let hexadecimal = serial_digits(serial);
        if hexadecimal.is_empty() {
            return Presence::Unknown;
        }
        let issuer = issuer.and_then(dn::common_name);
        let is_issuer = |entry: &&Entry<'_>| match (&entry.listed.issued_by, &issuer) {
            (Some(listed), Some(asked)) => misread::may_be(listed, asked),
            _ => true,
        };
        let decimal = bytes_of(&hexadecimal).map(|bytes| decimal(&bytes));
        let spellings = core::iter::once(hexadecimal).chain(decimal);
        let found: Vec<Entry<'a>> = spellings
            .filter_map(|digits| self.by_serial.get(&serial_key(&digits)))
            .flatten()
            .filter(is_issuer)
            .cloned()
            .collect();
        if !found.is_empty() {
            return Presence::Present(found);
        }
        let name = subject.and_then(dn::common_name).map(|name| misread::shapes(&name));
        // A row of this name that shows no serial may be it.
        let may_be = name.is_none_or(|name| self.unnumbered.contains(&name));
        match &self.whole {
            Some(firsts) if self.unnumbered.is_empty() || !may_be => {
                Presence::Absent(firsts.clone())
            }
            _ => Presence::Unknown,
        }
    }
}

impl Presence<'_> {
    /// `present`, `absent` or `unknown`, for messages.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Present(_) => "present",
            Self::Absent(_) => "absent",
            Self::Unknown => "unknown",
        }
    }

    /// `CallManager-trust (cucm-pub), tomcat-trust (cucm-pub)`; empty where it is in none.
    pub fn stores(&self) -> String {
        let Self::Present(rows) = self else { return String::new() };
        let names: BTreeSet<String> = rows
            .iter()
            .map(|entry| match &entry.node {
                Some(node) => format!("{} ({node})", entry.listed.store),
                None => entry.listed.store.clone(),
            })
            .collect();
        names.into_iter().collect::<Vec<_>>().join(", ")
    }

    /// The rows, or the beginnings of the lists that do not have it.
    pub fn evidence(&self) -> Vec<Evidence> {
        match self {
            Self::Present(rows) => rows.iter().map(Entry::evidence).collect(),
            Self::Absent(firsts) => firsts.clone(),
            Self::Unknown => Vec::new(),
        }
    }
}

/// The bytes of a hexadecimal number of at most 64 bytes.
fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    if digits.len() > 128 {
        return None;
    }
    let even = format!("{}{digits}", if digits.len() % 2 == 1 { "0" } else { "" });
    (0..even.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(even.get(at..at + 2)?, 16).ok())
        .collect()
}

impl Entry<'_> {
    /// Evidence that points at the row.
    pub fn evidence(&self) -> Evidence {
        Evidence { input: self.input, line: Some(self.listed.line), ..Evidence::default() }
    }
}

impl Wanted {
    /// Does the row stand for it? A row without serial is told by the common name alone.
    pub fn is(&self, listed: &Listed) -> bool {
        match (&listed.serial, &self.serial) {
            (Some(printed), Some(serial)) => is_serial(printed, serial),
            _ => misread::may_be(&listed.common_name, self.common_name.trim()),
        }
    }
}

impl<'a> Facts<'a> {
    /// Every row of every list, in input order.
    pub fn listed(&self) -> impl Iterator<Item = Entry<'a>> {
        self.texts.iter().flat_map(|text| {
            let node = node_of(text);
            let rows = &text.text.certificate_lists.listed;
            rows.iter().map(move |listed| Entry { input: text.input, node: node.clone(), listed })
        })
    }

    /// Every row by its serial.
    pub fn listed_rows(&self) -> Rows<'a> {
        let mut rows = Rows::default();
        let mut stores: BTreeSet<&str> = BTreeSet::new();
        let mut firsts: BTreeMap<u32, Evidence> = BTreeMap::new();
        for entry in self.listed() {
            stores.insert(entry.listed.store.as_str());
            firsts.entry(entry.input).or_insert_with(|| entry.evidence());
            match &entry.listed.serial {
                Some(serial) => {
                    let same = rows.by_serial.entry(serial_key(serial)).or_default();
                    if same.len() < limits::EVIDENCE_PER_FINDING {
                        same.push(entry);
                    }
                }
                None => {
                    rows.unnumbered.insert(misread::shapes(&entry.listed.common_name));
                }
            }
        }
        if stores.len() >= STORES_OF_A_LIST && self.lists_are_whole() {
            rows.whole = Some(firsts.into_values().collect());
        }
        rows
    }

    /// The nodes whose lists are among the inputs, by name or address.
    pub fn listed_nodes(&self) -> BTreeSet<String> {
        self.texts
            .iter()
            .filter(|text| !text.text.certificate_lists.listed.is_empty())
            .filter_map(node_of)
            .collect()
    }

    /// Is the certificate in `store` (`CallManager-trust`, `Phone-SAST-trust`) of `node`? `None` asks all lists together.
    pub fn in_store(&self, node: Option<&str>, store: &str, wanted: &Wanted) -> Presence<'a> {
        let of_node = |entry: &Entry<'_>| node.is_none() || entry.node.as_deref() == node;
        let rows: Vec<Entry<'a>> = self.listed().filter(of_node).collect();
        let found: Vec<Entry<'a>> = rows
            .iter()
            .filter(|entry| entry.listed.store == store && wanted.is(entry.listed))
            .cloned()
            .collect();
        if !found.is_empty() {
            return Presence::Present(found);
        }
        let shows = rows.iter().any(|entry| entry.listed.store == store);
        if !shows || !self.lists_are_whole() {
            return Presence::Unknown;
        }
        let mut firsts: BTreeMap<u32, Evidence> = BTreeMap::new();
        for entry in rows {
            firsts.entry(entry.input).or_insert_with(|| entry.evidence());
        }
        Presence::Absent(firsts.into_values().collect())
    }

    /// No list says that there is more than it shows.
    pub fn lists_are_whole(&self) -> bool {
        let mut announced: BTreeMap<Option<String>, (u64, u64)> = BTreeMap::new();
        for text in &self.texts {
            let lists = &text.text.certificate_lists;
            if lists.listed.is_empty() && lists.part.is_none() {
                continue;
            }
            let entry = announced.entry(node_of(text)).or_default();
            entry.0 = entry.0.max(lists.part.map_or(0, |(_, all, _)| all));
            entry.1 = entry.1.saturating_add(lists.listed.len() as u64);
        }
        announced.values().all(|(all, shown)| shown >= all)
    }
}

/// The node that a list is of: by the address in the browser, else by the node's own certificates in it.
fn node_of(text: &TextFacts<'_>) -> Option<String> {
    let lists = &text.text.certificate_lists;
    let own = |store: &str| {
        let mut rows = lists.listed.iter().filter(|listed| listed.store == store);
        rows.next()
            .and_then(|row| row.distribution.clone().or_else(|| Some(row.common_name.clone())))
    };
    lists
        .node
        .clone()
        .or_else(|| own("CallManager"))
        .or_else(|| own("tomcat"))
        .or_else(|| own("ipsec"))
}
