//! The first pass over a YAML text: events with byte ranges. It enforces the limits and refuses what is not read
//! here, so that the second pass, which reads the types, only ever meets harmless text.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Tag};

use super::tree::{Kind, Node, Tree};
use super::{Limits, MAX_DEPTH, MAX_DOCUMENTS, MAX_FAULTS, syntax};
use crate::error::Fault;
use crate::text::{SourceText, Span};

/// A document of the first pass: where everything stands, and what each scalar says (parallel to the nodes; `None`
/// for lists and mappings).
#[derive(Default)]
pub(super) struct Draft<'t> {
    pub(super) tree: Tree,
    pub(super) scalars: Vec<Option<Cow<'t, str>>>,
}

/// Reads the events of a part of the source.
///
/// # Errors
/// Every fault that was found; behind a syntax error reading goes on at the next document.
pub(super) fn documents(source: &Arc<SourceText>, part: Span, limits: Limits) -> Result<Vec<Draft<'_>>, Vec<Fault>> {
    let mut reader = Reader {
        source,
        base: part.start,
        limits,
        count: 0,
        drafts: Vec::new(),
        current: Draft::default(),
        open: Vec::new(),
        faults: Vec::new(),
    };
    let mut parser = Parser::new_from_str_with_options(source.slice(part), options());
    while let Some(next) = parser.next_event() {
        let step = match next {
            Ok((event, span)) => reader.take(event, span.byte_range().unwrap_or_default(), span.tag_start()),
            Err(error) => reader.refuse(&error),
        };
        let go_on = match step {
            Step::On => true,
            Step::NextDocument => {
                reader.open.clear();
                reader.current = Draft::default();
                parser.proceed_next_document().unwrap_or(false)
            }
            Step::Stop => false,
        };
        if !go_on || reader.faults.len() >= MAX_FAULTS {
            break;
        }
    }
    if reader.faults.is_empty() { Ok(reader.drafts) } else { Err(reader.faults) }
}

fn options() -> granit_parser::Options {
    granit_parser::options! {
        disallow_directives: true,
        // As the second pass reads it.
        block_scalar_eof_without_line_feed: true,
        // Named at their places below, all of them, instead of ending the reading at the first.
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        // A hundred lines of comment in a row would otherwise be an error.
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}

/// What comes after an event.
enum Step {
    On,
    NextDocument,
    Stop,
}

/// A list or mapping that is not yet closed. In a mapping, `key` is the key whose value comes next.
struct Open {
    node: u32,
    key: Option<(Box<str>, Span)>,
}

struct Reader<'t> {
    source: &'t Arc<SourceText>,
    base: usize,
    limits: Limits,
    /// Keys and values so far.
    count: usize,
    drafts: Vec<Draft<'t>>,
    current: Draft<'t>,
    open: Vec<Open>,
    faults: Vec<Fault>,
}

