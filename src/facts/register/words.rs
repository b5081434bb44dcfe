//! Words of a tool: what they mean here, and which of them a column holds.

use std::collections::BTreeMap;

use super::path::{find, texts_of};
use crate::sources::records::RawField;

/// Stands for whatever follows in a word of a tool.
const ANY: char = '*';

/// What a word means by a list of them: as it stands there, or else by the longest beginning that does. `None` where the
/// list does not say.
pub(super) fn meaning<'v>(values: &'v BTreeMap<String, Option<String>>, word: &str) -> Option<&'v Option<String>> {
    let listed = values.iter().find(|(from, _)| from.eq_ignore_ascii_case(word));
    let begins = |from: &str| {
        let start = from.strip_suffix(ANY)?;
        let is_its = word.get(..start.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(start));
        is_its.then_some(start.len())
    };
    let begun = || values.iter().filter_map(|(from, to)| Some((begins(from)?, to))).max_by_key(|(length, _)| *length);
    listed.map(|(_, to)| to).or_else(|| begun().map(|(_, to)| to))
}

/// Whether a column holds one of some words; an empty word is that it holds nothing.
pub(super) fn holds_one(fields: &[RawField], column: &str, words: &[String]) -> bool {
    let value = find(fields, column);
    let texts = value.as_deref().map(texts_of).unwrap_or_default();
    let is = |text: &str| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if texts.is_empty() { is("") } else { texts.into_iter().any(is) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_of_a_word_counts() {
        let entries = [("CVE-*", Some("KEEP")), ("*", None), ("cve-0", Some("none"))];
        let values = entries.map(|(from, to)| (from.to_owned(), to.map(str::to_owned))).into_iter().collect();
        let mean = |word: &str| meaning(&values, word).cloned().flatten();
        assert_eq!(mean("CVE-2026-1").as_deref(), Some("KEEP"));
        assert_eq!(mean("cve-2026-1").as_deref(), Some("KEEP"));
        assert_eq!(mean("CVE-0").as_deref(), Some("none"));
        assert_eq!(mean("GHSA-1"), None);
        assert_eq!(mean("é"), None);
        assert!(meaning(&BTreeMap::from([("a*".to_owned(), None)]), "b").is_none());
    }
}
