//! Every change that made a control ask for less, as an item of a test of its own.

use crate::checks::documents::weakened::{self, Weakening};
use crate::facts::approval::trail::Change;
use crate::facts::calendar::{Calendar, Day};
use crate::facts::document::control::Control;
use crate::facts::document::in_force::{Governed, InForce, Ruling};
use crate::facts::moment::Moment;
use crate::findings::finding::Finding;
use crate::findings::ledger::{Ledger, TestResult};
use crate::findings::population::Population;
use crate::policies::pack::Pack;
use crate::policies::weaker::{self, Loosened};
use crate::sources::line::Step;
use crate::sources::oid::Oid;

/// The test whose items these are.
const TEST: &str = "control-changes";

/// A version that asks for less than the one before it, or the end of a control.
pub(super) struct Weaker<'f> {
    was: &'f Control,
    is: Option<&'f Control>,
    loosened: Vec<Loosened>,
    pub(super) step: Step,
}

/// What made a control ask for less in the period, oldest first.
pub(super) fn of<'f>(
    governed: &'f Governed,
    in_force: &'f InForce,
    pack: &Pack,
    calendar: &Calendar,
) -> Vec<Weaker<'f>> {
    let step = |position: usize| in_force.line().steps.get(position).copied();
    let mut found = Vec::new();
    let mut newer: Option<(&Ruling, usize)> = None;
    for ruling in &governed.versions {
        let Some((newest, oldest)) = ruling.steps else { continue };
        let was = &*ruling.control;
        match newer {
            Some((is, brought)) if brought + 1 == newest => {
                let loosened = weaker::loosened(pack, was, &is.control);
                let step = step(brought).filter(|_| !loosened.is_empty());
                found.extend(step.map(|step| Weaker { was, is: Some(&is.control), loosened, step }));
            }
            // It was taken out, and may have come back since.
            _ => {
                let gone = newest.checked_sub(1).filter(|at| !goes_on_elsewhere(in_force, was, *at));
                let gone = gone.and_then(step);
                found.extend(gone.map(|step| Weaker { was, is: None, loosened: Vec::new(), step }));
            }
        }
        newer = Some((ruling, oldest));
    }
    found.retain(|weaker| calendar.holds(calendar.period, Moment::from(&weaker.step)));
    found.reverse();
    found
}

/// Whether a control got another id: the step that took it out brought one that judges in the same way.
fn goes_on_elsewhere(in_force: &InForce, was: &Control, step: usize) -> bool {
    let brought = |ruling: &Ruling| ruling.steps.is_some_and(|(_, oldest)| oldest == step);
    let mut rulings = in_force.controls.iter().flat_map(|governed| &governed.versions);
    rulings.any(|ruling| brought(ruling) && ruling.control.judges_as(was))
}

/// Enters who agreed to what made a control ask for less. `changes` are those of the branch whose documents are in
/// force, newest first.
pub(super) fn enter(
    found: &[Weaker<'_>],
    changes: &[Change],
    (pack, calendar): (&Pack, &Calendar),
    ledger: &mut Ledger,
) {
    let Some(first) = found.first() else { return };
    let mut findings: Vec<Finding> = Vec::new();
    let mut population = Population::default();
    for weaker in found {
        let Some(change) = changes.iter().find(|change| change.commit == weaker.step.id) else { continue };
        let (was, is, loosened) = (weaker.was, weaker.is, weaker.loosened.clone());
        let judged = judged(was, weaker.step.id, ledger);
        let weakening = Weakening { was, is, loosened, change, day: calendar.day(change.landed_at), judged };
        findings.extend(weakened::finding(pack, &weakening));
        population.tested(weakening.member());
    }
    let result = TestResult::of(first.was, "changes that weaken it");
    ledger.enter(TestResult { test: TEST.to_owned(), population, ..result }, findings);
}

/// How many items of the tests of a control were judged by the version that a step brought, in words, and until when that
/// version stood; nothing if there were none.
fn judged(control: &Control, step: Oid, ledger: &Ledger) -> Option<(String, Option<Day>)> {
    let of = ledger.tests.iter().filter(|result| result.control == control.text.id && result.test != TEST);
    let by = |result: &TestResult| {
        let version = result.versions.iter().find(|version| version.commit == Some(step) && version.items > 0)?;
        let were = if version.items == 1 { "was" } else { "were" };
        Some((format!("{} of the {} {were}", version.items, result.items), version.until))
    };
    let all: Vec<(String, Option<Day>)> = of.filter_map(by).collect();
    let until = all.first()?.1;
    Some((all.into_iter().map(|(items, _)| items).collect::<Vec<_>>().join(", "), until))
}
