//! Where things are, as the protocol tells it: lines from 0, columns in UTF-16 units, and files by their address.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_types::{Position, Range, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::text::Span;

/// What stands for itself in the path of an address.
const IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text with the places where its lines begin.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// The lines of a text. The protocol ends a line at a line feed, at a carriage return, and at both together.
    pub(super) fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let ends = |at: usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let starts = std::iter::once(0).chain((0..bytes.len()).filter(|at| ends(*at)).map(|at| at + 1)).collect();
        Self { text, starts }
    }

    /// A line, without what ends it; empty behind the last one.
    pub(super) fn line(&self, number: usize) -> &'a str {
        let Some(start) = self.starts.get(number) else { return "" };
        let end = self.starts.get(number + 1).copied().unwrap_or(self.text.len());
        self.text[*start..end].trim_end_matches(['\r', '\n'])
    }

    /// Where a byte stands. One behind the end of its line, or within a character, is at the nearest place before.
    pub(super) fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).max(1) - 1;
        let words = self.line(line);
        let mut within = offset.saturating_sub(self.starts[line]).min(words.len());
        while !words.is_char_boundary(within) {
            within -= 1;
        }
        let units = words[..within].encode_utf16().count();
        Position::new(u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(units).unwrap_or(u32::MAX))
    }

    /// The byte at a place; the end of its line for a column behind it, and the end of the text for a line behind it.
    pub(super) fn offset(&self, position: Position) -> usize {
        let number = position.line as usize;
        let Some(start) = self.starts.get(number) else { return self.text.len() };
        let words = self.line(number);
        let mut units = 0;
        for (at, character) in words.char_indices() {
            units += character.len_utf16();
            if units > position.character as usize {
                return start + at;
            }
        }
        start + words.len()
    }

    /// Where a span stands.
    pub(super) fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }
}

/// The address of a file.
pub(super) fn address(path: &Path) -> Option<Uri> {
    let path = path.to_str()?.replace('\\', "/");
    // A path of Windows begins with the name of its disk.
    let root = if path.starts_with('/') { "" } else { "/" };
    Uri::from_str(&format!("file://{root}{}", utf8_percent_encode(&path, IN_A_PATH))).ok()
}

/// The file of an address; `None` for what is no file of this machine.
pub(super) fn path(address: &Uri) -> Option<PathBuf> {
    let rest = address.as_str().strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let rest = rest.split(['?', '#']).next().filter(|rest| rest.starts_with('/'))?;
    let path = percent_decode_str(rest).decode_utf8().ok()?;
    let disk = path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if disk { &path[1..] } else { &*path }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn columns_are_utf_16_units_and_lines_end_in_every_way() {
        let text = "a: 😀x\r\nä: \"y\"\rz\n\nend 🏴‍☠️";
        let lines = Lines::of(text);
        for (word, line, column) in [("x", 0, 5), ("ä", 1, 0), ("y", 1, 4), ("z", 2, 0), ("end", 4, 0), ("☠", 4, 7)]
        {
            let offset = text.find(word).unwrap();
            assert_eq!(lines.position(offset), Position::new(line, column), "{word}");
            assert_eq!(lines.offset(Position::new(line, column)), offset, "{word}");
        }
        assert_eq!(lines.line(0), "a: 😀x");
        assert_eq!(lines.position(text.len() + 9), lines.position(text.len()));
    }

    #[test]
    fn places_that_are_none_are_the_nearest_ones() {
        let text = "a😀\r\nb";
        let lines = Lines::of(text);
        assert_eq!(lines.offset(Position::new(0, 2)), 1, "between the halves of a character");
        assert_eq!(lines.offset(Position::new(0, 99)), 5, "behind the line");
        assert_eq!(lines.offset(Position::new(9, 9)), text.len(), "behind the text");
        assert_eq!(lines.position(3), Position::new(0, 1), "within a character");
        assert_eq!(lines.position(6), Position::new(0, 3), "between what ends a line");
        assert_eq!(Lines::of("").position(0), Position::new(0, 0));
    }

    #[test]
    fn files_have_addresses_and_back() {
        let name = Path::new("/srv/acme shop/ä%20#?.yaml");
        assert_eq!(address(name).unwrap().as_str(), "file:///srv/acme%20shop/%C3%A4%2520%23%3F.yaml");
        assert_eq!(path(&address(name).unwrap()).unwrap(), name);
        assert_eq!(path(&Uri::from_str("file:///c%3A/acme/x.yaml").unwrap()).unwrap(), Path::new("c:/acme/x.yaml"));
        for other in ["untitled:Untitled-1", "file://elsewhere.acme.example/x", "file:///%ff", "https://acme.example/x"]
        {
            assert!(path(&Uri::from_str(other).unwrap()).is_none(), "{other}");
        }
    }
}
