//! Where every value of a YAML document stands: a tree of spans, asked by JSON pointer.

use crate::text::Span;

/// Where one value and, in a mapping, its key stand.
#[derive(Debug)]
pub(super) struct Node {
    /// The key that leads to this value; `None` for items of a list and for the whole document.
    pub(super) key: Option<Span>,
    /// The value. Where nothing is written behind a key, it is the key.
    pub(super) value: Span,
    pub(super) kind: Kind,
    /// Whether both readers saw the same here. Where they did not, a span could point at the wrong text.
    pub(super) agreed: bool,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A single value. `plain` means that it stands without quotes, so that YAML guesses its type.
    Scalar {
        plain: bool,
    },
    Sequence(Vec<u32>),
    /// Keys with their values: in the order of the text while it is built, sorted by key once it is [`Tree::sort`]ed.
    Mapping(Vec<(Box<str>, u32)>),
}

impl Node {
    /// Offset behind the last byte that belongs to the node.
    pub(super) fn end(&self) -> usize {
        self.value.end.max(self.key.map_or(0, |key| key.end))
    }

    pub(super) fn is_scalar(&self) -> bool {
        matches!(self.kind, Kind::Scalar { .. })
    }
}

/// The nodes of one document; the first is the whole document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

impl Tree {
    /// The node at a JSON pointer, or its nearest ancestor where the two readers agree. `None` where the pointer
    /// leads nowhere.
    pub(super) fn find(&self, pointer: &str) -> Option<&Node> {
        let mut node = self.nodes.first()?;
        let mut nearest = node;
        for token in tokens(pointer) {
            let next = match &node.kind {
                Kind::Scalar { .. } => return None,
                Kind::Sequence(items) => *items.get(token.parse::<usize>().ok()?)?,
                Kind::Mapping(entries) => {
                    let at = entries.binary_search_by(|(key, _)| key.as_ref().cmp(token.as_str())).ok()?;
                    entries[at].1
                }
            };
            node = self.nodes.get(next as usize)?;
            if !node.agreed {
                return Some(nearest);
            }
            nearest = node;
        }
        Some(nearest)
    }

    /// Sorts the keys of every mapping, which [`Tree::find`] relies upon.
    pub(super) fn sort(&mut self) {
        for node in &mut self.nodes {
            if let Kind::Mapping(entries) = &mut node.kind {
                entries.sort_unstable();
            }
        }
    }
}

/// The tokens of a JSON pointer, unescaped.
pub(super) fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.strip_prefix('/').into_iter().flat_map(|rest| rest.split('/')).map(unescape)
}

/// One token of a JSON pointer without its escapes.
fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// One token of a JSON pointer with its escapes.
#[must_use]
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_the_nearest_place_that_both_readers_agree_on() {
        let node = |at, kind, agreed| Node { key: None, value: Span::new(at, at + 1), kind, agreed };
        let entries = vec![("b/c".into(), 1), ("a".into(), 2)];
        let mut tree = Tree {
            nodes: vec![
                node(0, Kind::Mapping(entries), true),
                node(1, Kind::Scalar { plain: true }, true),
                node(2, Kind::Sequence(vec![3]), false),
                node(3, Kind::Scalar { plain: true }, true),
            ],
        };
        tree.sort();
        let start = |pointer| tree.find(pointer).map(|node| node.value.start);
        assert_eq!((start(""), start("/b~1c"), start("/a"), start("/a/0")), (Some(0), Some(1), Some(0), Some(0)));
        assert_eq!((start("/c"), start("/b~1c/x")), (None, None));
    }
}
