//! All registers of a repository, and how a record is found by what it holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::definition::Definition;
use super::people::People;
use super::value::{Record, Shape, Value};
use crate::facts::calendar::{Calendar, When};
use crate::text::{SourceText, Span};

/// The records of one register.
#[derive(Clone, Debug)]
pub struct Register {
    /// What it is.
    pub definition: Definition,
    /// The fields of its records.
    pub shape: Arc<Shape>,
    /// Its records, in order of the files and of their places.
    pub records: Vec<Arc<Record>>,
    /// The files that it was read from; none if the repository has no such register.
    pub files: Vec<Arc<SourceText>>,
    /// Number of rows of each file that could be read whole, by its path, whether or not each became a record.
    pub rows: BTreeMap<String, usize>,
    /// Number of faults that its files have. A record with a fault is not among the records.
    pub faults: usize,
}

impl Register {
    /// A register of these records, which were read from some files that have so many faults.
    #[must_use]
    pub fn new(
        definition: Definition,
        shape: Arc<Shape>,
        records: Vec<Arc<Record>>,
        files: Vec<Arc<SourceText>>,
        faults: usize,
    ) -> Self {
        Self { definition, shape, records, files, rows: BTreeMap::new(), faults }
    }

    /// Whether the repository has the register.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !self.files.is_empty() || self.faults > 0
    }

    /// The field that says when a snapshot was made, if files of this register are snapshots.
    #[must_use]
    pub fn snapshot_field(&self) -> Option<&str> {
        self.definition.snapshot.as_ref().map(|snapshot| snapshot.at.as_str())
    }

    /// Indexes of the records of the latest snapshots that are known at the as-of instant; of all records where there
    /// are no snapshots.
    #[must_use]
    pub fn latest(&self, calendar: &Calendar) -> Vec<u32> {
        let all = 0..self.records.len() as u32;
        let Some(snapshot) = &self.definition.snapshot else { return all.collect() };
        let newest = self.newest(calendar);
        let is_latest = |record: &Record| {
            // What has no date is no older than what has one: a system with an undated export alone is still known.
            let Some(of) = Key::of(record.get(&snapshot.of)) else { return true };
            match (self.made(record), newest.get(&of)) {
                (Some(at), Some(newest)) => at.order(newest).is_eq(),
                (Some(_), None) | (None, Some(_)) => false,
                (None, None) => true,
            }
        };
        all.filter(|index| is_latest(&self.records[*index as usize])).collect()
    }

    /// The first record of everything whose snapshots were all made after the as-of instant.
    #[must_use]
    pub fn not_yet(&self, calendar: &Calendar) -> Vec<&Arc<Record>> {
        let Some(snapshot) = &self.definition.snapshot else { return Vec::new() };
        let mut first: BTreeMap<Key, &Arc<Record>> = BTreeMap::new();
        for record in &self.records {
            if let Some(of) = Key::of(record.get(&snapshot.of)) {
                first.entry(of).or_insert(record);
            }
        }
        for record in &self.records {
            if let Some(of) = Key::of(record.get(&snapshot.of))
                && self.made(record).is_none_or(|at| calendar.is_known(&at))
            {
                first.remove(&of);
            }
        }
        first.into_values().collect()
    }

    /// When the newest known snapshot of each was made.
    fn newest(&self, calendar: &Calendar) -> BTreeMap<Key, When> {
        let mut newest: BTreeMap<Key, When> = BTreeMap::new();
        let Some(snapshot) = &self.definition.snapshot else { return newest };
        for record in &self.records {
            let made = self.made(record).filter(|at| calendar.is_known(at));
            if let (Some(of), Some(at)) = (Key::of(record.get(&snapshot.of)), made) {
                let known = newest.entry(of).or_insert(at);
                if known.order(&at).is_lt() {
                    *known = at;
                }
            }
        }
        newest
    }

    /// When the snapshot that a record is of was made.
    fn made(&self, record: &Record) -> Option<When> {
        match record.get(self.snapshot_field()?) {
            Value::When(when) => Some(*when),
            _ => None,
        }
    }
}

/// A name in a register that leads to nobody in the register of people.
#[derive(Debug)]
pub struct UnknownPerson {
    /// The register.
    pub register: String,
    /// The name.
    pub written: String,
    /// How often it stands there.
    pub count: usize,
    /// The text of its first place.
    pub source: Arc<SourceText>,
    /// Its first place.
    pub place: Span,
}

