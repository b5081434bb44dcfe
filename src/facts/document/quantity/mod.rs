//! Quantities as people write them in sentences: how long, how often, how many, and what only looks like one.
//!
//! Nothing is guessed: what can be read in two ways, and what was left to be filled in, is a quantity of its own.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use crate::facts::calendar::{Cadence, Length, Unit};

mod around;
mod numbers;
mod placeholder;
mod reader;
pub mod tokens;
mod units;

pub use reader::read;

/// What some words state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A length of time: `within five business days`.
    Length(Length),
    /// How often: `quarterly`, `twice a year`, `every 12 months`.
    Rate(Rate),
    /// How many: `two approvals`, `12 characters`, or a number alone.
    Count(u32, Counted),
    /// A share, in percent.
    Percent(u32),
    /// That nothing is asked for: `never`, `do not need to`.
    Nothing,
    /// Words that can be read in two ways, with both readings.
    Ambiguous(String),
    /// A place that was left to be filled in: `[Number, e.g., 24] hours`.
    Placeholder,
}

/// How often something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many times; never 0.
    pub times: u32,
    /// In which time.
    pub per: Length,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counted {
    /// Persons, or what persons give: approvals.
    People,
    /// Characters of a password.
    Characters,
    /// Attempts.
    Attempts,
    /// Passwords.
    Passwords,
    /// Something else, or nothing that is said.
    Other,
}

/// Whether the quantity is the least, the most, or what is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// `at least`, `a minimum of`. Of a rate: that often or more often.
    AtLeast,
    /// `within`, `no later than`, `up to`.
    AtMost,
    /// Neither is said.
    Stated,
}

/// What a length of time is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Until something must be done: `within`, `no later than`, `30 days after`.
    Until,
    /// How long something lasts: `for 90 days`.
    For,
    /// An age at which something changes: `after 90 days of inactivity`, `older than`.
    Age,
    /// Not said.
    Plain,
}

/// From which event a time is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Clock {
    /// The end of an employment or a contract.
    Termination,
    /// A change of role.
    Transfer,
    /// A notice that somebody got.
    Notification,
    /// The day on which something was noticed.
    Detection,
    /// The day on which something was published, or a patch for it.
    Publication,
    /// The first day of an employment.
    Hire,
    /// The end of an incident.
    Resolution,
    /// A report.
    Report,
    /// A change.
    Change,
    /// A contract.
    Contract,
}

/// A quantity in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What is stated.
    pub quantity: Quantity,
    /// Whether it is the least or the most.
    pub bound: Bound,
    /// What a length of time is for.
    pub form: Form,
    /// From when a time is counted, where that is said; several, if any of them will do.
    pub clocks: Vec<Clock>,
    /// Where it stands in the text, in bytes, without the words of its bound.
    pub at: Range<usize>,
}

impl Quantity {
    /// How two quantities of one kind compare; of rates, the more frequent is the greater. `None` where they are of two
    /// kinds, or where it depends on the calendar.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Count(one, _), Self::Count(two, _)) | (Self::Percent(one), Self::Percent(two)) => Some(one.cmp(two)),
            (Self::Nothing, Self::Nothing) => Some(Ordering::Equal),
            (Self::Length(one), Self::Length(two)) => one.compare(*two),
            (Self::Rate(one), Self::Rate(two)) => one.compare(*two),
            _ => None,
        }
    }

    /// About how many days a time has; `None` for business days and for what is no time.
    #[must_use]
    pub fn days(&self) -> Option<u32> {
        match self {
            Self::Length(length) => days(*length).map(|(least, _)| least),
            _ => None,
        }
    }

    /// Whether two quantities that the calendar keeps apart say about the same: 30 days and a month, 365 days and a year.
    #[must_use]
    pub fn is_about(&self, other: &Self) -> bool {
        let days = |quantity: &Self| match quantity {
            Self::Length(length) => days(*length),
            Self::Rate(rate) => days(rate.per).map(|(least, most)| (least / rate.times, most / rate.times)),
            _ => None,
        };
        let same_kind = std::mem::discriminant(self) == std::mem::discriminant(other);
        let both = days(self).zip(days(other)).filter(|_| same_kind);
        both.is_some_and(|((least, most), (other_least, other_most))| least <= other_most && other_least <= most)
    }
}

