//! Who belonged to the organisation when, and in which role.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::value::{Record, Value};
use crate::facts::calendar::When;

fn when(record: &Record, field: &str) -> Option<When> {
    match record.get(field) {
        Value::When(when) => Some(*when),
        _ => None,
    }
}

fn inner<'r>(record: &'r Record, field: &str) -> impl Iterator<Item = &'r Arc<Record>> {
    let items = match record.get(field) {
        Value::List(items) => &items[..],
        _ => &[],
    };
    items.iter().filter_map(|item| match item {
        Value::Record(record) => Some(record),
        _ => None,
    })
}

/// Whether a point in time lies between two others. Both days belong to it.
fn between(start: Option<When>, end: Option<When>, at: When) -> bool {
    start.is_none_or(|start| start.order(&at).is_le()) && end.is_none_or(|end| at.order(&end).is_le())
}

impl Record {
    /// Whether a person of the register of people belonged to the organisation at a time; first and last day belong to
    /// an episode. `None` where no episode is recorded.
    #[must_use]
    pub fn employed(&self, at: When) -> Option<bool> {
        let mut episodes = inner(self, "episodes").peekable();
        episodes.peek()?;
        Some(episodes.any(|episode| between(when(episode, "start"), when(episode, "end"), at)))
    }

    /// The first day from one to another, both included, on which a person of the register of people did not belong to
    /// the organisation; none also where no episode is recorded.
    #[must_use]
    pub fn first_day_away(&self, first: Date, last: Date) -> Option<Date> {
        let after = |episode: &Arc<Record>| when(episode, "end").and_then(|end| end.day.tomorrow().ok());
        let mut days: Vec<Date> = inner(self, "episodes").filter_map(after).chain([first]).collect();
        days.retain(|day| (first..=last).contains(day));
        days.sort_unstable();
        // Only days are compared, which are the same in every time zone.
        days.into_iter()
            .find(|day| When::day(*day, &TimeZone::UTC).is_some_and(|day| self.employed(day) == Some(false)))
    }

    /// Whether a person of the register of people was on leave at a time.
    #[must_use]
    pub fn on_leave(&self, at: When) -> bool {
        inner(self, "leave").any(|leave| between(when(leave, "start"), when(leave, "end"), at))
    }

