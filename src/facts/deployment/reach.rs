//! What a deployment brought: the commits that it has and that no deployment before it had.

use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::facts::landing::History;

/// What a commit has beyond the deployments that it contains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The nearest deployed commits that it contains, newest first; none if nothing that it contains was deployed.
    pub since: Vec<u32>,
    /// The commits that none of these has, itself first; each stands before its parents.
    pub commits: Vec<u32>,
}

/// A rank for each commit of a history: higher than those of its parents.
#[must_use]
pub fn ranks(history: &History) -> Vec<u32> {
    let parents = |at: u32| history.get(at).parents.iter().filter_map(|parent| history.find(*parent));
    let mut ranks = vec![0_u32; history.commits.len()];
    let mut entered = vec![false; ranks.len()];
    let mut last = 0;
    for start in 0..ranks.len() as u32 {
        let mut stack = vec![start];
        while let Some(&at) = stack.last() {
            if !std::mem::replace(&mut entered[at as usize], true) {
                stack.extend(parents(at).filter(|parent| !entered[*parent as usize]));
                continue;
            }
            stack.pop();
            if ranks[at as usize] == 0 {
                last += 1;
                ranks[at as usize] = last;
            }
        }
    }
    ranks
}

/// What the commit `from` has and no deployed commit that it contains.
#[must_use]
pub fn reach(history: &History, ranks: &[u32], from: u32, deployed: impl Fn(u32) -> bool) -> Reach {
    let mut found = Reach::default();
    let mut shared: FxHashMap<u32, bool> = FxHashMap::default();
    let mut queue = BinaryHeap::from([(ranks[from as usize], from)]);
    shared.insert(from, false);
    let mut open = 1_usize;
    while let Some((_, at)) = queue.pop().filter(|_| open > 0) {
        let mut of_base = shared.get(&at).copied().unwrap_or_default();
        if !of_base {
            open -= 1;
            if at != from && deployed(at) {
                found.since.push(at);
                of_base = true;
            } else {
                found.commits.push(at);
            }
        }
        // A commit leaves the queue only after everything that leads to it has.
        for parent in history.get(at).parents.iter().filter_map(|parent| history.find(*parent)) {
            match shared.get_mut(&parent) {
                Some(known) => {
                    if of_base && !std::mem::replace(known, true) {
                        open -= 1;
                    }
                }
                None => {
                    shared.insert(parent, of_base);
                    open += usize::from(!of_base);
                    queue.push((ranks[parent as usize], parent));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::facts::approval::matcher::Matcher;
    use crate::facts::approval::robots::Robots;
    use crate::sources::history::Repos;
    use crate::sources::repo::Repo;
    use crate::sources::script;
    use crate::text::SourceText;

    /// Main `a b c d f`; a topic from `a` with `t`, merged as `d`; a line `h1 h2` from `b`.
    const STEPS: &str = "people: { dana: Dana <dana@acme.example> }\nsteps:\n\
        - commit: { on: main, by: dana, at: 2026-03-01T10:00:00Z, message: a, name: a, files: { a: x } }\n\
        - branch: { name: topic, from: a }\n\
        - commit: { on: main, by: dana, at: 2026-03-02T10:00:00Z, message: b, name: b, files: { b: x } }\n\
        - branch: { name: line, from: b }\n\
        - commit: { on: main, by: dana, at: 2026-03-03T10:00:00Z, message: c, name: c, files: { c: x } }\n\
        - commit: { on: topic, by: dana, at: 2026-03-03T11:00:00Z, message: t, name: t, files: { t: x } }\n\
        - merge: { into: main, from: [topic], by: dana, at: 2026-03-04T10:00:00Z, message: d, name: d }\n\
        - commit: { on: line, by: dana, at: 2026-03-05T10:00:00Z, message: h1, name: h1, files: { h: x } }\n\
        - commit: { on: line, by: dana, at: 2026-03-05T11:00:00Z, message: h2, name: h2, files: { h: y } }\n\
        - commit: { on: main, by: dana, at: 2026-03-06T10:00:00Z, message: f, name: f, files: { f: x } }\n";

    fn of(from: &str, deployed: &[&str]) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let script = script::parse(&SourceText::new("history.yaml", STEPS)).unwrap();
        let written = script::write(&script, folder.path(), true).unwrap();
        let repo = Repo::open(folder.path()).unwrap();
        let matcher = Matcher::new(Vec::new(), Robots::default()).unwrap();
        let tips = [written.names["f"], written.names["h2"]];
        let history = History::read(&Repos::open(&repo).unwrap(), &tips, &matcher, |_| {});
        let ranks = ranks(&history);
        let at = |name: &str| history.find(written.names[name]).unwrap();
        let deployed: Vec<u32> = deployed.iter().map(|name| at(name)).collect();
        let found = reach(&history, &ranks, at(from), |commit| deployed.contains(&commit));
        let names = |all: &[u32]| {
            let mut names: Vec<&str> = all.iter().map(|at| &*history.get(*at).subject).collect();
            names.sort_unstable();
            names.join(" ")
        };
        (names(&found.since), names(&found.commits))
    }

    #[test]
    fn a_deployment_is_measured_from_the_nearest_one_that_it_contains() {
        let is = |from: &str, deployed: &[&str], since: &str, commits: &str| {
            assert_eq!(of(from, deployed), (since.to_owned(), commits.to_owned()), "{from} after {deployed:?}");
        };
        is("f", &["b"], "b", "c d f t");
        is("f", &["b", "c"], "c", "d f t");
        is("f", &["b", "h1", "h2"], "b", "c d f t");
        is("h2", &["c", "f", "b"], "b", "h1 h2");
        is("h2", &["f", "a"], "a", "b h1 h2");
        is("f", &["t", "c"], "c t", "d f");
        is("f", &[], "", "a b c d f t");
        is("f", &["f"], "", "a b c d f t");
    }
}
