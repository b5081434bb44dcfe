//! The JSON schemas in `schemas/`: they are what the types say, the program's own files and output fit them, and what
//! is wrong fits neither them nor the program. `BLESS=1` writes them.

use crate::cases;
use std::fs;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde_json::{Value, json};
use tickmark::config::{self, Config};
use tickmark::engine::{self, Request};
use tickmark::error::Fault;
use tickmark::facts::approval::dialect::Dialect;
use tickmark::facts::approval::line::Line;
use tickmark::facts::approval::robots::RobotList;
use tickmark::facts::document::control::ControlText;
use tickmark::facts::document::duty::DutyList;
use tickmark::facts::document::policy::PolicyText;
use tickmark::facts::document::response::ResponseText;
use tickmark::facts::register::builtin;
use tickmark::facts::register::definition::Definition;
use tickmark::findings::baseline::Baseline;
use tickmark::policies::cases::CaseText;
use tickmark::policies::controls;
use tickmark::policies::mappings::Ready;
use tickmark::policies::pack::Pack;
use tickmark::policies::test::Test;
use tickmark::policies::written;
use tickmark::reports::due::{self, DueDocument};
use tickmark::reports::json;
use tickmark::reports::period::PeriodReport;
use tickmark::reports::results_json::ResultsDocument;
use tickmark::reports::sample::SampleDocument;
use tickmark::reports::schemas::SCHEMAS;
use tickmark::reports::trail_json::TrailDocument;
use tickmark::reports::trial::TrialDocument;
use tickmark::sources::markdown;
use tickmark::sources::script::Script;
use tickmark::sources::yaml::{self, Schema};
use tickmark::text::SourceText;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn of<T: JsonSchema>() -> Value {
    yaml::schema_text::<T>()
}

/// The schema of a control: what every control has, and under `with` what the test takes that it names.
fn control() -> Value {
    let mut schema = of::<ControlText>();
    let pack = Pack::builtin().unwrap();
    let mut cases = Vec::new();
    let mut names = Vec::new();
    for test in pack.tests.iter().filter(|test| !test.parameters.is_empty()) {
        let mut with = test.with_schema();
        with.as_object_mut().unwrap().remove("$schema");
        let required = with["required"].as_array().is_some_and(|required| !required.is_empty());
        let mut then = json!({ "properties": { "with": with } });
        if required {
            then["required"] = json!(["with"]);
        }
        cases.push(json!({ "if": { "properties": { "test": { "const": test.test } } }, "then": then }));
        names.push(test.test.clone());
    }
    // Not an `enum`: a repository may have tests of its own.
    schema["properties"]["test"]["examples"] = json!(names);
    schema["allOf"] = json!(cases);
    schema
}

