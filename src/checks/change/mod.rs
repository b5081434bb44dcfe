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
mod assured;
mod code_owners_approved;
mod code_owners_resolved;
mod content;
mod enough_approvers;
mod exempt;
mod labels;
pub mod owners;
mod readable;
mod record_agrees;
mod request_approved;
mod residual;
pub mod scope;
mod signatures;
pub mod signed;
mod standing;
pub mod tally;

use super::compose::{Exhibit, clip, finding};
use crate::facts::document::control::Control;
use crate::findings::finding::Finding;
use crate::policies::test::Test;
use tally::Tally;

/// One attribute asked of a change: what it saw if the attribute does not hold.
type Check = fn(&Tally<'_>) -> Option<Exhibit>;

/// The checks by the names that rules give them.
pub const CHECKS: &[(&str, Check)] = &[
    ("approval-or-request", approval_or_request::check),
    ("approver-recorded", approver_recorded::check),
    ("request-approved", request_approved::check),
    ("approval-tied", approval_tied::check),
    ("approval-before-landing", approval_before_landing::check),
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
    ("readable", readable::check),
];

/// What the rules of a test find in one change.
#[must_use]
pub fn findings(test: &Test, control: &Control, tally: &Tally<'_>) -> Vec<Finding> {
    let change = tally.change;
    let subject = if change.subject.is_empty() { "(no subject)".to_owned() } else { clip(&change.subject, 60) };
    let item = format!("{} {subject}", change.commit.short());
    let mut found = Vec::new();
    for rule in &test.rules {
        let check = CHECKS.iter().find(|(name, _)| *name == rule.check).map(|(_, check)| check);
        let Some(mut exhibit) = check.and_then(|check| check(tally)) else { continue };
        exhibit.words.push(("change", subject.clone()));
        let own = std::mem::take(&mut exhibit.labels);
        // Whoever counts as one of so many may own nothing of what was touched.
        let plain = exhibit.parameter.as_ref().is_some_and(|(name, _)| *name == "code_owners");
        exhibit.labels = labels::of(control, tally, exhibit.parameter.take(), plain);
        exhibit.labels.splice(1..1, own);
        let found_here = finding(rule, Some(&control.text.id), &item, &change.commit.to_string(), exhibit);
        found.push(Finding { counted: true, ..found_here });
    }
    found
}

/// What people call a request, by its number or another name.
fn called(id: &str) -> String {
    match (id.is_empty(), id.bytes().all(|byte| byte.is_ascii_digit())) {
        (true, _) => "a request".to_owned(),
        (false, true) => format!("request #{id}"),
        (false, false) => format!("request {id}"),
    }
}
