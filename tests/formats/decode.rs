//! Reads each format back, as its readers do: the rule and the message of every finding, in order of both.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Xml};
use serde_json::Value;

/// Rule and message.
pub type Told = Vec<(String, String)>;

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

pub fn sarif(document: &str) -> Told {
    let document: Value = serde_json::from_str(document).unwrap();
    let results = document["runs"][0]["results"].as_array().unwrap();
    let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let told = results.iter().map(|result| {
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.is_empty() && !uri.starts_with('/') && place["region"]["startLine"].as_u64().unwrap() > 0);
        assert_eq!(rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"], result["ruleId"]);
        let message = text(&result["message"]["text"]);
        let line = message.lines().next().unwrap();
        let line = line.replace("\\[", "[").replace("\\]", "]").replace("\\\\", "\\");
        (text(&result["ruleId"]), line.strip_suffix('.').unwrap_or(&line).to_owned())
    });
    told.collect()
}

pub fn gitlab(document: &str) -> Told {
    let document: Value = serde_json::from_str(document).unwrap();
    let told = document.as_array().unwrap().iter().map(|issue| {
        let rule = text(&issue["check_name"]);
        let message = text(&issue["description"]).strip_prefix(&format!("{rule}: ")).unwrap().to_owned();
        (rule, message)
    });
    told.collect()
}

/// What a runner makes of the lines; the number of what has none is told by the plain lines.
pub fn github(output: &str) -> (Told, usize) {
    let whole = |text: &str| text.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n");
    let whole = |text: &str| whole(text).replace("%25", "%");
    let (mut told, mut left) = (Vec::new(), 0);
    for line in output.lines() {
        let Some(command) = line.strip_prefix("::") else {
            left += usize::from(line.starts_with("  "));
            continue;
        };
        let (head, data) = command.split_once("::").unwrap();
        let (level, properties) = head.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&level), "{line}");
        let title = properties.split(',').find_map(|property| property.strip_prefix("title=")).unwrap();
        if title != "tickmark" {
            assert_eq!(properties.split(',').count(), 4, "{line}");
            told.push((whole(title), whole(data).lines().next().unwrap().to_owned()));
        }
    }
    (told, left)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    let found = element.attributes().map(Result::unwrap).find(|found| found.key.as_ref() == name);
    let found = found.unwrap_or_else(|| panic!("{name}"));
    quick_xml::escape::unescape(&found.value).unwrap().into_owned()
}

fn elements(document: &str, mut each: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_str(document);
    loop {
        match reader.read_event().unwrap() {
            Xml::Start(element) | Xml::Empty(element) => each(&element),
            Xml::Eof => break,
            _ => {}
        }
    }
}

pub fn checkstyle(document: &str) -> Told {
    let mut told = Vec::new();
    elements(document, |element| {
        if element.name().as_ref() == "error" {
            let rule = attribute(element, "source").strip_prefix("tickmark.").unwrap().to_owned();
            told.push((rule, attribute(element, "message")));
        }
    });
    told
}

/// The findings; the counts that the suites give must be those of their cases.
pub fn junit(document: &str) -> Told {
    let (mut told, mut counted, mut class) = (Vec::new(), [0; 4], String::new());
    elements(document, |element| match element.name().as_ref() {
        "testsuite" => {
            let given = ["tests", "failures", "errors", "skipped"].map(|name| attribute(element, name));
            given.iter().zip(&mut counted).for_each(|(given, counted)| *counted += given.parse::<i64>().unwrap());
        }
        "testcase" => {
            counted[0] -= 1;
            class = attribute(element, "classname");
        }
        name @ ("failure" | "error" | "skipped") => {
            counted[["failure", "error", "skipped"].iter().position(|known| *known == name).unwrap() + 1] -= 1;
            // The class of a finding is its rule; that of a test is its name.
            if class.contains('/') {
                told.push((class.clone(), attribute(element, "message")));
            }
        }
        _ => {}
    });
    assert_eq!(counted, [0; 4], "tests, failures, errors, skipped");
    told
}

pub fn markdown(page: &str) -> Told {
    let (mut told, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) => cell.push_str(&text),
            Event::Start(Tag::TableCell) => cell.clear(),
            Event::End(TagEnd::TableCell) => row.push(cell.replace('\u{200b}', "")),
            Event::End(TagEnd::TableRow) => {
                if let [_, rule, _, _, message, _] = row.as_slice() {
                    told.push((rule.clone(), message.clone()));
                }
                row.clear();
            }
            Event::End(TagEnd::TableHead) => row.clear(),
            Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::Paragraph | Tag::Heading { .. })
            | Event::End(_) => {}
            other => panic!("words became markup: {other:?}"),
        }
    }
    told
}

pub fn csv(table: &str) -> Told {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (rule, message) = (column("rule"), column("message"));
    let told = reader.records().map(|record| {
        let record = record.unwrap();
        assert!(!record.iter().any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{record:?}");
        let cell = |at: usize| record[at].strip_prefix('\'').unwrap_or(&record[at]).to_owned();
        (cell(rule), cell(message))
    });
    told.collect()
}

pub fn json(document: &str) -> Told {
    let document: Value = serde_json::from_str(document).unwrap();
    document["findings"].as_array().unwrap().iter().map(finding).collect()
}

pub fn json_lines(lines: &str) -> Told {
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Told = lines.iter().filter_map(|line| line.get("finding")).map(finding).collect();
    assert_eq!(lines[0]["run"]["findings"], told.len());
    assert_eq!(lines[0]["run"]["tests"], lines.iter().filter(|line| line.get("test").is_some()).count());
    told
}

fn finding(finding: &Value) -> (String, String) {
    (text(&finding["rule"]), tickmark::text::safe(finding["message"].as_str().unwrap()))
}
