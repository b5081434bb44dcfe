//! Expressions of tests: CEL (Common Expression Language) over typed records.
//!
//! The text is read by the parser of the `cel` crate. Types are checked before anything is evaluated, and evaluation
//! knows three answers: yes, no, and that something is not recorded. An expression never says no because a cell is
//! empty.

mod budget;
mod call;
mod compile;
mod compiler;
mod complaint;
mod each;
mod evaluate;
mod functions;
mod lists;
mod macros;
mod mark;
mod nesting;
mod node;
mod operators;
mod order;
mod parse;
mod place;
mod template;
mod tokens;
mod words;

use std::sync::Arc;

use crate::error::Fault;
use crate::facts::calendar::Calendar;
use crate::facts::register::files::Files;
use crate::facts::register::people::People;
use crate::facts::register::value::{Shape, Type, Value};
use crate::text::{SourceText, Span};

pub use budget::{Budget, MAX_TEST_STEPS};
pub use functions::FUNCTIONS;
pub use template::{Template, render_value};
pub(super) use words::nearest;

use compiler::Part;
use node::Node;
use place::Text;

/// Bytes that an expression may have.
pub const MAX_BYTES: usize = 4096;
/// Brackets and choices that may stand inside each other.
pub const MAX_DEPTH: usize = 64;
/// Brackets, operators and dots that may stand one above the other in the tree of an expression.
pub const MAX_LINKS: usize = 128;
/// Steps that one evaluation may take: about as many as some millions of elements of a list cost.
pub const MAX_STEPS: u32 = 20_000_000;

/// Names that an expression may use, each with its slot.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    names: Vec<(String, Type)>,
    people: Option<Arc<Shape>>,
}

impl Scope {
    /// The scope with one more name, whose value stands in the next slot.
    #[must_use]
    pub fn with(mut self, name: &str, kind: Type) -> Self {
        self.names.push((name.to_owned(), kind));
        self
    }

    /// The scope with the fields of the register of people, which are then fields of every person.
    #[must_use]
    pub fn with_people(mut self, shape: Arc<Shape>) -> Self {
        self.people = Some(shape);
        self
    }

    /// The slot of a name.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|(known, _)| known == name)
    }

    /// What stands in a slot.
    #[must_use]
    pub fn kind(&self, slot: usize) -> Option<&Type> {
        self.names.get(slot).map(|(_, kind)| kind)
    }
}

/// What evaluation needs beside the slots.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Period, time zone, as-of, and business days.
    pub calendar: &'a Calendar,
    /// Everybody.
    pub people: &'a People,
    /// The files that records name.
    pub files: &'a Files,
    /// Steps that are left for the test.
    pub budget: &'a Budget,
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// Something is not recorded, or cannot be told from what is.
    Unknown(String),
    /// It could not be worked out: too many steps, a number too large.
    Failed(String),
}

/// A checked expression.
#[derive(Debug)]
pub struct Expression {
    node: Node,
    kind: Type,
}

impl Expression {
    /// Reads and checks an expression that stands at a place of a text. The file may write the text in quotes or in
    /// several lines; where it writes it with other escapes, every fault has the whole place.
    ///
    /// # Errors
    /// What is wrong with it, at the characters where that can be told.
    pub fn compile(text: &str, source: &Arc<SourceText>, place: Span, scope: &Scope) -> Result<Self, Fault> {
        Self::of(Text::new(text, source, place), scope)
    }

    /// Reads and checks an expression that must be a condition.
    ///
    /// # Errors
    /// As [`Expression::compile`]; also if it has another type.
    pub fn compile_condition(text: &str, source: &Arc<SourceText>, place: Span, scope: &Scope) -> Result<Self, Fault> {
        let text = Text::new(text, source, place);
        let condition = compile::compile(text.text, scope).and_then(Part::condition);
        condition.map(|node| Self { node, kind: Type::Bool }).map_err(|complaint| text.fault(complaint))
    }

    fn of(text: Text<'_>, scope: &Scope) -> Result<Self, Fault> {
        match compile::compile(text.text, scope) {
            Ok(part) => Ok(Self { node: part.node, kind: part.kind }),
            Err(complaint) => Err(text.fault(complaint)),
        }
    }

    /// The type of its value.
    #[must_use]
    pub const fn kind(&self) -> &Type {
        &self.kind
    }

    /// Whether a condition holds, with a value in every slot of its scope.
    ///
    /// # Errors
    /// Why that cannot be told; a flag that is not given is neither.
    pub fn holds(&self, slots: &[Value], context: &Context<'_>) -> Result<bool, Undecided> {
        evaluate::holds(&self.node, slots, context)
    }

    /// Its value, which must not be nothing.
    ///
    /// # Errors
    /// Why there is no value; also that nothing is given.
    pub fn given(&self, slots: &[Value], context: &Context<'_>) -> Result<Value, Undecided> {
        evaluate::given(&self.node, slots, context)
    }

    /// Its value, with a value in every slot of its scope. A field that holds nothing has the value nothing.
    ///
    /// # Errors
    /// Why there is no value.
    pub fn evaluate(&self, slots: &[Value], context: &Context<'_>) -> Result<Value, Undecided> {
        evaluate::evaluate(&self.node, slots, context)
    }
}
