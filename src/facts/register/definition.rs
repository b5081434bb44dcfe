//! What a register holds: its fields with their types, as data.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::value::{FieldShape, Shape, Type};

/// One register, as `policies/registers/<name>.yaml` describes it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark register")]
pub struct Definition {
    /// Name of the register; also the name of its file, with `-` for `_`.
    #[schemars(regex(pattern = "^[a-z_]+$"))]
    pub register: String,
    /// What it is called in a sentence.
    pub title: String,
    /// What its records are.
    pub about: String,
    /// Fields that together name a record; no two records have the same.
    pub key: Vec<String>,
    /// Fields that may stand once for a whole file, above the list of its records.
    #[serde(default)]
    pub header: Vec<String>,
    /// What makes a file a snapshot, where it is one.
    #[serde(default)]
    pub snapshot: Option<Snapshot>,
    /// Which fields say how a record came to be.
    #[serde(default)]
    pub kept: Kept,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A register whose files show how things stood at one time.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The field that says of what the snapshot is.
    pub of: String,
    /// The field that says when it was made.
    pub at: String,
}

/// The fields that say how a record came to be.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// When what a record tells of happened.
    #[serde(default)]
    pub happened: Option<String>,
    /// From when on what a record says stands; what is filled in later may still be.
    #[serde(default)]
    pub closed: Option<String>,
    /// Who approved.
    #[serde(default)]
    pub approver: Option<String>,
    /// Who asked for it.
    #[serde(default)]
    pub requester: Option<String>,
}

/// One field of a register, or of a record inside another.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it may be.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// What it means.
    pub about: String,
    /// Whether every record must have it.
    #[serde(default)]
    pub required: bool,
    /// The values of a choice.
    #[serde(default)]
    pub values: Vec<String>,
    /// The fields of each of its records.
    #[serde(default)]
    pub fields: Vec<Field>,
}

/// What a field may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// A text, kept as it is written: `1.10` is not `1.1`.
    Text,
    /// A list of texts.
    Texts,
    /// One of `values`.
    Choice,
    /// Yes or no.
    Flag,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A day, or an instant.
    When,
    /// Somebody, by id, address or account name.
    Person,
    /// A list of persons.
    Persons,
    /// A file, by its path below the repository. What it holds can be asked: `x.state`, `x.sha256`, `x.rows`.
    File,
    /// A list of records with `fields`.
    Records,
}

impl Definition {
    /// The shape of its records.
    #[must_use]
    pub fn shape(&self) -> Arc<Shape> {
        shape(&self.register, &self.fields)
    }

    /// JSON Schema (draft 7) of a file of the register in YAML or JSON: a list of records, a list of them under `records`
    /// with what is the same for all above it, or one record.
    #[must_use]
    pub fn json_schema(&self) -> Value {
        let one = object(&self.fields, &[]);
        let mut above = object(
            &self.fields.iter().filter(|field| self.header.contains(&field.name)).cloned().collect::<Vec<_>>(),
            &[],
        );
        above["properties"]["records"] = json!({ "type": "array", "items": object(&self.fields, &self.header) });
        above["required"] = json!(["records"]);
        json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": format!("tickmark register of {}", self.title.to_lowercase()),
            "description": self.about,
            "anyOf": [{ "type": "array", "items": one.clone() }, above, one],
        })
    }

    /// Name of its file or folder below `registers/`.
    #[must_use]
    pub fn file(&self) -> String {
        self.register.replace('_', "-")
    }
}

/// The schema of a record. What stands above the records need not stand in them.
fn object(fields: &[Field], above: &[String]) -> Value {
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|field| (field.name.clone(), field.json_schema())).collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.required && !above.contains(&field.name))
        .map(|field| field.name.as_str())
        .collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn shape(name: &str, fields: &[Field]) -> Arc<Shape> {
    let field = |field: &Field| FieldShape { name: field.name.clone(), kind: field.kind(), required: field.required };
    Shape::new(name, fields.iter().map(field).collect())
}

impl Field {
    fn json_schema(&self) -> Value {
        let text = json!({ "type": ["string", "number", "boolean", "null"] });
        let mut schema = match self.kind {
            FieldType::Text | FieldType::When | FieldType::Person | FieldType::File => text,
            FieldType::Choice => {
                json!({ "enum": self.values.iter().map(|value| json!(value)).chain([Value::Null]).collect::<Vec<_>>() })
            }
            FieldType::Flag => json!({ "type": ["boolean", "null"] }),
            FieldType::Integer => json!({ "type": ["integer", "null"] }),
            FieldType::Number => json!({ "type": ["number", "null"] }),
            FieldType::Texts | FieldType::Persons => json!({ "type": ["array", "null"], "items": text }),
            FieldType::Records => json!({ "type": ["array", "null"], "items": object(&self.fields, &[]) }),
        };
        schema["description"] = json!(self.about);
        schema
    }

    fn kind(&self) -> Type {
        match self.kind {
            FieldType::Text => Type::Text,
            FieldType::Texts => Type::List(Arc::new(Type::Text)),
            FieldType::Choice => Type::Choice(self.values.clone().into()),
            FieldType::Flag => Type::Bool,
            FieldType::Integer => Type::Integer,
            FieldType::Number => Type::Number,
            FieldType::When => Type::When,
            FieldType::Person => Type::Person,
            FieldType::Persons => Type::List(Arc::new(Type::Person)),
            FieldType::File => Type::File,
            FieldType::Records => Type::List(Arc::new(Type::Record(shape(&self.name, &self.fields)))),
        }
    }
}
