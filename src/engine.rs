//! The whole story: read the documents, choose the tests, gather the facts, check, enter in the ledger.

mod answering;
mod approved;
mod approving;
mod asked;
mod baseline;
mod cases;
mod changes;
mod content;
mod deployed;
mod documents;
mod elsewhere;
mod faults;
mod governing;
mod import;
mod judging;
mod lines;
mod merging;
mod message;
mod named;
mod owners;
mod places;
mod provenance;
mod range;
mod record_history;
mod records;
mod redrafted;
mod register_versions;
mod reporting;
mod responding;
mod rosters;
mod statements;
mod suppressing;
mod trail;
mod wanted;
mod weakened;
mod weighing;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{self, Config, Configured};
use crate::error::{Error, Fault, Kind, Result};
use crate::facts::approval::dialect::Dialect;
use crate::facts::calendar::Calendar;
use crate::facts::document::control::Control;
use crate::facts::document::written::Written;
use crate::facts::register::store::Registers;
use crate::findings::fingerprint::tell_apart;
use crate::findings::ledger::Ledger;
use crate::policies::controls::{self, Documents};
use crate::policies::pack::Pack;
use crate::policies::responses::{self, Responses};
use crate::policies::{custom, registers, trails};
use crate::reports::entry::Report;
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;

pub use answering::{Begun, begin_response};
pub use approving::{Asked, approve};
pub use asked::asked;
use asked::calendar;
pub use cases::test;
pub use import::import;
pub use merging::merge;
pub use message::message;
pub use range::{Between, Extent, Scope};
pub use reporting::{Reported, report};
pub use trail::{Trailed, trail};
use weighing::Weighing;

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
    /// What to look at.
    pub scope: Scope,
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
    /// The registers.
    pub registers: Registers,
    /// The configuration.
    pub config: Config,
    /// Where the folder of the documents lies in the repository, with a slash behind it; empty for its top.
    pub folder: String,
    /// The file of each control, below that folder.
    pub files: BTreeMap<String, String>,
    /// How many of the findings, from the first, are about the documents alone.
    pub of_documents: usize,
    /// What was read.
    pub texts: Texts,
    /// What was looked at; everything if there is nothing here.
    pub extent: Option<Extent>,
    /// How much findings weigh.
    weighing: Weighing,
}

impl Checked {
    /// That something was tested at all.
    ///
    /// # Errors
    /// The configuration cannot be used.
    pub fn tested(&self) -> Result<()> {
        if !self.ledger.misconfigured {
            return Ok(());
        }
        Err(Error::new(Kind::Configuration, "the configuration cannot be used, so that nothing was tested")
            .hint("see what is wrong with it: tickmark check"))
    }

    /// The owners of the controls, as these name them.
    #[must_use]
    pub fn owners(&self) -> Vec<String> {
        self.texts.controls.controls.iter().map(|control| control.text.owner.clone()).collect()
    }

    /// What the formats are written from.
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        Report {
            ledger: &self.ledger,
            pack: &self.texts.pack,
            repository: &self.repository,
            commit: self.commit,
            calendar: &self.calendar,
            range: self.extent.as_ref().map(Extent::told),
            folder: &self.folder,
            controls: &self.files,
        }
    }
}

/// The documents of a run, as they were read.
pub struct Texts {
    /// The folder that holds them.
    pub root: PathBuf,
    /// The tests, also those of the repository.
    pub pack: Pack,
    /// The controls.
    pub controls: Documents,
    /// The written documents.
    pub written: Vec<Written>,
}

/// Checks the documents of a repository, then every control over the period.
///
/// # Errors
/// There is no repository, or the command line asks for a day that does not exist.
pub fn check(request: &Request<'_>) -> Result<Checked> {
    run(request, true)
}

/// Checks the documents alone: what they say of themselves and of each other, and nothing of what happened.
///
/// # Errors
/// As [`check`].
pub fn check_documents(request: &Request<'_>) -> Result<Checked> {
    run(request, false)
}

