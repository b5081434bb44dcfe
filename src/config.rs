//! `tickmark.yaml`: the period, the time zone, the protected branches, and where things are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault, Kind, Result};
use crate::facts::approval::signers::SignerFiles;
use crate::facts::calendar::{BusinessDays, BusinessHours, Day, HOURS_PATTERN, Period, WeekDay};
use crate::facts::deployment::Where;
use crate::facts::document::criteria::Category;
use crate::facts::document::holidays;
use crate::facts::register::mapping::Sources;
use crate::findings::finding::Severity;
use crate::findings::response::Responded;
use crate::findings::suppression::Suppression;
use crate::policies::definitions;
use crate::sources::content::{self, State};
use crate::sources::yaml::YamlDocument;
use crate::sources::{tree, yaml};
use crate::text::{SourceText, shown};

mod months;
pub mod report;

use report::ReportText;

/// Names that the configuration may have, in order; two of them at once are an error.
pub const NAMES: [&str; 3] = ["tickmark.yaml", ".tickmark.yaml", ".github/tickmark.yaml"];

/// The configuration of a repository.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
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
    /// Where deployments are found, for `tickmark trail` and for controls of the test `deployments` that do not say it
    /// themselves.
    #[serde(default)]
    pub deployments: Option<Where>,
    /// Other repositories that controls cover, by name.
    #[serde(default)]
    pub repositories: BTreeMap<String, Repository>,
    /// Dialects that approvals are read in: `auto`, or their names.
    #[serde(default = "auto")]
    pub trails: Vec<String>,
    /// Where the repository says whose keys are whose, for controls that ask for signed approvals.
    #[serde(default)]
    pub signers: SignerFiles,
    /// Categories of the trust services criteria that the report has in its scope. If any is given, every criterion of
    /// these and of security must have a control.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// Where registers are kept or how a tool's export is read, by register; `registers/<name>.*` if not given.
    #[serde(default)]
    pub registers: BTreeMap<String, Sources>,
    /// Built-in packs that apply.
    #[serde(default = "soc2")]
    pub packs: Vec<PackName>,
    /// Days of the week that are no business days; saturday and sunday if not given.
    #[serde(default = "saturday_and_sunday")]
    pub weekend: Vec<WeekDay>,
    /// Other days that are no business days: a list of days, or the path of a file with them.
    #[serde(default)]
    pub holidays: Holidays,
    /// From when to when a business day lasts, for lengths in business hours (4bh): 09:00-17:00.
    #[serde(default)]
    #[schemars(regex(pattern = HOURS_PATTERN))]
    pub business_hours: Option<String>,
    /// Month in which the fiscal year begins, by number or name; january if not given. A fiscal year has the number of
    /// the calendar year in which it ends.
    #[serde(default = "january", deserialize_with = "months::month")]
    #[schemars(schema_with = "months::month_schema")]
    pub fiscal_year_starts: u8,
    /// How much a finding weighs, by rule, where that is not what the rule says: note, warning or error. Rules that tell
    /// what could not be read weigh what they say.
    #[serde(default)]
    pub severities: BTreeMap<String, Severity>,
    /// Findings that are accepted for a time.
    #[serde(default)]
    pub suppressions: Vec<Suppression>,
    /// Whether findings that have a response fail the run, by the kind of the response; all of them do if not given.
    #[serde(default)]
    pub responded: Responded,
    /// How the report of a period is written.
    #[serde(default)]
    pub report: ReportText,
}

impl Default for Config {
    /// What holds where there is no configuration.
    fn default() -> Self {
        Self {
            organization: None,
            period: Period::default(),
            timezone: None,
            branches: Vec::new(),
            deployments: None,
            repositories: BTreeMap::new(),
            trails: auto(),
            signers: SignerFiles::default(),
            packs: soc2(),
            weekend: saturday_and_sunday(),
            holidays: Holidays::default(),
            business_hours: None,
            fiscal_year_starts: january(),
            registers: BTreeMap::new(),
            categories: Vec::new(),
            severities: BTreeMap::new(),
            suppressions: Vec::new(),
            responded: Responded::default(),
            report: ReportText::default(),
        }
    }
}

/// Another repository that controls cover, of which there is a clone.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// The folder of the clone, beside this file: `../payments`.
    pub path: PathBuf,
    /// Its protected branches; the one that is checked out there if none is given.
    #[serde(default)]
    pub branches: Vec<String>,
    /// Where its deployments are found.
    #[serde(default)]
    pub deployments: Option<Where>,
}

/// The holidays of the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Holidays {
    /// These days.
    Days(Vec<Day>),
    /// A file inside the repository: a list of days in YAML, or a text with a day on each line.
    #[schemars(title = "the path of a file")]
    File(PathBuf),
}

