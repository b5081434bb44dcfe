//! The statement of populations and completeness: what was read, and by which names it can be found again.

use maud::{Markup, html};

use super::marked::{Row, code, instant, number, period, sentence, table, words};
use crate::reports::period::PeriodReport;
use crate::reports::period::control::{ControlReport, TestReport};
use crate::reports::period::statement::RepositoryRead;

/// The statement.
pub(super) fn statement(report: &PeriodReport) -> Markup {
    html! {
        section id="completeness" aria-labelledby="of-completeness" {
            h2 id="of-completeness" { (sentence("/labels/completeness", &report.labels.completeness)) }
            p {
                "Each population is every item in the period, and no sample. Its digest is the " abbr { "SHA-256" } " over the "
                "keys of all items, sorted, so that the same population can be made again and compared."
            }
            (populations(report))
            @for (at, repository) in report.repositories.iter().enumerate() { (read(at, repository)) }
            (earlier(report))
            h3 { "Tests and rules" }
            p {
                (words("/tool/name", &report.tool.name)) " " (words("/tool/version", &report.tool.version))
                ", with tests and rules of the digest " (code("/tool/rules", &report.tool.rules)) "."
            }
        }
    }
}

fn populations(report: &PeriodReport) -> Markup {
    let controls = report.controls.iter().enumerate();
    let tests = controls.flat_map(|(at, control)| {
        control.tests.iter().enumerate().map(move |(place, test)| population(report, (at, control), (place, test)))
    });
    let rows: Vec<Row> = tests.collect();
    let heads = ["Control", "Test", "Tested", "Not yet due", "Left out", "Digest of the population"];
    table(&html! { "Populations" }, &heads, &rows)
}

fn population(
    report: &PeriodReport,
    (at, control): (usize, &ControlReport),
    (place, test): (usize, &TestReport),
) -> Row {
    let population = &test.entry.population;
    let cells = vec![
        html! { a href={ "#control-" (at) } { (words(&format!("/controls/{at}/id"), &control.id)) } (source(report, at, control)) },
        html! { (code("test", &test.entry.test)) @if let Some(name) = &test.entry.repository { " in " (words("repository", name)) } },
        html! { (number("population/size", population.size)) " " (words("items", &test.items)) },
        number("population/pending", population.pending),
        html! {
            @if population.excluded.is_empty() { "none" }
            @for (at, one) in population.excluded.iter().enumerate() {
                @if at > 0 { "; " }
                (number(&format!("population/excluded/{at}/count"), one.count)) ": "
                (words(&format!("population/excluded/{at}/why"), &one.why))
            }
        },
        html! { @if test.digest.is_empty() { "not known" } @else { (code("digest", &test.digest)) } },
    ];
    Row { of: Some(format!("/controls/{at}/tests/{place}")), cells }
}

fn read(at: usize, repository: &RepositoryRead) -> Markup {
    let base = format!("/repositories/{at}");
    let commit = repository.commit.map(|commit| commit.to_string());
    html! {
        section.repository data-of=(base) {
            h3 { "Repository " (words("name", &repository.name)) }
            dl.facts {
                div { dt { "Complete" } dd {
                    @if !repository.configured { "– its configuration cannot be used, so that nothing was tested" }
                    @else if repository.complete { "✓ everything that the tests need could be read" }
                    @else { "! not everything that the tests need could be read" }
                } }
                div { dt { "Commit" } dd {
                    @match &commit { Some(commit) => { (code("commit", commit)) } None => { "none" } }
                } }
                div { dt { "Period" } dd { (period("period", repository.period)) } }
                div { dt { "As of" } dd { (instant("as_of", &repository.as_of)) } }
                @if repository.of_check { div { dt { "Known of it" } dd { "only the results of a check" } } }
                @else { div { dt { "Documents" } dd {
                    (number("controls", repository.controls)) " controls and " (number("files", repository.files)) " other files"
                } } }
            }
            @if !repository.branches.is_empty() { (branches(&base, repository)) }
            @if !repository.registers.is_empty() { (registers(&base, repository)) }
        }
    }
}

/// The repository of a control, where the report is of several. Its place is told from the top.
pub(super) fn source(report: &PeriodReport, at: usize, control: &ControlReport) -> Markup {
    html! {
        @if report.repositories.len() > 1 {
            " " span.which { "in " (words(&format!("/controls/{at}/source"), &control.source)) }
        }
    }
}

fn branches(base: &str, repository: &RepositoryRead) -> Markup {
    let rows = repository.branches.iter().enumerate().map(|(at, one)| {
        let name = html! {
            (words("name", &one.name))
            @if let Some(repository) = &one.repository { " of " (words("repository", repository)) }
        };
        let cells = vec![name, code("tip", &one.tip.to_string()), number("changes", one.changes)];
        Row { of: Some(format!("{base}/branches/{at}")), cells }
    });
    let rows: Vec<Row> = rows.collect();
    table(&html! { "Branches whose history was read" }, &["Branch", "Newest commit", "Changes of all times"], &rows)
}

fn registers(base: &str, repository: &RepositoryRead) -> Markup {
    let rows = repository.registers.iter().enumerate().map(|(at, one)| {
        let cells = vec![
            words("register", &one.register),
            code("file", &one.file),
            number("rows", one.rows),
            code("digest", &one.digest),
        ];
        Row { of: Some(format!("{base}/registers/{at}")), cells }
    });
    let rows: Vec<Row> = rows.collect();
    table(&html! { "Files of registers" }, &["Register", "File", "Rows", "Digest of its text"], &rows)
}

fn earlier(report: &PeriodReport) -> Markup {
    if report.earlier.is_empty() {
        return html! {};
    }
    let rows = report.earlier.iter().enumerate().map(|(at, one)| {
        let complete = if one.complete { "✓ complete" } else { "! not everything could be read" };
        let cells = vec![
            period("period", one.period),
            words("source", &one.source),
            instant("as_of", &one.as_of),
            html! { (complete) },
        ];
        Row { of: Some(format!("/earlier/{at}")), cells }
    });
    let rows: Vec<Row> = rows.collect();
    html! {
        h3 { "Earlier periods that were asked of the repository again" }
        (table(&html! { "Earlier periods" }, &["Period", "Repository", "As of", "Complete"], &rows))
    }
}
