//! Whether what a run finds was found in an earlier period already.

use std::sync::Arc;

use crate::checks::compose::{Exhibit, count, finding};
use crate::facts::calendar::{Calendar, Cycle, Day, Period};
use crate::facts::register::store::Registers;
use crate::facts::register::value::{Record, Value};
use crate::findings::finding::{Finding, Label, Place, Severity, Verdict};
use crate::policies::pack::Pack;
use crate::text::safe;

/// The register of what earlier reports found.
const REGISTER: &str = "prior_findings";

/// A note for each exception of an earlier period that is among these findings again: of the same control, by the same
/// rule. Without a first day of the period nothing is earlier than it.
#[must_use]
pub fn recurring(pack: &Pack, registers: &Registers, calendar: &Calendar, findings: &[Finding]) -> Vec<Finding> {
    let (Some(register), Some(from)) = (registers.get(REGISTER), calendar.period.from) else { return Vec::new() };
    let earlier = register.records.iter().filter(|record| {
        // A period that cannot be read is one of an earlier report all the same, or it would not stand there.
        text(record, "period").and_then(|period| last_day(period, calendar)).is_none_or(|last| last < from)
    });
    earlier.filter_map(|record| again(pack, record, findings)).collect()
}

fn again(pack: &Pack, record: &Arc<Record>, findings: &[Finding]) -> Option<Finding> {
    let (control, period) = (text(record, "control")?, text(record, "period")?);
    let rule = text(record, "rule");
    let code = |id: &str| pack.rule(id).and_then(|(_, rule)| rule.code.clone());
    let same = |found: &&Finding| {
        let by_rule = rule.is_none_or(|rule| found.rule == rule || code(&found.rule).as_deref() == Some(rule));
        let failed = found.verdict == Verdict::Exception && found.severity > Severity::Note;
        failed && by_rule && found.control.as_deref() == Some(control)
    };
    let now: Vec<&Finding> = findings.iter().filter(same).collect();
    let first = now.first()?;
    let (_, recurring) = pack.rule("evidence/recurring")?;
    let mut items: Vec<&str> = now.iter().map(|found| found.key.as_str()).collect();
    items.sort_unstable();
    items.dedup();
    let what = rule.unwrap_or("a rule").to_owned();
    let words = vec![
        ("control", control.to_owned()),
        ("rule", what.clone()),
        ("period", period.to_owned()),
        ("items", count(items.len(), "item", "items")),
    ];
    let place = Place::Text(Arc::clone(&record.source), record.place_of("control"));
    let mut labels = vec![Label { place, text: then(record, period), primary: true }];
    labels.extend(first.labels.iter().find(|label| !label.primary).map(|label| Label {
        text: format!("again, in {}", safe(&first.item)),
        primary: false,
        place: label.place.clone(),
    }));
    let item = format!("{control}, {what}");
    let key = format!("{period}\0{control}\0{what}");
    Some(finding(recurring, Some(control), &item, &key, Exhibit { words, labels, ..Exhibit::default() }))
}

/// What the record says of the earlier period.
fn then(record: &Record, period: &str) -> String {
    let number = |name: &str| match record.get(name) {
        Value::Integer(number) => Some(*number),
        _ => None,
    };
    let counted = match (number("k"), number("n")) {
        (Some(k), Some(n)) => format!("{k} of {n} "),
        (Some(k), None) => format!("{k} "),
        _ => String::new(),
    };
    let since = match record.get("remediated_on") {
        Value::When(when) => format!(", put right on {}", when.day),
        _ => ", not recorded as put right".to_owned(),
    };
    format!("{counted}in {}{since}", safe(period))
}

/// The last day of a period, written as a cycle or from its first to its last day.
fn last_day(period: &str, calendar: &Calendar) -> Option<Day> {
    match Period::parse(period) {
        Some(period) => period.to,
        None => Cycle::parse(period, calendar.fiscal_start).ok().map(|cycle| cycle.to),
    }
}

fn text<'r>(record: &'r Record, field: &str) -> Option<&'r str> {
    match record.get(field) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
