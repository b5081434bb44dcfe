//! Which files of a snapshot are wanted, by their names.

use crate::config::NAMES;
use crate::policies::{controls, custom};
use crate::sources::related::Wanted;

/// What has to be there for the documents that change to be held against it: the repository's own tests and registers, its
/// people, and what tells how its documents are built. The others are looked through for what has to do with them.
pub(super) const WANTED: Wanted<'static> = Wanted {
    configuration: &NAMES,
    is_document: |path| is_page(path) || is_control(path),
    is_control,
    is_needed: |path| {
        let of_documents = ["people", "standards", "templates", "comply.yml"];
        is_own(path) || path.split('/').any(|part| of_documents.iter().any(|name| part.starts_with(name)))
    },
    changes_all: is_own,
};

fn is_page(path: &str) -> bool {
    let small = path.to_ascii_lowercase();
    [".md", ".markdown", ".mdx", ".md.tmpl"].iter().any(|end| small.ends_with(end))
}

fn is_control(path: &str) -> bool {
    is_yaml_in(controls::FOLDER, path)
}

/// Whether a file may be a test, a register or a dialect of the repository's own.
fn is_own(path: &str) -> bool {
    is_yaml_in(custom::FOLDER, path)
}

/// Whether a file may be asked for beside controls and people, which are read from the history itself, each as it stood
/// before a change: it is neither a document nor an export.
pub(super) fn may_be_asked_for(path: &str) -> bool {
    !is_page(path) && !is_control(path) && !is_export(path)
}

fn is_export(path: &str) -> bool {
    [".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".sarif", ".html", ".ics"].iter().any(|end| path.ends_with(end))
}

fn is_yaml_in(folder: &str, path: &str) -> bool {
    (path.ends_with(".yaml") || path.ends_with(".yml")) && path.split('/').any(|part| part == folder)
}
