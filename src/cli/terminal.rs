//! What is told at the terminal beside the report: progress, faults, errors; and how wide and coloured it is.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Global, colour};
use crate::checks::documents::fault;
use crate::error::{Error, Fault, Result};
use crate::findings::finding::Finding;
use crate::policies::pack::Pack;
use crate::reports::people::{self, Style};

/// A bar on standard error, only where that is a terminal.
pub fn progress() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} commits read, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Whether files are linked: on a terminal that follows links, where it is coloured.
#[must_use]
pub fn links(global: &Global) -> bool {
    style(global).color && global.output.is_none() && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
}

/// Width and colours of what is printed, by the options, the environment and the terminal.
#[must_use]
pub fn style(global: &Global) -> Style {
    let terminal = io::stdout().is_terminal() && global.output.is_none();
    let color = colour::wanted(global.color, terminal, |name| std::env::var_os(name));
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = columns.or_else(|| if terminal { measured() } else { None }).unwrap_or(80);
    Style { width: width.clamp(40, 120), color }
}

/// Tells faults as findings are told.
///
/// # Errors
/// The tests that are built in cannot be read, which no repository can cause.
pub fn report_faults(faults: &[Fault], global: &Global) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let pack = Pack::builtin()?;
    let findings: Vec<Finding> = faults.iter().filter_map(|fault| fault::finding(&pack, fault)).collect();
    for finding in &findings {
        eprintln_note(&people::diagnostic(finding, style(global)));
    }
    Ok(())
}

/// Tells why a run ended.
pub fn report_error(error: &Error, global: &Global) {
    eprintln_note(people::error(error, style(global)).trim_end());
    // The faults of an error say where.
    let _ = report_faults(&error.faults, global);
}

/// Writes to standard error; if nobody reads that, there is nothing left to tell.
pub fn eprintln_note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
