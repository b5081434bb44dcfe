//! The written documents of a repository, and the policies that controls name: each is there, has the heading that is
//! named, and front matter that can be understood.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::error::Fault;
use crate::facts::document::control::Control;
use crate::facts::document::policy::PolicyText;
use crate::facts::document::written::{Kind, Written};
use crate::sources::markdown::{self, Markdown};
use crate::sources::{tree, yaml};
use crate::text::shown;

/// Folder of the written policies.
pub const FOLDER: &str = "policies";

/// The written documents of a repository.
#[derive(Default)]
pub struct WrittenDocuments {
    /// Every document that can be read, in order of its path.
    pub documents: Vec<Written>,
    /// Everything that is wrong with them, and with the names under which controls name them.
    pub faults: Vec<Fault>,
}

/// Reads every written policy, and those that controls name elsewhere; each file once.
#[must_use]
pub fn read(root: &Path, controls: &[Arc<Control>]) -> WrittenDocuments {
    let mut faults = Vec::new();
    let mut read: BTreeMap<PathBuf, Option<Markdown>> = BTreeMap::new();
    for file in tree::find(root, &format!("{FOLDER}/**/*.md")).files {
        let is_about_the_folder = file.file_stem().is_some_and(|name| name.eq_ignore_ascii_case("readme"));
        if !is_about_the_folder {
            let page = page(root, &file, &mut faults);
            read.insert(file, page);
        }
    }
    for control in controls {
        let Some(named) = control.text.policy.as_deref().filter(|named| !named.contains("://")) else { continue };
        let (path, anchor) = named.split_once('#').unwrap_or((named, ""));
        let help = "write its path as seen from this file, such as ../policies/change-management.md";
        let Some(path) = beside(control.source().name(), path) else {
            faults.push(at(control, "the policy lies outside of the repository".to_owned(), help.to_owned()));
            continue;
        };
        if !path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md")) {
            continue;
        }
        if !read.contains_key(&path) {
            let page = if root.join(&path).symlink_metadata().is_err() {
                let message = format!("there is no file {}", shown(&path.display().to_string()));
                faults.push(at(control, message, help.to_owned()));
                None
            } else {
                page(root, &path, &mut faults)
            };
            read.insert(path.clone(), page);
        }
        let Some(Some(page)) = read.get(&path) else { continue };
        if !anchor.is_empty() && !page.headings.iter().any(|heading| heading.anchor == anchor) {
            let anchors: Vec<String> = page.headings.iter().map(|heading| shown(&heading.anchor)).collect();
            let message = format!("{} has no heading {}", shown(&path.display().to_string()), shown(anchor));
            faults.push(at(control, message, format!("its headings are: {}", anchors.join(", "))));
        }
    }
    let set: Arc<str> = Arc::from("");
    let document = |page: Markdown| Written { kind: Kind::Policy, set: Arc::clone(&set), page };
    WrittenDocuments { documents: read.into_values().flatten().map(document).collect(), faults }
}

/// Reads a policy, and what its front matter says.
fn page(root: &Path, path: &Path, faults: &mut Vec<Fault>) -> Option<Markdown> {
    let page = tree::read_inside(root, path).and_then(|source| markdown::parse(&source));
    let page = page.map_err(|fault| faults.push(fault)).ok()?;
    if let Some(front) = page.front_matter.filter(|front| !front.is_empty()) {
        let documents = yaml::parse_within(&page.source, front);
        let documents = documents.map_err(|found| faults.extend(found)).unwrap_or_default();
        for document in documents.iter().filter(|document| !document.value().is_null()) {
            faults.extend(yaml::read::<PolicyText>(document).err().unwrap_or_default());
        }
    }
    Some(page)
}

/// A path from the root, of one that is written as seen from a file. `None` where it leads out.
pub(super) fn beside(file: &str, path: &str) -> Option<PathBuf> {
    let mut whole = Path::new(file).parent().unwrap_or(Path::new("")).to_path_buf();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => whole.push(name),
            Component::CurDir => {}
            Component::ParentDir => whole.pop().then_some(())?,
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(whole)
}

/// A fault at the place where a control names its policy.
fn at(control: &Control, message: String, help: String) -> Fault {
    Fault {
        rule: "documents/unknown-value",
        label: "named here".to_owned(),
        message,
        help: Some(help),
        source: control.source().clone(),
        span: control.policy_span(),
    }
}
