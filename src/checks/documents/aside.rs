//! What is set aside, and what is wrong with how that is done.

use std::sync::Arc;

use crate::checks::compose::{self, Exhibit};
use crate::findings::baseline::Known;
use crate::findings::finding::{Finding, Label, Place};
use crate::findings::suppression::Suppression;
use crate::policies::pack::Pack;
use crate::sources::yaml::YamlDocument;
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
    Some(compose::finding(
        rule,
        None,
        source.name(),
        &known.fingerprint,
        Exhibit { words, labels, ..Exhibit::default() },
    ))
}

/// A suppression, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The configuration.
    pub document: &'a YamlDocument,
    /// Its place in the list.
    pub at: usize,
    /// What it says.
    pub says: &'a Suppression,
}

impl Entry<'_> {
    /// The finding of a rule about it, at one of its keys, or at its first line where it has no such key. `others` are
    /// places that show why.
    #[must_use]
    pub fn finding(
        &self,
        pack: &Pack,
        rule: &str,
        (key, text): (&str, &str),
        words: Vec<(&'static str, String)>,
        others: Vec<Label>,
    ) -> Option<Finding> {
        let (_, rule) = pack.rule(rule)?;
        let entry = format!("/suppressions/{}", self.at);
        let span = self.document.entry_span(&format!("{entry}/{key}")).or_else(|| self.document.entry_span(&entry));
        let place = Place::Text(Arc::clone(&self.document.source), span.unwrap_or_default());
        let label = Label { place, text: text.to_owned(), primary: true };
        let labels = std::iter::once(label).chain(others).collect();
        let says = self.says;
        let of = says.rule.as_deref().unwrap_or("no rule");
        let item = format!("suppression of {of}");
        // What it is about tells it from other suppressions of the rule, wherever they stand.
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let key = [of.to_owned(), part(&says.control), part(&says.item), part(&says.reason)].join("\0");
        let words = [words, vec![("rule", of.to_owned())]].concat();
        Some(compose::finding(rule, None, &item, &key, Exhibit { words, labels, ..Exhibit::default() }))
    }
}
