//! Whether a finding counts against a run, or why it does not.

use std::sync::Arc;

use crate::facts::calendar::Day;

/// Whether a finding counts against a run. Whatever it is, the finding stays in the report and in k of n.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    #[default]
    Open,
    /// It stands in the baseline.
    Known,
    /// Somebody accepted it for a time.
    Suppressed(Arc<Accepted>),
}

/// For what reason, and how long, somebody accepted what is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Day,
    /// Who approved it, as the configuration names the person.
    pub approved_by: Option<String>,
}

impl Standing {
    /// Whether it counts against the run.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    /// What reports say of it in one or a few words; nothing of what counts. Clean.
    #[must_use]
    pub fn word(&self) -> Option<String> {
        match self {
            Self::Open => None,
            Self::Known => Some("known".to_owned()),
            Self::Suppressed(accepted) => Some(format!("suppressed until {}", accepted.until)),
        }
    }
}
