//! Asks that of each owner of what a change touches it can be told whether they approved it.

use super::owners::{Answer, files, named};
use super::tally::Tally;
use crate::checks::compose::Exhibit;
use crate::facts::code_owners::Ownership;
use crate::findings::finding::{Label, Place};

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let parameter = Some(("code_owners", "an owner of each file approves".to_owned()));
    if matches!(tally.ownership, Some(Ownership::NoFile)) {
        let reason = "no CODEOWNERS stood on the branch before it".to_owned();
        let remedy =
            "Say under since from which day the control was in force, or take code_owners out of it".to_owned();
        return Some(Exhibit { words: vec![("reason", reason), ("remedy", remedy)], parameter, ..Exhibit::default() });
    }
    // What is missing for certain is the better thing to say.
    if tally.owners.iter().any(|(_, answer)| matches!(answer, Answer::Missing { .. })) {
        return None;
    }
    let (demand, reason, remedy) = tally.owners.iter().find_map(|(demand, answer)| match answer {
        Answer::Unknown(reason, remedy) => Some((demand, reason, remedy)),
        _ => None,
    })?;
    let text = format!("{}: owned by {}", files(demand), named(demand));
    let labels = vec![Label { place: Place::Text(demand.source.clone(), demand.place), text, primary: false }];
    let words = vec![("reason", reason.clone()), ("remedy", remedy.clone())];
    Some(Exhibit { words, parameter, labels, ..Exhibit::default() })
}
