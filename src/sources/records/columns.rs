//! The columns of a table, by the row that names them, and the records that its cells become.

use std::collections::HashMap;
use std::sync::Arc;

use super::reading::{Reading, Words};
use super::{MAX_COLUMNS, Raw, RawField, RawValue};
use crate::text::Span;

/// The columns of one table.
pub(super) struct Columns {
    /// For each column the field that it belongs to; `None` for one without a name.
    fields_of: Vec<Option<usize>>,
    fields: Vec<Field>,
    /// Cells that a row must have: up to the last column with a name.
    needed: usize,
    /// Columns without a name that were found to hold something.
    blamed: Vec<bool>,
    rule: &'static str,
}

struct Field {
    name: Arc<str>,
    place: Span,
    /// Several columns have this name.
    repeated: bool,
}

impl Columns {
    /// The columns that some names make, or `None` where there are too many, which is then a fault; `rule` is that of
    /// the faults of this table.
    pub(super) fn new(
        reading: &mut Reading<'_>,
        rule: &'static str,
        names: impl Iterator<Item = (String, Span)>,
    ) -> Option<Self> {
        let mut columns = Self { fields_of: Vec::new(), fields: Vec::new(), needed: 0, blamed: Vec::new(), rule };
        let mut known: HashMap<Arc<str>, usize> = HashMap::new();
        for (name, place) in names {
            if columns.fields_of.len() >= MAX_COLUMNS {
                let message = format!("this table has more than {MAX_COLUMNS} columns");
                let words = Words::new(message, "the limit is passed here", "");
                reading.fault("documents/too-large", place, words);
                return None;
            }
            if name.is_empty() {
                columns.fields_of.push(None);
                continue;
            }
            let name = reading.name(&name);
            let at = *known.entry(Arc::clone(&name)).or_insert(columns.fields.len());
            match columns.fields.get_mut(at) {
                Some(field) => {
                    field.repeated = true;
                    reading.repeated(&name, place);
                }
                None => {
                    reading.column(&name, place);
                    columns.fields.push(Field { name, place, repeated: false });
                }
            }
            columns.fields_of.push(Some(at));
            columns.needed = columns.fields_of.len();
        }
        columns.blamed = vec![false; columns.fields_of.len()];
        Some(columns)
    }

    /// Whether a row of so many cells, the last `filled` of which is not empty, fits.
    pub(super) fn fit(&self, count: usize, filled: usize) -> bool {
        count >= self.needed && filled <= self.fields_of.len()
    }

    /// How many columns there are, in words for a row that does not fit: message and label.
    pub(super) fn misfit(&self, count: usize) -> (String, String) {
        let cells = |count: usize| format!("{count} cell{}", if count == 1 { "" } else { "s" });
        // Columns at the end that have no name are not missed in a row that is too short.
        let header = if count < self.needed { self.needed } else { self.fields_of.len() };
        let message = format!("this row has {}, and the header has {}", cells(count), header);
        (message, format!("{} instead of {header}", cells(count)))
    }

    /// The record of a row. Cells behind the last column are left out; [`Columns::fit`] saw that they are empty.
    pub(super) fn record(
        &mut self,
        reading: &mut Reading<'_>,
        place: Span,
        cells: impl Iterator<Item = RawValue>,
    ) -> Raw {
        let end = RawValue::Null(Span::new(place.end, place.end));
        let empty =
            |field: &Field| RawField { name: Arc::clone(&field.name), name_place: field.place, value: end.clone() };
        let mut fields: Vec<RawField> = self.fields.iter().map(empty).collect();
        for (at, (cell, field)) in cells.zip(&self.fields_of).enumerate() {
            let nothing = matches!(cell, RawValue::Null(_));
            match *field {
                Some(field) if self.fields[field].repeated => {
                    let value = std::mem::replace(&mut fields[field].value, RawValue::Null(place));
                    fields[field].value = joined(value, cell);
                }
                Some(field) => fields[field].value = cell,
                None if nothing || self.blamed[at] => {}
                None => {
                    self.blamed[at] = true;
                    let words = Words::new(
                        "this cell stands in a column that has no name",
                        format!("column {} is not named", at + 1),
                        "name the column in the header, or empty it",
                    );
                    reading.fault(self.rule, reading.first_line(cell.place()), words);
                }
            }
        }
        Raw { place, fields }
    }
}

/// The cells of columns with one name: a list of those that hold something, from the first to the last of them.
fn joined(value: RawValue, cell: RawValue) -> RawValue {
    match (value, cell) {
        (value @ RawValue::List(..), RawValue::Null(_)) => value,
        (RawValue::List(place, mut items), cell) => {
            let place = Span::new(place.start, cell.place().end);
            items.push(cell);
            RawValue::List(place, items)
        }
        (_, cell @ RawValue::Null(_)) => cell,
        (_, cell) => RawValue::List(cell.place(), vec![cell]),
    }
}
