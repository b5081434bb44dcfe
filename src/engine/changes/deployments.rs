//! Controls over deployments, each judged by the version of the control that stood when it was made.

use rayon::prelude::*;

use super::ruled::Ruled;
use super::{Part, Run};
use crate::checks::change::deployed::{self, Asked};
use crate::checks::change::scope::Scope;
use crate::checks::evidence;
use crate::engine::deployed::{All, Around, Found, is_of_period};
use crate::engine::lines::Lines;
use crate::error::Result;
use crate::facts::approval::trail::Change;
use crate::facts::calendar::Day;
use crate::facts::deployment::{self, Deployment, Reach};
use crate::facts::document::control::Control;
use crate::facts::document::in_force::{Governed, InForce};
use crate::facts::gap::{self, Gap};
use crate::facts::gather::{self, Gathered};
use crate::facts::landing::Landing;
use crate::facts::moment::Moment;
use crate::findings::ledger::{Judged, Ledger};
use crate::policies::test::{PopulationKind, Test};
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::reference_log::Move;

impl Run<'_> {
    /// Runs a test of changes or of deployments for one control, and enters what it finds.
    pub(in crate::engine) fn both(
        &mut self,
        governed: &Governed,
        in_force: &InForce,
        around: &Around<'_>,
        ledger: &mut Ledger,
    ) -> Result<()> {
        self.control(governed, in_force, around, ledger)?;
        if self.range.is_some() {
            return Ok(());
        }
        self.deployments(governed, in_force, around, ledger)
    }

    fn deployments(
        &mut self,
        governed: &Governed,
        in_force: &InForce,
        around: &Around<'_>,
        ledger: &mut Ledger,
    ) -> Result<()> {
        let mut part = Part::default();
        let versions = self.ruled(governed, PopulationKind::Deployments, |asked: &Asked| &asked.changes)?;
        for Ruled { at, ruling, control, test, asked } in &versions {
            let Some(scope) = self.scope(control, &asked.changes, ledger) else { continue };
            let judges = |deployment: &Deployment| {
                let begins = deployment.at.begins(&self.calendar.zone).as_second();
                governed.standing(in_force.standing_at(begins)) == Some(*at)
            };
            let found = Found::read(self.repo, self.pack, (control, asked), around, &mut part.findings)?;
            let before = part.population.size;
            let asking = Asking { test, control, asked, scope: &scope, in_force };
            self.deployed(&asking, found, around, &judges, &mut part)?;
            let items = part.population.size - before;
            part.versions.push(Judged { commit: in_force.commit(ruling), until: in_force.until(ruling), items });
        }
        if let Some(Ruled { control, .. }) = versions.first() {
            let by = "`tags`, `deployment_branch` and `environments`, or `deployments` in tickmark.yaml";
            self.enter(part, control, ("deployments", by), (around, ledger));
        }
        Ok(())
    }

    fn deployed(
        &mut self,
        asking: &Asking<'_>,
        found: Found,
        around: &Around<'_>,
        judges: &dyn Fn(&Deployment) -> bool,
        part: &mut Part,
    ) -> Result<()> {
        let branches = self.chosen(&asking.asked.changes, around.branches);
        let (branch, others) = branches.split_first().map_or(("main", &[][..]), |(first, rest)| (first.as_str(), rest));
        self.gather(branch)?;
        if let Err(mend) = self.gathered(branch) {
            part.add(evidence::branch_present(self.pack, asking.control, branch, mend));
            return Ok(());
        }
        let repos = Repos::open(self.repo)?;
        let Some((tip, lines, all)) = self.laid((branch, others), found, &repos)? else { return Ok(()) };
        let Ok(gathered) = self.gathered(branch) else { return Ok(()) };
        let sought = Sought { gathered, branch, tip, repos: &repos, lines: &lines, all: &all };
        self.judged(asking, &sought, judges, part)
    }

    /// Deployments laid beside a branch that was read and the lines of other branches: its tip, the lines and all of them.
    pub(super) fn laid(
        &mut self,
        (branch, others): (&str, &[String]),
        found: Found,
        repos: &Repos,
    ) -> Result<Option<(Oid, Lines, All)>> {
        let tip = super::super::branch(self.repo, branch)?.unwrap_or(Oid::ZERO);
        let lines = Lines::tips(self.repo, others)?;
        // What was deployed may lie beside the protected branch; it is read once for all.
        let shared = self.repo.reference(&Lines::shared(self.repo, branch))?;
        let tips: Vec<Oid> = found.tips().chain(lines.iter().copied()).chain(shared).collect();
        let Some(Ok(gathered)) = self.branches.get_mut(branch) else { return Ok(None) };
        gathered.history.extend(repos, &tips, self.matcher);
        let lines = Lines::new(&gathered.history, (tip, &lines));
        let all = found.deployments(&gathered.history, &lines, &self.calendar.zone);
        Ok(Some((tip, lines, all)))
    }

    fn judged(
        &self,
        asking: &Asking<'_>,
        sought: &Sought<'_>,
        judges: &dyn Fn(&Deployment) -> bool,
        part: &mut Part,
    ) -> Result<()> {
        let Asking { test, control, .. } = *asking;
        part.read(sought.branch, &sought.gathered.trail);
        let (all, history) = (sought.all, &sought.gathered.history);
        let clone = self.repo.gaps();
        let gaps: Vec<Gap> =
            gap::of_history(&clone, &history.failures).into_iter().chain(sought.gathered.trail.gaps.clone()).collect();
        gaps.iter().for_each(|gap| part.add(evidence::history_whole(self.pack, control, gap)));
        let period = self.calendar.period.since(control.text.since);
        for (record, lost) in all.nowhere.iter().filter(|(record, _)| is_of_period(record, self.calendar, period)) {
            part.population.tested(deployed::lost_member(record));
            // In a clone without the whole history a commit is not gone because it is not here.
            part.findings.extend(deployed::lost(test, control, record, lost).filter(|_| gaps.is_empty()));
        }
        let counts = |deployment: &Deployment| {
            deployment.at.begins(&self.calendar.zone) <= self.calendar.as_of
                && period.contains(Day(deployment.at.day))
                && judges(deployment)
        };
        let wanted: Vec<usize> = (0..all.deployments.len()).filter(|at| counts(&all.deployments[*at])).collect();
        for deployment in wanted.iter().map(|at| &all.deployments[*at]) {
            part.population.tested(deployed::member(deployment));
        }
        let ranks = deployment::ranks(history);
        let reached: Vec<(usize, Reach)> = wanted.par_iter().map(|at| (*at, all.reach(history, &ranks, *at))).collect();
        let beside = self.beside(control, sought, &reached, part)?;
        for (excluded, findings) in self.brought(asking, sought, period, &reached, &beside)? {
            excluded.iter().for_each(|why| part.population.exclude(why));
            part.findings.extend(findings);
        }
        let moved = if gaps.is_empty() { Lines::moved(self.repo, sought.branch, history)? } else { Vec::new() };
        let is_of = |moved: &&Move| self.calendar.holds(period, Moment { seconds: moved.at.0, offset: moved.at.1 });
        for moved in moved.iter().filter(is_of) {
            part.add(deployed::branch_kept(test, control, sought.branch, moved));
        }
        Ok(())
    }

    /// The trails of what each deployment brought that is no change of the protected branch.
    fn beside(
        &self,
        control: &Control,
        sought: &Sought<'_>,
        reached: &[(usize, Reach)],
        part: &mut Part,
    ) -> Result<Vec<Vec<Change>>> {
        let Sought { gathered, branch, tip, lines, all, .. } = *sought;
        let unit = |(at, reach): &(usize, Reach)| {
            lines.beside(&sought.repos.mine(), &gathered.history, all.deployments[*at].commit, reach)
        };
        let units: Vec<Vec<Landing>> = reached.par_iter().map(unit).collect();
        let sizes: Vec<usize> = units.iter().map(Vec::len).collect();
        let landings: Vec<Landing> = units.into_iter().flatten().collect();
        if landings.is_empty() {
            return Ok(sizes.iter().map(|_| Vec::new()).collect());
        }
        let trail = gather::more(self.repo, &gathered.history, &landings, self.matcher, (branch, tip, self.recorded))?;
        trail.gaps.iter().for_each(|gap| part.add(evidence::history_whole(self.pack, control, gap)));
        let mut changes = trail.changes.into_iter();
        Ok(sizes.into_iter().map(|size| changes.by_ref().take(size).collect()).collect())
    }
}

/// A branch with all that was deployed.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    pub(super) gathered: &'a Gathered,
    pub(super) branch: &'a str,
    pub(super) tip: Oid,
    pub(super) repos: &'a Repos,
    pub(super) lines: &'a Lines,
    pub(super) all: &'a All,
}

/// What one version of a control asks.
pub(super) struct Asking<'a> {
    pub(super) test: &'a Test,
    pub(super) control: &'a Control,
    pub(super) asked: &'a Asked,
    pub(super) scope: &'a Scope<'a>,
    pub(super) in_force: &'a InForce,
}
