//! What a run is asked for: which period, as of when, by which calendar.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Request;
use crate::config::Configured;
use crate::error::{Error, Kind, Result};
use crate::facts::calendar::{Calendar, Period};

/// The calendar that a run is asked for: the zone and the days of work of the configuration, the period and the as-of
/// instant of the request.
pub(super) fn calendar(request: &Request<'_>, configured: &Configured) -> Result<Calendar> {
    let asked = (request.as_of.as_deref(), request.period.as_deref());
    let (business, fiscal_start) = (configured.business.clone(), configured.config.fiscal_year_starts);
    let calendar = asked_in(&configured.zone, configured.config.period, asked, request.now)?;
    let hours = configured.config.business_hours.as_deref().and_then(|hours| hours.parse().ok());
    Ok(Calendar { business, hours, fiscal_start, ..calendar })
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
        // Git counts whole seconds, and nobody reads what is smaller.
        None => Timestamp::from_second(now.as_second()).unwrap_or(now),
    };
    Ok(Calendar::new(zone.clone(), period, as_of))
}
