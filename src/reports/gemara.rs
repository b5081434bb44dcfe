//! The report of a period as an evaluation log of Gemara 1 (<https://gemara.openssf.org>), in YAML: one evaluation a
//! control, and in it one assessment a test.
//!
//! Gemara has one word for what came of a test, so that the gravest counts. `Failed`: there are exceptions. `Unknown`: not
//! everything could be read. `Needs Review`: nothing shows of every item whether it holds. `Not Run`: nothing to test
//! occurred in the period, or no test was applied; never `Not Applicable`, which would say that it need not be asked.
//! `Passed`: something was tested, all of it could be read, and nothing was found that is more than a note. A control, and
//! the log, are as grave as the gravest in them; where some were passed and others not run, that is `Needs Review`, and only
//! what was passed throughout is `Passed`. Reading it as the lack of a failure would call a test a pass that never was.
//!
//! The controls are referred to by their ids, and what a test asks by its name, in an artifact that this log calls after the
//! repository whose documents they are. What was found, and what tests were read from, are evidence with their digests.

use std::collections::BTreeMap;

use serde::Serialize;

use super::concluded::{Conclusion, Found};
use super::entry::word;
use super::period::PeriodReport;
use super::period::control::{ControlReport, TestReport};
use super::period::finding::ReportedFinding;
use super::period::recurrence::days;
use crate::error::{Error, Kind, Result};
use crate::sources::yaml::written;
use crate::text::safe;

