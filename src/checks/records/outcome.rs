//! What became of a rule that was asked of an item.

use crate::facts::calendar::When;
use crate::facts::register::value::Value;
use crate::policies::expression::Undecided;

/// What became of a rule.
pub(super) enum Outcome {
    /// It is not asked of this item.
    NotAsked,
    /// It holds. If it must go on holding, until when it does.
    Holds(Option<When>),
    /// It is not due yet.
    Pending(When),
    /// It does not hold. What the check adds to the words of the rule.
    Fails(Vec<Value>),
    /// It cannot be told.
    Undecided(Undecided),
}

impl Outcome {
    /// When something is to be done next.
    pub(super) const fn due(&self) -> Option<When> {
        match self {
            Self::Holds(due) => *due,
            Self::Pending(due) => Some(*due),
            _ => None,
        }
    }
}
