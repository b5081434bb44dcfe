//! Whether records were made when things happened, and stayed as they were made.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::checks::compose::{self, Exhibit, count};
use crate::facts::approval::trail::{Change, Verdict};
use crate::facts::calendar::{Calendar, Day, Length, When};
use crate::facts::document::control::Control;
use crate::facts::register::definition::Definition;
use crate::facts::register::people::People;
use crate::facts::register::provenance::{Provenance, key};
use crate::facts::register::store::Register;
use crate::facts::register::value::{Record, Value};
use crate::findings::finding::{Finding, Label, Place};
use crate::findings::population::{Member, Population};
use crate::policies::pack::Pack;
use crate::text::safe;

/// Records that one finding about a change shows.
const SHOWN: usize = 4;

/// What a control states for the test.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Parameters {
    recorded_within: String,
    #[serde(default)]
    backfill_records: Option<usize>,
    #[serde(default)]
    backfill_spanning: Option<String>,
}

/// One register whose records are held against their history.
pub struct Keeping<'a> {
    /// The tests.
    pub pack: &'a Pack,
    /// The control that asks.
    pub control: &'a Control,
    /// What it states.
    pub asked: &'a Parameters,
    /// The register, as it is today.
    pub register: &'a Register,
    /// How its records came to be.
    pub provenance: &'a Provenance,
    /// The changes of the branch, newest first, each at its position.
    pub changes: &'a [Change],
    /// The first position of which it is not known what was before it, if the history is not whole.
    pub begins: Option<usize>,
    /// Period and as-of.
    pub calendar: &'a Calendar,
    /// Who is who.
    pub people: &'a People,
}

/// What was found of one register.
#[derive(Default)]
pub struct Part {
    /// The records.
    pub population: Population,
    /// What is wrong with them.
    pub findings: Vec<Finding>,
}

