//! Whether what happened since shows a remedy.

use std::sync::Arc;

use super::matching::{Index, Matched};
use super::{Answering, Wrong};
use crate::checks::documents::responses::{Seen, answered};
use crate::facts::calendar::Day;
use crate::facts::document::response::{Response, ResponseKind};
use crate::findings::finding::{Finding, Place, Verdict};
use crate::policies::pack::Pack;
use crate::policies::test::Overrun;
use crate::text::{SourceText, shown};

/// A remedy that the records do not show: what it answers is still open, or the same rule finds it again of an item that
/// came later. What is past and cannot be undone, such as a change that nobody approved, is judged by later items alone.
pub(super) fn not_shown(
    answering: &Answering<'_>,
    response: &Response,
    matched: &Matched,
    (findings, index): (&[Finding], &Index<'_>),
) -> Wrong {
    let says = &response.text;
    let day = says.implemented_on.filter(|_| says.kind == ResponseKind::Remedied)?;
    let seen = |text: &str, what: String| {
        let seen = Seen::at("implemented_on", text).word("day", day.to_string()).word("what", what);
        ("documents/remedy-not-shown", seen)
    };
    let around = answering.around;
    let today = around.calendar.today();
    if day > today {
        return Some(seen("still to come", format!("that day is after {today}, of which the question is asked")));
    }
    let open = matched.covered.iter().map(|at| &findings[*at]).find(|found| is_open(around.pack, found));
    if let Some(found) = open {
        let (rule, mut seen) = seen("remedied since", format!("{} is still found as of {today}", item(found)));
        seen.others.extend(answered(found, "still so"));
        return Some((rule, seen));
    }
    let later = later(day, matched, (findings, index))?;
    let on = later.on.map_or_else(String::new, |on| on.to_string());
    let (rule, mut seen) = seen("remedied since", format!("{} finds it again on {on}: {}", later.rule, item(later)));
    seen.others.extend(answered(later, "and found again here"));
    Some((rule, seen))
}

fn item(found: &Finding) -> String {
    shown(&found.item)
}

/// The first exception after a day, of the same rule and control as one that is answered.
fn later<'f>(day: Day, matched: &Matched, (findings, index): (&'f [Finding], &Index<'_>)) -> Option<&'f Finding> {
    let of = |at: &usize| (findings[*at].control.clone().unwrap_or_default(), findings[*at].rule.clone());
    let mut asked: Vec<(String, String)> = matched.covered.iter().map(of).chain(matched.gone.iter().cloned()).collect();
    asked.sort();
    asked.dedup();
    let all = asked.iter().flat_map(|(control, rule)| index.of_rule(control, rule)).map(|at| &findings[*at]);
    let again = all.filter(|found| found.verdict == Verdict::Exception && found.on.is_some_and(|on| on > day));
    again.min_by_key(|found| found.on)
}

/// Whether a finding tells of something that is so today, and would not be found once it is put right: what is overdue and
/// not done, or the state of something that has no day of its own.
fn is_open(pack: &Pack, found: &Finding) -> bool {
    let asked = pack.rule(&found.rule).and_then(|(_, rule)| rule.ask.as_ref()?.finds);
    let of_a_commit = found.labels.iter().any(|label| match &label.place {
        Place::Commit(..) => true,
        Place::Text(source, _) => is_of_a_commit(source),
    });
    asked == Some(Overrun::Overdue) || (asked.is_none() && found.on.is_none() && !of_a_commit)
}

/// Whether a text is the message of a commit, or a version of a file in one.
fn is_of_a_commit(source: &Arc<SourceText>) -> bool {
    let name = source.name();
    let version = |(at, _): (&str, &str)| at.len() == 40 && at.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.starts_with("commit ") || name.split_once(':').is_some_and(version)
}
