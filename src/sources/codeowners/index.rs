//! Finds the entries that take a path without trying every one of them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::pattern::{Key, Pattern};

/// Patterns that a path may have to be tried on for one reason. A file with more of them that begin alike was made to
/// take time.
const MAX_ALIKE: usize = 4_096;

/// Entries by what leads to them, each with its section and its pattern, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_key: FxHashMap<Key, Vec<(usize, usize, Pattern)>>,
}

impl Index {
    /// Indexes entries: the number, the section and the pattern of each, in order.
    ///
    /// # Errors
    /// The number of the entry with which there are too many that begin alike.
    pub(super) fn new(entries: Vec<(usize, usize, Pattern)>) -> Result<Self, usize> {
        // Of one pattern that a section has twice, only the last counts.
        let mut seen = FxHashSet::default();
        let mut last: Vec<(usize, usize, Pattern)> = Vec::new();
        for (at, section, pattern) in entries.into_iter().rev() {
            if seen.insert((section, pattern.clone())) {
                last.push((at, section, pattern));
            }
        }
        let mut index = Self::default();
        for (at, section, pattern) in last.into_iter().rev() {
            let alike = index.by_key.entry(pattern.key()).or_default();
            if alike.len() == MAX_ALIKE {
                return Err(at);
            }
            alike.push((at, section, pattern));
        }
        Ok(index)
    }

    /// The last entry of each section that takes a path.
    pub(super) fn find(&self, path: &str) -> FxHashMap<usize, usize> {
        let names: Vec<&str> = path.split('/').collect();
        let mut found: FxHashMap<usize, usize> = FxHashMap::default();
        let mut ask = |key: Key| {
            for (at, section, pattern) in self.by_key.get(&key).into_iter().flatten().rev() {
                let later = found.get(section).is_some_and(|known| known > at);
                if !later && pattern.matches(&names) {
                    found.insert(*section, *at);
                }
            }
        };
        ask(Key::All);
        for (end, _) in path.match_indices('/').chain([(path.len(), "")]) {
            ask(Key::Below(path[..end].to_owned()));
        }
        for name in &names {
            ask(Key::Name((*name).to_owned()));
            if let Some((_, ending)) = name.rsplit_once('.') {
                ask(Key::Ending(ending.to_owned()));
            }
        }
        found
    }
}
