//! The owners of controls: persons whom the register of people knows, and who are there.

use std::sync::Arc;

use crate::checks::compose::{self, Exhibit};
use crate::facts::calendar::{Calendar, Day};
use crate::facts::document::control::Control;
use crate::facts::register::people::People;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::text::shown;

/// What is wrong with the owner of a control. Nothing can be said where nobody is in the register of people.
#[must_use]
pub fn finding(pack: &Pack, control: &Control, people: &People, calendar: &Calendar) -> Option<Finding> {
    if people.records().is_empty() {
        return None;
    }
    let owner = &control.text.owner;
    let Some(person) = people.find(owner).and_then(|at| people.record(at)) else {
        let text = "nobody in the register of people has this name".to_owned();
        return of(pack, "documents/owner-unknown", control, Vec::new(), text);
    };
    // On the first and on the last day that is asked about; who left and came back between them was away on some other.
    let last = calendar.period.to.map_or_else(|| calendar.today(), |to| to.min(calendar.today()));
    let first = calendar.period.from.max(control.text.since).unwrap_or(last).min(last);
    let away = |day: &Day| person.employed(calendar.end_of(*day)) == Some(false);
    let day = [first, last].into_iter().find(away)?;
    let text = format!("was not there on {day}");
    of(pack, "documents/owner-gone", control, vec![("day", day.to_string())], text)
}

fn of(
    pack: &Pack,
    rule: &str,
    control: &Control,
    mut words: Vec<(&'static str, String)>,
    text: String,
) -> Option<Finding> {
    let (_, rule) = pack.rule(rule)?;
    let id = &control.text.id;
    words.extend([("item", id.clone()), ("who", shown(&control.text.owner))]);
    let place = Place::Text(Arc::clone(control.source()), control.entry("owner"));
    let labels = vec![Label { place, text, primary: true }];
    Some(compose::finding(rule, None, id, id, Exhibit { words, labels, ..Exhibit::default() }))
}
