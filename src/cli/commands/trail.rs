//! `tickmark trail`.

use super::asked;
use crate::cli::output::Output;
use crate::cli::terminal::{report_faults, style};
use crate::cli::{Format, Global};
use crate::engine;
use crate::error::{Exit, Fault, Result};
use crate::reports::{json, trail_csv, trail_json, trail_table};

pub(super) fn trail(global: &Global, revision: Option<&str>, all: bool) -> Result<Exit> {
    let trailed = asked(global, |request| engine::trail(request, revision, all))?;
    report_faults(&trailed.faults, global)?;
    let trail = &trailed.gathered.trail;
    let range = &trailed.range;
    let mut out = Output::open(global)?;
    let document = trail_json::TrailDocument::new(
        trail,
        &trailed.matcher,
        trailed.repository.clone(),
        range.branch.clone(),
        (range.base, range.tip),
    );
    match global.format {
        Format::Json => out.write(&json::line(&document)?)?,
        Format::Csv => out.write(&trail_csv::table(&document)?)?,
        _ => out.write(trail_table::table(trail, &trailed.words, style(global).width).as_bytes())?,
    }
    out.close()?;
    let summary = &document.summary;
    let unread: Vec<Fault> = trail.unread.iter().map(|one| one.fault.clone()).collect();
    report_faults(&unread, global)?;
    let exit = if !trailed.faults.is_empty() {
        Exit::CouldNotRun
    } else if !document.complete || summary.untestable > 0 || !unread.is_empty() {
        Exit::Incomplete
    } else if summary.approved < summary.changes {
        Exit::Exceptions
    } else {
        Exit::Clean
    };
    // What was read is not needed any more, and giving a large history back piece by piece takes as long as
    // printing it.
    std::mem::forget(trailed);
    Ok(exit)
}
