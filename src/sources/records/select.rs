//! Which part of a JSON or YAML document is the list of records.

use std::sync::Arc;

use super::reading::{Reading, Words};
use super::{Layout, MAX_ABOVE, Raw, RawField, RawValue};
use crate::text::{Span, short, shown};

/// Names of keys that a help lists.
const LISTED: usize = 12;

/// What a part of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Nothing,
    Scalar,
    List,
    Mapping,
}

/// A key of a mapping, with its value.
pub(super) struct Entry<N> {
    pub(super) name: Arc<str>,
    pub(super) name_place: Span,
    pub(super) value: N,
}

/// A part of a document. Parts are nested no deeper than a limit that was checked before, and so are the functions
/// below that call themselves.
pub(super) trait Node: Copy {
    fn kind(self) -> Kind;

    /// Where it stands.
    fn place(self) -> Span;

    /// Gives the items of a list in order, as long as the answer is to go on.
    fn items(self, each: &mut dyn FnMut(Self) -> bool);

    /// The entries of a mapping; `None` where it has a fault that was just noted.
    fn entries(self, reading: &mut Reading<'_>) -> Option<Vec<Entry<Self>>>;

    /// All of it; `None` where it has a fault that was just noted.
    fn value(self, reading: &mut Reading<'_>) -> Option<RawValue>;
}

/// Whether a file holds other documents beside one. Then a mapping is a record, and there is no header: it would be
/// taken for that of the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Among {
    None,
    Others,
}

/// Hands over the records of a document.
pub(super) fn document<N: Node>(reading: &mut Reading<'_>, root: N, layout: &Layout, among: Among) {
    match (layout.pick.as_deref(), root.kind()) {
        (Some("."), _) => record(reading, root),
        (Some(path), Kind::Mapping) if path.ends_with('?') => around(reading, root, path.trim_end_matches('?'), among),
        (Some(path), kind) if !path.ends_with('?') || kind == Kind::Mapping => {
            picked(reading, root, path, layout, among)
        }
        (_, Kind::Nothing) => {}
        (_, Kind::Mapping) if among == Among::Others => record(reading, root),
        (_, Kind::Mapping) => mapping(reading, root),
        (_, Kind::List) => root.items(&mut |item| {
            record(reading, item);
            true
        }),
        (_, Kind::Scalar) => no_record(reading, root),
    }
}

/// Hands over a part that must be a record.
fn record<N: Node>(reading: &mut Reading<'_>, node: N) {
    record_below(reading, node, &[]);
}

/// Hands over a record with what was met above it, the nearest last. What it says itself comes before that.
fn record_below<N: Node>(reading: &mut Reading<'_>, node: N, above: &[RawField]) {
    if node.kind() != Kind::Mapping {
        no_record(reading, node);
        return;
    }
    if let Some(RawValue::Map(place, mut fields)) = node.value(reading) {
        for field in above.iter().rev() {
            if !fields.iter().any(|known| known.name == field.name) {
                fields.push(field.clone());
            }
        }
        reading.hand_over(Raw { place, fields });
    }
}

fn no_record<N: Node>(reading: &mut Reading<'_>, node: N) {
    let what = match node.kind() {
        Kind::Nothing => "nothing",
        Kind::Scalar => "a single value",
        Kind::List => "a list",
        Kind::Mapping => "a mapping",
    };
    let message = format!("{what} stands here, and a record is expected: a mapping of names to values");
    let place = reading.first_line(node.place());
    reading.fault("documents/wrong-type", place, Words::new(message, "no record", ""));
}

/// A document that is a mapping: around a list of records, or itself one.
fn mapping<N: Node>(reading: &mut Reading<'_>, root: N) {
    let Some(entries) = root.entries(reading) else { return };
    let lists: Vec<&Entry<N>> = entries.iter().filter(|entry| holds_records(entry.value)).collect();
    match lists.as_slice() {
        // A list that is empty is not known to be one of records, unless there is nothing else.
        [] if matches!(entries.as_slice(), [entry] if entry.value.kind() == Kind::List && is_empty(entry.value)) => {}
        [] => record(reading, root),
        [list] => {
            header(reading, &entries);
            list.value.items(&mut |item| {
                record(reading, item);
                true
            });
        }
        [first, second, ..] => {
            let names = lists.iter().map(|entry| &*entry.name);
            let message = format!("this document holds several lists of records: {}", listed(names));
            let label = format!("a list beside {}", shown(&first.name));
            let help = format!("write the one that is meant as `pick`, such as `pick: {}`", short(&first.name));
            reading.fault("documents/missing-key", second.name_place, Words::new(message, label, help));
        }
    }
}

/// A document that is one record, unless it has the key under which a list of records stands.
fn around<N: Node>(reading: &mut Reading<'_>, root: N, key: &str, among: Among) {
    let Some(entries) = root.entries(reading) else { return };
    let Some(list) = entries.iter().find(|entry| &*entry.name == key && among == Among::None) else {
        return record(reading, root);
    };
    header(reading, &entries);
    match list.value.kind() {
        Kind::Nothing => {}
        Kind::List => list.value.items(&mut |item| {
            record(reading, item);
            true
        }),
        Kind::Scalar | Kind::Mapping => record(reading, list.value),
    }
}

/// Whether a value is a list with a mapping in it.
fn holds_records<N: Node>(node: N) -> bool {
    let mut found = false;
    if node.kind() == Kind::List {
        node.items(&mut |item| {
            found = item.kind() == Kind::Mapping;
            !found
        });
    }
    found
}

fn is_empty<N: Node>(node: N) -> bool {
    let mut empty = true;
    node.items(&mut |_| {
        empty = false;
        false
    });
    empty
}

/// Keeps the single values that stand beside the list of records.
fn header<N: Node>(reading: &mut Reading<'_>, entries: &[Entry<N>]) {
    for entry in entries.iter().filter(|entry| matches!(entry.value.kind(), Kind::Scalar | Kind::Nothing)) {
        if let Some(value) = entry.value.value(reading) {
            reading.header(RawField { name: Arc::clone(&entry.name), name_place: entry.name_place, value });
        }
    }
}

/// What a path met on its way.
struct Way<'l> {
    layout: &'l Layout,
    /// What the mappings that it led through say for everything in them, the outermost first.
    above: Vec<RawField>,
    /// Whether it came to an end anywhere.
    arrived: bool,
    /// The first mapping that lacks the next key: its place, the path from there, and the keys that there are.
    missed: Option<(Span, String, String)>,
}

