//! The content of changes: what of it is covered by approvals, and what was carried over from an approved change.

use rustc_hash::FxHashMap;

use crate::checks::change::approvers::{Carry, Parameters};
use crate::error::Result;
use crate::facts::approval::trail::Change;
use crate::facts::coverage::carried::{self, Carried};
use crate::facts::coverage::{self, Coverage, Replayer};
use crate::facts::moment::Moment;
use crate::sources::commit::RawCommit;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::repo::{Gaps, ObjectKind, Repo};
use crate::text::decode_keeping_offsets;

/// What is known of content, as far as a control asks.
pub(super) struct Content<'a> {
    repos: Repos,
    clone: Gaps,
    asked: &'a Parameters,
    /// Changes of all branches of the control, by each commit that they brought.
    changes: FxHashMap<Oid, &'a Change>,
}

impl<'a> Content<'a> {
    /// Gets ready to look at the content of changes; `None` if the control does not ask for it. `changes` are those of all
    /// branches of the control.
    pub(super) fn asked(
        repo: &Repo,
        asked: &'a Parameters,
        changes: impl Iterator<Item = &'a Change>,
    ) -> Result<Option<Self>> {
        let carries = [asked.reverts, asked.backports].contains(&Carry::Covered);
        if !asked.content_covered && !carries {
            return Ok(None);
        }
        let mut by_commit = FxHashMap::default();
        for change in changes.filter(|_| carries) {
            for id in std::iter::once(&change.commit).chain(&change.brought) {
                by_commit.entry(*id).or_insert(change);
            }
        }
        Ok(Some(Self { repos: Repos::open(repo)?, clone: repo.gaps(), asked, changes: by_commit }))
    }

    /// What replays merges.
    pub(super) const fn replayer(&self) -> Replayer<'_> {
        Replayer::new(&self.repos)
    }

    /// What of the content of some changes is covered, in their order; nothing if the control does not ask.
    pub(super) fn coverage(&self, replayer: &Replayer<'_>, changes: &[&Change]) -> Vec<Coverage> {
        if self.asked.content_covered { coverage::of_changes(replayer, &self.clone, changes) } else { Vec::new() }
    }

    /// Why a change needs no approval of its own: it carries over nothing but what was approved. `approved` says whether
    /// another change was. What cannot be read is carried over from nowhere.
    pub(super) fn carried(
        &self,
        replayer: &Replayer<'_>,
        change: &Change,
        approved: impl FnOnce(&'a Change) -> bool,
    ) -> Option<&'static str> {
        let carried = carried::named(replayer, change).ok()??;
        let (asked, why) = match carried {
            Carried::Revert(_) => (self.asked.reverts, "takes back an approved change, and does nothing else"),
            Carried::Pick(_) => (self.asked.backports, "is an approved change, picked as it is"),
        };
        let of =
            self.changes.get(&carried.commit()).filter(|of| asked == Carry::Covered && of.commit != change.commit)?;
        (approved(of) && carried::is_pure(replayer, change, carried).ok()?).then_some(why)
    }
}

/// When a commit was made, by its committer's clock; `None` where it cannot be read.
pub(super) fn committed(repo: &Repo, id: Oid) -> Option<Moment> {
    let read = |bytes: &[u8]| {
        let raw = RawCommit::parse(bytes)?;
        Some(Moment { seconds: raw.committer.seconds, offset: raw.committer.offset })
    };
    repo.read(id, ObjectKind::Commit, read).ok().flatten()
}

/// The message of a commit; empty where it cannot be read, which other rules tell.
pub(super) fn message(repo: &Repo, id: Oid) -> String {
    let read = |bytes: &[u8]| RawCommit::parse(bytes).map(|raw| decode_keeping_offsets(raw.message));
    repo.read(id, ObjectKind::Commit, read).ok().flatten().unwrap_or_default()
}
