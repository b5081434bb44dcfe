//! What the words around a quantity say about it: whether it is the least or the most, what a length of time is for, and
//! from when it is counted.

use super::tokens::Token;
use super::{Bound, Clock, Form};

/// Words before a quantity, the longest first, with what they say.
const BEFORE: [(&str, Bound, Form); 38] = [
    ("no later than", Bound::AtMost, Form::Until),
    ("not later than", Bound::AtMost, Form::Until),
    ("no more than", Bound::AtMost, Form::Plain),
    ("not more than", Bound::AtMost, Form::Plain),
    ("no longer than", Bound::AtMost, Form::Plain),
    ("not longer than", Bound::AtMost, Form::Plain),
    ("not to exceed", Bound::AtMost, Form::Plain),
    ("no less than", Bound::AtLeast, Form::Plain),
    ("not less than", Bound::AtLeast, Form::Plain),
    ("no fewer than", Bound::AtLeast, Form::Plain),
    ("less frequently than", Bound::AtLeast, Form::Plain),
    ("in less than", Bound::AtMost, Form::Until),
    ("for at least", Bound::AtLeast, Form::For),
    ("for a minimum of", Bound::AtLeast, Form::For),
    ("for up to", Bound::AtMost, Form::For),
    ("for a period of", Bound::Stated, Form::For),
    ("for longer than", Bound::Stated, Form::Age),
    ("for more than", Bound::Stated, Form::Age),
    ("for over", Bound::Stated, Form::Age),
    ("older than", Bound::Stated, Form::Age),
    ("more than", Bound::Stated, Form::Age),
    ("longer than", Bound::Stated, Form::Age),
    ("greater than", Bound::Stated, Form::Age),
    ("less than", Bound::AtMost, Form::Plain),
    ("fewer than", Bound::AtMost, Form::Plain),
    ("at least", Bound::AtLeast, Form::Plain),
    ("at most", Bound::AtMost, Form::Plain),
    ("at a minimum", Bound::AtLeast, Form::Plain),
    ("at minimum", Bound::AtLeast, Form::Plain),
    ("minimum of", Bound::AtLeast, Form::Plain),
    ("maximum of", Bound::AtMost, Form::Plain),
    ("up to", Bound::AtMost, Form::Plain),
    ("minimum", Bound::AtLeast, Form::Plain),
    ("maximum", Bound::AtMost, Form::Plain),
    ("exceeding", Bound::Stated, Form::Age),
    ("within", Bound::AtMost, Form::Until),
    ("over", Bound::Stated, Form::Age),
    ("for", Bound::Stated, Form::For),
];

/// Words that may stand between those and the quantity.
const BETWEEN: [&str; 12] = ["a", "an", "the", "on", "of", "their", "first", "next", "last", "about", "once", "length"];

/// Whether a quantity is the least or the most, and what a length of time is for, by the words before its first and
/// behind its last token.
pub(super) fn bound(tokens: &[Token], first: usize, end: usize) -> (Bound, Form) {
    let before = spoken(&tokens[first.saturating_sub(9)..first]);
    let mut before = before.as_slice();
    let mut found = None;
    // A minimum on a monthly basis: what stands between is passed over.
    for _ in 0..5 {
        found = BEFORE.iter().find(|(words, ..)| ends_with(before, words)).map(|(_, bound, form)| (*bound, *form));
        match before.split_last() {
            Some((last, rest)) if found.is_none() && BETWEEN.contains(last) => before = rest,
            _ => break,
        }
    }
    let behind = spoken(tokens.get(end..(end + 4).min(tokens.len())).unwrap_or_default());
    let behind = behind.join(" ");
    let is = |words: &[&str]| words.iter().any(|word| behind.starts_with(word));
    let (bound, form) = found.unwrap_or((Bound::Stated, Form::Plain));
    let bound = match bound {
        Bound::Stated
            if is(&["or more", "or longer", "or greater", "or above", "minimum", "at least", "at a minimum"]) =>
        {
            Bound::AtLeast
        }
        Bound::Stated if is(&["or less", "or fewer", "or sooner", "or earlier", "maximum", "at most"]) => Bound::AtMost,
        // `At a minimum, the review is done once per year`: also at some distance.
        Bound::Stated if opens_with_minimum(tokens) => Bound::AtLeast,
        bound => bound,
    };
    let form = match form {
        Form::Plain if is(&["of inactivity", "of non-use", "without use", "old"]) => Form::Age,
        Form::For if is(&["of inactivity", "or more"]) => Form::Age,
        Form::Plain if is(&["after", "from", "following", "since", "prior to", "before"]) => Form::Until,
        form => form,
    };
    (bound, form)
}

