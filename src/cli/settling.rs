//! What a check tells of what it found, and which of it fails the run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::output::Output;
use crate::engine::Checked;
use crate::error::{Error, Kind, Result};
use crate::findings::ledger;
use crate::findings::selection;
use crate::policies::pack::Pack;
use crate::reports::json;
use crate::sources::tree;
use crate::text::{SourceText, shown};

/// Options that say what is told and what fails the run.
#[derive(Clone, Debug, Default, Args)]
pub struct Settling {
    /// Tell only the findings of these rules, tests or areas: change/self-approved, change-approval, change
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Leave out the findings of these rules, tests or areas, also of those that are selected
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Least severity of a finding that ends the run with 1; what could not be read always ends it with 3
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// Mark what this file holds as known, so that only what is new fails; see --write-baseline
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write what is found to this file, and take it for known from now on
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
}

/// From which severity on a finding fails the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Every finding.
    Note,
    /// Warnings and errors.
    Warning,
    /// Errors.
    #[default]
    Error,
    /// Nothing that was found.
    Never,
}

impl From<FailOn> for ledger::FailOn {
    fn from(asked: FailOn) -> Self {
        match asked {
            FailOn::Note => Self::Note,
            FailOn::Warning => Self::Warning,
            FailOn::Error => Self::Error,
            FailOn::Never => Self::Never,
        }
    }
}

impl Settling {
    /// Applies them to what a check of a folder found.
    ///
    /// # Errors
    /// A name stands for no rule, or a baseline cannot be read or written.
    pub fn settle(&self, directory: &Path, checked: &mut Checked) -> Result<()> {
        if let Some(path) = &self.baseline {
            let before = checked.baseline_before(directory, path)?;
            let source = before.map_or_else(|| text(path), Ok)?;
            checked.know(&source)?;
        }
        let pack = &checked.texts.pack;
        let (wanted, unwanted) = (rules(pack, &self.select)?, rules(pack, &self.ignore)?);
        let is_wanted = |rule: &str| (self.select.is_empty() || wanted.contains(rule)) && !unwanted.contains(rule);
        selection::leave_out(&mut checked.ledger, is_wanted, |rule| pack.is_about_reading(rule));
        checked.ledger.fail_on = self.fail_on.into();
        if let Some(path) = &self.write_baseline {
            let written = json::pretty(&checked.baseline()?)?;
            checked.know(&SourceText::new(path.to_string_lossy(), String::from_utf8_lossy(&written)))?;
            let mut out = Output::to(path)?;
            out.write(&written)?;
            out.close()?;
        }
        Ok(())
    }
}

/// A baseline. Without it everything would be new, so that a run that cannot read it says nothing.
fn text(path: &Path) -> Result<Arc<SourceText>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let read = tree::read_register(folder, Path::new(path.file_name().unwrap_or_default()));
    let read = read.map_err(|fault| {
        let message = format!("the baseline {} cannot be read: {}", shown(&path.to_string_lossy()), fault.message);
        Error::new(Kind::Unreadable, message).hint("write one: tickmark check --write-baseline FILE")
    })?;
    Ok(SourceText::new(path.to_string_lossy(), read.text()))
}

/// The rules that some names stand for.
fn rules<'p>(pack: &'p Pack, names: &[String]) -> Result<BTreeSet<&'p str>> {
    let mut all = BTreeSet::new();
    for name in names.iter().map(|name| name.trim()) {
        all.extend(pack.rules_of(name).map_err(|near| {
            let hint = near
                .map_or_else(|| "see all of them: tickmark explain".to_owned(), |near| format!("did you mean {near}?"));
            Error::new(Kind::Usage, format!("there is no rule, test or area called {}", shown(name))).hint(hint)
        })?);
    }
    Ok(all)
}
