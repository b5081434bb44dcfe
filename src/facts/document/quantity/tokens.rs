//! A text as words, numbers and signs, each with its place.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A word in lower case, with its apostrophes.
    Word(String),
    /// A whole number in digits; thousands may be told apart by commas. `None` for one that is too large.
    Number(Option<u32>),
    /// Any other sign; hyphens and dashes of every kind are `-`.
    Sign(char),
}

/// A word, a number or a sign.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub what: What,
    /// Where it stands in the text, in bytes.
    pub at: Range<usize>,
    /// Whether nothing stands between it and the token before.
    pub glued: bool,
}

impl Token {
    /// The word; empty for other tokens.
    #[must_use]
    pub fn word(&self) -> &str {
        match &self.what {
            What::Word(word) => word,
            _ => "",
        }
    }

    /// Whether it is this sign.
    #[must_use]
    pub fn is(&self, sign: char) -> bool {
        self.what == What::Sign(sign)
    }
}

/// The tokens of a text.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut end = start + first.len_utf8();
        let mut take = |wanted: &dyn Fn(char, &str) -> bool| {
            while let Some((at, character)) = rest.peek().copied() {
                if !wanted(character, &text[at + character.len_utf8()..]) {
                    break;
                }
                end = at + character.len_utf8();
                rest.next();
            }
        };
        let what = if first.is_ascii_digit() {
            let thousands = |rest: &str| {
                rest.len() >= 3
                    && rest.bytes().take(3).all(|byte| byte.is_ascii_digit())
                    && !rest[3..].starts_with(|next: char| next.is_ascii_digit())
            };
            take(&|character, rest| character.is_ascii_digit() || (character == ',' && thousands(rest)));
            What::Number(text[start..end].replace(',', "").parse().ok())
        } else if first.is_alphabetic() {
            let apostrophe = |character: char| character == '\'' || character == '’';
            take(&|character, rest| {
                character.is_alphabetic() || (apostrophe(character) && rest.starts_with(char::is_alphabetic))
            });
            What::Word(text[start..end].to_lowercase().replace('’', "'"))
        } else {
            What::Sign(if matches!(first, '\u{2010}'..='\u{2015}' | '−') { '-' } else { first })
        };
        let glued = found.last().is_some_and(|last| last.at.end == start);
        found.push(Token { what, at: start..end, glued });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_signs_are_told_apart() {
        let shown = |text: &str| -> Vec<String> {
            let show = |token: Token| match token.what {
                What::Word(word) => format!("{}{word}", if token.glued { "+" } else { "" }),
                What::Number(number) => format!("#{}", number.map_or("large".to_owned(), |number| number.to_string())),
                What::Sign(sign) => sign.to_string(),
            };
            tokens(text).into_iter().map(show).collect()
        };
        assert_eq!(
            shown("The CTO’s 24h–rule, 1,000 (or 1,00)"),
            ["the", "cto's", "#24", "+h", "-", "+rule", ",", "#1000", "(", "+or", "#1", ",", "#0", ")"]
        );
        assert_eq!(shown("99999999999 ü\u{a0}ß’"), ["#large", "ü", "ß", "’"]);
        assert!(shown("").is_empty());
    }
}
