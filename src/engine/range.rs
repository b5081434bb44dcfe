//! What a run looks at: all of the period, what the next commit holds, or what a range of commits brings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashSet;
use tempfile::TempDir;

use super::wanted;
use crate::config::{self, Configured, NAMES};
use crate::error::{Error, Kind, Result};
use crate::facts::approval::trail::Change;
use crate::facts::calendar::{Calendar, Period};
use crate::facts::moment::Moment;
use crate::findings::finding::{Finding, Place};
use crate::findings::ledger::TestResult;
use crate::findings::population::Population;
use crate::reports::entry;
use crate::sources::commit::RawCommit;
use crate::sources::event::Event;
use crate::sources::landed::{self, Landed};
use crate::sources::line::Line;
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Repo};
use crate::sources::snapshot::Snapshot;
use crate::text::{SourceText, decode_keeping_offsets, shown};

/// What a run is to look at.
#[derive(Clone, Debug, Default)]
pub enum Scope {
    /// Every document, and everything of the period.
    #[default]
    Whole,
    /// The documents of the index that differ from the commit that is checked out. The file is the index that Git names to
    /// its hooks, if it names one.
    Staged(Option<PathBuf>),
    /// What a range of commits brings.
    Between(Between),
    /// What the event of a workflow runner is about.
    Event(Event),
}

/// A range of commits, as it was asked for.
#[derive(Clone, Debug, Default)]
pub struct Between {
    /// The commits that were there before: names of commits, branches or tags. All of the history is new if there are none.
    pub from: Vec<String>,
    /// The remote whose branches were there before, where `from` names nothing.
    pub remote: Option<String>,
    /// The newest commit.
    pub to: String,
    /// The branch to which the range comes; each branch that its newest commit is on if it is not known.
    pub branch: Option<String>,
}

impl Between {
    /// What an event is about; nothing, which is all of the period, where it is about no commits or about a new branch, or
    /// where a forced push has taken away the commit that was there before.
    fn of(event: &Event, repo: &Repo) -> Option<Self> {
        let (base, head) = (event.base?, event.head?);
        if event.forced && repo.size(base).is_err() {
            return None;
        }
        Some(Self { from: vec![base.to_string()], to: head.to_string(), branch: event.branch.clone(), remote: None })
    }

    /// The range that is written `A..B`; HEAD stands for a side that is left out.
    ///
    /// # Errors
    /// It is written otherwise.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |why: &str| {
            Error::new(Kind::Usage, format!("{} {why}", shown(text))).hint("write it so: tickmark check main..topic")
        };
        if text.contains("...") {
            return Err(wrong("has three dots, and a range has two"));
        }
        let (from, to) = text.split_once("..").ok_or_else(|| wrong("is no range"))?;
        let or_head = |side: &str| if side.is_empty() { "HEAD" } else { side }.to_owned();
        Ok(Self { from: vec![or_head(from)], to: or_head(to), ..Self::default() })
    }
}

/// What a run looks at, once it is resolved.
pub struct Extent {
    /// The folder that holds the documents as they are looked at.
    folder: TempDir,
    /// The folder that holds the configuration by which a range is judged: that of its base.
    ground: Option<TempDir>,
    /// Paths of the files that changed, below the repository's top.
    changed: FxHashSet<String>,
    /// What landed, if it is a range of commits.
    pub(super) range: Option<Landing>,
    /// The range in words, with object names.
    words: String,
    /// What it does not reach, in words, one sentence each.
    beyond: Vec<String>,
    /// The commit before what is looked at, and the configuration that it holds, if there is one.
    before: (Option<Oid>, Option<Arc<SourceText>>),
}

/// The changes of a range.
pub(super) struct Landing {
    /// The commit that was there before, if there was one: its configuration judges what comes.
    base: Option<Oid>,
    landed: FxHashSet<Oid>,
    oldest: Option<i64>,
    tip: Oid,
    branch: Option<String>,
}

impl Landing {
    /// Whether a change landed in the range.
    pub(super) fn brings(&self, change: &Change) -> bool {
        self.has(change.commit)
    }

    /// Whether a commit of the first-parent line is one of the range.
    pub(super) fn has(&self, id: Oid) -> bool {
        self.landed.contains(&id)
    }

    /// The newest step of a line that was there before the range: nothing of the range is judged by what it brings itself.
    pub(super) fn floor(&self, line: &Line) -> usize {
        line.steps.iter().take_while(|step| self.has(step.id)).count()
    }

