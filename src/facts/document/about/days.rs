//! Days as documents write them.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::facts::calendar::{self, DateFault, DateReader, Day};
use crate::text::shown;

/// A day, in any way of writing it that has one meaning. Where only a month is named it is the last day of it: until
/// then nothing can be overdue.
///
/// # Errors
/// Why the text is no day, or could be more than one.
pub(super) fn read(text: &str) -> Result<Day, String> {
    if let Some(last) = month(text) {
        return Ok(last);
    }
    let reader = DateReader { zone: TimeZone::UTC, formats: Vec::new() };
    match reader.read(text) {
        Ok(when) => Ok(Day(when.day)),
        Err(DateFault::Order) => Err(format!("{} does not say which is the day and which the month", shown(text))),
        Err(_) => Err(format!("{} is no day that can be read", shown(text))),
    }
}

/// The last day of a month that is named with its year, such as `January 2026` or `2026-01`.
fn month(text: &str) -> Option<Day> {
    let year = |text: &str| text.parse::<i16>().ok().filter(|_| text.len() == 4);
    let (year, month) = match text.split_once('-') {
        Some((first, second)) if second.len() == 2 => (year(first)?, second.parse::<i8>().ok()?),
        _ => {
            let (name, last) = text.split_once(' ')?;
            let name = name.trim_end_matches([',', '.']);
            (year(last.trim())?, i8::try_from(calendar::month(name)?).ok()?)
        }
    };
    Some(Day(Date::new(year, month, 1).ok()?.last_of_month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_with_its_last_day_and_what_has_two_meanings_is_none() {
        let day = |text: &str| read(text).ok().map(|day| day.to_string());
        for (text, expected) in [
            ("Jun 1 2018", "2018-06-01"),
            ("2026-01-15", "2026-01-15"),
            ("January 2026", "2026-01-31"),
            ("Feb. 2028", "2028-02-29"),
            ("2026-04", "2026-04-30"),
        ] {
            assert_eq!(day(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["03/04/2026", "2026-13", "2026", "1/26", "20260102", "Q1 2026", "2026-02-30"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
