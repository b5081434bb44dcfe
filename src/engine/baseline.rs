//! What is known of before: the baseline of a check, written and held against what is found.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use super::Checked;
use crate::checks::documents::aside;
use crate::error::{Error, Exit, Kind, Result};
use crate::facts::calendar::Period;
use crate::findings::baseline::Baseline;
use crate::findings::finding::Finding;
use crate::reports::json;
use crate::sources::commit::RawCommit;
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Repo};
use crate::text::{SourceText, decode_keeping_offsets, safe, shown};

impl Checked {
    /// The baseline of what was found.
    ///
    /// # Errors
    /// Not everything was looked at, or the configuration cannot be used.
    pub fn baseline(&self) -> Result<Baseline> {
        if self.extent.is_some() {
            return Err(Error::new(Kind::Usage, "a baseline is of everything, and a range finds only a part of that")
                .hint("leave the range out: tickmark check --write-baseline FILE"));
        }
        self.tested()?;
        let about_reading = |rule: &str| self.texts.pack.is_about_reading(rule);
        Ok(Baseline::of(&self.ledger.findings, self.calendar.period, about_reading))
    }

    /// The text of a baseline that a user named, as it stood before what is looked at: a range does not say itself what of it
    /// is known. `None` where everything is looked at, or where the file lies outside of the repository: then it is the
    /// file that counts. A baseline that was not there before holds nothing. `directory` is the folder of the run.
    ///
    /// # Errors
    /// There is no repository, or what stood there cannot be read.
    pub fn baseline_before(&self, directory: &Path, named: &Path) -> Result<Option<Arc<SourceText>>> {
        let Some(extent) = &self.extent else { return Ok(None) };
        let repo = Repo::open(directory)?;
        let folder = named.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Some((folder, name)) = super::below(&repo, folder).zip(named.file_name().and_then(OsStr::to_str)) else {
            return Ok(None);
        };
        let path = format!("{folder}{name}");
        let unreadable = || {
            Error::new(Kind::Unreadable, format!("the baseline {} of before cannot be read", shown(&path)))
                .hint("fetch what is missing, or see what is damaged: git fsck --full")
        };
        let text = match extent.configuration_before().0 {
            Some(base) => text_at(&repo, base, &path).ok_or_else(unreadable)?,
            None => None,
        };
        let nothing = || json::line(&Baseline::of(&[], self.calendar.period, |_| false)).map(String::from_utf8);
        let text = match text {
            Some(text) => text,
            None => nothing()?.unwrap_or_default(),
        };
        Ok(Some(SourceText::new(path, text)))
    }

    /// Marks the findings that a baseline holds. Where all that it is about was looked at and could be read, its entries
    /// that stand for nothing become findings.
    ///
    /// # Errors
    /// The text is no baseline.
    pub fn know(&mut self, source: &Arc<SourceText>) -> Result<()> {
        let baseline = Baseline::parse(source.text()).map_err(|why| {
            Error::new(Kind::Unreadable, format!("{} is no baseline: {}", source.name(), safe(&why)))
                .hint("write it anew: tickmark check --write-baseline FILE")
        })?;
        let pack = &self.texts.pack;
        let stale = baseline.apply(&mut self.ledger.findings, |rule| pack.is_about_reading(rule));
        let whole = self.extent.is_none() && covers(self.calendar.period, baseline.period);
        if whole && matches!(self.ledger.exit(), Exit::Clean | Exit::Exceptions) {
            let stale: Vec<Finding> = stale.into_iter().filter_map(|known| aside::stale(pack, source, known)).collect();
            self.ledger.findings.extend(stale);
            self.weighing.apply(&mut self.ledger);
        }
        Ok(())
    }
}

/// Whether a period holds all of another one.
fn covers(all: Period, part: Period) -> bool {
    let from = all.from.is_none_or(|from| part.from.is_some_and(|other| from <= other));
    from && all.to.is_none_or(|to| part.to.is_some_and(|other| other <= to))
}

/// The text of a file in a commit: `Some(None)` if there is none, `None` if it cannot be read.
fn text_at(repo: &Repo, commit: Oid, path: &str) -> Option<Option<String>> {
    let tree = repo.read(commit, ObjectKind::Commit, |bytes| Some(RawCommit::parse(bytes)?.tree)).ok()??;
    let Some(entry) = repo.entry_at(tree, path).ok()? else { return Some(None) };
    repo.read(entry.id, ObjectKind::Blob, decode_keeping_offsets).ok().map(Some)
}
