//! Records of Markdown: the pipe tables of GitHub.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::columns::Columns;
use super::reading::{Reading, Words};
use super::{Layout, RawValue};
use crate::sources::markdown::{self, Heading};
use crate::text::{Span, shown};

const RULE: &str = "documents/invalid-table";
/// Headings that a help lists.
const LISTED: usize = 12;

pub(super) fn read(reading: &mut Reading<'_>, layout: &Layout) {
    let page = match markdown::parse(reading.source) {
        Ok(page) => page,
        Err(fault) => {
            reading.add(fault);
            return;
        }
    };
    let sections = match &layout.heading {
        Some(wanted) => sections(&page.headings, wanted, reading.text().len()),
        None => vec![Span::new(0, reading.text().len())],
    };
    if let (Some(wanted), []) = (&layout.heading, sections.as_slice()) {
        no_heading(reading, &page.headings, wanted);
        return;
    }
    let base = page.body;
    let text = reading.text();
    let mut tables = Tables::new(reading, sections);
    for (event, range) in Parser::new_ext(&text[base..], markdown::options()).into_offset_iter() {
        tables.take(event, range.start + base..range.end + base);
    }
    if !tables.found {
        let place = tables.sections.first().map_or(0, |section| section.start);
        let place = layout.heading.as_ref().and_then(|_| heading_before(&page.headings, place)).unwrap_or_default();
        let help = "a table has a row of names, a row such as `| --- | --- |`, and a row for each record";
        let place = reading.first_line(place);
        reading.fault("documents/missing-key", place, Words::new("there is no table here", "no table below", help));
    }
}

/// What stands under each heading that has these words or this anchor, up to the next that is not below it.
fn sections(headings: &[Heading], wanted: &str, end: usize) -> Vec<Span> {
    let wanted = wanted.trim();
    let anchor = wanted.strip_prefix('#').unwrap_or(wanted);
    let by_anchor = |heading: &Heading| heading.anchor == anchor;
    let by_words = |heading: &Heading| heading.text.trim().eq_ignore_ascii_case(wanted);
    // The anchor names one heading; the words may be those of several.
    let any_anchor = headings.iter().any(by_anchor);
    let mut sections: Vec<Span> = Vec::new();
    for (at, heading) in headings.iter().enumerate() {
        let is_meant = if any_anchor { by_anchor(heading) } else { by_words(heading) };
        // One that stands inside another is read with it.
        if is_meant && sections.last().is_none_or(|last| last.end <= heading.span.start) {
            let next = headings[at + 1..].iter().find(|other| other.level <= heading.level);
            sections.push(Span::new(heading.span.end, next.map_or(end, |next| next.span.start)));
        }
    }
    sections
}

fn heading_before(headings: &[Heading], offset: usize) -> Option<Span> {
    headings.iter().rev().map(|heading| heading.span).find(|span| span.end <= offset)
}

fn no_heading(reading: &mut Reading<'_>, headings: &[Heading], wanted: &str) {
    let names: Vec<String> = headings.iter().take(LISTED).map(|heading| shown(&heading.text)).collect();
    let more = if headings.len() > LISTED { ", …" } else { "" };
    let help = if names.is_empty() {
        "this file has no headings".to_owned()
    } else {
        format!("the headings are: {}{more}", names.join(", "))
    };
    let message = format!("there is no heading {} in this file", shown(wanted));
    reading.fault("documents/missing-key", Span::default(), Words::new(message, "", help));
}

/// The tables of a text, taken from its events.
struct Tables<'t, 'r> {
    reading: &'t mut Reading<'r>,
    /// Where tables are read.
    sections: Vec<Span>,
    found: bool,
    /// The columns of the table that is open; `None` outside, and in one that is not read.
    columns: Option<Columns>,
    inside: bool,
    row: Vec<Cell>,
    cell: Option<Cell>,
}

/// A cell: its range with the blanks around it, and what it says.
struct Cell {
    range: Range<usize>,
    text: String,
}

