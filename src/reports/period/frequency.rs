//! How often something was found: k of n with its days, and the chance that a sample would have met it. Arithmetic, and
//! no opinion.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Day;

/// Items of the sample whose chance is told: what auditors often draw of a control that operates many times.
pub const SAMPLE: usize = 25;

/// How often something was found, and how it lies in time.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Frequency {
    /// Items with an exception: k.
    pub items: usize,
    /// Items that were tested: n.
    pub of: usize,
    /// How many of the k have a day.
    pub dated: usize,
    /// The first of these days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Day>,
    /// The last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Day>,
    /// Days from the first to the last, both included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<i32>,
    /// Whether two or more lie within a tenth of the period; nothing where that cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clustered: Option<bool>,
    /// Number of items of a random sample.
    pub sample: usize,
    /// The chance, from 0 to 1 with four decimals, that such a sample meets at least one: 1 - C(n-k, s) / C(n, s).
    pub chance: f64,
}

impl Frequency {
    /// The frequency of so many items of a population, of which some have these days; nothing where there is none.
    /// `length` is the number of days of the period, where it has a beginning and an end.
    #[must_use]
    pub fn of((items, of): (usize, usize), mut days: Vec<Day>, length: Option<i64>) -> Option<Self> {
        if items == 0 {
            return None;
        }
        days.sort_unstable();
        let (first, last) = (days.first().copied(), days.last().copied());
        let within = first.zip(last).map(|(first, last)| first.days_until(last) + 1);
        let clustered = within.zip(length).filter(|_| days.len() > 1).map(|(within, length)| within * 10 <= length);
        let within = within.and_then(|within| i32::try_from(within).ok());
        let chance = (chance(items, of, SAMPLE) * 10_000.0).round() / 10_000.0;
        Some(Self { items, of, dated: days.len(), first, last, within, clustered, sample: SAMPLE, chance })
    }
}

/// The chance that a random sample of a population meets at least one of some of its items:
/// 1 - C(n-k, s) / C(n, s). A sample that is no smaller than the population is the population.
#[must_use]
pub fn chance(items: usize, of: usize, sample: usize) -> f64 {
    if items == 0 {
        return 0.0;
    }
    let drawn = sample.min(of);
    let missed = |at: usize| {
        let (left, all) = (of.saturating_sub(items).saturating_sub(at), of - at);
        // Counts of items are far below the 2^53 up to which a float is exact.
        left as f64 / all as f64
    };
    1.0 - (0..drawn).map(missed).product::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_of_a_sample_is_that_of_drawing_without_putting_back() {
        // Worked out with exact binomials: of one in two hundred, a sample of 25 meets it in one of eight cases.
        for (items, of, expected) in [
            (1, 200, 0.125),
            (5, 200, 0.4908),
            (1, 52, 0.4808),
            (0, 200, 0.0),
            (1, 25, 1.0),
            (3, 3, 1.0),
            (180, 200, 1.0),
        ] {
            let found = chance(items, of, SAMPLE);
            assert!((found - expected).abs() < 0.0001, "{items} of {of}: {found}");
        }
        assert!((chance(2, 2, 1) - 1.0).abs() < f64::EPSILON);
        assert!((chance(1, 2, 1) - 0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn what_lies_within_a_tenth_of_the_period_is_clustered() {
        let day = |text: &str| Day(text.parse().unwrap_or_default());
        let of = |last: &str, length| {
            Frequency::of((2, 40), vec![day(last), day("2026-03-02")], length).and_then(|found| found.clustered)
        };
        assert_eq!(of("2026-03-19", Some(181)), Some(true), "18 days of 181");
        assert_eq!(of("2026-03-20", Some(181)), Some(false), "19 days of 181");
        assert_eq!(of("2026-03-03", None), None, "a period without an end has no tenth");
        let alone = Frequency::of((1, 40), vec![day("2026-03-02")], Some(181));
        assert_eq!(alone.and_then(|found| found.clustered), None, "one is no cluster");
        assert_eq!(Frequency::of((0, 40), Vec::new(), Some(181)), None);
    }
}