impl Register {
    /// Every name in this register that leads to nobody, in order of first places.
    #[must_use]
    pub fn unknown_persons(&self) -> Vec<UnknownPerson> {
        let mut found: Vec<UnknownPerson> = Vec::new();
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        for record in &self.records {
            self.unknown_of(record, &mut known, &mut found);
        }
        found
    }

    fn unknown_of(&self, record: &Record, known: &mut FxHashMap<String, usize>, found: &mut Vec<UnknownPerson>) {
        for field in &record.shape.fields {
            let value = record.get(&field.name);
            let several = match value {
                Value::List(values) => &values[..],
                value => std::slice::from_ref(value),
            };
            for value in several {
                match value {
                    Value::Person(person) if person.known.is_none() => {
                        let at = *known.entry(person.written.to_lowercase()).or_insert(found.len());
                        match found.get_mut(at) {
                            Some(unknown) => unknown.count += 1,
                            None => found.push(UnknownPerson {
                                register: self.definition.register.clone(),
                                written: person.written.clone(),
                                count: 1,
                                source: Arc::clone(&record.source),
                                place: record.place_of(&field.name),
                            }),
                        }
                    }
                    // Records nest no deeper than the definition of their register does.
                    Value::Record(inner) => self.unknown_of(inner, known, found),
                    _ => {}
                }
            }
        }
    }
}

/// A value by which records are found.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Somebody in the register of people.
    Person(u32),
    /// A text; of somebody who is in no register, the name in small letters.
    Text(Box<str>),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Day(jiff::civil::Date),
}

impl Key {
    /// The key of a value; `None` of nothing, and of values by which nothing is found.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) | Value::File(text) => Some(Self::Text(text.as_ref().into())),
            Value::Person(person) => Some(match person.known {
                Some(known) => Self::Person(known),
                None => Self::Text(person.written.to_lowercase().into()),
            }),
            Value::Integer(number) => Some(Self::Integer(*number)),
            Value::Bool(flag) => Some(Self::Bool(*flag)),
            Value::When(when) => Some(Self::Day(when.day)),
            _ => None,
        }
    }
}

/// The records of a register by the values of some fields.
#[derive(Debug, Default)]
pub struct Index {
    by_key: FxHashMap<Box<[Key]>, Vec<u32>>,
}

impl Index {
    /// Indexes records by fields, in this order. A record is found by each element of a field that is a list, and by
    /// none where a field holds nothing.
    #[must_use]
    pub fn new(register: &Register, among: &[u32], fields: &[usize]) -> Self {
        let mut index = Self::default();
        for at in among {
            let record = &register.records[*at as usize];
            let mut keys: Vec<Vec<Key>> = vec![Vec::new()];
            for field in fields {
                let values = match record.at(*field) {
                    Value::List(values) => values.iter().filter_map(Key::of).collect(),
                    value => Key::of(value).into_iter().collect::<Vec<_>>(),
                };
                keys = keys
                    .iter()
                    .flat_map(|start| {
                        values.iter().map(move |key| start.iter().cloned().chain([key.clone()]).collect())
                    })
                    .collect();
            }
            for key in keys {
                index.by_key.entry(key.into()).or_default().push(*at);
            }
        }
        index
    }

    /// Indexes of the records with these values.
    #[must_use]
    pub fn find(&self, key: &[Key]) -> &[u32] {
        self.by_key.get(key).map(Vec::as_slice).unwrap_or_default()
    }
}

/// All registers.
#[derive(Clone, Debug, Default)]
pub struct Registers {
    /// The registers by name; one that the repository does not have has no records.
    pub by_name: BTreeMap<String, Register>,
    /// Everybody in the register of people.
    pub people: People,
}

impl Registers {
    /// Number of files that all registers were read from.
    #[must_use]
    pub fn files(&self) -> usize {
        self.by_name.values().map(|register| register.files.len()).sum()
    }

    /// The register of each file that one was read from.
    #[must_use]
    pub fn holders(&self) -> FxHashMap<&str, &str> {
        let all = self.by_name.iter();
        all.flat_map(|(name, register)| register.files.iter().map(|file| (file.name(), name.as_str()))).collect()
    }

    /// Registers without a record, of which only the fields are known.
    #[must_use]
    pub fn empty(definitions: &[Definition]) -> Self {
        let empty = |definition: &Definition| {
            let register = Register::new(definition.clone(), definition.shape(), Vec::new(), Vec::new(), 0);
            (definition.register.clone(), register)
        };
        Self { by_name: definitions.iter().map(empty).collect(), people: People::default() }
    }

    /// A register by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Register> {
        self.by_name.get(name)
    }
}
