//! The whole story: read the documents, choose the tests, gather the facts, check, enter in the ledger.

mod approving;
mod cases;
mod changes;
mod content;
mod documents;
mod governing;
mod import;
mod judging;
mod named;
mod owners;
mod places;
mod provenance;
mod record_history;
mod records;
mod redrafted;
mod register_versions;
mod rosters;
mod statements;
mod weakened;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::checks::documents::fault;
use crate::config::{self, Configured};
use crate::error::{Error, Fault, Kind, Result};
use crate::facts::approval::matcher::Matcher;
use crate::facts::calendar::{Calendar, Period};
use crate::facts::forge::binding::Recorded;
use crate::facts::forge::recorded;
use crate::facts::gather::{self, Gathered, Range};
use crate::facts::register::people::People;
use crate::findings::ledger::Ledger;
use crate::policies::controls::{self, Documents};
use crate::policies::pack::Pack;
use crate::policies::{custom, registers, trails};
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;

pub use approving::{Asked, approve};
pub use cases::test;
pub use import::import;

/// What a run is asked for.
pub struct Request<'a> {
    /// The folder to work in.
    pub directory: PathBuf,
    /// A configuration named by the user.
    pub config: Option<PathBuf>,
    /// As-of, as the user wrote it.
    pub as_of: Option<String>,
    /// Period, as the user wrote it.
    pub period: Option<String>,
    /// The wall clock; as-of where the user gave none.
    pub now: Timestamp,
    /// Told how many more commits have been read.
    pub progress: &'a (dyn Fn(usize) + Sync),
}

/// What a check found.
pub struct Checked {
    /// Results and findings.
    pub ledger: Ledger,
    /// Name of the repository.
    pub repository: String,
    /// The commit that is checked out.
    pub commit: Option<Oid>,
    /// Period, time zone and as-of.
    pub calendar: Calendar,
    /// Number of controls and of files that were read.
    pub read: (usize, usize),
    /// Everybody in the register of people.
    pub people: People,
    /// The owners of the controls, as these name them.
    pub owners: Vec<String>,
}

/// The trails of a range.
pub struct Trailed {
    /// The history and its trails.
    pub gathered: Gathered,
    /// The dialects that they were read in.
    pub matcher: Matcher,
    /// Name of the repository.
    pub repository: String,
    /// The range.
    pub range: Range,
    /// The range in words.
    pub words: String,
    /// What is wrong with the configuration or with the repository's own dialects.
    pub faults: Vec<Fault>,
}

/// Checks the documents of a repository, then every control over the period.
///
/// # Errors
/// There is no repository, or the command line asks for a day that does not exist.
pub fn check(request: &Request<'_>) -> Result<Checked> {
    let repo = Repo::open(&request.directory)?;
    let configured = configuration(request, &repo)?;
    let calendar = calendar(request, &configured)?;
    let mut custom = custom::read(&configured.root, Pack::builtin()?);
    let (dialects, dialect_faults) = trails::dialects(Some(&configured.root), &configured.config.trails)?;
    let (registers, register_faults) =
        registers::read(&configured.root, &calendar.zone, &configured.config.registers, configured.source.as_ref())?;
    let compiled = custom.compile(&registers);
    let pack = custom.pack;
    let mut documents = controls::read(&configured.root, &pack);
    if documents.of_others && configured.source.is_none() {
        documents = Documents::default();
    }
    let mut ledger = Ledger { misconfigured: !configured.faults.is_empty(), ..Ledger::default() };
    let faults = configured.faults.iter().chain(&dialect_faults).chain(&custom.faults).chain(&documents.faults);
    let faults = faults.chain(&register_faults);
    ledger.findings.extend(faults.filter_map(|found| fault::finding(&pack, found)));
    let written = documents::Read { repo: &repo, configured: &configured, pack: &pack, calendar: &calendar };
    let (written, others) = written.findings(&request.directory, &documents, &registers.people, &mut ledger)?;
    // Without a usable configuration the period is not known, and a count over another one would be a guess.
    if !ledger.misconfigured {
        let judging = judging::Judging {
            repo: &repo,
            configured: &configured,
            pack: &pack,
            calendar: &calendar,
            registers: &registers,
            written: &written,
            progress: request.progress,
        };
        judging.controls(&documents.controls, dialects, compiled, &mut ledger)?;
    }
    places::show_commits(&repo, &mut ledger);
    let files: usize = registers.by_name.values().map(|register| register.files.len()).sum();
    Ok(Checked {
        ledger,
        repository: repo.name(),
        commit: repo.head().ok().map(|(_, id)| id),
        calendar,
        read: (documents.controls.len(), documents.files + written.len() + others + custom.files + files),
        people: registers.people,
        owners: documents.controls.iter().map(|control| control.text.owner.clone()).collect(),
    })
}

