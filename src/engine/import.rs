//! Exports of forges become records of the register of changes: sealed, each once, and never at odds with what is there.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Request as Asked;
use crate::config::Configured;
use crate::error::{Error, Kind, Result};
use crate::facts::forge::sealed::{self, Contradiction};
use crate::facts::forge::{Export, Forge, Header, Note, Request, recorded, text};
use crate::facts::register::store::Registers;
use crate::facts::register::value::{Record, Value};
use crate::findings::finding::{Finding, Label, Nature, Place, Severity, Verdict};
use crate::findings::imported::Imported;
use crate::findings::standing::Standing;
use crate::policies::registers::{self, FOLDER, Old};
use crate::sources::repo::Repo;
use crate::sources::{content, create, tree};
use crate::text::{SourceText, Span, shown};

/// The program, as it stands above the records that it imported.
const IMPORTER: &str = concat!("tickmark ", env!("CARGO_PKG_VERSION"));
/// Records of one file; Git shows a file of this size, and this program reads it at every commit.
const MOST_RECORDS: usize = 5_000;
/// Files of one day and project.
const MOST_FILES: usize = 1_000;

/// Imports an export of a forge into the register of changes of a repository. `output` names the file to write, where
/// it is not to be named after the forge, the project and the day of the last merge.
///
/// # Errors
/// There is no repository with a work tree; the configuration, the register or the export cannot be read; or the file
/// cannot be written.
pub fn import(asked: &Asked<'_>, forge: Forge, files: &[PathBuf], output: Option<&Path>) -> Result<Imported> {
    let repo = Repo::open(&asked.directory)?;
    if repo.work_dir().is_none() {
        let why = "a bare repository has no files, and records are files";
        return Err(Error::new(Kind::Usage, why).hint("import into a clone, and commit what is written"));
    }
    let configured = super::configuration(asked, &repo)?;
    let registers = sealed_records(&configured)?;
    let sources: Vec<Arc<SourceText>> =
        files.iter().map(|file| read(&asked.directory.join(file))).collect::<Result<_>>()?;
    let export = crate::facts::forge::read(forge, &sources);
    if export.requests.is_empty() && export.not_merged == 0 && !export.faults.is_empty() {
        let why = format!("nothing of the export of {} could be read", forge.names().0);
        return Err(Error { faults: export.faults, ..Error::new(Kind::Source, why) });
    }
    let mut hashes: Vec<String> = sources.iter().map(|source| content::sha256(source.text().as_bytes())).collect();
    hashes.sort();
    let mut imported =
        Imported { not_merged: export.not_merged, requests: export.requests.len(), ..Imported::default() };
    let new = compare(&registers, export, &mut imported);
    let output = output.map(|path| inside(&configured.root, &asked.directory, path)).transpose()?;
    for (path, text, count) in files_of((forge, &hashes), &new, (&configured, &registers), output)? {
        create::create_whole(&configured.root, &path, &text)?;
        imported.written.push((path, count));
    }
    Ok(imported)
}

/// The records that are there. If they cannot all be read, it is not known what is sealed.
fn sealed_records(configured: &Configured) -> Result<Registers> {
    let places = (configured.root.as_path(), &configured.zone);
    let of = (&configured.config.registers, configured.source.as_ref());
    let (registers, mut faults) = registers::read_some(places, of, &|name| name == recorded::REGISTER)?;
    let broken = registers.get(recorded::REGISTER).is_some_and(|register| register.faults > 0);
    if !broken {
        faults.clear();
    }
    faults.extend(configured.faults.iter().cloned());
    if faults.is_empty() {
        return Ok(registers);
    }
    let why = "the register of changes cannot be read whole, so it is not known which records are sealed";
    Err(Error { faults, ..Error::new(Kind::Configuration, why) })
}

/// One file of the export, which may lie anywhere.
fn read(path: &Path) -> Result<Arc<SourceText>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().map(PathBuf::from).unwrap_or_default();
    tree::read_register(folder, &name).map_err(|fault| {
        let why = format!("the export {} cannot be read", shown(&path.to_string_lossy()));
        Error { faults: vec![fault], ..Error::new(Kind::Source, why) }
    })
}