    /// Whether the range may come to a branch.
    pub(super) fn comes_to(&self, branch: &str) -> bool {
        self.branch.as_deref().is_none_or(|name| name == branch)
    }

    /// The newest commit of a branch once the range has come to it, if that is known.
    pub(super) fn tip_of(&self, branch: &str) -> Option<Oid> {
        (self.branch.as_deref() == Some(branch)).then_some(self.tip)
    }

    /// The calendar whose period begins on the day of the oldest change: a range is judged whole, whatever period the
    /// configuration asks about.
    pub(super) fn calendar(&self, calendar: &Calendar) -> Calendar {
        let from = self.oldest.map(|seconds| calendar.day(Moment { seconds, offset: 0 }));
        Calendar { period: Period { from, to: None }, ..calendar.clone() }
    }
}

impl Extent {
    /// Resolves what was asked for, and writes the documents out; nothing for all of the period.
    ///
    /// # Errors
    /// A name that leads to no commit, an index or a commit that cannot be read, or no room for the documents.
    pub(super) fn resolve(repo: &Repo, scope: &Scope) -> Result<Option<Self>> {
        let (snapshot, range, words, mut beyond, base) = match scope {
            Scope::Whole => return Ok(None),
            Scope::Staged(index) => {
                let mut snapshot = Snapshot::staged(repo, index.as_deref())?;
                // All of a large repository is more than anybody waits for before each commit.
                snapshot.keep_related(repo, &wanted::WANTED);
                let words = match repo.head() {
                    Ok((branch, id)) => format!("what is staged, compared with {} at {}", shown(&branch), id.short()),
                    Err(_) => "what is staged for the first commit".to_owned(),
                };
                let base = repo.head().ok().map(|(_, id)| id);
                (snapshot, None, words, vec!["changes: what is staged has not landed".to_owned()], base)
            }
            Scope::Between(between) => {
                let (snapshot, landing, words, beyond) = commits(repo, between)?;
                let base = landing.base;
                (snapshot, Some(landing), words, beyond, base)
            }
            Scope::Event(event) => {
                let Some(between) = Between::of(event, repo) else { return Ok(None) };
                return Self::resolve(repo, &Scope::Between(between));
            }
        };
        beyond.push("records, deployments and documents that did not change: see tickmark check".to_owned());
        let folder = written(repo, &snapshot)?;
        let ground = match range.as_ref().and_then(|range| range.base) {
            Some(base) => {
                let mut snapshot = Snapshot::of_commit(repo, Some(base), base)?;
                // Controls and people are read from the history itself, each as it stood before a change.
                snapshot.keep(wanted::may_be_asked_for);
                Some(written(repo, &snapshot)?)
            }
            None => None,
        };
        let changed: FxHashSet<String> = snapshot.changed.into_iter().collect();
        let files = if changed.len() == 1 { "file" } else { "files" };
        let words = format!("{words}: {} {files} changed", changed.len());
        let before = (base, base.and_then(|base| configuration_of(repo, base)));
        Ok(Some(Self { folder, ground, changed, range, words, beyond, before }))
    }

    /// The commit before what is looked at, and the configuration that it holds, which says what of that is accepted.
    pub(super) const fn configuration_before(&self) -> (Option<Oid>, Option<&Arc<SourceText>>) {
        (self.before.0, self.before.1.as_ref())
    }

    /// The newest commit that is looked at; nothing for what is staged.
    pub(super) fn tip(&self) -> Option<Oid> {
        self.range.as_ref().map(|range| range.tip)
    }

    /// Whether a file below the repository's top changed.
    pub(super) fn has_changed(&self, path: &str) -> bool {
        self.changed.contains(path)
    }

