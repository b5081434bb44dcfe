//! The registers of a repository: found, read, mapped, typed, and held against each other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

mod needed;
mod old;
mod places;
mod taking;

use super::definitions;
pub use old::Old;
use places::{in_configuration, whole_file};
use taking::Taking;

use super::mappings::Mappings;
use crate::error::{Fault, Result};
use crate::facts::calendar::{DateFormat, DateReader};
use crate::facts::register::definition::Definition;
use crate::facts::register::files;
use crate::facts::register::mapping::{Mapping, Sources};
use crate::facts::register::people::People;
use crate::facts::register::store::{Key, Register, Registers};
use crate::facts::register::typed::Typing;
use crate::facts::register::value::{Record, Shape, Value};
use crate::sources::records::{self, Format, Layout, RawField};
use crate::sources::tree;
use crate::text::{SourceText, shown};

/// Folder of the registers.
pub const FOLDER: &str = "registers";
/// Faults of cells that are listed for one file; whoever corrects that many runs again.
const MAX_FAULTS: usize = 200;
/// The register that tells who is who, and is read before all others.
pub const PEOPLE: &str = "people";

/// What the files of a register are read with.
struct Reading<'a> {
    root: &'a Path,
    zone: &'a TimeZone,
    definition: &'a Definition,
    shape: &'a Arc<Shape>,
    people: &'a People,
    configuration: Option<&'a Arc<SourceText>>,
}

/// What was read of one or several files.
#[derive(Default)]
struct Part {
    records: Vec<Arc<Record>>,
    files: Vec<Arc<SourceText>>,
    rows: BTreeMap<String, usize>,
    faults: Vec<Fault>,
}

/// Reads every register: from the files that the configuration names, or from its default place. A record with a fault
/// is left out, and all others are read.
///
/// # Errors
/// A register or a mapping that comes with the program is wrong, which the tests exclude.
pub fn read(
    root: &Path,
    zone: &TimeZone,
    configured: &BTreeMap<String, Sources>,
    configuration: Option<&Arc<SourceText>>,
) -> Result<(Registers, Vec<Fault>)> {
    read_some((root, zone), (configured, configuration), &|_| true)
}

/// Reads the registers that are `wanted`, by their names, and that of people.
///
/// # Errors
/// As [`read`].
pub fn read_some(
    (root, zone): (&Path, &TimeZone),
    (configured, configuration): (&BTreeMap<String, Sources>, Option<&Arc<SourceText>>),
    wanted: &dyn Fn(&str) -> bool,
) -> Result<(Registers, Vec<Fault>)> {
    let takes_one = configured.values().flat_map(Sources::list).any(|source| source.tool.is_some());
    let mappings = if takes_one { Mappings::builtin()? } else { Mappings { ready: Vec::new() } };
    let nobody = People::default();
    let mut registers = Registers::default();
    let (mut definitions, mut faults) = definitions::read(root)?;
    definitions.retain(|definition| definition.register == PEOPLE || wanted(&definition.register));
    let sources = |definition: &Definition| match configured.get(&definition.register) {
        _ if definition.from_history => Vec::new(),
        Some(sources) => sources.list().to_vec(),
        None => vec![Mapping::default()],
    };
    let read = |definition: &Definition, people: &People| {
        let shape = definition.shape();
        let reading = Reading { root, zone, definition, shape: &shape, people, configuration };
        let mut part = Part::default();
        for source in sources(definition) {
            match mappings.resolve(&source, &definition.register) {
                Ok((mapping, own)) => part.add(reading.source(&source, &mapping, own)),
                Err(message) => {
                    let tool = source.tool.as_deref().unwrap_or_default();
                    part.faults.extend(configuration.map(|text| in_configuration(text, tool, message)));
                }
            }
        }
        part.faults.extend(duplicates(definition, &part.records));
        (shape, part)
    };
    let mut enter = |definition: Definition, (shape, part): (Arc<Shape>, Part), faults: &mut Vec<Fault>| {
        let count = part.faults.len();
        faults.extend(part.faults);
        let register = Register::new(definition.clone(), shape, part.records, part.files, count);
        registers.by_name.insert(definition.register, Register { rows: part.rows, ..register });
    };
    let (people, others): (Vec<Definition>, Vec<Definition>) =
        definitions.into_iter().partition(|definition| definition.register == PEOPLE);
    let mut everybody = People::default();
    for definition in people {
        // Managers are people of the same register, so who is who must be known before the records can be.
        let known = People::new(read(&definition, &nobody).1.records);
        let (shape, part) = read(&definition, &known);
        everybody = People::new(part.records.clone());
        enter(definition, (shape, part), &mut faults);
    }
    let parts: Vec<_> = others.par_iter().map(|definition| read(definition, &everybody)).collect();
    for (definition, part) in others.into_iter().zip(parts) {
        enter(definition, part, &mut faults);
    }
    registers.people = everybody;
    Ok((registers, faults))
}

