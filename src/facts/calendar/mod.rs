//! Days, periods and the instant at which the question is asked.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::moment::Moment;

mod asof;
mod business;
mod cadence;
mod cover;
mod cycle;
mod dates;
mod deadline;
mod hours;
mod length;
mod when;

pub use business::{BusinessDays, WeekDay};
pub use cadence::Cadence;
pub use cover::{gaps, longest_gap};
pub use cycle::Cycle;
pub use dates::{DateFault, DateFormat, DateReader, MONTHS, month};
pub use deadline::Timeliness;
pub use hours::{BusinessHours, PATTERN as HOURS_PATTERN};
pub use length::{Length, PATTERN as LENGTH_PATTERN, Unit};
pub use when::When;

/// A day of the calendar, written `2026-03-04`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl Day {
    /// How many days later another day is; negative if it is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        self.0.duration_until(other.0).as_hours().div_euclid(24)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "description": "A day, such as 2026-03-04." })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

/// An observation period; both days belong to it. A side that is open has no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    #[serde(default)]
    pub from: Option<Day>,
    /// Last day.
    #[serde(default)]
    pub to: Option<Day>,
}

impl Period {
    /// Reads `FROM..TO`, of which either side may be left out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("..")?;
        let day = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(|day| Some(Day(day))) };
        Some(Self { from: day(from)?, to: day(to)? }).filter(|period| !period.is_inverted())
    }

    /// Whether the last day lies before the first.
    #[must_use]
    pub fn is_inverted(self) -> bool {
        self.from.zip(self.to).is_some_and(|(from, to)| to < from)
    }

    /// Whether a day lies in the period. An item belongs to a period if the event that starts its clock does: the day of
    /// a termination for the removal of access, the day of a merge for its approval. What was due in the period but
    /// began before it does not belong to it, except where something must hold all the time.
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// The period of the same length before this one: as many months where it is made of whole months, as many days
    /// otherwise. `None` where it has no beginning or no end, or where the calendar has no such days.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        let (from, to) = (self.from?.0, self.to?.0);
        let last = from.yesterday().ok()?;
        let first = if from.day() == 1 && to == to.last_of_month() {
            let months = (to.year() - from.year()) * 12 + i16::from(to.month() - from.month()) + 1;
            from.checked_sub(jiff::Span::new().months(months)).ok()?
        } else {
            from.checked_sub(jiff::Span::new().days(self.from?.days_until(self.to?) + 1)).ok()?
        };
        Some(Self { from: Some(Day(first)), to: Some(Day(last)) })
    }

    /// The part of the period that begins no earlier than a day.
    #[must_use]
    pub fn since(self, day: Option<Day>) -> Self {
        Self { from: self.from.max(day), ..self }
    }
}

/// Period, time zone, as-of instant and working days of a run.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The organisation's time zone, in which days begin and end.
    pub zone: TimeZone,
    /// The observation period.
    pub period: Period,
    /// The instant at which the question is asked.
    pub as_of: Timestamp,
    /// The days on which the organisation works.
    pub business: BusinessDays,
    /// From when to when it works on them, where it says so.
    pub hours: Option<BusinessHours>,
    /// Month in which the fiscal year begins, 1 to 12. A fiscal year has the number of the calendar year in which it
    /// ends, as is usual: the one that begins in April 2025 is FY2026.
    pub fiscal_start: u8,
}

impl Calendar {
    /// A calendar whose business days are Monday to Friday and whose fiscal year is the calendar year.
    #[must_use]
    pub fn new(zone: TimeZone, period: Period, as_of: Timestamp) -> Self {
        Self { zone, period, as_of, business: BusinessDays::default(), hours: None, fiscal_start: 1 }
    }

    /// A point in time on the organisation's clock, to the minute, as people read it: `2026-03-04 18:22 +01:00`; of a day
    /// of which nothing more is known, the day.
    #[must_use]
    pub fn minute(&self, when: &When) -> String {
        if !when.exact {
            return when.day.to_string();
        }
        when.at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
    }

