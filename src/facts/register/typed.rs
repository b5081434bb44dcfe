//! Records get their types: each cell becomes a value, or a fault at its place.

use std::sync::Arc;

use super::files;
use super::people::People;
use super::value::{FieldShape, PersonRef, Record, Shape, Type, Value};
use crate::error::Fault;
use crate::facts::calendar::When;
use crate::sources::records::{Raw, RawField, RawValue};
use crate::text::{SourceText, Span, shown};

/// What turns the cells of one file into values.
pub struct Typing<'a> {
    /// The file.
    pub source: &'a Arc<SourceText>,
    /// Whether it is a table, whose cells hold lists as texts with `;` between them.
    pub table: bool,
    /// Reads a day or an instant; the error says what is wrong.
    pub dates: &'a dyn Fn(&str) -> Result<When, String>,
    /// Everybody who is known.
    pub people: &'a People,
    /// Whether a field that the register does not have is a fault; a mapping takes only what it names.
    pub strict: bool,
}

impl Typing<'_> {
    /// The record of a raw one, with everything that is wrong with it. A record with a fault is not to be used.
    pub fn record(&self, shape: &Arc<Shape>, raw: Raw, faults: &mut Vec<Fault>) -> Record {
        let mut cells = vec![(Value::Null, Span::default()); shape.fields.len()];
        for field in raw.fields {
            match shape.position(&field.name) {
                Some(at) => {
                    // Where nothing stands there is no place, whatever a mapping took it from.
                    let nothing = matches!(field.value, RawValue::Null(_));
                    let place = if nothing { Span::default() } else { field.value.place() };
                    let value = self.value(&shape.fields[at].kind, field.value, faults);
                    cells[at] = (value, if place.is_empty() { Span::default() } else { place });
                }
                None if self.strict => faults.push(self.unknown(shape, &field)),
                None => {}
            }
        }
        for (field, (value, place)) in shape.fields.iter().zip(&cells) {
            // A cell that holds something wrong has had its fault.
            if field.required && *value == Value::Null && place.is_empty() {
                faults.push(self.missing(shape, field, raw.place));
            }
        }
        Record::new(Arc::clone(shape), Arc::clone(self.source), raw.place, cells)
    }

    fn value(&self, kind: &Type, raw: RawValue, faults: &mut Vec<Fault>) -> Value {
        match (kind, raw) {
            (_, RawValue::Null(_)) => Value::Null,
            (Type::List(of), raw) => self.list(of, raw, faults),
            (_, RawValue::Scalar { place, text, .. }) => {
                let text = text.trim();
                self.scalar(kind, text).unwrap_or_else(|wrong| {
                    faults.push(self.fault(wrong.rule, place, wrong.message, wrong.label, wrong.help));
                    Value::Null
                })
            }
            (_, raw) => {
                let message = format!("{} stands here, and one value is expected", a_list_or_mapping(&raw));
                let label = a_list_or_mapping(&raw);
                faults.push(self.fault("documents/wrong-type", self.first_line(raw.place()), message, label, None));
                Value::Null
            }
        }
    }

    fn list(&self, of: &Type, raw: RawValue, faults: &mut Vec<Fault>) -> Value {
        match (of, raw) {
            (Type::Record(shape), RawValue::List(_, items)) => {
                let mut records = Vec::with_capacity(items.len());
                for item in items {
                    match item {
                        RawValue::Map(place, fields) => {
                            let record = self.record(shape, Raw { place, fields }, faults);
                            records.push(Value::Record(Arc::new(record)));
                        }
                        other => {
                            let names: Vec<&str> = shape.fields.iter().map(|field| field.name.as_str()).collect();
                            let message = format!("a record with {} is expected here", names.join(", "));
                            let place = self.first_line(other.place());
                            faults.push(self.fault("documents/wrong-type", place, message, "no record", None));
                        }
                    }
                }
                Value::List(records.into())
            }
            (Type::Record(_), other) => {
                let message = "a list of records is expected here".to_owned();
                let place = self.first_line(other.place());
                faults.push(self.fault("documents/wrong-type", place, message, "no list", None));
                Value::Null
            }
            (of, RawValue::List(_, items)) => {
                let values: Vec<Value> = items.into_iter().map(|item| self.value(of, item, faults)).collect();
                Value::List(values.into_iter().filter(|value| *value != Value::Null).collect())
            }
            (of, RawValue::Scalar { place, text, plain }) if self.table => {
                let mut values = Vec::new();
                for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
                    values.push(self.value(of, RawValue::Scalar { place, text: part.to_owned(), plain }, faults));
                }
                Value::List(values.into())
            }
            (_, other) => {
                let message = "a list is expected here".to_owned();
                let help = Some("write it in brackets: [one, two]".to_owned());
                faults.push(self.fault(
                    "documents/wrong-type",
                    self.first_line(other.place()),
                    message,
                    "no list",
                    help,
                ));
                Value::Null
            }
        }
    }

    fn scalar(&self, kind: &Type, text: &str) -> Result<Value, Wrong> {
        let wrong = |what: &str| Wrong::new("documents/wrong-type", format!("{} is not {what}", shown(text)));
        match kind {
            _ if text.is_empty() => Ok(Value::Null),
            Type::Bool => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "y" | "1" => Ok(Value::Bool(true)),
                "false" | "no" | "n" | "0" => Ok(Value::Bool(false)),
                _ => Err(wrong("yes or no").help("write true or false, or map the words of the tool: values")),
            },
            Type::Integer => text.parse().map(Value::Integer).map_err(|_| wrong("a whole number")),
            Type::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Value::Number(number)),
                _ => Err(wrong("a number")),
            },
            Type::When => (self.dates)(text).map(Value::When).map_err(|why| Wrong {
                label: why,
                ..Wrong::new("documents/bad-date", format!("{} cannot be read as a date", shown(text)))
            }),
            Type::Person => {
                let known = self.people.find(text);
                Ok(Value::Person(Arc::new(PersonRef { written: text.to_owned(), known })))
            }
            Type::File => Ok(Value::File(files::path(text).into())),
            Type::Choice(values) => {
                let folded = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
                let found = values.iter().find(|value| folded(value) == folded(text));
                found.map(|value| Value::Text(value.as_str().into())).ok_or_else(|| {
                    let message = format!("{} is none of {}", shown(text), values.join(", "));
                    Wrong::new("documents/unknown-value", message)
                })
            }
            _ => Ok(Value::Text(text.into())),
        }
    }

    fn unknown(&self, shape: &Shape, field: &RawField) -> Fault {
        let near = shape
            .fields
            .iter()
            .map(|known| (strsim::jaro_winkler(&known.name, &field.name), known.name.as_str()))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|(a, _), (b, _)| a.total_cmp(b));
        let label = near
            .map_or_else(|| "not a field of this register".to_owned(), |(_, near)| format!("did you mean `{near}`?"));
        let message = format!("{} has no field {}", shape.name, shown(&field.name));
        let names: Vec<&str> = shape.fields.iter().map(|field| field.name.as_str()).collect();
        let help = format!("the fields are: {}", names.join(", "));
        self.fault("documents/unknown-key", field.name_place, message, label, Some(help))
    }

    fn missing(&self, shape: &Shape, field: &FieldShape, place: Span) -> Fault {
        let message = format!("a record of {} must have {}", shape.name, field.name);
        let label = format!("{} is not given", field.name);
        self.fault("documents/missing-key", self.first_line(place), message, label, None)
    }

    fn first_line(&self, place: Span) -> Span {
        let line = self.source.slice(place).split('\n').next().unwrap_or_default().trim_end();
        Span::new(place.start, place.start + line.len())
    }

    fn fault(
        &self,
        rule: &'static str,
        span: Span,
        message: String,
        label: impl Into<String>,
        help: Option<String>,
    ) -> Fault {
        Fault { rule, message, label: label.into(), help, source: Arc::clone(self.source), span, other: None }
    }
}

/// What is wrong with one cell.
struct Wrong {
    rule: &'static str,
    message: String,
    label: String,
    help: Option<String>,
}

impl Wrong {
    fn new(rule: &'static str, message: String) -> Self {
        Self { rule, message, label: String::new(), help: None }
    }

    fn help(self, help: &str) -> Self {
        Self { help: Some(help.to_owned()), ..self }
    }
}

fn a_list_or_mapping(raw: &RawValue) -> &'static str {
    if matches!(raw, RawValue::List(..)) { "a list" } else { "a mapping" }
}
