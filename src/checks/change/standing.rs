//! Whether one approval counts for a control.

use jiff::civil::Date;

use super::signed::{self, Flaw};
use crate::facts::approval::found::Discount;
use crate::facts::approval::trail::Assurance;
use crate::facts::coverage::Covers;

/// When an approval was given, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lateness {
    /// `at 2026-03-12 10:01 +01:00`, or `on 2026-03-12`.
    pub given: String,
    /// How long that was after the change had landed: `25 h 01 min`; nothing where only the day is known.
    pub after: Option<String>,
}

/// Whether an approval counts, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Counts,
    /// It counts only if the approver is not an author under another address.
    Namesake,
    /// The approver is an author.
    Own,
    /// The control does not name the approver.
    NotAllowed,
    /// It is not trusted as much as the control asks, but only this much.
    Weak(Assurance),
    /// It is signed, but not so that it counts.
    Unproved(Box<Flaw>),
    /// It was given for something else than what landed: commits came after it.
    Stale,
    /// It was given for something else than what landed: its content was changed when it landed.
    Edited,
    /// What it was given for cannot be held against what landed.
    Unreplayed,
    /// It was given after an emergency had landed, by whoever deployed it.
    Deployer,
    /// It was given after an emergency had landed, and after the time that there is for it.
    TooLate(Lateness),
    /// It was given on this day after an emergency had landed, on which the time that there is for it ended.
    DayOnly(Date),
    /// It counts for no control.
    Discounted(Discount),
}

/// Whether an approval is that of a person who is no author.
pub(super) const fn is_other_person(standing: &Standing) -> bool {
    !matches!(standing, Standing::Own | Standing::Discounted(_))
}

/// Whether an approval would count if less was asked of it.
pub(super) const fn is_weak(standing: &Standing) -> bool {
    matches!(standing, Standing::Weak(_) | Standing::Unproved(_))
}

/// Whether an approval counts, or would if it could be told who signed it.
pub(super) fn may_count(standing: &Standing) -> bool {
    match standing {
        Standing::Counts | Standing::Namesake => true,
        Standing::Unproved(flaw) => flaw.is_untold(),
        _ => false,
    }
}

/// What an approval lacks of the assurance that is asked for. Signatures are looked at only where they are asked for.
pub(super) fn lacking(
    asked: Assurance,
    known: Assurance,
    signed: impl FnOnce() -> Option<signed::Answer>,
) -> Option<Standing> {
    match asked {
        Assurance::Claimed | Assurance::Witnessed => (known < asked).then_some(Standing::Weak(known)),
        Assurance::Signed => match signed() {
            Some(signed::Answer::Signed) => None,
            Some(signed::Answer::Flawed(flaw)) => Some(Standing::Unproved(Box::new(flaw))),
            Some(signed::Answer::Unsigned) | None => Some(Standing::Weak(known)),
        },
    }
}

/// Why an approval does not count that covers less than what landed.
pub(super) const fn uncovered(covers: &Covers) -> Option<Standing> {
    match covers {
        Covers::Unbound | Covers::All | Covers::Settled(_) => None,
        Covers::Less(shortfall) if shortfall.head.is_some() || shortfall.residual.is_none() => Some(Standing::Stale),
        Covers::Less(_) => Some(Standing::Edited),
        Covers::Unknown(_) => Some(Standing::Unreplayed),
    }
}

/// Whether the content decides of an approval of which a record only tells that it names another commit.
pub(super) const fn is_told_by_content(discount: &Discount, covers: Option<&Covers>) -> bool {
    matches!((discount, covers), (Discount::Stale(..), Some(Covers::All | Covers::Settled(_) | Covers::Less(_))))
}
