//! Values of the document as the page shows them. Each stands in an element that says where in the document it comes
//! from: `data-at` is a JSON pointer, from the nearest `data-of` around it where it does not begin with `/`. So a test
//! holds every number of the page against the document.

use std::fmt::Display;

use maud::{Markup, html};

use crate::facts::calendar::{Day, Period};
use crate::text::safe;

/// Texts of more bytes than this are shown in a frame of their own, so that one of them does not fill the page.
const LONG: usize = 600;

/// A whole number.
pub(super) fn number(at: &str, value: impl Display) -> Markup {
    html! { data data-at=(at) value=(value) { (value) } }
}

/// A whole number that is the sum of several of the document.
pub(super) fn sum(parts: &str, value: usize) -> Markup {
    html! { data data-sum=(parts) value=(value) { (value) } }
}

/// A number with the word that belongs to it: `1 change`, `2 changes`.
pub(super) fn counted(at: &str, value: usize, (one, more): (&str, &str)) -> Markup {
    html! { (number(at, value)) " " (if value == 1 { one } else { more }) }
}

/// Words that somebody else wrote: cleaned, escaped, and kept apart from the direction in which the page runs.
pub(super) fn words(at: &str, text: &str) -> Markup {
    html! { bdi data-at=(at) class=[(text.len() > LONG).then_some("long")] { (safe(text)) } }
}

/// A name that is typed: a path, a rule, a digest.
pub(super) fn code(at: &str, text: &str) -> Markup {
    html! { code data-at=(at) { (safe(text)) } }
}

/// A sentence or a heading that begins with a capital letter, whatever the document writes.
pub(super) fn sentence(at: &str, text: &str) -> Markup {
    let text = safe(text);
    let mut rest = text.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    html! { bdi data-at=(at) class="sentence" { (first) (rest.as_str()) } }
}

/// A day.
pub(super) fn day(at: &str, day: Day) -> Markup {
    html! { time data-at=(at) datetime=(day) { (day) } }
}

/// A day that may be missing.
pub(super) fn day_or(at: &str, known: Option<Day>, otherwise: &str) -> Markup {
    known.map_or_else(|| html! { (otherwise) }, |known| day(at, known))
}

/// An instant (RFC 3339), the parts of which people read more easily apart.
pub(super) fn instant(at: &str, text: &str) -> Markup {
    let apart = safe(text).replacen('T', " ", 1).replacen('Z', " UTC", 1);
    html! { time data-at=(at) datetime=(text) { (apart) } }
}

/// Where something stands: a path, a commit, or a path as it stood in a commit. Of the name of a commit people read the
/// first digits; the whole of it stands beside them.
pub(super) fn place(at: &str, source: &str) -> Markup {
    let source = safe(source);
    let shown = match source.split_once(':') {
        Some((commit, path)) if is_commit(commit) => format!("{path} at {}", &commit[..SHOWN]),
        _ => match source.strip_prefix("commit ") {
            Some(commit) if is_commit(commit) => format!("commit {}", &commit[..SHOWN]),
            _ => source.clone(),
        },
    };
    html! { code data-at=(at) data-value=(source) title=(source) { (shown) } }
}

/// Digits of the name of a commit that are shown.
const SHOWN: usize = 10;

fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A period, in words where it has no beginning or no end. `at` is where the period stands.
pub(super) fn period(at: &str, period: Period) -> Markup {
    let (from, to) = (format!("{at}/from"), format!("{at}/to"));
    match (period.from, period.to) {
        (Some(first), Some(last)) => html! { (day(&from, first)) " to " (day(&to, last)) },
        (Some(first), None) => html! { (day(&from, first)) " and after" },
        (None, Some(last)) => html! { (day(&to, last)) " and before" },
        (None, None) => html! { "all of the time" },
    }
}

/// The first and the last day of something.
pub(super) fn days(at: (&str, &str), known: (Option<Day>, Option<Day>)) -> Option<Markup> {
    let (first, last) = known.0.zip(known.1)?;
    Some(match first == last {
        true => day(at.0, first),
        false => html! { (day(at.0, first)) " to " (day(at.1, last)) },
    })
}

/// A row of a table, and where in the document its values stand.
pub(super) struct Row {
    /// The base of the pointers in it; that of the table where there is none.
    pub(super) of: Option<String>,
    /// Its cells; the first one is its head.
    pub(super) cells: Vec<Markup>,
}

/// A table with a caption; where the page is narrow, each row becomes a block in which each cell says what it is.
pub(super) fn table(caption: &Markup, heads: &[&str], rows: &[Row]) -> Markup {
    html! {
        table {
            caption { (caption) }
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody {
                @for row in rows {
                    tr data-of=[&row.of] {
                        @for (at, (cell, head)) in row.cells.iter().zip(heads).enumerate() {
                            @if at == 0 { th scope="row" { (cell) } }
                            @else { td data-label=(head) { div { (cell) } } }
                        }
                    }
                }
            }
        }
    }
}
