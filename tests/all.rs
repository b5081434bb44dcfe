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
