//! Asks that the register of changes and Git name the same people as authors.

use std::sync::Arc;

use super::tally::Tally;
use crate::checks::compose::Exhibit;
use crate::facts::person::Person;
use crate::findings::finding::{Label, Place};

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let change = tally.change;
    let (record, theirs) = change.records.iter().find_map(|record| {
        // A change has its authors from both: those of Git are the ones that no record names in the same way.
        let of_git = |author: &&Person| !change.records.iter().any(|record| record.authors.contains(author));
        let theirs: Vec<&Person> = change.authors.iter().filter(of_git).collect();
        let differ = !record.authors.is_empty()
            && !theirs.is_empty()
            && record.authors.iter().all(|one| theirs.iter().all(|other| tally.are_two(one, other)))
            && !record.authors.iter().any(|one| tally.are_one(one, &change.landed_by));
        differ.then_some((record, theirs))
    })?;
    let said = record.authors.iter().map(Person::label).collect::<Vec<_>>().join(", ");
    let names = theirs.into_iter().map(Person::label).collect::<Vec<_>>().join(", ");
    let (source, _) = &record.place;
    let labels = vec![
        Label {
            place: Place::Text(Arc::clone(source), record.author_place),
            text: format!("the record says that {said} wrote it"),
            primary: false,
        },
        Label { place: Place::Commit(change.commit, None), text: format!("Git says that {names} did"), primary: false },
    ];
    let words = vec![("request", super::called(&record.called)), ("said", said), ("names", names)];
    Some(Exhibit { words, labels, ..Exhibit::default() })
}