    /// Reads an instant (RFC 3339), or a day, which stands for its last second in the organisation's time zone.
    #[must_use]
    pub fn instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(instant);
        }
        let day: Date = text.parse().ok()?;
        let end = day.tomorrow().ok()?.to_zoned_datetime(zone.clone()).ok()?.timestamp();
        end.checked_sub(jiff::SignedDuration::from_secs(1)).ok()
    }

    /// The day on which something happened, by the organisation's clock.
    #[must_use]
    pub fn day(&self, moment: Moment) -> Day {
        Day(moment.timestamp().to_zoned_datetime(self.zone.clone()).date())
    }

    /// Whether something happened in a period, and no later than the as-of instant.
    #[must_use]
    pub fn holds(&self, period: Period, moment: Moment) -> bool {
        moment.timestamp() <= self.as_of && period.contains(self.day(moment))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_period_ends_with_the_organisations_day() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let period = Period::parse("2026-01-01..2026-06-30").unwrap();
        let as_of = Calendar::instant("2026-12-31", &zone).unwrap();
        let calendar = Calendar::new(zone, period, as_of);
        let at = |text: &str| Moment { seconds: text.parse::<Timestamp>().unwrap().as_second(), offset: 0 };
        assert!(calendar.holds(period, at("2025-12-31T23:30:00Z")), "already January in Berlin");
        assert!(calendar.holds(period, at("2026-06-30T21:59:59Z")));
        assert!(!calendar.holds(period, at("2026-06-30T22:00:00Z")), "already July in Berlin");
    }

    #[test]
    fn nothing_after_the_as_of_instant_is_known() {
        let zone = TimeZone::UTC;
        let as_of = Calendar::instant("2026-03-04", &zone).unwrap();
        let calendar = Calendar::new(zone, Period::default(), as_of);
        let at = |text: &str| Moment { seconds: text.parse::<Timestamp>().unwrap().as_second(), offset: 0 };
        assert!(calendar.holds(calendar.period, at("2026-03-04T23:59:59Z")));
        assert!(!calendar.holds(calendar.period, at("2026-03-05T00:00:00Z")));
    }

    #[test]
    fn both_edges_belong_to_a_period() {
        let day = |text: &str| Day(text.parse().unwrap());
        let period = Period::parse("2026-01-01..2026-06-30").unwrap();
        for (text, inside) in [("2025-12-31", false), ("2026-01-01", true), ("2026-06-30", true), ("2026-07-01", false)]
        {
            assert_eq!(period.contains(day(text)), inside, "{text}");
        }
        assert!(Period::default().contains(day("0001-01-01")));
        assert!(Period::parse("2026-01-01..").unwrap().contains(day("9999-12-31")));
        assert_eq!(day("2026-02-28").days_until(day("2026-03-01")), 1);
        assert_eq!(day("2026-03-01").days_until(day("2026-02-28")), -1);
    }

    #[test]
    fn the_period_before_is_as_long() {
        let before = |text: &str| {
            let before = Period::parse(text).unwrap().before()?;
            Some(format!("{}..{}", before.from?, before.to?))
        };
        for (period, expected) in [
            ("2026-01-01..2026-06-30", "2025-07-01..2025-12-31"),
            ("2026-04-01..2026-06-30", "2026-01-01..2026-03-31"),
            ("2026-03-01..2026-03-31", "2026-02-01..2026-02-28"),
            ("2025-10-01..2026-09-30", "2024-10-01..2025-09-30"),
            ("2026-01-15..2026-01-24", "2026-01-05..2026-01-14"),
            ("2026-01-01..2026-01-30", "2025-12-02..2025-12-31"),
        ] {
            assert_eq!(before(period).as_deref(), Some(expected), "{period}");
        }
        assert_eq!(before("2026-01-01.."), None);
        assert_eq!(before("..2026-01-31"), None);
        assert_eq!(before("-009999-01-01..0000-12-31"), None, "the calendar begins there");
    }

    #[test]
    fn periods_are_read_with_open_sides_and_refused_when_inverted() {
        assert!(Period::parse("2026-01-01..").unwrap().to.is_none());
        assert!(Period::parse("..2026-01-01").unwrap().from.is_none());
        for bad in ["2026-01-01", "2026-02-30..", "2026-02-01..2026-01-01", "a..b"] {
            assert!(Period::parse(bad).is_none(), "{bad}");
        }
    }
}
