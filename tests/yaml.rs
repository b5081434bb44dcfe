//! Invalid YAML: every `tests/documents/<fault>.yaml` has its faults beside it in `<fault>.expected`, one a line
//! (rule, line:column, the text at the place, message, label, help). `BLESS=1` rewrites them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Deserialize;
use tickmark::error::Fault;
use tickmark::sources::yaml::{self, MAX_FAULTS, YamlDocument};
use tickmark::text::{SourceText, Span};

/// A control, with one field for each kind of fault.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(dead_code)]
struct Control {
    /// The identifier of the control, such as `CC8.1`.
    control: String,
    /// What the control is about.
    title: Option<String>,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    since: Option<String>,
    #[schemars(range(min = 1, max = 10))]
    approvals: Option<u32>,
    small: Option<u8>,
    count: Option<i32>,
    automatic: Option<bool>,
    share: Option<f64>,
    #[serde(default)]
    severity: Severity,
    nature: Option<Nature>,
    /// Mail addresses of those who approve.
    #[serde(default)]
    #[schemars(length(min = 1))]
    approvers: Vec<String>,
    owner: Option<OneOrMany>,
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default)]
    with: BTreeMap<String, With>,
    /// Letters, a hyphen, digits.
    #[schemars(regex(pattern = "^[A-Z]+-[0-9]+$"))]
    ticket: Option<String>,
    source: Option<Source>,
    check: Option<Check>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Severity {
    #[default]
    Error,
    Warning,
    Note,
}

/// How the control failed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Nature {
    /// Nobody did it.
    NotPerformed,
    /// Done, but too late.
    Late,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Rule {
    /// Area and name of the rule.
    id: String,
    message: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct With {
    #[serde(rename = "type")]
    kind: String,
    required: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "from", rename_all = "lowercase", deny_unknown_fields)]
