//! The parts of a date as they are written, and reading them one after another.

use jiff::civil::{Date, Time, Weekday};

use super::fault::{DateFault, MONTHS, WEEKDAYS};

/// What is written, before it is known whether there is such a day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    pub(super) year: i16,
    pub(super) month: u32,
    pub(super) day: u32,
    /// The day of the week that is written beside it.
    pub(super) weekday: Option<Weekday>,
    pub(super) clock: Option<Clock>,
    /// Distance of the zone from UTC, if one is written.
    pub(super) offset: Option<Distance>,
}

/// A time of the day as it is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) nanosecond: u32,
    /// Whether the hour is one of the afternoon; `None` where the day has 24 hours.
    pub(super) afternoon: Option<bool>,
}

/// An offset as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Distance {
    pub(super) west: bool,
    pub(super) hours: u32,
    pub(super) minutes: u32,
}

impl Parts {
    /// The day.
    pub(super) fn date(&self) -> Result<Date, DateFault> {
        let month = i8::try_from(self.month).map_err(|_| DateFault::NoSuchMonth(self.month))?;
        let first = Date::new(self.year, month, 1).map_err(|_| DateFault::NoSuchMonth(self.month))?;
        let days = first.days_in_month();
        let day = i8::try_from(self.day).ok().filter(|day| (1..=days).contains(day));
        let day = day.ok_or(DateFault::NoSuchDay { year: self.year, month, days })?;
        let date = Date::new(self.year, month, day).map_err(|_| DateFault::TooFar)?;
        match self.weekday {
            Some(written) if written != date.weekday() => Err(DateFault::Weekday(date.weekday())),
            _ => Ok(date),
        }
    }
}

impl Clock {
    /// The time of the day. A leap second is the last second of its minute, as no clock of a computer counts it.
    pub(super) fn time(&self) -> Result<Time, DateFault> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(_) if !(1..=12).contains(&self.hour) => return Err(DateFault::NoSuchTime),
            Some(afternoon) => self.hour % 12 + 12 * u32::from(afternoon),
        };
        let second = if self.second == 60 { 59 } else { self.second };
        let small = |number: u32| i8::try_from(number).map_err(|_| DateFault::NoSuchTime);
        let nanosecond = i32::try_from(self.nanosecond).map_err(|_| DateFault::NoSuchTime)?;
        Time::new(small(hour)?, small(self.minute)?, small(second)?, nanosecond).map_err(|_| DateFault::NoSuchTime)
    }
}

impl Distance {
    /// Seconds east of UTC.
    pub(super) fn seconds(self) -> Result<i32, DateFault> {
        if self.hours > 23 || self.minutes > 59 {
            return Err(DateFault::NoSuchTime);
        }
        let seconds = i32::try_from(self.hours * 3600 + self.minutes * 60).map_err(|_| DateFault::NoSuchTime)?;
        Ok(if self.west { -seconds } else { seconds })
    }
}

/// The year that two digits stand for, as POSIX reads them: 1969 to 2068.
pub(super) fn short_year(number: u32) -> i16 {
    let number = i16::try_from(number).unwrap_or_default();
    if number < 69 { 2000 + number } else { 1900 + number }
}

