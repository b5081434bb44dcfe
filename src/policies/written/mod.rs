//! The written documents of a repository: policies, narratives and procedures, as people and their tools keep them.

mod catalogues;
mod named;
mod places;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Fault;
use crate::facts::document::about::{About, Said};
use crate::facts::document::control::Control;
use crate::facts::document::policy::PolicyText;
use crate::facts::document::written::{Kind, Written};
use crate::sources::{markdown, tree, yaml};
use crate::text::{SourceText, Span};
pub(super) use named::beside;
use places::Place;

pub use catalogues::Catalogue;

/// The written documents of a repository.
#[derive(Default)]
pub struct WrittenDocuments {
    /// Every document that can be read, in order of its path.
    pub documents: Vec<Written>,
    /// Descriptions of controls that other tools keep.
    pub others: Vec<Catalogue>,
    /// Ids of the catalogues that a set of documents defines, by the set and the name of the catalogue.
    pub catalogues: FxHashMap<(Arc<str>, String), FxHashSet<String>>,
    /// Everything that is wrong with them, and with the names under which controls name them.
    pub faults: Vec<Fault>,
}

/// Reads the written documents beside the controls, and those that controls name elsewhere; each file once.
#[must_use]
pub fn read(root: &Path, controls: &[Arc<Control>]) -> WrittenDocuments {
    let (places, mut faults) = places::beside_controls(root);
    let set: Arc<str> = Arc::from("");
    let (mut read, more) = read_all(root, places, true);
    faults.extend(more);
    let policy = |path: &Path, faults: &mut Vec<Fault>| {
        let place =
            Place { file: path.to_path_buf(), kind: Kind::Policy, set: Arc::clone(&set), built: false, stray: false };
        document(root, &place, true, faults)
    };
    named::read(root, controls, &mut read, &policy, &mut faults);
    finish(root, read.into_values().flatten().collect(), faults)
}

/// Reads the written documents of a repository that has neither a configuration nor controls: every set of them at and
/// below a folder in which some document says what only a document of an organisation says about itself.
#[must_use]
pub fn read_foreign(root: &Path, start: &Path) -> WrittenDocuments {
    let files = places::files(root, start);
    let places = places::below(root, start, &files);
    let set_of: FxHashMap<String, Arc<str>> = places
        .iter()
        .filter(|place| !place.stray)
        .map(|place| (place.file.to_string_lossy().replace('\\', "/"), Arc::clone(&place.set)))
        .collect();
    let (read, faults) = read_all(root, places, false);
    let documents: Vec<Written> = read.into_values().flatten().collect();
    let is_one = |document: &&Written| {
        let about = &document.about;
        about.is_recognised() || !about.satisfies.is_empty() || places::reads_like_a_policy(&document.page)
    };
    let known: FxHashSet<Arc<str>> =
        documents.iter().filter(is_one).map(|document| Arc::clone(&document.set)).collect();
    let is_of_known = |fault: &Fault| match set_of.get(fault.source.name()) {
        Some(set) => known.contains(set),
        None => !known.is_empty(),
    };
    let mut faults: Vec<Fault> = faults.into_iter().filter(is_of_known).collect();
    let (others, more) = catalogues::read(root, &files.data);
    faults.extend(more);
    // Of a repository that has no documents it does not matter what could not be looked through.
    if !known.is_empty() || !others.is_empty() {
        faults.extend(files.faults);
    }
    let documents = documents.into_iter().filter(|document| known.contains(&document.set)).collect();
    WrittenDocuments { others, ..finish(root, documents, faults) }
}

fn finish(root: &Path, mut documents: Vec<Written>, mut faults: Vec<Fault>) -> WrittenDocuments {
    identify(&mut documents);
    let mut catalogues = FxHashMap::default();
    let sets: std::collections::BTreeSet<&Arc<str>> = documents.iter().map(|document| &document.set).collect();
    for set in sets {
        for file in places::standards(root, set) {
            let read = tree::read_inside(root, &file).map_err(|fault| vec![fault]);
            match read.and_then(|source| yaml::parse(&source)) {
                Ok(standards) => standards.iter().filter_map(catalogue).for_each(|(name, ids)| {
                    catalogues.insert((Arc::clone(set), name), ids);
                }),
                Err(found) => faults.extend(found),
            }
        }
    }
    WrittenDocuments { documents, others: Vec::new(), catalogues, faults }
}

