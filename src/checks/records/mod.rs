//! Tests of records: leavers, reviews, trainings, findings, vendors, incidents, settings. The rules are data; the checks
//! that they name are general.

mod covered;
mod exhibit;
mod items;
mod outcome;
mod rule;
mod within;

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::facts::calendar::{Day, Period, When};
use crate::facts::document::control::Control;
use crate::facts::register::store::{Register, Registers};
use crate::facts::register::value::Value;
use crate::findings::finding::Finding;
use crate::findings::pending::Pending;
use crate::findings::population::{Member, Population};
use crate::policies::expression::{Context, Expression, Template, Undecided};
use crate::policies::records::RecordTest;
use crate::policies::test::Test;
use items::Prepared;

pub use crate::policies::records::CHECKS;

/// What is known of an item: a value for each name, in the order in which the steps give them.
type Frame = Vec<Value>;

/// One test of one control, over the registers of a repository.
pub struct Run<'a> {
    test: &'a Test,
    compiled: &'a RecordTest,
    control: &'a Control,
    registers: &'a Registers,
    context: Context<'a>,
    kept: Kept,
    period: Period,
    steps: Vec<Prepared<'a>>,
    /// The steps of each rule; `None` for rules that are not asked because the control does not state what they need.
    rules: Vec<Option<Vec<Prepared<'a>>>>,
    /// The steps of what followed, of each rule: prepared when the first finding asks for them.
    told: Vec<Vec<OnceLock<Vec<Prepared<'a>>>>>,
    watched: bool,
    judges: Option<&'a Judges<'a>>,
}

/// What every test of a repository may name, whatever its own records are.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Ids of all controls.
    pub controls: Value,
    /// The exports that registers were read from.
    pub exports: Value,
    /// When the newest commit was made. Records may tell of what was done by then, also where the as-of day is earlier.
    pub newest: Option<Timestamp>,
}

/// Whether a version of a control judges what happened at a time; nothing where the time is not known.
pub type Judges<'a> = dyn Fn(Option<&When>) -> bool + Sync + 'a;

/// Whether a control states what a rule of its test, by its position, needs to be asked.
#[must_use]
pub fn is_asked(test: &Test, control: &Control, rule: usize) -> bool {
    let states = |name: &String| control.text.with.get(name).is_some_and(|value| !value.is_null());
    test.rules.get(rule).is_some_and(|rule| rule.needs.iter().all(states))
}

/// What a run adds up to.
#[derive(Debug, Default)]
pub struct Part {
    /// What was tested, what is not due, and what is left out.
    pub population: Population,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What is to be done, and by when.
    pub pending: Vec<Pending>,
    /// If the run is watched, each rule that is not due yet, with the key of its item.
    pub waiting: Vec<(String, String)>,
}

impl Part {
    /// Adds what another part of the same run adds up to.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.population.add(other.population);
        self.findings.extend(other.findings);
        self.pending.extend(other.pending);
        self.waiting.extend(other.waiting);
        self
    }
}

