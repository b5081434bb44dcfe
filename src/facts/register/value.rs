//! Values of records: typed, and each with its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::facts::calendar::{Length, When};
use crate::text::{SourceText, Span};

/// What a field, a parameter or an expression holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: the field is not there, is empty, or holds a word that stands for nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any number.
    Number(f64),
    /// A text.
    Text(Arc<str>),
    /// Somebody, as a record names them.
    Person(Arc<PersonRef>),
    /// A day or an instant.
    When(When),
    /// A length of time, such as a deadline of 30 days.
    Length(Length),
    /// A file, by its path below the repository, with `/` between folders.
    File(Arc<str>),
    /// Several values of one type.
    List(Arc<[Value]>),
    /// A record, also one inside another.
    Record(Arc<Record>),
    /// Values by name, such as a deadline for each severity.
    Map(Arc<BTreeMap<String, Value>>),
}

/// Somebody, as a record names them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PersonRef {
    /// The id, address or account name that stands in the record.
    pub written: String,
    /// Index of the person in the register of people; `None` where nobody there has this name.
    pub known: Option<u32>,
}

impl PersonRef {
    /// Whether two names are one person; `None` where it cannot be told, because one of them is in no register.
    #[must_use]
    pub fn same(&self, other: &Self) -> Option<bool> {
        match (self.known, other.known) {
            (Some(one), Some(two)) => Some(one == two),
            _ if self.written.eq_ignore_ascii_case(&other.written) => Some(true),
            _ => None,
        }
    }
}

/// What a value may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Only nothing.
    Null,
    /// Yes or no.
    Bool,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A text.
    Text,
    /// One of some texts.
    Choice(Arc<[String]>),
    /// Somebody.
    Person,
    /// A day or an instant.
    When,
    /// A length of time.
    Length,
    /// A file of the repository.
    File,
    /// Several values of one type.
    List(Arc<Type>),
    /// A record.
    Record(Arc<Shape>),
    /// Values of one type by name.
    Map(Arc<Type>),
}

/// The fields that all records of one kind have, in order.
#[derive(Debug)]
pub struct Shape {
    /// Name of the register, or of the field that holds records of this shape.
    pub name: String,
    /// The fields.
    pub fields: Vec<FieldShape>,
    index: FxHashMap<String, usize>,
}

/// One field of a shape.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldShape {
    /// Its name.
    pub name: String,
    /// What it may be; every field may also hold nothing unless it is required.
    pub kind: Type,
    /// Whether every record must have it.
    pub required: bool,
}

impl Shape {
    /// A shape of these fields.
    #[must_use]
    pub fn new(name: impl Into<String>, fields: Vec<FieldShape>) -> Arc<Self> {
        let index = fields.iter().enumerate().map(|(at, field)| (field.name.clone(), at)).collect();
        Arc::new(Self { name: name.into(), fields, index })
    }

    /// Position of a field.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// A field by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldShape> {
        self.position(name).map(|at| &self.fields[at])
    }
}

impl PartialEq for Shape {
    /// Two shapes are one if they have the same fields; a shape never holds itself.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || (self.name == other.name && self.fields == other.fields)
    }
}

/// One record of a register, or one inside another.
#[derive(Debug)]
pub struct Record {
    /// Its fields.
    pub shape: Arc<Shape>,
    /// The text that it was read from.
    pub source: Arc<SourceText>,
    /// All of it: the row of a table, the item of a list.
    pub place: Span,
    values: Box<[Value]>,
    places: Box<[Span]>,
}

impl Record {
    /// A record of a shape. `cells` are value and place of every field in the order of the shape; a field that is not
    /// there has an empty place.
    #[must_use]
    pub fn new(shape: Arc<Shape>, source: Arc<SourceText>, place: Span, cells: Vec<(Value, Span)>) -> Self {
        let (values, places): (Vec<Value>, Vec<Span>) = cells.into_iter().unzip();
        Self { shape, source, place, values: values.into(), places: places.into() }
    }

    /// The value of a field; nothing where the shape has no such field.
    #[must_use]
    pub fn get(&self, name: &str) -> &Value {
        self.shape.position(name).map_or(&Value::Null, |at| self.at(at))
    }

    /// The value at a position of the shape.
    #[must_use]
    pub fn at(&self, position: usize) -> &Value {
        self.values.get(position).unwrap_or(&Value::Null)
    }

    /// Where a field stands; the whole record where it does not stand there.
    #[must_use]
    pub fn place_of(&self, name: &str) -> Span {
        let place = self.shape.position(name).and_then(|at| self.places.get(at)).copied();
        place.filter(|place| !place.is_empty()).unwrap_or(self.place)
    }
}

impl PartialEq for Record {
    /// One record is one place of one text.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.source, &other.source) && self.place == other.place && self.shape.name == other.shape.name
    }
}
