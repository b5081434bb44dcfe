//! What lands on a protected branch: each first-parent commit, with every commit that it brings along.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::approval::found::Found;
use super::approval::matcher::{Commit, Matcher};
use super::moment::Moment;
use super::person::{People, Person, PersonId};
use crate::sources::between::{Bounds, between};
use crate::sources::commit::{RawCommit, Signature, parents};
use crate::sources::history::{Failure, Repos, Walk, walk};
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;
use crate::sources::trailers::Message;
use crate::text::decode_keeping_offsets;

/// So many commits show which dialects a project uses, also where a range has fewer.
const TELLING: usize = 2000;

/// Commits that one thread reads the messages of in a row.
const RUN: usize = 128;

/// What is kept of one commit.
#[derive(Debug)]
pub struct CommitFacts {
    /// The commit.
    pub id: Oid,
    /// Its tree.
    pub tree: Oid,
    /// Its parents, in order.
    pub parents: Vec<Oid>,
    /// Who wrote it.
    pub author: PersonId,
    /// Who made it.
    pub committer: PersonId,
    /// When it was made, by the committer's clock.
    pub committed: Moment,
    /// First paragraph of its message, in one line.
    pub subject: Box<str>,
    /// What the dialects found in its message.
    pub found: Vec<Found>,
    /// Why its header cannot be relied on, if so.
    pub unverifiable: Option<&'static str>,
}

/// A history, read whole: all commits, and the branch through them.
#[derive(Debug)]
pub struct History {
    /// Every commit, in no particular order.
    pub commits: Vec<CommitFacts>,
    /// Everybody whom a header names.
    pub people: People,
    /// Commits that could not be read.
    pub failures: Vec<Failure>,
    index: FxHashMap<Oid, u32>,
}

/// One first-parent commit with what it lands.
#[derive(Clone, Debug)]
pub struct Landing {
    /// The first-parent commit, as an index into [`History::commits`].
    pub tip: u32,
    /// The commits that only it brings to the branch, beside itself; empty for a direct commit.
    pub landed: Vec<u32>,
    /// The commits of the branch from which those that it brings set out.
    pub forks: Vec<u32>,
}

impl History {
    /// Reads everything that can be reached from `tips`.
    pub fn read(repos: &Repos, tips: &[Oid], matcher: &Matcher, progress: impl Fn(usize) + Sync) -> Self {
        let roster = Mutex::new(Roster::default());
        let read = |batch: Vec<(Oid, Vec<u8>)>| digest(&batch, matcher, &roster);
        let walked = walk(repos, tips, parents, read, progress);
        Self::of(walked, roster)
    }

    /// Reads what a range asks for, and no more of the rest than tells it apart and shows which dialects are in use;
    /// with the deployed commits that were met on the way, newest first.
    pub fn read_between(
        repo: &Repo,
        (tip, bases, on_the_way): (Oid, &[Oid], &FxHashSet<Oid>),
        (matcher, whole): (&Matcher, bool),
        progress: impl Fn(usize) + Sync,
    ) -> (Self, Vec<Oid>) {
        let at_least = if whole { usize::MAX } else { TELLING };
        let bounds = Bounds { tip, bases, on_the_way, at_least };
        let (Walk { commits, failures }, met) = between(repo, bounds, progress);
        let roster = Mutex::new(Roster::default());
        let commits = commits.par_chunks(RUN).flat_map_iter(|run| digest(run, matcher, &roster)).collect();
        (Self::of(Walk { commits, failures }, roster), met)
    }

    /// Reads what can be reached from more tips, without what was read before.
    pub fn extend(&mut self, repos: &Repos, tips: &[Oid], matcher: &Matcher) {
        let new: Vec<Oid> = tips.iter().copied().filter(|tip| self.find(*tip).is_none()).collect();
        if new.is_empty() {
            return;
        }
        let roster = Mutex::new(Roster { people: std::mem::take(&mut self.people), ..Roster::default() });
        let known = &self.index;
        let unread = |bytes: &[u8]| {
            let parents = parents(bytes)?;
            Some(parents.into_iter().filter(|parent| !known.contains_key(parent)).collect())
        };
        let read = |batch: Vec<(Oid, Vec<u8>)>| digest(&batch, matcher, &roster);
        let walked = walk(repos, &new, unread, read, |_| {});
        let start = self.commits.len();
        self.index.extend(walked.commits.iter().enumerate().map(|(at, commit)| (commit.id, (start + at) as u32)));
        self.commits.extend(walked.commits);
        self.failures.extend(walked.failures);
        self.people = roster.into_inner().unwrap_or_else(PoisonError::into_inner).people;
    }

    /// The changes of a line that ends in `tip` as far as some commits, newest first; all that they have is among them.
    /// Where they set out from the branch is left open.
    #[must_use]
    pub fn landings_within(&self, tip: u32, commits: &FxHashSet<u32>) -> Vec<Landing> {
        let mut left = commits.clone();
        let mut chain = Vec::new();
        let mut next = Some(tip);
        while let Some(at) = next.filter(|at| left.remove(at)) {
            chain.push(at);
            next = self.get(at).parents.first().and_then(|parent| self.find(*parent));
        }
        let mut landings: Vec<Landing> = Vec::with_capacity(chain.len());
        for &tip in chain.iter().rev() {
            let others = self.get(tip).parents.iter().skip(1).filter_map(|parent| self.find(*parent));
            let mut stack: Vec<u32> = others.filter(|at| left.remove(at)).collect();
            let mut landed = Vec::new();
            while let Some(at) = stack.pop() {
                landed.push(at);
                let parents = self.get(at).parents.iter().filter_map(|parent| self.find(*parent));
                stack.extend(parents.filter(|at| left.remove(at)));
            }
            landings.push(Landing { tip, landed, forks: Vec::new() });
        }
        landings.reverse();
        // Nothing is lost that no step of the line leads to.
        let mut left: Vec<u32> = left.into_iter().collect();
        left.sort_unstable();
        landings.extend(left.into_iter().map(|tip| Landing { tip, landed: Vec::new(), forks: Vec::new() }));
        landings
    }

