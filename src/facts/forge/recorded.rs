//! Records of the register `changes`, as part of the trails of a history: which change each of them is about, and what
//! its approvals were given for.

use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::sealed::same_object;
use super::{Said, decisive, writers};
use crate::facts::landing::{History, Landing};
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::facts::register::people::People;
use crate::facts::register::store::Registers;
use crate::facts::register::value::{Record, Value};
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::text::{SourceText, Span};

/// The register whose records these are.
pub const REGISTER: &str = "changes";
/// What a reviewer is called of whom a record says nothing.
const GONE: &str = "somebody whose account is gone";
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

/// A place of a register.
pub type Place = (Arc<SourceText>, Span);

/// A record of a request that was merged.
#[derive(Debug)]
pub struct Request {
    /// Name of the record.
    pub id: Box<str>,
    /// Its number in the project, or its name.
    pub called: Box<str>,
    /// The branch that it was merged into.
    pub branch: Option<Box<str>>,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// The commit that it became.
    pub merge_sha: Option<Box<str>>,
    /// Who opened it, and who wrote its commits.
    pub authors: Vec<Person>,
    /// The file that it stands in, and where it tells of the commit.
    pub place: Place,
    /// Where it tells of the author.
    pub author_place: Span,
    /// The last decision of each reviewer who ever approved.
    pub decisions: Vec<Decision>,
    squash_sha: Option<Box<str>>,
    head_sha: Option<Box<str>>,
    is_cut_off: bool,
    project: Box<str>,
}

/// The last decision of a reviewer.
#[derive(Debug)]
pub struct Decision {
    /// Who, as the record names them.
    pub by: Person,
    /// When.
    pub at: Option<Timestamp>,
    /// Whether it approves. Otherwise an earlier approval was taken back.
    pub approves: bool,
    /// Where it stands.
    pub place: Span,
    /// The commit that it was given for, by its name or the beginning of it.
    pub sha: Option<Box<str>>,
    is_lost: bool,
    /// Whether the record does not say who.
    is_gone: bool,
}

