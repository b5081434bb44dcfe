//! What a finding says and shows, and what is to be done next.

use std::sync::Arc;

use super::items::Prepared;
use super::outcome::Outcome;
use super::{Frame, Run};
use crate::facts::calendar::When;
use crate::facts::register::provenance;
use crate::facts::register::value::{Record, Value};
use crate::findings::finding::{Finding, Label, Nature, Place, Severity, Verdict};
use crate::findings::impact::Impact;
use crate::findings::pending::Pending;
use crate::findings::standing::Standing;
use crate::policies::expression::{Undecided, render_value};
use crate::policies::records::{Kind, Rule, Step};
use crate::text::Span;

/// Steps that a finding costs, and something that is to be done: they are kept until the end of the run.
const FOUND: usize = 2_000;

impl<'a> Run<'a> {
    /// The finding of a rule, if it does not hold or cannot be told.
    pub(super) fn finding(&self, rule: &'a Rule, frame: &mut Frame, outcome: Outcome) -> Option<Finding> {
        let (verdict, why, more) = match outcome {
            Outcome::Fails(more) => (None, None, more),
            Outcome::Undecided(Undecided::Unknown(why)) => (Some(Verdict::Unevidenced), Some(why), Vec::new()),
            Outcome::Undecided(Undecided::Failed(why)) => (Some(Verdict::Untestable), Some(why), Vec::new()),
            Outcome::NotAsked | Outcome::Holds(_) | Outcome::Pending(_) => return None,
        };
        let of = self.test.rules.get(rule.at)?;
        // An observation of something that is not recorded would only be noise.
        if why.is_some() && of.severity == Severity::Note {
            return None;
        }
        let known = frame.len();
        frame.extend(more);
        let item = self.compiled.name.render(frame, &self.context);
        let (message, help) = match &why {
            None => (rule.message.render(frame, &self.context), rule.fix.render(frame, &self.context)),
            Some(why) => (
                format!("{item}: whether {} holds cannot be told: {why}", of.id),
                "record what is missing at the place shown, or correct what is recorded there".to_owned(),
            ),
        };
        let finding = Finding {
            rule: of.id.clone(),
            severity: of.severity,
            verdict: verdict.unwrap_or(of.verdict),
            control: Some(self.control.text.id.clone()),
            item,
            counted: true,
            key: self.compiled.key.render(frame, &self.context),
            part: self.part_of(rule, frame),
            impact: if why.is_some() { Vec::new() } else { self.impact(rule, frame) },
            message,
            nature: if why.is_some() { Nature::Evidence } else { of.nature },
            labels: self.labels(rule, frame),
            help,
            repository: None,
            on: None,
            response: None,
            standing: Standing::Open,
        };
        frame.truncate(known);
        let impact: usize = finding.impact.iter().map(|impact| impact.text.len()).sum();
        self.context.budget.spend(FOUND + finding.message.len() + finding.help.len() + impact);
        Some(finding)
    }

    /// What followed from what a rule finds. What cannot be told is left out: the finding stands without it.
    fn impact(&self, rule: &'a Rule, frame: &mut Frame) -> Vec<Impact> {
        let mut told: Vec<Impact> = Vec::new();
        for (one, prepared) in rule.impact.iter().zip(self.told.get(rule.at).into_iter().flatten()) {
            let prepare = || Prepared::all(&one.steps, self.registers, self.context.calendar);
            self.walk(frame, prepared.get_or_init(prepare), &mut |frame, walked| {
                if walked.is_err() || !self.holds(one.only.as_ref(), frame).unwrap_or(false) {
                    return;
                }
                let text = one.text.render(frame, &self.context);
                let impact =
                    Impact { text, from: self.day(one.from.as_ref(), frame), to: self.day(one.to.as_ref(), frame) };
                // Two records may say the same of one thing.
                if !told.contains(&impact) {
                    told.push(impact);
                }
            });
        }
        told
    }

