//! Trails that stand beside the commits: notes and attestations.

mod appraise;
mod gittuf;
mod review_notes;

use rustc_hash::FxHashMap;

use super::dialect::Reads;
use super::found::{DialectId, Discount, Found, Role, Seen};
use super::matcher::Matcher;
use crate::facts::gap::{self, Gap};
use crate::facts::landing::{History, Landing};
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::sources::oid::Oid;
use crate::sources::repo::{Gaps, ObjectKind, Repo, Unreadable};
use crate::sources::{commit::RawCommit, notes};
use crate::text::{Span, decode_keeping_offsets};

/// What is found beside the commits, by commit.
pub type Beside = FxHashMap<Oid, Vec<Found>>;

/// An object that could not be read.
type Missing = (Oid, Unreadable);

/// What a reader is given.
struct Job<'a> {
    repo: &'a Repo,
    history: &'a History,
    landings: &'a [Landing],
    matcher: &'a Matcher,
    dialect: DialectId,
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
    repo: &Repo,
    history: &History,
    landings: &[Landing],
    matcher: &Matcher,
    branch: &str,
    (clone, gaps): (&Gaps, &mut Vec<Gap>),
) -> Beside {
    let mut beside = Beside::default();
    for (dialect, source) in matcher.dialects() {
        let Some(reference) = source.reference.as_deref() else { continue };
        let tree = match tree_of(repo, reference) {
            Ok(Some(tree)) => tree,
            Ok(None) => continue,
            Err(gap) => {
                gaps.push(gap);
                continue;
            }
        };
        let job = Job { repo, history, landings, matcher, dialect, tree, branch, reference };
        let result = match source.reads {
            Reads::Message => continue,
            Reads::ReviewNotes => review_notes::read(&job, &mut beside),
            Reads::AppraiseNotes => appraise::read(&job, &mut beside),
            Reads::GittufAttestations => gittuf::read(&job, &mut beside),
        };
        if let Err((id, why)) = result {
            gaps.push(gap::object(clone, id, &why, &format!("the approvals in {reference} cannot be read")));
        }
    }
    beside
}

/// The tree that a reference leads to; `None` if there is no such reference.
fn tree_of(repo: &Repo, reference: &str) -> Result<Option<Oid>, Gap> {
    let broken = |what: String| Gap { what, mend: format!("git fetch origin '+{reference}:{reference}'") };
    let commit = repo.reference(reference).map_err(|error| broken(error.message))?;
    let Some(commit) = commit else { return Ok(None) };
    match repo.read(commit, ObjectKind::Commit, |bytes| RawCommit::parse(bytes).map(|raw| raw.tree)) {
        Ok(Some(tree)) => Ok(Some(tree)),
        _ => Err(broken(format!("{reference} leads to {commit}, which cannot be read"))),
    }
}

/// Marks findings as not counting, whatever they were.
fn discounted(mut found: Found, discount: Discount) -> Found {
    found.discount = Some(discount);
    found
}
