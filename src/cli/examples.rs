//! The description of the command line, with examples below the help of each command.

use std::ffi::OsString;

use clap::{Command, CommandFactory, FromArgMatches};

use super::Cli;

/// Examples of each command: what is typed, and what it does. A test parses every one of them.
const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    (
        "check",
        &[
            ("tickmark check", "every control, over the period"),
            ("tickmark check --period 2026-01-01..2026-06-30", "over another period"),
            ("tickmark check main..topic", "what these commits bring, and the documents that they change"),
            ("tickmark check --staged", "the documents that the next commit changes"),
            ("tickmark check --quiet", "only what was found"),
            ("tickmark check --format json -o results.json", "for programs"),
            ("tickmark check --format sarif -o tickmark.sarif", "for code scanning"),
        ],
    ),
    (
        "hook",
        &[
            ("tickmark hook pre-commit", "in .git/hooks/pre-commit"),
            ("tickmark hook commit-msg $1", "in .git/hooks/commit-msg"),
            ("tickmark hook pre-push $@", "in .git/hooks/pre-push"),
        ],
    ),
    (
        "report",
        &[
            ("tickmark report", "in short: each control with what came of its tests"),
            ("tickmark report --period 2026-04-01..2026-06-30 --as-of 2026-07-15", "of another period"),
            ("tickmark report --format html -o report.html", "one page for a browser, to be read, printed and sent"),
            (
                "tickmark report --format csv -o report.csv",
                "a row for each rule that found something, for working papers",
            ),
            ("tickmark report --format json -o shop.json", "for programs, and to be joined with others"),
            ("tickmark report --merge shop.json api.json", "one report of several repositories"),
            (
                "tickmark report --merge shop.json api.json --format json-lines",
                "the same for tables, as DuckDB reads them",
            ),
        ],
    ),
    (
        "sample",
        &[
            ("tickmark sample CM-01 --seed 2026-H1", "25 of the items that CM-01 was tested on"),
            ("tickmark sample CM-01 --seed 2026-H1 --size 40 --format csv", "40 of them, as a table"),
        ],
    ),
    ("lsp", &[("tickmark lsp", "what an editor starts; nobody types into it")]),
    (
        "test",
        &[("tickmark test", "the cases of your own tests"), ("tickmark test policies/tests/leavers", "some of them")],
    ),
    (
        "trail",
        &[
            ("tickmark trail", "each change since the last deployment"),
            ("tickmark trail v1.0..main", "each change of a range"),
            ("tickmark trail --all --format json", "all of history, for programs"),
        ],
    ),
    ("import", &[("tickmark import github requests.json", "pull requests, into the register of changes")]),
    (
        "approve",
        &[
            ("tickmark approve 3fa2c1e", "your approval of a change"),
            ("tickmark approve 3fa2c1e --sign --role lead", "signed, in a role"),
        ],
    ),
    (
        "respond",
        &[
            ("tickmark respond 1c0e6be8", "to an exception that was put right"),
            ("tickmark respond 1c0e6be8 --kind accepted", "to one that is accepted for a time"),
        ],
    ),
    (
        "due",
        &[
            ("tickmark due --within 30d", "what has to be done in 30 days"),
            ("tickmark due --owner dana --ics -o due.ics", "a calendar for one person"),
        ],
    ),
    (
        "explain",
        &[("tickmark explain", "all rules and dialects"), ("tickmark explain change/self-approved", "one rule")],
    ),
    (
        "list",
        &[
            ("tickmark list", "the controls of this repository"),
            ("tickmark list tests --criterion CC6.2", "the tests that serve a criterion"),
            ("tickmark list rules --area access --severity error", "some of the rules"),
        ],
    ),
    (
        "schema",
        &[("tickmark schema", "the names of all"), ("tickmark schema control -o control.schema.json", "one of them")],
    ),
    (
        "init",
        &[
            ("tickmark init acme", "a starter in the folder acme"),
            ("tickmark init --dry-run", "only what it would write"),
        ],
    ),
    ("demo", &[("tickmark demo", "check it"), ("tickmark demo shop", "write it to the folder shop, and check it")]),
    ("completions", &[("tickmark completions bash -o tickmark.bash", "then, in ~/.bashrc: source tickmark.bash")]),
    ("man", &[("tickmark man ~/.local/share/man/man1", "where man looks for them")]),
];

/// The whole command line.
#[must_use]
pub fn command() -> Command {
    EXAMPLES.iter().fold(Cli::command(), |command, (name, examples)| {
        // Whoever takes a command out takes its examples out as well; a test says so, and nothing ends for it.
        if command.find_subcommand(name).is_none() {
            return command;
        }
        let lines: String = examples.iter().map(|(typed, does)| format!("\n  {typed}\n      {does}")).collect();
        command.mut_subcommand(name, |command| command.after_help(format!("Examples:{lines}")))
    })
}

/// Reads a command line.
///
/// # Errors
/// It asks for help or for the version, or it is wrong: clap's own error, which prints itself.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut command = command();
    let matches = command.try_get_matches_from_mut(words)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_examples_and_each_can_be_typed() {
        for below in Cli::command().get_subcommands().filter(|below| !below.is_hide_set()) {
            let name = below.get_name();
            assert!(EXAMPLES.iter().any(|(known, _)| *known == name), "{name} has no examples in src/cli/examples.rs");
        }
        for (name, examples) in EXAMPLES {
            for (typed, does) in *examples {
                assert!(typed.starts_with(&format!("tickmark {name}")), "{typed}");
                assert!(typed.len() + 2 <= 80 && does.len() + 6 <= 80, "{typed}: too long for 80 columns");
                parse(typed.split(' ').map(OsString::from)).unwrap();
            }
        }
        command().debug_assert();
    }
}
