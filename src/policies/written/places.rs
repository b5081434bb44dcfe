//! Where written documents lie: in folders whose names say what they hold, side by side in the folder of their set.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::error::Fault;
use crate::facts::document::written::Kind;
use crate::sources::tree;

/// Last words of the names of folders, and what lies in them.
const FOLDERS: [(&str, Kind); 3] =
    [("policies", Kind::Policy), ("narratives", Kind::Narrative), ("procedures", Kind::Procedure)];

/// Words with which a document at any other place says that it is one; a file without all of them is not looked into.
const SIGNS: [&str; 7] =
    ["satisfies:", "tsc_criteria:", "policy: true", "next_review", "approved_by:", "approver:", "majorRevisions:"];
/// So much of a file holds what it says about itself.
const HEAD: usize = 4096;

/// Files that are about a folder, not of it.
const ABOUT_THE_FOLDER: [&str; 7] = ["readme", "todo", "contributing", "changelog", "license", "index", "_index"];

/// Folders of what others wrote.
const OF_OTHERS: [&str; 5] = ["node_modules", "vendor", "third_party", "target", "dist"];

/// A document that is to be read.
pub(super) struct Place {
    pub(super) file: PathBuf,
    pub(super) kind: Kind,
    pub(super) set: Arc<str>,
    pub(super) built: bool,
    /// Whether it lies outside of the folders of documents, so that it is one only if it says so.
    pub(super) stray: bool,
}

/// The documents beside the folder of the controls, and what could not be looked through.
pub(super) fn beside_controls(root: &Path) -> (Vec<Place>, Vec<Fault>) {
    let set: Arc<str> = Arc::from("");
    let built = is_built(root, "");
    let (mut places, mut faults) = (Vec::new(), Vec::new());
    for (folder, kind) in FOLDERS {
        let found = tree::find(root, &format!("{folder}/**/*.md"));
        let files = found.files.into_iter().filter(|file| !is_about_the_folder(file));
        places.extend(files.map(|file| Place { file, kind, set: Arc::clone(&set), built, stray: false }));
        faults.extend(found.faults);
    }
    (places, faults)
}

/// The documents of every set at and below a folder, and what could not be looked through.
pub(super) fn below(root: &Path, start: &Path) -> (Vec<Place>, Vec<Fault>) {
    let start_name = start.to_string_lossy().replace('\\', "/");
    let glob = if start_name.is_empty() { "**/*.md".to_owned() } else { format!("{start_name}/**/*.md") };
    let mut sets: FxHashMap<String, (Arc<str>, bool)> = FxHashMap::default();
    let mut places = Vec::new();
    let found = tree::find(root, &glob);
    for file in found.files {
        let stray = set_of(&file, start).is_none();
        let (set, kind) = set_of(&file, start).unwrap_or_else(|| (start_name.clone(), Kind::Policy));
        // A page of a site may be kept as the index of its folder.
        if is_of_others(&file) || (!stray && is_about_the_folder(&file)) {
            continue;
        }
        let known = sets.entry(set).or_insert_with_key(|set| (Arc::from(set.as_str()), is_built(root, set)));
        places.push(Place { file, kind, set: Arc::clone(&known.0), built: known.1, stray });
    }
    (places, found.faults)
}

/// The set that a file below a folder belongs to, and what the file is.
pub(super) fn set_of(file: &Path, start: &Path) -> Option<(String, Kind)> {
    let parts: Vec<String> = file.parent()?.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let first = start.iter().count();
    let kind = |part: &String| {
        let last = part.rsplit(['-', '_', ' ']).next().unwrap_or(part);
        FOLDERS.iter().find(|(name, _)| last.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind)
    };
    let (at, kind) = parts.iter().enumerate().skip(first).find_map(|(at, part)| Some((at, kind(part)?)))?;
    Some((parts[..at].join("/"), kind))
}

/// Whether a text says at its beginning that it is a document of an organisation.
pub(super) fn says_so(text: &str) -> bool {
    let head = text.get(..HEAD).unwrap_or(text);
    SIGNS.iter().any(|sign| head.contains(sign))
}

fn is_of_others(file: &Path) -> bool {
    file.iter().any(|part| OF_OTHERS.iter().any(|name| part == *name))
}

/// Files of catalogues beside the documents of a set, and what could not be looked through.
pub(super) fn standards(root: &Path, set: &str) -> (Vec<PathBuf>, Vec<Fault>) {
    all(root, ["yml", "yaml"].map(|end| beside(set, &format!("standards/*.{end}"))))
}

/// The files of two globs, and what could not be looked through.
pub(super) fn all(root: &Path, globs: [String; 2]) -> (Vec<PathBuf>, Vec<Fault>) {
    let [mut found, more] = globs.map(|glob| tree::find(root, &glob));
    found.files.extend(more.files);
    // Both look through the same folders, so what one of them cannot read the other cannot.
    (found.files, found.faults)
}

/// Whether a tool builds the documents of a set, so that what stands in double braces is filled in by it.
fn is_built(root: &Path, set: &str) -> bool {
    let there = |name: &str| root.join(beside(set, name)).symlink_metadata().is_ok();
    ["comply.yml", "comply.yml.example", "templates"].into_iter().any(there)
}

fn beside(set: &str, name: &str) -> String {
    if set.is_empty() { name.to_owned() } else { format!("{set}/{name}") }
}

fn is_about_the_folder(file: &Path) -> bool {
    let name = file.file_stem().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    ABOUT_THE_FOLDER.contains(&name.as_str())
}
