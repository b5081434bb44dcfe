//! The hours of a business day.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};

use super::{Calendar, Day, When};

/// From when to when the organisation works on a business day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BusinessHours {
    opens: Time,
    closes: Time,
}

/// Regular expression of business hours, for schemas.
pub const PATTERN: &str = "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$";

impl FromStr for BusinessHours {
    type Err = String;

    /// Reads `09:00-17:00`: at least an hour, within one day.
    fn from_str(text: &str) -> Result<Self, String> {
        let time = |text: &str| Time::strptime("%H:%M", text).ok();
        let read = text.split_once('-').and_then(|(opens, closes)| Some((time(opens)?, time(closes)?)));
        match read {
            Some((opens, closes)) if opens.duration_until(closes) >= SignedDuration::from_hours(1) => {
                Ok(Self { opens, closes })
            }
            _ => Err(format!("`{text}` is no time of a day; write 09:00-17:00, of at least an hour")),
        }
    }
}

impl fmt::Display for BusinessHours {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.opens.strftime("%H:%M"), self.closes.strftime("%H:%M"))
    }
}

impl Calendar {
    /// When so many minutes of business hours have passed. Where the organisation does not say which these are, that is the
    /// end of all days; controls that count them are told so.
    pub(super) fn work(&self, from: When, minutes: i64) -> When {
        let Some(hours) = self.hours else { return When::instant(Timestamp::MAX, &self.zone) };
        let mut left = SignedDuration::from_mins(minutes);
        // After a day of which nothing more is known it had happened by its end.
        let local = from.at.to_zoned_datetime(self.zone.clone()).datetime();
        let mut start = local;
        loop {
            let day = self.business.after(Day(start.date()), 0).0;
            let opens = DateTime::from_parts(day, hours.opens);
            start = start.max(opens);
            let room = start.duration_until(DateTime::from_parts(day, hours.closes));
            if room >= left {
                return self.at(start, left);
            }
            if !room.is_negative() {
                left -= room;
            }
            let Ok(next) = day.tomorrow() else { return self.at(start, left) };
            start = DateTime::from_parts(next, Time::MIN);
        }
    }

    /// So long after a time of the organisation's clock.
    fn at(&self, start: DateTime, after: SignedDuration) -> When {
        let at =
            start.to_zoned_datetime(self.zone.clone()).ok().and_then(|start| start.timestamp().checked_add(after).ok());
        When::instant(at.unwrap_or(Timestamp::MAX), &self.zone)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::tz::TimeZone;

    use super::*;
    use crate::facts::calendar::{Length, Period};

    #[test]
    fn hours_pass_only_while_the_organisation_works() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let mut calendar = Calendar::new(zone.clone(), Period::default(), Timestamp::MAX);
        calendar.hours = Some("09:00-17:00".parse().unwrap());
        let after = |from: &str, length: &str| {
            let from = When::instant(from.parse().unwrap(), &zone);
            calendar.minute(&calendar.add(from, length.parse::<Length>().unwrap()))
        };
        assert_eq!(after("2026-03-11T10:00:00+01:00", "4bh"), "2026-03-11 14:00 +01:00");
        assert_eq!(after("2026-03-11T15:00:00+01:00", "4bh"), "2026-03-12 11:00 +01:00");
        // A Friday evening, and the weekend in which the clocks went forward.
        assert_eq!(after("2026-03-27T20:00:00+01:00", "8bh"), "2026-03-30 17:00 +02:00");
        assert_eq!(after("2026-03-28T12:00:00+01:00", "9bh"), "2026-03-31 10:00 +02:00");
        assert_eq!(after("2026-03-11T06:00:00+01:00", "0bh"), "2026-03-11 09:00 +01:00");
    }

    #[test]
    fn what_is_no_time_of_a_day_is_refused() {
        for text in ["9-17", "09:00", "17:00-09:00", "09:00-09:30", "09:00-25:00", ""] {
            assert!(text.parse::<BusinessHours>().is_err(), "{text}");
        }
        assert_eq!("08:30-16:45".parse::<BusinessHours>().unwrap().to_string(), "08:30-16:45");
    }
}
