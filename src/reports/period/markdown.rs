//! The report of a period in Markdown, for wikis, issues and repositories: the same parts as the page.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use super::PeriodReport;
use super::control::{ControlReport, RuleReport, TestReport};
use super::finding::ReportedFinding;
use super::recurrence::days;
use super::standing::Standing;
use super::statement::RepositoryRead;
use super::text::{answered, percent, within, words};
use crate::facts::calendar::Day;
use crate::findings::finding::Verdict;
use crate::reports::markdown::escaped;
use crate::text::safe;

/// The findings by the names under which tests list them.
type Named<'r> = HashMap<(&'r str, &'r str), &'r ReportedFinding>;

/// The report.
#[must_use]
pub fn page(report: &PeriodReport) -> String {
    let named: Named<'_> =
        report.findings.iter().map(|one| ((one.source.as_str(), one.entry.fingerprint.as_str()), one)).collect();
    let mut out = head(report);
    out.push_str(&summary(report));
    let _ = writeln!(out, "## {}\n", plain(&report.labels.controls));
    if report.controls.is_empty() {
        out.push_str("No control was found.\n\n");
    }
    report.controls.iter().for_each(|control| out.push_str(&of_control(report, control, &named)));
    out.push_str(&documents(report));
    if !report.remedied.is_empty() {
        let _ = writeln!(out, "## {}\n", plain(&report.labels.remedied));
        for one in &report.remedied {
            let shown = if one.shown { "put right" } else { "not shown to be put right" };
            let what = format!("{} {}{}", plain(&one.control), plain(&one.rule), plain(&within(report, &one.source)));
            let _ = writeln!(out, "- {what}: {} ({shown})", plain(&one.text));
        }
        out.push('\n');
    }
    out.push_str(&criteria(report));
    out.push_str(&completeness(report));
    let _ = writeln!(out, "## {}\n", plain(&report.labels.limits));
    report.limits.iter().for_each(|limit| {
        let _ = writeln!(out, "- {}", plain(limit));
    });
    let _ = writeln!(out, "\nWritten by {} {}.", plain(&report.tool.name), plain(&report.tool.version));
    out
}

/// Words that somebody else wrote, as nothing but words.
fn plain(text: &str) -> String {
    escaped(&safe(text))
}

fn head(report: &PeriodReport) -> String {
    let of = report.organization.as_ref().map_or_else(String::new, |name| format!(": {}", plain(name)));
    let mut out = format!("# {}{of}\n\n", plain(&report.labels.title));
    let _ = writeln!(out, "- Period: {}", report.days());
    let _ = writeln!(out, "- As of: {}", plain(&report.as_of));
    let _ = writeln!(out, "- Days begin and end in: {}\n", plain(&report.timezone));
    report.remarks.iter().for_each(|remark| {
        let _ = writeln!(out, "> {}\n", plain(remark));
    });
    out
}

fn summary(report: &PeriodReport) -> String {
    let of = &report.summary;
    let mut out = format!("## {}\n\n", plain(&report.labels.summary));
    let lines = [
        format!("controls: {}, with exceptions: {}", of.controls, of.controls_with_exceptions),
        format!(
            "tests: {}, with exceptions: {}, without an occurrence: {}, of which not all could be read: {}",
            of.tests, of.tests_with_exceptions, of.tests_without_items, of.tests_untestable
        ),
        format!(
            "items tested: {}, with exceptions: {}, without evidence either way: {}, not read: {}; beside them not yet due: {}, left out: {}",
            of.items, of.exceptions, of.unevidenced, of.untestable, of.pending, of.excluded
        ),
        format!("findings: {}, about documents: {}, with a response: {}", of.findings, of.of_documents, of.responded),
    ];
    lines.iter().for_each(|line| {
        let _ = writeln!(out, "- {line}");
    });
    if !report.earlier.is_empty() {
        let _ = writeln!(
            out,
            "- rules that find something: recurring: {}, new: {}, returned: {}; put right: {}",
            of.recurring, of.new, of.returned, of.remedied
        );
    }
    out.push_str(
        "\n| control | title | test | result | exceptions | tested |\n| --- | --- | --- | --- | ---: | ---: |\n",
    );
    for control in &report.controls {
        let title = format!("{}{}", control.title, within(report, &control.source));
        let title = plain(title.trim_start());
        for test in &control.tests {
            let standing: Vec<&str> = Standing::of(test).into_iter().map(Standing::words).collect();
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                plain(&control.id),
                title,
                plain(&test.entry.test),
                standing.join(", "),
                test.entry.exceptions,
                test.entry.population.size
            );
        }
        if control.tests.is_empty() {
            let _ = writeln!(out, "| {} | {title} | | no test was applied | | |", plain(&control.id));
        }
    }
    out.push('\n');
    out
}

