//! Trails that stand beside the commits: notes and attestations, and records of a register.

mod appraise;
mod forge;
mod gittuf;
mod records;
mod review_notes;
mod tickmark_notes;

use std::sync::Arc;

use records::Records;
use rustc_hash::{FxHashMap, FxHashSet};

use super::dialect::Reads;
use super::found::{DialectId, Discount, Found, Role, Seen};
use super::matcher::Matcher;
use super::trail::Unread;
use crate::facts::forge::binding::{Bound, Recorded};
use crate::facts::forge::recorded::Request;
use crate::facts::gap::{self, Gap};
use crate::facts::landing::{History, Landing};
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::repo::{Gaps, ObjectKind, Repo, Unreadable};
use crate::sources::{commit::RawCommit, notes};
use crate::text::{Span, decode_keeping_offsets};

/// What is found beside the commits, and who wrote it there.
#[derive(Default)]
pub struct Beside {
    found: FxHashMap<Oid, Vec<Found>>,
    records: FxHashMap<DialectId, Records>,
    /// What the register of changes says of this history.
    recorded: Bound,
    /// Positions in it, by the commit of the change.
    by_commit: FxHashMap<Oid, Vec<usize>>,
    unread: Vec<Unread>,
}

impl Beside {
    /// What is found beside a commit.
    pub fn of(&self, commit: Oid) -> impl Iterator<Item = &Found> {
        self.found.get(&commit).into_iter().flatten()
    }

    /// Everybody who wrote what approves a commit in a dialect, by name; `None` where that is not known.
    #[must_use]
    pub fn writers(&self, commit: Oid, dialect: DialectId) -> Option<&Arc<[Person]>> {
        self.records.get(&dialect)?.writers(commit)
    }

    /// Records of the register `changes` that are about a change.
    pub fn recorded(&self, commit: Oid) -> impl Iterator<Item = &Arc<Request>> {
        let positions = self.by_commit.get(&commit).into_iter().flatten();
        positions.filter_map(|at| self.recorded.of.get(*at)).map(|(request, ..)| request)
    }

    /// Records of the register `changes` of which the commit is not in the history.
    #[must_use]
    pub fn missing(&self) -> &[Arc<Request>] {
        &self.recorded.missing
    }

    /// The files that hold what approves a commit in a dialect, by their keys; `None` where more than these leads to it.
    #[must_use]
    pub fn files(&self, commit: Oid, dialect: DialectId) -> Option<Arc<[String]>> {
        self.records.get(&dialect)?.files(commit)
    }

    /// What stands beside the commits as an approval, and cannot be read.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    fn add(&mut self, commit: Oid, found: Found) {
        self.found.entry(commit).or_default().push(found);
    }

    /// The files that approve in a dialect.
    fn records(&mut self, dialect: DialectId) -> &mut Records {
        self.records.entry(dialect).or_default()
    }
}

/// An object that could not be read.
type Missing = (Oid, Unreadable);

/// What a reader is given.
struct Job<'a> {
    repo: &'a Repo,
    repos: &'a Repos,
    history: &'a History,
    landings: &'a [Landing],
    matcher: &'a Matcher,
    dialect: DialectId,
    /// The newest commit of the reference that holds the trail.
    tip: Oid,
    /// Tree of the reference that holds the trail.
    tree: Oid,
    /// Name of the protected branch, without `refs/heads/`.
    branch: &'a str,
    /// The reference itself, to be named as the source.
    reference: &'a str,
}

impl Job<'_> {
    fn found(&self, role: Role, person: Option<Person>, id: Option<&str>, at: Option<Moment>) -> Found {
        let discount = person.as_ref().and_then(|person| self.matcher.discount(self.dialect, person));
        Found {
            dialect: self.dialect,
            role,
            person,
            id: id.map(Into::into),
            at,
            span: Span::default(),
            seen: Seen::Beside,
            key: self.reference.into(),
            discount,
            record: None,
            envelope: None,
            given_for: None,
            noted: None,
        }
    }

    /// Every note on a commit of this history, as text.
    fn notes(&self, tree: Oid) -> Result<Vec<(Oid, String)>, Missing> {
        let listed = notes::list(self.repo, tree)?;
        let mut texts = Vec::new();
        for commit in &self.history.commits {
            if let Some(&blob) = listed.get(&commit.id) {
                texts.push((commit.id, self.text(blob)?));
            }
        }
        Ok(texts)
    }

    fn text(&self, blob: Oid) -> Result<String, Missing> {
        self.repo.read(blob, ObjectKind::Blob, decode_keeping_offsets).map_err(|why| (blob, why))
    }
}

/// Reads every trail beside the commits whose reference is in this clone. A reference that is there but cannot be
/// read is a gap: its approvals must not be taken for absent.
pub fn read(
    (repo, repos): (&Repo, &Repos),
    history: &History,
    landings: &[Landing],
    matcher: &Matcher,
    (branch, recorded): (&str, &Recorded),
    (clone, gaps): (&Gaps, &mut Vec<Gap>),
) -> Beside {
    let mut beside = Beside::default();
    let mut asked = FxHashSet::default();
    for (dialect, source) in matcher.dialects() {
        if source.reads == Reads::ForgeRecords {
            forge::read((repos, history, landings, branch), (matcher, dialect), recorded, &mut beside);
        }
        let Some(reference) = source.reference.as_deref() else { continue };
        let (tip, tree) = match tip_of(repo, reference) {
            Ok(Some(tip)) => tip,
            Ok(None) => continue,
            Err(gap) => {
                gaps.push(gap);
                continue;
            }
        };
        let job = Job { repo, repos, history, landings, matcher, dialect, tip, tree, branch, reference };
        let result = match source.reads {
            Reads::Message | Reads::ForgeRecords => continue,
            Reads::ReviewNotes => review_notes::read(&job, &mut beside),
            Reads::AppraiseNotes => appraise::read(&job, &mut beside),
            Reads::TickmarkNotes => tickmark_notes::read(&job, &mut beside),
            Reads::GittufAttestations => gittuf::read(&job, &mut beside),
        };
        if let Err((id, why)) = result {
            gaps.push(gap::object(clone, id, &why, &format!("the approvals in {reference} cannot be read")));
        }
        if let Some(records) = beside.records.get_mut(&dialect) {
            if asked.is_empty() {
                asked = members(history, landings);
            }
            records.find_writers(repos, tip, &asked);
        }
    }
    beside
}

/// Every commit of some changes.
fn members(history: &History, landings: &[Landing]) -> FxHashSet<Oid> {
    let members = landings.iter().flat_map(|landing| std::iter::once(&landing.tip).chain(&landing.landed));
    members.map(|at| history.get(*at).id).collect()
}

/// The commit that a reference leads to, with its tree; `None` if there is no such reference.
fn tip_of(repo: &Repo, reference: &str) -> Result<Option<(Oid, Oid)>, Gap> {
    let broken = |what: String| Gap { what, mend: format!("git fetch origin '+{reference}:{reference}'") };
    let commit = repo.reference(reference).map_err(|error| broken(error.message))?;
    let Some(commit) = commit else { return Ok(None) };
    match repo.read(commit, ObjectKind::Commit, |bytes| RawCommit::parse(bytes).map(|raw| raw.tree)) {
        Ok(Some(tree)) => Ok(Some((commit, tree))),
        _ => Err(broken(format!("{reference} leads to {commit}, which cannot be read"))),
    }
}

/// Marks findings as not counting, whatever they were.
fn discounted(mut found: Found, discount: Discount) -> Found {
    found.discount = Some(discount);
    found
}
