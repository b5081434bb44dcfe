//! The language server as an editor meets it: a real process, the demo's repository, and messages over its pipes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

mod hostile;

/// How long an answer may take before the server counts as silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// The rule that holds a policy's linked words against the control.
const DIFFERS: &str = "documents/statement-differs";

/// An editor with one server.
pub struct Editor {
    pub child: Child,
    pub input: Option<ChildStdin>,
    incoming: Receiver<Value>,
    /// The findings of each file, by its address, as they were published last.
    pub published: BTreeMap<String, Value>,
    next: i32,
}

pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    command.args(["--as-of", "2026-07-02", "-C"]).arg(folder);
    for name in ["GIT_DIR", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    command
}

fn message(out: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse().unwrap(),
            None => break,
        }
    }
    let mut bytes = vec![0; length];
    out.read_exact(&mut bytes).ok()?;
    Some(serde_json::from_slice(&bytes).unwrap())
}

impl Editor {
    /// Starts a server, without a word.
    pub fn silent(folder: &Path) -> Self {
        let mut child = program(folder).arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (send, incoming) = channel();
        std::thread::spawn(move || while message(&mut out).is_some_and(|next| send.send(next).is_ok()) {});
        let input = child.stdin.take();
        Self { child, input, incoming, published: BTreeMap::new(), next: 0 }
    }

    /// Starts a server and greets it.
    pub fn open(folder: &Path) -> Self {
        let mut editor = Self::silent(folder);
        let able = editor.ask("initialize", json!({ "rootUri": address(folder, ""), "capabilities": {} }));
        assert_eq!(able["result"]["capabilities"]["textDocumentSync"]["change"], 1, "{able}");
        editor.tell("initialized", json!({}));
        editor
    }

    pub fn send(&mut self, text: &str) {
        let input = self.input.as_mut().unwrap();
        let _ = write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).and_then(|()| input.flush());
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    /// Asks, and waits for the answer.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
        self.until(|_, message| (message["id"] == json!(id)).then(|| message.clone()))
    }

    /// Waits for a message of which something is to be made.
    pub fn until<T>(&mut self, mut wanted: impl FnMut(&BTreeMap<String, Value>, &Value) -> Option<T>) -> T {
        loop {
            let message = self.incoming.recv_timeout(PATIENCE).expect("the server answers");
            if message["method"] == "textDocument/publishDiagnostics" {
                let params = &message["params"];
                self.published.insert(params["uri"].as_str().unwrap().to_owned(), params["diagnostics"].clone());
            }
            if let Some(found) = wanted(&self.published, &message) {
                return found;
            }
        }
    }

    /// Waits until the findings of a file are as they are wanted.
    pub fn until_file(&mut self, address: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        self.until(|published, _| {
            let found = published.get(address)?.as_array()?;
            wanted(found).then(|| found.clone())
        })
    }

    pub fn status(mut self) -> i32 {
        drop(self.input.take());
        self.child.wait().unwrap().code().expect("no signal ended it")
    }
}

pub fn address(folder: &Path, file: &str) -> String {
    let folder = folder.canonicalize().unwrap();
    format!("file://{}", if file.is_empty() { folder } else { folder.join(file) }.display())
}

/// The demo's repository, in a folder that does not go away before the test ends.
pub fn demo() -> (tempfile::TempDir, PathBuf) {
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path().join("acme shop");
    tickmark::demo::write(&folder).unwrap();
    // An address has no blanks.
    let plain = kept.path().join("acme-shop");
    std::fs::rename(folder, &plain).unwrap();
    (kept, plain)
}

pub fn opened(uri: &str, text: &str) -> Value {
    json!({ "textDocument": { "uri": uri, "languageId": "yaml", "version": 1, "text": text } })
}

pub fn changed(uri: &str, version: i32, text: &str) -> Value {
    json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [{ "text": text }] })
}

/// The findings of `check`, as rule and message.
fn checked(folder: &Path) -> Vec<(String, String)> {
    let out = program(folder).args(["check", "--format", "json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    let mut found: Vec<_> = report["findings"].as_array().unwrap().iter().map(rule_and_message).collect();
    found.sort();
    found
}

fn rule_and_message(finding: &Value) -> (String, String) {
    let rule = finding["rule"].as_str().or_else(|| finding["code"].as_str()).unwrap();
    let message = finding["message"].as_str().unwrap();
    // The document has a response in a field of its own, an editor in the message.
    let response = &finding["response"];
    let beside = match response["kind"].as_str() {
        Some("accepted") => format!(" (accepted until {})", response["accepted_until"].as_str().unwrap()),
        Some("remedied") => format!(" (remedied on {})", response["implemented_on"].as_str().unwrap()),
        Some(kind) => format!(" ({kind})"),
        None => String::new(),
    };
    (rule.to_owned(), message.split("\nhelp: ").next().unwrap().to_owned() + &beside)
}

fn of_rule<'a>(found: &'a [Value], rule: &str) -> Vec<&'a Value> {
    found.iter().filter(|one| one["code"] == rule).collect()
}

