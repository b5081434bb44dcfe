//! Provenance of records: which change first brought each record of a register, which altered it, and which took it out.
//! A record is known by its key, whatever file it stands in.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::definition::Definition;
use super::value::{Record, Value};

/// What became of the records of a register along a line of commits, of which each is told by its position.
#[derive(Debug, Default)]
pub struct Provenance {
    /// The position at which each record first said when what it tells of happened, by its key. A record that stood
    /// there before, without that day, had told nothing yet.
    pub told: FxHashMap<String, usize>,
    /// The position at which each record came to name the approver that it names today.
    pub approved: FxHashMap<String, usize>,
    /// Each record with the position at which it first stood there, whatever it said, in order of the positions.
    pub arrived: Vec<(Arc<Record>, usize)>,
    /// Every change of a field that the register follows.
    pub changed: Vec<Changed>,
    /// Every record that no longer says what it said when it was closed, once for each change that made it so.
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

/// A field of a record that said something else before.
#[derive(Debug)]
pub struct Changed {
    /// The field.
    pub field: String,
    /// The record as it was.
    pub was: Arc<Record>,
    /// The record as it became.
    pub is: Arc<Record>,
    /// The position that changed it.
    pub at: usize,
}

#[derive(Debug)]
struct Held {
    /// The record, as it last stood there.
    record: Arc<Record>,
    /// In how many files it stands.
    files: usize,
    /// The position that took it out of the last one.
    gone: usize,
    /// Each field of it since it was closed, in the order of its shape.
    closed: Vec<Said>,
}

/// A field of a record that is closed.
#[derive(Debug)]
struct Said {
    /// The record in which it says what must stand: all that was said at closing, and filled in since.
    stands: Arc<Record>,
    /// Where it says something else: the position that made it so, with the record before and behind it.
    departs: Option<(usize, Arc<Record>, Arc<Record>)>,
}

/// The files that one change of a register touched, each with its records before and after.
pub type Touched = (Arc<[Arc<Record>]>, Arc<[Arc<Record>]>);

impl Provenance {
    /// Follows the register to its next version, which stood from a position on.
    pub fn follow(&mut self, definition: &Definition, at: usize, touched: &[Touched]) {
        // A record that came back is held against what it said when it was taken out.
        let mut seen: FxHashMap<String, Arc<Record>> = FxHashMap::default();
        for record in touched.iter().flat_map(|(was, _)| was.iter()) {
            let key = key(definition, record);
            if let Some(held) = self.held.get_mut(&key) {
                held.files = held.files.saturating_sub(1);
                seen.entry(key).or_insert_with(|| Arc::clone(&held.record));
            }
        }
        for record in touched.iter().flat_map(|(_, is)| is.iter()) {
            let key = key(definition, record);
            let new = || {
                self.arrived.push((Arc::clone(record), at));
                Held { record: Arc::clone(record), files: 0, gone: at, closed: Vec::new() }
            };
            let held = self.held.entry(key.clone()).or_insert_with(new);
            seen.entry(key).or_insert_with(|| Arc::clone(&held.record));
            (held.record, held.files) = (Arc::clone(record), held.files + 1);
        }
        for (key, was) in seen {
            let Some(held) = self.held.get_mut(&key) else { continue };
            if held.files == 0 {
                held.gone = at;
                continue;
            }
            held.close(definition, at, &was);
            let changes = definition.kept.followed.iter().filter(|field| differs(&was, &held.record, field));
            self.changed.extend(changes.map(|field| {
                let (was, is) = (Arc::clone(&was), Arc::clone(&held.record));
                Changed { field: field.clone(), was, is, at }
            }));
            let named = |field: &Option<String>| field.as_deref().map_or(&Value::Null, |name| held.record.get(name));
            if *named(&definition.kept.happened) != Value::Null {
                self.told.entry(key.clone()).or_insert(at);
            }
            let approver = definition.kept.approver.as_deref().unwrap_or_default();
            let named = (written(was.get(approver)), written(held.record.get(approver)));
            if named.0 != named.1 || !self.approved.contains_key(&key) {
                self.approved.insert(key, at);
            }
        }
    }

    /// Ends with the newest version: what came back is not gone, and what says again what it said is not altered.
    #[must_use]
    pub fn ended(mut self) -> Self {
        let order = |record: &Record| (record.source.name().to_owned(), record.place.start);
        for held in std::mem::take(&mut self.held).into_values() {
            if held.files == 0 {
                self.gone.push((Arc::clone(&held.record), held.gone));
            }
            let mut changes: Vec<Altered> = Vec::new();
            for (field, said) in held.record.shape.fields.iter().zip(held.closed) {
                let Some((at, was, is)) = said.departs else { continue };
                match changes.iter_mut().find(|altered| altered.at == at) {
                    Some(altered) => altered.fields.push(field.name.clone()),
                    None => changes.push(Altered { was, is, fields: vec![field.name.clone()], at }),
                }
            }
            self.altered.extend(changes);
        }
        self.changed.sort_by_key(|changed| (std::cmp::Reverse(changed.at), order(&changed.is)));
        self.gone.sort_by_key(|(record, at)| (std::cmp::Reverse(*at), order(record)));
        self.altered.sort_by_key(|altered| (std::cmp::Reverse(altered.at), order(&altered.is)));
        self
    }
}

impl Held {
    /// Holds what a closed record says now against what it said when it was closed. What was filled in later altered
    /// nothing, and stands from then on.
    fn close(&mut self, definition: &Definition, at: usize, was: &Arc<Record>) {
        let Some(closed) = definition.kept.closed.as_deref() else { return };
        let is = &self.record;
        if self.closed.is_empty() {
            if *is.get(closed) == Value::Null {
                return;
            }
            let said = |_| Said { stands: Arc::clone(is), departs: None };
            self.closed = is.shape.fields.iter().map(said).collect();
        }
        for (field, said) in self.closed.iter_mut().enumerate() {
            if stands(said.stands.at(field), is.at(field)) {
                *said = Said { stands: Arc::clone(is), departs: None };
            } else if said.departs.is_none() {
                said.departs = Some((at, Arc::clone(was), Arc::clone(is)));
            }
        }
    }
}

/// What names a record in its register, as people write it: the parts of its key with a comma between them.
#[must_use]
pub fn name(definition: &Definition, record: &Record) -> String {
    let part = |field: &String| match record.get(field) {
        Value::Person(person) => person.written.clone(),
        value => written(value),
    };
    definition.key.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// What names a record in its register for good.
#[must_use]
pub fn key(definition: &Definition, record: &Record) -> String {
    let values: Vec<String> = definition.key.iter().map(|field| written(record.get(field))).collect();
    values.join("\0")
}

/// Whether a field said something, and says something else now.
fn differs(was: &Record, is: &Record, field: &str) -> bool {
    *was.get(field) != Value::Null && written(was.get(field)) != written(is.get(field))
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
#[must_use]
pub fn written(value: &Value) -> String {
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
