//! The text of an expression becomes a tree of the `cel` crate, within limits that its parser does not set itself.

use cel::common::ast::{IdedExpr, SourceInfo};
use cel::parser::{ParseError, Parser};

use super::MAX_BYTES;
use super::complaint::Complaint;
use super::mark::Mark;
use super::tokens::Tokens;
use crate::text::{Span, shown};

/// A parsed expression: its tree, and what gives every part of the tree its place.
pub(super) struct Parsed<'t> {
    pub(super) tree: IdedExpr,
    pub(super) tokens: Tokens<'t>,
    info: SourceInfo,
}

/// Parses an expression.
pub(super) fn parse(text: &str) -> Result<Parsed<'_>, Complaint> {
    let all = Span::new(0, text.len());
    if text.len() > MAX_BYTES {
        let message = format!("an expression may have {MAX_BYTES} bytes, and this one has {}", text.len());
        return Err(Complaint::new(all, message, "this is too long").help("give parts of it names"));
    }
    let tokens = Tokens::of(text)?;
    if tokens.last().is_none() {
        return Err(Complaint::new(all, "an expression is expected here", "nothing stands here"));
    }
    // The limit of the parser itself lies above what the tokens were held against.
    match Parser::new().max_recursion_depth(u16::MAX - 1).parse_with_source_info(text) {
        Ok((tree, info)) => Ok(Parsed { tree, tokens, info }),
        Err(errors) => Err(match errors.errors.first() {
            Some(error) => complaint(text, &tokens, error),
            None => Complaint::new(all, "this is no expression", "not understood"),
        }),
    }
}

impl Parsed<'_> {
    /// Position of the token that a part of the tree is known by: its word, its operator, its opening bracket.
    pub(super) fn token(&self, id: u64) -> Option<usize> {
        let (first, _) = self.info.offset_for(id)?;
        Some(self.tokens.position(first as usize))
    }
}

/// What the parser says, in plain words and at a token.
fn complaint(text: &str, tokens: &Tokens<'_>, error: &ParseError) -> Complaint {
    let message = &error.msg;
    let of_macro = message.contains("has() macro") || message.contains("simple name");
    let byte = place(text, error.pos, of_macro);
    let token = tokens.get(tokens.position(byte));
    let at = token.or(tokens.last()).map_or(Span::new(0, text.len()), |token| token.span);
    if token.is_none() {
        return Complaint::new(at, "the expression ends before it is whole", "something is missing behind this");
    }
    if token.is_some_and(|token| token.mark == Mark::Quoted)
        && (message.contains("token recognition") || message.contains("literal"))
    {
        let help = "write \\\\ for a backslash, or r\"…\" for a text that is taken as it stands";
        return Complaint::new(at, "a backslash in this text stands for no character", "in this text").help(help);
    }
    if message.contains("literal") {
        return Complaint::new(at, "this number is too large", "cannot be held");
    }
    if message.contains("has() macro") {
        return Complaint::new(at, "has() asks whether a field is given", "this is no field")
            .help("write has(person.manager); of a name alone ask: name != null");
    }
    if message.contains("simple name") {
        let help = "write list.all(x, x.done): x is each element";
        let at = tokens.part_with(at);
        return Complaint::new(at, "the first part in these parentheses names each element", "this is no name")
            .help(help);
    }
    let written = shown(tokens.written(at));
    if message.contains("reserved identifier") {
        return Complaint::new(at, format!("{written} cannot be a name in an expression"), "another name is needed");
    }
    Complaint::new(at, format!("{written} is not expected here"), "the expression cannot be read from here on")
}

/// The byte at which the parser met an error. It counts lines and columns from 1; columns are characters, but those of
/// macros are bytes.
fn place(text: &str, (line, column): (isize, isize), bytes: bool) -> usize {
    let (line, column) = (usize::try_from(line).unwrap_or(1).max(1), usize::try_from(column).unwrap_or(1).max(1));
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    if bytes {
        return (before + column - 1).min(text.len());
    }
    let rest = text.get(before..).unwrap_or_default();
    rest.char_indices().nth(column - 1).map_or(text.len(), |(at, _)| before + at)
}
