//! What the README shows is what the program prints, and its tables are those of the packs. `BLESS=1` writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use tickmark::engine::{self, Request};
use tickmark::facts::approval::builtin;
use tickmark::policies::pack::Pack;
use tickmark::reports::people::{self, Style};
use tickmark::reports::trail_table;

const STYLE: Style = Style { width: 80, color: false };

/// Every part of the README that is not written by hand: the line before it, the line behind it, what is between.
fn parts(folder: &Path) -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("<!-- demo: change/self-approved, first -->\n```text\n", "```\n", diagnostic(folder, "change/self-approved")),
        ("<!-- demo: tickmark trail v1.0..v1.1 -->\n```text\n", "```\n", trail(folder, "v1.0..v1.1")),
        ("<!-- rules -->\n", "<!-- end of the rules -->\n", rules()),
        ("<!-- dialects -->\n", "<!-- end of the dialects -->\n", dialects()),
    ]
}

fn request(folder: &Path) -> Request<'static> {
    Request {
        directory: folder.to_path_buf(),
        config: None,
        as_of: Some(tickmark::demo::AS_OF.to_owned()),
        period: None,
        now: Timestamp::UNIX_EPOCH,
        progress: &|_| (),
    }
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

fn rules() -> String {
    let mut out = "| rule | what it says |\n| --- | --- |\n".to_owned();
    for (_, rule) in Pack::builtin().unwrap().rules() {
        let message = rule.message.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "| `{}` | {} |", rule.id, message.replace('|', "\\|"));
    }
    out
}

fn dialects() -> String {
    let mut out = "| dialect | written by |\n| --- | --- |\n".to_owned();
    for dialect in builtin::dialects().unwrap() {
        let _ = writeln!(out, "| `{}` | {} |", dialect.dialect, dialect.title.replace('|', "\\|"));
    }
    out
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let folder = tempfile::tempdir().unwrap();
    tickmark::demo::write(folder.path()).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let mut readme = fs::read_to_string(&path).unwrap();
    for (start, end, wanted) in parts(folder.path()) {
        let from = readme.find(start).unwrap_or_else(|| panic!("README.md lacks {start}")) + start.len();
        let to = from + readme[from..].find(end).unwrap_or_else(|| panic!("README.md: nothing ends {start}"));
        if std::env::var_os("BLESS").is_some() {
            readme.replace_range(from..to, &wanted);
            fs::write(&path, &readme).unwrap();
        } else {
            assert!(
                readme[from..to] == wanted,
                "behind {start}README.md has\n{}\nand the program prints\n{wanted}\nBLESS=1 cargo test --test readme",
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
    for part in readme.split("](").skip(1) {
        let target = part.split(')').next().unwrap();
        if !target.contains("://") && !target.starts_with('#') {
            assert!(root.join(target).exists(), "README.md links to {target}");
            links += 1;
        }
    }
    assert!(links > 0);
    assert!(readme.lines().count() < 230, "README.md has {} lines", readme.lines().count());
}
