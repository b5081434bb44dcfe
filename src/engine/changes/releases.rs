//! The releases of a branch: before which of them an emergency has to be approved.

use rustc_hash::FxHashMap;

use crate::checks::change::emergency::Marks;
use crate::engine::content::committed;
use crate::facts::approval::trail::Change;
use crate::facts::calendar::{Calendar, When};
use crate::facts::moment::Moment;
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;
use crate::sources::tags::tags;

/// The releases on a branch, the oldest first, each with the position of the change at which it was made.
pub(super) struct Releases {
    made: Vec<(usize, String, When)>,
    positions: FxHashMap<Oid, usize>,
}

impl Releases {
    /// Reads them. `changes` are those of the branch, newest first. A tag beside the branch is none of its releases, and one
    /// that was made after the as-of instant is not there yet. A tag without a date was made when its commit was.
    pub(super) fn read(repo: &Repo, marks: &Marks<'_>, changes: &[Change], calendar: &Calendar) -> Self {
        let mut positions = FxHashMap::default();
        for (at, change) in changes.iter().rev().enumerate() {
            positions.insert(change.commit, at);
        }
        let mut made: Vec<(usize, String, When)> = Vec::new();
        for tag in tags(repo, |name| marks.is_release(name)).0 {
            let Some(at) = positions.get(&tag.commit) else { continue };
            let said = tag.said.and_then(|said| said.by).map(|(_, _, seconds, offset)| Moment { seconds, offset });
            let Some(moment) = said.or_else(|| committed(repo, tag.commit)) else { continue };
            let when = When::instant(moment.timestamp(), &calendar.zone);
            if when.at <= calendar.as_of {
                made.push((*at, tag.name, when));
            }
        }
        made.sort_by_key(|one| (one.0, one.2.at));
        // Several tags on one commit are one release.
        made.dedup_by_key(|release| release.0);
        Self { made, positions }
    }

    /// The release after the one that carried a change first, if it has been made.
    pub(super) fn after(&self, change: &Change) -> Option<(&str, When)> {
        let at = *self.positions.get(&change.commit)?;
        let first = self.made.partition_point(|(position, ..)| *position < at);
        self.made.get(first + 1).map(|(_, name, when)| (name.as_str(), *when))
    }
}
