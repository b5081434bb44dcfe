//! Whether the evidence itself can be relied on.

pub mod clock;
pub mod keeping;
mod recurrence;

use std::sync::Arc;

use super::compose::{Exhibit, count, finding};
use crate::error::Fault;
use crate::facts::document::control::Control;
use crate::facts::forge::recorded::Request;
use crate::facts::gap::Gap;
use crate::facts::register::definition::Definition;
use crate::facts::register::store::{Register, UnknownPerson};
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;

pub use recurrence::recurring;

/// What could not be read of the history that a control's population comes from.
#[must_use]
pub fn history_whole(pack: &Pack, control: &Control, gap: &Gap) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/history-incomplete")?;
    let words = vec![("gap", gap.what.clone()), ("mend", gap.mend.clone())];
    let labels = vec![at_id(control, "needs every change of the period")];
    Some(finding(rule, Some(&control.text.id), "history", &gap.what, Exhibit { words, labels, ..Exhibit::default() }))
}

/// A branch that a control covers and that is not in this clone.
#[must_use]
pub fn branch_present(pack: &Pack, control: &Control, branch: &str, mend: Option<&str>) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/branch-missing")?;
    let words = vec![("branch", branch.to_owned()), ("control", control.text.id.clone())];
    let place = Place::Text(control.source().clone(), control.parameter("branches"));
    let labels = vec![Label { place, text: format!("{branch} cannot be read"), primary: true }];
    let help = mend.map(str::to_owned);
    Some(finding(rule, Some(&control.text.id), branch, branch, Exhibit { words, labels, help, ..Exhibit::default() }))
}

/// A repository that a control covers, by its name and the path of its clone, and that is not there.
#[must_use]
pub fn repository_present(
    pack: &Pack,
    control: &Control,
    (name, path): (&str, Option<&str>),
    why: &str,
) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/repository-missing")?;
    let words = vec![
        ("repository", name.to_owned()),
        ("control", control.text.id.clone()),
        ("why", why.to_owned()),
        ("path", path.unwrap_or("PATH").to_owned()),
    ];
    let place = Place::Text(control.source().clone(), control.parameter("repositories"));
    let labels = vec![Label { place, text: format!("{name} is to be tested as well"), primary: true }];
    let found = finding(rule, Some(&control.text.id), name, name, Exhibit { words, labels, ..Exhibit::default() });
    // That it counts as untestable keeps the result from reading as that of a test that met nothing.
    Some(Finding { counted: true, ..found })
}

/// A branch on which no file ever said who owns what, where a control asks for approvals of owners.
#[must_use]
pub fn code_owners_present(pack: &Pack, control: &Control, branch: &str) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/code-owners-missing")?;
    let words = vec![("control", control.text.id.clone()), ("branch", branch.to_owned())];
    let place = Place::Text(control.source().clone(), control.parameter("code_owners"));
    let labels = vec![Label { place, text: "an owner of each file approves".to_owned(), primary: true }];
    Some(finding(rule, Some(&control.text.id), branch, branch, Exhibit { words, labels, ..Exhibit::default() }))
}

/// A record of the register of changes whose commit is not on its branch.
#[must_use]
pub fn record_on_branch(pack: &Pack, control: &Control, request: &Request, branch: &str) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/record-not-on-branch")?;
    let name = request.merge_sha.as_deref().unwrap_or_default();
    let commit = name.get(..7).unwrap_or(name).to_owned();
    let called = if request.called == request.id { request.id.to_string() } else { format!("#{}", request.called) };
    let (source, span) = &request.place;
    let record = Place::Text(Arc::clone(source), *span);
    let labels = vec![
        at_id(control, "is tested on what landed, and on its records"),
        Label { place: record, text: format!("{branch} does not have this commit"), primary: false },
    ];
    let words = vec![("request", format!("request {called}")), ("commit", commit), ("branch", branch.to_owned())];
    let item = format!("request {called}");
    Some(finding(rule, Some(&control.text.id), &item, &request.id, Exhibit { words, labels, ..Exhibit::default() }))
}

