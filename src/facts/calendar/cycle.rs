//! The cycles of the calendar, in which something is done again and again.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan};

use super::{Cadence, Calendar, Day, Period};
use crate::text::shown;

/// One cycle of the calendar: a day, a week, a month, a quarter, a half or a year.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cycle {
    /// Its name: `2026-03-04`, `2026-W09` (a week of ISO 8601), `2026-03`, `2026-Q1`, `2026-H1`, `2026`; and
    /// `FY2026-Q1`, `FY2026-H1`, `FY2026` where the fiscal year is not the calendar year.
    pub name: String,
    /// First day.
    pub from: Day,
    /// Last day; it belongs to the cycle.
    pub to: Day,
}

impl Cycle {
    /// Reads the name of a cycle as people write it: `2026-Q1`, `2026Q1`, `Q1 2026`, `2026-H1`, `2026-03`, `2026-W09`,
    /// `2026-03-04`, `2026`, `FY2026-Q1`, `FY26 Q1`, `FY2026`. What is named with FY belongs to the fiscal year, which
    /// begins in the month `fiscal_start` and has the number of the calendar year in which it ends; what is named
    /// without belongs to the calendar year, also where the fiscal year is another.
    ///
    /// # Errors
    /// What was not understood, and what to write, in a sentence.
    pub fn parse(name: &str, fiscal_start: u8) -> Result<Self, String> {
        read(name, start_month(fiscal_start)).ok_or_else(|| {
            format!("{} names no cycle; write 2026-Q1, 2026-H1, 2026-03, 2026-W09, 2026 or FY2026-Q1", shown(name))
        })
    }

    /// Whether a day lies in the cycle.
    #[must_use]
    pub fn contains(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// Its days as a period.
    #[must_use]
    pub fn period(&self) -> Period {
        Period { from: Some(self.from), to: Some(self.to) }
    }

    /// Whether two cycles have the same days, whatever their names: the first quarter of a calendar year is the last
    /// one of a fiscal year that begins in April.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (self.from, self.to) == (other.from, other.to)
    }

    fn day(day: Day) -> Self {
        Self { name: day.to_string(), from: day, to: day }
    }

    fn week(week: ISOWeekDate) -> Self {
        let day = week.date();
        let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
        let sunday = monday.saturating_add(Span::new().days(6));
        Self { name: format!("{:04}-W{:02}", week.year(), week.week()), from: Day(monday), to: Day(sunday) }
    }

    /// The cycle of a number of months that begins with a month.
    fn months(first: Month, count: i32, start: i32) -> Self {
        let after = first.0 + count;
        let last = Month(after).first_day().and_then(|next| next.yesterday().ok()).unwrap_or(Date::MAX);
        let name = if count == 1 {
            format!("{:04}-{:02}", first.0.div_euclid(12), first.0.rem_euclid(12) + 1)
        } else {
            let part = (first.0 - start).rem_euclid(12) / count + 1;
            // The year of the month in which it ends, as far as it does not end with the calendar year.
            let year = (first.0 - start).div_euclid(12) + i32::from(start > 0);
            let fiscal = if start > 0 { "FY" } else { "" };
            match count {
                3 => format!("{fiscal}{year:04}-Q{part}"),
                6 => format!("{fiscal}{year:04}-H{part}"),
                _ => format!("{fiscal}{year:04}"),
            }
        };
        Self { name, from: Day(first.first_day().unwrap_or(Date::MIN)), to: Day(last) }
    }
}

impl Calendar {
    /// All cycles that have a day in common with `from..=to`, in order; each with all of its days, also those that lie
    /// outside. Weeks are those of ISO 8601; quarters, halves and years begin with the fiscal year.
    #[must_use]
    pub fn cycles(&self, cadence: Cadence, from: Day, to: Day) -> Vec<Cycle> {
        let mut found = Vec::new();
        let mut next = Some(from);
        while let Some(day) = next.filter(|day| *day <= to) {
            let cycle = self.cycle(cadence, day);
            next = cycle.to.0.tomorrow().ok().map(Day);
            found.push(cycle);
        }
        found
    }

    /// The cycle in which a day lies.
    #[must_use]
    pub fn cycle(&self, cadence: Cadence, day: Day) -> Cycle {
        let start = start_month(self.fiscal_start);
        match cadence {
            Cadence::Daily => Cycle::day(day),
            Cadence::Weekly => Cycle::week(day.0.iso_week_date()),
            Cadence::Monthly => Cycle::months(Month::of(day), 1, start),
            Cadence::Quarterly => Cycle::months(Month::of(day).aligned(3, start), 3, start),
            Cadence::SemiAnnually => Cycle::months(Month::of(day).aligned(6, start), 6, start),
            Cadence::Annually => Cycle::months(Month::of(day).aligned(12, start), 12, start),
        }
    }
}

