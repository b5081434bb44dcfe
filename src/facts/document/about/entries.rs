//! What stands under the keys of a document: in its front matter, in a table about it, and in lines such as
//! `**Owner:** Dana Roe`.

use serde_json::Value;

use super::Said;
use crate::sources::blocks::{Block, BlockKind};
use crate::sources::markdown::Markdown;
use crate::sources::yaml::{self, YamlDocument};
use crate::text::Span;

/// Something that stands under a key.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The key as it is written.
    pub(super) name: String,
    /// The key in lower case, without anything but letters and digits: `Last reviewed` and `last_reviewed` are one.
    key: String,
    /// What stands there; empty where nothing does.
    pub(super) value: String,
    pub(super) span: Span,
}

impl Entry {
    pub(super) fn new(name: &str, value: &str, span: Span) -> Self {
        Self { name: name.to_owned(), key: plain(name), value: value.trim().to_owned(), span }
    }

    pub(super) fn is(&self, keys: &[&str]) -> bool {
        keys.contains(&self.key.as_str())
    }

    pub(super) fn said(&self) -> Said<String> {
        Said { value: self.value.clone(), span: self.span }
    }
}

pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The entries of the front matter that are single values, or lists of them. A number is told as it is written.
pub(super) fn of_front_matter(document: &YamlDocument, json: &Value) -> Vec<Entry> {
    let mut found = Vec::new();
    for (name, value) in json.as_object().into_iter().flatten() {
        let pointer = format!("/{}", yaml::escape(name));
        let mut add = |value: &Value, pointer: &str| {
            let span = document.span(pointer).unwrap_or_default();
            match value {
                Value::String(text) => found.push(Entry::new(name, text, span)),
                Value::Null => found.push(Entry::new(name, "", span)),
                Value::Bool(_) | Value::Number(_) => {
                    found.push(Entry::new(name, document.source.slice(span), span));
                }
                Value::Array(_) | Value::Object(_) => {}
            }
        };
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| add(item, &format!("{pointer}/{at}")));
            }
            value => add(value, &pointer),
        }
    }
    found
}

/// The entries that a page has about itself: above its second heading, or below one that says that it is about the
/// document. Anywhere else a table with an owner is about something else, such as a risk.
pub(super) fn of_page(page: &Markdown) -> Vec<Entry> {
    let blocks = page.blocks.iter().enumerate().filter(|(_, block)| !block.quoted && is_about(page, block));
    let (at, blocks): (Vec<usize>, Vec<&Block>) = blocks.unzip();
    let mut found = tables(page, &at);
    for block in blocks.iter().filter(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Item)) {
        let lines = whole_lines(page.source.text(), block.span);
        found.extend(bold_keys(page.source.slice(lines), lines.start));
    }
    found.extend(of_title(page));
    found
}

fn is_about(page: &Markdown, block: &Block) -> bool {
    const WORDS: [&str; 8] = [
        "documentcontrol",
        "documentinformation",
        "documentdetails",
        "documentproperties",
        "policyinformation",
        "policydetails",
        "documentmetadata",
        "metadata",
    ];
    let Some(at) = block.heading else { return true };
    let Some(heading) = page.headings.get(at) else { return false };
    (at == 0 && heading.level == 1) || WORDS.iter().any(|words| plain(&heading.text).ends_with(words))
}

/// The entries of tables: each row a key and a value, or a header of keys above a single row of values.
fn tables(page: &Markdown, about: &[usize]) -> Vec<Entry> {
    let kind = |at: &usize| page.blocks.get(*at).map(|block| block.kind);
    let mut found = Vec::new();
    let mut rest = about;
    while let Some(start) = rest.iter().position(|at| kind(at) == Some(BlockKind::HeaderCell)) {
        let header = rest[start..].iter().take_while(|at| kind(at) == Some(BlockKind::HeaderCell)).count();
        let body = rest[start + header..].iter().take_while(|at| kind(at) == Some(BlockKind::Cell)).count();
        let cells: Vec<&Block> =
            rest[start..start + header + body].iter().filter_map(|at| page.blocks.get(*at)).collect();
        found.extend(table(&cells, header));
        rest = &rest[start + header + body..];
    }
    found
}

fn table(cells: &[&Block], columns: usize) -> Vec<Entry> {
    let rows: Vec<&[&Block]> = cells.chunks(columns).collect();
    let entry = |key: &Block, value: &Block| Entry::new(&key.words.text, &value.words.text, words(value));
    let keys = rows[0].iter().filter(|cell| super::is_key(&plain(&cell.words.text))).count();
    match (columns, rows.as_slice()) {
        (_, [header, values]) if keys > 1 => header.iter().zip(*values).map(|(key, value)| entry(key, value)).collect(),
        // The header of such a table is a row like any other.
        (2, _) => rows.iter().filter_map(|row| Some(entry(row.first()?, row.get(1)?))).collect(),
        _ => Vec::new(),
    }
}

/// Where the words of a block stand; the block where it has none.
fn words(block: &Block) -> Span {
    let text = &block.words.text;
    if text.trim().is_empty() {
        return block.span;
    }
    let start = text.len() - text.trim_start().len();
    block.words.place(start..text.trim_end().len())
}

/// The lines of a span, from their beginning: the words of an item begin behind its mark, and behind that of bold type.
fn whole_lines(text: &str, span: Span) -> Span {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    Span::new(start, end)
}

/// The entries of lines whose key is in bold type.
fn bold_keys(text: &str, start: usize) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut at = start;
    for line in text.split_inclusive('\n') {
        for part in parts(line) {
            let offset = at + (part.as_ptr() as usize - line.as_ptr() as usize);
            found.extend(bold(part, offset));
        }
        at += line.len();
    }
    found
}

/// The parts of a line that keep several entries apart.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split(" | ").flat_map(|part| part.split(" · "))
}

fn bold(part: &str, start: usize) -> Option<Entry> {
    let marked = part.trim_start();
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| marked.strip_prefix(mark));
    let (name, value) = item.unwrap_or(marked).trim_start().strip_prefix("**")?.split_once("**")?;
    let (name, value) = match (name.trim().strip_suffix(':'), value.trim_start().strip_prefix(':')) {
        (Some(name), _) => (name, value),
        (None, Some(value)) => (name, value),
        (None, None) => return None,
    };
    let value = value.trim().trim_end_matches('\\').trim().trim_matches('`');
    let offset = start + (value.as_ptr() as usize - part.as_ptr() as usize);
    Some(Entry::new(name, value, Span::new(offset, offset + value.len())))
}

/// The id that stands in the title, as in `# Access control policy (AC-POL-001)` and `# AC-POL-001: Access control`.
fn of_title(page: &Markdown) -> Option<Entry> {
    let title = page.headings.first().filter(|heading| heading.level == 1)?;
    let text = title.text.trim();
    let behind = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(_, id)| id);
    let before = text.split([':', ' ']).next();
    let id = behind.into_iter().chain(before).map(str::trim).find(|id| is_id(id))?;
    let within = page.source.slice(title.span).find(id)?;
    let start = title.span.start + within;
    Some(Entry::new("id", id, Span::new(start, start + id.len())))
}

/// Whether a word is made as ids are: capital letters and numbers, with hyphens between them.
fn is_id(word: &str) -> bool {
    let made = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-._".contains(&byte));
    let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
    made && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit) && word.contains('-')
}
