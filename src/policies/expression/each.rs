//! What is asked of, or made of, every element of a list.

use std::borrow::Cow;

use super::evaluate::{Answer, COPY, Frame, Held, Locals, Why, doubted, unknown};
use super::node::{Macro, MacroKind};
use crate::facts::register::value::Value;

/// The elements of a list, lent as long as the list is.
struct Elements<'v> {
    list: Held<'v>,
    next: usize,
}

impl<'v> Iterator for Elements<'v> {
    type Item = Held<'v>;

    fn next(&mut self) -> Option<Held<'v>> {
        let at = self.next;
        self.next += 1;
        match &self.list {
            Cow::Borrowed(Value::List(items)) => items.get(at).map(Cow::Borrowed),
            Cow::Owned(Value::List(items)) => items.get(at).cloned().map(Cow::Owned),
            _ => None,
        }
    }
}

impl<'v> Frame<'v> {
    fn elements(&self, of: &'v Macro, locals: &mut Locals<'v>) -> Result<Elements<'v>, Why> {
        let list = self.given(&of.list, locals)?;
        locals.truncate(of.local);
        Ok(Elements { list, next: 0 })
    }

    /// Whether the condition of a macro holds for an element.
    fn holds(&self, of: &'v Macro, item: &Held<'v>, locals: &mut Locals<'v>) -> Result<bool, Why> {
        let Some(condition) = &of.condition else { return Ok(true) };
        self.with(item, locals, |locals| self.truth(condition, locals))
    }

    fn with<T>(&self, item: &Held<'v>, locals: &mut Locals<'v>, ask: impl FnOnce(&mut Locals<'v>) -> T) -> T {
        let known = locals.len();
        locals.push(item.clone());
        let answer = ask(locals);
        locals.truncate(known);
        answer
    }

    /// `all`, `exists` and `exists_one`. An element that decides is enough, whatever is not known of the others.
    pub(super) fn ask(&self, of: &'v Macro, locals: &mut Locals<'v>) -> Result<bool, Why> {
        let mut doubt: Option<Why> = None;
        let mut count = 0_u32;
        for item in self.elements(of, locals)? {
            match (of.kind, self.holds(of, &item, locals)) {
                (MacroKind::All, Ok(false)) => return Ok(false),
                (MacroKind::Exists, Ok(true)) => return Ok(true),
                (MacroKind::ExistsOne, Err(why @ Why::Failed(_))) => return Err(why),
                (MacroKind::ExistsOne, Ok(true)) => count += 1,
                (_, Ok(_)) => {}
                (_, Err(why)) => doubt = doubted(doubt, why)?,
            }
            if count > 1 {
                return Ok(false);
            }
        }
        match doubt {
            Some(why) => Err(why),
            None => Ok(of.kind == MacroKind::All || count == 1),
        }
    }

    /// `filter` and `map`.
    pub(super) fn collect(&self, of: &'v Macro, locals: &mut Locals<'v>) -> Answer<'v> {
        let mut kept: Vec<Value> = Vec::new();
        for item in self.elements(of, locals)? {
            if !self.holds(of, &item, locals)? {
                continue;
            }
            self.spend(COPY)?;
            kept.push(match &of.value {
                Some(value) => self.with(&item, locals, |locals| self.value(value, locals))?.into_owned(),
                None => item.into_owned(),
            });
        }
        Ok(Cow::Owned(Value::List(kept.into())))
    }

    /// `latest` and `earliest`: of equal ones the last, and the first.
    pub(super) fn best(&self, of: &'v Macro, locals: &mut Locals<'v>) -> Answer<'v> {
        let mut best: Option<(Held<'v>, Held<'v>)> = None;
        let Some(value) = &of.value else { return unknown("nothing is compared") };
        for item in self.elements(of, locals)? {
            let key = self.with(&item, locals, |locals| self.given(value, locals)).map_err(of_some)?;
            let better = match &best {
                None => true,
                Some((_, known)) => {
                    let order = self.order(&key, known)?;
                    if of.kind == MacroKind::Latest { order.is_ge() } else { order.is_lt() }
                }
            };
            if better {
                best = Some((item, key));
            }
        }
        Ok(best.map_or(Cow::Owned(Value::Null), |(item, _)| item))
    }
}

/// That what is compared is not given for some element.
fn of_some(why: Why) -> Why {
    match why {
        Why::Unknown(what) if what.ends_with("is not given") => Why::Unknown(what + " for one of them"),
        why => why,
    }
}