#[allow(dead_code)]
enum Source {
    Trailer { name: String },
    Note { reference: String },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[allow(dead_code)]
enum Check {
    Nothing,
    Builtin(String),
    Expression { require: String },
}

fn faults(name: &str, bytes: &[u8]) -> Vec<Fault> {
    let source = SourceText::from_bytes(name, bytes);
    match yaml::parse(&source) {
        Err(faults) => faults,
        Ok(documents) => documents.iter().filter_map(|one| yaml::read::<Control>(one).err()).flatten().collect(),
    }
}

fn shown(faults: &[Fault]) -> String {
    let mut out = String::new();
    for fault in faults {
        let at = fault.source.position(fault.span.start);
        let text = fault.source.slice(fault.span);
        writeln!(out, "{} {}:{} {}", fault.rule, at.line, at.column, fault.message).unwrap();
        writeln!(out, "    at {text:?}: {}", fault.label).unwrap();
        if let Some(help) = &fault.help {
            writeln!(out, "    help: {help}").unwrap();
        }
    }
    out
}

#[test]
fn every_invalid_document_has_the_faults_that_are_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        count += 1;
        let found = shown(&faults("file.yaml", &std::fs::read(&path).unwrap()));
        let beside = path.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&beside, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        if found != expected || found.is_empty() {
            wrong.push(format!("{}\nfound:\n{found}expected:\n{expected}", path.display()));
        }
    }
    assert!(count > 20, "no documents in {}", folder.display());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn one(text: &str) -> YamlDocument {
    let source = SourceText::new("file.yaml", text);
    let mut documents = yaml::parse(&source).unwrap_or_else(|faults| panic!("{}", shown(&faults)));
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_read() {
    let document = one("\u{feff}control: ü1\r\nrules:\r\n  - id: a/b\r\n");
    let control: Control = yaml::read(&document).unwrap_or_else(|faults| panic!("{}", shown(&faults)));
    assert_eq!(control.control, "ü1");
    let text = |span: Option<Span>| span.map(|span| document.source.slice(span));
    assert_eq!(text(document.span("/control")), Some("ü1"));
    assert_eq!(text(document.entry_span("/rules/0/id")), Some("id: a/b"));
    assert_eq!(text(document.key_span("/rules")), Some("rules"));
    assert_eq!(text(document.entry_span("/rules")), Some("rules"));
    assert_eq!(text(document.entry_span("/rules/0")), Some("id: a/b"));
    assert_eq!(text(document.span("/rules/1")), None);
}

#[test]
fn keys_are_text_as_it_is_written() {
    let document = one("1.10: a\ntrue: b\n~: c\non: d\na/b~c: e\n");
    let keys: Vec<&str> = document.value().as_mapping().unwrap().keys().map(|key| key.as_str().unwrap()).collect();
    assert_eq!(keys, ["1.10", "true", "~", "on", "a/b~c"]);
    assert_eq!(document.source.slice(document.span("/1.10").unwrap()), "a");
    assert_eq!(document.source.slice(document.span("/a~1b~0c").unwrap()), "e");
}

#[test]
fn several_documents_and_parts_of_a_text_keep_their_places() {
    let source = SourceText::new("file.yaml", "a: 1\n---\nb: [x, 'y']\n");
    let documents = yaml::parse(&source).unwrap();
    assert_eq!(source.slice(documents[1].span("/b/1").unwrap()), "'y'");
    let page = SourceText::new("page.md", "---\ncontrol: 3\n---\n# x\n");
    let documents = yaml::parse_within(&page, Span::new(4, 14)).unwrap();
    let faults = yaml::read::<Control>(&documents[0]).unwrap_err();
    assert_eq!(page.slice(faults[0].span), "3");
}

#[test]
fn an_empty_text_is_a_document_that_holds_nothing() {
    for text in ["", "\n\n", "# only a comment", "---\n", "\u{feff}"] {
        let document = one(text);
        assert!(document.value().is_null(), "{text:?}");
        assert!(yaml::read::<Control>(&document).is_err());
    }
}

#[test]
fn blocks_end_with_their_last_words() {
    let document = one("a: |\n  one\n  two\n\nb: >-\n  three\n# c\n");
    assert_eq!(document.value()["a"].as_str(), Some("one\ntwo\n"));
    assert_eq!(document.source.slice(document.span("/a").unwrap()), "one\n  two");
    assert_eq!(document.source.slice(document.entry_span("/a").unwrap()), "a");
}

#[test]
fn a_mapping_that_is_reported_costs_no_more_than_the_limit_of_faults() {
    let text: String = (0..5_000).map(|number| format!("unknown{number}: 1\n")).collect();
    assert_eq!(faults("file.yaml", text.as_bytes()).len(), MAX_FAULTS);
}

/// Input that has hurt one YAML reader or another.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let laughs = (1..10).fold("a0: &a0 [lol]\n".to_owned(), |text, level| {
        let last = format!("*a{}, ", level - 1).repeat(9);
        text + &format!("a{level}: &a{level} [{}]\n", last.trim_end_matches(", "))
    });
    let spread: String = (0..170_000).map(|number| format!("{number}: \n")).collect();
    let few: String = (0..120_000).map(|number| format!("{number}: \n")).collect();
    vec![
        ("duplicate key", b"a: 1\na: 2\n".to_vec()),
        ("billion laughs", laughs.into_bytes()),
        ("100,000 [", b"[".repeat(100_000)),
        ("100,000 {", b"{".repeat(100_000)),
        ("20,000 dashes", b"- ".repeat(20_000)),
        ("20,000 question marks", b"? ".repeat(20_000)),
        ("20,000 {a: ", b"{a: ".repeat(20_000)),
        ("100,000 {a: closed", [b"{a: ".repeat(100_000), b"}".repeat(100_000)].concat()),
        ("100,000 [a, ", b"[a, ".repeat(100_000)),
        ("NUL", b"a: b\0c\n".to_vec()),
        ("ESC", b"a: \x1b[31m\n".to_vec()),
        ("NEL", "a: 1\u{85}b: 2\n".into()),
        ("line separator", "a: 1\u{2028}b: 2\n".into()),
        ("BOM inside", "a: 1\n\u{feff}b: 2\n".into()),
        ("not UTF-8", b"a\xff: \xfe\xfe\n- b".to_vec()),
        ("merge key", b"a: &x {b: 1}\nc:\n  <<: *x\n".to_vec()),
        ("tag", b"a: !!python/object:os.system x\n".to_vec()),
        ("over a mebibyte", b"a: b\n".repeat(210_000)),
        ("many keys", spread.into_bytes()),
        ("many keys, fewer than the limit", few.into_bytes()),
        ("350,000 items", b"[a,".iter().chain(&b"1,".repeat(350_000)).copied().collect()),
        ("one long word", b"a".repeat(1_000_000)),
        ("one long quoted word", [b"\"".to_vec(), b"a".repeat(1_000_000)].concat()),
        ("one long explicit key", [b"? ".to_vec(), b"a ".repeat(500_000)].concat()),
        ("colons", b"a: ".repeat(300_000)),
        ("bare colons", b":".repeat(1_000_000)),
        ("commas", [b"[".to_vec(), b",".repeat(1_000_000)].concat()),
        ("anchors", b"&a ".repeat(300_000)),
        ("many anchors", (0..50_000).flat_map(|number| format!("- &a{number} x\n").into_bytes()).collect()),
        ("tags", b"!a ".repeat(300_000)),
        ("document starts", b"---\n".repeat(250_000)),
        ("broken documents", b"--- [\n".repeat(150_000)),
        ("directives", b"%TAG !a! b\n".repeat(80_000)),
        ("line breaks", [b"a:".to_vec(), b"\n".repeat(1_000_000)].concat()),
        ("comments", [b"#\n".repeat(500_000), b"a".to_vec()].concat()),
        ("comments inside", [b"a:\n".to_vec(), b"  # b\n".repeat(150_000), b"  - c\n".to_vec()].concat()),
        ("blanks", [b"a: ".to_vec(), b" ".repeat(1_000_000)].concat()),
        ("tabs", [b"a:\n".to_vec(), b"\t".repeat(1_000_000), b"b".to_vec()].concat()),
        ("block header", b"a: |99999999999\n  b\n".to_vec()),
        ("block scalar lines", [b"a: |\n".to_vec(), b"  b\n".repeat(250_000)].concat()),
        (
            "indented block lines",
            [
                b"a: |\n".to_vec(),
                (0..1_300).flat_map(|n| [b" ".repeat(n), b"\n".to_vec()].concat()).collect::<Vec<u8>>(),
                b"  b".to_vec(),
            ]
            .concat(),
        ),
        ("escapes", [b"a: \"".to_vec(), b"\\x41".repeat(250_000), b"\"".to_vec()].concat()),
        ("surrogates", br#"a: "\uD800\uDBFF\uFFFF""#.to_vec()),
        ("quotes", b"''".repeat(500_000)),
        ("a large number", [b"a: ".to_vec(), b"9".repeat(1_000_000)].concat()),
        ("a long fraction", [b"a: 0.".to_vec(), b"9".repeat(1_000_000)].concat()),
        (
            "long keys in common",
            (0..1_000).flat_map(|n| format!("{}{n}: 1\n", "k".repeat(1_000)).into_bytes()).collect(),
        ),
        ("one key over and over", [b"{".to_vec(), b"a: 1, ".repeat(100_000), b"}".to_vec()].concat()),
        ("wrong items", [b"control: A\napprovers: [".to_vec(), b"1, ".repeat(240_000), b"]".to_vec()].concat()),
        ("wrong alternatives", [b"control: A\nowner: [".to_vec(), b"1, ".repeat(240_000), b"]".to_vec()].concat()),
        ("mappings in a row", b"- {a: [{b: c}]}\n".repeat(30_000)),
        ("pairs in brackets", [b"[".to_vec(), b"a: b, ".repeat(60_000), b"]".to_vec()].concat()),
        ("question marks in brackets", [b"[".to_vec(), b"? , ".repeat(50_000), b"]".to_vec()].concat()),
    ]
}

