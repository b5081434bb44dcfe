//! The written policies that controls name: each is there, has the heading that is named, and front matter that can be
//! understood. Markdown that no control names may be anything, and is not read.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::error::Fault;
use crate::facts::document::control::Control;
use crate::facts::document::policy::PolicyText;
use crate::sources::markdown::{self, Markdown};
use crate::sources::{tree, yaml};
use crate::text::shown;

/// Everything that is wrong with the policies that some controls name, each file being read once.
#[must_use]
pub fn faults(root: &Path, controls: &[Control]) -> Vec<Fault> {
    let mut read: BTreeMap<PathBuf, Option<Markdown>> = BTreeMap::new();
    let mut faults = Vec::new();
    for control in controls {
        let Some(named) = control.text.policy.as_deref().filter(|named| !named.contains("://")) else { continue };
        let (path, anchor) = named.split_once('#').unwrap_or((named, ""));
        let Some(path) = beside(control.source().name(), path) else {
            let help = "write its path as seen from this file, such as ../policies/change-management.md";
            faults.push(at(control, "the policy lies outside of the repository".to_owned(), help.to_owned()));
            continue;
        };
        if !path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md")) {
            continue;
        }
        if !read.contains_key(&path) {
            let page = page(root, &path, control, &mut faults);
            read.insert(path.clone(), page);
        }
        let Some(Some(page)) = read.get(&path) else { continue };
        if !anchor.is_empty() && !page.headings.iter().any(|heading| heading.anchor == anchor) {
            let anchors: Vec<String> = page.headings.iter().map(|heading| shown(&heading.anchor)).collect();
            let message = format!("{} has no heading {}", shown(&path.display().to_string()), shown(anchor));
            faults.push(at(control, message, format!("its headings are: {}", anchors.join(", "))));
        }
    }
    faults
}

/// Reads a policy, and what its front matter says.
fn page(root: &Path, path: &Path, control: &Control, faults: &mut Vec<Fault>) -> Option<Markdown> {
    if root.join(path).symlink_metadata().is_err() {
        let message = format!("there is no file {}", shown(&path.display().to_string()));
        let help = "write its path as seen from this file, such as ../policies/change-management.md";
        faults.push(at(control, message, help.to_owned()));
        return None;
    }
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
fn beside(file: &str, path: &str) -> Option<PathBuf> {
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
