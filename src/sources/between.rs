//! The commits that some commits have and others lack, without reading the whole history.
//!
//! Commits are read from the newest to the oldest, by the clocks of their committers, until only commits are left that
//! both sides have. A clock that was wrong by more than [`MARGIN`] may make a commit look as if one side had it alone;
//! so a range may show a change too many, and never one too few.

use std::collections::BinaryHeap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::commit::RawCommit;
use super::history::{Failure, Walk};
use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};

/// Seconds by which clocks may go wrong before a range has too many changes.
const MARGIN: i64 = 2 * 24 * 60 * 60;

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Bounds<'a> {
    /// What this commit has.
    pub tip: Oid,
    /// What these have is left out.
    pub bases: &'a [Oid],
    /// So is what those of these have that are met on the way from the tip.
    pub on_the_way: &'a FxHashSet<Oid>,
    /// So many commits are read, if there are so many.
    pub at_least: usize,
}

/// Commits with their bytes in no particular order, and those of `on_the_way` that were met, newest first.
pub type Between = (Walk<(Oid, Vec<u8>)>, Vec<Oid>);

/// Reads every commit that the tip has and no base, and as much of what both have as it takes to tell them apart.
/// `progress` is told how many more have been read.
pub fn between(repo: &Repo, bounds: Bounds<'_>, progress: impl Fn(usize)) -> Between {
    let mut search = Search { repo, nodes: Vec::new(), index: FxHashMap::default(), open: 0, failures: Vec::new() };
    let (mut queue, mut met) = (BinaryHeap::new(), Vec::new());
    for id in bounds.bases {
        search.reach(*id, true, &mut queue);
    }
    search.reach(bounds.tip, false, &mut queue);
    let mut oldest = i64::MAX;
    let mut read = 0;
    while let Some((seconds, at)) = queue.pop() {
        if search.open == 0 && search.nodes.len() >= bounds.at_least && seconds < oldest.saturating_sub(MARGIN) {
            break;
        }
        let node = &mut search.nodes[at];
        if !node.shared && node.id != bounds.tip && bounds.on_the_way.contains(&node.id) {
            met.push(node.id);
            node.shared = true;
            search.open -= 1;
        }
        let node = &mut search.nodes[at];
        node.left = true;
        let shared = node.shared;
        if !shared {
            search.open -= 1;
            oldest = oldest.min(seconds);
        }
        for parent in search.nodes[at].parents.clone() {
            search.reach(parent, shared, &mut queue);
        }
        progress(search.nodes.len() - read);
        read = search.nodes.len();
    }
    progress(search.nodes.len() - read);
    let commits = search.nodes.into_iter().map(|node| (node.id, node.bytes)).collect();
    (Walk { commits, failures: search.failures }, met)
}

struct Node {
    id: Oid,
    parents: Vec<Oid>,
    bytes: Vec<u8>,
    /// Whether one of the bases has it.
    shared: bool,
    /// Whether it has left the queue.
    left: bool,
}

struct Search<'r> {
    repo: &'r Repo,
    nodes: Vec<Node>,
    /// Position of each commit; none of one that cannot be read.
    index: FxHashMap<Oid, Option<usize>>,
    /// Commits in the queue that no base is known to have.
    open: usize,
    failures: Vec<Failure>,
}

