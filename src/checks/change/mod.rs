//! Change management: who approved what landed on a protected branch.

mod approval_before_landing;
mod approval_or_request;
mod approval_tied;
mod approved_by_another;
mod approved_by_person;
mod approver_allowed;
mod approver_identified;
mod approver_recorded;
pub mod approvers;
pub mod asked;
mod assured;
mod code_owners_approved;
mod code_owners_resolved;
mod content;
pub mod deployed;
mod emergencies;
pub mod emergency;
mod enough_approvers;
mod exempt;
mod labels;
pub mod owners;
mod readable;
mod record_agrees;
mod recorded;
mod request_approved;
mod residual;
mod says;
pub mod scope;
mod signatures;
pub mod signed;
mod standing;
pub mod tally;
pub mod trailers;
mod who;

use super::compose::{Exhibit, clip, finding};
use crate::facts::approval::trail::Change;
use crate::facts::document::control::Control;
use crate::findings::finding::{Finding, Label, Place};
use crate::findings::pending::Pending;
use crate::findings::population::Population;
use crate::policies::test::Test;
use emergency::Due;
use tally::{Outcome, Tally};

/// One attribute asked of a change: what it saw if the attribute does not hold.
type Check = fn(&Tally<'_>) -> Option<Exhibit>;

/// The checks by the names that rules give them.
pub const CHECKS: &[(&str, Check)] = &[
    ("approval-or-request", approval_or_request::check),
    ("approver-recorded", approver_recorded::check),
    ("request-approved", request_approved::check),
    ("approval-tied", approval_tied::check),
    ("approval-before-landing", approval_before_landing::check),
    ("emergency-approved", emergencies::approved),
    ("emergency-approved-in-time", emergencies::in_time),
    ("emergency-hour-known", emergencies::hour_known),
    ("emergency-approved-by-another", emergencies::by_another),
    ("emergency-justified", emergencies::justified),
    ("emergency-has-incident", emergencies::has_incident),
    ("record-agrees", record_agrees::check),
    ("approved-by-another", approved_by_another::check),
    ("enough-approvers", enough_approvers::check),
    ("approver-allowed", approver_allowed::check),
    ("approved-by-person", approved_by_person::check),
    ("approver-identified", approver_identified::check),
    ("assured", assured::check),
    ("signature-verifies", signatures::verifies),
    ("signer-known", signatures::signer_known),
    ("key-in-time", signatures::key_in_time),
    ("key-not-revoked", signatures::key_not_revoked),
    ("signed-by-approver", signatures::signed_by_approver),
    ("signatures-readable", signatures::signatures_readable),
    ("code-owners-approved", code_owners_approved::check),
    ("code-owners-resolved", code_owners_resolved::check),
    ("approved-to-the-end", content::approved_to_the_end),
    ("landed-as-approved", content::landed_as_approved),
    ("merged-as-given", content::merged_as_given),
    ("conflicts-settled", content::conflicts_settled),
    ("content-replayed", content::replayed),
    ("exempt-as-said", exempt::check),
    ("recorded", recorded::check),
    ("trailers-given", trailers::check),
    ("readable", readable::check),
];

/// What the rules of a test find in one change.
#[must_use]
pub fn findings(test: &Test, control: &Control, tally: &Tally<'_>) -> Vec<Finding> {
    let change = tally.change;
    let (subject, item) = (subject(change), item(change));
    let mut found = Vec::new();
    for rule in &test.rules {
        let check = CHECKS.iter().find(|(name, _)| *name == rule.check).map(|(_, check)| check);
        let Some(mut exhibit) = check.and_then(|check| check(tally)) else { continue };
        exhibit.words.push(("change", subject.clone()));
        let own = std::mem::take(&mut exhibit.labels);
        exhibit.labels = labels::of(control, tally, exhibit.parameter.take());
        exhibit.labels.splice(1..1, own);
        let found_here = finding(rule, Some(&control.text.id), &item, &change.commit.to_string(), exhibit);
        found.push(Finding { counted: true, ..found_here });
    }
    found
}

/// An emergency that may still be approved, if a change is one.
#[must_use]
pub fn pending(control: &Control, tally: &Tally<'_>) -> Option<Pending> {
    let emergency = tally.emergency.filter(|_| tally.outcome == Outcome::Pending)?;
    let commit = tally.change.commit.short();
    Some(Pending {
        control: control.text.id.clone(),
        rule: "change/emergency-unapproved".to_owned(),
        item: item(tally.change),
        todo: format!("approve the emergency {commit}: tickmark approve {commit}"),
        owner: control.text.owner.clone(),
        person: None,
        due: match &emergency.due {
            Due::At(due, _) => *due,
            Due::NextRelease => return None,
        },
    })
}

/// That more of the changes were emergencies than the control expects.
#[must_use]
pub fn frequent(test: &Test, control: &Control, population: &Population) -> Option<Finding> {
    let rule = test.rules.iter().find(|rule| rule.check == "emergencies-rare")?;
    let most = control.stated("emergency.most_percent")?.0.as_u64()?;
    let (count, size) = (population.count("emergencies"), population.size + population.pending);
    if size == 0 || count as u64 * 100 <= most * size as u64 {
        return None;
    }
    let percent = (count * 100).div_ceil(size);
    let words = vec![
        ("count", count.to_string()),
        ("size", size.to_string()),
        ("percent", percent.to_string()),
        ("control", control.text.id.clone()),
        ("most", most.to_string()),
    ];
    let place = Place::Text(control.source().clone(), control.parameter("emergency.most_percent"));
    let labels = vec![Label { place, text: format!("at most {most} of a hundred"), primary: true }];
    let exhibit = Exhibit { words, labels, ..Exhibit::default() };
    Some(finding(rule, Some(&control.text.id), "population", "emergencies", exhibit))
}

/// A change as people name it.
/// What people call a change: its commit and its subject.
#[must_use]
pub fn item(change: &Change) -> String {
    format!("{} {}", change.commit.short(), subject(change))
}

fn subject(change: &Change) -> String {
    let subject = &change.subject;
    if subject.is_empty() { "(no subject)".to_owned() } else { clip(subject, 60) }
}

/// What people call a request, by its number or another name.
fn called(id: &str) -> String {
    match (id.is_empty(), id.bytes().all(|byte| byte.is_ascii_digit())) {
        (true, _) => "a request".to_owned(),
        (false, true) => format!("request #{id}"),
        (false, false) => format!("request {id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_only_of_some_controls_is_a_check() {
        for (name, _) in asked::CONDITIONS {
            assert!(CHECKS.iter().any(|(known, _)| known == name) || *name == "emergencies-rare", "{name}");
        }
    }
}
