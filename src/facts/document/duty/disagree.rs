//! Whether two values that are stated for one duty can both hold.

use std::cmp::Ordering;

use super::Candidate;
use crate::facts::document::quantity::{Bound, Clock, Quantity, Reading};

/// How two stated values stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Whoever does what one says does what the other says.
    Agree,
    /// They differ.
    Differ,
    /// It depends on what was not said: from when a time is counted, or how long a month is.
    Unclear,
}

/// How two values of one duty and one scope stand to each other.
#[must_use]
pub fn compare(one: &Candidate<'_>, two: &Candidate<'_>) -> Standing {
    if !share_clock(one, two) {
        return Standing::Unclear;
    }
    let (one, two) = (&one.reading, &two.reading);
    if let (Quantity::Nothing, other) | (other, Quantity::Nothing) = (&one.quantity, &two.quantity) {
        return if *other == Quantity::Nothing { Standing::Agree } else { Standing::Differ };
    }
    let (first, second) = (interval(&one.quantity), interval(&two.quantity));
    match first.compare(&second) {
        Some(Ordering::Equal) => Standing::Agree,
        Some(order) => by_bounds(one, two, order),
        None if first.is_about(&second) => Standing::Unclear,
        None => match (first.days(), second.days()) {
            (Some(first), Some(second)) => by_bounds(one, two, first.cmp(&second)),
            // Business days and others are never the same promise.
            _ => Standing::Differ,
        },
    }
}

/// A rate as the time that lies between, so that it can be held against one.
fn interval(quantity: &Quantity) -> Quantity {
    match quantity {
        Quantity::Rate(rate) => rate.interval().map_or_else(|| quantity.clone(), Quantity::Length),
        _ => quantity.clone(),
    }
}

/// Two values that differ can both hold where one is the least that is done, and the other is more. Of times that lie
/// between, the shorter is the more.
fn by_bounds(one: &Reading, two: &Reading, order: Ordering) -> Standing {
    let often = matches!((&one.quantity, &two.quantity), (Quantity::Rate(_), Quantity::Rate(_)));
    let counted = matches!(one.quantity, Quantity::Count(..));
    let more = if counted { order } else { order.reverse() };
    let holds = match (one.bound, two.bound) {
        (Bound::AtLeast, Bound::Stated) => more == Ordering::Less,
        (Bound::Stated, Bound::AtLeast) => more == Ordering::Greater,
        _ => false,
    };
    if holds && (often || counted) { Standing::Agree } else { Standing::Differ }
}

/// Whether both are counted from the same event. One that does not say it counts from the usual one.
fn share_clock(one: &Candidate<'_>, two: &Candidate<'_>) -> bool {
    let clocks = |candidate: &Candidate<'_>| -> Vec<Clock> {
        let said = &candidate.reading.clocks;
        if said.is_empty() { candidate.duty.clock().into_iter().collect() } else { said.clone() }
    };
    let (one, two) = (clocks(one), clocks(two));
    one.is_empty() || two.is_empty() || one.iter().any(|clock| two.contains(clock))
}
