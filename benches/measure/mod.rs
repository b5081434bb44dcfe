//! Programs that are timed beside each other, and what their times add up to.
// Each benchmark uses a part of it.
#![allow(dead_code, clippy::print_stdout, missing_docs, unreachable_pub)]

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const GNU_TIME: &str = "/usr/bin/time";

/// A program with its arguments, which writes to a file of its own.
pub struct Rival {
    pub name: String,
    command: Vec<String>,
    output: PathBuf,
    pub times: Vec<Duration>,
}

impl Rival {
    pub fn new(name: &str, command: &[&str], output: PathBuf) -> Self {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        Self { name: name.to_owned(), command, output, times: Vec::new() }
    }

    fn start(&self, before: &[&str]) -> io::Result<(ExitStatus, String)> {
        let mut words = before.iter().copied().chain(self.command.iter().map(String::as_str));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).stdin(Stdio::null()).stdout(File::create(&self.output)?).stderr(Stdio::piped());
        let done = command.spawn()?.wait_with_output()?;
        Ok((done.status, String::from_utf8_lossy(&done.stderr).into_owned()))
    }

    /// Runs once, and says how long it took.
    pub fn run(&self) -> io::Result<Duration> {
        let start = Instant::now();
        self.start(&[])?;
        Ok(start.elapsed())
    }

    /// Runs once without a clock. Exit statuses 1 and 3 say what was found in the history, not that nothing was read.
    pub fn warm_up(&self) -> io::Result<()> {
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

/// Prints least, median and greatest time of each, and its peak memory.
pub fn table(rivals: &[&Rival]) {
    println!("\n{:<10} {:>9} {:>9} {:>9} {:>12}", "", "min ms", "median", "max", "peak MiB");
    for rival in rivals {
        let times: Vec<f64> = rival.times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        let (min, middle, max) = spread(times);
        let peak = rival.memory().map_or_else(|| format!("no {GNU_TIME}"), |kib| format!("{:.0}", kib as f64 / 1024.0));
        println!("{:<10} {min:>9.0} {middle:>9.0} {max:>9.0} {peak:>12}", rival.name);
    }
}

/// The build of the program that is timed.
pub fn program() -> String {
    std::env::var("TICKMARK_BENCH_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tickmark").to_owned())
}

/// Least, median and greatest of some values.
pub fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    (values[0], (values[last / 2] + values[last.div_ceil(2)]) / 2.0, values[last])
}

/// A number that a variable of the environment gives.
pub fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}
