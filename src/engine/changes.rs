//! Controls over the changes of protected branches.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::checks::change::approvers::{Approvers, Parameters};
use crate::checks::change::scope::{Place, Scope};
use crate::checks::change::tally::Tally;
use crate::checks::{change, evidence};
use crate::error::{Error, Kind, Result};
use crate::facts::approval::found::Role;
use crate::facts::approval::matcher::Matcher;
use crate::facts::approval::trail::Change;
use crate::facts::calendar::{Calendar, Period};
use crate::facts::document::control::Control;
use crate::facts::document::roster::Roster;
use crate::facts::gather::{self, Gathered, Range};
use crate::facts::person::Person;
use crate::findings::finding::Finding;
use crate::findings::ledger::{Ledger, TestResult};
use crate::findings::population::Population;
use crate::policies::pack::Pack;
use crate::policies::test::Test;
use crate::sources::history::Repos;
use crate::sources::repo::Repo;
use crate::sources::tree_diff;

/// One run over the changes; every branch is read once, however many controls cover it.
pub(super) struct Run<'a> {
    repo: &'a Repo,
    pack: &'a Pack,
    matcher: &'a Matcher,
    calendar: &'a Calendar,
    roster: &'a Roster,
    progress: &'a (dyn Fn(usize) + Sync),
    branches: FxHashMap<String, Option<Gathered>>,
    /// Whether the CODEOWNERS of the working tree was looked at.
    owners_read: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        repo: &'a Repo,
        pack: &'a Pack,
        matcher: &'a Matcher,
        calendar: &'a Calendar,
        roster: &'a Roster,
        progress: &'a (dyn Fn(usize) + Sync),
    ) -> Self {
        Self { repo, pack, matcher, calendar, roster, progress, branches: FxHashMap::default(), owners_read: false }
    }

    /// Runs a test of changes for one control, and enters what it finds.
    pub(super) fn control(
        &mut self,
        test: &Test,
        control: &Control,
        configured: &[String],
        ledger: &mut Ledger,
    ) -> Result<()> {
        let asked: Parameters = serde_json::from_value(control.text.with.clone())
            .map_err(|error| Error::new(Kind::Internal, format!("{}: {error}", control.text.id)))?;
        let scope = match Scope::new(&asked) {
            Ok(scope) => scope,
            Err((glob, why)) => {
                let found = super::places::bad_glob(control, &glob, &why);
                ledger.findings.extend(super::fault::finding(self.pack, &found));
                return Ok(());
            }
        };
        let mut part = Part { population: Population::default(), findings: Vec::new() };
        if asked.code_owners && !std::mem::replace(&mut self.owners_read, true) {
            let root = self.repo.work_dir().unwrap_or_else(|| self.repo.git_dir());
            let faults = super::owners::faults(root, self.roster, self.calendar.today());
            ledger.findings.extend(faults.iter().filter_map(|found| super::fault::finding(self.pack, found)));
        }
        for branch in self.chosen(&asked, configured) {
            self.branch(test, control, (&asked, &scope), &branch, &mut part)?;
        }
        if part.population.size == 0 && part.findings.is_empty() {
            part.findings.extend(evidence::population_not_empty(
                self.pack,
                control,
                "changes",
                "`since`, `branches` and `paths`",
            ));
        }
        let result = TestResult { population: part.population, ..TestResult::of(control, "changes") };
        ledger.enter(result, part.findings);
        Ok(())
    }

    /// The control's own branches, else the configuration's, else the one that is checked out.
    fn chosen(&self, asked: &Parameters, configured: &[String]) -> Vec<String> {
        let own = if asked.branches.is_empty() { configured } else { &asked.branches };
        if own.is_empty() {
            self.repo.head().map_or_else(|_| vec!["main".to_owned()], |(branch, _)| vec![branch])
        } else {
            own.to_vec()
        }
    }

    fn branch(
        &mut self,
        test: &Test,
        control: &Control,
        (asked, scope): (&Parameters, &Scope<'_>),
        branch: &str,
        part: &mut Part,
    ) -> Result<()> {
        let mend = self.gather(branch)?;
        let Some(Some(gathered)) = self.branches.get(branch) else {
            part.findings.extend(evidence::branch_present(self.pack, control, branch, mend.as_deref()));
            return Ok(());
        };
        let gaps = &gathered.trail.gaps;
        part.findings.extend(gaps.iter().filter_map(|gap| evidence::history_whole(self.pack, control, gap)));
        let seen = asked.approvers_seen_in.as_deref().map(|key| seen_in(gathered, key)).unwrap_or_default();
        let approvers = Approvers::new(asked, self.roster, &seen);
        let period = self.calendar.period.since(control.text.since);
        let items = self.items(gathered, period, scope)?;
        for (place, _) in &items {
            if let Place::Excluded(why) = place {
                part.population.exclude(why);
            }
        }
        let covered: Vec<&Change> =
            items.iter().filter(|(place, _)| *place == Place::Covered).map(|(_, change)| *change).collect();
        part.population.size += covered.len();
        let owned = if asked.code_owners { super::owners::of_changes(self.repo, &covered)? } else { None };
        if asked.code_owners && owned.is_none() {
            part.findings.extend(evidence::code_owners_present(self.pack, control, branch));
        }
        let found: Vec<Vec<Finding>> = covered
            .par_iter()
            .enumerate()
            .map(|(at, change)| {
                let day = self.calendar.day(change.landed_at);
                let ownership = owned.as_ref().and_then(|owned| owned.get(at));
                let tally = Tally::new(change, asked, &approvers, day).owned(ownership, &approvers, day);
                change::findings(test, control, &tally)
            })
            .collect();
        part.findings.extend(found.into_iter().flatten());
        Ok(())
    }

    /// Reads a branch, once. What mends it, where the repository has commits but they cannot be read.
    fn gather(&mut self, branch: &str) -> Result<Option<String>> {
        if self.branches.contains_key(branch) {
            return Ok(None);
        }
        let tip = super::branch(self.repo, branch);
        let gathered = match tip {
            Ok(Some(tip)) => {
                let range = Range { branch: branch.to_owned(), tip, base: None, only_tip: false };
                gather::trail(self.repo, self.matcher, &range, self.progress)
            }
            Ok(None) => {
                self.branches.insert(branch.to_owned(), None);
                return Ok(None);
            }
            Err(error) => Err(error),
        };
        let (gathered, mend) = match gathered {
            Ok(gathered) => (Some(gathered), None),
            Err(error) if error.kind == Kind::Unreadable => {
                (None, Some(format!("{}; {}", error.message, error.hint.unwrap_or_default())))
            }
            Err(error) => return Err(error),
        };
        self.branches.insert(branch.to_owned(), gathered);
        Ok(mend)
    }

    /// The changes of the period with their places, oldest first.
    fn items<'g>(&self, gathered: &'g Gathered, period: Period, scope: &Scope<'_>) -> Result<Vec<(Place, &'g Change)>> {
        let changes = gathered.trail.changes.iter().rev();
        let in_period: Vec<&Change> = changes.filter(|change| self.calendar.holds(period, change.landed_at)).collect();
        if !scope.needs_files() {
            return Ok(in_period.into_iter().map(|change| (scope.place(change, &[]), change)).collect());
        }
        let repos = Repos::open(self.repo)?;
        let place = |change: &&'g Change| {
            let (tree, base) = change.trees;
            match tree_diff::touched(&repos.mine(), base, tree) {
                Ok(files) => (scope.place(change, &files), *change),
                // A change whose files cannot be read stays in the population; it must not be left out by a guess.
                Err(_) => (Place::Covered, *change),
            }
        };
        Ok(in_period.par_iter().map(place).collect())
    }
}

/// What one control's branches add up to.
struct Part {
    population: Population,
    findings: Vec<Finding>,
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