/// A month, by the number of months since the first of the year 0.
#[derive(Clone, Copy)]
struct Month(i32);

impl Month {
    fn of(day: Day) -> Self {
        Self(i32::from(day.0.year()) * 12 + i32::from(day.0.month()) - 1)
    }

    /// The first month of the cycle of some months that this one belongs to, where a year begins with month `start`.
    fn aligned(self, count: i32, start: i32) -> Self {
        Self(self.0 - (self.0 - start).rem_euclid(count))
    }

    /// `None` outside the calendar.
    fn first_day(self) -> Option<Date> {
        let year = i16::try_from(self.0.div_euclid(12)).ok()?;
        let month = i8::try_from(self.0.rem_euclid(12) + 1).ok()?;
        Date::new(year, month, 1).ok()
    }
}

/// The month in which the fiscal year begins, counted from 0; what is no month is taken for the nearest one.
fn start_month(fiscal_start: u8) -> i32 {
    i32::from(fiscal_start.clamp(1, 12)) - 1
}

fn read(name: &str, start: i32) -> Option<Cycle> {
    const LONGEST: usize = 16;
    let name = name.trim().to_ascii_uppercase();
    if name.len() > LONGEST {
        return None;
    }
    match parts(&name)?.as_slice() {
        ["FY", year] => Some(part(fiscal(year)?, 12, 1, start)),
        ["FY", year, kind, number] | [kind, number, "FY", year] => {
            let (count, number) = fraction(kind, number)?;
            Some(part(fiscal(year)?, count, number, start))
        }
        [year] => Some(part(calendar(year)?, 12, 1, 0)),
        [year, "W", week] | ["W", week, year] => {
            let year = i16::try_from(calendar(year)?).ok()?;
            let week = i8::try_from(digits(week, 1, 2)?).ok()?;
            ISOWeekDate::new(year, week, Weekday::Monday).ok().map(Cycle::week)
        }
        [year, kind @ ("Q" | "H"), number] | [kind @ ("Q" | "H"), number, year] => {
            let (count, number) = fraction(kind, number)?;
            Some(part(calendar(year)?, count, number, 0))
        }
        [year, month] => {
            let (year, month) = (calendar(year)?, digits(month, 2, 2)?);
            (1..=12).contains(&month).then(|| part(year, 1, month, 0))
        }
        [year, month, day] => {
            let day = format!("{:04}-{:02}-{:02}", calendar(year)?, digits(month, 2, 2)?, digits(day, 2, 2)?);
            day.parse().ok().map(|day| Cycle::day(Day(day)))
        }
        _ => None,
    }
}

/// The runs of letters and of digits, between which one blank, hyphen or slash may stand.
fn parts(name: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.bytes().next() {
        let same: fn(&u8) -> bool = if first.is_ascii_digit() { u8::is_ascii_digit } else { u8::is_ascii_alphabetic };
        let length = rest.bytes().take_while(same).count();
        if length == 0 {
            return None;
        }
        let (part, after) = rest.split_at(length);
        parts.push(part);
        rest = match after.strip_prefix([' ', '-', '/']) {
            Some("") => return None,
            Some(rest) => rest,
            None => after,
        };
    }
    Some(parts)
}

/// The part with a number, from 1, of a year that is divided into parts of some months and begins with month `start`.
fn part(year: i32, count: i32, number: i32, start: i32) -> Cycle {
    let first = (year - i32::from(start > 0)) * 12 + start + (number - 1) * count;
    Cycle::months(Month(first), count, start)
}

/// Months of a quarter or half, and its number.
fn fraction(kind: &str, number: &str) -> Option<(i32, i32)> {
    let number = digits(number, 1, 1)?;
    match (kind, number) {
        ("Q", 1..=4) => Some((3, number)),
        ("H", 1..=2) => Some((6, number)),
        _ => None,
    }
}

fn calendar(year: &str) -> Option<i32> {
    digits(year, 4, 4)
}

fn fiscal(year: &str) -> Option<i32> {
    digits(year, 4, 4).or_else(|| digits(year, 2, 2).map(|year| 2000 + year))
}

fn digits(text: &str, least: usize, most: usize) -> Option<i32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain && (least..=most).contains(&text.len()))
}
