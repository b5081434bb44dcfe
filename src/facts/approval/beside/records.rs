//! Who wrote the records beside the commits.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::person::Person;
use crate::sources::commit::Signature;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::writers::{key, writers};
use crate::text::decode_keeping_offsets;

/// The files of one reference that hold approvals, by the commits that these are for.
#[derive(Default)]
pub(super) struct Records {
    keys: FxHashMap<Oid, Vec<String>>,
    /// Commits whose approvals rest on more than these files.
    unknown: FxHashSet<Oid>,
    writers: FxHashMap<Oid, Arc<[Person]>>,
}

impl Records {
    /// Keeps the path of a file that approves a commit.
    pub(super) fn add(&mut self, commit: Oid, path: &str) {
        let (keys, key) = (self.keys.entry(commit).or_default(), key(path));
        // A file that approves one commit in several lines is read line after line.
        if keys.last() != Some(&key) {
            keys.push(key);
        }
    }

    /// Keeps that something else leads to what approves a commit, so that its writers do not tell enough.
    pub(super) fn add_unknown(&mut self, commit: Oid) {
        self.unknown.insert(commit);
    }

    /// Finds out who wrote the files that are for these commits; the history that ends in `tip` tells.
    pub(super) fn find_writers(&mut self, repos: &Repos, tip: Oid, commits: &FxHashSet<Oid>) {
        self.keys.retain(|commit, _| commits.contains(commit) && !self.unknown.contains(commit));
        let wanted: BTreeSet<String> = self.keys.values().flatten().cloned().collect();
        if wanted.is_empty() {
            return;
        }
        let Some(found) = writers(repos, tip, &wanted, person) else { return };
        // Most records have the same few writers, such as the forge, so each such group is kept once.
        let mut groups: FxHashMap<Vec<u32>, Arc<[Person]>> = FxHashMap::default();
        for (commit, keys) in &self.keys {
            let Some(each) = keys.iter().map(|key| found.of(key)).collect::<Option<Vec<_>>>() else { continue };
            let mut group = each.concat();
            group.sort_unstable();
            group.dedup();
            let group = groups.entry(group).or_insert_with_key(|group| {
                let mut people: Vec<Person> = group.iter().map(|at| found.people[*at as usize].clone()).collect();
                people.sort_unstable_by_key(Person::signature);
                people.into()
            });
            self.writers.insert(*commit, Arc::clone(group));
        }
    }

    /// The keys of the files that approve a commit; `None` where more than these leads to it.
    pub(super) fn files(&self, commit: Oid) -> Option<Arc<[String]>> {
        let keys = self.keys.get(&commit).filter(|_| !self.unknown.contains(&commit))?;
        Some(keys.as_slice().into())
    }

    /// Everybody who wrote what approves a commit, by name; `None` where that is not known.
    pub(super) fn writers(&self, commit: Oid) -> Option<&Arc<[Person]>> {
        self.writers.get(&commit)
    }
}

/// The person whom a signature names. Where nobody set an address, Git makes one up of the account and the machine, and
/// some tools write the account alone: then only the login is known.
pub(super) fn person(signature: &Signature<'_>) -> Option<Person> {
    let (name, email) = (decode_keeping_offsets(signature.name), decode_keeping_offsets(signature.email));
    let person = Person::new(&name, &email);
    if name.is_empty() && email.is_empty() {
        None
    } else if !email.is_empty() && (!email.contains('@') || email.ends_with(".(none)")) {
        Some(Person { email: None, login: Some(Person::login_of_email(&email).into()), ..person })
    } else {
        Some(person)
    }
}
