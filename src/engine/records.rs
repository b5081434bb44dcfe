//! Controls over the records of registers.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::checks::evidence;
use crate::checks::records::{Part, Run};
use crate::error::{Error, Kind, Result};
use crate::facts::calendar::Calendar;
use crate::facts::document::control::Control;
use crate::facts::register::store::{Register, Registers};
use crate::findings::ledger::{Ledger, TestResult};
use crate::policies::expression::Context;
use crate::policies::pack::Pack;
use crate::policies::records::RecordTest;
use crate::policies::test::Test;

/// One run over the registers; every test is compiled once, however many controls name it.
pub(super) struct Records<'a> {
    pack: &'a Pack,
    registers: &'a Registers,
    calendar: &'a Calendar,
    compiled: FxHashMap<String, RecordTest>,
    used: BTreeSet<String>,
}

impl<'a> Records<'a> {
    pub(super) fn new(pack: &'a Pack, registers: &'a Registers, calendar: &'a Calendar) -> Self {
        Self { pack, registers, calendar, compiled: FxHashMap::default(), used: BTreeSet::new() }
    }

    /// Runs a test of records for one control, and enters what it finds.
    pub(super) fn control(&mut self, test: &Test, control: &Control, ledger: &mut Ledger) -> Result<()> {
        let Some(items) = &test.items else { return Ok(()) };
        if !self.compiled.contains_key(&test.test) {
            let compiled = RecordTest::compile(test, items, self.registers).map_err(|faults| Error {
                faults,
                ..Error::new(Kind::Internal, format!("the test {}, which comes with the program, is wrong", test.test))
            })?;
            self.compiled.insert(test.test.clone(), compiled);
        }
        let Some(compiled) = self.compiled.get(&test.test) else { return Ok(()) };
        let mut part = Part::default();
        let mut whole = true;
        for (name, optional) in &compiled.registers {
            let Some(register) = self.registers.get(name) else { continue };
            self.used.insert(name.clone());
            if !register.is_there() && !optional {
                whole = false;
                part.findings.extend(evidence::register_present(self.pack, control, &register.definition));
            } else if register.faults > 0 {
                part.findings.extend(evidence::register_whole(self.pack, control, register));
            }
        }
        if whole {
            let context = Context { calendar: self.calendar, people: &self.registers.people };
            let run = Run::new(test, compiled, control, self.registers, context).part();
            part.population.add(run.population);
            part.findings.extend(run.findings);
            part.pending.extend(run.pending);
            if part.population.size + part.population.pending == 0 && part.findings.is_empty() {
                let sources = self.needed(compiled);
                part.findings.extend(evidence::population_not_empty(self.pack, control, &items.called.many, &sources));
            }
        }
        let result = TestResult {
            control: control.text.id.clone(),
            title: control.text.title.clone(),
            test: test.test.clone(),
            items: items.called.many.clone(),
            population: part.population,
            exceptions: 0,
            unevidenced: 0,
            untestable: 0,
        };
        ledger.enter(result, part.findings);
        ledger.pending.extend(part.pending);
        Ok(())
    }

    /// The registers that a test cannot do without, in words.
    fn needed(&self, test: &RecordTest) -> String {
        let needed = test.registers.iter().filter(|(_, optional)| !optional);
        let registers = needed.filter_map(|(name, _)| self.registers.get(name));
        let names: Vec<String> = registers.map(|register| format!("`{}`", register.definition.file())).collect();
        match names.as_slice() {
            [one] => format!("the register {one}"),
            several => format!("the registers {}", several.join(", ")),
        }
    }

    /// What is wrong with the registers that some control was tested on: persons whom nobody knows.
    pub(super) fn finish(&self, ledger: &mut Ledger) {
        if !self.registers.get("people").is_some_and(Register::is_there) {
            return;
        }
        let used = self.used.iter().filter_map(|name| self.registers.get(name));
        for unknown in used.flat_map(Register::unknown_persons) {
            ledger.findings.extend(evidence::person_resolved(self.pack, &unknown));
        }
    }
}
