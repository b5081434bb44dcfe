//! What can stand at a place of a document. It is read off the text before that place, line by line: while somebody
//! types, the document is seldom whole.

use lsp_types::{CompletionItem, CompletionItemKind};

use crate::engine::Texts;
use crate::facts::calendar::Cadence;
use crate::facts::document::criteria;
use crate::policies::statements;
use crate::policies::test::{Parameter, ParameterType, Test};
use crate::text::safe;

/// Keys of a control.
const KEYS: [(&str, &str); 9] = [
    ("id", "name of the control, as exceptions and reports quote it"),
    ("title", "what the control does, in a few words"),
    ("owner", "address of the person who answers for it"),
    ("criteria", "trust services criteria that it serves"),
    ("statement", "the control in full, as the auditor will read it"),
    ("policy", "the written policy that it carries out: a path beside this file"),
    ("since", "first day on which it was in force"),
    ("test", "the test that holds it against what happened"),
    ("with", "what it states for that test"),
];

/// What can be written behind the first part of a document, of a file by its path below the root.
pub(super) fn items(texts: &Texts, file: &str, before: &str, whole: &str) -> Vec<CompletionItem> {
    let yaml = file.ends_with(".yaml") || file.ends_with(".yml");
    if yaml && file.starts_with("controls/") {
        return in_control(texts, before, whole);
    }
    let line = before.rsplit('\n').next().unwrap_or_default();
    if yaml {
        let key = line.trim_start().trim_start_matches("- ").split(':').next().unwrap_or_default();
        return if line.contains(':') && matches!(key, "control" | "controls") { ids(texts) } else { Vec::new() };
    }
    // Front matter stands between two lines of three dashes.
    let in_front = before.starts_with("---") && !before[3..].contains("\n---");
    if in_front {
        return if line.contains('[') { of_criteria() } else { Vec::new() };
    }
    match line.rfind("](") {
        Some(at) if !line[at..].contains(')') => parameters_of_all(texts, file),
        _ => ids(texts),
    }
}

fn item(label: &str, detail: &str, kind: CompletionItemKind) -> CompletionItem {
    CompletionItem { label: safe(label), detail: Some(safe(detail)), kind: Some(kind), ..CompletionItem::default() }
}

fn ids(texts: &Texts) -> Vec<CompletionItem> {
    let controls = texts.controls.controls.iter();
    controls.map(|control| item(&control.text.id, &control.text.title, CompletionItemKind::REFERENCE)).collect()
}

fn of_criteria() -> Vec<CompletionItem> {
    criteria::IDS.iter().map(|id| item(id, "trust services criterion", CompletionItemKind::ENUM_MEMBER)).collect()
}

/// Targets of links to everything that controls state as a quantity.
fn parameters_of_all(texts: &Texts, file: &str) -> Vec<CompletionItem> {
    let Some(document) = texts.written.iter().find(|written| written.source().name() == file) else {
        return Vec::new();
    };
    let controls = texts.controls.controls.iter();
    let stated = controls.flat_map(|control| statements::quantities(control, &texts.pack));
    let target = |stated: statements::Stated<'_>| {
        let detail = format!("{} {}", stated.control.text.id, stated.path);
        item(&stated.target_from(document), &detail, CompletionItemKind::REFERENCE)
    };
    stated.map(target).collect()
}

fn in_control(texts: &Texts, before: &str, whole: &str) -> Vec<CompletionItem> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let words = line.trim_start();
    let indent = line.len() - words.len();
    let test = test_of(texts, before, whole);
    match words.split_once(':') {
        Some((key, _)) if indent == 0 => match key {
            "test" => tests(texts),
            "criteria" => of_criteria(),
            _ => Vec::new(),
        },
        Some((key, _)) => {
            let key = key.trim_start_matches("- ").trim();
            let known = test.and_then(|test| named(&test.parameters, key));
            known.map(values).unwrap_or_default()
        }
        None => match parent(before, indent) {
            None if indent == 0 => KEYS.iter().map(|(key, about)| property(key, about)).collect(),
            Some("criteria") => of_criteria(),
            Some("with") => test.map(|test| parameters(&test.parameters)).unwrap_or_default(),
            Some(key) => {
                let known = test.and_then(|test| named(&test.parameters, key));
                known
                    .map(|known| if known.fields.is_empty() { values(known) } else { parameters(&known.fields) })
                    .unwrap_or_default()
            }
            None => Vec::new(),
        },
    }
}

fn property(key: &str, about: &str) -> CompletionItem {
    CompletionItem { insert_text: Some(format!("{key}: ")), ..item(key, about, CompletionItemKind::PROPERTY) }
}

fn parameters(parameters: &[Parameter]) -> Vec<CompletionItem> {
    parameters.iter().map(|parameter| property(&parameter.name, &parameter.about)).collect()
}

/// The parameter of a name, or the field of one.
fn named<'p>(parameters: &'p [Parameter], name: &str) -> Option<&'p Parameter> {
    let own = parameters.iter().find(|parameter| parameter.name == name);
    own.or_else(|| parameters.iter().find_map(|parameter| named(&parameter.fields, name)))
}

fn values(parameter: &Parameter) -> Vec<CompletionItem> {
    let known: Vec<&str> = match parameter.kind {
        ParameterType::Flag => vec!["true", "false"],
        ParameterType::Cadence => Cadence::ALL.iter().map(|(_, name)| *name).collect(),
        _ => parameter.values.iter().map(String::as_str).collect(),
    };
    known.into_iter().map(|value| item(value, &parameter.about, CompletionItemKind::VALUE)).collect()
}

fn tests(texts: &Texts) -> Vec<CompletionItem> {
    let tests = texts.pack.tests.iter().filter(|test| test.population.is_of_a_control());
    tests.map(|test| item(&test.test, &test.title, CompletionItemKind::ENUM_MEMBER)).collect()
}

/// The test that the control around a place names: a file can hold several, between lines of three dashes.
fn test_of<'t>(texts: &'t Texts, before: &str, whole: &str) -> Option<&'t Test> {
    let start = before.rfind("\n---").map_or(0, |at| at + 1);
    let own = whole.get(start..)?;
    let end = own.get(3..).and_then(|rest| rest.find("\n---")).map_or(own.len(), |at| at + 3);
    let name = own.get(..end)?.lines().find_map(|line| line.strip_prefix("test:"))?;
    texts.pack.test(name.split('#').next()?.trim().trim_matches(['"', '\'']))
}

/// The key of the nearest line above that stands further out; of an item of a list also one that stands as far.
fn parent(before: &str, indent: usize) -> Option<&str> {
    let mut lines = before.rsplit('\n');
    let item = lines.next()?.trim_start().starts_with('-');
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let words = line.trim_start();
        let own = line.len() - words.len();
        if words.starts_with('#') || words.starts_with('-') && own >= indent {
            continue;
        }
        if own < indent || item && own == indent {
            return words.trim_start_matches("- ").split_once(':').map(|(key, _)| key);
        }
    }
    None
}
