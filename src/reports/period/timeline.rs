//! The items of a test over time, for a drawing: how many of each verdict in each stretch of the period, and how long
//! items took.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::{Day, Period};
use crate::findings::population::Member;

/// The items of a test over time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Timeline {
    /// How long a stretch is.
    pub unit: Unit,
    /// The stretches of the period, oldest first, also those without an item.
    pub stretches: Vec<Stretch>,
    /// Items of days before the period.
    pub before: Tallied,
    /// Items of days after the period.
    pub after: Tallied,
    /// Items without a day.
    pub undated: Tallied,
}

/// How long a stretch of a timeline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A month of the calendar.
    Month,
}

/// A stretch of the period.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Stretch {
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// Its items.
    #[serde(flatten)]
    pub tallied: Tallied,
}

/// Items by what is said of them. An item of several counts once, under the gravest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Tallied {
    /// Of which nothing was found.
    pub passed: usize,
    /// With an exception.
    pub exceptions: usize,
    /// That nothing shows either way.
    pub unevidenced: usize,
    /// Whose evidence could not be read.
    pub untestable: usize,
    /// Not yet due.
    pub pending: usize,
}

/// How long items took, or have been open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Lifetimes {
    /// Those of the items that are told, in the order of their first days.
    pub items: Vec<Lifetime>,
    /// Number of items with a day that are not told, because there are too many.
    pub left_out: usize,
}

/// How long an item took, or has been open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Lifetime {
    /// How people name it.
    pub item: String,
    /// The day on which it happened or began.
    pub from: Day,
    /// The day on which it was done; left out where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Days from the one to the other, or to as-of where it is not done.
    pub days: i32,
    /// What is said of it.
    pub standing: ItemStanding,
}

/// What is said of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ItemStanding {
    /// Nothing was found.
    Passed,
    /// It is an exception.
    Exception,
    /// Nothing shows it either way.
    Unevidenced,
    /// Its evidence could not be read.
    Untestable,
    /// It is not yet due.
    Pending,
}

/// Items whose lifetimes are told. A drawing of more is not read by anybody; those that passed are left out first.
const DRAWN: usize = 60;
/// Periods of at most so many days are told by the day.
const BY_DAY: i64 = 21;
/// Periods of at most so many days are told by the week.
const BY_WEEK: i64 = 100;
/// Stretches of a timeline. A period that has more, as one of centuries has, is not drawn.
const STRETCHES: usize = 240;

impl Tallied {
    fn count(&mut self, standing: ItemStanding) {
        let counter = match standing {
            ItemStanding::Passed => &mut self.passed,
            ItemStanding::Exception => &mut self.exceptions,
            ItemStanding::Unevidenced => &mut self.unevidenced,
            ItemStanding::Untestable => &mut self.untestable,
            ItemStanding::Pending => &mut self.pending,
        };
        *counter += 1;
    }
}

impl Timeline {
    /// The items of a population over a period; nothing where none of them has a day, or where the period has no beginning
    /// or no end. `standing` says what is said of an item.
    #[must_use]
    pub fn of(members: &[Member], period: Period, standing: impl Fn(&Member) -> ItemStanding) -> Option<Self> {
        let (from, to) = period.from.zip(period.to)?;
        if !members.iter().any(|member| member.on.is_some()) {
            return None;
        }
        let unit = match from.days_until(to) + 1 {
            days if days <= BY_DAY => Unit::Day,
            days if days <= BY_WEEK => Unit::Week,
            _ => Unit::Month,
        };
        let mut timeline = Self {
            unit,
            stretches: stretches(from, to, unit)?,
            before: Tallied::default(),
            after: Tallied::default(),
            undated: Tallied::default(),
        };
        for member in members {
            let at = match member.on {
                None => &mut timeline.undated,
                Some(day) if day < from => &mut timeline.before,
                Some(day) if day > to => &mut timeline.after,
                Some(day) => {
                    let at = timeline.stretches.partition_point(|stretch| stretch.to < day);
                    let Some(stretch) = timeline.stretches.get_mut(at) else { continue };
                    &mut stretch.tallied
                }
            };
            at.count(standing(member));
        }
        Some(timeline)
    }
}