/// The requests that are new. Each of the others is held against its record.
fn compare(registers: &Registers, export: Export, imported: &mut Imported) -> Vec<Request> {
    let Export { requests, mut notes, faults, .. } = export;
    let records = registers.get(recorded::REGISTER).map(|register| &register.records[..]).unwrap_or_default();
    let mut by_id: FxHashMap<String, &Arc<Record>> = FxHashMap::default();
    let mut by_number: FxHashMap<(String, i64), &Arc<Record>> = FxHashMap::default();
    for record in records {
        if let Value::Text(id) = record.get("id") {
            by_id.insert(id.to_string(), record);
        }
        if let (Value::Text(project), Value::Integer(number)) = (record.get("project"), record.get("number")) {
            by_number.insert((project.to_string(), *number), record);
        }
    }
    let mut new = Vec::new();
    for request in requests {
        let numbered = request.number.and_then(|number| by_number.get(&(request.project.clone(), number)));
        let Some(record) = by_id.get(&request.id).or(numbered) else {
            new.push(request);
            continue;
        };
        let contradictions = sealed::contradictions(record, &request);
        if contradictions.is_empty() {
            imported.known += 1;
            let later = sealed::later(record, &request);
            if later > 0 {
                let what = format!("its sealed record has {later} fewer decisions of reviewers, and stays as it is");
                notes.push(Note { about: request.called(), what });
            }
        }
        imported.contradictions.extend(contradictions.iter().map(|one| contradicts(record, &request, one)));
    }
    (imported.notes, imported.faults) = (notes, faults);
    new
}

/// A record that is sealed, and an export that says otherwise: both places.
fn contradicts(record: &Record, request: &Request, found: &Contradiction) -> Finding {
    let told = request.source.slice(request.place).find(&found.told);
    let place = told.map_or(Span::new(request.place.start, request.place.start + 1), |at| {
        Span::new(request.place.start + at, request.place.start + at + found.told.len())
    });
    let called = request.called();
    Finding {
        // The rule that closed records stay as they were made.
        rule: "evidence/altered-after-closure".to_owned(),
        severity: Severity::Error,
        verdict: Verdict::Exception,
        control: None,
        item: called.clone(),
        counted: false,
        key: request.id.clone(),
        part: found.what.to_owned(),
        message: format!("the record of {called} is sealed, and the export contradicts it: {}", found.words()),
        nature: Nature::Evidence,
        labels: vec![
            Label {
                place: Place::Text(Arc::clone(&record.source), found.place),
                text: format!("sealed: {}", found.sealed),
                primary: true,
            },
            Label {
                place: Place::Text(Arc::clone(&request.source), place),
                text: format!("the export: {}", found.told),
                primary: false,
            },
        ],
        help: "nothing of this request was imported; find out what changed on the forge, and keep the answer as evidence. If \
               the record itself is wrong, correct it in a change that somebody else reviews"
            .to_owned(),
        repository: None,
        on: None,
        impact: Vec::new(),
        response: None,
        standing: Standing::Open,
    }
}

/// The files to be written, each with its text and the number of its records.
fn files_of(
    (forge, hashes): (Forge, &[String]),
    new: &[Request],
    (configured, registers): (&Configured, &Registers),
    output: Option<String>,
) -> Result<Vec<(String, String, usize)>> {
    let mut files: Vec<(String, String, usize)> = Vec::new();
    let projects: Vec<&[Request]> = new.chunk_by(|one, other| one.project == other.project).collect();
    let parts: Vec<&[Request]> = projects.iter().flat_map(|requests| requests.chunks(MOST_RECORDS)).collect();
    if output.is_some() && parts.len() > 1 {
        let why = format!("the export has {} projects or parts, and a file holds one", parts.len());
        return Err(Error::new(Kind::Usage, why).hint("leave --output out: each of them gets a file of its own"));
    }
    for part in parts {
        let Some(first) = part.first() else { continue };
        let requests: Vec<&Request> = part.iter().collect();
        let header = Header { forge, project: &first.project, sha256: hashes, importer: IMPORTER };
        let path = match &output {
            Some(path) => path.clone(),
            None => free(&configured.root, &name(forge, part), &files)?,
        };
        create::can_create(&configured.root, &path)?;
        if create::is_there(&configured.root, &path) {
            let why = format!("{} is there already, and what is in it is sealed", shown(&path));
            return Err(Error::new(Kind::Usage, why).hint("name another file, or leave --output out"));
        }
        is_read(configured, registers, &path)?;
        files.push((path, text(header, &requests), part.len()));
    }
    Ok(files)
}

