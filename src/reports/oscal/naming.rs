//! How OSCAL wants names and words: UUIDs, tokens, properties, and text that is markup.

use uuid::Uuid;

use super::model::Property;
use crate::text::safe;

/// Below this, every UUID is made of what it names (version 5), so that the same thing has the same one in every report.
const SPACE: Uuid = Uuid::from_u128(0xaea6_aaa1_c7b3_4dfb_8245_913e_b886_d082);

/// The namespace of properties that OSCAL itself does not know. It is a UUID because nobody has to be asked for one and
/// nobody can own it later, as can happen to a domain; nothing can be fetched from it.
pub(super) const NAMESPACE: &str = "urn:uuid:aea6aaa1-c7b3-4dfb-8245-913eb886d082";

/// The UUID of something that these words name. Each of them is counted, so that no two lists of words are one.
pub(super) fn uuid(words: &[&str]) -> String {
    let name: String = words.iter().map(|word| format!("{}:{word},", word.len())).collect();
    Uuid::new_v5(&SPACE, name.as_bytes()).to_string()
}

/// An id as a token of OSCAL, which begins with a letter and has letters, digits, `.` and `-`. Any other byte is written
/// as `_` and its two hexadecimal digits, so that different ids have different tokens, and nothing else has a `_`.
pub(super) fn token(id: &str) -> String {
    if id.is_empty() {
        return "_".to_owned();
    }
    let plain = |at: usize, byte: u8| {
        byte.is_ascii_alphabetic() || (at > 0 && (byte.is_ascii_digit() || matches!(byte, b'.' | b'-')))
    };
    let mut token = String::with_capacity(id.len());
    for (at, byte) in id.bytes().enumerate() {
        if plain(at, byte) {
            token.push(char::from(byte));
        } else {
            token.push('_');
            token.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
        }
    }
    token
}

/// A property of our own; nothing where its value is empty, which OSCAL does not allow.
pub(super) fn property(name: &'static str, value: impl ToString) -> Option<Property> {
    let value = safe(&value.to_string()).trim().to_owned();
    (!value.is_empty()).then_some(Property { name, ns: NAMESPACE, value, class: None, remarks: None })
}

/// One line of words that somebody else wrote, as markup that says nothing but these words.
pub(super) fn line(text: &str) -> String {
    let text = safe(text);
    let text = text.trim();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, character) in text.char_indices() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '[' | ']' | '{' | '}' | '~' | '^' | '|' => out.extend(['\\', character]),
            // Within a word it stands for itself.
            '_' if out.ends_with(char::is_alphanumeric)
                && text[at + 1..].starts_with(|next: char| next.is_alphanumeric() || next == '_') =>
            {
                out.push(character);
            }
            '_' => out.extend(['\\', character]),
            // What begins a heading, a list or a rule.
            '#' | '-' | '+' | '=' if at == 0 => out.extend(['\\', character]),
            '.' | ')' if text[..at].bytes().all(|byte| byte.is_ascii_digit()) => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    if out.is_empty() { "(no words)".to_owned() } else { out }
}

/// Several sentences that somebody else wrote, a paragraph each; nothing where there is none.
pub(super) fn paragraphs<S: AsRef<str>>(sentences: impl IntoIterator<Item = S>) -> Option<String> {
    let sentences: Vec<String> = sentences.into_iter().map(|sentence| line(sentence.as_ref())).collect();
    (!sentences.is_empty()).then(|| sentences.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_ids_have_different_tokens() {
        for (id, expected) in [
            ("CM-01", "CM-01"),
            ("CM_01", "CM_5f01"),
            ("CM 01", "CM_2001"),
            ("1.10", "_31.10"),
            ("-a", "_2da"),
            ("Ä", "_c3_84"),
            ("", "_"),
            ("a_obj.b", "a_5fobj.b"),
            ("\u{1b}[31m", "_1b_5b31m"),
        ] {
            assert_eq!(token(id), expected, "{id:?}");
        }
    }

    #[test]
    fn words_of_others_are_no_markup() {
        assert_eq!(line("unknown key `a`"), "unknown key \\`a\\`");
        assert_eq!(line("<b> & [x](y) snake_case _em_"), "&lt;b&gt; &amp; \\[x\\](y) snake_case \\_em\\_");
        assert_eq!(line("1. a"), "1\\. a");
        assert_eq!(line("# a"), "\\# a");
        assert_eq!(line("a\nb\u{1b}"), "a b\\\\u\\{1b\\}");
        assert_eq!(line("  "), "(no words)");
        assert_eq!(paragraphs(["a", "b"]).as_deref(), Some("a\n\nb"));
    }

    #[test]
    fn uuids_tell_apart_what_is_cut_otherwise() {
        assert_ne!(uuid(&["ab", "c"]), uuid(&["a", "bc"]));
        assert_eq!(uuid(&["test", "CM-01"]), uuid(&["test", "CM-01"]));
        assert_eq!(NAMESPACE, format!("urn:uuid:{SPACE}"));
    }
}
