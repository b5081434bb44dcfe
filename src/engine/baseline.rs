//! What is known of before: the baseline of a check, written and held against what is found.

use std::sync::Arc;

use super::Checked;
use crate::checks::documents::aside;
use crate::error::{Error, Exit, Kind, Result};
use crate::facts::calendar::Period;
use crate::findings::baseline::Baseline;
use crate::findings::finding::Finding;
use crate::text::{SourceText, safe};

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
        if self.ledger.misconfigured {
            return Err(Error::new(
                Kind::Configuration,
                "the configuration cannot be used, so that nothing was tested",
            )
            .hint("see what is wrong with it: tickmark check"));
        }
        let about_reading = |rule: &str| self.texts.pack.is_about_reading(rule);
        Ok(Baseline::of(&self.ledger.findings, self.calendar.period, about_reading))
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
