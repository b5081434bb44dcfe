//! `tickmark sample`.

use std::collections::BTreeSet;

use super::asked;
use crate::cli::output::Output;
use crate::cli::{Format, Global, Sample};
use crate::engine::{self, Checked};
use crate::error::{Error, Exit, Kind, Result};
use crate::reports::json;
use crate::reports::period::run::{Found, by_test};
use crate::reports::sample::SampleDocument;
use crate::text::{safe, shown};

pub(super) fn sample(global: &Global, of: &Sample) -> Result<Exit> {
    let checked = asked(global, engine::check)?;
    checked.tested()?;
    let (tests, _) = by_test(&checked.ledger, checked.of_documents, &checked.texts.pack);
    let found = chosen(&tests, of, &checked)?;
    let document = SampleDocument::of(found, &checked.calendar, &of.seed, of.size);
    let mut out = Output::open(global)?;
    match global.format {
        Format::Json => out.write(&json::pretty(&document)?)?,
        Format::Csv => out.write(&document.table()?)?,
        _ => out.write(document.text().as_bytes())?,
    }
    out.close()?;
    // What is drawn from a population that is not whole says nothing of the rest.
    Ok(if document.complete { Exit::Clean } else { Exit::Incomplete })
}

/// The test whose items are drawn: the one that was named, or the control's own.
fn chosen<'t, 'l>(tests: &'t [Found<'l>], asked: &Sample, checked: &Checked) -> Result<&'t Found<'l>> {
    let of_control: Vec<&Found<'l>> = tests.iter().filter(|found| found.result.control == asked.control).collect();
    if of_control.is_empty() {
        let known: BTreeSet<&str> = tests.iter().map(|found| found.result.control.as_str()).collect();
        let known: Vec<&str> = known.into_iter().collect();
        let message = format!("no test was applied for a control {}", shown(&asked.control));
        return Err(Error::new(Kind::Usage, message).hint(format!("tested were: {}", safe(&known.join(", ")))));
    }
    let controls = &checked.texts.controls.controls;
    let own =
        controls.iter().find(|control| control.text.id == asked.control).map(|control| control.text.test.as_str());
    let wanted = asked.test.as_deref().or(own);
    let is_wanted = |found: &&&Found<'_>| wanted.is_none_or(|test| found.result.test == test);
    let is_there = |found: &&&Found<'_>| found.result.repository == asked.repository;
    let mut found = of_control.iter().filter(is_wanted).filter(is_there);
    found.next().copied().ok_or_else(|| {
        let name = |found: &&Found<'_>| match &found.result.repository {
            Some(repository) => format!("--test {} --repository {repository}", found.result.test),
            None => format!("--test {}", found.result.test),
        };
        let all: Vec<String> = of_control.iter().map(name).collect();
        Error::new(Kind::Usage, format!("{} has no such test", shown(&asked.control)))
            .hint(format!("name one of: {}", safe(&all.join(", "))))
    })
}
