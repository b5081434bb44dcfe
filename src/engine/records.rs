//! Controls over the records of registers.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::named;
use crate::checks::evidence;
use crate::checks::records::{Judges, Kept, Part, Run, is_asked};
use crate::error::{Error, Fault, Kind, Result};
use crate::facts::calendar::{Calendar, When};
use crate::facts::document::control::Control;
use crate::facts::document::in_force::{Governed, InForce};
use crate::facts::register::files::{self, Files};
use crate::facts::register::store::{Register, Registers};
use crate::facts::register::value::Value;
use crate::findings::finding::Finding;
use crate::findings::ledger::{Judged, Ledger, Source, TestResult};
use crate::policies::expression::{Budget, Context};
use crate::policies::pack::Pack;
use crate::policies::records::RecordTest;
use crate::policies::test::{Items, PopulationKind, Test};

/// One run over the registers; every test is compiled once, however many controls name it.
pub(super) struct Records<'a> {
    pack: &'a Pack,
    registers: &'a Registers,
    calendar: &'a Calendar,
    kept: Kept,
    root: &'a Path,
    files: Files,
    compiled: FxHashMap<String, Arc<RecordTest>>,
    used: BTreeSet<String>,
    /// Whether it is kept which items are not due yet.
    watched: bool,
    /// Each rule that is not due yet, with the key of its item.
    pub(super) waiting: Vec<(String, String)>,
}

impl<'a> Records<'a> {
    /// A run that has some tests compiled already.
    pub(super) fn new(
        (root, pack): (&'a Path, &'a Pack),
        registers: &'a Registers,
        calendar: &'a Calendar,
        controls: &[Arc<Control>],
        compiled: FxHashMap<String, Arc<RecordTest>>,
    ) -> Self {
        let controls = controls.iter().map(|control| Value::Text(control.text.id.as_str().into())).collect();
        let kept = Kept { controls: Value::List(controls), exports: files::exports(registers), newest: None };
        let (files, used, waiting) = (Files::default(), BTreeSet::new(), Vec::new());
        Self { pack, registers, calendar, kept, root, files, compiled, used, watched: false, waiting }
    }

    /// The same run, which also keeps which items are not due yet.
    pub(super) fn watched(self) -> Self {
        Self { watched: true, ..self }
    }

    /// Enters that a control was not tested, because its test cannot be used.
    pub(super) fn unusable(&self, control: &Control, fault: &Fault, ledger: &mut Ledger) {
        let result = TestResult::of(control, "items");
        let finding = evidence::test_usable(self.pack, control, fault);
        ledger.enter(result, finding.into_iter().collect());
    }

