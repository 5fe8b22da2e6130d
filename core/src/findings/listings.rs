//! Findings of which each is about one listing.

use crate::evidence::facts::Facts;
use crate::evidence::listings::ListingFacts;
use crate::findings::{Found, Outcome};

/// What `tell` finds in each listing; not applicable where there is none.
pub(super) fn in_each(
    facts: &Facts<'_>,
    mut tell: impl FnMut(&ListingFacts<'_>) -> Option<Found>,
) -> Outcome {
    let mut listings = facts.listings().peekable();
    if listings.peek().is_none() {
        return Outcome::NotApplicable;
    }
    Outcome::of(listings.filter_map(|listing| tell(&listing)).collect())
}
