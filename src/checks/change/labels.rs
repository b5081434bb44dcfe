//! The places of a change's finding: what the control asks for, and what the commit shows.

use std::sync::Arc;

use super::signatures;
use super::standing::{Lateness, Standing};
use super::tally::Tally;
use crate::checks::compose::count;
use crate::facts::approval::found::Seen;
use crate::facts::approval::trail::{Approval, Assurance};
use crate::facts::document::control::Control;
use crate::facts::person::Person;
use crate::findings::finding::{Label, Place};
use crate::text::safe;

/// Approvals shown with one finding; more say nothing new.
const MOST: usize = 4;

/// What a finding has to do with the approvals of its change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Approvals {
    /// It is about them: each is shown with its standing.
    Weighed,
    /// It is about whose they are: of one that counts it is only said that it was given.
    Named,
    /// Nothing.
    Apart,
}

/// What the control asks for, then every approval with its standing, or the request, or the subject; of a finding that is
/// not about approvals, only the first.
pub(super) fn of(control: &Control, tally: &Tally<'_>, parameter: Option<(&str, String)>) -> Vec<Label> {
    let approvals = match parameter.as_ref().map(|(name, _)| *name) {
        // Whoever counts as one of so many may own nothing of what was touched.
        Some("code_owners") => Approvals::Named,
        Some("emergency.justification" | "emergency.incident" | "recorded_within") => Approvals::Apart,
        _ => Approvals::Weighed,
    };
    with(control, tally, parameter, approvals)
}

/// The same of a finding that is about whose the approvals are.
pub(super) fn named(control: &Control, tally: &Tally<'_>, parameter: Option<(&str, String)>) -> Vec<Label> {
    with(control, tally, parameter, Approvals::Named)
}

fn with(control: &Control, tally: &Tally<'_>, parameter: Option<(&str, String)>, approvals: Approvals) -> Vec<Label> {
    let (name, text) = parameter.unwrap_or_else(|| ("approvals", asked(control, tally)));
    let documented = Place::Text(control.source().clone(), control.parameter(name));
    let mut labels = vec![Label { place: documented, text, primary: true }];
    if approvals == Approvals::Apart {
        return labels;
    }
    let change = tally.change;
    let beside = |approval: &Approval| approval.seen == Seen::Beside;
    let shown = tally.approvals.iter().take(MOST);
    labels.extend(shown.map(|(approval, standing)| Label {
        place: match &approval.record {
            Some(record) => Place::Text(Arc::clone(&record.source), record.span),
            None => Place::Commit(approval.commit, (!beside(approval)).then_some(approval.span)),
        },
        text: match standing {
            Standing::Counts if approvals == Approvals::Named => format!("{} approved it", approval.by.label()),
            standing => words(approval, standing),
        },
        primary: false,
    }));
    if tally.approvals.is_empty() {
        let (place, text) = match (&change.request, change.records.first()) {
            (Some(_), Some(record)) => {
                let (source, span) = &record.place;
                let text =
                    if record.tells_all() { "no reviewer approved it" } else { "only a part of it was exported" };
                (Place::Text(Arc::clone(source), *span), text.to_owned())
            }
            (Some(request), None) => (
                Place::Commit(request.commit, Some(request.span)),
                "the request is named, its approver is not".to_owned(),
            ),
            (None, _) => (Place::Commit(change.commit, None), format!("landed by {}", change.landed_by.label())),
        };
        labels.push(Label { place, text, primary: false });
    }
    labels
}

fn asked(control: &Control, tally: &Tally<'_>) -> String {
    let number = count(tally.required(), "person", "people");
    format!("{} asks for {number} other than the author", control.text.id)
}

/// Why an approval is no more than claimed.
fn claimed(approval: &Approval) -> String {
    let mut names: Vec<&str> = approval.writers.iter().flat_map(|writers| writers.iter()).map(Person::label).collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        _ if approval.seen != Seen::Beside => "only claimed: whoever made the commit could type this".to_owned(),
        [] if approval.record.is_some() => "only claimed: the record is not on the branch as it stands here".to_owned(),
        [] => "only claimed: who wrote the record is not known".to_owned(),
        [one] => format!("only claimed: {one} wrote the record, and is or may be an author"),
        [one, two] => format!("only claimed: {one} and {two} wrote the record, and one is or may be an author"),
        many => format!("only claimed: {} people wrote the record, and one is or may be an author", many.len()),
    }
}

/// What an approval was given for, in a word.
fn given_for(approval: &Approval) -> String {
    let bound = approval.bound.as_ref();
    let named = bound.and_then(|bound| bound.unknown.as_deref().map(safe));
    let id = bound.and_then(|bound| bound.commit.or(bound.tree)).map(|id| id.short());
    named.or(id).unwrap_or_else(|| "something".to_owned())
}

fn words(approval: &Approval, standing: &Standing) -> String {
    let who = approval.by.label();
    let text = match standing {
        Standing::Counts => format!("{who} counts"),
        Standing::Namesake => "an author has this name under another address".to_owned(),
        Standing::Own => "the author's own approval does not count".to_owned(),
        Standing::NotAllowed => format!("the control does not name {who}"),
        Standing::Weak(Assurance::Claimed) => claimed(approval),
        Standing::Weak(_) => "only witnessed: another record says it, and it is not signed".to_owned(),
        Standing::Unproved(flaw) => signatures::why(flaw),
        Standing::Stale => format!("{who} approved {}, and not what came beside it", given_for(approval)),
        Standing::Edited => format!("{who} approved {}, and not what landed", given_for(approval)),
        Standing::Unreplayed => format!("{who} approved {}, which cannot be told from here", given_for(approval)),
        Standing::Deployer => format!("{who} deployed it, and cannot approve it afterwards"),
        Standing::TooLate(Lateness { after: Some(after), .. }) => format!("{who} approved it {after} after it landed"),
        Standing::TooLate(late) => format!("{who} approved it {}", late.given),
        Standing::DayOnly(day) => format!("{who} approved it on {day}, at an hour that nothing tells"),
        Standing::Discounted(why) => why.reason(),
    };
    match approval.seen {
        Seen::Lenient => format!("{text} (not a trailer to Git itself)"),
        Seen::Beside if approval.record.is_some() && *standing == Standing::Counts => text,
        Seen::Beside if approval.record.is_some() => format!("{who}: {text}"),
        Seen::Beside => format!("{}: {who}: {text}", approval.key),
        Seen::Strict | Seen::Text => text,
    }
}
