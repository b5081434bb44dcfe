//! Which of two values is more, and whether they are one; or that it cannot be told.

use std::cmp::Ordering;

use super::evaluate::{Frame, Why, doubted, failed, unknown};
use super::node::Comparison;
use crate::facts::register::value::{PersonRef, Value};
use crate::text::shown;

impl Frame<'_> {
    /// Compares two values that are given.
    pub(super) fn compare(&self, comparison: Comparison, one: &Value, two: &Value) -> Result<bool, Why> {
        match comparison {
            Comparison::Equal => self.equal(one, two),
            Comparison::Different => self.equal(one, two).map(|equal| !equal),
            Comparison::Less => self.order(one, two).map(Ordering::is_lt),
            Comparison::AtMost => self.order(one, two).map(Ordering::is_le),
            Comparison::Greater => self.order(one, two).map(Ordering::is_gt),
            Comparison::AtLeast => self.order(one, two).map(Ordering::is_ge),
        }
    }

    /// Whether two values are one. The depth of values is that of their types, which the register sets.
    fn equal(&self, one: &Value, two: &Value) -> Result<bool, Why> {
        self.spend(1)?;
        match (one, two) {
            (Value::Person(a), Value::Person(b)) => same(a, b),
            (Value::Text(a), Value::Text(b)) => Ok(a == b),
            (Value::When(_) | Value::Length(_) | Value::Integer(_) | Value::Number(_), _) => {
                self.order(one, two).map(Ordering::is_eq)
            }
            (Value::List(a), Value::List(b)) if a.len() != b.len() => Ok(false),
            (Value::List(a), Value::List(b)) => self.all_equal(a.iter().zip(b.iter())),
            (Value::Map(a), Value::Map(b)) if !a.keys().eq(b.keys()) => Ok(false),
            (Value::Map(a), Value::Map(b)) => self.all_equal(a.values().zip(b.values())),
            _ => Ok(one == two),
        }
    }

    /// Whether all pairs are equal: one that is not is enough, whatever is not known of the others.
    fn all_equal<'a>(&self, pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Result<bool, Why> {
        let mut doubt: Option<Why> = None;
        for (a, b) in pairs {
            let equal = match (a, b) {
                (Value::Null, _) | (_, Value::Null) => unknown("an element of a list is not given"),
                _ => self.equal(a, b),
            };
            match equal {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(why) => doubt = doubted(doubt, why)?,
            }
        }
        doubt.map_or(Ok(true), Err)
    }

    /// Which of two values is more.
    pub(super) fn order(&self, one: &Value, two: &Value) -> Result<Ordering, Why> {
        self.spend(1)?;
        let by = |order: Option<Ordering>| order.map_or_else(|| failed("two numbers cannot be compared"), Ok);
        match (one, two) {
            (Value::Integer(a), Value::Integer(b)) => Ok(a.cmp(b)),
            (Value::Integer(a), Value::Number(b)) => by(mixed(*a, *b)),
            (Value::Number(a), Value::Integer(b)) => by(mixed(*b, *a).map(Ordering::reverse)),
            (Value::Number(a), Value::Number(b)) => by(a.partial_cmp(b)),
            (Value::Text(a), Value::Text(b)) => Ok(a.cmp(b)),
            (Value::When(a), Value::When(b)) => Ok(a.order(b)),
            (Value::Length(a), Value::Length(b)) => match a.compare(*b) {
                Some(order) => Ok(order),
                None => failed(format!("which of {a} and {b} is longer depends on the calendar")),
            },
            _ => unknown("something that is compared is not given"),
        }
    }
}

fn same(one: &PersonRef, two: &PersonRef) -> Result<bool, Why> {
    match one.same(two) {
        Some(same) => Ok(same),
        None => {
            let (one, two) = (shown(&one.written), shown(&two.written));
            unknown(format!("it cannot be told whether {one} and {two} are one person"))
        }
    }
}

/// A whole number and another one, compared as what they are: beyond 2⁵³ not every whole number is a float.
fn mixed(a: i64, b: f64) -> Option<Ordering> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    if b.is_nan() {
        return None;
    }
    if b >= END {
        return Some(Ordering::Less);
    }
    if b < -END {
        return Some(Ordering::Greater);
    }
    let whole = b.trunc();
    Some(a.cmp(&(whole as i64)).then(whole.partial_cmp(&b)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_and_others_are_compared_exactly() {
        let large = 9_007_199_254_740_993_i64;
        assert_eq!(mixed(large, 9_007_199_254_740_992.0), Some(Ordering::Greater));
        assert_eq!(mixed(1, 1.0), Some(Ordering::Equal));
        assert_eq!(mixed(1, 1.5), Some(Ordering::Less));
        assert_eq!(mixed(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(mixed(0, -0.0), Some(Ordering::Equal));
        assert_eq!(mixed(i64::MAX, 9_223_372_036_854_775_808.0), Some(Ordering::Less));
        assert_eq!(mixed(i64::MIN, -9_223_372_036_854_775_808.0), Some(Ordering::Equal));
        assert_eq!(mixed(i64::MIN, f64::NEG_INFINITY), Some(Ordering::Greater));
        assert_eq!(mixed(0, f64::NAN), None);
    }
}
