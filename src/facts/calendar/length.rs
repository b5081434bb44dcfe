//! Lengths of time, as controls state them: `24h`, `5bd`, `30d`, `12mo`.

use std::fmt;
use std::str::FromStr;

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
const UNITS: [(Unit, &str, &str); 7] = [
    (Unit::Minutes, "min", "minute"),
    (Unit::Hours, "h", "hour"),
    (Unit::Days, "d", "day"),
    (Unit::BusinessDays, "bd", "business day"),
    (Unit::Weeks, "w", "week"),
    (Unit::Months, "mo", "month"),
    (Unit::Years, "y", "year"),
];

/// Regular expression of a length, for schemas.
pub const PATTERN: &str = "^[0-9]{1,5}(min|h|d|bd|w|mo|y)$";

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

impl fmt::Display for Length {
    /// As people say it: `5 business days`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = UNITS.iter().find(|(unit, ..)| *unit == self.unit).map_or("", |(_, _, word)| word);
        let plural = if self.count == 1 { "" } else { "s" };
        write!(formatter, "{} {word}{plural}", self.count)
    }
}
