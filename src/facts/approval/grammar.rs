//! Persons as people write them into messages.

use std::sync::LazyLock;

use regex::Regex;

use super::dialect::Grammar;
use crate::facts::person::Person;
use crate::text::Span;

/// A person found in a text, with the place of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) person: Person,
    pub(crate) span: Span,
}

/// How tokens are cut and cleaned before they are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut {
    pub(crate) grammar: Grammar,
    pub(crate) split: Option<Regex>,
    pub(crate) strip: Option<Regex>,
}

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static BRACKETED: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"[\s,;&]*(?:and\s+)?([^<>]*?)\s*<\s*([^<>\s]+(?:\s[^<>]*|\s*<at>\s*[^<>\s]+)?)\s*>"));
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^(.*?)\s*\b(\S+@\S+\.[A-Za-z0-9-]+)\b"));
static COMMA: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\s*,\s*"));

/// Reads the persons out of a value that starts at `offset` of its message.
pub(crate) fn people(value: &str, offset: usize, cut: &Cut) -> Vec<Written> {
    match cut.grammar {
        Grammar::Mail => mails(value, offset, cut),
        Grammar::Login | Grammar::Name => tokens(value, offset, cut),
    }
}

fn mails(value: &str, offset: usize, cut: &Cut) -> Vec<Written> {
    if let Some(written) = plain(value, offset) {
        return vec![written];
    }
    let mut found = Vec::new();
    for captures in BRACKETED.iter().flat_map(|regex| regex.captures_iter(value)) {
        let (Some(name), Some(email)) = (captures.get(1), captures.get(2)) else { continue };
        let end = captures.get(0).map_or(email.end(), |all| all.end());
        found.push(Written {
            person: Person::new(clean_name(name.as_str()), &clean_email(email.as_str())),
            span: Span::new(offset + name.start(), offset + end),
        });
    }
    if !found.is_empty() {
        return found;
    }
    if let Some(captures) = BARE.as_ref().and_then(|regex| regex.captures(value))
        && let (Some(name), Some(email)) = (captures.get(1), captures.get(2))
    {
        return vec![Written {
            person: Person::new(clean_name(name.as_str()), &clean_email(email.as_str())),
            span: Span::new(offset + name.start(), offset + email.end()),
        }];
    }
    // A name alone may be followed by a comment, which is no part of it.
    let plain = Cut { grammar: Grammar::Name, ..cut.clone() };
    let before_comment = value.split([';', '#', '(']).next().unwrap_or(value);
    tokens(before_comment, offset, &plain)
}

/// `Name <address>` and nothing else, which is what nearly every trailer holds.
fn plain(value: &str, offset: usize) -> Option<Written> {
    let (name, email) = value.strip_suffix('>')?.split_once(" <")?;
    let odd =
        |character: char| matches!(character, '<' | '>' | ',' | ';' | '&' | '"' | '\'') || character.is_whitespace();
    let odd_name = |character: char| character != ' ' && odd(character);
    if name.is_empty() || name.contains(odd_name) || name.starts_with("and ") || email.is_empty() || email.contains(odd)
    {
        return None;
    }
    let lead = name.len() - name.trim_start().len();
    let span = Span::new(offset + lead, offset + value.len());
    Some(Written { person: Person::new(name.trim(), &clean_email(email)), span })
}

/// Persons in a list. A name may run over the end of a line, which is no part of it.
fn tokens(value: &str, offset: usize, cut: &Cut) -> Vec<Written> {
    let Some(separator) = cut.split.as_ref().or(COMMA.as_ref()) else { return Vec::new() };
    let mut found = Vec::new();
    let mut start = 0;
    let ends = separator.find_iter(value).map(|between| (between.start(), between.end()));
    for (end, next) in ends.chain(std::iter::once((value.len(), value.len()))) {
        let token = &value[start..end];
        let lead = token.len() - token.trim_start().len();
        let stripped = cut.strip.as_ref().map_or_else(|| token.into(), |strip| strip.replace_all(token, ""));
        let name = stripped.trim();
        let name = if cut.grammar == Grammar::Login { name.trim_matches('@') } else { clean_name(name) };
        let words: Vec<&str> = name.split_whitespace().collect();
        let name = &words.join(" ");
        if !name.is_empty() {
            let span = Span::new(offset + start + lead, offset + start + token.trim_end().len());
            let person = match cut.grammar {
                Grammar::Login => login(name),
                Grammar::Mail | Grammar::Name => Person::new(name, ""),
            };
            found.push(Written { person, span });
        }
        start = next;
    }
    found
}

