//! Reports of many repositories, joined into one. Each run keeps what it says; what is added up is added up again from all
//! of them, and in what they differ is told. The order of the files changes nothing.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::Timestamp;

use super::control::ControlReport;
use super::finding::ReportedFinding;
use super::recurrence::{Earlier, Remedied};
use super::statement::RepositoryRead;
use super::summary::Summary;
use super::{APART, Labels, PeriodReport, SCHEMA, Tool, common, criteria, limits};
use crate::error::Exit;
use crate::findings::ledger;
use crate::sources::content::sha256;

mod agreeing;
pub mod reading;
mod remarks;
mod results;
mod runs;

use reading::{Refused, Told};
use results::NOT_KNOWN;
use runs::Runs;

/// What came of joining.
#[derive(Debug)]
pub struct Joined {
    /// The report of all runs; nothing where there is none.
    pub report: Option<PeriodReport>,
    /// The documents and runs that are no part of it, in the order of their files.
    pub refused: Vec<Refused>,
    /// The exit status: that of the runs together, of which what could not be read is a part.
    pub exit: Exit,
}

/// Joins documents. `unread` are those that could not be read.
#[must_use]
pub fn join(told: Vec<Told>, unread: Vec<Refused>) -> Joined {
    let mut runs = runs::distinct(told);
    let mut refused = unread;
    refused.sort_by(|one, other| one.file.cmp(&other.file));
    let report = (!runs.told.is_empty()).then(|| whole(&mut runs, &refused));
    let unread = !refused.is_empty();
    let exit = report.as_ref().map_or(Exit::Incomplete, exit);
    let exit = match exit {
        Exit::CouldNotRun => exit,
        // That a run was named twice is a mistake of the command line.
        _ if !runs.twice.is_empty() => Exit::CouldNotRun,
        _ if unread => Exit::Incomplete,
        _ => exit,
    };
    refused.extend(runs.twice);
    refused.sort_by(|one, other| one.file.cmp(&other.file));
    Joined { report, refused, exit }
}

/// The exit status that the runs of a report ended with, together.
#[must_use]
pub fn exit(report: &PeriodReport) -> Exit {
    let failing = report.findings.iter().filter(|finding| finding.fails).map(|finding| finding.entry.verdict);
    ledger::exit(report.repositories.iter().any(|one| !one.configured), failing)
}

/// The report of all runs.
fn whole(runs: &mut Runs, unread: &[Refused]) -> PeriodReport {
    // What made a run is told with it, once several are told.
    for told in &mut runs.told {
        let tool = Some(&told.report.tool).filter(|tool| remarks::is_known(&tool.version));
        told.report.repositories.iter_mut().for_each(|one| one.tool = one.tool.take().or_else(|| tool.cloned()));
    }
    let period = common(runs.told.iter().flat_map(|told| &told.report.repositories).map(|one| one.period));
    let words = period.map_or_else(|| APART.to_owned(), super::days);
    let controls = controls(runs);
    let remarks = remarks::of(runs, &controls, unread, &words);
    let labels = if remarks::same_labels(runs) { first_labels(runs) } else { Labels::default() };
    let (repositories, organization) = (repositories(runs), organization(runs));
    let (findings, earlier, remedied) = (findings(runs), earlier(runs), remedied(runs));
    let scope = runs.told.iter().flat_map(|told| &told.report.criteria).map(|criterion| criterion.id.as_str());
    PeriodReport {
        schema: SCHEMA.to_owned(),
        tool: tool(&repositories),
        organization,
        period: period.unwrap_or_default(),
        as_of: as_of(&repositories),
        timezone: timezone(runs),
        labels,
        summary: Summary::of(&repositories, &controls, &findings, &remedied),
        criteria: criteria::over(&controls, scope),
        earlier,
        limits: all_limits(runs),
        repositories,
        controls,
        findings,
        remedied,
        remarks,
    }
}

fn repositories(runs: &Runs) -> Vec<RepositoryRead> {
    let mut all: Vec<RepositoryRead> =
        runs.told.iter().flat_map(|told| told.report.repositories.iter().cloned()).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// The controls, taken out of their documents: the largest parts of these are in memory once.
fn controls(runs: &mut Runs) -> Vec<ControlReport> {
    let mut all = Vec::new();
    runs.told.iter_mut().for_each(|told| all.append(&mut told.report.controls));
    all.sort_by(|one, other| (&one.id, &one.source).cmp(&(&other.id, &other.source)));
    all
}

/// What is about documents comes first, then what tests found, in the order of the controls.
fn findings(runs: &mut Runs) -> Vec<ReportedFinding> {
    let mut all = Vec::new();
    runs.told.iter_mut().for_each(|told| all.append(&mut told.report.findings));
    let control = |one: &ReportedFinding| one.test.as_ref().and(one.entry.control.clone());
    all.sort_by_cached_key(|one| (one.test.is_some(), control(one), one.source.clone()));
    all
}

fn earlier(runs: &mut Runs) -> Vec<Earlier> {
    let mut all: Vec<Earlier> = Vec::new();
    runs.told.iter_mut().for_each(|told| all.append(&mut told.report.earlier));
    all.sort_by_cached_key(|one| (Reverse((one.period.to, one.period.from)), one.source.clone()));
    all
}

fn remedied(runs: &mut Runs) -> Vec<Remedied> {
    let mut all: Vec<Remedied> = Vec::new();
    runs.told.iter_mut().for_each(|told| all.append(&mut told.report.remedied));
    all.sort_by_cached_key(|one| [&one.control, &one.source, &one.test, &one.rule].map(String::clone));
    all
}

/// The program that joins, and the rules of the runs.
fn tool(repositories: &[RepositoryRead]) -> Tool {
    let known: BTreeSet<&str> =
        repositories.iter().filter_map(|one| one.tool.as_ref()).map(|tool| tool.rules.as_str()).collect();
    let rules = match Vec::from_iter(known).as_slice() {
        [] => NOT_KNOWN.to_owned(),
        [one] => (*one).to_owned(),
        all => sha256(all.iter().map(|one| format!("{one}\n")).collect::<String>().as_bytes()),
    };
    Tool { name: "tickmark".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), rules }
}

/// The name that all reports have.
fn organization(runs: &Runs) -> Option<String> {
    let mut names = runs.told.iter().filter(|told| !told.of_check).map(|told| told.report.organization.as_deref());
    let first = names.next()??;
    names.all(|other| other == Some(first)).then(|| first.to_owned())
}

/// The earliest instant.
fn as_of(repositories: &[RepositoryRead]) -> String {
    let first = repositories.iter().filter_map(|one| Some((one.as_of.parse::<Timestamp>().ok()?, &one.as_of))).min();
    first.map(|(_, text)| text.clone()).unwrap_or_default()
}

/// All zones that are known.
fn timezone(runs: &Runs) -> String {
    let zones = runs.told.iter().map(|told| told.report.timezone.as_str());
    let zones: BTreeSet<&str> = zones.filter(|zone| remarks::is_known(zone)).collect();
    if zones.is_empty() { NOT_KNOWN.to_owned() } else { Vec::from_iter(zones).join(", ") }
}

fn first_labels(runs: &Runs) -> Labels {
    runs.told.iter().find(|told| !told.of_check).map(|told| told.report.labels.clone()).unwrap_or_default()
}

fn all_limits(runs: &Runs) -> Vec<String> {
    let mut all = limits();
    let others: BTreeSet<&String> = runs.told.iter().flat_map(|told| &told.report.limits).collect();
    let others: Vec<String> = others.into_iter().filter(|limit| !all.contains(limit)).cloned().collect();
    all.extend(others);
    all
}
