//! What is set aside, and what is wrong with how that is done.

use std::sync::Arc;

use crate::checks::compose::{self, Exhibit};
use crate::findings::baseline::Known;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::text::{SourceText, Span};

/// The finding of an entry of the baseline that stands for nothing any more. `source` is the file of the baseline.
#[must_use]
pub fn stale(pack: &Pack, source: &Arc<SourceText>, known: &Known) -> Option<Finding> {
    let (_, rule) = pack.rule("documents/baseline-stale")?;
    let of = known.repository.as_ref().map_or_else(String::new, |name| format!(" of {name}"));
    let of = known.control.as_ref().map_or_else(|| of.clone(), |control| format!("{of} ({control})"));
    let words =
        vec![("rule", known.rule.clone()), ("item", format!("{}{of}", known.item)), ("file", source.name().to_owned())];
    // The fingerprint tells the entry from every other one, whatever the layout of the file.
    let at = source.text().find(&known.fingerprint);
    let label = |at: usize| {
        let place = Place::Text(Arc::clone(source), Span::new(at, at + known.fingerprint.len()));
        Label { place, text: "this entry".to_owned(), primary: true }
    };
    let labels = at.filter(|_| !known.fingerprint.is_empty()).map(label).into_iter().collect();
    let key = format!("{}\0{}", source.name(), known.fingerprint);
    Some(compose::finding(rule, None, source.name(), &key, Exhibit { words, labels, ..Exhibit::default() }))
}
