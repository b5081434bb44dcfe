//! Controls over the changes of protected branches.

mod brought;
mod deployments;
mod exposure;
mod items;
mod part;
mod releases;
mod ruled;
mod weigh;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::content::Content;
use super::deployed::Around;
use super::range::Landing;
use super::rosters::Rosters;
use crate::checks::change::approvers::{Approvers, Parameters};
use crate::checks::change::scope::{Place, Scope};
use crate::checks::documents::fault;
use crate::checks::{change, evidence};
use crate::error::{Fault, Kind, Result};
use crate::facts::approval::found::Role;
use crate::facts::approval::matcher::Matcher;
use crate::facts::approval::signers::SignerFiles;
use crate::facts::approval::trail::{Assurance, Change, Trail};
use crate::facts::calendar::{Calendar, Length, Period};
use crate::facts::document::control::Control;
use crate::facts::document::in_force::{Governed, InForce};
use crate::facts::forge::binding::Recorded;
use crate::facts::forge::recorded::{self, Request};
use crate::facts::gather::{self, Gathered, Range};
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::findings::finding::Finding;
use crate::findings::ledger::{Judged, Ledger, TestResult};
use crate::findings::pending::Pending;
use crate::policies::pack::Pack;
use crate::policies::test::{PopulationKind, Test};
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;
use crate::text::Span;
use items::Item;
use part::Part;
use ruled::Ruled;
use weigh::{Signed, Weigh};

