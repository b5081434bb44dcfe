//! The ready mappings against exports as their tools write them, and what a user is told whose export does not fit.
//!
//! `tests/mappings/<mapping>/` has a `tickmark.yaml` that takes the mapping, one or more exports, and the records that
//! they become. `tests/mappings/faults/<case>/` shows what is said of an export that cannot be read. `BLESS=1` writes
//! what is expected.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tickmark::config;
use tickmark::error::Fault;
use tickmark::facts::register::builtin;
use tickmark::facts::register::definition::Field as FieldText;
use tickmark::facts::register::mapping::{Column, Field, Mapping, Otherwise, Rule};
use tickmark::facts::register::value::{Record, Value};
use tickmark::policies::mappings::{FILES, Mappings, Ready};
use tickmark::policies::registers;
use tickmark::sources::embedded::File;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mappings")
}

fn folders(of: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(of).unwrap().map(Result::unwrap);
    entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap()).collect()
}

fn ready() -> Vec<Ready> {
    Mappings::builtin().unwrap().ready
}

/// Everything that is read of a folder: the faults, and the records of each register.
fn read(folder: &Path) -> String {
    let read = config::read(folder, None).unwrap();
    let (registers, faults) =
        registers::read(folder, &read.zone, &read.config.registers, read.source.as_ref()).unwrap();
    let mut out = String::new();
    for fault in read.faults.iter().chain(&faults) {
        out += &told(fault);
    }
    for register in registers.by_name.values() {
        for record in &register.records {
            let line = record.source.position(record.place.start).line;
            let _ = writeln!(out, "{} {}:{line}", register.definition.register, record.source.name());
            out += &fields(record, 1);
        }
    }
    out
}

fn told(fault: &Fault) -> String {
    let at = fault.source.position(fault.span.start);
    let mut out = format!("{}:{}:{} {}\n", fault.source.name(), at.line, at.column, fault.rule);
    let _ = writeln!(out, "  {}", fault.message);
    let words = fault.source.slice(fault.span);
    let _ = writeln!(out, "  [{}] {}", words.lines().next().unwrap_or_default(), fault.label);
    if let Some(help) = &fault.help {
        let _ = writeln!(out, "  help: {help}");
    }
    out
}

/// The fields of a record that hold something.
fn fields(record: &Record, depth: usize) -> String {
    let mut out = String::new();
    for (at, field) in record.shape.fields.iter().enumerate().filter(|(at, _)| *record.at(*at) != Value::Null) {
        let _ = writeln!(out, "{}{}: {}", "  ".repeat(depth), field.name, value(record.at(at), depth));
    }
    out
}

fn value(of: &Value, depth: usize) -> String {
    match of {
        Value::Null => "nothing".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Person(person) => person.written.clone(),
        Value::When(when) => when.to_string(),
        Value::Record(record) => format!("\n{}", fields(record, depth + 1)).trim_end().to_owned(),
        Value::List(items) => {
            let record = |item: &Value| matches!(item, Value::Record(_));
            let shown: Vec<String> = items.iter().map(|item| value(item, depth)).collect();
            let between = if items.iter().any(record) { "\n" } else { ", " };
            format!("[{}]", shown.join(between))
        }
        other => format!("{other:?}"),
    }
}

