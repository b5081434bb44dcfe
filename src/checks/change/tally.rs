//! One change's approvals, weighed by what a control asks for.

use super::approvers::{Approvers, AuthorCounts, Parameters};
use super::emergency::Emergency;
use super::owners::{self, Answer};
use super::scope::Misuse;
use super::signed::Holders;
use super::standing::{Standing, is_other_person, is_told_by_content, is_weak, lacking, may_count, uncovered};
use super::who::Who;
use crate::facts::approval::found::Discount;
use crate::facts::approval::proof::Proof;
use crate::facts::approval::trail::{Approval, Change, Verdict};
use crate::facts::approval::witness::Witnesses;
use crate::facts::calendar::{Calendar, Day};
use crate::facts::code_owners::{Demand, Ownership};
use crate::facts::coverage::Coverage;
use crate::facts::person::Person;

/// What the approvals of a change amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As many persons approved as the control asks for.
    Enough,
    /// What would decide it could not be read.
    Unreadable,
    /// No approval, no request.
    Nothing,
    /// A request, but no approval.
    RequestOnly,
    /// A request of which every review is known, and nobody's approval.
    Refused,
    /// Enough persons, if what some approved is what landed, which cannot be told.
    Untied,
    /// Enough persons, but some of them only after it had landed.
    Late,
    /// An emergency which may still be approved.
    Pending,
    /// An emergency that nobody else approved in the time that there is for it.
    Unconfirmed,
    /// An emergency that enough persons approved, but some of them after the time that there is for it.
    TooLate,
    /// An emergency that enough persons approved, if they did so before some hour of the last day.
    DayOnly,
    /// An emergency that enough persons approved, but some of them deployed it.
    ByDeployer,
    /// Only robots, groups or words that name nobody.
    NoPerson,
    /// Only authors.
    OwnOnly,
    /// Enough persons, but none or too few whom the control allows.
    NotAllowed,
    /// Enough persons, but none or too few approvals of the assurance asked for.
    Weak,
    /// Enough only if signatures count of which it cannot be told whose they are.
    Unverified,
    /// Enough only if two addresses with one name are two persons.
    Unresolved,
    /// Enough persons, but some approved it before commits came that they did not see.
    Stale,
    /// Enough persons, but what some of them approved was changed when it landed.
    Edited,
    /// Enough persons, if what some of them approved is what landed, which cannot be told.
    Unreplayed,
    /// Fewer persons than the control asks for.
    TooFew,
}

/// Which standings are asked for.
type Wanted<'w> = &'w dyn Fn(&Standing) -> bool;

