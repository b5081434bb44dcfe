//! Who wrote the files that a reference holds: everybody who signed a commit that gave one of them its content.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::Hash;
use std::ops::Bound;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::commit::{RawCommit, Signature, parents};
use super::history::{Repos, walk};
use super::oid::Oid;
use super::repo::Repo;
use super::tree_diff::{Pair, differences};

/// A merge is held against so many of its parents. Of one with more, more files count as written by the merge itself.
pub(super) const MOST_PARENTS: usize = 16;

/// More people than this are not kept of one file. A record of an approval has one or two writers; what hundreds wrote
/// tells nothing about who stands behind it, and would only cost time.
pub(super) const MOST_WRITERS: usize = 64;

/// The name under which a file is known here: its path without slashes, in small letters. A note stays the same note
/// when Git spreads the notes over more folders, and two paths that share a name share their writers.
#[must_use]
pub fn key(path: &str) -> String {
    path.replace('/', "").to_ascii_lowercase()
}

/// Everybody who wrote some files.
#[derive(Debug)]
pub struct Writers<P> {
    /// Everybody, each once, in no particular order.
    pub people: Vec<P>,
    by_key: FxHashMap<String, Vec<u32>>,
}

impl<P> Writers<P> {
    /// Everybody who wrote a file, by its [`key`], as places in [`Writers::people`]. `None` where that is not known: the
    /// file was not asked for, or is not there, or more people wrote it than are kept.
    #[must_use]
    pub fn of(&self, key: &str) -> Option<&[u32]> {
        self.by_key.get(key).map(Vec::as_slice).filter(|writers| writers.len() <= MOST_WRITERS)
    }
}

