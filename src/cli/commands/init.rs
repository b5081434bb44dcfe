//! `tickmark init`.

use std::path::Path;

use jiff::Timestamp;

use crate::cli::output::Output;
use crate::cli::{Format, Global};
use crate::engine;
use crate::error::{Error, Exit, Kind, Result};
use crate::starter;

pub(super) fn init(global: &Global, named: Option<&Path>, dry_run: bool) -> Result<Exit> {
    if global.format == Format::Json || global.config.is_some() {
        return Err(Error::new(Kind::Usage, "init writes files: it prints no JSON and takes no configuration")
            .hint("see what it would write: tickmark init --dry-run"));
    }
    let folder = match (&global.directory, named) {
        (Some(base), Some(named)) => base.join(named),
        (None, Some(named)) => named.to_path_buf(),
        (base, None) => engine::directory(base.as_deref()),
    };
    let calendar = engine::asked(global.as_of.as_deref(), global.period.as_deref(), Timestamp::now())?;
    let period = if global.period.is_some() { calendar.period } else { starter::next_month(calendar.as_of) };
    let plan = starter::plan(&folder, period)?;
    if !dry_run {
        plan.write()?;
    }
    let mut out = Output::open(global)?;
    out.write(plan.listed(dry_run).as_bytes())?;
    if !dry_run {
        out.write(format!("\n{}", plan.next()).as_bytes())?;
    }
    out.close()?;
    Ok(Exit::Clean)
}
