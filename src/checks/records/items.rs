//! From the first record to the whole item, step by step.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Frame, Run};
use crate::facts::calendar::{Cadence, Calendar, Day, When};
use crate::facts::register::store::{Index, Key, Register, Registers};
use crate::facts::register::value::{Record, Value};
use crate::policies::expression::{Expression, Undecided};
use crate::policies::records::{Kind, Snapshot, Step, Which, cycle_shape};
use crate::text::Span;

/// Steps that it costs to go on with one record.
const GONE_ON: usize = 8;

/// A step with what it needs to find records at once.
pub(super) struct Prepared<'a> {
    step: &'a Step,
    register: Option<&'a Register>,
    /// Of the register's records, those that the step can lead to, unless an index finds them.
    among: Vec<u32>,
    index: Option<Index>,
}

impl<'a> Prepared<'a> {
    pub(super) fn all(steps: &'a [Step], registers: &'a Registers, calendar: &Calendar) -> Vec<Self> {
        let prepare = |step: &'a Step| {
            let (Kind::Each(which) | Kind::Groups(which, _) | Kind::All(which)) = &step.kind else {
                return Self { step, register: None, among: Vec::new(), index: None };
            };
            let register = registers.get(&which.register);
            let among: Vec<u32> = match (register, &which.snapshot) {
                (Some(register), Snapshot::Latest) => register.latest(calendar),
                (Some(register), _) => (0..register.records.len() as u32).collect(),
                (None, _) => Vec::new(),
            };
            let index = register
                .filter(|_| !which.fields.is_empty())
                .map(|register| Index::new(register, &among, &which.fields));
            Self { step, register, among, index }
        };
        steps.iter().map(prepare).collect()
    }
}

impl<'a> Prepared<'a> {
    /// The register of which only the latest snapshots are asked.
    pub(super) fn asks_latest(&self) -> Option<&'a Register> {
        match &self.step.kind {
            Kind::Each(which) | Kind::Groups(which, _) | Kind::All(which) => {
                self.register.filter(|_| matches!(which.snapshot, Snapshot::Latest))
            }
            _ => None,
        }
    }
}

/// What is done with every frame that the steps lead to, or with one that stopped because something is not known.
type Visit<'v> = dyn FnMut(&mut Frame, Result<(), Undecided>) + 'v;

