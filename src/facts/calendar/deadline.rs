//! When something is due, and whether it was done by then.

use std::cmp::Ordering;

use jiff::civil::Date;
use jiff::{Error, SignedDuration, Span, Timestamp};

use super::{Calendar, Day, Length, Unit, When};

/// Whether something was done by the time it was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timeliness {
    /// It was done when it was due, or before.
    InTime,
    /// It was done after it was due.
    Late,
    /// It was done on the day on which it was due at some instant, and only the day is known.
    CannotTell,
}

const MINUTES_OF_A_DAY: i64 = 24 * 60;

impl Calendar {
    /// The point in time that lies a length after another one, such as the one at which something is due. Where there
    /// is none any more, it is the end of all days.
    ///
    /// These are the conventions, which decide what is late:
    ///
    /// - **Minutes and hours** after an instant are time that has passed: 24 hours are 24 hours, also over a change of
    ///   the clocks. After a day of which nothing more is known they are counted from its end, since what happened on
    ///   it had happened by then. Every 24 hours of them are one day, so 24 hours after a day are the end of the next
    ///   one, and only a day; what is left over passes from the end of the last such day, so that 36 hours after
    ///   4 March are noon of 6 March.
    /// - **Days, weeks, months and years** are counted in the calendar of the organisation's time zone. An instant
    ///   keeps its time of the clock; where that day has no such time, because the clocks went forward, it is as much
    ///   later as they did, and where it has it twice, it is the first. A day gives a day. A month that lacks the day
    ///   ends earlier: a month after 31 January is the last day of February. A year is 12 months.
    /// - **Business hours** are time that has passed between the hours at which a business day begins and ends, and give
    ///   an instant; after a day of which nothing more is known they begin on the next business day.
    /// - **Business days** give a day, to the end of which there is time, whatever the hour at which they begin: one
    ///   business day after Friday evening, and after Saturday, is Monday, or Tuesday if Monday is a holiday. No
    ///   business days after a day are that day, or the next business day if it is none.
    #[must_use]
    pub fn add(&self, from: When, length: Length) -> When {
        let count = i64::from(length.count);
        match length.unit {
            Unit::Minutes => self.pass(from, count),
            Unit::Hours => self.pass(from, count * 60),
            Unit::BusinessHours => self.work(from, count * 60),
            Unit::Days => self.turn(from, Span::new().try_days(count)),
            Unit::BusinessDays => self.end_of(self.business.after(Day(from.day), length.count)),
            Unit::Weeks => self.turn(from, Span::new().try_weeks(count)),
            Unit::Months => self.turn(from, Span::new().try_months(count)),
            Unit::Years => self.turn(from, Span::new().try_months(count * 12)),
        }
    }

    /// Whether something that was done was done in time. Where only the day is known by the end of which it was due,
    /// days are compared; where both instants are known, these; and the very instant is still in time.
    #[must_use]
    pub fn late(&self, done: &When, due: &When) -> Timeliness {
        match done.order(due) {
            Ordering::Equal if due.exact && !done.exact => Timeliness::CannotTell,
            Ordering::Less | Ordering::Equal => Timeliness::InTime,
            Ordering::Greater => Timeliness::Late,
        }
    }

    /// Whether the question is asked after something was due: after the instant, or after the end of the day where
    /// only that is known.
    #[must_use]
    pub fn overdue(&self, due: &When) -> bool {
        if due.exact { self.as_of > due.at } else { When::instant(self.as_of, &self.zone).day > due.day }
    }

    /// A day of which nothing more is known.
    #[must_use]
    pub fn end_of(&self, day: Day) -> When {
        When::day(day.0, &self.zone).unwrap_or(When { day: day.0, at: Timestamp::MAX, exact: false })
    }

