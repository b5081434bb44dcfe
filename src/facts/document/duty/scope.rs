//! What a duty is stated for: the words that tell it from others of its kind. A word that is not known tells it apart as
//! well, so that no two sentences are taken for the same which are not.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Duties, Duty};
use crate::facts::document::quantity::tokens::{Token, What};

/// Words that end what stands beside a name: articles, prepositions, and verbs that help others.
const STOPS: [&str; 72] = [
    "a",
    "an",
    "the",
    "all",
    "any",
    "each",
    "every",
    "to",
    "of",
    "for",
    "from",
    "by",
    "with",
    "and",
    "or",
    "is",
    "are",
    "be",
    "been",
    "being",
    "was",
    "were",
    "must",
    "shall",
    "should",
    "will",
    "may",
    "can",
    "has",
    "have",
    "had",
    "its",
    "their",
    "our",
    "your",
    "his",
    "her",
    "in",
    "on",
    "at",
    "as",
    "that",
    "which",
    "who",
    "whose",
    "when",
    "if",
    "upon",
    "after",
    "before",
    "within",
    "no",
    "not",
    "at",
    "least",
    "once",
    "both",
    "also",
    "then",
    "whenever",
    "while",
    "per",
    "via",
    "using",
    "until",
    "through",
    "during",
    "including",
    "because",
    "where",
    "than",
    "into",
];

/// Verbs that stand in front of what is done: `performs vulnerability scans`.
const VERBS: [&str; 24] = [
    "perform",
    "conduct",
    "complet",
    "requir",
    "ensur",
    "provid",
    "commission",
    "maintain",
    "undergo",
    "receiv",
    "schedul",
    "execut",
    "implement",
    "carr",
    "run",
    "do",
    "does",
    "follow",
    "undertak",
    "use",
    "arrang",
    "organi",
    "facilitat",
    "obtain",
];

/// Words that lead from a name to what it belongs to.
const LINKS: [&str; 10] = ["to", "of", "on", "in", "for", "from", "related", "regarding", "about", "by"];

/// Words that lead to who does something, by what, or where it is written down, and not to what it is done to.
const MEANS: [&str; 9] = ["by", "in", "via", "using", "with", "per", "into", "during", "as"];

/// Whether a name stands for who does something or where: `by vendors`, `in the change log`.
pub(super) fn is_beside(tokens: &[Token], start: usize) -> bool {
    let before = tokens[start.saturating_sub(REACH)..start].iter().rev();
    let leads = before.map(Token::word).find(|word| {
        word.is_empty() || (STOPS.contains(word) && !matches!(*word, "the" | "a" | "an" | "our" | "their" | "its"))
    });
    leads.is_some_and(|word| MEANS.contains(&word))
}

/// Words beside a name that are looked at.
const REACH: usize = 6;

/// Words that tell apart what a duty is about, from those that stand around its name.
pub(super) fn beside(
    duties: &Duties,
    duty: &Duty,
    tokens: &[Token],
    name: &Range<usize>,
    quantities: &[Range<usize>],
) -> BTreeSet<String> {
    let stops = |at: usize| {
        let word = tokens[at].word();
        STOPS.contains(&word)
            || matches!(tokens[at].what, What::Number(_))
            || quantities.iter().any(|quantity| quantity.contains(&at))
            || VERBS.iter().any(|verb| word.starts_with(verb))
            || duty.act.places(&tokens[at..=at]).len() == 1
    };
    let mut found = BTreeSet::new();
    let mut keep = |word: &str| {
        if !word.is_empty() && !duties.general.contains(word) && !duty.text.general.iter().any(|known| known == word) {
            found.insert(word.to_owned());
        }
    };
    for at in (name.start.saturating_sub(REACH)..name.start).rev() {
        let joins = "-&/'\"*_".chars().any(|sign| tokens[at].is(sign));
        if tokens[at].word().is_empty() && !joins || stops(at) {
            break;
        }
        keep(tokens[at].word());
    }
    let mut linked = false;
    for (at, token) in tokens.iter().enumerate().skip(name.end).take(REACH) {
        let word = token.word();
        let joins = "-&/'\"*_".chars().any(|sign| token.is(sign));
        if LINKS.contains(&word)
            || (linked && matches!(word, "the" | "a" | "an" | "all" | "any" | "its" | "our" | "their" | "these"))
        {
            linked = true;
            continue;
        }
        if word.is_empty() && !joins || stops(at) {
            break;
        }
        keep(word);
    }
    found
}

/// The name that a quantity stands in front of as an adjective: of `quarterly reviews of access`, all but the first word.
pub(super) fn named_with<'t>(tokens: &'t [Token], quantity: &Range<usize>, quantities: &[Range<usize>]) -> &'t [Token] {
    let end = quantity.end;
    let adjective = quantity.len() == 1 && tokens[quantity.start].word().ends_with(['y', 'l']);
    let follows = tokens.get(end).is_some_and(|next| !next.word().is_empty() && !STOPS.contains(&next.word()));
    if !adjective || !follows || tokens[quantity.start].word().ends_with("ually") || tokens[end].word() == "basis" {
        return &[];
    }
    let ends = |at: &usize| {
        let word = tokens[*at].word();
        let link = LINKS.contains(&word) || matches!(word, "the" | "a" | "all" | "any" | "its" | "our" | "their");
        let joins = tokens[*at].is('-') || tokens[*at].is('&') || tokens[*at].is('/');
        (word.is_empty() && !joins) || (STOPS.contains(&word) && !link) || quantities.iter().any(|one| one.contains(at))
    };
    let stop = (end..tokens.len()).find(ends).unwrap_or(tokens.len());
    &tokens[end..stop]
}

/// What known words say, wherever they stand; the name of the duty itself tells nothing apart.
pub(super) fn known(duties: &Duties, duty: &Duty, texts: &[&[Token]]) -> BTreeSet<String> {
    let own: Vec<Vec<Range<usize>>> = texts.iter().map(|tokens| duty.of.places(tokens)).collect();
    let tells = |phrases: &super::Phrases| {
        texts.iter().zip(&own).any(|(tokens, own)| {
            let apart = |place: &Range<usize>| !own.iter().any(|own| own.start <= place.start && place.end <= own.end);
            phrases.places(tokens).iter().any(apart)
        })
    };
    duties.scopes.iter().filter(|(_, phrases)| tells(phrases)).map(|(name, _)| name.clone()).collect()
}

/// Whether a word is a severity by itself.
pub(super) fn is_severity(word: &str) -> bool {
    matches!(word, "critical" | "high" | "medium" | "moderate" | "low")
}

/// The severities or tiers that are named, under one name each.
pub(super) fn severities(tokens: &[Token]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let number = match tokens.get(at + 1) {
            Some(Token { what: What::Number(Some(number)), glued, .. }) if *number < 6 => Some((number, *glued)),
            Some(sign) if sign.is('-') => match tokens.get(at + 2) {
                Some(Token { what: What::Number(Some(number)), glued: true, .. }) if *number < 6 => {
                    Some((number, true))
                }
                _ => None,
            },
            _ => None,
        };
        let name = match (token.word(), number) {
            ("moderate", _) => "medium".to_owned(),
            (word, _) if is_severity(word) => word.to_owned(),
            ("p", Some((number, true))) => format!("p{number}"),
            ("priority", Some((number, _))) => format!("p{number}"),
            ("sev" | "s", Some((number, true))) => format!("sev{number}"),
            ("sev" | "severity" | "tier", Some((number, false))) => format!("sev{number}"),
            _ => continue,
        };
        found.insert(name);
    }
    found
}