impl Keeping<'_> {
    /// Asks every record of the period.
    #[must_use]
    pub fn part(&self) -> Part {
        let mut part = Part::default();
        let mut together: BTreeMap<usize, Vec<(Day, &Arc<Record>)>> = BTreeMap::new();
        for record in &self.register.records {
            let key = key(self.definition(), record);
            let Some(happened) = self.happened(record, &mut part.population) else { continue };
            let Some(&at) = self.provenance.told.get(&key) else {
                part.population.exclude("not on the protected branch yet");
                continue;
            };
            if self.begins.is_some_and(|begins| at >= begins) {
                part.population.exclude("came before this clone begins");
                continue;
            }
            part.population.tested(self.member(record, Day(happened.day)));
            part.findings.extend(self.late(record, &happened, at));
            let approved = self.provenance.approved.get(&key);
            part.findings.extend(approved.and_then(|at| self.self_recorded(record, *at)));
            together.entry(at).or_default().push((Day(happened.day), record));
        }
        part.findings.extend(together.iter().filter_map(|(at, records)| self.backfilled(*at, records)));
        self.altered(&mut part);
        self.gone(&mut part);
        part
    }

    const fn definition(&self) -> &Definition {
        &self.register.definition
    }

    /// When what a record tells of happened; nothing if that is not in the period.
    fn happened(&self, record: &Record, population: &mut Population) -> Option<When> {
        let field = self.definition().kept.happened.as_deref()?;
        let Value::When(when) = record.get(field) else {
            population.exclude("not said to have happened yet");
            return None;
        };
        self.in_period(when).then_some(*when)
    }

    fn in_period(&self, when: &When) -> bool {
        let period = self.calendar.period.since(self.control.text.since);
        self.calendar.is_known(when) && period.contains(Day(when.day))
    }

    fn late(&self, record: &Record, happened: &When, at: usize) -> Option<Finding> {
        let within: Length = self.asked.recorded_within.parse().ok()?;
        let change = self.changes.get(at)?;
        let arrived = When::instant(change.landed_at.timestamp(), &self.calendar.zone);
        let due = self.calendar.add(*happened, within);
        if !arrived.order(&due).is_gt() {
            return None;
        }
        let days = Day(due.day).days_until(Day(arrived.day)).max(1);
        let words = vec![
            ("happened", happened.day.to_string()),
            ("arrived", arrived.day.to_string()),
            ("late", if days == 1 { "1 day".to_owned() } else { format!("{days} days") }),
        ];
        let field = self.definition().kept.happened.as_deref().unwrap_or_default();
        let labels = vec![
            self.documented("recorded_within", format!("within {within}: by {}", due.day)),
            at_field(record, field, format!("tells of {}", happened.day)),
            arrival(change, "first said in this change"),
        ];
        self.of_record("evidence/not-contemporaneous", record, words, labels, "")
    }

    fn self_recorded(&self, record: &Record, at: usize) -> Option<Finding> {
        let kept = &self.definition().kept;
        let (Value::Person(approver), Value::Person(requester)) =
            (record.get(kept.approver.as_deref()?), record.get(kept.requester.as_deref()?))
        else {
            return None;
        };
        let change = self.changes.get(at)?;
        let alone = matches!(change.verdict, Verdict::SelfApproved | Verdict::Unapproved);
        if !alone || approver.same(requester) != Some(false) {
            return None;
        }
        let is_requester = |author: &crate::facts::person::Person| {
            let names = [author.email.as_deref(), author.name.as_deref(), author.login.as_deref()];
            let known = names.into_iter().flatten().find_map(|name| self.people.find(name));
            known.is_some() && known == requester.known
        };
        if change.authors.is_empty() || !change.authors.iter().all(is_requester) {
            return None;
        }
        let words = vec![
            ("approver", approver.written.clone()),
            ("requester", requester.written.clone()),
            ("commit", change.commit.short()),
        ];
        let labels = vec![
            self.documented("registers", format!("{} asks about {}", self.control.text.id, self.definition().register)),
            at_field(record, kept.approver.as_deref()?, "approved, says the record".to_owned()),
            arrival(change, "recorded in this change"),
        ];
        self.of_record("evidence/self-recorded", record, words, labels, "")
    }

    fn backfilled(&self, at: usize, records: &[(Day, &Arc<Record>)]) -> Option<Finding> {
        let (least, spanning) = (self.asked.backfill_records?, self.asked.backfill_spanning.as_ref()?);
        let spanning: Length = spanning.parse().ok()?;
        let first = records.iter().map(|(day, _)| *day).min()?;
        let last = records.iter().map(|(day, _)| *day).max()?;
        let reaches = self.calendar.add(self.calendar.end_of(first), spanning);
        if records.len() < least || Day(reaches.day) > last {
            return None;
        }
        let change = self.changes.get(at)?;
        let (_, rule) = self.pack.rule("evidence/backfilled")?;
        let arrived = self.calendar.day(change.landed_at);
        let words = vec![
            ("count", count(records.len(), "record", "records")),
            ("register", self.definition().register.clone()),
            ("from", first.to_string()),
            ("to", last.to_string()),
            ("arrived", arrived.to_string()),
        ];
        let mut labels = vec![
            self.documented("backfill_records", format!("{least} or more, telling of {spanning} or more")),
            arrival(change, "all of them arrived in this change"),
        ];
        let field = self.definition().kept.happened.as_deref().unwrap_or_default();
        let shown = records.iter().take(SHOWN);
        labels.extend(shown.map(|(day, record)| at_field(record, field, format!("tells of {day}"))));
        let name = format!("{} in {}", self.definition().register, change.commit.short());
        let key = format!("{}\0{}", self.definition().register, change.commit);
        let exhibit = Exhibit { words, labels, ..Exhibit::default() };
        Some(compose::finding(rule, Some(&self.control.text.id), &name, &key, exhibit))
    }

    /// Records that were closed and say something else now. One that happened before the period and was closed in it is an
    /// item as well, if it was altered.
    fn altered(&self, part: &mut Part) {
        let Some(closed) = self.definition().kept.closed.as_deref() else { return };
        let mut known: FxHashSet<String> = part.population.members.iter().map(|member| member.key.clone()).collect();
        for altered in &self.provenance.altered {
            let (Value::When(when), Some(change)) = (altered.was.get(closed), self.changes.get(altered.at)) else {
                continue;
            };
            let on = self.calendar.day(change.landed_at);
            if !self.in_period(when)
                || !self.calendar.holds(crate::facts::calendar::Period::default(), change.landed_at)
            {
                continue;
            }
            let words = vec![
                ("closed", when.day.to_string()),
                ("altered", on.to_string()),
                ("fields", altered.fields.join(", ")),
                ("commit", change.commit.short()),
            ];
            let mut labels = vec![self.documented("registers", format!("{} asks about it", self.control.text.id))];
            for field in altered.fields.iter().take(2) {
                labels.push(at_field(&altered.was, field, "it said this".to_owned()));
                labels.push(at_field(&altered.is, field, "and says this since".to_owned()));
            }
            labels.push(arrival(change, "altered in this change"));
            let member = self.member(&altered.is, Day(when.day));
            if known.insert(member.key.clone()) {
                part.population.tested(member);
            }
            let at = change.commit.to_string();
            part.findings.extend(self.of_record("evidence/altered-after-closure", &altered.is, words, labels, &at));
        }
    }

    /// Records that are there no more. Of a snapshot a newer one may have taken the place.
    fn gone(&self, part: &mut Part) {
        if self.definition().snapshot.is_some() {
            return;
        }
        for (record, at) in &self.provenance.gone {
            let dated = self.definition().kept.happened.as_deref().map(|field| record.get(field));
            let in_period = match dated {
                Some(Value::When(when)) => self.in_period(when),
                Some(_) => false,
                None => true,
            };
            let Some(change) = self.changes.get(*at).filter(|_| in_period) else { continue };
            let on = self.calendar.day(change.landed_at);
            let words = vec![
                ("register", self.definition().register.clone()),
                ("removed", on.to_string()),
                ("commit", change.commit.short()),
            ];
            let labels = vec![
                self.documented("registers", format!("{} asks about it", self.control.text.id)),
                Label {
                    place: Place::Text(Arc::clone(&record.source), record.place),
                    text: "it stood here".to_owned(),
                    primary: false,
                },
                arrival(change, "taken out in this change"),
            ];
            part.population.tested(self.member(record, on));
            part.findings.extend(self.of_record("evidence/record-deleted", record, words, labels, ""));
        }
    }

    fn documented(&self, parameter: &str, text: String) -> Label {
        let place = Place::Text(Arc::clone(self.control.source()), self.control.parameter(parameter));
        Label { place, text, primary: true }
    }

    fn of_record(
        &self,
        rule: &str,
        record: &Record,
        mut words: Vec<(&'static str, String)>,
        labels: Vec<Label>,
        part: &str,
    ) -> Option<Finding> {
        let (_, rule) = self.pack.rule(rule)?;
        let (key, name) = self.names(record);
        words.push(("item", name.clone()));
        let exhibit = Exhibit { words, labels, ..Exhibit::default() };
        let finding = compose::finding(rule, Some(&self.control.text.id), &name, &key, exhibit);
        Some(Finding { counted: true, part: part.to_owned(), ..finding })
    }

    /// A record as its population keeps it.
    fn member(&self, record: &Record, on: Day) -> Member {
        let (key, name) = self.names(record);
        Member::new(key, name, Some(on))
    }

    /// What identifies a record, and how people name it.
    fn names(&self, record: &Record) -> (String, String) {
        let definition = self.definition();
        let places =
            definition.key.iter().map(|field| record.source.slice(record.place_of(field)).trim_matches(['"', '\'']));
        let name = format!("{} of {}", safe(&places.collect::<Vec<_>>().join(", ")), definition.register);
        (format!("{}\0{}", definition.register, key(definition, record)), name)
    }
}

fn at_field(record: &Record, field: &str, text: String) -> Label {
    Label { place: Place::Text(Arc::clone(&record.source), record.place_of(field)), text, primary: false }
}

fn arrival(change: &Change, text: &str) -> Label {
    let text = format!("{text}, landed by {}", change.landed_by.label());
    Label { place: Place::Commit(change.commit, None), text, primary: false }
}
