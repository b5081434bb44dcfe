//! The data at the start of a Markdown file: between fences, as most tools write it, or down to one, as some do.

use std::sync::Arc;

use crate::error::Fault;
use crate::text::{SourceText, Span};

/// The YAML at the start of a text, without its fences, and where the Markdown begins.
///
/// A line `---` at the start can also be a rule across the page. It opens front matter if another one follows; if
/// none does but the next line is a key, the front matter was left open, and what it says would be lost. Without it, a
/// line `---` below a line of words makes a heading of them, so only what has two keys at least is data.
pub(super) fn front_matter(source: &Arc<SourceText>) -> Result<(Option<Span>, usize), Fault> {
    let text = source.text();
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = text[mark..].split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else {
        return Ok(unopened(text, mark).map_or((None, mark), |(data, body)| (Some(data), body)));
    };
    let start = mark + first.len();
    let mut at = start;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return Ok((Some(Span::new(start, at)), at + line.len()));
        }
        at += line.len();
    }
    if text[start..].lines().next().is_some_and(is_key) {
        let message = "the front matter is opened here but never closed".to_owned();
        let help = "write `---` on a line of its own behind it";
        let place = Span::new(mark, mark + 3);
        return Err(fault(source, "documents/invalid-front-matter", place, message, "never closed", help));
    }
    Ok((None, mark))
}

/// Front matter without an opening fence, and where the Markdown behind it begins.
fn unopened(text: &str, start: usize) -> Option<(Span, usize)> {
    let mut at = start;
    let mut keys = 0;
    for line in text[start..].split_inclusive('\n') {
        let written = line.trim_end();
        if written == "---" {
            return (keys > 1).then_some((Span::new(start, at), at + line.len()));
        }
        match written.as_bytes().first() {
            // What belongs to the key above.
            Some(b' ' | b'\t' | b'-' | b'#') if keys > 0 => {}
            None if keys > 0 => {}
            _ if is_key(written) => keys += 1,
            _ => return None,
        }
        at += line.len();
    }
    None
}

/// Whether a line is a key, with a value or without.
fn is_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, rest)| {
        let word = |character: char| character.is_alphanumeric() || "-_".contains(character);
        !key.is_empty() && key.chars().all(word) && (rest.is_empty() || rest.starts_with(' '))
    })
}

/// A fault of a Markdown text.
pub(super) fn fault(
    source: &Arc<SourceText>,
    rule: &'static str,
    span: Span,
    message: String,
    label: &str,
    help: &str,
) -> Fault {
    let help = (!help.is_empty()).then(|| help.to_owned());
    Fault { rule, message, label: label.to_owned(), help, source: Arc::clone(source), span, other: None }
}
