//! The changes of a period, each placed by what a control covers.

use rayon::prelude::*;

use super::releases::Releases;
use crate::checks::change::emergency::{Emergency, Marks};
use crate::checks::change::scope::{Misuse, Place, Scope};
use crate::engine::content::message;
use crate::error::Result;
use crate::facts::approval::trail::Change;
use crate::facts::calendar::Calendar;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;
use crate::sources::tree_diff;

/// A change of the period.
pub(super) struct Item<'g> {
    pub(super) change: &'g Change,
    /// What makes it an emergency, if it is one.
    pub(super) emergency: Option<Emergency<'g>>,
    pub(super) place: Place,
    pub(super) misuse: Option<Misuse>,
}

/// Changes with their places, in their order.
pub(super) fn placed<'g>(
    repo: &Repo,
    calendar: &Calendar,
    (all, changes): (&[Change], Vec<&'g Change>),
    scope: &Scope<'g>,
) -> Result<Vec<Item<'g>>> {
    let marks = scope.emergencies();
    let all_messages = marks.is_some_and(Marks::needs_messages);
    let reads = scope.needs_files() || scope.needs_messages() || all_messages;
    let repos = reads.then(|| Repos::open(repo)).transpose()?;
    let releases = marks.filter(|marks| marks.needs_releases());
    let releases = releases.map(|marks| Releases::read(repo, marks, all, calendar));
    let place = |change: &'g Change| {
        // What changes nothing, as a commit that only approves another, has nothing to approve.
        if change.trees.1 == Some(change.trees.0) {
            let place = Place::Excluded("changes no file".to_owned());
            return Item { change, emergency: None, place, misuse: None };
        }
        let messages = match &repos {
            Some(repos) if all_messages => of_all(&repos.mine(), change),
            Some(repos) if scope.needs_messages() => vec![(change.commit, message(&repos.mine(), change.commit))],
            _ => Vec::new(),
        };
        let next = releases.as_ref().and_then(|releases| releases.after(change));
        let emergency = marks.and_then(|marks| marks.of(change, &messages, next, calendar));
        let (place, misuse) = match &repos {
            Some(repos) if scope.needs_files() => {
                let (tree, base) = change.trees;
                match tree_diff::touched(&repos.mine(), base, tree) {
                    Ok(files) => {
                        let place = scope.place(change, &files);
                        let covered = place == Place::Covered;
                        (place, if covered { scope.misuse(change, &files, &messages) } else { None })
                    }
                    // A change whose files cannot be read stays in the population; it must not be left out by a guess.
                    Err(_) => (Place::Covered, None),
                }
            }
            _ => (scope.place(change, &[]), None),
        };
        Item { change, emergency, place, misuse }
    };
    Ok(changes.into_par_iter().map(place).collect())
}

/// The messages of everything that a change lands, that of its landing commit first.
pub(super) fn of_all(repo: &Repo, change: &Change) -> Vec<(Oid, String)> {
    let commits = std::iter::once(change.commit).chain(change.brought.iter().copied());
    commits.map(|id| (id, message(repo, id))).collect()
}
