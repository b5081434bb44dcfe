//! How long the trails of a whole history take, beside `git log` reading the same commits.
//!
//! Runs of both alternate, so that a busy machine slows both, and the ratio is taken pair by pair. Nothing here
//! fails a build: speed is shown, never tested. The size of the history that is made for it, the number of pairs, a
//! repository to use instead and another build of the program are set by `TICKMARK_BENCH_CHANGES`,
//! `TICKMARK_BENCH_PAIRS`, `TICKMARK_BENCH_REPO` and `TICKMARK_BENCH_PROGRAM`.
#![allow(clippy::print_stdout)]

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

#[path = "history/forge.rs"]
mod forge;
mod measure;

use measure::{Rival, number, program, spread, table};

const CHANGES: usize = 20_000;
const PAIRS: usize = 7;
const FEWEST_PAIRS: usize = 5;

fn main() {
    if let Err(error) = compare() {
        println!("not measured: {error}");
    }
}

fn compare() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let repository = match std::env::var_os("TICKMARK_BENCH_REPO") {
        Some(given) => PathBuf::from(given),
        None => make(folder.path())?,
    };
    let shown = repository.to_string_lossy();
    describe(&repository)?;
    let program = program();
    let tickmark = [program.as_str(), "-C", &*shown, "trail", "--all", "--format", "json", "HEAD"];
    let log = ["git", "-C", &*shown, "log", "--format=%H%x00%an%x00%ae%x00%ct%x00%B", "HEAD"];
    let mut ours = Rival::new("tickmark", &tickmark, folder.path().join("trail.json"));
    let mut git = Rival::new("git log", &log, folder.path().join("log.txt"));
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
    report(&ours, &git);
    Ok(())
}

fn report(ours: &Rival, git: &Rival) {
    table(&[ours, git]);
    let pairs = ours.times.iter().zip(&git.times);
    let (min, middle, max) = spread(pairs.map(|(ours, git)| ours.as_secs_f64() / git.as_secs_f64()).collect());
    println!("\nratio of each pair, tickmark to git log: median {middle:.2} ({min:.2} to {max:.2})");
}

fn describe(repository: &Path) -> io::Result<()> {
    let count = |first_parent: &[&str]| -> io::Result<String> {
        let mut git = Command::new("git");
        let counted =
            git.arg("-C").arg(repository).args(["rev-list", "--count"]).args(first_parent).arg("HEAD").output()?;
        Ok(String::from_utf8_lossy(&counted.stdout).trim().to_owned())
    };
    println!("{}: {} changes, {} commits", repository.display(), count(&["--first-parent"])?, count(&[])?);
    Ok(())
}

/// Makes a history by `git fast-import`, and packs it as a clone would be.
fn make(folder: &Path) -> io::Result<PathBuf> {
    let repository = folder.join("history");
    let start = Instant::now();
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder).args(words).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git
    };
    let well =
        |status: ExitStatus| if status.success() { Ok(()) } else { Err(io::Error::other(format!("git: {status}"))) };
    well(git(&["init", "-q", "--bare", "-b", "main", "history"]).status()?)?;
    let mut import = git(&["-C", "history", "fast-import", "--quiet"]).stdin(Stdio::piped()).spawn()?;
    if let Some(input) = import.stdin.take() {
        let mut input = BufWriter::new(input);
        forge::history(&mut input, number("TICKMARK_BENCH_CHANGES", CHANGES))?;
        input.flush()?;
    }
    well(import.wait()?)?;
    well(git(&["-C", "history", "repack", "-adq"]).status()?)?;
    println!("made and packed a history in {:.1} s", start.elapsed().as_secs_f64());
    Ok(repository)
}
