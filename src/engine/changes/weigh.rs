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
use crate::facts::calendar::{Calendar, Day, Length, When};
use crate::facts::code_owners::Ownership;
use crate::facts::coverage::{Coverage, Replayer};
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
    /// It may still be approved, and until when, where that is a day already; what else is found.
    Pending(Option<Pending>, Vec<Finding>),
    /// It needs no approval of its own, and why.
    Carried(&'static str),
}

/// Content, and what replays merges of it.
pub(super) type Replays<'a, 'c> = (&'a Content<'c>, &'a Replayer<'a>);

/// What was seen of some changes, in their order, as far as a control asks to look at them more closely.
pub(super) struct Seen {
    coverage: Vec<Coverage>,
    proofs: Vec<Vec<Proof>>,
}

impl Seen {
    /// What was seen of one of them.
    pub(super) fn of(&self, at: usize) -> Looked<'_, '_> {
        let (proofs, coverage) = (self.proofs.get(at).map(Vec::as_slice), self.coverage.get(at));
        Looked { proofs, coverage, emergency: None }
    }
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
    /// How long after it landed a change must have a record, if it must and if there is a register that could have it.
    pub(super) recorded_within: Option<Length>,
    /// Trailers that each change lacks, in their order; nothing if the control asks for none.
    pub(super) lacking: Vec<Vec<String>>,
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
        let seen = self.look(&changes, content);
        let judge = |(at, item): (usize, &&Item<'_>)| {
            let change = item.change;
            let looked = Looked { emergency: item.emergency.as_ref(), ..seen.of(at) };
            let tally = self.tally(change, looked);
            if let Some(why) = self.carried(&tally, content) {
                return Weighed::Carried(why);
            }
            let (who, day) = self.who(change);
            let ownership = owned.and_then(|owned| owned.get(at));
            let tally = tally.owned(ownership, who, day).called(item.misuse.as_ref());
            let mut tally = tally.unrecorded(self.unrecorded(change));
            tally.trailers_missing = self.lacking.get(at).cloned().unwrap_or_default();
            let findings = change::findings(test, control, &tally);
            if tally.outcome == Outcome::Pending {
                Weighed::Pending(change::pending(control, &tally), findings)
            } else {
                Weighed::Found(findings)
            }
        };
        items.par_iter().enumerate().map(judge).collect()
    }

    /// Looks more closely at some changes, as far as the control asks.
    pub(super) fn look(&self, changes: &[&Change], content: Option<Replays<'_, '_>>) -> Seen {
        let coverage = content.map(|(content, replayer)| content.coverage(replayer, changes)).unwrap_or_default();
        let proofs = self.signed.map(|signed| signed.proofs(changes)).unwrap_or_default();
        Seen { coverage, proofs }
    }

    /// A change with its approvals weighed.
    pub(super) fn tally<'c>(&'c self, change: &'c Change, looked: Looked<'c, '_>) -> Tally<'c> {
        let (who, day) = self.who(change);
        Tally::new(change, self.asked, who, (self.calendar, day), looked)
    }

    /// Why a change that has not enough approvals needs none of its own.
    pub(super) fn carried(&self, tally: &Tally<'_>, content: Option<Replays<'_, '_>>) -> Option<&'static str> {
        let (content, replayer) =
            content.filter(|_| !matches!(tally.outcome, Outcome::Enough | Outcome::Unreadable))?;
        content.carried(replayer, tally.change, |of| self.approved(of, content, replayer))
    }

    /// Whether a change has as many approvals as the control asks for, as it landed.
    fn approved(&self, change: &Change, content: &Content<'_>, replayer: &Replayer<'_>) -> bool {
        let seen = self.look(&[change], Some((content, replayer)));
        self.tally(change, seen.of(0)).outcome == Outcome::Enough
    }

    /// The day by which a change should have had a record, if it has none.
    fn unrecorded(&self, change: &Change) -> Option<Day> {
        let within = self.recorded_within.filter(|_| change.records.is_empty())?;
        let landed = When::instant(change.landed_at.timestamp(), &self.calendar.zone);
        let due = self.calendar.add(landed, within);
        let over = if due.exact { due.at < self.calendar.as_of } else { Day(due.day) < self.calendar.today() };
        over.then_some(Day(due.day))
    }

    /// Who may approve a change, and the day on which it landed.
    fn who(&self, change: &Change) -> (&Approvers<'_>, Day) {
        let standing = self.rosters.standing(self.in_force.before(change.commit, change.landed_at));
        (&self.approvers[standing], self.calendar.day(change.landed_at))
    }
}
