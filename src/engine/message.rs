//! The messages of commits, held against the trailers that controls ask for.

use std::path::Path;
use std::sync::Arc;

use super::{Request, configuration, content};
use crate::checks::change::approvers::Parameters;
use crate::checks::change::trailers;
use crate::checks::documents::fault;
use crate::error::Result;
use crate::facts::approval::trail::Change;
use crate::findings::finding::Finding;
use crate::findings::ledger::Ledger;
use crate::policies::pack::Pack;
use crate::policies::{controls, custom};
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;
use crate::sources::tree;
use crate::text::SourceText;

/// Above this line of a message Git shows what is committed, and takes none of what follows for the message.
const SCISSORS: &str = "# ------------------------ >8";

/// Holds the message of a commit that is about to be made against every control over changes that asks for trailers; and
/// how many faults the controls have, which may hide what they ask.
///
/// # Errors
/// There is no repository, or the file cannot be read.
pub fn message(request: &Request<'_>, file: &Path) -> Result<(Ledger, usize)> {
    let repo = Repo::open(&request.directory)?;
    let configured = configuration(request, &repo)?;
    let mut ledger = Ledger { misconfigured: !configured.faults.is_empty(), ..Ledger::default() };
    let pack = custom::read(&configured.root, Pack::builtin()?).pack;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(&request.directory);
    let read = tree::read(folder, Path::new(file.file_name().unwrap_or_default()));
    let source = match read {
        Ok(source) => source,
        Err(found) => {
            ledger.misconfigured = true;
            ledger.findings.extend(fault::finding(&pack, &found));
            return Ok((ledger, 0));
        }
    };
    let source = SourceText::new("the message", as_committed(source.text()));
    let subject = source.text().trim_start();
    // What will be folded into another commit has that one's message, and a merge has what it brings.
    let has_its_own = !["fixup!", "squash!", "amend!"].iter().any(|mark| subject.starts_with(mark));
    if subject.is_empty() || !has_its_own || repo.git_dir().join("MERGE_HEAD").exists() {
        return Ok((ledger, 0));
    }
    let documents = controls::read(&configured.root, &pack);
    ledger.findings.extend(configured.faults.iter().filter_map(|found| fault::finding(&pack, found)));
    ledger.findings.extend(documents.controls.iter().filter_map(|control| of_control(&pack, control, &source)));
    Ok((ledger, documents.faults.len()))
}

fn of_control(
    pack: &Pack,
    control: &crate::facts::document::control::Control,
    source: &Arc<SourceText>,
) -> Option<Finding> {
    let test = pack.test(&control.text.test)?;
    let asked: Parameters = serde_json::from_value(control.text.with.clone()).ok()?;
    trailers::of_message(test, control, &asked.trailers, source)
}

/// The message as Git will take it: without comments, and without what stands below the scissors.
fn as_committed(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.starts_with(SCISSORS));
    lines.filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

/// Which of some trailers each change lacks: in the message that landed, and in that of some commit which it brought.
pub(super) fn lacking(repo: &Repo, wanted: &[String], changes: &[&Change]) -> Vec<Vec<String>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let of = |id: Oid| trailers::lacking(wanted, &content::message(repo, id));
    let of_change = |change: &&Change| {
        let mut missing = of(change.commit);
        if change.unreadable.is_some() {
            // That it cannot be read is told by another rule.
            return Vec::new();
        }
        if !missing.is_empty() && !change.brought.is_empty() {
            let brought: Vec<String> = change.brought.iter().flat_map(|id| of(*id)).collect();
            missing.retain(|key| brought.contains(key));
        }
        missing
    };
    changes.iter().map(of_change).collect()
}
