//! The sentences of a document, each with the words above it that it goes on from.

use std::ops::Range;

use crate::facts::document::quantity::tokens::{Token, What, tokens};
use crate::sources::blocks::{Block, BlockKind, marker};
use crate::sources::markdown::Markdown;

/// A sentence.
pub(super) struct Sentence<'p> {
    /// The block that holds it.
    pub(super) block: &'p Block,
    /// Where it stands in the words of its block, in bytes.
    pub(super) at: Range<usize>,
}

impl<'p> Sentence<'p> {
    /// Its words.
    pub(super) fn text(&self) -> &'p str {
        &self.block.words.text[self.at.clone()]
    }
}

/// Bytes of a sentence; what is longer is a list or a table that nobody closed.
const LONGEST: usize = 2_000;
/// Bytes that are read of the words above a sentence.
const NEAR: usize = 400;
/// Blocks above a block whose words are looked at.
const MAX_ABOVE: usize = 4;

/// The sentences in which an organisation says what it does: no headings, no code, no quotations.
pub(super) fn sentences(page: &Markdown) -> Vec<Sentence<'_>> {
    let says = |block: &&Block| {
        !block.quoted && matches!(block.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Cell)
    };
    page.blocks.iter().filter(says).flat_map(split).collect()
}

/// Abbreviations whose point ends no sentence.
const ABBREVIATIONS: [&str; 12] =
    ["e.g", "i.e", "etc", "vs", "no", "approx", "max", "min", "incl", "inc", "cf", "resp"];

fn split(block: &Block) -> Vec<Sentence<'_>> {
    let text = block.words.text.as_str();
    let mut start = marker(text).map_or(0, |mark| text.len() - text.trim_start().len() + mark.len());
    let mut found = Vec::new();
    for (at, sign) in text.char_indices().filter(|(_, sign)| matches!(sign, '.' | '!' | '?' | ';')) {
        if at <= start {
            continue;
        }
        let end = at + sign.len_utf8();
        let word = text[start..at].rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
        let goes_on = !text[end..].starts_with(|next: char| next.is_whitespace() || "\"”’)*_".contains(next));
        if goes_on || (sign == '.' && (ABBREVIATIONS.contains(&word.as_str()) || word.chars().count() == 1)) {
            continue;
        }
        found.push(Sentence { block, at: start..end });
        start = end;
    }
    if !text[start..].trim().is_empty() {
        found.push(Sentence { block, at: start..text.len() });
    }
    found.retain(|sentence| sentence.at.len() <= LONGEST);
    found
}

/// The last or the first words of a text that is no sentence of its own.
fn nearest(text: &str, from_end: bool) -> Vec<Token> {
    let mut range = if from_end { text.len().saturating_sub(NEAR)..text.len() } else { 0..NEAR.min(text.len()) };
    while !text.is_char_boundary(range.start) {
        range.start += 1;
    }
    while !text.is_char_boundary(range.end) {
        range.end -= 1;
    }
    tokens(&text[range])
}

/// A sign that keeps the words of two blocks apart.
pub(super) fn apart() -> Token {
    Token { what: What::Sign('|'), at: 0..0, glued: false }
}

/// The words above a block that its sentences go on from: of an item those that introduce it, of a cell those of its
/// column and its row.
pub(super) fn above(page: &Markdown, block: &Block) -> Vec<Token> {
    let mut found = Vec::new();
    if block.kind == BlockKind::Cell {
        let cells = block.parent.into_iter().chain(block.row);
        for cell in cells.filter_map(|cell| page.blocks.get(cell)) {
            found.extend(nearest(&cell.words.text, false));
            found.push(apart());
        }
        return found;
    }
    let mut next = block.parent;
    for _ in 0..MAX_ABOVE {
        let Some(parent) = next.and_then(|index| page.blocks.get(index)) else { break };
        found.extend(nearest(&parent.words.text, true));
        found.push(apart());
        next = parent.parent;
    }
    found
}

/// The headings of a text, each with the one that it stands under.
pub(super) struct Headings<'p> {
    page: &'p Markdown,
    above: Vec<Option<usize>>,
}

impl<'p> Headings<'p> {
    /// Those of a text.
    pub(super) fn of(page: &'p Markdown) -> Self {
        let mut open: Vec<usize> = Vec::new();
        let mut above = Vec::with_capacity(page.headings.len());
        for (index, heading) in page.headings.iter().enumerate() {
            while open.last().is_some_and(|last| page.headings[*last].level >= heading.level) {
                open.pop();
            }
            above.push(open.last().copied());
            open.push(index);
        }
        Self { page, above }
    }

    /// The words of those that a block stands under, from the nearest to the title.
    pub(super) fn over(&self, block: &Block) -> Vec<Token> {
        let mut found = Vec::new();
        let mut next = block.heading;
        while let Some((index, heading)) = next.and_then(|index| Some((index, self.page.headings.get(index)?))) {
            found.extend(nearest(&heading.text, false));
            found.push(apart());
            next = self.above.get(index).copied().flatten();
        }
        found
    }
}
