//! Takes the records of one file as they are read: mapped, typed, and each with its faults.

use std::collections::HashSet;
use std::sync::Arc;

use crate::error::Fault;
use crate::facts::register::mapped::Mapper;
use crate::facts::register::mapping::Mapping;
use crate::facts::register::typed::Typing;
use crate::facts::register::value::{Record, Shape};
use crate::sources::records::{Raw, RawValue};

/// What was taken of one file.
pub(super) struct Taking<'a> {
    mapper: Mapper<'a>,
    typing: &'a Typing<'a>,
    shape: &'a Arc<Shape>,
    seen: HashSet<Vec<String>>,
    /// Whether a record was mapped at all.
    pub(super) any: bool,
    /// For each field of the register, whether some record has it.
    given: Vec<bool>,
    pub(super) records: Vec<Arc<Record>>,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Taking<'a> {
    pub(super) fn new(mapping: &'a Mapping, typing: &'a Typing<'a>, shape: &'a Arc<Shape>) -> Self {
        Self {
            mapper: Mapper::new(mapping, typing.source),
            typing,
            shape,
            seen: HashSet::new(),
            any: false,
            given: vec![false; shape.fields.len()],
            records: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Whether some record has a field.
    pub(super) fn given(&self, field: &str) -> bool {
        self.shape.position(field).is_some_and(|at| self.given[at])
    }

    /// Takes one record as it stands in the file. One with a fault is left out.
    pub(super) fn take(&mut self, raw: Raw) {
        if self.mapper.identity(&raw).is_some_and(|identity| !self.seen.insert(identity)) {
            return;
        }
        let before = self.faults.len();
        let Some(raw) = self.mapper.map(raw, &mut self.faults) else { return };
        self.any = true;
        for field in raw.fields.iter().filter(|field| !matches!(field.value, RawValue::Null(_))) {
            if let Some(at) = self.shape.position(&field.name) {
                self.given[at] = true;
            }
        }
        let record = self.typing.record(self.shape, raw, &mut self.faults);
        if self.faults.len() == before {
            self.records.push(Arc::new(record));
        }
    }
}
