//! The days on which an organisation works.

use std::borrow::Cow;

use jiff::SignedDuration;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::Day;

/// A day of the week, written `monday` or `mon`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum WeekDay {
    #[serde(alias = "mon")]
    Monday,
    #[serde(alias = "tue")]
    Tuesday,
    #[serde(alias = "wed")]
    Wednesday,
    #[serde(alias = "thu")]
    Thursday,
    #[serde(alias = "fri")]
    Friday,
    #[serde(alias = "sat")]
    Saturday,
    #[serde(alias = "sun")]
    Sunday,
}

impl JsonSchema for WeekDay {
    fn schema_name() -> Cow<'static, str> {
        "WeekDay".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A day of the week, such as saturday or sat.",
            "enum": [
                "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
                "mon", "tue", "wed", "thu", "fri", "sat", "sun",
            ],
        })
    }
}

/// Which days are business days: all but the weekend and the holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessDays {
    /// How many business days a week has up to each weekday, Monday first, holidays not regarded.
    worked: [i64; 7],
    /// Holidays that do not fall on a weekend, as numbers of days, ascending.
    holidays: Vec<i64>,
}

/// A Monday, from which days are numbered.
const MONDAY: Date = Date::constant(1970, 1, 5);

impl Default for BusinessDays {
    /// Monday to Friday, without holidays.
    fn default() -> Self {
        Self { worked: [1, 2, 3, 4, 5, 5, 5], holidays: Vec::new() }
    }
}

impl BusinessDays {
    /// All days but those of a weekend, which may be empty, and the holidays, in any order. `None` if all seven days
    /// are weekend, because then there is no business day at all.
    #[must_use]
    pub fn new(weekend: &[WeekDay], holidays: &[Day]) -> Option<Self> {
        let mut worked = [1; 7];
        for day in weekend {
            worked[*day as usize] = 0;
        }
        let is_off = |number: i64| worked[weekday(number)] == 0;
        let mut holidays: Vec<i64> = holidays.iter().map(|day| number(day.0)).filter(|at| !is_off(*at)).collect();
        holidays.sort_unstable();
        holidays.dedup();
        for day in 1..worked.len() {
            worked[day] += worked[day - 1];
        }
        (worked[6] > 0).then_some(Self { worked, holidays })
    }

    /// Whether a day is a business day.
    #[must_use]
    pub fn contains(&self, day: Day) -> bool {
        let number = number(day.0);
        self.up_to(number) > self.up_to(number - 1)
    }

    /// The business day that is `count` business days after a day, which counts itself as the last business day
    /// before it if it is none. With 0 it is the day itself, or the next business day. The end of all days where there
    /// are not that many.
    #[must_use]
    pub fn after(&self, day: Day, count: u32) -> Day {
        if count == 0 && self.contains(day) {
            return day;
        }
        let start = number(day.0);
        let wanted = self.up_to(start) + i64::from(count.max(1));
        // The number of business days never falls from one day to the next, so the first day that has enough is
        // found by halving; a calendar that is full of holidays costs no more than any other.
        let (mut low, mut high) = (start + 1, number(Date::MAX));
        while low < high {
            let middle = low + (high - low) / 2;
            if self.up_to(middle) < wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let reached = MONDAY.checked_add(SignedDuration::from_hours(low.saturating_mul(24)));
        Day(reached.unwrap_or(Date::MAX))
    }

    /// How many business days there are up to a day and with it, counted from the Monday; negative before it.
    fn up_to(&self, number: i64) -> i64 {
        let holidays = self.holidays.partition_point(|holiday| *holiday <= number);
        number.div_euclid(7) * self.worked[6] + self.worked[weekday(number)] - i64::try_from(holidays).unwrap_or(0)
    }
}

/// How many days a day comes after the Monday.
fn number(day: Date) -> i64 {
    MONDAY.duration_until(day).as_hours().div_euclid(24)
}

/// Position in the week of a day that has a number, Monday first.
fn weekday(number: i64) -> usize {
    usize::try_from(number.rem_euclid(7)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn weekends_and_holidays_are_no_business_days() {
        let days = BusinessDays::new(&[WeekDay::Friday, WeekDay::Saturday], &[day("2026-03-04")]).unwrap();
        let business: Vec<bool> = (1..=7).map(|number| days.contains(Day(Date::constant(2026, 3, number)))).collect();
        // 1 March 2026 is a Sunday.
        assert_eq!(business, [true, true, true, false, true, false, false]);
        assert!(days.contains(day("1969-12-28")) && !days.contains(day("1969-12-26")), "also before the count begins");
    }

    #[test]
    fn a_week_without_business_days_is_none() {
        use WeekDay::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        let all = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
        assert_eq!(BusinessDays::new(&all, &[]), None);
        let one = BusinessDays::new(&all[1..], &[]).unwrap();
        assert_eq!(one.after(day("2026-03-02"), 2), day("2026-03-16"), "only Mondays");
        let every = BusinessDays::new(&[], &[]).unwrap();
        assert_eq!(every.after(day("2026-03-06"), 2), day("2026-03-08"));
    }

    #[test]
    fn the_order_of_holidays_and_those_on_weekends_change_nothing() {
        let given = [day("2026-12-26"), day("2026-12-25"), day("2026-12-25"), day("2026-01-01")];
        let weekend = [WeekDay::Sunday, WeekDay::Saturday];
        let days = BusinessDays::new(&weekend, &given).unwrap();
        assert_eq!(days, BusinessDays::new(&weekend, &[day("2026-01-01"), day("2026-12-25")]).unwrap());
        assert_eq!(days.after(day("2026-12-24"), 1), day("2026-12-28"));
    }

    #[test]
    fn counting_is_what_walking_finds() {
        let holidays: Vec<Day> =
            ["2025-12-25", "2025-12-26", "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14"]
                .map(day)
                .to_vec();
        let days = BusinessDays::new(&[WeekDay::Saturday, WeekDay::Sunday], &holidays).unwrap();
        let mut start = day("2025-12-20");
        while start <= day("2026-06-01") {
            for count in 0..40 {
                let mut walked = start;
                let mut left = count;
                while left > 0 || !days.contains(walked) {
                    walked = Day(walked.0.tomorrow().unwrap());
                    left -= u32::from(left > 0 && days.contains(walked));
                }
                let reached = days.after(start, count);
                assert_eq!(reached, walked, "{count} after {start}");
                assert!(days.contains(reached) && !holidays.contains(&reached));
                assert!(reached.0.weekday().to_monday_one_offset() < 6, "{reached} is a weekend");
            }
            start = Day(start.0.tomorrow().unwrap());
        }
    }

    #[test]
    fn there_is_an_end_of_all_days() {
        let days = BusinessDays::default();
        assert_eq!(days.after(Day(Date::MAX), 1), Day(Date::MAX));
        assert_eq!(days.after(Day(Date::MAX), 0), Day(Date::MAX), "a Friday");
        assert_eq!(days.after(day("9999-12-01"), u32::MAX), Day(Date::MAX));
        assert_eq!(days.after(Day(Date::MIN), 0), Day(Date::MIN), "a Monday");
    }
}
