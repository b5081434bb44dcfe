//! Functions of expressions: what they take, and what they give.

use std::sync::Arc;

use regex::RegexBuilder;

use super::compiler::{Compiler, Part, common, element, is_ordered};
use super::complaint::Complaint;
use super::node::{Function, Node};
use super::words::{did_you_mean, listed, of_type};
use crate::facts::register::value::{Type, Value};
use crate::text::{Span, safe, shown};

/// Bytes that the program of a regular expression may have.
const MAX_REGEX: usize = 1 << 20;

/// Every function as it is written, with what it gives; a fault about one shows them.
pub const FUNCTIONS: [(&str, &str); 36] = [
    ("has(record.field)", "whether a field is given"),
    ("list.all(x, condition)", "whether a condition holds for every element x"),
    ("list.exists(x, condition)", "whether a condition holds for some element x"),
    ("list.exists_one(x, condition)", "whether a condition holds for exactly one element x"),
    ("list.filter(x, condition)", "the elements for which a condition holds"),
    ("list.map(x, value)", "what is made of each element x"),
    ("list.latest(x, x.at)", "the element of which something is the latest or the most, or nothing"),
    ("list.earliest(x, x.at)", "the element of which something is the earliest or the least, or nothing"),
    ("list.size()", "the number of elements; of a text, of characters"),
    ("list.first()", "the first element, or nothing"),
    ("list.last()", "the last element, or nothing"),
    ("list.min()", "the least element that is given, or nothing"),
    ("list.max()", "the greatest element that is given, or nothing"),
    ("list.sum()", "the sum of the elements that are given"),
    ("list.flatten()", "the elements of all lists in a list"),
    ("list.distinct()", "each element of a list once"),
    ("list.most_within(length)", "the greatest number of times of a list that lie no further apart than a length"),
    ("list.missing_numbers()", "names that are left out of a list of numbered ones: INC-2 of INC-1, INC-3"),
    ("text.contains(part)", "whether a text holds another one"),
    ("text.startsWith(part)", "whether a text begins with another one"),
    ("text.endsWith(part)", "whether a text ends with another one"),
    ("text.matches(\"expression\")", "whether a regular expression is found in a text"),
    ("text.lower()", "the text in small letters"),
    ("text.lowerAscii()", "the text with the letters A to Z in small letters"),
    ("value.orValue(other)", "the value, or the other one where nothing is given"),
    ("length(\"30d\")", "a length of time: min, h, d, bd (business days), w, mo, y"),
    ("days(earlier, later)", "how many days later the second one is"),
    ("hours(earlier, later)", "how many hours later the second one is"),
    ("day(when)", "the day of an instant"),
    ("year(when)", "the year of a day or an instant"),
    ("same_cycle(name, name)", "whether two names are one cycle: 2026-Q1 and Q1 2026"),
    ("employed(person, when)", "whether somebody belonged to the organisation then"),
    ("on_leave(person, when)", "whether somebody was on leave then"),
    ("role_on(person, when)", "the role that somebody held then, or nothing"),
    ("x in list", "whether a value is in a list, or a name among values by name"),
    ("condition ? one : other", "one of two values"),
];

/// Name, whether it stands behind a dot, what it is, and how many parts it takes, with what stands before the dot.
const NAMED: [(&str, bool, Function, usize); 23] = [
    ("size", true, Function::Size, 1),
    ("first", true, Function::First, 1),
    ("last", true, Function::Last, 1),
    ("min", true, Function::Min, 1),
    ("max", true, Function::Max, 1),
    ("sum", true, Function::Sum, 1),
    ("flatten", true, Function::Flatten, 1),
    ("distinct", true, Function::Distinct, 1),
    ("most_within", true, Function::MostWithin, 2),
    ("missing_numbers", true, Function::MissingNumbers, 1),
    ("contains", true, Function::Contains, 2),
    ("startsWith", true, Function::StartsWith, 2),
    ("endsWith", true, Function::EndsWith, 2),
    ("lower", true, Function::Lower, 1),
    ("lowerAscii", true, Function::LowerAscii, 1),
    ("days", false, Function::Days, 2),
    ("hours", false, Function::Hours, 2),
    ("day", false, Function::Day, 1),
    ("year", false, Function::Year, 1),
    ("same_cycle", false, Function::SameCycle, 2),
    ("employed", false, Function::Employed, 2),
    ("on_leave", false, Function::OnLeave, 2),
    ("role_on", false, Function::RoleOn, 2),
];

