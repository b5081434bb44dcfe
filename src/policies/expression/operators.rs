//! Operators, checked.

use cel::common::ast::operators as op;

use super::compiler::{Compiler, Part, common, is_ordered};
use super::complaint::Complaint;
use super::node::{Comparison, Node, Operation};
use super::words::{did_you_mean, instead, listed, of_type};
use crate::facts::register::value::{Type, Value};
use crate::text::{Span, shown};

/// A checked operator, or its parts if the name is that of no operator.
type Checked = Result<Result<Part, Vec<Part>>, Complaint>;

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        op::EQUALS => Comparison::Equal,
        op::NOT_EQUALS => Comparison::Different,
        op::LESS => Comparison::Less,
        op::LESS_EQUALS => Comparison::AtMost,
        op::GREATER => Comparison::Greater,
        op::GREATER_EQUALS => Comparison::AtLeast,
        _ => return None,
    })
}

fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        op::ADD => Operation::Add,
        op::SUBSTRACT => Operation::Subtract,
        op::MULTIPLY => Operation::Multiply,
        op::DIVIDE => Operation::Divide,
        op::MODULO => Operation::Remainder,
        _ => return None,
    })
}

impl Compiler<'_> {
    pub(super) fn operator(&self, name: &str, parts: Vec<Part>, token: usize) -> Checked {
        let place = self.token(token);
        let mut parts = parts.into_iter();
        let part = match (name, parts.next(), parts.next(), parts.next()) {
            (op::LOGICAL_NOT, Some(one), None, None) => {
                let span = place.to(one.span);
                Part::new(Node::Not(Box::new(one.condition()?)), Type::Bool, span)
            }
            (op::NEGATE, Some(one), None, None) => negated(one, place)?,
            (op::LOGICAL_AND | op::LOGICAL_OR, Some(one), Some(two), None) => {
                let span = one.span.to(two.span);
                let (one, two) = (Box::new(one.condition()?), Box::new(two.condition()?));
                let node = if name == op::LOGICAL_AND { Node::And(one, two) } else { Node::Or(one, two) };
                Part::new(node, Type::Bool, span)
            }
            (op::CONDITIONAL, Some(asked), Some(then), Some(other)) => choice(asked, then, other)?,
            (op::IN, Some(item), Some(list), None) => within(item, list)?,
            (op::INDEX, Some(list), Some(at), None) => self.index(list, at, token)?,
            (_, Some(one), Some(two), None) if comparison(name).is_some() => {
                compare(comparison(name).unwrap_or(Comparison::Equal), one, two, place)?
            }
            (_, Some(one), Some(two), None) if operation(name).is_some() => {
                arithmetic(operation(name).unwrap_or(Operation::Add), one, two, place)?
            }
            (_, one, two, three) => {
                return Ok(Err([one, two, three].into_iter().flatten().chain(parts).collect()));
            }
        };
        Ok(Ok(part))
    }

    fn index(&self, list: Part, at: Part, token: usize) -> Result<Part, Complaint> {
        let span = list.span.to(self.brackets(token));
        let kind = match (&list.kind, &at.kind) {
            (Type::List(of), Type::Integer) | (Type::Map(of), Type::Text | Type::Choice(_)) => Type::clone(of),
            (Type::List(_), other) => {
                let message = format!("an element is named by its number, and this is {}", of_type(other));
                return Err(Complaint::new(at.span, message, "no number").help("the first one is list[0]"));
            }
            (Type::Map(_), other) => {
                let message = format!("a value is named by a text, and this is {}", of_type(other));
                return Err(Complaint::new(at.span, message, "no text"));
            }
            (kind, _) => {
                let message = format!("{} has no elements", of_type(kind));
                return Err(Complaint::new(list.span, message, "this is no list"));
            }
        };
        let written = self.written(span);
        Ok(Part::new(Node::Index(Box::new(list.node), Box::new(at.node), written), kind, span))
    }
}

