//! `tickmark report`.

use super::asked;
use crate::cli::output::Output;
use crate::cli::{Format, Global};
use crate::engine;
use crate::error::{Exit, Result};
use crate::reports::json;
use crate::reports::period::text;

pub(super) fn report(global: &Global, earlier: Option<u8>) -> Result<Exit> {
    let reported = asked(global, |request| engine::report(request, earlier))?;
    let document = reported.document();
    let mut out = Output::open(global)?;
    match global.format {
        Format::Json => out.write(&json::pretty(&document)?)?,
        _ => out.write(text::summary(&document).as_bytes())?,
    }
    out.close()?;
    Ok(reported.checked.ledger.exit())
}