fn compare(folder: &Path) {
    let (found, path) = (read(folder), folder.join("expected.txt"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{}: BLESS=1 cargo test --test all mappings::", folder.display());
}

#[test]
fn every_export_becomes_the_records_that_are_expected() {
    for name in folders(&folder()).iter().filter(|name| *name != "faults") {
        let folder = folder().join(name);
        let configuration = fs::read_to_string(folder.join("tickmark.yaml")).unwrap();
        assert!(configuration.contains(&format!("tool: {name}")), "{name} is not taken");
        compare(&folder);
        let expected = fs::read_to_string(folder.join("expected.txt")).unwrap();
        assert!(!expected.contains(" documents/"), "{name} has faults");
    }
}

#[test]
fn an_export_that_does_not_fit_is_told() {
    let folder = folder().join("faults");
    for name in folders(&folder) {
        compare(&folder.join(&name));
        let expected = fs::read_to_string(folder.join(&name).join("expected.txt")).unwrap();
        assert!(expected.contains(" documents/"), "{name} has no fault");
    }
}

#[test]
fn every_mapping_is_embedded_and_has_a_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(root.join("policies/mappings")).unwrap().map(|entry| entry.unwrap().path());
    let there: BTreeSet<String> = entries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let embedded: Vec<String> = ready().into_iter().map(|one| one.mapping).collect();
    assert_eq!(embedded, there.iter().cloned().collect::<Vec<_>>());
    let tested: BTreeSet<String> = folders(&folder()).into_iter().filter(|name| name != "faults").collect();
    assert_eq!(tested, there);
    for File { path, text, .. } in FILES {
        assert_eq!(fs::read_to_string(root.join(path)).unwrap(), *text, "{path}");
    }
}

/// Fields of a register that a mapping fills, with those of records inside, as `keys.id`.
fn filled(mapping: &Mapping) -> Vec<String> {
    let mut names = Vec::new();
    for (field, column) in &mapping.columns {
        names.push(field.clone());
        let mut inside: Vec<&String> = Vec::new();
        match column {
            Column::Records(records) => inside.extend(records.iter().flat_map(|record| record.keys())),
            Column::Each(each) => inside.extend(each.fields.keys()),
            Column::Name(_) | Column::First(_) | Column::Rule(_) => {}
        }
        names.extend(inside.into_iter().map(|name| format!("{field}.{name}")));
    }
    names
}

fn known(fields: &[FieldText], before: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for field in fields {
        let name = format!("{before}{}", field.name);
        names.extend(known(&field.fields, &format!("{name}.")));
        names.insert(name);
    }
    names
}

#[test]
fn every_field_that_a_mapping_fills_is_one_of_its_register() {
    let definitions = builtin::definitions().unwrap();
    for one in ready() {
        let definition = definitions.iter().find(|definition| definition.register == one.register).unwrap();
        let known = known(&definition.fields, "");
        let unknown: Vec<String> = filled(&one.read).into_iter().filter(|name| !known.contains(name)).collect();
        assert!(unknown.is_empty(), "{}: {} has no {unknown:?}", one.mapping, one.register);
    }
}

fn of_rule(rule: &Rule, names: &mut Vec<String>) {
    names.extend(rule.from.iter().flat_map(|from| from.list().to_vec()));
    names.extend(rule.join.iter().chain(rule.when.keys()).cloned());
    if let Some(among) = &rule.among {
        names.push(among.list.clone());
        names.extend(among.when.keys().cloned());
        names.push(among.take.clone());
    }
    if let Some(Otherwise::Rule(other)) = &rule.otherwise {
        of_rule(other, names);
    }
}

fn of_field(field: &Field, names: &mut Vec<String>) {
    match field {
        Field::Name(name) => names.push(name.clone()),
        Field::Rule(rule) => of_rule(rule, names),
    }
}

/// Every column and path that a mapping names.
fn named(mapping: &Mapping) -> Vec<String> {
    let mut names: Vec<String> = mapping.keep.keys().chain(mapping.drop.keys()).chain(&mapping.once).cloned().collect();
    names.extend(mapping.above.iter().cloned());
    names.extend(mapping.pick.iter().map(|path| path.trim_end_matches('?').to_owned()));
    for column in mapping.columns.values() {
        match column {
            Column::Name(name) => names.push(name.clone()),
            Column::First(list) => names.extend(list.iter().cloned()),
            Column::Rule(rule) => of_rule(rule, &mut names),
            Column::Records(records) => {
                records.iter().flat_map(|record| record.values()).for_each(|field| of_field(field, &mut names));
            }
            Column::Each(each) => {
                names.push(each.each.clone());
                each.fields.values().for_each(|field| of_field(field, &mut names));
            }
        }
    }
    names
}

#[test]
fn every_column_that_a_mapping_names_is_in_an_export() {
    for one in ready() {
        let (mut headers, mut objects) = (BTreeSet::new(), String::new());
        for path in fs::read_dir(folder().join(&one.mapping)).unwrap().map(|entry| entry.unwrap().path()) {
            let text = fs::read_to_string(&path).unwrap();
            match path.extension().and_then(|end| end.to_str()) {
                Some("csv") => {
                    let cells = text.lines().next().unwrap_or_default().split(',');
                    headers.extend(cells.map(|cell| cell.trim_matches('"').to_lowercase()));
                }
                Some("json" | "sarif") => objects += &text,
                _ => {}
            }
        }
        let is_key = |part: &str| part.parse::<usize>().is_ok() || objects.contains(&format!("\"{part}\":"));
        let there = |name: &String| headers.contains(&name.to_lowercase()) || name.split('.').all(is_key);
        let missing: Vec<String> = named(&one.read).into_iter().filter(|name| !there(name)).collect();
        assert!(missing.is_empty(), "{}: no export has {missing:?}", one.mapping);
    }
}