impl<'a> Run<'a> {
    /// Prepares a test: what is looked up by value is indexed once.
    #[must_use]
    pub fn new(
        test: &'a Test,
        compiled: &'a RecordTest,
        control: &'a Control,
        registers: &'a Registers,
        context: Context<'a>,
        kept: Kept,
    ) -> Self {
        let prepare = |rule: &'a crate::policies::records::Rule| {
            is_asked(test, control, rule.at).then(|| Prepared::all(&rule.steps, registers, context.calendar))
        };
        Self {
            test,
            compiled,
            control,
            registers,
            period: context.calendar.period.since(control.text.since),
            context,
            kept,
            steps: Prepared::all(&compiled.steps, registers, context.calendar),
            rules: compiled.rules.iter().map(prepare).collect(),
            told: compiled.rules.iter().map(|rule| rule.impact.iter().map(|_| OnceLock::new()).collect()).collect(),
            watched: false,
            judges: None,
        }
    }

    /// The same run over the items that a version of its control judges.
    #[must_use]
    pub fn judging(self, judges: &'a Judges<'a>) -> Self {
        Self { judges: Some(judges), ..self }
    }

    /// The same run, which also tells which items are not due yet.
    #[must_use]
    pub fn watched(self, watched: bool) -> Self {
        Self { watched, ..self }
    }

    /// Tests every item.
    #[must_use]
    pub fn part(&self) -> Part {
        // The records of the first step are shared among all threads; what they lead to is put together in their order.
        let (first, rest) = self.steps.split_at(self.steps.len().min(1));
        let mut begun = Vec::new();
        let mut part = Part { findings: self.not_yet(), ..Part::default() };
        self.walk(&mut self.given(), first, &mut |frame, walked| match walked {
            Ok(()) => begun.push(frame.clone()),
            Err(why) => part.findings.push(self.unplaced(frame, why)),
        });
        if self.context.budget.is_spent() {
            return self.unfinished();
        }
        let parts: Vec<Part> = begun
            .into_par_iter()
            .map(|mut frame| {
                let mut part = Part::default();
                self.walk(&mut frame, rest, &mut |frame, walked| match walked {
                    Ok(()) => self.item(frame, &mut part),
                    Err(why) => self.undecided(frame, why, &mut part),
                });
                part
            })
            .collect();
        // What was found before the steps were spent depends on how the work was shared out, so nothing of it is told.
        if self.context.budget.is_spent() { self.unfinished() } else { parts.into_iter().fold(part, Part::and) }
    }

    fn unfinished(&self) -> Part {
        let why = Undecided::Failed(self.context.budget.why());
        let help = "let its steps find records by `of`, which looks them up, instead of going through all of them";
        let finding = Finding { help: help.to_owned(), ..self.unplaced(&mut self.given(), why) };
        Part { findings: vec![finding], ..Part::default() }
    }

    /// What cannot be tested because every snapshot of it was made after the as-of instant.
    fn not_yet(&self) -> Vec<Finding> {
        let mut registers: Vec<&Register> = Vec::new();
        for register in self.steps.iter().chain(self.rules.iter().flatten().flatten()).filter_map(Prepared::asks_latest)
        {
            if !registers.iter().any(|known| std::ptr::eq(*known, register)) {
                registers.push(register);
            }
        }
        let later = registers.into_iter().flat_map(|register| {
            register.not_yet(self.context.calendar).into_iter().map(|record| (&register.definition.register, record))
        });
        later
            .map(|(register, record)| {
                let mut frame = self.given();
                frame.push(Value::Record(Arc::clone(record)));
                let day = self.context.calendar.today();
                let why = format!("in {register} it was exported only after {day}");
                Finding {
                    help: "ask for a later day with --as-of, or keep an export of that day or before".to_owned(),
                    ..self.unplaced(&mut frame, Undecided::Failed(why))
                }
            })
            .collect()
    }

    /// What every test knows before its first step.
    fn given(&self) -> Frame {
        let calendar = self.context.calendar;
        let day = |day: Option<Day>| day.map_or(Value::Null, |day| Value::When(calendar.end_of(day)));
        let stated = self.compiled.stated(self.control, &self.context);
        vec![
            Value::Record(stated.into()),
            Value::When(When::instant(calendar.as_of, &calendar.zone)),
            day(self.period.from),
            day(self.period.to),
            self.kept.controls.clone(),
            Value::Text(self.control.text.id.as_str().into()),
            self.kept.exports.clone(),
            Value::When(When::instant(calendar.as_of.max(self.kept.newest.unwrap_or(calendar.as_of)), &calendar.zone)),
        ]
    }

    /// Tests one item.
    fn item(&self, frame: &mut Frame, part: &mut Part) {
        match self.placed(frame) {
            Ok(Placed::Outside) => return,
            Ok(Placed::Excluded(why)) => return part.population.exclude(why),
            Ok(Placed::Covered) => {}
            Err(why) => return self.undecided(frame, why, part),
        }
        let member = self.member(frame);
        let known = frame.len();
        let (mut findings, mut waiting) = (Vec::new(), false);
        for (rule, steps) in self.compiled.rules.iter().zip(&self.rules) {
            let Some(steps) = steps else { continue };
            self.walk(frame, steps, &mut |frame, walked| {
                let asked = walked.map_or_else(outcome::Outcome::Undecided, |()| self.ask(rule, frame));
                if let Some(due) = asked.due() {
                    part.pending.extend(self.pending(rule, frame, due));
                }
                let waits = matches!(asked, outcome::Outcome::Pending(_));
                if waits && self.watched {
                    part.waiting.extend(self.waiting(rule, frame));
                }
                waiting |= waits;
                findings.extend(self.finding(rule, frame, asked));
            });
            frame.truncate(known);
        }
        if waiting && findings.is_empty() {
            part.population.waits(member);
        } else {
            part.population.tested(member);
        }
        part.findings.extend(findings);
    }

    /// Counts an item of which it is not known whether, or how, it belongs to the population.
    fn undecided(&self, frame: &mut Frame, why: Undecided, part: &mut Part) {
        let found = self.unplaced(frame, why);
        part.population.tested(Member::new(found.key.as_str(), found.item.as_str(), None));
        part.findings.push(found);
    }

    /// An item as its population keeps it.
    fn member(&self, frame: &Frame) -> Member {
        let render = |template: &Template| template.render(frame, &self.context);
        let on = self.day(self.compiled.dated(), frame);
        let done = self.day(self.compiled.done.as_ref(), frame);
        Member { done, ..Member::new(render(&self.compiled.key), render(&self.compiled.name), on) }
    }

    /// The day that an expression gives. What has no day that can be told has none in reports; the rules say what is wrong
    /// with it.
    fn day(&self, when: Option<&Expression>, frame: &Frame) -> Option<Day> {
        match when?.evaluate(frame, &self.context) {
            Ok(Value::When(when)) => Some(Day(when.day)),
            _ => None,
        }
    }

    /// Whether an item belongs to the population.
    fn placed(&self, frame: &Frame) -> Result<Placed<'a>, Undecided> {
        if let Some(judges) = self.judges {
            // What cannot be told belongs to the version that judges what has no time, and is told once.
            let happened = self.compiled.judged_at().map(|at| at.evaluate(frame, &self.context));
            let when = match &happened {
                Some(Ok(Value::When(when))) => Some(when),
                _ => None,
            };
            if !judges(when) {
                return Ok(Placed::Outside);
            }
        }
        if let Some(at) = &self.compiled.at {
            match at.evaluate(frame, &self.context)? {
                Value::When(when) => {
                    let calendar = self.context.calendar;
                    let day = Day(when.day);
                    let known = if when.exact { when.at <= calendar.as_of } else { day <= calendar.today() };
                    if !known || !self.period.contains(day) {
                        return Ok(Placed::Outside);
                    }
                }
                _ => return Err(Undecided::Unknown("the day that places it in the period is not given".to_owned())),
            }
        }
        for (when, why) in &self.compiled.exclude {
            if when.holds(frame, &self.context)? {
                return Ok(Placed::Excluded(why));
            }
        }
        Ok(Placed::Covered)
    }
}

/// Where an item belongs.
enum Placed<'a> {
    Covered,
    Outside,
    Excluded(&'a str),
}
