//! Asks that each file which has an owner was approved by one of its owners.

use super::owners::{Answer, files, named};
use super::tally::Tally;
use crate::checks::compose::Exhibit;
use crate::findings::finding::{Label, Place};

/// Lines of the file that one finding shows.
const MOST: usize = 3;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let missing: Vec<_> = tally
        .owners
        .iter()
        .filter_map(|(demand, answer)| match answer {
            Answer::Missing { found, own } => Some((*demand, *found, *own)),
            _ => None,
        })
        .collect();
    let &(first, found, own) = missing.first()?;
    let labels = missing.iter().take(MOST).map(|(demand, ..)| {
        let asks = if demand.approvals > 1 { format!("; {} of them approve", demand.approvals) } else { String::new() };
        let text = format!("{}: owned by {}{asks}", files(demand), named(demand));
        Label { place: Place::Text(demand.source.clone(), demand.place), text, primary: false }
    });
    let said = match (own, found) {
        (true, _) => "only its author owns that".to_owned(),
        (false, 0) => "nobody who owns that approved it".to_owned(),
        (false, _) => format!("{found} of the {} owners who must approve it did", first.approvals),
    };
    let help = own.then(|| {
        "name a second owner in CODEOWNERS, and record as a management response why nobody else looked at it; if an \
         owner may approve their own change, say author_counts: as-approver"
            .to_owned()
    });
    Some(Exhibit {
        words: vec![("files", files(first)), ("said", said), ("owners", named(first))],
        parameter: Some(("code_owners", "an owner of each file approves".to_owned())),
        labels: labels.collect(),
        help,
    })
}
