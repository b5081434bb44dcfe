//! Annotations of GitHub: commands that a workflow runner takes from standard output.

use std::fmt::Write;

use super::entry::{Entry, Report, counted};
use crate::findings::finding::Severity;

/// A runner shows no more of each level in one step.
const MOST: usize = 10;

/// Characters that it shows of a message.
const LONGEST: usize = 4000;

/// The commands, gravest first. What a runner would drop is listed in plain lines before them, and the last annotation
/// of the level says how many there are.
#[must_use]
pub fn annotations(report: &Report<'_>) -> String {
    let entries = report.entries();
    let (mut plain, mut commands) = (counted(report.ledger) + "\n", String::new());
    plain.extend(report.remarks().into_iter().map(|line| line + "\n"));
    for (severity, command) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "notice")]
    {
        let of_level: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.level() == severity).collect();
        let shown = if of_level.len() > MOST { MOST - 1 } else { of_level.len() };
        for entry in &of_level[..shown] {
            commands.push_str(&annotation(command, entry));
        }
        let more = of_level.len() - shown;
        if more > 0 {
            let _ = writeln!(plain, "{more} of {} without an annotation, level {command}:", of_level.len());
            for entry in &of_level[shown..] {
                let _ =
                    writeln!(plain, "  {}:{}: {}: {}", entry.path(), entry.spot.line, entry.rule, entry.with_commit());
            }
            let _ = writeln!(
                commands,
                "::{command} title=tickmark::{more} more of {}. They are listed in the log of this step.",
                of_level.len()
            );
        }
    }
    plain + &commands
}

fn annotation(command: &str, entry: &Entry<'_>) -> String {
    let text =
        if entry.help.is_empty() { entry.with_commit() } else { format!("{}\n{}", entry.with_commit(), entry.help) };
    let text: String = text.chars().take(LONGEST).collect();
    format!(
        "::{command} file={},line={},col={},title={}::{}\n",
        property(&entry.path()),
        entry.spot.line,
        entry.spot.column,
        property(entry.rule),
        data(&text)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
