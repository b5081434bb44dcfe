//! Whether a text is JSON (RFC 8259), and where it is not. Nothing is built, and nothing calls itself.

use memchr::memchr2;

use super::super::MAX_DEPTH;
use crate::text::{Span, shown};

/// What is wrong with a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The place, the message, the label and the help.
    Invalid(Span, String, &'static str, &'static str),
    /// Nested too deep, at this bracket.
    TooDeep(Span),
    /// There is no value; where one would stand.
    Missing(usize),
}

type Checked<T> = Result<T, Trouble>;

/// Checks that behind an offset stands one value and nothing else. Gives the offset of its first byte.
pub(super) fn check(text: &str, at: usize) -> Checked<usize> {
    let mut checker = Checker { text, at, open: Vec::new() };
    checker.blanks();
    let start = checker.at;
    if checker.byte().is_none() {
        return Err(Trouble::Missing(start));
    }
    checker.value()?;
    checker.blanks();
    if checker.byte().is_some() {
        let help = "a file with a document on each line is named `.jsonl`";
        return Err(checker.here("text follows the end of the document", "behind the end", help));
    }
    Ok(start)
}

struct Checker<'t> {
    text: &'t str,
    at: usize,
    /// The brackets that are open: where, and whether it is a mapping.
    open: Vec<(usize, bool)>,
}