/// What an approval was given for, beside the change that it is part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// What landed, as far as the record tells.
    ForThis,
    /// Another commit than the last one: the one that was approved, and the last one.
    ForAnother(Box<str>, Box<str>),
    /// It cannot be told, and why.
    Unknown(&'static str),
    /// After it had landed, at this time.
    Late(Timestamp),
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
    pub fn of(registers: &Registers, below: Option<String>) -> Self {
        let records = registers.get(REGISTER).map(|register| &register.records[..]).unwrap_or_default();
        let request = |record: &Arc<Record>| Request::of(record, &registers.people).map(Arc::new);
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

impl Request {
    /// A record of a request that was merged; nothing of any other.
    fn of(record: &Arc<Record>, people: &People) -> Option<Self> {
        let text = |field: &str| match record.get(field) {
            Value::Text(text) if !text.trim().is_empty() => Some(Box::<str>::from(text.trim())),
            _ => None,
        };
        let name = |field: &str| text(field).map(|name| Box::<str>::from(name.to_ascii_lowercase()));
        if text("status").is_some_and(|status| &*status != "merged") {
            return None;
        }
        let id = text("id")?;
        let called = match record.get("number") {
            Value::Integer(number) => number.to_string().into(),
            _ => id.clone(),
        };
        let mut authors: Vec<Person> = Vec::new();
        let named = std::iter::once(record.get("author")).chain(list(record.get("authors")));
        for author in named.filter_map(|value| person(value, people)) {
            if !authors.contains(&author) {
                authors.push(author);
            }
        }
        let first = ["merge_sha", "head_sha"].into_iter().find(|field| *record.get(field) != Value::Null);
        Some(Self {
            called,
            branch: text("branch"),
            merged_at: instant(record.get("merged_at")),
            merge_sha: name("merge_sha"),
            squash_sha: name("squash_sha"),
            head_sha: name("head_sha"),
            is_cut_off: !list(record.get("cut_off")).is_empty(),
            project: text("project").unwrap_or_else(|| record.source.name().into()),
            place: (Arc::clone(&record.source), record.place_of(first.unwrap_or("id"))),
            author_place: record.place_of("author"),
            decisions: decisions(record, people),
            authors,
            id,
        })
    }

    /// Whether the record has every review of the request.
    #[must_use]
    pub const fn tells_all(&self) -> bool {
        !self.is_cut_off
    }

    /// What a decision was given for. `merge` is the change: its commit, its further parents, and when it landed.
    #[must_use]
    pub fn given(
        &self,
        decision: &Decision,
        (tip, parents, landed): (Oid, &[Oid], Moment),
        same_files: impl Fn(&str, &str) -> bool,
    ) -> Given {
        if self.is_cut_off {
            return Given::Unknown("the export held only a part of the request");
        }
        if decision.is_gone {
            return Given::Unknown("the record does not say who gave it");
        }
        if decision.is_lost {
            return Given::Unknown("the forge does not know any more which commit it was given for");
        }
        let landed = self.merged_at.unwrap_or_else(|| landed.timestamp());
        if let Some(at) = decision.at.filter(|at| *at > landed) {
            return Given::Late(at);
        }
        let Some(seen) = decision.sha.as_deref() else { return Given::ForThis };
        let tip = tip.to_string();
        if same_object(seen, &tip) {
            return Given::ForThis;
        }
        // Where the commits were made into one before the merge, that one is what was merged.
        let squashed =
            |parent: &&Oid| !self.squash_sha.as_deref().is_some_and(|squash| same_object(squash, &parent.to_string()));
        let second = parents.first().filter(squashed).map(Oid::to_string);
        let heads: Vec<&str> = self.head_sha.as_deref().into_iter().chain(second.as_deref()).collect();
        let other = heads.iter().find(|head| !same_object(seen, head) && !same_files(seen, head));
        match (heads.is_empty(), other) {
            (true, _) => Given::Unknown("the record does not say which commit was the last one of the request"),
            (false, None) => Given::ForThis,
            (false, Some(head)) => Given::ForAnother(seen.into(), (*head).into()),
        }
    }
}

/// Whether two commits have the same files, where the clone has both.
#[must_use]
pub fn same_files(repos: &Repos, history: &History, one: &str, other: &str) -> bool {
    let (one, other) = (tree_of(repos, history, one), tree_of(repos, history, other));
    one.is_some() && one == other
}

/// The last decision of each reviewer who ever approved.
fn decisions(record: &Record, people: &People) -> Vec<Decision> {
    let read = |value: &Value| {
        let Value::Record(inner) = value else { return None };
        let Value::Text(word) = inner.get("state") else { return None };
        let said = Said::of(word)?;
        let named = person(inner.get("by"), people);
        let is_gone = named.is_none();
        let by = named.unwrap_or_else(|| Person::new(GONE, ""));
        let known = match inner.get("by") {
            Value::Person(named) => named.known,
            _ => None,
        };
        let key = known.map_or_else(|| by.label().to_lowercase(), |known| format!("#{known}"));
        let sha = match inner.get("sha") {
            Value::Text(sha) => Some(sha.trim().to_ascii_lowercase().into()),
            _ => None,
        };
        let is_lost = *inner.get("tie") != Value::Null;
        let (at, place) = (instant(inner.get("at")), inner.place);
        Some((key, said, Decision { by, at, approves: said == Said::Approved, place, sha, is_lost, is_gone }))
    };
    let all: Vec<(String, Said, Decision)> = list(record.get("approvals")).iter().filter_map(read).collect();
    let latest = decisive::latest(&all, |one| one.0.clone(), |one| one.2.at, |one| one.1);
    let mut wanted: Vec<usize> = latest.into_iter().filter(|(_, approved)| *approved).map(|(at, _)| at).collect();
    wanted.sort_unstable();
    let kept = all.into_iter().enumerate().filter(|(at, _)| wanted.binary_search(at).is_ok());
    kept.map(|(_, (.., decision))| decision).collect()
}

fn list(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::When(when) => Some(when.at),
        _ => None,
    }
}

/// Somebody as a record names them: by an address, or by an account. Of an id of the register of people the address is
/// taken, by which history knows the person.
fn person(value: &Value, people: &People) -> Option<Person> {
    let Value::Person(named) = value else { return None };
    let written = named.written.trim();
    let known = named.known.and_then(|at| people.record(at));
    let of_record = |field: &str| match known?.get(field) {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    if let Some(login) = written.strip_prefix('@') {
        return Some(Person::from_login(login));
    }
    if written.contains('@') {
        return Some(Person::new(&of_record("name").unwrap_or_default(), written));
    }
    if of_record("id").is_some_and(|id| id.eq_ignore_ascii_case(written)) {
        let first = known.map(|record| list(record.get("emails"))).and_then(|emails| emails.first());
        if let Some(Value::Text(email)) = first {
            return Some(Person::new(&of_record("name").unwrap_or_default(), email));
        }
    }
    (!written.is_empty()).then(|| Person::from_login(written))
}
