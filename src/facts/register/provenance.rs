//! Provenance of records: which change first brought each record of a register, which altered it, and which took it out.
//! A record is known by its key, whatever file it stands in.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::definition::Definition;
use super::value::{Record, Value};

/// What became of the records of a register along a line of commits, of which each is told by its position.
#[derive(Debug, Default)]
pub struct Provenance {
    /// The position at which each record first stood there, by its key.
    pub arrived: FxHashMap<String, usize>,
    /// Every change of a record that altered something which it had said before.
    pub altered: Vec<Altered>,
    /// Records that are there no more, each with the position that took it out.
    pub gone: Vec<(Arc<Record>, usize)>,
    held: FxHashMap<String, Held>,
}

/// A record that said something else before.
#[derive(Debug)]
pub struct Altered {
    /// As it was.
    pub was: Arc<Record>,
    /// As it became.
    pub is: Arc<Record>,
    /// Fields of which something was changed or removed.
    pub fields: Vec<String>,
    /// The position that altered it.
    pub at: usize,
}

#[derive(Debug)]
struct Held {
    record: Arc<Record>,
    /// In how many files it stands.
    files: usize,
}

/// The files that one change of a register touched, each with its records before and after.
pub type Touched = (Arc<[Arc<Record>]>, Arc<[Arc<Record>]>);

impl Provenance {
    /// Follows the register to its next version, which stood from a position on.
    pub fn follow(&mut self, definition: &Definition, at: usize, touched: &[Touched]) {
        let mut before: FxHashMap<String, Arc<Record>> = FxHashMap::default();
        let mut seen = FxHashSet::default();
        for (was, _) in touched {
            for record in was.iter() {
                let key = key(definition, record);
                if let Some(held) = self.held.get_mut(&key) {
                    held.files = held.files.saturating_sub(1);
                    before.entry(key.clone()).or_insert_with(|| Arc::clone(&held.record));
                }
                seen.insert(key);
            }
        }
        for (_, is) in touched {
            for record in is.iter() {
                let key = key(definition, record);
                self.arrived.entry(key.clone()).or_insert(at);
                let held =
                    self.held.entry(key.clone()).or_insert_with(|| Held { record: Arc::clone(record), files: 0 });
                (held.record, held.files) = (Arc::clone(record), held.files + 1);
                seen.insert(key);
            }
        }
        for key in seen {
            match self.held.get(&key) {
                Some(held) if held.files == 0 => {
                    self.gone.push((Arc::clone(&held.record), at));
                    self.held.remove(&key);
                }
                Some(held) => {
                    if let Some(was) = before.get(&key) {
                        let fields = altered(definition, was, &held.record);
                        if !fields.is_empty() {
                            let (was, is) = (Arc::clone(was), Arc::clone(&held.record));
                            self.altered.push(Altered { was, is, fields, at });
                        }
                    }
                }
                None => {}
            }
        }
    }

    /// Ends with the newest version: what came back is not gone.
    #[must_use]
    pub fn ended(mut self, definition: &Definition) -> Self {
        let held = std::mem::take(&mut self.held);
        self.gone.retain(|(record, _)| !held.contains_key(&key(definition, record)));
        let mut told = FxHashSet::default();
        self.gone.reverse();
        self.gone.retain(|(record, _)| told.insert(key(definition, record)));
        let order = |record: &Record| (record.source.name().to_owned(), record.place.start);
        self.gone.sort_by_key(|(record, at)| (std::cmp::Reverse(*at), order(record)));
        self.altered.sort_by_key(|altered| (std::cmp::Reverse(altered.at), order(&altered.is)));
        self
    }
}

/// What names a record in its register for good.
#[must_use]
pub fn key(definition: &Definition, record: &Record) -> String {
    let values: Vec<String> = definition.key.iter().map(|field| written(record.get(field))).collect();
    values.join("\0")
}

/// The fields of which a later version of a record changed or removed something. What was filled in later altered
/// nothing.
fn altered(definition: &Definition, was: &Record, is: &Record) -> Vec<String> {
    let changed = definition.fields.iter().filter(|field| !stands(was.get(&field.name), is.get(&field.name)));
    changed.map(|field| field.name.clone()).collect()
}

/// Whether everything that a value said still stands in a later one.
fn stands(was: &Value, is: &Value) -> bool {
    match (was, is) {
        (Value::Null, _) => true,
        (Value::List(was), Value::List(is)) => {
            // Most lists are only added to, so an element is looked for at its own place first.
            let still = |(at, one): (usize, &Value)| {
                is.get(at).is_some_and(|other| stands(one, other)) || is.iter().any(|other| stands(one, other))
            };
            was.iter().enumerate().all(still)
        }
        (Value::Record(was), Value::Record(is)) => {
            was.shape.fields.iter().all(|field| stands(was.get(&field.name), is.get(&field.name)))
        }
        (was, is) => written(was) == written(is),
    }
}

/// A value as a text that is the same however the file is laid out.
fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Text(value) => value.to_string(),
        Value::File(path) => path.to_string(),
        Value::Person(person) => person.known.map_or_else(|| person.written.to_lowercase(), |at| format!("#{at}")),
        Value::When(when) => when.to_string(),
        Value::Length(length) => length.to_string(),
        Value::List(values) => values.iter().map(written).collect::<Vec<_>>().join("\u{1}"),
        Value::Record(record) => {
            record.shape.fields.iter().map(|field| written(record.get(&field.name))).collect::<Vec<_>>().join("\u{2}")
        }
        Value::Map(map) => {
            map.iter().map(|(name, value)| format!("{name}\u{3}{}", written(value))).collect::<Vec<_>>().join("\u{1}")
        }
    }
}
