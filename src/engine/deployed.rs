//! Where a control finds the deployments that it is held against.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};

use super::lines::Lines;
use crate::checks::change::deployed::Asked;
use crate::checks::evidence;
use crate::error::Result;
use crate::facts::calendar::{Calendar, Day, Period};
use crate::facts::deployment::{
    self, Deployment, Lost, REGISTER, Reach, Recorded, Where, of_branch, of_records, of_tags, reach,
};
use crate::facts::document::control::Control;
use crate::facts::gap;
use crate::facts::landing::History;
use crate::facts::register::store::Registers;
use crate::facts::register::value::{Record, Value};
use crate::findings::finding::Finding;
use crate::policies::pack::Pack;
use crate::sources::oid::Oid;
use crate::sources::reference_log;
use crate::sources::repo::{ObjectKind, Repo};
use crate::sources::tags::{Tag, tags};

/// What a control is held against, beside the history.
pub(super) struct Around<'a> {
    /// Protected branches of the configuration.
    pub(super) branches: &'a [String],
    /// Where the configuration says that deployments are.
    pub(super) place: Option<&'a Where>,
    /// The registers of today.
    pub(super) registers: &'a Registers,
}

/// Tags, branch and records of a control's deployments, as they are found before the history is read.
pub(super) struct Found {
    tags: Vec<Tag>,
    branch: Option<(String, Oid)>,
    recorded: Recorded,
    /// Tags that were moved, by the keys of their deployments.
    moved: FxHashMap<String, Lost>,
    /// Whether the records alone are the deployments.
    only_records: bool,
}

impl Found {
    /// Finds them; what is missing or cannot be read is added to `findings`.
    pub(super) fn read(
        repo: &Repo,
        pack: &Pack,
        (control, asked): (&Control, &Asked),
        around: &Around<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let place = asked.place().or_else(|| around.place.cloned()).unwrap_or_default();
        let only_records = place.tags.is_empty() && place.branch.is_none();
        let (recorded, moved) = (Recorded::default(), FxHashMap::default());
        let mut found = Self { tags: Vec::new(), branch: None, recorded, moved, only_records };
        if !place.tags.is_empty() {
            let patterns = deployment::patterns(&place.tags, "tags")?;
            let (read, unread) = tags(repo, |name| patterns.iter().any(|pattern| pattern.matches(name)));
            found.tags = read;
            for (name, id, why) in unread {
                let gap = gap::object(&repo.gaps(), id, &why, &format!("the tag {name} cannot be read"));
                findings.extend(evidence::history_whole(pack, control, &gap));
            }
        }
        if let Some(name) = place.branch {
            match super::branch(repo, &name)? {
                Some(tip) => found.branch = Some((name, tip)),
                None => findings.extend(evidence::branch_present(pack, control, &name, None)),
            }
        }
        let Some(register) = around.registers.get(REGISTER).filter(|register| register.is_there() || only_records)
        else {
            found.moved(repo);
            return Ok(found);
        };
        if !register.is_there() {
            findings.extend(evidence::register_present(pack, control, &register.definition));
            return Ok(found);
        }
        if register.faults > 0 {
            findings.extend(evidence::register_whole(pack, control, register));
        }
        let environments = if asked.environments.is_empty() { place.environments } else { asked.environments.clone() };
        let records = || register.records.iter().filter(|record| deployment::is_of(record, &environments));
        let of_tags = tags_of(repo, records());
        found.recorded = of_records(records(), |sha| commit_of(repo, sha), |tag| of_tags.get(tag).copied());
        found.moved(repo);
        Ok(found)
    }

    /// Tags that the logs of this clone have seen at another commit. Where a record says which commit was deployed, that is
    /// what the tag is held against.
    fn moved(&mut self, repo: &Repo) {
        let told = self.recorded.deployments.iter().filter(|one| one.said("sha").is_some());
        let told: FxHashSet<&str> = told.filter_map(|one| one.said("tag")).collect();
        for tag in self.tags.iter().filter(|tag| !told.contains(tag.name.as_str())) {
            let moves = reference_log::moves(repo, &format!("refs/tags/{}", tag.name));
            let Some(last) = moves.iter().rev().find(|one| one.old != Oid::ZERO && one.new != Oid::ZERO) else {
                continue;
            };
            // The log has the tag itself, which may lead to the same commit as before.
            let was = repo.resolve(&last.old.to_string()).unwrap_or(last.old);
            if was != tag.commit {
                let lost = Lost::Moved { tag: tag.name.clone(), was, is: tag.commit };
                self.moved.insert(format!("tag {}", tag.name), lost);
            }
        }
    }

