//! The trail of each change, for people: one line a change, and what blocks.

use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::trail_json::Summary;
use crate::facts::approval::trail::{Change, Trail, Verdict};
use crate::text::safe;

/// Changes that are named below a table; the rows have all of them.
const MOST: usize = 20;

/// The table of a trail, at most `width` columns wide. `range` says in words what was asked for.
#[must_use]
pub fn table(trail: &Trail, range: &str, width: usize) -> String {
    let mut out = String::new();
    out.push_str(&wrapped(&safe(range), " ", width));
    out.push('\n');
    for change in &trail.changes {
        let _ = writeln!(out, "{}", row(change, width));
    }
    if !trail.changes.is_empty() {
        out.push('\n');
    }
    out.push_str(&wrapped(&total(&Summary::count(&trail.changes)), "; ", width));
    let blocking = trail.changes.iter().filter(|change| change.verdict != Verdict::Approved);
    let names: Vec<String> = blocking.map(|change| change.commit.short()).collect();
    if let Some(first) = names.first() {
        let more = names.len().saturating_sub(MOST);
        let mut blocked = names[..names.len().min(MOST)].join(", ");
        if more > 0 {
            let _ = write!(blocked, ", and {more} more");
        }
        out.push_str(&wrapped(&format!("not approved: {blocked}"), ", ", width));
        let _ = writeln!(out, "look at one: git show {first}");
    }
    for gap in &trail.gaps {
        let _ = writeln!(out, "\nnot read whole: {}\n  mend it: {}", safe(&gap.what), safe(&gap.mend));
    }
    out
}

fn row(change: &Change, width: usize) -> String {
    let (mark, words) = match change.verdict {
        Verdict::Approved => ("✓", names(change, true)),
        Verdict::SelfApproved => ("✗", format!("only its author, {}", names(change, false))),
        Verdict::Unevidenced => ("?", "request, no approver recorded".to_owned()),
        Verdict::Unapproved => ("✗", "no request, no approval".to_owned()),
        Verdict::Untestable => ("!", "could not be read".to_owned()),
    };
    let day = change.landed_at.local().strftime("%Y-%m-%d").to_string();
    let left = format!("{mark} {} {day} ", change.commit.short());
    let room = width.saturating_sub(left.width());
    // Two fifths for who, the rest for what; a short one leaves its room to the other.
    let words = cut(&safe(&words), room * 2 / 5);
    let subject = cut(&safe(&change.subject), room.saturating_sub(words.width() + 2));
    let gap = " ".repeat(room.saturating_sub(subject.width() + words.width()));
    format!("{left}{subject}{gap}{words}")
}

fn names(change: &Change, independent: bool) -> String {
    let mut names: Vec<&str> = Vec::new();
    for approval in change.approvals.iter().filter(|approval| approval.counts() && approval.independent == independent)
    {
        if !names.contains(&approval.by.label()) {
            names.push(approval.by.label());
        }
    }
    names.join(", ")
}

fn total(summary: &Summary) -> String {
    let mut parts = vec![format!("{} of {} changes approved", summary.approved, summary.changes)];
    for (count, what) in [
        (summary.self_approved, "only by an author"),
        (summary.unevidenced, "with a request but no approver recorded"),
        (summary.unapproved, "without request or approval"),
        (summary.untestable, "that could not be read"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    parts.join("; ")
}

/// A text in lines of some columns, broken behind a mark where it can be.
pub(super) fn wrapped(text: &str, mark: &str, width: usize) -> String {
    let (mut out, mut line) = (String::new(), String::new());
    for part in text.split_inclusive(mark) {
        if !line.is_empty() && line.width() + part.trim_end().width() > width {
            let _ = writeln!(out, "{}", line.trim_end());
            line = "  ".to_owned();
        }
        line.push_str(part);
    }
    let _ = writeln!(out, "{line}");
    out
}

/// As much of a text as fits into some columns; an ellipsis stands for the rest.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or_default();
        if used > columns {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}
