//! `tickmark report`.

use super::asked;
use crate::cli::Global;
use crate::cli::output::Output;
use crate::engine;
use crate::error::{Exit, Result};

pub(super) fn report(global: &Global, earlier: Option<u8>) -> Result<Exit> {
    let reported = asked(global, |request| engine::report(request, earlier))?;
    let document = reported.document();
    let mut out = Output::open(global)?;
    out.write(&global.format.of_period(&document)?)?;
    out.close()?;
    Ok(reported.checked.ledger.exit())
}
