//! The words of written documents that are linked to what a control states: both say the same, and nothing that is tested
//! is stated in controls alone.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::checks::compose::{self, Exhibit};
use crate::facts::document::control::Control;
use crate::facts::document::quantity::{self, Counted, Quantity};
use crate::facts::document::written::Written;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::policies::statements::{self, Stated, Statement};
use crate::text::{Span, shown};

/// What linked words say about the value that they lead to.
enum Said {
    /// The same.
    Same,
    /// Something else.
    Other(Quantity),
    /// Nothing that can be held against it, and why.
    Unreadable(String),
}

/// Every linked sentence that says something else than its parameter, or nothing that can be held against it.
#[must_use]
pub fn agreeing(pack: &Pack, linked: &[Statement<'_>]) -> Vec<Finding> {
    linked.iter().filter_map(|statement| held(pack, statement)).collect()
}

fn held(pack: &Pack, statement: &Statement<'_>) -> Option<Finding> {
    let parameter = &statement.parameter;
    let (id, words) = (&parameter.control.text.id, shown(&statement.link.text));
    let value = parameter.quantity.as_ref().map_or_else(|| "several values".to_owned(), Quantity::to_string);
    let (rule, problem, label) = match said(statement) {
        Said::Same => return None,
        Said::Other(other) => ("documents/statement-differs", String::new(), format!("this document says {other}")),
        Said::Unreadable(problem) => ("documents/statement-unreadable", problem.clone(), problem),
    };
    let (_, rule) = pack.rule(rule)?;
    let labels = vec![
        label_at(statement.document, statement.link.text_span, label),
        Label {
            place: Place::Text(Arc::clone(parameter.control.source()), parameter.place),
            text: format!("{id} states {value}"),
            primary: false,
        },
    ];
    let one = |target: String| format!("name the one that is meant, as in {target}");
    let help = if parameter.several { parameter.first_of_several().map(one) } else { None };
    let (name, path) = (statement.document.source().name(), parameter.path.clone());
    let exhibit = Exhibit {
        words: vec![
            ("document", name.to_owned()),
            ("words", words),
            ("control", id.clone()),
            ("value", value),
            ("parameter", format!("`{path}`")),
            ("problem", problem),
        ],
        labels,
        help,
        ..Exhibit::default()
    };
    let key = format!("{}\0{id}\0{path}\0{}", statement.document.key, statement.link.text);
    Some(compose::finding(rule, Some(id), &format!("{name}: {id} {path}"), &key, exhibit))
}

fn label_at(document: &Written, span: Span, text: String) -> Label {
    Label { place: Place::Text(Arc::clone(document.source()), span), text, primary: true }
}

fn said(statement: &Statement<'_>) -> Said {
    let readings = readings(statement);
    if statement.parameter.several {
        return if readings.is_empty() {
            Said::Same
        } else {
            Said::Unreadable("states one value and leads to several".to_owned())
        };
    }
    let Some(stated) = &statement.parameter.quantity else { return Said::Same };
    let Some((first, rest)) = readings.split_first() else {
        return Said::Unreadable("states no number and no time".to_owned());
    };
    match first {
        Quantity::Ambiguous(readings) => return Said::Unreadable(format!("can be read as {readings}")),
        Quantity::Placeholder => return Said::Unreadable("is still to be filled in".to_owned()),
        _ => {}
    }
    if let Some(other) = rest.iter().find(|other| !is_same(first, other)) {
        return Said::Unreadable(format!("states both {first} and {other}"));
    }
    if is_same(first, stated) { Said::Same } else { Said::Other(bare(first, stated)) }
}

/// A number as the control states it, without what it counts: the control does not say approvals or people.
fn bare(said: &Quantity, stated: &Quantity) -> Quantity {
    match (said, stated) {
        (Quantity::Count(count, _), Quantity::Count(_, counted)) => Quantity::Count(*count, *counted),
        _ => said.clone(),
    }
}

/// Whether two quantities are the same, also where one says how often and the other how much time lies between.
pub(super) fn is_same(one: &Quantity, other: &Quantity) -> bool {
    let plain = |quantity: &Quantity| match quantity {
        Quantity::Rate(rate) => rate.interval().map_or_else(|| quantity.clone(), Quantity::Length),
        Quantity::Percent(share) => Quantity::Count(*share, Counted::Other),
        _ => quantity.clone(),
    };
    plain(one).compare(&plain(other)).is_some_and(std::cmp::Ordering::is_eq)
}

/// Bytes behind a link that may hold the unit of its number.
const BEHIND: usize = 40;

/// What the linked words state: alone, or with the words behind them where the link ends before the unit does.
fn readings(statement: &Statement<'_>) -> Vec<Quantity> {
    let text = &statement.link.text;
    let alone: Vec<Quantity> = quantity::read(text).into_iter().map(|one| one.quantity).collect();
    let needs_more = |quantity: &Quantity| matches!(quantity, Quantity::Count(_, Counted::Other));
    if !alone.is_empty() && !alone.iter().any(needs_more) {
        return alone;
    }
    let end = statement.link.span.end;
    let behind = statement.document.source().slice(Span::new(end, end + BEHIND));
    let behind = behind.split(['.', '[', '|']).next().unwrap_or_default();
    let whole = quantity::read(&format!("{text}{behind}")).into_iter().filter(|one| one.at.start < text.len());
    whole.map(|one| one.quantity).collect()
}

/// Quantities that a control states for its test and that no written policy does. `elsewhere` are those that a policy
/// states without a link.
#[must_use]
pub fn stated(
    pack: &Pack,
    controls: &[Arc<Control>],
    written: &[Written],
    linked: &[Statement<'_>],
    elsewhere: &FxHashSet<(String, String)>,
) -> Vec<Finding> {
    let linked: FxHashSet<(&str, &str)> = linked
        .iter()
        .map(|statement| (statement.parameter.control.text.id.as_str(), statement.parameter.path.as_str()))
        .collect();
    let by_name: FxHashMap<&Path, &Written> =
        written.iter().rev().map(|document| (Path::new(document.source().name()), document)).collect();
    let mut findings = Vec::new();
    for control in controls {
        let named = statements::policy(control).and_then(|path| by_name.get(path.as_path()));
        let Some(policy) = named.copied() else { continue };
        let id = control.text.id.as_str();
        let missing: Vec<Stated<'_>> = statements::quantities(control, pack)
            .into_iter()
            .filter(|one| !linked.contains(&(id, one.path.as_str())))
            .filter(|one| !elsewhere.contains(&(id.to_owned(), one.path.clone())))
            .collect();
        findings.extend(unstated(pack, control, policy, &missing));
    }
    findings
}

fn unstated(pack: &Pack, control: &Control, policy: &Written, missing: &[Stated<'_>]) -> Option<Finding> {
    let (_, rule) = pack.rule("documents/parameter-unstated")?;
    let first = missing.first()?;
    let (id, name) = (&control.text.id, policy.source().name());
    let names: Vec<String> = missing.iter().map(|one| format!("`{}`", one.path)).collect();
    let mut labels = vec![Label {
        place: Place::Text(Arc::clone(control.source()), control.policy_span()),
        text: "no link of this policy, or of another one, leads to the values below".to_owned(),
        primary: true,
    }];
    labels.extend(missing.iter().map(|one| Label {
        place: Place::Text(Arc::clone(control.source()), one.place),
        text: "stated here only".to_owned(),
        primary: false,
    }));
    let value = first.quantity.as_ref().map_or_else(String::new, Quantity::to_string);
    let exhibit = Exhibit {
        words: vec![
            ("control", id.clone()),
            ("document", name.to_owned()),
            ("parameters", names.join(", ")),
            ("link", format!("[{value}]({})", first.target_from(policy))),
        ],
        labels,
        ..Exhibit::default()
    };
    // In whatever order the control states them.
    let mut paths: Vec<&str> = missing.iter().map(|one| one.path.as_str()).collect();
    paths.sort_unstable();
    Some(compose::finding(rule, Some(id), id, &format!("{id}\0{}", paths.join("\0")), exhibit))
}
