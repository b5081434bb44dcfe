//! Who brought each line of the files that a reference holds, and when: notes have many lines, each by somebody else.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::commit::Signature;
use super::history::Repos;
use super::oid::Oid;
use super::repo::{ObjectKind, Repo};
use super::writers::{File, MOST_PARENTS, MOST_WRITERS, Search, Signed, signed};
use crate::text::decode_keeping_offsets;

/// How a line came into its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought<P> {
    /// The commits that brought it: more than one where it was taken away and came again, or came on two ways.
    pub commits: Vec<Oid>,
    /// Author and committer of each of these commits, each once; empty where they are more than are kept.
    pub people: Vec<P>,
    /// When it came, by the clocks of the committers: seconds since 1970, and the offset from UTC in minutes. A line that
    /// came more than once counts from the last time, so that nobody makes it older by writing it again.
    pub at: (i64, i16),
}

/// Files by their keys, as [`super::writers::key`] makes them.
pub type Files = BTreeMap<String, Lines>;

/// The lines of one file.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The file as it is now, which has all of them.
    pub blob: Oid,
    /// The lines, without blanks around them, each once.
    pub lines: Vec<String>,
}

/// How each of some lines came there, in the history that ends in `tip`, by the key of the file and the position among its
/// lines. A merge brings only what none of its parents has, and moving a file to another folder brings nothing.
///
/// `None` if a commit, a tree or a file cannot be read or relied on, or `person` cannot tell whom a signature names: what
/// is not read may have brought any line.
pub fn brought<P: Clone + Eq + Send + Sync>(
    repos: &Repos,
    tip: Oid,
    wanted: &Files,
    person: impl Fn(&Signature<'_>) -> Option<P> + Sync,
) -> Option<BTreeMap<String, Vec<Option<Brought<P>>>>> {
    let commits = signed(repos, tip, person)?;
    let trees = commits.iter().map(|commit| (commit.id, commit.tree)).collect();
    let keys: BTreeSet<String> = wanted.keys().cloned().collect();
    let search = Search { wanted: &keys, trees };
    let steps: Vec<Vec<Step>> =
        commits.par_iter().map(|commit| search.steps(&repos.mine(), commit)).collect::<Option<_>>()?;
    let contents = contents(repos, wanted, &steps)?;
    let none = |file: &Lines| vec![None; file.lines.len()];
    let mut found: BTreeMap<String, Vec<Option<Brought<P>>>> =
        wanted.iter().map(|(key, file)| (key.clone(), none(file))).collect();
    for (commit, steps) in commits.iter().zip(&steps) {
        for step in steps {
            let before: FxHashSet<u32> =
                step.before.iter().filter_map(|file| contents.get(file)).flatten().copied().collect();
            let (Some(now), Some(known)) = (contents.get(&step.now), found.get_mut(&step.now.0)) else { continue };
            for line in now.iter().filter(|line| !before.contains(line)) {
                add(&mut known[*line as usize], commit);
            }
        }
    }
    Some(found)
}

fn add<P: Clone + Eq>(known: &mut Option<Brought<P>>, commit: &Signed<P>) {
    let known = known.get_or_insert_with(|| Brought { commits: Vec::new(), people: Vec::new(), at: commit.at });
    known.at = known.at.max(commit.at);
    // Too many people are none that are kept, and one commit may have written the file under two paths.
    if known.commits.last() == Some(&commit.id) || (known.people.is_empty() && !known.commits.is_empty()) {
        return;
    }
    known.commits.push(commit.id);
    for person in &commit.by {
        if !known.people.contains(person) {
            known.people.push(person.clone());
        }
    }
    if known.people.len() > MOST_WRITERS {
        known.people.clear();
    }
}

/// A file to which a commit gave a content, with what the commit found in its place.
struct Step {
    now: File,
    before: Vec<File>,
}

impl Search<'_> {
    /// The wanted files that a commit itself wrote, each with what its parents have in its place.
    fn steps<P>(&self, repo: &Repo, commit: &Signed<P>) -> Option<Vec<Step>> {
        let mut parents = commit.parents.iter().take(MOST_PARENTS).map(|parent| self.trees.get(parent).copied());
        let first = match parents.next() {
            Some(tree) => Some(tree?),
            None => None,
        };
        let (mut written, mut before) = self.difference(repo, first, commit.tree)?;
        for tree in parents {
            if written.is_empty() {
                break;
            }
            let (changed, old) = self.difference(repo, Some(tree?), commit.tree)?;
            written.retain(|file| changed.contains(file));
            before.extend(old);
        }
        let mut by_key: FxHashMap<String, Vec<File>> = FxHashMap::default();
        for file in before {
            by_key.entry(file.0.clone()).or_default().push(file);
        }
        let step = |now: File| Step { before: by_key.get(&now.0).cloned().unwrap_or_default(), now };
        Some(written.into_iter().map(step).collect())
    }
}

