//! What a reader of a merged report has to know: in what its runs differ, what is not known of some of them, and which files
//! are missing in it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::super::PeriodReport;
use super::super::control::ControlReport;
use super::super::recurrence::days;
use super::reading::Refused;
use super::results::NOT_KNOWN;
use super::runs::Runs;

/// The remarks of all documents, and what is to be said of them together. `period` is what the runs have in common, in words.
pub(super) fn of(runs: &Runs, controls: &[ControlReport], unread: &[Refused], period: &str) -> Vec<String> {
    let mut remarks: Vec<String> = unread.iter().map(|one| missing(&one.file)).collect();
    remarks.dedup();
    let repositories = || runs.told.iter().flat_map(|told| &told.report.repositories);
    let periods = repositories().map(|one| (days(one.period), one.name.as_str()));
    if let Some(differ) = differing(periods) {
        remarks.push(format!("the periods of the runs differ ({differ}); in common they have {period}"));
    }
    remarks.extend(instants(repositories().map(|one| one.as_of.as_str())));
    // What a merged document says of its time zone and of its headings is of all of its repositories.
    let of_reports = || runs.told.iter().filter(|told| !told.of_check).flat_map(|told| all(&told.report));
    let differ = [
        (
            "days begin and end in different time zones",
            differing(of_reports().map(|(of, name)| (of.timezone.clone(), name))),
        ),
        ("the runs are of different organisations", differing(of_reports().map(|(of, name)| (organization(of), name)))),
    ];
    remarks.extend(differ.into_iter().filter_map(|(what, differ)| Some(format!("{what}: {}", differ?))));
    if !same_labels(runs) {
        remarks.push("the reports have different headings, so that the usual ones stand here".to_owned());
    }
    let tools = || repositories().filter_map(|one| Some((one.tool.as_ref()?, one.name.as_str())));
    if let Some(differ) = differing(tools().map(|(tool, name)| (tool.version.clone(), name))) {
        remarks.push(format!("the runs were made by different versions of tickmark: {differ}"));
    }
    if let Some(differ) = differing(tools().map(|(tool, name)| (tool.rules.chars().take(12).collect(), name))) {
        remarks.push(format!("the tests and rules of the runs differ, by the first digits of their digests: {differ}"));
    }
    remarks.extend(runs.renamed.iter().map(|(new, old, file)| format!("{new} is the repository {old} of {file}")));
    remarks.extend(shared(controls));
    remarks.extend(checks(runs));
    remarks.extend(inherited(runs));
    remarks
}

fn missing(file: &str) -> String {
    format!("{file} was named and could not be read whole: what it tells is missing here")
}

/// A document with each of its repositories.
fn all(report: &PeriodReport) -> impl Iterator<Item = (&PeriodReport, &str)> {
    report.repositories.iter().map(move |one| (report, one.name.as_str()))
}

fn organization(report: &PeriodReport) -> String {
    report.organization.clone().unwrap_or_else(|| "none named".to_owned())
}

/// Whether the headings of all reports are the same.
pub(super) fn same_labels(runs: &Runs) -> bool {
    let mut labels = runs.told.iter().filter(|told| !told.of_check).map(|told| &told.report.labels);
    labels.next().is_none_or(|first| labels.all(|other| other == first))
}

/// Which runs have which value, where they differ; of the most frequent value only that the others have it.
fn differing<'r>(values: impl Iterator<Item = (String, &'r str)>) -> Option<String> {
    let mut of: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    values.for_each(|(value, name)| of.entry(value).or_default().push(name));
    let mut groups: Vec<(String, Vec<&str>)> = of.into_iter().collect();
    if groups.len() < 2 {
        return None;
    }
    groups.sort_by(|one, other| (Reverse(one.1.len()), &one.0).cmp(&(Reverse(other.1.len()), &other.0)));
    let most = groups.first().map_or(0, |(_, names)| names.len());
    let alone = groups.iter().filter(|(_, names)| names.len() == most).count() == 1;
    if alone && most > 2 {
        groups.rotate_left(1);
    }
    let last = groups.len() - 1;
    let told = groups.iter().enumerate().map(|(at, (value, names))| {
        let who = if alone && most > 2 && at == last { "all others".to_owned() } else { listed(names) };
        format!("{who}: {value}")
    });
    Some(told.collect::<Vec<_>>().join("; "))
}

/// Names, in their order.
fn listed(names: &[&str]) -> String {
    let names: Vec<&str> = names.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    names.join(", ")
}

/// From when to when it was asked.
fn instants<'r>(asked: impl Iterator<Item = &'r str>) -> Option<String> {
    let asked: BTreeSet<Timestamp> = asked.filter_map(|text| text.parse().ok()).collect();
    let (first, last) = asked.first().zip(asked.last()).filter(|(first, last)| first != last)?;
    Some(format!("not all runs were asked as of the same instant: the first as of {first}, the last as of {last}"))
}

/// Controls of one id that several repositories have.
fn shared(controls: &[ControlReport]) -> Option<String> {
    let mut of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for control in controls {
        of.entry(&control.id).or_default().insert(&control.source);
    }
    of.retain(|_, sources| sources.len() > 1);
    // Where all have the same, as those of one policy repository do, they are named once.
    let mut by_sources: BTreeMap<BTreeSet<&str>, Vec<&str>> = BTreeMap::new();
    of.into_iter().for_each(|(id, sources)| by_sources.entry(sources).or_default().push(id));
    let told: Vec<String> = by_sources
        .into_iter()
        .map(|(sources, ids)| format!("{} ({})", ids.join(", "), sources.into_iter().collect::<Vec<_>>().join(", ")))
        .collect();
    (!told.is_empty()).then(|| {
        format!(
            "several repositories have a control of the same id; each is tested and counted by itself, and in the table of criteria it is one: {}",
            told.join("; ")
        )
    })
}

/// What is not known where a document is the results of a check.
fn checks(runs: &Runs) -> Option<String> {
    let names: Vec<&str> = runs
        .told
        .iter()
        .filter(|told| told.of_check)
        .flat_map(|told| all(&told.report))
        .map(|(_, name)| name)
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "only the results of a check are known of {}: not {}; errors are taken to fail it, and the table of criteria does not \
             know its controls",
            listed(&names),
            "titles, owners, criteria and parameters of controls, controls without a test, what tests establish, digests, time \
             zone, version and rules, nor what recurs",
        )
    })
}

/// What the documents remark themselves, each sentence once, with those that say it.
fn inherited(runs: &Runs) -> Vec<String> {
    let mut of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut merged: BTreeSet<&str> = BTreeSet::new();
    for report in runs.told.iter().map(|told| &told.report) {
        match report.repositories.as_slice() {
            [one] => report.remarks.iter().for_each(|remark| of.entry(remark).or_default().push(&one.name)),
            // The report of several names them itself.
            _ => merged.extend(report.remarks.iter().map(String::as_str)),
        }
    }
    let every = runs.told.iter().filter(|told| told.report.repositories.len() == 1).count();
    let who = |names: &[&str]| {
        if names.len() == every && merged.is_empty() && every > 2 { "all".to_owned() } else { listed(names) }
    };
    let single = of.iter().map(|(remark, names)| format!("{}: {remark}", who(names)));
    single.chain(merged.iter().map(|remark| (*remark).to_owned())).collect()
}

/// Whether something is known.
pub(super) fn is_known(text: &str) -> bool {
    text != NOT_KNOWN
}
