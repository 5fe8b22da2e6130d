//! Listings of trust lists among the inputs: `show itl` and `show ctl` as somebody pasted them.

use crate::evidence::facts::Facts;
use crate::report::model::{Evidence, InputRole, TrustListType};
use crate::text::listing::{Listing, RecordRows};

/// A listing among all inputs.
#[derive(Clone, Copy, Debug)]
pub struct ListingFacts<'a> {
    /// Number of the input.
    pub input: u32,
    /// What the user named the input as.
    pub role: InputRole,
    /// The listing.
    pub listing: &'a Listing,
    /// Name of the input.
    file: &'a str,
    /// The input holds other listings too.
    is_one_of_several: bool,
}

impl<'a> Facts<'a> {
    /// The listings of all texts, in input order.
    pub fn listings(&self) -> impl Iterator<Item = ListingFacts<'a>> {
        self.texts.iter().flat_map(|text| {
            let artifact = self.inputs.get(text.input as usize).copied();
            let listings = &text.text.listings;
            listings.iter().map(move |listing| ListingFacts {
                input: text.input,
                role: artifact.map(|artifact| artifact.role).unwrap_or_default(),
                listing,
                file: artifact.map_or("", |artifact| artifact.name.as_str()),
                is_one_of_several: listings.len() > 1,
            })
        })
    }
}

impl ListingFacts<'_> {
    /// The input's name; with the line where it holds several.
    pub fn name(&self) -> String {
        if self.is_one_of_several {
            format!("{} (line {})", self.file, self.listing.line)
        } else {
            self.file.to_owned()
        }
    }

    /// `ITL` or `CTL`.
    pub fn kind_name(&self) -> &'static str {
        match self.listing.kind {
            TrustListType::Ctl => "CTL",
            TrustListType::Itl => "ITL",
        }
    }

    /// Evidence that points at a line.
    pub fn line(&self, line: u64) -> Evidence {
        Evidence { input: self.input, line: Some(line), ..Evidence::default() }
    }

    /// Evidence that points at the first line.
    pub fn evidence(&self) -> Evidence {
        self.line(self.listing.line)
    }

    /// Evidence that points at a record.
    pub fn record_evidence(&self, record: &RecordRows) -> Evidence {
        Evidence { record: Some(record.number), ..self.line(record.line) }
    }
}