fn negated(one: Part, place: Span) -> Result<Part, Complaint> {
    if !matches!(one.kind, Type::Integer | Type::Number) {
        let message = format!("`-` takes a number, and this is {}", of_type(&one.kind));
        let help = (one.kind == Type::Bool).then(|| "a condition is turned round by `!`".to_owned());
        return Err(Complaint::new(one.span, message, "no number").maybe(help));
    }
    let (span, kind) = (place.to(one.span), one.kind.clone());
    let zero = Box::new(Node::Constant(Value::Integer(0)));
    Ok(Part::new(Node::Arithmetic(Operation::Subtract, zero, Box::new(one.node)), kind, span))
}

fn choice(asked: Part, then: Part, other: Part) -> Result<Part, Complaint> {
    let span = asked.span.to(other.span);
    let asked = Box::new(asked.condition()?);
    let Some(kind) = common(&then.kind, &other.kind) else {
        let message =
            format!("one side of this choice is {}, and the other {}", of_type(&then.kind), of_type(&other.kind));
        return Err(Complaint::new(other.span, message, "both sides have one type"));
    };
    Ok(Part::new(Node::If(asked, Box::new(then.node), Box::new(other.node)), kind, span))
}

fn compare(comparison: Comparison, one: Part, two: Part, place: Span) -> Result<Part, Complaint> {
    let span = one.span.to(two.span);
    let equality = matches!(comparison, Comparison::Equal | Comparison::Different);
    let node = match (&one.kind, &two.kind) {
        (Type::Null, _) | (_, Type::Null) if equality => {
            let given = if one.kind == Type::Null { two } else { one };
            Node::Given(Box::new(given.node), comparison == Comparison::Different)
        }
        (a, b) if common(a, b).is_none() => {
            let message = format!("{} is compared with {}", of_type(a), of_type(b));
            let label = if equality { "these are never equal" } else { "neither of these is more" };
            return Err(Complaint::new(place, message, label).maybe(instead(a, b).map(str::to_owned)));
        }
        (Type::Null, _) | (_, Type::Null) => {
            let message = "nothing is neither more nor less than anything";
            let help = "ask whether something is given: x != null";
            return Err(Complaint::new(place, message, "this asks which one is more").help(help));
        }
        (kind @ Type::Choice(values), _) | (_, kind @ Type::Choice(values)) if !equality => {
            let message = format!("{} that is one of some is neither more nor less than another", of_type(kind));
            let help =
                format!("write `in [\"…\", \"…\"]`; the values are: {}", listed(values.iter().map(String::as_str)));
            return Err(Complaint::new(place, message, "this asks which one is more").help(help));
        }
        (kind, _) if !equality && !is_ordered(kind) => {
            let message = format!("{} is neither more nor less than another one", of_type(kind));
            return Err(Complaint::new(place, message, "this asks which one is more"));
        }
        _ => {
            known_choice(&one.kind, &two.node, two.span)?;
            known_choice(&two.kind, &one.node, one.span)?;
            lengths(&one, &two, place)?;
            Node::Compare(comparison, Box::new(one.node), Box::new(two.node))
        }
    };
    Ok(Part::new(node, Type::Bool, span))
}

/// A word that a choice does not have is never equal to it.
fn known_choice(choice: &Type, word: &Node, place: Span) -> Result<(), Complaint> {
    let (Type::Choice(values), Node::Constant(Value::Text(text))) = (choice, word) else { return Ok(()) };
    if values.iter().any(|value| **value == **text) {
        return Ok(());
    }
    let names = || values.iter().map(String::as_str);
    let label = did_you_mean(text, names(), "it never has this value");
    let message = format!("{} is none of the values", shown(text));
    Err(Complaint::new(place, message, &label).help(format!("the values are: {}", listed(names()))))
}