impl Part {
    fn add(&mut self, other: Self) {
        self.records.extend(other.records);
        self.files.extend(other.files);
        self.rows.extend(other.rows);
        self.faults.extend(other.faults);
    }
}

impl Reading<'_> {
    /// Reads all files of one source. `own` says whether the user wrote its columns, all of which must then be there.
    fn source(&self, source: &Mapping, mapping: &Mapping, own: bool) -> Part {
        let mut part = Part::default();
        part.faults
            .extend(self.configuration.into_iter().flat_map(|text| needed::unknown(self.definition, source, text)));
        let paths = match &source.file {
            Some(glob) => {
                let found = tree::find(self.root, glob);
                if found.files.is_empty() && found.faults.is_empty() {
                    let why = format!("there is no file {}", shown(glob));
                    part.faults.extend(self.configuration.map(|text| in_configuration(text, glob, why)));
                }
                part.faults.extend(found.faults);
                found.files
            }
            None => self.default_places(),
        };
        let read = paths.iter().map(|path| self.file(path, mapping, own));
        read.for_each(|read| part.add(read));
        part
    }

    /// `registers/<name>.*` and everything in the folder `registers/<name>/`.
    fn default_places(&self) -> Vec<PathBuf> {
        let found = default_globs(self.definition).into_iter().flat_map(|glob| tree::find(self.root, &glob).files);
        found.filter(|path| Format::of(path).is_some()).collect()
    }

    fn file(&self, path: &Path, mapping: &Mapping, own: bool) -> Part {
        match tree::read_register(self.root, path) {
            Ok(source) => self.text(path, &source, mapping, own),
            Err(fault) => Part { faults: vec![fault], ..Part::default() },
        }
    }

    /// Reads the text of a file.
    fn text(&self, path: &Path, source: &Arc<SourceText>, mapping: &Mapping, own: bool) -> Part {
        let mut part = Part { files: vec![Arc::clone(source)], ..Part::default() };
        let Some(format) = Format::of(path) else {
            let message = "a register is a file of YAML, CSV, JSON or Markdown".to_owned();
            part.faults.push(whole_file(source, "documents/unreadable-file", message));
            return part;
        };
        let dates = match self.dates(mapping) {
            Ok(dates) => dates,
            Err(message) => {
                part.faults.push(whole_file(source, "documents/bad-value", message));
                return part;
            }
        };
        let read_date = |text: &str| dates.read(text).map_err(|why| why.to_string());
        let typing = Typing {
            source,
            table: matches!(format, Format::Csv | Format::Markdown),
            dates: &read_date,
            people: self.people,
            strict: mapping.columns.is_empty(),
        };
        self.records(source, format, mapping, own, &typing, &mut part);
        part
    }

    fn records(
        &self,
        source: &Arc<SourceText>,
        format: Format,
        mapping: &Mapping,
        own: bool,
        typing: &Typing<'_>,
        part: &mut Part,
    ) {
        let layout = layout(mapping);
        let mut taking = Taking::new(mapping, typing, self.shape);
        let mut rows = 0;
        let read = if format == Format::Csv {
            records::read(source, format, &layout, &mut |raw| {
                rows += 1;
                taking.take(raw);
            })
        } else {
            // What stands once for all records is known only when all of them were read.
            let mut raws = Vec::new();
            let read = records::read(source, format, &layout, &mut |raw| raws.push(raw));
            rows = raws.len();
            let header = self.header(source, mapping, &read.header, &mut taking.faults);
            for mut raw in raws {
                let has = |name: &str| raw.fields.iter().any(|field| &*field.name == name);
                let missing: Vec<RawField> = header.iter().filter(|field| !has(&field.name)).cloned().collect();
                raw.fields.extend(missing);
                taking.take(raw);
            }
            read
        };
        if read.faults.is_empty() {
            part.rows.insert(files::path(source.name()), rows);
        }
        part.faults.extend(read.faults);
        let mut missing = needed::columns(self.shape, source, mapping, own, &read.columns);
        missing.extend(needed::single(self.shape, source, mapping, &read.repeated));
        if missing.is_empty() {
            missing = needed::fields(self.definition, source, mapping, !read.columns.is_empty(), &taking);
        }
        if !missing.is_empty() {
            // Without something that it needs no row is a record, and saying so of each would hide why.
            part.faults.extend(missing);
            return;
        }
        let (records, mut faults) = (taking.records, taking.faults);
        let more = faults.len().saturating_sub(MAX_FAULTS);
        faults.truncate(MAX_FAULTS);
        if let Some(last) = faults.last().filter(|_| more > 0) {
            let message = format!("this file has {more} more faults, which are not listed");
            faults.push(Fault { rule: "documents/too-large", message, ..last.clone() });
        }
        part.faults.extend(faults);
        part.records.extend(records);
    }

    /// What stands once in a file for all of its records.
    fn header(
        &self,
        source: &Arc<SourceText>,
        mapping: &Mapping,
        header: &[RawField],
        faults: &mut Vec<Fault>,
    ) -> Vec<RawField> {
        if !mapping.columns.is_empty() {
            return header.to_vec();
        }
        let (known, unknown): (Vec<RawField>, Vec<RawField>) =
            header.iter().cloned().partition(|field| self.definition.header.iter().any(|name| *name == *field.name));
        for field in unknown {
            faults.push(Fault {
                rule: "documents/unknown-key",
                message: format!(
                    "{} cannot stand above the records of {}",
                    shown(&field.name),
                    self.definition.register
                ),
                label: "not expected here".to_owned(),
                help: Some(match self.definition.header.as_slice() {
                    [] => "nothing stands above these records: write a list".to_owned(),
                    names => format!("what may stand here: {}", names.join(", ")),
                }),
                source: Arc::clone(source),
                span: field.name_place,
                other: None,
            });
        }
        known
    }

    fn dates(&self, mapping: &Mapping) -> std::result::Result<DateReader, String> {
        let zone = match mapping.timezone.as_deref() {
            Some(name) => TimeZone::get(name).map_err(|_| format!("there is no time zone called {}", shown(name)))?,
            None => self.zone.clone(),
        };
        let formats: std::result::Result<Vec<DateFormat>, String> =
            mapping.dates.iter().map(|format| format.parse::<DateFormat>()).collect();
        Ok(DateReader { zone, formats: formats? })
    }
}

