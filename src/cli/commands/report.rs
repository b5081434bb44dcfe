//! `tickmark report`.

use super::request;
use crate::cli::output::Output;
use crate::cli::terminal::{eprintln_note, progress};
use crate::cli::{Format, Global};
use crate::engine;
use crate::error::{Exit, Result};
use crate::reports::json;
use crate::reports::period::text;

pub(super) fn report(global: &Global, earlier: Option<u8>) -> Result<Exit> {
    let bar = progress();
    let count = |count: usize| bar.inc(count as u64);
    let reported = engine::report(&request(global, engine::directory(global.directory.as_deref()), &count), earlier);
    bar.finish_and_clear();
    let reported = reported?;
    let document = reported.document();
    let mut out = Output::open(global)?;
    match global.format {
        Format::Json => out.write(&json::pretty(&document)?)?,
        _ => out.write(text::summary(&document).as_bytes())?,
    }
    out.close()?;
    if reported.checked.ledger.misconfigured {
        eprintln_note("the configuration cannot be used, so that nothing was tested; see: tickmark check");
    }
    Ok(reported.checked.ledger.exit())
}