    fn of(walked: Walk<CommitFacts>, roster: Mutex<Roster>) -> Self {
        let index = walked.commits.iter().enumerate().map(|(at, commit)| (commit.id, at as u32)).collect();
        let roster = roster.into_inner().unwrap_or_else(PoisonError::into_inner);
        Self { commits: walked.commits, people: roster.people, failures: walked.failures, index }
    }

    /// The commit of an index.
    #[must_use]
    pub fn get(&self, at: u32) -> &CommitFacts {
        &self.commits[at as usize]
    }

    /// Index of a commit, if it was read.
    #[must_use]
    pub fn find(&self, id: Oid) -> Option<u32> {
        self.index.get(&id).copied()
    }

    /// The changes of the branch that ends in `tip`, newest first, without what any of `bases` already has.
    #[must_use]
    pub fn landings(&self, tip: Oid, bases: &[Oid]) -> Vec<Landing> {
        // By which change each commit came: 0 if it has not come yet, 1 if it was there before all of them.
        let mut taken = vec![0_u32; self.commits.len()];
        let bases: Vec<u32> = bases.iter().filter_map(|base| self.find(*base)).collect();
        self.collect(&bases, &mut taken, 1);
        let mut chain = Vec::new();
        let mut next = self.find(tip);
        let mut on_chain = FxHashSet::default();
        while let Some(at) = next {
            if taken[at as usize] > 0 || !on_chain.insert(at) {
                break;
            }
            chain.push(at);
            next = self.get(at).parents.first().and_then(|parent| self.find(*parent));
        }
        // Oldest first, so that a commit belongs to the change that brought it first.
        let mut landings: Vec<Landing> = Vec::with_capacity(chain.len());
        for (change, &tip) in (2..).zip(chain.iter().rev()) {
            let others: Vec<u32> =
                self.get(tip).parents.iter().skip(1).filter_map(|parent| self.find(*parent)).collect();
            let (landed, forks) = self.collect(&others, &mut taken, change);
            taken[tip as usize] = change;
            landings.push(Landing { tip, landed, forks });
        }
        landings.reverse();
        landings
    }

    /// Everything reachable from some commits that no change has brought yet, which this one brings now; and what earlier
    /// changes brought, where it begins.
    fn collect(&self, from: &[u32], taken: &mut [u32], change: u32) -> (Vec<u32>, Vec<u32>) {
        let mut stack: Vec<u32> = from.to_vec();
        let (mut found, mut forks) = (Vec::new(), Vec::new());
        while let Some(at) = stack.pop() {
            let by = &mut taken[at as usize];
            if *by == 0 {
                *by = change;
                found.push(at);
                stack.extend(self.get(at).parents.iter().filter_map(|parent| self.find(*parent)));
            } else if *by != change {
                forks.push(at);
            }
        }
        forks.sort_unstable();
        forks.dedup();
        (found, forks)
    }
}

/// Everybody seen so far, found again by the bytes of the header line without building a [`Person`].
#[derive(Default)]
struct Roster {
    people: People,
    by_signature: FxHashMap<Box<[u8]>, PersonId>,
}

impl Roster {
    fn intern(&mut self, signature: &Signature<'_>) -> PersonId {
        if let Some(&id) = self.by_signature.get(signature.whole) {
            return id;
        }
        let person = Person::new(&decode_keeping_offsets(signature.name), &decode_keeping_offsets(signature.email));
        let id = self.people.intern(person);
        self.by_signature.insert(signature.whole.into(), id);
        id
    }
}

fn digest(batch: &[(Oid, Vec<u8>)], matcher: &Matcher, roster: &Mutex<Roster>) -> Vec<CommitFacts> {
    let mut made = Vec::with_capacity(batch.len());
    let mut signatures = Vec::with_capacity(batch.len());
    for (id, bytes) in batch {
        let Some(raw) = RawCommit::parse(bytes) else { continue };
        signatures.push((raw.author, raw.committer));
        made.push(facts(*id, raw, matcher));
    }
    let mut roster = roster.lock().unwrap_or_else(PoisonError::into_inner);
    for (commit, (author, committer)) in made.iter_mut().zip(&signatures) {
        commit.author = roster.intern(author);
        commit.committer = roster.intern(committer);
    }
    made
}

fn facts(id: Oid, raw: RawCommit<'_>, matcher: &Matcher) -> CommitFacts {
    let text = decode(raw.message);
    let message = Message::parse(&text);
    let (author, committer) = (decode(raw.author.whole), decode(raw.committer.whole));
    let commit = Commit { author: &author, committer: &committer, parents: raw.parents.len(), message: &message };
    let found = matcher.read(commit);
    CommitFacts {
        id,
        tree: raw.tree,
        author: PersonId(0),
        committer: PersonId(0),
        committed: Moment { seconds: raw.committer.seconds, offset: raw.committer.offset },
        subject: one_line(message.slice(message.subject)),
        found,
        unverifiable: raw.unverifiable,
        parents: raw.parents,
    }
}

fn decode(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| Cow::Owned(decode_keeping_offsets(bytes)), Cow::Borrowed)
}

fn one_line(text: &str) -> Box<str> {
    if text.contains('\n') { text.split_whitespace().collect::<Vec<_>>().join(" ").into() } else { text.trim().into() }
}
