//! Words and sequences of words that are looked for among tokens.

use std::ops::Range;

use crate::facts::document::quantity::tokens::{Token, What, tokens};

/// One word of a phrase.
#[derive(Clone, Debug)]
struct Part {
    word: String,
    /// Whether the word may go on.
    open: bool,
}

/// Phrases of which one is enough.
#[derive(Clone, Debug, Default)]
pub(super) struct Phrases {
    phrases: Vec<Vec<Part>>,
}

impl Phrases {
    /// Phrases, as their file writes them: `role change*`.
    pub(super) fn new(written: &[String]) -> Self {
        let phrase = |text: &String| {
            let mut parts: Vec<Part> = Vec::new();
            for token in tokens(text) {
                match (&token.what, parts.last_mut()) {
                    (What::Sign('*'), Some(last)) => last.open = true,
                    (What::Word(word), _) => parts.push(Part { word: word.clone(), open: false }),
                    _ => {}
                }
            }
            parts
        };
        Self { phrases: written.iter().map(phrase).collect() }
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Whether one of the phrases is there.
    pub(super) fn is_in(&self, tokens: &[Token]) -> bool {
        (0..tokens.len()).any(|at| self.at(tokens, at).is_some())
    }

    /// Every place of a phrase, the longest phrase at each.
    pub(super) fn places(&self, tokens: &[Token]) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for at in 0..tokens.len() {
            if let Some(end) = self.at(tokens, at)
                && found.last().is_none_or(|last| last.end <= at)
            {
                found.push(at..end);
            }
        }
        found
    }

    /// Where the longest phrase that begins at a token ends.
    fn at(&self, tokens: &[Token], at: usize) -> Option<usize> {
        self.phrases.iter().filter_map(|phrase| ends(phrase, tokens, at)).max()
    }
}

fn ends(phrase: &[Part], tokens: &[Token], at: usize) -> Option<usize> {
    let mut next = at;
    for (number, part) in phrase.iter().enumerate() {
        // A hyphen joins two words as a blank does.
        if number > 0 && tokens.get(next).is_some_and(|token| token.is('-')) {
            next += 1;
        }
        let word = tokens.get(next)?.word();
        let is = if part.open { word.starts_with(&part.word) } else { word == part.word };
        if !is {
            return None;
        }
        next += 1;
    }
    (!phrase.is_empty()).then_some(next)
}