/// A token where a login is expected; some people write their whole address there, or their name.
fn login(token: &str) -> Person {
    if let Some(captures) = BRACKETED.as_ref().and_then(|regex| regex.captures(token)) {
        return Person::new(clean_name(&captures[1]), &clean_email(&captures[2]));
    }
    match token.split_once(['@', '%']) {
        Some((local, host)) if host.contains('.') && !local.is_empty() => Person::new("", token),
        _ if token.contains(char::is_whitespace) => Person::new(clean_name(token), ""),
        _ => Person::from_login(token),
    }
}

fn clean_name(name: &str) -> &str {
    name.trim().trim_matches(['"', '\'']).trim()
}

/// Undoes ` <at> ` and ` at `, by which some people keep their address from being collected.
fn clean_email(email: &str) -> String {
    let joined = email.replace(" <at> ", "@").replace("<at>", "@").replace(" at ", "@").replace(" dot ", ".");
    joined.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'', '.', ',']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(value: &str) -> Vec<(Option<String>, Option<String>)> {
        let text = |part: &Option<Box<str>>| part.as_deref().map(str::to_owned);
        people(value, 0, &Cut::default())
            .iter()
            .map(|found| (text(&found.person.name), text(&found.person.email)))
            .collect()
    }

    fn both(name: &str, email: &str) -> (Option<String>, Option<String>) {
        (Some(name.to_owned()), Some(email.to_owned()))
    }

    #[test]
    fn the_variations_of_an_address_are_read() {
        assert_eq!(mail("Dana Roe <dana@acme.example>"), [both("Dana Roe", "dana@acme.example")]);
        assert_eq!(
            mail("A B <a@x.example>, C D <c@x.example>"),
            [both("A B", "a@x.example"), both("C D", "c@x.example")]
        );
        assert_eq!(mail("A B <a@x.example> (comment)"), [both("A B", "a@x.example")]);
        assert_eq!(mail("A B <a@x.example> # note"), [both("A B", "a@x.example")]);
        assert_eq!(mail("A B a@x.example"), [both("A B", "a@x.example")]);
        assert_eq!(mail("A B <a <at> x.example>"), [both("A B", "a@x.example")]);
        assert_eq!(mail("A B <a at x.example>"), [both("A B", "a@x.example")]);
        assert_eq!(mail("A B"), [(Some("A B".to_owned()), None)]);
        assert_eq!(mail(""), []);
    }

    #[test]
    fn logins_are_cut_and_cleaned() {
        let cut = Cut { grammar: Grammar::Login, split: pattern("[,+&]"), strip: pattern(r"[^A-Za-z0-9_\[\]-]") };
        let found = people("🙈eh2406🙈,@me+`x`", 10, &cut);
        let logins: Vec<_> = found.iter().filter_map(|found| found.person.login.as_deref()).collect();
        assert_eq!(logins, ["eh2406", "me", "x"]);
        assert_eq!(found[1].span, Span::new(25, 28));
    }

    #[test]
    fn an_address_or_a_name_where_a_login_is_expected_is_kept_as_such() {
        let cut = Cut { grammar: Grammar::Login, ..Cut::default() };
        let persons: Vec<Person> =
            people("dana, Dana Roe, dana@acme.example, D R <d@acme.example>, dana%acme.example", 0, &cut)
                .into_iter()
                .map(|found| found.person)
                .collect();
        let expected = [
            Person::from_login("dana"),
            Person::new("Dana Roe", ""),
            Person::new("", "dana@acme.example"),
            Person::new("D R", "d@acme.example"),
            Person::new("", "dana%acme.example"),
        ];
        assert_eq!(persons, expected);
    }
}
