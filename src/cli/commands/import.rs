//! `tickmark import`.

use std::path::PathBuf;

use super::request;
use crate::cli::output::Output;
use crate::cli::terminal::{eprintln_note, report_faults, style};
use crate::cli::{Format, Global};
use crate::engine;
use crate::error::{Error, Exit, Kind, Result};
use crate::facts::forge::Forge;
use crate::reports::{self, people};

pub(super) fn import(global: &Global, forge: Forge, files: &[PathBuf]) -> Result<Exit> {
    let asked = [("--as-of", &global.as_of), ("--period", &global.period)];
    if global.format == Format::Json || asked.iter().any(|(_, given)| given.is_some()) {
        return Err(Error::new(
            Kind::Usage,
            "import takes the export as it is: it prints no JSON, and knows no period",
        )
        .hint("leave --format, --as-of and --period out; --output names the file of records"));
    }
    let request = request(global, engine::directory(global.directory.as_deref()), &|_| ());
    let imported = engine::import(&request, forge, files, global.output.as_deref())?;
    for finding in &imported.contradictions {
        eprintln_note(&people::diagnostic(finding, style(global)));
    }
    report_faults(&imported.faults, global)?;
    // What --output names is the file of records, and this is what became of it.
    let mut out = Output::open(&Global { output: None, ..global.clone() })?;
    out.write(reports::import::lines(&imported).as_bytes())?;
    out.close()?;
    Ok(imported.exit())
}
