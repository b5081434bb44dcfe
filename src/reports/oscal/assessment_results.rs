//! The results of an assessment.

use std::collections::BTreeMap;

use serde::Serialize;

use super::context::Context;
use super::model::{
    AssessmentResults, BackMatter, Finding, Import, Link, Property, RelatedObservation, Resource, ResultSet,
    ReviewedControls, Selected, Selection, State, Target,
};
use super::naming::{line, property, token};
use super::observed::numbers;
use super::risk::is_risk;
use crate::error::{Error, Kind, Result};
use crate::reports::concluded::{Conclusion, Found};
use crate::reports::entry::uri;
use crate::reports::json;
use crate::reports::period::PeriodReport;
use crate::reports::period::control::{ControlReport, TestReport};
use crate::reports::period::finding::ReportedFinding;
use crate::reports::period::recurrence::days;

/// The document, as OSCAL wraps it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document {
    assessment_results: AssessmentResults,
}

/// The results as OSCAL, in JSON.
///
/// # Errors
/// The report has no control: OSCAL has no results of nothing.
pub fn document(report: &PeriodReport) -> Result<Vec<u8>> {
    if report.controls.is_empty() {
        return Err(Error::new(Kind::Usage, "there is no control, and OSCAL has no results without one")
            .hint("tickmark report tells what was read: --format text"));
    }
    let context = Context::of(report);
    let uuid = context.document("assessment-results");
    let plan = context.uuid(&["plan"]);
    let assessment_results = AssessmentResults {
        metadata: context.metadata("Assessment results"),
        import_ap: Import {
            href: format!("#{plan}"),
            remarks: "There is no assessment plan in OSCAL: the controls and what they state for their tests are the plan, \
                      which the resource of this address lists.",
        },
        results: vec![results(&context)],
        back_matter: BackMatter { resources: vec![planned(report, plan)] },
        uuid,
    };
    json::pretty(&Document { assessment_results })
}

/// What stands for a plan: the files of the controls.
fn planned(report: &PeriodReport, uuid: String) -> Resource {
    let mut files: Vec<&str> = report.controls.iter().filter_map(|control| control.file.as_deref()).collect();
    files.sort_unstable();
    files.dedup();
    Resource {
        uuid,
        title: "Controls and what they state for their tests",
        description: "Addresses are relative to the folder that holds the documents of the organisation.",
        props: property("rules-digest", &report.tool.rules).into_iter().collect(),
        rlinks: files.into_iter().map(|file| Link { href: uri(file) }).collect(),
    }
}

fn results(context: &Context<'_>) -> ResultSet {
    let report = context.report;
    let found = Found::of(report);
    let tests = || report.controls.iter().flat_map(|control| control.tests.iter().map(move |test| (control, test)));
    let observations = tests().map(|(control, test)| {
        let came_to = Conclusion::of(test, &found.by(control, test));
        context.observation(control, test, came_to)
    });
    let risks = report.findings.iter().filter(|finding| is_risk(finding));
    ResultSet {
        uuid: context.document("result"),
        title: line(&format!("{}, {}", report.labels.title, days(report.period))),
        description: "What the documents of the organisation say, held against what its repository shows.".to_owned(),
        start: context.start(),
        end: context.as_of(),
        props: summary(report),
        local_definitions: context.definitions(),
        reviewed_controls: reviewed(report),
        observations: observations.chain(report.findings.iter().map(|one| context.found(one))).collect(),
        risks: risks.map(|finding| context.risk(finding)).collect(),
        findings: findings(context, &found),
    }
}

/// The numbers of the report.
fn summary(report: &PeriodReport) -> Vec<Property> {
    let of = &report.summary;
    let all = [
        ("controls", of.controls),
        ("controls-with-exceptions", of.controls_with_exceptions),
        ("tests", of.tests),
        ("tests-with-exceptions", of.tests_with_exceptions),
        ("tests-without-items", of.tests_without_items),
        ("tests-untestable", of.tests_untestable),
        ("items-tested", of.items),
        ("exceptions", of.exceptions),
        ("unevidenced", of.unevidenced),
        ("untestable", of.untestable),
        ("pending", of.pending),
        ("excluded", of.excluded),
        ("findings", of.findings),
        ("findings-of-documents", of.of_documents),
        ("failing", of.failing),
        ("responded", of.responded),
    ];
    let complete = report.repositories.iter().all(|one| one.complete);
    all.into_iter().filter_map(|(name, value)| property(name, value)).chain(property("complete", complete)).collect()
}

/// The controls, each by its token, with its id as a property of that class.
fn reviewed(report: &PeriodReport) -> ReviewedControls {
    let ids: BTreeMap<String, &str> = report.controls.iter().map(|one| (token(&one.id), one.id.as_str())).collect();
    let named = |(token, id): (&String, &&str)| {
        property("control", id).map(|one| Property { class: Some(token.clone()), ..one })
    };
    let selection = Selection {
        props: ids.iter().filter_map(named).collect(),
        include_controls: ids.keys().map(|token| Selected { control_id: token.clone() }).collect(),
    };
    ReviewedControls { control_selections: vec![selection] }
}

