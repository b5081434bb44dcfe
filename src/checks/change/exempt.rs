//! Asks that a change which says that it belongs to an exempt class touches nothing else.

use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;
use crate::findings::finding::{Label, Place};
use crate::text::safe;

/// Files that one finding names.
const MOST: usize = 3;

/// A change that was approved like any other needs no exemption.
pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let misuse = tally.misuse.filter(|_| tally.outcome != Outcome::Enough)?;
    let mut files: Vec<String> = misuse.outside.iter().take(MOST).map(|file| safe(file)).collect();
    let more = misuse.outside.len().saturating_sub(MOST);
    if more > 0 {
        files.push(format!("{more} more"));
    }
    let files = match files.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => files.concat(),
    };
    let place = Place::Commit(misuse.said.place.0, misuse.said.place.1);
    let text = format!("calls itself {}, by {}", misuse.class, misuse.said.how);
    let labels = vec![Label { place, text, primary: false }];
    let allowed = format!("{}: {}", misuse.class, misuse.globs.join(", "));
    Some(Exhibit {
        words: vec![("class", misuse.class.clone()), ("files", files)],
        parameter: Some(("exempt", allowed)),
        labels,
        ..Exhibit::default()
    })
}
