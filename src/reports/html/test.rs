//! A test: how it was applied, what came of it, and what management says.

use maud::{Markup, html};

use super::marked::{self, Row, code, counted, number, period, sentence, table, words};
use super::{Findings, finding, lifetimes, response, standing, timeline};
use crate::reports::period::PeriodReport;
use crate::reports::period::control::{ControlReport, RuleReport, TestReport};
use crate::reports::period::frequency::Frequency;
use crate::reports::period::recurrence::{Counted, Status};
use crate::reports::period::standing::Standing;
use crate::reports::period::text;

/// A test of a control, by the positions of both.
pub(super) fn test(report: &PeriodReport, (at, place): (usize, usize), of: &Findings<'_>) -> Markup {
    let Some((control, test)) = report.controls.get(at).and_then(|one| Some((one, one.tests.get(place)?))) else {
        return html! {};
    };
    let base = format!("/controls/{at}/tests/{place}");
    let several = control.tests.len() > 1;
    let which = html! { @if several { ": " (words("title", &test.title)) @if let Some(name) = &test.entry.repository {
        " in " (words("repository", name))
    } } };
    html! {
        div.test {
            div.part.applied data-of=(base) {
                h4 { (sentence("/labels/test", &report.labels.test)) (which) }
                (applied(test))
            }
            div.part.result {
                div data-of=(base) {
                    h4 { (sentence("/labels/result", &report.labels.result)) (which) }
                    (result(report, control, test))
                }
                @for (rule_at, rule) in test.rules.iter().enumerate() {
                    (found(report, (control, test), (&format!("{base}/rules/{rule_at}"), rule), of))
                }
                div data-of=(base) { (over_time(test)) (meaning(test)) }
            }
            div.part.response {
                div data-of=(base) { h4 { (sentence("/labels/response", &report.labels.response)) (which) } }
                (response::of_test(report, control, test, of))
            }
        }
    }
}

fn applied(test: &TestReport) -> Markup {
    let population = &test.entry.population;
    html! {
        p { (words("applied", &test.applied)) }
        dl.facts {
            div { dt { "Test" } dd { (words("title", &test.title)) " (" (code("test", &test.entry.test)) ")" } }
            @if let Some(name) = &test.entry.repository {
                div { dt { "Repository" } dd { (words("repository", name)) } }
            }
            @if !test.sources.is_empty() {
                div { dt { "Read from" } dd { ul.plain { @for (at, source) in test.sources.iter().enumerate() {
                    li { (words(&format!("sources/{at}"), source)) }
                } } } }
            }
            @if !population.excluded.is_empty() {
                div { dt { "Left out" } dd { ul.plain { @for (at, one) in population.excluded.iter().enumerate() {
                    li {
                        (number(&format!("population/excluded/{at}/count"), one.count)) ": "
                        (words(&format!("population/excluded/{at}/why"), &one.why))
                    }
                } } } }
            }
            @if !population.of_which.is_empty() {
                div { dt { "Of which" } dd { ul.plain { @for (at, one) in population.of_which.iter().enumerate() {
                    li {
                        (number(&format!("population/of_which/{at}/count"), one.count)) " "
                        (words(&format!("population/of_which/{at}/kind"), &one.kind))
                    }
                } } } }
            }
        }
        @if test.entry.versions.len() > 1 { (versions(test)) }
    }
}

/// The versions of the control by which items were judged.
fn versions(test: &TestReport) -> Markup {
    let rows = test.entry.versions.iter().enumerate().map(|(at, version)| {
        let of = |name: &str| format!("versions/{at}/{name}");
        let commit = version.commit.map(|commit| commit.to_string());
        let cells = vec![
            commit.map_or_else(|| html! { "in no commit yet" }, |commit| code(&of("commit"), &commit)),
            marked::day_or(&of("until"), version.until, "it stands"),
            number(&of("items"), version.items),
        ];
        Row { of: None, cells }
    });
    let rows: Vec<Row> = rows.collect();
    let caption = html! { "Versions of the control by which the items were judged" };
    table(&caption, &["Commit that has it", "Replaced on", "Items"], &rows)
}

fn result(report: &PeriodReport, control: &ControlReport, test: &TestReport) -> Markup {
    html! {
        p.outcome {
            @for one in Standing::of(test) { (standing::told(one)) " " }
            strong { (words("result", &test.result)) }
        }
        @if let Some(frequency) = &test.frequency { (often(frequency, test)) }
        @if !test.earlier.is_empty() { (earlier(report, control, test)) }
    }
}

