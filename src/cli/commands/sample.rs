//! `tickmark sample`.

use super::request;
use crate::cli::output::Output;
use crate::cli::terminal::progress;
use crate::cli::{Format, Global, Sample};
use crate::engine::{self, Checked};
use crate::error::{Error, Exit, Kind, Result};
use crate::reports::json;
use crate::reports::period::run::{Found, by_test};
use crate::reports::sample::SampleDocument;
use crate::text::shown;

pub(super) fn sample(global: &Global, asked: &Sample) -> Result<Exit> {
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let checked = engine::check(&request(global, engine::directory(global.directory.as_deref()), &count));
    bar.finish_and_clear();
    let checked = checked?;
    if checked.ledger.misconfigured {
        return Err(Error::new(Kind::Configuration, "the configuration cannot be used, so that nothing was tested")
            .hint("see what is wrong with it: tickmark check"));
    }
    let (tests, _) = by_test(&checked.ledger, checked.of_documents, &checked.texts.pack);
    let found = chosen(&tests, asked, &checked)?;
    let document = SampleDocument::of(found, &checked.calendar, &asked.seed, asked.size);
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
        let known: Vec<&str> = tests.iter().map(|found| found.result.control.as_str()).collect();
        let message = format!("no test was applied for a control {}", shown(&asked.control));
        return Err(Error::new(Kind::Usage, message).hint(format!("tested were: {}", shown(&known.join(", ")))));
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
            .hint(format!("name one of: {}", crate::text::safe(&all.join(", "))))
    })
}
