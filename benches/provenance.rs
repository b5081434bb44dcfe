//! How long it takes to find every version of a register along a long branch, beside walking the branch once.
//!
//! Both run by turns in one process, so that a busy machine slows both, and the ratio is taken pair by pair. Nothing here
//! fails a build: speed is shown, never tested. The number of commits of the history that is made for it, the number of
//! pairs, and a repository and a path in it to use instead are set by `TICKMARK_BENCH_COMMITS`, `TICKMARK_BENCH_PAIRS`,
//! `TICKMARK_BENCH_REPO` and `TICKMARK_BENCH_PATH`.
#![allow(clippy::print_stdout)]

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

mod measure;

use measure::{number, spread};
use tickmark::sources::history::Repos;
use tickmark::sources::line::{Line, versions};
use tickmark::sources::repo::Repo;

const COMMITS: usize = 24_000;
const PAIRS: usize = 9;
/// One commit of so many touches the register.
const TOUCHES: usize = 100;

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
    let path = std::env::var("TICKMARK_BENCH_PATH").unwrap_or_else(|_| "registers".to_owned());
    let failed = |error: tickmark::error::Error| io::Error::other(error.message);
    let repo = Repo::open(&repository).map_err(failed)?;
    let repos = Repos::open(&repo).map_err(failed)?;
    let (_, tip) = repo.head().map_err(failed)?;
    let (mut walks, mut follows, mut logs) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..=number("TICKMARK_BENCH_PAIRS", PAIRS) {
        let start = Instant::now();
        let line = Line::read(&repo, tip);
        let walk = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let found =
            versions(&repos, &line, &[&path]).map_err(|(id, _)| io::Error::other(format!("{id} is missing")))?;
        let follow = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let log = Command::new("git")
            .arg("-C")
            .arg(&repository)
            .args(["log", "--first-parent", "--format=%H%x00%an%x00%ae%x00%ct%x00%B", "HEAD"])
            .stdout(Stdio::null())
            .status()?;
        let logged = start.elapsed().as_secs_f64();
        if pair == 0 {
            println!("{} commits, {} versions of {path}, git log {log}", line.steps.len(), found[0].len());
            continue;
        }
        walks.push(walk);
        follows.push(follow);
        logs.push(logged);
    }
    for (name, times) in [("walk of the line", &walks), ("versions", &follows), ("git log --first-parent", &logs)] {
        let (min, middle, max) = spread(times.iter().map(|time| time * 1000.0).collect());
        println!("{name:<24} {middle:7.0} ms ({min:.0} to {max:.0})");
    }
    for (name, times) in [("the walk", &walks), ("git log --first-parent", &logs)] {
        let ratios = follows.iter().zip(times).map(|(follow, time)| follow / time).collect();
        let (min, middle, max) = spread(ratios);
        println!("ratio of each pair, versions to {name}: median {middle:.2} ({min:.2} to {max:.2})");
    }
    Ok(())
}

/// Makes a history by `git fast-import`, and packs it as a clone would be.
fn make(folder: &Path) -> io::Result<PathBuf> {
    let repository = folder.join("history.git");
    let git = |words: &[&str]| Command::new("git").args(words).arg(&repository).status();
    git(&["init", "--quiet", "--bare", "--initial-branch=main"])?;
    let mut import = Command::new("git")
        .arg("-C")
        .arg(&repository)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()?;
    let mut out = BufWriter::new(import.stdin.take().ok_or_else(|| io::Error::other("git takes no input"))?);
    for at in 0..number("TICKMARK_BENCH_COMMITS", COMMITS) {
        let message = format!("Change {at}\n\nWhat it does and why, in a sentence or two.\n");
        let seconds = 1_600_000_000 + at * 600;
        writeln!(out, "commit refs/heads/main\ncommitter Dana Roe <dana@acme.example> {seconds} +0000")?;
        writeln!(out, "data {}\n{message}", message.len())?;
        let text = format!("at: {at}\n");
        let file = format!("src/part{}/file{}.txt", at % 40, at % 400);
        writeln!(out, "M 644 inline {file}\ndata {}\n{text}", text.len())?;
        for name in ["README.md", "build.yaml", "LICENSE", "notes.txt"].iter().filter(|_| at == 0) {
            writeln!(out, "M 644 inline {name}\ndata 2\nx\n")?;
        }
        if at % TOUCHES == 0 {
            let text = format!("- id: R-{at}\n");
            writeln!(out, "M 644 inline registers/reviews.yaml\ndata {}\n{text}", text.len())?;
        }
    }
    drop(out);
    import.wait()?;
    Command::new("git").arg("-C").arg(&repository).args(["repack", "-adq"]).status()?;
    Ok(repository)
}
