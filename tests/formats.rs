//! Every format tells the same findings: each is read back and held against the ledger, on the demo, on cases of the
//! rules and on words that would steer whoever shows them.

mod decode;

use crate::cases;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use decode::Told;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tickmark::cli::Format;
use tickmark::engine::{self, Request};
use tickmark::facts::calendar::{Calendar, Period};
use tickmark::findings::finding::{Finding, Label, Nature, Place, Severity, Verdict};
use tickmark::findings::ledger::{Ledger, TestResult};
use tickmark::findings::population::Population;
use tickmark::findings::standing::Standing;
use tickmark::policies::pack::Pack;
use tickmark::reports::entry::Report;
use tickmark::reports::people::{Detail, Style};
use tickmark::text::{SourceText, Span, is_unsafe_to_show};

const STYLE: Style = Style { width: 80, color: false };

const FORMATS: [Format; 10] = [
    Format::Json,
    Format::JsonLines,
    Format::Sarif,
    Format::Github,
    Format::GithubSummary,
    Format::Gitlab,
    Format::Junit,
    Format::Checkstyle,
    Format::Markdown,
    Format::Csv,
];

fn printed(report: &Report<'_>, format: Format) -> String {
    String::from_utf8(format.of(report, STYLE, Detail::Usual).unwrap()).unwrap()
}

fn sorted(mut told: Told) -> Told {
    told.sort();
    told
}

/// Holds every format against the ledger.
fn agree(report: &Report<'_>, what: &str) {
    let entries = report.entries();
    assert_eq!(entries.len(), report.ledger.findings.len());
    let short: Told = entries.iter().map(|entry| (entry.rule.to_owned(), entry.message.clone())).collect();
    let long: Told = entries.iter().map(|entry| (entry.rule.to_owned(), entry.with_commit())).collect();
    let (short, long) = (sorted(short), sorted(long));
    for format in FORMATS {
        let text = printed(report, format);
        let (told, expected) = match format {
            Format::Json => (decode::json(&text), &short),
            Format::JsonLines => (decode::json_lines(&text), &short),
            Format::Csv => (decode::csv(&text), &short),
            Format::Gitlab => (decode::gitlab(&text), &long),
            Format::Junit => (decode::junit(&text), &long),
            Format::Checkstyle => (decode::checkstyle(&text), &long),
            Format::Markdown | Format::GithubSummary => (decode::markdown(&text), &long),
            Format::Sarif => {
                let without =
                    |(rule, text): &(String, String)| (rule.clone(), text.strip_suffix('.').unwrap_or(text).to_owned());
                assert_eq!(sorted(decode::sarif(&text)), sorted(long.iter().map(without).collect()), "{what}");
                continue;
            }
            Format::Github => {
                let (told, left) = decode::github(&text);
                assert_eq!(told.len() + left, long.len(), "{what}: {text}");
                assert!(told.iter().all(|one| long.contains(one)), "{what}: {text}");
                continue;
            }
            Format::Html | Format::Oscal | Format::OscalPoam | Format::Gemara | Format::Text => continue,
        };
        // XML knows no such character.
        let in_xml = |text: &String| text.replace('\u{fffe}', "\u{fffd}");
        let expected = match format {
            Format::Junit | Format::Checkstyle => {
                expected.iter().map(|(rule, text)| (rule.clone(), in_xml(text))).collect()
            }
            _ => expected.clone(),
        };
        assert_eq!(sorted(told), sorted(expected), "{what} as {format:?}");
    }
}

fn request(directory: &Path) -> Request<'_> {
    cases::request(directory, Some(tickmark::demo::AS_OF), None)
}

fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    tickmark::demo::write(folder.path()).unwrap();
    folder
}

#[test]
fn every_format_tells_what_the_demo_shows() {
    let shop = demo();
    let checked = engine::check(&request(shop.path())).unwrap();
    agree(&checked.report(), "the demo");
    let entries = checked.report().entries();
    let at = |rule: &str| entries.iter().find(|entry| entry.rule == rule).unwrap();
    let change = at("change/self-approved");
    assert_eq!(change.spot.path, "controls/change-approval.yaml", "a commit's finding stands at its control");
    assert!(change.commit.is_some());
    assert!(entries.iter().all(|entry| shop.path().join(&entry.spot.path).exists()), "every place is a file");
}

#[test]
fn every_format_tells_what_cases_show() {
    let cases: Vec<cases::Case> = cases::all().into_iter().step_by(25).collect();
    cases::each(&cases, |case| {
        if let Ok(checked) = case.check(&case.world()) {
            agree(&checked.report(), &case.name);
        }
    });
}

