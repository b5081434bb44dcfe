//! The prose of a Markdown text, block by block: what is left when markup, code and the targets of links are taken away.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::markdown::{Markdown, options};
use crate::text::Span;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph, or a part of one.
    Paragraph,
    /// The words of an item of a list.
    Item,
    /// A row of a table.
    Row,
    /// A heading.
    Heading,
}

/// A piece of prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands, from its first word to its last.
    pub span: Span,
    /// Its words, each as far from the beginning as in the source: markup is blank.
    pub text: String,
    /// The cells of a row, in order; empty for anything else.
    pub cells: Vec<Span>,
    /// Position among the headings of the one above it.
    pub heading: Option<usize>,
}

/// The prose of a Markdown text, in its order. Fenced code and HTML are none. What is indented like code is mostly a list
/// in a notation that Markdown does not have (`a.`, `i.`), so each of its lines is an item.
#[must_use]
pub fn blocks(page: &Markdown) -> Vec<Block> {
    let mut reader = Reader { page, blocks: Vec::new(), open: Vec::new(), headings: 0, silent: 0 };
    for (event, range) in Parser::new_ext(&page.source.text()[page.body..], options()).into_offset_iter() {
        reader.take(&event, range.start + page.body..range.end + page.body);
    }
    reader.blocks
}

struct Reader<'p> {
    page: &'p Markdown,
    blocks: Vec<Block>,
    /// Kinds of the blocks that are open, and whether words go on in the last block that was made.
    open: Vec<(BlockKind, bool)>,
    headings: usize,
    silent: usize,
}

impl Reader<'_> {
    fn take(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => self.lines(range),
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => self.silent += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => {
                self.silent = self.silent.saturating_sub(1);
            }
            Event::Start(Tag::Heading { .. }) => {
                self.headings += 1;
                self.begin(BlockKind::Heading);
            }
            Event::Start(Tag::Paragraph) => {
                let inside = self.open.last().is_some_and(|(kind, _)| *kind == BlockKind::Item);
                self.begin(if inside { BlockKind::Item } else { BlockKind::Paragraph });
            }
            Event::Start(Tag::Item) => self.begin(BlockKind::Item),
            Event::Start(Tag::TableHead | Tag::TableRow) => self.begin(BlockKind::Row),
            Event::End(
                TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow,
            ) => {
                self.open.pop();
                self.interrupt();
            }
            Event::Start(Tag::TableCell) => self.cell(range),
            Event::Text(_) | Event::Code(_) => self.words(range),
            _ => {}
        }
    }

    fn begin(&mut self, kind: BlockKind) {
        self.interrupt();
        self.open.push((kind, false));
    }

    /// What follows is a block of its own, although the one around it goes on.
    fn interrupt(&mut self) {
        if let Some((_, goes_on)) = self.open.last_mut() {
            *goes_on = false;
        }
    }

    fn cell(&mut self, range: Range<usize>) {
        self.words(range.start..range.start);
        if let Some(block) = self.blocks.last_mut() {
            block.cells.push(range.into());
        }
    }

    fn words(&mut self, range: Range<usize>) {
        if self.silent > 0 {
            return;
        }
        let Some((kind, goes_on)) = self.open.last_mut() else { return };
        let words = &self.page.source.text()[range.clone()];
        let block = match self.blocks.last_mut() {
            Some(block) if *goes_on => block,
            _ => {
                *goes_on = true;
                let heading = self.headings.checked_sub(1);
                let (span, cells) = (Span::new(range.start, range.start), Vec::new());
                self.blocks.push(Block { kind: *kind, span, text: String::new(), cells, heading });
                let Some(block) = self.blocks.last_mut() else { return };
                block
            }
        };
        // Between two words of a block stand markup and the ends of lines.
        block.text.extend(std::iter::repeat_n(' ', range.start.saturating_sub(block.span.end)));
        block.text.push_str(words);
        block.span.end = block.span.end.max(range.end);
    }

    /// Each line of a block of code that is indented.
    fn lines(&mut self, range: Range<usize>) {
        self.silent += 1;
        let heading = self.headings.checked_sub(1);
        let mut at = range.start;
        for line in self.page.source.text()[range].split_inclusive('\n') {
            let words = line.trim();
            let start = at + (line.len() - line.trim_start().len());
            if !words.is_empty() {
                let (span, text) = (Span::new(start, start + words.len()), words.to_owned());
                self.blocks.push(Block { kind: BlockKind::Item, span, text, cells: Vec::new(), heading });
            }
            at += line.len();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sources::markdown;
    use crate::text::SourceText;

    fn read(text: &str) -> Vec<(BlockKind, String)> {
        let page = markdown::parse(&SourceText::new("page.md", text)).unwrap();
        let all = blocks(&page);
        for block in &all {
            assert_eq!(block.text.len(), block.span.len(), "{block:?}");
        }
        all.into_iter().map(|block| (block.kind, block.text.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
    }

    #[test]
    fn prose_is_kept_and_markup_code_and_targets_are_not() {
        use BlockKind::{Heading, Item, Paragraph, Row};
        let text = "# Scope *here*\n\nSee [two **approvals**](../c.yaml#with.approvals) and\n`code`, ä.\n\n- One\n  - Two [a](b)\n  tail\n\n\
                    ```\nevery month\n```\n\n<!-- each day -->\n\n> Quoted.\n\na. *During:*\n\n    i. Each month\n\n    i. Then\n\n\
                    | Rank | Days |\n| --- | --- |\n| High | 7 |\n";
        let expected = [
            (Heading, "Scope here"),
            (Paragraph, "See two approvals and `code`, ä."),
            (Item, "One"),
            (Item, "Two a tail"),
            (Paragraph, "Quoted."),
            (Paragraph, "a. During:"),
            (Item, "i. Each month"),
            (Item, "i. Then"),
            (Row, "Rank Days"),
            (Row, "High 7"),
        ];
        let expected: Vec<(BlockKind, String)> =
            expected.into_iter().map(|(kind, text)| (kind, text.to_owned())).collect();
        assert_eq!(read(text), expected);
    }

    #[test]
    fn the_cells_of_a_row_are_known_also_where_they_are_empty() {
        let page = markdown::parse(&SourceText::new("p.md", "|A|B|\n|-|-|\n||x|\n")).unwrap();
        let rows = blocks(&page);
        assert_eq!(rows.iter().map(|row| row.cells.len()).collect::<Vec<_>>(), [2, 2]);
    }
}
