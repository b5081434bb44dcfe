//! `tickmark report`.

use std::path::PathBuf;

use super::asked;
use crate::cli::Global;
use crate::cli::output::Output;
use crate::cli::terminal::report_error;
use crate::engine;
use crate::error::{Error, Exit, Kind, Result};

pub(super) fn report(global: &Global, earlier: Option<u8>) -> Result<Exit> {
    let reported = asked(global, |request| engine::report(request, earlier))?;
    let document = reported.document();
    let mut out = Output::open(global)?;
    out.write(&global.format.of_period(&document)?)?;
    out.close()?;
    Ok(reported.checked.ledger.exit())
}

/// Joins the documents of runs. What cannot be read is told at its file, and the rest is reported.
pub(super) fn merge(global: &Global, files: &[PathBuf]) -> Result<Exit> {
    let asked = [&global.as_of, &global.period];
    if global.config.is_some() || asked.iter().any(|given| given.is_some()) {
        let why = "--merge joins runs that were made before: each has its own period, as-of and configuration";
        return Err(
            Error::new(Kind::Usage, why).hint("leave --period, --as-of and --config out, or give them to each run")
        );
    }
    let joined = engine::merge(&engine::directory(global.directory.as_deref()), files)?;
    for refused in &joined.refused {
        let kind = if refused.unread { Kind::Unreadable } else { Kind::Usage };
        report_error(&Error::new(kind, refused.to_string()).hint(refused.help), global);
    }
    let Some(document) = joined.report else {
        return Err(Error::new(
            Kind::Unreadable,
            "none of the files could be read, so that there is nothing to report",
        ));
    };
    let mut out = Output::open(global)?;
    out.write(&global.format.of_period(&document)?)?;
    out.close()?;
    Ok(joined.exit)
}
