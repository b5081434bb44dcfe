//! Words that a hostile repository would write, and what must become of them in OSCAL.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde_json::Value;

/// Replaces every text that comes out of a repository.
pub fn spoil(value: &mut Value, key: &str, next: &mut usize) {
    const WORDS: [&str; 7] = [
        "</title><script>alert(1)</script>",
        "\u{1b}[31m\u{202e}evil\u{200b}\u{0}\r\n\t::error::x",
        "[x](javascript:alert(1)) ![y](z) {{ insert: param, a }} `a` *b* <img src=x>",
        "  ",
        "- No: #1 ~ \"'",
        "\u{85}\u{2028}\u{feff}",
        "مرحبا",
    ];
    const FREE: [&str; 20] = [
        "title",
        "owner",
        "statement",
        "policy",
        "file",
        "value",
        "applied",
        "result",
        "asks",
        "message",
        "item",
        "help",
        "text",
        "why",
        "remarks",
        "organization",
        "cause",
        "corrective_action",
        "approved_by",
        "id",
    ];
    match value {
        Value::String(text) if FREE.contains(&key) => {
            *next += 1;
            WORDS[*next % WORDS.len()].clone_into(text);
        }
        Value::Array(all) => all.iter_mut().for_each(|one| spoil(one, key, next)),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, one)| spoil(one, key, next)),
        _ => {}
    }
}

/// OSCAL takes titles and descriptions for markup, and wants values that are not blank and have one line.
pub fn held(value: &Value, key: &str) {
    match value {
        Value::String(text) if ["title", "description", "remarks", "statement"].contains(&key) => {
            let words = |event: &Event<'_>| {
                matches!(event, Event::Text(_) | Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph))
            };
            assert!(Parser::new(text).all(|event| words(&event)), "{text}");
            assert!(!text.contains('<') && !text.contains("{{") && !text.trim().is_empty(), "{text}");
            assert!(key != "title" || !text.contains('\n'), "{text:?}");
        }
        Value::String(text) if key == "value" || key == "name" => {
            assert!(!text.contains('\n') && text.trim() == text && !text.is_empty(), "{text:?}");
        }
        Value::String(text) if ["control-id", "target-id", "class"].contains(&key) => {
            let plain = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
            assert!(
                text.chars().all(plain) && text.starts_with(|first: char| first.is_alphabetic() || first == '_'),
                "{text}"
            );
        }
        Value::Array(all) => all.iter().for_each(|one| held(one, key)),
        Value::Object(fields) => fields.iter().for_each(|(key, one)| held(one, key)),
        _ => {}
    }
}