/// The name of a function as [`FUNCTIONS`] writes it; nothing of an operator.
fn bare(written: &'static str) -> Option<&'static str> {
    written.split_once('(').and_then(|(before, _)| before.rsplit('.').next())
}

/// How a function is written, and what it gives.
fn usage(name: &str) -> Option<String> {
    let found = FUNCTIONS.iter().find(|(written, _)| bare(written) == Some(name));
    found.map(|(written, gives)| format!("{written} is {gives}"))
}

impl Compiler<'_> {
    /// Checks a call. `name_place` is that of the name, `span` that of the whole call.
    pub(super) fn function(
        &self,
        name: &str,
        dotted: bool,
        parts: Vec<Part>,
        name_place: Span,
        span: Span,
    ) -> Result<Part, Complaint> {
        let wrong = |message: String, label: &str| Err(Complaint::new(name_place, message, label).maybe(usage(name)));
        match (name, dotted, parts.len()) {
            ("length", false, 1) => return length(&parts[0], span),
            ("matches", true, 2) => return matches(parts, span),
            ("orValue", true, 2) => return self.or_value(parts, span),
            _ => {}
        }
        let Some((_, method, function, count)) = NAMED.into_iter().find(|(known, ..)| *known == name) else {
            return match usage(name) {
                Some(_) => wrong(format!("{} is not written like this", shown(name)), "see how it is written"),
                None => Err(unknown(name, name_place)),
            };
        };
        if method != dotted && function != Function::Size {
            let label = if method { "it stands behind a value and a dot" } else { "it stands alone" };
            return wrong(format!("{} is not written like this", shown(name)), label);
        }
        if parts.len() != count {
            let label = if parts.len() > count { "this is too much for it" } else { "something is missing" };
            return wrong(format!("{} takes something else in its parentheses", shown(name)), label);
        }
        let kind = result(function, &parts[0], parts.get(1))?;
        let nodes = parts.into_iter().map(|part| part.node).collect();
        Ok(Part::new(Node::Call(function, nodes, self.written(span)), kind, span))
    }

    fn or_value(&self, parts: Vec<Part>, span: Span) -> Result<Part, Complaint> {
        let mut parts = parts.into_iter();
        let (Some(one), Some(two)) = (parts.next(), parts.next()) else {
            return Err(Complaint::new(span, "orValue takes a value", "something is missing"));
        };
        match common(&one.kind, &two.kind) {
            Some(kind) => {
                let node = Node::OrValue(Box::new(one.node), Box::new(two.node), self.written(span));
                Ok(Part::new(node, kind, span))
            }
            None => Err(wants(&two, &of_type(&one.kind))),
        }
    }
}

fn unknown(name: &str, place: Span) -> Complaint {
    let names = || FUNCTIONS.iter().filter_map(|(written, _)| bare(written));
    let label = did_you_mean(name, names(), "no function has this name");
    let message = format!("there is no function {}", shown(name));
    Complaint::new(place, message, &label).help(format!("the functions are: {}", listed(names())))
}

fn length(part: &Part, span: Span) -> Result<Part, Complaint> {
    match &part.node {
        Node::Constant(Value::Text(text)) => match text.parse() {
            Ok(length) => Ok(Part::new(Node::Constant(Value::Length(length)), Type::Length, span)),
            Err(_) => {
                let message = format!("{} is no length of time", shown(text));
                let help = "write 30min, 24h, 30d, 5bd (business days), 2w, 12mo or 1y";
                Err(Complaint::new(part.span, message, "this length").help(help))
            }
        },
        _ => {
            let message = format!("length takes a text in quotes, and this is {}", of_type(&part.kind));
            Err(Complaint::new(part.span, message, "no text in quotes").help("write length(\"30d\")"))
        }
    }
}

