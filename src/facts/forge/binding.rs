//! Which change of a history each record of the register `changes` is about.

use std::sync::Arc;

use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use super::recorded::{REGISTER, Request};
use super::writers;
use crate::facts::landing::{History, Landing};
use crate::facts::person::Person;
use crate::facts::register::store::Registers;
use crate::facts::register::value::Record;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::text::SourceText;

/// Digits of the shortest name by which a commit is looked for.
const SHORTEST_NAME: usize = 7;

/// The records of the register `changes`.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    requests: Vec<Arc<Request>>,
    /// Where the root of the registers lies in the repository, with a slash behind it, or empty; nothing where it lies
    /// outside.
    below: Option<String>,
}

/// The records of a history: each with the change that it is about.
#[derive(Debug, Default)]
pub struct Bound {
    /// Each record with its change.
    pub of: Vec<Pair>,
    /// Records of which the commit is not in the history, though others of the same project are.
    pub missing: Vec<Arc<Request>>,
}

/// A record, the position of the landing that it is about, and everybody who wrote it, where that is known.
pub type Pair = (Arc<Request>, usize, Option<Arc<[Person]>>);

impl Recorded {
    /// The records of the register `changes` of a repository. `below` is where the root of the registers lies in it.
    #[must_use]
    pub fn of(registers: &Registers, below: Option<String>, zone: &TimeZone) -> Self {
        let records = registers.get(REGISTER).map(|register| &register.records[..]).unwrap_or_default();
        let request = |record: &Arc<Record>| Request::of(record, &registers.people, zone).map(Arc::new);
        Self { requests: records.iter().filter_map(request).collect(), below }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// Finds the change of each record among all landings of the branch `branch`, whose newest is first.
    #[must_use]
    pub fn bind(&self, repos: &Repos, history: &History, landings: &[Landing], branch: &str) -> Bound {
        if self.is_empty() {
            return Bound::default();
        }
        let names = Names::of(repos, history, landings);
        let found: Vec<Option<usize>> = self.requests.iter().map(|request| names.find(request)).collect();
        let mut projects: FxHashMap<&str, bool> = FxHashMap::default();
        for (request, at) in self.requests.iter().zip(&found) {
            *projects.entry(&request.project).or_default() |= at.is_some();
        }
        let bound = self.requests.iter().zip(&found).filter_map(|(request, at)| Some((Arc::clone(request), (*at)?)));
        let bound: Vec<(Arc<Request>, usize)> = bound.collect();
        let files: Vec<&Arc<SourceText>> = bound.iter().map(|(request, _)| &request.place.0).collect();
        let writers = writers::of(repos, history, landings, self.below.as_deref(), &files);
        let of = bound.into_iter().map(|(request, at)| {
            let writers = writers.get(request.place.0.name()).cloned();
            (request, at, writers)
        });
        let of = of.collect();
        // An export of which no record is here is that of another repository.
        let missing = self.requests.iter().zip(&found).filter(|(request, at)| {
            let here = request.branch.as_deref() == Some(branch) && request.merge_sha.is_some();
            at.is_none() && here && projects.get(&*request.project) == Some(&true) && !names.has(request)
        });
        let missing = missing.map(|(request, _)| Arc::clone(request)).collect();
        Bound { of, missing }
    }
}

/// The commits of a branch by their names, which a record may have shortened.
struct Names<'a> {
    repos: &'a Repos,
    history: &'a History,
    landings: &'a [Landing],
    /// Name and position of each landing, in order of the names.
    tips: Vec<(String, usize)>,
    /// Name of each further parent of a merge, with the position of the merge, in order of the names.
    heads: Vec<(String, usize)>,
}

impl<'a> Names<'a> {
    fn of(repos: &'a Repos, history: &'a History, landings: &'a [Landing]) -> Self {
        let (mut tips, mut heads) = (Vec::with_capacity(landings.len()), Vec::new());
        for (at, landing) in landings.iter().enumerate() {
            let tip = history.get(landing.tip);
            tips.push((tip.id.to_string(), at));
            heads.extend(tip.parents.iter().skip(1).map(|parent| (parent.to_string(), at)));
        }
        tips.sort_unstable();
        heads.sort_unstable();
        Self { repos, history, landings, tips, heads }
    }

    /// The position of the change that a record is about.
    fn find(&self, request: &Request) -> Option<usize> {
        if let Some(merge) = request.merge_sha.as_deref() {
            return only(&self.tips, merge);
        }
        if let Some(squash) = request.squash_sha.as_deref() {
            return only(&self.tips, squash).or_else(|| only(&self.heads, squash));
        }
        let head = request.head_sha.as_deref()?;
        only(&self.tips, head).or_else(|| only(&self.heads, head)).or_else(|| self.by_tree(head))
    }

    /// The only change that has the files of a commit, where the clone has that commit.
    fn by_tree(&self, head: &str) -> Option<usize> {
        let tree = tree_of(self.repos, self.history, head)?;
        let mut same =
            self.landings.iter().enumerate().filter(|(_, landing)| self.history.get(landing.tip).tree == tree);
        let first = same.next()?.0;
        same.next().is_none().then_some(first)
    }

    /// Whether the commit that a record names is anywhere in the history.
    fn has(&self, request: &Request) -> bool {
        let Some(merge) = request.merge_sha.as_deref() else { return true };
        match Oid::parse(merge.as_bytes()) {
            Some(id) => self.history.find(id).is_some(),
            None => self.history.commits.iter().any(|commit| commit.id.to_string().starts_with(merge)),
        }
    }
}

/// The position of the only name that begins so.
fn only(names: &[(String, usize)], start: &str) -> Option<usize> {
    if start.len() < SHORTEST_NAME {
        return None;
    }
    let from = names.partition_point(|(name, _)| name.as_str() < start);
    let mut same = names[from..].iter().take_while(|(name, _)| name.starts_with(start));
    let first = same.next()?.1;
    same.next().is_none().then_some(first)
}

/// The tree of a commit, whether or not it is part of the history.
fn tree_of(repos: &Repos, history: &History, name: &str) -> Option<Oid> {
    let id = Oid::parse(name.as_bytes())?;
    if let Some(at) = history.find(id) {
        return Some(history.get(at).tree);
    }
    writers::tree(repos, id)
}

/// Whether two commits have the same files, where the clone has both.
#[must_use]
pub fn same_files(repos: &Repos, history: &History, one: &str, other: &str) -> bool {
    let (one, other) = (tree_of(repos, history, one), tree_of(repos, history, other));
    one.is_some() && one == other
}
