//! Changes weighed by what a control asks, all of a branch at once.

use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::items::Item;
use crate::checks::change;
use crate::checks::change::approvers::{Approvers, Parameters};
use crate::checks::change::tally::{Looked, Outcome, Tally};
use crate::engine::content::Content;
use crate::engine::rosters::Rosters;
use crate::facts::approval::matcher::Matcher;
use crate::facts::approval::proof::{self, Proof, Verifying};
use crate::facts::approval::signers::SignerFiles;
use crate::facts::approval::trail::Change;
use crate::facts::calendar::{Calendar, Day};
use crate::facts::code_owners::Ownership;
use crate::facts::coverage::Replayer;
use crate::facts::document::control::Control;
use crate::facts::document::in_force::InForce;
use crate::findings::finding::Finding;
use crate::findings::pending::Pending;
use crate::policies::test::Test;
use crate::sources::history::Repos;
use crate::sources::repo::Gaps;

/// What became of a change.
pub(super) enum Weighed {
    /// It was tested, with these findings.
    Found(Vec<Finding>),
    /// It may still be approved, by somebody who is told so; what else is found already.
    Pending(Pending, Vec<Finding>),
    /// It needs no approval of its own, and why.
    Carried(&'static str),
}

/// What verifies the signatures on approvals.
pub(super) struct Signed<'a> {
    pub(super) repos: Repos,
    pub(super) clone: Gaps,
    pub(super) files: &'a SignerFiles,
    pub(super) zone: &'a TimeZone,
    pub(super) matcher: &'a Matcher,
}

impl Signed<'_> {
    /// The signatures on every approval of some changes, in their order.
    fn proofs(&self, changes: &[&Change]) -> Vec<Vec<Proof>> {
        let verifying = Verifying { repos: &self.repos, clone: &self.clone, files: self.files, zone: self.zone };
        proof::of_changes(&verifying, self.matcher.dialects(), changes)
    }
}

/// What the changes of a branch are weighed by.
pub(super) struct Weigh<'a> {
    pub(super) calendar: &'a Calendar,
    pub(super) rosters: &'a Rosters,
    pub(super) in_force: &'a InForce,
    pub(super) asked: &'a Parameters,
    /// Who may approve, by each version of the register of people.
    pub(super) approvers: Vec<Approvers<'a>>,
    /// What verifies signatures, if the control asks for them.
    pub(super) signed: Option<&'a Signed<'a>>,
}

impl Weigh<'_> {
    /// What is found in each change, in their order; or why it needs no approval of its own.
    pub(super) fn all(
        &self,
        (test, control): (&Test, &Control),
        items: &[&Item<'_>],
        owned: Option<&[Ownership]>,
        content: Option<&Content<'_>>,
    ) -> Vec<Weighed> {
        let changes: Vec<&Change> = items.iter().map(|item| item.change).collect();
        let replayer = content.map(Content::replayer);
        let content = content.zip(replayer.as_ref());
        let coverage = content.map(|(content, replayer)| content.coverage(replayer, &changes)).unwrap_or_default();
        let proofs = self.signed.map(|signed| signed.proofs(&changes)).unwrap_or_default();
        let judge = |(at, item): (usize, &&Item<'_>)| {
            let change = item.change;
            let (who, day) = self.who(change);
            let (proofs, coverage) = (proofs.get(at).map(Vec::as_slice), coverage.get(at));
            let looked = Looked { proofs, coverage, emergency: item.emergency.as_ref() };
            let tally = Tally::new(change, self.asked, who, (self.calendar, day), looked);
            if !matches!(tally.outcome, Outcome::Enough | Outcome::Unreadable)
                && let Some((content, replayer)) = content
                && let Some(why) = content.carried(replayer, change, |of| self.approved(of, content, replayer))
            {
                return Weighed::Carried(why);
            }
            let ownership = owned.and_then(|owned| owned.get(at));
            let tally = tally.owned(ownership, who, day).called(item.misuse.as_ref());
            let findings = change::findings(test, control, &tally);
            match change::pending(control, &tally) {
                Some(pending) => Weighed::Pending(pending, findings),
                None => Weighed::Found(findings),
            }
        };
        items.par_iter().enumerate().map(judge).collect()
    }

    /// Whether a change has as many approvals as the control asks for, as it landed.
    fn approved(&self, change: &Change, content: &Content<'_>, replayer: &Replayer<'_>) -> bool {
        let (who, day) = self.who(change);
        let coverage = content.coverage(replayer, &[change]);
        let proofs = self.signed.map(|signed| signed.proofs(&[change])).unwrap_or_default();
        let (proofs, coverage) = (proofs.first().map(Vec::as_slice), coverage.first());
        let looked = Looked { proofs, coverage, emergency: None };
        Tally::new(change, self.asked, who, (self.calendar, day), looked).outcome == Outcome::Enough
    }

    /// Who may approve a change, and the day on which it landed.
    fn who(&self, change: &Change) -> (&Approvers<'_>, Day) {
        let standing = self.rosters.standing(self.in_force.before(change.commit, change.landed_at));
        (&self.approvers[standing], self.calendar.day(change.landed_at))
    }
}
