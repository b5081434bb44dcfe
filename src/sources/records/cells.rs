//! Rows of a text table, cut into cells by RFC 4180, with the place of each.
//!
//! A quotation mark that is opened and never closed, or closed where text follows, would swallow the rows behind it.
//! So the row that holds it is given up, and reading goes on at the line behind the opening one. However the marks
//! stand, no line is looked at more than a few times: a cell over several lines ends with the next lone mark, and the
//! lines up to there, read again on their own, hold none.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3};

use super::MAX_COLUMNS;
use crate::text::Span;

const QUOTE: u8 = b'"';

/// One cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// Where it stands: inside its quotes, or without the blanks around it.
    pub(super) place: Span,
    pub(super) quoted: bool,
    /// Whether it holds doubled quotes.
    doubled: bool,
}

impl Cell {
    /// What it says.
    pub(super) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let written = text.get(self.place.start..self.place.end).unwrap_or_default();
        if self.doubled { Cow::Owned(written.replace("\"\"", "\"")) } else { Cow::Borrowed(written) }
    }
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// A quotation mark where none can stand.
    Stray,
    /// A quotation mark that closes the cell, with text behind it.
    TextBehind,
    /// A quotation mark that is never closed, or only where another cell is meant to begin.
    NeverClosed,
    /// A quotation mark that opens a cell over several lines, behind which the row is broken.
    SeveralLines,
    /// A NUL character.
    Nul,
}

/// A row that cannot be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broken {
    pub(super) at: Span,
    pub(super) why: Why,
    /// Where reading goes on.
    pub(super) resume: usize,
}

/// The rows of a text. The cells of the row that was read last are in `cells`.
pub(super) struct Rows<'t> {
    text: &'t str,
    pub(super) at: usize,
    delimiter: &'t [u8],
    pub(super) cells: Vec<Cell>,
    /// Cells of the row, also those that `cells` has no place for.
    pub(super) count: usize,
    /// Cells up to the last one that is not empty.
    pub(super) filled: usize,
    /// The first cell of the row that runs over several lines.
    pub(super) several_lines: Option<Span>,
    nul: Option<usize>,
}

impl<'t> Rows<'t> {
    /// The rows from an offset on. The delimiter is neither empty, a quotation mark nor a line break.
    pub(super) fn new(text: &'t str, at: usize, delimiter: &'t str) -> Self {
        let (delimiter, cells) = (delimiter.as_bytes(), Vec::new());
        Self { text, at, delimiter, cells, count: 0, filled: 0, several_lines: None, nul: None }
    }

    /// Reads the next row; its place is without the line break. `None` at the end of the text.
    pub(super) fn next(&mut self) -> Option<Result<Span, Broken>> {
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        self.cells.clear();
        (self.count, self.filled, self.several_lines, self.nul) = (0, 0, None, None);
        let mut at = start;
        loop {
            let cell = if self.byte(at) == Some(QUOTE) { self.quoted(at) } else { self.plain(at) };
            let end = match cell {
                Ok(end) => end,
                Err(broken) => return Some(Err(self.blamed(broken))),
            };
            if self.is_delimiter(end) {
                at = end + self.delimiter.len();
                continue;
            }
            self.at = self.behind_break(end);
            return Some(match self.nul {
                Some(nul) => Err(Broken { at: Span::new(nul, nul + 1), why: Why::Nul, resume: self.at }),
                None => Ok(Span::new(start, end)),
            });
        }
    }

    /// Skips a line, whatever it holds.
    pub(super) fn skip_line(&mut self) {
        self.at = self.behind_line(self.at);
    }

    /// Offset behind the line that an offset lies in.
    pub(super) fn behind_line(&self, at: usize) -> usize {
        self.behind_break(self.line_end(at))
    }

    /// Reads a cell without quotes; gives the offset behind it.
    fn plain(&mut self, start: usize) -> Result<usize, Broken> {
        let end = self.plain_end(start);
        let bytes = &self.text.as_bytes()[start..end];
        if let Some(found) = memchr2(QUOTE, 0, bytes) {
            if bytes[found] == QUOTE {
                let at = Span::new(start + found, start + found + 1);
                return Err(Broken { at, why: Why::Stray, resume: self.behind_line(start + found) });
            }
            self.nul.get_or_insert(start + found);
        }
        let text = &self.text[start..end];
        let begin = start + (text.len() - text.trim_start_matches([' ', '\t']).len());
        let length = text.trim_matches([' ', '\t']).len();
        self.push(Cell { place: Span::new(begin, begin + length), quoted: false, doubled: false });
        Ok(end)
    }

    fn plain_end(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(found) = memchr3(self.delimiter[0], b'\n', b'\r', &self.text.as_bytes()[at..]) {
            at += found;
            if self.is_delimiter(at) || matches!(self.byte(at), Some(b'\n' | b'\r')) {
                return at;
            }
            at += 1;
        }
        self.text.len()
    }

    /// Reads a cell in quotes; gives the offset behind it.
    fn quoted(&mut self, open: usize) -> Result<usize, Broken> {
        let mut doubled = false;
        let mut at = open + 1;
        let close = loop {
            let Some(found) = memchr(QUOTE, self.text.as_bytes().get(at..).unwrap_or_default()) else {
                return Err(self.never_closed(open));
            };
            at += found;
            if self.byte(at + 1) != Some(QUOTE) {
                break at;
            }
            doubled = true;
            at += 2;
        };
        let place = Span::new(open + 1, close);
        let inside = &self.text.as_bytes()[place.start..place.end];
        let several_lines = memchr2(b'\n', b'\r', inside).is_some();
        let mut end = close + 1;
        while matches!(self.byte(end), Some(b' ' | b'\t')) && !self.is_delimiter(end) {
            end += 1;
        }
        if !self.is_delimiter(end) && !matches!(self.byte(end), Some(b'\n' | b'\r') | None) {
            if several_lines {
                return Err(self.never_closed(open));
            }
            let at = Span::new(close, close + 1);
            return Err(Broken { at, why: Why::TextBehind, resume: self.behind_line(close) });
        }
        if several_lines {
            self.several_lines.get_or_insert(place);
        }
        if let Some(found) = memchr(0, inside) {
            self.nul.get_or_insert(place.start + found);
        }
        self.push(Cell { place, quoted: true, doubled });
        Ok(end)
    }

    /// What is to blame for a broken row: a cell before that runs over several lines may be where it went wrong, and
    /// then the lines that it took hold rows.
    fn blamed(&self, broken: Broken) -> Broken {
        let Some(cell) = self.several_lines else { return broken };
        Broken { why: Why::SeveralLines, ..self.never_closed(cell.start.saturating_sub(1)) }
    }

    fn never_closed(&self, open: usize) -> Broken {
        Broken { at: Span::new(open, open + 1), why: Why::NeverClosed, resume: self.behind_line(open) }
    }

    fn push(&mut self, cell: Cell) {
        self.count += 1;
        if !cell.place.is_empty() {
            self.filled = self.count;
        }
        // One more than is read, so that whoever takes the row for a header sees that it is too long.
        if self.count <= MAX_COLUMNS + 1 {
            self.cells.push(cell);
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn is_delimiter(&self, at: usize) -> bool {
        self.text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(self.delimiter))
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        memchr2(b'\n', b'\r', rest).map_or(self.text.len(), |found| at + found)
    }

    /// Offset behind the line break at an offset: CRLF, LF or CR.
    fn behind_break(&self, at: usize) -> usize {
        match (self.byte(at), self.byte(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => at + 2,
            (Some(_), _) => at + 1,
            (None, _) => at,
        }
    }
}
