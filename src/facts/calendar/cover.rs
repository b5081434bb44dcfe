//! Whether spans of days cover another span without a hole.

use std::cmp::Reverse;

use super::Day;

/// The longest spans of days of `from..=to` that no span of `covered` holds, in order. Both ends of a span belong to it;
/// spans may overlap, and a span that begins on the day after another leaves no hole. One that ends before it begins
/// covers nothing. `covered` is put in order.
#[must_use]
pub fn gaps(covered: &mut [(Day, Day)], from: Day, to: Day) -> Vec<(Day, Day)> {
    covered.sort_unstable();
    let mut found = Vec::new();
    // The first day of which it is not known yet whether it is covered.
    let mut open = from;
    for &(first, last) in covered.iter().filter(|(first, last)| first <= last) {
        if open > to || first > to {
            break;
        }
        if let (true, Ok(before)) = (open < first, first.0.yesterday()) {
            found.push((open, Day(before)));
        }
        if last >= open {
            match last.0.tomorrow() {
                Ok(next) => open = Day(next),
                Err(_) => return found,
            }
        }
    }
    if open <= to {
        found.push((open, to));
    }
    found
}

/// The longest of the [`gaps`], and the first of those that are as long.
#[must_use]
pub fn longest_gap(covered: &mut [(Day, Day)], from: Day, to: Day) -> Option<(Day, Day)> {
    gaps(covered, from, to).into_iter().min_by_key(|(first, last)| Reverse(first.days_until(*last)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::Date;

    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    fn span(text: &str) -> (Day, Day) {
        let (from, to) = text.split_once("..").unwrap();
        (day(from), day(to))
    }

    /// The gaps of 2026.
    fn found(covered: &[&str]) -> Vec<String> {
        let mut covered: Vec<(Day, Day)> = covered.iter().map(|text| span(text)).collect();
        let gaps = gaps(&mut covered, day("2026-01-01"), day("2026-12-31"));
        gaps.into_iter().map(|(from, to)| format!("{from}..{to}")).collect()
    }

    #[test]
    fn what_touches_leaves_no_gap() {
        assert_eq!(found(&["2026-01-01..2026-12-31"]), [""; 0]);
        assert_eq!(found(&["2026-07-01..2026-12-31", "2026-01-01..2026-06-30"]), [""; 0]);
        assert_eq!(found(&["2025-01-01..2026-08-31", "2026-03-01..2026-04-01", "2026-06-01..2027-12-31"]), [""; 0]);
    }

    #[test]
    fn gaps_are_as_long_as_they_can_be() {
        assert_eq!(found(&[]), ["2026-01-01..2026-12-31"]);
        assert_eq!(found(&["2025-01-01..2025-12-31", "2027-01-01..2027-12-31"]), ["2026-01-01..2026-12-31"]);
        assert_eq!(
            found(&["2025-07-01..2026-02-28", "2026-03-02..2026-06-30", "2026-10-01..2026-11-30"]),
            ["2026-03-01..2026-03-01", "2026-07-01..2026-09-30", "2026-12-01..2026-12-31"]
        );
        assert_eq!(found(&["2026-02-01..2026-01-01"]), ["2026-01-01..2026-12-31"], "an inverted span covers nothing");
        assert_eq!(found(&["2026-02-01..2026-12-31", "2026-01-01..2026-01-01"]), ["2026-01-02..2026-01-31"]);
    }

    #[test]
    fn the_edges_of_the_calendar_do_not_break_it() {
        assert_eq!(gaps(&mut [(Day(Date::MIN), Day(Date::MAX))], Day(Date::MIN), Day(Date::MAX)), []);
        assert_eq!(gaps(&mut [], day("2026-02-01"), day("2026-01-01")), []);
        let all = (Day(Date::MIN), Day(Date::MAX));
        assert_eq!(gaps(&mut [], all.0, all.1), [all]);
    }

    #[test]
    fn the_longest_gap_is_the_first_of_its_length() {
        let (from, to) = (day("2026-01-01"), day("2026-12-31"));
        let mut covered = [span("2026-01-11..2026-06-30"), span("2026-07-11..2026-12-31")];
        assert_eq!(longest_gap(&mut covered, from, to), Some(span("2026-01-01..2026-01-10")));
        let mut covered = [span("2026-01-11..2026-06-30"), span("2026-07-12..2026-12-31")];
        assert_eq!(longest_gap(&mut covered, from, to), Some(span("2026-07-01..2026-07-11")));
        assert_eq!(longest_gap(&mut [(from, to)], from, to), None);
    }
}