/// The version of Gemara that logs are written for.
const GEMARA: &str = "1.4.1";

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct EvaluationLog {
    metadata: Metadata,
    target: Entity,
    result: &'static str,
    evaluations: Vec<Evaluation>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Metadata {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    gemara_version: &'static str,
    version: String,
    date: String,
    description: String,
    author: Entity,
    mapping_references: Vec<Reference>,
    applicability_groups: Vec<Group>,
}

#[derive(Serialize)]
struct Entity {
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

#[derive(Serialize)]
struct Reference {
    id: String,
    title: String,
    version: String,
    description: &'static str,
}

#[derive(Serialize)]
struct Group {
    id: String,
    title: String,
    description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Evaluation {
    name: String,
    result: &'static str,
    message: String,
    control: Entry,
    assessment_logs: Vec<Assessment>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    reference_id: String,
    entry_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Assessment {
    requirement: Entry,
    description: String,
    result: &'static str,
    message: String,
    applicability: Vec<String>,
    steps: Vec<String>,
    steps_executed: usize,
    start: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    recommendation: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<Evidence>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Evidence {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    collected_at: String,
    payload: BTreeMap<&'static str, String>,
    description: String,
}

/// The log, in YAML.
///
/// # Errors
/// The report has no control: Gemara has no log of nothing.
pub fn log(report: &PeriodReport) -> Result<Vec<u8>> {
    if report.controls.is_empty() {
        return Err(Error::new(Kind::Usage, "there is no control, and Gemara has no evaluation log without one")
            .hint("tickmark report tells what was read: --format text"));
    }
    let found = Found::of(report);
    let controls = report.controls.iter().map(|control| of_control(report, control, &found));
    let (conclusions, mut evaluations): (Vec<Conclusion>, Vec<Evaluation>) = controls.unzip();
    let documents = of_documents(report, &found.of_documents);
    let all: Vec<Conclusion> = conclusions.into_iter().chain(documents.iter().map(|(came_to, _)| *came_to)).collect();
    evaluations.extend(documents.into_iter().map(|(_, evaluation)| evaluation));
    let name = report.organization.clone().unwrap_or_else(|| names(report));
    let log = EvaluationLog {
        metadata: metadata(report),
        target: Entity {
            id: safe(&names(report)),
            name: safe(&name),
            kind: "Software",
            version: None,
            description: Some("What the documents of an organisation say, and what its repository shows.".to_owned()),
        },
        result: together(&all),
        evaluations,
    };
    written::text(&log).map(String::into_bytes)
}

fn names(report: &PeriodReport) -> String {
    report.repositories.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn metadata(report: &PeriodReport) -> Metadata {
    let told: Vec<String> = std::iter::once(format!("{}, {}.", report.labels.title, days(report.period)))
        .chain(report.remarks.iter().map(|remark| format!("Remark: {remark}.")))
        .chain(report.limits.iter().cloned())
        .collect();
    let reference = |one: &super::period::statement::RepositoryRead| Reference {
        id: safe(&one.name),
        title: safe(&format!("Controls of {}", one.name)),
        version: one.commit.map_or_else(|| "no commit".to_owned(), |commit| commit.to_string()),
        description: "The controls of this repository by their ids, and the tests that they name.",
    };
    let group = |one: &super::period::statement::RepositoryRead| Group {
        id: safe(&one.name),
        title: safe(&one.name),
        description: format!("What is asked of {}, in time zone {}.", safe(&one.name), safe(&report.timezone)),
    };
    Metadata {
        id: safe(&format!("tickmark: {}, {}", names(report), days(report.period))),
        kind: "EvaluationLog",
        gemara_version: GEMARA,
        version: safe(&format!("as of {}", report.as_of)),
        date: report.as_of.clone(),
        description: safe(&told.join(" ")),
        author: Entity {
            id: safe(&report.tool.name),
            name: safe(&report.tool.name),
            kind: "Software",
            version: Some(safe(&report.tool.version)),
            description: Some(format!("Tests and rules with the SHA-256 {}", safe(&report.tool.rules))),
        },
        mapping_references: report.repositories.iter().map(reference).collect(),
        applicability_groups: report.repositories.iter().map(group).collect(),
    }
}

fn of_control(report: &PeriodReport, control: &ControlReport, found: &Found<'_>) -> (Conclusion, Evaluation) {
    let named = |id: &str| Entry { reference_id: safe(&control.source), entry_id: safe(id), remarks: None };
    let of_test = |test: &TestReport| {
        let findings = found.by(control, test);
        let came_to = Conclusion::of(test, &findings);
        let repository = test.entry.repository.as_ref().map(|name| safe(&format!("in {name}")));
        let requirement = Entry { remarks: repository, ..named(&test.entry.test) };
        (came_to, assessment(report, control, test, (came_to, &findings, requirement)))
    };
    let (conclusions, mut logs): (Vec<Conclusion>, Vec<Assessment>) = control.tests.iter().map(of_test).unzip();
    if logs.is_empty() {
        logs.push(Assessment {
            requirement: named(&control.id),
            description: "No test was applied to this control.".to_owned(),
            result: word_of(Conclusion::NotTested),
            message: "No test was applied to this control.".to_owned(),
            applicability: vec![safe(&control.source)],
            steps: vec!["no step".to_owned()],
            steps_executed: 0,
            start: report.as_of.clone(),
            recommendation: None,
            evidence: Vec::new(),
        });
    }
    let gravest = if conclusions.is_empty() { vec![Conclusion::NotTested] } else { conclusions };
    let messages: Vec<String> = logs.iter().map(|log| log.message.clone()).collect();
    let evaluation = Evaluation {
        name: safe(&control.title),
        result: together(&gravest),
        message: messages.join(" "),
        control: named(&control.id),
        assessment_logs: logs,
    };
    (summed(&gravest), evaluation)
}

fn assessment(
    report: &PeriodReport,
    control: &ControlReport,
    test: &TestReport,
    (came_to, findings, requirement): (Conclusion, &[&ReportedFinding], Entry),
) -> Assessment {
    let read = test.sources.iter().map(|source| safe(&format!("read {source}")));
    let steps: Vec<String> = read.chain(std::iter::once(safe(&test.applied))).collect();
    let mut evidence: Vec<Evidence> = vec![population(report, test)];
    evidence.extend(test.sources.iter().flat_map(|source| files(report, control, source)));
    evidence.extend(findings.iter().map(|finding| of_finding(report, finding)));
    Assessment {
        requirement,
        description: safe(&format!("{}. {}", test.title.trim_end_matches('.'), test.applied)),
        result: word_of(came_to),
        message: safe(&test.result),
        applicability: vec![safe(&control.source)],
        steps_executed: steps.len(),
        steps,
        start: report.as_of.clone(),
        recommendation: recommended(findings),
        evidence,
    }
}

/// What to do, each thing once.
fn recommended(findings: &[&ReportedFinding]) -> Option<String> {
    let mut helps: Vec<String> = findings.iter().map(|finding| safe(&finding.entry.help)).collect();
    let mut known = std::collections::HashSet::new();
    helps.retain(|help| !help.trim().is_empty() && known.insert(help.clone()));
    (!helps.is_empty()).then(|| helps.join(" "))
}

/// What is wrong with documents, as an evaluation of its own; nothing where nothing is.
fn of_documents(report: &PeriodReport, findings: &[&ReportedFinding]) -> Option<(Conclusion, Evaluation)> {
    let came_to = Conclusion::of_findings(findings)?;
    let source = report.repositories.first().map(|one| safe(&one.name)).unwrap_or_default();
    let named = Entry { reference_id: source.clone(), entry_id: "documents".to_owned(), remarks: None };
    let message = format!("{} findings are about documents alone.", findings.len());
    let assessment = Assessment {
        requirement: named.clone(),
        description: "Documents agree with each other, and can be read.".to_owned(),
        result: word_of(came_to),
        message: message.clone(),
        applicability: vec![source],
        steps: vec!["read the documents".to_owned()],
        steps_executed: 1,
        start: report.as_of.clone(),
        recommendation: recommended(findings),
        evidence: findings.iter().map(|finding| of_finding(report, finding)).collect(),
    };
    let evaluation = Evaluation {
        name: safe(&report.labels.documents),
        result: word_of(came_to),
        message,
        control: named,
        assessment_logs: vec![assessment],
    };
    Some((came_to, evaluation))
}

/// The numbers of a test.
fn population(report: &PeriodReport, test: &TestReport) -> Evidence {
    let (entry, of) = (&test.entry, &test.entry.population);
    let payload = [
        ("items", safe(&test.items)),
        ("items-tested", of.size.to_string()),
        ("exceptions", entry.exceptions.to_string()),
        ("unevidenced", entry.unevidenced.to_string()),
        ("untestable", entry.untestable.to_string()),
        ("pending", of.pending.to_string()),
        ("excluded", of.excluded.iter().map(|one| one.count).sum::<usize>().to_string()),
    ];
    // What was read of the results of a check has none.
    let digest = Some(("digest", format!("sha256:{}", safe(&test.digest)))).filter(|_| !test.digest.is_empty());
    Evidence {
        id: if test.digest.is_empty() { "population".to_owned() } else { format!("population-{}", safe(&test.digest)) },
        kind: "Population",
        collected_at: report.as_of.clone(),
        payload: payload.into_iter().chain(digest).collect(),
        description: "What was tested, with the SHA-256 over the sorted keys of its items, a line each.".to_owned(),
    }
}

/// The files of a register that a test was read from.
fn files(report: &PeriodReport, control: &ControlReport, source: &str) -> Vec<Evidence> {
    let read = report.repositories.iter().find(|one| one.name == control.source);
    let name = source.strip_prefix("register ");
    let files = read.into_iter().flat_map(|read| &read.registers).filter(|one| Some(one.register.as_str()) == name);
    files
        .map(|file| Evidence {
            id: safe(&file.file),
            kind: "Register",
            collected_at: report.as_of.clone(),
            payload: [
                ("file", safe(&file.file)),
                ("rows", file.rows.to_string()),
                ("digest", format!("sha256:{}", safe(&file.digest))),
            ]
            .into_iter()
            .collect(),
            description: safe(source),
        })
        .collect()
}

/// Something that was found, with where it stands and what management says.
fn of_finding(report: &PeriodReport, finding: &ReportedFinding) -> Evidence {
    let entry = &finding.entry;
    let places = entry.labels.iter();
    let places = places.map(|at| safe(&format!("{}:{}:{}: {}", at.source, at.line, at.column, at.text)));
    let mut payload: BTreeMap<&'static str, String> = [
        ("rule", safe(&entry.rule)),
        ("item", safe(&entry.item)),
        ("verdict", word(entry.verdict)),
        ("severity", word(entry.severity)),
        ("nature", word(entry.nature)),
        ("places", places.collect::<Vec<_>>().join("; ")),
    ]
    .into_iter()
    .collect();
    if let Some(day) = entry.on {
        payload.insert("happened-on", day.to_string());
    }
    if let Some(answer) = &entry.response {
        payload.insert("response", answer.words());
        payload.insert("response-file", safe(&format!("{}:{}", answer.source, answer.line)));
    }
    Evidence {
        id: safe(&entry.fingerprint),
        kind: "Finding",
        collected_at: report.as_of.clone(),
        payload,
        description: safe(&entry.message),
    }
}

/// The word of Gemara.
const fn word_of(came_to: Conclusion) -> &'static str {
    match came_to {
        Conclusion::Exceptions => "Failed",
        Conclusion::Untestable => "Unknown",
        Conclusion::Unevidenced => "Needs Review",
        Conclusion::NoOccurrence | Conclusion::NotTested => "Not Run",
        Conclusion::Passed => "Passed",
    }
}

/// What several came to: the gravest. Some that were passed beside others that were not run are no pass.
fn summed(all: &[Conclusion]) -> Conclusion {
    let gravest = all.iter().copied().min().unwrap_or(Conclusion::NotTested);
    let mixed = gravest > Conclusion::Unevidenced && all.contains(&Conclusion::Passed);
    if mixed && gravest != Conclusion::Passed { Conclusion::Unevidenced } else { gravest }
}

fn together(all: &[Conclusion]) -> &'static str {
    word_of(summed(all))
}
