//! Which registers there are: those that the program knows, and a repository's own, `policies/registers/<name>.yaml`.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::error::{Fault, Result};
use crate::facts::register::builtin;
use crate::facts::register::definition::{Definition, Field, FieldType};
use crate::sources::tree;
use crate::sources::yaml::{self, YamlDocument};
use crate::text::{SourceText, shown};

/// Folder of a repository's own registers.
pub const FOLDER: &str = "policies/registers";

/// All registers, the repository's own behind those that the program knows. A definition with a fault is left out.
///
/// # Errors
/// A register that comes with the program is wrong, which the tests exclude.
pub fn read(root: &Path) -> Result<(Vec<Definition>, Vec<Fault>)> {
    let mut definitions = builtin::definitions()?;
    let known = definitions.len();
    let mut faults = Vec::new();
    for path in files(root, &mut faults) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let read = tree::read_inside(root, &path).map_err(|fault| vec![fault]);
        match read.and_then(|source| own(&source, &stem, &definitions, known)) {
            Ok(definition) => definitions.push(definition),
            Err(found) => faults.extend(found),
        }
    }
    Ok((definitions, faults))
}

/// Whether a repository has a register of its own of this name, be it one that can be used or not.
#[must_use]
pub fn is_own(root: &Path, name: &str) -> bool {
    let stem = name.replace('_', "-");
    files(root, &mut Vec::new()).iter().any(|path| path.file_stem().is_some_and(|own| own.to_string_lossy() == stem))
}

fn files(root: &Path, faults: &mut Vec<Fault>) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for end in ["yaml", "yml"] {
        let found = tree::find(root, &format!("{FOLDER}/*.{end}"));
        faults.extend(found.faults);
        files.extend(found.files);
    }
    files
}

fn own(
    source: &Arc<SourceText>,
    stem: &str,
    others: &[Definition],
    known: usize,
) -> std::result::Result<Definition, Vec<Fault>> {
    let documents = yaml::parse(source)?;
    let [document] = documents.as_slice() else {
        let message = "a file describes one register, and this one holds several documents".to_owned();
        return Err(documents
            .get(1)
            .map(|second| second.fault("", "documents/bad-value", message))
            .into_iter()
            .collect());
    };
    let definition: Definition = yaml::read(document)?;
    let mut faults = Vec::new();
    if definition.file() != stem {
        let name = &definition.register;
        let message = format!("the register {} stands in the file of {}", shown(name), shown(stem));
        let help = Some(format!("a register has the name of its file, with - for _: {}.yaml", definition.file()));
        faults.push(Fault { help, ..document.fault("/register", "documents/bad-value", message) });
    }
    if let Some(at) = others.iter().position(|other| other.register == definition.register) {
        let place = format!("{FOLDER}/{}.yaml", definition.file());
        let whose = if at < known { "of the program" } else { "of this repository" };
        faults.push(Fault {
            label: format!("{place} {whose} has this name already"),
            help: Some("give it another name, or name the files of the register in tickmark.yaml".to_owned()),
            ..document.fault(
                "/register",
                "documents/duplicate-id",
                format!("two registers are called {}", definition.register),
            )
        });
    }
    faults.extend(parts(&definition, document));
    fields(&definition.fields, "/fields", document, &mut faults);
    if faults.is_empty() { Ok(definition) } else { Err(faults) }
}

/// Fields that the definition names must be there.
fn parts(definition: &Definition, document: &YamlDocument) -> Vec<Fault> {
    let field = |name: &str| definition.fields.iter().find(|field| field.name == name);
    let mut faults = Vec::new();
    if definition.key.is_empty() {
        let message = "nothing would tell one record from another".to_owned();
        let help = Some("name the fields that identify a record: key: [id]".to_owned());
        faults.push(Fault { help, ..document.fault("/key", "documents/bad-value", message) });
    }
    let listed = |key: &'static str, names: &[String]| {
        names.iter().enumerate().map(|(at, name)| (format!("/{key}/{at}"), name.clone())).collect::<Vec<_>>()
    };
    let mut named = [listed("key", &definition.key), listed("header", &definition.header)].concat();
    if let Some(snapshot) = &definition.snapshot {
        named.push(("/snapshot/of".to_owned(), snapshot.of.clone()));
        named.push(("/snapshot/at".to_owned(), snapshot.at.clone()));
        if field(&snapshot.at).is_some_and(|field| field.kind != FieldType::When) {
            let message = format!("{} does not say when: its type must be `when`", shown(&snapshot.at));
            faults.push(document.fault("/snapshot/at", "documents/bad-value", message));
        }
    }
    for (pointer, name) in named.iter().filter(|(_, name)| field(name).is_none()) {
        let names: Vec<&str> = definition.fields.iter().map(|field| field.name.as_str()).collect();
        let message = format!("the register has no field {}", shown(name));
        let help = Some(format!("its fields are: {}", names.join(", ")));
        faults.push(Fault { help, ..document.fault(pointer, "documents/unknown-value", message) });
    }
    faults
}

fn fields(all: &[Field], pointer: &str, document: &YamlDocument, faults: &mut Vec<Fault>) {
    let mut seen = FxHashSet::default();
    for (at, field) in all.iter().enumerate() {
        let pointer = format!("{pointer}/{at}");
        if !seen.insert(&field.name) {
            let message = format!("two fields are called {}", shown(&field.name));
            faults.push(document.fault(&format!("{pointer}/name"), "documents/duplicate-id", message));
        }
        let first = field.name.chars().next();
        let of_name = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if !first.is_some_and(|first| first.is_ascii_lowercase()) || !field.name.chars().all(of_name) {
            let message = "no expression could name this field".to_owned();
            let help = Some("use small letters, digits and _, and begin with a letter".to_owned());
            faults.push(Fault { help, ..document.fault(&format!("{pointer}/name"), "documents/bad-value", message) });
        }
        let lacks = match field.kind {
            FieldType::Choice if field.values.is_empty() => Some(("a choice", "values")),
            FieldType::Records if field.fields.is_empty() => Some(("a list of records", "fields")),
            _ => None,
        };
        if let Some((what, key)) = lacks {
            let message = format!("{what} needs `{key}`");
            faults.push(document.fault(&format!("{pointer}/type"), "documents/missing-key", message));
        }
        fields(&field.fields, &format!("{pointer}/fields"), document, faults);
    }
}
