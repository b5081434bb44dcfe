//! Quantities in prose: `within five business days`, `at least annually`, `two approvals`, `[Number, e.g., 24]`.
//!
//! What is read is what a person would read without knowing more than the sentence. What has two meanings is told as
//! such, and never as one of them.

mod numbers;
mod words;

use crate::facts::calendar::{Cadence, Length, Unit};
use crate::text::Span;
use words::{Word, words};

/// What a quantity is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A length of time.
    Length(Length),
    /// How often.
    Cadence(Cadence),
    /// A number of things.
    Count(u32),
    /// A share of a hundred.
    Percent(u32),
    /// That there is none: what need not be done, or is never done.
    Nothing,
    /// Words with two meanings, which are named.
    Ambiguous(String),
    /// Words that somebody should have replaced by a value.
    Placeholder,
}

/// How a quantity limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// So much.
    Exactly,
    /// So much or more; of a cadence, so often or more often.
    AtLeast,
    /// So much or less; what is done within a time.
    AtMost,
}

/// A quantity and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// What it is.
    pub amount: Amount,
    /// How it limits.
    pub bound: Bound,
    /// Its place in the text.
    pub span: Span,
}

/// Words that may stand between a limit and its number: `at least once a year`, `no later than the first month`.
const LIMIT_REACH: usize = 4;

/// The quantities of a text, in its order.
#[must_use]
pub fn quantities(text: &str) -> Vec<Quantity> {
    let words = words(text);
    let mut reader = Reader { text, words: &words, at: 0 };
    let mut found: Vec<Quantity> = Vec::new();
    while reader.at < words.len() {
        let start = reader.at;
        match reader.next() {
            Some(amount) => {
                let span = Span::new(words[start].span.start, words[reader.at - 1].span.end);
                found.push(Quantity { amount, bound: reader.bound(start), span });
            }
            None => reader.at = start + 1,
        }
    }
    found
}

struct Reader<'t> {
    text: &'t str,
    words: &'t [Word<'t>],
    at: usize,
}

