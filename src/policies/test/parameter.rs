//! What a control states under `with` for a test.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::facts::calendar::{Cadence, Day, LENGTH_PATTERN};
use crate::facts::document::control::Control;
use crate::facts::register::value::{FieldShape, PersonRef, Record, Shape, Type, Value};
use crate::policies::expression::Context;
use crate::text::Span;

/// One thing that a control states for a test.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its key under `with`.
    pub name: String,
    /// What it means.
    pub about: String,
    /// What it may be.
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// Whether a control must state it.
    #[serde(default)]
    pub required: bool,
    /// Which values ask for less. A control that is changed to one of them is weakened, and somebody must have agreed.
    #[serde(default)]
    pub weaker: Option<Weaker>,
    /// What it means that a control leaves it out.
    #[serde(default)]
    pub left_out: LeftOut,
    /// What it is counted in.
    #[serde(default)]
    pub unit: Option<String>,
    /// Least value of an integer.
    #[serde(default)]
    pub minimum: Option<i64>,
    /// The values of a choice; those that each text of a list may have, where not every text makes sense.
    #[serde(default)]
    pub values: Vec<String>,
    /// The fields of a record, or of each record of a list.
    #[serde(default)]
    pub fields: Vec<Parameter>,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterType {
    /// A whole number.
    Integer,
    /// A text.
    Text,
    /// One of `values`.
    Choice,
    /// `true` or `false`.
    Flag,
    /// A day: `2026-06-30`.
    Day,
    /// A length of time: `24h`, `5bd`, `30d`, `12mo`.
    Length,
    /// A length of time for each of several names, such as severities.
    Lengths,
    /// How often something is done: `monthly`, `quarterly`, `annually`.
    Cadence,
    /// A list of texts.
    Texts,
    /// A list of texts for each of several names.
    TextsByName,
    /// A list of persons, by id, address or account name.
    Persons,
    /// A record with `fields`.
    Record,
    /// A list of records with `fields`.
    Records,
    /// A list of registers, by the names of their files: each must be there and whole.
    Registers,
}

/// Which values of a parameter ask for less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weaker {
    /// Smaller numbers, shorter times, earlier values of a choice, `false`.
    Smaller,
    /// Larger numbers, longer times, rarer cadences, later values of a choice, `true`.
    Larger,
    /// Lists that lack something.
    Fewer,
    /// Lists that have something more.
    More,
}

/// What it means that a control leaves a parameter out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LeftOut {
    /// Less is asked than with any value.
    #[default]
    Weaker,
    /// More is asked than with any value.
    Stricter,
}

