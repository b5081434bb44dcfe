//! Written documents whose text changed after somebody approved them.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::checks::documents::redrafted::{self, Redraft};
use crate::facts::approval::trail::{Change, Verdict};
use crate::facts::calendar::Calendar;
use crate::facts::document::written::Written;
use crate::facts::moment::Moment;
use crate::findings::ledger::Ledger;
use crate::policies::pack::Pack;
use crate::policies::written;
use crate::sources::history::Repos;
use crate::sources::line::{self, Line, Step, Version};
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Unreadable};
use crate::text::{SourceText, decode_keeping_offsets};

/// A document, and every step that changed its text since it says that it was approved, newest first.
pub(super) struct Redrafted<'d> {
    document: &'d Written,
    pub(super) steps: Vec<Step>,
}

/// The documents whose text changed after the day on which they say that they were approved. `below` is where the root
/// lies in the repository, with a slash behind it, or empty.
///
/// # Errors
/// A tree or an old version cannot be read, with the object that it is.
pub(super) fn of<'d>(
    documents: &'d [Written],
    (repos, line, below): (&Repos, &Line, &str),
    calendar: &Calendar,
) -> Result<Vec<Redrafted<'d>>, (Oid, Unreadable)> {
    let says_when = |document: &&Written| {
        let about = &document.about;
        about.approved.is_some() && !about.approvers.is_empty() && about.is_in_force()
    };
    let approved: Vec<&Written> = documents.iter().filter(says_when).collect();
    let paths: Vec<String> = approved.iter().map(|document| format!("{below}{}", document.source().name())).collect();
    let watched: Vec<&str> = paths.iter().map(String::as_str).collect();
    let versions = line::versions(repos, line, &watched)?;
    let read = |(document, versions): (&'d Written, Vec<Version>)| {
        let mut steps = changed(document, &versions, (repos, line))?;
        steps.retain(|step| Moment::from(step).timestamp() <= calendar.as_of);
        Ok((!steps.is_empty()).then_some(Redrafted { document, steps }))
    };
    let found: Vec<Option<Redrafted<'d>>> =
        approved.into_par_iter().zip(versions).map(read).collect::<Result<_, (Oid, Unreadable)>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// The steps that changed the text of a document and left the day of its approval as it was, newest first. The step that
/// brought the approval brought the text that was approved.
fn changed(
    document: &Written,
    versions: &[Version],
    (repos, line): (&Repos, &Line),
) -> Result<Vec<Step>, (Oid, Unreadable)> {
    let mut steps = Vec::new();
    let mut newer: Option<(Written, usize)> = None;
    for version in versions {
        // Before that there was no such file, or one that says something else of its approval.
        let Some(entry) = version.entry.as_ref().filter(|entry| !entry.is_tree()) else { break };
        let text =
            repos.mine().read(entry.id, ObjectKind::Blob, decode_keeping_offsets).map_err(|why| (entry.id, why))?;
        let source = SourceText::new(document.source().name(), text);
        let Some(older) = written::of_version(&source, document) else { break };
        let day = |one: &Written| one.about.approved.as_ref().map(|said| said.value);
        if day(&older) != day(document) {
            break;
        }
        if let Some((newer, brought)) = &newer
            && !newer.page.says_the_same(&older.page)
        {
            steps.extend(line.steps.get(*brought).copied());
        }
        newer = Some((older, version.oldest));
    }
    Ok(steps)
}

/// Enters for each document the newest change of its text that nobody but its authors agreed to. `changes` are those of
/// the protected branch.
pub(super) fn enter(
    found: &[Redrafted<'_>],
    changes: &[Change],
    (pack, calendar): (&Pack, &Calendar),
    ledger: &mut Ledger,
) {
    let changes: FxHashMap<Oid, &Change> = changes.iter().map(|change| (change.commit, change)).collect();
    for redrafted in found {
        let open = redrafted
            .steps
            .iter()
            .filter_map(|step| changes.get(&step.id))
            .find(|change| change.verdict != Verdict::Approved);
        let finding = open.and_then(|change| {
            let day = calendar.day(change.landed_at);
            redrafted::finding(pack, &Redraft { document: redrafted.document, change, day })
        });
        ledger.findings.extend(finding);
    }
}