/// The tests that a run in a folder knows: those that come with the program, and those of the repository around the
/// folder, with what is wrong with them. Their expressions are not looked at.
///
/// # Errors
/// A test that comes with the program is wrong, which the tests exclude.
pub fn pack(request: &Request<'_>) -> Result<(Pack, Vec<Fault>)> {
    let builtin = Pack::builtin()?;
    // Rules are explained anywhere, also where there is no repository, or none that can be used.
    let Ok(repo) = Repo::open(&request.directory) else { return Ok((builtin, Vec::new())) };
    let Ok(configured) = configuration(request, &repo) else { return Ok((builtin, Vec::new())) };
    let custom = custom::read(&configured.root, builtin);
    Ok((custom.pack, custom.faults))
}

/// Reads the trails of a commit, of a range, or of everything since the latest tag.
///
/// # Errors
/// There is no repository, no commit yet, or nothing of the name that the user gave.
pub fn trail(request: &Request<'_>, revision: Option<&str>, all: bool) -> Result<Trailed> {
    for (option, given) in [("--period", &request.period), ("--as-of", &request.as_of)] {
        if given.is_some() {
            return Err(Error::new(
                Kind::Usage,
                format!("trail reads a range of commits, and {option} does not limit it"),
            )
            .hint("name the range: tickmark trail v1.0..v1.1; or ask tickmark check, which counts by days"));
        }
    }
    let repo = Repo::open(&request.directory)?;
    let configured = configuration(request, &repo)?;
    let (dialects, mut faults) = trails::dialects(Some(&configured.root), &configured.config.trails)?;
    let matcher = trails::matcher(dialects)?;
    let (range, words) = range(&repo, revision, all)?;
    let recorded = recorded(&repo, &configured, &mut faults)?;
    faults.extend(configured.faults);
    let gathered = gather::trail(&repo, &matcher, (&range, &recorded), request.progress)?;
    Ok(Trailed { gathered, matcher, repository: repo.name(), range, words, faults })
}

/// The records of the register of changes of a repository that has a configuration; none of any other.
fn recorded(repo: &Repo, configured: &Configured, faults: &mut Vec<Fault>) -> Result<Recorded> {
    let Some(source) = configured.source.as_ref() else { return Ok(Recorded::default()) };
    let (root, zone) = (configured.root.as_path(), &configured.zone);
    let of = (&configured.config.registers, Some(source));
    let (registers, wrong) = registers::read_some((root, zone), of, &|name| name == recorded::REGISTER)?;
    // What is wrong with other registers is no business of a trail.
    let of_people = registers.get(registers::PEOPLE).map(|people| &people.files[..]).unwrap_or_default();
    let is_of_changes = |fault: &Fault| {
        !of_people.iter().any(|file| file.name() == fault.source.name())
            && !fault.source.name().starts_with("policies/")
    };
    faults.extend(wrong.into_iter().filter(is_of_changes));
    Ok(Recorded::of(&registers, below(repo, root), zone))
}

/// Where a folder lies in the repository, with a slash behind it, or empty; nothing where it lies outside.
fn below(repo: &Repo, folder: &Path) -> Option<String> {
    let (top, folder) = (repo.work_dir()?.canonicalize().ok()?, folder.canonicalize().ok()?);
    let path = folder.strip_prefix(top).ok()?.to_str()?.replace('\\', "/");
    Some(if path.is_empty() { path } else { path + "/" })
}

fn configuration(request: &Request<'_>, repo: &Repo) -> Result<Configured> {
    let folder = repo.work_dir().unwrap_or(&request.directory);
    // In a bare repository the folder holds Git's own files, none of which is a configuration.
    config::read(folder, request.config.as_deref())
}

fn calendar(request: &Request<'_>, configured: &Configured) -> Result<Calendar> {
    let asked = (request.as_of.as_deref(), request.period.as_deref());
    let (business, fiscal_start) = (configured.business.clone(), configured.config.fiscal_year_starts);
    let calendar = asked_in(&configured.zone, configured.config.period, asked, request.now)?;
    Ok(Calendar { business, fiscal_start, ..calendar })
}

