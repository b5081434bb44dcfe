//! Markdown with places: front matter, headings with the anchors that GitHub gives them, links, and blocks of words.

use std::collections::HashMap;
use std::sync::Arc;

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::front_matter::{fault, front_matter};

use super::blocks::{Block, Collector};

use crate::error::Fault;
use crate::text::{SourceText, Span};

/// Bytes that a Markdown file may hold.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Quotes and list items that may start inside each other on one line.
pub const MAX_DEPTH: usize = 64;

/// A Markdown text, as far as it is asked about.
#[derive(Debug)]
pub struct Markdown {
    /// The text that was read.
    pub source: Arc<SourceText>,
    /// The YAML at the start, without its fences; `None` where there is none.
    pub front_matter: Option<Span>,
    /// Where the Markdown begins, behind the front matter.
    pub body: usize,
    /// Every heading, in the order of the text.
    pub headings: Vec<Heading>,
    /// Every link, in the order of the text; images are not among them.
    pub links: Vec<Link>,
    /// Every block of words, in the order of the text.
    pub blocks: Vec<Block>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The words of the heading, without markup.
    pub text: String,
    /// What follows `#` in a link to the heading, as GitHub makes it; unique in the text.
    pub anchor: String,
    /// From 1 for `#` to 6 for `######`.
    pub level: u8,
    /// The heading with its markup.
    pub span: Span,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The words of the link, without markup.
    pub text: String,
    /// Where it leads, as it is written: a path, an anchor, or a web address. For a reference, what that stands for.
    pub target: String,
    /// The link with its markup.
    pub span: Span,
    /// The words alone.
    pub text_span: Span,
}

impl Markdown {
    /// Whether two texts say the same below their front matter, however their lines are broken.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        fn words(page: &Markdown) -> std::str::SplitWhitespace<'_> {
            page.source.text().get(page.body..).unwrap_or_default().split_whitespace()
        }
        words(self).eq(words(other))
    }
}

/// Reads a Markdown text.
///
/// # Errors
/// `documents/too-large` over [`MAX_BYTES`] or [`MAX_DEPTH`]; `documents/invalid-front-matter` where the front matter
/// is opened but never closed.
pub fn parse(source: &Arc<SourceText>) -> Result<Markdown, Fault> {
    let (front_matter, body) = within_limits(source)?;
    let mut reader = Reader { heading: None, link: None, headings: Vec::new(), links: Vec::new() };
    let (mut anchors, mut blocks) = (Anchors::default(), Collector::default());
    for (event, range) in Parser::new_ext(&source.text()[body..], options()).into_offset_iter() {
        let span = Span::new(range.start + body, range.end + body);
        blocks.take(&event, span, source.text());
        reader.take(event, span, &mut anchors);
    }
    let (headings, links, blocks) = (reader.headings, reader.links, blocks.finish());
    Ok(Markdown { source: Arc::clone(source), front_matter, body, headings, links, blocks })
}

/// The front matter, and where the Markdown begins, of a text that is safe to parse.
fn within_limits(source: &Arc<SourceText>) -> Result<(Option<Span>, usize), Fault> {
    let text = source.text();
    if text.len() > MAX_BYTES {
        let message = format!("this file holds {} bytes of Markdown; at most {MAX_BYTES} are read", text.len());
        return Err(fault(source, "documents/too-large", Span::default(), message, "the whole file", "split the file"));
    }
    let (front_matter, body) = front_matter(source)?;
    if let Some(place) = too_deep(text, body) {
        let message = format!("quotes and lists are nested deeper than {MAX_DEPTH} levels");
        return Err(fault(source, "documents/too-large", place, message, "the limit is passed on this line", ""));
    }
    Ok((front_matter, body))
}

/// The Markdown of GitHub, as far as it is read.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES
}

/// The first line on which too many quotes and list items start inside each other. A parser looks at all that are
/// open again on every line, so this is looked for before parsing.
fn too_deep(text: &str, body: usize) -> Option<Span> {
    let mut start = body;
    for line in text[body..].split_inclusive('\n') {
        if containers(line.trim()) > MAX_DEPTH {
            return Some(Span::new(start, start + line.trim_end().len()));
        }
        start += line.len();
    }
    None
}

