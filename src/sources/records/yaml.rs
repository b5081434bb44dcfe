//! Records of YAML.

use super::reading::Reading;
use super::select::{self, Among, Entry, Kind, Node};
use super::{Layout, RawField, RawValue};
use crate::sources::yaml::{self, Content, Part, YamlDocument};
use crate::text::Span;

pub(super) fn read(reading: &mut Reading<'_>, layout: &Layout) {
    let documents = match yaml::parse_register(reading.source) {
        Ok(documents) => documents,
        Err(faults) => {
            faults.into_iter().for_each(|fault| reading.add(fault));
            return;
        }
    };
    let among = if documents.len() > 1 { Among::Others } else { Among::None };
    for document in documents {
        select::document(reading, document.root(), layout, among);
    }
}

/// Reads the records of a list inside one document that was read already.
pub(super) fn within(reading: &mut Reading<'_>, document: &YamlDocument, path: &str) {
    let layout = Layout { pick: Some(path.to_owned()), ..Layout::default() };
    select::document(reading, document.root(), &layout, Among::None);
}

impl Node for Part<'_> {
    fn kind(self) -> Kind {
        match self.content() {
            Content::Nothing => Kind::Nothing,
            Content::Scalar { .. } => Kind::Scalar,
            Content::List(_) => Kind::List,
            Content::Mapping(_) => Kind::Mapping,
        }
    }

    fn place(self) -> Span {
        Part::place(&self)
    }

    fn items(self, each: &mut dyn FnMut(Self) -> bool) {
        if let Content::List(items) = self.content() {
            // What `each` says ends the walk.
            let _ended = items.into_iter().all(each);
        }
    }

    fn entries(self, reading: &mut Reading<'_>) -> Option<Vec<Entry<Self>>> {
        let Content::Mapping(entries) = self.content() else { return Some(Vec::new()) };
        let entry = |(name, value): (&str, Self)| Entry {
            name: reading.name(name),
            name_place: value.key_place().unwrap_or_default(),
            value,
        };
        Some(entries.into_iter().map(entry).collect())
    }

    fn value(self, reading: &mut Reading<'_>) -> Option<RawValue> {
        Some(built(self, reading))
    }
}

/// The value with everything in it. The reader of YAML limits how deep that is.
fn built(part: Part<'_>, reading: &mut Reading<'_>) -> RawValue {
    let place = part.place();
    match part.content() {
        // Where nothing is written, the place is that of the key.
        Content::Nothing if part.key_place().is_some_and(|key| place.start <= key.start) => {
            RawValue::Null(Span::new(place.end, place.end))
        }
        Content::Nothing => RawValue::Null(Span::new(place.start, place.start)),
        Content::Scalar { text, plain } => RawValue::Scalar { place, text: text.into_owned(), plain },
        Content::List(items) => RawValue::List(place, items.into_iter().map(|item| built(item, reading)).collect()),
        Content::Mapping(entries) => {
            let field = |(name, value): (&str, Part<'_>)| {
                let name = reading.name(name);
                let name_place = value.key_place().unwrap_or_default();
                RawField { name, name_place, value: built(value, reading) }
            };
            RawValue::Map(place, entries.into_iter().map(field).collect())
        }
    }
}