/// What each test came to; each control without one; and the documents, where something is wrong with them.
fn findings(context: &Context<'_>, found: &Found<'_>) -> Vec<Finding> {
    let of_control = |control: &ControlReport| -> Vec<Finding> {
        if control.tests.is_empty() {
            return vec![untested(context, control)];
        }
        control.tests.iter().map(|test| of_test(context, control, test, &found.by(control, test))).collect()
    };
    let mut all: Vec<Finding> = context.report.controls.iter().flat_map(of_control).collect();
    all.extend(of_documents(context, &found.of_documents));
    all
}

fn of_test(context: &Context<'_>, control: &ControlReport, test: &TestReport, found: &[&ReportedFinding]) -> Finding {
    let came_to = Conclusion::of(test, found);
    let repository = test.entry.repository.as_deref();
    // Nothing but these marks has a `_` that no hexadecimal digit follows, so that no two objectives have one name.
    let mut target_id = format!("{}_obj.{}", token(&control.id), token(&test.entry.test));
    if let Some(name) = repository {
        target_id += &format!("_of.{}", token(name));
    }
    if context.report.repositories.len() > 1 {
        target_id += &format!("_in.{}", token(&control.source));
    }
    let mut props = numbers(control, test, came_to);
    props.extend(control.criteria.iter().filter_map(|id| property("criterion", id)));
    let first = RelatedObservation { observation_uuid: context.observation_of(control, test) };
    Finding {
        uuid: context.uuid_in_period(&[
            "finding",
            &control.source,
            &control.id,
            &test.entry.test,
            repository.unwrap_or_default(),
        ]),
        title: line(&format!("{}: {}", control.id, test.title)),
        description: line(&test.result),
        origins: context.origins(),
        target: Target { kind: "objective-id", target_id, title: line(&test.title), props, status: status(came_to) },
        related_observations: std::iter::once(first).chain(seen(context, found)).collect(),
        related_risks: found.iter().filter_map(|finding| context.related_risk(finding)).collect(),
    }
}

fn seen(context: &Context<'_>, found: &[&ReportedFinding]) -> Vec<RelatedObservation> {
    found.iter().map(|one| RelatedObservation { observation_uuid: context.found_as(one) }).collect()
}

fn untested(context: &Context<'_>, control: &ControlReport) -> Finding {
    let came_to = Conclusion::NotTested;
    let props = [property("control", &control.id), property("conclusion", came_to.word())];
    let criteria = control.criteria.iter().map(|id| property("criterion", id));
    Finding {
        uuid: context.uuid_in_period(&["not-tested", &control.source, &control.id]),
        title: line(&format!("{}: {}", control.id, control.title)),
        description: "No test was applied to this control.".to_owned(),
        origins: context.origins(),
        target: Target {
            kind: "statement-id",
            target_id: format!("{}_smt", token(&control.id)),
            title: line(&control.title),
            props: props.into_iter().chain(criteria).flatten().collect(),
            status: status(came_to),
        },
        related_observations: Vec::new(),
        related_risks: Vec::new(),
    }
}

/// What is wrong with documents. They are no control, so that there is nothing to say where nothing is wrong.
fn of_documents(context: &Context<'_>, found: &[&ReportedFinding]) -> Option<Finding> {
    let came_to = Conclusion::of_findings(found)?;
    let props = [property("conclusion", came_to.word()), property("findings", found.len())];
    Some(Finding {
        uuid: context.document("documents"),
        title: "Documents that agree, and can be read".to_owned(),
        description: line(&format!("{} findings are about documents alone.", found.len())),
        origins: context.origins(),
        target: Target {
            kind: "objective-id",
            target_id: "documents_obj".to_owned(),
            title: line(&context.report.labels.documents),
            props: props.into_iter().flatten().collect(),
            status: status(came_to),
        },
        related_observations: seen(context, found),
        related_risks: found.iter().filter_map(|finding| context.related_risk(finding)).collect(),
    })
}

fn status(came_to: Conclusion) -> State {
    let (state, reason) = match came_to {
        Conclusion::Passed => ("satisfied", "pass"),
        Conclusion::Exceptions => ("not-satisfied", "fail"),
        Conclusion::Untestable | Conclusion::Unevidenced | Conclusion::NoOccurrence | Conclusion::NotTested => {
            ("not-satisfied", "other")
        }
    };
    let remarks = match came_to {
        Conclusion::Untestable => Some("Not everything that the test needs could be read."),
        Conclusion::Unevidenced => Some("Nothing shows of every item whether it holds."),
        Conclusion::NoOccurrence => Some("Nothing to test occurred in the period: operation was not tested."),
        Conclusion::NotTested => Some("No test was applied."),
        Conclusion::Passed | Conclusion::Exceptions => None,
    };
    State { state, reason: Some(reason), remarks }
}
