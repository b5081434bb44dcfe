//! The criteria that a document cites.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Cited;
use super::entries::{self, Entry};
use crate::facts::document::criteria;
use crate::sources::blocks::{Block, BlockKind};
use crate::sources::markdown::Markdown;
use crate::sources::yaml::{self, YamlDocument};
use crate::text::Span;

/// Keys under which ids stand without the name of their catalogue.
const CRITERIA: &[&str] = &["tsccriteria", "tsc", "criteria"];

/// The criteria that the front matter cites.
pub(super) fn in_front_matter(document: &YamlDocument, json: &Value) -> Vec<Cited> {
    let mut found = Vec::new();
    for (name, value) in json.as_object().into_iter().flatten() {
        let pointer = format!("/{}", yaml::escape(name));
        match value {
            Value::Object(catalogues) if name.eq_ignore_ascii_case("satisfies") => {
                for (catalogue, ids) in catalogues {
                    found.extend(cite(document, catalogue, &format!("{pointer}/{}", yaml::escape(catalogue)), ids));
                }
            }
            Value::Array(frameworks) if name.eq_ignore_ascii_case("frameworks") => {
                for (at, framework) in frameworks.iter().enumerate() {
                    if let (Some(catalogue), Some(ids)) = (framework["name"].as_str(), framework.get("sections")) {
                        found.extend(cite(document, catalogue, &format!("{pointer}/{at}/sections"), ids));
                    }
                }
            }
            ids if CRITERIA.contains(&entries::plain(name).as_str()) => {
                found.extend(cite(document, "TSC", &pointer, ids));
            }
            _ => {}
        }
    }
    found
}

/// The ids at a place: a list of them, or one text. As they are written: 1.10 is not 1.1.
fn cite(document: &YamlDocument, catalogue: &str, pointer: &str, value: &Value) -> Vec<Cited> {
    let ids = value.as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(value));
    let mut found = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let pointer = if value.is_array() { format!("{pointer}/{at}") } else { pointer.to_owned() };
        let Some(span) = document.span(&pointer).filter(|_| !id.is_object() && !id.is_array() && !id.is_null()) else {
            continue;
        };
        found.extend(ids_of(catalogue, document.source.slice(span), span.start));
    }
    found
}

/// The ids in a text that begins at an offset. Beside the id of a criterion its name may stand.
fn ids_of<'t>(catalogue: &'t str, text: &'t str, start: usize) -> impl Iterator<Item = Cited> + 't {
    text.split([',', ';']).filter_map(move |part| {
        let quotes = ['"', '\'', '[', ']'];
        let whole = part.trim_matches(|letter: char| letter.is_whitespace() || quotes.contains(&letter));
        let mut words = whole.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
        let criterion = words.find(|word| is_criterion(word)).filter(|_| criteria::is_meant_by(catalogue));
        let id = criterion.unwrap_or(whole);
        let at = start + (id.as_ptr() as usize - text.as_ptr() as usize);
        let span = Span::new(at, at + id.len());
        (!id.is_empty()).then(|| Cited { catalogue: catalogue.to_owned(), id: id.to_owned(), span })
    })
}

/// The criteria that the page cites: under a key that names their catalogue, and in cells of tables that stand in a row
/// with such a name, or in a column of it.
pub(super) fn on_page(page: &Markdown, entries: &[Entry]) -> Vec<Cited> {
    let mut rows: BTreeMap<usize, Vec<(usize, &Block)>> = BTreeMap::new();
    for (at, cell) in page.blocks.iter().enumerate().filter(|(_, block)| block.kind == BlockKind::Cell) {
        rows.entry(cell.row.unwrap_or(at)).or_default().push((at, cell));
    }
    let mut found: BTreeMap<Span, Cited> = BTreeMap::new();
    for row in rows.into_values() {
        let named = row.iter().find(|(_, cell)| criteria::is_meant_by(&cell.words.text));
        for (at, cell) in &row {
            let header = cell.parent.and_then(|at| page.blocks.get(at));
            let header = header.filter(|header| criteria::is_meant_by(&header.words.text));
            let Some(catalogue) = named.filter(|(other, _)| other != at).map(|(_, cell)| *cell).or(header) else {
                continue;
            };
            found.extend(words_of(catalogue.words.text.trim(), cell).map(|cited| (cited.span, cited)));
        }
    }
    for entry in entries.iter().filter(|entry| criteria::is_meant_by(&entry.name) && page.body <= entry.span.start) {
        let text = page.source.slice(entry.span);
        let cited = ids_of(&entry.name, text, entry.span.start).filter(|cited| is_criterion(&cited.id));
        found.extend(cited.map(|cited| (cited.span, cited)));
    }
    found.into_values().collect()
}

/// The criteria in a cell.
fn words_of<'c>(catalogue: &'c str, cell: &'c Block) -> impl Iterator<Item = Cited> + 'c {
    let text = &cell.words.text;
    text.split([',', ';', ' ', '/']).map(str::trim).filter(|word| is_criterion(word)).map(move |word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let span = cell.words.place(start..start + word.len());
        Cited { catalogue: catalogue.to_owned(), id: word.to_owned(), span }
    })
}

/// Whether a word looks like the id of a criterion: letters, a number, a dot and a number.
fn is_criterion(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
    let number = |part: &str| !part.is_empty() && part.len() < 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let family = ["CC", "A", "C", "PI", "P"].contains(&&word[..letters]);
    family && word[letters..].split_once('.').is_some_and(|(family, id)| number(family) && number(id))
}
