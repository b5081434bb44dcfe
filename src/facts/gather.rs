//! Gathers what was asked for, and nothing else.

use rustc_hash::FxHashSet;

use super::approval::beside;
use super::approval::matcher::Matcher;
use super::approval::reader::trails;
use super::approval::trail::Trail;
use super::forge::binding::Recorded;
use super::gap;
use super::landing::{History, Landing};
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
    /// Of these commits, those that the newest one contains end the range as well: what they have was deployed.
    pub deployed: FxHashSet<Oid>,
    /// Where nothing ends the range, only what landed from this instant on, in seconds since 1970, is asked for.
    pub from: Option<i64>,
}

impl Range {
    /// The whole history of a branch.
    #[must_use]
    pub fn whole(branch: impl Into<String>, tip: Oid) -> Self {
        let branch = branch.into();
        Self { branch, tip, base: None, only_tip: false, deployed: FxHashSet::default(), from: None }
    }
}

/// A history with the trails of the range asked for.
pub struct Gathered {
    /// All commits that can be reached.
    pub history: History,
    /// The trails.
    pub trail: Trail,
    /// The deployed commits in which the range ends, newest first.
    pub since: Vec<Oid>,
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
    // One change is what it has and its first parent has not.
    let base = range.base.or_else(|| repo.first_parent(range.tip).filter(|_| range.only_tip));
    let (history, since) = if base.is_none() && range.deployed.is_empty() {
        (History::read(&repos, &[range.tip], matcher, progress), Vec::new())
    } else {
        let bases: Vec<Oid> = base.into_iter().collect();
        // A record may be of any change, and may have been brought by any.
        let whole = !recorded.is_empty();
        History::read_between(repo, (range.tip, &bases, &range.deployed), (matcher, whole), progress)
    };
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
    let bases: Vec<Oid> = base.iter().chain(&since).copied().collect();
    let mut landings = history.landings(range.tip, &bases);
    if range.only_tip {
        landings.truncate(1);
    }
    if let Some(from) = range.from.filter(|_| bases.is_empty()) {
        // Clocks may be wrong: nothing is left out that lies above something of the time.
        let in_time = |landing: &Landing| history.get(landing.tip).committed.seconds >= from;
        landings.truncate(landings.iter().rposition(in_time).map_or(0, |last| last + 1));
    }
    let beside =
        beside::read((repo, &repos), &history, &landings, matcher, (&range.branch, recorded), (&clone, &mut gaps));
    let mailmaps = Mailmaps::new(&repos);
    let trail = trails(&history, &landings, matcher, &beside, (&mailmaps, range.tip), (&clone, gaps));
    Ok(Gathered { history, trail, since })
}

/// The trails of some changes of a history that are not on the branch that it was read for, and what could not be read
/// for them.
///
/// # Errors
/// The repository cannot be opened again.
pub fn more(
    repo: &Repo,
    history: &History,
    landings: &[Landing],
    matcher: &Matcher,
    (branch, tip, recorded): (&str, Oid, &Recorded),
) -> Result<Trail> {
    let repos = Repos::open(repo)?;
    let clone = repo.gaps();
    let mut gaps = gap::of_history(&clone, &history.failures);
    let beside = beside::read((repo, &repos), history, landings, matcher, (branch, recorded), (&clone, &mut gaps));
    let mailmaps = Mailmaps::new(&repos);
    Ok(trails(history, landings, matcher, &beside, (&mailmaps, tip), (&clone, gaps)))
}