/// Every schema, by the name of its file.
fn schemas() -> Vec<(String, Value)> {
    let registers = builtin::definitions().unwrap().into_iter().filter(|register| !register.from_history);
    let registers = registers.map(|definition| (definition.file(), definition.json_schema()));
    let types = [
        ("approval", of::<Line>()),
        ("case", of::<CaseText>()),
        ("config", of::<Config>()),
        ("control", control()),
        ("dialect", of::<Dialect>()),
        ("duties", of::<DutyList>()),
        ("baseline", of::<Baseline>()),
        ("due", of::<DueDocument<'static>>()),
        ("history", of::<Script>()),
        ("mapping", of::<Ready>()),
        ("policy", of::<PolicyText>()),
        ("register", of::<Definition>()),
        ("report", of::<PeriodReport>()),
        ("response", of::<ResponseText>()),
        ("results", of::<ResultsDocument>()),
        ("sample", of::<SampleDocument>()),
        ("robots", of::<RobotList>()),
        ("test", of::<Test>()),
        ("test-results", of::<TrialDocument<'static>>()),
        ("trail", of::<TrailDocument<'static>>()),
    ];
    registers.chain(types.map(|(name, schema)| (name.to_owned(), schema))).collect()
}

fn path(name: &str) -> PathBuf {
    root().join("schemas").join(format!("{name}.schema.json"))
}

/// The schema that is committed.
fn committed(name: &str) -> Value {
    let text = fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("schemas/{name}.schema.json: {error}"));
    serde_json::from_str(&text).unwrap()
}

fn faults(schema: &str, file: &Path) -> Vec<Fault> {
    let source = SourceText::from_bytes(file.display().to_string(), &fs::read(file).unwrap());
    let documents = yaml::parse(&source).unwrap_or_else(|faults| panic!("{}: {faults:?}", file.display()));
    let schema = Schema::new(schemas().into_iter().find(|(name, _)| *name == schema).unwrap().1).unwrap();
    documents.iter().flat_map(|document| schema.faults(document)).collect()
}

fn yaml_files(folder: &str) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    let files = walk.into_iter().map(|entry| entry.unwrap().into_path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect()
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let bless = std::env::var_os("BLESS").is_some();
    for (name, schema) in schemas() {
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#", "{name}");
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if bless {
            fs::create_dir_all(root().join("schemas")).unwrap();
            fs::write(path(&name), &text).unwrap();
        }
        let there = fs::read_to_string(path(&name)).unwrap_or_default();
        assert!(there == text, "schemas/{name}.schema.json is out of date: BLESS=1 cargo test --test all schemas::");
    }
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("schemas")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut known: Vec<PathBuf> = schemas().into_iter().map(|(name, _)| path(&name)).collect();
    known.sort();
    assert_eq!(files, known, "a schema that nothing generates");
    let inside: Vec<PathBuf> = SCHEMAS.iter().map(|(name, _)| path(name)).collect();
    assert_eq!(inside, known, "what the program prints");
    for (name, text) in SCHEMAS {
        assert_eq!(fs::read_to_string(path(name)).unwrap(), *text, "{name}");
    }
}

#[test]
fn every_file_of_the_project_fits_its_schema() {
    for file in yaml_files("policies") {
        let inside = file.strip_prefix(root().join("policies")).unwrap();
        let schema = match inside.components().next().unwrap().as_os_str().to_str().unwrap() {
            "robots.yaml" => "robots",
            "duties.yaml" => "duties",
            "dialects" => "dialect",
            "mappings" => "mapping",
            "registers" => "register",
            _ => "test",
        };
        let found = faults(schema, &file);
        assert!(found.is_empty(), "{}: {found:#?}", file.display());
        let first = fs::read_to_string(&file).unwrap().lines().next().unwrap_or_default().to_owned();
        let named = first.strip_prefix("# yaml-language-server: $schema=").expect("the first line names the schema");
        let named = file.parent().unwrap().join(named).canonicalize().unwrap();
        assert_eq!(named, path(schema).canonicalize().unwrap(), "{}", file.display());
    }
}

#[test]
fn the_files_of_the_demo_fit_but_for_the_fault_that_it_shows() {
    let mut failed = Vec::new();
    for file in yaml_files("demo") {
        let inside = file.strip_prefix(root().join("demo")).unwrap().to_str().unwrap().to_owned();
        let schema = match inside.as_str() {
            "history.yaml" => "history",
            "files/tickmark.yaml" | "files/tickmark-since-july.yaml" => "config",
            control if control.starts_with("files/controls/") => "control",
            response if response.starts_with("files/responses/") => "response",
            other => other.strip_prefix("files/registers/").unwrap().split(['/', '.']).next().unwrap(),
        };
        // A file of the demo stands alone in a repository that has no schemas, so it names none.
        assert!(!fs::read_to_string(&file).unwrap().contains("yaml-language-server"), "{inside}");
        failed.extend(faults(schema, &file).into_iter().map(|fault| (inside.clone(), fault.rule)));
    }
    assert_eq!(failed, [("files/controls/payment-review.yaml".to_owned(), "documents/unknown-key")]);
}

#[test]
fn what_the_program_prints_fits() {
    let folder = tempfile::tempdir().unwrap();
    tickmark::demo::write(folder.path()).unwrap();
    let request = cases::request(folder.path(), Some(tickmark::demo::AS_OF), None);
    let checked = engine::check(&request).unwrap();
    let results = ResultsDocument::new(&checked.ledger, checked.repository.clone(), checked.commit, &checked.calendar);
    assert!(!results.findings.is_empty());
    fits("results", &json::pretty(&results).unwrap());
    let pending = due::within(&checked.ledger.pending, &checked.calendar, None);
    assert!(!pending.is_empty());
    fits("due", &json::pretty(&DueDocument::new(&pending, &checked.calendar)).unwrap());
    let request = Request { as_of: None, ..request };
    for (revision, all) in [(None, true), (None, false), (Some("v1.0..v1.1"), false), (Some("v1.1"), false)] {
        let trailed = engine::trail(&request, revision, all).unwrap();
        let range = (trailed.range.base, trailed.range.tip);
        let (repository, branch) = (trailed.repository.clone(), trailed.range.branch.clone());
        let document = TrailDocument::new(&trailed.gathered.trail, &trailed.matcher, repository, branch, range);
        assert!(!document.changes.is_empty());
        fits("trail", &json::line(&document).unwrap());
    }
}

/// The front matter of a policy, as a file of YAML, held against its schema.
fn front_matter_faults(text: &str) -> Vec<&'static str> {
    let page = markdown::parse(&SourceText::new("policy.md", text)).unwrap();
    let documents = yaml::parse_within(&page.source, page.front_matter.expect("it has front matter")).unwrap();
    let schema = Schema::new(committed("policy")).unwrap();
    documents.iter().flat_map(|document| schema.faults(document)).map(|fault| fault.rule).collect()
}

#[test]
fn the_front_matter_of_policies_fits_its_schema() {
    let walk = ["demo", "starter"].map(|folder| walkdir::WalkDir::new(root().join(folder)));
    let files = walk.into_iter().flatten().map(|entry| entry.unwrap().into_path());
    let mut read = 0;
    for file in files.filter(|path| path.parent().unwrap().ends_with("policies")) {
        assert!(front_matter_faults(&fs::read_to_string(&file).unwrap()).is_empty(), "{}", file.display());
        read += 1;
    }
    assert!(read > 7, "{read} policies");
    for (text, rule) in [
        ("approved_on: soon", "documents/bad-date"),
        ("review: bi-annually", "documents/bad-value"),
        ("id: 1.10", "documents/wrong-type"),
        ("satisfies: CC8.1", "documents/wrong-type"),
        ("satisfies: { TSC: CC8.1 }", "documents/wrong-type"),
    ] {
        let page = format!("---\n{text}\n---\n# Changes\n");
        assert_eq!(front_matter_faults(&page), [rule], "{text}");
        assert_eq!(policy_faults(&page), [rule], "{text}: the program");
    }
    assert!(policy_faults("---\nlayout: handbook\n---\n# Changes\n").is_empty(), "a key of another tool");
}

/// What the program finds wrong with a policy that a control names.
fn policy_faults(page: &str) -> Vec<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [("controls/changes.yaml", CONTROL), ("policies/changes.md", page)] {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), text).unwrap();
    }
    let read = controls::read(folder.path(), &Pack::builtin().unwrap());
    assert_eq!((read.controls.len(), read.faults.len()), (1, 0));
    written::read(folder.path(), &read.controls).faults.iter().map(|fault| fault.rule).collect()
}

