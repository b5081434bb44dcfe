//! The value of a checked expression.
//!
//! Values are lent, not copied: a field of a record costs a look at its position. An answer is a value, or why there
//! is none; what is not recorded goes up through every operator, except where the other side decides alone.

use std::borrow::Cow;
use std::cell::Cell;

use super::node::{Comparison, MacroKind, Node, Operation};
use super::{Context, MAX_STEPS, Undecided};
use crate::facts::register::value::{PersonRef, Record, Value};
use crate::text::shown;

/// A value, lent where it stands somewhere already.
pub(super) type Held<'v> = Cow<'v, Value>;

/// A value, or why there is none.
pub(super) type Answer<'v> = Result<Held<'v>, Why>;

/// The elements that macros are at, outermost first.
pub(super) type Locals<'v> = Vec<Held<'v>>;

/// Why there is no value.
#[derive(Debug)]
pub(super) enum Why {
    /// Something is not recorded.
    Unknown(String),
    /// It cannot be worked out; the other side of an operator may still decide.
    Failed(String),
    /// No steps are left, so that nothing can decide any more.
    Exhausted,
}

impl From<Why> for Undecided {
    fn from(why: Why) -> Self {
        match why {
            Why::Unknown(what) => Self::Unknown(what),
            Why::Failed(what) => Self::Failed(what),
            Why::Exhausted => Self::Failed(format!("it takes more than {MAX_STEPS} steps")),
        }
    }
}

impl Why {
    /// What is said of two parts of which neither has a value and neither decides: what could be recorded comes before
    /// what cannot be worked out.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Exhausted, _) | (_, Self::Exhausted) => Self::Exhausted,
            (Self::Failed(_), other @ Self::Unknown(_)) => other,
            (one, _) => one,
        }
    }
}

/// One more doubt. The loop that asks goes on, for another element may decide, unless no steps are left.
pub(super) fn doubted(doubt: Option<Why>, why: Why) -> Result<Option<Why>, Why> {
    match (doubt, why) {
        (_, Why::Exhausted) => Err(Why::Exhausted),
        (Some(doubt), why) => Ok(Some(doubt.or(why))),
        (None, why) => Ok(Some(why)),
    }
}

pub(super) fn unknown<T>(what: impl Into<String>) -> Result<T, Why> {
    Err(Why::Unknown(what.into()))
}

pub(super) fn failed<T>(what: impl Into<String>) -> Result<T, Why> {
    Err(Why::Failed(what.into()))
}

/// Steps that an element of a new list costs, so that no evaluation fills the memory.
pub(super) const COPY: usize = 8;

static NOTHING: Value = Value::Null;

/// What is known while an expression is evaluated.
pub(super) struct Frame<'v> {
    slots: &'v [Value],
    pub(super) context: &'v Context<'v>,
    steps: Cell<u32>,
}

pub(super) fn evaluate(node: &Node, slots: &[Value], context: &Context<'_>) -> Result<Value, Undecided> {
    framed(slots, context, |frame| frame.value(node, &mut Vec::new()).map(Cow::into_owned))
}

pub(super) fn given(node: &Node, slots: &[Value], context: &Context<'_>) -> Result<Value, Undecided> {
    framed(slots, context, |frame| frame.given(node, &mut Vec::new()).map(Cow::into_owned))
}

pub(super) fn holds(node: &Node, slots: &[Value], context: &Context<'_>) -> Result<bool, Undecided> {
    framed(slots, context, |frame| frame.truth(node, &mut Vec::new()))
}

/// Evaluates with the steps of one evaluation, and takes them from those of the test.
fn framed<'v, T>(
    slots: &'v [Value],
    context: &'v Context<'v>,
    evaluate: impl FnOnce(&Frame<'v>) -> Result<T, Why>,
) -> Result<T, Undecided> {
    if context.budget.is_spent() {
        return Err(Undecided::Failed(context.budget.why()));
    }
    let frame = Frame { slots, context, steps: Cell::new(MAX_STEPS) };
    let value = evaluate(&frame);
    context.budget.evaluated(MAX_STEPS - frame.steps.get());
    value.map_err(Undecided::from)
}

