//! XML that any reader takes: an element with attributes and a text, and nothing that XML 1.0 forbids.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::error::{Error, Kind, Result};

/// A writer of a document.
pub(super) type Document = Writer<Vec<u8>>;

/// Writes a document.
///
/// # Errors
/// The inner elements cannot be written, which memory excludes.
pub(super) fn document(body: impl FnOnce(&mut Document) -> io::Result<()>) -> Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declared = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    declared
        .and_then(|()| body(&mut writer))
        .map_err(|error| Error::new(Kind::Internal, format!("the report is not XML: {error}")))?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes an element that has no other inside.
pub(super) fn leaf(writer: &mut Document, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    let attributes: Vec<(&str, String)> = attributes.iter().map(|(name, value)| (*name, allowed(value))).collect();
    let element = writer.create_element(name);
    let element = element.with_attributes(attributes.iter().map(|(name, value)| (*name, value.as_str())));
    if text.is_empty() {
        element.write_empty()?;
    } else {
        element.write_text_content(BytesText::new(&allowed(text)))?;
    }
    Ok(())
}

/// Writes an element around others.
pub(super) fn around(
    writer: &mut Document,
    name: &str,
    attributes: &[(&str, &str)],
    inside: impl FnOnce(&mut Document) -> io::Result<()>,
) -> io::Result<()> {
    let attributes: Vec<(&str, String)> = attributes.iter().map(|(name, value)| (*name, allowed(value))).collect();
    let element = writer.create_element(name);
    let element = element.with_attributes(attributes.iter().map(|(name, value)| (*name, value.as_str())));
    element.write_inner_content(inside)?;
    Ok(())
}

/// The words are clean already; these two are no characters of XML either.
fn allowed(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
