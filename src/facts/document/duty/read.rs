//! Reads the values that the sentences of a document state for duties.

use std::collections::BTreeSet;
use std::ops::Range;

use super::sentences::{self, Headings, Sentence};
use super::{By, Candidate, Duties, Duty, Reads, Scope, scope};
use crate::facts::document::quantity::tokens::{Token, tokens};
use crate::facts::document::quantity::{self, Bound, Counted, Form, Quantity, Reading};
use crate::facts::document::written::Written;
use crate::sources::blocks::BlockKind;

/// Every value that a document states for a duty, in the order of its text.
#[must_use]
pub fn candidates<'d>(duties: &'d Duties, document: &Written) -> Vec<Candidate<'d>> {
    let page = &document.page;
    let title = document.about.title.as_ref().map(|said| tokens(&said.value)).unwrap_or_default();
    let over = Headings::of(page);
    let mut found = scheduled(duties, document, &title);
    for sentence in sentences::sentences(page) {
        let text = sentence.text();
        let readings: Vec<Reading> = quantity::read(text).into_iter().filter(|one| is_stated(text, one)).collect();
        if readings.is_empty() || text.trim_end().ends_with('?') {
            continue;
        }
        let mut headings = over.over(sentence.block);
        headings.extend(title.iter().cloned());
        let above = without_fields(sentences::above(page, sentence.block));
        let passage = Passage { own: without_fields(tokens(text)), above, headings, readings };
        passage.read(duties, &sentence, &mut found);
    }
    found
}

/// What a procedure states by how often it runs: its title names the duty, as in `Apply OS patches`.
fn scheduled<'d>(duties: &'d Duties, document: &Written, title: &[Token]) -> Vec<Candidate<'d>> {
    let Some(runs) = &document.about.runs else { return Vec::new() };
    let quantity = Quantity::Rate(runs.value.into());
    let reading = Reading { quantity, bound: Bound::Stated, form: Form::Plain, clocks: Vec::new(), at: 0..0 };
    let states = |duty: &&Duty| {
        duty.text.reads == Reads::Rate
            && duty.names(title)
            && (duty.act.is_empty() || duty.act.is_in(title))
            && (duty.with.is_empty() || duty.with.is_in(title))
            && !duty.unless.is_in(title)
    };
    let candidate = |duty: &'d Duty| {
        let mut words = scope::known(duties, duty, &[title]);
        for name in duty.of.places(title) {
            words.extend(scope::beside(duties, duty, title, &name, &[]));
        }
        Candidate { duty, reading: reading.clone(), scope: Scope { severity: None, words }, place: runs.span }
    };
    duties.duties.iter().filter(states).map(candidate).collect()
}

/// Whether a quantity is what the sentence states: not what it denies, and not an example.
fn is_stated(text: &str, reading: &Reading) -> bool {
    let before = text[..reading.at.start].trim_end().to_lowercase();
    let before = before.trim_end_matches(|sign: char| !sign.is_alphanumeric() && sign != '.');
    // Between quotation marks stand the words of somebody else.
    let quoted = text[..reading.at.start].matches('"').count() % 2 == 1
        || text[..reading.at.start].matches('“').count() > text[..reading.at.start].matches('”').count();
    !quoted && !["not", "e.g.", "example", "rather than", "instead of"].iter().any(|word| before.ends_with(word))
}

/// The words without the fields of a template, `{{.Name}}`, which stand for a name.
fn without_fields(tokens: Vec<Token>) -> Vec<Token> {
    let mut depth = 0_usize;
    let keep = |token: Token| {
        let (opens, closes) = (token.is('{'), token.is('}'));
        depth += usize::from(opens);
        let inside = depth > 0;
        depth = depth.saturating_sub(usize::from(closes));
        (!inside).then_some(token)
    };
    tokens.into_iter().filter_map(keep).collect()
}

/// A sentence with the words around it.
struct Passage {
    own: Vec<Token>,
    above: Vec<Token>,
    headings: Vec<Token>,
    readings: Vec<Reading>,
}

