//! Approvals that later commits give to earlier ones, which they name.

use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use super::found::{DialectId, Discount, Found, GivenFor, Role};
use super::matcher::Matcher;
use crate::facts::calendar::When;
use crate::facts::landing::{History, Landing};
use crate::facts::moment::Moment;
use crate::sources::oid::Oid;

/// Approvals by the commits that they are given to.
#[derive(Debug, Default)]
pub(super) struct Later {
    by_commit: FxHashMap<Oid, Vec<(u32, Found)>>,
}

impl Later {
    /// Reads them out of a history. An approval counts from when its commit came onto the branch.
    pub(super) fn of(
        history: &History,
        landings: &[Landing],
        matcher: &Matcher,
        applies: impl Fn(DialectId) -> bool,
    ) -> Self {
        let says = |found: &&Found| found.role == Role::Later && applies(found.dialect);
        let all = (0_u32..).zip(&history.commits);
        let named: Vec<(u32, &Found)> =
            all.flat_map(|(at, commit)| commit.found.iter().filter(says).map(move |found| (at, found))).collect();
        if named.is_empty() {
            return Self::default();
        }
        let mut ids: Vec<Oid> = history.commits.iter().map(|commit| commit.id).collect();
        ids.sort_unstable();
        let mut arrived: FxHashMap<u32, Moment> = FxHashMap::default();
        for landing in landings {
            let at = history.get(landing.tip).committed;
            arrived.extend(landing.landed.iter().map(|commit| (*commit, at)));
        }
        let mut by_commit: FxHashMap<Oid, Vec<(u32, Found)>> = FxHashMap::default();
        for (at, found) in named {
            let Some(GivenFor::Named(name)) = &found.given_for else { continue };
            let Some(id) = only(&ids, &name.to_ascii_lowercase()) else { continue };
            let commit = history.get(at);
            let person = history.people.get(commit.author).clone();
            let discount = matcher.discount(found.dialect, &person);
            let came = arrived.get(&at).copied().unwrap_or(commit.committed);
            let given = Found { person: Some(person), at: Some(came), discount, role: Role::Approval, ..found.clone() };
            by_commit.entry(id).or_default().push((at, given));
        }
        Self { by_commit }
    }

    /// What was given to a commit of a change that landed at `landed`: the later commit, and the approval. What came after
    /// the change had landed says so.
    pub(super) fn given(&self, commit: Oid, landed: Moment) -> impl Iterator<Item = (u32, Found)> + '_ {
        self.by_commit.get(&commit).into_iter().flatten().map(move |(at, found)| {
            let came = found.at.filter(|came| came.seconds > landed.seconds);
            let late = came.map(|came| Discount::Late(When::instant(came.timestamp(), &TimeZone::UTC)));
            (*at, Found { discount: found.discount.clone().or(late), ..found.clone() })
        })
    }
}

/// The only commit whose name begins so.
fn only(ids: &[Oid], start: &str) -> Option<Oid> {
    let from = ids.partition_point(|id| id.to_string().as_str() < start);
    let mut fitting = ids[from..].iter().take_while(|id| id.to_string().starts_with(start));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(*first)
}
