//! Values as YAML, for programs that read nothing else.
//!
//! Every text stands in double quotes. The YAML crate leaves out quotes where YAML 1.2 allows that, as around `No`, `12:30`
//! and `2026-01-01`, which the many readers of YAML 1.1 take for something that is no text.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::text::is_unsafe_to_show;

/// A value as a YAML document. Its keys must be words that mean nothing else in YAML, as names of fields are.
///
/// # Errors
/// The value cannot be written as JSON, which none of the documents here can be.
pub fn text(value: &impl Serialize) -> Result<String> {
    let value = serde_json::to_value(value)
        .map_err(|error| Error::new(Kind::Internal, format!("the report cannot be written: {error}")))?;
    let mut out = String::new();
    block(&value, 0, &mut out);
    Ok(out)
}

/// A value that begins where the last line has come to, at this depth.
fn block(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (at, (key, value)) in fields.iter().enumerate() {
                indent(at, depth, out);
                out.push_str(key);
                out.push(':');
                below(value, depth, out);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for (at, value) in list.iter().enumerate() {
                indent(at, depth, out);
                out.push_str("- ");
                block(value, depth + 1, out);
            }
        }
        scalar => {
            match scalar {
                Value::String(text) => quoted(text, out),
                other => out.push_str(&other.to_string()),
            }
            out.push('\n');
        }
    }
}

/// What stands behind a key: on the same line, or on lines of its own.
fn below(value: &Value, depth: usize, out: &mut String) {
    let is_open = match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    };
    if is_open {
        out.push('\n');
        out.push_str(&"  ".repeat(depth + 1));
        block(value, depth + 1, out);
    } else {
        out.push(' ');
        block(value, depth, out);
    }
}

/// The first part stands where the line has come to, the others on lines of their own.
fn indent(at: usize, depth: usize, out: &mut String) {
    if at > 0 {
        out.push_str(&"  ".repeat(depth));
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if is_unsafe_to_show(character) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\U{:08x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let texts = json!([
            "",
            " a ",
            "No",
            "12:30",
            "2026-01-01",
            "1_000",
            "~",
            "a: b",
            "# a",
            "- a",
            "\"\\",
            "a\nb\tc",
            "\u{1b}[31m",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{e0001}",
            "ä",
            "🙂",
            "...",
            "---",
            "<<",
            "=",
            "%",
            "@",
            "`",
            "*a",
            "&a",
            "!a",
            "{a",
            "[a"
        ]);
        let value = json!({
            "texts": texts, "number": 3, "none": null, "yes": true, "empty": {}, "nothing": [],
            "list": [{"a": 1, "b": [{"c": [1, [2, 3]]}]}, [["x"]], {}],
            "map": {"deep": {"deeper": ["x"]}}
        });
        let Ok(text) = text(&value) else { unreachable!("it is JSON") };
        assert!(text.chars().all(|character| character == '\n' || !is_unsafe_to_show(character)));
        assert_eq!(serde_yaml::from_str::<Value>(&text).ok(), Some(value), "{text}");
    }
}