/// How many quotes and list items start on a line.
fn containers(line: &str) -> usize {
    let rule = |mark: char| line.chars().all(|character| character == mark || character == ' ' || character == '\t');
    if ['-', '*', '_'].into_iter().any(rule) {
        return 0;
    }
    let mut count = 0;
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        let after_number = rest.trim_start_matches(|character: char| character.is_ascii_digit());
        let item = |rest: &str, marks: &[char]| {
            rest.starts_with(marks) && matches!(rest.as_bytes().get(1), Some(b' ' | b'\t'))
        };
        if rest.starts_with('>') {
            rest = &rest[1..];
        } else if item(rest, &['-', '*', '+']) {
            rest = &rest[2..];
        } else if after_number.len() < rest.len() && item(after_number, &['.', ')']) {
            rest = &after_number[2..];
        } else {
            return count;
        }
        count += 1;
    }
}

/// A link that is not yet closed.
struct OpenLink {
    text: String,
    target: String,
    span: Span,
    words: Option<Span>,
    /// An address that is its own text, in angle brackets.
    bare: bool,
}

struct Reader {
    heading: Option<(String, HeadingLevel, Span)>,
    link: Option<OpenLink>,
    headings: Vec<Heading>,
    links: Vec<Link>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, span: Span, anchors: &mut Anchors) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading = Some((String::new(), level, span)),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => self.open_link(link_type, &dest_url, span),
            Event::End(TagEnd::Heading(_)) => self.close_heading(anchors),
            Event::End(TagEnd::Link) => self.close_link(),
            Event::Text(text) | Event::Code(text) => self.words(&text, span),
            Event::SoftBreak | Event::HardBreak => self.words(" ", span),
            Event::Start(_) => {
                // Emphasis, code and images inside a link belong to its words, with their markup.
                if let Some(words) = self.link.as_mut().map(|link| &mut link.words) {
                    *words = Some(joined(*words, span));
                }
            }
            _ => {}
        }
    }

    fn words(&mut self, text: &str, span: Span) {
        if let Some((heading, ..)) = &mut self.heading {
            heading.push_str(text);
        }
        if let Some(link) = &mut self.link {
            link.text.push_str(text);
            link.words = Some(joined(link.words, span));
        }
    }

    fn open_link(&mut self, link_type: LinkType, target: &CowStr<'_>, span: Span) {
        let bare = matches!(link_type, LinkType::Autolink | LinkType::Email);
        self.link = Some(OpenLink { text: String::new(), target: target.to_string(), span, words: None, bare });
    }

    fn close_link(&mut self) {
        let Some(link) = self.link.take() else { return };
        // Without words, the place between the brackets.
        let inside = Span::new(link.span.start + 1, if link.bare { link.span.end - 1 } else { link.span.start + 1 });
        let text_span = link.words.unwrap_or(inside);
        self.links.push(Link { text: link.text, target: link.target, span: link.span, text_span });
    }

    fn close_heading(&mut self, anchors: &mut Anchors) {
        let Some((text, level, span)) = self.heading.take() else { return };
        let anchor = anchors.next(&slug(&text));
        self.headings.push(Heading { text, anchor, level: level as u8, span });
    }
}

fn joined(words: Option<Span>, more: Span) -> Span {
    words.map_or(more, |words| Span::new(words.start.min(more.start), words.end.max(more.end)))
}

