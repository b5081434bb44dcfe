//! What landed beyond what was given, in words and at its places.

use crate::checks::compose::count;
use crate::facts::coverage::residual::{Beyond, Lines, Residual, Shown, What};
use crate::findings::finding::{Label, Place};
use crate::sources::oid::Oid;
use crate::sources::replay::text::Run;
use crate::text::{SourceText, Span, safe};

/// Lines that one finding shows.
const LINES: usize = 8;
/// Files beside those of which lines are shown.
const FILES: usize = 4;

/// How much there is, and where: "three lines added in cart.txt". `settled` asks for conflicts that were settled by hand,
/// else for everything beside them.
pub(super) fn amount(residual: &Residual, settled: bool) -> String {
    let of = |beyond: &Beyond| match &beyond.what {
        What::Lines(lines) if settled => lines.settled,
        What::Lines(lines) => lines.beyond,
        _ => (0, 0),
    };
    let (added, removed) = residual.files.iter().map(of).fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
    let lines = |number| count(number, "line", "lines");
    let how = match (added, removed) {
        (0, 0) => return format!("a change of {}", files(residual, settled)),
        (added, 0) => format!("{} added", lines(added)),
        (0, removed) => format!("{} taken out", lines(removed)),
        (added, removed) => format!("{} added and {} taken out", lines(added), lines(removed)),
    };
    format!("{how} in {}", files(residual, settled))
}

/// The files, in words.
pub(super) fn files(residual: &Residual, settled: bool) -> String {
    let wanted = |beyond: &&Beyond| if settled { beyond.settles() } else { beyond.goes_beyond() };
    let paths: Vec<String> = residual.files.iter().filter(wanted).map(|beyond| safe(&beyond.path)).collect();
    let all = paths.len() + if settled { 0 } else { residual.more };
    match paths.as_slice() {
        [one] if all == 1 => one.clone(),
        [one, other] if all == 2 => format!("{one} and {other}"),
        _ => count(all, "file", "files"),
    }
}

/// The places: each line, up to a number of them, and what cannot be shown by lines in words.
pub(super) fn labels(residual: &Residual, words: &str, settled: bool) -> Vec<Label> {
    let mut labels = Vec::new();
    let (mut left, mut others) = (LINES, FILES);
    for beyond in residual.files.iter().filter(|one| if settled { one.settles() } else { one.goes_beyond() }) {
        if let What::Lines(Lines { shown: Some(shown), .. }) = &beyond.what {
            for run in shown.runs.iter().filter(|run| run.conflict == settled) {
                add_run(shown, run, words, &mut left, &mut labels);
            }
        }
        if let Some(text) = other(&beyond.what).filter(|_| others > 0) {
            others -= 1;
            let source = SourceText::titled(&beyond.path, safe(&beyond.path), format!("{text}\n"));
            let span = Span::new(0, source.text().len() - 1);
            labels.push(Label { place: Place::Text(source, span), text: words.to_owned(), primary: false });
        }
    }
    labels
}

fn add_run(shown: &Shown, run: &Run, words: &str, left: &mut usize, labels: &mut Vec<Label>) {
    let (source, first, number, word) = if run.added > 0 {
        let before = match run.removed {
            0 => String::new(),
            // A conflict has marks, which are lines of nobody's.
            _ if run.conflict => String::new(),
            removed => format!(", in place of {}", count(removed, "line", "lines")),
        };
        (&shown.landed, run.new, run.added, format!("{words}{before}"))
    } else {
        (&shown.given, run.old, run.removed, format!("taken out: {words}"))
    };
    for at in 0..number.min(*left) {
        let Some(line) = source.line(first + at) else { continue };
        // The words stand once at the last line of a run; above it, the lines are only underlined.
        let last = at + 1 == number.min(*left);
        let more = number - (at + 1);
        let text = match (last, more) {
            (false, _) => String::new(),
            (true, 0) => word.clone(),
            (true, more) => format!("{word}, and {} more", count(more, "line", "lines")),
        };
        labels.push(Label { place: Place::Text(std::sync::Arc::clone(source), line), text, primary: false });
    }
    *left -= number.min(*left);
}

/// What differs about a file that lines do not show.
fn other(what: &What) -> Option<String> {
    let size = |size: &Option<usize>| size.map_or_else(|| "no file".to_owned(), |size| count(size, "byte", "bytes"));
    let module = |id: &Option<Oid>| id.map_or_else(|| "no submodule".to_owned(), |id| format!("commit {}", id.short()));
    let modes = |before: u32, after: u32| format!("mode {before:o} -> {after:o}");
    match what {
        What::Lines(lines) => lines.mode.map(|(before, after)| modes(before, after)),
        What::Content { before, after, .. } => Some(format!("{} -> {}", size(before), size(after))),
        What::Submodule(before, after) => Some(format!("submodule: {} -> {}", module(before), module(after))),
        What::Mode(before, after) => Some(modes(*before, *after)),
        What::Renamed(from) => Some(format!("renamed from {}", safe(from))),
    }
}
