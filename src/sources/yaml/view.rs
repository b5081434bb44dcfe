//! A document beside the schema that it is held against.

use serde_json::Value;

use super::YamlDocument;

/// A document and the schema that it is held against.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) document: &'a YamlDocument,
    pub(super) root: &'a Value,
}

impl<'a> View<'a> {
    /// The schema at a pointer, behind its references.
    pub(super) fn schema(self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer).map(|schema| self.resolve(schema))
    }

    /// A schema behind its references, and behind an `allOf` that holds nothing but a reference.
    pub(super) fn resolve(self, mut schema: &'a Value) -> &'a Value {
        // A schema can refer to itself; eight steps are more than any real one takes.
        for _ in 0..8 {
            let target = schema.get("$ref").or_else(|| match schema.get("allOf").and_then(Value::as_array) {
                Some(parts) if parts.len() == 1 => parts[0].get("$ref"),
                _ => None,
            });
            let Some(next) =
                target.and_then(Value::as_str).and_then(|target| self.root.pointer(target.strip_prefix('#')?))
            else {
                break;
            };
            schema = next;
        }
        schema
    }
}