const CONTROL: &str = "id: CM-01\ntitle: Approval\nowner: dana@acme.example\ncriteria: [CC8.1]\n\
policy: ../policies/changes.md#changes\ntest: change-approval\nwith: { approvals: 1 }\n";

fn fits(schema: &str, text: &[u8]) {
    let value: Value = serde_json::from_slice(text).unwrap();
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft7).should_validate_formats(true);
    let validator = options.build(&committed(schema)).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{schema}: {wrong:#?}");
    let mut more = value;
    more.as_object_mut().unwrap().remove("schema");
    assert!(!validator.is_valid(&more), "the {schema} schema takes anything");
}

/// Files with one fault each: the rule that tells it is the name of the file behind `control-` or `config-`. Which time
/// zones there are, and which tests a repository has, only the program knows.
#[test]
fn what_is_wrong_fits_neither_the_program_nor_its_schema() {
    let pack = Pack::builtin().unwrap();
    let files = yaml_files("tests/schemas/invalid");
    assert!(files.len() >= 7);
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (schema, found) = if name.starts_with("config-") {
            fs::copy(&file, folder.path().join("tickmark.yaml")).unwrap();
            ("config", config::read(folder.path(), None).unwrap().faults)
        } else {
            fs::create_dir(folder.path().join("controls")).unwrap();
            fs::copy(&file, folder.path().join("controls/one.yaml")).unwrap();
            let read = controls::read(folder.path(), &pack);
            assert!(read.controls.is_empty(), "{name}");
            ("control", read.faults)
        };
        let by_program = ["config-bad-time-zone", "control-unknown-test"].contains(&name);
        let slug = name.split_once('-').unwrap().1;
        let zone = name == "config-bad-time-zone";
        let rule = if zone { "documents/unknown-value".to_owned() } else { format!("documents/{slug}") };
        let rules: Vec<&str> = found.iter().map(|fault| fault.rule).collect();
        assert_eq!(rules, [rule], "{name}: {found:#?}");
        assert_eq!(faults(schema, &file).is_empty(), by_program, "{name}: the schema");
    }
}
