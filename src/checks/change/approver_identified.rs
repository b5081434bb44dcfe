//! Asks that no approval rests on two addresses that look like one person.

use super::standing::Standing;
use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    if tally.outcome != Outcome::Unresolved {
        return None;
    }
    let mut doubtful = tally.approvals.iter().filter(|(_, standing)| *standing == Standing::Namesake);
    let (approval, _) = doubtful.next().or_else(|| tally.approvals.first())?;
    let name = approval.by.name.as_deref();
    let author = tally.change.authors.iter().find(|author| author.name.as_deref() == name);
    let help = author.map(|author| {
        format!(
            "if they are one person, say so in .mailmap: {} <{}>; if not, give each an entry in registers/people.yaml",
            author.signature(),
            approval.by.email.as_deref().unwrap_or_default()
        )
    });
    let names = tally.names(|standing| *standing == Standing::Namesake);
    Some(Exhibit { words: vec![("names", names)], help, ..Exhibit::default() })
}