#[test]
fn an_editor_sees_what_check_finds_and_what_is_typed() {
    let (_kept, folder) = demo();
    let mut editor = Editor::open(&folder);
    let expected = checked(&folder);
    assert!(expected.len() > 10, "{expected:?}");
    editor.until(|published, _| {
        let all = published.values().flat_map(|found| found.as_array().unwrap());
        let mut found: Vec<_> = all.map(rule_and_message).collect();
        found.sort();
        (found == expected).then_some(())
    });
    // What happened is shown at the control that governs it.
    let control = address(&folder, "controls/change-approval.yaml");
    assert!(editor.published[&control].as_array().unwrap().iter().any(|one| one["code"] == "change/self-approved"));

    // The control asks for one approval, the policy for two. The parameter is changed in the editor alone.
    let policy = address(&folder, "policies/change-management.md");
    let text = std::fs::read_to_string(folder.join("controls/change-approval.yaml")).unwrap();
    editor.tell("textDocument/didOpen", opened(&control, &text));
    editor.tell("textDocument/didChange", changed(&control, 2, &text.replace("approvals: 1", "approvals: 2")));
    editor.until_file(&policy, |found| of_rule(found, DIFFERS).is_empty());
    editor.tell("textDocument/didChange", changed(&control, 3, &text.replace("approvals: 1", "approvals: 3")));
    let found = editor.until_file(&policy, |found| !of_rule(found, DIFFERS).is_empty());
    let sentence = of_rule(&found, DIFFERS)[0];
    assert_eq!(sentence["range"]["start"], json!({ "line": 15, "character": 20 }), "{sentence}");
    assert!(sentence["message"].as_str().unwrap().contains("CM-01 states 3"), "{sentence}");
    let told = &sentence["codeDescription"]["href"];
    let told = std::fs::read_to_string(told.as_str().unwrap().strip_prefix("file://").unwrap()).unwrap();
    assert!(told.starts_with(DIFFERS), "{told}");
    // The findings of changes have stayed all the while.
    assert!(!of_rule(editor.published[&control].as_array().unwrap(), "change/self-approved").is_empty());

    assert_eq!(editor.ask("shutdown", Value::Null)["result"], Value::Null);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.status(), 0);
}

#[test]
fn places_are_utf_16_units_also_behind_emoji_and_line_ends_of_windows() {
    let (_kept, folder) = demo();
    let mut editor = Editor::open(&folder);
    let policy = address(&folder, "policies/change-management.md");
    let text = std::fs::read_to_string(folder.join("policies/change-management.md")).unwrap();
    let text = text.replace("Every change needs [two approvals]", "🦀🏴‍☠️ Every change needs [four approvals]");
    editor.tell("textDocument/didOpen", opened(&policy, &text.replace('\n', "\r\n")));
    let four = |found: &[Value]| of_rule(found, DIFFERS).iter().any(|one| one["message"].to_string().contains("four"));
    let found = editor.until_file(&policy, four);
    let line = text.lines().nth(15).unwrap();
    let units = |words: &str| line[..line.find(words).unwrap()].encode_utf16().count();
    let (start, end) = (units("four"), units("]("));
    let expected = json!({ "start": { "line": 15, "character": start }, "end": { "line": 15, "character": end } });
    assert_eq!(of_rule(&found, DIFFERS)[0]["range"], expected);
    assert_eq!(start, 28, "two units for a crab, and five for a flag of four characters");
    // Closed without being saved, the file on the disk counts again.
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": policy } }));
    editor.until_file(&policy, |found| !four(found));
}

