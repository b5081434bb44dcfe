//! Sentences with expressions in braces, and values as people read them.

use std::sync::Arc;

use super::complaint::Complaint;
use super::place::Text;
use super::{Context, Expression, Scope, Undecided};
use crate::error::Fault;
use crate::facts::register::value::{Type, Value};
use crate::text::{SourceText, Span, safe};

/// Elements of a list that are named; of the others only the number is.
const NAMED: usize = 5;
/// Characters of one text that a sentence takes; nobody reads on, and an expression can make a text of megabytes.
const LONGEST: usize = 4_000;

/// A text with expressions in braces: `{account.account_id} was used on {account.last_login_at}`. Two braces stand for
/// one.
#[derive(Debug)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Expression(Expression),
}

impl Template {
    /// Reads and checks a text.
    ///
    /// # Errors
    /// What is wrong with one of its expressions, or with its braces.
    pub fn compile(text: &str, source: &Arc<SourceText>, place: Span, scope: &Scope) -> Result<Self, Fault> {
        let all = Text::new(text, source, place);
        let (mut parts, mut plain, mut at) = (Vec::new(), String::new(), 0);
        while let Some(brace) = text[at..].find(['{', '}']).map(|found| at + found) {
            plain.push_str(&text[at..brace]);
            let written = &text[brace..=brace];
            at = brace + 1;
            if text[at..].starts_with(written) {
                plain.push_str(written);
                at += 1;
                continue;
            }
            let end = closing(&text[at..]).filter(|_| written == "{").map(|end| at + end);
            let Some(end) = end else {
                let label = if written == "{" { "never closed" } else { "never opened" };
                let complaint = Complaint::new(Span::new(brace, at), "a brace in a sentence has no other one", label);
                return Err(all.fault(complaint.help("write a brace twice if it is meant as one: {{ or }}")));
            };
            let inside = Span::new(at, end);
            at = end + 1;
            if text[inside.start..inside.end].trim().is_empty() {
                let braces = Span::new(brace, at);
                return Err(all.fault(Complaint::new(
                    braces,
                    "an expression is expected in braces",
                    "nothing is in it",
                )));
            }
            parts.push(Part::Text(safe(&std::mem::take(&mut plain))));
            parts.push(Part::Expression(Expression::of(all.within(inside), scope)?));
        }
        plain.push_str(&text[at..]);
        parts.push(Part::Text(safe(&plain)));
        Ok(Self { parts })
    }

    /// The text with the values of its expressions.
    #[must_use]
    pub fn render(&self, slots: &[Value], context: &Context<'_>) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Expression(expression) => match expression.evaluate(slots, context) {
                Ok(value) => render_value(&value, context),
                Err(Undecided::Unknown(_)) => NOT_GIVEN.to_owned(),
                Err(Undecided::Failed(_)) => "(cannot be worked out)".to_owned(),
            },
        };
        self.parts.iter().map(part).collect()
    }
}

/// The brace that ends an expression: the first one outside quotes, or the first one at all where quotes do not end.
fn closing(text: &str) -> Option<usize> {
    let mut quote: Option<char> = None;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (None, '}') => return Some(at),
            (None, '"' | '\'') => quote = Some(character),
            (Some(_), '\\') => drop(characters.next()),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    text.find('}')
}

const NOT_GIVEN: &str = "(not given)";

/// A value as people read it. Untrusted text is made safe to show.
#[must_use]
pub fn render_value(value: &Value, context: &Context<'_>) -> String {
    match value {
        Value::Null => NOT_GIVEN.to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => decimal(*number),
        Value::Text(text) => match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}… ({} more characters)", safe(&text[..end]), text[end..].chars().count()),
            None => safe(text),
        },
        Value::File(path) => safe(path),
        Value::Person(person) => {
            let record = person.known.and_then(|known| context.people.record(known));
            let name = record.and_then(|record| match record.get("name") {
                Value::Text(name) => Some(safe(name)),
                _ => None,
            });
            name.unwrap_or_else(|| safe(&person.written))
        }
        Value::When(when) if when.exact => {
            let at = when.at.to_zoned_datetime(context.calendar.zone.clone());
            // A deadline may be missed by a second, and then the second is what there is to see.
            at.strftime(if at.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
        }
        Value::When(when) => when.day.to_string(),
        Value::Length(length) => length.to_string(),
        Value::List(items) => {
            enumerated(items.len(), items.iter().take(NAMED).map(|item| render_value(item, context)).collect())
        }
        Value::Record(record) => {
            let texts = || {
                record.shape.fields.iter().enumerate().filter_map(|(at, field)| match (&field.kind, record.at(at)) {
                    (Type::Text | Type::Choice(_) | Type::Person | Type::File, value) if *value != Value::Null => {
                        Some((field, value))
                    }
                    _ => None,
                })
            };
            let named = texts().find(|(field, _)| field.name == "id" || field.name.ends_with("_id"));
            let name = named.or_else(|| texts().next()).map(|(_, value)| render_value(value, context));
            name.unwrap_or_else(|| record.shape.name.clone())
        }
        Value::Map(map) => {
            let entry = |(name, value): (&String, &Value)| format!("{}: {}", safe(name), render_value(value, context));
            enumerated(map.len(), map.iter().take(NAMED).map(entry).collect())
        }
    }
}

/// Some of so many: `a, b and c`, or `a, b, c, d, e and 3 more`.
fn enumerated(count: usize, named: Vec<String>) -> String {
    match (count.saturating_sub(NAMED), named.as_slice()) {
        (0, []) => "none".to_owned(),
        (0, [one]) => one.clone(),
        (0, [first @ .., last]) => format!("{} and {last}", first.join(", ")),
        (more, named) => format!("{} and {more} more", named.join(", ")),
    }
}

/// A number with no more than four digits behind the point.
fn decimal(number: f64) -> String {
    let rounded = format!("{number:.4}");
    rounded.trim_end_matches('0').trim_end_matches('.').to_owned()
}
