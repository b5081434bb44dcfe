//! Sentences of written documents that are linked to what a control states: `[within 24 hours](../controls/x.yaml#with.y)`.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::controls::{Documents, FOLDER};
use super::pack::Pack;
use super::test::{Parameter, ParameterType};
use super::written::beside;
use crate::error::Fault;
use crate::facts::calendar::{Cadence, Calendar, Length, Unit};
use crate::facts::document::control::Control;
use crate::facts::document::quantity::{Counted, Quantity};
use crate::facts::document::written::Written;
use crate::sources::markdown::Link;
use crate::text::{Span, shown};

/// The words of a written document that are linked to a parameter.
#[derive(Debug)]
pub struct Statement<'a> {
    /// The document.
    pub document: &'a Written,
    /// The link; its words are what the document states.
    pub link: &'a Link,
    /// The parameter that it leads to.
    pub parameter: Stated<'a>,
}

/// One value that a control states for its test.
#[derive(Clone, Debug)]
pub struct Stated<'a> {
    /// The control.
    pub control: &'a Control,
    /// Its path below `with`: `approvals`, `remediate_within.critical`.
    pub path: String,
    /// Its place.
    pub place: Span,
    /// The value, as a quantity. `None` for a choice, a list and all that is no quantity.
    pub quantity: Option<Quantity>,
    /// Whether it holds several quantities, each by a name of its own.
    pub several: bool,
}

impl Stated<'_> {
    /// Of several values, the anchor of the first.
    #[must_use]
    pub fn first_of_several(&self) -> Option<String> {
        let (value, _) = self.control.stated(&self.path)?;
        Some(format!("#with.{}.{}", self.path, value.as_object()?.keys().next()?))
    }

    /// The target of a link from a document to the parameter, as the document would write it.
    #[must_use]
    pub fn target_from(&self, document: &Written) -> String {
        let to = Path::new(self.control.source().name());
        let from = Path::new(document.source().name()).parent().unwrap_or(Path::new(""));
        let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
        let up = "../".repeat(from.components().count() - shared);
        let down: PathBuf = to.components().skip(shared).collect();
        format!("{up}{}#with.{}", down.display().to_string().replace('\\', "/"), self.path)
    }
}

/// The linked words of all documents.
#[derive(Debug, Default)]
pub struct Statements<'a> {
    /// Links that lead to a parameter, in the order of the documents.
    pub found: Vec<Statement<'a>>,
    /// Links that lead to none, each with the document that has it.
    pub faults: Vec<(&'a Written, Fault)>,
}

/// Every link of the written documents that leads to a parameter of a control.
#[must_use]
pub fn read<'a>(root: &Path, written: &'a [Written], controls: &'a Documents, pack: &Pack) -> Statements<'a> {
    let mut statements = Statements::default();
    for document in written {
        for link in &document.page.links {
            match parameter(root, document, link, controls, pack) {
                Ok(Some(parameter)) => statements.found.push(Statement { document, link, parameter }),
                Ok(None) => {}
                Err(problem) => statements.faults.push((document, fault(document, link, problem))),
            }
        }
    }
    statements
}

/// Why a link leads to no parameter: a message, and what to do.
type Problem = (String, String);

fn fault(document: &Written, link: &Link, (message, help): Problem) -> Fault {
    Fault {
        rule: "documents/statement-unknown-target",
        message,
        label: format!("leads to {}", shown(&link.target)),
        help: Some(help),
        source: Arc::clone(document.source()),
        span: link.span,
        other: None,
    }
}