fn matches(parts: Vec<Part>, span: Span) -> Result<Part, Complaint> {
    let mut parts = parts.into_iter();
    let (Some(text), Some(pattern)) = (parts.next(), parts.next()) else {
        return Err(Complaint::new(span, "matches takes a regular expression", "something is missing"));
    };
    is(&text, &Type::Text)?;
    let Node::Constant(Value::Text(written)) = &pattern.node else {
        let message = "the regular expression of matches stands in quotes";
        return Err(Complaint::new(pattern.span, message, "this is no text in quotes"));
    };
    match RegexBuilder::new(written).size_limit(MAX_REGEX).dfa_size_limit(MAX_REGEX).nest_limit(32).build() {
        Ok(regex) => Ok(Part::new(Node::Matches(Box::new(text.node), Box::new(regex)), Type::Bool, span)),
        Err(regex::Error::CompiledTooBig(_)) => {
            let message = "this regular expression needs too much memory";
            Err(Complaint::new(pattern.span, message, "write a smaller one"))
        }
        Err(error) => {
            let error = error.to_string();
            let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            Err(Complaint::new(pattern.span, "this is no regular expression", &safe(why)))
        }
    }
}

/// The type of what a function gives, once what it takes was checked.
fn result(function: Function, one: &Part, two: Option<&Part>) -> Result<Type, Complaint> {
    let of_list = || element(&one.kind).cloned().ok_or_else(|| wants(one, "a list"));
    let both = |kind: &Type| {
        is(one, kind)?;
        two.map_or(Ok(()), |two| is(two, kind))
    };
    match function {
        Function::Size => match one.kind {
            Type::List(_) | Type::Text | Type::Choice(_) | Type::Map(_) => Ok(Type::Integer),
            _ => Err(wants(one, "a list or a text")),
        },
        Function::First | Function::Last => of_list(),
        Function::Min | Function::Max => {
            of_list().ok().filter(is_ordered).ok_or_else(|| wants(one, "a list of numbers, texts or times"))
        }
        Function::Sum => match of_list()? {
            of @ (Type::Integer | Type::Number | Type::Null) => Ok(of),
            _ => Err(wants(one, "a list of numbers")),
        },
        Function::Flatten => match of_list()? {
            of @ Type::List(_) => Ok(of),
            _ => Err(wants(one, "a list of lists")),
        },
        Function::Distinct => of_list().map(|of| Type::List(Arc::new(of))),
        Function::MostWithin => {
            is(one, &Type::List(Arc::new(Type::When)))?;
            two.map_or(Ok(()), |two| is(two, &Type::Length)).map(|()| Type::Integer)
        }
        Function::MissingNumbers => match of_list()? {
            Type::Text | Type::Null => Ok(Type::List(Arc::new(Type::Text))),
            _ => Err(wants(one, "a list of texts")),
        },
        Function::Contains | Function::StartsWith | Function::EndsWith => {
            if matches!(one.kind, Type::List(_)) {
                return Err(wants(one, "a text").help("of a list ask: x in list"));
            }
            both(&Type::Text).map(|()| Type::Bool)
        }
        Function::Lower | Function::LowerAscii => is(one, &Type::Text).map(|()| Type::Text),
        Function::Days => both(&Type::When).map(|()| Type::Integer),
        Function::Hours => both(&Type::When).map(|()| Type::Number),
        Function::Day => is(one, &Type::When).map(|()| Type::When),
        Function::Year => is(one, &Type::When).map(|()| Type::Integer),
        Function::SameCycle => both(&Type::Text).map(|()| Type::Bool),
        Function::Employed | Function::OnLeave | Function::RoleOn => {
            let of_people = matches!(&one.kind, Type::Record(shape) if shape.name == "people");
            if !of_people {
                is(one, &Type::Person)?;
            }
            two.map_or(Ok(()), |two| is(two, &Type::When))?;
            Ok(if function == Function::RoleOn { Type::Text } else { Type::Bool })
        }
    }
}

/// Whether a part has a type.
fn is(part: &Part, kind: &Type) -> Result<(), Complaint> {
    let text = matches!((kind, &part.kind), (Type::Text, Type::Choice(_)));
    if text || part.kind == *kind || part.kind == Type::Null { Ok(()) } else { Err(wants(part, &of_type(kind))) }
}

fn wants(part: &Part, what: &str) -> Complaint {
    let message = format!("{what} is expected here, and this is {}", of_type(&part.kind));
    Complaint::new(part.span, message, &format!("this is not {what}"))
}
