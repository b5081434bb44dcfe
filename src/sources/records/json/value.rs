//! Values of a text that is known to be JSON, found and built as they are asked for.

use std::borrow::Cow;

use memchr::memchr2;

use super::super::reading::{Reading, Words};
use super::super::select::{Entry, Kind, Node};
use super::super::{MAX_DEPTH, MAX_FAULTS, MAX_VALUES, RawField, RawValue};
use crate::text::{Span, shown};

/// A value of a text that [`super::syntax::check`] passed.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    /// The value that begins at an offset.
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    fn byte(self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn behind_blanks(self, mut at: usize) -> usize {
        while matches!(self.byte(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }

    /// Offset behind the closing quote of a text that is opened at an offset.
    fn string_end(self, open: usize) -> usize {
        let mut at = open + 1;
        while let Some(found) = memchr2(b'"', b'\\', self.text.as_bytes().get(at..).unwrap_or_default()) {
            at += found;
            if self.byte(at) == Some(b'"') {
                return at + 1;
            }
            at += 2;
        }
        self.text.len()
    }

    /// Offset behind the value.
    fn end(self) -> usize {
        let (mut at, mut depth) = (self.at, 0_usize);
        loop {
            match self.byte(at) {
                Some(b'"') => at = self.string_end(at),
                Some(b'{' | b'[') => {
                    depth += 1;
                    at += 1;
                    continue;
                }
                Some(b'}' | b']') => {
                    depth = depth.saturating_sub(1);
                    at += 1;
                }
                Some(b',' | b':' | b' ' | b'\t' | b'\n' | b'\r') => {
                    at += 1;
                    continue;
                }
                Some(_) => at = self.word_end(at),
                None => return self.text.len(),
            }
            if depth == 0 {
                return at;
            }
        }
    }

    /// Offset behind a number, `true`, `false` or `null`.
    fn word_end(self, mut at: usize) -> usize {
        while self.byte(at).is_some_and(|byte| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }

    /// Offset of the next item or key, behind the value or bracket that ends at `at`; `None` at the closing bracket,
    /// with the offset behind it.
    fn next(self, at: usize) -> Result<usize, usize> {
        let at = self.behind_blanks(at);
        match self.byte(at) {
            Some(b',') => Ok(self.behind_blanks(at + 1)),
            Some(b'}' | b']') => Err(at + 1),
            Some(_) => Ok(at),
            None => Err(at),
        }
    }

    /// The key that is written at an offset: what it says, its place, and the offset of its value.
    fn key(self, at: usize) -> (Cow<'t, str>, Span, usize) {
        let end = self.string_end(at);
        let colon = self.behind_blanks(end);
        (self.said(at, end), self.inside(at, end), self.behind_blanks(colon + 1))
    }

    fn said(self, open: usize, end: usize) -> Cow<'t, str> {
        unescaped(self.text.get(open + 1..end - 1).unwrap_or_default())
    }

    /// The place between quotes; an empty text keeps them.
    fn inside(self, open: usize, end: usize) -> Span {
        if end - open > 2 { Span::new(open + 1, end - 1) } else { Span::new(open, end) }
    }
}

impl Node for Cursor<'_> {
    fn kind(self) -> Kind {
        match self.byte(self.at) {
            Some(b'{') => Kind::Mapping,
            Some(b'[') => Kind::List,
            Some(b'n') | None => Kind::Nothing,
            Some(_) => Kind::Scalar,
        }
    }

    fn place(self) -> Span {
        let end = self.end();
        if self.byte(self.at) == Some(b'"') { self.inside(self.at, end) } else { Span::new(self.at, end) }
    }

    fn items(self, each: &mut dyn FnMut(Self) -> bool) {
        let mut behind = self.at + 1;
        while let Ok(at) = self.next(behind) {
            let item = Cursor { at, ..self };
            if !each(item) {
                return;
            }
            behind = item.end();
        }
    }

    fn entries(self, reading: &mut Reading<'_>) -> Option<Vec<Entry<Self>>> {
        let mut entries = Vec::new();
        let mut behind = self.at + 1;
        while let Ok(at) = self.next(behind) {
            let (name, name_place, start) = self.key(at);
            if entries.len() >= MAX_VALUES {
                too_many(reading, name_place, "a mapping", "keys");
                return None;
            }
            let value = Cursor { at: start, ..self };
            entries.push(Entry { name: reading.name(&name), name_place, value });
            behind = value.end();
        }
        let keys = entries.iter().map(|entry| (&*entry.name, entry.name_place)).collect();
        (!duplicates(reading, keys)).then_some(entries)
    }

    fn value(self, reading: &mut Reading<'_>) -> Option<RawValue> {
        let mut builder = Builder { reading, from: self, count: 0, whole: true };
        let value = builder.build(self.at, 0).map(|(value, _)| value);
        value.filter(|_| builder.whole)
    }
}

/// Builds one value.
struct Builder<'b, 'r, 't> {
    reading: &'b mut Reading<'r>,
    from: Cursor<'t>,
    count: usize,
    /// No key stands twice so far.
    whole: bool,
}