    /// The finding of an item of which it is not known whether, or how, it belongs to the population.
    pub(super) fn unplaced(&self, frame: &mut Frame, why: Undecided) -> Finding {
        let (verdict, why) = match why {
            Undecided::Unknown(why) => (Verdict::Unevidenced, why),
            Undecided::Failed(why) => (Verdict::Untestable, why),
        };
        self.context.budget.spend(FOUND);
        // The name of an item may use what a later step would have given.
        let records = frame.iter().skip(crate::policies::records::GIVEN.len()).filter_map(|value| match value {
            Value::Record(record) => Some(record),
            _ => None,
        });
        let records: Vec<&Arc<Record>> = records.collect();
        let names: Vec<String> =
            records.iter().map(|record| render_value(&Value::Record(Arc::clone(record)), &self.context)).collect();
        let item = if names.is_empty() { self.test.title.clone() } else { names.join(", ") };
        let keys: Vec<String> = records.iter().map(|record| self.named(record)).collect();
        let key = if keys.is_empty() { self.test.test.clone() } else { keys.join(", ") };
        let shown = records.last().filter(|record| !Arc::ptr_eq(&record.source, self.control.source()));
        let mut labels = vec![self.documented(None, format!("{} is tested on it", self.control.text.id))];
        labels.extend(shown.map(|record| Label {
            place: Place::Text(Arc::clone(&record.source), first_line(record, record.place)),
            text: why.clone(),
            primary: false,
        }));
        Finding {
            rule: "evidence/item-undecided".to_owned(),
            severity: Severity::Error,
            verdict,
            control: Some(self.control.text.id.clone()),
            key,
            part: String::new(),
            message: format!("{item} cannot be tested for {}: {why}", self.control.text.id),
            item,
            counted: true,
            nature: Nature::Evidence,
            labels,
            help: "record what is missing at the place shown, or correct what is recorded there".to_owned(),
            repository: None,
            on: None,
            impact: Vec::new(),
            response: None,
            standing: Standing::Open,
        }
    }

    /// What is to be done next, and by when.
    pub(super) fn pending(&self, rule: &Rule, frame: &Frame, due: When) -> Option<Pending> {
        let todo = rule.todo.as_ref()?.render(frame, &self.context);
        self.context.budget.spend(FOUND / 2 + todo.len());
        let owner = self.compiled.owner.as_ref().and_then(|owner| owner.evaluate(frame, &self.context).ok());
        let (owner, person) = match owner {
            Some(Value::Person(owner)) => (render_value(&Value::Person(owner.clone()), &self.context), owner.known),
            _ => (self.control.text.owner.clone(), self.context.people.find(&self.control.text.owner)),
        };
        Some(Pending {
            control: self.control.text.id.clone(),
            rule: self.test.rules.get(rule.at)?.id.clone(),
            item: self.compiled.name.render(frame, &self.context),
            todo,
            owner,
            person,
            due,
        })
    }

    /// The rule that is not due yet for an item, and the key of the item.
    pub(super) fn waiting(&self, rule: &Rule, frame: &Frame) -> Option<(String, String)> {
        Some((self.test.rules.get(rule.at)?.id.clone(), self.compiled.key.render(frame, &self.context)))
    }

    /// What tells apart several findings of one rule about one item: the records and the elements that it is asked of.
    fn part_of(&self, rule: &Rule, frame: &Frame) -> String {
        let of_item = crate::policies::records::GIVEN.len() + self.steps.len();
        let of_rule = frame.iter().skip(of_item).zip(&rule.steps);
        let tells = |(value, step): &(&Value, &Step)| {
            matches!(value, Value::Record(_)) || matches!(step.kind, Kind::Element(_))
        };
        let parts = of_rule.filter(tells).map(|(value, _)| match value {
            Value::Record(record) => self.named(record),
            value => render_value(value, &self.context),
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    /// What names a record for good: the fields that are the key of its register. What is no record of a register has no
    /// name but the one that people give it.
    fn named(&self, record: &Arc<Record>) -> String {
        match self.registers.get(&record.shape.name).filter(|register| Arc::ptr_eq(&register.shape, &record.shape)) {
            Some(register) => provenance::key(&register.definition, record).replace('\0', " "),
            None => render_value(&Value::Record(Arc::clone(record)), &self.context),
        }
    }

    fn labels(&self, rule: &Rule, frame: &Frame) -> Vec<Label> {
        let (parameter, text) = match &rule.documented {
            Some((parameter, text)) => (parameter.as_deref(), text.render(frame, &self.context)),
            None => (None, format!("{} asks for it", self.control.text.id)),
        };
        let mut labels = vec![self.documented(parameter, text)];
        for shown in &rule.happened {
            let Some(Value::Record(record)) = frame.get(shown.slot) else { continue };
            let place = shown.field.as_deref().map_or(record.place, |field| record.place_of(field));
            labels.push(Label {
                place: Place::Text(Arc::clone(&record.source), first_line(record, place)),
                text: shown.text.render(frame, &self.context),
                primary: false,
            });
        }
        labels
    }

    fn documented(&self, parameter: Option<&str>, text: String) -> Label {
        let span = parameter.map_or_else(|| self.control.id_span(), |name| self.control.parameter(name));
        Label { place: Place::Text(Arc::clone(self.control.source()), span), text, primary: true }
    }
}

fn first_line(record: &Record, place: Span) -> Span {
    let line = record.source.slice(place).split(['\n', '\r']).next().unwrap_or_default().trim_end();
    Span::new(place.start, place.start + line.len())
}