impl Search<'_> {
    /// Comes upon a commit, from one that a base has or from one that none is known to have.
    fn reach(&mut self, id: Oid, shared: bool, queue: &mut BinaryHeap<(i64, usize)>) {
        match self.index.get(&id).copied() {
            Some(Some(at)) if shared => self.share(at),
            Some(_) => {}
            None => {
                let at = match self.read(id) {
                    Ok((parents, seconds, bytes)) => {
                        self.nodes.push(Node { id, parents, bytes, shared, left: false });
                        self.open += usize::from(!shared);
                        queue.push((seconds, self.nodes.len() - 1));
                        Some(self.nodes.len() - 1)
                    }
                    Err(why) => {
                        self.failures.push(Failure { id, why });
                        None
                    }
                };
                self.index.insert(id, at);
            }
        }
    }

    /// A base has this commit, and so it has whatever was reached from it already.
    fn share(&mut self, at: usize) {
        let mut stack = vec![at];
        while let Some(at) = stack.pop() {
            let node = &mut self.nodes[at];
            if std::mem::replace(&mut node.shared, true) {
                continue;
            }
            if node.left {
                stack.extend(node.parents.iter().filter_map(|parent| self.index.get(parent).copied().flatten()));
            } else {
                self.open -= 1;
            }
        }
    }

    fn read(&self, id: Oid) -> Result<(Vec<Oid>, i64, Vec<u8>), Unreadable> {
        let read = self.repo.read(id, ObjectKind::Commit, |bytes| {
            let raw = RawCommit::parse(bytes)?;
            Some((raw.parents.clone(), raw.committer.seconds, bytes.to_vec()))
        });
        read?.ok_or_else(|| Unreadable::Damaged("it has no header that Git would write".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::sources::script;
    use crate::text::SourceText;

    /// Main with ten commits and a topic that left it at the third and came back at the end, with one of the clocks wrong.
    fn history(wrong: &str) -> String {
        let mut text = "people: { dana: Dana <dana@acme.example> }\nsteps:\n".to_owned();
        for at in 1..=9 {
            let day = if at == 5 { wrong } else { &format!("2026-03-0{at}") };
            text += &format!(
                "  - commit: {{ on: main, by: dana, at: {day}T10:00:00Z, message: m{at}, name: m{at}, files: {{ f{at}: x }} }}\n"
            );
            if at == 3 {
                text += "  - branch: { name: topic, from: m3 }\n  - commit: { on: topic, by: dana, at: \
                         2026-03-03T12:00:00Z, message: t, name: t, files: { t: x } }\n";
            }
        }
        text + "  - merge: { into: main, from: [topic], by: dana, at: 2026-03-10T10:00:00Z, message: m10, name: m10 }\n"
    }

    fn names(wrong: &str, base: &str, at_least: usize) -> (Vec<String>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let script = script::parse(&SourceText::new("history.yaml", history(wrong))).unwrap();
        let written = script::write(&script, folder.path(), true).unwrap();
        let repo = Repo::open(folder.path()).unwrap();
        let (tip, base) = (written.names["m10"], written.names[base]);
        let none = FxHashSet::default();
        let bounds = Bounds { tip, bases: &[base], on_the_way: &none, at_least };
        let (walk, _) = between(&repo, bounds, |_| ());
        let (_, met) =
            between(&repo, Bounds { bases: &[], on_the_way: &FxHashSet::from_iter([base]), ..bounds }, |_| ());
        assert_eq!((walk.failures.len(), met), (0, vec![base]));
        let read: Vec<Oid> = walk.commits.iter().map(|(id, _)| *id).collect();
        let mut names: Vec<String> =
            written.names.iter().filter(|(_, id)| read.contains(id)).map(|(name, _)| name.clone()).collect();
        names.sort();
        (names, read.len())
    }

    #[test]
    fn no_more_is_read_than_it_takes() {
        let (read, _) = names("2026-03-05", "m8", 0);
        assert!(["m10", "m9", "m8", "t", "m3"].iter().all(|name| read.contains(&(*name).to_owned())), "{read:?}");
        assert_eq!(names("2026-03-05", "m8", 0).1, names("2026-03-05", "m8", 7).1);
        assert_eq!(names("2026-03-05", "m8", 100).1, 11, "all of it");
        let late = names("2026-03-05", "m9", 0).0;
        assert!(late.contains(&"t".to_owned()), "a topic that came back late is read to where it left: {late:?}");
    }

    #[test]
    fn a_clock_that_is_wrong_hides_nothing() {
        for wrong in ["2031-01-01", "1999-01-01"] {
            let (read, _) = names(wrong, "m4", 0);
            for name in ["m10", "m9", "m8", "m7", "m6", "m5", "t"] {
                assert!(read.contains(&name.to_owned()), "{name} with {wrong}: {read:?}");
            }
        }
    }
}