/// A population without a single item: what the items would be, and where they would come from.
#[must_use]
pub fn population_not_empty(pack: &Pack, control: &Control, items: &str, sources: &str) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/no-occurrences")?;
    let words =
        vec![("control", control.text.id.clone()), ("items", items.to_owned()), ("sources", sources.to_owned())];
    let labels = vec![at_id(control, "nothing to test it on")];
    Some(finding(
        rule,
        Some(&control.text.id),
        "population",
        "population",
        Exhibit { words, labels, ..Exhibit::default() },
    ))
}

/// A register that a control's test reads and that is not in the repository.
#[must_use]
pub fn register_present(pack: &Pack, control: &Control, register: &Definition) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/register-missing")?;
    let words = vec![
        ("control", control.text.id.clone()),
        ("register", register.register.clone()),
        ("file", register.file()),
        ("fields", required(register)),
    ];
    let labels = vec![at_test(control, format!("{} is tested on {}", control.text.id, register.register))];
    let exhibit = Exhibit { words, labels, ..Exhibit::default() };
    Some(finding(rule, Some(&control.text.id), &register.register, &register.register, exhibit))
}

/// A register of which something could not be read.
#[must_use]
pub fn register_whole(pack: &Pack, control: &Control, register: &Register) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/register-incomplete")?;
    let name = &register.definition.register;
    let faults = count(register.faults, "fault", "faults");
    let words = vec![("control", control.text.id.clone()), ("register", name.clone()), ("faults", faults)];
    let labels = vec![at_test(control, format!("{} is tested on {name}", control.text.id))];
    Some(finding(rule, Some(&control.text.id), name, name, Exhibit { words, labels, ..Exhibit::default() }))
}

/// A test that a control names and that cannot be used.
#[must_use]
pub fn test_usable(pack: &Pack, control: &Control, fault: &Fault) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/test-unusable")?;
    let name = &control.text.test;
    let words = vec![("control", control.text.id.clone()), ("test", name.clone())];
    let mut labels = vec![at_test(control, format!("{} is tested by it", control.text.id))];
    if !fault.source.text().is_empty() {
        let place = Place::Text(Arc::clone(&fault.source), fault.span);
        labels.push(Label { place, text: fault.message.clone(), primary: false });
    }
    let found = finding(rule, Some(&control.text.id), name, name, Exhibit { words, labels, ..Exhibit::default() });
    // That it counts as untestable keeps the result from reading as that of a test that met nothing.
    Some(Finding { counted: true, ..found })
}

/// The finding of a name that leads to nobody, however often it stands in a register.
#[must_use]
pub fn person_resolved(pack: &Pack, unknown: &UnknownPerson) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/person-unresolved")?;
    let text = match unknown.count {
        1 => "nobody in the register of people has this name".to_owned(),
        several => format!("nobody in the register of people has this name, which stands here {several} times"),
    };
    let place = Place::Text(Arc::clone(&unknown.source), unknown.place);
    let words = vec![("name", unknown.written.clone()), ("register", unknown.register.clone())];
    let labels = vec![Label { place, text, primary: true }];
    let key = format!("{}\0{}", unknown.register, unknown.written.to_lowercase());
    Some(finding(rule, None, &unknown.written, &key, Exhibit { words, labels, ..Exhibit::default() }))
}

/// The fields that every record of a register must have.
fn required(register: &Definition) -> String {
    let fields = register.fields.iter().filter(|field| field.required);
    fields.map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn at_test(control: &Control, text: String) -> Label {
    let place = Place::Text(control.source().clone(), control.parameter("test"));
    Label { place, text, primary: true }
}

fn at_id(control: &Control, text: &str) -> Label {
    Label { place: Place::Text(control.source().clone(), control.id_span()), text: text.to_owned(), primary: true }
}
