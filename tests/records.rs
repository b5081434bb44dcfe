//! Records of tables, JSON, YAML and Markdown: what they hold, where each part of them stands, and that nothing that a
//! file holds makes reading panic, hang, or lose records without a word.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tickmark::error::Fault;
use tickmark::sources::records::{Format, Layout, Raw, RawField, RawValue, Read, read};
use tickmark::text::{SourceText, Span};

mod csv;
mod files;
mod json;
mod markdown;
mod yaml;

/// Longer than any of these takes by far, also without optimisation and beside other work.
const PATIENCE: Duration = Duration::from_secs(60);

/// A file that was read.
struct File {
    source: Arc<SourceText>,
    records: Vec<Raw>,
    read: Read,
}

impl File {
    fn read(name: &str, text: impl Into<String>, layout: &Layout) -> Self {
        let source = SourceText::new(name, text);
        let mut records = Vec::new();
        let started = Instant::now();
        let format = Format::of(name.as_ref()).unwrap();
        let read = read(&source, format, layout, &mut |record| records.push(record));
        assert!(started.elapsed() < PATIENCE, "{name} took {:?}", started.elapsed());
        let file = Self { source, records, read };
        file.hold_places(&layout.above);
        file
    }

    fn of(name: &str, text: impl Into<String>) -> Self {
        Self::read(name, text, &Layout::default())
    }

    fn picked(name: &str, text: &str, pick: &str) -> Self {
        Self::read(name, text, &Layout { pick: Some(pick.to_owned()), ..Layout::default() })
    }

    /// Every place lies in the text, on the boundaries of characters, and inside the record that it belongs to unless it stands above it.
    fn hold_places(&self, above: &[String]) {
        let lies_in_text = |place: Span| assert_eq!(self.source.clamp(place), place);
        for record in &self.records {
            lies_in_text(record.place);
            for field in &record.fields {
                lies_in_text(field.name_place);
                let place = field.value.place();
                lies_in_text(place);
                let inside = place.start >= record.place.start && place.end <= record.place.end;
                assert!(inside || above.iter().any(|name| *name == *field.name), "{}", field.name);
            }
        }
        self.read.faults.iter().for_each(|fault| lies_in_text(fault.span));
        self.read.columns.iter().for_each(|(_, place)| lies_in_text(*place));
    }

    /// Each record as `name=value, …`.
    fn shown(&self) -> Vec<String> {
        self.records.iter().map(|record| fields(&record.fields)).collect()
    }

    /// The texts at the places of a record's values.
    fn slices(&self, record: usize) -> Vec<&str> {
        self.records[record].fields.iter().map(|field| self.source.slice(field.value.place())).collect()
    }

    /// Each fault as its rule without the area, its line, and the text at its place.
    fn faults(&self) -> Vec<(&str, usize, &str)> {
        let shown = |fault: &'_ Fault| {
            let line = self.source.position(fault.span.start).line;
            (fault.rule.strip_prefix("documents/").unwrap(), line, fault.span)
        };
        self.read.faults.iter().map(shown).map(|(rule, line, span)| (rule, line, self.source.slice(span))).collect()
    }

    fn columns(&self) -> Vec<(&str, &str)> {
        self.read.columns.iter().map(|(name, place)| (&**name, self.source.slice(*place))).collect()
    }

    fn message(&self, at: usize) -> &str {
        &self.read.faults[at].message
    }

    fn help(&self, at: usize) -> &str {
        self.read.faults[at].help.as_deref().unwrap_or_default()
    }
}

fn fields(fields: &[RawField]) -> String {
    let field = |field: &RawField| format!("{}={}", field.name, value(&field.value));
    fields.iter().map(field).collect::<Vec<_>>().join(", ")
}

/// A value: `-` for nothing, a text that stood in quotes in quotes.
fn value(raw: &RawValue) -> String {
    match raw {
        RawValue::Null(place) => {
            assert!(place.is_empty());
            "-".to_owned()
        }
        RawValue::Scalar { text, plain: true, .. } => text.clone(),
        RawValue::Scalar { text, .. } => format!("{text:?}"),
        RawValue::List(_, items) => format!("[{}]", items.iter().map(value).collect::<Vec<_>>().join(", ")),
        RawValue::Map(_, inside) => format!("{{{}}}", fields(inside)),
    }
}

#[test]
fn the_end_of_a_name_tells_the_format() {
    let of = |name: &str| Format::of(name.as_ref());
    for name in ["a.csv", "a/b.TSV"] {
        assert_eq!(of(name), Some(Format::Csv));
    }
    for name in ["a.json", "a.jsonl", "a.NDJSON"] {
        assert_eq!(of(name), Some(Format::Json));
    }
    for name in ["a.yaml", "a.yml"] {
        assert_eq!(of(name), Some(Format::Yaml));
    }
    for name in ["a.md", "a.markdown"] {
        assert_eq!(of(name), Some(Format::Markdown));
    }
    for name in ["a.txt", "csv", ".csv", "a.csv.gz", ""] {
        assert_eq!(of(name), None);
    }
}

/// Texts put together by chance, the same on every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    fn text(&mut self, pieces: &[&str], longest: usize) -> String {
        (0..self.next(longest)).map(|_| pieces[self.next(pieces.len())]).collect()
    }
}

#[test]
fn texts_put_together_by_chance_are_read_or_refused() {
    let mut chance = Chance(0x5eed);
    let cells = ["\"", "\"\"", ",", "\n", "\r\n", "\r", "a", "é", " ", ";", "\t", "\0", "\"x\"", ",\"b\",", "a,b\n"];
    let page = [
        "|", "| ", " | ", "\\|", "\\", "`", "a", "é", "\n", "\r\n", "|-|-|\n", "|a|b|\n", "> ", "- ", "# a\n", "<br>",
        "*", "[x](y)", "\n\n",
    ];
    let yaml = ["a: ", "- ", "\n", "  ", "\"", "'", "[", "]", "{", "}", ",", "é", "b", "null", "1.10", "|\n", "# c\n"];
    for _ in 0..4_000 {
        File::of("a.csv", chance.text(&cells, 24));
        File::of("a.csv", "a,b,a\n".to_owned() + &chance.text(&cells, 24));
        File::of("a.tsv", chance.text(&cells, 24));
        File::of("a.md", chance.text(&page, 24));
        File::of("a.md", "|a|b|\n|-|-|\n".to_owned() + &chance.text(&page, 24));
        File::of("a.yaml", chance.text(&yaml, 16));
    }
}

#[test]
fn what_is_json_is_judged_as_by_another_reader() {
    let mut chance = Chance(0xfeed);
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\"",
        "1",
        "-",
        "0",
        ".5",
        "e3",
        "null",
        "true",
        " ",
        "\n",
        "\"",
        "\\",
        "u0041",
        "\\ud83d\\ude00",
        "\\ud83d",
        "{\"a\":",
        "[1,",
        "\"é\"",
        "\t",
        "\u{1}",
        "x",
    ];
    let mut valid = 0;
    for _ in 0..60_000 {
        let text = chance.text(&pieces, 9);
        let file = File::of("a.json", text.as_str());
        let refused = file.read.faults.iter().any(|fault| fault.rule == "documents/invalid-json");
        let other = serde_json::from_str::<serde_json::Value>(&text);
        assert_eq!(refused, other.is_err(), "{text:?}: {other:?}");
        valid += usize::from(!refused);
    }
    assert!(valid > 1_000, "{valid}");
}