fn picked<N: Node>(reading: &mut Reading<'_>, root: N, path: &str, layout: &Layout, among: Among) {
    let mut way = Way { layout, above: Vec::new(), arrived: false, missed: None };
    if root.kind() == Kind::Mapping && among == Among::None {
        let Some(entries) = root.entries(reading) else { return };
        header(reading, &entries);
        through(reading, root, &entries, path, &mut way);
    } else {
        follow(reading, root, Some(path), &mut way);
    }
    if let Some((place, rest, keys)) = way.missed.filter(|_| !way.arrived) {
        let message = format!("`pick` leads to {}, and there is no {} here", shown(path), shown(&rest));
        let help = if keys.is_empty() { String::new() } else { format!("the keys are: {keys}") };
        let place = reading.first_line(place);
        reading.fault("documents/missing-key", place, Words::new(message, "not in this mapping", help));
    }
}

/// Goes on from a part along the rest of a path; `None` at its end.
fn follow<N: Node>(reading: &mut Reading<'_>, node: N, path: Option<&str>, way: &mut Way<'_>) {
    match (path, node.kind()) {
        (_, Kind::List) => {
            way.arrived |= path.is_none();
            node.items(&mut |item| {
                follow(reading, item, path, way);
                true
            });
        }
        // Some tools write `null` for a list without items.
        (_, Kind::Nothing) => way.arrived |= path.is_none(),
        (None, _) => {
            way.arrived = true;
            record_below(reading, node, &way.above);
        }
        (Some(_), Kind::Scalar) => {
            way.arrived = true;
            no_record(reading, node);
        }
        (Some(path), Kind::Mapping) => {
            if let Some(entries) = node.entries(reading) {
                through(reading, node, &entries, path, way);
            } else {
                way.arrived = true;
            }
        }
    }
}

