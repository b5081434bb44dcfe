//! What became of the changes that are exceptions: the deployment that first carried each, and the one that took it out.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::part::Part;
use super::{Around, Run};
use crate::checks::change::approvers::Parameters;
use crate::checks::change::deployed::Asked;
use crate::checks::change::deployed::exposure::{Exposure, impact};
use crate::engine::deployed::{All, Found};
use crate::error::Result;
use crate::facts::approval::trail::Change;
use crate::facts::calendar::When;
use crate::facts::coverage::Replayer;
use crate::facts::coverage::carried::{self, Carried};
use crate::facts::deployment::Deployment;
use crate::facts::document::control::Control;
use crate::facts::gather::Gathered;
use crate::findings::finding::Verdict;
use crate::findings::impact::Impact;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;

/// The rule that finds approvals after the landing: what they end is told.
const LATE: &str = "change/approved-late";

impl Run<'_> {
    /// Tells of each change that is an exception when it came to production and when it left it, where the configuration says
    /// how deployments are found, and all of them and the whole history can be read. Otherwise it is not known.
    pub(super) fn exposures(
        &mut self,
        (control, asked): (&Control, &Parameters),
        around: &Around<'_>,
        part: &mut Part,
    ) -> Result<()> {
        if around.place.is_none() || self.range.is_some() {
            return Ok(());
        }
        let mut of: FxHashMap<Oid, Vec<usize>> = FxHashMap::default();
        for (at, found) in part.findings.iter().enumerate().filter(|(_, found)| found.verdict == Verdict::Exception) {
            if let Some(commit) = Oid::parse(found.key.as_bytes()) {
                of.entry(commit).or_default().push(at);
            }
        }
        if of.is_empty() {
            return Ok(());
        }
        let mut unread = Vec::new();
        let found = Found::read(self.repo, self.pack, (control, &Asked::default()), around, &mut unread)?;
        let branches = self.chosen(asked, around.branches);
        let (Some((branch, others)), true) = (branches.split_first(), unread.is_empty()) else { return Ok(()) };
        let repos = Repos::open(self.repo)?;
        let Some((.., all)) = self.laid((branch, others), found, &repos)? else { return Ok(()) };
        let Ok(gathered) = self.gathered(branch) else { return Ok(()) };
        if !gathered.trail.gaps.is_empty() || !gathered.history.failures.is_empty() {
            return Ok(());
        }
        let deployed = all.in_time(self.calendar);
        let lives = Lives { gathered, first: All::first(&gathered.history, &deployed), deployed };
        let reverts = reverts(&repos, &gathered.trail.changes, |commit| of.contains_key(&commit));
        for change in &gathered.trail.changes {
            for at in of.get(&change.commit).into_iter().flatten() {
                let late = (part.findings[*at].rule == LATE).then(|| self.late(change)).flatten();
                part.findings[*at].impact.push(lives.of(change, &reverts, late));
            }
        }
        Ok(())
    }

    /// When the last of the approvals was given that came after a change had landed.
    fn late(&self, change: &Change) -> Option<When> {
        let later = change.approvals.iter().filter_map(|approval| approval.at).map(|at| at.timestamp());
        let last = later.filter(|at| *at > change.landed_at.timestamp() && *at <= self.calendar.as_of).max()?;
        Some(When::instant(last, &self.calendar.zone))
    }
}

/// The deployments of a branch, and which of them carried each commit first.
struct Lives<'a> {
    gathered: &'a Gathered,
    deployed: Vec<&'a Deployment>,
    first: Vec<Option<usize>>,
}

impl Lives<'_> {
    fn of(&self, change: &Change, reverts: &FxHashMap<Oid, Oid>, late: Option<When>) -> Impact {
        let history = &self.gathered.history;
        let carrier = |commit: Oid, first: &[Option<usize>]| first[history.find(commit)? as usize];
        let first = carrier(change.commit, &self.first).map(|at| self.deployed[at]);
        // What was taken back and then brought in again is there.
        let revert = reverts.get(&change.commit).copied().filter(|revert| !reverts.contains_key(revert));
        let out = first.zip(revert).and_then(|(first, revert)| {
            let there: Vec<&Deployment> = self.deployed.iter().copied().filter(|one| one.lane == first.lane).collect();
            Some(there[carrier(revert, &All::first(history, &there))?])
        });
        impact(&Exposure { first, revert, out, late })
    }
}

/// The change that says of each commit that it takes it back, the first of several: by the words of `git revert`. `is_asked`
/// says of which commits that is asked; of those that take them back it is asked as well.
fn reverts(repos: &Repos, changes: &[Change], is_asked: impl Fn(Oid) -> bool) -> FxHashMap<Oid, Oid> {
    let replayer = Replayer::new(repos);
    let oldest = changes.iter().rposition(|change| is_asked(change.commit)).unwrap_or_default();
    let later: Vec<(Oid, Oid)> = changes[..oldest]
        .par_iter()
        .filter_map(|change| match carried::named(&replayer, change) {
            Ok(Some(Carried::Revert(of))) => Some((of, change.commit)),
            _ => None,
        })
        .collect();
    // The one commit that a merge brought stands for the merge.
    let brought: FxHashMap<Oid, Oid> = changes[..=oldest.min(changes.len().saturating_sub(1))]
        .iter()
        .filter_map(|change| match change.brought.as_slice() {
            [one] => Some((*one, change.commit)),
            _ => None,
        })
        .collect();
    // Newest first, so that the first one stays.
    later.into_iter().map(|(of, by)| (brought.get(&of).copied().unwrap_or(of), by)).collect()
}
