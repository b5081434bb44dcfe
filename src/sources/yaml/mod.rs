//! YAML with places. Only this folder knows the YAML crates.
//!
//! Every text is read twice. The first pass (`events`) reads events with byte ranges, enforces the limits, and
//! refuses what two readers could understand differently; the second, serde, reads the types. So no text that could
//! hurt the second reader ever reaches it, and every value can be shown at its place.

use std::sync::Arc;

use serde::Deserialize as _;
use serde_yaml::Value;

use crate::error::Fault;
use crate::text::{SourceText, Span, short, shown};

mod alternatives;
mod events;
mod schema;
mod syntax;
mod tree;
mod view;
mod walk;
mod wording;
pub mod written;

use events::Draft;
use tree::{Kind, Node, Tree};

pub use schema::{Schema, read, schema_text};
pub use tree::escape;
pub use walk::{Content, Part};

/// Bytes that a YAML file may hold.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Lists and mappings that may stand inside each other.
pub const MAX_DEPTH: usize = 64;
/// Keys and values that a file may hold.
pub const MAX_NODES: usize = 250_000;
/// Bytes that a register may hold; one that is larger is an export, which is better read as JSON or CSV.
pub const MAX_REGISTER_BYTES: usize = 32 * 1024 * 1024;
/// Keys and values that a register may hold; reading so many takes about a gigabyte of memory.
pub const MAX_REGISTER_NODES: usize = 2_000_000;
/// Documents that a file may hold.
pub const MAX_DOCUMENTS: usize = 1_000;
/// Faults that are reported for one file; whoever corrects that many runs again.
pub const MAX_FAULTS: usize = 200;

/// One document of a YAML text: its value, and where each part of it stands.
#[derive(Debug)]
pub struct YamlDocument {
    /// The text that the document was read from.
    pub source: Arc<SourceText>,
    value: Value,
    tree: Tree,
    /// The part of the text that was read, and which of its documents this is.
    part: Span,
    number: usize,
}

impl YamlDocument {
    /// The value. Every key in it is text, as it stands in the source: the key `1.10` is the text `1.10`.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The value as JSON. Infinite numbers, which JSON does not have, become text.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        json(&self.value)
    }

    /// The whole document, to be walked from the top: values beside their places, without a pointer for each.
    #[must_use]
    pub fn root(&self) -> Part<'_> {
        Part::root(self)
    }

    /// Where the value at a JSON pointer (`/rules/0/id`; empty for the whole document) stands; its key where nothing
    /// is written behind the key. `None` where the document holds no such value.
    #[must_use]
    pub fn span(&self, pointer: &str) -> Option<Span> {
        self.tree.find(pointer).map(|node| node.value)
    }

    /// Where the key that leads to the value at a JSON pointer stands. `None` also for an item of a list.
    #[must_use]
    pub fn key_span(&self, pointer: &str) -> Option<Span> {
        self.tree.find(pointer).and_then(|node| node.key)
    }

    /// What is wrong with the entry that a pointer leads to.
    #[must_use]
    pub fn fault(&self, pointer: &str, rule: &'static str, message: String) -> Fault {
        let span = self.entry_span(pointer).unwrap_or_default();
        Fault {
            rule,
            message,
            label: "here".to_owned(),
            help: None,
            source: Arc::clone(&self.source),
            span,
            other: None,
        }
    }

    /// What a label underlines for a JSON pointer: key and single value where they share a line, otherwise the key;
    /// for an item of a list its first line.
    #[must_use]
    pub fn entry_span(&self, pointer: &str) -> Option<Span> {
        let node = self.tree.find(pointer)?;
        let Some(key) = node.key else { return Some(self.first_line(node.value)) };
        let together = Span::new(key.start, node.end());
        let one_line = !self.source.slice(together).contains('\n');
        Some(if node.is_scalar() && one_line { together } else { key })
    }

    /// What a label underlines for the value alone: a single value on its first line, otherwise the key.
    fn value_span(&self, pointer: &str) -> Span {
        let Some(node) = self.tree.find(pointer) else { return Span::default() };
        match node.key {
            Some(key) if !node.is_scalar() => key,
            _ => self.first_line(node.value),
        }
    }

    /// What is written at a JSON pointer, and whether it stands without quotes. `None` for lists and mappings.
    fn written(&self, pointer: &str) -> Option<(&str, bool)> {
        let node = self.tree.find(pointer)?;
        let Kind::Scalar { plain } = node.kind else { return None };
        let nothing = node.key == Some(node.value);
        Some(if nothing { ("", plain) } else { (self.source.slice(node.value), plain) })
    }

    fn first_line(&self, span: Span) -> Span {
        let text = self.source.slice(span);
        let line = text.split('\n').next().unwrap_or(text).trim_end();
        Span::new(span.start, span.start + line.len())
    }

    /// The innermost value that starts at or before an offset.
    fn node_at(&self, offset: usize) -> Option<&Node> {
        let begun = |node: &&Node| node.key.unwrap_or(node.value).start <= offset;
        self.tree.nodes.iter().filter(begun).max_by_key(|node| node.value.start)
    }
}