impl<'v> Frame<'v> {
    /// Takes steps, so many that the time of one is about the same everywhere.
    pub(super) fn spend(&self, steps: usize) -> Result<(), Why> {
        let left = u32::try_from(steps).ok().and_then(|steps| self.steps.get().checked_sub(steps));
        self.steps.set(left.unwrap_or(0));
        if left.is_some() { Ok(()) } else { Err(Why::Exhausted) }
    }

    pub(super) fn value(&self, node: &'v Node, locals: &mut Locals<'v>) -> Answer<'v> {
        self.spend(1)?;
        match node {
            Node::Constant(value) => Ok(Cow::Borrowed(value)),
            Node::Slot(at, _) => Ok(Cow::Borrowed(self.slots.get(*at).unwrap_or(&NOTHING))),
            Node::Local(at, _) => Ok(locals.get(*at).cloned().unwrap_or(Cow::Borrowed(&NOTHING))),
            Node::Field(of, at, _) => Ok(match self.value(of, locals)? {
                Cow::Borrowed(Value::Record(record)) => Cow::Borrowed(record.at(*at)),
                Cow::Owned(Value::Record(record)) => Cow::Owned(record.at(*at).clone()),
                _ => Cow::Borrowed(&NOTHING),
            }),
            Node::PersonField(of, at, _) => match &*self.value(of, locals)? {
                Value::Person(person) => Ok(Cow::Borrowed(self.record(person)?.at(*at))),
                _ => Ok(Cow::Borrowed(&NOTHING)),
            },
            Node::FileField(of, at, _) => match &*self.value(of, locals)? {
                Value::File(path) => Ok(Cow::Borrowed(self.file(path)?.at(*at))),
                _ => Ok(Cow::Borrowed(&NOTHING)),
            },
            Node::Index(list, at, _) => self.index(list, at, locals),
            Node::If(asked, then, other) => {
                let chosen = if self.truth(asked, locals)? { then } else { other };
                self.value(chosen, locals)
            }
            Node::Arithmetic(operation, one, two) => {
                let (a, b) = (self.given(one, locals)?, self.given(two, locals)?);
                self.arithmetic(*operation, &a, &b).map(Cow::Owned)
            }
            Node::List(nodes) => {
                self.spend(nodes.len() * COPY)?;
                let mut values = Vec::with_capacity(nodes.len());
                for node in nodes {
                    values.push(self.value(node, locals)?.into_owned());
                }
                Ok(Cow::Owned(Value::List(values.into())))
            }
            Node::Macro(of, _) => match of.kind {
                MacroKind::All | MacroKind::Exists | MacroKind::ExistsOne => self.yes(self.ask(of, locals)),
                MacroKind::Filter | MacroKind::Map => self.collect(of, locals),
                MacroKind::Latest | MacroKind::Earliest => self.best(of, locals),
            },
            Node::OrValue(one, two, _) => match self.value(one, locals)? {
                value if *value == Value::Null => self.value(two, locals),
                value => Ok(value),
            },
            Node::Call(function, nodes, _) => self.call(*function, nodes, locals),
            Node::Not(_)
            | Node::And(..)
            | Node::Or(..)
            | Node::Given(..)
            | Node::Compare(..)
            | Node::In(..)
            | Node::Matches(..) => self.yes(self.truth(node, locals)),
        }
    }

    #[allow(clippy::unused_self, reason = "reads like the others where it is used")]
    fn yes(&self, truth: Result<bool, Why>) -> Answer<'v> {
        truth.map(|truth| Cow::Owned(Value::Bool(truth)))
    }

    /// The value of a condition.
    pub(super) fn truth(&self, node: &'v Node, locals: &mut Locals<'v>) -> Result<bool, Why> {
        match node {
            Node::Not(one) => self.truth(one, locals).map(|truth| !truth),
            Node::And(one, two) => self.both(one, two, false, locals),
            Node::Or(one, two) => self.both(one, two, true, locals),
            Node::Given(one, wanted) => Ok((*self.value(one, locals)? != Value::Null) == *wanted),
            Node::Compare(comparison, one, two) => {
                let (a, b) = (self.given(one, locals)?, self.given(two, locals)?);
                self.compare(*comparison, &a, &b)
            }
            Node::In(item, list) => self.within(item, list, locals),
            Node::Matches(text, regex) => match &*self.given(text, locals)? {
                Value::Text(text) => {
                    self.spend(text.len())?;
                    Ok(regex.is_match(text))
                }
                _ => self.not_given(node, locals),
            },
            other => match &*self.value(other, locals)? {
                Value::Bool(truth) => Ok(*truth),
                _ => self.not_given(other, locals),
            },
        }
    }

    /// A value that must not be nothing.
    pub(super) fn given(&self, node: &'v Node, locals: &mut Locals<'v>) -> Answer<'v> {
        let value = self.value(node, locals)?;
        if *value == Value::Null { self.not_given(node, locals) } else { Ok(value) }
    }

    /// That a value is nothing, in words: the first part of what is written that is not there.
    pub(super) fn not_given<T>(&self, node: &'v Node, locals: &mut Locals<'v>) -> Result<T, Why> {
        let mut node = node;
        loop {
            node = match node {
                Node::If(asked, then, other) => {
                    if self.truth(asked, locals)? {
                        then
                    } else {
                        other
                    }
                }
                Node::Field(of, ..) | Node::PersonField(of, ..) | Node::FileField(of, ..) | Node::Index(of, ..)
                    if *self.value(of, locals)? == Value::Null =>
                {
                    of
                }
                _ => break,
            }
        }
        unknown(match node.written() {
            Some(written) => format!("{written} is not given"),
            None => "something that it needs is not given".to_owned(),
        })
    }

    /// `&&` and `||`: one side that decides is enough, whatever is not known of the other.
    fn both(&self, one: &'v Node, two: &'v Node, decides: bool, locals: &mut Locals<'v>) -> Result<bool, Why> {
        self.spend(1)?;
        match self.truth(one, locals) {
            Ok(truth) if truth == decides => Ok(decides),
            Ok(_) => self.truth(two, locals),
            Err(Why::Exhausted) => Err(Why::Exhausted),
            Err(why) => match self.truth(two, locals) {
                Ok(truth) if truth == decides => Ok(decides),
                Ok(_) => Err(why),
                Err(other) => Err(why.or(other)),
            },
        }
    }

    fn index(&self, list: &'v Node, at: &'v Node, locals: &mut Locals<'v>) -> Answer<'v> {
        let (list, at) = (self.given(list, locals)?, self.given(at, locals)?);
        let value = match (&*list, &*at) {
            (Value::Map(map), Value::Text(key)) => map.get(&**key).unwrap_or(&NOTHING),
            (Value::List(items), Value::Integer(at)) => match usize::try_from(*at).ok().and_then(|at| items.get(at)) {
                Some(item) => item,
                None => return failed(format!("a list of {} has no element {at}, counted from 0", items.len())),
            },
            _ => &NOTHING,
        };
        Ok(Cow::Owned(value.clone()))
    }

    /// Whether a value is in a list; where something is not given in the list, that it is not there cannot be told.
    fn within(&self, item: &'v Node, list: &'v Node, locals: &mut Locals<'v>) -> Result<bool, Why> {
        if let Node::List(nodes) = list {
            return self.within_written(item, nodes, locals);
        }
        let item = self.given(item, locals)?;
        let held = self.given(list, locals)?;
        let items = match &*held {
            Value::List(items) => items,
            Value::Map(map) => return Ok(matches!(&*item, Value::Text(key) if map.contains_key(&**key))),
            _ => return self.not_given(list, locals),
        };
        let mut doubt: Option<Why> = None;
        for one in items.iter() {
            let found = if *one == Value::Null {
                let what = list.written().unwrap_or("the list");
                unknown(format!("an element of {what} is not given"))
            } else {
                self.compare(Comparison::Equal, &item, one)
            };
            match found {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(why) => doubt = doubted(doubt, why)?,
            }
        }
        doubt.map_or(Ok(false), Err)
    }

    /// Whether a value is one of those that are written out, among which may be `null`.
    fn within_written(&self, item: &'v Node, nodes: &'v [Node], locals: &mut Locals<'v>) -> Result<bool, Why> {
        let value = self.value(item, locals)?;
        if *value == Value::Null {
            let named = nodes.iter().any(|node| matches!(node, Node::Constant(Value::Null)));
            return if named { Ok(true) } else { self.not_given(item, locals) };
        }
        let mut doubt: Option<Why> = None;
        for node in nodes.iter().filter(|node| !matches!(node, Node::Constant(Value::Null))) {
            let found = self.given(node, locals).and_then(|one| self.compare(Comparison::Equal, &value, &one));
            match found {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(why) => doubt = doubted(doubt, why)?,
            }
        }
        doubt.map_or(Ok(false), Err)
    }

    fn arithmetic(&self, operation: Operation, one: &Value, two: &Value) -> Result<Value, Why> {
        match (one, two) {
            (Value::Integer(a), Value::Integer(b)) => integers(operation, *a, *b).map(Value::Integer),
            (Value::Text(a), Value::Text(b)) => {
                self.spend((a.len() + b.len()) / 2)?;
                Ok(Value::Text([&**a, &**b].concat().into()))
            }
            (Value::List(a), Value::List(b)) => {
                self.spend((a.len() + b.len()) * COPY)?;
                Ok(Value::List(a.iter().chain(b.iter()).cloned().collect()))
            }
            (Value::When(when), Value::Length(length)) if operation == Operation::Add => {
                Ok(Value::When(self.context.calendar.add(*when, *length)))
            }
            (Value::When(when), Value::Length(length)) => match self.context.calendar.before(*when, *length) {
                Some(when) => Ok(Value::When(when)),
                None => failed("business days are counted forwards only"),
            },
            (a, b) => numbers(operation, a, b).map(Value::Number),
        }
    }

    pub(super) fn add(&self, one: &Value, two: &Value) -> Result<Value, Why> {
        self.arithmetic(Operation::Add, one, two)
    }

    /// Somebody's record in the register of people.
    pub(super) fn record(&self, person: &PersonRef) -> Result<&'v Record, Why> {
        match person.known.and_then(|known| self.context.people.record(known)) {
            Some(record) => Ok(record),
            None => unknown(format!("{} is in no register of people", shown(&person.written))),
        }
    }

    /// What is known of a file.
    fn file(&self, path: &str) -> Result<&'v Record, Why> {
        match self.context.files.get(path) {
            Some(record) => Ok(record),
            None => failed(format!("the file {} was not looked at", shown(path))),
        }
    }
}

fn integers(operation: Operation, a: i64, b: i64) -> Result<i64, Why> {
    if b == 0 && matches!(operation, Operation::Divide | Operation::Remainder) {
        return failed("a number is divided by nought");
    }
    let result = match operation {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::Divide => a.checked_div(b),
        Operation::Remainder => a.checked_rem(b),
    };
    result.map_or_else(|| failed("a number is too large"), Ok)
}

fn numbers(operation: Operation, a: &Value, b: &Value) -> Result<f64, Why> {
    let number = |value: &Value| match value {
        Value::Integer(number) => *number as f64,
        Value::Number(number) => *number,
        _ => f64::NAN,
    };
    let (a, b) = (number(a), number(b));
    if b == 0.0 && operation == Operation::Divide {
        return failed("a number is divided by nought");
    }
    let result = match operation {
        Operation::Add => a + b,
        Operation::Subtract => a - b,
        Operation::Multiply => a * b,
        Operation::Divide => a / b,
        Operation::Remainder => f64::NAN,
    };
    if result.is_finite() { Ok(result) } else { failed("a number is too large") }
}
