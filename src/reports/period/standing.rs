//! What came of a test, in a few words that every form of the report has.

use super::control::TestReport;
use crate::findings::finding::Verdict;

/// What came of a test. Several can hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Items with exceptions.
    Exceptions,
    /// Items that nothing shows either way.
    Unevidenced,
    /// Something could not be read.
    Untestable,
    /// No item in the period.
    Nothing,
    /// Nothing was found.
    Passed,
}

impl Standing {
    /// All that holds of a test, gravest first; never nothing.
    #[must_use]
    pub fn of(test: &TestReport) -> Vec<Self> {
        let entry = &test.entry;
        let unread = entry.untestable > 0 || test.rules.iter().any(|rule| rule.verdict == Verdict::Untestable);
        let holds = [
            (entry.exceptions > 0, Self::Exceptions),
            (unread, Self::Untestable),
            (entry.unevidenced > 0, Self::Unevidenced),
            (entry.population.size == 0 && !unread, Self::Nothing),
        ];
        let all: Vec<Self> = holds.into_iter().filter(|(holds, _)| *holds).map(|(_, standing)| standing).collect();
        if all.is_empty() { vec![Self::Passed] } else { all }
    }

    /// In a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Exceptions => "exceptions noted",
            Self::Unevidenced => "not all evidenced",
            Self::Untestable => "not all testable",
            Self::Nothing => "no occurrence",
            Self::Passed => "no exceptions noted",
        }
    }
}
