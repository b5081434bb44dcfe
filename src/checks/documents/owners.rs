//! The owners of controls and of documents: persons whom the register of people knows, and who are there.

use std::sync::Arc;

use crate::checks::compose::{self, Exhibit};
use crate::facts::calendar::{Calendar, Day};
use crate::facts::document::control::Control;
use crate::facts::document::written::Written;
use crate::facts::register::people::People;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::text::{SourceText, Span, shown};

/// What an owner answers for, and where it says so.
struct Owned<'a> {
    item: &'a str,
    key: &'a str,
    owner: &'a str,
    source: &'a Arc<SourceText>,
    span: Span,
}

/// What is wrong with the owner of a control. Nothing can be said where nobody is in the register of people.
#[must_use]
pub fn finding(pack: &Pack, control: &Control, people: &People, calendar: &Calendar) -> Option<Finding> {
    let text = &control.text;
    let (id, span) = (text.id.as_str(), control.entry("owner"));
    let owned = Owned { item: id, key: id, owner: &text.owner, source: control.source(), span };
    let last = last_day(calendar);
    let first = calendar.period.from.max(text.since).unwrap_or(last).min(last);
    of(pack, &owned, people, (first, last))
}

/// What is wrong with the owner of a document that is in force: an address that nobody has, or somebody who is gone. A
/// team may own a document, and a name that nobody is found by may be that of one.
#[must_use]
pub fn of_document(pack: &Pack, document: &Written, people: &People, calendar: &Calendar) -> Option<Finding> {
    let said = document.about.owner.as_ref().filter(|_| document.about.is_in_force())?;
    let (item, owner) = (document.source().name(), said.value.as_str());
    if !owner.contains('@') && people.find(owner).is_none() {
        return None;
    }
    let owned = Owned { item, key: &document.key, owner, source: document.source(), span: said.span };
    // Who owned it earlier is not known, so only the last day is asked about.
    let last = last_day(calendar);
    of(pack, &owned, people, (last, last))
}

/// The last day that is asked about.
fn last_day(calendar: &Calendar) -> Day {
    calendar.period.to.map_or_else(|| calendar.today(), |to| to.min(calendar.today()))
}

fn of(pack: &Pack, owned: &Owned<'_>, people: &People, (first, last): (Day, Day)) -> Option<Finding> {
    if people.records().is_empty() {
        return None;
    }
    let Some(person) = people.find(owned.owner).and_then(|at| people.record(at)) else {
        let text = match people.is_shared(owned.owner) {
            true => "more than one person in the register of people has this name",
            false => "nobody in the register of people has this name",
        };
        return compose(pack, "documents/owner-unknown", owned, Vec::new(), text.to_owned());
    };
    let day = Day(person.first_day_away(first.0, last.0)?);
    compose(pack, "documents/owner-gone", owned, vec![("day", day.to_string())], format!("was not there on {day}"))
}

fn compose(
    pack: &Pack,
    rule: &str,
    owned: &Owned<'_>,
    mut words: Vec<(&'static str, String)>,
    text: String,
) -> Option<Finding> {
    let (_, rule) = pack.rule(rule)?;
    words.extend([("item", owned.item.to_owned()), ("who", shown(owned.owner))]);
    let labels = vec![Label { place: Place::Text(Arc::clone(owned.source), owned.span), text, primary: true }];
    Some(compose::finding(rule, None, owned.item, owned.key, Exhibit { words, labels, ..Exhibit::default() }))
}