/// The parameter that a link leads to; `None` where it is about something else, or where its control has faults that are
/// told already.
fn parameter<'a>(
    root: &Path,
    document: &Written,
    link: &Link,
    controls: &'a Documents,
    pack: &Pack,
) -> Result<Option<Stated<'a>>, Problem> {
    let Some((path, anchor)) = link.target.split_once('#') else { return Ok(None) };
    if link.target.contains("://") || path.is_empty() {
        return Ok(None);
    }
    let path = path.replace("%20", " ");
    let file = match path.strip_prefix('/') {
        // A forge takes a slash in front for the root of the repository.
        Some(path) => beside("", path),
        None => beside(document.source().name(), &path),
    };
    let file = file.filter(|file| file.extension().is_some_and(|end| end == "yaml" || end == "yml"));
    let Some(file) = file else { return Ok(None) };
    let below = file.components().next() == Some(Component::Normal(FOLDER.as_ref()));
    let named = || shown(&file.display().to_string());
    let (id, name) = match anchor.strip_prefix("with.") {
        Some(name) => (None, name),
        None => match anchor.split_once(".with.") {
            Some((id, name)) => (Some(id), name),
            // A line of the file, as forges name it, is no parameter.
            None if !below
                || anchor
                    .strip_prefix('L')
                    .is_some_and(|line| line.starts_with(|digit: char| digit.is_ascii_digit())) =>
            {
                return Ok(None);
            }
            None => {
                let help =
                    "name the parameter by its path: #with.approvals, #with.remediate_within.critical".to_owned();
                return Err((format!("{} has no parameter {}", named(), shown(anchor)), help));
            }
        },
    };
    let inside: Vec<&Control> =
        controls.controls.iter().map(Arc::as_ref).filter(|control| is(control, &file)).collect();
    if inside.is_empty() {
        if controls.faults.iter().any(|fault| Path::new(fault.source.name()) == file) {
            return Ok(None);
        }
        let there = below && root.join(&file).is_file();
        let (what, known) = if there { ("no control", files(controls)) } else { ("no such file", files(controls)) };
        return Err((format!("there is {what}: {}", named()), format!("the controls lie in: {known}")));
    }
    one_of(&inside, id, name, &named(), pack).map(Some)
}

fn is(control: &Control, file: &Path) -> bool {
    Path::new(control.source().name()) == file
}

fn files(controls: &Documents) -> String {
    let mut files: Vec<PathBuf> =
        controls.controls.iter().map(|control| PathBuf::from(control.source().name())).collect();
    files.dedup();
    let names: Vec<String> = files.iter().take(12).map(|file| shown(&file.display().to_string())).collect();
    if names.is_empty() { format!("{}/, which holds none yet", FOLDER) } else { names.join(", ") }
}

/// The parameter of that name, in the only control that states it.
fn one_of<'a>(
    controls: &[&'a Control],
    id: Option<&str>,
    name: &str,
    file: &str,
    pack: &Pack,
) -> Result<Stated<'a>, Problem> {
    let named: Vec<&&Control> = controls.iter().filter(|control| id.is_none_or(|id| control.text.id == id)).collect();
    if let ([], Some(id)) = (&named[..], id) {
        let ids: Vec<&str> = controls.iter().map(|control| control.text.id.as_str()).collect();
        return Err((format!("{file} has no control {}", shown(id)), format!("its controls are: {}", ids.join(", "))));
    }
    let stating: Vec<&&&Control> = named.iter().filter(|control| control.stated(name).is_some()).collect();
    match stating[..] {
        [control] => stated(control, name, pack).ok_or_else(|| not_stated(&named, name)),
        [] => Err(not_stated(&named, name)),
        [first, ..] => {
            let help = format!("name the control as well: #{}.with.{name}", first.text.id);
            Err((format!("{} controls of {file} state {}", stating.len(), shown(name)), help))
        }
    }
}

fn not_stated(controls: &[&&Control], name: &str) -> Problem {
    let ids: Vec<&str> = controls.iter().map(|control| control.text.id.as_str()).collect();
    let values = controls.iter().filter_map(|control| control.text.with.as_object());
    let mut known: Vec<String> = Vec::new();
    for (name, value) in values.flatten() {
        match value.as_object() {
            Some(entries) => known.extend(entries.keys().map(|key| format!("with.{name}.{key}"))),
            None => known.push(format!("with.{name}")),
        }
    }
    (format!("{} does not state {}", ids.join(", "), shown(name)), format!("it states: {}", known.join(", ")))
}

