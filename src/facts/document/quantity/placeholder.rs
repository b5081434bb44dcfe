//! Places that were left to be filled in: `[Number, e.g., 24]`, `<insert days>`, `{{ days }}`.

use std::ops::Range;

use super::tokens::{Token, What};

/// Words that say what has to be put in a place.
const ASKING: [&str; 22] = [
    "number",
    "insert",
    "specify",
    "enter",
    "choose",
    "select",
    "your",
    "tbd",
    "tbc",
    "todo",
    "define",
    "fill",
    "eg",
    "period",
    "frequency",
    "value",
    "xx",
    "xxx",
    "assignment",
    "selection",
    "company",
    "organization",
];

/// The placeholders of a text, as ranges of tokens, brackets included.
pub(super) fn placeholders(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match placeholder(tokens, at) {
            Some(end) => {
                found.push(at..end);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Tokens in which a bracket that is opened is looked for its end.
const LONGEST: usize = 24;

fn placeholder(tokens: &[Token], at: usize) -> Option<usize> {
    let open = match tokens.get(at)?.what {
        What::Sign(sign) => sign,
        _ => return None,
    };
    if open == '_' {
        let run = tokens[at..].iter().take_while(|token| token.is('_')).count();
        return (run >= 3).then_some(at + run);
    }
    let double = open == '{' && tokens.get(at + 1).is_some_and(|next| next.is('{'));
    let close = match open {
        '[' => ']',
        '<' => '>',
        '{' if double => '}',
        _ => return None,
    };
    let inside = tokens[at + 1..].iter().take(LONGEST).position(|token| token.is(close))?;
    let words = &tokens[at + 1..at + 1 + inside];
    let end = at + 2 + inside;
    if double {
        return Some(end + usize::from(tokens.get(end).is_some_and(|next| next.is('}'))));
    }
    let asks = |token: &Token| ASKING.contains(&token.word());
    let letter = |token: &Token| matches!(token.word(), "x" | "n" | "y") || "_#…/".chars().any(|sign| token.is(sign));
    let example = words.windows(3).any(|three| three[0].word() == "e" && three[1].is('.') && three[2].word() == "g");
    let asked = words.iter().any(asks) || example || (!words.is_empty() && words.iter().any(letter));
    asked.then_some(end)
}
