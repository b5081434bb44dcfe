//! Requests as the YAML of a file of the register `changes`. The same requests are always the same bytes.

use std::fmt::Write;

use super::{Forge, Request, Review};
use crate::text::is_unsafe_to_show;

/// Characters that a title may have; it is there to be recognised.
const LONGEST_TITLE: usize = 200;

/// What stands above the records of a file.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    /// The forge.
    pub forge: Forge,
    /// The project.
    pub project: &'a str,
    /// SHA-256 of each file of the export, in small hexadecimal digits.
    pub sha256: &'a [String],
    /// The program that imports, with its version.
    pub importer: &'a str,
}

/// A file of these requests.
#[must_use]
pub fn text(header: Header<'_>, requests: &[&Request]) -> String {
    let mut out = String::from(
        "# Requests that were merged, as the forge told of them when they were exported. These records are sealed: an\n\
         # import adds files and changes none, and whoever changes this one is one of its writers from then on.\n",
    );
    let fields = [
        ("project", header.project.to_owned()),
        ("source", header.forge.names().0.to_owned()),
        ("sha256", header.sha256.join(" ")),
        ("importer", header.importer.to_owned()),
    ];
    for (name, value) in fields {
        let _ = writeln!(out, "{name}: {}", quoted(&value));
    }
    let _ = writeln!(out, "row_count: {}\nrecords:", requests.len());
    for request in requests {
        record(&mut out, request);
    }
    out
}

fn record(out: &mut String, request: &Request) {
    let _ = writeln!(out, "  - id: {}", quoted(&request.id));
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "    {name}: {value}");
        }
    };
    let text = |value: &Option<String>| value.as_deref().map(quoted);
    line("number", request.number.map(|number| number.to_string()));
    line("title", Some(title(&request.title)).filter(|title| !title.is_empty()).map(|title| quoted(&title)));
    line("author", text(&request.author));
    line("authors", list(&request.authors));
    line("created_at", request.created_at.map(|at| at.to_string()));
    line("branch", text(&request.branch));
    line("head_branch", text(&request.head_branch));
    line("status", Some("merged".to_owned()));
    line("merged_at", request.merged_at.map(|at| at.to_string()));
    line("merged_by", text(&request.merged_by));
    line("merge_sha", text(&request.merge_sha));
    line("squash_sha", text(&request.squash_sha).filter(|_| request.squash_sha != request.merge_sha));
    line("head_sha", text(&request.head_sha));
    let cut_off: Vec<String> = request.cut_off.iter().map(|part| (*part).to_owned()).collect();
    line("cut_off", list(&cut_off));
    line("labels", list(&request.labels));
    line("url", text(&request.url).filter(|_| request.url.as_ref() != Some(&request.id)));
    match request.reviews.as_deref().unwrap_or_default() {
        [] => out.push_str("    approvals: []\n"),
        reviews => {
            out.push_str("    approvals:\n");
            reviews.iter().for_each(|review| approval(out, review));
        }
    }
}

fn approval(out: &mut String, review: &Review) {
    let by = Some(&review.by).filter(|by| !by.is_empty()).map(|by| format!("by: {}", quoted(by)));
    let sha = review.sha.as_ref().map(|sha| format!("sha: {}", quoted(sha)));
    let lost = review.is_lost.then(|| "tie: lost".to_owned());
    let state = Some(format!("state: {}", review.said.word()));
    let fields = [by, review.at.map(|at| format!("at: {at}")), sha, lost, state];
    let fields: Vec<String> = fields.into_iter().flatten().collect();
    let _ = writeln!(out, "      - {{ {} }}", fields.join(", "));
}

fn list(items: &[String]) -> Option<String> {
    let quoted: Vec<String> = items.iter().map(|item| quoted(item)).collect();
    (!quoted.is_empty()).then(|| format!("[{}]", quoted.join(", ")))
}

/// A title in one line, not too long.
fn title(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_TITLE).collect()
}

/// A text between quotes, as YAML reads it. Nothing in it can end the quotes, break the line, or steer a terminal.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            _ if is_unsafe_to_show(character) => {
                let _ = write!(out, "\\U{:08x}", u32::from(character));
            }
            // What has no meaning in YAML, and may not stand in it as it is.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_the_quotes() {
        assert_eq!(quoted("a\"b\\c\nd\u{1b}[31m\u{202e}"), "\"a\\\"b\\\\c\\nd\\U0000001b[31m\\U0000202e\"");
        assert_eq!(quoted("#: {a}, é"), "\"#: {a}, é\"");
    }
}
