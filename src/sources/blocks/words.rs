//! Words without markup, which know where they stand.

use std::ops::Range;

use crate::text::Span;

/// A text without markup, which knows where each part of it stands in the source.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Offsets in `text` with the place of what begins there, in order.
    pieces: Vec<(usize, Span)>,
}

impl Words {
    pub(super) fn push(&mut self, text: &str, place: Span) {
        self.pieces.push((self.text.len(), place));
        self.text.push_str(text);
    }

    /// The words without markup: what stands in the source is what is read.
    #[must_use]
    pub fn verbatim(text: &str, start: usize) -> Self {
        let mut words = Self::default();
        words.push(text, Span::new(start, start + text.len()));
        words
    }

    /// Where a part of the words stands in the source.
    #[must_use]
    pub fn place(&self, part: Range<usize>) -> Span {
        let start = self.offset(part.start, false);
        Span::new(start, self.offset(part.end, true).max(start))
    }

    /// The place of an offset; as an end it belongs to the piece before it.
    fn offset(&self, at: usize, end: bool) -> usize {
        let behind = self.pieces.partition_point(|(start, _)| if end { *start < at } else { *start <= at });
        let Some((start, place)) = behind.checked_sub(1).and_then(|index| self.pieces.get(index)) else {
            return self.pieces.first().map_or(0, |(_, place)| place.start);
        };
        let next = self.pieces.get(behind).map_or(self.text.len(), |(start, _)| *start);
        // An entity such as `&nbsp;` is longer in the source than in the words; its end is the end of all of it.
        if end && at == next { place.end } else { (place.start + (at - start)).min(place.end) }
    }
}

/// How far a line is indented; a tab stands for four blanks.
pub(super) fn width(line: &str) -> usize {
    line.chars().take_while(|character| character.is_whitespace()).map(|blank| if blank == '\t' { 4 } else { 1 }).sum()
}

/// The mark with which an item begins in the manner of Pandoc: a letter, a Roman number or a number, with a dot or a
/// bracket and words behind it.
#[must_use]
pub fn marker(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let end = line.find(['.', ')'])?;
    let (mark, rest) = line.split_at(end);
    let mark = mark.strip_prefix('(').unwrap_or(mark);
    let lower = mark.to_ascii_lowercase();
    let is_mark = (mark.len() == 1 && mark.chars().all(|letter| letter.is_ascii_alphabetic()))
        || (!mark.is_empty() && mark.len() <= 5 && lower.chars().all(|letter| "ivx".contains(letter)))
        || (!mark.is_empty() && mark.len() <= 3 && mark.chars().all(|digit| digit.is_ascii_digit()));
    (is_mark && rest[1..].starts_with([' ', '\t']) && !rest[1..].trim().is_empty()).then_some(&line[..=end])
}
