//! The files that records name, and those that the registers were read from: what stands there, read once.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::store::{Register, Registers};
use super::value::{FieldShape, Record, Shape, Type, Value};
use crate::sources::content::{self, Content, State};
use crate::text::{SourceText, Span};

/// Bytes that all files together may have to be read in one run.
const MAX_ALL: u64 = 4 << 30;
/// What a file of a register may say above its records about where it comes from.
const ORIGIN: [(&str, Type); 5] = [
    ("source", Type::Text),
    ("query", Type::Text),
    ("exported_at", Type::When),
    ("exported_by", Type::Person),
    ("row_count", Type::Integer),
];

/// The path that a person wrote, as all paths are written here: below the repository, with `/` between folders.
#[must_use]
pub fn path(written: &str) -> String {
    let path = written.replace('\\', "/");
    // The root stays, so that it can be seen that the path leads there.
    let root = if path.starts_with('/') { "/" } else { "" };
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    format!("{root}{}", parts.join("/"))
}

/// What can be asked of a file: `name`, `state`, `bytes`, `sha256` and `rows`.
#[must_use]
pub fn shape() -> &'static Arc<Shape> {
    static SHAPE: OnceLock<Arc<Shape>> = OnceLock::new();
    SHAPE.get_or_init(|| {
        let states = State::ALL.iter().map(|(_, word)| (*word).to_owned()).collect();
        let field = |(name, kind): (&str, Type)| FieldShape { name: name.to_owned(), kind, required: false };
        let fields = [
            ("name", Type::Text),
            ("state", Type::Choice(states)),
            ("bytes", Type::Integer),
            ("sha256", Type::Text),
            ("rows", Type::Integer),
        ];
        Shape::new("file", fields.map(field).into())
    })
}

/// What is known of files, by their paths.
#[derive(Debug, Default)]
pub struct Files {
    by_path: FxHashMap<Arc<str>, Record>,
    /// Bytes of all files so far.
    bytes: u64,
}

impl Files {
    /// What is known of a file: a record of [`shape`]. `None` of one that was not gathered.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Record> {
        self.by_path.get(path)
    }

    /// Reads every file below `root` that a record of these registers names, and that was not read before.
    pub fn gather<'r>(&mut self, root: &Path, registers: &Registers, used: impl Iterator<Item = &'r Register>) {
        let mut seen = FxHashSet::default();
        let named = used.flat_map(Register::named_files);
        let new: Vec<Arc<str>> =
            named.filter(|path| !self.by_path.contains_key(path) && seen.insert(Arc::clone(path))).collect();
        // Which files are too much is told by their order, and not by which of them is read first.
        let sized = new.into_iter().map(|path| {
            let look = content::look(root, Path::new(&*path));
            self.bytes = self.bytes.saturating_add(look.bytes.filter(|_| look.state == State::There).unwrap_or(0));
            (path, look, self.bytes <= MAX_ALL)
        });
        let sized: Vec<(Arc<str>, Content, bool)> = sized.collect();
        let read = |(path, look, fits): (Arc<str>, Content, bool)| {
            let content = match (look.state, fits) {
                (State::There, true) => content::read(root, Path::new(&*path)),
                (State::There, false) => Content::of(State::TooLarge, look.bytes),
                _ => look,
            };
            (path, content)
        };
        let read: Vec<(Arc<str>, Content)> = sized.into_par_iter().map(read).collect();
        // A register is read by its mapping, which knows better than the file's name where its records stand.
        let rows = |path: &str| registers.by_name.values().find_map(|register| register.rows.get(path).copied());
        for (path, mut content) in read {
            if content.state == State::There {
                content.rows = rows(&path).or(content.rows);
            }
            let record = record(&path, &content);
            self.by_path.insert(path, record);
        }
    }
}

fn record(path: &Arc<str>, content: &Content) -> Record {
    let whole =
        |number: Option<u64>| number.and_then(|one| i64::try_from(one).ok()).map_or(Value::Null, Value::Integer);
    let values = [
        Value::Text(Arc::clone(path)),
        Value::Text(content.state.word().into()),
        whole(content.bytes),
        content.sha256.as_deref().map_or(Value::Null, |hash| Value::Text(hash.into())),
        whole(content.rows.map(|rows| rows as u64)),
    ];
    let cells = values.map(|value| (value, Span::default())).into();
    Record::new(Arc::clone(shape()), SourceText::new(&**path, ""), Span::default(), cells)
}

impl Register {
    /// Every path that one of its records names, in their order.
    fn named_files(&self) -> Vec<Arc<str>> {
        let mut paths = Vec::new();
        if names_files(&self.shape) {
            self.records.iter().for_each(|record| named_by(record, &mut paths));
        }
        paths
    }
}

