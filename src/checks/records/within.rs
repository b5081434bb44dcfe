//! Asks that something was done by the time it was due.

use super::outcome::Outcome;
use crate::facts::calendar::{Calendar, Timeliness, When};
use crate::facts::register::value::Value;
use crate::policies::expression::{Context, Undecided, render_value};
use crate::policies::test::Overrun;

pub(super) fn check(
    context: &Context<'_>,
    due: &Value,
    done: &Value,
    shown_until: Option<&Value>,
    finds: Option<Overrun>,
) -> Result<Outcome, Undecided> {
    let calendar = context.calendar;
    let Value::When(due) = due else { return Err(Undecided::Unknown("when it was due is not given".to_owned())) };
    // What is recorded for a time after the as-of instant is not known at it.
    let done = match done {
        Value::When(done) if !calendar.is_known(done) => None,
        Value::When(done) => Some(done),
        _ => None,
    };
    let found = |found: Overrun, at: &When| {
        let asked = finds.is_none_or(|finds| finds == found);
        if asked {
            Outcome::Fails(vec![Value::When(*due), Value::Text(calendar.between(due, at).into())])
        } else {
            Outcome::NotAsked
        }
    };
    match done {
        Some(done) => match calendar.late(done, due) {
            Timeliness::InTime => Ok(Outcome::Holds(None)),
            Timeliness::Late => Ok(found(Overrun::Late, done)),
            Timeliness::CannotTell => Err(Undecided::Unknown(format!(
                "it was due at a time of {}, and of when it was done only the day is known",
                due.day
            ))),
        },
        None if calendar.overdue(due) && finds != Some(Overrun::Late) && !shows(calendar, shown_until, due) => {
            let until = shown_until.map(|until| render_value(until, context)).unwrap_or_default();
            Err(Undecided::Unknown(format!(
                "it was due by {}, and the records show what was done until {until}",
                due.day
            )))
        }
        None if calendar.overdue(due) => Ok(found(Overrun::Overdue, &When::instant(calendar.as_of, &calendar.zone))),
        None => Ok(Outcome::Pending(*due)),
    }
}

/// Whether records that show what was done until a time show what was done by the time it was due.
fn shows(calendar: &Calendar, until: Option<&Value>, due: &When) -> bool {
    match until {
        Some(Value::When(until)) => calendar.late(until, due) == Timeliness::Late,
        _ => true,
    }
}