/// The fewest and the most days that a length can be; `None` for business days and what is shorter than a day.
fn days(length: Length) -> Option<(u32, u32)> {
    let count = length.count;
    match length.unit {
        Unit::Days => Some((count, count)),
        Unit::Weeks => Some((count.checked_mul(7)?, count.checked_mul(7)?)),
        // People count a month as 30 days and a quarter as 90.
        Unit::Months => Some((count.checked_mul(30)?, count.checked_mul(31)?)),
        Unit::Years => Some((count.checked_mul(360)?, count.checked_mul(366)?)),
        Unit::Minutes | Unit::Hours | Unit::BusinessHours | Unit::BusinessDays => None,
    }
}

impl Rate {
    /// Which of two rates is more frequent; `None` where that depends on the calendar.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let times = |length: Length, times: u32| {
            length.count.checked_mul(times).map(|count| Length { count, unit: length.unit })
        };
        // The rarer one takes the longer time for as many times.
        times(self.per, other.times)?.compare(times(other.per, self.times)?).map(Ordering::reverse)
    }

    /// The time from one to the next, where that is a whole number of some unit.
    #[must_use]
    pub fn interval(self) -> Option<Length> {
        let Length { count, unit } = self.per;
        let (count, unit) = match unit {
            Unit::Years if self.times > 1 => (count.checked_mul(12)?, Unit::Months),
            Unit::Weeks if self.times > 1 => (count.checked_mul(7)?, Unit::Days),
            _ => (count, unit),
        };
        (count % self.times == 0).then(|| Length { count: count / self.times, unit })
    }
}

impl From<Cadence> for Rate {
    fn from(cadence: Cadence) -> Self {
        let (count, unit) = match cadence {
            Cadence::Daily => (1, Unit::Days),
            Cadence::Weekly => (1, Unit::Weeks),
            Cadence::Monthly => (1, Unit::Months),
            Cadence::Quarterly => (3, Unit::Months),
            Cadence::SemiAnnually => (6, Unit::Months),
            Cadence::Annually => (12, Unit::Months),
        };
        Self { times: 1, per: Length { count, unit } }
    }
}

impl fmt::Display for Rate {
    /// As people say it: `quarterly`, `every 2 weeks`, `3 times a week`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(interval) = self.interval() else {
            return write!(formatter, "{} times every {}", self.times, self.per);
        };
        let known = [
            (1, Unit::Days, "daily"),
            (1, Unit::Weeks, "weekly"),
            (1, Unit::Months, "monthly"),
            (3, Unit::Months, "quarterly"),
            (6, Unit::Months, "every 6 months"),
            (12, Unit::Months, "annually"),
            (1, Unit::Years, "annually"),
        ];
        match known.iter().find(|(count, unit, _)| (*count, *unit) == (interval.count, interval.unit)) {
            Some((.., word)) => formatter.write_str(word),
            None => write!(formatter, "every {interval}"),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(length) => length.fmt(formatter),
            Self::Rate(rate) => rate.fmt(formatter),
            Self::Count(count, counted) => match counted.noun(*count) {
                Some(noun) => write!(formatter, "{count} {noun}"),
                None => count.fmt(formatter),
            },
            Self::Percent(share) => write!(formatter, "{share} percent"),
            Self::Nothing => formatter.write_str("nothing"),
            Self::Ambiguous(readings) => formatter.write_str(readings),
            Self::Placeholder => formatter.write_str("a place to be filled in"),
        }
    }
}

impl Counted {
    fn noun(self, count: u32) -> Option<&'static str> {
        let (one, many) = match self {
            Self::People => ("person", "people"),
            Self::Characters => ("character", "characters"),
            Self::Attempts => ("attempt", "attempts"),
            Self::Passwords => ("password", "passwords"),
            Self::Other => return None,
        };
        Some(if count == 1 { one } else { many })
    }
}
