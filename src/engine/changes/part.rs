//! What the tests of changes add up to.

use super::items::Item;
use super::weigh::Weighed;
use crate::error::Fault;
use crate::findings::finding::Finding;
use crate::findings::ledger::Judged;
use crate::findings::pending::Pending;
use crate::findings::population::Population;

/// What the versions of one control add up to, over all of its branches.
#[derive(Default)]
pub(super) struct Part {
    pub(super) population: Population,
    pub(super) findings: Vec<Finding>,
    pub(super) pending: Vec<Pending>,
    pub(super) unread: Vec<Fault>,
    pub(super) versions: Vec<Judged>,
}

impl Part {
    /// Takes in what became of a change.
    pub(super) fn take(&mut self, item: &Item<'_>, weighed: Weighed) {
        if item.emergency.is_some() && !matches!(weighed, Weighed::Carried(_)) {
            self.population.remark("emergencies");
        }
        match weighed {
            Weighed::Found(findings) => {
                self.population.size += 1;
                self.findings.extend(findings);
            }
            Weighed::Pending(pending, findings) => {
                self.population.pending += 1;
                self.pending.extend(pending);
                self.findings.extend(findings);
            }
            Weighed::Carried(why) => self.population.exclude(why),
        }
    }

    /// Adds what could not be read, once however many versions needed it.
    pub(super) fn add(&mut self, found: Option<Finding>) {
        let is_new =
            |found: &Finding| !self.findings.iter().any(|known| known.rule == found.rule && known.key == found.key);
        self.findings.extend(found.filter(is_new));
    }
}
