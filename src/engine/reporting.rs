//! The report of a period: a run, and the same over the periods before, each as of its own end.

use super::{Checked, Request, check};
use crate::config::report::MOST;
use crate::error::Result;
use crate::facts::calendar::{Calendar, Period};
use crate::reports::period::PeriodReport;
use crate::reports::period::run::{Before, Run};

/// A run, and the runs over the periods before, newest first.
pub struct Reported {
    /// The run.
    pub checked: Checked,
    /// The runs before. There are none where the period has no beginning or no end.
    pub earlier: Vec<Checked>,
}

/// Checks a period and the periods before it; as many of these as the configuration says, unless `earlier` says it.
/// Nothing is kept between runs: what happened in a period is asked of the repository again.
///
/// # Errors
/// As [`check`].
pub fn report(request: &Request<'_>, earlier: Option<u8>) -> Result<Reported> {
    let checked = check(request)?;
    let count = earlier.unwrap_or(checked.config.report.earlier).min(MOST);
    let mut runs = Vec::new();
    if checked.ledger.misconfigured {
        return Ok(Reported { checked, earlier: runs });
    }
    let mut period = checked.calendar.period;
    for _ in 0..count {
        let Some(before) = period.before() else { break };
        period = before;
        runs.push(check(&of_period(request, before, &checked.calendar))?);
    }
    Ok(Reported { checked, earlier: runs })
}

/// The same question about an earlier period, asked at its end.
fn of_period<'a>(request: &Request<'a>, period: Period, calendar: &Calendar) -> Request<'a> {
    let day = |day: Option<crate::facts::calendar::Day>| day.map_or_else(String::new, |day| day.to_string());
    let end = period.to.map_or(calendar.as_of, |to| calendar.end_of(to).at);
    Request {
        directory: request.directory.clone(),
        config: request.config.clone(),
        as_of: Some(end.min(calendar.as_of).to_string()),
        period: Some(format!("{}..{}", day(period.from), day(period.to))),
        scope: request.scope.clone(),
        ..*request
    }
}

impl Reported {
    /// The document.
    #[must_use]
    pub fn document(&self) -> PeriodReport {
        let Checked { config, registers, read, of_documents, texts, .. } = &self.checked;
        PeriodReport::of(&Run {
            report: self.checked.report(),
            organization: config.organization.as_deref(),
            labels: &config.report.labels,
            categories: &config.categories,
            controls: &texts.controls.controls,
            registers,
            read: *read,
            of_documents: *of_documents,
            earlier: self.earlier.iter().map(before).collect(),
        })
    }
}

fn before(checked: &Checked) -> Before<'_> {
    let Checked { ledger, calendar, of_documents, .. } = checked;
    Before { ledger, calendar, of_documents: *of_documents }
}
