//! Why a text is no day and no instant.

use std::fmt;

use jiff::civil::Weekday;

/// Why a text is no day and no instant, in words that say what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateFault {
    /// Day and month are both numbers behind which no year stands first, and no declared format says their order.
    Order,
    /// Formats are declared, and it is written like none of them.
    Undeclared,
    /// Two declared formats read it as different points in time.
    Formats,
    /// The year has two digits.
    ShortYear,
    /// It is only a number.
    Number,
    /// There is no month of this number.
    NoSuchMonth(u32),
    /// The month has fewer days.
    NoSuchDay {
        /// The year.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
        /// How many days it has.
        days: i8,
    },
    /// The hour, minute, second or offset is out of its range.
    NoSuchTime,
    /// The day is another day of the week than is written beside it; this is the one that it is.
    Weekday(Weekday),
    /// The clocks went forward over this time, so there never was such a time.
    Skipped,
    /// The clocks went back, so there was such a time twice.
    Twice,
    /// The zone is written as a name or in letters, which mean different offsets to different people.
    Zone,
    /// It lies at the end of the calendar, or beyond.
    TooFar,
    /// It is written in no way that is known.
    Unknown,
}

/// The names of the months, in order.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl fmt::Display for DateFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::Order => {
                "numbers alone do not say which is the day and which the month; declare the order, as in \
                 `dates: [DD/MM/YYYY]` or `dates: [MM/DD/YYYY]`"
            }
            Self::Undeclared => "it is written in none of the ways that `dates:` declares",
            Self::Formats => {
                "two of the formats under `dates:` read it differently; declare only the one that is meant"
            }
            Self::ShortYear => {
                "the year has two digits; write all four, or declare how it is written, as in `dates: [D MMM YY]`"
            }
            Self::Number => {
                "a number alone is no date; where it is one, declare what it counts or how it is written, as in \
                 `dates: [epoch]`, `dates: [epoch-ms]` or `dates: [YYYYMMDD]`"
            }
            Self::NoSuchMonth(month) => return write!(formatter, "there is no month {month}"),
            Self::NoSuchDay { year, month, days } => {
                let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"this month");
                return write!(formatter, "there is no such day: {name} {year} has days 1 to {days}");
            }
            Self::NoSuchTime => "there is no such time of the day, or no such offset",
            Self::Weekday(weekday) => {
                let name = WEEKDAYS[usize::from(weekday.to_monday_zero_offset().unsigned_abs()) % WEEKDAYS.len()];
                return write!(formatter, "this day is a {name}, and another day of the week stands beside it");
            }
            Self::Skipped => "the clocks went forward over this time, so it never was; write the time with its offset",
            Self::Twice => "the clocks went back, so this time was twice; write the time with its offset",
            Self::Zone => "names of zones are not read here; write the offset, such as +01:00, or Z",
            Self::TooFar => "this lies at the end of the calendar or beyond it",
            Self::Unknown => {
                "write 2026-03-04 or 2026-03-04T18:22:00Z, or declare how it is written, as in `dates: [DD/MM/YYYY]`"
            }
        };
        formatter.write_str(words)
    }
}