fn opens_with_minimum(tokens: &[Token]) -> bool {
    spoken(&tokens[..tokens.len().min(4)]).join(" ").starts_with("at a minimum")
}

/// The words of some tokens.
fn spoken(tokens: &[Token]) -> Vec<&str> {
    tokens.iter().map(Token::word).filter(|word| !word.is_empty()).collect()
}

fn ends_with(words: &[&str], wanted: &str) -> bool {
    let wanted: Vec<&str> = wanted.split(' ').collect();
    words.ends_with(&wanted)
}

/// Words that name an event from which a time is counted. One that ends with `*` stands for all that begin so.
const CLOCKS: [(Clock, &[&str]); 10] = [
    (Clock::Termination, &["terminat*", "separation", "departure", "leaving", "resignation", "offboarding"]),
    (Clock::Transfer, &["transfer*", "reassignment"]),
    (Clock::Notification, &["notification", "notice", "notified", "notifying", "receipt"]),
    (Clock::Detection, &["detect*", "discover*", "identif*", "awareness", "aware"]),
    (Clock::Publication, &["patch", "patches", "release", "released", "publi*", "available", "availability"]),
    (Clock::Hire, &["hire", "hired", "hiring", "start", "joining", "join", "employment", "onboarding"]),
    (Clock::Resolution, &["resol*", "closure", "closed", "containment", "recovery"]),
    (Clock::Report, &["report", "reported", "reporting"]),
    (Clock::Change, &["change", "deployment", "release"]),
    (Clock::Contract, &["contract", "engagement"]),
];

/// Words that lead to an event.
const LEADING: [&str; 12] =
    ["of", "from", "after", "following", "since", "upon", "when", "once", "post", "until", "in", "being"];

/// Words in front of a time among which its event is looked for.
const REACH: usize = 24;

/// From when the time at a token is counted: the events that the words behind it name, or those behind a `from` in front.
pub(super) fn clocks(tokens: &[Token], first: usize, end: usize) -> Vec<Clock> {
    let stops = |token: &&Token| !".;:(".chars().any(|sign| token.is(sign));
    let behind: Vec<&str> = tokens[end..].iter().take(14).take_while(stops).map(Token::word).collect();
    let mut found = Vec::new();
    if behind.first().is_some_and(|word| LEADING.contains(word)) {
        found = named(&behind[1..]);
    }
    let before: Vec<&str> = tokens[first.saturating_sub(REACH)..first].iter().map(Token::word).collect();
    if let Some(from) = before.iter().rposition(|word| *word == "from").filter(|_| found.is_empty()) {
        let part = &before[from + 1..];
        let part = part.split(|word| *word == "to").next().unwrap_or_default();
        found = named(part);
    }
    found
}

fn named(words: &[&str]) -> Vec<Clock> {
    let names = |pattern: &str, word: &str| match pattern.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == pattern,
    };
    let clocks =
        CLOCKS.iter().filter(|(_, known)| words.iter().any(|word| known.iter().any(|pattern| names(pattern, word))));
    clocks.map(|(clock, _)| *clock).collect()
}
