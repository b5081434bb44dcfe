//! What deployments brought: changes of the protected branch, and what came from beside it.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::deployments::{Asking, Sought};
use super::items::of_all;
use super::weigh::{Replays, Seen, Weigh};
use super::{Run, seen_in};
use crate::checks::change::approvers::Approvers;
use crate::checks::change::deployed::Outside::{Alone, Differs, Later};
use crate::checks::change::deployed::{self, Brought, Deployed};
use crate::checks::change::emergency::Marks;
use crate::checks::change::scope::Place;
use crate::checks::change::tally::Outcome;
use crate::engine::content::Content;
use crate::error::Result;
use crate::facts::approval::trail::{Assurance, Change};
use crate::facts::calendar::{Calendar, Day, Period};
use crate::facts::coverage::carried::{self, Carried};
use crate::facts::coverage::{self, Merge, Replayer};
use crate::facts::deployment::Reach;
use crate::findings::finding::Finding;
use crate::sources::oid::Oid;
use crate::sources::repo::Gaps;
use crate::sources::tree_diff;

/// Why changes in a deployment were left out, and what is found in it.
type Made = (Vec<String>, Vec<Finding>);

impl Run<'_> {
    /// What is found in each of some deployments. `beside` are the trails of what each brought that is no change of the
    /// protected branch.
    pub(super) fn brought(
        &self,
        asking: &Asking<'_>,
        sought: &Sought<'_>,
        period: Period,
        reached: &[(usize, Reach)],
        beside: &[Vec<Change>],
    ) -> Result<Vec<Made>> {
        let asked = &asking.asked.changes;
        let seen = asked.approvers_seen_in.as_deref();
        let seen = seen.map(|key| seen_in(sought.gathered, key)).unwrap_or_default();
        let approvers = self.rosters.all().map(|roster| Approvers::new(asked, roster, &seen)).collect();
        let signed = (asked.assurance == Assurance::Signed).then(|| self.signed()).transpose()?;
        let all = self.branches.values().flatten().flat_map(|gathered| &gathered.trail.changes);
        let content = Content::asked(self.repo, asked, all)?;
        let (calendar, rosters, in_force) = (self.calendar, self.rosters, asking.in_force);
        let weigh = Weigh {
            calendar,
            rosters,
            in_force,
            asked,
            approvers,
            signed: signed.as_ref(),
            recorded_within: None,
            lacking: Vec::new(),
        };
        let replayer = Replayer::new(sought.repos);
        let of = Of { asking, sought, calendar, period, replayer: &replayer, clone: self.repo.gaps() };
        let parts: Vec<Parts<'_>> =
            reached.par_iter().zip(beside).map(|(reached, beside)| of.parts(reached, beside)).collect();
        // Everything is looked at once, whatever it belongs to.
        let mut changes: Vec<&Change> = Vec::new();
        let mut places: FxHashMap<Oid, usize> = FxHashMap::default();
        for change in parts.iter().flat_map(|parts| &parts.ways).map(|(change, way)| way.weighed(change)) {
            places.entry(change.commit).or_insert_with(|| {
                changes.push(change);
                changes.len() - 1
            });
        }
        let own = content.as_ref().map(Content::replayer);
        let content = content.as_ref().zip(own.as_ref());
        let seen = weigh.look(&changes, content);
        let judge = Judge { of: &of, weigh: &weigh, content, seen: &seen, places: &places };
        Ok(parts.into_par_iter().zip(reached).map(|(parts, (at, _))| judge.one(*at, parts)).collect())
    }
}

/// How a change came into a deployment.
#[derive(Clone, Copy)]
enum Way<'a> {
    /// It is a change of a protected branch.
    Protected,
    /// It is nothing but this change of the protected branch.
    Picked(&'a Change),
    /// It says that it was picked from this commit, and is something else.
    Differs(Oid),
    /// It landed on the protected branch by this commit, which the deployment does not have.
    Later(Oid),
    /// Nothing of it is on a protected branch.
    Alone,
}

impl<'a> Way<'a> {
    /// The change whose approvals are asked for.
    const fn weighed(&self, change: &'a Change) -> &'a Change {
        match self {
            Self::Picked(of) => of,
            _ => change,
        }
    }
}

/// The changes in a deployment that the control covers, newest first, and why others were left out.
struct Parts<'a> {
    ways: Vec<(&'a Change, Way<'a>)>,
    excluded: Vec<String>,
    since: Vec<&'a str>,
    from: Option<Day>,
    /// Whether something is older than the first day of which changes count.
    left_out: bool,
}

struct Of<'a> {
    asking: &'a Asking<'a>,
    sought: &'a Sought<'a>,
    calendar: &'a Calendar,
    period: Period,
    replayer: &'a Replayer<'a>,
    clone: Gaps,
}