    /// Runs the tests of records of one control, each item against the version of the control that stood when it
    /// happened, and enters what they find.
    pub(super) fn control(&mut self, governed: &Governed, in_force: &InForce, ledger: &mut Ledger) -> Result<()> {
        let now = now(governed, in_force, self.calendar);
        self.kept.newest = in_force.newest();
        let (mut judged, mut versions, mut sources) = (None, Vec::new(), Vec::new());
        for (at, control) in in_order(governed, now) {
            let Some(test) = self.pack.test(&control.text.test) else { continue };
            let Some(items) = test.items.as_ref().filter(|_| test.population == PopulationKind::Records) else {
                continue;
            };
            let compiled = self.compiled(test, items)?;
            if Some(at) != now && compiled.judged_at().is_none() {
                continue;
            }
            let zone = &self.calendar.zone;
            let judges = |when: Option<&When>| match when {
                Some(when) => governed.standing(in_force.standing_at(when.begins(zone).as_second())) == Some(at),
                None => Some(at) == now,
            };
            let part = self.part(test, &compiled, control, &judges);
            for source in self.sources(&compiled, test, control) {
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
            if let Some(ruling) = governed.versions.get(at) {
                let (commit, until) = (in_force.commit(ruling), in_force.until(ruling));
                versions.push(Judged { commit, until, items: part.population.size });
            }
            judged = Some(match judged {
                None => (control, test, part),
                Some((control, test, all)) => (control, test, Part::and(all, part)),
            });
        }
        let Some((control, test, mut part)) = judged else { return Ok(()) };
        let Some(items) = &test.items else { return Ok(()) };
        // What every version needs and lacks is told once.
        let mut told = FxHashSet::default();
        let key = |found: &Finding| (found.rule.clone(), found.key.clone(), found.part.clone(), found.counted);
        part.findings.retain(|found| found.counted || told.insert(key(found)));
        if part.population.size + part.population.pending == 0 && part.findings.is_empty() {
            let compiled = self.compiled(test, items)?;
            let sources = self.needed(&compiled);
            part.findings.extend(evidence::population_not_empty(self.pack, control, &items.called.many, &sources));
        }
        let population = part.population;
        let result = TestResult { population, versions, sources, ..TestResult::of(control, &items.called.many) };
        ledger.enter(result, part.findings);
        ledger.pending.extend(part.pending);
        self.waiting.extend(part.waiting);
        Ok(())
    }

    fn compiled(&mut self, test: &Test, items: &Items) -> Result<Arc<RecordTest>> {
        if let Some(compiled) = self.compiled.get(&test.test) {
            return Ok(Arc::clone(compiled));
        }
        let compiled = RecordTest::compile(test, items, self.registers).map_err(|faults| Error {
            faults,
            ..Error::new(Kind::Internal, format!("the test {}, which comes with the program, is wrong", test.test))
        })?;
        let compiled = Arc::new(compiled);
        self.compiled.insert(test.test.clone(), Arc::clone(&compiled));
        Ok(compiled)
    }

    /// Runs a test for one version of a control.
    fn part(&mut self, test: &Test, compiled: &RecordTest, control: &Control, judges: &Judges<'_>) -> Part {
        let (mut whole, mut read) = (true, Vec::new());
        let (_, findings) = named::registers(test, control, self.registers, self.pack);
        let mut part = Part { findings, ..Part::default() };
        for (name, optional) in compiled.registers(|rule| is_asked(test, control, rule)) {
            let Some(register) = self.registers.get(name) else { continue };
            self.used.insert(name.to_owned());
            read.push(register);
            if !register.is_there() && !optional {
                whole = false;
                part.findings.extend(evidence::register_present(self.pack, control, &register.definition));
            } else if register.faults > 0 {
                part.findings.extend(evidence::register_whole(self.pack, control, register));
            }
        }
        if whole {
            self.files.gather(self.root, self.registers, read.into_iter());
            let (calendar, people, budget) = (self.calendar, &self.registers.people, &Budget::default());
            let context = Context { calendar, people, files: &self.files, budget };
            let run = Run::new(test, compiled, control, self.registers, context, self.kept.clone())
                .watched(self.watched)
                .judging(judges)
                .part();
            part = part.and(run);
        }
        part
    }

    /// The registers that a test of a control reads and that are there.
    fn sources(&self, compiled: &RecordTest, test: &Test, control: &Control) -> Vec<Source> {
        let read = compiled.registers(|rule| is_asked(test, control, rule)).into_iter().map(|(name, _)| name);
        let there = read.filter(|name| self.registers.get(name).is_some_and(Register::is_there));
        there.map(|name| Source::Register(name.to_owned())).collect()
    }

    /// The registers that the items of a test come from, in words.
    fn needed(&self, test: &RecordTest) -> String {
        let needed = test.registers(|_| false).into_iter().filter(|(_, optional)| !optional);
        let registers = needed.filter_map(|(name, _)| self.registers.get(name));
        let names: Vec<String> = registers.map(|register| format!("`{}`", register.definition.file())).collect();
        match names.as_slice() {
            [one] => format!("the register {one}"),
            several => format!("the registers {}", several.join(", ")),
        }
    }

    /// What was found in an earlier period already, and what is wrong with the registers that some control was tested
    /// on: persons whom nobody knows.
    pub(super) fn finish(&self, ledger: &mut Ledger) {
        let again = evidence::recurring(self.pack, self.registers, self.calendar, &ledger.findings);
        ledger.findings.extend(again);
        if !self.registers.get("people").is_some_and(Register::is_there) {
            return;
        }
        let used = self.used.iter().filter_map(|name| self.registers.get(name));
        for unknown in used.flat_map(Register::unknown_persons) {
            ledger.findings.extend(evidence::person_resolved(self.pack, &unknown));
        }
    }
}

/// Position among the versions of a control of the one that judges what has no date of its own: the one that stands at
/// the as-of instant. Behind the last one stands that of the working tree, which is nobody's yet. `None` where the
/// control had been taken out by then.
fn now(governed: &Governed, in_force: &InForce, calendar: &Calendar) -> Option<usize> {
    let step = in_force.standing_at(calendar.as_of.as_second());
    match (&governed.today, governed.versions.first()) {
        (Some(today), Some(newest)) if step == 0 && !Arc::ptr_eq(today, &newest.control) => {
            Some(governed.versions.len())
        }
        _ => governed.standing(step),
    }
}

/// The versions of a control by their positions, the one that judges what has no date first.
fn in_order(governed: &Governed, now: Option<usize>) -> Vec<(usize, &Control)> {
    let rulings = governed.versions.iter().map(|ruling| &ruling.control);
    let all = rulings.chain(&governed.today).map(|control| &**control).enumerate();
    let (mut first, others): (Vec<_>, Vec<_>) = all.partition(|(at, _)| Some(*at) == now);
    first.extend(others.into_iter().filter(|(at, _)| *at < governed.versions.len()));
    first
}
