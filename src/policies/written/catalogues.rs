//! Descriptions of controls that other tools keep in YAML: components of OpenControl, and catalogues of Gemara.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value;

use crate::error::Fault;
use crate::facts::document::about::{Cited, Said};
use crate::sources::yaml::YamlDocument;
use crate::sources::{tree, yaml};
use crate::text::{SourceText, Span, shown};

/// A description of controls, with what it cites.
pub struct Catalogue {
    /// The file.
    pub source: Arc<SourceText>,
    /// The criteria that its controls serve.
    pub cited: Vec<Cited>,
    /// What it says in words.
    pub texts: Vec<Said<String>>,
    /// Where a component begins that names nobody who is responsible.
    pub without_responsible: Option<Span>,
}

/// What is read out of a file.
#[derive(Default)]
struct Read {
    cited: Vec<Cited>,
    texts: Vec<Said<String>>,
    without_responsible: Option<Span>,
    faults: Vec<Fault>,
}

/// Reads every component and catalogue among some files, and what is wrong with them.
pub(super) fn read(root: &Path, files: &[PathBuf]) -> (Vec<Catalogue>, Vec<Fault>) {
    let read: Vec<(Option<Catalogue>, Vec<Fault>)> = files.par_iter().map(|file| one(root, file)).collect();
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (catalogue, more) in read {
        found.extend(catalogue);
        faults.extend(more);
    }
    (found, faults)
}

fn one(root: &Path, file: &Path) -> (Option<Catalogue>, Vec<Fault>) {
    let component = file.file_stem().is_some_and(|name| name == "component");
    // Other YAML of a repository is none of ours, and neither is what is wrong with it.
    let Ok(source) = tree::read_inside(root, file) else { return (None, Vec::new()) };
    let head = source.text().get(..4096).unwrap_or(source.text());
    let ours = head.contains("type: ControlCatalog") || (component && source.text().contains("satisfies:"));
    if !ours {
        return (None, Vec::new());
    }
    let documents = match yaml::parse(&source) {
        Ok(documents) => documents,
        Err(faults) => return (None, faults),
    };
    let mut read = Read::default();
    for document in &documents {
        let json = document.json();
        if json["metadata"]["type"] == "ControlCatalog" {
            read.catalogue(document, &json);
        } else if component {
            read.component(document, &json);
        }
    }
    let Read { cited, texts, without_responsible, faults } = read;
    (Some(Catalogue { source, cited, texts, without_responsible }), faults)
}

impl Read {
    /// A component of OpenControl: what it satisfies, and by which of its verifications.
    fn component(&mut self, document: &YamlDocument, json: &Value) {
        let known: Vec<&str> = list(&json["verifications"]).filter_map(|one| one["key"].as_str()).collect();
        for (at, satisfied) in list(&json["satisfies"]).enumerate() {
            if let Some(standard) = satisfied["standard_key"].as_str() {
                self.cited.extend(cite(document, standard, &format!("/satisfies/{at}/control_key")));
            }
            for (of, narrative) in list(&satisfied["narrative"]).enumerate() {
                self.text(document, &narrative["text"], &format!("/satisfies/{at}/narrative/{of}/text"));
            }
            for (of, parameter) in list(&satisfied["parameters"]).enumerate() {
                self.text(document, &parameter["text"], &format!("/satisfies/{at}/parameters/{of}/text"));
            }
            for (by, covered) in list(&satisfied["covered_by"]).enumerate() {
                // A verification of another component is named together with it.
                let own = covered.get("component_key").is_none();
                if let Some(key) = covered["verification_key"].as_str().filter(|key| own && !known.contains(key)) {
                    let pointer = format!("/satisfies/{at}/covered_by/{by}/verification_key");
                    let message = format!("no verification of this component is called {}", shown(key));
                    self.unknown(document, &pointer, message, ("verification", &known));
                }
            }
        }
        let responsible = json["responsible_role"].as_str().is_some_and(|role| !role.trim().is_empty());
        let place = document.entry_span("/responsible_role").or_else(|| document.entry_span("/name"));
        self.without_responsible = place.filter(|_| !responsible && json["satisfies"].is_array());
    }

    /// A catalogue of Gemara: the guidelines that its controls serve, and the groups that they belong to.
    fn catalogue(&mut self, document: &YamlDocument, json: &Value) {
        let groups: Vec<&str> = list(&json["groups"]).filter_map(|group| group["id"].as_str()).collect();
        for (at, control) in list(&json["controls"]).enumerate() {
            if let Some(group) = control["group"].as_str().filter(|group| !groups.contains(group)) {
                let message = format!("this catalogue has no group called {}", shown(group));
                self.unknown(document, &format!("/controls/{at}/group"), message, ("group", &groups));
            }
            for key in ["title", "objective"] {
                self.text(document, &control[key], &format!("/controls/{at}/{key}"));
            }
            for (of, asked) in list(&control["assessment-requirements"]).enumerate() {
                self.text(document, &asked["text"], &format!("/controls/{at}/assessment-requirements/{of}/text"));
            }
            for (of, guideline) in list(&control["guidelines"]).enumerate() {
                let Some(standard) = guideline["reference-id"].as_str() else { continue };
                let entries = 0..list(&guideline["entries"]).count();
                let pointer = |entry: usize| format!("/controls/{at}/guidelines/{of}/entries/{entry}/reference-id");
                self.cited.extend(entries.filter_map(|entry| cite(document, standard, &pointer(entry))));
            }
        }
    }

    fn text(&mut self, document: &YamlDocument, value: &Value, pointer: &str) {
        if let (Some(text), Some(span)) = (value.as_str(), document.span(pointer)) {
            self.texts.push(Said { value: text.to_owned(), span });
        }
    }

    /// A name that nothing in the file has.
    fn unknown(&mut self, document: &YamlDocument, pointer: &str, message: String, (what, known): (&str, &[&str])) {
        let names: Vec<String> = known.iter().map(|name| shown(name)).collect();
        let help = match names.as_slice() {
            [] => format!("the file has no {what} at all: add it, or remove the name"),
            _ => format!("it has: {}", names.join(", ")),
        };
        let fault = document.fault(pointer, "documents/unknown-value", message);
        self.faults.push(Fault { help: Some(help), label: format!("no {what} has this name"), ..fault });
    }
}

/// An id, as it is written: 1.10 is not 1.1.
fn cite(document: &YamlDocument, catalogue: &str, pointer: &str) -> Option<Cited> {
    let span = document.span(pointer)?;
    let id = document.source.slice(span).trim_matches(['"', '\'']).to_owned();
    Some(Cited { catalogue: catalogue.to_owned(), id, span })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}