/// JSON Schema of some parameters.
pub(super) fn schema(parameters: &[Parameter]) -> Json {
    let properties: serde_json::Map<String, Json> =
        parameters.iter().map(|parameter| (parameter.name.clone(), parameter.schema())).collect();
    let required: Vec<&str> =
        parameters.iter().filter(|parameter| parameter.required).map(|parameter| parameter.name.as_str()).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

impl Parameter {
    fn schema(&self) -> Json {
        let texts = || match &self.values[..] {
            [] => json!({ "type": "array", "items": { "type": "string" } }),
            values => json!({ "type": "array", "items": { "type": "string", "enum": values } }),
        };
        let mut schema = match self.kind {
            ParameterType::Integer => json!({ "type": "integer" }),
            ParameterType::Text => json!({ "type": "string" }),
            ParameterType::Choice => json!({ "type": "string", "enum": self.values }),
            ParameterType::Flag => json!({ "type": "boolean" }),
            ParameterType::Day => json!({ "type": "string", "format": "date" }),
            ParameterType::Length => json!({ "type": "string", "pattern": LENGTH_PATTERN }),
            ParameterType::Lengths => {
                json!({ "type": "object", "additionalProperties": { "type": "string", "pattern": LENGTH_PATTERN } })
            }
            ParameterType::Cadence => json!({ "type": "string", "pattern": Cadence::pattern() }),
            ParameterType::Texts | ParameterType::Persons | ParameterType::Registers => texts(),
            ParameterType::TextsByName => json!({ "type": "object", "additionalProperties": texts() }),
            ParameterType::Record => schema(&self.fields),
            ParameterType::Records => json!({ "type": "array", "items": schema(&self.fields) }),
        };
        schema["description"] = json!(self.about);
        if let Some(minimum) = self.minimum {
            schema["minimum"] = json!(minimum);
        }
        schema
    }

    /// The type of its value in expressions.
    fn value_type(&self) -> Type {
        match self.kind {
            ParameterType::Integer => Type::Integer,
            ParameterType::Text => Type::Text,
            ParameterType::Choice => Type::Choice(self.values.clone().into()),
            ParameterType::Flag => Type::Bool,
            ParameterType::Day => Type::When,
            ParameterType::Length => Type::Length,
            ParameterType::Lengths => Type::Map(Arc::new(Type::Length)),
            ParameterType::Cadence => Type::Choice(Cadence::ALL.iter().map(|(_, name)| (*name).to_owned()).collect()),
            ParameterType::Texts | ParameterType::Registers => Type::List(Arc::new(Type::Text)),
            ParameterType::TextsByName => Type::Map(Arc::new(Type::List(Arc::new(Type::Text)))),
            ParameterType::Persons => Type::List(Arc::new(Type::Person)),
            ParameterType::Record => Type::Record(shape(&self.name, &self.fields)),
            ParameterType::Records => Type::List(Arc::new(Type::Record(shape(&self.name, &self.fields)))),
        }
    }
}

/// The shape that a control's parameters have in expressions.
#[must_use]
pub(super) fn shape(name: &str, parameters: &[Parameter]) -> Arc<Shape> {
    let field = |parameter: &Parameter| FieldShape {
        name: parameter.name.clone(),
        kind: parameter.value_type(),
        required: parameter.required,
    };
    Shape::new(name, parameters.iter().map(field).collect())
}

/// What a control states, as a record whose fields stand where the control states them.
pub(super) fn record(shape: &Arc<Shape>, control: &Control, context: &Context<'_>) -> Record {
    let stated = &control.text.with;
    let cell = |field: &FieldShape| match stated.get(&field.name) {
        Some(json) => (value(&field.kind, json, control, context), control.parameter(&field.name)),
        None => (Value::Null, Span::default()),
    };
    let cells = shape.fields.iter().map(cell).collect();
    Record::new(Arc::clone(shape), Arc::clone(control.source()), control.id_span(), cells)
}

/// The value of a parameter. The schema of the test has made sure that it has its type.
fn value(kind: &Type, json: &Json, control: &Control, context: &Context<'_>) -> Value {
    let text = || json.as_str().map(str::to_owned).unwrap_or_else(|| json.to_string());
    match kind {
        Type::Bool => json.as_bool().map_or(Value::Null, Value::Bool),
        Type::Integer => json.as_i64().map_or(Value::Null, Value::Integer),
        Type::Length => text().parse().map_or(Value::Null, Value::Length),
        Type::When => text().parse().map_or(Value::Null, |day| Value::When(context.calendar.end_of(Day(day)))),
        Type::Person => {
            let written = text();
            let known = context.people.find(&written);
            Value::Person(Arc::new(PersonRef { written, known }))
        }
        Type::List(of) => {
            let items = json.as_array().map(Vec::as_slice).unwrap_or_default();
            Value::List(items.iter().map(|item| value(of, item, control, context)).collect())
        }
        Type::Map(of) => {
            let entries = json.as_object().into_iter().flatten();
            let map: BTreeMap<String, Value> =
                entries.map(|(name, item)| (name.clone(), value(of, item, control, context))).collect();
            Value::Map(Arc::new(map))
        }
        Type::Record(shape) => {
            let cell = |field: &FieldShape| {
                let found = json.get(&field.name);
                (found.map_or(Value::Null, |found| value(&field.kind, found, control, context)), Span::default())
            };
            let cells = shape.fields.iter().map(cell).collect();
            let place = control.parameter(&shape.name);
            Value::Record(Arc::new(Record::new(Arc::clone(shape), Arc::clone(control.source()), place, cells)))
        }
        _ => Value::Text(text().into()),
    }
}
