//! The stores of CUCM nodes, as lists among the inputs show them: is this certificate there?

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::facts::{Facts, TextFacts};
use crate::report::model::Evidence;
use crate::text::certificate_list::{Listed, is_serial};

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
            _ => listed.common_name.eq_ignore_ascii_case(self.common_name.trim()),
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