/// The period and the as-of instant that a command line asks for where there is no configuration.
///
/// # Errors
/// One of them is none.
pub fn asked(as_of: Option<&str>, period: Option<&str>, now: Timestamp) -> Result<Calendar> {
    asked_in(&TimeZone::UTC, Period::default(), (as_of, period), now)
}

fn asked_in(
    zone: &TimeZone,
    configured: Period,
    (as_of, period): (Option<&str>, Option<&str>),
    now: Timestamp,
) -> Result<Calendar> {
    let period = match period {
        Some(text) => Period::parse(text).ok_or_else(|| {
            Error::new(Kind::Usage, format!("`{text}` is no period"))
                .hint("write the first and the last day: --period 2026-01-01..2026-06-30")
        })?,
        None => configured,
    };
    let as_of = match as_of {
        Some(text) => Calendar::instant(text, zone).ok_or_else(|| {
            Error::new(Kind::Usage, format!("`{text}` is no day and no instant"))
                .hint("write a day, --as-of 2026-06-30, or an instant, --as-of 2026-06-30T18:00:00+02:00")
        })?,
        None => now,
    };
    Ok(Calendar::new(zone.clone(), period, as_of))
}

/// The range that a revision names, and the same in words.
fn range(repo: &Repo, revision: Option<&str>, all: bool) -> Result<(Range, String)> {
    if let Some(text) = revision.filter(|text| text.contains("...")) {
        return Err(Error::new(Kind::Usage, format!("`{text}` has three dots, and a range has two"))
            .hint(format!("write tickmark trail {}", text.replacen("...", "..", 1))));
    }
    if let Some((from, to)) = revision.and_then(|text| text.split_once("..")) {
        let (from, to) = (if from.is_empty() { "HEAD" } else { from }, if to.is_empty() { "HEAD" } else { to });
        let (base, tip) = (repo.resolve(from)?, repo.resolve(to)?);
        let words = format!("{from}..{to}");
        return Ok((Range { branch: branch_name(to, repo), tip, base: Some(base), only_tip: false }, words));
    }
    let (branch, tip) = match revision {
        Some(name) => (branch_name(name, repo), repo.resolve(name)?),
        None => repo.head()?,
    };
    let whole = |base, only_tip| Range { branch: branch.clone(), tip, base, only_tip };
    if all {
        return Ok((whole(None, false), format!("the whole history of {branch}")));
    }
    if revision.is_some() {
        return Ok((whole(None, true), format!("the change {}", tip.short())));
    }
    match latest_tag(repo, tip) {
        Some((tag, base)) => Ok((whole(Some(base), false), format!("{tag}..{branch}: since the latest tag"))),
        None => Ok((whole(None, false), format!("the whole history of {branch}: there is no tag yet"))),
    }
}

/// Name of the branch that a revision stands for: its own, or the one that is checked out.
fn branch_name(revision: &str, repo: &Repo) -> String {
    let name = revision.trim_start_matches("refs/heads/").trim_start_matches("origin/");
    match repo.reference(&format!("refs/heads/{name}")) {
        Ok(Some(_)) => name.to_owned(),
        _ => repo.head().map_or_else(|_| name.to_owned(), |(branch, _)| branch),
    }
}

/// The tag that stands latest on the first-parent line of a commit.
fn latest_tag(repo: &Repo, tip: Oid) -> Option<(String, Oid)> {
    let tags = repo.tags();
    let mut next = Some(tip);
    while let Some(id) = next.filter(|_| !tags.is_empty()) {
        if let Some(found) = tags.iter().find(|(_, at)| *at == id && id != tip) {
            return Some(found.clone());
        }
        next = repo.first_parent(id);
    }
    None
}

/// The branch of a control: a local one, or the one that the remote `origin` had when it was fetched.
fn branch(repo: &Repo, name: &str) -> Result<Option<Oid>> {
    for full in [format!("refs/heads/{name}"), format!("refs/remotes/origin/{name}")] {
        if let Some(id) = repo.reference(&full)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The folder in which a run works: the one that the user named, or the current one.
#[must_use]
pub fn directory(named: Option<&Path>) -> PathBuf {
    named.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
