//! Sorting without a copy of the standard library's sort for each type: in the page's module 25 of them were a tenth of the code.

use core::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts by what `compare` says; what is equal stays in its order. For lists that are small or rare: it takes the items apart.
pub fn sort_by<T>(items: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort_numbers(&mut order, &mut |one, other| match (items.get(one), items.get(other)) {
        (Some(one), Some(other)) => compare(one, other),
        _ => Ordering::Equal,
    });
    let mut places: Vec<Option<T>> = core::mem::take(items).into_iter().map(Some).collect();
    for index in order {
        items.extend(places.get_mut(index).and_then(Option::take));
    }
}

/// Sorts by a key; what has the same stays in its order.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, mut key: impl FnMut(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts numbers by what `compare` says; what is equal stays in its order.
pub fn sort_numbers(numbers: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    numbers.sort_by(|one, other| compare(*one, *other));
}

/// A set, filled one by one: collecting sorts first.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// A map, filled one by one: collecting sorts first.
pub fn map<K: Ord, V>(items: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(items);
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_stays_in_its_order() {
        let mut words: Vec<String> =
            ["pear", "fig", "apple", "kiwi", "nut"].map(str::to_owned).to_vec();
        sort_by_key(&mut words, String::len);
        assert_eq!(words, ["fig", "nut", "pear", "kiwi", "apple"]);
        sort_by(&mut words, |one, other| other.cmp(one));
        assert_eq!(words, ["pear", "nut", "kiwi", "fig", "apple"]);
        let mut none: Vec<u8> = Vec::new();
        sort_by(&mut none, Ord::cmp);
        assert!(none.is_empty());
    }

    #[test]
    fn the_last_of_one_key_counts() {
        assert_eq!(
            map([(2, 'a'), (1, 'b'), (2, 'c')]).into_iter().collect::<Vec<_>>(),
            [(1, 'b'), (2, 'c')]
        );
        assert_eq!(set([2, 1, 2]).into_iter().collect::<Vec<_>>(), [1, 2]);
    }
}
