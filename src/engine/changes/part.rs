//! What the tests of changes add up to.

use rustc_hash::FxHashSet;

use super::items::Item;
use super::weigh::Weighed;
use crate::checks::change;
use crate::error::Fault;
use crate::facts::approval::trail::Trail;
use crate::facts::calendar::Calendar;
use crate::findings::finding::Finding;
use crate::findings::ledger::{Judged, Source};
use crate::findings::pending::Pending;
use crate::findings::population::{Member, Population};
use crate::sources::oid::Oid;

/// What the versions of one control add up to, over all of its branches.
#[derive(Default)]
pub(super) struct Part {
    pub(super) population: Population,
    pub(super) findings: Vec<Finding>,
    pub(super) pending: Vec<Pending>,
    pub(super) unread: Vec<Fault>,
    pub(super) versions: Vec<Judged>,
    /// The branches that were read.
    pub(super) sources: Vec<Source>,
    /// The commits that have been looked at.
    pub(super) seen: FxHashSet<Oid>,
}

impl Part {
    /// Takes in what became of a change.
    pub(super) fn take(&mut self, item: &Item<'_>, weighed: Weighed, calendar: &Calendar) {
        let change = item.change;
        let day = Some(calendar.day(change.landed_at));
        let member = || Member::new(change.commit.to_string(), change::item(change), day);
        if item.emergency.is_some() && !matches!(weighed, Weighed::Carried(_)) {
            self.population.remark("emergencies");
        }
        match weighed {
            Weighed::Found(findings) => {
                self.population.tested(member());
                self.findings.extend(findings);
            }
            Weighed::Pending(pending, findings) => {
                self.population.waits(member());
                self.pending.extend(pending);
                self.findings.extend(findings);
            }
            Weighed::Carried(why) => self.population.exclude(why),
        }
    }

    /// Takes in a branch that was read.
    pub(super) fn read(&mut self, branch: &str, trail: &Trail) {
        let Some(tip) = trail.changes.first().map(|change| change.commit) else { return };
        let source = Source::Branch { name: branch.to_owned(), tip, changes: trail.changes.len() };
        if !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }

    /// Adds what could not be read, once however many versions needed it.
    pub(super) fn add(&mut self, found: Option<Finding>) {
        let is_new =
            |found: &Finding| !self.findings.iter().any(|known| known.rule == found.rule && known.key == found.key);
        self.findings.extend(found.filter(is_new));
    }
}