/// The stretches of a period, the first and the last cut to it.
fn stretches(from: Day, to: Day, unit: Unit) -> Option<Vec<Stretch>> {
    let mut stretches = Vec::new();
    let mut begin = from.0;
    while begin <= to.0 {
        let next = match unit {
            Unit::Day => begin.tomorrow().ok()?,
            Unit::Week => begin.checked_add(jiff::Span::new().days(7)).ok()?,
            Unit::Month => begin.last_of_month().tomorrow().ok()?,
        };
        let end = next.yesterday().ok()?.min(to.0);
        stretches.push(Stretch { from: Day(begin), to: Day(end), tallied: Tallied::default() });
        if stretches.len() > STRETCHES {
            return None;
        }
        begin = next;
    }
    Some(stretches)
}

impl Lifetimes {
    /// How long the items of a population took; nothing where none tells when it was done. `today` is the day of as-of.
    #[must_use]
    pub fn of(members: &[Member], today: Day, standing: impl Fn(&Member) -> ItemStanding) -> Option<Self> {
        if !members.iter().any(|member| member.done.is_some()) {
            return None;
        }
        let dated = members.iter().filter_map(|member| Some((member, member.on?)));
        let mut items: Vec<Lifetime> = dated
            .map(|(member, from)| {
                let to = member.done.filter(|done| *done <= today);
                let days = from.days_until(to.unwrap_or(today)).max(0);
                let days = i32::try_from(days).unwrap_or(i32::MAX);
                Lifetime { item: member.name.clone(), from, to, days, standing: standing(member) }
            })
            .collect();
        let left_out = items.len().saturating_sub(DRAWN);
        items.sort_by_key(|item| (item.standing == ItemStanding::Passed, std::cmp::Reverse(item.days)));
        items.truncate(DRAWN);
        items.sort_by(|one, other| (one.from, &one.item).cmp(&(other.from, &other.item)));
        Some(Self { items, left_out })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn member(on: &str, done: Option<&str>) -> Member {
        let day = |text: &str| Day(text.parse().unwrap());
        Member { done: done.map(day), ..Member::new(on, on, Some(day(on))) }
    }

    #[test]
    fn every_item_is_drawn_once_wherever_it_lies() {
        let period = Period::parse("2026-01-15..2026-04-30").unwrap();
        let mut members: Vec<Member> =
            ["2026-01-14", "2026-01-15", "2026-01-31", "2026-02-01", "2026-04-30", "2026-05-01"]
                .map(|on| member(on, None))
                .to_vec();
        members.push(Member::new("x", "x", None));
        let timeline = Timeline::of(&members, period, |_| ItemStanding::Passed).unwrap();
        assert_eq!(timeline.unit, Unit::Month);
        let passed: Vec<usize> = timeline.stretches.iter().map(|stretch| stretch.tallied.passed).collect();
        assert_eq!(passed, [2, 1, 0, 1]);
        assert_eq!((timeline.before.passed, timeline.after.passed, timeline.undated.passed), (1, 1, 1));
        assert_eq!(timeline.stretches[0].from.to_string(), "2026-01-15");
        assert_eq!(timeline.stretches[3].to.to_string(), "2026-04-30");
        let open = Period::parse("2026-01-15..").unwrap();
        assert!(Timeline::of(&members, open, |_| ItemStanding::Passed).is_none());
        let long = Period::parse("1900-01-01..2026-04-30").unwrap();
        assert!(Timeline::of(&members, long, |_| ItemStanding::Passed).is_none());
    }

    #[test]
    fn what_is_not_done_is_open_until_today() {
        let today = Day("2026-06-30".parse().unwrap());
        let members = [member("2026-06-01", Some("2026-06-11")), member("2026-06-20", None)];
        let lifetimes = Lifetimes::of(&members, today, |_| ItemStanding::Passed).unwrap();
        let days: Vec<(i32, bool)> = lifetimes.items.iter().map(|item| (item.days, item.to.is_some())).collect();
        assert_eq!(days, [(10, true), (10, false)]);
        assert!(Lifetimes::of(&members[1..], today, |_| ItemStanding::Passed).is_none());
    }
}
