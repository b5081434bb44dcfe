//! Numbers, in digits and in words.

use super::tokens::{Token, What};

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A number, and how many tokens say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// The number; `None` where its word and its digits differ, or where it has a fraction.
    pub(super) value: Option<u32>,
    /// Number of tokens.
    pub(super) tokens: usize,
}

/// The number that begins with a token: `24`, `sixteen`, `twenty-four`, `sixteen (16)`, `30 (thirty)`.
pub(super) fn number(tokens: &[Token], at: usize) -> Option<Number> {
    let first = plain(tokens, at)?;
    let next = at + first.tokens;
    let in_brackets = tokens.get(next).filter(|token| token.is('(')).and_then(|_| plain(tokens, next + 1));
    match in_brackets.filter(|again| tokens.get(next + 1 + again.tokens).is_some_and(|token| token.is(')'))) {
        Some(again) => {
            let value = first.value.filter(|value| again.value == Some(*value));
            Some(Number { value, tokens: first.tokens + again.tokens + 2 })
        }
        None => Some(first),
    }
}

fn plain(tokens: &[Token], at: usize) -> Option<Number> {
    match &tokens.get(at)?.what {
        What::Number(value) => digits(tokens, at, *value),
        What::Word(word) => words(tokens, at, word),
        What::Sign(_) => None,
    }
}

/// A number in digits that is not part of something longer: a date, a version, the name of a standard.
fn digits(tokens: &[Token], at: usize, value: Option<u32>) -> Option<Number> {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before)).filter(|_| tokens[at].glued);
    let is_part = before.is_some_and(|before| match &before.what {
        What::Sign(sign) => "./:#$€£_§-+=".contains(*sign),
        _ => true,
    });
    if is_part {
        return None;
    }
    let glued = |at: usize| tokens.get(at).filter(|token| token.glued);
    let number = |at: usize| glued(at).is_some_and(|token| matches!(token.what, What::Number(_)));
    match glued(at + 1).map(|token| &token.what) {
        Some(What::Sign('.' | ',')) if number(at + 2) => Some(Number { value: None, tokens: 3 }),
        Some(What::Sign('/' | ':' | '_')) if number(at + 2) => None,
        // A day: 2026-01-05.
        Some(What::Sign('-')) if number(at + 2) && glued(at + 3).is_some_and(|sign| sign.is('-')) => None,
        _ => Some(Number { value, tokens: 1 }),
    }
}

fn words(tokens: &[Token], at: usize, word: &str) -> Option<Number> {
    let place = |list: &[&str], word: &str| list.iter().position(|known| *known == word);
    let below_hundred = |at: usize| -> Option<(u32, usize)> {
        let word = tokens.get(at)?.word();
        if let Some(ones) = place(&ONES, word) {
            return Some((u32::try_from(ones).ok()?, 1));
        }
        let tens = (u32::try_from(place(&TENS, word)?).ok()? + 2) * 10;
        let hyphen = usize::from(tokens.get(at + 1).is_some_and(|token| token.is('-')));
        let ones = tokens.get(at + 1 + hyphen).and_then(|token| place(&ONES[1..10], token.word()));
        Some(ones.and_then(|ones| Some((tens + u32::try_from(ones).ok()? + 1, 2 + hyphen))).unwrap_or((tens, 1)))
    };
    let (hundreds, mut used) = match (word, below_hundred(at)) {
        ("hundred", _) => (Some(1), 1),
        (_, Some((count, used))) if tokens.get(at + used).is_some_and(|token| token.word() == "hundred") => {
            (Some(count), used + 1)
        }
        (_, Some((count, used))) => return Some(Number { value: Some(count), tokens: used }),
        (_, None) => return None,
    };
    let mut value = hundreds.map(|hundreds| hundreds * 100);
    let and = usize::from(tokens.get(at + used).is_some_and(|token| token.word() == "and"));
    if let Some((rest, more)) = below_hundred(at + used + and) {
        value = value.map(|value| value + rest);
        used += and + more;
    }
    Some(Number { value, tokens: used })
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    #[test]
    fn numbers_are_read_in_digits_and_in_words() {
        let read = |text: &str| number(&tokens(text), 0).map(|number| (number.value, number.tokens));
        for (text, value, used) in [
            ("24 hours", 24, 1),
            ("sixteen (16) characters", 16, 4),
            ("30 (thirty) days", 30, 4),
            ("twenty-four (24) hours", 24, 6),
            ("ninety nine", 99, 2),
            ("one hundred and eighty days", 180, 4),
            ("hundred days", 100, 1),
            ("two hundred", 200, 2),
            ("1,000 people", 1000, 1),
            ("zero days", 0, 1),
        ] {
            assert_eq!(read(text), Some((Some(value), used)), "{text}");
        }
        assert_eq!(read("sixteen (15) characters"), Some((None, 4)));
        assert_eq!(read("1.5 hours"), Some((None, 3)));
        assert_eq!(read("99999999999 days"), Some((None, 1)));
        for text in ["24/7", "10:30", "2026-01-05", "person", "(5)"] {
            assert_eq!(read(text), None, "{text}");
        }
        for (text, at) in [("CC6.1", 3), ("AES-256", 2), ("2026-01-05", 2), ("$5", 1)] {
            assert_eq!(number(&tokens(text), at), None, "{text}");
        }
    }
}
