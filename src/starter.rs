//! The starter: controls over the seven areas, their policies, empty registers and a configuration, which a small
//! organisation makes its own. It lies under `starter/`, and the program carries it.

mod steps;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config;
use crate::error::{Error, Kind, Result};
use crate::facts::calendar::{Day, Period};
use crate::policies::registers::FOLDER;
use crate::reports::schemas;
use crate::sources::repo::Repo;
use crate::sources::{create, tree};

macro_rules! files {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/starter/", $path)))),*]
    };
}

/// Every file of the starter by its path. A test holds the list against the folder.
pub const FILES: &[(&str, &str)] = files! {
    "tickmark.yaml"
    ".github/workflows/approvals.yml"
    "controls/README.md"
    "controls/access-review.yaml"
    "controls/accounts.yaml"
    "controls/change-approval.yaml"
    "controls/document-approval.yaml"
    "controls/exceptions.yaml"
    "controls/incidents.yaml"
    "controls/leavers.yaml"
    "controls/security-training.yaml"
    "controls/vendors.yaml"
    "controls/vulnerabilities.yaml"
    "policies/access-control.md"
    "policies/account-standard.md"
    "policies/change-management.md"
    "policies/incident-response.md"
    "policies/security-training.md"
    "policies/vendor-management.md"
    "policies/vulnerability-management.md"
    "registers/access-reviews.yaml"
    "registers/accounts.csv"
    "registers/exceptions.csv"
    "registers/incidents.yaml"
    "registers/people.yaml"
    "registers/risk-acceptances.csv"
    "registers/systems.csv"
    "registers/training.csv"
    "registers/vendor-reports.csv"
    "registers/vendors.yaml"
    "registers/vulnerabilities.csv"
};

/// The configuration among the files.
const CONFIGURATION: &str = "tickmark.yaml";
/// The period that the configuration has in this project. Every day of it would be wrong for somebody, so it is replaced.
const PERIOD: &str = "period: { from: 2026-01-01 }";
/// Where a forge looks for workflows, if the folder is that of the repository.
const WORKFLOWS: &str = ".github/workflows/";
/// How a YAML file says which schema it has.
const MODELINE: &str = "# yaml-language-server: $schema=";

/// One file of the starter, beside what the folder holds already.
#[derive(Debug)]
pub struct Planned {
    /// Path below the folder.
    pub path: String,
    /// What it holds.
    pub text: String,
    /// What is there in its place, if anything; it is left alone, and the file is not written.
    pub kept: Option<Kept>,
}

/// What is there already.
#[derive(Debug, PartialEq, Eq)]
pub enum Kept {
    /// Something of the same name.
    Itself,
    /// A file that does the same, by its path: two of them would be an error, or be read together.
    Other(String),
    /// The configuration says that the register is kept elsewhere.
    Configured,
}

/// What is to be written, and where.
#[derive(Debug)]
pub struct Plan {
    /// The folder.
    pub folder: PathBuf,
    /// The files, in order.
    pub files: Vec<Planned>,
    /// The observation period that the configuration gets.
    pub period: Period,
    /// The repository of the folder.
    pub home: Home,
}

/// Where a folder lies.
#[derive(Debug, PartialEq, Eq)]
pub enum Home {
    /// In no Git repository.
    Nowhere,
    /// It is the folder of a repository.
    Root,
    /// It lies below the folder of a repository.
    Below,
}

/// The period that begins with the month after an instant, so that the work of setting up is not part of it.
#[must_use]
pub fn next_month(now: Timestamp) -> Period {
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    let first = today.last_of_month().tomorrow().unwrap_or(today);
    Period { from: Some(Day(first)), to: None }
}

