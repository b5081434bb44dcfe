//! How often a procedure runs, from the schedule that strongdm/comply gives it: six fields of cron, seconds first.

use std::ops::RangeInclusive;

use crate::facts::calendar::Cadence;

/// Schedules that have a name.
const NAMED: [(&str, Option<Cadence>); 8] = [
    ("@yearly", Some(Cadence::Annually)),
    ("@annually", Some(Cadence::Annually)),
    ("@monthly", Some(Cadence::Monthly)),
    ("@weekly", Some(Cadence::Weekly)),
    ("@daily", Some(Cadence::Daily)),
    ("@midnight", Some(Cadence::Daily)),
    ("@hourly", None),
    ("@reboot", None),
];

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// What stands in each field, in order, with the names that its numbers have.
const FIELDS: [(&str, RangeInclusive<u8>, &[&str]); 6] = [
    ("seconds", 0..=59, &[]),
    ("minutes", 0..=59, &[]),
    ("hours", 0..=23, &[]),
    ("days of the month", 1..=31, &[]),
    ("months", 1..=12, &MONTHS),
    ("days of the week", 0..=7, &DAYS),
];

/// The cadence of a schedule; none where it is as regular as a cadence only by chance, such as twice a day.
///
/// # Errors
/// Why the text is no schedule, or more than one.
pub(super) fn read(text: &str) -> Result<Option<Cadence>, String> {
    if let Some((_, cadence)) = NAMED.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)) {
        return Ok(*cadence);
    }
    if text.to_ascii_lowercase().starts_with("@every ") {
        return Ok(None);
    }
    let written: Vec<&str> = text.split_whitespace().collect();
    if written.len() == 5 {
        return Err("five fields are read with seconds first by some, and without seconds by others".to_owned());
    }
    if written.len() != FIELDS.len() {
        return Err(format!("a schedule has six fields, seconds first, and this has {}", written.len()));
    }
    for (field, (what, range, names)) in written.iter().zip(&FIELDS) {
        if !field.split(',').all(|part| is_part(part, range, names)) {
            let (first, last) = (range.start(), range.end());
            return Err(format!("the field of {what} takes {first} to {last}, `*`, lists, ranges and steps"));
        }
    }
    Ok(cadence(&written))
}

/// Whether something is a number or a name of a field, a range of them, or `*`, with a step or without.
fn is_part(part: &str, range: &RangeInclusive<u8>, names: &[&str]) -> bool {
    let (base, step) = part.split_once('/').map_or((part, None), |(base, step)| (base, Some(step)));
    let number = |text: &str| {
        let named = names.iter().any(|name| text.eq_ignore_ascii_case(name));
        named || text.parse::<u8>().is_ok_and(|number| range.contains(&number))
    };
    let base =
        matches!(base, "*" | "?") || number(base) || base.split_once('-').is_some_and(|(a, b)| number(a) && number(b));
    base && step.is_none_or(|step| step.parse::<u8>().is_ok_and(|step| step > 0))
}

/// The cadence of fields that are all in order.
fn cadence(fields: &[&str]) -> Option<Cadence> {
    let &[second, minute, hour, day, month, weekday] = fields else { return None };
    let one = |field: &str| !field.contains([',', '-', '/', '*', '?']);
    let any = |field: &str| matches!(field, "*" | "?");
    if ![second, minute, hour].into_iter().all(one) {
        return None;
    }
    if any(day) && any(month) {
        return match weekday {
            weekday if any(weekday) => Some(Cadence::Daily),
            weekday if one(weekday) => Some(Cadence::Weekly),
            _ => None,
        };
    }
    if !one(day) || !any(weekday) {
        return None;
    }
    let listed = month.split(',').filter(|month| one(month)).count();
    match (month, listed) {
        ("*" | "?" | "*/1", _) | (_, 12) => Some(Cadence::Monthly),
        ("*/3" | "1/3", _) => Some(Cadence::Quarterly),
        ("*/6" | "1/6", _) => Some(Cadence::SemiAnnually),
        ("*/12", _) => Some(Cadence::Annually),
        (list, many) if many == list.split(',').count() => listed_months(list),
        _ => None,
    }
}

/// The cadence of months that are listed: as far apart as they would be if it were one.
fn listed_months(list: &str) -> Option<Cadence> {
    let number = |month: &str| {
        let named = MONTHS.iter().position(|name| month.eq_ignore_ascii_case(name)).map(|at| at + 1);
        named.or_else(|| month.parse().ok())
    };
    let mut months: Vec<usize> = list.split(',').map(number).collect::<Option<_>>()?;
    months.sort_unstable();
    months.dedup();
    let even = |apart: usize| months.windows(2).all(|two| two[1] - two[0] == apart);
    match months.len() {
        1 => Some(Cadence::Annually),
        2 if even(6) => Some(Cadence::SemiAnnually),
        4 if even(3) => Some(Cadence::Quarterly),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_read_where_it_is_a_cadence() {
        for (text, expected) in [
            ("0 0 0 15 4 *", Some(Cadence::Annually)),
            ("0 0 0 15 APR *", Some(Cadence::Annually)),
            ("0 0 0 15 * *", Some(Cadence::Monthly)),
            ("0 0 0 1 1,4,7,10 *", Some(Cadence::Quarterly)),
            ("0 0 0 1 */3 *", Some(Cadence::Quarterly)),
            ("0 0 0 1 2,8 ?", Some(Cadence::SemiAnnually)),
            ("0 0 9 * * 1", Some(Cadence::Weekly)),
            ("0 0 9 ? * MON", Some(Cadence::Weekly)),
            ("0 0 9 * * *", Some(Cadence::Daily)),
            ("@monthly", Some(Cadence::Monthly)),
            ("0 0 9 1 * 1", None),
            ("0 0 9 * * 1-5", None),
            ("0 0 0 1 1,2 *", None),
            ("0 0 0 1,15 * *", None),
            ("0 * * * * *", None),
            ("@every 24h", None),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_told() {
        for (text, why) in [
            ("0 0 1 * *", "five fields"),
            ("monthly", "and this has 1"),
            ("0 0 0 32 1 *", "the field of days of the month takes 1 to 31"),
            ("0 0 0 1 13 *", "the field of months"),
            ("0 0 24 1 1 *", "the field of hours"),
            ("0 0 0 1 */0 *", "the field of months"),
            ("0 0 0 1 1, *", "the field of months"),
            ("", "and this has 0"),
        ] {
            assert!(read(text).is_err_and(|message| message.contains(why)), "{text}");
        }
    }
}
