//! The blocks of a Markdown text, each with its words and the place of every one of them: what people read, without the
//! markup, and without losing where it stands.

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use crate::text::Span;

mod words;

use words::width;
pub use words::{Words, marker};

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// The words of a list item, or of a step under a letter or a Roman number as Pandoc writes them.
    Item,
    /// One cell of a table below its header.
    Cell,
    /// One cell of a table's header.
    HeaderCell,
    /// The words of a heading.
    Heading,
    /// Code between fences or indented; nobody promises anything in it.
    Code,
}

/// One block of a text.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The last heading before it, as an index into the headings of the text; of a heading, its own.
    pub heading: Option<usize>,
    /// Of an item, the block that it stands under: an item around it, or the paragraph that introduces its list. Of a
    /// cell, the header of its column.
    pub parent: Option<usize>,
    /// Of a cell, the first cell of its row, where it is another one.
    pub row: Option<usize>,
    /// Whether it is a quotation: what somebody else says.
    pub quoted: bool,
    /// Where it stands, with its markup.
    pub span: Span,
    /// Its words.
    pub words: Words,
}

/// Whether what stands in angle brackets is no tag: several words, and no value for any of them.
fn is_words(tag: &str) -> bool {
    tag.contains(' ') && !tag.contains(['=', '/', '!', '?'])
}

/// Blocks that may stand inside each other and are remembered; deeper ones belong to the innermost of these.
const MAX_OPEN: usize = 64;

/// Collects blocks from the events of a parser.
#[derive(Default)]
pub(super) struct Collector {
    blocks: Vec<Block>,
    open: Option<Block>,
    /// Items that are open, each with the block of its own words once it has some.
    items: Vec<Option<usize>>,
    quotes: usize,
    /// Whether the code that is open is indented, and not between fences.
    indented: bool,
    headings: usize,
    /// What the list that opens next stands under.
    before: Option<usize>,
    introductions: Vec<Option<usize>>,
    table: Table,
}

#[derive(Default)]
struct Table {
    header: Vec<usize>,
    column: usize,
    first: Option<usize>,
    in_header: bool,
}

impl Collector {
    /// All blocks, in the order of the text.
    pub(super) fn finish(self) -> Vec<Block> {
        self.blocks
    }

    /// Takes the next event of the parser, at its place in the source.
    pub(super) fn take(&mut self, event: &Event<'_>, span: Span, source: &str) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(*tag, span, source),
            Event::Text(text) | Event::Code(text) => self.words(text, span, source),
            // `<insert address here>` looks like a tag to Markdown, and like words to people.
            Event::InlineHtml(tag) if is_words(tag) => self.words(tag, span, source),
            Event::SoftBreak | Event::HardBreak => self.line_break(span, source),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        match tag {
            Tag::Paragraph => {
                let kind = if self.items.is_empty() { BlockKind::Paragraph } else { BlockKind::Item };
                self.open(kind, span);
            }
            Tag::Heading { .. } => {
                self.close();
                self.headings += 1;
                self.open(BlockKind::Heading, span);
            }
            Tag::CodeBlock(kind) => {
                self.close();
                self.open(BlockKind::Code, span);
                self.indented = *kind == CodeBlockKind::Indented;
            }
            Tag::List(_) => {
                self.close();
                let introduction = self.items.last().copied().flatten().or(self.before);
                if self.introductions.len() < MAX_OPEN {
                    self.introductions.push(introduction);
                }
            }
            Tag::Item => {
                self.close();
                self.items.push(None);
            }
            Tag::BlockQuote(_) => {
                self.close();
                self.quotes += 1;
            }
            Tag::Table(_) => self.table = Table::default(),
            Tag::TableHead => self.table.in_header = true,
            Tag::TableRow => {
                self.table.column = 0;
                self.table.first = None;
            }
            Tag::TableCell => {
                self.open(if self.table.in_header { BlockKind::HeaderCell } else { BlockKind::Cell }, span);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span, source: &str) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) => self.close(),
            TagEnd::CodeBlock => self.close_code(span, source),
            TagEnd::Item => {
                self.close();
                self.items.pop();
            }
            TagEnd::List(_) => {
                self.introductions.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.close();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::TableHead => self.table.in_header = false,
            TagEnd::TableCell => self.close_cell(),
            _ => {}
        }
    }

