//! The criteria in scope, and what covers them. Before a period starts, the table is an assessment of readiness.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::control::ControlReport;
use crate::facts::document::criteria::{self, Category};

/// A criterion, and what covers it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Criterion {
    /// Its id, such as `CC8.1`.
    pub id: String,
    /// A short label of our own.
    pub label: String,
    /// Controls that serve it, by id, each once, however many repositories of a merged report have it.
    pub controls: Vec<String>,
    /// Tests of these controls.
    pub tests: usize,
    /// Tests with at least one item in the period.
    pub with_items: usize,
    /// Tests without any item in the period: their operation was not tested.
    pub without_items: usize,
    /// Items that were tested.
    pub items: usize,
    /// Items with an exception.
    pub exceptions: usize,
    /// Of these controls, those of which some test has an exception, in whatever repository.
    pub controls_with_exceptions: usize,
    /// What stands out, in a sentence: no control, no test with an item, or exceptions in every control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// The criteria in scope with what covers them, in the order of the catalogue, then whatever else controls name.
/// `categories` are those in scope beside security; a criterion that a control serves is told whatever its category.
#[must_use]
pub fn of(controls: &[ControlReport], categories: &[Category]) -> Vec<Criterion> {
    over(controls, categories.iter().chain(&[Category::Security]).flat_map(|category| category.ids()))
}

/// The same where the ids of the criteria in scope are known.
#[must_use]
pub fn over<'a>(controls: &[ControlReport], scope: impl IntoIterator<Item = &'a str>) -> Vec<Criterion> {
    let mut serving: BTreeMap<&str, Vec<&ControlReport>> = BTreeMap::new();
    for control in controls {
        let mut ids: Vec<&str> = control.criteria.iter().map(|id| criteria::named(id).unwrap_or(id)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().for_each(|id| serving.entry(id).or_default().push(control));
    }
    let scope: BTreeSet<&str> = scope.into_iter().collect();
    let of_catalogue = criteria::IDS.into_iter().filter(|id| scope.contains(id) || serving.contains_key(id));
    let others = serving.keys().copied().filter(|id| !criteria::exists(id));
    of_catalogue.chain(others).map(|id| criterion(id, serving.get(id).map_or(&[][..], Vec::as_slice))).collect()
}

/// In a merged report several repositories can have a control of the same id: it is one control, tested in each of them.
fn criterion(id: &str, controls: &[&ControlReport]) -> Criterion {
    let tests = || controls.iter().flat_map(|control| &control.tests).map(|test| &test.entry);
    let with_items = tests().filter(|test| test.population.size > 0).count();
    let failing = || controls.iter().filter(|control| control.tests.iter().any(|test| test.entry.exceptions > 0));
    let all: BTreeSet<&str> = controls.iter().map(|control| control.id.as_str()).collect();
    let with_exceptions: BTreeSet<&str> = failing().map(|control| control.id.as_str()).collect();
    let mut criterion = Criterion {
        id: id.to_owned(),
        label: criteria::label(id).unwrap_or("of another catalogue").to_owned(),
        controls: all.into_iter().map(str::to_owned).collect(),
        tests: tests().count(),
        with_items,
        without_items: tests().count() - with_items,
        items: tests().map(|test| test.population.size).sum(),
        exceptions: tests().map(|test| test.exceptions).sum(),
        controls_with_exceptions: with_exceptions.len(),
        remark: None,
    };
    let sources: BTreeSet<&str> = controls.iter().map(|control| control.source.as_str()).collect();
    let touched: BTreeSet<&str> = failing().map(|control| control.source.as_str()).collect();
    criterion.remark = remark(&criterion, (touched.len(), sources.len()));
    criterion
}

/// What stands out, in words. Whether the criterion is met is for others to judge. The second is in how many repositories
/// some control that serves it has exceptions, and how many have such a control.
fn remark(criterion: &Criterion, (touched, sources): (usize, usize)) -> Option<String> {
    let controls = criterion.controls.len();
    let words = if controls == 0 {
        "no control serves it"
    } else if criterion.tests == 0 {
        "no test of its controls was applied"
    } else if criterion.with_items == 0 {
        "nothing to test occurred in the period"
    } else if criterion.controls_with_exceptions == controls {
        let words = match controls {
            1 => "the only control that serves it has exceptions",
            _ => "every control that serves it has exceptions",
        };
        let among = if sources > 1 { format!(", in {touched} of {sources} repositories") } else { String::new() };
        return Some(format!("{words}{among}"));
    } else {
        return None;
    };
    Some(words.to_owned())
}
