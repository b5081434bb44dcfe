//! Asks that approvals which are signed are signed by their approvers, where a control asks for signed approvals.

use super::signed::Flaw;
use super::standing::Standing;
use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;
use crate::facts::approval::trail::Approval;
use crate::findings::finding::{Label, Place};
use crate::sources::signatures::{Refusal, Signer};
use crate::text::short;

/// That the signature fits what it is on.
pub(super) fn verifies(tally: &Tally<'_>) -> Option<Exhibit> {
    exception(tally, |flaw| matches!(flaw, Flaw::Refused(Refusal::Broken(_))))
}

/// That the files of signers know the key.
pub(super) fn signer_known(tally: &Tally<'_>) -> Option<Exhibit> {
    exception(tally, |flaw| matches!(flaw, Flaw::Refused(Refusal::Unknown(..))))
}

/// That the key was valid when it signed.
pub(super) fn key_in_time(tally: &Tally<'_>) -> Option<Exhibit> {
    exception(tally, |flaw| matches!(flaw, Flaw::Refused(Refusal::OutOfTime(..))))
}

/// That the key was not revoked.
pub(super) fn key_not_revoked(tally: &Tally<'_>) -> Option<Exhibit> {
    exception(tally, |flaw| matches!(flaw, Flaw::Refused(Refusal::Revoked(..))))
}

/// That the key is the approver's, and nobody else's.
pub(super) fn signed_by_approver(tally: &Tally<'_>) -> Option<Exhibit> {
    exception(tally, |flaw| matches!(flaw, Flaw::NotBy(_) | Flaw::Shared(..)))
}

/// That it can be told who signed.
pub(super) fn signatures_readable(tally: &Tally<'_>) -> Option<Exhibit> {
    (tally.outcome == Outcome::Unverified).then(|| exhibit(tally, Flaw::is_untold)).flatten()
}

fn exception(tally: &Tally<'_>, wanted: impl Fn(&Flaw) -> bool) -> Option<Exhibit> {
    let fails = matches!(tally.outcome, Outcome::Weak | Outcome::TooFew);
    fails.then(|| exhibit(tally, wanted)).flatten()
}

fn exhibit(tally: &Tally<'_>, wanted: impl Fn(&Flaw) -> bool) -> Option<Exhibit> {
    let wanted = |standing: &Standing| matches!(standing, Standing::Unproved(flaw) if wanted(flaw));
    let found = tally.approvals.iter().filter(|(_, standing)| wanted(standing));
    let mut flaws: Vec<(&Approval, &Flaw)> = Vec::new();
    for (approval, standing) in found {
        if let Standing::Unproved(flaw) = standing
            && !flaws.iter().any(|(_, known)| known.place().is_some() && known.place() == flaw.place())
        {
            flaws.push((approval, flaw));
        }
    }
    let (_, first) = flaws.first()?;
    let commit = tally.change.commit.short();
    let words =
        vec![("names", tally.names(wanted)), ("why", why(first)), ("signer", signer(first)), ("commit", commit)];
    let labels = flaws.iter().filter_map(|(_, flaw)| label(flaw)).collect();
    let parameter = Some(("assurance", "asks for approvals that are signed".to_owned()));
    Some(Exhibit { words, parameter, labels, ..Exhibit::default() })
}

/// The line of a file of keys that shows a flaw.
fn label(flaw: &Flaw) -> Option<Label> {
    let place = flaw.place()?;
    let text = match flaw {
        Flaw::Refused(Refusal::Revoked(_, Some(_))) => "this revokes the key".to_owned(),
        Flaw::Refused(Refusal::OutOfTime(_, why)) => why.clone(),
        Flaw::Refused(Refusal::Unknown(..)) => "this gives the key for another use".to_owned(),
        Flaw::Refused(Refusal::Untold(..)) => "this line cannot be read".to_owned(),
        _ => "the key that signed stands here".to_owned(),
    };
    Some(Label { place: Place::Text(place.source.clone(), place.span), text, primary: false })
}

/// Why an approval does not count, in a sentence without its end.
pub(super) fn why(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Refused(Refusal::Broken(why) | Refusal::Unknown(why, _) | Refusal::Untold(why, _)) => why.clone(),
        Flaw::Refused(Refusal::OutOfTime(signer, why)) => format!("signed with {}: {why}", short(&signer.key)),
        Flaw::Refused(Refusal::Revoked(signer, _)) => format!("signed with {}, which is revoked", short(&signer.key)),
        Flaw::NotBy(_) => format!("signed with a key of {}", signer(flaw)),
        Flaw::Shared(_, other) => format!("signed with a key that is also given to {}", short(other)),
    }
}

/// Whose key it is.
fn signer(flaw: &Flaw) -> String {
    let names = |signer: &Signer| match (signer.names.first(), signer.patterns.first()) {
        (Some(name), _) => short(name),
        (None, Some(pattern)) => format!("nobody in particular ({})", short(pattern)),
        (None, None) => "nobody".to_owned(),
    };
    match flaw {
        Flaw::Refused(Refusal::OutOfTime(signer, _) | Refusal::Revoked(signer, _)) => names(signer),
        Flaw::NotBy(signer) => names(signer),
        Flaw::Shared(signer, other) => format!("{} or {}", names(signer), short(other)),
        Flaw::Refused(_) => "nobody".to_owned(),
    }
}