impl<'t, 'r> Tables<'t, 'r> {
    fn new(reading: &'t mut Reading<'r>, sections: Vec<Span>) -> Self {
        Self { reading, sections, found: false, columns: None, inside: false, row: Vec::new(), cell: None }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Table(_)) => {
                // Sections are in the order of the text, and so are tables.
                let at = self.sections.partition_point(|section| section.end <= range.start);
                self.inside = self.sections.get(at).is_some_and(|section| section.start <= range.start);
                self.found |= self.inside;
            }
            Event::End(TagEnd::Table) => {
                self.columns = None;
                self.inside = false;
            }
            _ if !self.inside => {}
            Event::Start(Tag::TableHead | Tag::TableRow) => self.row.clear(),
            Event::Start(Tag::TableCell) => self.cell = Some(Cell { range, text: String::new() }),
            Event::End(TagEnd::TableCell) => self.row.extend(self.cell.take()),
            Event::End(TagEnd::TableHead) => self.head(),
            Event::End(TagEnd::TableRow) => self.end_row(range),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.words(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.words(" "),
            // Other markup is not seen by whoever reads the page either.
            Event::InlineHtml(tag) if tag.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("<br")) => {
                self.words(" ");
            }
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell {
            cell.text.push_str(text);
        }
    }

    fn head(&mut self) {
        let text = self.reading.text();
        let cells = std::mem::take(&mut self.row);
        let names = cells.iter().map(|cell| (cell.text.trim().to_owned(), trimmed(text, &cell.range)));
        self.columns = Columns::new(self.reading, RULE, names);
    }

    fn end_row(&mut self, range: Range<usize>) {
        let Some(columns) = &mut self.columns else { return };
        let text = self.reading.text();
        let place = trimmed(text, &range);
        let cells = std::mem::take(&mut self.row);
        // The reader of Markdown fills up a row that is too short, behind its end, and cuts off one that is too long.
        let given = cells.iter().filter(|cell| cell.range.start < place.end).count();
        let end = cells.last().map_or(place.end, |cell| cell.range.end);
        let more = pieces(text.get(end..place.end).unwrap_or_default());
        let filled = more.iter().rposition(|piece| !piece.trim().is_empty()).map_or(given, |last| given + last + 1);
        if columns.fit(given + more.len(), filled) {
            let values = cells.iter().take(given).map(|cell| value(text, cell));
            let record = columns.record(self.reading, place, values);
            if record.fields.iter().any(|field| !matches!(field.value, RawValue::Null(_))) {
                self.reading.hand_over(record);
            }
        } else {
            let (message, label) = columns.misfit(given + more.len());
            let help = "write `|` inside a cell as `\\|`, also in code; an empty cell still needs its `|`";
            self.reading.fault(RULE, place, Words::new(message, label, help));
        }
    }
}

fn value(text: &str, cell: &Cell) -> RawValue {
    let place = trimmed(text, &cell.range);
    let said = cell.text.trim();
    if said.is_empty() {
        return RawValue::Null(Span::new(place.start, place.start));
    }
    RawValue::Scalar { place, text: said.to_owned(), plain: true }
}

/// A range without the blanks around what it holds.
fn trimmed(text: &str, range: &Range<usize>) -> Span {
    let inside = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (inside.len() - inside.trim_start().len());
    Span::new(start, start + inside.trim().len())
}

/// The cells behind those that the reader of Markdown kept: what stands between the pipes that have no backslash.
fn pieces(rest: &str) -> Vec<&str> {
    let Some(rest) = rest.trim().strip_prefix('|') else { return Vec::new() };
    let mut found = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'\\' => escaped = !escaped,
            b'|' if !escaped => {
                found.push(&rest[start..at]);
                start = at + 1;
            }
            _ => escaped = false,
        }
    }
    // Behind the pipe that ends a row stands no further cell.
    if !rest[start..].trim().is_empty() {
        found.push(&rest[start..]);
    }
    found
}
