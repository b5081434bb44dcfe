//! A version of a control that asks for less than the one before: who agreed to it?

use crate::checks::compose::{self, Exhibit};
use crate::facts::approval::trail::{Change, Verdict};
use crate::facts::calendar::Day;
use crate::facts::document::control::Control;
use crate::findings::finding::{Finding, Label, Place};
use crate::findings::impact::Impact;
use crate::findings::population::Member;
use crate::policies::pack::Pack;
use crate::policies::weaker::Loosened;
use crate::text::shown;

/// Parameters that a sentence names; of others only the number is.
const NAMED: usize = 3;

/// A version that asks for less than the one before, or the end of a control.
pub struct Weakening<'a> {
    /// The control as it stood before.
    pub was: &'a Control,
    /// As it stands since; nothing if it was taken out.
    pub is: Option<&'a Control>,
    /// Everything for which less is asked.
    pub loosened: Vec<Loosened>,
    /// The change that brought it.
    pub change: &'a Change,
    /// The day on which it landed.
    pub day: Day,
    /// How many items were judged by what it asks since, and until when that stood.
    pub judged: Option<(String, Option<Day>)>,
}

impl Weakening<'_> {
    /// The change as its population keeps it.
    #[must_use]
    pub fn member(&self) -> Member {
        let (control, commit) = (&self.was.text.id, self.change.commit);
        Member::new(format!("{control}\0{commit}"), format!("{control} at {}", commit.short()), Some(self.day))
    }
}

/// What is wrong with a weakening; nothing if somebody other than its authors approved it.
#[must_use]
pub fn finding(pack: &Pack, weakening: &Weakening<'_>) -> Option<Finding> {
    let (change, control) = (weakening.change, &weakening.was.text.id);
    let rule = match change.verdict {
        Verdict::Approved => return None,
        Verdict::SelfApproved | Verdict::Unapproved => "documents/control-weakened",
        Verdict::Unevidenced => "documents/weakening-unevidenced",
        Verdict::Untestable => "evidence/history-incomplete",
    };
    let (_, rule) = pack.rule(rule)?;
    let by: Vec<&str> = change.authors.iter().map(|author| author.label()).collect();
    let gap = change.unreadable.as_ref();
    let words = vec![
        ("by", by.join(" and ")),
        ("control", control.clone()),
        ("day", weakening.day.to_string()),
        ("commit", change.commit.short()),
        ("what", what(weakening)),
        ("gap", gap.map_or_else(String::new, |gap| gap.what.clone())),
        ("mend", gap.map_or_else(String::new, |gap| gap.mend.clone())),
    ];
    let Member { key, name: item, .. } = weakening.member();
    let exhibit = Exhibit { words, labels: labels(weakening), ..Exhibit::default() };
    let relied = weakening.judged.iter();
    let impact = relied.map(|(items, until)| Impact {
        text: format!("{items} judged by what it asks since then"),
        from: Some(weakening.day),
        to: *until,
    });
    let impact = impact.collect();
    Some(Finding { counted: true, impact, ..compose::finding(rule, Some(control), &item, &key, exhibit) })
}

fn labels(weakening: &Weakening<'_>) -> Vec<Label> {
    let (was, change) = (weakening.was, weakening.change);
    let mut labels = Vec::new();
    let mut show = |control: &Control, key: &str, text: String, primary: bool| {
        let place = Place::Text(control.source().clone(), control.entry(key));
        labels.push(Label { place, text, primary });
    };
    match weakening.is {
        None => show(was, "id", "it stood here until then".to_owned(), true),
        Some(is) => {
            for (at, loosened) in weakening.loosened.iter().take(NAMED).enumerate() {
                let text = if loosened.was.is_some() { "it asked for this" } else { "it had no such limit" };
                show(was, &loosened.key, text.to_owned(), at == 0);
                let text =
                    if loosened.is.is_some() { "it asks for this since" } else { "it does not ask for it since" };
                show(is, &loosened.key, text.to_owned(), false);
            }
        }
    }
    let text = match change.verdict {
        Verdict::Untestable => "who approved it cannot be read".to_owned(),
        Verdict::Unevidenced => "the request is named, its approver is not".to_owned(),
        _ => format!("landed by {}, approved by nobody else", change.landed_by.label()),
    };
    labels.push(Label { place: Place::Commit(change.commit, None), text, primary: false });
    labels
}

/// What became less, in words.
fn what(weakening: &Weakening<'_>) -> String {
    if weakening.is.is_none() {
        return "it was taken out".to_owned();
    }
    let one = |loosened: &Loosened| {
        let value = |value: &Option<String>| value.as_ref().map(|value| shown(value));
        match (value(&loosened.was), value(&loosened.is)) {
            (Some(was), Some(is)) => format!("{} went from {was} to {is}", loosened.key),
            (Some(was), None) => format!("{} was {was} and is left out", loosened.key),
            (None, is) => format!("{} was left out and is {}", loosened.key, is.unwrap_or_default()),
        }
    };
    let mut named: Vec<String> = weakening.loosened.iter().take(NAMED).map(one).collect();
    if weakening.loosened.len() > NAMED {
        named.push(format!("{} more", weakening.loosened.len() - NAMED));
    }
    named.join("; ")
}