fn of_control(report: &PeriodReport, control: &ControlReport, named: &Named<'_>) -> String {
    let among = plain(&within(report, &control.source));
    let title = format!("{} {}", plain(&control.id), plain(&control.title));
    let mut out = format!("### {}{among}\n\n", title.trim_end());
    let _ = writeln!(out, "#### {}\n", plain(&report.labels.control));
    if let Some(statement) = &control.statement {
        let _ = writeln!(out, "{}\n", plain(statement));
    }
    let criteria = control.criteria.join(", ");
    let said = [
        ("Owner", Some(control.owner.as_str()).filter(|owner| !owner.is_empty())),
        ("Criteria", Some(criteria.as_str()).filter(|criteria| !criteria.is_empty())),
        ("Policy", control.policy.as_deref()),
        ("File", control.file.as_deref()),
    ];
    for (name, value) in said {
        if let Some(value) = value {
            let _ = writeln!(out, "- {name}: {}", plain(value));
        }
    }
    if let Some(since) = control.since {
        let _ = writeln!(out, "- In force since: {since}");
    }
    control.parameters.iter().for_each(|one| {
        let _ = writeln!(out, "- {}: {}", plain(&one.name), plain(&one.value));
    });
    out.push('\n');
    if control.tests.is_empty() {
        out.push_str("No test was applied to this control.\n\n");
    }
    control.tests.iter().for_each(|test| out.push_str(&of_test(report, control, test, named)));
    out
}

fn of_test(report: &PeriodReport, control: &ControlReport, test: &TestReport, named: &Named<'_>) -> String {
    let of = test.entry.repository.as_ref().map_or_else(String::new, |name| format!(" in {}", plain(name)));
    let mut out =
        format!("#### {}: {}{of}\n\n{}\n\n", plain(&report.labels.test), plain(&test.title), plain(&test.applied));
    for one in &test.entry.population.excluded {
        let _ = writeln!(out, "- left out: {}: {}", one.count, plain(&one.why));
    }
    test.sources.iter().for_each(|source| {
        let _ = writeln!(out, "- read from: {}", plain(source));
    });
    let _ = writeln!(out, "\n#### {}\n\n**{}**\n", plain(&report.labels.result), plain(&test.result));
    out.push_str(&counted(test));
    out.push('\n');
    let mut answers = Vec::new();
    let mut waiting = false;
    for rule in &test.rules {
        let found =
            rule.findings.iter().filter_map(|name| named.get(&(control.source.as_str(), name.as_str())).copied());
        let found: Vec<&ReportedFinding> = found.collect();
        out.push_str(&of_rule(rule, &found));
        for finding in found {
            match answered(finding.entry.response.as_ref()) {
                Some(answer) => answers.push(format!("- {}: {}", plain(&finding.entry.message), plain(&answer))),
                None => waiting |= finding.entry.verdict == Verdict::Exception,
            }
        }
    }
    if waiting || !answers.is_empty() {
        let _ = writeln!(out, "#### {} (unaudited)\n", plain(&report.labels.response));
        let none = if answers.is_empty() {
            "No response is recorded.\n\n"
        } else {
            "\nTo the other exceptions no response is recorded.\n\n"
        };
        answers.iter().for_each(|answer| {
            let _ = writeln!(out, "{answer}");
        });
        out.push_str(if waiting { none } else { "\n" });
    }
    out
}

/// How often something was found, now and before.
fn counted(test: &TestReport) -> String {
    let mut out = String::new();
    if let Some(found) = &test.frequency {
        if let Some((first, last)) = found.first.zip(found.last) {
            let spread = match found.clustered {
                Some(true) => ", close together",
                Some(false) => ", spread over the period",
                None => "",
            };
            let days = between(first, last);
            let _ = writeln!(out, "- {} of {}, {days}{spread}", found.items, found.of);
        }
        let _ = writeln!(out, "- chance that a sample of {} meets one: {}", found.sample, percent(found));
    }
    for before in &test.earlier {
        let counted = match (before.of, before.unread) {
            (0, true) => "not everything could be read".to_owned(),
            (0, false) => "no occurrence".to_owned(),
            (of, true) => format!("{} of {of}, of what could be read", before.items),
            (of, false) => format!("{} of {of}", before.items),
        };
        let _ = writeln!(out, "- {}: {counted}", days(before.period));
    }
    out
}

