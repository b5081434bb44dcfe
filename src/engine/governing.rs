//! Every control over what happened, each item being judged by the version of the control that stood before it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::deployed::Around;
use super::elsewhere::Other;
use super::judging::Judging;
use super::record_history::RecordHistory;
use super::redrafted::{self, Redrafted};
use super::rosters::Rosters;
use super::weakened::{self, Weaker};
use super::{changes, provenance, records};
use crate::checks::documents::version;
use crate::checks::evidence::{self, clock};
use crate::error::Result;
use crate::facts::approval::dialect::Dialect;
use crate::facts::approval::trail::Change;
use crate::facts::calendar::Calendar;
use crate::facts::document::control::Control;
use crate::facts::document::in_force::{Governed, InForce};
use crate::facts::forge::binding::Recorded;
use crate::facts::gap::{self, Gap};
use crate::facts::moment::Moment;
use crate::findings::ledger::Ledger;
use crate::policies::records::RecordTest;
use crate::policies::test::PopulationKind::{self, Changes, Deployments, KeptRecords, Records};
use crate::policies::{in_force, trails};
use crate::sources::history::Repos;
use crate::sources::line::{Line, Step};

impl Judging<'_> {
    /// Judges everything by the controls of today and of the period, and enters what is found.
    pub(super) fn controls(
        &self,
        today: &[Arc<Control>],
        dialects: Vec<Dialect>,
        compiled: FxHashMap<String, Arc<RecordTest>>,
        ledger: &mut Ledger,
    ) -> Result<()> {
        let Self { repo, pack, calendar, registers, range, .. } = *self;
        let rosters = Rosters::today(&registers.people);
        let mut controls = [Changes, Deployments, KeptRecords].iter().any(|kind| self.any(*kind, today.iter()));
        let all = trails::matcher(if controls { dialects.clone() } else { Vec::new() })?;
        let recorded = Recorded::of(registers, self.below(), &calendar.zone);
        let mut run =
            changes::Run::new(repo, pack, &all, calendar, (&rosters, &recorded), self.progress).of_range(range);
        let branch = self.branch();
        let line = if controls { line(run.changes(&branch)?) } else { self.first_parents(&branch) };
        let (in_force, gap) = self.versions(line, today)?;
        let floor = range.map_or(0, |range| range.floor(in_force.line()));
        let in_force = in_force.no_newer_than(floor);
        let weaker = self.weaker(&in_force);
        let history = RecordHistory::read(self, &in_force)?;
        let (redrafted, unread) = self.redrafted(in_force.line())?;
        let later;
        if !controls {
            // A control of changes may have been taken out, and who agreed to that is a question of its own.
            controls = self.ever(&[Changes, Deployments], &in_force)
                || weaker.iter().any(|weaker| !weaker.is_empty())
                || history.changed()
                || !redrafted.is_empty();
            later = trails::matcher(if controls { dialects } else { Vec::new() })?;
            run = changes::Run::new(repo, pack, &later, calendar, (&rosters, &recorded), self.progress).of_range(range);
        }
        let (rosters, lost) = self.rosters(controls, in_force.line())?;
        run = run.with_people(&rosters, self.configured.config.signers.below(&self.below().unwrap_or_default()));
        let elsewhere = if range.is_some() { Vec::new() } else { self.elsewhere(&in_force) };
        let mut others: Vec<Other<'_>> = elsewhere.iter().map(|one| one.other(&run)).collect();
        let made = history.registers(&mut run, &branch)?;
        let registers = made.as_ref().unwrap_or(registers);
        let mut records = records::Records::new((&self.configured.root, pack), registers, calendar, today, compiled);
        for (governed, weaker) in in_force.controls.iter().zip(&weaker) {
            let of = governed.today.as_ref();
            if let Some((control, fault)) = of.and_then(|of| Some((of, pack.unusable.get(&of.text.test)?))) {
                records.unusable(control, fault, ledger);
                continue;
            }
            run.both(governed, &in_force, &self.around(), ledger)?;
            others.iter_mut().try_for_each(|other| other.control(self, governed, &in_force, ledger))?;
            self.of_records(governed, (&in_force, &branch), (&mut records, &mut run), ledger)?;
            if !weaker.is_empty() {
                weakened::enter(weaker, run.changes(&branch)?, (pack, calendar), ledger);
            }
        }
        self.redrafts(&redrafted, (&mut run, &branch), ledger)?;
        if range.is_none() {
            records.finish(ledger);
            history.lost(today, ledger);
        }
        self.lost(&in_force, &gap.into_iter().chain(lost).chain(unread).collect::<Vec<_>>(), today, ledger);
        Ok(())
    }

    /// Runs the tests of records of a control. Of a range no records are judged, only what landed in it.
    fn of_records(
        &self,
        governed: &Governed,
        (in_force, branch): (&InForce, &str),
        (records, run): (&mut records::Records<'_>, &mut changes::Run<'_>),
        ledger: &mut Ledger,
    ) -> Result<()> {
        if self.range.is_some() {
            return Ok(());
        }
        records.control(governed, in_force, ledger)?;
        self.kept(governed.today.as_ref(), (in_force.line(), branch), run, ledger)
    }

    /// What each control asks less for than before, in their order.
    fn weaker<'f>(&self, in_force: &'f InForce) -> Vec<Vec<Weaker<'f>>> {
        let landed = |weaker: &Weaker<'_>| self.range.is_none_or(|range| range.has(weaker.step.id));
        let of = |governed| {
            let mut found = weakened::of(governed, in_force, self.pack, self.calendar);
            found.retain(landed);
            found
        };
        in_force.controls.iter().map(of).collect()
    }

    /// Enters the policies whose text changed after their approval. What landed is read only where there is one.
    fn redrafts(
        &self,
        redrafted: &[Redrafted],
        (run, branch): (&mut changes::Run<'_>, &str),
        ledger: &mut Ledger,
    ) -> Result<()> {
        if !redrafted.is_empty() {
            redrafted::enter(redrafted, run.changes(branch)?, (self.pack, self.calendar), ledger);
        }
        Ok(())
    }

    /// Whether any version of a control of the period is over one of some populations.
    fn ever(&self, populations: &[PopulationKind], in_force: &InForce) -> bool {
        let versions = || in_force.controls.iter().flat_map(|one| &one.versions).map(|one| &one.control);
        populations.iter().any(|population| self.any(*population, versions()))
    }

    /// What controls over deployments are held against, beside the history.
    fn around(&self) -> Around<'_> {
        let config = &self.configured.config;
        Around { branches: &config.branches, place: config.deployments.as_ref(), registers: self.registers }
    }

    /// Runs the test of a control that asks how records came to be, if it does.
    fn kept(
        &self,
        control: Option<&Arc<Control>>,
        (line, branch): (&Line, &str),
        run: &mut changes::Run<'_>,
        ledger: &mut Ledger,
    ) -> Result<()> {
        let test = |control: &Control| self.pack.test(&control.text.test).filter(|one| one.population == KeptRecords);
        let Some((control, test)) = control.and_then(|control| Some((control, test(control)?))) else { return Ok(()) };
        let (below, trail) = (self.below(), run.trail(branch)?);
        let kept = provenance::Kept { judging: self, line, branch, trail, below: below.as_deref() };
        kept.control(test, control, ledger)
    }

    /// The written documents whose text changed after they were approved, and what could not be read of them.
    fn redrafted(&self, line: &Line) -> Result<(Vec<Redrafted<'_>>, Option<Gap>)> {
        let Some(below) = self.below() else { return Ok((Vec::new(), None)) };
        let repos = Repos::open(self.repo)?;
        Ok(match redrafted::of(self.written, (&repos, line, &below), self.calendar) {
            Ok(mut found) => {
                let landed = |step: &Step| self.range.is_none_or(|range| range.has(step.id));
                found.iter_mut().for_each(|one| one.steps.retain(landed));
                found.retain(|one| !one.steps.is_empty());
                (found, None)
            }
            Err((id, why)) => {
                let what = "what policies said before cannot be read";
                (Vec::new(), Some(gap::object(&self.repo.gaps(), id, &why, what)))
            }
        })
    }

    /// Who was who before each change, if changes are judged, and what could not be read of it.
    fn rosters(&self, changes: bool, line: &Line) -> Result<(Rosters, Option<Gap>)> {
        if changes {
            return Rosters::read(self, line, &self.below().unwrap_or_default());
        }
        Ok((Rosters::today(&self.registers.people), None))
    }

    /// Enters what could not be read of old versions.
    fn lost(&self, in_force: &InForce, gaps: &[Gap], today: &[Arc<Control>], ledger: &mut Ledger) {
        let unread = in_force.unread.iter().filter_map(|unread| version::unreadable(self.pack, in_force, unread));
        ledger.findings.extend(unread);
        ledger.findings.extend(clock::backwards(self.pack, in_force.line(), self.calendar));
        let lost = gaps.iter().flat_map(|gap| today.iter().map(move |control| (control, gap)));
        ledger.findings.extend(lost.filter_map(|(control, gap)| evidence::history_whole(self.pack, control, gap)));
    }

    /// Whether one of some controls is tested on items of a kind.
    fn any<'c>(&self, kind: PopulationKind, mut controls: impl Iterator<Item = &'c Arc<Control>>) -> bool {
        controls.any(|control| self.population(control) == Some(kind))
    }

    /// Where the root lies in the repository: with a slash behind it, or empty. `None` where it lies outside.
    pub(super) fn below(&self) -> Option<String> {
        super::below(self.repo, self.configured.stands())
    }

    fn population(&self, control: &Control) -> Option<PopulationKind> {
        self.pack.test(&control.text.test).map(|test| test.population)
    }

    /// The first-parent line of a branch, as it stands or as a range leaves it; empty where there is none.
    fn first_parents(&self, branch: &str) -> Line {
        let pushed = self.range.and_then(|range| range.tip_of(branch));
        let tip = pushed.or_else(|| super::branch(self.repo, branch).ok().flatten());
        tip.map_or_else(Line::default, |tip| Line::read(self.repo, tip))
    }

    /// The branch whose documents are in force: the first protected one, or the one that is checked out.
    fn branch(&self) -> String {
        let configured = self.configured.config.branches.first().cloned();
        configured.unwrap_or_else(|| self.repo.head().map_or_else(|_| "main".to_owned(), |(branch, _)| branch))
    }

    /// The versions of the controls along a line. Where they cannot be read, those of today stand in for all that was
    /// before, and what could not be read is told.
    fn versions(&self, line: Line, today: &[Arc<Control>]) -> Result<(InForce, Option<Gap>)> {
        // A record may tell of something that began long before the period; a change of the period does not.
        let whole = self.any(Records, today.iter()) || self.any(KeptRecords, today.iter());
        let line = if whole { line } else { of_period(line, self.calendar) };
        let Some(below) = self.below().filter(|_| !line.steps.is_empty()) else {
            return Ok((InForce::today(today), None));
        };
        let repos = Repos::open(self.repo)?;
        Ok(match in_force::read(&repos, line, &below, self.pack, today) {
            Ok(in_force) => (in_force, None),
            Err((id, why)) => {
                let gap = gap::object(&self.repo.gaps(), id, &why, "which controls were in force cannot be read");
                (InForce::today(today), Some(gap))
            }
        })
    }
}

/// The line that all changes of one branch make, newest first.
fn line(changes: &[Change]) -> Line {
    let step = |change: &Change| {
        let Moment { seconds, offset } = change.landed_at;
        Step { id: change.commit, tree: change.trees.0, seconds, offset }
    };
    Line::new(changes.iter().map(step).collect())
}

/// The part of a line that can judge what happened in the period: up to the last step before it. Clocks may be wrong, so
/// that is the step behind the oldest one which is not before the period.
fn of_period(line: Line, calendar: &Calendar) -> Line {
    let Some(from) = calendar.period.from else { return line };
    let day = |step: &Step| calendar.day(Moment::from(step));
    let last = line.steps.iter().rposition(|step| day(step) >= from);
    line.newest(last.map_or(1, |last| last + 2))
}
