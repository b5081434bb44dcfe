//! Lengths of time, as controls state them: `24h`, `5bd`, `30d`, `12mo`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Length {
    /// How many; never negative.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// What a length is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Minutes, written `30min`.
    Minutes,
    /// Hours, written `24h`.
    Hours,
    /// Hours of business days, written `4bh`.
    BusinessHours,
    /// Calendar days, written `30d`.
    Days,
    /// Business days, written `5bd`.
    BusinessDays,
    /// Weeks, written `2w`.
    Weeks,
    /// Calendar months, written `12mo`.
    Months,
    /// Years, written `1y`.
    Years,
}

/// The units with the letters that stand for them and the words that people use.
const UNITS: [(Unit, &str, &str); 8] = [
    (Unit::Minutes, "min", "minute"),
    (Unit::Hours, "h", "hour"),
    (Unit::BusinessHours, "bh", "business hour"),
    (Unit::Days, "d", "day"),
    (Unit::BusinessDays, "bd", "business day"),
    (Unit::Weeks, "w", "week"),
    (Unit::Months, "mo", "month"),
    (Unit::Years, "y", "year"),
];

/// Regular expression of a length, for schemas.
pub const PATTERN: &str = "^[0-9]{1,5}(min|h|bh|d|bd|w|mo|y)$";

impl Length {
    /// Which of two lengths is longer. `None` where that depends on the calendar: days and months cannot be told apart
    /// by counting, and neither can business days and others.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let ((family, count), (other_family, other_count)) = (self.counted(), other.counted());
        (family == other_family || (count == 0 && other_count == 0)).then(|| count.cmp(&other_count))
    }

    /// Whether it is longer than another in every calendar: 90 days are longer than 2 months, and 30 days may not be
    /// longer than 1. Business days may have weekends and a few holidays among them.
    #[must_use]
    pub fn is_surely_longer(self, than: Self) -> bool {
        self.compare(than).map_or_else(|| self.minutes().0 > than.minutes().1, Ordering::is_gt)
    }

    /// The fewest and the most minutes that the length can have.
    fn minutes(self) -> (u64, u64) {
        const DAY: u64 = 24 * 60;
        let count = u64::from(self.count);
        match self.unit {
            Unit::Minutes => (count, count),
            Unit::Hours => (count * 60, count * 60),
            Unit::Days => (count * DAY, count * DAY),
            // A business day has at least an hour, and at most all of them.
            Unit::BusinessHours => (count * 60, (count + count.div_ceil(5) * 2 + 4) * DAY),
            Unit::BusinessDays => (count * DAY, (count + count.div_ceil(5) * 2 + 4) * DAY),
            Unit::Weeks => (count * 7 * DAY, count * 7 * DAY),
            Unit::Months => (count * 28 * DAY, count * 31 * DAY),
            Unit::Years => (count * 365 * DAY, count * 366 * DAY),
        }
    }

    /// The length in the smallest unit of those that it can be counted in.
    fn counted(self) -> (Unit, u64) {
        let count = u64::from(self.count);
        match self.unit {
            Unit::Minutes => (Unit::Minutes, count),
            Unit::Hours => (Unit::Minutes, count * 60),
            Unit::BusinessHours => (Unit::BusinessHours, count),
            Unit::Days => (Unit::Minutes, count * 60 * 24),
            Unit::Weeks => (Unit::Minutes, count * 60 * 24 * 7),
            Unit::BusinessDays => (Unit::BusinessDays, count),
            Unit::Months => (Unit::Months, count),
            Unit::Years => (Unit::Months, count * 12),
        }
    }
}

impl FromStr for Length {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let unit = UNITS.iter().find(|(_, letters, _)| *letters == &text[digits..]).map(|(unit, ..)| *unit);
        match (text[..digits].parse(), unit) {
            (Ok(count), Some(unit)) if digits <= 5 => Ok(Self { count, unit }),
            _ => Err(format!("`{text}` is no length of time; write 24h, 30d, 5bd (business days), 12mo or 1y")),
        }
    }
}

impl TryFrom<String> for Length {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Length {
    /// As people say it: `5 business days`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = UNITS.iter().find(|(unit, ..)| *unit == self.unit).map_or("", |(_, _, word)| word);
        let plural = if self.count == 1 { "" } else { "s" };
        write!(formatter, "{} {word}{plural}", self.count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_length_is_longer_only_if_it_is_in_every_calendar() {
        let longer = |one: &str, two: &str| one.parse::<Length>().unwrap().is_surely_longer(two.parse().unwrap());
        for (one, two) in
            [("90d", "2mo"), ("90d", "30d"), ("30d", "5bd"), ("2d", "24h"), ("10bd", "1w"), ("1y", "11mo")]
        {
            assert!(longer(one, two) && !longer(two, one), "{one} {two}");
        }
        for (one, two) in [("30d", "1mo"), ("7d", "5bd"), ("365d", "1y"), ("24h", "1d")] {
            assert!(!longer(one, two) && !longer(two, one), "{one} {two}");
        }
    }

    #[test]
    fn lengths_of_one_family_are_compared_and_others_are_not() {
        let order = |one: &str, two: &str| one.parse::<Length>().ok()?.compare(two.parse().ok()?);
        assert_eq!(order("60min", "1h"), Some(Ordering::Equal));
        assert_eq!(order("13d", "2w"), Some(Ordering::Less));
        assert_eq!(order("99999w", "99999d"), Some(Ordering::Greater));
        assert_eq!(order("12mo", "1y"), Some(Ordering::Equal));
        assert_eq!(order("5bd", "6bd"), Some(Ordering::Less));
        assert_eq!(order("0d", "0mo"), Some(Ordering::Equal));
        for (one, two) in [("30d", "1mo"), ("5bd", "7d"), ("1y", "365d"), ("1h", "1bd")] {
            assert_eq!(order(one, two), None, "{one} {two}");
        }
    }
}
