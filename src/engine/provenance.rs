//! Controls over how the records of registers came to be.

use super::judging::Judging;
use super::named;
use super::register_versions::RegisterVersions;
use crate::checks::evidence;
use crate::checks::evidence::keeping::{Keeping, Parameters};
use crate::error::{Error, Kind, Result};
use crate::facts::approval::trail::Trail;
use crate::facts::document::control::Control;
use crate::facts::gap::{self, Gap};
use crate::facts::register::provenance::Provenance;
use crate::facts::register::store::Register;
use crate::findings::ledger::{Ledger, Source, TestResult};
use crate::findings::population::Population;
use crate::policies::registers::Old;
use crate::policies::test::Test;
use crate::sources::history::Repos;
use crate::sources::line::Line;

/// What the controls that ask for it are held against.
pub(super) struct Kept<'a> {
    pub(super) judging: &'a Judging<'a>,
    pub(super) line: &'a Line,
    /// Name of the branch, and its trail; what mends it, where it cannot be read.
    pub(super) branch: &'a str,
    pub(super) trail: std::result::Result<&'a Trail, Option<&'a str>>,
    /// Where the root lies in the repository, with a slash behind it, or empty; nothing where it lies outside.
    pub(super) below: Option<&'a str>,
}

impl Kept<'_> {
    /// Runs a test of kept records for one control, and enters what it finds.
    pub(super) fn control(&self, test: &Test, control: &Control, ledger: &mut Ledger) -> Result<()> {
        let Judging { repo, pack, calendar, registers, .. } = *self.judging;
        let asked: Parameters = serde_json::from_value(control.text.with.clone())
            .map_err(|error| Error::new(Kind::Internal, format!("{}: {error}", control.text.id)))?;
        let (mut population, mut findings, mut sources) = (Population::default(), Vec::new(), Vec::new());
        let Ok(trail) = self.trail.as_ref() else {
            findings.extend(evidence::branch_present(pack, control, self.branch, self.trail.err().flatten()));
            ledger.enter(TestResult { population, ..TestResult::of(control, "records") }, findings);
            return Ok(());
        };
        findings.extend(outside(self.below).iter().filter_map(|gap| evidence::history_whole(pack, control, gap)));
        findings.extend(trail.gaps.iter().filter_map(|gap| evidence::history_whole(pack, control, gap)));
        let begins = (!trail.gaps.is_empty()).then(|| self.line.steps.len().saturating_sub(1));
        let repos = Repos::open(repo)?;
        let (named, wrong) = named::registers(test, control, registers, pack);
        findings.extend(wrong);
        for register in named {
            sources.push(Source::Register(register.definition.register.clone()));
            match provenance(self.judging, (&repos, self.line, self.below.unwrap_or_default()), register)? {
                Ok(provenance) => {
                    let (provenance, people) = (&provenance, &registers.people);
                    let (asked, changes) = (&asked, trail.changes.as_slice());
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
        ledger.enter(TestResult { population, sources, ..TestResult::of(control, "records") }, findings);
        Ok(())
    }
}

/// That the registers lie in no repository, so that nothing of their history is known.
pub(super) fn outside(below: Option<&str>) -> Option<Gap> {
    below.is_none().then(|| Gap {
        what: "the registers lie outside of it".to_owned(),
        mend: "keep tickmark.yaml and registers/ in the repository whose branch is protected".to_owned(),
    })
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
            let what = format!("the history of {} cannot be read", definition.file());
            Err(gap::object(&repo.gaps(), id, &why, &what))
        }
    })
}
