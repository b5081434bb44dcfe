//! All tests of the program as a whole, as one program of their own: each further one would link everything again.
//! `cargo test --test all rules::` runs those of `tests/rules.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    unreachable_pub
)]

mod cases;

mod approve;
mod calendar;
mod cli;
mod custom;
mod demo;
mod dialects;
mod due;
mod exposure;
mod expressions;
mod fingerprints;
mod forges;
mod formats;
mod gittuf;
mod grc_forms;
mod hooks;
mod hostile;
mod house;
mod impact;
mod init;
mod line;
mod lsp;
mod mappings;
mod merge;
mod packs;
mod readme;
mod records;
mod report;
mod report_forms;
mod repositories;
mod responses;
mod rules;
mod sample;
mod schemas;
mod script;
mod settling;
mod signatures;
mod statements;
mod worlds;
mod written;
mod yaml;

#[test]
fn every_file_of_tests_is_run() {
    let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let all = include_str!("all.rs");
    for entry in std::fs::read_dir(tests).expect("tests is a folder") {
        let name = entry.expect("an entry of tests").file_name().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".rs").filter(|name| *name != "all") else { continue };
        assert!(all.lines().any(|line| line == format!("mod {name};")), "tests/all.rs does not name {name}");
    }
}
