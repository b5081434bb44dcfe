//! Whether the numbers of a document agree with each other. One that does not was cut, written by hand or altered, and what
//! would be added up from it would be nobody's result.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::super::control::{ControlReport, TestReport};
use super::super::criteria::{self, Criterion};
use super::super::statement::RepositoryRead;
use super::super::summary::Summary;
use super::super::{PeriodReport, common};
use crate::facts::calendar::Period;
use crate::reports::results_json::{ResultsDocument, TestEntry};
use crate::text::shown;

/// A JSON pointer, and what is wrong there.
pub(super) type Wrong = (String, String);
type Checked = Result<(), Wrong>;

/// Stretches of a timeline that are drawn at most.
const STRETCHES: usize = 240;

/// Holds the results of a check against themselves.
pub(super) fn results(document: &ResultsDocument) -> Checked {
    asked((&document.as_of, document.period), "")?;
    document.tests.iter().enumerate().try_for_each(|(at, test)| counted(test, &format!("/tests/{at}")))
}

/// Holds a report against itself.
pub(super) fn report(report: &PeriodReport) -> Checked {
    asked((&report.as_of, report.period), "")?;
    let known = repositories(report)?;
    let found = findings(report, &known)?;
    for (at, control) in report.controls.iter().enumerate() {
        let place = format!("/controls/{at}");
        named(&known, &control.source, &place)?;
        tests(control, &place, &found)?;
    }
    for (at, one) in report.earlier.iter().enumerate() {
        named(&known, &one.source, &format!("/earlier/{at}"))?;
        asked((&one.as_of, one.period), &format!("/earlier/{at}"))?;
    }
    for (at, one) in report.remedied.iter().enumerate() {
        named(&known, &one.source, &format!("/remedied/{at}"))?;
    }
    covered(report)?;
    summed(report)
}

/// That the day and the period of a question are some.
fn asked((as_of, period): (&str, Period), place: &str) -> Checked {
    if as_of.parse::<Timestamp>().is_err() {
        return Err((format!("{place}/as_of"), format!("{} is no instant", shown(as_of))));
    }
    if period.is_inverted() {
        return Err((format!("{place}/period"), "the period ends before it begins".to_owned()));
    }
    Ok(())
}

fn repositories(report: &PeriodReport) -> Result<HashSet<&str>, Wrong> {
    let mut known = HashSet::new();
    for (at, one) in report.repositories.iter().enumerate() {
        asked((&one.as_of, one.period), &format!("/repositories/{at}"))?;
        if !known.insert(one.name.as_str()) {
            let what = format!("two repositories have the name {}", shown(&one.name));
            return Err((format!("/repositories/{at}/name"), what));
        }
    }
    if known.is_empty() {
        return Err(("/repositories".to_owned(), "it is the report of no repository".to_owned()));
    }
    let periods = report.repositories.iter().map(|one: &RepositoryRead| one.period);
    if report.period != common(periods).unwrap_or_default() {
        let what = "the period is not what those of its repositories have in common";
        return Err(("/period".to_owned(), what.to_owned()));
    }
    Ok(known)
}

fn named(known: &HashSet<&str>, source: &str, place: &str) -> Checked {
    if known.contains(source) {
        return Ok(());
    }
    Err((format!("{place}/source"), format!("{} is no repository of this document", shown(source))))
}

/// The findings by repository and fingerprint.
fn findings<'r>(report: &'r PeriodReport, known: &HashSet<&str>) -> Result<HashSet<(&'r str, &'r str)>, Wrong> {
    let mut found = HashSet::new();
    for (at, one) in report.findings.iter().enumerate() {
        let place = format!("/findings/{at}");
        named(known, &one.source, &place)?;
        if !found.insert((one.source.as_str(), one.entry.fingerprint.as_str())) {
            let what = format!("two findings of a run have the fingerprint {}", shown(&one.entry.fingerprint));
            return Err((format!("{place}/fingerprint"), what));
        }
    }
    Ok(found)
}

