//! Clocks of commits that cannot be right.

use crate::checks::compose::{self, Exhibit, count};
use crate::facts::calendar::Calendar;
use crate::facts::moment::Moment;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::sources::line::{Line, Step};

/// Clocks that differ by less are only set badly, or in another zone.
const SECONDS: i64 = 24 * 60 * 60;

/// That commits of the period say they were made more than a day before the commit that they build on; one finding for
/// all of them, with the newest.
#[must_use]
pub fn backwards(pack: &Pack, line: &Line, calendar: &Calendar) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/clock-untrusted")?;
    let pairs = line.steps.iter().zip(line.steps.iter().skip(1));
    let wrong: Vec<(&Step, &Step)> = pairs
        .filter(|(newer, older)| older.seconds.saturating_sub(newer.seconds) > SECONDS)
        .filter(|(newer, older)| {
            [*newer, *older].into_iter().any(|step| calendar.holds(calendar.period, Moment::from(step)))
        })
        .collect();
    let (newer, older) = wrong.first()?;
    let day = |step: &Step| calendar.day(Moment::from(step)).to_string();
    let words = vec![
        ("commits", count(wrong.len(), "commit says", "commits say")),
        ("commit", newer.id.short()),
        ("day", day(newer)),
        ("parent", older.id.short()),
        ("before", day(older)),
    ];
    let show = |step: &Step, text: String, primary: bool| Label { place: Place::Commit(step.id, None), text, primary };
    let labels = vec![
        show(older, format!("made on {}", day(older)), true),
        show(newer, format!("builds on it, and says {}", day(newer)), false),
    ];
    let key = newer.id.to_string();
    Some(compose::finding(rule, None, &newer.id.short(), &key, Exhibit { words, labels, ..Exhibit::default() }))
}