/// Changed copies of the invalid documents: whatever comes of them, it is no panic, and every span lies in the text.
#[test]
fn no_change_of_a_document_makes_the_reader_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let read = |entry: std::io::Result<std::fs::DirEntry>| std::fs::read(entry.unwrap().path()).unwrap();
    let mut seeds: Vec<Vec<u8>> = std::fs::read_dir(folder).unwrap().map(read).collect();
    seeds.sort();
    let pieces: [&[u8]; 24] = [
        b":",
        b": ",
        b"- ",
        b"? ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"\n",
        b"\n  ",
        b"\r\n",
        b"#",
        b" #",
        b"'",
        b"\"",
        b"|\n",
        b">\n",
        b"---\n",
        b"...\n",
        b"\t",
        b"\xc3\xa4",
        b"\xef\xbb\xbf",
        b",",
        b"~",
    ];
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3_000);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    for _ in 0..rounds {
        let mut text = seeds[random(seeds.len())].clone();
        for _ in 0..=random(6) {
            let at = random(text.len() + 1);
            match random(3) {
                0 => drop(text.splice(at..at, pieces[random(pieces.len())].iter().copied())),
                1 => drop(text.drain(at..(at + random(8)).min(text.len()))),
                _ => drop(
                    text.splice(at..at, seeds[random(seeds.len())].iter().copied().skip(random(40)).take(random(40))),
                ),
            }
        }
        for fault in faults("file.yaml", &text) {
            assert!(fault.source.text().get(fault.span.start..fault.span.end).is_some(), "{fault:?}");
        }
    }
}

#[test]
fn hostile_input_ends_soon_and_with_a_fault() {
    // An unoptimised build is some ten times slower than what is shipped.
    let limit = Duration::from_secs(10);
    for (name, bytes) in hostile() {
        let started = Instant::now();
        let found = faults("file.yaml", &bytes);
        let took = started.elapsed();
        if std::env::var_os("SHOW").is_some() {
            let first = shown(&found[..1.min(found.len())]);
            eprintln!("{name}: {} bytes, {took:.1?}, {} faults, {:.300}", bytes.len(), found.len(), first);
        }
        assert!(!found.is_empty(), "{name} is read without a fault");
        assert!(took < limit, "{name} took {took:?}");
    }
}
