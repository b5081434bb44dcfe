//! `tickmark test`.

use std::path::PathBuf;

use super::request;
use crate::cli::output::Output;
use crate::cli::terminal::style;
use crate::cli::{Format, Global};
use crate::engine;
use crate::error::{Exit, Result};
use crate::reports::{json, trial};

pub(super) fn test(global: &Global, paths: &[PathBuf]) -> Result<Exit> {
    let trial = engine::test(&request(global, engine::directory(global.directory.as_deref()), &|_| ()), paths)?;
    let mut out = Output::open(global)?;
    match global.format {
        Format::Json => out.write(&json::pretty(&trial::TrialDocument::new(&trial))?)?,
        _ => out.write(trial::lines(&trial, style(global)).as_bytes())?,
    }
    out.close()?;
    Ok(trial.exit())
}
