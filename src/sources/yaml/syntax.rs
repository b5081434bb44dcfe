//! Plain words for what the YAML readers say about syntax, and the checks that come before either of them.

use std::sync::Arc;

use granit_parser::ErrorKind;

use crate::error::Fault;
use crate::text::{SourceText, Span};

/// Message, label and help of one kind of syntax error.
pub(super) struct Words {
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Option<&'static str>,
}

fn words_of(message: &str, label: &str, help: Option<&'static str>) -> Words {
    Words { message: message.into(), label: label.into(), help }
}

fn is_about_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
    )
}

/// The words for an error of the first pass.
pub(super) fn words(kind: &ErrorKind) -> Words {
    match kind {
        kind if is_about_tab(kind) => tab(),
        ErrorKind::UnclosedFlowCollection { open } => {
            words_of(&format!("`{open}` is opened but never closed"), "never closed", None)
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            words_of(&format!("`{open}` is closed by `{close}`"), "the wrong bracket", None)
        }
        ErrorKind::MisplacedFlowCollectionEnd => words_of("this bracket closes nothing", "closes nothing", None),
        ErrorKind::UnclosedQuotedScalar => {
            words_of("a quotation mark is opened but never closed", "never closed", None)
        }
        ErrorKind::UnknownQuotedScalarEscape => words_of(
            "in double quotes, `\\` starts an escape, and this one does not exist",
            "unknown escape",
            Some("write `\\\\` for a backslash, or use single quotes"),
        ),
        ErrorKind::MappingValueNotAllowed => words_of(
            "`:` cannot start a value here",
            "not expected here",
            Some("put text that holds `: ` in quotes; a key starts in the same column as the keys beside it"),
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            words_of("a key is expected here, followed by `:` and a blank", "no `:` behind this", None)
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::InvalidIndentation => {
            words_of(
                "this line does not fit the lines above",
                "not expected here",
                Some("entries of one list or mapping start in the same column"),
            )
        }
        ErrorKind::ExpectedFlowMappingSeparator => words_of("`,` or `}` is expected here", "not expected here", None),
        ErrorKind::ExpectedFlowSequenceSeparator => words_of("`,` or `]` is expected here", "not expected here", None),
        ErrorKind::UnexpectedCharacter { character } => {
            let message = format!("a plain value cannot start with `{}`", character.escape_default());
            words_of(&message, "not expected here", Some("put the value in quotes"))
        }
        ErrorKind::CommentNotSeparated => words_of("`#` needs a blank before it", "no blank before it", None),
        ErrorKind::DirectiveDisallowed => {
            words_of("`%` directives are not read here", "a directive", Some("remove the line"))
        }
        ErrorKind::BomInsideDocument => words_of("a byte-order mark stands inside the text", "a byte-order mark", None),
        other => words_of(&format!("this is not valid YAML: {other}"), "not valid here", None),
    }
}

fn tab() -> Words {
    words_of("a tab cannot indent YAML", "a tab", Some("indent with blanks"))
}

/// The words for an error of the second pass; it says where it stands at the end of its message, which the place
/// shows already.
pub(super) fn reader_words(source: &SourceText, place: Span, error: &str) -> Words {
    if source.slice(place) == "\t" {
        return tab();
    }
    let said = error.split(" at line ").next().unwrap_or(error);
    if said.contains("i128") || said.contains("u128") {
        let help = Some("put it in quotes if it is an identifier");
        return words_of("this number is too large", "more than 64 bits", help);
    }
    words_of(&format!("this is not valid YAML: {said}"), "not valid here", None)
}

/// Where an error of the first pass stands. One about a tab is noticed at what comes behind the tab.
pub(super) fn error_place(source: &SourceText, kind: &ErrorKind, at: usize) -> Span {
    let at = source.clamp(Span::new(at, at)).start;
    let before = &source.text()[..at];
    let line = before.rfind('\n').map_or(0, |line_break| line_break + 1);
    match before[line..].find('\t') {
        Some(tab) if is_about_tab(kind) => Span::new(line + tab, line + tab + 1),
        _ => place(source, at),
    }
}

/// The one character at an offset, or the last one of the text where the offset lies behind it.
pub(super) fn place(source: &SourceText, at: usize) -> Span {
    let text = source.text();
    let start = source.clamp(Span::new(at, at)).start;
    match text[start..].chars().next() {
        Some('\r' | '\n') | None => {
            let end = text[..start].trim_end().len();
            let width = text[..end].chars().next_back().map_or(0, char::len_utf8);
            Span::new(end - width, end)
        }
        Some(character) => Span::new(start, start + character.len_utf8()),
    }
}

/// A character that YAML does not allow, or that one reader takes for a line break and another does not.
fn refused(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Faults for control characters, at most `limit`. A carriage return before a line feed is fine.
pub(super) fn control_characters(source: &Arc<SourceText>, part: Span, limit: usize) -> Vec<Fault> {
    let text = source.slice(part);
    let mut faults = Vec::new();
    for (at, character) in text.char_indices() {
        let at_end_of_line = character == '\r' && text[at + 1..].starts_with('\n');
        if !refused(character) || at_end_of_line {
            continue;
        }
        let name = match character {
            '\r' => "a carriage return without a line feed".to_owned(),
            '\u{85}' | '\u{2028}' | '\u{2029}' => format!("the line separator U+{:04X}", u32::from(character)),
            '\u{feff}' => "a byte-order mark inside the text".to_owned(),
            _ => format!("the control character U+{:04X}", u32::from(character)),
        };
        let start = at + part.start;
        faults.push(Fault {
            rule: "documents/invalid-yaml",
            message: format!("YAML text must not hold {name}"),
            label: format!("U+{:04X}", u32::from(character)),
            help: Some("remove it, or write it as an escape in double quotes".to_owned()),
            source: Arc::clone(source),
            span: Span::new(start, start + character.len_utf8()),
            other: None,
        });
        if faults.len() >= limit {
            break;
        }
    }
    faults
}
