//! What written documents state in sentences without a link: held against each other, and against the controls.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::checks::compose::{self, Exhibit};
use crate::facts::document::control::Control;
use crate::facts::document::duty::{By, Candidate, Scope, Standing, compare};
use crate::facts::document::quantity::Quantity;
use crate::facts::document::written::Written;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::policies::statements::{self, Stated, Statement};
use crate::text::shown;

/// A value that a written document in force states for a duty.
#[derive(Debug)]
pub struct Spoken<'a> {
    /// The document.
    pub document: &'a Written,
    /// What it states.
    pub candidate: Candidate<'a>,
}

/// Places shown with one finding; more say nothing new.
const MOST: usize = 6;

/// Every duty for which two documents of one set state values that cannot both hold: one finding for a duty and what it is
/// stated for, however many documents state it.
#[must_use]
pub fn disagreeing(pack: &Pack, spoken: &[Spoken<'_>]) -> Vec<Finding> {
    let mut groups: BTreeMap<(&str, &str, &Scope), Vec<&Spoken<'_>>> = BTreeMap::new();
    for one in spoken {
        let key = (&*one.document.set, one.candidate.duty.text.duty.as_str(), &one.candidate.scope);
        groups.entry(key).or_default().push(one);
    }
    groups.into_iter().filter_map(|(key, group)| disagreement(pack, key, group)).collect()
}

fn disagreement(pack: &Pack, (set, duty, scope): (&str, &str, &Scope), group: Vec<&Spoken<'_>>) -> Option<Finding> {
    let clear = of_one_mind(group);
    let differ = |one: &Spoken<'_>, two: &Spoken<'_>| compare(&one.candidate, &two.candidate) == Standing::Differ;
    // Many documents state few values, and those of one value and one clock differ from the same.
    let mut known = FxHashSet::default();
    let values: Vec<_> = clear.iter().copied().filter(|one| known.insert((value(one), clocks(one)))).collect();
    let first = values.iter().find(|one| values.iter().any(|two| differ(one, two)))?;
    let other = values.iter().find(|two| differ(first, two))?;
    let (_, rule) = pack.rule("documents/documents-disagree")?;
    let mut labels = vec![label(first, true), label(other, false)];
    let others = clear.iter().copied().filter(|one| !std::ptr::eq(*one, *first) && !std::ptr::eq(*one, *other));
    labels.extend(others.take(MOST - labels.len()).map(|one| label(one, false)));
    let (name, other_name) = (first.document.source().name(), other.document.source().name());
    let title = titled(&first.candidate);
    let words = vec![
        ("duty", title.clone()),
        ("document", name.to_owned()),
        ("said", said(first)),
        ("other", other_name.to_owned()),
        ("other_said", said(other)),
    ];
    // A set of documents has no name but that of its folder.
    let key = format!("{set}\0{duty}\0{scope:?}");
    let exhibit = Exhibit { words, labels, ..Exhibit::default() };
    Some(compose::finding(rule, None, &title, &key, exhibit))
}

/// Values of one document for one thing that are held against each other; a document with more means several things.
const MOST_VALUES: usize = 8;

/// The statements of documents that do not contradict themselves. A document that states two values for the same thing
/// means two things by it, and which of them others speak of cannot be known.
fn of_one_mind<'g, 'a>(group: Vec<&'g Spoken<'a>>) -> Vec<&'g Spoken<'a>> {
    let mut seen = FxHashSet::default();
    let mut documents: BTreeMap<&str, Vec<&'g Spoken<'a>>> = BTreeMap::new();
    for one in group {
        let name = one.document.source().name();
        if seen.insert((name, value(one))) {
            documents.entry(name).or_default().push(one);
        }
    }
    let agree = |one: &Spoken<'_>, two: &Spoken<'_>| compare(&one.candidate, &two.candidate) == Standing::Agree;
    let of_one_mind = |values: &Vec<&Spoken<'_>>| {
        values.len() <= MOST_VALUES && values.iter().all(|one| values.iter().all(|two| agree(one, two)))
    };
    let mut clear: Vec<&Spoken<'_>> = documents.into_values().filter(of_one_mind).flatten().collect();
    clear.sort_by_key(|one| one.document.kind);
    clear
}

/// What is stated, and how it binds.
fn value(one: &Spoken<'_>) -> String {
    format!("{:?}", (&one.candidate.reading.quantity, &one.candidate.reading.bound))
}

fn clocks(one: &Spoken<'_>) -> String {
    format!("{:?}", one.candidate.reading.clocks)
}

/// What a duty is, with what it is stated for.
fn titled(candidate: &Candidate<'_>) -> String {
    let scope = &candidate.scope;
    let parts: Vec<String> = scope.severity.iter().chain(&scope.words).map(|word| shown(word)).collect();
    match parts.is_empty() {
        true => candidate.duty.text.title.clone(),
        false => format!("{} ({})", candidate.duty.text.title, parts.join(", ")),
    }
}