/// A change with its approvals weighed.
pub struct Tally<'a> {
    /// The change.
    pub change: &'a Change,
    /// What the control asks for.
    pub asked: &'a Parameters,
    /// Every approval with its standing, in the order of the change.
    pub approvals: Vec<(&'a Approval, Standing)>,
    /// Number of persons who count.
    pub found: usize,
    /// What it amounts to.
    pub outcome: Outcome,
    /// Who owns what it touches, if the control asks for their approval.
    pub ownership: Option<&'a Ownership>,
    approvers: &'a Approvers<'a>,
    /// What the owners are asked for, and what became of it; nothing where nobody else approved the change, which other
    /// rules say.
    pub owners: Vec<(&'a Demand, Answer)>,
    /// What of its content is covered, if the control asks.
    pub coverage: Option<&'a Coverage>,
    /// The class that it says it belongs to and does not.
    pub misuse: Option<&'a Misuse>,
    /// What makes it an emergency, if it is one.
    pub emergency: Option<&'a Emergency<'a>>,
    /// The day by which it should have had a record, if it has none.
    pub unrecorded: Option<Day>,
    /// Trailers that the control asks for and the change does not have.
    pub trailers_missing: Vec<String>,
}

/// What a control asks to be looked at more closely: nothing where it does not ask.
#[derive(Clone, Copy, Default)]
pub struct Looked<'a, 'p> {
    /// The signatures on the approvals of the change, in their order.
    pub proofs: Option<&'p [Proof]>,
    /// What of its content they cover.
    pub coverage: Option<&'a Coverage>,
    /// What makes it an emergency, if it is one.
    pub emergency: Option<&'a Emergency<'a>>,
}

impl<'a> Tally<'a> {
    /// Weighs a change that landed on `day`; an approval that does not cover the content does not count.
    #[must_use]
    pub fn new(
        change: &'a Change,
        asked: &'a Parameters,
        approvers: &'a Approvers<'a>,
        (calendar, day): (&Calendar, Day),
        Looked { proofs, coverage, emergency }: Looked<'a, '_>,
    ) -> Self {
        let identity = change.identity();
        let who = Who { approvers, identity: &identity };
        let one = |author: &Person, writer: &Person| who.same(author, writer) || who.may_be_one(author, writer);
        let mut witnesses = Witnesses::new(&change.authors, one);
        let holders = Holders {
            change,
            same: |one: &Person, other: &Person| who.same(one, other),
            roster: approvers.roster(),
            identity: &identity,
        };
        let mut standing = |(at, approval): (usize, &Approval)| {
            let assurance = witnesses.assurance(approval);
            let covers = coverage.and_then(|coverage| coverage.approvals.get(at));
            let told = |discount: &Discount| !is_told_by_content(discount, covers);
            let discount = approval.discounted(change.landed_at, one).1.filter(told);
            let afterwards = match (&discount, emergency) {
                // What was approved after the as-of instant is not known yet.
                (Some(Discount::Late(given)), Some(emergency)) if given.at <= calendar.as_of => {
                    Some((*given, emergency))
                }
                _ => None,
            };
            if let Some(discount) = discount.filter(|_| afterwards.is_none()) {
                Standing::Discounted(discount)
            } else if afterwards.is_none() && !approval.independent
                || change.authors.iter().any(|author| {
                    who.same(author, &approval.by) && (afterwards.is_some() || who.joined(author, &approval.by))
                })
            {
                Standing::Own
            } else if !approvers.allow(&approval.by, &identity, day) {
                Standing::NotAllowed
            } else if let Some(standing) = afterwards.and_then(|(given, emergency)| {
                emergency.weigh(&given, &approval.by, calendar, |one, other| who.same(one, other))
            }) {
                standing
            } else if let Some(lacking) = lacking(asked.assurance, assurance, || {
                proofs.and_then(|proofs| proofs.get(at)).map(|proof| holders.answer(approval, proof))
            }) {
                lacking
            } else if let Some(standing) = covers.and_then(uncovered) {
                standing
            } else if change.authors.iter().any(|author| who.may_be_one(author, &approval.by)) {
                Standing::Namesake
            } else {
                Standing::Counts
            }
        };
        let approvals: Vec<_> = change.approvals.iter().enumerate().map(|one| (one.1, standing(one))).collect();
        let authors = change.authors.iter().filter(|author| approvers.allow(author, &identity, day));
        let authors = match asked.author_counts {
            AuthorCounts::Never => 0,
            AuthorCounts::AsApprover => who.persons(authors).min(1),
        };
        let (outcome, owners, trailers_missing) = (Outcome::Enough, Vec::new(), Vec::new());
        let (ownership, misuse, unrecorded) = (None, None, None);
        let mut tally = Self {
            change,
            asked,
            approvals,
            found: 0,
            outcome,
            ownership,
            approvers,
            owners,
            coverage,
            misuse,
            emergency,
            unrecorded,
            trailers_missing,
        };
        let sure = who.distinct(tally.with(|standing| *standing == Standing::Counts));
        let likely = who.persons(tally.with(|standing| matches!(standing, Standing::Counts | Standing::Namesake)));
        tally.found = sure + authors;
        tally.outcome = tally.decide(&who, (sure, likely), authors);
        tally
    }

    /// The same tally, where the owners of what the change touches are asked for their approval.
    #[must_use]
    pub fn owned(mut self, ownership: Option<&'a Ownership>, approvers: &Approvers<'_>, day: Day) -> Self {
        self.ownership = ownership;
        let Some(Ownership::Owned(demands)) = ownership else { return self };
        // Where nobody else approved it, another rule says so; where authors count, they may be enough.
        let by_another = self.approvals.iter().any(|(_, standing)| is_other_person(standing));
        if self.outcome == Outcome::Unreadable || !by_another && self.outcome != Outcome::Enough {
            return self;
        }
        let identity = self.change.identity();
        let who = owners::Who { approvers, identity: &identity, day };
        let approved = owners::Approved {
            sure: self.with(|standing| matches!(standing, Standing::Counts | Standing::NotAllowed)).collect(),
            unsure: self.with(|standing| is_weak(standing) || *standing == Standing::Namesake).collect(),
            authors: self.change.authors.iter().collect(),
            authors_count: self.asked.author_counts == AuthorCounts::AsApprover,
        };
        let answers = demands.iter().map(|demand| (demand, who.answer(demand, &approved))).collect();
        self.owners = answers;
        self
    }

    /// The same tally of a change that says that it belongs to a class.
    #[must_use]
    pub const fn called(mut self, misuse: Option<&'a Misuse>) -> Self {
        self.misuse = misuse;
        self
    }

    /// Whether two names are one person.
    #[must_use]
    pub fn are_one(&self, one: &Person, other: &Person) -> bool {
        self.approvers.same(&self.change.identity(), one, other)
    }

    /// Whether the register of people has two names as two persons.
    #[must_use]
    pub fn are_two(&self, one: &Person, other: &Person) -> bool {
        self.approvers.are_two(&self.change.identity(), one, other)
    }

    /// The same tally of a change that should have had a record by a day, and has none.
    #[must_use]
    pub const fn unrecorded(mut self, since: Option<Day>) -> Self {
        self.unrecorded = since;
        self
    }

    /// Approvers with a standing that is wanted.
    pub fn with<'t>(&'t self, wanted: impl Fn(&Standing) -> bool + 't) -> impl Iterator<Item = &'a Person> + 't {
        self.approvals.iter().filter(move |(_, standing)| wanted(standing)).map(|(approval, _)| &approval.by)
    }

    /// Names of the approvers with one of these standings, as a sentence lists them.
    #[must_use]
    pub fn names(&self, wanted: impl Fn(&Standing) -> bool) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (approval, _) in self.approvals.iter().filter(|(_, standing)| wanted(standing)) {
            if !names.contains(&approval.by.label()) {
                names.push(approval.by.label());
            }
        }
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => "nobody".to_owned(),
        }
    }

    /// Number of persons who must approve it.
    #[must_use]
    pub fn required(&self) -> usize {
        self.emergency.and_then(|emergency| emergency.asked.approvals).unwrap_or(self.asked.approvals)
    }

    fn decide(&self, who: &Who<'_>, (sure, likely): (usize, usize), authors: usize) -> Outcome {
        let required = self.required();
        let reaches = |wanted: Wanted<'_>| who.persons(self.with(wanted)) + authors >= required;
        if self.change.verdict == Verdict::Untestable {
            Outcome::Unreadable
        } else if sure + authors >= required && self.batch_is_covered() {
            Outcome::Enough
        } else if let Some(outcome) = self.emergency.and_then(|emergency| self.afterwards(emergency, who, authors)) {
            outcome
        } else if self.approvals.is_empty() {
            self.nobody()
        } else if let Some(outcome) = self.misgiven(who, authors) {
            outcome
        } else if self.approvals.iter().all(|(_, standing)| matches!(standing, Standing::Discounted(_))) {
            self.discounted_only()
        } else if !self.approvals.iter().any(|(_, standing)| is_other_person(standing)) {
            Outcome::OwnOnly
        } else if likely + authors >= required {
            Outcome::Unresolved
        } else if reaches(&|standing| may_count(standing)) {
            Outcome::Unverified
        } else if let Some(outcome) = self.uncovered(reaches) {
            outcome
        } else if sure == 0 && reaches(&|standing| *standing == Standing::Counts || is_weak(standing)) {
            Outcome::Weak
        } else if sure == 0 && reaches(&|standing| matches!(standing, Standing::Counts | Standing::NotAllowed)) {
            Outcome::NotAllowed
        } else {
            Outcome::TooFew
        }
    }

    /// What is wrong if there would be enough approvals with those that do not cover what landed.
    fn uncovered(&self, reaches: impl Fn(Wanted<'_>) -> bool) -> Option<Outcome> {
        let has = |wanted: Standing| self.approvals.iter().any(|(_, standing)| *standing == wanted);
        if reaches(&|standing| matches!(standing, Standing::Counts | Standing::Unreplayed)) {
            Some(Outcome::Unreplayed)
        } else if !reaches(&|standing| is_other_person(standing) && !matches!(standing, Standing::NotAllowed)) {
            None
        } else if has(Standing::Stale) {
            Some(Outcome::Stale)
        } else {
            has(Standing::Edited).then_some(Outcome::Edited)
        }
    }

    /// What an emergency amounts to that not enough persons approved in time; nothing where it is as with any change.
    fn afterwards(&self, emergency: &Emergency<'_>, who: &Who<'_>, authors: usize) -> Option<Outcome> {
        let with = |wanted: Wanted<'_>| {
            let counting = |standing: &Standing| *standing == Standing::Counts || wanted(standing);
            who.distinct(self.with(counting)) + authors >= self.required()
        };
        if !emergency.overdue {
            Some(Outcome::Pending)
        } else if with(&|standing| matches!(standing, Standing::DayOnly(_))) {
            Some(Outcome::DayOnly)
        } else if with(&|standing| matches!(standing, Standing::DayOnly(_) | Standing::TooLate(_))) {
            Some(Outcome::TooLate)
        } else if with(&|standing| *standing == Standing::Deployer) {
            Some(Outcome::ByDeployer)
        } else {
            let late = |standing: &Standing| matches!(standing, Standing::Discounted(Discount::Late(_)));
            let nobody = matches!(self.nobody(), Outcome::Nothing | Outcome::Refused);
            (nobody && self.approvals.iter().all(|(_, standing)| late(standing))).then_some(Outcome::Unconfirmed)
        }
    }

    /// Approvals that were taken back or belong to another commit leave the change as if there were none.
    fn discounted_only(&self) -> Outcome {
        let nobody = |discount: &Discount| matches!(discount, Discount::Robot | Discount::Group | Discount::NotAPerson);
        if self.approvals.iter().any(|(_, standing)| matches!(standing, Standing::Discounted(why) if nobody(why))) {
            Outcome::NoPerson
        } else if self.approvals.iter().any(|(approval, _)| matches!(approval.discount, Some(Discount::Untied(_)))) {
            Outcome::Untied
        } else {
            self.nobody()
        }
    }

    /// Nobody approved it, as far as can be told.
    fn nobody(&self) -> Outcome {
        match &self.change.request {
            Some(request) if request.is_told => Outcome::Refused,
            Some(_) => Outcome::RequestOnly,
            None => Outcome::Nothing,
        }
    }

    /// What it amounts to if there are enough approvals by others, of which some were given for something else, or may
    /// have been, or came too late.
    fn misgiven(&self, who: &Who<'_>, authors: usize) -> Option<Outcome> {
        type Kind = fn(&Discount) -> bool;
        let is_untied: Kind = |discount| matches!(discount, Discount::Untied(_));
        let is_stale: Kind = |discount| matches!(discount, Discount::Stale(..) | Discount::Untied(_));
        let is_late: Kind =
            |discount| matches!(discount, Discount::Late(_) | Discount::Stale(..) | Discount::Untied(_));
        let reaches = |kind: Kind| {
            let by_another = |approval: &Approval| !self.change.authors.iter().any(|one| who.same(one, &approval.by));
            let taken = self.approvals.iter().filter(|(approval, standing)| match standing {
                Standing::Counts => true,
                Standing::Discounted(discount) => kind(discount) && by_another(approval),
                _ => false,
            });
            who.distinct(taken.map(|(approval, _)| &approval.by)) + authors >= self.required()
        };
        let kinds = [(is_untied, Outcome::Untied), (is_stale, Outcome::Stale), (is_late, Outcome::Late)];
        kinds.into_iter().find(|(kind, _)| reaches(*kind)).map(|(_, outcome)| outcome)
    }

    /// A batch lands several requests at once; an approval of one does not cover another.
    fn batch_is_covered(&self) -> bool {
        self.change.batch < 2 || self.change.approvers_in_time >= self.required()
    }
}