/// Whether a mapping has every key by which a tool's file is known.
fn is_known<N: Node>(entries: &[Entry<N>], layout: &Layout) -> bool {
    let has = |key: &String| entries.iter().any(|entry| *entry.name == **key);
    !layout.known_by.is_empty() && layout.known_by.iter().all(has)
}

/// Goes on through a mapping. A key may itself hold dots, so every part of the path that is a key is one.
fn through<N: Node>(reading: &mut Reading<'_>, node: N, entries: &[Entry<N>], path: &str, way: &mut Way<'_>) {
    if let Some((value, rest)) = next(entries, path) {
        let outside = way.above.len();
        for name in &way.layout.above {
            way.above.extend(single(reading, entries, name, name));
        }
        follow(reading, value, rest, way);
        way.above.truncate(outside);
    } else if (way.layout.optional && is_the_end(path, way.layout)) || is_known(entries, way.layout) {
        // Some tools leave a list without items out.
        way.arrived = true;
    } else if way.missed.is_none() {
        let keys = listed(entries.iter().map(|entry| &*entry.name));
        way.missed = Some((node.place(), path.to_owned(), keys));
    }
}

/// Whether a path is the last part of the whole one, and not all of it.
fn is_the_end(path: &str, layout: &Layout) -> bool {
    !path.contains('.') && layout.pick.as_ref().is_some_and(|whole| path.len() < whole.len())
}

/// The value under the first part of a path that is a key, and the rest of the path behind it.
fn next<'p, N: Node>(entries: &[Entry<N>], path: &'p str) -> Option<(N, Option<&'p str>)> {
    let find = |name: &str| entries.iter().find(|entry| &*entry.name == name).map(|entry| entry.value);
    find(path)
        .map(|value| (value, None))
        .or_else(|| path.match_indices('.').find_map(|(dot, _)| Some((find(&path[..dot])?, Some(&path[dot + 1..])))))
}

/// The single value that a path leads to, under the name of the whole path.
fn single<N: Node>(reading: &mut Reading<'_>, entries: &[Entry<N>], path: &str, name: &str) -> Option<RawField> {
    let (mut value, mut rest) = next(entries, path)?;
    while value.kind() == Kind::List {
        let (number, behind) = rest?.split_once('.').map_or((rest?, None), |(number, behind)| (number, Some(behind)));
        value = item(value, number.parse().ok()?)?;
        rest = behind;
    }
    match (value.kind(), rest) {
        (Kind::Scalar, None) => {
            let place = value.place();
            if place.end - place.start > MAX_ABOVE {
                let message =
                    format!("this value belongs to every record below it, and has more than {MAX_ABOVE} bytes");
                let place = reading.first_line(Span::new(place.start, place.start + 1));
                reading.fault("documents/too-large", place, Words::new(message, "it begins here", ""));
                return None;
            }
            let value = value.value(reading)?;
            Some(RawField { name: reading.name(name), name_place: value.place(), value })
        }
        (Kind::Mapping, Some(rest)) => {
            let inside = value.entries(reading)?;
            single(reading, &inside, rest, name)
        }
        _ => None,
    }
}

/// One item of a list.
fn item<N: Node>(list: N, number: usize) -> Option<N> {
    let (mut at, mut found) = (0, None);
    list.items(&mut |item| {
        found = (at == number).then_some(item);
        at += 1;
        found.is_none()
    });
    found
}

/// Some names for a message.
fn listed<'n>(mut names: impl Iterator<Item = &'n str>) -> String {
    let mut list = names.by_ref().take(LISTED).map(shown).collect::<Vec<_>>().join(", ");
    if names.next().is_some() {
        list.push_str(", …");
    }
    list
}