impl Default for Holidays {
    fn default() -> Self {
        Self::Days(Vec::new())
    }
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

fn saturday_and_sunday() -> Vec<WeekDay> {
    vec![WeekDay::Saturday, WeekDay::Sunday]
}

fn january() -> u8 {
    1
}

/// A configuration with the places of what it says, or with what is wrong with it.
pub struct Configured {
    /// What it says; the defaults where there is none or where it is unusable.
    pub config: Config,
    /// The folder that holds controls, policies and registers.
    pub root: PathBuf,
    /// The folder of the working tree that this one stands for, where it is a copy of what a commit holds.
    pub stands: Option<PathBuf>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// The organisation's time zone.
    pub zone: TimeZone,
    /// The days on which it works.
    pub business: BusinessDays,
    /// The file, if there is one.
    pub source: Option<Arc<SourceText>>,
}

impl Configured {
    /// The folder of the working tree that holds controls, policies and registers.
    #[must_use]
    pub fn stands(&self) -> &Path {
        self.stands.as_deref().unwrap_or(&self.root)
    }
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
        config: Config::default(),
        root: root.to_path_buf(),
        stands: None,
        faults: Vec::new(),
        zone: TimeZone::UTC,
        business: BusinessDays::default(),
        source: None,
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
    let source = tree::read(base, name).map_err(|fault| vec![fault]);
    configured.source = source.as_ref().ok().cloned();
    match source.and_then(|source| parse(&source, base)) {
        Ok(parsed) => (configured.config, configured.zone, configured.business) = parsed,
        Err(faults) => configured.faults = faults,
    }
    Ok(configured)
}

/// What a configuration says, with its time zone and its business days.
type Parsed = (Config, TimeZone, BusinessDays);

fn parse(source: &Arc<SourceText>, root: &Path) -> std::result::Result<Parsed, Vec<Fault>> {
    let documents = yaml::parse(source)?;
    let Some(document) = documents.first().filter(|document| !document.value().is_null()) else {
        return Ok((Config::default(), TimeZone::UTC, BusinessDays::default()));
    };
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
    if let Some(Err(message)) = config.business_hours.as_deref().map(str::parse::<BusinessHours>) {
        faults.push(fault(document, "/business_hours", "documents/bad-value", &message));
    }
    if config.repositories.contains_key(".") {
        let message = "`.` is this repository, and no name of another one";
        faults.push(fault(document, "/repositories/.", "documents/bad-value", message));
    }
    if config.deployments.as_ref().is_some_and(|found| found.ways() != 1) {
        let message = "deployments are found in exactly one way: tags, a branch, or environments of their register";
        faults.push(Fault {
            help: Some("write one of them: deployments: { tags: \"v*\" }".to_owned()),
            ..fault(document, "/deployments", "documents/bad-value", message)
        });
    }
    let business = business_days(&config, document, root, &mut faults);
    faults.extend(unknown_registers(&config, document, root));
    faults.extend(missing_signers(&config.signers, document, root));
    if faults.is_empty() { Ok((config, zone, business)) } else { Err(faults) }
}

/// Files of signers that are named and are not there: a path that is misspelled would be one that never stood there.
fn missing_signers(signers: &SignerFiles, document: &YamlDocument, root: &Path) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (key, path) in signers.paths() {
        let message = match content::look(root, Path::new(path)).state {
            State::There | State::Empty => continue,
            State::Missing => "there is no file of this name",
            _ => "no ordinary file of the repository has this name",
        };
        let help =
            Some("write the path from the folder that holds `controls`, such as keys/allowed_signers".to_owned());
        let found = fault(document, &format!("/signers/{key}"), "documents/unreadable-file", message);
        faults.push(Fault { help, ..found });
    }
    faults
}

/// Registers that the configuration names and that do not exist.
fn unknown_registers(config: &Config, document: &YamlDocument, root: &Path) -> Vec<Fault> {
    let mut faults = Vec::new();
    // What is wrong with a definition is told where the registers are read.
    let (known, _) = definitions::read(root).unwrap_or_default();
    let is_known = |name: &str| known.iter().any(|one| one.register == name) || definitions::is_own(root, name);
    for name in config.registers.keys().filter(|name| !is_known(name)) {
        let names: Vec<&str> = known.iter().map(|one| one.register.as_str()).collect();
        let message = format!("there is no register called {}", shown(name));
        let span = document.key_span(&format!("/registers/{name}")).unwrap_or_default();
        faults.push(Fault {
            help: Some(format!("the registers are: {}", names.join(", "))),
            span,
            ..fault(document, "/registers", "documents/unknown-key", &message)
        });
    }
    faults
}

fn business_days(config: &Config, document: &YamlDocument, root: &Path, faults: &mut Vec<Fault>) -> BusinessDays {
    let holidays = match &config.holidays {
        Holidays::Days(days) => Ok(days.clone()),
        Holidays::File(path) if path.to_str().is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok()) => {
            let message = "a single day stands here, and a list of days is expected";
            let help = Some("write it in brackets: [2026-12-25]".to_owned());
            Err(vec![Fault { help, ..fault(document, "/holidays", "documents/wrong-type", message) }])
        }
        Holidays::File(path) if root.join(path).symlink_metadata().is_err() => {
            let help = Some("write the path from the folder that holds `controls`, such as holidays.yaml".to_owned());
            let message = "there is no file of this name";
            Err(vec![Fault { help, ..fault(document, "/holidays", "documents/unreadable-file", message) }])
        }
        Holidays::File(path) => holidays::read(root, path),
    };
    let holidays = holidays.unwrap_or_else(|more| {
        faults.extend(more.into_iter().map(|found| at_its_name(found, document)));
        Vec::new()
    });
    BusinessDays::new(&config.weekend, &holidays).unwrap_or_else(|| {
        let message = "the weekend has all seven days, so there is no business day";
        faults.push(fault(document, "/weekend", "documents/bad-value", message));
        BusinessDays::default()
    })
}

/// A fault of a file that could not be read, at the place where the file is named; any other as it is.
fn at_its_name(found: Fault, document: &YamlDocument) -> Fault {
    if !found.source.text().is_empty() {
        return found;
    }
    let span = document.span("/holidays").unwrap_or_default();
    Fault { source: Arc::clone(&document.source), span, ..found }
}

fn fault(document: &YamlDocument, pointer: &str, rule: &'static str, message: &str) -> Fault {
    Fault {
        rule,
        message: message.to_owned(),
        label: message.to_owned(),
        help: None,
        source: Arc::clone(&document.source),
        span: document.span(pointer).unwrap_or_default(),
        other: None,
    }
}
