//! Checkstyle: the findings of each file, as many build servers read them.

use std::collections::BTreeMap;

use super::entry::{Entry, Report};
use super::xml;
use crate::error::Result;
use crate::findings::finding::Severity;

/// The document.
///
/// # Errors
/// It cannot be written, which memory excludes.
pub fn document(report: &Report<'_>) -> Result<Vec<u8>> {
    let entries = report.entries();
    let mut files: BTreeMap<String, Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in &entries {
        files.entry(entry.path()).or_default().push(entry);
    }
    xml::document(|writer| {
        xml::around(writer, "checkstyle", &[("version", "10.0")], |writer| {
            files.iter().try_for_each(|(path, entries)| {
                xml::around(writer, "file", &[("name", path)], |writer| {
                    entries.iter().try_for_each(|entry| error(writer, entry))
                })
            })
        })
    })
}

fn error(writer: &mut xml::Document, entry: &Entry<'_>) -> std::io::Result<()> {
    let severity = match entry.level() {
        Severity::Note => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let (line, column, message) = (entry.spot.line.to_string(), entry.spot.column.to_string(), entry.with_commit());
    let source = format!("tickmark.{}", entry.rule);
    let attributes = [
        ("line", line.as_str()),
        ("column", &column),
        ("severity", severity),
        ("message", &message),
        ("source", &source),
    ];
    xml::leaf(writer, "error", &attributes, "")
}
