//! Paths through the fields of a record: names, numbers for the elements of a list, and names that lead through all of
//! them.

use std::borrow::Cow;

use crate::sources::records::{RawField, RawValue};

/// The value of a column, or of a path through what is nested. A number behind a list takes that element of it, and a
/// name takes what every element has under it, as one list.
pub(super) fn find<'v>(fields: &'v [RawField], name: &str) -> Option<Cow<'v, RawValue>> {
    let exact = fields.iter().find(|field| field.name.trim() == name);
    let found = exact.or_else(|| fields.iter().find(|field| field.name.trim().eq_ignore_ascii_case(name)));
    if let Some(field) = found {
        return Some(Cow::Borrowed(&field.value));
    }
    // A key may itself hold dots, so every part of the path that is a key is one.
    name.match_indices('.').find_map(|(dot, _)| {
        let head = &name[..dot];
        let field = fields.iter().find(|field| field.name.trim().eq_ignore_ascii_case(head))?;
        within(&field.value, &name[dot + 1..])
    })
}

fn within<'v>(value: &'v RawValue, path: &str) -> Option<Cow<'v, RawValue>> {
    match value {
        RawValue::Map(_, fields) => find(fields, path),
        RawValue::List(place, items) => {
            let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
            if let Ok(number) = head.parse::<usize>() {
                let item = items.get(number)?;
                return rest.map_or(Some(Cow::Borrowed(item)), |rest| within(item, rest));
            }
            let mut found = Vec::new();
            for value in items.iter().filter_map(|item| within(item, path)) {
                match value.into_owned() {
                    RawValue::List(_, inner) => found.extend(inner),
                    value => found.push(value),
                }
            }
            (!found.is_empty()).then_some(Cow::Owned(RawValue::List(*place, found)))
        }
        RawValue::Null(_) | RawValue::Scalar { .. } => None,
    }
}

/// The text of a single value.
pub(super) fn text_of(value: &RawValue) -> Option<&str> {
    match value {
        RawValue::Scalar { text, .. } => Some(text),
        _ => None,
    }
}

/// The texts of a value: one of a single value, those of the single values in a list, otherwise none.
pub(super) fn texts_of(value: &RawValue) -> Vec<&str> {
    match value {
        RawValue::List(_, items) => items.iter().filter_map(text_of).map(str::trim).collect(),
        value => text_of(value).map(str::trim).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;
    use crate::sources::records::{self, Format, Layout};
    use crate::text::SourceText;

    fn at(json: &str, path: &str) -> Option<Vec<String>> {
        let source = SourceText::new("a.json", json);
        let layout = Layout { pick: Some(".".to_owned()), ..Layout::default() };
        let mut all = Vec::new();
        records::read(&source, Format::of(Path::new("a.json")).unwrap(), &layout, &mut |raw| all.push(raw));
        let found = find(&all[0].fields, path)?.into_owned();
        Some(texts_of(&found).into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn names_and_numbers_lead_inside() {
        let text = r#"{"user": {"email": "dana@acme.example"}, "labels": [{"name": "a"}, {"name": "b"}, {}],
            "locations": [{"uri": "one"}, {"uri": "two"}], "a.b": {"c": "dots"}, "deep": [{"in": ["1", "2"]}, {"in": ["3"]}]}"#;
        let found = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(at(text, "user.email"), found(&["dana@acme.example"]));
        assert_eq!(at(text, "User.Email"), found(&["dana@acme.example"]));
        assert_eq!(at(text, "labels.name"), found(&["a", "b"]));
        assert_eq!(at(text, "locations.1.uri"), found(&["two"]));
        assert_eq!(at(text, "a.b.c"), found(&["dots"]));
        assert_eq!(at(text, "deep.in"), found(&["1", "2", "3"]));
        for path in ["labels.colour", "locations.2.uri", "user.email.host", "nothing"] {
            assert_eq!(at(text, path), None, "{path}");
        }
    }
}
