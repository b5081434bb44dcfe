//! How long the trails of a whole history take, beside `git log` reading the same commits.
//!
//! Runs of both alternate, so that a busy machine slows both, and the ratio is taken pair by pair. Nothing here
//! fails a build: speed is shown, never tested. The size of the history that is made for it, the number of pairs, a
//! repository to use instead and another build of the program are set by `TICKMARK_BENCH_CHANGES`,
//! `TICKMARK_BENCH_PAIRS`, `TICKMARK_BENCH_REPO` and `TICKMARK_BENCH_PROGRAM`.
#![allow(clippy::print_stdout)]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

#[path = "history/forge.rs"]
mod forge;

const CHANGES: usize = 20_000;
const PAIRS: usize = 7;
const FEWEST_PAIRS: usize = 5;
const GNU_TIME: &str = "/usr/bin/time";

fn main() {
    if let Err(error) = compare() {
        println!("not measured: {error}");
    }
}

/// A program with its arguments, which writes to a file of its own.
struct Rival {
    name: &'static str,
    command: Vec<String>,
    output: PathBuf,
    times: Vec<Duration>,
}

impl Rival {
    fn new(name: &'static str, command: &[&str], output: PathBuf) -> Self {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        Self { name, command, output, times: Vec::new() }
    }

    fn start(&self, before: &[&str]) -> io::Result<(ExitStatus, String)> {
        let mut words = before.iter().copied().chain(self.command.iter().map(String::as_str));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).stdin(Stdio::null()).stdout(File::create(&self.output)?).stderr(Stdio::piped());
        let done = command.spawn()?.wait_with_output()?;
        Ok((done.status, String::from_utf8_lossy(&done.stderr).into_owned()))
    }

    fn run(&self) -> io::Result<Duration> {
        let start = Instant::now();
        self.start(&[])?;
        Ok(start.elapsed())
    }

    /// Runs once without a clock. Exit statuses 1 and 3 say what was found in the history, not that nothing was read.
    fn warm_up(&self) -> io::Result<()> {
        let (status, said) = self.start(&[])?;
        let bytes = std::fs::metadata(&self.output)?.len();
        println!("{:<10} ended with {status} and wrote {} KiB", self.name, bytes / 1024);
        if status.code().is_none_or(|code| !matches!(code, 0 | 1 | 3)) || bytes == 0 {
            return Err(io::Error::other(format!("{} did not do its work: {}", self.name, said.trim())));
        }
        Ok(())
    }

    /// Peak memory in KiB, by GNU time, where it is there.
    fn memory(&self) -> Option<u64> {
        let (_, said) = self.start(&[GNU_TIME, "-f", "%M"]).ok()?;
        said.lines().last()?.trim().parse().ok()
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
    let program = std::env::var("TICKMARK_BENCH_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tickmark").to_owned());
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
    println!("\n{:<10} {:>9} {:>9} {:>9} {:>12}", "", "min ms", "median", "max", "peak MiB");
    for rival in [ours, git] {
        let times: Vec<f64> = rival.times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        let (min, middle, max) = spread(times);
        let peak = rival.memory().map_or_else(|| format!("no {GNU_TIME}"), |kib| format!("{:.0}", kib as f64 / 1024.0));
        println!("{:<10} {min:>9.0} {middle:>9.0} {max:>9.0} {peak:>12}", rival.name);
    }
    let pairs = ours.times.iter().zip(&git.times);
    let (min, middle, max) = spread(pairs.map(|(ours, git)| ours.as_secs_f64() / git.as_secs_f64()).collect());
    println!("\nratio of each pair, tickmark to git log: median {middle:.2} ({min:.2} to {max:.2})");
}

fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    (values[0], (values[last / 2] + values[last.div_ceil(2)]) / 2.0, values[last])
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

fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}
