//! JSON that is safe to print: beside what JSON itself escapes, everything that could steer a terminal.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::error::{Error, Kind, Result};
use crate::text::is_unsafe_to_show;

/// A value on one line.
///
/// # Errors
/// The value cannot be written as JSON, which none of the documents here can be.
pub fn line(value: &impl Serialize) -> Result<Vec<u8>> {
    with(CompactFormatter, value)
}

/// A value over several indented lines.
///
/// # Errors
/// As for [`line`].
pub fn pretty(value: &impl Serialize) -> Result<Vec<u8>> {
    with(PrettyFormatter::new(), value)
}

fn with(formatter: impl Formatter, value: &impl Serialize) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut out, Safe(formatter)))
        .map_err(|error| Error::new(Kind::Internal, format!("the report is not JSON: {error}")))?;
    out.push(b'\n');
    Ok(out)
}

/// A formatter that escapes what [`is_unsafe_to_show`] names, and leaves the layout to another.
struct Safe<F>(F);

macro_rules! as_the_other_does {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$name(writer $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Safe<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() && !fragment.contains('\u{7f}') && !fragment.contains("##[") {
            return writer.write_all(fragment.as_bytes());
        }
        let mut start = 0;
        // A workflow runner takes `##[` for a command wherever it stands.
        let steers =
            |at: usize, character| is_unsafe_to_show(character) || (character == '[' && fragment[..at].ends_with("##"));
        for (at, character) in fragment.char_indices().filter(|(at, character)| steers(*at, *character)) {
            writer.write_all(&fragment.as_bytes()[start..at])?;
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                write!(writer, "\\u{unit:04x}")?;
            }
            start = at + character.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[start..])
    }

    as_the_other_does! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        begin_object_value();
        end_object_value();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_reads_back() {
        let text = "a\u{1b}[2J\u{9b}\u{202e}\u{7f}ü\u{e0001}\n##[x] #[y]";
        let printed = String::from_utf8(line(&text).unwrap()).unwrap();
        assert_eq!(printed, "\"a\\u001b[2J\\u009b\\u202e\\u007fü\\udb40\\udc01\\n##\\u005bx] #[y]\"\n");
        assert_eq!(serde_json::from_str::<String>(&printed).unwrap(), text);
    }
}
