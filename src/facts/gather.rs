//! Gathers what was asked for, and nothing else.

use super::approval::beside;
use super::approval::matcher::Matcher;
use super::approval::reader::trails;
use super::approval::trail::Trail;
use super::forge::binding::Recorded;
use super::gap;
use super::landing::History;
use super::mailmaps::Mailmaps;
use crate::error::{Error, Kind, Result};
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;

/// Which part of a branch is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The branch or revision, as people name it.
    pub branch: String,
    /// The newest commit.
    pub tip: Oid,
    /// What this commit already has is left out; `None` for the whole history.
    pub base: Option<Oid>,
    /// Whether only the newest change is asked for.
    pub only_tip: bool,
}

/// A history with the trails of the range asked for.
pub struct Gathered {
    /// All commits that can be reached.
    pub history: History,
    /// The trails.
    pub trail: Trail,
}

/// Reads the history of a range and the trail of every change in it, of which the register of changes tells as well.
/// `progress` is told how many more commits have been read.
///
/// # Errors
/// The newest commit itself cannot be read.
pub fn trail(
    repo: &Repo,
    matcher: &Matcher,
    (range, recorded): (&Range, &Recorded),
    progress: impl Fn(usize) + Sync,
) -> Result<Gathered> {
    let repos = Repos::open(repo)?;
    let tips: Vec<Oid> = std::iter::once(range.tip).chain(range.base).collect();
    let history = History::read(&repos, &tips, matcher, progress);
    let clone = repo.gaps();
    let mut gaps = gap::of_history(&clone, &history.failures);
    if history.find(range.tip).is_none() {
        let first = gaps.into_iter().next();
        let what =
            first.as_ref().map_or_else(|| format!("commit {} cannot be read", range.tip), |gap| gap.what.clone());
        return Err(
            Error::new(Kind::Unreadable, what).hint(first.map_or_else(|| "git fsck --full".to_owned(), |gap| gap.mend))
        );
    }
    let mut landings = history.landings(range.tip, range.base);
    if range.only_tip {
        landings.truncate(1);
    }
    let beside =
        beside::read((repo, &repos), &history, &landings, matcher, (&range.branch, recorded), (&clone, &mut gaps));
    let mailmaps = Mailmaps::new(&repos);
    let trail = trails(&history, &landings, matcher, &beside, (&mailmaps, range.tip), (&clone, gaps));
    Ok(Gathered { history, trail })
}
