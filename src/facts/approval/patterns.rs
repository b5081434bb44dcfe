//! Many expressions over one text, at the cost of a single pass for all that cannot match.
//!
//! Nearly every expression of a dialect needs some fixed words (`Differential Revision`, `r=`). One automaton looks
//! for all these words at once, and only the expressions whose words occur are tried.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

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
    /// One automaton over the words of all expressions.
    automaton: Option<AhoCorasick>,
    /// The words of the automaton, each with the expressions that it may belong to.
    words: Vec<(Word, Vec<usize>)>,
    /// Expressions that need no fixed words and are always tried.
    always: Vec<usize>,
}

impl Patterns {
    /// Prepares expressions.
    ///
    /// # Errors
    /// Their words cannot be compiled together; the text says why.
    pub(super) fn new(each: Vec<Pattern>) -> Result<Self, String> {
        let mut patterns = Self::default();
        for (at, Pattern { regex, .. }) in each.iter().enumerate() {
            let Some(needed) = needed_words(regex.as_str()) else {
                patterns.always.push(at);
                continue;
            };
            for word in needed {
                match patterns.words.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, owners)) => owners.push(at),
                    None => patterns.words.push((word, vec![at])),
                }
            }
        }
        if !patterns.words.is_empty() {
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::DFA))
                .build(patterns.words.iter().map(|(word, _)| &word.text));
            patterns.automaton = Some(automaton.map_err(|error| error.to_string())?);
        }
        Ok(Self { each, ..patterns })
    }

    /// Indexes of the expressions that match their part of a message, in order.
    pub(super) fn matches(&self, message: &Message<'_>) -> Vec<usize> {
        let mut tried = self.always.clone();
        for found in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(message.text)) {
            let (word, owners) = &self.words[found.pattern().as_usize()];
            if !word.exact || message.text.as_bytes()[found.range()] == *word.text.as_bytes() {
                tried.extend(owners);
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

/// Letters that stand in every text that an expression matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Word {
    text: String,
    /// Whether they stand there in just this case.
    exact: bool,
}

impl Word {
    fn then(&self, next: &Self) -> Self {
        Self { text: format!("{}{}", self.text, next.text), exact: self.exact && next.exact }
    }
}

/// Words of which at least one occurs in every text that an expression matches; `None` if there are no such words, or
/// too many.
fn needed_words(expression: &str) -> Option<Vec<Word>> {
    let mut parser = regex_syntax::ParserBuilder::new().multi_line(true).crlf(true).build();
    let mut words = needed(&parser.parse(expression).ok()?)?;
    for word in words.iter_mut().filter(|word| !word.exact) {
        word.text.make_ascii_lowercase();
    }
    (words.len() <= MOST_WORDS && words.iter().all(|word| word.text.len() > 1)).then_some(words)
}

fn needed(hir: &Hir) -> Option<Vec<Word>> {
    if let Some(words) = fixed(hir) {
        return Some(words);
    }
    match hir.kind() {
        HirKind::Repetition(repeated) if repeated.min > 0 => needed(&repeated.sub),
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
            // What is fixed and follows each other makes longer words; of all candidates those with the longest words
            // are best.
            let mut best: Option<Vec<Word>> = None;
            let mut run: Option<Vec<Word>> = None;
            for part in parts.iter().filter(|part| !matches!(part.kind(), HirKind::Look(_) | HirKind::Empty)) {
                match (fixed(part), run.take()) {
                    (Some(words), Some(before)) if before.len() * words.len() <= MOST_WORDS => {
                        let joined = before.iter().flat_map(|word| words.iter().map(|next| word.then(next)));
                        run = Some(joined.collect());
                    }
                    (words, before) => {
                        before.into_iter().for_each(|before| better(&mut best, before));
                        run = words;
                        if run.is_none() {
                            needed(part).into_iter().for_each(|words| better(&mut best, words));
                        }
                    }
                }
            }
            run.into_iter().for_each(|run| better(&mut best, run));
            best
        }
        _ => None,
    }
}

fn better(best: &mut Option<Vec<Word>>, words: Vec<Word>) {
    let shortest = |words: &[Word]| words.iter().map(|word| word.text.len()).min().unwrap_or_default();
    if best.as_ref().is_none_or(|known| shortest(known) < shortest(&words)) {
        *best = Some(words);
    }
}

/// All texts that something matches, where these are a few words.
fn fixed(hir: &Hir) -> Option<Vec<Word>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            Some(vec![Word { text: std::str::from_utf8(&literal.0).ok()?.to_owned(), exact: true }])
        }
        HirKind::Class(Class::Unicode(class)) => {
            letter_of_both_cases(class).map(|text| vec![Word { text, exact: false }])
        }
        HirKind::Alternation(branches) => {
            let mut words = Vec::new();
            for branch in branches {
                words.extend(fixed(branch)?);
            }
            Some(words)
        }
        HirKind::Concat(parts) => {
            let mut words = vec![Word { text: String::new(), exact: true }];
            for part in parts {
                let next = fixed(part)?;
                words = words.iter().flat_map(|word| next.iter().map(|next| word.then(next))).collect();
                if words.len() > MOST_WORDS {
                    return None;
                }
            }
            Some(words)
        }
        _ => None,
    }
}

/// The one letter that a class holds in both cases.
fn letter_of_both_cases(class: &ClassUnicode) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of an expression, with `~` before those that may stand in either case.
    fn words(expression: &str) -> Vec<String> {
        let shown = |word: Word| if word.exact { word.text } else { format!("~{}", word.text) };
        needed_words(expression).unwrap_or_default().into_iter().map(shown).collect()
    }

    #[test]
    fn the_longest_fixed_words_are_found() {
        assert_eq!(words(r"^Differential Revision: *(?:https?://\S+/)?D?(?P<id>\d+)$"), ["Differential Revision:"]);
        assert_eq!(words(r"^(?P<id>\d+): .*? r=\S+ a=\S+$"), [" r="]);
        assert_eq!(words(r"(?i)\b(?:okay|fine)\b"), ["~okay", "~fine"]);
        assert_eq!(words(r"^(?:Reviewed|Approved) [Bb]y:"), ["~reviewed by:", "~approved by:"]);
        assert_eq!(words(r"^(?:R|TBR)=|(?:\s|^)(?:r|sr)=(?P<by>\S+)"), ["r=", "sr="]);
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
