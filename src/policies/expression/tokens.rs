//! Words and signs of an expression, found before the parser sees it. They give every part its place, and they refuse
//! what nests too deep for a parser that calls itself.

use super::complaint::Complaint;
use super::mark::Mark;
use super::nesting::Nesting;
use crate::text::{Span, shown};

/// One token, with its place in the text in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) mark: Mark,
    pub(super) span: Span,
    /// Of a bracket, the position of the other one.
    pub(super) pair: usize,
}

/// All tokens of an expression; every bracket has its pair.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    text: &'t str,
    all: Vec<Token>,
    open: Vec<usize>,
}

/// Words that people write for operators.
const WORDS: [(&str, &str); 8] = [
    ("and", "&&"),
    ("AND", "&&"),
    ("or", "||"),
    ("OR", "||"),
    ("not", "!"),
    ("NOT", "!"),
    ("is", "=="),
    ("equals", "=="),
];

impl<'t> Tokens<'t> {
    /// Finds the tokens of a text.
    pub(super) fn of(text: &'t str) -> Result<Self, Complaint> {
        let mut tokens = Self { text, all: Vec::new(), open: Vec::new() };
        let mut nesting = Nesting::default();
        let mut at = 0;
        while let Some(next) = tokens.skip(at) {
            let (mark, end) = tokens.next(next)?;
            at = end;
            tokens.add(mark, Span::new(next, end))?;
            nesting.add(mark, &text[next..end], Span::new(next, end))?;
        }
        nesting.end()?;
        match tokens.open.last().map(|&open| tokens.all[open].span) {
            Some(span) => {
                let message = format!("{} is opened and never closed", shown(tokens.written(span)));
                Err(Complaint::new(span, message, "opened here"))
            }
            None => Ok(tokens),
        }
    }

    pub(super) fn written(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.all.get(at)
    }

    pub(super) fn last(&self) -> Option<&Token> {
        self.all.last()
    }

    /// Position of the token that holds a byte, or of the next one after it.
    pub(super) fn position(&self, byte: usize) -> usize {
        self.all.partition_point(|token| token.span.end <= byte)
    }

    /// What stands between two commas or brackets around a place.
    pub(super) fn part_with(&self, place: Span) -> Span {
        let at = self.position(place.start);
        let ends = |token: &Token| token.mark == Mark::Comma || token.mark == Mark::Close;
        let begins = |token: &Token| token.mark == Mark::Comma || token.mark == Mark::Open;
        let first = self.all.iter().take(at).rposition(begins).map_or(0, |before| before + 1);
        let last = self.all.iter().skip(at).position(ends).map_or(at, |behind| at + behind.saturating_sub(1));
        match (self.all.get(first), self.all.get(last)) {
            (Some(first), Some(last)) if first.span.start <= place.start => first.span.to(last.span),
            _ => place,
        }
    }

    /// A part of the expression with the parentheses that stand around it and do nothing else.
    pub(super) fn widen(&self, mut span: Span) -> Span {
        let (mut first, mut behind) = (self.position(span.start), self.position(span.end));
        while let Some(before) = first.checked_sub(1)
            && self.all[before].mark == Mark::Open
            && self.all[before].pair == behind
            && self.groups(before)
        {
            span = Span::new(self.all[before].span.start, self.all[behind].span.end);
            (first, behind) = (before, behind + 1);
        }
        span
    }

    /// Whether a parenthesis opens neither a call, nor a list, nor an index.
    fn groups(&self, open: usize) -> bool {
        let before = open.checked_sub(1).and_then(|before| self.all.get(before));
        self.written(self.all[open].span) == "(" && before.is_none_or(|token| !token.mark.ends_operand())
    }