    /// The same, for reports.
    #[must_use]
    pub(super) fn told(&self) -> entry::Extent<'_> {
        entry::Extent { words: &self.words, beyond: &self.beyond }
    }

    /// The folder that holds the documents as they are looked at, in place of the repository's own.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration of a range's base, by which what the range brings is judged; nothing where there was none before.
    /// One with a fault judges nothing, and that is said.
    ///
    /// # Errors
    /// As [`config::read`].
    pub(super) fn base_configuration(&mut self) -> Result<Option<Configured>> {
        let Some(ground) = &self.ground else { return Ok(None) };
        let configured = config::read(ground.path(), None)?;
        if configured.faults.is_empty() {
            return Ok(Some(configured));
        }
        self.beyond
            .push("by the configuration before the range, which has a fault: that of the range judged".to_owned());
        Ok(None)
    }

    /// Says it where nothing judged the changes of a range, so that it is not taken for a pass.
    pub(super) fn say_unjudged(&mut self, tests: &[TestResult]) {
        let Some(range) = self.range.as_ref().filter(|range| !range.landed.is_empty()) else { return };
        let judged = |test: &TestResult| {
            let Population { size, pending, excluded, .. } = &test.population;
            size + pending > 0 || !excluded.is_empty()
        };
        if !tests.iter().any(judged) {
            let branch = range.branch.as_ref().map_or_else(String::new, |name| format!(" of {}", shown(name)));
            self.beyond.push(format!("the changes{branch}: no control covers them on its branches"));
        }
    }

    /// Leaves out what is found in files that did not change; not for a configuration with a fault, which ends the run whoever
    /// brought it. What names no place stays, and so does what could not be
    /// read. `below` is where the documents lie in the repository.
    pub(super) fn keep_changed(&self, findings: &mut Vec<Finding>, below: &str) {
        let changed = |place: &Place| match place {
            Place::Text(source, _) => self.changed.contains(&format!("{below}{}", source.name())),
            Place::Commit(..) => true,
        };
        findings.retain(|found| found.labels.is_empty() || found.labels.iter().any(|label| changed(&label.place)));
    }
}

/// Writes a snapshot to a folder of its own.
fn written(repo: &Repo, snapshot: &Snapshot) -> Result<TempDir> {
    let failed = |error: std::io::Error| Error::new(Kind::Source, format!("no temporary folder: {error}"));
    let folder = tempfile::Builder::new().prefix("tickmark-").tempdir().map_err(failed)?;
    snapshot.write(repo, folder.path(), &snapshot.text(repo, &NAMES)?)?;
    Ok(folder)
}

/// The configuration in a commit; nothing if there is none or it cannot be read, which accepts nothing.
fn configuration_of(repo: &Repo, commit: Oid) -> Option<Arc<SourceText>> {
    let tree = repo.read(commit, ObjectKind::Commit, |bytes| Some(RawCommit::parse(bytes)?.tree)).ok()??;
    let (name, entry) = NAMES.iter().find_map(|name| Some((name, repo.entry_at(tree, name).ok()??)))?;
    let text = repo.read(entry.id, ObjectKind::Blob, decode_keeping_offsets).ok()?;
    Some(SourceText::new(*name, text))
}

/// What a range of commits brings, and what is to be said about it.
fn commits(repo: &Repo, between: &Between) -> Result<(Snapshot, Landing, String, Vec<String>)> {
    let tip = repo.resolve(&between.to)?;
    let mut known = between.from.iter().map(|name| repo.resolve(name)).collect::<Result<Vec<Oid>>>()?;
    if known.is_empty() {
        let remote = between.remote.iter().flat_map(|name| repo.references(&format!("refs/remotes/{name}/*")));
        known.extend(remote.filter_map(|name| repo.reference(&name).ok().flatten()));
    }
    let Landed { line, fork, all } = landed::landed(repo, &known, tip)?;
    let mut beyond = Vec::new();
    if let ([from], [name]) = (&known[..], &between.from[..])
        && !landed::leads_to(repo, tip, *from)
    {
        beyond.push(format!(
            "{} does not lead to {}: what they had in common was not judged",
            shown(&between.to),
            shown(name)
        ));
    }
    // Where nothing is new, the newest commit is its own base.
    let snapshot = Snapshot::of_commit(repo, fork, tip)?;
    let from = match (&known[..], fork) {
        ([from], _) => from.short(),
        (_, Some(fork)) => fork.short(),
        (_, None) => "the first commit".to_owned(),
    };
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (changes, commits) = (count(line.len(), "change"), count(all.len(), "commit"));
    let to = between.branch.as_ref().map_or_else(String::new, |name| format!(" for {}", shown(name)));
    let words = format!("{from}..{}{to}: {changes} with {commits}", tip.short());
    let oldest = line.iter().map(|(_, seconds)| *seconds).min();
    let oldest = oldest.filter(|seconds| Timestamp::from_second(*seconds).is_ok());
    let landed = line.into_iter().map(|(id, _)| id).collect();
    // A branch that goes on beside the range has newer rules than the commit at which the two parted.
    let base = if let [from] = known[..] { Some(from) } else { fork };
    Ok((snapshot, Landing { base, landed, oldest, tip, branch: between.branch.clone() }, words, beyond))
}
