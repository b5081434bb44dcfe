//! The tree of an expression is checked, and becomes one that is quick to evaluate.

use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr};

use super::Scope;
use super::compiler::{Compiler, Part, common};
use super::complaint::Complaint;
use super::mark::Mark;
use super::node::{Node, Written};
use super::parse::parse;
use super::words::{did_you_mean, listed, of_type};
use crate::facts::register::files;
use crate::facts::register::value::{Shape, Type, Value};
use crate::text::{Span, shown};

/// Reads and checks an expression.
pub(super) fn compile(text: &str, scope: &Scope) -> Result<Part, Complaint> {
    let parsed = parse(text)?;
    let mut compiler = Compiler { text, parsed: &parsed, scope, locals: Vec::new() };
    compiler.part(&parsed.tree)
}

/// Words of other languages for what is written otherwise here.
const CONSTANTS: [(&str, &str); 8] = [
    ("True", "true"),
    ("TRUE", "true"),
    ("False", "false"),
    ("FALSE", "false"),
    ("None", "null"),
    ("nil", "null"),
    ("NULL", "null"),
    ("undefined", "null"),
];

impl Compiler<'_> {
    /// Checks a part of the tree, and everything below it.
    pub(super) fn part(&mut self, tree: &IdedExpr) -> Result<Part, Complaint> {
        let token = self.parsed.token(tree.id).unwrap_or_default();
        let mut part = match &tree.expr {
            Expr::Literal(literal) => self.literal(literal, token),
            Expr::Ident(name) => self.name(name, self.token(token)),
            Expr::Select(select) => self.select(select, token),
            Expr::Call(call) => self.call(call, token),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension, token),
            Expr::List(list) => self.list(list, token),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                Err(Complaint::new(self.token(token), "this is no expression", "not understood"))
            }
        }?;
        part.span = self.parsed.tokens.widen(part.span);
        Ok(part)
    }

    fn literal(&self, literal: &LiteralValue, token: usize) -> Result<Part, Complaint> {
        let mut span = self.token(token);
        let (value, kind, negative) = match literal {
            LiteralValue::Boolean(value) => (Value::Bool(*value.inner()), Type::Bool, false),
            LiteralValue::Int(value) => (Value::Integer(*value.inner()), Type::Integer, *value.inner() < 0),
            LiteralValue::Double(value) => {
                (Value::Number(*value.inner()), Type::Number, value.inner().is_sign_negative())
            }
            LiteralValue::String(value) => (Value::Text(value.inner().into()), Type::Text, false),
            LiteralValue::Null => (Value::Null, Type::Null, false),
            LiteralValue::UInt(_) | LiteralValue::Bytes(_) => {
                let message = "numbers and texts have no letter that says what they are";
                return Err(Complaint::new(span, message, "write it without the letter"));
            }
        };
        if negative && token > 0 {
            span = self.token(token - 1).to(span);
        }
        Ok(Part::new(Node::Constant(value), kind, span))
    }

    fn name(&self, name: &str, span: Span) -> Result<Part, Complaint> {
        let written = self.written(span);
        if let Some(at) = self.locals.iter().rposition(|(known, _)| known == name) {
            return Ok(Part::new(Node::Local(at, written), self.locals[at].1.clone(), span));
        }
        if let Some((slot, kind)) = self.scope.slot(name).and_then(|slot| Some((slot, self.scope.kind(slot)?))) {
            return Ok(Part::new(Node::Slot(slot, written), kind.clone(), span));
        }
        let message = format!("there is no {}", shown(name));
        if let Some((_, constant)) = CONSTANTS.iter().find(|(word, _)| *word == name) {
            return Err(Complaint::new(span, message, &format!("write `{constant}`")));
        }
        let names = || self.locals.iter().chain(&self.scope.names).map(|(name, _)| name.as_str());
        let label = did_you_mean(name, names(), "nothing has this name here");
        let help = names().next().map(|_| format!("the names here are: {}", listed(names())));
        Err(Complaint::new(span, message, &label).maybe(help))
    }

    /// A field, or the question whether it is given, which the parser makes of `has`.
    fn select(&mut self, select: &SelectExpr, token: usize) -> Result<Part, Complaint> {
        let of = self.part(&select.operand)?;
        let name = if select.test { self.last_word(token) } else { self.token(token + 1) };
        let span = of.span.to(name);
        let field = self.field(of, &select.field, name, span)?;
        if !select.test {
            return Ok(field);
        }
        let span = self.token(token.saturating_sub(1)).to(self.brackets(token));
        Ok(Part::new(Node::Given(Box::new(field.node), true), Type::Bool, span))
    }

    /// The last word in parentheses.
    fn last_word(&self, open: usize) -> Span {
        let close = self.parsed.tokens.get(open).map_or(open, |token| token.pair);
        let words = (open..close).rev().filter_map(|at| self.parsed.tokens.get(at));
        words.into_iter().find(|token| token.mark == Mark::Word).map_or(self.all(), |token| token.span)
    }

    fn field(&self, of: Part, name: &str, place: Span, span: Span) -> Result<Part, Complaint> {
        let written = self.written(span);
        match of.kind.clone() {
            Type::Record(shape) => of_shape(&shape, Node::Field, of.node, name, place, written, span),
            Type::Person => match &self.scope.people {
                Some(shape) => of_shape(shape, Node::PersonField, of.node, name, place, written, span),
                None => Err(Complaint::new(place, "nothing is known of persons here", "a person has no fields here")),
            },
            Type::File => of_shape(files::shape(), Node::FileField, of.node, name, place, written, span),
            Type::Map(kind) => {
                let key = Node::Constant(Value::Text(name.into()));
                Ok(Part::new(Node::Index(Box::new(of.node), Box::new(key), written), Type::clone(&kind), span))
            }
            other => {
                let message = format!("{} has no fields", of_type(&other));
                let help = match other {
                    Type::List(_) => Some(
                        "ask its elements: list.exists(x, x.field == …), list.all(x, …), list.latest(x, x.at)"
                            .to_owned(),
                    ),
                    Type::When => Some("ask day(when) or year(when)".to_owned()),
                    _ => None,
                };
                Err(Complaint::new(place, message, "no field can be taken of this").maybe(help))
            }
        }
    }

    fn list(&mut self, list: &ListExpr, token: usize) -> Result<Part, Complaint> {
        let (mut kind, mut nodes, mut elements) = (Type::Null, Vec::new(), Vec::new());
        for element in &list.elements {
            let part = self.part(element)?;
            kind = common(&kind, &part.kind).ok_or_else(|| {
                let message = format!("this is {}, and before it stands {}", of_type(&part.kind), of_type(&kind));
                Complaint::new(part.span, message, "the elements of a list have one type")
            })?;
            nodes.push(part.node);
            elements.push(part.span);
        }
        let part = Part::new(Node::List(nodes), Type::List(Arc::new(kind)), self.brackets(token));
        Ok(Part { elements, ..part })
    }

    fn call(&mut self, call: &CallExpr, token: usize) -> Result<Part, Complaint> {
        if let Some(list) = call.target.as_deref()
            && let Some(part) = self.own_macro(&call.func_name, list, &call.args, token)?
        {
            return Ok(part);
        }
        let mut parts = Vec::with_capacity(call.args.len() + 1);
        for argument in call.target.as_deref().into_iter().chain(&call.args) {
            parts.push(self.part(argument)?);
        }
        let parts = match self.operator(&call.func_name, parts, token)? {
            Ok(part) => return Ok(part),
            Err(parts) => parts,
        };
        let name = self.token(token.saturating_sub(1));
        let start = if call.target.is_some() { parts.first().map_or(name, |part| part.span) } else { name };
        let span = start.to(self.brackets(token));
        self.function(&call.func_name, call.target.is_some(), parts, name, span)
    }
}

fn of_shape(
    shape: &Shape,
    node: fn(Box<Node>, usize, Written) -> Node,
    of: Node,
    name: &str,
    place: Span,
    written: Written,
    span: Span,
) -> Result<Part, Complaint> {
    if let Some(at) = shape.position(name) {
        return Ok(Part::new(node(Box::new(of), at, written), shape.fields[at].kind.clone(), span));
    }
    let names = || shape.fields.iter().map(|field| field.name.as_str());
    let label = did_you_mean(name, names(), "there is no such field");
    let message = format!("{} has no field {}", shape.name, shown(name));
    Err(Complaint::new(place, message, &label).help(format!("the fields are: {}", listed(names()))))
}