/// Which of the wanted lines each version of a file has, as positions among them; every version is read once.
fn contents(repos: &Repos, wanted: &Files, steps: &[Vec<Step>]) -> Option<FxHashMap<File, Vec<u32>>> {
    let every = steps.iter().flatten().flat_map(|step| std::iter::once(&step.now).chain(&step.before));
    let versions: FxHashSet<&File> = every.collect();
    let positions: FxHashMap<&str, FxHashMap<&str, u32>> = wanted
        .iter()
        .map(|(key, file)| (key.as_str(), file.lines.iter().zip(0..).map(|(line, at)| (line.as_str(), at)).collect()))
        .collect();
    let read = |file: &File| {
        let now = wanted.get(&file.0)?;
        if now.blob == file.1 {
            return Some((file.clone(), (0..).take(now.lines.len()).collect()));
        }
        let text = repos.mine().read(file.1, ObjectKind::Blob, decode_keeping_offsets).ok()?;
        let known = positions.get(file.0.as_str())?;
        let found: FxHashSet<u32> = text.lines().filter_map(|line| known.get(line.trim()).copied()).collect();
        Some((file.clone(), found.into_iter().collect()))
    };
    versions.into_par_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::sources::script;
    use crate::text::SourceText;

    const PEOPLE: &str = "people:\n  dana: Dana <dana@acme.example>\n  mira: Mira <mira@acme.example>\n  \
                          sam: Sam <sam@acme.example>\nsteps:\n";

    fn commit(by: &str, day: u8, files: &str) -> String {
        format!("  - commit: {{ on: main, by: {by}, at: 2026-03-{day:02}T10:00:00Z, message: x, {files} }}\n")
    }

    /// Addresses of everybody who brought a line, and the day of March on which it came.
    fn of(steps: &[String], key: &str, lines: &[&str]) -> Vec<Option<(Vec<String>, i64)>> {
        let folder = tempfile::tempdir().unwrap();
        let script = SourceText::new("history.yaml", format!("{PEOPLE}{}", steps.concat()));
        let written = script::write(&script::parse(&script).unwrap(), folder.path(), true).unwrap();
        let repos = Repos::open(&Repo::open(folder.path()).unwrap()).unwrap();
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        let wanted = Files::from([(key.to_owned(), Lines { blob: Oid::ZERO, lines })]);
        let person = |signature: &Signature<'_>| Some(String::from_utf8_lossy(signature.email).into_owned());
        let found = brought(&repos, written.head.unwrap(), &wanted, person).unwrap();
        let first: i64 = "2026-03-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
        let told = |one: &Option<Brought<String>>| {
            let one = one.as_ref()?;
            let people: BTreeSet<String> = one.people.iter().map(|who| who[..4].to_owned()).collect();
            Some((people.into_iter().collect(), (one.at.0 - first) / 86_400 + 1))
        };
        found[key].iter().map(told).collect()
    }

    fn by(who: &[&str], day: i64) -> Option<(Vec<String>, i64)> {
        Some((who.iter().map(|who| (*who).to_owned()).collect(), day))
    }

    #[test]
    fn every_line_has_its_own_writer_and_its_own_day() {
        let steps = [
            commit("dana", 2, "files: { aabb: \"one\\n\", other: x }"),
            commit("mira", 3, "committer: sam, files: { aabb: \"one\\ntwo\\n\" }"),
            commit("sam.", 4, "files: { aa/bb: \"two\\none\\n\" }, remove: [aabb]").replace("sam.", "sam"),
        ];
        assert_eq!(of(&steps, "aabb", &["one", "two", "none"]), [by(&["dana"], 2), by(&["mira", "sam@"], 3), None]);
    }

    #[test]
    fn what_was_taken_away_counts_from_when_it_came_again() {
        let steps = [
            commit("dana", 2, "files: { aabb: \"one\\n\" }"),
            commit("mira", 3, "files: { aabb: \"two\\n\" }"),
            commit("mira", 9, "files: { aabb: \"one\\n\" }"),
        ];
        assert_eq!(of(&steps, "aabb", &["one"]), [by(&["dana", "mira"], 9)]);
    }

    #[test]
    fn a_merge_brings_only_what_none_of_its_parents_has() {
        let steps = [
            commit("dana", 1, "files: { aabb: \"one\\n\" }"),
            "  - branch: { name: topic, from: main }\n".to_owned(),
            commit("mira", 2, "files: { aabb: \"one\\ntwo\\n\" }").replace("on: main", "on: topic"),
            commit("dana", 3, "files: { aabb: \"one\\nthree\\n\" }"),
            "  - merge: { into: main, from: [topic], by: sam, at: 2026-03-05T10:00:00Z, message: x, \
             files: { aabb: \"one\\nthree\\ntwo\\nfour\\n\" } }\n"
                .to_owned(),
        ];
        let found = of(&steps, "aabb", &["one", "two", "three", "four"]);
        assert_eq!(found, [by(&["dana"], 1), by(&["mira"], 2), by(&["dana"], 3), by(&["sam@"], 5)]);
    }
}
