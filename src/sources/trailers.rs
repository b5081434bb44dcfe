//! The parts of a commit message: subject, body and trailers, each with its place.
//!
//! Git itself takes the last paragraph for a trailer block only if all of it, or a quarter of it beside a line that Git
//! generated, are trailers. One other line glued under them makes the whole block vanish, so a lenient reading of the
//! last paragraph stands beside the strict one, and every trailer says which reading saw it.

use memchr::memchr;

use crate::text::Span;

/// Which reading of the last paragraph saw a trailer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// Git's own: `git interpret-trailers` would print it.
    Strict,
    /// Any line of the last paragraph that has the form of a trailer.
    Lenient,
}

/// One trailer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// The key, without the colon.
    pub key: Span,
    /// The value, without surrounding blanks; over several lines where it is folded.
    pub value: Span,
    /// Whether it stands above a line `(cherry picked from commit …)` and so belongs to another commit.
    pub inherited: bool,
}

/// A commit message, cut into its parts.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// The whole message.
    pub text: &'a str,
    /// First paragraph: one line, in nearly every commit.
    pub subject: Span,
    /// Everything behind the subject.
    pub body: Span,
    /// Trailers of the last paragraph, in order.
    pub trailers: Vec<Trailer>,
    /// The reading that saw them.
    pub reading: Reading,
    /// Where the last paragraph says that the commit was picked from another one. What stands above belongs to that.
    pub picked: Option<usize>,
}

impl<'a> Message<'a> {
    /// Cuts a message into its parts.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let lines: Vec<Line<'a>> = Lines { text, at: 0 }.collect();
        let first = lines.iter().position(|line| !line.is_blank()).unwrap_or(lines.len());
        let after = lines[first..].iter().position(Line::is_blank).map_or(lines.len(), |found| first + found);
        let subject = match (lines.get(first), after.checked_sub(1).and_then(|last| lines.get(last))) {
            (Some(start), Some(end)) if after > first => Span::new(start.start, end.end()),
            _ => Span::new(text.len(), text.len()),
        };
        let body = Span::new(lines.get(after).map_or(text.len(), |line| line.start), text.len());
        let mut message = Self { text, subject, body, trailers: Vec::new(), reading: Reading::Strict, picked: None };
        let rest = &lines[after..];
        let end = log_message_end(rest);
        let picked = last_paragraph(&rest[..end]).iter().rfind(|line| line.text.starts_with(CHERRY_PICK));
        message.picked = picked.map(|line| line.start);
        if let Some(start) = strict_block(&rest[..end]) {
            message.trailers = collect(text, &rest[start..end]);
        } else {
            message.reading = Reading::Lenient;
            message.trailers = collect(text, last_paragraph(&rest[..end]));
        }
        message
    }

    /// The text of a span of this message.
    #[must_use]
    pub fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}

/// One line: where it starts, and its text without the line break.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

impl Line<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn is_blank(&self) -> bool {
        self.text.trim_ascii().is_empty()
    }

    fn is_indented(&self) -> bool {
        self.text.starts_with([' ', '\t'])
    }
}

struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let rest = &self.text[start..];
        let length = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.at = start + length + 1;
        let line = &rest[..length];
        Some(Line { start, text: line.strip_suffix('\r').unwrap_or(line) })
    }
}

const CHERRY_PICK: &str = "(cherry picked from commit ";

/// Position of the colon of a trailer, where the line begins as one does.
fn separator(line: &str) -> Option<usize> {
    let mut blank_seen = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b':' => return (at > 0).then_some(at),
            b'-' if !blank_seen => {}
            _ if !blank_seen && byte.is_ascii_alphanumeric() => {}
            b' ' | b'\t' if at > 0 => blank_seen = true,
            _ => return None,
        }
    }
    None
}

