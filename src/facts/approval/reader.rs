//! Reads the trail of each change out of a history, and judges whether somebody else than its authors approved it.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::beside::Beside;
use super::bound;
use super::dialect::{Dialect, Lander};
use super::found::{self, DialectId, Discount, Found, Role, Seen};
use super::later::Later;
use super::matcher::Matcher;
use super::trail::{Approval, Assurance, Change, Request, Trail, Verdict, persons};
use super::witness::Witnesses;
use crate::facts::gap::{self, Gap};
use crate::facts::landing::{CommitFacts, History, Landing};
use crate::facts::mailmaps::{Mailmaps, Version};
use crate::facts::person::{Identity, Person};
use crate::sources::mailmap::Mailmap;
use crate::sources::oid::Oid;
use crate::sources::repo::Gaps;

/// Trails from a history that has been read. `beside` is what notes and attestations say of commits.
#[must_use]
pub fn trails(
    history: &History,
    landings: &[Landing],
    matcher: &Matcher,
    beside: &Beside,
    (mailmaps, tip): (&Mailmaps<'_>, Oid),
    (clone, mut gaps): (&Gaps, Vec<Gap>),
) -> Trail {
    let tip_map = match history.find(tip).map(|at| mailmaps.in_tree(history.get(at).tree)) {
        Some(Ok(map)) => map,
        Some(Err((id, why))) => {
            gaps.push(gap::object(clone, id, &why, "the files of the newest commit cannot be read"));
            Arc::default()
        }
        None => Arc::default(),
    };
    let applies = applying(history, matcher);
    let later = Later::of(history, landings, matcher, |dialect| applies[usize::from(dialect)]);
    let reader =
        Reader { history, matcher, beside, later, applies, mailmaps, tip_map, clone, complete: gaps.is_empty() };
    let changes = reader.changes(landings);
    // Every change tells what is missing of it; the history tells of the first, and of how many there are.
    let mut unreadable = changes.iter().filter_map(|change| change.unreadable.as_ref());
    if let Some(first) = unreadable.next().filter(|first| !gaps.contains(first)) {
        let more = unreadable.count();
        let what = if more == 0 { first.what.clone() } else { format!("{} (and {more} more changes)", first.what) };
        gaps.push(Gap { what, mend: first.mend.clone() });
    }
    let (missing, unread) = (beside.missing().to_vec(), beside.unread().to_vec());
    Trail { changes, gaps, missing, unread }
}

/// Which dialects apply: those whose words occur often enough not to be chance.
fn applying(history: &History, matcher: &Matcher) -> Vec<bool> {
    let mut seen = vec![0_usize; matcher.dialects().count()];
    for commit in &history.commits {
        // What is found in one commit stands in the order of the dialects.
        let mut last = None;
        for found in commit.found.iter().filter(|found| found.role != Role::NotApproval) {
            if last.replace(found.dialect) != Some(found.dialect) {
                seen[usize::from(found.dialect)] += 1;
            }
        }
    }
    let all = history.commits.len() as f64;
    let enough = |(id, dialect): (DialectId, &Dialect)| {
        dialect.auto_share <= 0.0 || seen[usize::from(id)] as f64 * 100.0 >= dialect.auto_share * all
    };
    matcher.dialects().map(enough).collect()
}

struct Reader<'a> {
    history: &'a History,
    matcher: &'a Matcher,
    beside: &'a Beside,
    later: Later,
    applies: Vec<bool>,
    mailmaps: &'a Mailmaps<'a>,
    tip_map: Arc<Mailmap>,
    clone: &'a Gaps,
    complete: bool,
}

