//! What is told of a whole list: how many things lie close together, what a sequence leaves out, what stands in it
//! once.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::evaluate::{Frame, Why, failed};
use super::node::Comparison;
use crate::facts::calendar::{Length, When};
use crate::facts::register::store::Key;
use crate::facts::register::value::Value;
use crate::text::shown;

/// Numbers that one list may leave out, to be named.
const MAX_MISSING: u64 = 1000;

impl Frame<'_> {
    /// Every element that is given, once. Persons of whom it cannot be told whether they are one leave it unknown.
    pub(super) fn distinct(&self, items: &[Value]) -> Result<Value, Why> {
        let mut found: Vec<Value> = Vec::new();
        let mut seen: FxHashSet<Key> = FxHashSet::default();
        for item in items.iter().filter(|item| **item != Value::Null) {
            let new = match item {
                Value::Text(_) | Value::Integer(_) | Value::Bool(_) => Key::of(item).is_none_or(|key| seen.insert(key)),
                _ => {
                    self.spend(found.len())?;
                    let mut new = true;
                    for known in &found {
                        new &= !self.compare(Comparison::Equal, known, item)?;
                    }
                    new
                }
            };
            if new {
                found.push(item.clone());
            }
        }
        Ok(Value::List(found.into()))
    }

    /// The greatest number of times that lie no further apart than a length.
    pub(super) fn most_within(&self, items: &[Value], length: Length) -> Result<Value, Why> {
        self.spend(items.len())?;
        let mut times: Vec<When> = items
            .iter()
            .filter_map(|item| match item {
                Value::When(when) => Some(*when),
                _ => None,
            })
            .collect();
        times.sort_by(|one, other| one.day.cmp(&other.day).then(one.at.cmp(&other.at)));
        let (mut most, mut first) = (0, 0);
        for (at, time) in times.iter().enumerate() {
            while first < at && self.context.calendar.add(times[first], length).order(time) == Ordering::Less {
                first += 1;
            }
            most = most.max(at + 1 - first);
        }
        Ok(Value::Integer(i64::try_from(most).unwrap_or(i64::MAX)))
    }

    /// The names that numbered names leave out between the first and the last of each kind.
    pub(super) fn missing_numbers(&self, items: &[Value]) -> Result<Value, Why> {
        self.spend(items.len())?;
        let mut series: BTreeMap<&str, BTreeMap<u64, usize>> = BTreeMap::new();
        for item in items {
            let Value::Text(text) = item else { continue };
            let before = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
            let digits = &text[before.len()..];
            if let Ok(number) = digits.parse::<u64>() {
                series.entry(before).or_default().insert(number, digits.len());
            }
        }
        let mut missing = Vec::new();
        for (before, numbers) in series {
            for ((one, width), next) in numbers.iter().zip(numbers.keys().skip(1)) {
                if next - one - 1 > MAX_MISSING - missing.len() as u64 {
                    let (one, next) = (format!("{before}{one}"), format!("{before}{next}"));
                    return failed(format!(
                        "between {} and {} too many numbers are left out",
                        shown(&one),
                        shown(&next)
                    ));
                }
                missing.extend((one + 1..*next).map(|number| format!("{before}{number:0width$}")));
            }
        }
        Ok(Value::List(missing.into_iter().map(|name| Value::Text(name.into())).collect()))
    }
}
