//! How the time and the memory of joining reports grow with their number: three sizes, each twice the one before, as one page
//! and as JSON.
//!
//! Each round runs all of them, so that a busy machine slows all, and a size is held against the smallest one of its own
//! round. Nothing here fails a build: speed is shown, never tested. The number of reports of the largest size, of controls of
//! each, of rounds and another build of the program are set by `TICKMARK_BENCH_REPORTS`, `TICKMARK_BENCH_CONTROLS`,
//! `TICKMARK_BENCH_PAIRS` and `TICKMARK_BENCH_PROGRAM`.
#![allow(clippy::print_stdout)]

use std::io;
use std::path::Path;

#[path = "merge/documents.rs"]
mod documents;
mod measure;

use measure::{Rival, number, program, spread, table};

const REPORTS: usize = 200;
const CONTROLS: usize = 50;
const ROUNDS: usize = 5;

fn main() {
    if let Err(error) = grow() {
        println!("not measured: {error}");
    }
}

fn grow() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (largest, controls) = (number("TICKMARK_BENCH_REPORTS", REPORTS), number("TICKMARK_BENCH_CONTROLS", CONTROLS));
    let program = program();
    let paths = write(folder.path(), largest, controls)?;
    let mut sizes = Vec::new();
    for form in ["json", "html"] {
        for reports in [largest / 4, largest / 2, largest] {
            let mut merge = vec![program.as_str(), "report", "--format", form, "--merge"];
            merge.extend(paths.iter().take(reports).map(String::as_str));
            let rival = Rival::new(
                &format!("{reports} {form}"),
                &merge,
                folder.path().join(format!("merged-{reports}.{form}")),
            );
            rival.warm_up()?;
            sizes.push(rival);
        }
    }
    for _ in 0..number("TICKMARK_BENCH_PAIRS", ROUNDS) {
        for size in &mut sizes {
            let time = size.run()?;
            size.times.push(time);
        }
    }
    table(&sizes.iter().collect::<Vec<_>>());
    println!("\ntime of each round, as a multiple of that of the smallest size:");
    for sizes in sizes.chunks(3) {
        for (size, grown) in sizes.iter().zip([1, 2, 4]).skip(1) {
            let rounds = size.times.iter().zip(&sizes[0].times);
            let (min, middle, max) =
                spread(rounds.map(|(one, least)| one.as_secs_f64() / least.as_secs_f64()).collect());
            println!("{}, {grown} times the reports: median {middle:.2} ({min:.2} to {max:.2})", size.name);
        }
    }
    Ok(())
}

/// Writes the reports, each to a file of its own.
fn write(folder: &Path, reports: usize, controls: usize) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    for at in 0..reports {
        let path = folder.join(format!("{at}.json"));
        std::fs::write(&path, serde_json::to_vec(&documents::report(at, controls)).map_err(io::Error::other)?)?;
        paths.push(path.to_string_lossy().into_owned());
    }
    Ok(paths)
}
