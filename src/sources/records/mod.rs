//! Records as they stand in a file, whatever the file: tables of text, JSON, YAML and Markdown, read one record at a
//! time, with the place of everything.

use std::path::Path;
use std::sync::Arc;

use crate::error::Fault;
use crate::sources::yaml::YamlDocument;
use crate::text::{SourceText, Span};

mod cells;
mod columns;
mod csv;
mod json;
mod markdown;
mod reading;
mod select;
mod yaml;

use reading::Reading;

/// Faults that are listed for one file; whoever corrects that many reads it again.
pub const MAX_FAULTS: usize = 1_000;
/// Lists and mappings of JSON that may stand inside each other.
pub const MAX_DEPTH: usize = 64;
/// Values that one record of JSON may hold, and keys that one of its mappings may.
pub const MAX_VALUES: usize = 250_000;
/// Bytes that a value above a list may have, of which every record gets a copy.
pub const MAX_ABOVE: usize = 4_096;
/// Columns that a table may have.
pub const MAX_COLUMNS: usize = 16_384;

/// One record as it stands in a file, before anything is known of its types.
#[derive(Clone, Debug)]
pub struct Raw {
    /// All of it.
    pub place: Span,
    /// Its fields.
    pub fields: Vec<RawField>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct RawField {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_place: Span,
    /// Its value.
    pub value: RawValue,
}

/// A value.
#[derive(Clone, Debug)]
pub enum RawValue {
    /// Nothing. The place is empty: where something would stand.
    Null(Span),
    /// One value.
    Scalar {
        /// Where, without the quotes around it. An empty text of JSON or YAML keeps them, to have a place.
        place: Span,
        /// The text, as it is meant; a number as it is written.
        text: String,
        /// Unquoted.
        plain: bool,
    },
    /// Several values.
    List(Span, Vec<RawValue>),
    /// Fields.
    Map(Span, Vec<RawField>),
}

impl RawValue {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Span {
        match self {
            Self::Null(place) | Self::Scalar { place, .. } | Self::List(place, _) | Self::Map(place, _) => *place,
        }
    }
}

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines of cells with a character between them (RFC 4180). In a file `.tsv` it is a tab, unless told otherwise.
    Csv,
    /// JSON; in a file `.jsonl` or `.ndjson`, each line is a document of its own.
    Json,
    /// YAML.
    Yaml,
    /// The pipe tables of GitHub's Markdown.
    Markdown,
}

impl Format {
    /// The format that the end of a file's name tells, in any case; `None` for every other end.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "json" | "jsonl" | "ndjson" | "sarif" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "md" | "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// Where in a file its records stand.
#[derive(Clone, Debug)]
pub struct Layout {
    /// What separates the cells of a text table; found out from its header if not given.
    pub delimiter: Option<char>,
    /// Rows of a text table's header; the last one names the columns. With 0 the columns are named `1`, `2`, ….
    pub header_rows: u32,
    /// Lines of a text table above its header.
    pub skip_rows: u32,
    /// Path to the list of records inside JSON or YAML, such as `value` or `runs.results`; it leads through every
    /// element of a list. `.` takes the whole document for one record; `records?` takes the list under `records` if there
    /// is one, and the document for one record otherwise.
    pub pick: Option<String>,
    /// Whether the last key of a path of several may be missing, which is then a list without records.
    pub optional: bool,
    /// Keys by which the file of a tool is known. Below a mapping that has all of them, the list may be missing, which is
    /// then one without records.
    pub known_by: Vec<String>,
    /// Paths to single values in the mappings that `pick` leads through, such as `Target` or `tool.driver.name`. Every
    /// record below such a mapping gets them as fields of these names, unless it has one itself.
    pub above: Vec<String>,
    /// Words or anchor of the Markdown heading under which the table stands; every table if not given.
    pub heading: Option<String>,
    /// Whether each line of JSON is a document of its own, whatever the file is called.
    pub lines: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            delimiter: None,
            header_rows: 1,
            skip_rows: 0,
            pick: None,
            optional: false,
            known_by: Vec::new(),
            above: Vec::new(),
            heading: None,
            lines: false,
        }
    }
}

/// What was read beside the records.
#[derive(Debug, Default)]
pub struct Read {
    /// The single values that stand beside the list of records, at the top of a JSON or YAML document.
    pub header: Vec<RawField>,
    /// Every name of a column of a table, with its first place; none of JSON and YAML, where a record may leave out what
    /// it does not have.
    pub columns: Vec<(Arc<str>, Span)>,
    /// Every further column that has the name of one before it in its table, with its place.
    pub repeated: Vec<(Arc<str>, Span)>,
    /// What is wrong, in the order in which it was found; at most [`MAX_FAULTS`], then one that says so.
    pub faults: Vec<Fault>,
}

/// Reads the records of a text, and hands over each as soon as it is read. A record with a fault is not handed over;
/// those around it are, as far as it can be told where they stand.
///
/// Without `pick`, a JSON or YAML document that is a list gives its mappings; a mapping in which exactly one key holds
/// a list of mappings gives those, and any other mapping is itself a record.
///
/// Faults are `documents/invalid-csv`, `documents/invalid-json`, `documents/invalid-yaml`, `documents/invalid-table`
/// (of Markdown), `documents/invalid-front-matter`, `documents/duplicate-key`, `documents/too-large`,
/// `documents/wrong-type` where something else stands in the place of a record, and `documents/missing-key` where
/// there is no table or no list, or several and `pick` does not say which.
pub fn read(source: &Arc<SourceText>, format: Format, layout: &Layout, each: &mut dyn FnMut(Raw)) -> Read {
    let mut reading = Reading::new(source, each);
    match format {
        Format::Csv => csv::read(&mut reading, layout),
        Format::Json => json::read(&mut reading, layout),
        Format::Yaml => yaml::read(&mut reading, layout),
        Format::Markdown => markdown::read(&mut reading, layout),
    }
    reading.finish()
}

/// Reads the records of the list at a path inside one YAML document, such as `registers.people`.
pub fn read_within(document: &YamlDocument, path: &str, each: &mut dyn FnMut(Raw)) -> Read {
    let mut reading = Reading::new(&document.source, each);
    yaml::within(&mut reading, document, path);
    reading.finish()
}
