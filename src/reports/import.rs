//! What an import did, for people.

use std::fmt::Write;

use crate::findings::imported::Imported;
use crate::text::safe;

/// Notes that are shown; more say nothing new.
const MOST: usize = 50;

/// How many requests there were and what became of them, then what could not be bound.
#[must_use]
pub fn lines(imported: &Imported) -> String {
    let mut out = String::new();
    let new: usize = imported.written.iter().map(|(_, count)| count).sum();
    let refused = imported.requests.saturating_sub(new + imported.known);
    let _ = write!(out, "{} that {} merged", requests(imported.requests), was(imported.requests));
    let _ = write!(out, ": {new} new, {} recorded before", imported.known);
    if refused > 0 {
        let _ = write!(out, ", {refused} at odds with {} record", if refused == 1 { "its" } else { "their" });
    }
    let _ = match imported.not_merged {
        0 => writeln!(out),
        open => writeln!(out, "; {} not merged", requests(open)),
    };
    for (path, count) in &imported.written {
        let records = if *count == 1 { "record" } else { "records" };
        let _ = writeln!(out, "wrote {} ({count} {records})", safe(path));
    }
    if imported.written.is_empty() {
        out.push_str("nothing was written\n");
    }
    if !imported.notes.is_empty() {
        out.push_str("\nnot bound, or not whole:\n");
    }
    for note in imported.notes.iter().take(MOST) {
        let _ = match note.about.as_str() {
            "" => writeln!(out, "  {}", safe(&note.what)),
            about => writeln!(out, "  {}: {}", safe(about), safe(&note.what)),
        };
    }
    if imported.notes.len() > MOST {
        let _ = writeln!(out, "  and {} more", imported.notes.len() - MOST);
    }
    if !imported.written.is_empty() {
        out.push_str("\nNext: let somebody who is none of the authors commit it, then tickmark check\n");
    }
    out
}

fn requests(number: usize) -> String {
    format!("{number} request{}", if number == 1 { "" } else { "s" })
}

const fn was(number: usize) -> &'static str {
    if number == 1 { "was" } else { "were" }
}
