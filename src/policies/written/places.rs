//! Where written documents lie: in folders whose names say what they hold, side by side in the folder of their set.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Fault;
use crate::facts::document::written::Kind;
use crate::sources::markdown::Markdown;
use crate::sources::tree;

/// Last words of the names of folders, and what lies in them.
const FOLDERS: [(&str, Kind); 4] = [
    ("policies", Kind::Policy),
    ("standards", Kind::Policy),
    ("narratives", Kind::Narrative),
    ("procedures", Kind::Procedure),
];

/// Words with which a document at any other place says that it is one; a file without all of them is not looked into.
const SIGNS: [&str; 7] =
    ["satisfies:", "tsc_criteria:", "policy: true", "next_review", "approved_by:", "approver:", "majorRevisions:"];
/// So much of a file holds what it says about itself.
const HEAD: usize = 4096;

/// Files that are about a folder, not of it.
const ABOUT_THE_FOLDER: [&str; 7] = ["readme", "todo", "contributing", "changelog", "license", "index", "_index"];

/// Folders of what others wrote, of what a tool made, and of what is wrong on purpose.
const OF_OTHERS: [&str; 8] =
    ["node_modules", "vendor", "third_party", "target", "dist", ".venv", "fixtures", "testdata"];

/// Ends of the names of documents; the last is that of a template which a tool fills in.
const ENDS: [&str; 3] = [".md", ".markdown", ".md.tmpl"];

/// A document that is to be read.
pub(super) struct Place {
    pub(super) file: PathBuf,
    pub(super) kind: Kind,
    pub(super) set: Arc<str>,
    pub(super) built: bool,
    /// Whether it lies outside of the folders of documents, so that it is one only if it says so.
    pub(super) stray: bool,
}

impl Place {
    fn new(file: PathBuf, kind: Kind, set: &Arc<str>, built: bool, stray: bool) -> Self {
        let built = built || file.extension().is_some_and(|end| end.eq_ignore_ascii_case("tmpl"));
        Self { file, kind, set: Arc::clone(set), built, stray }
    }
}

/// Files at and below a folder that may be written documents, and those of YAML.
pub(super) struct Files {
    documents: Vec<PathBuf>,
    /// Those of YAML.
    pub(super) data: Vec<PathBuf>,
    /// What could not be looked through.
    pub(super) faults: Vec<Fault>,
}

/// Looks through a folder once.
pub(super) fn files(root: &Path, start: &Path) -> Files {
    let data = |file: &Path| file.extension().is_some_and(|end| end == "yaml" || end == "yml");
    let found = tree::find_below(root, start, |file| is_document(file) || data(file), &OF_OTHERS);
    let (data, documents) = found.files.into_iter().partition(|file: &PathBuf| data(file));
    Files { documents, data, faults: found.faults }
}

fn is_document(file: &Path) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    ENDS.iter().any(|end| name.ends_with(end))
}

/// The documents beside the folder of the controls, and what could not be looked through.
pub(super) fn beside_controls(root: &Path) -> (Vec<Place>, Vec<Fault>) {
    let set: Arc<str> = Arc::from("");
    let built = is_built(root, "");
    let (mut places, mut faults) = (Vec::new(), Vec::new());
    for (folder, kind) in FOLDERS {
        let found = tree::find_below(root, Path::new(folder), is_document, &OF_OTHERS);
        let files = found.files.into_iter().filter(|file| !is_about_the_folder(file));
        places.extend(files.map(|file| Place::new(file, kind, &set, built, false)));
        faults.extend(found.faults);
    }
    (places, faults)
}

/// The documents of every set at and below a folder, out of the files that lie there.
pub(super) fn below(root: &Path, start: &Path, files: &Files) -> Vec<Place> {
    let start_name = start.to_string_lossy().replace('\\', "/");
    let mut sets: FxHashMap<String, (Arc<str>, bool)> = FxHashMap::default();
    let named = folders_of_policies(&files.documents);
    let mut places = Vec::new();
    for file in &files.documents {
        let known = set_of(file, start).or_else(|| {
            let folder = file.parent().filter(|folder| named.contains(folder))?;
            Some((folder.to_string_lossy().replace('\\', "/"), Kind::Policy))
        });
        let stray = known.is_none();
        // A page of a site may be kept as the index of its folder.
        if !stray && is_about_the_folder(file) {
            continue;
        }
        let (set, kind) = known.unwrap_or_else(|| (start_name.clone(), Kind::Policy));
        let (set, built) = sets.entry(set).or_insert_with_key(|set| (Arc::from(set.as_str()), is_built(root, set)));
        places.push(Place::new(file.clone(), kind, set, *built, stray));
    }
    places
}

/// Folders whose files are called policies, such as `07-access_policy.md`: some of them, since one or two may be about
/// anything.
fn folders_of_policies(files: &[PathBuf]) -> FxHashSet<&Path> {
    const SOME: usize = 3;
    let mut named: FxHashMap<&Path, usize> = FxHashMap::default();
    for file in files {
        let name = file.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let stem = ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or_default();
        if stem.rsplit(['-', '_', ' ']).next() == Some("policy") {
            *named.entry(file.parent().unwrap_or(Path::new(""))).or_default() += 1;
        }
    }
    named.into_iter().filter(|(_, count)| *count >= SOME).map(|(folder, _)| folder).collect()
}

/// The set that a file below a folder belongs to, and what the file is.
fn set_of(file: &Path, start: &Path) -> Option<(String, Kind)> {
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

/// Whether a page is built as written policies are: it says what it is for and whom it binds, or which statements it
/// makes. Pages about software, in a folder of the same name, do not.
pub(super) fn reads_like_a_policy(page: &Markdown) -> bool {
    let is = |words: &[&str]| {
        page.headings.iter().any(|heading| {
            let text = heading.text.to_lowercase();
            let text = text.trim_start_matches(|letter: char| !letter.is_alphabetic()).trim_end();
            words.contains(&text)
        })
    };
    let says_why = is(&["purpose", "objective", "objectives", "purpose and scope"]);
    is(&["policy statement", "policy statements", "applicable standards"])
        || (says_why && is(&["scope", "purpose and scope", "applicability", "policy"]))
}

/// Files of catalogues beside the documents of a set.
pub(super) fn standards(root: &Path, set: &str) -> Vec<PathBuf> {
    let globs = ["yml", "yaml"].map(|end| beside(set, &format!("standards/*.{end}")));
    globs.iter().flat_map(|glob| tree::find(root, glob).files).collect()
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
    let name = file.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    name.split('.').next().is_some_and(|stem| ABOUT_THE_FOLDER.contains(&stem))
}