    fn open(&mut self, kind: BlockKind, span: Span) {
        self.close();
        let parent = match kind {
            BlockKind::Item => self.above(),
            BlockKind::Cell => self.table.header.get(self.table.column).copied(),
            _ => None,
        };
        let row = if kind == BlockKind::Cell { self.table.first } else { None };
        let heading = self.headings.checked_sub(1);
        let (quoted, words) = (self.quotes > 0, Words::default());
        self.open = Some(Block { kind, heading, parent, row, quoted, span, words });
    }

    /// What the words of an item stand under: its own first words, the item around it, or what introduces its list.
    fn above(&self) -> Option<usize> {
        let own = self.items.last().copied().flatten();
        own.or_else(|| self.introductions.last().copied().flatten())
    }

    fn words(&mut self, text: &str, span: Span, source: &str) {
        if self.open.is_none() {
            // The words of a tight list have no paragraph around them.
            if self.items.is_empty() {
                return;
            }
            self.open(BlockKind::Item, span);
        }
        if let Some(block) = &mut self.open {
            // Code inside of a line stands between marks, which are no words.
            let marks = span.len().saturating_sub(text.len());
            let inside = Span::new(span.start + marks / 2, span.end - marks / 2);
            let place = if inside.len() == text.len() && source.get(inside.start..inside.end) == Some(text) {
                inside
            } else {
                span
            };
            block.words.push(text, place);
            block.span = block.span.to(span);
        }
    }

    /// A new line goes on with the sentence, unless it begins an item in the manner of Pandoc.
    fn line_break(&mut self, span: Span, source: &str) {
        let line = source.get(span.start..).and_then(|rest| rest.split('\n').nth(1)).unwrap_or_default();
        let Some(block) = &mut self.open else { return };
        if marker(line).is_some() && block.kind != BlockKind::Heading && marker(&block.words.text).is_some() {
            self.open(BlockKind::Item, Span::new(span.end, span.end));
            let under = self.before.filter(|_| width(line) > 1);
            if let Some(block) = &mut self.open {
                block.parent = under;
            }
        } else {
            block.words.push(" ", span);
        }
    }

    fn close(&mut self) {
        let Some(block) = self.open.take() else { return };
        if block.words.text.trim().is_empty() {
            return;
        }
        let number = self.blocks.len();
        match block.kind {
            BlockKind::Item => {
                if let Some(own) = self.items.last_mut() {
                    own.get_or_insert(number);
                }
            }
            BlockKind::Paragraph => self.before = Some(number),
            BlockKind::Heading => self.before = None,
            _ => {}
        }
        self.blocks.push(block);
    }

    fn close_cell(&mut self) {
        let number = self.blocks.len();
        // A cell without words keeps its column.
        let Some(block) = self.open.take() else { return };
        let header = block.kind == BlockKind::HeaderCell;
        self.blocks.push(block);
        if header {
            self.table.header.push(number);
        } else if self.table.first.is_none() {
            self.table.first = Some(number);
        }
        self.table.column += 1;
    }