    /// Minutes that pass.
    fn pass(&self, from: When, minutes: i64) -> When {
        let (start, minutes) = if from.exact {
            (from.at, minutes)
        } else {
            let end = self.turn(from, Span::new().try_days(minutes / MINUTES_OF_A_DAY));
            if minutes % MINUTES_OF_A_DAY == 0 {
                return end;
            }
            // A day ends when the next one begins.
            (end.at.checked_add(SignedDuration::from_secs(1)).unwrap_or(Timestamp::MAX), minutes % MINUTES_OF_A_DAY)
        };
        let end = start.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MAX);
        When::instant(end, &self.zone)
    }

    /// Pages of the calendar that are turned. What is too long for a span leads to the end of all days.
    fn turn(&self, from: When, span: Result<Span, Error>) -> When {
        if from.exact {
            let local = from.at.to_zoned_datetime(self.zone.clone());
            let end = span.and_then(|span| local.checked_add(span)).map_or(Timestamp::MAX, |end| end.timestamp());
            When::instant(end, &self.zone)
        } else {
            self.end_of(Day(span.and_then(|span| from.day.checked_add(span)).unwrap_or(Date::MAX)))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::tz::TimeZone;

    use super::super::{BusinessDays, Period, WeekDay};
    use super::*;

    fn berlin(holidays: &[&str]) -> Calendar {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let holidays: Vec<Day> = holidays.iter().map(|day| Day(day.parse().unwrap())).collect();
        let business = BusinessDays::new(&[WeekDay::Saturday, WeekDay::Sunday], &holidays).unwrap();
        let as_of = Calendar::instant("2026-06-30", &zone).unwrap();
        Calendar { business, ..Calendar::new(zone, Period::default(), as_of) }
    }

    /// A day, or an instant by the clock of Berlin.
    fn when(text: &str) -> When {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        match text.parse::<Timestamp>() {
            Ok(at) => When::instant(at, &zone),
            Err(_) if text.len() == 10 => When::day(text.parse().unwrap(), &zone).unwrap(),
            Err(_) => {
                let local: jiff::civil::DateTime = text.parse().unwrap();
                When::instant(local.to_zoned_datetime(zone.clone()).unwrap().timestamp(), &zone)
            }
        }
    }

    fn length(text: &str) -> Length {
        text.parse().unwrap()
    }

    #[track_caller]
    fn adds(calendar: &Calendar, cases: &[(&str, &str, &str)]) {
        for (from, length, end) in cases {
            assert_eq!(calendar.add(when(from), length.parse().unwrap()), when(end), "{length} after {from}");
        }
    }

    #[test]
    fn hours_pass_also_over_a_change_of_the_clocks() {
        adds(
            &berlin(&[]),
            &[
                ("2026-03-04T18:00", "24h", "2026-03-05T18:00"),
                ("2026-03-04T18:00", "0h", "2026-03-04T18:00"),
                ("2026-03-04T23:45", "30min", "2026-03-05T00:15"),
                // The clocks went forward on 29 March and back on 25 October 2026.
                ("2026-03-28T12:00", "24h", "2026-03-29T13:00"),
                ("2026-10-24T12:00", "24h", "2026-10-25T11:00"),
            ],
        );
    }

    #[test]
    fn hours_after_a_day_are_counted_from_its_end() {
        adds(
            &berlin(&[]),
            &[
                ("2026-03-04", "24h", "2026-03-05"),
                ("2026-03-04", "48h", "2026-03-06"),
                ("2026-03-04", "0h", "2026-03-04"),
                ("2026-03-04", "1440min", "2026-03-05"),
                ("2026-03-04", "36h", "2026-03-06T12:00"),
                ("2026-03-04", "30min", "2026-03-05T00:30"),
                // A day is a day, also where it has 23 or 25 hours; what is left over is time that passes.
                ("2026-03-28", "24h", "2026-03-29"),
                ("2026-10-24", "24h", "2026-10-25"),
                ("2026-03-28", "3h", "2026-03-29T04:00"),
                ("2026-03-27", "36h", "2026-03-29T13:00"),
                ("2026-10-23", "36h", "2026-10-25T11:00"),
            ],
        );
    }

    #[test]
    fn days_and_months_keep_the_time_of_the_clock() {
        adds(
            &berlin(&[]),
            &[
                ("2026-03-28T12:00", "1d", "2026-03-29T12:00"),
                ("2026-10-24T12:00", "1d", "2026-10-25T12:00"),
                ("2026-03-22T12:00", "1w", "2026-03-29T12:00"),
                ("2026-02-28T12:00", "1mo", "2026-03-28T12:00"),
                // Half past two does not exist on 29 March, and exists twice on 25 October.
                ("2026-03-28T02:30", "1d", "2026-03-29T03:30"),
                ("2026-03-28T02:30", "2d", "2026-03-30T02:30"),
                ("2026-02-28T02:30", "1mo", "2026-03-28T02:30"),
                ("2026-10-24T02:30", "1d", "2026-10-25T00:30:00Z"),
                ("2026-10-25T01:30:00Z", "0d", "2026-10-25T01:30:00Z"),
                ("2026-03-04", "30d", "2026-04-03"),
                ("2026-03-04", "2w", "2026-03-18"),
            ],
        );
    }

    #[test]
    fn a_month_that_lacks_the_day_ends_earlier() {
        adds(
            &berlin(&[]),
            &[
                ("2026-01-31", "1mo", "2026-02-28"),
                ("2028-01-31", "1mo", "2028-02-29"),
                ("2026-01-31T18:00", "1mo", "2026-02-28T18:00"),
                ("2026-03-31", "1mo", "2026-04-30"),
                ("2026-08-31", "6mo", "2027-02-28"),
                ("2028-02-29", "1y", "2029-02-28"),
                ("2028-02-29", "4y", "2032-02-29"),
                ("2026-02-28", "12mo", "2027-02-28"),
                ("2027-03-01", "1y", "2028-03-01"),
                ("2027-03-01", "365d", "2028-02-29"),
            ],
        );
    }

    #[test]
    fn business_days_end_with_the_day() {
        let calendar = berlin(&["2026-04-03", "2026-04-06"]);
        adds(
            &calendar,
            &[
                // 6 March 2026 is a Friday.
                ("2026-03-06T18:00", "1bd", "2026-03-09"),
                ("2026-03-06", "1bd", "2026-03-09"),
                ("2026-03-07T09:00", "1bd", "2026-03-09"),
                ("2026-03-08", "1bd", "2026-03-09"),
                ("2026-03-09T09:00", "1bd", "2026-03-10"),
                ("2026-03-06", "5bd", "2026-03-13"),
                ("2026-03-06", "5d", "2026-03-11"),
                // Good Friday and Easter Monday.
                ("2026-04-02T18:00", "1bd", "2026-04-07"),
                ("2026-04-03T20:00", "1bd", "2026-04-07"),
                ("2026-04-02", "2bd", "2026-04-08"),
                ("2026-03-06T18:00", "0bd", "2026-03-06"),
                ("2026-03-07", "0bd", "2026-03-09"),
                ("2026-04-03", "0bd", "2026-04-07"),
            ],
        );
        // Half past eleven in the evening in UTC is the next day in Berlin.
        assert_eq!(calendar.add(when("2026-03-05T23:30:00Z"), "1bd".parse().unwrap()), when("2026-03-09"));
    }

    #[test]
    fn a_holiday_monday_moves_friday_evening_to_tuesday() {
        let calendar = berlin(&["2026-03-09"]);
        adds(&calendar, &[("2026-03-06T18:00", "1bd", "2026-03-10"), ("2026-03-06", "2bd", "2026-03-11")]);
    }

    #[test]
    fn a_termination_on_a_friday_of_which_only_the_day_is_known() {
        use Timeliness::{InTime, Late};
        let calendar = berlin(&["2026-03-09"]);
        let friday = when("2026-03-06");
        // 24 hours end with Saturday, whatever the office does; one business day ends with Tuesday.
        let (hours, business) = (calendar.add(friday, length("24h")), calendar.add(friday, length("1bd")));
        assert_eq!((hours, business), (when("2026-03-07"), when("2026-03-10")));
        for (done, in_hours, in_business_days) in [
            ("2026-03-06", InTime, InTime),
            ("2026-03-07T23:59:59", InTime, InTime),
            ("2026-03-08T00:00", Late, InTime),
            ("2026-03-10", Late, InTime),
            ("2026-03-10T23:59:59", Late, InTime),
            ("2026-03-11T00:00", Late, Late),
        ] {
            assert_eq!(calendar.late(&when(done), &hours), in_hours, "{done}");
            assert_eq!(calendar.late(&when(done), &business), in_business_days, "{done}");
        }
        // What is not done yet is pending until then, and overdue afterwards.
        let at = |text: &str| Calendar { as_of: when(text).at, ..calendar.clone() };
        assert!(!at("2026-03-07T12:00").overdue(&hours) && at("2026-03-08T00:00").overdue(&hours));
        assert!(!at("2026-03-10T23:59:59").overdue(&business) && at("2026-03-11T00:00").overdue(&business));
        // If the instant is known, hours pass from it, and the business day still ends with the day.
        adds(&calendar, &[("2026-03-06T18:00", "24h", "2026-03-07T18:00"), ("2026-03-06T18:00", "1bd", "2026-03-10")]);
    }

    #[test]
    fn business_days_are_not_days_and_months_are_not_30_of_them() {
        let calendar = berlin(&[]);
        adds(
            &calendar,
            &[
                ("2026-03-05", "5d", "2026-03-10"),
                ("2026-03-05", "5bd", "2026-03-12"),
                ("2026-01-30", "1mo", "2026-02-28"),
                ("2026-01-30", "30d", "2026-03-01"),
                ("2028-02-28", "12mo", "2029-02-28"),
                ("2028-02-28", "365d", "2029-02-27"),
                ("2028-02-28", "1y", "2029-02-28"),
                ("2027-12-31", "2mo", "2028-02-29"),
            ],
        );
        // Month by month a day is lost that is kept over both months at once; a deadline is counted from its start.
        let twice = calendar.add(calendar.add(when("2026-01-31"), length("1mo")), length("1mo"));
        assert_eq!((twice, calendar.add(when("2026-01-31"), length("2mo"))), (when("2026-03-28"), when("2026-03-31")));
    }

    #[test]
    fn nothing_is_due_after_the_end_of_all_days() {
        let calendar = berlin(&[]);
        let starts = [when("2026-03-04"), when("2026-03-04T18:00"), calendar.end_of(Day(Date::MAX))];
        for unit in ["min", "h", "d", "bd", "w", "mo", "y"] {
            for from in starts {
                let length: Length = format!("99999{unit}").parse().unwrap();
                for length in [length, Length { count: u32::MAX, ..length }] {
                    assert!(calendar.add(from, length).at >= from.at, "{length} after {from}");
                }
            }
        }
        let end = calendar.add(when("2026-03-04T18:00"), "99999y".parse().unwrap());
        assert_eq!((end.at, end.exact), (Timestamp::MAX, true));
        let end = calendar.add(when("2026-03-04"), "99999y".parse().unwrap());
        assert_eq!((end.day, end.exact), (Date::MAX, false));
    }

    #[test]
    fn what_is_known_decides_what_is_late() {
        use Timeliness::{CannotTell, InTime, Late};
        let calendar = berlin(&[]);
        for (done, due, expected) in [
            ("2026-03-05", "2026-03-05", InTime),
            ("2026-03-06", "2026-03-05", Late),
            ("2026-03-05T23:59:59", "2026-03-05", InTime),
            ("2026-03-06T00:00", "2026-03-05", Late),
            // Still 5 March in UTC.
            ("2026-03-05T23:10:00Z", "2026-03-05", Late),
            ("2026-03-05T18:00", "2026-03-05T18:00", InTime),
            ("2026-03-05T18:00:01", "2026-03-05T18:00", Late),
            ("2026-03-05", "2026-03-05T18:00", CannotTell),
            ("2026-03-04", "2026-03-05T18:00", InTime),
            ("2026-03-06", "2026-03-05T18:00", Late),
        ] {
            assert_eq!(calendar.late(&when(done), &when(due)), expected, "{done}, due {due}");
        }
    }

    #[test]
    fn a_day_is_over_when_it_has_ended() {
        let at = |text: &str| Calendar { as_of: when(text).at, ..berlin(&[]) };
        assert!(!at("2026-03-05T23:59:59.999").overdue(&when("2026-03-05")));
        assert!(at("2026-03-06T00:00").overdue(&when("2026-03-05")));
        assert!(!at("2026-03-05T18:00").overdue(&when("2026-03-05T18:00")));
        assert!(at("2026-03-05T18:00:01").overdue(&when("2026-03-05T18:00")));
        assert!(!at("2026-03-05").overdue(&when("2026-03-05")));
    }
}