/// `registers/changes/github-acme-shop-2026-03-31`: the forge, the project, and the day of the last merge.
fn name(forge: Forge, requests: &[Request]) -> String {
    let project = requests.first().map(|request| request.project.as_str()).unwrap_or_default();
    let mut words = String::new();
    for character in project.to_ascii_lowercase().chars().take(80) {
        match character {
            'a'..='z' | '0'..='9' => words.push(character),
            _ if words.ends_with('-') => {}
            _ => words.push('-'),
        }
    }
    let day = requests.iter().filter_map(|request| request.merged_at).max();
    let day = day.map(|day| format!("-{}", day.strftime("%Y-%m-%d"))).unwrap_or_default();
    format!("{FOLDER}/{}/{}-{}{day}", recorded::REGISTER, forge.names().1, words.trim_matches('-'))
}

/// A path that begins so and is not taken yet.
fn free(root: &Path, start: &str, taken: &[(String, String, usize)]) -> Result<String> {
    let mut names =
        (1..=MOST_FILES).map(|at| if at == 1 { format!("{start}.yaml") } else { format!("{start}-{at}.yaml") });
    let is_free = |name: &String| !create::is_there(root, name) && !taken.iter().any(|(path, ..)| path == name);
    names.find(is_free).ok_or_else(|| {
        Error::new(Kind::Usage, format!("{MOST_FILES} files begin with {start} already"))
            .hint("name a file: --output FILE")
    })
}

/// The path of a file below the root, as all paths are written; it must lie in the folder of the register.
fn inside(root: &Path, directory: &Path, path: &Path) -> Result<String> {
    let outside = || {
        let folder = format!("{FOLDER}/{}", recorded::REGISTER);
        Error::new(Kind::Usage, format!("{} is not written: records lie in {folder}/", shown(&path.to_string_lossy())))
            .hint(format!("name a file there: --output {folder}/march.yaml; or leave --output out"))
    };
    let whole = directory.canonicalize().map_err(|_| outside())?.join(path);
    let top = root.canonicalize().map_err(|_| outside())?;
    let below = whole.strip_prefix(&top).map_err(|_| outside())?;
    let plain = below.components().all(|part| matches!(part, Component::Normal(_)));
    let name = below.to_str().filter(|_| plain).ok_or_else(outside)?.replace('\\', "/");
    let lies_there = name.starts_with(&format!("{FOLDER}/{}/", recorded::REGISTER)) && name.ends_with(".yaml");
    if lies_there { Ok(name) } else { Err(outside()) }
}

/// That a file at a path is read as records of the register: the configuration may say that they lie elsewhere.
fn is_read(configured: &Configured, registers: &Registers, path: &str) -> Result<()> {
    let Some(definition) = registers.get(recorded::REGISTER).map(|register| &register.definition) else {
        return Ok(());
    };
    let places = (configured.root.as_path(), &configured.zone);
    let old = Old::new(places, definition, &configured.config.registers, &registers.people)?;
    if old.takes(path) {
        return Ok(());
    }
    let why = format!(
        "the configuration says that the register of changes lies elsewhere, so {} would not be read",
        shown(path)
    );
    let hint =
        format!("add a file to it: registers: {{ changes: [{{ file: {FOLDER}/{}/*.yaml }}, …] }}", recorded::REGISTER);
    Err(Error::new(Kind::Configuration, why).hint(hint))
}
