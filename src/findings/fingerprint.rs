//! A name for a finding that outlives reformatting, moving and re-running.

use std::fmt::Write;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use super::finding::Finding;

/// Sixteen hexadecimal digits over the rule, the control, what identifies the item, and the repository if it is another
/// one: not over lines, wording or the order in which things stand, so that only a change of the matter changes it.
///
/// A file's name is part of it only where nothing but the file identifies the matter: a file that cannot be read, a fault
/// in a document that has no id, and evidence that a record names by its path.
#[must_use]
pub fn fingerprint(finding: &Finding) -> String {
    let of = (finding.rule.as_str(), finding.control.as_deref());
    name(of, (&finding.key, &finding.part), finding.repository.as_deref())
}

/// The fingerprint that a finding of a rule by a control would have, by what identifies its item, the part of that, and the
/// other repository if it is of one.
#[must_use]
pub fn name((rule, control): (&str, Option<&str>), (key, part): (&str, &str), repository: Option<&str>) -> String {
    let mut hash = Sha256::new();
    let mut take = |part: &str| {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    };
    [rule, control.unwrap_or_default(), key].into_iter().for_each(&mut take);
    if !part.is_empty() || repository.is_some() {
        take(part);
    }
    repository.into_iter().for_each(&mut take);
    hash.finalize().iter().take(8).fold(String::with_capacity(16), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Tells apart findings that nothing else tells apart, such as the same fault at two places of one file: by their order.
/// No two findings of a run have the same fingerprint after this. What is told apart already stays as it is.
pub fn tell_apart(findings: &mut [Finding]) {
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut numbers: FxHashMap<String, usize> = FxHashMap::default();
    for finding in findings {
        let first = fingerprint(finding);
        let (part, mut name) = (finding.part.clone(), first.clone());
        while !seen.insert(name) {
            let number = numbers.entry(first.clone()).or_insert(1);
            *number += 1;
            finding.part = format!("{part}\0{number}");
            name = fingerprint(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::finding::{Nature, Severity, Verdict};
    use crate::findings::standing::Standing;

    fn finding(key: &str, part: &str, repository: Option<&str>) -> Finding {
        Finding {
            rule: "a/b".to_owned(),
            severity: Severity::Error,
            verdict: Verdict::Exception,
            control: None,
            item: String::new(),
            counted: false,
            key: key.to_owned(),
            part: part.to_owned(),
            message: String::new(),
            nature: Nature::Late,
            labels: Vec::new(),
            help: String::new(),
            repository: repository.map(str::to_owned),
            on: None,
            impact: Vec::new(),
            response: None,
            standing: Standing::Open,
        }
    }

    #[test]
    fn every_part_of_the_matter_counts_and_none_stands_for_another() {
        let all = [
            finding("shop", "", None),
            finding("shop", "till", None),
            finding("shop", "", Some("till")),
            finding("shop", "till", Some("till")),
            finding("shoptill", "", None),
        ];
        let names: std::collections::BTreeSet<String> = all.iter().map(fingerprint).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn what_is_the_same_is_told_apart_by_its_order_and_only_once() {
        let mut all =
            [finding("x", "", None), finding("y", "", None), finding("x", "", None), finding("x", "\0\u{32}", None)];
        tell_apart(&mut all);
        let names: Vec<String> = all.iter().map(fingerprint).collect();
        assert_eq!(names[0], fingerprint(&finding("x", "", None)), "the first one keeps its name");
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{all:?}");
        tell_apart(&mut all);
        assert_eq!(names, all.iter().map(fingerprint).collect::<Vec<_>>());
    }
}