impl Builder<'_, '_, '_> {
    /// The value at an offset, and the offset behind it; `None` where it holds more than is read. Nesting was checked
    /// before; the depth is checked again because this calls itself.
    fn build(&mut self, at: usize, depth: usize) -> Option<(RawValue, usize)> {
        self.count += 1;
        if self.count > MAX_VALUES || depth > MAX_DEPTH {
            too_many(self.reading, Span::new(at, at + 1), "a record", "values");
            return None;
        }
        let text = self.from.text;
        Some(match self.from.byte(at) {
            Some(b'{') => return self.mapping(at, depth),
            Some(b'[') => return self.list(at, depth),
            Some(b'"') => {
                let end = self.from.string_end(at);
                let said = self.from.said(at, end).into_owned();
                (RawValue::Scalar { place: self.from.inside(at, end), text: said, plain: false }, end)
            }
            Some(b'n') | None => (RawValue::Null(Span::new(at, at)), self.from.word_end(at)),
            Some(_) => {
                let end = self.from.word_end(at);
                let written = text.get(at..end).unwrap_or_default().to_owned();
                (RawValue::Scalar { place: Span::new(at, end), text: written, plain: true }, end)
            }
        })
    }

    fn list(&mut self, open: usize, depth: usize) -> Option<(RawValue, usize)> {
        let mut items = Vec::new();
        let mut behind = open + 1;
        loop {
            match self.from.next(behind) {
                Ok(at) => {
                    let (item, end) = self.build(at, depth + 1)?;
                    items.push(item);
                    behind = end;
                }
                Err(end) => return Some((RawValue::List(Span::new(open, end), items), end)),
            }
        }
    }

    fn mapping(&mut self, open: usize, depth: usize) -> Option<(RawValue, usize)> {
        let mut fields: Vec<RawField> = Vec::new();
        let mut behind = open + 1;
        loop {
            match self.from.next(behind) {
                Ok(at) => {
                    let (name, name_place, start) = self.from.key(at);
                    let name = self.reading.name(&name);
                    let (value, end) = self.build(start, depth + 1)?;
                    fields.push(RawField { name, name_place, value });
                    behind = end;
                }
                Err(end) => {
                    let keys = fields.iter().map(|field| (&*field.name, field.name_place)).collect();
                    self.whole &= !duplicates(self.reading, keys);
                    return Some((RawValue::Map(Span::new(open, end), fields), end));
                }
            }
        }
    }
}

fn too_many(reading: &mut Reading<'_>, place: Span, what: &str, of: &str) {
    let message = format!("{what} holds more than {MAX_VALUES} {of}");
    let help = "if the records stand further inside, write the path to them as `pick`";
    reading.fault("documents/too-large", place, Words::new(message, "the limit is passed here", help));
}

/// Notes every key that stands a second time. Whether there was one.
fn duplicates(reading: &mut Reading<'_>, mut keys: Vec<(&str, Span)>) -> bool {
    keys.sort_unstable();
    let mut again: Vec<(&str, Span, Span)> = Vec::new();
    let mut first = 0;
    for at in 1..keys.len() {
        if keys[at].0 != keys[first].0 {
            first = at;
        } else if again.len() <= MAX_FAULTS {
            again.push((keys[at].0, keys[first].1, keys[at].1));
        }
    }
    again.sort_by_key(|(_, _, second)| *second);
    for (name, first, second) in &again {
        let line = reading.line(first.start);
        let message = format!("the key {} is written twice; the first is on line {line}", shown(name));
        let help = "keep one of the two: a reader would take only the last";
        reading.fault("documents/duplicate-key", *second, Words::new(message, format!("already on line {line}"), help));
    }
    !again.is_empty()
}

/// A text with its escapes resolved. They were checked: every pair of surrogates is whole.
fn unescaped(written: &str) -> Cow<'_, str> {
    let Some(first) = written.find('\\') else { return Cow::Borrowed(written) };
    let mut text = String::with_capacity(written.len());
    let (mut rest, mut at) = (written, first);
    loop {
        text.push_str(rest.get(..at).unwrap_or_default());
        let (character, length) = escape(rest.get(at..).unwrap_or_default());
        text.push(character);
        rest = rest.get(at + length..).unwrap_or_default();
        match rest.find('\\') {
            Some(found) => at = found,
            None => {
                text.push_str(rest);
                return Cow::Owned(text);
            }
        }
    }
}

/// The character that an escape stands for, and the bytes that it takes.
fn escape(text: &str) -> (char, usize) {
    let unit = |from: usize| text.get(from..from + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match text.as_bytes().get(1) {
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => match (unit(2), unit(8)) {
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
            }
            (Some(code), _) => (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
            (None, _) => (char::REPLACEMENT_CHARACTER, 2),
        },
        Some(other) => (char::from(*other), 2),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}
