//! Asks that every day is covered: by a training that is not older than a year, by a report and the letters after it.

use super::outcome::Outcome;
use crate::facts::calendar::{Calendar, Day, Period, When, longest_gap};
use crate::facts::register::value::Value;
use crate::policies::expression::Undecided;

/// What covers, and what must be covered.
pub(super) struct Cover {
    pub(super) starts: Value,
    pub(super) ends: Option<Value>,
    pub(super) lasts: Option<Value>,
    pub(super) from: Option<Value>,
    pub(super) to: Option<Value>,
}

pub(super) fn check(calendar: &Calendar, period: Period, cover: &Cover) -> Result<Outcome, Undecided> {
    let day = |value: &Option<Value>| match value {
        Some(Value::When(when)) => Some(Day(when.day)),
        _ => None,
    };
    let from = [day(&cover.from), period.from].into_iter().flatten().max();
    let to = [day(&cover.to), period.to, Some(calendar.today())].into_iter().flatten().min();
    let (Some(from), Some(to)) = (from, to) else {
        return Err(Undecided::Failed("the period has no first day".to_owned()));
    };
    if to < from {
        return Ok(Outcome::NotAsked);
    }
    let mut covered = covers(calendar, cover)?;
    let until = covered.iter().filter(|(start, _)| *start <= calendar.today()).map(|(_, end)| *end).max();
    // What ends before the cover does needs no other one.
    let until = until.filter(|until| day(&cover.to).is_none_or(|end| *until < end));
    match longest_gap(&mut covered, from, to) {
        None => Ok(Outcome::Holds(until.map(|until| calendar.end_of(until)))),
        Some((first, last)) => {
            let when = |day: Day| Value::When(calendar.end_of(day));
            let days = first.days_until(last) + 1;
            let words = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
            Ok(Outcome::Fails(vec![when(first), when(last), Value::Text(words.into())]))
        }
    }
}

/// First and last day of everything that covers.
fn covers(calendar: &Calendar, cover: &Cover) -> Result<Vec<(Day, Day)>, Undecided> {
    let starts = whens(&cover.starts)?;
    let ends = match (&cover.ends, &cover.lasts) {
        (Some(ends), _) => whens(ends)?,
        (None, Some(Value::Length(length))) => starts.iter().map(|start| calendar.add(*start, *length)).collect(),
        (None, _) => return Err(Undecided::Unknown("how long it lasts is not given".to_owned())),
    };
    if starts.len() != ends.len() {
        return Err(Undecided::Unknown("of some of what covers, the first or the last day is not given".to_owned()));
    }
    // What began after the as-of instant is not known at it.
    let known = starts.into_iter().zip(ends).filter(|(start, _)| calendar.is_known(start));
    Ok(known.map(|(start, end)| (Day(start.day), Day(end.day))).collect())
}

fn whens(value: &Value) -> Result<Vec<When>, Undecided> {
    let Value::List(items) = value else { return Ok(Vec::new()) };
    let when = |item: &Value| match item {
        Value::When(when) => Ok(*when),
        _ => Err(Undecided::Unknown("of some of what covers, a day is not given".to_owned())),
    };
    items.iter().map(when).collect()
}
