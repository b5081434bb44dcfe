//! Text that knows where it stands: names, spans, lines and columns, and what is safe to show of it.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A half-open range of bytes in a [`SourceText`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`; an inverted range becomes an empty one at `start`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// From the beginning of one span to the end of another.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self::new(self.start, other.end)
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no byte at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end == self.start
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// One line and column, both counted from 1; the column counts characters, as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line number, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A text with the name that people know it by: a path in the repository, or `commit 3fa2c1e …`.
#[derive(Debug)]
pub struct SourceText {
    name: String,
    title: Option<String>,
    text: String,
    line_starts: OnceLock<Vec<usize>>,
}

impl SourceText {
    /// A text that is already known to be UTF-8.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), title: None, text: text.into(), line_starts: OnceLock::new() })
    }

    /// A text whose name says less to people than another title does: a commit, with its day and its author.
    #[must_use]
    pub fn titled(name: impl Into<String>, title: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let (name, title, text) = (name.into(), Some(title.into()), text.into());
        Arc::new(Self { name, title, text, line_starts: OnceLock::new() })
    }

    /// A text of unknown encoding. Each byte that is not UTF-8 becomes `?`, so that offsets into the bytes
    /// remain offsets into the text.
    #[must_use]
    pub fn from_bytes(name: impl Into<String>, bytes: &[u8]) -> Arc<Self> {
        Self::new(name, decode_keeping_offsets(bytes))
    }

    /// The name that programs know it by: a path, or `commit` and the object's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name shown above a snippet.
    #[must_use]
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// The whole text, as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span, clamped to the text and to character boundaries.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let span = self.clamp(span);
        &self.text[span.start..span.end]
    }

    /// The nearest span that lies in the text and on character boundaries.
    #[must_use]
    pub fn clamp(&self, span: Span) -> Span {
        let floor = |mut at: usize| {
            at = at.min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        Span::new(floor(span.start), floor(span.end))
    }

    /// Line and column of a byte offset. The first call indexes the lines; later ones search that index.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.clamp(Span::new(offset, offset)).start;
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let column = self.text[starts[line - 1]..offset].chars().count() + 1;
        Position { line, column }
    }

    /// Byte range of a line (from 1) without its line break; `None` behind the last line.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<Span> {
        let starts = self.line_starts();
        let start = *starts.get(number.checked_sub(1)?)?;
        let end = starts.get(number).map_or(self.text.len(), |next| next - 1);
        let end = if end > start && self.text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end };
        Some(Span::new(start, end))
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(breaks).collect()
        })
    }
}

/// Decodes UTF-8 and puts one `?` for every byte that is not, so that no offset moves.
#[must_use]
pub fn decode_keeping_offsets(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}

/// Whether a character could steer a terminal, reorder what is read, or hide in a line: C0 and C1 controls except
/// tab and line feed, bidirectional overrides and isolates, zero-width characters, line and paragraph separators.
#[must_use]
pub fn is_unsafe_to_show(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Untrusted text made fit for one line of a terminal or a log: what [`is_unsafe_to_show`] names is written as
/// `\u{1b}`, tabs and line breaks become blanks, and the two forms that a workflow runner takes for a command
/// (`::` at the start, `##[` anywhere) are broken up.
#[must_use]
pub fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' | '\n' => out.push(' '),
            '[' if out.ends_with("##") => out.push_str("\\["),
            _ if is_unsafe_to_show(character) => out.extend(character.escape_unicode()),
            _ => out.push(character),
        }
    }
    if out.trim_start().starts_with("::") {
        let blanks = out.len() - out.trim_start().len();
        out.insert(blanks, '\\');
    }
    out
}

/// Untrusted text for one line of a message: clean, and not too long.
#[must_use]
pub fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    let text = text.trim_end();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => safe(&text[..end]) + "…",
        None => safe(text),
    }
}

/// Untrusted text for one line of a message, in backquotes.
#[must_use]
pub fn shown(text: &str) -> String {
    format!("`{}`", short(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_lines_from_one() {
        let text = SourceText::new("a", "ä: 1\r\nb: ü2\n");
        assert_eq!(text.position(0), Position { line: 1, column: 1 });
        assert_eq!(text.position(2), Position { line: 1, column: 2 });
        assert_eq!(text.position(7), Position { line: 2, column: 1 });
        assert_eq!(text.position(12), Position { line: 2, column: 5 });
        assert_eq!(text.line(1).map(|span| text.slice(span)), Some("ä: 1"));
        assert_eq!(text.line(3).map(|span| text.slice(span)), Some(""));
        assert!(text.line(4).is_none());
    }

    #[test]
    fn bytes_that_are_not_utf8_keep_every_offset() {
        assert_eq!(decode_keeping_offsets(b"a\xff\xfeb\xc3\xa4"), "a??bä");
    }

    #[test]
    fn what_steers_a_terminal_or_a_runner_is_escaped() {
        assert_eq!(safe("a\u{1b}[31m\u{202e}b"), "a\\u{1b}[31m\\u{202e}b");
        assert_eq!(safe("::error::x ##[stop]"), "\\::error::x ##\\[stop]");
        assert_eq!(safe("two\nlines"), "two lines");
    }
}