impl Run<'_> {
    /// Goes through steps from what is known, and visits everything that they lead to.
    pub(super) fn walk(&self, frame: &mut Frame, steps: &[Prepared<'_>], visit: &mut Visit<'_>) {
        // Without steps nothing that is found counts any more, so the rest of the work is left.
        if self.context.budget.is_spent() {
            return;
        }
        let Some((step, rest)) = steps.split_first() else { return visit(frame, Ok(())) };
        let known = frame.len();
        let result = match &step.step.kind {
            Kind::Each(which) => self.found(frame, step, which).and_then(|found| {
                let Some(found) = found else {
                    let register = &which.register;
                    return Err(Undecided::Unknown(format!("no export of {register} is from that time or before")));
                };
                self.on(frame, step, rest, found.into_iter().map(Value::Record), visit)
            }),
            Kind::Groups(which, by) => self
                .found(frame, step, which)
                .and_then(|found| self.on(frame, step, rest, groups(found.unwrap_or_default(), by).into_iter(), visit)),
            // Somebody whose episodes are not recorded is not somebody without any.
            Kind::Element(list) => list.given(frame, &self.context).and_then(|list| match list {
                Value::List(items) => {
                    self.context.budget.spend(items.len() * GONE_ON);
                    self.on(frame, step, rest, items.iter().cloned(), visit)
                }
                _ => Ok(()),
            }),
            Kind::Cycles { cadence, from, to } => {
                self.cycles(frame, cadence, from.as_ref(), to.as_ref()).and_then(|cycles| {
                    self.context.budget.spend(cycles.len() * GONE_ON);
                    self.on(frame, step, rest, cycles.into_iter(), visit)
                })
            }
            Kind::All(which) => self.collected(frame, step, which).map(|list| {
                frame.push(list);
                self.walk(frame, rest, visit);
            }),
            Kind::Be(value) => value.evaluate(frame, &self.context).map(|value| {
                frame.push(value);
                self.walk(frame, rest, visit);
            }),
        };
        frame.truncate(known);
        if let Err(why) = result {
            visit(frame, Err(why));
        }
    }

    /// Goes on with each of some values for which the step's condition holds. Where that is not known of one of them,
    /// it is visited as such, and the others are gone on with.
    fn on(
        &self,
        frame: &mut Frame,
        step: &Prepared<'_>,
        rest: &[Prepared<'_>],
        values: impl Iterator<Item = Value>,
        visit: &mut Visit<'_>,
    ) -> Result<(), Undecided> {
        for value in values {
            if self.context.budget.is_spent() {
                return Ok(());
            }
            frame.push(value);
            match self.holds(step.step.only.as_ref(), frame) {
                Ok(true) => self.walk(frame, rest, visit),
                Ok(false) => {}
                Err(why) => visit(frame, Err(why)),
            }
            frame.pop();
        }
        Ok(())
    }

    pub(super) fn holds(&self, condition: Option<&Expression>, frame: &Frame) -> Result<bool, Undecided> {
        condition.map_or(Ok(true), |condition| condition.holds(frame, &self.context))
    }

    fn collected(&self, frame: &mut Frame, step: &Prepared<'_>, which: &Which) -> Result<Value, Undecided> {
        let Some(found) = self.found(frame, step, which)? else { return Ok(Value::Null) };
        let mut list = Vec::with_capacity(found.len());
        for record in found {
            frame.push(Value::Record(record));
            let holds = self.holds(step.step.only.as_ref(), frame);
            let value = frame.pop();
            if holds? {
                list.extend(value);
            }
        }
        Ok(Value::List(list.into()))
    }

    /// The records of a step; `None` where there is no snapshot of the time that it asks for.
    fn found(&self, frame: &Frame, step: &Prepared<'_>, which: &Which) -> Result<Option<Vec<Arc<Record>>>, Undecided> {
        let Some(register) = step.register else { return Ok(Some(Vec::new())) };
        let among = match &step.index {
            None => &step.among[..],
            Some(index) => {
                let mut key = Vec::with_capacity(which.values.len());
                for value in &which.values {
                    match self.key(&value.evaluate(frame, &self.context)?) {
                        Some(one) => key.push(one),
                        // Nothing is equal to what is not given.
                        None => return Ok(Some(Vec::new())),
                    }
                }
                index.find(&key)
            }
        };
        self.context.budget.spend((among.len() + 1) * GONE_ON);
        let records = among.iter().map(|at| &register.records[*at as usize]);
        let (Snapshot::At(at), Some(field)) = (&which.snapshot, register.snapshot_field()) else {
            return Ok(Some(records.cloned().collect()));
        };
        let Value::When(at) = at.evaluate(frame, &self.context)? else {
            return Err(Undecided::Unknown(format!("which export of {} counts is not given", which.register)));
        };
        let made = |record: &&Arc<Record>| match record.get(field) {
            Value::When(when) => Some(*when).filter(|when| when.order(&at).is_le()),
            _ => None,
        };
        // Each system has a newest export of its own.
        let of = |record: &Record| register.definition.snapshot.as_ref().and_then(|one| Key::of(record.get(&one.of)));
        let mut newest: FxHashMap<Option<Key>, When> = FxHashMap::default();
        for record in records.clone() {
            if let Some(made) = made(&record) {
                newest
                    .entry(of(record))
                    .and_modify(|known| *known = std::cmp::max_by(*known, made, When::order))
                    .or_insert(made);
            }
        }
        if newest.is_empty() {
            return Ok(None);
        }
        let of_newest = |record: &&Arc<Record>| {
            made(record).zip(newest.get(&of(record))).is_some_and(|(made, newest)| made.order(newest).is_eq())
        };
        Ok(Some(records.filter(of_newest).cloned().collect()))
    }

    /// What a value is found by. A record of the register of people is found as the person that it is.
    fn key(&self, value: &Value) -> Option<Key> {
        match value {
            Value::Record(record) => match record.get("id") {
                Value::Text(id) => self.registers.people.find(id).map(Key::Person),
                _ => None,
            },
            value => Key::of(value),
        }
    }

    fn cycles(
        &self,
        frame: &Frame,
        cadence: &Expression,
        from: Option<&Expression>,
        to: Option<&Expression>,
    ) -> Result<Vec<Value>, Undecided> {
        let calendar = self.context.calendar;
        let Value::Text(cadence) = cadence.evaluate(frame, &self.context)? else {
            return Err(Undecided::Unknown("how often it is done is not given".to_owned()));
        };
        let cadence: Cadence = cadence.parse().map_err(Undecided::Failed)?;
        let day = |expression: Option<&Expression>| -> Result<Option<Day>, Undecided> {
            let value = expression.map(|expression| expression.evaluate(frame, &self.context)).transpose()?;
            Ok(match value {
                Some(Value::When(when)) => Some(Day(when.day)),
                _ => None,
            })
        };
        let first = [day(from)?, self.period.from].into_iter().flatten().max();
        let last = [day(to)?, self.period.to, Some(calendar.today())].into_iter().flatten().min();
        let (Some(first), Some(last)) = (first, last) else {
            return Err(Undecided::Failed("the period has no first day, so its cycles cannot be counted".to_owned()));
        };
        let shape = cycle_shape();
        let cycle = |cycle: crate::facts::calendar::Cycle| {
            let day = |day| (Value::When(calendar.end_of(day)), Span::default());
            let cells = vec![(Value::Text(cycle.name.into()), Span::default()), day(cycle.from), day(cycle.to)];
            let source = Arc::clone(self.control.source());
            let place = self.control.parameter("cadence");
            Value::Record(Arc::new(Record::new(Arc::clone(&shape), source, place, cells)))
        };
        // A cycle that the period or the scope cuts off at its end still ends when it ends; one that began before is
        // tested with the part that lies inside.
        Ok(calendar.cycles(cadence, first, last).into_iter().map(cycle).collect())
    }
}

/// Records in groups that hold the same in some fields, in the order of the first of each.
fn groups(records: Vec<Arc<Record>>, by: &[usize]) -> Vec<Value> {
    let mut groups: Vec<Vec<Value>> = Vec::new();
    let mut known: FxHashMap<Vec<Key>, usize> = FxHashMap::default();
    for record in records {
        let Some(key) = by.iter().map(|field| Key::of(record.at(*field))).collect::<Option<Vec<Key>>>() else {
            continue;
        };
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(Value::Record(record)),
            None => groups.push(vec![Value::Record(record)]),
        }
    }
    groups.into_iter().map(|group| Value::List(group.into())).collect()
}
