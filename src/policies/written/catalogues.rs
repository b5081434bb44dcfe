//! Descriptions of controls that other tools keep in YAML: components of OpenControl, and catalogues of Gemara.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde_json::Value;

use super::places;
use crate::error::Fault;
use crate::facts::document::about::Cited;
use crate::sources::yaml::YamlDocument;
use crate::sources::{tree, yaml};
use crate::text::{SourceText, shown};

/// A description of controls, with what it cites.
pub struct Catalogue {
    /// The file.
    pub source: Arc<SourceText>,
    /// The criteria that its controls serve.
    pub cited: Vec<Cited>,
}

/// Reads every component and catalogue at and below a folder, and what is wrong with them.
pub(super) fn read(root: &Path, start: &Path) -> (Vec<Catalogue>, Vec<Fault>) {
    let start = start.to_string_lossy().replace('\\', "/");
    let below = if start.is_empty() { String::new() } else { format!("{start}/") };
    // What cannot be looked through is told where the written documents are looked for.
    let (files, _) = places::all(root, ["yaml", "yml"].map(|end| format!("{below}**/*.{end}")));
    let read: Vec<(Option<Catalogue>, Vec<Fault>)> = files.into_par_iter().map(|file| one(root, &file)).collect();
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
    let (mut cited, mut faults) = (Vec::new(), Vec::new());
    for document in &documents {
        let json = document.json();
        if json["metadata"]["type"] == "ControlCatalog" {
            catalogue(document, &json, &mut cited, &mut faults);
        } else if component {
            satisfied(document, &json, &mut cited, &mut faults);
        }
    }
    (Some(Catalogue { source, cited }), faults)
}

/// What a component of OpenControl satisfies, and by which of its verifications.
fn satisfied(document: &YamlDocument, json: &Value, cited: &mut Vec<Cited>, faults: &mut Vec<Fault>) {
    let known: FxHashSet<&str> = list(&json["verifications"]).filter_map(|one| one["key"].as_str()).collect();
    for (at, satisfied) in list(&json["satisfies"]).enumerate() {
        if let Some(standard) = satisfied["standard_key"].as_str() {
            cited.extend(cite(document, standard, &format!("/satisfies/{at}/control_key")));
        }
        for (by, covered) in list(&satisfied["covered_by"]).enumerate() {
            // A verification of another component is named together with it.
            let own = covered.get("component_key").is_none();
            if let Some(key) = covered["verification_key"].as_str().filter(|key| own && !known.contains(key)) {
                let pointer = format!("/satisfies/{at}/covered_by/{by}/verification_key");
                let message = format!("no verification of this component is called {}", shown(key));
                let help = Some(format!("the verifications are: {}", listed(&json["verifications"], "key")));
                faults.push(Fault { help, ..document.fault(&pointer, "documents/unknown-value", message) });
            }
        }
    }
}

/// The guidelines that the controls of a Gemara catalogue serve, and the groups that they belong to.
fn catalogue(document: &YamlDocument, json: &Value, cited: &mut Vec<Cited>, faults: &mut Vec<Fault>) {
    let groups: FxHashSet<&str> = list(&json["groups"]).filter_map(|group| group["id"].as_str()).collect();
    for (at, control) in list(&json["controls"]).enumerate() {
        if let Some(group) = control["group"].as_str().filter(|group| !groups.contains(group)) {
            let message = format!("this catalogue has no group called {}", shown(group));
            let help = Some(format!("the groups are: {}", listed(&json["groups"], "id")));
            let pointer = format!("/controls/{at}/group");
            faults.push(Fault { help, ..document.fault(&pointer, "documents/unknown-value", message) });
        }
        for (of, guideline) in list(&control["guidelines"]).enumerate() {
            let Some(standard) = guideline["reference-id"].as_str() else { continue };
            let entries = 0..list(&guideline["entries"]).count();
            let pointer = |entry: usize| format!("/controls/{at}/guidelines/{of}/entries/{entry}/reference-id");
            cited.extend(entries.filter_map(|entry| cite(document, standard, &pointer(entry))));
        }
    }
}

/// An id, as it is written: 1.10 is not 1.1.
fn cite(document: &YamlDocument, catalogue: &str, pointer: &str) -> Option<Cited> {
    let span = document.span(pointer)?;
    let id = document.source.slice(span).trim_matches(['"', '\'']).to_owned();
    Some(Cited { catalogue: catalogue.to_owned(), id, span })
}

/// The names of what a list holds, as a sentence lists them.
fn listed(value: &Value, key: &str) -> String {
    let names: Vec<String> = list(value).filter_map(|one| one[key].as_str()).map(shown).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}
