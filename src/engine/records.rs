//! Controls over the records of registers.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::checks::evidence;
use crate::checks::records::{Part, Run, is_asked};
use crate::error::{Error, Fault, Kind, Result};
use crate::facts::calendar::Calendar;
use crate::facts::document::control::Control;
use crate::facts::register::files::{self, Files};
use crate::facts::register::store::{Register, Registers};
use crate::facts::register::value::Value;
use crate::findings::ledger::{Ledger, TestResult};
use crate::policies::expression::{Budget, Context};
use crate::policies::pack::Pack;
use crate::policies::records::RecordTest;
use crate::policies::test::Test;

/// One run over the registers; every test is compiled once, however many controls name it.
pub(super) struct Records<'a> {
    pack: &'a Pack,
    registers: &'a Registers,
    calendar: &'a Calendar,
    /// Ids of all controls, and the exports that registers were read from.
    all: (Value, Value),
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
        controls: &[Control],
        compiled: FxHashMap<String, Arc<RecordTest>>,
    ) -> Self {
        let controls = controls.iter().map(|control| Value::Text(control.text.id.as_str().into())).collect();
        let all = (Value::List(controls), files::exports(registers));
        let (files, used, waiting) = (Files::default(), BTreeSet::new(), Vec::new());
        Self { pack, registers, calendar, all, root, files, compiled, used, watched: false, waiting }
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

    /// Runs a test of records for one control, and enters what it finds.
    pub(super) fn control(&mut self, test: &Test, control: &Control, ledger: &mut Ledger) -> Result<()> {
        let Some(items) = &test.items else { return Ok(()) };
        if !self.compiled.contains_key(&test.test) {
            let compiled = RecordTest::compile(test, items, self.registers).map_err(|faults| Error {
                faults,
                ..Error::new(Kind::Internal, format!("the test {}, which comes with the program, is wrong", test.test))
            })?;
            self.compiled.insert(test.test.clone(), Arc::new(compiled));
        }
        let Some(compiled) = self.compiled.get(&test.test) else { return Ok(()) };
        let mut part = Part::default();
        let (mut whole, mut read) = (true, Vec::new());
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
            let run = Run::new(test, compiled, control, self.registers, context, self.all.clone())
                .watched(self.watched)
                .part();
            self.waiting.extend(run.waiting);
            part.population.add(run.population);
            part.findings.extend(run.findings);
            part.pending.extend(run.pending);
            if part.population.size + part.population.pending == 0 && part.findings.is_empty() {
                let sources = self.needed(compiled);
                part.findings.extend(evidence::population_not_empty(self.pack, control, &items.called.many, &sources));
            }
        }
        let result = TestResult { population: part.population, ..TestResult::of(control, &items.called.many) };
        ledger.enter(result, part.findings);
        ledger.pending.extend(part.pending);
        Ok(())
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