/// Number of lines before a trailing `Conflicts:` list, comments and blank lines, none of which Git counts.
fn log_message_end(lines: &[Line<'_>]) -> usize {
    let mut end = lines.len();
    let mut seen_conflicts = None;
    for (at, line) in lines.iter().enumerate() {
        if line.text.starts_with("Conflicts:") {
            seen_conflicts.get_or_insert(at);
        } else if seen_conflicts.is_some()
            && !line.text.starts_with('\t')
            && !line.text.starts_with('#')
            && !line.is_blank()
        {
            seen_conflicts = None;
        }
    }
    if let Some(at) = seen_conflicts {
        end = at;
    }
    while end > 0 && (lines[end - 1].is_blank() || lines[end - 1].text.starts_with('#')) {
        end -= 1;
    }
    end
}

/// Index of the first line of Git's own trailer block, by the rules of `git interpret-trailers`.
fn strict_block(lines: &[Line<'_>]) -> Option<usize> {
    let (mut trailers, mut others, mut continuations, mut generated) = (0_usize, 0_usize, 0_usize, false);
    for (at, line) in lines.iter().enumerate().rev() {
        if line.text.starts_with('#') {
            continue;
        }
        if line.is_blank() {
            others += continuations;
            let enough = generated && trailers * 3 >= others;
            return (enough || (trailers > 0 && others == 0)).then_some(at + 1);
        }
        if line.text.starts_with("Signed-off-by: ") || line.text.starts_with(CHERRY_PICK) {
            trailers += 1;
            continuations = 0;
            generated = true;
        } else if !line.is_indented() && separator(line.text).is_some() {
            trailers += 1;
            continuations = 0;
        } else if line.is_indented() {
            continuations += 1;
        } else {
            others += 1 + continuations;
            continuations = 0;
        }
    }
    None
}

fn last_paragraph<'l, 'a>(lines: &'l [Line<'a>]) -> &'l [Line<'a>] {
    match lines.iter().rposition(Line::is_blank) {
        Some(blank) => &lines[blank + 1..],
        None => &[],
    }
}

fn collect(text: &str, lines: &[Line<'_>]) -> Vec<Trailer> {
    let cherry = lines.iter().rposition(|line| line.text.starts_with(CHERRY_PICK));
    let mut found: Vec<Trailer> = Vec::new();
    let mut open = false;
    for (at, line) in lines.iter().enumerate() {
        if line.is_indented() {
            if let Some(last) = found.last_mut().filter(|_| open) {
                last.value.end = line.start + line.text.trim_ascii_end().len();
            }
            continue;
        }
        open = false;
        let Some(colon) = separator(line.text) else { continue };
        let key = line.text[..colon].trim_ascii_end();
        let value = &line.text[colon + 1..];
        let start = line.start + colon + 1 + (value.len() - value.trim_ascii_start().len());
        let end = line.start + line.text.trim_ascii_end().len();
        found.push(Trailer {
            key: Span::new(line.start, line.start + key.len()),
            value: Span::new(start.min(text.len()), end.max(start)),
            inherited: cherry.is_some_and(|cherry| at < cherry),
        });
        open = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trailers(text: &str) -> (Reading, Vec<(&str, &str)>) {
        let message = Message::parse(text);
        let pairs = message.trailers.iter().map(|found| (message.slice(found.key), message.slice(found.value)));
        (message.reading, pairs.collect())
    }

    #[test]
    fn a_block_of_trailers_is_strict() {
        let (reading, found) = trailers("s\n\nbody: no\n\nReviewed-By: A <a@x>\r\nRefs: 1,\n  2\n\n");
        assert_eq!(reading, Reading::Strict);
        assert_eq!(found, [("Reviewed-By", "A <a@x>"), ("Refs", "1,\n  2")]);
    }

    #[test]
    fn a_glued_line_makes_it_lenient() {
        let (reading, found) = trailers("s\n\nReviewed-by: A <a@x>\n(Merged from https://x.example/1)\n");
        assert_eq!((reading, found), (Reading::Lenient, vec![("Reviewed-by", "A <a@x>")]));
    }

    #[test]
    fn a_generated_line_and_a_quarter_are_enough() {
        assert_eq!(trailers("s\n\nx y\nz z\nSigned-off-by: A <a@x>\n").0, Reading::Strict);
        assert_eq!(trailers("s\n\na a\nx y\nz z\nw w\nSigned-off-by: A <a@x>\n").0, Reading::Lenient);
    }

    #[test]
    fn the_subject_is_never_a_trailer_and_only_the_last_paragraph_counts() {
        assert!(trailers("Reviewed-by: A <a@x>\n").1.is_empty());
        assert_eq!(trailers("s\n\nA-by: a\n\nB-by: b\n").1, [("B-by", "b")]);
    }

    #[test]
    fn what_stands_above_a_cherry_pick_is_inherited() {
        let message = Message::parse("s\n\nA-by: a\n(cherry picked from commit 0)\nB-by: b\n");
        assert_eq!(message.trailers.iter().map(|found| found.inherited).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn odd_messages_do_not_panic() {
        for text in
            ["", "\n", "\n\n\n", "s", "s\n\n:\n", "s\n\n \n", "s\n\na:", "\r\n\r\nx:y", "s\n\nConflicts:\n\tx\n"]
        {
            let message = Message::parse(text);
            assert!(message.body.end <= text.len() && message.subject.end <= text.len());
        }
    }
}
