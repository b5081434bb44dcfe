//! `tickmark list`.

use super::{print, request};
use crate::cli::list::List;
use crate::cli::terminal::{report_faults, style};
use crate::cli::{Format, Global};
use crate::engine;
use crate::error::{Exit, Result};

pub(super) fn list(global: &Global, asked: &List) -> Result<Exit> {
    let request = request(global, engine::directory(global.directory.as_deref()), &|_| ());
    let (pack, documents) = engine::listed(&request, asked.of_repository())?;
    let listed = asked.listed(&pack, &documents)?;
    let json = global.format == Format::Json;
    print(global, &if json { listed.json()? } else { listed.lines(style(global).width).into_bytes() })?;
    report_faults(&documents.faults, global)?;
    // What is not listed because of a fault may be what somebody looked for.
    Ok(if documents.faults.is_empty() { Exit::Clean } else { Exit::CouldNotRun })
}
