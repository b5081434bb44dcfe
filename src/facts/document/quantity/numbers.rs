//! Numbers in digits, in words, or in both: `12`, `twelve`, `sixteen (16)`.

use super::words::Word;

const ONES: [&str; 20] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number that some words begin with, and how many words it has; an error where words and digits beside them
/// disagree.
pub(super) fn read(words: &[Word<'_>]) -> Option<(Result<u32, String>, usize)> {
    let first = words.first()?.text;
    if let Some(number) = digits(first) {
        // A decimal point or a colon behind it makes something else of it: a version, a time of day.
        let joined = |ahead: usize| words.get(ahead).zip(words.get(ahead - 1));
        let touches = joined(1).is_some_and(|(next, this)| next.span.start == this.span.end);
        let goes_on = touches && matches!(words[1].text, "." | ":" | "/" | ",") && words.get(2).is_some_and(|word| {
            word.span.start == words[1].span.end && digits(word.text).is_some()
        });
        return (!goes_on).then_some((Ok(number), 1));
    }
    let (number, mut length) = in_words(words)?;
    let bracketed = (words.get(length).map(|word| word.text), words.get(length + 2).map(|word| word.text));
    if bracketed == (Some("("), Some(")"))
        && let Some(again) = words.get(length + 1).and_then(|word| digits(word.text))
    {
        length += 3;
        if again != number {
            return Some((Err(format!("`{first}` and `{again}` are two numbers")), length));
        }
    }
    Some((Ok(number), length))
}

fn digits(word: &str) -> Option<u32> {
    (word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_digit())).then(|| word.parse().ok()).flatten()
}

/// A number in words: `five`, `twenty-four`, `twenty four`.
fn in_words(words: &[Word<'_>]) -> Option<(u32, usize)> {
    let first = words.first()?.text.to_lowercase();
    let below = |word: &str| ONES.iter().position(|one| *one == word).map(|at| at as u32);
    let tens = |word: &str| TENS.iter().position(|ten| *ten == word).map(|at| (at as u32 + 2) * 10);
    if let Some((ten, one)) = first.split_once('-') {
        let one = below(one).filter(|one| (1..10).contains(one))?;
        return Some((tens(ten)? + one, 1));
    }
    if let Some(ten) = tens(&first) {
        let one = words.get(1).and_then(|word| below(&word.text.to_lowercase())).filter(|one| (1..10).contains(one));
        return Some(one.map_or((ten, 1), |one| (ten + one, 2)));
    }
    below(&first).map(|number| (number, 1))
}
