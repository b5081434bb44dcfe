//! What is asked of every element of a list.
//!
//! The parser turns CEL's own macros into loops over an accumulator; here they are read back as what they were, because
//! a loop that adds to a list copies it every time.

use std::sync::Arc;

use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators as op};

use super::compiler::{Compiler, Part, element, is_ordered};
use super::complaint::Complaint;
use super::node::{Macro, MacroKind, Node};
use super::words::of_type;
use crate::facts::register::value::Type;

/// A macro as it was written.
struct Loop<'t> {
    kind: MacroKind,
    condition: Option<&'t IdedExpr>,
    value: Option<&'t IdedExpr>,
}

impl Compiler<'_> {
    pub(super) fn comprehension(&mut self, loops: &ComprehensionExpr, token: usize) -> Result<Part, Complaint> {
        match written(loops) {
            Some(written) => self.each(&loops.iter_range, &loops.iter_var, &written, token),
            None => Err(Complaint::new(self.brackets(token), "this cannot be asked of a list", "not understood")),
        }
    }

    /// `list.latest(x, x.at)` and `list.earliest(x, x.at)`, which CEL does not have.
    pub(super) fn own_macro(
        &mut self,
        name: &str,
        list: &IdedExpr,
        arguments: &[IdedExpr],
        token: usize,
    ) -> Result<Option<Part>, Complaint> {
        let kind = match name {
            "latest" => MacroKind::Latest,
            "earliest" => MacroKind::Earliest,
            _ => return Ok(None),
        };
        let [IdedExpr { expr: Expr::Ident(element), .. }, value] = arguments else {
            let message = format!("{name} names each element and says what is compared");
            return Err(Complaint::new(self.brackets(token), message, "this names no element")
                .help(format!("write list.{name}(x, x.at)")));
        };
        self.each(list, element, &Loop { kind, condition: None, value: Some(value) }, token).map(Some)
    }

    fn each(&mut self, list: &IdedExpr, name: &str, asked: &Loop<'_>, token: usize) -> Result<Part, Complaint> {
        let list = self.part(list)?;
        let Some(of) = element(&list.kind).cloned() else {
            let message = format!("a list is expected before this, and it is {}", of_type(&list.kind));
            return Err(Complaint::new(list.span, message, "this is no list"));
        };
        let local = self.locals.len();
        self.locals.push((name.to_owned(), of.clone()));
        let condition = asked.condition.map(|tree| self.part(tree)).transpose();
        let value = asked.value.map(|tree| self.part(tree)).transpose();
        self.locals.pop();
        let (condition, value) = (condition?.map(Part::condition).transpose()?, value?);
        let kind = match asked.kind {
            MacroKind::All | MacroKind::Exists | MacroKind::ExistsOne => Type::Bool,
            MacroKind::Filter => list.kind.clone(),
            MacroKind::Map => Type::List(Arc::new(value.as_ref().map_or(Type::Null, |part| part.kind.clone()))),
            MacroKind::Latest | MacroKind::Earliest => of,
        };
        if let (MacroKind::Latest | MacroKind::Earliest, Some(part)) = (asked.kind, &value)
            && !is_ordered(&part.kind)
        {
            let message = format!("{} is neither more nor less than another one", of_type(&part.kind));
            return Err(Complaint::new(part.span, message, "this cannot be compared").help("compare a time: x.at"));
        }
        let span = list.span.to(self.brackets(token));
        let value = value.map(|part| part.node);
        let node = Macro { kind: asked.kind, list: list.node, local, condition, value };
        Ok(Part::new(Node::Macro(Box::new(node), self.written(span)), kind, span))
    }
}

/// What a loop was before the parser turned it into one.
fn written(loops: &ComprehensionExpr) -> Option<Loop<'_>> {
    let Expr::Call(step) = &loops.loop_step.expr else { return None };
    let element = |tree: &IdedExpr| matches!(&tree.expr, Expr::Ident(name) if *name == loops.iter_var);
    match (&loops.accu_init.expr, step.func_name.as_str(), step.args.as_slice()) {
        (Expr::Literal(LiteralValue::Boolean(_)), op::LOGICAL_AND, [_, asked]) => {
            Some(Loop { kind: MacroKind::All, condition: Some(asked), value: None })
        }
        (Expr::Literal(LiteralValue::Boolean(_)), op::LOGICAL_OR, [_, asked]) => {
            Some(Loop { kind: MacroKind::Exists, condition: Some(asked), value: None })
        }
        (Expr::Literal(LiteralValue::Int(_)), op::CONDITIONAL, [asked, ..]) => {
            Some(Loop { kind: MacroKind::ExistsOne, condition: Some(asked), value: None })
        }
        (Expr::List(_), op::ADD, [_, one]) => {
            Some(Loop { kind: MacroKind::Map, condition: None, value: Some(only(one)?) })
        }
        (Expr::List(_), op::CONDITIONAL, [asked, then, _]) => {
            let Expr::Call(then) = &then.expr else { return None };
            let value = only(then.args.get(1)?)?;
            let kind = if element(value) { MacroKind::Filter } else { MacroKind::Map };
            Some(Loop { kind, condition: Some(asked), value: (kind == MacroKind::Map).then_some(value) })
        }
        _ => None,
    }
}

/// The element of a list of one.
fn only(tree: &IdedExpr) -> Option<&IdedExpr> {
    match &tree.expr {
        Expr::List(list) => list.elements.first(),
        _ => None,
    }
}
