//! How the time and the memory of a check grow with its registers: three sizes, each twice the one before.
//!
//! Each round runs all three, so that a busy machine slows all, and a size is held against the smallest one of its own
//! round. Nothing here fails a build: speed is shown, never tested. The number of people of the largest size, the number
//! of rounds and another build of the program are set by `TICKMARK_BENCH_PEOPLE`, `TICKMARK_BENCH_PAIRS` and
//! `TICKMARK_BENCH_PROGRAM`. There are five accounts and twenty vulnerabilities for each of the people.
#![allow(clippy::print_stdout)]

use std::io;

mod measure;
#[path = "registers/organisation.rs"]
mod organisation;

use measure::{Rival, number, program, spread, table};

const PEOPLE: usize = 10_000;
const ROUNDS: usize = 5;

fn main() {
    if let Err(error) = grow() {
        println!("not measured: {error}");
    }
}

fn grow() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let largest = number("TICKMARK_BENCH_PEOPLE", PEOPLE);
    let program = program();
    let mut sizes = Vec::new();
    for people in [largest / 4, largest / 2, largest] {
        let repository = folder.path().join(people.to_string());
        organisation::write(&repository, people)?;
        let shown = repository.to_string_lossy();
        let check = [program.as_str(), "-C", &*shown, "check", "--as-of", "2026-06-30", "--format", "json"];
        let rival = Rival::new(&format!("{people}"), &check, folder.path().join(format!("{people}.json")));
        rival.warm_up()?;
        sizes.push(rival);
    }
    for _ in 0..number("TICKMARK_BENCH_PAIRS", ROUNDS) {
        for size in &mut sizes {
            let time = size.run()?;
            size.times.push(time);
        }
    }
    table(&sizes.iter().collect::<Vec<_>>());
    println!("\ntime of each round, as a multiple of that of the smallest size:");
    for (size, grown) in sizes.iter().zip([1, 2, 4]).skip(1) {
        let rounds = size.times.iter().zip(&sizes[0].times);
        let (min, middle, max) = spread(rounds.map(|(one, least)| one.as_secs_f64() / least.as_secs_f64()).collect());
        println!("{grown} times the records: median {middle:.2} ({min:.2} to {max:.2})");
    }
    Ok(())
}
