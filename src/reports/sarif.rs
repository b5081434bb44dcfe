//! SARIF 2.1.0, as code scanning takes it: every finding stands at a file, names its commit, and keeps its fingerprint.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::entry::{Entry, Report, Spot, uri, word};
use super::json;
use crate::error::{Exit, Result};
use crate::findings::finding::Severity;
use crate::findings::standing::{Accepted, Standing};
use crate::text::safe;

/// More results in one run are refused by GitHub, and the report with them.
const MOST: usize = 25_000;

/// Characters that GitHub takes of a description.
const LONGEST: usize = 1000;

/// The document.
///
/// # Errors
/// As for [`json::line`].
pub fn document(report: &Report<'_>) -> Result<Vec<u8>> {
    let mut entries = report.entries();
    let left_out = entries.len().saturating_sub(MOST);
    if left_out > 0 {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.severity));
        entries.truncate(MOST);
    }
    let mut ids: BTreeMap<&str, usize> = entries.iter().map(|entry| (entry.rule, 0)).collect();
    for (at, index) in ids.values_mut().enumerate() {
        *index = at;
    }
    let mut results: Vec<Value> = entries.iter().map(|entry| result(entry, ids[entry.rule])).collect();
    stand(&mut results, &entries);
    let rules: Vec<Value> = ids.keys().map(|id| rule(report, id)).collect();
    let exit = report.ledger.exit();
    let mut invocation = json!({
        "executionSuccessful": matches!(exit, Exit::Clean | Exit::Exceptions),
        "exitCode": exit as u8,
    });
    let more = (left_out > 0)
        .then(|| ("warning", format!("{left_out} more findings are left out here. See all of them: tickmark check")));
    let notes = more.into_iter().chain(report.remarks().into_iter().map(|remark| ("note", remark)));
    let notes: Vec<Value> =
        notes.map(|(level, text)| json!({ "level": level, "message": { "text": plain(&sentence(&text)) } })).collect();
    if !notes.is_empty() {
        invocation["toolExecutionNotifications"] = notes.into();
    }
    json::pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tickmark",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "automationDetails": { "id": "tickmark/" },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "results": results,
        }],
    }))
}

fn rule(report: &Report<'_>, id: &str) -> Value {
    let Some((test, rule)) = report.pack.rule(id) else {
        let text = json!({ "text": format!("The rule {}.", safe(id)) });
        return json!({ "id": id, "shortDescription": text, "fullDescription": text, "help": text });
    };
    let why = safe(rule.why.trim());
    let about = [
        ("Why", &rule.why),
        ("How to mend it", &rule.fix),
        ("What it shows when nothing is found", &rule.establishes),
        ("What it does not show even then", &rule.does_not_establish),
    ];
    let help: Vec<String> = about.iter().map(|(title, text)| format!("{title}: {}", safe(text.trim()))).collect();
    json!({
        "id": id,
        "name": name(id),
        "shortDescription": { "text": sentence(&format!("{}: {}", id, safe(&test.title))) },
        "fullDescription": { "text": why.chars().take(LONGEST).collect::<String>() },
        "help": { "text": plain(&help.join("\n\n")) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [test.test], "precision": "very-high" },
    })
}

fn result(entry: &Entry<'_>, index: usize) -> Value {
    let mut text = sentence(&entry.with_commit());
    if !entry.help.is_empty() {
        text = format!("{text}\n{}", entry.help);
    }
    let logical = match &entry.commit {
        Some(commit) => json!({ "fullyQualifiedName": format!("commit/{commit}"), "kind": "object" }),
        None => json!({ "fullyQualifiedName": entry.item, "kind": "object" }),
    };
    let related = |(at, (spot, text)): (usize, &(Spot, String))| json!({ "id": at + 1, "physicalLocation": physical(spot), "message": { "text": plain(text) } });
    json!({
        "ruleId": entry.rule,
        "ruleIndex": index,
        "level": level(entry.severity),
        "message": { "text": plain(&text) },
        "locations": [{ "physicalLocation": physical(&entry.spot), "logicalLocations": [logical] }],
        "relatedLocations": entry.others.iter().enumerate().map(related).collect::<Vec<_>>(),
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{}:1", entry.fingerprint),
            "tickmark/v1": entry.fingerprint,
        },
        "properties": {
            "verdict": word(entry.verdict),
            "nature": word(entry.nature),
            "control": entry.control,
            "item": entry.item,
            "places": entry.places,
        },
    })
}

/// Says of each result whether it is known or suppressed; where one is, every other one is said not to be.
fn stand(results: &mut [Value], entries: &[Entry<'_>]) {
    let any = |is: fn(&Standing) -> bool| entries.iter().any(|entry| is(entry.standing));
    let known = any(|standing| matches!(standing, Standing::Known));
    let suppressed = any(|standing| matches!(standing, Standing::Suppressed(_)));
    for (result, entry) in results.iter_mut().zip(entries) {
        if known {
            result["baselineState"] = if *entry.standing == Standing::Known { "unchanged" } else { "new" }.into();
        }
        if suppressed {
            result["suppressions"] = match entry.standing {
                Standing::Suppressed(accepted) => json!([suppression(accepted)]),
                Standing::Open | Standing::Known => json!([]),
            };
        }
    }
}

fn suppression(accepted: &Accepted) -> Value {
    let by = accepted.approved_by.as_ref().map_or_else(String::new, |by| format!(", approved by {}", safe(by)));
    let justification = format!("{} (until {}{by})", safe(&accepted.reason), accepted.until);
    json!({ "kind": "external", "status": "accepted", "justification": justification })
}

fn physical(spot: &Spot) -> Value {
    json!({
        "artifactLocation": { "uri": uri(&spot.path) },
        "region": {
            "startLine": spot.line,
            "startColumn": spot.column,
            "endLine": spot.line,
            "endColumn": spot.column + spot.length.max(1),
        },
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// `change/self-approved` as `ChangeSelfApproved`.
fn name(id: &str) -> String {
    let words = id.split(|character: char| !character.is_ascii_alphanumeric());
    words.fold(String::new(), |mut name, word| {
        let mut characters = word.chars();
        name.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(characters.as_str());
        name
    })
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}

/// In the text of a message, brackets would be a link.
fn plain(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
