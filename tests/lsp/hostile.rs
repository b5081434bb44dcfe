//! Clients that send what no editor sends, or that go away: no panic, and the status that the protocol says.

use std::io::{Read, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use super::{Editor, program};

/// Status and standard error after some bytes.
fn after(bytes: &[u8]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(bytes);
    let out = child.wait_with_output().unwrap();
    (out.status.code().expect("no signal ended it"), String::from_utf8(out.stderr).unwrap())
}

#[test]
fn what_is_no_message_ends_the_session_with_a_reason() {
    for (bytes, why) in [
        (&b"hello\r\n\r\n"[..], "no colon"),
        (b"Content-Length: 18446744073709551615\r\n\r\n{}", "at most"),
        (b"Content-Length: 99\r\n\r\n{}", "within a message"),
        (b"Content-Type: x\r\n\r\n{}", "no Content-Length"),
        (&[b'x'; 100_000], "do not end"),
    ] {
        let (status, told) = after(bytes);
        assert_eq!(status, 2, "{told}");
        assert!(told.contains(why) && !told.contains("panicked"), "{told}");
    }
}

#[test]
fn a_client_that_goes_away_ends_the_session() {
    assert_eq!(after(b""), (1, String::new()));
    let mut editor = Editor::silent(tempfile::tempdir().unwrap().path());
    editor.tell("exit", Value::Null);
    assert_eq!(editor.status(), 1, "exit without shutdown");
    // Nobody reads the answers.
    let folder = tempfile::tempdir().unwrap();
    let mut child = program(folder.path()).arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    let text = json!({ "id": 1, "method": "initialize", "params": {} }).to_string();
    let _ = write!(input, "Content-Length: {}\r\n\r\n{text}", text.len());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn messages_that_make_no_sense_are_answered_and_the_session_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut editor = Editor::silent(folder.path());
    assert_eq!(editor.ask("textDocument/hover", json!({}))["error"]["code"], -32002);
    let deep = "[".repeat(100_000);
    for text in ["", "{", "[]", "null", "\"x\"", "{\"id\":{}}", "{\"method\":7}", &deep] {
        editor.send(text);
    }
    editor.ask("initialize", Value::Null);
    for params in [Value::Null, json!([]), json!({ "textDocument": 7 }), json!({ "textDocument": { "uri": "::" } })] {
        for method in ["didOpen", "didChange", "didClose", "didSave", "somethingElse"] {
            editor.tell(&format!("textDocument/{method}"), params.clone());
        }
        for method in ["hover", "definition", "completion", "\u{1b}[2J"] {
            let answer = editor.ask(&format!("textDocument/{method}"), params.clone());
            assert!(answer["error"]["code"].is_i64(), "{method}: {answer}");
        }
    }
    assert_eq!(editor.ask("initialize", json!({}))["error"]["code"], -32600);
    editor.ask("shutdown", Value::Null);
    assert_eq!(editor.ask("shutdown", Value::Null)["error"]["code"], -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.status(), 0);
}

#[test]
fn it_takes_no_form_and_no_file() {
    let folder = tempfile::tempdir().unwrap();
    for option in [["--format", "json"], ["--output", "x"]] {
        let mut child =
            program(folder.path()).args(option).arg("lsp").stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(2), "{told}");
    }
}