    /// The role that a person of the register of people held at a time; nothing outside every episode.
    #[must_use]
    pub fn role_on(&self, at: When) -> Option<Arc<str>> {
        if self.employed(at) == Some(false) {
            return None;
        }
        let text = |record: &Record, field: &str| match record.get(field) {
            Value::Text(text) => Some(Arc::clone(text)),
            _ => None,
        };
        let mut changes: Vec<(&Arc<Record>, When)> =
            inner(self, "role_changes").filter_map(|change| Some((change, when(change, "at")?))).collect();
        changes.sort_by(|(_, one), (_, two)| one.order(two));
        let before = changes.iter().rev().find(|(_, from)| from.order(&at).is_le());
        match (before, changes.first()) {
            (Some((change, _)), _) => text(change, "to"),
            (None, Some((change, _))) => text(change, "from"),
            (None, None) => text(self, "role"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::value::{FieldShape, Shape, Type};
    use super::*;
    use crate::text::{SourceText, Span};

    fn at(text: &str) -> When {
        match text.parse() {
            Ok(instant) => When::instant(instant, &TimeZone::UTC),
            Err(_) => When::day(text.parse().unwrap(), &TimeZone::UTC).unwrap(),
        }
    }

    /// A record whose shape is that of its values.
    fn record(fields: &[(&str, Value)]) -> Record {
        let shape =
            fields.iter().map(|(name, _)| FieldShape { name: (*name).to_owned(), kind: Type::Null, required: false });
        let cells = fields.iter().map(|(_, value)| (value.clone(), Span::default())).collect();
        Record::new(Shape::new("people", shape.collect()), SourceText::new("a", ""), Span::default(), cells)
    }

    fn list(records: Vec<Record>) -> Value {
        Value::List(records.into_iter().map(|record| Value::Record(Arc::new(record))).collect())
    }

    fn span(start: &str, end: Option<&str>) -> Record {
        record(&[("start", Value::When(at(start))), ("end", end.map_or(Value::Null, |end| Value::When(at(end))))])
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn both_days_belong_to_an_episode_at_any_hour() {
        let person = record(&[(
            "episodes",
            list(vec![span("2025-01-01", Some("2025-06-30")), span("2026-01-01T09:00:00Z", None)]),
        )]);
        for (when, employed) in [
            ("2024-12-31", false),
            ("2025-01-01", true),
            ("2025-01-01T00:00:00Z", true),
            ("2025-06-30", true),
            ("2025-06-30T23:59:59Z", true),
            ("2025-07-01T00:00:00Z", false),
            ("2026-01-01", true),
            ("2026-01-01T08:59:59Z", false),
            ("2026-01-01T09:00:00Z", true),
            ("2099-01-01", true),
        ] {
            assert_eq!(person.employed(at(when)), Some(employed), "{when}");
        }
    }

    #[test]
    fn who_left_and_came_back_was_away_between() {
        let episodes = vec![span("2025-01-01", Some("2026-03-31")), span("2026-05-01", Some("2026-12-31"))];
        let person = record(&[("episodes", list(episodes))]);
        for (first, last, away) in [
            ("2026-01-01", "2026-03-31", None),
            ("2026-01-01", "2026-06-30", Some("2026-04-01")),
            ("2026-04-10", "2026-06-30", Some("2026-04-10")),
            ("2026-05-01", "2027-06-30", Some("2027-01-01")),
            ("2024-12-01", "2025-06-30", Some("2024-12-01")),
        ] {
            let found = person.first_day_away(first.parse().unwrap(), last.parse().unwrap());
            assert_eq!(found.map(|day| day.to_string()).as_deref(), away, "{first}..{last}");
        }
        assert_eq!(record(&[]).first_day_away("2026-01-01".parse().unwrap(), "2026-01-02".parse().unwrap()), None);
    }

    #[test]
    fn without_episodes_it_cannot_be_told_who_was_employed() {
        assert_eq!(record(&[]).employed(at("2026-01-01")), None);
        assert_eq!(record(&[("episodes", list(Vec::new()))]).employed(at("2026-01-01")), None);
        let person = record(&[("role", text("lead"))]);
        assert_eq!(person.role_on(at("2026-01-01")).as_deref(), Some("lead"));
    }

    #[test]
    fn a_role_is_held_from_its_day_and_only_while_employed() {
        let change = |when: &str, from: &str, to: &str| {
            record(&[("at", Value::When(at(when))), ("from", text(from)), ("to", text(to))])
        };
        let person = record(&[
            ("role", text("director")),
            ("episodes", list(vec![span("2025-01-01", Some("2026-06-30"))])),
            (
                "role_changes",
                list(vec![change("2026-03-01", "engineer", "lead"), change("2025-02-01", "intern", "engineer")]),
            ),
        ]);
        for (when, role) in [
            ("2024-12-31", None),
            ("2025-01-31", Some("intern")),
            ("2025-02-01", Some("engineer")),
            ("2026-02-28T23:59:59Z", Some("engineer")),
            ("2026-03-01T00:00:00Z", Some("lead")),
            ("2026-06-30", Some("lead")),
            ("2026-07-01", None),
        ] {
            assert_eq!(person.role_on(at(when)).as_deref(), role, "{when}");
        }
    }

    #[test]
    fn leave_has_both_its_days_or_no_end() {
        let person = record(&[("leave", list(vec![span("2026-01-05", Some("2026-01-16")), span("2026-05-01", None)]))]);
        for (when, away) in [
            ("2026-01-04", false),
            ("2026-01-05", true),
            ("2026-01-16T20:00:00Z", true),
            ("2026-01-17", false),
            ("2026-05-01", true),
            ("2027-01-01", true),
        ] {
            assert_eq!(person.on_leave(at(when)), away, "{when}");
        }
        assert!(!record(&[]).on_leave(at("2026-01-05")));
    }
}
