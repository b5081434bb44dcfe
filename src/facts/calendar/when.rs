//! A point in time, as records give it: an instant, or only a day.

use std::cmp::Ordering;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A day or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct When {
    /// The day by the organisation's clock.
    pub day: Date,
    /// The instant. Of a day of which nothing more is known, it is the last second: what happened on it had happened
    /// by then.
    pub at: Timestamp,
    /// Whether the instant is known, and not only the day.
    pub exact: bool,
}

impl When {
    /// An instant.
    #[must_use]
    pub fn instant(at: Timestamp, zone: &TimeZone) -> Self {
        Self { day: at.to_zoned_datetime(zone.clone()).date(), at, exact: true }
    }

    /// A day of which nothing more is known. `None` at the end of all days.
    #[must_use]
    pub fn day(day: Date, zone: &TimeZone) -> Option<Self> {
        let next = day.tomorrow().ok()?.to_zoned_datetime(zone.clone()).ok()?.timestamp();
        let at = next.checked_sub(jiff::SignedDuration::from_secs(1)).ok()?;
        Some(Self { day, at, exact: false })
    }

    /// The first instant at which it may have been: of a day of which nothing more is known, its beginning.
    #[must_use]
    pub fn begins(&self, zone: &TimeZone) -> Timestamp {
        if self.exact {
            return self.at;
        }
        self.day.to_zoned_datetime(zone.clone()).map_or(self.at, |begins| begins.timestamp())
    }

    /// Which comes first. Where one of them is only a day, days are compared: what happened on one day happened
    /// neither before nor after it.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        if self.exact && other.exact { self.at.cmp(&other.at) } else { self.day.cmp(&other.day) }
    }
}

impl fmt::Display for When {
    /// `2026-03-04`, or `2026-03-04T18:22:00Z` where the instant is known.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exact { fmt::Display::fmt(&self.at, formatter) } else { fmt::Display::fmt(&self.day, formatter) }
    }
}