impl Reader<'_> {
    fn change(&self, landing: &Landing) -> Change {
        let tip = self.history.get(landing.tip);
        let merge = tip.parents.len() > 1;
        let landed: Vec<&CommitFacts> = landing.landed.iter().map(|at| self.history.get(*at)).collect();
        let mut members = vec![tip];
        members.extend(&landed);
        let base = tip.parents.first().copied();
        let base_tree = base.and_then(|base| self.history.find(base)).map(|at| self.history.get(at).tree);
        let request = self.request(tip, &landed);
        let mut change = Change {
            commit: tip.id,
            base,
            trees: (tip.tree, base_tree),
            parents: tip.parents.clone(),
            forks: landing.forks.iter().map(|at| self.history.get(*at).id).collect(),
            brought: landed.iter().filter(|commit| commit.parents.len() < 2).map(|commit| commit.id).collect(),
            head: tip.parents.get(1).copied().filter(|_| tip.parents.len() == 2),
            subject: tip.subject.clone(),
            merge,
            landed: landed.len(),
            landed_at: tip.committed,
            landed_by: self.lander(tip, request.as_ref()),
            authors: self.authors(tip, &landed),
            dialects: self.dialects(&members),
            approvals: self.approvals(&members),
            records: self.beside.recorded(tip.id).map(Arc::clone).collect(),
            request,
            batch: 0,
            independent_approvers: 0,
            approvers_in_time: 0,
            verdict: Verdict::Unapproved,
            unreadable: None,
            mailmaps: vec![Arc::clone(&self.tip_map)],
        };
        let batch = self.batch(tip);
        change.batch = batch.len();
        self.judge(&mut change, tip, &batch);
        change
    }

    /// Every change, judged twice where it needs to be: by the newest `.mailmap`, and by the one before the change.
    fn changes(&self, landings: &[Landing]) -> Vec<Change> {
        let mut changes: Vec<Change> = landings.par_iter().map(|landing| self.change(landing)).collect();
        // What is not approved by the newest version is not approved by two versions either.
        let wanted: Vec<usize> = (0..changes.len()).filter(|at| changes[*at].independent_approvers > 0).collect();
        let trees: Vec<Option<Oid>> = wanted.iter().map(|at| changes[*at].trees.1).collect();
        let mut versions: Vec<Option<Version>> = vec![None; changes.len()];
        for (at, version) in wanted.into_iter().zip(self.mailmaps.in_trees(&trees)) {
            versions[at] = version;
        }
        changes.par_iter_mut().zip(landings).zip(versions).for_each(|((change, landing), version)| {
            if let Some(version) = version {
                self.judge_at_base(change, self.history.get(landing.tip), version);
            }
            self.fail_closed(change, landing);
        });
        changes
    }

    /// Judges once more with the `.mailmap` as it stood before the change, which may have taken an alias away.
    fn judge_at_base(&self, change: &mut Change, tip: &CommitFacts, version: Version) {
        match version {
            Ok(map) if Arc::ptr_eq(&map, &self.tip_map) => {}
            Ok(map) => {
                change.mailmaps.push(map);
                self.judge(change, tip, &self.batch(tip));
            }
            Err((id, why)) => {
                let what = "who is who in a change cannot be told without the .mailmap that it was made under";
                change.unreadable = Some(gap::object(self.clone, id, &why, what));
            }
        }
    }

    /// Nothing that could not be read whole passes.
    fn fail_closed(&self, change: &mut Change, landing: &Landing) {
        let mut members = std::iter::once(&landing.tip).chain(&landing.landed).map(|at| self.history.get(*at));
        if let Some(commit) = members.find(|commit| commit.unverifiable.is_some()) {
            change.unreadable = Some(Gap {
                what: format!("commit {} is unverifiable: {}", commit.id, commit.unverifiable.unwrap_or_default()),
                mend: format!("git cat-file -p {}", commit.id),
            });
        }
        let doubtful = !self.complete && (change.merge || change.verdict == Verdict::Approved);
        if change.unreadable.is_some() || doubtful {
            change.verdict = Verdict::Untestable;
        }
    }

    /// What the dialects that apply say of a commit.
    fn every<'c>(&'c self, commit: &'c CommitFacts) -> impl Iterator<Item = &'c Found> {
        let own = commit.found.iter().filter(|found| self.applies[usize::from(found.dialect)]);
        own.chain(self.beside.of(commit.id))
    }

    fn found<'c>(&'c self, commit: &'c CommitFacts, role: Role) -> impl Iterator<Item = &'c Found> {
        self.every(commit).filter(move |found| found.role == role)
    }

    /// The request is named by the landing commit, or, for a merge that names none, by every commit that it lands.
    fn request(&self, tip: &CommitFacts, landed: &[&CommitFacts]) -> Option<Request> {
        let of = |commit: &CommitFacts| {
            self.found(commit, Role::Request).next().map(|found| Request {
                dialect: found.dialect,
                id: found.id.clone().unwrap_or_default(),
                commit: commit.id,
                span: found.span,
                is_told: self.is_told(tip),
            })
        };
        of(tip).or_else(|| {
            let mut plain = landed.iter().filter(|commit| commit.parents.len() < 2).map(|commit| of(commit));
            let first = plain.next()??;
            plain.all(|request| request.is_some()).then_some(first)
        })
    }

    /// Whether the register of changes has every review of the requests that a change came through.
    fn is_told(&self, tip: &CommitFacts) -> bool {
        let mut records = self.beside.recorded(tip.id).peekable();
        records.peek().is_some() && records.all(|record| record.tells_all())
    }

    /// Requests that one landing commit names in the same dialect: a batch, of which each must be approved.
    fn batch(&self, tip: &CommitFacts) -> Vec<Box<str>> {
        let mut ids: Vec<Box<str>> = Vec::new();
        let mut dialect = None;
        for found in self.found(tip, Role::Request).filter(|found| found.seen == Seen::Text) {
            if *dialect.get_or_insert(found.dialect) == found.dialect
                && let Some(id) = &found.id
                && !ids.contains(id)
            {
                ids.push(id.clone());
            }
        }
        ids
    }

    fn lander(&self, tip: &CommitFacts, request: Option<&Request>) -> Person {
        let rule = request.map_or(Lander::Usual, |request| self.matcher.dialect(request.dialect).lander);
        let by_author = match rule {
            Lander::Usual => tip.parents.len() > 1,
            Lander::Author => true,
            Lander::Committer => false,
        };
        self.history.people.get(if by_author { tip.author } else { tip.committer }).clone()
    }

    /// Authors of the commits that a merge lands, or of the commit itself, with all whom the messages name.
    fn authors(&self, tip: &CommitFacts, landed: &[&CommitFacts]) -> Vec<Person> {
        let plain: Vec<&CommitFacts> = landed.iter().filter(|commit| commit.parents.len() < 2).copied().collect();
        let writers = if plain.is_empty() { vec![tip] } else { plain };
        let mut authors: Vec<Person> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut add = |person: &Person, authors: &mut Vec<Person>| {
            if seen.insert(person.clone()) {
                authors.push(person.clone());
            }
        };
        for commit in &writers {
            let named: Vec<&Found> = self.found(commit, Role::Author).collect();
            let lander_only = named.iter().any(|found| self.matcher.dialect(found.dialect).author_is_lander);
            if !lander_only {
                add(self.history.people.get(commit.author), &mut authors);
            }
        }
        for commit in std::iter::once(&tip).chain(landed) {
            for person in self.found(commit, Role::Author).filter_map(|found| found.person.as_ref()) {
                add(person, &mut authors);
            }
        }
        authors
    }

    fn dialects(&self, members: &[&CommitFacts]) -> Vec<DialectId> {
        let roles = [Role::Request, Role::Approval];
        let all = members.iter().flat_map(|commit| roles.into_iter().flat_map(|role| self.found(commit, role)));
        let mut dialects: Vec<DialectId> = all.map(|found| found.dialect).collect();
        dialects.sort_unstable();
        dialects.dedup();
        dialects
    }

    /// Every approval once: what several dialects see in the same words belongs to the first of them.
    fn approvals(&self, members: &[&CommitFacts]) -> Vec<Approval> {
        let mut approvals: Vec<Approval> = Vec::new();
        for commit in members {
            let first = approvals.len();
            for found in found::approvals(self.every(commit)) {
                let Some(person) = &found.person else { continue };
                let same = |known: &Approval| {
                    let record = found.seen != Seen::Beside || known.dialect == found.dialect;
                    record && known.span == found.span && known.seen == found.seen && known.by == *person
                };
                match approvals[first..].iter_mut().find(|known| same(known)) {
                    // Beside the commit, one person may have been recorded more than once: what counts wins.
                    Some(known) if found.discount.is_none() && known.discount.is_some() => {
                        *known = self.approval(commit, found, person, members);
                    }
                    Some(_) => {}
                    None => approvals.push(self.approval(commit, found, person, members)),
                }
            }
        }
        let landed = members.first().map(|tip| tip.committed).unwrap_or_default();
        for (at, found) in members.iter().flat_map(|commit| self.later.given(commit.id, landed)) {
            let Some(person) = &found.person else { continue };
            approvals.push(self.approval(self.history.get(at), &found, person, members));
        }
        approvals
    }

    fn approval(&self, commit: &CommitFacts, found: &Found, person: &Person, members: &[&CommitFacts]) -> Approval {
        Approval {
            by: person.clone(),
            at: found.at,
            dialect: found.dialect,
            commit: commit.id,
            span: found.span,
            seen: found.seen,
            key: found.key.clone(),
            request: found.id.clone(),
            assurance: Assurance::Claimed,
            writers: match (&found.record, &found.noted) {
                (Some(record), _) => record.writers.clone(),
                (None, Some(noted)) => noted.writers.clone(),
                _ if found.seen == Seen::Beside => self.beside.writers(commit.id, found.dialect).map(Arc::clone),
                _ => None,
            },
            record: found.record.clone(),
            files: (found.seen == Seen::Beside).then(|| self.beside.files(commit.id, found.dialect)).flatten(),
            envelope: found.envelope.as_deref().copied(),
            noted: found.noted.clone(),
            independent: false,
            namesake: false,
            discount: found.discount.clone(),
            bound: bound::of(commit, found, members),
        }
    }

    fn judge(&self, change: &mut Change, tip: &CommitFacts, batch: &[Box<str>]) {
        let mailmaps = change.mailmaps.clone();
        let identity = Identity::new(mailmaps.iter().map(AsRef::as_ref).collect());
        let others: Vec<(&Person, &Box<str>)> = self
            .found(tip, Role::Author)
            .filter_map(|found| Some((found.person.as_ref()?, found.id.as_ref()?)))
            .collect();
        let mut witnesses = Witnesses::new(&change.authors, |author, writer| {
            identity.same(author, writer) || identity.namesakes(author, writer)
        });
        for approval in &mut change.approvals {
            let wrote = |author: &Person| {
                // The author of another request of the same batch did not write this one.
                let elsewhere = approval.request.as_ref().is_some_and(|id| {
                    let named: Vec<_> = others.iter().filter(|(person, _)| *person == author).collect();
                    !named.is_empty() && named.iter().all(|(_, other)| *other != id)
                });
                !elsewhere && identity.same(author, &approval.by)
            };
            let own = change.authors.iter().any(wrote);
            let one = |one: &Person, other: &Person| identity.same(one, other) || identity.namesakes(one, other);
            (approval.at, approval.discount) = approval.discounted(change.landed_at, one);
            approval.independent = approval.counts() && !own;
            approval.namesake =
                approval.independent && change.authors.iter().any(|author| identity.namesakes(author, &approval.by));
            approval.assurance = witnesses.assurance(approval);
        }
        let of = |id: Option<&str>, late: bool| {
            let given =
                |approval: &&Approval| id.is_none_or(|id| approval.request.as_deref().is_none_or(|own| own == id));
            let counting: Vec<&Approval> =
                change.approvals.iter().filter(|one| one.counts() && (late || !one.is_late())).filter(given).collect();
            let independent = counting.iter().filter(|approval| approval.independent).map(|approval| &approval.by);
            (persons(&identity, independent), !counting.is_empty())
        };
        // An approval of one request of a batch does not cover the others.
        let of_all = |late| match batch {
            [_, _, ..] => batch.iter().map(|id| of(Some(id), late)).min().unwrap_or_default(),
            _ => of(None, late),
        };
        let (independent, own) = of_all(true);
        (change.independent_approvers, change.approvers_in_time) = (independent, of_all(false).0);
        let untied = change.approvals.iter().any(|one| matches!(one.discount, Some(Discount::Untied(_))));
        change.verdict = if change.independent_approvers > 0 {
            Verdict::Approved
        } else if own {
            Verdict::SelfApproved
        } else if change.request.as_ref().is_some_and(|request| !request.is_told) || untied {
            Verdict::Unevidenced
        } else {
            Verdict::Unapproved
        };
    }
}