/// Where the files of a register lie if the configuration says nothing.
fn default_globs(definition: &Definition) -> [String; 2] {
    let name = definition.file();
    [format!("{FOLDER}/{name}.*"), format!("{FOLDER}/{name}/**/*")]
}

/// How the records of a mapping lie in their file.
fn layout(mapping: &Mapping) -> Layout {
    Layout {
        delimiter: mapping.delimiter,
        header_rows: mapping.header_rows.unwrap_or(1),
        skip_rows: mapping.skip_rows.unwrap_or(0),
        pick: mapping.pick.clone().or_else(|| mapping.columns.is_empty().then(|| "records?".to_owned())),
        optional: mapping.optional,
        known_by: mapping.known_by.clone(),
        above: mapping.above.clone(),
        heading: mapping.heading.clone(),
        lines: false,
    }
}

/// Records that have the key of another one.
pub(super) fn duplicates(definition: &Definition, records: &[Arc<Record>]) -> Vec<Fault> {
    let mut first: FxHashMap<Vec<Key>, &Arc<Record>> = FxHashMap::default();
    let mut faults = Vec::new();
    for record in records {
        let values: Vec<&Value> = definition.key.iter().map(|field| record.get(field)).collect();
        // A person's name may be written in two ways, an instant may differ by an hour: both are told apart.
        let key: Option<Vec<Key>> = values
            .iter()
            .map(|value| match value {
                Value::When(when) => Some(Key::Text(when.to_string().into())),
                value => Key::of(value),
            })
            .collect();
        let Some(key) = key else { continue };
        let Some(other) = first.insert(key, record) else { continue };
        let line = other.source.position(other.place.start).line;
        let name = definition.key.last().map_or("id", String::as_str);
        let span = record.place_of(name);
        // An id may be put together from several cells, of which the place has the first.
        let written = match record.get(name) {
            Value::Text(text) => shown(text),
            _ => shown(record.source.slice(span)),
        };
        faults.push(Fault {
            rule: "documents/duplicate-id",
            message: format!("two records of {} are {written}", definition.register),
            label: format!("{}:{line} is this record already", other.source.name()),
            help: Some(format!("no two records may have the same {}", definition.key.join(", "))),
            source: Arc::clone(&record.source),
            span,
            other: None,
        });
    }
    faults
}
