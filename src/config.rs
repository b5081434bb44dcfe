//! `tickmark.yaml`: the period, the time zone, the protected branches, and where things are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault, Kind, Result};
use crate::facts::calendar::Period;
use crate::sources::yaml::YamlDocument;
use crate::sources::{tree, yaml};
use crate::text::SourceText;

/// Names that the configuration may have, in order; two of them at once are an error.
pub const NAMES: [&str; 3] = ["tickmark.yaml", ".tickmark.yaml", ".github/tickmark.yaml"];

/// The configuration of a repository.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark configuration")]
pub struct Config {
    /// Name of the organisation, as reports show it.
    #[serde(default)]
    pub organization: Option<String>,
    /// The observation period.
    #[serde(default)]
    pub period: Period,
    /// The time zone in which days begin and end, such as Europe/Berlin; UTC if not given.
    #[serde(default)]
    pub timezone: Option<String>,
    /// Protected branches; the branch that is checked out if none is given.
    #[serde(default)]
    pub branches: Vec<String>,
    /// Dialects that approvals are read in: `auto`, or their names.
    #[serde(default = "auto")]
    pub trails: Vec<String>,
    /// Built-in packs that apply.
    #[serde(default = "soc2")]
    pub packs: Vec<PackName>,
}

/// A built-in pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PackName {
    /// The seven areas that make most SOC 2 exceptions.
    Soc2,
}

fn auto() -> Vec<String> {
    vec!["auto".to_owned()]
}

fn soc2() -> Vec<PackName> {
    vec![PackName::Soc2]
}

/// A configuration with the places of what it says, or with what is wrong with it.
pub struct Configured {
    /// What it says; the defaults where there is none or where it is unusable.
    pub config: Config,
    /// The folder that holds controls, policies and registers.
    pub root: PathBuf,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// The organisation's time zone.
    pub zone: TimeZone,
}

/// Reads the configuration of a folder, or the one that the user named.
///
/// # Errors
/// The named file does not exist, or a folder has two configurations.
pub fn read(folder: &Path, named: Option<&Path>) -> Result<Configured> {
    let found: Vec<PathBuf> = match named {
        Some(path) => vec![path.to_path_buf()],
        None => NAMES.iter().map(|name| folder.join(name)).filter(|path| path.symlink_metadata().is_ok()).collect(),
    };
    let none = |root: &Path| Configured {
        config: Config { trails: auto(), packs: soc2(), ..Config::default() },
        root: root.to_path_buf(),
        faults: Vec::new(),
        zone: TimeZone::UTC,
    };
    let path = match found.as_slice() {
        [] => return Ok(none(folder)),
        [path] => path,
        [first, second, ..] => {
            let message = format!("there are two configurations: {} and {}", first.display(), second.display());
            return Err(Error::new(Kind::Configuration, message).hint("keep one of them"));
        }
    };
    if named.is_some() && !path.is_file() {
        return Err(Error::new(Kind::Configuration, format!("{} does not exist", path.display()))
            .hint("name a file: tickmark --config tickmark.yaml"));
    }
    let (base, name) = match named {
        Some(path) => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            (parent, Path::new(path.file_name().unwrap_or_default()))
        }
        None => (folder, path.strip_prefix(folder).unwrap_or(path)),
    };
    let mut configured = none(base);
    match tree::read(base, name).map_err(|fault| vec![fault]).and_then(|source| parse(&source)) {
        Ok((config, zone)) => (configured.config, configured.zone) = (config, zone),
        Err(faults) => configured.faults = faults,
    }
    Ok(configured)
}

fn parse(source: &Arc<SourceText>) -> std::result::Result<(Config, TimeZone), Vec<Fault>> {
    let documents = yaml::parse(source)?;
    let Some(document) = documents.first() else { return Ok((Config::default(), TimeZone::UTC)) };
    if document.value().is_null() {
        return Ok((Config { trails: auto(), packs: soc2(), ..Config::default() }, TimeZone::UTC));
    }
    let config: Config = yaml::read(document)?;
    let mut faults = Vec::new();
    if config.period.is_inverted() {
        faults.push(fault(document, "/period", "documents/bad-value", "the period ends before it begins"));
    }
    let zone = config.timezone.as_deref().map_or(Ok(TimeZone::UTC), TimeZone::get);
    let zone = zone.unwrap_or_else(|_| {
        faults.push(Fault {
            help: Some("name a zone of the IANA database, such as Europe/Berlin".to_owned()),
            ..fault(document, "/timezone", "documents/unknown-value", "there is no time zone of this name")
        });
        TimeZone::UTC
    });
    if faults.is_empty() { Ok((config, zone)) } else { Err(faults) }
}

fn fault(document: &YamlDocument, pointer: &str, rule: &'static str, message: &str) -> Fault {
    Fault {
        rule,
        message: message.to_owned(),
        label: message.to_owned(),
        help: None,
        source: Arc::clone(&document.source),
        span: document.span(pointer).unwrap_or_default(),
    }
}
