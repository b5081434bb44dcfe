//! What could not be read, in words, with the command that mends it.

use crate::sources::history::Failure;
use crate::sources::oid::Oid;
use crate::sources::repo::{Gaps, Unreadable};

/// Something that a test needed and that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What is missing, in one sentence.
    pub what: String,
    /// The command that mends it.
    pub mend: String,
}

/// The gaps of a history: where the clone says that it ends, and what it lacks without saying so.
#[must_use]
pub fn of_history(gaps: &Gaps, failures: &[Failure]) -> Vec<Gap> {
    let mut found = Vec::new();
    if let Some(first) = gaps.shallow.first() {
        found.push(Gap {
            what: format!(
                "this clone is shallow: it ends at {} ({}), and nothing before is here",
                count(gaps.shallow.len(), "commit"),
                first.short()
            ),
            mend: "git fetch --unshallow (in GitHub Actions: fetch-depth: 0)".to_owned(),
        });
    }
    if let Some(first) = gaps.grafts.first() {
        found.push(Gap {
            what: format!(
                "info/grafts gives {} other parents than the commit has ({}), so Git shows another history here than elsewhere",
                count(gaps.grafts.len(), "commit"),
                first.short()
            ),
            mend: "rm \"$(git rev-parse --git-path info/grafts)\"".to_owned(),
        });
    }
    // A shallow clone lacks the parents of the commits that it ends at; they are said already.
    let rest: Vec<&Failure> =
        failures.iter().filter(|failure| gaps.shallow.is_empty() || failure.why != Unreadable::Missing).collect();
    if let Some(first) = rest.first() {
        let what = format!("{} of the history cannot be read", count(rest.len(), "commit"));
        found.push(object(gaps, first.id, &first.why, &what));
    }
    found
}

/// The gap that one unreadable object leaves.
#[must_use]
pub fn object(gaps: &Gaps, id: Oid, why: &Unreadable, what: &str) -> Gap {
    match why {
        Unreadable::Missing => Gap {
            what: format!("{what}: object {id} is not in this clone"),
            mend: match &gaps.promisor {
                Some(remote) => format!("git fetch --refetch --no-filter {remote}"),
                None if gaps.shallow.is_empty() => "git fetch --refetch origin, or clone again".to_owned(),
                None => "git fetch --unshallow".to_owned(),
            },
        },
        Unreadable::Damaged(text) => Gap {
            what: format!("{what}: object {id} is damaged ({text})"),
            mend: "git fsck --full, then clone again".to_owned(),
        },
    }
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