/// Reads every document of a text. An empty text is one document that holds nothing.
///
/// # Errors
/// All faults that were found: `documents/invalid-yaml`, `documents/duplicate-key` and `documents/too-large`.
pub fn parse(source: &Arc<SourceText>) -> std::result::Result<Vec<YamlDocument>, Vec<Fault>> {
    parse_within(source, Span::new(0, source.text().len()))
}

/// Reads every document of a part of a text, such as the front matter of a Markdown file. Places are those of the
/// whole text.
///
/// # Errors
/// As [`parse`].
pub fn parse_within(source: &Arc<SourceText>, part: Span) -> std::result::Result<Vec<YamlDocument>, Vec<Fault>> {
    parse_up_to(source, part, DOCUMENT)
}

/// Reads every document of a register, which may be larger than what people write by hand.
///
/// # Errors
/// As [`parse`].
pub fn parse_register(source: &Arc<SourceText>) -> std::result::Result<Vec<YamlDocument>, Vec<Fault>> {
    parse_up_to(source, Span::new(0, source.text().len()), REGISTER)
}

/// How much is read.
#[derive(Clone, Copy)]
struct Limits {
    bytes: usize,
    nodes: usize,
    /// What to do about a text that has more.
    help: &'static str,
}

const DOCUMENT: Limits = Limits { bytes: MAX_BYTES, nodes: MAX_NODES, help: "split the file" };
const REGISTER: Limits = Limits {
    bytes: MAX_REGISTER_BYTES,
    nodes: MAX_REGISTER_NODES,
    help: "split the file, or write so many records as CSV or JSON",
};

fn parse_up_to(
    source: &Arc<SourceText>,
    part: Span,
    limits: Limits,
) -> std::result::Result<Vec<YamlDocument>, Vec<Fault>> {
    let part = without_mark(source, source.clamp(part));
    if part.len() > limits.bytes {
        return Err(vec![too_large(source, part, limits)]);
    }
    let faults = syntax::control_characters(source, part, MAX_FAULTS);
    if !faults.is_empty() {
        return Err(faults);
    }
    let drafts = events::documents(source, part, limits).map_err(in_order)?;
    let values = values(source, part).map_err(|fault| vec![fault])?;
    let (drafts, values) = fill(drafts, values, part);
    if drafts.len() != values.len() {
        let message = "this text can be read as a different number of documents by different readers";
        let help = "put each document into a file of its own";
        return Err(vec![fault(source, "documents/invalid-yaml", syntax::place(source, part.start), message, help)]);
    }
    let documents = drafts.into_iter().zip(values).enumerate();
    Ok(documents.map(|(number, (draft, value))| settle(source, part, number, draft, value)).collect())
}

/// The part behind a byte-order mark at the start of the text, which the second pass would count as a column.
fn without_mark(source: &SourceText, part: Span) -> Span {
    let mark = if part.start == 0 && source.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    Span::new(part.start + mark, part.end)
}

fn too_large(source: &Arc<SourceText>, part: Span, limits: Limits) -> Fault {
    let message = format!("this file holds {} bytes of YAML; at most {} are read", part.len(), limits.bytes);
    let mut fault = fault(source, "documents/too-large", Span::new(part.start, part.start), message, limits.help);
    fault.label = "larger than is read".into();
    fault
}

fn fault(source: &Arc<SourceText>, rule: &'static str, span: Span, message: impl Into<String>, help: &str) -> Fault {
    let (label, help) = (String::new(), Some(help.to_owned()));
    Fault { rule, message: message.into(), label, help, source: Arc::clone(source), span, other: None }
}

/// Faults in the order of the text.
fn in_order(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by_key(|fault| fault.span);
    faults
}