impl<'t> Reader<'t> {
    fn take(&mut self, event: Event<'t>, range: Range<usize>, tag: Option<granit_parser::Marker>) -> Step {
        let span = Span::new(range.start + self.base, range.end + self.base);
        if let Some(found) = event.tag() {
            let start = tag.and_then(|mark| mark.byte_offset()).map_or(span.start, |at| at + self.base);
            self.fault_tag(found, start);
        }
        match event {
            Event::DocumentStart(..) if self.drafts.len() >= MAX_DOCUMENTS => {
                let message = format!("this file holds more than {MAX_DOCUMENTS} documents");
                self.fault("documents/too-large", span, message, "the limit is passed here".into(), None);
                Step::Stop
            }
            Event::DocumentEnd => {
                self.drafts.push(std::mem::take(&mut self.current));
                Step::On
            }
            Event::Scalar(text, style, ..) => self.scalar(text, style, span),
            Event::SequenceStart(..) => self.collection(Kind::Sequence(Vec::new()), span),
            Event::MappingStart(..) => self.collection(Kind::Mapping(Vec::new()), span),
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(span);
                Step::On
            }
            Event::Anchor(..) => {
                let help = "remove `&…`, and write the value out wherever it is needed";
                self.invalid(span, "anchors are not read here", "an anchor", Some(help));
                Step::On
            }
            Event::Alias(..) | Event::UnresolvedAlias(..) => {
                let help = "write out the value that it stands for";
                self.invalid(span, "aliases are not read here", "an alias", Some(help));
                self.scalar(Cow::Borrowed(""), ScalarStyle::SingleQuoted, span)
            }
            _ => Step::On,
        }
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, span: Span) -> Step {
        let plain = style == ScalarStyle::Plain;
        let span = match style {
            // A block ends with its last words, not with the line breaks behind them.
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let written = self.source.slice(span).trim_end().len();
                Span::new(span.start, span.start + written)
            }
            _ => span,
        };
        if let Some(step) = self.counted(span) {
            return step;
        }
        let nodes = &self.current.tree.nodes;
        if let Some(open) = self.open.last_mut()
            && open.key.is_none()
            && matches!(nodes[open.node as usize].kind, Kind::Mapping(_))
        {
            if plain && text == "<<" {
                open.key = Some(("<<".into(), span));
                let help = Some("write out the entries that it would merge");
                self.invalid(span, "merge keys are not read here", "a merge key", help);
            } else {
                open.key = Some((text.into(), span));
            }
            return Step::On;
        }
        self.place(Kind::Scalar { plain }, span, Some(text));
        Step::On
    }

    fn collection(&mut self, kind: Kind, span: Span) -> Step {
        if let Some(step) = self.counted(span) {
            return step;
        }
        if self.open.len() >= MAX_DEPTH {
            return self.too_deep(span);
        }
        if let Some(open) = self.open.last()
            && open.key.is_none()
            && matches!(self.current.tree.nodes[open.node as usize].kind, Kind::Mapping(_))
        {
            let place = Span::new(span.start, span.end.max(span.start + 1));
            self.invalid(place, "a key must be a single value, not a list or a mapping", "used as a key", None);
            return Step::NextDocument;
        }
        let node = self.place(kind, span, None);
        self.open.push(Open { node, key: None });
        Step::On
    }

    /// Enters a value into the list or mapping that is open.
    fn place(&mut self, kind: Kind, span: Span, scalar: Option<Cow<'t, str>>) -> u32 {
        let nodes = &mut self.current.tree.nodes;
        // The limit on nodes keeps this far below `u32::MAX`.
        let id = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        let mut key = None;
        if let Some(open) = self.open.last_mut() {
            match &mut nodes[open.node as usize].kind {
                Kind::Sequence(items) => items.push(id),
                Kind::Mapping(entries) => {
                    if let Some((text, place)) = open.key.take() {
                        entries.push((text, id));
                        key = Some(place);
                    }
                }
                Kind::Scalar { .. } => {}
            }
        }
        let nothing_written = span.is_empty() && scalar.is_some();
        let value = if nothing_written { key.unwrap_or(span) } else { span };
        nodes.push(Node { key, value, kind, agreed: true });
        self.current.scalars.push(scalar);
        id
    }

    fn close(&mut self, end: Span) {
        let Some(open) = self.open.pop() else { return };
        let nodes = &self.current.tree.nodes;
        let node = &nodes[open.node as usize];
        let last = match &node.kind {
            Kind::Sequence(items) => items.last().copied(),
            Kind::Mapping(entries) => entries.last().map(|(_, value)| *value),
            Kind::Scalar { .. } => None,
        };
        // In brackets, the closing one has a length; otherwise the event stands behind blank lines and comments.
        let end = match last {
            Some(last) if end.is_empty() => nodes[last as usize].end(),
            _ => end.end,
        };
        let twice = duplicates(node, nodes);
        for (text, first, second) in twice {
            let line = self.source.position(first.start).line;
            let message = format!("the key {} is written twice; the first is on line {line}", super::shown(&text));
            let label = format!("already on line {line}");
            let help = Some("keep one of the two: a reader would take only the last".to_owned());
            self.fault("documents/duplicate-key", second, message, label, help);
        }
        let node = &mut self.current.tree.nodes[open.node as usize];
        node.value.end = end.max(node.value.start);
    }

    /// Counts one key or value, and refuses the text once there are too many.
    fn counted(&mut self, span: Span) -> Option<Step> {
        self.count += 1;
        if self.count <= self.limits.nodes {
            return None;
        }
        let message = format!("this file holds more than {} keys and values", self.limits.nodes);
        self.fault(
            "documents/too-large",
            span,
            message,
            "the limit is passed here".into(),
            Some(self.limits.help.into()),
        );
        Some(Step::Stop)
    }

    fn too_deep(&mut self, span: Span) -> Step {
        let message = format!("lists and mappings are nested deeper than {MAX_DEPTH} levels");
        self.fault("documents/too-large", span, message, "the limit is passed here".into(), None);
        Step::Stop
    }

    fn fault_tag(&mut self, tag: &Tag, start: usize) {
        let tag = tag.original();
        let help = "remove it; a value that must be read as text is written in quotes";
        self.invalid(Span::new(start, start + tag.len()), "tags are not read here", "a tag", Some(help));
    }

    fn refuse(&mut self, error: &granit_parser::ScanError) -> Step {
        let at = error.marker().byte_offset().unwrap_or(0) + self.base;
        let place = syntax::error_place(self.source, error.kind(), at);
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return self.too_deep(place);
        }
        let words = syntax::words(error.kind());
        self.invalid(place, &words.message, &words.label, words.help);
        Step::NextDocument
    }

    fn invalid(&mut self, span: Span, message: &str, label: &str, help: Option<&str>) {
        self.fault("documents/invalid-yaml", span, message.into(), label.into(), help.map(str::to_owned));
    }

    fn fault(&mut self, rule: &'static str, span: Span, message: String, label: String, help: Option<String>) {
        if self.faults.len() < MAX_FAULTS {
            let span = self.source.clamp(span);
            self.faults.push(Fault { rule, message, label, help, source: Arc::clone(self.source), span, other: None });
        }
    }
}

/// Keys that a mapping holds more than once: the text, the first place, and the place of each further one; no more
/// than are reported.
fn duplicates(node: &Node, nodes: &[Node]) -> Vec<(String, Span, Span)> {
    let Kind::Mapping(entries) = &node.kind else { return Vec::new() };
    let mut order: Vec<&(Box<str>, u32)> = entries.iter().collect();
    // Ids grow with the text, so that the first of equal keys is the first written.
    order.sort_unstable();
    let mut first = 0;
    let mut found = Vec::new();
    for at in 1..order.len() {
        if order[at].0 != order[first].0 {
            first = at;
            continue;
        }
        let place = |entry: &(Box<str>, u32)| nodes[entry.1 as usize].key.unwrap_or_default();
        found.push((order[at].0.to_string(), place(order[first]), place(order[at])));
        if found.len() >= MAX_FAULTS {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_in_braces_ends_with_its_brace() {
        // The end of a mapping in braces has a length; `close` relies upon it.
        let source = SourceText::new("a.yaml", "a: {b: 1}  # c\nd:\n  - 1\n\n# e\n");
        let drafts = documents(&source, Span::new(0, source.text().len()), super::super::DOCUMENT).unwrap_or_default();
        let text = |pointer| drafts[0].tree.find(pointer).map(|node| source.slice(node.value));
        assert_eq!(text("/a"), Some("{b: 1}"));
    }
}
