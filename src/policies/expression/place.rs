//! Where the characters of an expression stand in the file that holds it.

use std::sync::Arc;

use super::complaint::Complaint;
use super::words::RULE;
use crate::error::Fault;
use crate::text::{SourceText, Span};

/// An expression's text, or a part of a sentence, with the place from which every part of it has its own.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    /// All that stands at the place, of which `text` is the part from `from`.
    whole: &'a str,
    from: usize,
    source: &'a Arc<SourceText>,
    place: Span,
}

impl<'a> Text<'a> {
    pub(super) const fn new(text: &'a str, source: &'a Arc<SourceText>, place: Span) -> Self {
        Self { text, whole: text, from: 0, source, place }
    }

    /// A part of the text; all of it if there is no such part.
    pub(super) fn within(self, part: Span) -> Self {
        match self.text.get(part.start..part.end) {
            Some(text) => Self { text, from: self.from + part.start, ..self },
            None => self,
        }
    }

    /// The fault that a complaint about this text is.
    pub(super) fn fault(&self, complaint: Complaint) -> Fault {
        let Complaint { at, message, label, help } = complaint;
        let part = Span::new(self.from + at.start, self.from + at.end);
        let plain = self.beside(part, self.source.slice(self.place), None);
        let span = plain.or_else(|| self.quoted(part)).unwrap_or(self.place);
        Fault { rule: RULE, message, label, help, source: Arc::clone(self.source), span, other: None }
    }

    /// The place of a part of a text in quotes.
    fn quoted(&self, part: Span) -> Option<Span> {
        let slice = self.source.slice(self.place);
        let quote = slice.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let inner = slice.strip_prefix(quote)?.strip_suffix(quote)?;
        self.beside(part, inner, Some(quote)).map(|span| Span::new(span.start + 1, span.end + 1))
    }

    /// The place of a part of the whole text. `None` where the file writes the text otherwise, with escapes.
    fn beside(&self, part: Span, file: &str, quote: Option<char>) -> Option<Span> {
        let (mut start, mut end) = (None, None);
        let mut walk = Walk { text: self.whole, file, at: 0, beside: 0, quote };
        while let Some((at, from, to)) = walk.step() {
            let from = from?;
            if at <= part.start {
                start = Some(from);
            }
            if at < part.end.max(part.start + 1) {
                end = Some(to);
            }
        }
        let rest = file.get(walk.beside..)?;
        let span = Span::new(self.place.start + start?, self.place.start + end?);
        rest.trim().is_empty().then_some(span)
    }
}

/// Reads a text and what the file has for it side by side. Blanks and line breaks stand for each other, as they do
/// in the scalars of YAML that have several lines.
struct Walk<'a> {
    text: &'a str,
    file: &'a str,
    at: usize,
    beside: usize,
    quote: Option<char>,
}

impl Walk<'_> {
    /// The next character of the text, and where it begins and ends in the file; `None` where the file has another
    /// one there.
    fn step(&mut self) -> Option<(usize, Option<usize>, usize)> {
        let (text, file) = (&self.text[self.at..], &self.file[self.beside..]);
        let next = text.chars().next()?;
        let blank = |text: &str| text.len() - text.trim_start().len();
        if self.at == 0 && !next.is_whitespace() && blank(file) > 0 {
            self.beside += blank(file);
            return self.step_over(next);
        }
        if next.is_whitespace() {
            let (at, from) = (self.at, self.beside);
            self.at += blank(text);
            self.beside += blank(file);
            let known = blank(file) > 0 || text.trim_start().is_empty();
            return Some((at, known.then_some(from), self.beside));
        }
        self.step_over(next)
    }

    fn step_over(&mut self, next: char) -> Option<(usize, Option<usize>, usize)> {
        let (at, from) = (self.at, self.beside);
        let file = &self.file[from..];
        let escape = match (self.quote, next) {
            (Some('\''), '\'') => file.starts_with("''"),
            (Some('"'), '"' | '\\') => file.starts_with('\\'),
            _ => false,
        };
        let begin = usize::from(escape);
        let same = file[begin..].starts_with(next) && (escape || self.quote != Some('"') || next != '\\');
        self.at += next.len_utf8();
        self.beside += if same { begin + next.len_utf8() } else { 0 };
        Some((at, same.then_some(from), self.beside))
    }
}