/// The anchor of a heading, before it is made unique: lower case, without punctuation, blanks as hyphens.
#[must_use]
pub fn slug(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            // Accents that stand behind their letter.
            '\u{300}'..='\u{36f}' => Some(character),
            // Raised, lowered, circled digits and fractions are numbers, but not digits.
            '²'
            | '³'
            | '¹'
            | '¼'..='¾'
            | '\u{2070}'..='\u{2089}'
            | '\u{2150}'..='\u{215f}'
            | '\u{2460}'..='\u{24ff}' => None,
            _ if character.is_alphanumeric() => Some(character),
            _ => None,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The anchors of a text so far: the second `scope` is `scope-1`.
#[derive(Default)]
struct Anchors {
    used: HashMap<String, usize>,
}

impl Anchors {
    fn next(&mut self, slug: &str) -> String {
        let mut anchor = slug.to_owned();
        while self.used.contains_key(&anchor) {
            let count = self.used.entry(slug.to_owned()).or_default();
            *count += 1;
            anchor = format!("{slug}-{count}");
        }
        self.used.insert(anchor.clone(), 0);
        anchor
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn read(text: &str) -> Markdown {
        parse(&SourceText::new("page.md", text)).unwrap_or_else(|fault| panic!("{fault:?}"))
    }

    #[test]
    fn front_matter_headings_and_links_keep_their_places() {
        let page = read(
            "\u{feff}---\r\nowner: ü\r\n---\r\n# Ärger & *Scope*\r\n\r\nSee [the `log`](log.md#x \"t\"), <https://a.b>, [r].\r\n\r\n[r]: ../r.md\r\n",
        );
        let text = |span| page.source.slice(span);
        assert_eq!(page.front_matter.map(text), Some("owner: ü\r\n"));
        assert_eq!(page.headings[0].text, "Ärger & Scope");
        assert_eq!(page.headings[0].anchor, "ärger--scope");
        assert_eq!(text(page.headings[0].span).trim_end(), "# Ärger & *Scope*");
        let links: Vec<_> =
            page.links.iter().map(|link| (text(link.span), text(link.text_span), &*link.target)).collect();
        assert_eq!(
            links,
            [
                ("[the `log`](log.md#x \"t\")", "the `log`", "log.md#x"),
                ("<https://a.b>", "https://a.b", "https://a.b"),
                ("[r]", "r", "../r.md"),
            ]
        );
    }

    #[test]
    fn anchors_are_unique() {
        let page = read("# Scope\n## Scope\n# scope-1\n# Scope\n# 1.2 What's `new`?\n");
        let anchors: Vec<&str> = page.headings.iter().map(|heading| heading.anchor.as_str()).collect();
        assert_eq!(anchors, ["scope", "scope-1", "scope-1-1", "scope-2", "12-whats-new"]);
    }

    #[test]
    fn a_rule_across_the_page_is_no_front_matter_but_an_open_one_is_a_fault() {
        assert_eq!(read("---\n\n# Title\n").front_matter, None);
        assert_eq!(read("---\n---\nx\n").front_matter, Some(Span::new(4, 4)));
        let fault = parse(&SourceText::new("page.md", "---\nowner: x\n\n# Title\n")).unwrap_err();
        assert_eq!(fault.rule, "documents/invalid-front-matter");
        assert_eq!(read("- - - - - - - - - - -\n".repeat(9).as_str()).links, []);
    }

    #[test]
    fn deep_nesting_is_refused_before_it_is_parsed() {
        for text in [">".repeat(100_000), "- ".repeat(100_000) + "x", "1. ".repeat(9_000), "a\n".repeat(600_000)] {
            let fault = parse(&SourceText::new("page.md", text)).unwrap_err();
            assert_eq!(fault.rule, "documents/too-large");
        }
    }

    #[test]
    fn hostile_markdown_ends_soon() {
        let steps: String = (0..1_000).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
        let references: String = (0..20_000).map(|number| format!("[a{number}]: b\n[a{number}]\n\n")).collect();
        let texts = [
            ("steps", steps),
            ("references", references),
            ("quoted steps", (1..1_000).map(|depth| format!("{}a\n\n", ">".repeat(depth.min(64)))).collect()),
            ("brackets", "[".repeat(1_000_000)),
            ("brackets closed", "[".repeat(500_000) + &"]".repeat(500_000)),
            ("brackets linked", "[".repeat(200_000) + &"](a)".repeat(200_000)),
            ("brackets ref", "[a]: b\n\n".to_owned() + &"[".repeat(300_000) + &"a]".repeat(300_000)),
            ("image nest", "![".repeat(200_000) + &"](a)".repeat(150_000)),
            ("stars", "*a **b ".repeat(140_000)),
            ("underscores", "_a __b ".repeat(140_000)),
            ("backticks", (0..1_400).map(|count| "`".repeat(count) + " ").collect()),
            ("images", "![a](b".repeat(150_000)),
            ("links", "[a](<b".repeat(150_000)),
            ("lines of brackets", "[a\n\n".repeat(250_000)),
            ("angles", "<".repeat(1_000_000)),
            ("comments", "<!--".repeat(250_000)),
            ("instructions", "<?".repeat(500_000)),
            ("cells", "|".repeat(1_000_000)),
            ("table", "|a".repeat(10_000) + "\n" + &"|-".repeat(10_000) + "\n" + &"|a\n".repeat(300_000)),
            ("headings", "# a\n".repeat(250_000)),
            ("entities", "&a;".repeat(300_000)),
            ("footnotes", "[^a]: [^a]\n\n".repeat(80_000)),
            ("blanks", "a".to_owned() + &" ".repeat(1_000_000) + "b"),
            ("quote lines", ("> ".repeat(64) + "a\n").repeat(8_000)),
        ];
        for (name, text) in texts {
            let started = Instant::now();
            let read = parse(&SourceText::new("page.md", text));
            let took = started.elapsed();
            if std::env::var_os("SHOW").is_some() {
                let words = read.map_or_else(|fault| fault.message, |page| format!("{} links", page.links.len()));
                println!("{name}: {took:.1?}, {words}");
            }
            assert!(took < Duration::from_secs(10), "{name} took {took:?}");
        }
    }
}