impl<'a> Of<'a> {
    fn parts(&self, (at, reach): &(usize, Reach), beside: &'a [Change]) -> Parts<'a> {
        let (history, changes) = (&self.sought.gathered.history, self.sought.gathered.trail.changes.as_slice());
        let since = self.sought.all.since(history, reach, *at);
        let from = self.period.from.filter(|_| since.is_empty());
        let mut parts = Parts { ways: Vec::new(), excluded: Vec::new(), since, from, left_out: false };
        let landed = self.sought.lines.within(changes, reach).map(|change| (change, Some(Way::Protected)));
        let beside = beside.iter().map(|change| (change, None));
        for (change, way) in landed.chain(beside) {
            if from.is_some_and(|from| self.calendar.day(change.landed_at) < from) {
                parts.left_out = true;
                continue;
            }
            match self.place(change) {
                Place::Excluded(why) => parts.excluded.push(format!("{why} (changes)")),
                Place::Covered => parts.ways.extend(way.or_else(|| self.way(*at, change)).map(|way| (change, way))),
            }
        }
        parts
    }

    fn place(&self, change: &Change) -> Place {
        // What changes nothing, as a commit that only approves another, has nothing to approve.
        if change.trees.1 == Some(change.trees.0) {
            return Place::Excluded("changes no file".to_owned());
        }
        let scope = self.asking.scope;
        let repos = &self.sought.repos;
        let is_emergency = |marks: &Marks<'_>| {
            let messages = if marks.needs_messages() { of_all(&repos.mine(), change) } else { Vec::new() };
            marks.of(change, &messages, None, self.calendar).is_some()
        };
        if scope.emergencies().is_some_and(is_emergency) {
            return Place::Excluded(
                "emergencies: they are approved afterwards, as a control of changes says".to_owned(),
            );
        }
        if !scope.needs_files() {
            return scope.place(change, &[]);
        }
        let (tree, base) = change.trees;
        match tree_diff::touched(&repos.mine(), base, tree) {
            Ok(files) => scope.place(change, &files),
            // What cannot be read is not left out by a guess.
            Err(_) => Place::Covered,
        }
    }

    /// How a change came that is none of the first protected branch; nothing of a merge that only brings what is on one.
    fn way(&self, at: usize, change: &Change) -> Option<Way<'a>> {
        let deployment = &self.sought.all.deployments[at];
        let Sought { gathered, lines, .. } = *self.sought;
        let (history, changes) = (&gathered.history, gathered.trail.changes.as_slice());
        if lines.is_protected(history, change.commit) {
            return Some(Way::Protected);
        }
        if change.merge && change.landed == 0 && self.only_merges(change) {
            return None;
        }
        if let Some(landed) = lines.landed(history, changes, change.commit) {
            return Some(Way::Later(landed.commit));
        }
        let named = carried::named(self.replayer, change).ok().flatten();
        let picked = named.filter(|named| matches!(named, Carried::Pick(_)));
        let original = |named: Carried| lines.landed(history, changes, named.commit());
        Some(match picked.and_then(|named| Some((named, original(named)?))) {
            // What was picked before it had landed was approved by nobody then.
            Some((_, of)) if deployment.timed && of.landed_at.timestamp() > deployment.at.at => Way::Later(of.commit),
            Some((named, of)) if carried::is_pure(self.replayer, change, named) == Ok(true) => Way::Picked(of),
            Some((named, _)) => Way::Differs(named.commit()),
            None => Way::Alone,
        })
    }

    /// Whether a merge is what merging its parents gives.
    fn only_merges(&self, change: &Change) -> bool {
        let coverage = coverage::of_changes(self.replayer, &self.clone, &[change]);
        coverage.iter().all(|coverage| matches!(coverage.merge, Merge::AsGiven))
    }
}

/// What deployments are judged with.
struct Judge<'a> {
    of: &'a Of<'a>,
    weigh: &'a Weigh<'a>,
    content: Option<Replays<'a, 'a>>,
    seen: &'a Seen,
    places: &'a FxHashMap<Oid, usize>,
}

impl Judge<'_> {
    fn one(&self, at: usize, parts: Parts<'_>) -> Made {
        let Of { asking, sought, calendar, .. } = *self.of;
        let deployment = &sought.all.deployments[at];
        let mut excluded = parts.excluded;
        let left_out = parts.left_out;
        let mut brought = Vec::new();
        for (change, way) in &parts.ways {
            let weighed = way.weighed(change);
            let Some(place) = self.places.get(&weighed.commit) else { continue };
            let tally = self.weigh.tally(weighed, self.seen.of(*place));
            let outside = match way {
                Way::Protected | Way::Picked(_) => None,
                Way::Differs(from) => (tally.outcome != Outcome::Enough).then_some(Differs(*from)),
                Way::Later(landed) => Some(Later(*landed)),
                Way::Alone => Some(Alone),
            };
            match self.weigh.carried(&tally, self.content).filter(|_| outside.is_none()) {
                Some(why) => excluded.push(format!("{why} (changes)")),
                None => brought.push(Brought { tally, outside }),
            }
        }
        let begins = deployment.at.begins(&calendar.zone).as_second();
        let standing = self.weigh.rosters.standing(asking.in_force.standing_at(begins));
        let deployed = Deployed {
            deployment,
            since: parts.since,
            from: parts.from,
            is_whole: excluded.is_empty() && !left_out,
            brought,
            asked: asking.asked,
            branch: sought.branch,
            approvers: &self.weigh.approvers[standing],
            day: Day(deployment.at.day),
            lost: sought.all.lost(at),
        };
        (excluded, deployed::findings(asking.test, asking.control, &deployed))
    }
}