    /// The next byte that is neither blank nor in a comment.
    fn skip(&self, mut at: usize) -> Option<usize> {
        loop {
            let rest = &self.text[at..];
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{c}']);
            at += rest.len() - trimmed.len();
            if !trimmed.starts_with("//") {
                return (!trimmed.is_empty()).then_some(at);
            }
            at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// What the token that begins here is, and where it ends.
    fn next(&self, at: usize) -> Result<(Mark, usize), Complaint> {
        let rest = &self.text[at..];
        let bytes = rest.as_bytes();
        if let Some(length) = quoted(rest) {
            return match length {
                Some(length) => Ok((Mark::Quoted, at + length)),
                None => {
                    let line = rest.split('\n').next().unwrap_or(rest).trim_end();
                    let span = Span::new(at, at + line.len());
                    Err(Complaint::new(span, "a text in quotes does not end", "it begins here"))
                }
            };
        }
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        match bytes.first() {
            Some(byte) if byte.is_ascii_digit() || (*byte == b'.' && digit(1)) => {
                Ok((Mark::Number, at + number(bytes)))
            }
            Some(byte) if word(byte) => {
                let length = bytes.iter().take_while(|byte| word(byte)).count();
                let mark = if &rest[..length] == "in" { Mark::Sign } else { Mark::Word };
                Ok((mark, at + length))
            }
            Some(b'(' | b'[') => Ok((Mark::Open, at + 1)),
            Some(b')' | b']') => Ok((Mark::Close, at + 1)),
            Some(b'.') => Ok((Mark::Dot, at + 1)),
            Some(b',') => Ok((Mark::Comma, at + 1)),
            _ => sign(rest).map(|length| (Mark::Sign, at + length)).ok_or_else(|| no_sign(rest, at)),
        }
    }

    fn add(&mut self, mark: Mark, span: Span) -> Result<(), Complaint> {
        let at = self.all.len();
        let mut pair = at;
        match mark {
            Mark::Open => self.open.push(at),
            Mark::Close => {
                let open = self.open.pop().ok_or_else(|| {
                    let message = format!("{} closes what was not opened", shown(self.written(span)));
                    Complaint::new(span, message, "not expected here")
                })?;
                let wanted = if self.written(self.all[open].span) == "(" { ")" } else { "]" };
                if self.written(span) != wanted {
                    let message =
                        format!("{} is closed by {}", shown(self.written(self.all[open].span)), shown(wanted));
                    return Err(Complaint::new(span, message, "this closes something else"));
                }
                self.all[open].pair = at;
                pair = open;
            }
            Mark::Word | Mark::Number | Mark::Quoted => self.between(span)?,
            Mark::Dot | Mark::Comma | Mark::Sign => {}
        }
        self.all.push(Token { mark, span, pair });
        Ok(())
    }

    /// Between two values stands an operator.
    fn between(&self, span: Span) -> Result<(), Complaint> {
        let Some(before) = self.all.last().filter(|token| token.mark.ends_operand()) else { return Ok(()) };
        for span in [span, before.span] {
            if let Some((word, operator)) = WORDS.iter().find(|(word, _)| *word == self.written(span)) {
                let message = format!("`{word}` is no operator here");
                return Err(Complaint::new(span, message, &format!("write `{operator}`")));
            }
        }
        let message = "an operator is missing between two values";
        Err(Complaint::new(span, message, "something is missing before this").help("such as ==, && or +"))
    }
}

/// The length of the text in quotes that begins here, `Some(None)` if it does not end; `None` if none begins here.
fn quoted(rest: &str) -> Option<Option<usize>> {
    let letters = rest.bytes().take(2).take_while(|byte| matches!(byte, b'r' | b'R' | b'b' | b'B')).count();
    let raw = rest[..letters].contains(['r', 'R']);
    let body = &rest[letters..];
    let quote = body.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let long = body.starts_with(&triple);
    let (fence, begin) = if long { (triple.as_str(), 3) } else { (&triple[..1], 1) };
    let mut at = begin;
    while let Some(character) = body[at..].chars().next() {
        if body[at..].starts_with(fence) {
            return Some(Some(letters + at + fence.len()));
        }
        if character == '\n' && !long {
            break;
        }
        at += character.len_utf8();
        if character == '\\' && !raw {
            at += body[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    Some(None)
}

/// The length of a number.
fn number(bytes: &[u8]) -> usize {
    let hex = bytes.starts_with(b"0x");
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digit_behind = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        let exponent = !hex && at > 0 && matches!(bytes[at - 1], b'e' | b'E');
        match byte {
            _ if byte.is_ascii_alphanumeric() => {}
            b'.' if digit_behind => {}
            b'+' | b'-' if exponent && digit_behind => {}
            _ => break,
        }
        at += 1;
    }
    at
}

/// The length of the operator that begins here.
fn sign(rest: &str) -> Option<usize> {
    const SIGNS: [&str; 16] = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":"];
    SIGNS.iter().find(|sign| rest.starts_with(**sign)).map(|sign| sign.len())
}

fn no_sign(rest: &str, at: usize) -> Complaint {
    let first = rest.chars().next().unwrap_or(' ');
    let span = Span::new(at, at + first.len_utf8());
    let (message, label) = match first {
        '=' => ("one `=` compares nothing".to_owned(), "write `==`"),
        '&' => ("one `&` is no operator".to_owned(), "write `&&`"),
        '|' => ("one `|` is no operator".to_owned(), "write `||`"),
        '{' | '}' => ("braces have no meaning in an expression".to_owned(), "not expected here"),
        '“' | '”' | '‘' | '’' | '„' => ("a text stands in straight quotes".to_owned(), "write `\"`"),
        _ => (format!("{} has no meaning outside a text in quotes", shown(&first.to_string())), "not expected here"),
    };
    Complaint::new(span, message, label)
}
