//! What the README shows is what the program prints, and its tables, and those of the policies' own, are those of the
//! packs. `BLESS=1` writes them.

use crate::cases;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tickmark::config;
use tickmark::engine::{self, Request};
use tickmark::facts::approval::builtin;
use tickmark::policies::mappings::Mappings;
use tickmark::policies::pack::Pack;
use tickmark::policies::{controls, trails};
use tickmark::reports::people::{self, Style};
use tickmark::reports::trail_table;
use tickmark::sources::markdown;
use tickmark::text::SourceText;

const STYLE: Style = Style { width: 80, color: false };

/// Every part of the README that is not written by hand: the line before it, the line behind it, what is between.
fn parts(folder: &Path) -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("<!-- demo: change/self-approved, first -->\n```text\n", "```\n", diagnostic(folder, "change/self-approved")),
        ("<!-- demo: tickmark trail 0b24eb9..104162b -->\n```text\n", "```\n", trail(folder, "0b24eb9..104162b")),
        ("<!-- rules -->\n", "<!-- end of the rules -->\n", rules()),
        ("<!-- dialects -->\n", "<!-- end of the dialects -->\n", dialects()),
    ]
}

fn request(folder: &Path) -> Request<'static> {
    cases::request(folder, Some(tickmark::demo::AS_OF), None)
}

fn diagnostic(folder: &Path, rule: &str) -> String {
    let checked = engine::check(&request(folder)).unwrap();
    let first = checked.ledger.findings.iter().find(|finding| finding.rule == rule).expect("the demo has one");
    format!("{}\n", people::diagnostic(first, STYLE).trim_end())
}

fn trail(folder: &Path, revision: &str) -> String {
    let request = Request { as_of: None, ..request(folder) };
    let trailed = engine::trail(&request, Some(revision), false).unwrap();
    trail_table::table(&trailed.gathered.trail, &trailed.words, STYLE.width)
}

/// One row for each test, with the number of all rules below.
fn rules() -> String {
    let pack = Pack::builtin().unwrap();
    let mut out = "| test | what it asks | rules |\n| --- | --- | --- |\n".to_owned();
    for test in &pack.tests {
        let ids: Vec<String> = test.rules.iter().map(|rule| format!("`{}`", rule.id)).collect();
        let _ = writeln!(out, "| {} | {} | {} |", test.test, test.title, ids.join(", "));
    }
    let of_records = pack.tests.iter().filter(|test| test.items.is_some()).map(|test| test.rules.len()).sum::<usize>();
    let _ = writeln!(out, "\n{} rules, {of_records} of them asked of records.", pack.rules().count());
    out
}

/// Three beside each other, so that the table stays short.
fn dialects() -> String {
    let mut out = "| dialect | written by ".repeat(3) + "|\n" + &"| --- ".repeat(6) + "|\n";
    let all = builtin::dialects().unwrap();
    let cell = |at: usize| {
        all.get(at)
            .map_or_else(|| " | ".to_owned(), |one| format!("`{}` | {}", one.dialect, one.title.replace('|', "\\|")))
    };
    let rows = all.len().div_ceil(3);
    for row in 0..rows {
        let _ = writeln!(out, "| {} | {} | {} |", cell(row), cell(row + rows), cell(row + 2 * rows));
    }
    out
}

/// One row for each ready mapping, by the register that it fills.
fn mappings() -> String {
    let mut out = "| register | mapping | export of |\n| --- | --- | --- |\n".to_owned();
    let mut all = Mappings::builtin().unwrap().ready;
    all.sort_by(|one, two| one.register.cmp(&two.register));
    for one in &all {
        let title = one.title.replace('|', "\\|");
        let _ = writeln!(out, "| {} | [`{}`](mappings/{}.yaml) | {title} |", one.register, one.mapping, one.mapping);
    }
    out
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let folder = tempfile::tempdir().unwrap();
    tickmark::demo::write(folder.path()).unwrap();
    hold("README.md", parts(folder.path()));
}

#[test]
fn the_ready_mappings_are_listed() {
    hold("policies/README.md", vec![("<!-- mappings -->\n", "<!-- end of the mappings -->\n", mappings())]);
}

/// Holds the parts of a file against what they are to be, or writes them.
fn hold(file: &str, parts: Vec<(&str, &str, String)>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let mut readme = fs::read_to_string(&path).unwrap();
    for (start, end, wanted) in parts {
        let from = readme.find(start).unwrap_or_else(|| panic!("{file} lacks {start}")) + start.len();
        let to = from + readme[from..].find(end).unwrap_or_else(|| panic!("{file}: nothing ends {start}"));
        if std::env::var_os("BLESS").is_some() {
            readme.replace_range(from..to, &wanted);
            fs::write(&path, &readme).unwrap();
        } else {
            assert!(
                readme[from..to] == wanted,
                "behind {start}{file} has\n{}\nand the program prints\n{wanted}\nBLESS=1 cargo test --test all readme::",
                &readme[from..to]
            );
        }
    }
}

/// Links to files of the project lead somewhere.
#[test]
fn its_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let mut links = 0;
    // The links of an example lead somewhere in the repository of the reader.
    let page = markdown::parse(&SourceText::new("README.md", readme.as_str())).unwrap();
    for link in &page.links {
        let target = link.target.as_str();
        if !target.contains("://") && !target.starts_with('#') {
            let file = target.split('#').next().unwrap_or(target);
            assert!(root.join(file).exists(), "README.md links to {target}");
            links += 1;
        }
    }
    assert!(links > 0);
    // A table grows with the program, and is looked up rather than read.
    let lines = readme.lines().filter(|line| !line.starts_with('|')).count();
    assert!(lines < 260, "README.md has {lines} lines beside its tables");
}

/// The YAML that it shows can be used: each block begins with the name of its file.
#[test]
fn its_yaml_is_read_without_a_fault() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for block in readme.split("```yaml\n# ").skip(1) {
        let (name, text) = block.split("```").next().unwrap().split_once('\n').unwrap();
        // Two configurations in one folder are an error, so the second one has a folder of its own.
        let beside = if name == ".tickmark.yaml" { "other" } else { "." };
        let path = folder.path().join(beside).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        files.push(name.to_owned());
    }
    assert_eq!(files.len(), 4, "{files:?}");
    let config = config::read(folder.path(), None).unwrap();
    let other = config::read(&folder.path().join("other"), None).unwrap();
    assert!(other.faults.is_empty() && other.config.registers.len() == 2, "{:#?}", other.faults);
    let documents = controls::read(folder.path(), &Pack::builtin().unwrap());
    let (dialects, faults) = trails::dialects(Some(folder.path()), &["acme".to_owned()]).unwrap();
    let matcher = trails::matcher(dialects).unwrap();
    let all: Vec<_> = config.faults.iter().chain(&documents.faults).chain(&faults).collect();
    assert!(all.is_empty(), "{all:#?}");
    assert_eq!(documents.controls.len(), 1);
    assert!(matcher.dialects().any(|(_, dialect)| dialect.dialect == "acme"));
}
