//! Reading a document as a type: first held against the JSON schema of that type, which finds every fault and not
//! only the first, and then deserialised.

use std::any::TypeId;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::{Draft, PatternOptions, Validator};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::view::View;
use super::wording::{self, Found};
use super::{MAX_FAULTS, YamlDocument, alternatives};
use crate::error::Fault;
use crate::text::Span;

/// A JSON schema, ready to hold documents against.
pub struct Schema {
    text: Value,
    validator: Validator,
}

impl Schema {
    /// Prepares a schema of draft 7; formats such as `date` are checked.
    ///
    /// # Errors
    /// What is wrong with the schema, in the words of the validator.
    pub fn new(text: Value) -> std::result::Result<Self, String> {
        let options = jsonschema::options()
            .with_draft(Draft::Draft7)
            .should_validate_formats(true)
            .offline()
            // Patterns run in linear time, whatever they are and whatever they meet.
            .with_pattern_options(PatternOptions::regex());
        let validator = options.build(&text).map_err(|error| error.to_string())?;
        Ok(Self { text, validator })
    }

    /// The schema of a type, prepared once for the whole run.
    ///
    /// # Errors
    /// As [`Schema::new`]; a type whose derived schema is broken is a mistake of this program.
    pub fn of<T: JsonSchema + 'static>() -> std::result::Result<Arc<Self>, String> {
        static PREPARED: OnceLock<Mutex<HashMap<TypeId, Arc<Schema>>>> = OnceLock::new();
        let prepared = PREPARED.get_or_init(Mutex::default);
        if let Some(schema) = prepared.lock().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<T>()) {
            return Ok(Arc::clone(schema));
        }
        let schema = Arc::new(Self::new(schema_text::<T>())?);
        prepared.lock().unwrap_or_else(PoisonError::into_inner).insert(TypeId::of::<T>(), Arc::clone(&schema));
        Ok(schema)
    }

    /// Every fault of a document, in the order of its text.
    #[must_use]
    pub fn faults(&self, document: &YamlDocument) -> Vec<Fault> {
        let json = document.json();
        if self.validator.is_valid(&json) {
            return Vec::new();
        }
        let view = View { document, root: &self.text };
        let mut found = Vec::new();
        for error in self.validator.iter_errors(&json).take(MAX_FAULTS) {
            alternatives::explain(view, &error, &mut found);
        }
        finished(found)
    }
}

/// The JSON schema (draft 7) that is derived from a type.
#[must_use]
pub fn schema_text<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>().to_value()
}

/// Reads a document as a type.
///
/// # Errors
/// Every place where the document does not fit the schema of the type: `documents/unknown-key`,
/// `documents/missing-key`, `documents/wrong-type`, `documents/unknown-value`, `documents/bad-date` and
/// `documents/bad-value`. What only deserialising finds is one `documents/wrong-type`.
pub fn read<T: DeserializeOwned + JsonSchema + 'static>(document: &YamlDocument) -> std::result::Result<T, Vec<Fault>> {
    let schema = Schema::of::<T>().map_err(|message| {
        let message = format!("the schema of this kind of file cannot be used: {message}");
        vec![wording::fault(document, "documents/wrong-type", "", message)]
    })?;
    let faults = schema.faults(document);
    if !faults.is_empty() {
        return Err(faults);
    }
    T::deserialize(document.value()).map_err(|error| vec![unreadable::<T>(document, &error)])
}

/// The fault for what only deserialising found. Only a second reading of the text itself says where that was.
fn unreadable<T: DeserializeOwned>(document: &YamlDocument, error: &serde_yaml::Error) -> Fault {
    let text = document.source.slice(document.part);
    let again = serde_yaml::Deserializer::from_str(text).nth(document.number).map(T::deserialize);
    let place = match again {
        Some(Err(error)) => error.location().and_then(|at| document.node_at(document.part.start + at.index())),
        _ => None,
    };
    let message = format!("this cannot be used: {}", crate::text::safe(&error.to_string()));
    let mut fault = wording::fault(document, "documents/wrong-type", "", message);
    fault.label = "cannot be used".into();
    if let Some(node) = place {
        fault.span = document.first_line(node.value);
    }
    fault
}

/// One fault for each mistake, in the order of the text: a key that is misspelt is not also missing, and a value
/// that is not one of the known ones is not also of the wrong type.
fn finished(found: Vec<Found>) -> Vec<Fault> {
    let meant: Vec<(String, String)> =
        found.iter().filter_map(|one| Some((one.pointer.clone(), one.meant.clone()?))).collect();
    let misspelt = |one: &Found| {
        one.missing.as_ref().is_some_and(|key| meant.iter().any(|(at, word)| at == &one.pointer && word == key))
    };
    let unknown = "documents/unknown-value";
    let places: HashSet<Span> =
        found.iter().map(|one| &one.fault).filter(|one| one.rule == unknown).map(|one| one.span).collect();
    let twice = |one: &Found| one.fault.rule == "documents/wrong-type" && places.contains(&one.fault.span);
    let mut faults: Vec<Fault> =
        found.into_iter().filter(|one| !misspelt(one) && !twice(one)).map(|one| one.fault).collect();
    faults.sort_by(|a, b| (a.span, a.rule, &a.message).cmp(&(b.span, b.rule, &b.message)));
    faults.dedup_by(|a, b| a.span == b.span && a.rule == b.rule && a.message == b.message);
    faults.truncate(MAX_FAULTS);
    faults
}