/// Gives documents the names that they have wherever they lie.
fn identify(documents: &mut [Written]) {
    let name = |document: &Written| {
        let (id, title) = (&document.about.id, &document.about.title);
        let said = |kind: &str, said: &Said<String>| format!("{kind} {}", said.value.trim());
        id.as_ref().map(|id| said("id", id)).or_else(|| title.as_ref().map(|title| said("title", title)))
    };
    let mut count: FxHashMap<String, usize> = FxHashMap::default();
    documents.iter().filter_map(name).for_each(|name| *count.entry(name).or_default() += 1);
    for document in documents {
        if let Some(own) = name(document).filter(|own| count.get(own) == Some(&1)) {
            document.key = own;
        }
    }
}

/// A catalogue, as strongdm/comply keeps one: its name, and beside it an entry for each id.
fn catalogue(document: &yaml::YamlDocument) -> Option<(String, FxHashSet<String>)> {
    let json = document.json();
    let entries = json.as_object()?;
    let name = entries.get("name")?.as_str()?.to_owned();
    let ids: FxHashSet<String> =
        entries.iter().filter(|(_, entry)| entry.is_object()).map(|(id, _)| id.clone()).collect();
    (!ids.is_empty()).then_some((name, ids))
}

type Documents = BTreeMap<PathBuf, Option<Written>>;

fn read_all(root: &Path, places: Vec<Place>, own: bool) -> (Documents, Vec<Fault>) {
    let read: Vec<(PathBuf, Option<Written>, Vec<Fault>)> = places
        .into_par_iter()
        .map(|place| {
            let mut faults = Vec::new();
            let written = document(root, &place, own, &mut faults);
            (place.file, written, faults)
        })
        .collect();
    let mut documents = Documents::new();
    let mut faults = Vec::new();
    for (file, written, found) in read {
        documents.insert(file, written);
        faults.extend(found);
    }
    (documents, faults)
}

/// Reads a document, and what it says about itself. In a repository of our own kind, what our keys hold must be right.
fn document(root: &Path, place: &Place, own: bool, faults: &mut Vec<Fault>) -> Option<Written> {
    let source = tree::read_inside(root, &place.file);
    if place.stray && !source.as_ref().is_ok_and(|source| places::says_so(source.text())) {
        return None;
    }
    let source = source.map_err(|fault| faults.push(fault)).ok()?;
    let written = of_text(&source, place, own, faults)?;
    (!place.stray || written.about.is_recognised()).then_some(written)
}

/// A document as an old version of its file has it; nothing if that cannot be read.
#[must_use]
pub fn of_version(source: &Arc<SourceText>, today: &Written) -> Option<Written> {
    let (file, set) = (PathBuf::from(source.name()), Arc::clone(&today.set));
    let place = Place { file, kind: today.kind, set, built: today.built, stray: false };
    of_text(source, &place, false, &mut Vec::new())
}

fn of_text(source: &Arc<SourceText>, place: &Place, own: bool, faults: &mut Vec<Fault>) -> Option<Written> {
    let page = markdown::parse(source).map_err(|fault| faults.push(fault)).ok()?;
    let mut found = Vec::new();
    let mut data = None;
    if let Some(front) = page.front_matter.filter(|front| !front.is_empty()) {
        let documents = yaml::parse_within(&page.source, front);
        let documents = documents.map_err(|more| found.extend(more)).unwrap_or_default();
        data = documents.into_iter().find(|document| !document.value().is_null());
    }
    if let Some(document) = data.as_ref().filter(|_| own) {
        found.extend(yaml::read::<PolicyText>(document).err().unwrap_or_default());
    }
    let (about, more) = About::read(data.as_ref(), &page);
    let told: Vec<Span> = found.iter().map(|fault| fault.span).collect();
    found.extend(more.into_iter().filter(|fault| !told.contains(&fault.span)));
    faults.extend(found);
    let key = source.name().to_owned();
    Some(Written { kind: place.kind, key, set: Arc::clone(&place.set), about, built: place.built, page })
}