    /// Pandoc has letters and Roman numbers for items, and what is indented below them are items too, although the
    /// Markdown of the forges takes it for code. Each stands under the paragraph above, or the item less indented.
    fn close_code(&mut self, span: Span, source: &str) {
        let Some(code) = self.open.take() else { return };
        let start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let lines = source.get(start..span.end).unwrap_or_default();
        if !self.indented || marker(lines.trim_start()).is_none() {
            self.open = Some(Block { span, ..code });
            return self.close();
        }
        let item = Block { kind: BlockKind::Item, words: Words::default(), ..code };
        let mut above: Vec<(usize, usize)> = Vec::new();
        let mut at = start;
        for line in lines.split_inclusive('\n') {
            let text = line.trim_end();
            let indent = width(text);
            let words = text.trim_start();
            let place = Span::new(at + (text.len() - words.len()), at + text.len());
            at += line.len();
            if marker(words).is_some() {
                self.close();
                above.retain(|(depth, _)| *depth < indent);
                let parent = above.last().map(|(_, block)| *block).or(self.before);
                above.push((indent, self.blocks.len()));
                self.open = Some(Block { parent, span: place, ..item.clone() });
            }
            if let Some(block) = self.open.as_mut().filter(|_| !words.is_empty()) {
                if !block.words.text.is_empty() {
                    block.words.push(" ", Span::new(place.start, place.start));
                }
                block.words.push(words, place);
                block.span = block.span.to(place);
            }
        }
        self.close();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sources::markdown::{Markdown, parse};
    use crate::text::SourceText;

    fn read(text: &str) -> Markdown {
        parse(&SourceText::new("page.md", text)).unwrap()
    }

    fn shown(page: &Markdown) -> Vec<(BlockKind, &str, Option<&str>)> {
        let words = |index: usize| page.blocks[index].words.text.as_str();
        page.blocks.iter().map(|block| (block.kind, block.words.text.as_str(), block.parent.map(words))).collect()
    }

    #[test]
    fn words_know_where_each_of_them_stands() {
        let page = read("Ends *within* `24h` &amp; a [5&nbsp;bd](x.yaml) day\nor **two**.\n");
        let block = &page.blocks[0];
        assert_eq!(block.words.text, "Ends within 24h & a 5\u{a0}bd day or two.");
        for (word, source) in [("within", "within"), ("24h", "24h"), ("&", "&amp;"), ("5\u{a0}bd", "5&nbsp;bd")] {
            let at = block.words.text.find(word).unwrap();
            assert_eq!(page.source.slice(block.words.place(at..at + word.len())), source);
        }
    }

    #[test]
    fn items_stand_under_what_introduces_them() {
        let page = read("# T\n\nSteps:\n\n- one\n  - two\n- three\n\n  more\n\n> said\n\n```\ncode\n```\n");
        use BlockKind::{Code, Heading, Item, Paragraph};
        assert_eq!(
            shown(&page),
            [
                (Heading, "T", None),
                (Paragraph, "Steps:", None),
                (Item, "one", Some("Steps:")),
                (Item, "two", Some("one")),
                (Item, "three", Some("Steps:")),
                (Item, "more", Some("three")),
                (Paragraph, "said", None),
                (Code, "code\n", None),
            ]
        );
        assert!(page.blocks[6].quoted && page.blocks.iter().filter(|block| block.quoted).count() == 1);
    }

    #[test]
    fn cells_know_their_header_and_their_row() {
        let page = read("| Severity | Mended within |\n|---|---|\n| Critical | 7 days |\n| | 30 days |\n");
        let cell = page.blocks.iter().find(|block| block.words.text == "7 days").unwrap();
        assert_eq!(page.blocks[cell.parent.unwrap()].words.text, "Mended within");
        assert_eq!(page.blocks[cell.row.unwrap()].words.text, "Critical");
        let last = page.blocks.last().unwrap();
        assert_eq!(page.blocks[last.row.unwrap()].words.text, "");
        assert_eq!(page.source.slice(last.words.place(0..7)), "30 days");
    }

    #[test]
    fn steps_of_pandoc_are_items_and_no_code() {
        let page = read(
            "a. *Review:*\n\n    i. Each month,\n    we look.\n\n        1. Twice.\n\n\tii. Again.\n\nb. One\nc. Two\n  i. Three\n\n    let x = 1;\n",
        );
        use BlockKind::{Code, Item, Paragraph};
        assert_eq!(
            shown(&page),
            [
                (Paragraph, "a. Review:", None),
                (Item, "i. Each month, we look.", Some("a. Review:")),
                (Item, "1. Twice.", Some("i. Each month, we look.")),
                (Item, "ii. Again.", Some("a. Review:")),
                (Paragraph, "b. One", None),
                (Item, "c. Two", None),
                (Item, "i. Three", Some("b. One")),
                (Code, "let x = 1;\n", None),
            ]
        );
        let step = &page.blocks[1];
        assert_eq!(page.source.slice(step.words.place(0..step.words.text.len())), "i. Each month,\n    we look.");
        assert_eq!(page.source.slice(step.span), "i. Each month,\n    we look.");
    }
}
