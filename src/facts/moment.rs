//! An instant with the offset from UTC that the person who recorded it had.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};

use crate::sources::instant::Instant;
use crate::sources::line::Step;

/// Seconds since 1970 in UTC, and the offset in minutes that was written beside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Seconds since 1970 in UTC.
    pub seconds: i64,
    /// Offset from UTC in minutes.
    pub offset: i16,
}

impl From<&Step> for Moment {
    /// When a step of a line was made, by its committer's clock.
    fn from(step: &Step) -> Self {
        Self { seconds: step.seconds, offset: step.offset }
    }
}

impl Moment {
    /// Reads a date with time and offset, such as `2026-03-04T18:22:00+01:00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Instant { seconds, offset } = Instant::try_from(text.to_owned()).ok()?;
        Some(Self { seconds, offset: i16::try_from(offset).ok()? })
    }

    /// The instant; 1970 where the seconds lie outside the years that a calendar has.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_second(self.seconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The instant on the clock of whoever recorded it.
    #[must_use]
    pub fn local(self) -> ZonedDateTime {
        let offset = Offset::from_seconds(i32::from(self.offset) * 60).unwrap_or(Offset::UTC);
        self.timestamp().to_zoned_datetime(TimeZone::fixed(offset))
    }

    /// RFC 3339, such as `2026-03-04T18:22:00+01:00`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let (hours, minutes) = (self.offset.abs() / 60, self.offset.abs() % 60);
        let sign = if self.offset < 0 { '-' } else { '+' };
        format!("{}{sign}{hours:02}:{minutes:02}", self.local().strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// As people read it: `2026-03-04 18:22 +01:00`.
    #[must_use]
    pub fn readable(self) -> String {
        let (hours, minutes) = (self.offset.abs() / 60, self.offset.abs() % 60);
        let sign = if self.offset < 0 { '-' } else { '+' };
        format!("{} {sign}{hours:02}:{minutes:02}", self.local().strftime("%Y-%m-%d %H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_on_its_own_clock() {
        let moment = Moment { seconds: 1_772_644_920, offset: 60 };
        assert_eq!(moment.rfc3339(), "2026-03-04T18:22:00+01:00");
        assert_eq!(Moment { offset: -210, ..moment }.readable(), "2026-03-04 13:52 -03:30");
        assert_eq!(Moment { seconds: i64::MAX, offset: 0 }.rfc3339(), "1970-01-01T00:00:00+00:00");
    }
}
