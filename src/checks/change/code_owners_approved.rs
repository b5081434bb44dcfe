//! Asks that each file which has an owner was approved by one of its owners.

use super::owners::{Answer, files, named};
use super::tally::Tally;
use crate::checks::compose::Exhibit;
use crate::findings::finding::{Label, Place};

/// Lines of the file that one finding shows.
const MOST: usize = 3;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let missing: Vec<_> =
        tally.owners.iter().filter(|(_, answer)| *answer == Answer::Missing).map(|(demand, _)| *demand).collect();
    let first = missing.first()?;
    let labels = missing.iter().take(MOST).map(|demand| {
        let asks = match demand.approvals {
            1 => String::new(),
            many => format!("; {many} of them approve"),
        };
        let text = format!("{}: owned by {}{asks}", files(demand), named(demand));
        Label { place: Place::Text(demand.source.clone(), demand.place), text, primary: false }
    });
    Some(Exhibit {
        words: vec![("files", files(first)), ("owners", named(first))],
        parameter: Some(("code_owners", "an owner of each file approves".to_owned())),
        labels: labels.collect(),
        ..Exhibit::default()
    })
}
