//! `tickmark due`.

use super::asked;
use crate::cli::output::Output;
use crate::cli::terminal::style;
use crate::cli::{Format, Global};
use crate::engine;
use crate::error::{Error, Exit, Kind, Result};
use crate::facts::calendar::{Length, When};
use crate::reports::{due, json};

pub(super) fn due(global: &Global, within: Option<&str>, ics: bool, owners: &[String]) -> Result<Exit> {
    let length = within.map(|text| text.parse::<Length>()).transpose().map_err(|why| Error::new(Kind::Usage, why))?;
    let checked = asked(global, engine::check)?;
    let calendar = &checked.calendar;
    let until = length.map(|length| calendar.add(When::instant(calendar.as_of, &calendar.zone), length));
    let pending = due::within(&checked.ledger.pending, calendar, until.as_ref());
    let pending = due::owned(pending, owners, &checked.registers.people, &checked.owners())?;
    let mut out = Output::open(global)?;
    match global.format {
        _ if ics => out.write(due::calendar(&pending, calendar).as_bytes())?,
        Format::Json => out.write(&json::pretty(&due::DueDocument::new(&pending, calendar))?)?,
        _ => out.write(due::table(&pending, style(global).width).as_bytes())?,
    }
    out.close()?;
    // What could not be read may be due as well.
    Ok(match checked.ledger.exit() {
        exit @ (Exit::CouldNotRun | Exit::Incomplete) => exit,
        Exit::Clean | Exit::Exceptions => Exit::Clean,
    })
}
