//! Whether the record of a deployment lists the changes that it brought.

use std::sync::Arc;

use super::{Deployed, Sight};
use crate::checks::change::tally::Tally;
use crate::checks::compose::Exhibit;
use crate::facts::register::value::{Record, Value};
use crate::findings::finding::{Label, Place};
use crate::text::shown;

/// The first digits of a commit's name that name it.
const FEWEST_DIGITS: usize = 7;

/// The record, and what it lists; nothing where it lists nothing.
fn list<'d>(deployed: &'d Deployed<'_>) -> Option<(&'d Arc<Record>, Vec<&'d str>)> {
    let record = deployed.deployment.record.as_ref()?;
    let Value::List(values) = record.get("changes") else { return None };
    let texts = values.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.trim()),
        _ => None,
    });
    let listed: Vec<&str> = texts.collect();
    (!listed.is_empty()).then_some((record, listed))
}

/// Whether a text names a change: by the id of its record, its request, or its commit.
fn names(text: &str, tally: &Tally<'_>) -> bool {
    let change = tally.change;
    let bare = text.trim_start_matches(['#', '!']);
    let commit = change.commit.to_string();
    let is_commit = bare.len() >= FEWEST_DIGITS && commit.starts_with(&bare.to_ascii_lowercase());
    is_commit
        || change.records.iter().any(|record| *record.id == *text || *record.called == *bare)
        || change.request.as_ref().is_some_and(|request| *request.id == *bare)
}

pub(super) fn all_listed<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let Some((record, listed)) = list(deployed) else { return Vec::new() };
    let missing = deployed.brought.iter().map(|brought| &brought.tally);
    let missing = missing.filter(|tally| !listed.iter().any(|text| names(text, tally)));
    let sight = |tally: &'t Tally<'t>| {
        let place = Place::Text(Arc::clone(&record.source), record.place_of("changes"));
        let labels = vec![Label { place, text: "the changes that it lists".to_owned(), primary: false }];
        Sight::told(tally, "brought, and not listed".to_owned(), Exhibit { labels, ..Exhibit::default() })
    };
    missing.map(sight).collect()
}

pub(super) fn all_brought<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    // What the control leaves out was brought all the same.
    let Some((record, listed)) = list(deployed).filter(|_| deployed.is_whole) else { return Vec::new() };
    let brought = |text: &&str| deployed.brought.iter().any(|brought| names(text, &brought.tally));
    let others: Vec<String> = listed.into_iter().filter(|text| !brought(text)).map(shown).collect();
    if others.is_empty() {
        return Vec::new();
    }
    let place = Place::Text(Arc::clone(&record.source), record.place_of("changes"));
    let text = format!("{} of these it did not bring", others.len());
    let labels = vec![Label { place, text, primary: false }];
    let words = vec![("listed", others.join(", "))];
    vec![Sight::whole(Exhibit { words, labels, ..Exhibit::default() })]
}
