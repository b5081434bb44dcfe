//! Who owns the files that a change touches: by the `CODEOWNERS` that stood on the branch before it.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::approval::trail::Change;
use super::gap::{self, Gap};
use crate::sources::codeowners::{CodeOwners, MAX_BYTES, Owner, PLACES};
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::repo::{Gaps, ObjectKind, Unreadable};
use crate::sources::tree_diff;
use crate::text::{SourceText, Span, decode_keeping_offsets};

/// Mode of a link, which no forge follows.
const LINK: u32 = 0o120_000;
/// Files that a demand names; of others only the number is.
const NAMED: usize = 3;

/// Who owns what a change touches.
#[derive(Clone, Debug)]
pub enum Ownership {
    /// There was no `CODEOWNERS` before it.
    NoFile,
    /// What its owners are asked for; nothing if nobody owns what it touches.
    Owned(Vec<Demand>),
    /// That cannot be told, because something could not be read.
    Unreadable(Gap),
}

/// Approvals that one line of a `CODEOWNERS` asks for.
#[derive(Clone, Debug)]
pub struct Demand {
    /// That version of the file.
    pub source: Arc<SourceText>,
    /// Where the pattern stands in it.
    pub place: Span,
    /// The owners. One of them is enough, unless more approvals are asked for.
    pub owners: Arc<[Owner]>,
    /// Number of owners who must approve.
    pub approvals: usize,
    /// Paths of the first files of the change that the line takes.
    pub files: Vec<String>,
    /// Number of all of them.
    pub count: usize,
}

/// The versions of `CODEOWNERS` that a branch has had, each read once.
struct Versions<'r> {
    repos: &'r Repos,
    by_blob: Mutex<FxHashMap<Oid, Arc<CodeOwners>>>,
}

/// Who owns what each of some changes touches, in their order. `clone` is what the clone says that it lacks.
#[must_use]
pub fn of_changes(repos: &Repos, clone: &Gaps, changes: &[&Change]) -> Vec<Ownership> {
    let versions = Versions { repos, by_blob: Mutex::default() };
    let of = |change: &&Change| {
        versions.of_change(change).unwrap_or_else(|(id, why)| {
            Ownership::Unreadable(gap::object(clone, id, &why, "who owns the files of the change cannot be told"))
        })
    };
    changes.par_iter().map(of).collect()
}

impl Versions<'_> {
    fn of_change(&self, change: &Change) -> Result<Ownership, (Oid, Unreadable)> {
        let (tree, base) = change.trees;
        let Some(before) = base else { return Ok(Ownership::NoFile) };
        let Some(file) = self.in_tree(before)? else { return Ok(Ownership::NoFile) };
        if file.too_much {
            let what = format!("{} asks for more than can be worked out", file.source.title());
            let mend = "see documents/invalid-code-owners".to_owned();
            return Ok(Ownership::Unreadable(Gap { what, mend }));
        }
        let mut demands: Vec<Demand> = Vec::new();
        let mut by_line: FxHashMap<usize, usize> = FxHashMap::default();
        for path in tree_diff::touched(&self.repos.mine(), base, tree)? {
            for entry in file.of(&path).filter(|entry| !entry.owners.is_empty() && !entry.optional) {
                let at = *by_line.entry(entry.place.start).or_insert(demands.len());
                if at == demands.len() {
                    demands.push(Demand {
                        source: Arc::clone(&file.source),
                        place: entry.place,
                        owners: Arc::clone(&entry.owners),
                        approvals: entry.approvals,
                        files: Vec::new(),
                        count: 0,
                    });
                }
                if let Some(demand) = demands.get_mut(at) {
                    demand.count += 1;
                    demand.files.extend((demand.files.len() < NAMED).then(|| path.clone()));
                }
            }
        }
        Ok(Ownership::Owned(demands))
    }

    /// The version in a tree, if it has one.
    fn in_tree(&self, tree: Oid) -> Result<Option<Arc<CodeOwners>>, (Oid, Unreadable)> {
        let repo = self.repos.mine();
        for path in PLACES {
            let entry = repo.entry_at(tree, path).map_err(|why| (tree, why))?;
            let Some(entry) = entry.filter(|entry| !entry.is_tree()) else { continue };
            if entry.mode == LINK {
                return Err((entry.id, Unreadable::Damaged(format!("{path} is a link, which no forge follows"))));
            }
            if let Some(known) = self.by_blob.lock().unwrap_or_else(PoisonError::into_inner).get(&entry.id) {
                return Ok(Some(Arc::clone(known)));
            }
            let (name, title) = (format!("blob {}", entry.id), format!("{path} (git show {})", entry.id.short()));
            let text = repo.read(entry.id, ObjectKind::Blob, |bytes| {
                (bytes.len() <= MAX_BYTES).then(|| decode_keeping_offsets(bytes))
            });
            let text = text.map_err(|why| (entry.id, why))?.ok_or_else(|| {
                let why = format!("{path} has more than {MAX_BYTES} bytes, and no forge reads it");
                (entry.id, Unreadable::Damaged(why))
            })?;
            let parsed = Arc::new(CodeOwners::parse(SourceText::titled(name, title, text), path));
            self.by_blob.lock().unwrap_or_else(PoisonError::into_inner).insert(entry.id, Arc::clone(&parsed));
            return Ok(Some(parsed));
        }
        Ok(None)
    }
}
