//! Tables of text: CSV, with whatever character between the cells.

use super::cells::{Broken, Cell, Rows, Why};
use super::columns::Columns;
use super::reading::{Reading, Words};
use super::{Layout, RawValue};
use crate::text::{Span, shown};

const RULE: &str = "documents/invalid-csv";
/// What may separate the cells where nothing is said; the first of those that divide the header into most cells.
const DELIMITERS: [&str; 3] = [",", ";", "\t"];

pub(super) fn read(reading: &mut Reading<'_>, layout: &Layout) {
    let text = reading.text();
    let mut start = Rows::new(text, reading.start(), DELIMITERS[0]);
    for _ in 0..layout.skip_rows {
        if start.at >= text.len() {
            break;
        }
        start.skip_line();
    }
    let start = start.at;
    let given = layout.delimiter.map(String::from);
    let delimiter = match given.as_deref() {
        Some("\"" | "\n" | "\r" | "\0") => {
            let help = "name another character as the delimiter, such as `;`";
            let message = "a quotation mark, a line break or NUL cannot separate the cells of a table";
            reading.fault("documents/bad-value", Span::new(start, start), Words::new(message, "", help));
            return;
        }
        Some(delimiter) => delimiter,
        None if is_tsv(reading.source.name()) => "\t",
        None => detected(text, start, layout.header_rows),
    };
    let mut rows = Rows::new(text, start, delimiter);
    if let Some(columns) = header(reading, &mut rows, text, layout.header_rows) {
        body(reading, &mut rows, text, columns, delimiter);
    }
}

fn is_tsv(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("tsv"))
}

/// The delimiter that divides the row with the names of the columns into most cells.
fn detected(text: &str, start: usize, header_rows: u32) -> &'static str {
    let cells = |delimiter: &'static str| {
        let mut rows = Rows::new(text, start, delimiter);
        let found = next_filled(&mut rows, header_rows.max(1));
        if matches!(found, Some(Ok(_))) { rows.count } else { 0 }
    };
    let (mut best, mut most) = (DELIMITERS[0], 1);
    for delimiter in DELIMITERS {
        let count = cells(delimiter);
        if count > most {
            (best, most) = (delimiter, count);
        }
    }
    best
}

/// Reads on to the nth row that holds something, or the first that is broken.
fn next_filled(rows: &mut Rows<'_>, mut number: u32) -> Option<Result<Span, Broken>> {
    loop {
        let row = rows.next()?;
        if row.is_ok() && rows.filled == 0 {
            continue;
        }
        number = number.saturating_sub(1);
        if number == 0 || row.is_err() {
            return Some(row);
        }
    }
}

/// The columns, and `rows` behind the header; `None` where the header cannot be read, which is then a fault.
fn header(reading: &mut Reading<'_>, rows: &mut Rows<'_>, text: &str, header_rows: u32) -> Option<Columns> {
    let before = rows.at;
    match next_filled(rows, header_rows.max(1)) {
        Some(Ok(place)) if header_rows == 0 => {
            rows.at = before;
            let names = (1..=rows.cells.len()).map(|number| (number.to_string(), Span::new(place.start, place.start)));
            Columns::new(reading, RULE, names)
        }
        Some(Ok(_)) => {
            let cells = std::mem::take(&mut rows.cells);
            let names = cells.iter().map(|cell| (cell.text(text).trim().to_owned(), cell.place));
            Columns::new(reading, RULE, names)
        }
        Some(Err(broken)) => {
            let mut words = words(broken.why);
            words.help = format!("this row names the columns, so nothing behind it was read; {}", words.help);
            reading.fault(RULE, broken.at, words);
            None
        }
        None => {
            let words = Words::new("this table has no header", "", "name the columns in its first row");
            reading.fault(RULE, Span::new(before, before), words);
            None
        }
    }
}

fn body(reading: &mut Reading<'_>, rows: &mut Rows<'_>, text: &str, mut columns: Columns, delimiter: &str) {
    while let Some(row) = rows.next() {
        match row {
            Ok(_) if rows.filled == 0 => {}
            Ok(place) if columns.fit(rows.count, rows.filled) => {
                let record = columns.record(reading, place, rows.cells.iter().map(|cell| value(cell, text)));
                reading.hand_over(record);
            }
            Ok(place) => misfit(reading, rows, &columns, place, delimiter),
            Err(broken) => {
                reading.fault(RULE, broken.at, words(broken.why));
                rows.at = broken.resume;
            }
        }
    }
}

fn value(cell: &Cell, text: &str) -> RawValue {
    if cell.place.is_empty() {
        return RawValue::Null(cell.place);
    }
    RawValue::Scalar { place: cell.place, text: cell.text(text).into_owned(), plain: !cell.quoted }
}

/// A row that does not fit the header. If one of its cells runs over several lines, that is probably why, and the
/// lines behind its opening quote are read again.
fn misfit(reading: &mut Reading<'_>, rows: &mut Rows<'_>, columns: &Columns, place: Span, delimiter: &str) {
    let (message, label) = columns.misfit(rows.count);
    let shown = if delimiter == "\t" { "a tab".to_owned() } else { shown(delimiter) };
    if let Some(cell) = rows.several_lines {
        let open = cell.start.saturating_sub(1);
        rows.at = rows.behind_line(open);
        let help = "if this quote is a mistake, write it twice or leave it out; reading went on at the next line";
        let label = "this quote opens a cell over several lines";
        reading.fault(RULE, Span::new(open, open + 1), Words::new(message, label, help));
        return;
    }
    let help = format!("put a cell that holds {shown} in quotes; an empty cell still needs {shown} behind it");
    reading.fault(RULE, reading.first_line(place), Words::new(message, label, help));
}

fn words(why: Why) -> Words {
    match why {
        Why::Stray => Words::new(
            "a quotation mark stands inside a cell that has none around it",
            "not expected here",
            "put the whole cell in quotes, without a blank before the first, and write each quote inside it twice",
        ),
        Why::TextBehind => Words::new(
            "text follows the quotation mark that closes a cell",
            "this quote closes the cell",
            "write a quote inside a cell twice",
        ),
        Why::NeverClosed => Words::new(
            "a quotation mark is opened but never closed",
            "opened here",
            "close it, or write a quote inside a cell twice; reading went on at the next line",
        ),
        Why::SeveralLines => Words::new(
            "this row cannot be read to its end",
            "this quote opens a cell over several lines",
            "if the quote is a mistake, write it twice or leave it out; otherwise look at the quotes behind it; reading \
             went on at the next line",
        ),
        Why::Nul => Words::new(
            "a NUL character stands in this row",
            "U+0000",
            "remove it; a file full of them is not UTF-8 and must be saved as that",
        ),
    }
}
