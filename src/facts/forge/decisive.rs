//! Which of several reviews of one person decides.

use std::hash::Hash;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::Said;

/// The last decision of each reviewer among reviews, as positions among them; with whether that reviewer had approved
/// before. Where each review has its time, the latest is the last one; otherwise their order tells.
pub(super) fn latest<R, P: Eq + Hash>(
    reviews: &[R],
    by: impl Fn(&R) -> P,
    at: impl Fn(&R) -> Option<Timestamp>,
    said: impl Fn(&R) -> Said,
) -> Vec<(usize, bool)> {
    let mut order: Vec<usize> = (0..reviews.len()).collect();
    if reviews.iter().all(|review| at(review).is_some()) {
        // At one and the same second what does not approve comes last: it must not be lost.
        order.sort_by_key(|one| (at(&reviews[*one]), said(&reviews[*one])));
    }
    let mut last: FxHashMap<P, (usize, bool)> = FxHashMap::default();
    for one in order {
        let approves = said(&reviews[one]) == Said::Approved;
        let entry = last.entry(by(&reviews[one])).or_insert((one, false));
        *entry = (one, entry.1 || approves);
    }
    let mut last: Vec<(usize, bool)> = last.into_values().collect();
    last.sort_unstable();
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latest_of(reviews: &[(&'static str, Option<i64>, Said)]) -> Vec<(usize, bool)> {
        let at = |second: Option<i64>| second.and_then(|second| Timestamp::from_second(second).ok());
        latest(reviews, |review| review.0, |review| at(review.1), |review| review.2)
    }

    #[test]
    fn the_latest_decision_of_each_reviewer_counts() {
        let reviews = [
            ("dana", Some(20), Said::ChangesRequested),
            ("dana", Some(10), Said::Approved),
            ("lena", Some(15), Said::Approved),
        ];
        assert_eq!(latest_of(&reviews), [(0, true), (2, true)]);
    }

    #[test]
    fn without_times_the_order_tells() {
        let reviews = [("dana", None, Said::Approved), ("dana", Some(1), Said::Dismissed)];
        assert_eq!(latest_of(&reviews), [(1, true)]);
    }

    #[test]
    fn of_two_decisions_in_one_second_the_stricter_counts() {
        let reviews = [("dana", Some(1), Said::ChangesRequested), ("dana", Some(1), Said::Approved)];
        assert_eq!(latest_of(&reviews), [(0, true)]);
    }
}