/// A value of a control, as a quantity where it is one.
fn stated<'a>(control: &'a Control, path: &str, pack: &Pack) -> Option<Stated<'a>> {
    let (value, place) = control.stated(path)?;
    let known = pack.test(&control.text.test).and_then(|test| described(&test.parameters, path));
    let quantity = known.and_then(|(kind, unit)| quantity(kind, unit, value));
    let several = known.is_some_and(|(kind, _)| kind == ParameterType::Lengths) && value.is_object();
    Some(Stated { control, path: path.to_owned(), place, quantity, several })
}

/// Type and unit of the parameter at a path.
fn described<'p>(parameters: &'p [Parameter], path: &str) -> Option<(ParameterType, Option<&'p str>)> {
    let mut parts = path.split('.');
    let name = parts.next()?;
    let parameter = parameters.iter().find(|parameter| parameter.name == name)?;
    match (parameter.kind, parts.next()) {
        // A record: emergency.approve_within.
        (ParameterType::Record, Some(field)) => described(&parameter.fields, field),
        // The records of a list: scanned.0.cadence.
        (ParameterType::Records, Some(_)) => described(&parameter.fields, parts.next()?),
        (kind, _) => Some((kind, parameter.unit.as_deref())),
    }
}

/// What a value of a type states.
fn quantity(kind: ParameterType, unit: Option<&str>, value: &Json) -> Option<Quantity> {
    match kind {
        ParameterType::Integer => {
            let count = u32::try_from(value.as_u64()?).ok()?;
            let unit = match unit {
                Some("minutes") => Unit::Minutes,
                Some("hours") => Unit::Hours,
                Some("days") => Unit::Days,
                _ => return Some(Quantity::Count(count, Counted::Other)),
            };
            Some(Quantity::Length(Length { count, unit }))
        }
        ParameterType::Length | ParameterType::Lengths => value.as_str()?.parse().ok().map(Quantity::Length),
        ParameterType::Cadence => value.as_str()?.parse::<Cadence>().ok().map(|cadence| Quantity::Rate(cadence.into())),
        _ => None,
    }
}

/// Every quantity that a control states, each on its own.
#[must_use]
pub fn quantities<'a>(control: &'a Control, pack: &Pack) -> Vec<Stated<'a>> {
    let mut found = Vec::new();
    for (name, value) in control.text.with.as_object().into_iter().flatten() {
        let paths = match value {
            Json::Object(entries) => entries.keys().map(|key| format!("{name}.{key}")).collect(),
            Json::Array(items) => in_records(name, items),
            _ => vec![name.clone()],
        };
        found.extend(paths.iter().filter_map(|path| stated(control, path, pack)).filter(|one| one.quantity.is_some()));
    }
    found
}

/// Business hours that a control counts where the configuration does not say which hours these are.
#[must_use]
pub fn uncounted_hours(control: &Control, pack: &Pack, calendar: &Calendar) -> Vec<Fault> {
    let in_hours = |stated: &Stated<'_>| {
        calendar.hours.is_none()
            && matches!(stated.quantity, Some(Quantity::Length(Length { unit: Unit::BusinessHours, .. })))
    };
    let fault = |stated: Stated<'_>| Fault {
        rule: "documents/bad-value",
        message: format!("{} counts business hours, and tickmark.yaml does not say which these are", control.text.id),
        label: "in business hours".to_owned(),
        help: Some("write them there: business_hours: 09:00-17:00".to_owned()),
        source: Arc::clone(control.source()),
        span: stated.place,
        other: None,
    };
    quantities(control, pack).into_iter().filter(in_hours).map(fault).collect()
}

fn in_records(name: &str, items: &[Json]) -> Vec<String> {
    let of = |(number, item): (usize, &Json)| -> Vec<String> {
        item.as_object().into_iter().flatten().map(|(key, _)| format!("{name}.{number}.{key}")).collect()
    };
    items.iter().enumerate().flat_map(of).collect()
}

/// The file of the written policy that a control names; `None` where it names none of this repository.
#[must_use]
pub fn policy(control: &Control) -> Option<PathBuf> {
    let named = control.text.policy.as_deref().filter(|named| !named.contains("://"))?;
    beside(control.source().name(), named.split('#').next()?)
}