/// One run over the changes; every branch is read once, however many controls cover it.
pub(super) struct Run<'a> {
    repo: &'a Repo,
    /// The name of the repository in the configuration, if it is another one.
    name: Option<&'a str>,
    pack: &'a Pack,
    matcher: &'a Matcher,
    calendar: &'a Calendar,
    rosters: &'a Rosters,
    recorded: &'a Recorded,
    /// Where the repository says whose keys are whose.
    signers: SignerFiles,
    progress: &'a (dyn Fn(usize) + Sync),
    /// The changes that are judged; all of the period if there is nothing here.
    range: Option<&'a Landing>,
    /// Each branch, or what mends it where it is there and cannot be read.
    branches: FxHashMap<String, std::result::Result<Gathered, Option<String>>>,
    /// Whether the CODEOWNERS of the working tree was looked at.
    owners_read: bool,
    /// Approvals that cannot be read and were told, by their places.
    told: FxHashSet<(String, Span)>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        repo: &'a Repo,
        pack: &'a Pack,
        matcher: &'a Matcher,
        calendar: &'a Calendar,
        (rosters, recorded): (&'a Rosters, &'a Recorded),
        progress: &'a (dyn Fn(usize) + Sync),
    ) -> Self {
        let (signers, branches) = (SignerFiles::default(), FxHashMap::default());
        let (told, owners_read) = (FxHashSet::default(), false);
        let (name, range) = (None, None);
        Self {
            repo,
            name,
            pack,
            matcher,
            calendar,
            rosters,
            recorded,
            signers,
            progress,
            range,
            branches,
            owners_read,
            told,
        }
    }

    /// The same run over the changes of a range, if there is one.
    pub(super) fn of_range(self, range: Option<&'a Landing>) -> Self {
        Self { range, ..self }
    }

    /// A run over another repository, judged by the same people at the same time. Its files of signers lie where those of
    /// this one do.
    pub(super) fn elsewhere(&self, repo: &'a Repo, name: &'a str) -> Self {
        let people = (self.rosters, self.recorded);
        let run = Run::new(repo, self.pack, self.matcher, self.calendar, people, self.progress);
        Self { name: Some(name), ..run.with_people(self.rosters, self.signers.clone()) }
    }

    /// Runs a test of changes for one control, each change against the version that stood before it, and enters what it
    /// finds.
    pub(super) fn control(
        &mut self,
        governed: &Governed,
        in_force: &InForce,
        around: &Around<'_>,
        ledger: &mut Ledger,
    ) -> Result<()> {
        // The file of today is held against what is asked today, whatever was asked before.
        let asks = |control: &Arc<Control>| control.text.with["code_owners"] == true;
        if self.name.is_none() && self.range.is_none() && governed.today.as_ref().is_some_and(asks) {
            self.owners(ledger);
        }
        let mut part = Part::default();
        let versions = self.ruled(governed, PopulationKind::Changes, |asked: &Parameters| asked)?;
        for Ruled { at, ruling, control, test, asked } in &versions {
            let Some(scope) = self.scope(control, asked, ledger) else { continue };
            let judges =
                |change: &Change| governed.standing(in_force.before(change.commit, change.landed_at)) == Some(*at);
            let before = part.population.size;
            let recorded_within = recorded_within(self.pack, (control, asked), around, &mut part);
            let chosen = self.chosen(asked, around.branches);
            for branch in &chosen {
                self.gather(branch)?;
            }
            for branch in chosen {
                self.branch(
                    (test, control),
                    (asked, &scope),
                    &branch,
                    (&judges, in_force, recorded_within),
                    &mut part,
                )?;
            }
            let items = part.population.size - before;
            part.versions.push(Judged { commit: in_force.commit(ruling), until: in_force.until(ruling), items });
        }
        if let Some(Ruled { control, asked, .. }) = versions.first() {
            self.exposures((control, asked), around, &mut part)?;
            self.enter(part, control, ("changes", "`since`, `branches` and `paths`"), (around, ledger));
        }
        Ok(())
    }

    /// Enters what the versions of a control add up to. `by` are the parameters that say what its items are.
    fn enter(
        &mut self,
        mut part: Part,
        control: &Control,
        (items, by): (&'static str, &str),
        (around, ledger): (&Around<'_>, &mut Ledger),
    ) {
        part.findings.extend(self.tell(std::mem::take(&mut part.unread)));
        let is_empty = part.population.size + part.population.pending == 0 && part.findings.is_empty();
        if is_empty && self.range.is_some() {
            // What the range does not bring is no gap; what is left out of it is still told.
            if part.population.excluded.is_empty() {
                return;
            }
        } else if is_empty {
            part.findings.extend(evidence::population_not_empty(self.pack, control, items, by));
        }
        if let Some(test) = self.pack.test(&control.text.test).filter(|_| self.range.is_none()) {
            part.findings.extend(change::frequent(test, control, &part.population));
        }
        let (population, versions, sources) = (part.population, part.versions, part.sources);
        let repository = self.name.map(str::to_owned);
        let result = TestResult { population, versions, sources, repository, ..TestResult::of(control, items) };
        if let Some(name) = self.name {
            super::places::show_commits((self.repo, self.name), &mut part.findings);
            part.findings.iter_mut().for_each(|finding| super::places::name_repository(name, finding));
        }
        ledger.enter(result, part.findings);
        let owner = around.registers.people.find(&control.text.owner);
        ledger.pending.extend(part.pending.into_iter().map(|pending| Pending { person: owner, ..pending }));
    }

    /// Enters what is wrong with the CODEOWNERS of the working tree, once.
    fn owners(&mut self, ledger: &mut Ledger) {
        if std::mem::replace(&mut self.owners_read, true) {
            return;
        }
        let root = self.repo.work_dir().unwrap_or_else(|| self.repo.git_dir());
        let faults = super::owners::faults(root, &self.rosters.today, self.calendar.today());
        ledger.findings.extend(faults.iter().filter_map(|found| fault::finding(self.pack, found)));
    }

    /// The control's own branches, else the configuration's, else the one that is checked out; of these, in a range, the
    /// one that it comes to.
    fn chosen(&self, asked: &Parameters, configured: &[String]) -> Vec<String> {
        let own = if asked.branches.is_empty() { configured } else { &asked.branches };
        let mut chosen = own.to_vec();
        if own.is_empty() {
            chosen.push(self.repo.head().map_or_else(|_| "main".to_owned(), |(branch, _)| branch));
        }
        chosen.retain(|branch| self.range.is_none_or(|range| range.comes_to(branch)));
        chosen
    }

    fn branch(
        &self,
        (test, control): (&Test, &Control),
        (asked, scope): (&Parameters, &Scope<'_>),
        branch: &str,
        (judges, in_force, recorded_within): (Judges<'_>, &InForce, Option<Length>),
        part: &mut Part,
    ) -> Result<()> {
        let gathered = match self.gathered(branch) {
            Ok(gathered) => gathered,
            Err(mend) => {
                part.add(evidence::branch_present(self.pack, control, branch, mend));
                return Ok(());
            }
        };
        part.read(branch, &gathered.trail);
        for gap in &gathered.trail.gaps {
            part.add(evidence::history_whole(self.pack, control, gap));
        }
        let seen = asked.approvers_seen_in.as_deref().map(|key| seen_in(gathered, key)).unwrap_or_default();
        let period = self.calendar.period.since(control.text.since);
        for request in self.missing(&gathered.trail, period) {
            part.add(evidence::record_on_branch(self.pack, control, request, branch));
        }
        let approvers = self.rosters.all().map(|roster| Approvers::new(asked, roster, &seen)).collect();
        let changes = gathered.trail.changes.iter().rev();
        let lands = |change: &Change| self.range.is_none_or(|range| range.brings(change));
        let asked_for = |change: &Change| lands(change) && self.calendar.holds(period, change.landed_at);
        // A commit that several branches have is one change, whichever of them it came to first.
        let of_period = changes.filter(|change| asked_for(change) && judges(change) && part.seen.insert(change.commit));
        let items = items::placed(self.repo, self.calendar, (&gathered.trail.changes, of_period.collect()), scope)?;
        for item in &items {
            if let Place::Excluded(why) = &item.place {
                part.population.exclude(why);
            }
        }
        let covered: Vec<&Item<'_>> = items.iter().filter(|item| item.place == Place::Covered).collect();
        let changes: Vec<&Change> = covered.iter().map(|item| item.change).collect();
        let owned = if asked.code_owners { super::owners::of_changes(self.repo, &changes)? } else { None };
        if asked.code_owners && owned.is_none() {
            part.add(evidence::code_owners_present(self.pack, control, branch));
        }
        let signed = (asked.assurance == Assurance::Signed).then(|| self.signed()).transpose()?;
        let all = self.branches.values().flatten().flat_map(|gathered| &gathered.trail.changes);
        let content = Content::asked(self.repo, asked, all)?;
        let (calendar, rosters) = (self.calendar, self.rosters);
        let lacking = super::message::lacking(self.repo, &asked.trailers, &changes);
        let weigh =
            Weigh { calendar, rosters, in_force, asked, approvers, signed: signed.as_ref(), recorded_within, lacking };
        let weighed = weigh.all((test, control), &covered, owned.as_deref(), content.as_ref());
        for (item, weighed) in covered.iter().zip(weighed) {
            part.take(item, weighed, calendar);
        }
        part.unread.extend(unread(&gathered.trail, &changes));
        Ok(())
    }

    /// Records of requests that were merged in the period, of which the commit is not in a history that was read whole.
    fn missing<'t>(&self, trail: &'t Trail, period: Period) -> impl Iterator<Item = &'t Request> {
        let calendar = self.calendar;
        let is_asked = move |request: &&'t Request| {
            let Some(at) = request.merged_at else { return true };
            at <= calendar.as_of && calendar.holds(period, Moment { seconds: at.as_second(), offset: 0 })
        };
        let whole = trail.gaps.is_empty() && self.range.is_none();
        trail.missing.iter().map(AsRef::as_ref).filter(move |_| whole).filter(is_asked)
    }

    /// The findings of what cannot be read, as far as no other control and no other branch has told it.
    fn tell(&mut self, unread: Vec<Fault>) -> Vec<Finding> {
        let is_new = |fault: &Fault| self.told.insert((fault.source.name().to_owned(), fault.span));
        let new: Vec<Fault> = unread.into_iter().filter(is_new).collect();
        new.iter().filter_map(|fault| fault::finding(self.pack, fault)).collect()
    }

    /// What verifies the signatures on approvals.
    fn signed(&self) -> Result<Signed<'_>> {
        let (repos, clone) = (Repos::open(self.repo)?, self.repo.gaps());
        Ok(Signed { repos, clone, files: &self.signers, zone: &self.calendar.zone, matcher: self.matcher })
    }

    /// The same run with the versions of the register of people that stood before each change, and with the files that say
    /// whose keys are whose.
    pub(super) fn with_people(self, rosters: &'a Rosters, signers: SignerFiles) -> Self {
        Self { rosters, signers, ..self }
    }

    /// The changes of a branch, newest first; none where the branch is not there or cannot be read.
    pub(super) fn changes(&mut self, branch: &str) -> Result<&[Change]> {
        Ok(self.trail(branch)?.map(|trail| trail.changes.as_slice()).unwrap_or_default())
    }

    /// The trail of a branch; what mends it, where it is not there or cannot be read.
    pub(super) fn trail(&mut self, branch: &str) -> Result<std::result::Result<&Trail, Option<&str>>> {
        self.gather(branch)?;
        Ok(self.gathered(branch).map(|gathered| &gathered.trail))
    }

    /// A branch that was read; what mends it, where it is there and cannot be read.
    fn gathered(&self, branch: &str) -> std::result::Result<&Gathered, Option<&str>> {
        match self.branches.get(branch) {
            Some(Ok(gathered)) => Ok(gathered),
            Some(Err(mend)) => Err(mend.as_deref()),
            None => Err(None),
        }
    }

    /// Reads a branch, once.
    fn gather(&mut self, branch: &str) -> Result<()> {
        if self.branches.contains_key(branch) {
            return Ok(());
        }
        let tip = self.range.and_then(|range| range.tip_of(branch));
        let gathered = match tip.map_or_else(|| super::branch(self.repo, branch), |tip| Ok(Some(tip))) {
            Ok(Some(tip)) => {
                let range = Range::whole(branch, tip);
                gather::trail(self.repo, self.matcher, (&range, self.recorded), self.progress).map(Some)
            }
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        let gathered = match gathered {
            Ok(gathered) => gathered.ok_or(None),
            Err(error) if error.kind == Kind::Unreadable => {
                Err(Some(format!("{}; {}", error.message, error.hint.unwrap_or_default())))
            }
            Err(error) => return Err(error),
        };
        self.branches.insert(branch.to_owned(), gathered);
        Ok(())
    }
}

