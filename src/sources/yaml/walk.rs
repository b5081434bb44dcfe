//! Walking a document from the top: each value beside its place, in the order of the text.

use std::borrow::Cow;

use serde_yaml::Value;

use super::YamlDocument;
use super::tree::{Kind, Node};
use crate::text::Span;

/// A value of a document with its place.
#[derive(Clone, Copy)]
pub struct Part<'d> {
    document: &'d YamlDocument,
    value: &'d Value,
    /// The node of this value; where the two readers of YAML disagree, that of the nearest value around it on which
    /// they agree.
    node: &'d Node,
    agreed: bool,
}

/// What a [`Part`] holds.
pub enum Content<'d> {
    /// Nothing: `null`, `~`, or nothing written.
    Nothing,
    /// A single value.
    Scalar {
        /// A text as it is meant, without quotes and folded; a number or truth value as it is written, so that the
        /// version `1.10` keeps its nought.
        text: Cow<'d, str>,
        /// It stands without quotes, so that its type was left to YAML.
        plain: bool,
    },
    /// The items of a list.
    List(Vec<Part<'d>>),
    /// The keys of a mapping with their values.
    Mapping(Vec<(&'d str, Part<'d>)>),
}

impl<'d> Part<'d> {
    pub(super) fn root(document: &'d YamlDocument) -> Self {
        // Every document has a first node, also one that holds nothing; this one stands in where it would not.
        static NOWHERE: Node =
            Node { key: None, value: Span { start: 0, end: 0 }, kind: Kind::Scalar { plain: true }, agreed: false };
        let node = document.tree.nodes.first().unwrap_or(&NOWHERE);
        Self { document, value: &document.value, node, agreed: node.agreed }
    }

    /// Where the value stands, without the quotes around it; its key where nothing is written behind the key.
    #[must_use]
    pub fn place(&self) -> Span {
        if self.node.is_scalar() { self.inside(self.node.value) } else { self.node.value }
    }

    /// Where the key that leads to the value stands, without quotes; `None` for an item of a list and for the whole
    /// document.
    #[must_use]
    pub fn key_place(&self) -> Option<Span> {
        self.node.key.map(|key| self.inside(key))
    }

    /// What it holds.
    #[must_use]
    pub fn content(&self) -> Content<'d> {
        match self.value {
            Value::Null => Content::Nothing,
            Value::String(text) => Content::Scalar { text: Cow::Borrowed(text), plain: self.is_plain() },
            Value::Bool(value) => self.scalar(&value),
            Value::Number(value) => self.scalar(value),
            Value::Sequence(items) => {
                let numbered = items.iter().enumerate();
                Content::List(numbered.map(|(at, value)| self.below(value, self.item(at))).collect())
            }
            Value::Mapping(entries) => Content::Mapping(
                entries
                    .iter()
                    .filter_map(|(key, value)| key.as_str().map(|key| (key, self.below(value, self.entry(key)))))
                    .collect(),
            ),
            Value::Tagged(tagged) => Self { value: &tagged.value, ..*self }.content(),
        }
    }

    /// What stands between the quotes. An empty text keeps them: without, there would be nothing to point at.
    fn inside(&self, place: Span) -> Span {
        let written = self.document.source.slice(place);
        let quoted = written.len() > 2 && written.starts_with(['"', '\'']);
        if quoted { Span::new(place.start + 1, place.end - 1) } else { place }
    }

    fn is_plain(&self) -> bool {
        matches!(self.node.kind, Kind::Scalar { plain: true })
    }

    fn scalar(&self, value: &dyn ToString) -> Content<'d> {
        let written = self.document.source.slice(self.node.value);
        let text = if self.agreed { Cow::Borrowed(written) } else { Cow::Owned(value.to_string()) };
        Content::Scalar { text, plain: true }
    }

    fn below(&self, value: &'d Value, id: Option<u32>) -> Self {
        let node = id.and_then(|id| self.document.tree.nodes.get(id as usize));
        match node.filter(|node| self.agreed && node.agreed) {
            Some(node) => Self { value, node, ..*self },
            None => Self { value, agreed: false, ..*self },
        }
    }

    fn item(&self, at: usize) -> Option<u32> {
        let Kind::Sequence(items) = &self.node.kind else { return None };
        items.get(at).copied()
    }

    fn entry(&self, name: &str) -> Option<u32> {
        let Kind::Mapping(entries) = &self.node.kind else { return None };
        let at = entries.binary_search_by(|(key, _)| key.as_ref().cmp(name)).ok()?;
        Some(entries[at].1)
    }
}