impl<'t> Reader<'t> {
    fn word(&self, ahead: usize) -> &'t str {
        self.words.get(self.at + ahead).map_or("", |word| word.text)
    }

    fn is(&self, ahead: usize, any: &[&str]) -> bool {
        any.iter().any(|one| self.word(ahead).eq_ignore_ascii_case(one))
    }

    /// The quantity that begins at this word; moves behind it.
    fn next(&mut self) -> Option<Amount> {
        self.placeholder()
            .or_else(|| self.nothing())
            .or_else(|| self.adverb())
            .or_else(|| self.every())
            .or_else(|| self.times_per())
            .or_else(|| self.ordinal())
            .or_else(|| self.short_length())
            .or_else(|| self.number())
    }

    fn moved(&mut self, words: usize, amount: Amount) -> Option<Amount> {
        self.at += words;
        Some(amount)
    }

    /// `[Number, e.g., 24]`, `<insert the number of days>`: brackets in which somebody says what to write.
    fn placeholder(&mut self) -> Option<Amount> {
        let close = match self.word(0) {
            "[" => "]",
            "<" => ">",
            _ => return None,
        };
        let length = (1..self.words.len() - self.at).find(|ahead| self.word(*ahead) == close)?;
        let inside = &self.text[self.words[self.at].span.end..self.words[self.at + length].span.start];
        is_placeholder(inside).then(|| self.moved(length + 1, Amount::Placeholder)).flatten()
    }

    /// `do not need to be rotated`, `never`, `none`.
    fn nothing(&mut self) -> Option<Amount> {
        let no_need = self.is(0, &["do", "does", "need"]) && self.is(1, &["not"]);
        if no_need && (self.is(0, &["need"]) || self.is(2, &["need", "have"])) {
            let length = if self.is(0, &["need"]) { 2 } else { 3 };
            return self.moved(length, Amount::Nothing);
        }
        if self.is(0, &["not"]) && self.is(1, &["required", "needed", "necessary"]) {
            return self.moved(2, Amount::Nothing);
        }
        self.is(0, &["none", "never"]).then(|| self.moved(1, Amount::Nothing)).flatten()
    }

    /// `quarterly`, `annual`, and what is said of half a year or of two.
    fn adverb(&mut self) -> Option<Amount> {
        let word = self.word(0).to_lowercase();
        let plain: String = word.chars().filter(char::is_ascii_alphabetic).collect();
        let cadence = match plain.as_str() {
            "daily" => Cadence::Daily,
            "weekly" => Cadence::Weekly,
            "monthly" => Cadence::Monthly,
            "quarterly" => Cadence::Quarterly,
            "semiannual" | "semiannually" | "halfyearly" => Cadence::SemiAnnually,
            "annual" | "annually" | "yearly" => Cadence::Annually,
            _ if plain.starts_with("bi") => {
                let says = word.parse::<Cadence>().err().filter(|says| says.contains("is ambiguous"))?;
                return self.moved(1, Amount::Ambiguous(says));
            }
            _ => return None,
        };
        // `semi annual` in two words is the word before.
        self.moved(1, Amount::Cadence(cadence))
    }

    /// `every month`, `each quarter`, `every six months`.
    fn every(&mut self) -> Option<Amount> {
        if !self.is(0, &["every", "each", "per"]) {
            return None;
        }
        if let Some(cadence) = cadence_of(self.word(1)) {
            return self.moved(2, Amount::Cadence(cadence));
        }
        if self.is(0, &["per"]) {
            return None;
        }
        let (count, words) = numbers::read(&self.words[self.at + 1..])?;
        let count = count.ok()?;
        let (unit, more) = self.unit(1 + words)?;
        let length = Length { count, unit };
        let amount = cadence_every(length).map_or(Amount::Length(length), Amount::Cadence);
        self.moved(1 + words + more, amount)
    }

    /// `once a year`, `twice per year`, `four times a year`.
    fn times_per(&mut self) -> Option<Amount> {
        let (times, words) = match self.word(0).to_lowercase().as_str() {
            "once" => (1, 1),
            "twice" => (2, 1),
            _ => {
                let (count, words) = numbers::read(&self.words[self.at..])?;
                (count.ok().filter(|_| self.is(words, &["times", "time"]))?, words + 1)
            }
        };
        if times == 1 && self.is(words, &["every", "each"]) {
            self.at += words;
            return self.every();
        }
        let of = self.is(words, &["a", "per", "each", "every", "in"]);
        let every = cadence_of(self.word(words + 1)).filter(|_| of)?;
        let cadence = match (times, every) {
            (1, every) => every,
            (2, Cadence::Annually) => Cadence::SemiAnnually,
            (4, Cadence::Annually) => Cadence::Quarterly,
            (12, Cadence::Annually) => Cadence::Monthly,
            _ => return None,
        };
        self.moved(words + 2, Amount::Cadence(cadence))
    }

    /// `their first month`, `the first 30 days`.
    fn ordinal(&mut self) -> Option<Amount> {
        let (unit, more) = self.is(0, &["first"]).then(|| self.unit(1)).flatten()?;
        self.moved(1 + more, Amount::Length(Length { count: 1, unit }))
    }

    /// `24h`, `5bd`: as controls write it.
    fn short_length(&mut self) -> Option<Amount> {
        let length = self.word(0).parse::<Length>().ok()?;
        self.moved(1, Amount::Length(length))
    }

    /// Whether this word goes on from the one before, as in `1.2`, `10:30` or `CC6.1`.
    fn goes_on(&self) -> bool {
        let Some([before, mark, this]) = self.at.checked_sub(2).and_then(|at| self.words.get(at..=self.at)) else {
            return false;
        };
        let touch = before.span.end == mark.span.start && mark.span.end == this.span.start;
        touch && matches!(mark.text, "." | ":" | "/" | "-" | ",")
    }

    /// A number and what it counts: a time, a share, or things.
    fn number(&mut self) -> Option<Amount> {
        if self.goes_on() {
            return None;
        }
        // `within a week`; `a month` anywhere else may be any month.
        let article = self.is(0, &["a", "an"]) && self.behind(&["within", "than", "after", "in"]);
        let (count, words) = if article { (Ok(1), 1) } else { numbers::read(&self.words[self.at..])? };
        let count = match count {
            Ok(count) => count,
            Err(why) => return self.moved(words, Amount::Ambiguous(why)),
        };
        let hyphen = usize::from(self.word(words) == "-");
        if matches!(self.word(words), "-" | "–")
            && let Some((Ok(to), more)) = numbers::read(self.words.get(self.at + words + 1..).unwrap_or_default())
        {
            return self.moved(words + 1 + more, Amount::Ambiguous(format!("`{count}-{to}` is a range")));
        }
        if let Some((unit, more)) = self.unit(words + hyphen) {
            return self.moved(words + hyphen + more, Amount::Length(Length { count, unit }));
        }
        if article {
            return None;
        }
        if self.is(words, &["%", "percent"]) {
            return self.moved(words + 1, Amount::Percent(count));
        }
        self.moved(words, Amount::Count(count))
    }

    /// A unit of time some words ahead, with the number of its words.
    fn unit(&self, ahead: usize) -> Option<(Unit, usize)> {
        let kind = self.is(ahead, &["business", "working", "calendar", "consecutive"]);
        let of_work = self.is(ahead, &["business", "working"]);
        let at = ahead + usize::from(kind);
        // Two words of brackets may be left from `five (5) days`.
        let word = self.word(at).to_lowercase();
        let unit = match word.trim_end_matches('s') {
            "minute" | "min" => Unit::Minutes,
            "hour" | "hr" => Unit::Hours,
            "day" if of_work => Unit::BusinessDays,
            "day" => Unit::Days,
            "week" => Unit::Weeks,
            "month" => Unit::Months,
            "year" | "yr" => Unit::Years,
            _ => return None,
        };
        let fits = !of_work || unit == Unit::BusinessDays;
        fits.then_some((unit, at + 1 - ahead))
    }

    fn behind(&self, any: &[&str]) -> bool {
        let before = self.at.checked_sub(1).map_or("", |at| self.words[at].text);
        any.iter().any(|one| before.eq_ignore_ascii_case(one))
    }

    /// The limit that stands before a quantity, or right behind it: `bi-annual (at least)`.
    fn bound(&self, start: usize) -> Bound {
        let before = &self.words[start.saturating_sub(LIMIT_REACH)..start];
        let behind = self.words.get(self.at..(self.at + 3).min(self.words.len())).unwrap_or_default();
        let has = |words: &[Word<'_>], any: &[&str]| {
            words.iter().any(|word| any.iter().any(|one| word.text.eq_ignore_ascii_case(one)))
        };
        if has(before, &["least", "minimum"]) || has(behind, &["least", "minimum"]) {
            Bound::AtLeast
        } else if has(before, &["within", "most", "later", "maximum", "exceed", "than", "first"]) {
            Bound::AtMost
        } else {
            Bound::Exactly
        }
    }
}

