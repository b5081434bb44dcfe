//! Controls over how the records of registers came to be.

use std::sync::Arc;

use super::judging::Judging;
use super::register_versions::RegisterVersions;
use crate::checks::documents::fault;
use crate::checks::evidence;
use crate::checks::evidence::keeping::{Keeping, Parameters};
use crate::error::{Error, Fault, Kind, Result};
use crate::facts::approval::trail::Change;
use crate::facts::document::control::Control;
use crate::facts::gap::{self, Gap};
use crate::facts::register::provenance::Provenance;
use crate::facts::register::store::{Register, Registers};
use crate::findings::ledger::{Ledger, TestResult};
use crate::findings::population::Population;
use crate::policies::registers::Old;
use crate::sources::history::Repos;
use crate::sources::line::Line;
use crate::text::shown;

/// What the controls that ask for it are held against.
pub(super) struct Kept<'a> {
    pub(super) judging: &'a Judging<'a>,
    pub(super) line: &'a Line,
    pub(super) changes: &'a [Change],
    /// Where the root lies in the repository, with a slash behind it, or empty.
    pub(super) below: &'a str,
}

impl Kept<'_> {
    /// Runs a test of kept records for one control, and enters what it finds.
    pub(super) fn control(&self, control: &Control, ledger: &mut Ledger) -> Result<()> {
        let Judging { repo, pack, calendar, registers, .. } = *self.judging;
        let asked: Parameters = serde_json::from_value(control.text.with.clone())
            .map_err(|error| Error::new(Kind::Internal, format!("{}: {error}", control.text.id)))?;
        let (mut population, mut findings) = (Population::default(), Vec::new());
        let gaps = gap::of_history(&repo.gaps(), &[]);
        findings.extend(gaps.iter().filter_map(|gap| evidence::history_whole(pack, control, gap)));
        let begins = (!gaps.is_empty()).then(|| self.line.steps.len().saturating_sub(1));
        let repos = Repos::open(repo)?;
        for name in &asked.registers {
            let Some(register) = registers.get(&name.replace('-', "_")) else {
                findings.extend(fault::finding(pack, &unknown(control, name, registers)));
                continue;
            };
            if !register.is_there() {
                findings.extend(evidence::register_present(pack, control, &register.definition));
                continue;
            }
            match provenance(self.judging, (&repos, self.line, self.below), register)? {
                Ok(provenance) => {
                    let (provenance, people) = (&provenance, &registers.people);
                    let (asked, changes) = (&asked, self.changes);
                    let keeping =
                        Keeping { pack, control, asked, register, provenance, changes, begins, calendar, people };
                    let part = keeping.part();
                    population.add(part.population);
                    findings.extend(part.findings);
                }
                Err(gap) => findings.extend(evidence::history_whole(pack, control, &gap)),
            }
        }
        if population.size == 0 && findings.is_empty() {
            let sources = "what happened in the period, in the registers that it names";
            findings.extend(evidence::population_not_empty(pack, control, "records", sources));
        }
        ledger.enter(TestResult { population, ..TestResult::of(control, "records") }, findings);
        Ok(())
    }
}

/// What became of the records of a register along a line, or what could not be read of it. Also told is where the root
/// lies in the repository, with a slash behind it, or empty.
pub(super) fn provenance(
    judging: &Judging<'_>,
    (repos, line, below): (&Repos, &Line, &str),
    register: &Register,
) -> Result<std::result::Result<Provenance, Gap>> {
    let Judging { repo, configured, registers, .. } = *judging;
    let definition = &register.definition;
    let places = (configured.root.as_path(), &configured.zone);
    let old = Old::new(places, definition, &configured.config.registers, &registers.people)?;
    Ok(match RegisterVersions::read(repos, line, below, &old) {
        Ok(versions) => {
            let mut provenance = Provenance::default();
            for (at, touched) in versions.touched() {
                provenance.follow(definition, at, &touched);
            }
            Ok(provenance.ended())
        }
        Err((id, why)) => {
            let what = format!("the history of {} cannot be read", definition.register);
            Err(gap::object(&repo.gaps(), id, &why, &what))
        }
    })
}

/// The fault of a register that a control names and that does not exist.
fn unknown(control: &Control, name: &str, registers: &Registers) -> Fault {
    let known: Vec<&str> = registers.by_name.keys().map(String::as_str).collect();
    Fault {
        rule: "documents/unknown-value",
        message: format!("there is no register called {}", shown(name)),
        label: "named here".to_owned(),
        help: Some(format!("the registers are: {}", known.join(", "))),
        source: Arc::clone(control.source()),
        span: control.parameter("registers"),
    }
}
