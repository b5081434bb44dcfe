//! JSON and JSON lines. A text is first looked through for what is not JSON, without building anything; what passed is
//! then read record by record, so that a file is never in memory a second time as a whole.

mod syntax;
mod value;

use super::reading::{Reading, Words};
use super::select::{self, Among};
use super::{Layout, MAX_DEPTH};
use crate::text::Span;
use syntax::Trouble;
use value::Cursor;

const RULE: &str = "documents/invalid-json";

pub(super) fn read(reading: &mut Reading<'_>, layout: &Layout) {
    let text = reading.text();
    if layout.lines || holds_lines(reading.source.name()) {
        let mut start = reading.start();
        for line in text[start..].split_inclusive('\n') {
            read_line(reading, &text[..start + line.len()], start, layout);
            start += line.len();
        }
        return;
    }
    match syntax::check(text, reading.start()) {
        Ok(start) => select::document(reading, Cursor::new(text, start), layout, Among::None),
        Err(trouble) => fault(reading, trouble),
    }
}

fn holds_lines(name: &str) -> bool {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    end.eq_ignore_ascii_case("jsonl") || end.eq_ignore_ascii_case("ndjson")
}

/// Reads one line; `text` ends with it. What it holds is a record, or a list of records.
fn read_line(reading: &mut Reading<'_>, text: &str, start: usize, layout: &Layout) {
    if text[start..].bytes().all(|byte| byte.is_ascii_whitespace()) {
        return;
    }
    match syntax::check(text, start) {
        Ok(at) => select::document(reading, Cursor::new(text, at), layout, Among::Others),
        Err(trouble) => fault(reading, trouble),
    }
}

fn fault(reading: &mut Reading<'_>, trouble: Trouble) {
    let (rule, place, words) = match trouble {
        Trouble::Invalid(place, message, label, help) => (RULE, place, Words::new(message, label, help)),
        Trouble::TooDeep(place) => {
            let message = format!("lists and mappings are nested deeper than {MAX_DEPTH} levels");
            ("documents/too-large", place, Words::new(message, "the limit is passed here", ""))
        }
        Trouble::Missing(at) => {
            let words = Words::new("this text holds no JSON at all", "", "an empty list is written `[]`");
            (RULE, Span::new(at, at), words)
        }
    };
    reading.fault(rule, place, words);
}