/// Whether words in brackets say what somebody should write there.
#[must_use]
pub fn is_placeholder(inside: &str) -> bool {
    let words: Vec<String> =
        inside.split(|c: char| !c.is_alphanumeric() && c != '.').map(str::to_lowercase).filter(|w| !w.is_empty()).collect();
    let first = words.first().map(String::as_str).unwrap_or_default();
    let asks = ["insert", "enter", "number", "specify", "tbd", "todo", "your", "company", "organization", "set", "fill"];
    inside.contains("e.g.") || (asks.contains(&first) && (words.len() > 1 || ["tbd", "todo", "number"].contains(&first)))
}

/// How often something is done that is done every one of these.
fn cadence_of(unit: &str) -> Option<Cadence> {
    Some(match unit.to_lowercase().as_str() {
        "day" => Cadence::Daily,
        "week" => Cadence::Weekly,
        "month" => Cadence::Monthly,
        "quarter" => Cadence::Quarterly,
        "year" | "calendar-year" => Cadence::Annually,
        _ => return None,
    })
}

/// How often something is done that is done every so long, where that is a cadence.
#[must_use]
pub fn cadence_every(length: Length) -> Option<Cadence> {
    Some(match (length.count, length.unit) {
        (1 | 24, Unit::Days | Unit::Hours) if (length.count == 24) == (length.unit == Unit::Hours) => Cadence::Daily,
        (7, Unit::Days) | (1, Unit::Weeks) => Cadence::Weekly,
        (1, Unit::Months) => Cadence::Monthly,
        (3, Unit::Months) => Cadence::Quarterly,
        (6, Unit::Months) => Cadence::SemiAnnually,
        (12, Unit::Months) | (1, Unit::Years) => Cadence::Annually,
        _ => return None,
    })
}

impl std::fmt::Display for Amount {
    /// As people say it.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length(length) => length.fmt(formatter),
            Self::Cadence(cadence) => cadence.fmt(formatter),
            Self::Count(count) => count.fmt(formatter),
            Self::Percent(share) => write!(formatter, "{share} percent"),
            Self::Nothing => formatter.write_str("none"),
            Self::Ambiguous(_) => formatter.write_str("ambiguous"),
            Self::Placeholder => formatter.write_str("a placeholder"),
        }
    }
}

impl std::fmt::Display for Quantity {
    /// As people say it: `at least quarterly`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bound = match self.bound {
            Bound::Exactly => "",
            Bound::AtLeast => "at least ",
            Bound::AtMost => "at most ",
        };
        write!(formatter, "{bound}{}", self.amount)
    }
}