/// How what was found lies in time, and whether a sample would have met it.
fn often(found: &Frequency, test: &TestReport) -> Markup {
    let at = |name: &str| format!("frequency/{name}");
    let items = || counted(&at("items"), found.items, ("exception", "exceptions"));
    html! {
        ul.often {
            @if let Some(days) = marked::days((&at("first"), &at("last")), (found.first, found.last)) {
                li {
                    (items()) " of " (number(&at("of"), found.of)) " " (words("items", &test.items)) ": " (days)
                    @if let Some(within) = found.within.filter(|_| found.dated > 1) {
                        ", within " (counted(&at("within"), usize::try_from(within).unwrap_or_default(), ("day", "days")))
                    }
                    @match found.clustered {
                        Some(true) => ": close together, within a tenth of the period",
                        Some(false) => ": spread over the period",
                        None => "",
                    }
                    "."
                }
            }
            @if found.dated == 0 {
                li { "None of the " (items()) " has a day of its own." }
            } @else if found.dated < found.items {
                li { (number(&at("dated"), found.dated)) " of the " (items()) " have a day." }
            }
            li {
                "A random sample of " (number(&at("sample"), found.sample)) " "
                @if found.of <= found.sample { "would be the whole population, and meet them." }
                @else { "meets at least one of them with a chance of " data.percentage data-at=(at("chance")) value=(found.chance) { (text::percent(found)) } "." }
            }
        }
    }
}

fn earlier(report: &PeriodReport, control: &ControlReport, test: &TestReport) -> Markup {
    let row = |(at, counted): (usize, &Counted)| {
        let of = |name: &str| format!("earlier/{at}/{name}");
        vec![
            period(&of("period"), counted.period),
            if counted.of == 0 {
                html! { "–" }
            } else {
                number(&of("items"), counted.items)
            },
            number(&of("of"), counted.of),
            html! { @if counted.unread { "not everything could be read" } @else if counted.of == 0 { "no occurrence" } },
        ]
    };
    // The runs of a merged report can be of different periods.
    let run = report.repositories.iter().position(|one| one.name == control.source).unwrap_or_default();
    let asked = report.repositories.get(run).map_or(report.period, |run| run.period);
    let now = vec![
        html! { (period(&format!("/repositories/{run}/period"), asked)) " (this period)" },
        if test.entry.population.size == 0 {
            html! { "–" }
        } else {
            number("exceptions", test.entry.exceptions)
        },
        number("population/size", test.entry.population.size),
        html! { @if Standing::of(test).contains(&Standing::Untestable) { "not everything could be read" } },
    ];
    let all = std::iter::once(now).chain(test.earlier.iter().enumerate().map(row));
    html! {
        table.earlier {
            caption { "The same test in the periods before" }
            thead { tr {
                th scope="col" { "Period" } th scope="col" { "Exceptions" } th scope="col" { "Tested" } th scope="col" { "Remark" }
            } }
            tbody { @for cells in all { tr { @for (at, cell) in cells.iter().enumerate() {
                @if at == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
            } } } }
        }
    }
}

fn found(
    report: &PeriodReport,
    (control, test): (&ControlReport, &TestReport),
    (base, rule): (&str, &RuleReport),
    of: &Findings<'_>,
) -> Markup {
    let findings = of.named(&control.source, &rule.findings);
    let kept = standing::of_rule(rule, findings.iter().filter_map(|at| report.findings.get(*at)));
    html! {
        section class={ "rule " (kept.join(" ")) } {
            header data-of=(base) {
                h5 { (code("rule", &rule.rule)) }
                p.facts {
                    (standing::verdict(rule.verdict))
                    @if rule.items > 0 {
                        " · " (number("items", rule.items)) " of "
                        (number(&format!("{}/population/size", parent(base)), test.entry.population.size)) " " (words(&format!("{}/items", parent(base)), &test.items))
                    }
                    @if let Some(days) = marked::days(("first", "last"), (rule.first, rule.last)) { " · " (days) }
                    @if let Some(words) = text::words(&rule.recurrence) {
                        " · " span class=[(rule.recurrence.status == Status::Recurring).then_some("again")] {
                            data data-at="recurrence/in_a_row" value=(rule.recurrence.in_a_row) { (words) }
                        }
                    }
                }
                @if !rule.asks.is_empty() { p.asks { "What was asked: " (words("asks", &rule.asks)) } }
            }
            @for at in findings { (finding::finding(report, at, of)) }
        }
    }
}

/// The base of the test that a rule belongs to.
fn parent(base: &str) -> &str {
    base.rsplit_once("/rules/").map_or(base, |(parent, _)| parent)
}

fn over_time(test: &TestReport) -> Markup {
    html! {
        @if let Some(of) = &test.timeline { (timeline::drawn(of)) }
        @if let Some(of) = &test.lifetimes { (lifetimes::drawn(of)) }
    }
}

/// What the silent rules show, and what they do not.
fn meaning(test: &TestReport) -> Markup {
    let list = |name: &str, texts: &[String]| {
        html! { ul { @for (at, text) in texts.iter().enumerate() { li { (words(&format!("{name}/{at}"), text)) } } } }
    };
    html! {
        @if !test.establishes.is_empty() || !test.does_not_establish.is_empty() {
            details.meaning {
                summary { "What was asked and found nothing, and what that does not show" }
                @if !test.establishes.is_empty() {
                    p.lead { "Holds of every item of which nothing was found" }
                    (list("establishes", &test.establishes))
                }
                @if !test.does_not_establish.is_empty() {
                    p.lead { "Is not shown even so" }
                    (list("does_not_establish", &test.does_not_establish))
                }
            }
        }
    }
}
