//! A plan of action and milestones: everything that was found and is more than a note, with what management says will be
//! done, and by when. What management says was put right stays in it until whoever assesses takes it out.

use serde::Serialize;

use super::context::Context;
use super::model::{Item, Plan, RelatedObservation, SystemId};
use super::naming::{line, property};
use super::observed::said;
use super::risk::is_risk;
use crate::error::Result;
use crate::reports::concluded::weighs;
use crate::reports::json;
use crate::reports::period::PeriodReport;
use crate::reports::period::finding::ReportedFinding;

/// The document, as OSCAL wraps it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document {
    plan_of_action_and_milestones: Plan,
}

/// The plan as OSCAL, in JSON.
///
/// # Errors
/// It cannot be written, which memory excludes.
pub fn document(report: &PeriodReport) -> Result<Vec<u8>> {
    let context = Context::of(report);
    let open = || report.findings.iter().filter(|finding| weighs(finding) || finding.entry.response.is_some());
    let mut poam_items: Vec<Item> = open().map(|finding| item(&context, finding)).collect();
    if poam_items.is_empty() {
        poam_items.push(nothing(&context));
    }
    let names = report.repositories.iter().map(|one| one.name.as_str());
    let system: Vec<&str> = std::iter::once("system").chain(names).collect();
    let plan_of_action_and_milestones = Plan {
        uuid: context.document("plan-of-action-and-milestones"),
        metadata: context.metadata("Plan of action and milestones"),
        system_id: SystemId { identifier_type: "http://ietf.org/rfc/rfc4122", id: context.uuid(&system) },
        local_definitions: context.definitions(),
        observations: open().map(|finding| context.found(finding)).collect(),
        risks: open().filter(|finding| is_risk(finding)).map(|finding| context.risk(finding)).collect(),
        poam_items,
    };
    json::pretty(&Document { plan_of_action_and_milestones })
}

fn item(context: &Context<'_>, finding: &ReportedFinding) -> Item {
    let entry = &finding.entry;
    let help = Some(&entry.help).filter(|help| !help.trim().is_empty()).map(|help| line(help));
    let description: Vec<String> = std::iter::once(line(&entry.message)).chain(help).collect();
    Item {
        uuid: context.uuid(&["item", &finding.source, &entry.fingerprint]),
        title: line(&entry.message),
        description: description.join("\n\n"),
        props: said(finding),
        origins: context.origins(),
        related_observations: vec![RelatedObservation { observation_uuid: context.found_as(finding) }],
        related_risks: context.related_risk(finding).into_iter().collect(),
    }
}

/// OSCAL has no plan without an item, so that one says that there is nothing to do.
fn nothing(context: &Context<'_>) -> Item {
    let complete = context.report.repositories.iter().all(|one| one.complete && one.configured);
    let description = if complete {
        "Nothing that is more than a note was found in the period."
    } else {
        "Nothing that is more than a note was found in the period, of what could be read."
    };
    Item {
        uuid: context.document("no-item"),
        title: "Nothing stands open".to_owned(),
        description: description.to_owned(),
        props: property("verdict", "none").into_iter().collect(),
        origins: context.origins(),
        related_observations: Vec::new(),
        related_risks: Vec::new(),
    }
}