fn run(request: &Request<'_>, also_what_happened: bool) -> Result<Checked> {
    let repo = Repo::open(&request.directory)?;
    let mut extent = Extent::resolve(&repo, &request.scope)?;
    let configured = configured(request, &repo, extent.as_ref())?;
    let calendar = calendar(request, &configured)?;
    let mut custom = custom::read(&configured.root, Pack::builtin()?);
    let (dialects, dialect_faults) = trails::dialects(Some(&configured.root), &configured.config.trails)?;
    let (registers, register_faults) =
        registers::read(&configured.root, &calendar.zone, &configured.config.registers, configured.source.as_ref())?;
    let compiled = custom.compile(&registers);
    let pack = custom.pack;
    let documents = documents(&configured, &pack);
    let responses = answers(&configured, &documents);
    let weighing = Weighing::read(configured.source.as_ref(), &pack);
    let misconfigured = !configured.faults.is_empty() || !weighing.faults.is_empty();
    let of_configuration = [configured.faults.as_slice(), &weighing.faults];
    let others = [dialect_faults.as_slice(), &custom.faults, &documents.faults, &responses.faults, &register_faults];
    let mut ledger = faults::begun(&pack, misconfigured, (&of_configuration, &others), (&documents, &registers));
    let written = documents::Read { repo: &repo, configured: &configured, pack: &pack, calendar: &calendar };
    let (written, others) = written.findings(&request.directory, &documents, &registers.people, &mut ledger)?;
    keep(extent.as_ref(), (&repo, &configured), &mut ledger);
    let of_documents = ledger.findings.len();
    let (before, ruled, dialects) = ruling(request, &mut extent, (&configured, &calendar), dialects)?;
    let landing = extent.as_ref().map(|extent| extent.range.as_ref());
    let judging = judging::Judging {
        repo: &repo,
        configured: before.as_ref().unwrap_or(&configured),
        pack: &pack,
        calendar: &landing.flatten().map_or_else(|| ruled.clone(), |range| range.calendar(&ruled)),
        registers: &registers,
        written: &written,
        range: landing.flatten(),
        progress: request.progress,
    };
    // Without a usable configuration the period is not known, and a count over another one would be a guess.
    if also_what_happened && !misconfigured && landing.is_none_or(|landing| landing.is_some()) {
        judging.controls(&documents.controls, dialects, compiled, &mut ledger)?;
    }
    let of_all = (extent.as_ref(), also_what_happened && request.period.is_none());
    let said = (documents.controls.as_slice(), responses.all.as_slice());
    let weighing = weighing.settle(&judging, said, of_all, &mut ledger);
    extent.iter_mut().for_each(|extent| extent.say_unjudged(&ledger.tests));
    places::show_commits((&repo, None), &mut ledger.findings);
    let more = responses.files + custom.files + registers.files();
    Ok(Checked {
        ledger,
        repository: repo.name(),
        commit: repo.head().ok().map(|(_, id)| id),
        calendar,
        read: (documents.controls.len(), documents.files + written.len() + others + more),
        registers,
        folder: below(&repo, configured.stands()).unwrap_or_default(),
        config: configured.config,
        files: documents.controls.iter().map(file_of).collect(),
        of_documents,
        texts: Texts { root: configured.root, pack, controls: documents, written },
        extent,
        weighing,
    })
}

/// Leaves out what is found in files that are not looked at.
fn keep(extent: Option<&Extent>, (repo, configured): (&Repo, &Configured), ledger: &mut Ledger) {
    // Before some are left out, so that each is called as in a run over everything.
    tell_apart(&mut ledger.findings);
    if let Some(extent) = extent.filter(|_| !ledger.misconfigured) {
        extent.keep_changed(&mut ledger.findings, &below(repo, configured.stands()).unwrap_or_default());
    }
}

/// The configuration of what is looked at.
fn configured(request: &Request<'_>, repo: &Repo, extent: Option<&Extent>) -> Result<Configured> {
    extent.map_or_else(|| configuration(request, repo), |extent| snapshot_configuration(request, repo, extent))
}

/// The controls; none where a folder of this name belongs to another tool.
fn documents(configured: &Configured, pack: &Pack) -> Documents {
    let documents = controls::read(&configured.root, pack);
    if documents.of_others && configured.source.is_none() { Documents::default() } else { documents }
}

/// The responses; none where nothing shows that the folder of this name is ours.
fn answers(configured: &Configured, documents: &Documents) -> Responses {
    let is_ours = configured.source.is_some() || !documents.controls.is_empty();
    if is_ours { responses::read(&configured.root) } else { Responses::default() }
}

/// By what a range is judged: the configuration before it, where there is one, with its calendar and its dialects.
fn ruling(
    request: &Request<'_>,
    extent: &mut Option<Extent>,
    (today, calendar): (&Configured, &Calendar),
    dialects: Vec<Dialect>,
) -> Result<(Option<Configured>, Calendar, Vec<Dialect>)> {
    let base = extent.as_mut().map(Extent::base_configuration).transpose()?.flatten();
    let Some(base) = base else { return Ok((None, calendar.clone(), dialects)) };
    let (dialects, _) = trails::dialects(Some(&base.root), &base.config.trails)?;
    let calendar = self::calendar(request, &base)?;
    let (root, stands) = (today.root.clone(), today.stands.clone());
    Ok((Some(Configured { root, stands, ..base }), calendar, dialects))
}

fn file_of(control: &Arc<Control>) -> (String, String) {
    (control.text.id.clone(), control.source().name().to_owned())
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

/// The tests that a run in a folder knows, and the controls of the repository around it, with every fault of either.
/// Without `needed`, the repository may be missing or unusable: the tests are then those that come with the program.
///
/// # Errors
/// A repository is needed and there is none, or its configuration cannot be read.
pub fn listed(request: &Request<'_>, needed: bool) -> Result<(Pack, Documents)> {
    let builtin = Pack::builtin()?;
    let opened = Repo::open(&request.directory).and_then(|repo| configuration(request, &repo));
    let configured = match opened {
        Err(error) if needed => return Err(error),
        Err(_) => return Ok((builtin, Documents::default())),
        Ok(configured) => configured,
    };
    let custom = custom::read(&configured.root, builtin);
    let mut documents = documents(&configured, &custom.pack);
    documents.faults.splice(0..0, configured.faults.into_iter().chain(custom.faults));
    Ok((custom.pack, documents))
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

/// The configuration of what a run looks at, read from where that was written out.
fn snapshot_configuration(request: &Request<'_>, repo: &Repo, extent: &Extent) -> Result<Configured> {
    if let Some(named) = &request.config {
        let what = format!("a range is judged by its own configuration, and {} is another one", named.display());
        return Err(Error::new(Kind::Usage, what).hint("leave --config out, or leave the range out"));
    }
    let stands = repo.work_dir().map_or_else(|| request.directory.clone(), Path::to_path_buf);
    Ok(Configured { stands: Some(stands), ..config::read(extent.folder(), None)? })
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