/// Which changes a version of a control judges.
type Judges<'a> = &'a dyn Fn(&Change) -> bool;

/// How long after it landed a change must have a record, if a control asks for it. That the register is missing is told
/// once, and not for every change.
fn recorded_within(
    pack: &Pack,
    (control, asked): (&Control, &Parameters),
    around: &Around<'_>,
    part: &mut Part,
) -> Option<Length> {
    let within = asked.recorded_within.as_deref()?.parse().ok()?;
    let register = around.registers.get(recorded::REGISTER)?;
    if !register.is_there() {
        part.add(evidence::register_present(pack, control, &register.definition));
        return None;
    }
    if register.faults > 0 {
        part.add(evidence::register_whole(pack, control, register));
        return None;
    }
    Some(within)
}

/// What stands beside some changes as an approval, and cannot be read.
fn unread(trail: &Trail, changes: &[&Change]) -> Vec<Fault> {
    if trail.unread.is_empty() {
        return Vec::new();
    }
    let changes: FxHashSet<Oid> = changes.iter().map(|change| change.commit).collect();
    trail.unread.iter().filter(|one| changes.contains(&one.change)).map(|one| one.fault.clone()).collect()
}

/// Everybody who is named in a trailer anywhere in a history, except robots, groups and words that name nobody.
fn seen_in(gathered: &Gathered, key: &str) -> Vec<Person> {
    let mut seen: Vec<Person> = Vec::new();
    let mut known = rustc_hash::FxHashSet::default();
    for found in gathered.history.commits.iter().flat_map(|commit| &commit.found) {
        let counts = found.role == Role::Approval && found.discount.is_none() && found.key.eq_ignore_ascii_case(key);
        if let Some(person) = found.person.as_ref().filter(|_| counts)
            && known.insert(person.clone())
        {
            seen.push(person.clone());
        }
    }
    seen
}
