//! From a parameter of a control to what written policies say of it, and back.

use std::path::Path;
use std::sync::Arc;

use crate::engine::Texts;
use crate::facts::document::control::Control;
use crate::policies::statements::{self, Statement};
use crate::policies::test::{Parameter, ParameterType};
use crate::text::{SourceText, Span, safe};

/// A place in a document.
pub(super) struct Target<'a> {
    /// The document.
    pub(super) text: &'a Arc<SourceText>,
    /// Where in it.
    pub(super) span: Span,
}

/// What stands at a place of a document.
enum At<'a> {
    /// A parameter of a control, by its path below `with`.
    Parameter(&'a Control, String, Span),
    /// The place where a control names its policy.
    Policy(&'a Control),
    /// The words of a written document that are linked to a parameter.
    Statement(Statement<'a>),
}

/// Where what stands at a place leads: from a parameter to the words that state it, or else to the policy that its
/// control names; from such words to the parameter.
pub(super) fn targets<'a>(texts: &'a Texts, file: &str, offset: usize) -> Vec<Target<'a>> {
    match at(texts, statements(texts), file, offset) {
        None => Vec::new(),
        Some(At::Statement(said)) => {
            let (control, place) = (said.parameter.control, said.parameter.place);
            vec![Target { text: control.source(), span: place }]
        }
        Some(At::Policy(control)) => policy(texts, control).into_iter().collect(),
        Some(At::Parameter(control, path, _)) => {
            let said = of(statements(texts), control, &path);
            let found: Vec<Target<'_>> =
                said.iter().map(|said| Target { text: said.document.source(), span: said.link.text_span }).collect();
            if found.is_empty() { policy(texts, control).into_iter().collect() } else { found }
        }
    }
}

/// What an editor shows of the place, as plain text, and where it belongs to.
pub(super) fn hover(texts: &Texts, file: &str, offset: usize) -> Option<(String, Span)> {
    match at(texts, statements(texts), file, offset)? {
        At::Statement(said) => {
            let control = said.parameter.control;
            let mut lines = vec![format!("{} {}", safe(&control.text.id), safe(&control.text.title))];
            lines.push(format!("{} states {}", safe(control.source().name()), stated(control, &said.parameter.path)));
            lines.extend(about(texts, control, &said.parameter.path));
            Some((lines.join("\n"), said.link.span))
        }
        At::Policy(control) => {
            let target = policy(texts, control)?;
            Some((format!("{} is carried out by {}", place(&target), safe(&control.text.id)), control.policy_span()))
        }
        At::Parameter(control, path, span) => {
            let mut lines = vec![format!("{} states {}", safe(&control.text.id), stated(control, &path))];
            lines.extend(about(texts, control, &path));
            let said = of(statements(texts), control, &path);
            if said.is_empty() {
                lines.push("no written policy has words that are linked to it".to_owned());
            }
            for said in said {
                let target = Target { text: said.document.source(), span: said.link.span };
                lines.push(format!("{} says “{}”:", place(&target), safe(&said.link.text)));
                let line = target.text.line(target.text.position(said.link.span.start).line).unwrap_or_default();
                lines.push(format!("  {}", safe(target.text.slice(line).trim())));
            }
            Some((lines.join("\n"), span))
        }
    }
}

fn statements(texts: &Texts) -> Vec<Statement<'_>> {
    statements::read(&texts.root, &texts.written, &texts.controls, &texts.pack).found
}

/// The words that state a parameter, or one of the values that it holds.
fn of<'a>(said: Vec<Statement<'a>>, control: &Control, path: &str) -> Vec<Statement<'a>> {
    let is_part = |part: &str| part.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    said.into_iter()
        .filter(|said| std::ptr::eq(said.parameter.control, control) && is_part(&said.parameter.path))
        .collect()
}

fn at<'a>(texts: &'a Texts, said: Vec<Statement<'a>>, file: &str, offset: usize) -> Option<At<'a>> {
    let holds = |span: Span| !span.is_empty() && (span.start..=span.end).contains(&offset);
    let here = |said: &Statement<'_>| said.document.source().name() == file && holds(said.link.span);
    if let Some(said) = said.into_iter().find(here) {
        return Some(At::Statement(said));
    }
    let controls = texts.controls.controls.iter().map(AsRef::as_ref);
    for control in controls.filter(|control: &&Control| control.source().name() == file) {
        if holds(control.policy_span()) {
            return Some(At::Policy(control));
        }
        // The innermost is the one that is meant: of `{ critical: 7d }` the value, and not the whole.
        let stated = paths(control).into_iter().filter_map(|path| {
            let place = control.stated(&path)?.1;
            holds(place).then_some((path, place))
        });
        if let Some((path, place)) = stated.min_by_key(|(path, place)| (place.len(), std::cmp::Reverse(path.len()))) {
            return Some(At::Parameter(control, path, place));
        }
    }
    None
}

/// Every path below `with` that a control states.
fn paths(control: &Control) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in control.text.with.as_object().into_iter().flatten() {
        found.push(name.clone());
        if let Some(entries) = value.as_object() {
            found.extend(entries.keys().map(|key| format!("{name}.{key}")));
        }
        for (number, item) in value.as_array().into_iter().flatten().enumerate() {
            found.extend(item.as_object().into_iter().flatten().map(|(key, _)| format!("{name}.{number}.{key}")));
        }
    }
    found
}

/// The heading that a control names, or the beginning of its policy.
fn policy<'a>(texts: &'a Texts, control: &Control) -> Option<Target<'a>> {
    let file = statements::policy(control)?;
    let written = texts.written.iter().find(|written| Path::new(written.source().name()) == file)?;
    let anchor = control.text.policy.as_deref()?.split_once('#').map(|(_, anchor)| anchor);
    let heading = written.page.headings.iter().find(|heading| Some(heading.anchor.as_str()) == anchor);
    Some(Target { text: written.source(), span: heading.map_or_else(Span::default, |heading| heading.span) })
}

fn place(target: &Target<'_>) -> String {
    format!("{}:{}", safe(target.text.name()), target.text.position(target.span.start).line)
}

fn stated(control: &Control, path: &str) -> String {
    let value = control.stated(path).map(|(value, _)| value.to_string().replace('"', "")).unwrap_or_default();
    safe(&format!("{path}: {value}"))
}

/// What a parameter means.
fn about(texts: &Texts, control: &Control, path: &str) -> Option<String> {
    let test = texts.pack.test(&control.text.test)?;
    Some(safe(&parameter(&test.parameters, path)?.about))
}

/// The parameter at a path; of a value that a parameter holds by a name of the control's own, that parameter.
fn parameter<'p>(parameters: &'p [Parameter], path: &str) -> Option<&'p Parameter> {
    let mut parts = path.split('.');
    let name = parts.next()?;
    let own = parameters.iter().find(|parameter| parameter.name == name)?;
    let field = match own.kind {
        ParameterType::Record => parts.next(),
        ParameterType::Records => parts.nth(1),
        _ => None,
    };
    match field {
        Some(field) => own.fields.iter().find(|parameter| parameter.name == field),
        None => Some(own),
    }
}
