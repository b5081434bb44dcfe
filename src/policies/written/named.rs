//! The policies that controls name: each is there, and has the heading that is named.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::error::Fault;
use crate::facts::document::control::Control;
use crate::facts::document::written::Written;
use crate::text::shown;

/// The policies that controls name: `read` reads each, once, if it is not among those that are known.
pub(super) fn read(
    root: &Path,
    controls: &[Arc<Control>],
    known: &mut BTreeMap<PathBuf, Option<Written>>,
    read: &dyn Fn(&Path, &mut Vec<Fault>) -> Option<Written>,
    faults: &mut Vec<Fault>,
) {
    let help = "write its path as seen from this file, such as ../policies/change-management.md";
    for control in controls {
        let Some(named) = control.text.policy.as_deref().filter(|named| !named.contains("://")) else { continue };
        let (path, anchor) = named.split_once('#').unwrap_or((named, ""));
        let Some(path) = beside(control.source().name(), path) else {
            faults.push(at(control, "the policy lies outside of the repository".to_owned(), help.to_owned()));
            continue;
        };
        if !path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md")) {
            continue;
        }
        if !known.contains_key(&path) {
            let document = if root.join(&path).symlink_metadata().is_err() {
                let message = format!("there is no file {}", shown(&path.display().to_string()));
                faults.push(at(control, message, help.to_owned()));
                None
            } else {
                read(&path, faults)
            };
            known.insert(path.clone(), document);
        }
        let Some(Some(document)) = known.get(&path) else { continue };
        let headings = &document.page.headings;
        if !anchor.is_empty() && !headings.iter().any(|heading| heading.anchor == anchor) {
            let anchors: Vec<String> = headings.iter().map(|heading| shown(&heading.anchor)).collect();
            let message = format!("{} has no heading {}", shown(&path.display().to_string()), shown(anchor));
            faults.push(at(control, message, format!("its headings are: {}", anchors.join(", "))));
        }
    }
}

/// A path from the root, of one that is written as seen from a file. `None` where it leads out.
pub(in crate::policies) fn beside(file: &str, path: &str) -> Option<PathBuf> {
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
        other: None,
    }
}