#[test]
fn every_format_marks_what_does_not_count() {
    let all = cases::all();
    let case = all.iter().find(|case| case.name == "documents/suppression-unused/used").unwrap();
    let mut checked = case.check(&case.world()).unwrap();
    let marked = |checked: &engine::Checked, word: &str| {
        agree(&checked.report(), word);
        for format in FORMATS.into_iter().chain([Format::Text]) {
            let text = printed(&checked.report(), format).replace('\u{200b}', "");
            assert!(text.contains(word), "{format:?}: {text}");
        }
    };
    marked(&checked, "suppressed");
    checked.ledger.findings.iter_mut().for_each(|finding| finding.standing = Standing::Known);
    marked(&checked, "known");
}

/// Words that steer a terminal, a runner, Markdown, HTML, XML or a spreadsheet.
const WORDS: [&str; 12] = [
    "x\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{7f}\u{0}\u{fffe}y",
    "##[stop-commands]x",
    "::error::x",
    "a%0A::error file=x,line=1::y%25",
    "one\n::warning::two\r\n##[error]three",
    "=HYPERLINK(\"http://x.example\")",
    "@SUM(1)|@acme/team #12 acme/shop#3",
    "'=1",
    "| a | `b` \\| **c** [d](javascript:x) ![e](https://x.example/f.png) <img src=x onerror=y> &lt; www.x.example",
    "]]><failure message=\"&amp;\"/><!-- & ' -->",
    "\\[x](y) \\",
    "- [ ] # x\t~~z~~ _y_ 1. http://x.example a@x.example :smile:",
];

fn hostile(severity: Severity) -> Ledger {
    let mut ledger = Ledger::default();
    for (at, words) in WORDS.iter().enumerate().take(10) {
        let source = SourceText::new(format!("controls/{words}.yaml"), format!("id: {words}\n"));
        let commit = SourceText::new(format!("commit {}", "ab".repeat(20)), (*words).to_owned());
        let label =
            |source, primary| Label { place: Place::Text(source, Span::new(0, 2)), text: (*words).to_owned(), primary };
        ledger.findings.push(Finding {
            rule: "change/self-approved".to_owned(),
            severity,
            verdict: [Verdict::Exception, Verdict::Unevidenced, Verdict::Untestable][at % 3],
            control: Some((*words).to_owned()),
            item: (*words).to_owned(),
            counted: true,
            key: format!("{at}"),
            part: String::new(),
            message: format!("{words} {}", WORDS[(at + 2) % WORDS.len()]),
            nature: Nature::Evidence,
            labels: if at % 2 == 0 {
                vec![label(source, true), label(commit, false)]
            } else {
                vec![label(commit, true)]
            },
            help: (*words).to_owned(),
            repository: None,
            on: None,
            impact: Vec::new(),
            response: None,
            standing: Standing::Open,
        });
    }
    let population = Population { size: 1, ..Population::default() };
    let words = WORDS.iter().map(|words| TestResult {
        control: (*words).to_owned(),
        title: (*words).to_owned(),
        test: (*words).to_owned(),
        repository: Some((*words).to_owned()),
        items: (*words).to_owned(),
        population: population.clone(),
        exceptions: 0,
        unevidenced: 0,
        untestable: 0,
        versions: Vec::new(),
        sources: Vec::new(),
    });
    ledger.tests.extend(words);
    ledger
}

#[test]
fn nothing_in_words_steers_whoever_shows_them() {
    let pack = Pack::builtin().unwrap();
    let calendar = Calendar::new(TimeZone::UTC, Period::default(), Timestamp::UNIX_EPOCH);
    for severity in [Severity::Note, Severity::Warning, Severity::Error] {
        let ledger = hostile(severity);
        let report = Report {
            ledger: &ledger,
            pack: &pack,
            repository: WORDS[8],
            commit: None,
            calendar: &calendar,
            range: None,
            folder: "",
            controls: &BTreeMap::new(),
        };
        agree(&report, "words");
        for format in FORMATS {
            let text = printed(&report, format);
            for line in text.lines() {
                let steers = |character| is_unsafe_to_show(character) && character != '\u{200b}';
                assert!(!line.contains(steers), "{format:?}: {line:?}");
                assert!(!line.contains("##["), "{format:?}: {line}");
                let command = line.trim_start().starts_with("::");
                assert!(!command || format == Format::Github, "{format:?}: {line}");
            }
        }
        let commands = printed(&report, Format::Github);
        assert_eq!(commands.lines().filter(|line| line.starts_with("::")).count(), 10, "one command a finding");
    }
}