/// Whether records of a shape may name a file.
fn names_files(shape: &Shape) -> bool {
    shape.fields.iter().any(|field| match &field.kind {
        Type::File => true,
        Type::List(of) => matches!(&**of, Type::Record(shape) if names_files(shape)),
        _ => false,
    })
}

fn named_by(record: &Record, paths: &mut Vec<Arc<str>>) {
    for at in 0..record.shape.fields.len() {
        match record.at(at) {
            Value::File(path) => paths.push(Arc::clone(path)),
            Value::List(items) => items.iter().for_each(|item| {
                if let Value::Record(inner) = item {
                    named_by(inner, paths);
                }
            }),
            _ => {}
        }
    }
}

/// What an export is in expressions: the register that it is read as, its path, what it is a snapshot of, the number of
/// its rows, and what it says itself about where it comes from.
#[must_use]
pub fn export_shape() -> Arc<Shape> {
    let known = [("register", Type::Text), ("path", Type::Text), ("of", Type::Text), ("rows", Type::Integer)];
    let field = |(name, kind): (&str, Type)| FieldShape { name: name.to_owned(), kind, required: false };
    Shape::new("exports", known.into_iter().chain(ORIGIN).map(field).collect())
}

/// Every export that a register was read from: each of its files, and of a file with several snapshots each of them.
#[must_use]
pub fn exports(registers: &Registers) -> Value {
    let shape = export_shape();
    let of_register = |register: &Register| {
        let mut by_file: FxHashMap<*const SourceText, Vec<&Arc<Record>>> = FxHashMap::default();
        for record in &register.records {
            by_file.entry(Arc::as_ptr(&record.source)).or_default().push(record);
        }
        let mut exports = Vec::new();
        for file in &register.files {
            let records = by_file.remove(&Arc::as_ptr(file)).unwrap_or_default();
            let several = by_snapshot(register, records);
            let whole = register.rows.get(&path(file.name())).filter(|_| several.len() == 1).copied();
            for (of, records) in several {
                let rows = whole.or_else(|| of.is_some().then_some(records.len()));
                exports.push(export(&shape, register, file, (of, rows), records.first().copied()));
            }
        }
        exports
    };
    Value::List(registers.by_name.values().flat_map(of_register).collect())
}

/// The records of a file by what they are a snapshot of, and of when; all of them where they are none.
fn by_snapshot<'r>(register: &Register, records: Vec<&'r Arc<Record>>) -> Vec<(Option<Value>, Vec<&'r Arc<Record>>)> {
    let Some(snapshot) = register.definition.snapshot.as_ref().filter(|_| !records.is_empty()) else {
        return vec![(None, records)];
    };
    let mut several: Vec<(Option<Value>, Vec<&Arc<Record>>)> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for record in records {
        let (of, at) = (record.get(&snapshot.of), record.get(&snapshot.at));
        let key = *known.entry(format!("{of:?} {at:?}")).or_insert(several.len());
        match several.get_mut(key) {
            Some((_, records)) => records.push(record),
            None => several.push((Some(of.clone()), vec![record])),
        }
    }
    several
}

fn export(
    shape: &Arc<Shape>,
    register: &Register,
    file: &Arc<SourceText>,
    (of, rows): (Option<Value>, Option<usize>),
    first: Option<&Arc<Record>>,
) -> Value {
    let said = |name: &str| {
        let above = register.definition.header.iter().any(|known| known == name);
        let cell = |record: &Arc<Record>| (record.get(name).clone(), record.place_of(name));
        first.filter(|_| above).map_or((Value::Null, Span::default()), cell)
    };
    let rows = rows.and_then(|rows| i64::try_from(rows).ok()).map_or(Value::Null, Value::Integer);
    let known = [
        Value::Text(register.definition.file().into()),
        Value::Text(path(file.name()).into()),
        of.filter(|of| matches!(of, Value::Text(_))).unwrap_or(Value::Null),
        rows,
    ];
    let cells = known.map(|value| (value, Span::default())).into_iter();
    let cells = cells.chain(ORIGIN.iter().map(|(name, _)| said(name))).collect();
    let all = Span::new(0, file.text().len());
    Value::Record(Arc::new(Record::new(Arc::clone(shape), Arc::clone(file), all, cells)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_in_one_way() {
        for (written, path_of) in [
            ("./evidence/a.csv", "evidence/a.csv"),
            ("evidence\\a.csv", "evidence/a.csv"),
            ("evidence//a.csv", "evidence/a.csv"),
            ("../a", "../a"),
            ("/etc/passwd", "/etc/passwd"),
        ] {
            assert_eq!(path(written), path_of);
        }
    }
}
