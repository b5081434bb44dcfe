//! The value of a function.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::evaluate::{Answer, COPY, Frame, Held, Locals, Why, failed, unknown};
use super::node::{Function, Node};
use crate::facts::calendar::{Cycle, Day, When};
use crate::facts::register::value::{Record, Value};
use crate::text::shown;

impl<'v> Frame<'v> {
    pub(super) fn call(&self, function: Function, nodes: &'v [Node], locals: &mut Locals<'v>) -> Answer<'v> {
        let [first, more @ ..] = nodes else { return failed("a function takes something") };
        let one = self.given(first, locals)?;
        let Some(second) = more.first() else { return self.of_one(function, &one) };
        let two = self.given(second, locals)?;
        let value = match (function, &*one, &*two) {
            (Function::Contains | Function::StartsWith | Function::EndsWith, Value::Text(a), Value::Text(b)) => {
                self.spend(a.len() / 64)?;
                Value::Bool(match function {
                    Function::Contains => a.contains(&**b),
                    Function::StartsWith => a.starts_with(&**b),
                    _ => a.ends_with(&**b),
                })
            }
            (Function::MostWithin, Value::List(times), Value::Length(length)) => self.most_within(times, *length)?,
            (Function::Days, Value::When(a), Value::When(b)) => Value::Integer(Day(a.day).days_until(Day(b.day))),
            (Function::Hours, Value::When(a), Value::When(b)) => {
                for (when, node) in [(a, first), (b, second)] {
                    if !when.exact {
                        let what = node.written().unwrap_or("a time");
                        return unknown(format!("only the day of {what} is known"));
                    }
                }
                Value::Number(a.at.duration_until(b.at).as_secs_f64() / 3600.0)
            }
            (Function::SameCycle, Value::Text(a), Value::Text(b)) => {
                let start = self.context.calendar.fiscal_start;
                let read = |text: &str| Cycle::parse(text, start).map_err(Why::Unknown);
                Value::Bool(a == b || read(a)?.is_same(&read(b)?))
            }
            (Function::Employed | Function::OnLeave | Function::RoleOn, person, Value::When(when)) => {
                let record = match person {
                    Value::Record(record) => record,
                    Value::Person(person) => self.record(person)?,
                    _ => return self.not_given(first, locals),
                };
                of_person(function, record, *when)?
            }
            _ => return self.not_given(first, locals),
        };
        Ok(Cow::Owned(value))
    }

    fn of_one(&self, function: Function, one: &Held<'v>) -> Answer<'v> {
        let value = match (function, &**one) {
            (Function::Size, Value::List(items)) => counted(items.len()),
            (Function::Size, Value::Map(map)) => counted(map.len()),
            (Function::Size, Value::Text(text)) => {
                self.spend(text.len() / 64)?;
                counted(text.chars().count())
            }
            (_, Value::List(items)) => self.of_list(function, items)?,
            (Function::Lower | Function::LowerAscii, Value::Text(text)) => {
                self.spend(text.len() / 2)?;
                let lower = if function == Function::Lower { text.to_lowercase() } else { text.to_ascii_lowercase() };
                Value::Text(lower.into())
            }
            (Function::Day, Value::When(when)) => Value::When(self.context.calendar.end_of(Day(when.day))),
            (Function::Year, Value::When(when)) => Value::Integer(i64::from(when.day.year())),
            _ => return failed("a function takes something else"),
        };
        Ok(Cow::Owned(value))
    }

    fn of_list(&self, function: Function, items: &[Value]) -> Result<Value, Why> {
        self.spend(items.len())?;
        let given = items.iter().filter(|item| **item != Value::Null);
        match function {
            Function::Distinct => self.distinct(items),
            Function::MissingNumbers => self.missing_numbers(items),
            Function::First => Ok(items.first().cloned().unwrap_or(Value::Null)),
            Function::Last => Ok(items.last().cloned().unwrap_or(Value::Null)),
            Function::Sum => {
                let mut sum = Value::Integer(0);
                for item in given {
                    sum = self.add(&sum, item)?;
                }
                Ok(sum)
            }
            Function::Flatten => {
                let mut flat = Vec::new();
                for item in given {
                    if let Value::List(items) = item {
                        self.spend(items.len() * COPY)?;
                        flat.extend(items.iter().cloned());
                    }
                }
                Ok(Value::List(flat.into()))
            }
            Function::Min | Function::Max => {
                let wanted = if function == Function::Min { Ordering::Less } else { Ordering::Greater };
                let mut best: Option<&Value> = None;
                for item in given {
                    if best.is_none() || best.map(|best| self.order(item, best)).transpose()? == Some(wanted) {
                        best = Some(item);
                    }
                }
                Ok(best.cloned().unwrap_or(Value::Null))
            }
            _ => failed("a function takes something else"),
        }
    }
}

fn counted(count: usize) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

fn of_person(function: Function, record: &Record, when: When) -> Result<Value, Why> {
    match function {
        Function::Employed => match record.employed(when) {
            Some(employed) => Ok(Value::Bool(employed)),
            None => {
                let id = match record.get("id") {
                    Value::Text(id) => shown(id),
                    _ => "somebody".to_owned(),
                };
                unknown(format!("the episodes of {id} are not given"))
            }
        },
        Function::OnLeave => Ok(Value::Bool(record.on_leave(when))),
        _ => Ok(record.role_on(when).map_or(Value::Null, Value::Text)),
    }
}
