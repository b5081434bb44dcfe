//! Days, periods and the instant at which the question is asked.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::moment::Moment;

mod length;
mod when;

pub use length::{Length, PATTERN as LENGTH_PATTERN, Unit};
pub use when::When;

/// A day of the calendar, written `2026-03-04`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Day(pub Date);

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

    /// The part of the period that begins no earlier than a day.
    #[must_use]
    pub fn since(self, day: Option<Day>) -> Self {
        Self { from: self.from.max(day), ..self }
    }
}

/// Period, time zone and as-of instant of a run.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The organisation's time zone, in which days begin and end.
    pub zone: TimeZone,
    /// The observation period.
    pub period: Period,
    /// The instant at which the question is asked.
    pub as_of: Timestamp,
}

impl Calendar {
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
        let day = self.day(moment);
        moment.timestamp() <= self.as_of
            && period.from.is_none_or(|from| from <= day)
            && period.to.is_none_or(|to| day <= to)
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
        let calendar = Calendar { as_of: Calendar::instant("2026-12-31", &zone).unwrap(), zone, period };
        let at = |text: &str| Moment { seconds: text.parse::<Timestamp>().unwrap().as_second(), offset: 0 };
        assert!(calendar.holds(period, at("2025-12-31T23:30:00Z")), "already January in Berlin");
        assert!(calendar.holds(period, at("2026-06-30T21:59:59Z")));
        assert!(!calendar.holds(period, at("2026-06-30T22:00:00Z")), "already July in Berlin");
    }

    #[test]
    fn nothing_after_the_as_of_instant_is_known() {
        let zone = TimeZone::UTC;
        let calendar =
            Calendar { as_of: Calendar::instant("2026-03-04", &zone).unwrap(), zone, period: Period::default() };
        let at = |text: &str| Moment { seconds: text.parse::<Timestamp>().unwrap().as_second(), offset: 0 };
        assert!(calendar.holds(calendar.period, at("2026-03-04T23:59:59Z")));
        assert!(!calendar.holds(calendar.period, at("2026-03-05T00:00:00Z")));
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
