//! What the checks of all parts of an expression share.

use std::sync::Arc;

use super::Scope;
use super::complaint::Complaint;
use super::node::{Node, Written};
use super::parse::Parsed;
use super::words::of_type;
use crate::facts::register::value::Type;
use crate::text::{Span, short};

/// A checked part of an expression: its tree, its type, and where all of it stands.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) node: Node,
    pub(super) kind: Type,
    pub(super) span: Span,
    /// The places of the elements, if the list is written out.
    pub(super) elements: Vec<Span>,
}

impl Part {
    pub(super) const fn new(node: Node, kind: Type, span: Span) -> Self {
        Self { node, kind, span, elements: Vec::new() }
    }

    /// The part if it is a condition.
    pub(super) fn condition(self) -> Result<Node, Complaint> {
        if self.kind == Type::Bool {
            return Ok(self.node);
        }
        let message = format!("a condition is expected here, and this is {}", of_type(&self.kind));
        Err(Complaint::new(self.span, message, "this is neither true nor false").help(match self.kind {
            Type::List(_) => "ask its elements: list.exists(x, …), list.all(x, …)",
            Type::Text | Type::Choice(_) | Type::Integer | Type::Number => "compare it with something: … == …",
            _ => "ask whether it is given: … != null",
        }))
    }
}

pub(super) struct Compiler<'a> {
    pub(super) text: &'a str,
    pub(super) parsed: &'a Parsed<'a>,
    pub(super) scope: &'a Scope,
    /// Names that macros give to elements, innermost last.
    pub(super) locals: Vec<(String, Type)>,
}

impl Compiler<'_> {
    pub(super) const fn all(&self) -> Span {
        Span::new(0, self.text.len())
    }

    /// Where a token stands.
    pub(super) fn token(&self, at: usize) -> Span {
        self.parsed.tokens.get(at).map_or(self.all(), |token| token.span)
    }

    /// The brackets that begin with a token.
    pub(super) fn brackets(&self, open: usize) -> Span {
        let pair = self.parsed.tokens.get(open).map_or(open, |token| token.pair);
        self.token(open).to(self.token(pair))
    }

    /// A part as it is written, for messages.
    pub(super) fn written(&self, span: Span) -> Written {
        short(self.parsed.tokens.written(span)).into()
    }
}

/// The type of the elements of a list.
pub(super) fn element(kind: &Type) -> Option<&Type> {
    match kind {
        Type::List(of) => Some(of),
        _ => None,
    }
}

/// The type that has the values of two types, if there is one.
pub(super) fn common(one: &Type, two: &Type) -> Option<Type> {
    match (one, two) {
        (Type::Null, kind) | (kind, Type::Null) => Some(kind.clone()),
        (Type::Text | Type::Choice(_), Type::Text | Type::Choice(_)) if one != two => Some(Type::Text),
        (Type::Integer, Type::Number) | (Type::Number, Type::Integer) => Some(Type::Number),
        (Type::List(one), Type::List(two)) => common(one, two).map(|kind| Type::List(Arc::new(kind))),
        _ => (one == two).then(|| one.clone()),
    }
}

/// Whether one value of a type is more than another. The values of a choice have no order: `high` is not less than
/// `low` because it stands before it in the dictionary.
pub(super) const fn is_ordered(kind: &Type) -> bool {
    matches!(kind, Type::Integer | Type::Number | Type::Text | Type::When | Type::Length | Type::Null)
}
