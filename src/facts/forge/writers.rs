//! Who wrote the files that records stand in: everybody who signed a commit that gave one of them its content.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::facts::landing::{CommitFacts, History, Landing};
use crate::facts::person::Person;
use crate::sources::commit::RawCommit;
use crate::sources::history::Repos;
use crate::sources::line::{self, Line, Step};
use crate::sources::oid::Oid;
use crate::sources::repo::ObjectKind;
use crate::text::{SourceText, decode_keeping_offsets};

/// Everybody who wrote some files of the working tree, by their names. A file is left out where that is not known: it is
/// not on the branch as it stands here, or a commit that may have written it cannot be read.
pub(super) fn of(
    repos: &Repos,
    history: &History,
    landings: &[Landing],
    below: Option<&str>,
    files: &[&Arc<SourceText>],
) -> FxHashMap<String, Arc<[Person]>> {
    let (Some(below), Some(newest)) = (below, landings.first()) else { return FxHashMap::default() };
    let mut by_name: FxHashMap<&str, &Arc<SourceText>> = FxHashMap::default();
    for file in files {
        by_name.insert(file.name(), file);
    }
    let tip = history.get(newest.tip);
    let paths: Vec<(String, &str)> = by_name
        .values()
        .filter(|file| is_committed(repos, tip, &format!("{below}{}", file.name()), file))
        .map(|file| (format!("{below}{}", file.name()), file.name()))
        .collect();
    let watched: Vec<&str> = paths.iter().map(|(path, _)| path.as_str()).collect();
    let Ok(versions) = line::versions(repos, &line_of(history, landings), &watched) else {
        return FxHashMap::default();
    };
    let mut found = FxHashMap::default();
    for ((path, name), versions) in paths.iter().zip(versions) {
        let mut changed = versions.iter().filter(|version| version.entry.is_some()).map(|version| version.oldest);
        let mut people: Vec<Person> = Vec::new();
        let all_known = changed.all(|at| written_in(repos, history, &landings[at], path, &mut people));
        if all_known && !people.is_empty() {
            people.sort_unstable_by_key(Person::signature);
            found.insert((*name).to_owned(), people.into());
        }
    }
    found
}

/// The tree of a commit that need not be part of the history.
pub(super) fn tree(repos: &Repos, id: Oid) -> Option<Oid> {
    repos.mine().read(id, ObjectKind::Commit, |bytes| RawCommit::parse(bytes).map(|raw| raw.tree)).ok()?
}

/// Whether a file stands in a commit as it was read here.
fn is_committed(repos: &Repos, tip: &CommitFacts, path: &str, file: &SourceText) -> bool {
    let repo = repos.mine();
    let Ok(Some(entry)) = repo.entry_at(tip.tree, path) else { return false };
    !entry.is_tree()
        && repo.read(entry.id, ObjectKind::Blob, decode_keeping_offsets).is_ok_and(|text| text == file.text())
}

/// The line that all landings make, newest first.
fn line_of(history: &History, landings: &[Landing]) -> Line {
    let step = |landing: &Landing| {
        let tip = history.get(landing.tip);
        Step { id: tip.id, tree: tip.tree, seconds: tip.committed.seconds, offset: tip.committed.offset }
    };
    Line::new(landings.iter().map(step).collect())
}

/// Adds everybody who gave a file a content among the commits of one landing; whether all of them are known. A merge
/// wrote only what none of its parents has.
fn written_in(repos: &Repos, history: &History, landing: &Landing, path: &str, people: &mut Vec<Person>) -> bool {
    let repo = repos.mine();
    for at in std::iter::once(&landing.tip).chain(&landing.landed) {
        let commit = history.get(*at);
        let Ok(own) = repo.entry_at(commit.tree, path) else { return false };
        let Some(own) = own else { continue };
        let mut is_new = true;
        for parent in &commit.parents {
            let Some(parent) = history.find(*parent).map(|at| history.get(at)) else { return false };
            let Ok(before) = repo.entry_at(parent.tree, path) else { return false };
            is_new &= before.is_none_or(|before| before.id != own.id);
        }
        if is_new {
            for signer in [commit.author, commit.committer].map(|id| history.people.get(id)) {
                if *signer == Person::default() {
                    return false;
                }
                if !people.contains(signer) {
                    people.push(signer.clone());
                }
            }
        }
    }
    true
}
