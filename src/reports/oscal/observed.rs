//! Observations: what each test saw as a whole, and everything that it found.

use super::context::Context;
use super::model::{Evidence, Observation, Property};
use super::naming::{line, paragraphs, property};
use crate::reports::concluded::Conclusion;
use crate::reports::entry::{uri, word};
use crate::reports::period::control::{ControlReport, TestReport};
use crate::reports::period::finding::ReportedFinding;
use crate::reports::results_json::{LabelEntry, StandingEntry};

/// What was asked and what was looked at.
const METHODS: [&str; 2] = ["TEST", "EXAMINE"];

impl Context<'_> {
    /// What a test saw: k of n, what was left out, and what it was read from.
    pub(super) fn observation(&self, control: &ControlReport, test: &TestReport, came_to: Conclusion) -> Observation {
        let repository = test.entry.repository.as_deref();
        Observation {
            uuid: self.observation_of(control, test),
            title: line(&format!("{}: {}", control.id, test.title)),
            description: format!("{}\n\n{}", line(&test.applied), line(&test.result)),
            props: numbers(control, test, came_to),
            methods: METHODS.to_vec(),
            types: vec!["control-objective"],
            origins: self.origins(),
            subjects: self.subjects(&control.source, repository),
            relevant_evidence: test.sources.iter().flat_map(|source| self.source(control, source)).collect(),
            collected: self.as_of(),
            remarks: paragraphs(&test.does_not_establish),
        }
    }

    /// The UUID of the observation of a test.
    pub(super) fn observation_of(&self, control: &ControlReport, test: &TestReport) -> String {
        let repository = test.entry.repository.as_deref().unwrap_or_default();
        self.uuid_in_period(&["observation", &control.source, &control.id, &test.entry.test, repository])
    }

    /// Something that was found, with what stands where.
    pub(super) fn found(&self, finding: &ReportedFinding) -> Observation {
        let entry = &finding.entry;
        let impact = finding.impact.iter().map(|impact| line(&impact.text));
        let description: Vec<String> = std::iter::once(line(&entry.message)).chain(impact).collect();
        Observation {
            uuid: self.found_as(finding),
            title: line(&entry.message),
            description: description.join("\n\n"),
            props: said(finding),
            methods: METHODS.to_vec(),
            types: vec!["finding"],
            origins: self.origins(),
            subjects: self.subjects(&finding.source, entry.repository.as_deref()),
            relevant_evidence: entry.labels.iter().map(place).collect(),
            collected: self.as_of(),
            remarks: paragraphs(Some(&entry.help).filter(|help| !help.trim().is_empty())),
        }
    }

    /// The UUID of the observation of a finding.
    pub(super) fn found_as(&self, finding: &ReportedFinding) -> String {
        self.uuid_in_period(&["found", &finding.source, &finding.entry.fingerprint])
    }

    /// What a test was read from; a register is its files, each with its digest.
    fn source(&self, control: &ControlReport, source: &str) -> Vec<Evidence> {
        let read = self.report.repositories.iter().find(|one| one.name == control.source);
        let register = source.strip_prefix("register ");
        let files =
            read.into_iter().flat_map(|read| &read.registers).filter(|one| Some(one.register.as_str()) == register);
        let mut all: Vec<Evidence> = files
            .map(|file| Evidence {
                href: Some(uri(&file.file)),
                description: line(&format!("{source}: {}", file.file)),
                props: [property("rows", file.rows), property("sha256", &file.digest)].into_iter().flatten().collect(),
            })
            .collect();
        if all.is_empty() {
            all.push(Evidence { href: None, description: line(source), props: Vec::new() });
        }
        all
    }
}

/// The numbers of a test.
pub(super) fn numbers(control: &ControlReport, test: &TestReport, came_to: Conclusion) -> Vec<Property> {
    let (entry, population) = (&test.entry, &test.entry.population);
    let mut all = vec![
        property("control", &control.id),
        property("test", &entry.test),
        property("conclusion", came_to.word()),
        property("exceptions", entry.exceptions),
        property("items-tested", population.size),
        property("unevidenced", entry.unevidenced),
        property("untestable", entry.untestable),
        property("pending", population.pending),
        property("excluded", population.excluded.iter().map(|one| one.count).sum::<usize>()),
        property("population-digest", &test.digest),
    ];
    all.extend(population.excluded.iter().map(|one| {
        let remarks = Some(line(&one.why));
        property("excluded-because", one.count).map(|count| Property { remarks, ..count })
    }));
    if let Some(frequency) = &test.frequency {
        all.push(frequency.first.and_then(|day| property("first-exception", day)));
        all.push(frequency.last.and_then(|day| property("last-exception", day)));
        all.push(property("sample", frequency.sample));
        all.push(property("chance-of-sample", frequency.chance));
    }
    all.into_iter().flatten().collect()
}

/// What tells a finding from others.
pub(super) fn said(finding: &ReportedFinding) -> Vec<Property> {
    let entry = &finding.entry;
    let mut all = vec![
        property("fingerprint", &entry.fingerprint),
        property("rule", &entry.rule),
        property("control", entry.control.as_deref().unwrap_or_default()),
        property("test", finding.test.as_deref().unwrap_or_default()),
        property("item", &entry.item),
        property("verdict", word(entry.verdict)),
        property("severity", word(entry.severity)),
        property("nature", word(entry.nature)),
        property("fails", finding.fails),
        entry.on.and_then(|day| property("on", day)),
        property("periods-before", finding.also_in.len()),
        property("response", entry.response.as_ref().map(|answer| word(answer.kind)).unwrap_or_default()),
    ];
    match &entry.standing {
        Some(StandingEntry::Known) => all.push(property("standing", "known")),
        Some(StandingEntry::Suppressed { reason, until, approved_by }) => {
            let remarks = Some(line(reason));
            all.push(property("standing", "suppressed").map(|one| Property { remarks, ..one }));
            all.push(property("suppressed-until", until));
            all.push(property("suppression-approved-by", approved_by.as_deref().unwrap_or_default()));
        }
        None => {}
    }
    all.into_iter().flatten().collect()
}

/// A place of a finding. What is no file of the working tree has no address.
fn place(label: &LabelEntry) -> Evidence {
    let of_history = label.source.contains([' ', ':']) || label.source.starts_with("refs/");
    let described = format!("{}:{}:{}: {}", label.source, label.line, label.column, label.text);
    let props = [property("documented", label.primary), property("line", label.line), property("column", label.column)];
    Evidence {
        href: (!of_history && !label.source.is_empty()).then(|| uri(&label.source)),
        description: line(&described),
        props: props.into_iter().flatten().collect(),
    }
}
