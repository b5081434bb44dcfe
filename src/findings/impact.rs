//! What followed from a finding, as far as the repository shows it.

use crate::facts::calendar::Day;

/// Something that followed from what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// In a sentence without its end, in plain words: `deployed without an approval in v1.2`.
    pub text: String,
    /// The first day of it, where it has one.
    pub from: Option<Day>,
    /// The last day of it; nothing where it goes on.
    pub to: Option<Day>,
}