    /// The commits that they name.
    pub(super) fn tips(&self) -> impl Iterator<Item = Oid> {
        let tags = self.tags.iter().map(|tag| tag.commit);
        tags.chain(self.branch.iter().map(|(_, tip)| *tip))
            .chain(self.recorded.deployments.iter().map(|one| one.commit))
    }

    /// The deployments, once the history is read. A tag or a move of the branch that has a record is one with it.
    pub(super) fn deployments(self, history: &History, lines: &Lines, zone: &TimeZone) -> All {
        let mut deployments = of_tags(&self.tags, history, zone);
        if let Some((name, tip)) = &self.branch {
            deployments.extend(of_branch(name, *tip, history, |at| lines.is_change(at), zone));
        }
        let recorded = self.recorded.deployments;
        let mut known: FxHashSet<usize> = FxHashSet::default();
        if !self.only_records {
            let (mut by_tag, mut by_commit) = (FxHashMap::default(), FxHashMap::default());
            for (at, one) in recorded.iter().enumerate().rev() {
                match one.said("tag") {
                    Some(tag) => by_tag.insert(tag, at),
                    None => by_commit.insert(one.commit, at),
                };
            }
            for deployment in &mut deployments {
                let at = by_tag.get(deployment.name.as_str()).or_else(|| by_commit.get(&deployment.commit));
                if let Some((at, one)) = at.and_then(|at| Some((*at, recorded.get(*at)?))) {
                    known.insert(at);
                    *deployment = deployment.clone().with_record(one);
                }
            }
        }
        // What failed or went elsewhere has no tag, and was a deployment all the same.
        let others = recorded.into_iter().enumerate().filter(|(at, _)| !known.contains(at));
        deployments.extend(others.map(|(_, one)| one));
        deployments.retain(|one| history.find(one.commit).is_some());
        All::new(deployments, self.recorded.lost, &self.moved)
    }
}

/// All deployments of a control.
pub(super) struct All {
    /// Those whose commit is known.
    pub(super) deployments: Vec<Deployment>,
    /// Records whose commit nobody finds.
    pub(super) nowhere: Vec<(Arc<Record>, Lost)>,
    /// What is wrong with where the record of each deployment says that it is.
    lost: Vec<Option<Lost>>,
    /// Those that stayed, by where they were brought and by their commit, in the order of time.
    at: FxHashMap<(String, Oid), Vec<usize>>,
}

impl All {
    fn new(deployments: Vec<Deployment>, lost: Vec<(Arc<Record>, Lost)>, moved: &FxHashMap<String, Lost>) -> Self {
        let record = |one: &Deployment| one.record.as_ref().map(Arc::as_ptr);
        let records: FxHashSet<*const Record> = deployments.iter().filter_map(record).collect();
        let (of, nowhere): (Vec<_>, Vec<_>) =
            lost.into_iter().partition(|(record, _)| records.contains(&Arc::as_ptr(record)));
        let of: FxHashMap<*const Record, &Lost> = of.iter().map(|(record, lost)| (Arc::as_ptr(record), lost)).collect();
        let lost_of =
            |one: &Deployment| record(one).and_then(|record| of.get(&record).copied()).or(moved.get(&one.key));
        let lost = deployments.iter().map(|one| lost_of(one).cloned()).collect();
        let mut places: Vec<usize> = (0..deployments.len()).filter(|at| deployments[*at].stayed()).collect();
        places.sort_by_key(|at| order(&deployments[*at], *at));
        let mut at: FxHashMap<(String, Oid), Vec<usize>> = FxHashMap::default();
        for place in places {
            let one = &deployments[place];
            at.entry((one.lane.clone(), one.commit)).or_default().push(place);
        }
        Self { deployments, nowhere, lost, at }
    }

