//! `tickmark check`.

use std::path::PathBuf;

use super::request;
use crate::cli::hyperlinks::linked;
use crate::cli::output::{self, Output};
use crate::cli::terminal::{eprintln_note, links, progress, style};
use crate::cli::{Format, Global, Settling};
use crate::engine::{self, Request, Scope};
use crate::error::{Exit, Result};

pub(super) fn check(global: &Global, scope: Scope, settling: &Settling) -> Result<Exit> {
    check_in(global, engine::directory(global.directory.as_deref()), scope, settling)
}

/// Checks a folder.
pub(super) fn check_in(global: &Global, directory: PathBuf, scope: Scope, settling: &Settling) -> Result<Exit> {
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let folder = directory.clone();
    let request = Request { scope, ..request(global, directory, &count) };
    let checked = engine::check(&request);
    bar.finish_and_clear();
    let mut checked = checked?;
    settling.settle(&folder, &mut checked)?;
    let mut out = Output::open(global)?;
    let report = global.format.of(&checked.report(), style(global), global.detail())?;
    if global.format == Format::Text {
        out.write(&if links(global) { linked(report, &checked.texts.root) } else { report })?;
        if !global.quiet {
            out.write(output::end(&checked).as_bytes())?;
        }
    } else {
        out.write(&report)?;
        // Not every form has a place for it, and no report is to be taken for one of everything.
        checked.report().remarks().iter().for_each(|line| eprintln_note(line));
    }
    out.close()?;
    Ok(checked.ledger.exit())
}