fn tests(control: &ControlReport, place: &str, found: &HashSet<(&str, &str)>) -> Checked {
    for (at, test) in control.tests.iter().enumerate() {
        let place = format!("{place}/tests/{at}");
        if test.entry.control != control.id {
            let what = format!("the test of {} stands at {}", shown(&test.entry.control), shown(&control.id));
            return Err((format!("{place}/control"), what));
        }
        counted(&test.entry, &place)?;
        drawn(test, &place)?;
        for (at, rule) in test.rules.iter().enumerate() {
            let lost = rule.findings.iter().find(|name| !found.contains(&(control.source.as_str(), name.as_str())));
            if let Some(name) = lost {
                let what = format!("a finding {} is named and not told", shown(name));
                return Err((format!("{place}/rules/{at}/findings"), what));
            }
            if rule.items > rule.findings.len() {
                let what = format!("{} items have {} findings", rule.items, rule.findings.len());
                return Err((format!("{place}/rules/{at}/items"), what));
            }
        }
    }
    Ok(())
}

/// k of n.
fn counted(entry: &TestEntry, place: &str) -> Checked {
    let (exceptions, size) = (entry.exceptions, entry.population.size);
    if exceptions > size {
        let what = format!("{exceptions} of {size} items have exceptions, which cannot be");
        return Err((format!("{place}/exceptions"), what));
    }
    Ok(())
}

/// What is drawn of a test.
fn drawn(test: &TestReport, place: &str) -> Checked {
    let entry = &test.entry;
    if let Some(found) = &test.frequency {
        let place = format!("{place}/frequency");
        if (found.items, found.of) != (entry.exceptions, entry.population.size) {
            let told = format!("{} of {}", entry.exceptions, entry.population.size);
            return Err((place, format!("{} of {} is told, and the test has {told}", found.items, found.of)));
        }
        if !(0.0..=1.0).contains(&found.chance) || found.dated > found.items {
            return Err((place, "this is no frequency: a chance lies between 0 and 1".to_owned()));
        }
    }
    if test.timeline.as_ref().is_some_and(|line| line.stretches.len() > STRETCHES) {
        let what = format!("more than {STRETCHES} stretches are not drawn");
        return Err((format!("{place}/timeline/stretches"), what));
    }
    let lifetimes = test.lifetimes.iter().flat_map(|drawn| &drawn.items);
    match lifetimes.enumerate().find(|(_, one)| one.days < 0) {
        Some((at, _)) => Err((format!("{place}/lifetimes/items/{at}/days"), "less than no day".to_owned())),
        None => Ok(()),
    }
}

/// That the table of criteria is that of the controls.
fn covered(report: &PeriodReport) -> Checked {
    let scope = report.criteria.iter().map(|criterion| criterion.id.as_str());
    let right = criteria::over(&report.controls, scope);
    let right: HashMap<&str, &Criterion> = right.iter().map(|one| (one.id.as_str(), one)).collect();
    for (at, one) in report.criteria.iter().enumerate() {
        let numbers = |of: &Criterion| {
            [of.tests, of.with_items, of.without_items, of.items, of.exceptions, of.controls_with_exceptions]
        };
        let is_right = |right: &&Criterion| numbers(right) == numbers(one) && right.controls == one.controls;
        if right.get(one.id.as_str()).filter(|right| is_right(right)).is_none() {
            let what = format!("what covers {} is not what the controls say", shown(&one.id));
            return Err((format!("/criteria/{at}"), what));
        }
    }
    Ok(())
}

/// That the summary is that of the parts.
fn summed(report: &PeriodReport) -> Checked {
    let right = Summary::of(&report.repositories, &report.controls, &report.findings, &report.remedied);
    if right == report.summary {
        return Ok(());
    }
    let of = |summary: &Summary| serde_json::to_value(summary).unwrap_or_default();
    let (right, told) = (of(&right), of(&report.summary));
    let fields = right.as_object().into_iter().flatten();
    let wrong = fields.filter_map(|(name, right)| Some((name, right, told.get(name)?)));
    let first = wrong.into_iter().find(|(_, right, told)| right != told);
    let (name, right, told) = first
        .map_or_else(Default::default, |(name, right, told)| (format!("/{name}"), right.to_string(), told.to_string()));
    Err((format!("/summary{name}"), format!("the summary says {told}, and what is told adds up to {right}")))
}