/// Everybody who ever wrote one of the files of these keys in the history that ends in `tip`: author and committer of
/// each commit that added or changed the file. A merge wrote only what none of its parents has. The walk never ends
/// early, because an older writer is a writer too.
///
/// `None` if a commit or a tree cannot be read or relied on, or `person` cannot tell whom a signature names: an unread
/// commit may have written any file.
pub fn writers<P: Clone + Eq + Hash + Send + Sync>(
    repos: &Repos,
    tip: Oid,
    wanted: &BTreeSet<String>,
    person: impl Fn(&Signature<'_>) -> Option<P> + Sync,
) -> Option<Writers<P>> {
    let commits = signed(repos, tip, person)?;
    let trees = commits.iter().map(|commit| (commit.id, commit.tree)).collect();
    let search = Search { wanted, trees };
    let written = search.all(repos, &commits)?;
    let mut found = Writers { people: Vec::new(), by_key: FxHashMap::default() };
    let mut known = FxHashMap::default();
    for (commit, keys) in commits.into_iter().zip(written).filter(|(_, keys)| !keys.is_empty()) {
        let signers = commit.by.map(|person| {
            *known.entry(person).or_insert_with_key(|person| {
                found.people.push(person.clone());
                found.people.len() as u32 - 1
            })
        });
        for (key, _) in keys {
            let writers: &mut Vec<u32> = found.by_key.entry(key).or_default();
            for signer in signers {
                if writers.len() <= MOST_WRITERS && !writers.contains(&signer) {
                    writers.push(signer);
                }
            }
        }
    }
    Some(found)
}

/// The commits that gave the files of these keys the content that they have at `tip`, by key. Where a file got the same
/// content more than once, all of them are named: what stands there may be what somebody took back and another restored.
///
/// `None` if a commit or a tree cannot be read or relied on.
pub fn origins(repos: &Repos, tip: Oid, wanted: &BTreeSet<String>) -> Option<FxHashMap<String, Vec<Oid>>> {
    let read =
        |batch: Vec<(Oid, Vec<u8>)>| batch.iter().map(|(id, bytes)| Signed::read(*id, bytes, &|_| Some(()))).collect();
    let walked = walk(repos, &[tip], parents, read, |_| {});
    if !walked.failures.is_empty() {
        return None;
    }
    let commits: Vec<Signed<()>> = walked.commits.into_iter().collect::<Option<_>>()?;
    let trees: FxHashMap<Oid, Oid> = commits.iter().map(|commit| (commit.id, commit.tree)).collect();
    let newest = *trees.get(&tip)?;
    let search = Search { wanted, trees };
    let now = search.changed(&repos.mine(), None, newest)?;
    let written = search.all(repos, &commits)?;
    let mut origins: FxHashMap<String, Vec<Oid>> = FxHashMap::default();
    for (commit, files) in commits.iter().zip(written) {
        for file in files.into_iter().filter(|file| now.contains(file)) {
            origins.entry(file.0).or_default().push(commit.id);
        }
    }
    Some(origins)
}

/// Every commit that a reference has; `None` if one cannot be read or relied on, or names nobody.
pub(super) fn signed<P: Send>(
    repos: &Repos,
    tip: Oid,
    person: impl Fn(&Signature<'_>) -> Option<P> + Sync,
) -> Option<Vec<Signed<P>>> {
    let read = |batch: Vec<(Oid, Vec<u8>)>| batch.iter().map(|(id, bytes)| Signed::read(*id, bytes, &person)).collect();
    let walked = walk(repos, &[tip], parents, read, |_| {});
    if !walked.failures.is_empty() {
        return None;
    }
    walked.commits.into_iter().collect()
}

/// What is kept of one commit of the reference.
pub(super) struct Signed<P> {
    pub(super) id: Oid,
    pub(super) tree: Oid,
    pub(super) parents: Vec<Oid>,
    /// Author and committer.
    pub(super) by: [P; 2],
    /// When it was made, by the committer's clock: seconds since 1970, and the offset from UTC in minutes.
    pub(super) at: (i64, i16),
}

impl<P> Signed<P> {
    pub(super) fn read(id: Oid, bytes: &[u8], person: &impl Fn(&Signature<'_>) -> Option<P>) -> Option<Self> {
        let raw = RawCommit::parse(bytes).filter(|raw| raw.unverifiable.is_none())?;
        let by = [person(&raw.author)?, person(&raw.committer)?];
        let at = (raw.committer.seconds, raw.committer.offset);
        Some(Self { id, tree: raw.tree, parents: raw.parents, by, at })
    }
}

pub(super) struct Search<'a> {
    pub(super) wanted: &'a BTreeSet<String>,
    /// The tree of each commit of the history.
    pub(super) trees: FxHashMap<Oid, Oid>,
}

/// A wanted file by its key, with its content.
pub(super) type File = (String, Oid);

impl Search<'_> {
    /// The wanted files that each of some commits wrote.
    fn all<P: Sync>(&self, repos: &Repos, commits: &[Signed<P>]) -> Option<Vec<FxHashSet<File>>> {
        commits.par_iter().map(|commit| self.written(&repos.mine(), commit)).collect()
    }

    /// The wanted files that a commit itself wrote.
    fn written<P>(&self, repo: &Repo, commit: &Signed<P>) -> Option<FxHashSet<File>> {
        let mut parents = commit.parents.iter().take(MOST_PARENTS).map(|parent| self.trees.get(parent).copied());
        let first = match parents.next() {
            Some(tree) => Some(tree?),
            None => None,
        };
        let mut written = self.changed(repo, first, commit.tree)?;
        for tree in parents {
            if written.is_empty() {
                break;
            }
            let changed = self.changed(repo, Some(tree?), commit.tree)?;
            written.retain(|file| changed.contains(file));
        }
        Some(written)
    }

    /// The wanted files that have a content in `new` which they do not have in `old`.
    fn changed(&self, repo: &Repo, old: Option<Oid>, new: Oid) -> Option<FxHashSet<File>> {
        Some(self.difference(repo, old, new)?.0)
    }

    /// The same, and the files that differ as they are in `old`.
    pub(super) fn difference(
        &self,
        repo: &Repo,
        old: Option<Oid>,
        new: Oid,
    ) -> Option<(FxHashSet<File>, FxHashSet<File>)> {
        // One tree may be a folder of itself many times over, under names that differ only by what a key leaves out.
        let entered = RefCell::new(FxHashSet::default());
        let enter = |folder: &str, pair: Pair| {
            let start = key(folder);
            self.may_hold(&start) && entered.borrow_mut().insert((start, pair))
        };
        let files = differences(repo, old, new, &enter).ok()?;
        let before: FxHashSet<File> = files.iter().filter_map(|file| Some((key(&file.path), file.before?))).collect();
        let after = files.iter().filter_map(|file| Some((key(&file.path), file.after?)));
        let new = after.filter(|file| self.wanted.contains(&file.0) && !before.contains(file)).collect();
        Some((new, before))
    }

    /// Whether a wanted file may lie in a folder with this key.
    fn may_hold(&self, folder: &str) -> bool {
        let from = (Bound::Included(folder), Bound::Unbounded);
        self.wanted.range::<str, _>(from).next().is_some_and(|key| key.starts_with(folder))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::sources::script;
    use crate::text::SourceText;

    const PEOPLE: &str = "people:\n  dana: Dana <dana@acme.example>\n  mira: Mira <mira@acme.example>\n  \
                          sam: Sam <sam@acme.example>\nsteps:\n";

    fn commit(by: &str, files: &str) -> String {
        format!("  - commit: {{ on: main, by: {by}, at: 2026-03-04T10:00:00Z, message: x, {files} }}\n")
    }

    /// Addresses of everybody who wrote some files of a branch, by the key of each file; nothing where it is not known.
    fn of(steps: &str, keys: &[&str]) -> Vec<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let script = script::parse(&SourceText::new("history.yaml", format!("{PEOPLE}{steps}"))).unwrap();
        let written = script::write(&script, folder.path(), true).unwrap();
        let repos = Repos::open(&Repo::open(folder.path()).unwrap()).unwrap();
        let wanted = keys.iter().map(|key| (*key).to_owned()).collect();
        let person = |signature: &Signature<'_>| Some(String::from_utf8_lossy(signature.email).into_owned());
        let found = writers(&repos, written.head.unwrap(), &wanted, person).unwrap();
        let people = |key: &&str| {
            let writers = found.of(key).unwrap_or_default().iter().map(|at| found.people[*at as usize].clone());
            writers.collect::<BTreeSet<_>>().into_iter().collect()
        };
        keys.iter().map(people).collect()
    }

    #[test]
    fn a_file_is_written_by_everybody_who_gave_it_a_content() {
        let steps = [
            commit("dana", "files: { aabb: one, other: x }"),
            commit("mira", "files: { ccdd: one }"),
            commit("sam", "committer: dana, files: { ccdd: two }"),
        ];
        let [one, two] = ["dana@acme.example", "mira@acme.example"].map(str::to_owned);
        assert_eq!(
            of(&steps.concat(), &["aabb", "ccdd", "none"]),
            [vec![one.clone()], vec![one, two, "sam@acme.example".to_owned()], Vec::new()]
        );
    }

    #[test]
    fn who_only_moves_a_file_to_another_folder_wrote_nothing() {
        let moved = commit("mira", "files: { aa/bb: one }, remove: [aabb]");
        let steps = [commit("dana", "files: { aabb: one }"), moved, commit("sam", "files: { aa/BB: two }")];
        assert_eq!(of(&steps.concat(), &["aabb"]), [["dana@acme.example", "sam@acme.example"]]);
    }

    #[test]
    fn a_merge_wrote_only_what_none_of_its_parents_has() {
        let merge = |files: &str| {
            format!(
                "{}  - branch: {{ name: topic, from: main }}\n{}{}  - merge: {{ into: main, from: [topic], by: sam, \
                 at: 2026-03-05T10:00:00Z, message: x{files} }}\n",
                commit("dana", "files: { start: x }"),
                commit("mira", "files: { aabb: one }").replace("on: main", "on: topic"),
                commit("dana", "files: { ccdd: one }"),
            )
        };
        assert_eq!(of(&merge(""), &["aabb", "ccdd"]), [["mira@acme.example"], ["dana@acme.example"]]);
        let both = vec!["mira@acme.example".to_owned(), "sam@acme.example".to_owned()];
        assert_eq!(of(&merge(", files: { aabb: two }"), &["aabb"]), [both]);
    }
}