#[test]
fn what_a_runner_would_drop_and_what_a_summary_cannot_hold_is_said() {
    let pack = Pack::builtin().unwrap();
    let calendar = Calendar::new(TimeZone::UTC, Period::default(), Timestamp::UNIX_EPOCH);
    let mut ledger = hostile(Severity::Error);
    let ten = ledger.findings.clone();
    (0..2000).for_each(|_| ledger.findings.extend(ten.iter().cloned()));
    let controls = BTreeMap::new();
    let (ledger, folder, repository) = (&ledger, "", "acme");
    let report = Report {
        ledger,
        pack: &pack,
        repository,
        commit: None,
        calendar: &calendar,
        range: None,
        folder,
        controls: &controls,
    };
    let annotations = printed(&report, Format::Github);
    assert_eq!(annotations.lines().filter(|line| line.starts_with("::")).count(), 10);
    assert!(
        annotations
            .ends_with("::error title=tickmark::20001 more of 20010. They are listed in the log of this step.\n")
    );
    let summary = printed(&report, Format::GithubSummary);
    assert!(summary.len() < 1024 * 1024, "{}", summary.len());
    let told = decode::markdown(summary.rsplit_once("\n\n").unwrap().0).len();
    assert!(summary.ends_with(&format!(
        "{} more left out here: the page would be too long. See all: `tickmark check`\n",
        20010 - told
    )));
    assert_eq!(decode::markdown(&printed(&report, Format::Markdown)).len(), 20010);
}

fn program(folder: &Path, format: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    command.args(["check", "--as-of", tickmark::demo::AS_OF, "--format", format]).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

const NAMES: [&str; 10] =
    ["json", "json-lines", "sarif", "github", "github-summary", "gitlab", "junit", "checkstyle", "markdown", "csv"];

#[test]
fn no_format_changes_the_status_and_files_hold_what_is_printed() {
    let (shop, reports) = (demo(), tempfile::tempdir().unwrap());
    for format in NAMES {
        let output = program(shop.path(), format).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]), "{format}");
        let file = reports.path().join(format);
        let written = program(shop.path(), format).arg("--output").arg(&file).output().unwrap();
        assert_eq!((written.status.code(), written.stdout.as_slice()), (Some(1), &b""[..]), "{format}");
        assert_eq!(fs::read(&file).unwrap(), output.stdout, "{format}");
    }
    let mut other = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    let output = other.args(["trail", "--format", "sarif"]).current_dir(shop.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "a trail is no report of findings");
    assert!(String::from_utf8_lossy(&output.stderr).contains("help:"));
}

#[test]
fn a_trail_is_a_table_that_says_where_it_ends() {
    let shop = demo();
    let trail = |format: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tickmark"));
        let output = program.args(["trail", "--all", "--format", format]).current_dir(shop.path()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let rows = |table: &str| {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect::<Vec<Vec<String>>>()
    };
    let (status, json) = trail("json");
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let (same, table) = trail("csv");
    assert_eq!((same, status), (Some(1), Some(1)));
    let rows_of_all = rows(&table);
    let changes = document["changes"].as_array().unwrap();
    assert_eq!(rows_of_all.len(), changes.len());
    for (row, change) in rows_of_all.iter().zip(changes) {
        let told = [&change["verdict"], &change["commit"], &change["landed_at"]].map(|value| value.as_str().unwrap());
        assert_eq!(row[..3], told);
    }
    fs::write(shop.path().join(".git/shallow"), format!("{}\n", changes[5]["commit"].as_str().unwrap())).unwrap();
    let (status, table) = trail("csv");
    assert_eq!(status, Some(3));
    let last = rows(&table).pop().unwrap();
    assert_eq!((last[0].as_str(), last[1].as_str()), ("untestable", ""), "{last:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_closed_or_full_is_no_pass() {
    let shop = demo();
    for format in NAMES {
        let mut child = program(shop.path(), format).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]), "{format}");
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = program(shop.path(), format).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{format}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("the report cannot be written"), "{format}");
    }
}

#[test]
fn a_run_that_is_interrupted_or_cannot_write_leaves_the_last_report_whole() {
    let (shop, reports) = (demo(), tempfile::tempdir().unwrap());
    let file = reports.path().join("report.sarif");
    let whole = program(shop.path(), "sarif").output().unwrap().stdout;
    for wait in [0, 5, 20, 60, 120] {
        fs::write(&file, "the last report").unwrap();
        let mut child = program(shop.path(), "sarif").arg("--output").arg(&file).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let _ = child.kill();
        child.wait().unwrap();
        let left = fs::read(&file).unwrap();
        assert!(left == b"the last report" || left == whole, "{wait}: {} bytes", left.len());
    }
    let output = program(shop.path(), "sarif").args(["--output", "/proc/report.sarif"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "a folder in which nothing can be written");
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be written"));
}