fn of_rule(rule: &RuleReport, found: &[&ReportedFinding]) -> String {
    let mut facts = vec![format!("**{}**", plain(&rule.rule))];
    if rule.items > 0 {
        facts.push(format!("items: {}", rule.items));
    }
    if let Some((first, last)) = rule.first.zip(rule.last) {
        facts.push(between(first, last));
    }
    facts.extend(words(&rule.recurrence));
    let mut out = format!("{}\n\n", facts.join(", "));
    found.iter().for_each(|finding| out.push_str(&told(finding)));
    out.push('\n');
    out
}

fn told(finding: &ReportedFinding) -> String {
    let entry = &finding.entry;
    let on = entry.on.map_or_else(String::new, |on| format!("{on}: "));
    let mut out = format!("- {on}{}\n", plain(&entry.message));
    for label in &entry.labels {
        let what = if label.primary { "documented" } else { "happened" };
        let _ = writeln!(out, "  - {what}: {}, {}:{}", plain(&label.text), plain(&label.source), label.line);
    }
    for impact in &finding.impact {
        let days = match (impact.from, impact.to) {
            (Some(from), Some(to)) => format!(", {}", between(from, to)),
            (Some(from), None) => format!(", from {from} on"),
            _ => String::new(),
        };
        let long = impact.days.map_or_else(String::new, |days| format!(", days: {days}"));
        let _ = writeln!(out, "  - what followed: {}{days}{long}", plain(&impact.text));
    }
    if !entry.help.is_empty() {
        let _ = writeln!(out, "  - what to do: {}", plain(&entry.help));
    }
    let _ = writeln!(out, "  - fingerprint: {}", plain(&entry.fingerprint));
    out
}

/// The first and the last day of something.
fn between(first: Day, last: Day) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

fn documents(report: &PeriodReport) -> String {
    let named: BTreeSet<(&str, &str)> = report
        .controls
        .iter()
        .flat_map(|control| {
            control.tests.iter().flat_map(move |test| test.rules.iter().map(move |rule| (control, rule)))
        })
        .flat_map(|(control, rule)| rule.findings.iter().map(|name| (control.source.as_str(), name.as_str())))
        .collect();
    let mut out = format!("## {}\n\n", plain(&report.labels.documents));
    let others =
        report.findings.iter().filter(|one| !named.contains(&(one.source.as_str(), one.entry.fingerprint.as_str())));
    let others: Vec<String> = others.map(told).collect();
    out.push_str(if others.is_empty() { "Nothing was found in the documents themselves.\n" } else { "" });
    out.extend(others);
    out.push('\n');
    out
}

fn criteria(report: &PeriodReport) -> String {
    let mut out = format!(
        "## {}\n\n| criterion | label | controls | tests | items | exceptions | what stands out |\n| --- | --- | --- | ---: | ---: | ---: | --- |\n",
        plain(&report.labels.criteria)
    );
    for one in &report.criteria {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            plain(&one.id),
            plain(&one.label),
            plain(&one.controls.join(", ")),
            one.tests,
            one.items,
            one.exceptions,
            plain(one.remark.as_deref().unwrap_or_default())
        );
    }
    out.push('\n');
    out
}

fn completeness(report: &PeriodReport) -> String {
    let mut out = format!("## {}\n\n", plain(&report.labels.completeness));
    report.repositories.iter().for_each(|one| out.push_str(&repository(one)));
    out.push_str(
        "| control | test | tested | not yet due | digest of the population |\n| --- | --- | ---: | ---: | --- |\n",
    );
    let tests = report.controls.iter().flat_map(|control| control.tests.iter().map(move |test| (control, test)));
    for (control, test) in tests {
        let (entry, population) = (&test.entry, &test.entry.population);
        let among = plain(&within(report, &control.source));
        let of = (plain(&entry.control), format!("{}{among}", plain(&entry.test)));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            of.0,
            of.1,
            population.size,
            population.pending,
            plain(&test.digest)
        );
    }
    let _ = writeln!(out, "\nDigest of the tests and rules: {}\n", plain(&report.tool.rules));
    out
}

fn repository(one: &RepositoryRead) -> String {
    let complete =
        if one.complete { "everything that the tests need could be read" } else { "not everything could be read" };
    let commit = one.commit.map_or_else(|| "none".to_owned(), |commit| commit.to_string());
    let mut out = format!("- {}, commit {commit}: {complete}\n", plain(&one.name));
    for branch in &one.branches {
        let _ = writeln!(
            out,
            "- branch {} at {}, changes of all times: {}",
            plain(&branch.name),
            branch.tip,
            branch.changes
        );
    }
    for register in &one.registers {
        let (name, file) = (plain(&register.register), plain(&register.file));
        let _ = writeln!(out, "- register {name}, {file}: {} rows, {}", register.rows, plain(&register.digest));
    }
    out.push('\n');
    out
}
