//! Documents of the demo and of repositories like it, to be joined.

use crate::cases;
use std::path::Path;

use serde_json::{Value, json};
use tickmark::demo;
use tickmark::engine::{self, Request};
use tickmark::policies::pack::Pack;
use tickmark::reports::period::PeriodReport;
use tickmark::reports::period::merged::reading::{self, Refused, Told};
use tickmark::reports::period::merged::{Joined, join};

/// The demo as a report and as results of a check, over the first half of 2026.
pub(crate) fn demo() -> (Value, Value) {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    demo::write(&shop).unwrap();
    let asked = request(&shop, "2026-01-01..2026-06-30");
    let reported = engine::report(&asked, None).unwrap();
    let results = reported.checked.report().results();
    (serde_json::to_value(reported.document()).unwrap(), serde_json::to_value(results).unwrap())
}

/// The demo over its second quarter, in which something of the first one is not found again.
pub(crate) fn second_quarter() -> Value {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    demo::write(&shop).unwrap();
    let reported = engine::report(&request(&shop, "2026-04-01..2026-06-30"), None).unwrap();
    serde_json::to_value(reported.document()).unwrap()
}

fn request(folder: &Path, period: &str) -> Request<'static> {
    cases::request(folder, Some(demo::AS_OF), Some(period))
}

/// The same document as the run of another repository, at another commit.
pub(crate) fn of_another(document: &Value, name: &str, digit: char) -> Value {
    let mut other = named(document, name);
    let commit = json!(digit.to_string().repeat(40));
    match other.pointer_mut("/repositories/0/commit") {
        Some(place) => *place = commit,
        None => other["commit"] = commit,
    }
    other
}

/// The same document with another name of its repository.
pub(crate) fn named(document: &Value, name: &str) -> Value {
    let mut other = document.clone();
    if other["schema"] == "tickmark.results/1" {
        other["repository"] = json!(name);
        return other;
    }
    other["repositories"][0]["name"] = json!(name);
    for part in ["controls", "findings", "earlier", "remedied"] {
        other[part].as_array_mut().unwrap().iter_mut().for_each(|one| one["source"] = json!(name));
    }
    other
}

/// The same report over another period, which one run alone was asked about.
pub(crate) fn over(document: &Value, from: &str, to: &str) -> Value {
    let mut other = document.clone();
    for place in ["/period", "/repositories/0/period"] {
        *other.pointer_mut(place).unwrap() = json!({ "from": from, "to": to });
    }
    other
}

pub(crate) fn read(file: &str, document: &Value) -> Result<Told, Refused> {
    reading::read(file, &document.to_string(), &Pack::builtin().unwrap())
}

/// Joins documents, none of which is refused.
pub(crate) fn joined(documents: &[(&str, &Value)]) -> PeriodReport {
    let Joined { report, refused, .. } = attempt(documents);
    assert_eq!(refused, []);
    report.unwrap()
}

/// Joins documents.
pub(crate) fn attempt(documents: &[(&str, &Value)]) -> Joined {
    let (mut told, mut refused) = (Vec::new(), Vec::new());
    for (file, document) in documents {
        match read(file, document) {
            Ok(one) => told.push(one),
            Err(one) => refused.push(one),
        }
    }
    join(told, refused)
}