impl Passage {
    fn read<'d>(&self, duties: &'d Duties, sentence: &Sentence<'_>, found: &mut Vec<Candidate<'d>>) {
        let kind = sentence.block.kind;
        for duty in &duties.duties {
            let fits: Vec<&Reading> =
                self.readings.iter().filter(|one| fits(duty, one) && self.is_set(duty, one, kind)).collect();
            for reading in &fits {
                let Some(part) = self.part(reading, &fits) else { continue };
                let Some(words) = self.states(duties, duty, (reading, &self.own[part.clone()]), kind) else {
                    continue;
                };
                let at = sentence.at.start + reading.at.start..sentence.at.start + reading.at.end;
                let place = sentence.block.words.place(at);
                for severity in self.severities(duty, &self.own[part]) {
                    let scope = Scope { severity, words: words.clone() };
                    found.push(Candidate { duty, reading: (*reading).clone(), scope, place });
                }
            }
        }
    }

    /// Whether a time is set for something to be done: `within 5 days`, `the deadline is 5 days`, or a cell for it.
    fn is_set(&self, duty: &Duty, reading: &Reading, kind: BlockKind) -> bool {
        if duty.text.reads != Reads::Deadline || reading.form != Form::Plain || reading.bound != Bound::Stated {
            return true;
        }
        let before = self.tokens_of(reading).start.checked_sub(1).map(|before| &self.own[before]);
        let leads = |token: &Token| token.is(':') || matches!(token.word(), "is" | "are" | "be" | "of" | "in");
        kind == BlockKind::Cell || before.is_some_and(leads)
    }

    /// The tokens of a quantity.
    fn tokens_of(&self, reading: &Reading) -> Range<usize> {
        let start = self.own.partition_point(|token| token.at.end <= reading.at.start);
        start..self.own.partition_point(|token| token.at.start < reading.at.end)
    }

    /// The part of the sentence that one of several quantities belongs to: from the last sign or conjunction before it to
    /// the first one behind it that keeps it apart from the others. `None` where nothing does.
    fn part(&self, reading: &Reading, fits: &[&Reading]) -> Option<Range<usize>> {
        let own = self.tokens_of(reading);
        let (mut start, mut end) = (0, self.own.len());
        let parts = |token: &Token| {
            ",;:".chars().any(|sign| token.is(sign))
                || matches!(token.word(), "and" | "or" | "while" | "whereas" | "but")
        };
        for other in fits.iter().filter(|other| other.at != reading.at) {
            let other = self.tokens_of(other);
            if other.end <= own.start {
                let between = self.own[other.end..own.start].iter().rposition(parts)?;
                start = start.max(other.end + between + 1);
            } else {
                let between = self.own[own.end..other.start].iter().position(parts)?;
                end = end.min(own.end + between);
            }
        }
        Some(start..end)
    }

    /// What a part of a sentence states a duty for; `None` where it does not state it.
    fn states(
        &self,
        duties: &Duties,
        duty: &Duty,
        (reading, part): (&Reading, &[Token]),
        kind: BlockKind,
    ) -> Option<BTreeSet<String>> {
        let mut tokens = part.to_vec();
        let has = |tokens: &[Token]| duty.names(tokens) && (duty.act.is_empty() || duty.act.is_in(tokens));
        // What is done without a name for what it is done to is done to something else than what is named above, unless a
        // severity says of what.
        let severe = duty.text.by.is_some() && !scope::severities(part).is_empty();
        let names = severe || duty.names(part) || duty.act.is_empty() || !duty.act.is_in(part);
        if !has(&tokens) && names && matches!(kind, BlockKind::Item | BlockKind::Cell) {
            // An item goes on from the words above it, a cell from its column, its row and its heading.
            for more in
                [&self.above, &self.headings].into_iter().take(if severe || kind == BlockKind::Cell { 2 } else { 1 })
            {
                tokens.push(sentences::apart());
                tokens.extend(more.iter().cloned());
            }
        }
        let named = scope::named_with(&tokens, &token_range(&tokens, reading, part), &self.ranges(&tokens, part));
        let of_another = !named.is_empty() && !duty.of.is_in(named);
        if !has(&tokens) || duty.unless.is_in(&tokens) || of_another {
            return None;
        }
        let around = || [tokens.as_slice(), &self.above, &self.headings];
        if !duty.with.is_empty() && !around().into_iter().any(|tokens| duty.with.is_in(tokens)) {
            return None;
        }
        let quantities = self.ranges(&tokens, part);
        let mut words = scope::known(duties, duty, &around());
        // A name that says more than another names the duty best: the review of access, and access to a system.
        for name in duty.of.places(&tokens) {
            words.extend(scope::beside(duties, duty, &tokens, &name, &quantities));
        }
        if duty.text.by == Some(By::Severity) {
            words.retain(|word| !scope::is_severity(word));
        }
        Some(words)
    }

    /// The tokens of all quantities of the sentence, among those of a part of it.
    fn ranges(&self, tokens: &[Token], part: &[Token]) -> Vec<Range<usize>> {
        self.readings.iter().map(|reading| token_range(tokens, reading, part)).collect()
    }

    /// The severities that a value is stated for, each on its own; none where the duty has one value for all.
    fn severities(&self, duty: &Duty, part: &[Token]) -> Vec<Option<String>> {
        if duty.text.by != Some(By::Severity) {
            return vec![None];
        }
        let own = scope::severities(part);
        let found = if own.is_empty() { scope::severities(&self.above) } else { own };
        if found.is_empty() { vec![None] } else { found.into_iter().map(Some).collect() }
    }
}

/// The tokens of a quantity among those of a part of its sentence.
fn token_range(tokens: &[Token], reading: &Reading, part: &[Token]) -> Range<usize> {
    let own = &tokens[..part.len()];
    let start = own.partition_point(|token| token.at.end <= reading.at.start);
    start..own.partition_point(|token| token.at.start < reading.at.end).max(start)
}

/// Whether a quantity is of the kind that states a duty.
fn fits(duty: &Duty, reading: &Reading) -> bool {
    let counts = |counted: Counted| matches!(reading.quantity, Quantity::Count(_, found) if found == counted);
    let length = matches!(reading.quantity, Quantity::Length(_));
    let rate = matches!(reading.quantity, Quantity::Rate(_));
    let nothing = duty.text.nothing && reading.quantity == Quantity::Nothing;
    nothing
        || match duty.text.reads {
            Reads::Rate => rate,
            Reads::Deadline => {
                length && matches!(reading.form, Form::Until | Form::Plain) && reading.bound != Bound::AtLeast
            }
            Reads::Age => length && reading.form == Form::Age,
            Reads::Interval => rate || (length && reading.form != Form::For),
            Reads::People => counts(Counted::People),
            Reads::Characters => counts(Counted::Characters),
            Reads::Attempts => counts(Counted::Attempts),
            Reads::Passwords => counts(Counted::Passwords),
        }
}