    /// Those that stayed and were made by the as-of instant, in the order of time. One of which nothing tells when it was made
    /// stands where its commit was.
    pub(super) fn in_time(&self, calendar: &Calendar) -> Vec<&Deployment> {
        let is_there = |one: &Deployment| one.stayed() && one.at.begins(&calendar.zone) <= calendar.as_of;
        let mut places: Vec<usize> =
            (0..self.deployments.len()).filter(|at| is_there(&self.deployments[*at])).collect();
        places.sort_by_key(|at| order(&self.deployments[*at], *at));
        places.into_iter().map(|at| &self.deployments[at]).collect()
    }

    /// For each commit of a history the first of some deployments that carried it.
    pub(super) fn first(history: &History, deployed: &[&Deployment]) -> Vec<Option<usize>> {
        deployment::first(history, deployed.iter().filter_map(|one| history.find(one.commit)))
    }

    /// What a deployment brought.
    pub(super) fn reach(&self, history: &History, ranks: &[u32], at: usize) -> Reach {
        let one = &self.deployments[at];
        let Some(from) = history.find(one.commit) else { return Reach::default() };
        if self.before(at, one.commit).is_some() {
            return Reach { since: vec![from], commits: Vec::new() };
        }
        reach(history, ranks, from, |commit| self.at.contains_key(&(one.lane.clone(), history.get(commit).id)))
    }

    /// The deployment of the same commit that came before one.
    fn before(&self, at: usize, commit: Oid) -> Option<usize> {
        let one = &self.deployments[at];
        let same = self.at.get(&(one.lane.clone(), commit))?;
        let is_before = |other: &usize| order(&self.deployments[*other], *other) < order(one, at);
        same.partition_point(is_before).checked_sub(1).map(|last| same[last])
    }

    /// Names of the deployments that one is measured from.
    pub(super) fn since(&self, history: &History, reach: &Reach, at: usize) -> Vec<&str> {
        let one = &self.deployments[at];
        let name = |commit: &u32| {
            let commit = history.get(*commit).id;
            let known = if commit == one.commit {
                self.before(at, commit)
            } else {
                self.at.get(&(one.lane.clone(), commit)).and_then(|all| all.last().copied())
            };
            known.map(|known| self.deployments[known].name.as_str())
        };
        reach.since.iter().filter_map(name).collect()
    }

    /// What is wrong with where the record of a deployment says that it is.
    pub(super) fn lost(&self, at: usize) -> Option<&Lost> {
        self.lost.get(at)?.as_ref()
    }
}

/// The order of deployments of one commit. Of one whose time of day nobody knows it is not known what came before it on
/// that day; it comes first.
fn order(one: &Deployment, place: usize) -> (Date, Option<Timestamp>, usize) {
    (one.at.day, one.at.exact.then_some(one.at.at), place)
}

/// Whether a record is of a period, and was made by the as-of instant.
pub(super) fn is_of_period(record: &Record, calendar: &Calendar, period: Period) -> bool {
    match record.get("at") {
        Value::When(at) => at.begins(&calendar.zone) <= calendar.as_of && period.contains(Day(at.day)),
        _ => false,
    }
}

/// The commit of a name that stands in a record: forty digits, or the first seven or more of them.
pub(super) fn commit_of(repo: &Repo, name: &str) -> Option<Oid> {
    let name = name.trim().to_ascii_lowercase();
    let is_name = (7..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    match Oid::parse(name.as_bytes()) {
        Some(id) => matches!(repo.kind(id), Ok(Some(ObjectKind::Commit))).then_some(id),
        // A branch or a tag may be called by digits too; what is found must begin as the name does.
        None => repo.resolve(&name).ok().filter(|id| is_name && id.to_string().starts_with(&name)),
    }
}

/// The commits of all tags that some records name.
pub(super) fn tags_of<'r>(repo: &Repo, records: impl Iterator<Item = &'r Arc<Record>>) -> FxHashMap<String, Oid> {
    let named = records.filter_map(|record| match record.get("tag") {
        Value::Text(tag) => Some(tag.to_string()),
        _ => None,
    });
    let named: FxHashSet<String> = named.collect();
    let (found, _) = tags(repo, |name| named.contains(name));
    found.into_iter().map(|tag| (tag.name, tag.commit)).collect()
}