/// Of two lengths that are written out, which one is longer is known now or never.
fn lengths(one: &Part, two: &Part, place: Span) -> Result<(), Complaint> {
    let (Node::Constant(Value::Length(a)), Node::Constant(Value::Length(b))) = (&one.node, &two.node) else {
        return Ok(());
    };
    match a.compare(*b) {
        Some(_) => Ok(()),
        None => {
            let message = format!("which of {a} and {b} is longer depends on the calendar");
            let help = "add each to a time, and compare the times";
            Err(Complaint::new(place, message, "these cannot be compared").help(help))
        }
    }
}

fn within(item: Part, list: Part) -> Result<Part, Complaint> {
    let of = match &list.kind {
        Type::List(of) => Type::clone(of),
        Type::Map(_) => Type::Text,
        other => {
            let message = format!("a list is expected behind `in`, and this is {}", of_type(other));
            let help = matches!(other, Type::Text | Type::Choice(_)).then(|| "write text.contains(part)".to_owned());
            return Err(Complaint::new(list.span, message, "this is no list").maybe(help));
        }
    };
    if common(&item.kind, &of).is_none() {
        let message = format!("{} is looked for in {}", of_type(&item.kind), of_type(&list.kind));
        let help = match (&item.kind, &of) {
            (Type::List(_), _) => Some("ask its elements: list.exists(x, x in other)"),
            (Type::Person, Type::Text | Type::Choice(_)) => Some("look for a field of the person: person.role in […]"),
            (a, b) => instead(a, b),
        };
        return Err(Complaint::new(item.span, message, "it is never found there").maybe(help.map(str::to_owned)));
    }
    if let Node::List(words) = &list.node {
        for (word, place) in words.iter().zip(&list.elements) {
            known_choice(&item.kind, word, *place)?;
        }
    }
    if let Type::List(of) = &list.kind {
        known_choice(of, &item.node, item.span)?;
    }
    let span = item.span.to(list.span);
    Ok(Part::new(Node::In(Box::new(item.node), Box::new(list.node)), Type::Bool, span))
}

fn arithmetic(operation: Operation, one: Part, two: Part, place: Span) -> Result<Part, Complaint> {
    let span = one.span.to(two.span);
    let sum = matches!(operation, Operation::Add | Operation::Subtract);
    let kind = match (&one.kind, &two.kind) {
        (Type::Integer, Type::Integer) => Type::Integer,
        (Type::Integer | Type::Number, Type::Integer | Type::Number) if operation != Operation::Remainder => {
            Type::Number
        }
        (Type::Text | Type::Choice(_), Type::Text | Type::Choice(_)) if operation == Operation::Add => Type::Text,
        (Type::When, Type::Length) if sum => Type::When,
        (Type::List(_), Type::List(_)) if operation == Operation::Add => {
            common(&one.kind, &two.kind).ok_or_else(|| {
                let message = format!("{} is joined with {}", of_type(&one.kind), of_type(&two.kind));
                Complaint::new(two.span, message, "the elements of a list have one type")
            })?
        }
        (a, b) => {
            let message = format!("{} and {} cannot be put together like this", of_type(a), of_type(b));
            let help = match (a, b) {
                (Type::When, Type::When) => {
                    Some("days(earlier, later) counts the days, hours(earlier, later) the hours")
                }
                (Type::When, Type::Integer | Type::Number) => Some("write what is added as a length: length(\"30d\")"),
                (Type::When, Type::Text) => Some("write the length as length(\"30d\")"),
                (Type::Length, Type::When) if sum => Some("the time stands first: when + length"),
                (Type::Text | Type::Choice(_), _) | (_, Type::Text | Type::Choice(_)) if sum => {
                    Some("a sentence takes a value in braces: {value}")
                }
                _ => None,
            };
            return Err(Complaint::new(place, message, "this operator").maybe(help.map(str::to_owned)));
        }
    };
    Ok(Part::new(Node::Arithmetic(operation, Box::new(one.node), Box::new(two.node)), kind, span))
}
