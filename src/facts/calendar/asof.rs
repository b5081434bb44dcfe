//! What is known at the as-of instant, and how far apart two points in time are, in words.

use jiff::Span;

use super::{Calendar, Day, Length, Unit, When};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

impl Calendar {
    /// The day of the as-of instant, by the organisation's clock.
    #[must_use]
    pub fn today(&self) -> Day {
        Day(When::instant(self.as_of, &self.zone).day)
    }

    /// Whether something that happened then is known at the as-of instant.
    #[must_use]
    pub fn is_known(&self, when: &When) -> bool {
        if when.exact { when.at <= self.as_of } else { when.day <= self.today().0 }
    }

    /// The point in time that lies a length before another one. `None` for business days, which are counted forwards
    /// only, and where there is no such day.
    #[must_use]
    pub fn before(&self, when: When, length: Length) -> Option<When> {
        let count = i64::from(length.count);
        let span = match length.unit {
            Unit::Minutes => Span::new().try_minutes(count),
            Unit::Hours => Span::new().try_hours(count),
            Unit::Days => Span::new().try_days(count),
            Unit::Weeks => Span::new().try_weeks(count),
            Unit::Months => Span::new().try_months(count),
            Unit::Years => Span::new().try_years(count),
            Unit::BusinessHours | Unit::BusinessDays => return None,
        };
        let span = span.ok()?;
        if when.exact {
            let local = when.at.to_zoned_datetime(self.zone.clone()).checked_sub(span).ok()?;
            return Some(When::instant(local.timestamp(), &self.zone));
        }
        When::day(when.day.checked_sub(span).ok()?, &self.zone)
    }

    /// How much later the second point in time is, as people say it: `3 days`, `5 hours`, `20 minutes`. Where only the
    /// day of one of them is known, and from two days on, days are counted.
    #[must_use]
    pub fn between(&self, first: &When, second: &When) -> String {
        let seconds = second.at.as_second() - first.at.as_second();
        let days = Day(first.day).days_until(Day(second.day));
        let (count, what) = if !first.exact || !second.exact || seconds >= 48 * HOUR {
            (days, "day")
        } else if seconds >= HOUR {
            (seconds / HOUR, "hour")
        } else {
            ((seconds / MINUTE).max(1), "minute")
        };
        format!("{count} {what}{}", if count == 1 { "" } else { "s" })
    }
}