impl Checker<'_> {
    /// A whole value, with everything in it.
    fn value(&mut self) -> Checked<()> {
        loop {
            self.blanks();
            match self.byte() {
                Some(bracket @ (b'{' | b'[')) => {
                    if self.opened(bracket == b'{')? {
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(_) => self.word()?,
                None => return Err(self.ended()),
            }
            if self.closed()? {
                return Ok(());
            }
        }
    }

    /// An opening bracket. Whether a value comes next; otherwise it was closed at once.
    fn opened(&mut self, mapping: bool) -> Checked<bool> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Trouble::TooDeep(Span::new(self.at, self.at + 1)));
        }
        self.open.push((self.at, mapping));
        self.at += 1;
        self.blanks();
        if self.byte() == Some(if mapping { b'}' } else { b']' }) {
            self.open.pop();
            self.at += 1;
            return Ok(false);
        }
        if mapping {
            self.key()?;
        }
        Ok(true)
    }

    /// What follows a value: commas and closing brackets, up to the next value. Whether the whole value is closed.
    fn closed(&mut self) -> Checked<bool> {
        while let Some(&(_, mapping)) = self.open.last() {
            self.blanks();
            match (self.byte(), mapping) {
                (Some(b'}'), true) | (Some(b']'), false) => {
                    self.open.pop();
                    self.at += 1;
                }
                (Some(b','), _) => {
                    self.at += 1;
                    self.blanks();
                    if matches!(self.byte(), Some(b'}' | b']')) {
                        return Err(self.here("a comma must be followed by another value", "nothing before this", ""));
                    }
                    if mapping {
                        self.key()?;
                    }
                    return Ok(false);
                }
                (Some(_), true) => return Err(self.here("`,` or `}` is expected here", "not expected here", "")),
                (Some(_), false) => return Err(self.here("`,` or `]` is expected here", "not expected here", "")),
                (None, _) => return Err(self.ended()),
            }
        }
        Ok(true)
    }

    fn key(&mut self) -> Checked<()> {
        match self.byte() {
            Some(b'"') => self.string()?,
            Some(_) => return Err(self.here("a key in double quotes is expected here", "not expected here", "")),
            None => return Err(self.ended()),
        }
        self.blanks();
        match self.byte() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.here("`:` is expected here, behind a key", "not expected here", "")),
            None => return Err(self.ended()),
        }
        Ok(())
    }

    fn string(&mut self) -> Checked<()> {
        let open = self.at;
        self.at += 1;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let Some(found) = memchr2(b'"', b'\\', rest) else {
                self.controls(open, self.text.len())?;
                return Err(never_closed(open));
            };
            let end = self.at + found;
            self.controls(open, end)?;
            self.at = end;
            if self.byte() == Some(b'"') {
                self.at += 1;
                return Ok(());
            }
            self.escape(open)?;
        }
    }

    /// That no control character stands between here and `end`, in a text that is opened at `open`.
    fn controls(&self, open: usize, end: usize) -> Checked<()> {
        let Some(found) = self.text.as_bytes()[self.at..end].iter().position(|byte| *byte < 0x20) else {
            return Ok(());
        };
        let at = self.at + found;
        let place = Span::new(at, at + 1);
        if matches!(self.text.as_bytes()[at], b'\n' | b'\r') {
            let help = "close it, or write the line break as `\\n`";
            let place = Span::new(open, open + 1);
            let message = "a quotation mark is opened but not closed on its line";
            return Err(invalid(place, message, "not closed on this line", help));
        }
        let message = format!("the control character U+{:04X} stands in a text", self.text.as_bytes()[at]);
        Err(invalid(place, message, "not allowed in JSON", "write it as an escape such as `\\t` or `\\u001b`"))
    }

    /// An escape in a text that is opened at `open`; half of a pair of surrogates is none.
    fn escape(&mut self, open: usize) -> Checked<()> {
        let start = self.at;
        match self.text.as_bytes().get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                return Ok(());
            }
            Some(b'u') => {}
            Some(_) => {
                let width = self.text[start + 1..].chars().next().map_or(0, char::len_utf8);
                let place = Span::new(start, start + 1 + width);
                let help = "write `\\\\` for a backslash";
                let message = "`\\` starts an escape, and this one does not exist";
                return Err(invalid(place, message, "unknown escape", help));
            }
            None => return Err(never_closed(open)),
        }
        let unit = self.unit(start)?;
        self.at = start + 6;
        match unit {
            0xd800..=0xdbff => match self.text.get(self.at..self.at + 2) {
                Some("\\u") if (0xdc00..=0xdfff).contains(&self.unit(self.at)?) => {
                    self.at += 6;
                    Ok(())
                }
                _ => Err(half(start)),
            },
            0xdc00..=0xdfff => Err(half(start)),
            _ => Ok(()),
        }
    }

    /// The number that the escape `\uXXXX` at an offset names.
    fn unit(&self, at: usize) -> Checked<u32> {
        let digits = self.text.get(at + 2..at + 6).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or_else(|| {
            let place = Span::new(at, at + 2);
            invalid(place, "`\\u` is followed by four hexadecimal digits", "not four digits behind this", "")
        })
    }

    fn number(&mut self) -> Checked<()> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let whole = self.at;
        let mut right = self.digits() && (self.text.as_bytes()[whole] != b'0' || self.at == whole + 1);
        if self.byte() == Some(b'.') {
            self.at += 1;
            right &= self.digits();
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            right &= self.digits();
        }
        if right && !self.byte().is_some_and(is_of_word) {
            return Ok(());
        }
        while self.byte().is_some_and(is_of_word) {
            self.at += 1;
        }
        let place = Span::new(start, self.at);
        let message = format!("{} is no number", shown(&self.text[start..self.at]));
        Err(invalid(place, message, "not a number of JSON", "put it in quotes if it is an identifier"))
    }

    /// Skips digits; whether there were any.
    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at > start
    }

    /// `true`, `false` or `null`.
    fn word(&mut self) -> Checked<()> {
        let start = self.at;
        while self.byte().is_some_and(is_of_word) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        if matches!(word, "true" | "false" | "null") {
            return Ok(());
        }
        if word.is_empty() {
            return Err(self.here("a value is expected here", "not expected here", ""));
        }
        let message = format!("{} is no value of JSON", shown(word));
        let help = "a text stands in double quotes; the only words without are true, false and null";
        Err(invalid(Span::new(start, self.at), message, "not expected here", help))
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Trouble with the character here, which is the first of one: only ASCII was passed, or whole texts.
    fn here(&self, message: &str, label: &'static str, help: &'static str) -> Trouble {
        let width = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        invalid(Span::new(self.at, self.at + width), message, label, help)
    }

    /// Trouble with the end of the text: what is open is what is wrong.
    fn ended(&self) -> Trouble {
        let Some(&(at, mapping)) = self.open.last() else {
            return self.here("the text ends where a value is expected", "the text ends here", "");
        };
        let message = format!("`{}` is opened but never closed", if mapping { '{' } else { '[' });
        invalid(Span::new(at, at + 1), message, "never closed", "the text may have been cut off")
    }
}

fn invalid(place: Span, message: impl Into<String>, label: &'static str, help: &'static str) -> Trouble {
    Trouble::Invalid(place, message.into(), label, help)
}

fn never_closed(open: usize) -> Trouble {
    invalid(Span::new(open, open + 1), "a quotation mark is opened but never closed", "never closed", "")
}

fn half(at: usize) -> Trouble {
    let place = Span::new(at, at + 6);
    invalid(place, "this escape is half of a pair of surrogates, and no character", "without its other half", "")
}

/// Whether a byte goes on with a number or word, so that all of it is shown at once.
fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-' | b'.')
}
