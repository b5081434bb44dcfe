//! What controls are judged with.

use super::range::Landing;
use crate::config::Configured;
use crate::facts::calendar::Calendar;
use crate::facts::document::written::Written;
use crate::facts::register::store::Registers;
use crate::policies::pack::Pack;
use crate::sources::repo::Repo;

/// What a run judges with.
pub(super) struct Judging<'a> {
    /// The repository.
    pub(super) repo: &'a Repo,
    /// Its configuration.
    pub(super) configured: &'a Configured,
    /// The tests.
    pub(super) pack: &'a Pack,
    /// Period and as-of.
    pub(super) calendar: &'a Calendar,
    /// The registers of today.
    pub(super) registers: &'a Registers,
    /// The written documents of today.
    pub(super) written: &'a [Written],
    /// The changes that are judged; all of the period if there is nothing here.
    pub(super) range: Option<&'a Landing>,
    /// Told how many more commits have been read.
    pub(super) progress: &'a (dyn Fn(usize) + Sync),
}
