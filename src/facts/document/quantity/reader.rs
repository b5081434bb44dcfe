//! Reads the quantities of a text, from its first word to its last.

use std::ops::Range;

use super::around;
use super::numbers::{Number, number};
use super::placeholder::placeholders;
use super::tokens::{Token, tokens};
use super::units::{TimeUnit, counted, unit};
use super::{Bound, Counted, Form, Quantity, Rate, Reading};
use crate::facts::calendar::{Length, Unit};

/// Every quantity of a text, in order.
#[must_use]
pub fn read(text: &str) -> Vec<Reading> {
    let tokens = tokens(text);
    let mut places = placeholders(&tokens).into_iter().peekable();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some(place) = places.next_if(|place| place.start <= at) {
            // What it is counted in belongs to it: [number] hours.
            let more = match unit(&tokens, place.end) {
                Some(TimeUnit::Of(of)) => of.tokens,
                _ => 0,
            };
            let end = place.end + more;
            found.push(reading(&tokens, Found { quantity: Quantity::Placeholder, tokens: end - at, first: None }, at));
            at = end;
            continue;
        }
        match quantity(&tokens, at).filter(|_| !is_in_a_name(&tokens, at)) {
            Some(one) => {
                let used = one.tokens;
                found.push(reading(&tokens, one, at));
                at += used;
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a word is a part of a name of programs: `rotate_daily`.
fn is_in_a_name(tokens: &[Token], at: usize) -> bool {
    let before = at > 0 && tokens[at].glued && tokens[at - 1].is('_');
    before || tokens.get(at + 1).is_some_and(|next| next.glued && next.is('_'))
}

/// A quantity, with the number of its tokens and what its own words say about its form.
struct Found {
    quantity: Quantity,
    tokens: usize,
    first: Option<Form>,
}

impl Found {
    fn new(quantity: Quantity, tokens: usize) -> Option<Self> {
        Some(Self { quantity, tokens, first: None })
    }

    fn rate(times: u32, per: Option<Length>, tokens: usize) -> Option<Self> {
        per.filter(|per| times > 0 && per.count > 0)
            .and_then(|per| Self::new(Quantity::Rate(Rate { times, per }), tokens))
    }
}

fn reading(tokens: &[Token], found: Found, at: usize) -> Reading {
    let end = at + found.tokens;
    let (bound, form) = around::bound(tokens, at, end);
    let clocks = around::clocks(tokens, at, end);
    let (bound, form) = match (found.first, &found.quantity) {
        (Some(first), _) => (Bound::AtMost, first),
        (None, Quantity::Count(..) | Quantity::Percent(_)) => (bound, Form::Plain),
        (None, _) => (bound, form),
    };
    let place: Range<usize> = tokens[at].at.start..tokens[end - 1].at.end;
    Reading { quantity: found.quantity, bound, form, clocks, at: place }
}

fn quantity(tokens: &[Token], at: usize) -> Option<Found> {
    ambiguous(tokens, at)
        .or_else(|| adverb(tokens, at))
        .or_else(|| every(tokens, at))
        .or_else(|| times(tokens, at))
        .or_else(|| first(tokens, at))
        .or_else(|| one(tokens, at))
        .or_else(|| number(tokens, at).and_then(|number| numbered(tokens, at, number)))
        .or_else(|| nothing(tokens, at))
}

fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", Token::word)
}

/// How many tokens a prefix such as `bi-` takes, if it stands at a token: one, or two with its hyphen.
fn prefix(tokens: &[Token], at: usize, prefixes: &[&str]) -> Option<usize> {
    prefixes.contains(&word(tokens, at)).then(|| 1 + usize::from(tokens.get(at + 1).is_some_and(|next| next.is('-'))))
}

/// Words that mean twice in a time to some, and once in two of it to others.
fn ambiguous(tokens: &[Token], at: usize) -> Option<Found> {
    let readings = |rest: &str| {
        let starts = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
        Some(match () {
            () if starts(&["annual", "enn", "year"]) => "twice a year or every two years",
            () if starts(&["week"]) => "twice a week or every two weeks",
            () if starts(&["month"]) => "twice a month or every two months",
            () => return None,
        })
    };
    let (used, readings) = match prefix(tokens, at, &["bi"]) {
        Some(before) => (before + 1, readings(word(tokens, at + before))?),
        None => (1, readings(word(tokens, at).strip_prefix("bi")?)?),
    };
    Found::new(Quantity::Ambiguous(readings.to_owned()), used)
}

/// The words that say how often by themselves.
fn adverb(tokens: &[Token], at: usize) -> Option<Found> {
    let length = |count, unit| Some(Length { count, unit });
    let half = prefix(tokens, at, &["semi", "half"]).unwrap_or(0);
    let said = word(tokens, at + half);
    let (said, halved) = match said.strip_prefix("semi") {
        Some(rest) if half == 0 => (rest, true),
        _ => (said, half > 0),
    };
    let per = match said {
        "annual" | "annually" | "yearly" if halved => length(6, Unit::Months),
        _ if halved => None,
        "daily" | "nightly" => length(1, Unit::Days),
        "weekly" => length(1, Unit::Weeks),
        "fortnightly" => length(2, Unit::Weeks),
        "monthly" => length(1, Unit::Months),
        "quarterly" => length(3, Unit::Months),
        "annual" | "annually" | "yearly" => length(12, Unit::Months),
        _ => None,
    };
    Found::rate(1, per, half + 1)
}

/// `every six months`, `each quarter`, `every other week`, `per annum`.
fn every(tokens: &[Token], at: usize) -> Option<Found> {
    if !matches!(word(tokens, at), "every" | "each" | "per") {
        return None;
    }
    // `per month` says how often only behind a number of times.
    if word(tokens, at) == "per" && word(tokens, at + 1) != "annum" {
        return None;
    }
    span(tokens, at + 1).and_then(|(per, used)| Found::rate(1, Some(per), used + 1))
}

/// A number of units, where one need not be said: `six months`, `quarter`, `other week`.
fn span(tokens: &[Token], at: usize) -> Option<(Length, usize)> {
    let (count, before) = match (word(tokens, at), number(tokens, at)) {
        ("other" | "second", _) => (2, 1),
        (_, Some(Number { value: Some(value), tokens: used })) => {
            (value, used + usize::from(tokens.get(at + used).is_some_and(|token| token.is('-'))))
        }
        (_, Some(_)) => return None,
        (_, None) => (1, 0),
    };
    match unit(tokens, at + before)? {
        TimeUnit::Of(of) => Some((of.length(count)?, before + of.tokens)),
        TimeUnit::Unknown(_) => None,
    }
}

/// `once per quarter`, `twice a year`, `four times a year`, `once every three years`, `twice yearly`.
fn times(tokens: &[Token], at: usize) -> Option<Found> {
    let (times, before) = match word(tokens, at) {
        "once" => (1, 1),
        "twice" => (2, 1),
        "thrice" => (3, 1),
        _ => {
            let Number { value, tokens: used } = number(tokens, at)?;
            (value.filter(|_| matches!(word(tokens, at + used), "times" | "time"))?, used + 1)
        }
    };
    let mut next = at + before;
    if let Some(Found { quantity: Quantity::Rate(rate), tokens: used, .. }) = adverb(tokens, next) {
        return Found::rate(times, Some(rate.per), before + used);
    }
    // Once, at least, every year.
    while matches!(word(tokens, next), "in" | "within" | "during") {
        next += 1;
    }
    if !(matches!(word(tokens, next), "a" | "an" | "per" | "each" | "every") || tokens.get(next)?.is('/')) {
        return None;
    }
    let (per, used) = span(tokens, next + 1)?;
    Found::rate(times, Some(per), next + 1 + used - at)
}

/// `the first month`, `the first 30 days`: a time until something must be done.
fn first(tokens: &[Token], at: usize) -> Option<Found> {
    if word(tokens, at) != "first" {
        return None;
    }
    let (length, used) = span(tokens, at + 1)?;
    Some(Found { quantity: Quantity::Length(length), tokens: used + 1, first: Some(Form::Until) })
}

/// `within a week`, `an hour`: one of a unit, where words before it or nothing around it say that it is meant so; and
/// `a second person`, `somebody else`.
fn one(tokens: &[Token], at: usize) -> Option<Found> {
    let before = at.checked_sub(1).map_or("", |before| word(tokens, before));
    if matches!(word(tokens, at), "a" | "an" | "the") && word(tokens, at + 1) != "number" {
        if let (true, Some(TimeUnit::Of(of))) =
            (matches!(before, "within" | "than" | "exceed" | "exceeding"), unit(tokens, at + 1))
        {
            return Found::new(Quantity::Length(of.length(1)?), of.tokens + 1);
        }
        if let (true, Some(TimeUnit::Of(of))) = (at == 0 && word(tokens, at) != "the", unit(tokens, 1))
            && of.tokens + 1 == tokens.len()
        {
            return Found::new(Quantity::Length(of.length(1)?), of.tokens + 1);
        }
    }
    let other = match (word(tokens, at), word(tokens, at + 1)) {
        ("a", "second") | ("one", "other") => Some(2),
        ("another", _) => Some(1),
        ("somebody" | "someone", "else") => return Found::new(Quantity::Count(1, Counted::People), 2),
        _ => None,
    }?;
    let (counted, used) = counted(tokens, at + other);
    (counted == Counted::People).then_some(())?;
    Found::new(Quantity::Count(1, counted), other + used)
}

/// Why a number has no value.
const DIFFERS: &str = "a word and digits that differ, or a fraction";

/// A number with what it counts: a length of time, a share, persons.
fn numbered(tokens: &[Token], at: usize, number: Number) -> Option<Found> {
    let mut next = at + number.tokens;
    // A zero-day vulnerability is no time.
    if number.value == Some(0) && tokens.get(next).is_some_and(|token| token.is('-')) {
        return None;
    }
    if let Some((end, words)) = range(tokens, next) {
        return Found::new(Quantity::Ambiguous(words), end - at);
    }
    next += usize::from(tokens.get(next).is_some_and(|token| token.is('-')));
    match (unit(tokens, next), number.value) {
        (Some(TimeUnit::Of(of)), Some(value)) => {
            return Found::new(Quantity::Length(of.length(value)?), next + of.tokens - at);
        }
        (Some(TimeUnit::Of(of)), None) => {
            return Found::new(Quantity::Ambiguous(DIFFERS.to_owned()), next + of.tokens - at);
        }
        (Some(TimeUnit::Unknown(used)), _) => {
            let words = "a length that no calendar here counts".to_owned();
            return Found::new(Quantity::Ambiguous(words), next + used - at);
        }
        (None, _) => {}
    }
    if tokens.get(next).is_some_and(|token| token.is('%')) || matches!(word(tokens, next), "percent" | "percentage") {
        return Found::new(Quantity::Percent(number.value?), next + 1 - at);
    }
    let (counted, used) = counted(tokens, next);
    match number.value {
        // A pronoun: no one, one of them.
        Some(1) if counted == Counted::Other && word(tokens, at) == "one" && tokens.len() > 1 => None,
        Some(value) if counted == Counted::Other => Found::new(Quantity::Count(value, counted), number.tokens),
        Some(value) => Found::new(Quantity::Count(value, counted), next + used - at),
        // A version or a section: 1.2.
        None if counted == Counted::Other => None,
        None => Found::new(Quantity::Ambiguous(DIFFERS.to_owned()), next + used - at),
    }
}

/// The rest of a range behind its first number: `-3 days`, `to 48 hours`. A range states no single value.
fn range(tokens: &[Token], next: usize) -> Option<(usize, String)> {
    if !(tokens.get(next)?.is('-') || matches!(word(tokens, next), "to" | "or")) {
        return None;
    }
    let used = match &tokens.get(next + 1)?.what {
        super::tokens::What::Number(_) => 1,
        _ => number(tokens, next + 1)?.tokens,
    };
    let behind = next + 1 + used;
    let end = match unit(tokens, behind) {
        Some(TimeUnit::Of(of)) => behind + of.tokens,
        Some(TimeUnit::Unknown(used)) => behind + used,
        None => behind + counted(tokens, behind).1,
    };
    Some((end, "either end of the range".to_owned()))
}

/// That nothing is asked for.
fn nothing(tokens: &[Token], at: usize) -> Option<Found> {
    let used = match (word(tokens, at), word(tokens, at + 1), word(tokens, at + 2)) {
        ("never" | "none" | "unlimited", ..) => 1,
        ("no", "limit" | "expiry" | "expiration" | "maximum" | "minimum" | "rotation", _) => 2,
        ("need" | "needn't", "not", _) => 2,
        ("without", "limit" | "expiry" | "expiration", _) => 2,
        ("not", "need" | "have", "to") => 3,
        ("not", "required" | "needed" | "necessary" | "expire", _) => 2,
        ("don't" | "doesn't", "need" | "have", "to") => 3,
        _ => return None,
    };
    Found::new(Quantity::Nothing, used)
}