/// The second pass.
fn values(source: &Arc<SourceText>, part: Span) -> std::result::Result<Vec<Value>, Fault> {
    let mut values = Vec::new();
    for document in serde_yaml::Deserializer::from_str(source.slice(part)) {
        match Value::deserialize(document) {
            Ok(value) => values.push(value),
            Err(error) => {
                let at = error.location().map_or(0, |location| location.index());
                let span = syntax::place(source, part.start + at);
                let words = syntax::reader_words(source, span, &error.to_string());
                let mut fault = fault(source, "documents/invalid-yaml", span, words.message, "");
                fault.label = words.label;
                fault.help = words.help.map(str::to_owned);
                return Err(fault);
            }
        }
    }
    Ok(values)
}

/// A text without any document becomes one that holds nothing, in both passes.
fn fill(mut drafts: Vec<Draft<'_>>, mut values: Vec<Value>, part: Span) -> (Vec<Draft<'_>>, Vec<Value>) {
    if drafts.is_empty() {
        let value = Span::new(part.start, part.start);
        let node = Node { key: None, value, kind: Kind::Scalar { plain: true }, agreed: true };
        drafts.push(Draft { tree: Tree { nodes: vec![node] }, scalars: vec![Some("".into())] });
    }
    if values.is_empty() {
        values.push(Value::Null);
    }
    (drafts, values)
}

/// Holds the two passes against each other, and makes every key text.
fn settle(source: &Arc<SourceText>, part: Span, number: usize, mut draft: Draft<'_>, mut value: Value) -> YamlDocument {
    agree(&mut draft, 0, &mut value);
    draft.tree.sort();
    YamlDocument { source: Arc::clone(source), value, tree: draft.tree, part, number }
}

/// Walks both passes side by side. Nesting is limited, and so is this recursion.
fn agree(draft: &mut Draft<'_>, id: u32, value: &mut Value) {
    let at = id as usize;
    if at >= draft.tree.nodes.len() {
        return;
    }
    let kind = std::mem::replace(&mut draft.tree.nodes[at].kind, Kind::Scalar { plain: true });
    let agreed = match (&kind, &mut *value) {
        (Kind::Sequence(items), Value::Sequence(values)) if items.len() == values.len() => {
            items.iter().zip(values).for_each(|(item, value)| agree(draft, *item, value));
            true
        }
        (Kind::Mapping(entries), Value::Mapping(values)) if entries.len() == values.len() => {
            agree_keys(entries, values);
            let same = entries.iter().zip(values.keys()).all(|((key, _), other)| other.as_str() == Some(key));
            if same {
                entries.iter().zip(values.values_mut()).for_each(|((_, id), value)| agree(draft, *id, value));
            }
            same
        }
        (Kind::Scalar { plain }, value) => scalar_agrees(draft.scalars[at].as_deref().unwrap_or(""), *plain, value),
        _ => false,
    };
    draft.tree.nodes[at].kind = kind;
    draft.tree.nodes[at].agreed = agreed;
}

/// Turns keys that serde read as numbers, truth values or nothing back into the text that stands in the source.
fn agree_keys(entries: &[(Box<str>, u32)], values: &mut serde_yaml::Mapping) {
    if values.keys().all(Value::is_string) {
        return;
    }
    let old = std::mem::take(values);
    let texts = entries.iter().map(|(text, _)| text);
    *values = old
        .into_iter()
        .zip(texts)
        .map(|((key, value), text)| (if key.is_string() { key } else { Value::String(text.to_string()) }, value))
        .collect();
}

fn scalar_agrees(text: &str, plain: bool, value: &Value) -> bool {
    match value {
        Value::String(read) => read == text,
        Value::Null => plain && (text.is_empty() || text == "~" || text.eq_ignore_ascii_case("null")),
        Value::Bool(read) => plain && text.eq_ignore_ascii_case(if *read { "true" } else { "false" }),
        Value::Number(_) => plain && text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)),
        _ => false,
    }
}

fn json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(value) => match (value.as_u64(), value.as_i64(), value.as_f64()) {
            (Some(value), ..) => Json::from(value),
            (None, Some(value), _) => Json::from(value),
            (_, _, Some(number)) if number.is_finite() => Json::from(number),
            _ => Json::String(value.to_string()),
        },
        Value::String(value) => Json::String(value.clone()),
        Value::Sequence(items) => Json::Array(items.iter().map(json).collect()),
        Value::Mapping(entries) => {
            let entry = |(key, value): (&Value, &Value)| (key.as_str().unwrap_or_default().to_owned(), json(value));
            Json::Object(entries.iter().map(entry).collect())
        }
        Value::Tagged(tagged) => json(&tagged.value),
    }
}
