//! The findings as a table for spreadsheets.

use csv::Writer;

use super::entry::{Entry, Report, word};
use crate::error::{Error, Kind, Result};

/// The columns.
const COLUMNS: [&str; 15] = [
    "severity",
    "verdict",
    "rule",
    "control",
    "item",
    "message",
    "nature",
    "file",
    "line",
    "column",
    "commit",
    "fingerprint",
    "places",
    "help",
    "standing",
];

/// The table, with its heads.
///
/// # Errors
/// It cannot be written, which memory excludes.
pub fn table(report: &Report<'_>) -> Result<Vec<u8>> {
    written(&COLUMNS, report.entries().iter().map(cells))
}

/// A table of rows, in which no cell is a formula.
///
/// # Errors
/// It cannot be written, which memory excludes.
pub(super) fn written<const N: usize>(columns: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> Result<Vec<u8>> {
    let failed = |why: String| Error::new(Kind::Internal, format!("the report is not CSV: {why}"));
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(columns).map_err(|error| failed(error.to_string()))?;
    for row in rows {
        writer.write_record(row.map(|cell| inert(&cell))).map_err(|error| failed(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| failed(error.to_string()))
}

fn cells(entry: &Entry<'_>) -> [String; 15] {
    [
        word(entry.severity),
        word(entry.verdict),
        entry.rule.to_owned(),
        entry.control.clone().unwrap_or_default(),
        entry.item.clone(),
        entry.message.clone(),
        word(entry.nature),
        entry.path(),
        entry.spot.line.to_string(),
        entry.spot.column.to_string(),
        entry.commit.clone().unwrap_or_default(),
        entry.fingerprint.clone(),
        entry.places.join("; "),
        entry.help.clone(),
        entry.beside.clone().unwrap_or_default(),
    ]
}

/// What a spreadsheet would take for a formula begins with an apostrophe, as words that begin so do themselves.
fn inert(cell: &str) -> String {
    let begins = |character| matches!(character, '=' | '+' | '-' | '@' | '\'' | '＝' | '＋' | '－' | '＠');
    if cell.trim_start().starts_with(begins) { format!("'{cell}") } else { cell.to_owned() }
}
