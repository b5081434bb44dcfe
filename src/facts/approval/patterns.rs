//! Many expressions over one text, at the cost of a single pass for all that cannot match.
//!
//! Nearly every expression of a dialect needs some fixed words (`Differential Revision`, `r=`). One automaton looks
//! for all these words at once, and only the expressions whose words occur are tried.

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::sources::trailers::Message;
use crate::text::Span;

/// Most alternatives of words that are worth looking for instead of trying the expression.
const MOST_WORDS: usize = 64;

/// A part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Everything behind the subject.
    Body,
    /// The subject.
    Subject,
    /// Both.
    Whole,
}

impl Part {
    /// Where the part stands in a message.
    pub(super) const fn of(self, message: &Message<'_>) -> Span {
        match self {
            Self::Body => message.body,
            Self::Subject => message.subject,
            Self::Whole => Span::new(0, message.text.len()),
        }
    }
}

/// An expression over one part of a message, with the clue that it belongs to.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) part: Part,
    pub(super) regex: Regex,
    pub(super) clue: usize,
}

/// All expressions over messages.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    each: Vec<Pattern>,
    /// The words of all expressions, and for each word the expressions that it may belong to.
    words: Option<(AhoCorasick, Vec<Vec<usize>>)>,
    /// Expressions that need no fixed words and are always tried.
    always: Vec<usize>,
}

impl Patterns {
    /// Prepares expressions.
    ///
    /// # Errors
    /// Their words cannot be compiled together; the text says why.
    pub(super) fn new(each: Vec<Pattern>) -> Result<Self, String> {
        let mut always = Vec::new();
        let mut words: Vec<String> = Vec::new();
        let mut owners: Vec<Vec<usize>> = Vec::new();
        for (at, Pattern { regex, .. }) in each.iter().enumerate() {
            let Some(needed) = needed_words(regex.as_str()) else {
                always.push(at);
                continue;
            };
            for word in needed {
                match words.iter().position(|known| *known == word) {
                    Some(known) => owners[known].push(at),
                    None => {
                        words.push(word);
                        owners.push(vec![at]);
                    }
                }
            }
        }
        let automaton =
            AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(&words);
        let automaton = automaton.map_err(|error| error.to_string())?;
        Ok(Self { each, words: (!words.is_empty()).then_some((automaton, owners)), always })
    }

    /// Indexes of the expressions that match their part of a message, in order.
    pub(super) fn matches(&self, message: &Message<'_>) -> Vec<usize> {
        let mut tried = self.always.clone();
        if let Some((automaton, owners)) = &self.words {
            for found in automaton.find_overlapping_iter(message.text) {
                tried.extend(&owners[found.pattern().as_usize()]);
            }
        }
        tried.sort_unstable();
        tried.dedup();
        tried.retain(|at| {
            let text = message.slice(self.each[*at].part.of(message));
            !text.is_empty() && self.each[*at].regex.is_match(text)
        });
        tried
    }

    /// The expression of an index.
    pub(super) fn get(&self, at: usize) -> &Pattern {
        &self.each[at]
    }
}

/// Words in lower case of which at least one occurs in every text that an expression matches; `None` if there are no
/// such words, or too many.
fn needed_words(expression: &str) -> Option<Vec<String>> {
    let mut parser = regex_syntax::ParserBuilder::new().multi_line(true).crlf(true).build();
    let words = needed(&parser.parse(expression).ok()?)?;
    (words.len() <= MOST_WORDS && words.iter().all(|word| word.len() > 1)).then_some(words)
}

fn needed(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => None,
        HirKind::Literal(_) | HirKind::Class(_) => letter_or_word(hir).map(|word| vec![word]),
        HirKind::Repetition(repeated) if repeated.min > 0 => needed(&repeated.sub),
        HirKind::Repetition(_) => None,
        HirKind::Capture(captured) => needed(&captured.sub),
        HirKind::Alternation(branches) => {
            // A branch without a capture only passes over words, so it needs no trying where no other can match.
            let captures = |branch: &&Hir| branch.properties().explicit_captures_len() > 0;
            let all = !branches.iter().any(|branch| captures(&branch));
            let mut words = Vec::new();
            for branch in branches.iter().filter(|branch| all || captures(branch)) {
                words.extend(needed(branch)?);
            }
            Some(words)
        }
        HirKind::Concat(parts) => {
            // Letters that follow each other make one word; of all candidates the one with the longest words is best.
            let mut best: Option<Vec<String>> = None;
            let mut run = String::new();
            for part in parts {
                if let Some(word) = letter_or_word(part) {
                    run.push_str(&word);
                    continue;
                }
                consider(&mut best, std::mem::take(&mut run));
                if let Some(words) = needed(part) {
                    better(&mut best, words);
                }
            }
            consider(&mut best, run);
            best
        }
    }
}

fn consider(best: &mut Option<Vec<String>>, run: String) {
    if !run.is_empty() {
        better(best, vec![run]);
    }
}

fn better(best: &mut Option<Vec<String>>, words: Vec<String>) {
    let shortest = |words: &[String]| words.iter().map(String::len).min().unwrap_or_default();
    if best.as_ref().is_none_or(|known| shortest(known) < shortest(&words)) {
        *best = Some(words);
    }
}

/// A literal in lower case, or the one letter that a class holds in both cases.
fn letter_or_word(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(std::str::from_utf8(&literal.0).ok()?.to_ascii_lowercase()),
        HirKind::Class(Class::Unicode(class)) => {
            let mut letter = None;
            for range in class.ranges() {
                for character in range.start()..=range.end() {
                    // Beside k and s stand signs that only look like them; nobody writes a trail with those.
                    if !character.is_ascii() && character.is_alphabetic() && class.ranges().len() <= 3 {
                        continue;
                    }
                    let lower = character.to_ascii_lowercase();
                    if *letter.get_or_insert(lower) != lower {
                        return None;
                    }
                }
            }
            letter.filter(char::is_ascii).map(String::from)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(expression: &str) -> Vec<String> {
        needed_words(expression).unwrap_or_default()
    }

    #[test]
    fn the_longest_fixed_words_are_found() {
        assert_eq!(words(r"^Differential Revision: *(?:https?://\S+/)?D?(?P<id>\d+)$"), ["differential revision:"]);
        assert_eq!(words(r"^(?P<id>\d+): .*? r=\S+ a=\S+$"), [" r="]);
        assert_eq!(words(r"(?i)\b(?:ok|okay)\b"), ["ok"]);
        assert_eq!(words(r"^(?:Reviewed|Approved) by:"), ["reviewed", "approved"]);
        assert_eq!(words(r"^>.*$|\bok (?P<by>\S+)"), ["ok "]);
        assert!(needed_words(r"^\d+$").is_none());
        assert!(needed_words(r"^(?:Foo)?x").is_none());
    }

    #[test]
    fn only_what_matches_is_told() -> Result<(), Box<dyn std::error::Error>> {
        let mut each = Vec::new();
        for (part, text) in [(Part::Body, r"^Foo: \d+$"), (Part::Whole, r"^\d+$"), (Part::Subject, r"(?i)^bar$")] {
            each.push(Pattern { part, regex: regex::RegexBuilder::new(text).multi_line(true).build()?, clue: 0 });
        }
        let patterns = Patterns::new(each)?;
        assert_eq!(patterns.matches(&Message::parse("BAR\n\nx\nFoo: 12\n")), [0, 2]);
        assert_eq!(patterns.matches(&Message::parse("Foo: 1\n\nFoo: x\n7")), [1]);
        Ok(())
    }
}