/// A place in a file that is open: where some words begin.
fn place(uri: &str, text: &str, words: &str) -> Value {
    let before = &text[..text.find(words).unwrap()];
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

#[test]
fn a_parameter_leads_to_the_sentence_that_states_it_and_back() {
    let (_kept, folder) = demo();
    let mut editor = Editor::open(&folder);
    let (control, policy) = ("controls/change-approval.yaml", "policies/change-management.md");
    let [stated, said] = [control, policy].map(|file| std::fs::read_to_string(folder.join(file)).unwrap());
    let said = said.replace("Every change needs [two", "🦀 Every change needs [two");
    let [control, policy] = [control, policy].map(|file| address(&folder, file));
    editor.tell("textDocument/didOpen", opened(&control, &stated));
    editor.tell("textDocument/didOpen", opened(&policy, &said));

    let there = editor.ask("textDocument/definition", place(&control, &stated, "approvals: 1"));
    assert_eq!(there["result"].as_array().unwrap().len(), 1, "{there}");
    assert_eq!(there["result"][0]["uri"], policy.as_str());
    assert_eq!(there["result"][0]["range"]["start"], json!({ "line": 15, "character": 23 }), "{there}");
    let asked = json!({ "textDocument": { "uri": policy }, "position": there["result"][0]["range"]["start"] });
    let back = editor.ask("textDocument/definition", asked.clone());
    assert_eq!(back["result"][0]["uri"], control.as_str(), "{back}");
    assert_eq!(back["result"][0]["range"]["start"], place(&control, &stated, "approvals: 1")["position"]);
    let heading = editor.ask("textDocument/definition", place(&control, &stated, "../policies"));
    assert_eq!(heading["result"][0]["range"]["start"], place(&policy, &said, "## Approval")["position"], "{heading}");

    let hover = editor.ask("textDocument/hover", place(&control, &stated, "approvals: 1"));
    let told = hover["result"]["contents"]["value"].as_str().unwrap();
    assert!(told.starts_with("CM-01 states approvals: 1\n") && told.contains("says “two approvals”"), "{told}");
    let hover = editor.ask("textDocument/hover", asked);
    let told = hover["result"]["contents"]["value"].as_str().unwrap();
    assert!(told.contains("controls/change-approval.yaml states approvals: 1"), "{told}");
    let nothing = editor.ask("textDocument/hover", place(&control, &stated, "Changes are approved"));
    assert_eq!(nothing["result"], Value::Null);
}

/// The labels that are offered at the end of the first line that begins so.
fn offered(editor: &mut Editor, uri: &str, text: &str, words: &str) -> Vec<String> {
    editor.tell("textDocument/didChange", changed(uri, 2, text));
    let end = &text[..text.find(words).unwrap() + words.len()];
    let character = end.rsplit('\n').next().unwrap().encode_utf16().count();
    let at = json!({ "line": end.matches('\n').count(), "character": character });
    let answer = editor.ask("textDocument/completion", json!({ "textDocument": { "uri": uri }, "position": at }));
    answer["result"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_can_follow_is_offered_also_where_the_document_is_not_whole() {
    let (_kept, folder) = demo();
    let mut editor = Editor::open(&folder);
    let control = address(&folder, "controls/vendors.yaml");
    editor.tell("textDocument/didOpen", opened(&control, ""));
    let text = "id: X-1\ncriteria: [CC8\ntest: \n";
    assert!(offered(&mut editor, &control, text, "criteria: [CC8").contains(&"CC8.1".to_owned()));
    assert!(offered(&mut editor, &control, text, "test: ").contains(&"change-approval".to_owned()));
    let text = "id: X-1\ntest: change-approval\nwith:\n  app\n  assurance: \nti";
    assert!(offered(&mut editor, &control, text, "  app").contains(&"approvals".to_owned()));
    assert!(offered(&mut editor, &control, text, "  assurance: ").contains(&"claimed".to_owned()));
    assert!(offered(&mut editor, &control, text, "\nti").contains(&"title".to_owned()));
    let policy = address(&folder, "policies/change-management.md");
    let text = std::fs::read_to_string(folder.join("policies/change-management.md")).unwrap() + "\n[x](\nSee C";
    editor.tell("textDocument/didOpen", opened(&policy, ""));
    let targets = offered(&mut editor, &policy, &text, "[x](");
    assert!(targets.contains(&"../controls/change-approval.yaml#with.approvals".to_owned()), "{targets:?}");
    assert!(offered(&mut editor, &policy, &text, "See C").contains(&"CM-01".to_owned()));
}

#[test]
fn without_a_repository_it_says_so_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut editor = Editor::open(folder.path());
    let told = editor.until(|_, message| (message["method"] == "window/showMessage").then(|| message.clone()));
    assert_eq!(told["params"]["type"], 1, "{told}");
    editor.ask("shutdown", Value::Null);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.status(), 0);
}