/// What has not been read yet of a text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn next(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Reads one character if it is the next one.
    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Reads blanks and tabs; whether there was one.
    pub(super) fn blanks(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        let any = rest.len() < self.rest.len();
        self.rest = rest;
        any
    }

    /// Reads all letters of the Latin alphabet that follow.
    pub(super) fn letters(&mut self) -> &'a str {
        self.run(char::is_ascii_alphabetic, usize::MAX)
    }

    /// Reads all digits that follow, if there are neither fewer nor more; nothing otherwise.
    pub(super) fn number(&mut self, fewest: usize, most: usize) -> Option<u32> {
        let mut ahead = *self;
        let digits = ahead.run(char::is_ascii_digit, usize::MAX);
        let number = digits.parse().ok().filter(|_| (fewest..=most).contains(&digits.len()))?;
        *self = ahead;
        Some(number)
    }

    /// Reads so many digits, whatever follows.
    pub(super) fn exactly(&mut self, count: usize) -> Option<u32> {
        let mut ahead = *self;
        let digits = ahead.run(char::is_ascii_digit, count);
        let number = digits.parse().ok().filter(|_| digits.len() == count)?;
        *self = ahead;
        Some(number)
    }

    /// How many digits follow.
    pub(super) fn digits_ahead(&self) -> usize {
        self.rest.bytes().take_while(u8::is_ascii_digit).count()
    }

    /// Reads the digits behind a decimal point as billionths; at most nine of them.
    pub(super) fn billionths(&mut self) -> Option<u32> {
        let count = self.digits_ahead();
        let number = self.number(1, 9)?;
        Some(number * 10_u32.pow(9_u32.saturating_sub(u32::try_from(count).ok()?)))
    }

    /// Reads the name of a month, whole or its first three letters, and a full stop behind it.
    pub(super) fn month(&mut self) -> Option<u32> {
        let mut ahead = *self;
        let word = ahead.letters();
        let number = month(word)?;
        let short = ahead;
        // A full stop before a digit stands between the month and what follows.
        if ahead.eat('.') && ahead.digits_ahead() > 0 {
            ahead = short;
        }
        *self = ahead;
        Some(u32::from(number))
    }

    /// Reads the name of a day of the week, whole or its first three letters.
    pub(super) fn weekday(&mut self) -> Option<Weekday> {
        let mut ahead = *self;
        let at = named(ahead.letters(), &WEEKDAYS)?;
        *self = ahead;
        Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
    }

    /// Reads AM or PM: whether it is the afternoon.
    pub(super) fn half(&mut self) -> Option<bool> {
        let mut ahead = *self;
        let afternoon = match ahead.letters() {
            word if word.eq_ignore_ascii_case("am") => false,
            word if word.eq_ignore_ascii_case("pm") => true,
            _ => return None,
        };
        *self = ahead;
        Some(afternoon)
    }

    /// Reads an offset: Z, UTC, GMT, `+01:00`, `+0100` or `+01`. `None` where none of them follows.
    pub(super) fn distance(&mut self) -> Option<Distance> {
        let mut ahead = *self;
        let word = ahead.letters();
        if ["Z", "UTC", "GMT"].iter().any(|name| name.eq_ignore_ascii_case(word)) {
            *self = ahead;
            return Some(Distance { west: false, hours: 0, minutes: 0 });
        }
        let west = self.next().filter(|sign| ['+', '-'].contains(sign))? == '-';
        ahead = *self;
        ahead.eat(if west { '-' } else { '+' });
        let (hours, minutes) = match ahead.digits_ahead() {
            4 => (ahead.exactly(2)?, ahead.exactly(2)?),
            2 => (ahead.exactly(2)?, if ahead.eat(':') { ahead.number(2, 2)? } else { 0 }),
            _ => return None,
        };
        *self = ahead;
        Some(Distance { west, hours, minutes })
    }

    fn run(&mut self, of: fn(&char) -> bool, most: usize) -> &'a str {
        // Only ASCII is taken, so that every character is one byte.
        let length = self.rest.chars().take(most).take_while(of).count();
        let (run, rest) = self.rest.split_at(length);
        self.rest = rest;
        run
    }
}

/// The number of a month, from 1 to 12, by its name, in large or small letters, or the first three of them.
#[must_use]
pub fn month(word: &str) -> Option<u8> {
    let at = named(word, &MONTHS).or_else(|| word.eq_ignore_ascii_case("sept").then_some(8))?;
    u8::try_from(at + 1).ok()
}

/// The position of a name that a word is, whole or its first three letters.
fn named(word: &str, names: &[&str]) -> Option<usize> {
    const SHORT: usize = 3;
    let is = |name: &&str| {
        name.eq_ignore_ascii_case(word) || name.get(..SHORT).is_some_and(|short| short.eq_ignore_ascii_case(word))
    };
    names.iter().position(is)
}
