//! A text as words, numbers and marks, each with its place.

use crate::text::Span;

/// A word, a number or a mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) span: Span,
}

/// The words of a text. A hyphen between letters belongs to its word, so that `bi-annual` is one; between a number and
/// letters it is a mark of its own.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((start, first)) = characters.next() {
        if first.is_whitespace() || matches!(first, '*' | '_' | '`' | '"' | '“' | '”') {
            continue;
        }
        let mut end = start + first.len_utf8();
        if first.is_alphanumeric() {
            while let Some(&(at, next)) = characters.peek() {
                let behind = text[at + next.len_utf8()..].chars().next();
                let joins = matches!(next, '-' | '\'' | '’')
                    && behind.is_some_and(char::is_alphabetic)
                    && !text[start..at].ends_with(|c: char| c.is_ascii_digit());
                if !next.is_alphanumeric() && !joins {
                    break;
                }
                end = at + next.len_utf8();
                characters.next();
            }
        }
        found.push(Word { text: &text[start..end], span: Span::new(start, end) });
    }
    found
}
