//! Exceptions as risks: what stands open, what management answers to it, and by when.

use super::context::Context;
use super::model::{OnDate, Property, RelatedObservation, RelatedRisk, Remediation, Risk, Task, Timing};
use super::naming::{line, property};
use super::observed::said;
use crate::facts::calendar::Day;
use crate::facts::document::response::{Evidence, ResponseKind};
use crate::findings::finding::Verdict;
use crate::findings::response::Answer;
use crate::reports::concluded::weighs;
use crate::reports::period::finding::ReportedFinding;

/// Beside all that management says.
const UNAUDITED: &str = "Unaudited: these are management's own words, and no part of the test.";

/// Whether a finding is told as a risk: an exception that is more than a note, and whatever management responded to.
pub(super) fn is_risk(finding: &ReportedFinding) -> bool {
    finding.entry.verdict == Verdict::Exception && weighs(finding) || finding.entry.response.is_some()
}

impl Context<'_> {
    /// The risk of a finding.
    pub(super) fn risk(&self, finding: &ReportedFinding) -> Risk {
        let answer = finding.entry.response.as_ref();
        let mut props = said(finding);
        props.extend(answer.into_iter().flat_map(answered));
        Risk {
            uuid: self.risk_of(finding),
            title: line(&finding.entry.message),
            description: line(&finding.entry.message),
            statement: statement(finding),
            props,
            status: self.status(answer),
            origins: self.origins(),
            deadline: answer.and_then(|answer| self.deadline(answer)),
            remediations: answer.and_then(|answer| self.remediation(finding, answer)).into_iter().collect(),
            related_observations: vec![RelatedObservation { observation_uuid: self.found_as(finding) }],
        }
    }

    /// The UUID of the risk of a finding: the same in every period in which the same is found.
    fn risk_of(&self, finding: &ReportedFinding) -> String {
        self.uuid(&["risk", &finding.source, &finding.entry.fingerprint])
    }

    /// What ties something to the risk of a finding, where that is told as one.
    pub(super) fn related_risk(&self, finding: &ReportedFinding) -> Option<RelatedRisk> {
        is_risk(finding).then(|| RelatedRisk { risk_uuid: self.risk_of(finding) })
    }

    /// Where it stands. Nothing is closed on management's word alone, and nothing is accepted without the word of whoever
    /// approved that, nor for longer than it was.
    fn status(&self, answer: Option<&Answer>) -> &'static str {
        let Some(answer) = answer else { return "open" };
        match answer.kind {
            ResponseKind::Remedied => "remediating",
            ResponseKind::Disputed => "deviation-requested",
            ResponseKind::Accepted => {
                let approved = answer.approved_by.as_ref().is_some_and(|name| !name.trim().is_empty());
                let holds = answer.accepted_until.zip(self.today()).is_some_and(|(until, today)| until.0 >= today);
                match (approved, holds) {
                    (true, true) => "deviation-approved",
                    (false, true) => "deviation-requested",
                    (_, false) => "open",
                }
            }
        }
    }

    /// By when something has to be done: when management says it will be, or when what it accepts is accepted no more.
    fn deadline(&self, answer: &Answer) -> Option<String> {
        self.end_of(answer.due.or(answer.accepted_until)?)
    }

    fn remediation(&self, finding: &ReportedFinding, answer: &Answer) -> Option<Remediation> {
        let action = answer.corrective_action.as_ref().filter(|action| !action.trim().is_empty())?;
        let done = answer.implemented_on.zip(self.today()).is_some_and(|(day, today)| day.0 <= today);
        let name = [finding.source.as_str(), &finding.entry.fingerprint];
        let task = |what: &str, title: &str, day: Option<Day>| {
            Some(Task {
                uuid: self.uuid(&["milestone", what, name[0], name[1]]),
                kind: "milestone",
                title: title.to_owned(),
                timing: Timing { on_date: OnDate { date: self.end_of(day?)? } },
                responsible_roles: self.owner(answer.owner.as_deref()),
            })
        };
        let tasks = [
            task("implemented", "In place, as management says", answer.implemented_on),
            task("due", "To be done, as management says", answer.due),
        ];
        Some(Remediation {
            uuid: self.uuid(&["remediation", name[0], name[1]]),
            lifecycle: if done { "completed" } else { "planned" },
            title: "Corrective action".to_owned(),
            description: line(action),
            props: property("response-file", format!("{}:{}", answer.source, answer.line)).into_iter().collect(),
            origins: Vec::new(),
            tasks: tasks.into_iter().flatten().collect(),
            remarks: UNAUDITED.to_owned(),
        })
    }
}

/// What followed, as far as the repository shows it, and as management says.
fn statement(finding: &ReportedFinding) -> String {
    let shown: Vec<String> = finding.impact.iter().map(|impact| line(&impact.text)).collect();
    let mut parts =
        if shown.is_empty() { vec!["What followed from it is not shown by the repository.".to_owned()] } else { shown };
    if let Some(impact) = finding.entry.response.as_ref().and_then(|answer| answer.impact.as_ref()) {
        parts.push(format!("{UNAUDITED} {}", line(impact)));
    }
    parts.join("\n\n")
}

/// What a response says, beside what OSCAL has places for.
fn answered(answer: &Answer) -> Vec<Property> {
    let words = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |value: Option<Day>| value.map(|day| day.to_string()).unwrap_or_default();
    let shown = |of: fn(&Evidence) -> Option<String>| answer.evidence.as_ref().and_then(of).unwrap_or_default();
    let all = [
        property("response-cause", words(&answer.cause)),
        property("response-owner", words(&answer.owner)),
        property("response-approved-by", words(&answer.approved_by)),
        property("response-implemented-on", day(answer.implemented_on)),
        property("response-due", day(answer.due)),
        property("response-accepted-until", day(answer.accepted_until)),
        property("response-misread", shown(|one| one.misread.clone())),
        property("response-evidence", shown(|one| one.path.clone().or_else(|| one.commit.clone()))),
        property("response-evidence-says", shown(|one| one.says.clone())),
        property("response-file", format!("{}:{}", answer.source, answer.line)),
    ];
    all.into_iter().flatten().collect()
}