/// What would be written into a folder, which need not exist.
///
/// # Errors
/// The folder is a file, belongs to Git itself, or has two configurations; or a file would lie behind a link.
pub fn plan(folder: &Path, period: Period) -> Result<Plan> {
    if folder.metadata().is_ok_and(|found| !found.is_dir()) {
        let message = format!("{} is there already, and is no folder", folder.display());
        return Err(Error::new(Kind::Usage, message).hint("name a folder, or one that does not exist yet"));
    }
    let home = home(folder)?;
    let mut files = Vec::new();
    let configured: Vec<String> = config::read(folder, None)?.config.registers.into_keys().collect();
    for (path, text) in FILES.iter().filter(|(path, _)| home != Home::Below || !path.starts_with(WORKFLOWS)) {
        let text = if *path == CONFIGURATION { text.replace(PERIOD, &written(period)) } else { (*text).to_owned() };
        let kept = in_its_place(folder, path, &configured);
        files.push(Planned { path: (*path).to_owned(), text, kept });
    }
    for name in schemas_of(FILES) {
        let path = format!("schemas/{name}.schema.json");
        let kept = create::is_there(folder, &path).then_some(Kept::Itself);
        let text = schemas::find(&name).unwrap_or_default().to_owned();
        files.push(Planned { path, text, kept });
    }
    for file in files.iter().filter(|file| file.kept.is_none()) {
        create::can_create(folder, &file.path)?;
    }
    Ok(Plan { folder: folder.to_path_buf(), files, period, home })
}

impl Plan {
    /// Writes what is not there yet.
    ///
    /// # Errors
    /// A file cannot be written; those before it are.
    pub fn write(&self) -> Result<()> {
        let new = self.files.iter().filter(|file| file.kept.is_none());
        new.into_iter().try_for_each(|file| create::create(&self.folder, &file.path, &file.text))
    }
}

/// What already does what a file of the starter is for: a file of its name, a configuration of another name, or a
/// register that is kept elsewhere.
fn in_its_place(folder: &Path, path: &str, configured: &[String]) -> Option<Kept> {
    if create::is_there(folder, path) {
        return Some(Kept::Itself);
    }
    if path == CONFIGURATION {
        let other = config::NAMES.iter().find(|name| create::is_there(folder, name))?;
        return Some(Kept::Other((*other).to_owned()));
    }
    let name = path.strip_prefix(FOLDER)?.strip_prefix('/')?.split('.').next()?;
    if configured.contains(&name.replace('-', "_")) {
        return Some(Kept::Configured);
    }
    let globs = [format!("{FOLDER}/{name}.*"), format!("{FOLDER}/{name}/**/*")];
    let found = globs.iter().flat_map(|glob| tree::find(folder, glob).files).next()?;
    Some(Kept::Other(found.display().to_string()))
}

/// The schemas that the YAML files name, in order.
fn schemas_of(files: &[(&str, &str)]) -> Vec<String> {
    let named = files.iter().filter_map(|(_, text)| text.lines().next()?.strip_prefix(MODELINE));
    let name = |path: &str| Some(path.rsplit('/').next()?.strip_suffix(".schema.json")?.to_owned());
    let mut names: Vec<String> = named.filter_map(name).collect();
    names.sort();
    names.dedup();
    names
}

/// A period as the configuration has it.
fn written(period: Period) -> String {
    let side = |name: &str, day: Option<Day>| day.map(|day| format!("{name}: {day}"));
    let sides: Vec<String> = [side("from", period.from), side("to", period.to)].into_iter().flatten().collect();
    format!("period: {{ {} }}", sides.join(", "))
}

/// Where a folder lies, or would.
fn home(folder: &Path) -> Result<Home> {
    let of_git = || {
        let message = format!("{} belongs to Git itself", folder.display());
        Error::new(Kind::Usage, message).hint("name the folder that holds the files")
    };
    if folder.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git")) {
        return Err(of_git());
    }
    // A folder that does not exist yet lies where the first one above it does; above a bare name is the current one.
    let above = folder.ancestors().map(|above| if above.as_os_str().is_empty() { Path::new(".") } else { above });
    let there = above.into_iter().find_map(|above| above.canonicalize().ok());
    let Some((there, repo)) = there.and_then(|there| Repo::open(&there).ok().map(|repo| (there, repo))) else {
        return Ok(Home::Nowhere);
    };
    let Some(root) = repo.work_dir() else { return Err(of_git()) };
    let is_root = folder.is_dir() && root.canonicalize().is_ok_and(|root| root == there);
    Ok(if is_root { Home::Root } else { Home::Below })
}
