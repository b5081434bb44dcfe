//! How long the hook takes that checks one changed control before it is committed, beside `git status` in the same
//! repository, which has a long history and many documents.
//!
//! Runs of both alternate, so that a busy machine slows both, and the ratio is that of their medians. Nothing here fails
//! a build: speed is shown, never tested. The number of commits and of controls, each with a policy, the number of pairs
//! and another build of the program are set by `TICKMARK_BENCH_COMMITS`, `TICKMARK_BENCH_CONTROLS`,
//! `TICKMARK_BENCH_PAIRS` and `TICKMARK_BENCH_PROGRAM`.
#![allow(clippy::print_stdout)]

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

mod measure;
#[path = "hook/shop.rs"]
mod shop;

use measure::{Rival, number, program, spread, table};

const COMMITS: usize = 100_000;
const CONTROLS: usize = 1_000;
const PAIRS: usize = 15;
const FEWEST_PAIRS: usize = 5;

fn main() {
    if let Err(error) = compare() {
        println!("not measured: {error}");
    }
}

fn compare() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let repository = make(folder.path())?;
    let shown = repository.to_string_lossy();
    let program = program();
    let hook = [program.as_str(), "-C", &*shown, "hook", "pre-commit"];
    let mut ours = Rival::new("pre-commit", &hook, folder.path().join("hook.txt"));
    let mut git = Rival::new("git status", &["git", "-C", &*shown, "status"], folder.path().join("status.txt"));
    ours.warm_up()?;
    git.warm_up()?;
    for pair in 0..number("TICKMARK_BENCH_PAIRS", PAIRS).max(FEWEST_PAIRS) {
        if pair % 2 == 0 {
            ours.times.push(ours.run()?);
            git.times.push(git.run()?);
        } else {
            git.times.push(git.run()?);
            ours.times.push(ours.run()?);
        }
    }
    table(&[&ours, &git]);
    let median = |rival: &Rival| spread(rival.times.iter().map(|time| time.as_secs_f64()).collect()).1;
    println!("\nratio of medians, tickmark hook pre-commit to git status: {:.2}", median(&ours) / median(&git));
    Ok(())
}

/// Makes a repository by `git fast-import`, packed and checked out as a clone would be, with one changed control staged.
fn make(folder: &Path) -> io::Result<PathBuf> {
    let repository = folder.join("shop");
    let (commits, controls) = (number("TICKMARK_BENCH_COMMITS", COMMITS), number("TICKMARK_BENCH_CONTROLS", CONTROLS));
    let start = Instant::now();
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(&repository).args(words);
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git
    };
    let well =
        |status: ExitStatus| if status.success() { Ok(()) } else { Err(io::Error::other(format!("git: {status}"))) };
    fs::create_dir(&repository)?;
    well(git(&["init", "--quiet", "--initial-branch=main"]).status()?)?;
    let mut import = git(&["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn()?;
    if let Some(input) = import.stdin.take() {
        let mut input = BufWriter::new(input);
        shop::history(&mut input, commits, controls)?;
        input.flush()?;
    }
    well(import.wait()?)?;
    well(git(&["repack", "-adq"]).status()?)?;
    well(git(&["reset", "--quiet", "--hard"]).status()?)?;
    let changed = controls / 2;
    fs::write(repository.join(shop::control_path(changed)), shop::control(changed, "Changes are approved in time"))?;
    well(git(&["add", "controls"]).status()?)?;
    let seconds = start.elapsed().as_secs_f64();
    println!("made {commits} commits and {} documents, and staged one control, in {seconds:.1} s", 2 * controls);
    Ok(repository)
}