fn said(one: &Spoken<'_>) -> String {
    shown(&words(one))
}

/// The words of the quantity, on one line; what they mean where they are a schedule of a program.
fn words(one: &Spoken<'_>) -> String {
    if one.candidate.reading.at.is_empty() {
        return one.candidate.reading.quantity.to_string();
    }
    one.document.source().slice(one.candidate.place).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn label(one: &Spoken<'_>, primary: bool) -> Label {
    let place = Place::Text(Arc::clone(one.document.source()), one.candidate.place);
    let quantity = match &one.candidate.reading.quantity {
        Quantity::Nothing => "not at all".to_owned(),
        quantity => quantity.to_string(),
    };
    Label { place, text: format!("{quantity} here"), primary }
}

/// A sentence that states, without a link, what a control states for its test.
pub struct Unlinked<'a> {
    spoken: &'a Spoken<'a>,
    stated: Stated<'a>,
}

/// Every value of a control that a written document states in a sentence without a link, once for each document.
#[must_use]
pub fn unlinked<'a>(
    pack: &Pack,
    controls: &'a [Arc<Control>],
    spoken: &'a [Spoken<'a>],
    linked: &[Statement<'_>],
) -> Vec<Unlinked<'a>> {
    let mut found = Vec::new();
    let known: FxHashSet<(&str, &str, &str)> = linked
        .iter()
        .map(|one| {
            let parameter = &one.parameter;
            (one.document.source().name(), parameter.control.text.id.as_str(), parameter.path.as_str())
        })
        .collect();
    let mut seen = FxHashSet::default();
    let mut by_value: FxHashMap<Value, Vec<&Spoken<'_>>> = FxHashMap::default();
    for one in spoken {
        if let Some(value) = spoken_of(one) {
            by_value.entry(value).or_default().push(one);
        }
    }
    for control in controls {
        for stated in statements::quantities(control, pack) {
            for one in by_value.get(&value_of(control, &stated)).into_iter().flatten() {
                let name = one.document.source().name();
                let key = (name, control.text.id.as_str());
                if !known.contains(&(key.0, key.1, stated.path.as_str())) && seen.insert((key, stated.path.clone())) {
                    found.push(Unlinked { spoken: one, stated: stated.clone() });
                }
            }
        }
    }
    found
}

/// A value that a control can state: its test, the parameter, and the severity in small letters.
type Value = (String, String, Option<String>);

/// The value of a control that a sentence speaks of, and of nothing narrower.
fn spoken_of(one: &Spoken<'_>) -> Option<Value> {
    let (text, scope) = (&one.candidate.duty.text, &one.candidate.scope);
    if !one.document.set.is_empty() || !scope.words.is_empty() {
        return None;
    }
    if scope.severity.is_some() && text.by != Some(By::Severity) {
        return None;
    }
    let severity = scope.severity.as_ref().map(|severity| severity.to_ascii_lowercase());
    Some((text.test.clone()?, text.parameter.clone()?, severity))
}

fn value_of(control: &Control, stated: &Stated<'_>) -> Value {
    let (name, key) = stated.path.split_once('.').map_or((stated.path.as_str(), None), |(name, key)| (name, Some(key)));
    (control.text.test.clone(), name.to_owned(), key.map(str::to_ascii_lowercase))
}

impl Unlinked<'_> {
    /// The id of the control, and the path of the parameter.
    #[must_use]
    pub fn parameter(&self) -> (String, String) {
        (self.stated.control.text.id.clone(), self.stated.path.clone())
    }

    /// The observation of it.
    #[must_use]
    pub fn finding(&self, pack: &Pack) -> Option<Finding> {
        let (_, rule) = pack.rule("documents/statement-unlinked")?;
        let (id, path) = self.parameter();
        let stated = self.stated.quantity.as_ref()?;
        let same = super::linked::is_same(&self.spoken.candidate.reading.quantity, stated);
        let document = self.spoken.document.source().name();
        let target = self.stated.target_from(self.spoken.document);
        let place = Place::Text(Arc::clone(self.stated.control.source()), self.stated.place);
        let also = if same { " as well" } else { "" };
        let own = Label { place, text: format!("{id} states {stated}{also}"), primary: false };
        let words = vec![
            ("document", document.to_owned()),
            ("said", said(self.spoken)),
            ("duty", titled(&self.spoken.candidate)),
            ("standing", if same { "agrees with".to_owned() } else { "differs from".to_owned() }),
            ("control", id.clone()),
            ("parameter", format!("`{path}`")),
            ("link", format!("[{}]({target})", words(self.spoken))),
        ];
        let labels = vec![label(self.spoken, true), own];
        let exhibit = Exhibit { words, labels, ..Exhibit::default() };
        let key = format!("{}\0{id}\0{path}", self.spoken.document.key);
        Some(compose::finding(rule, Some(&id), &format!("{document}: {id} {path}"), &key, exhibit))
    }
}
