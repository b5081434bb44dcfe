//! Exports that are none, or that try to do more than tell of requests.

use serde_json::{Value, json};

use super::{import_text, records, repository, request};

#[test]
fn what_is_no_export_writes_nothing_and_says_where() {
    let deep = "[".repeat(100_000);
    let texts: [&str; 7] = ["", "<html>not found</html>", "{", "[1, 2]", "\"text\"", "[{\"number\": 7}]", &deep];
    for text in texts {
        let folder = repository();
        let ran = import_text(folder.path(), text);
        let start: String = text.chars().take(40).collect();
        assert_eq!(ran.status, 2, "{start}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("export.json"), "{start}: {}", ran.err);
        assert!(records(folder.path()).is_empty());
    }
    let folder = repository();
    let ran = import_text(folder.path(), "[]");
    assert_eq!((ran.status, records(folder.path()).len()), (0, 0), "{}", ran.err);
}

#[test]
fn nothing_of_a_request_with_a_wrong_value_is_imported_and_the_others_are() {
    let wrong: [fn(&mut Value); 9] = [
        |one| one["title"] = json!({ "text": "x" }),
        |one| one["number"] = json!(1e300),
        |one| one["number"] = serde_json::from_str("123456789012345678901234567890").unwrap(),
        |one| one["author"] = json!("mira-s"),
        |one| one["reviews"] = json!("none"),
        |one| one["mergeCommit"]["oid"] = json!("not a commit"),
        |one| one["mergedAt"] = json!("yesterday"),
        |one| one["url"] = json!(7),
        |one| one["reviews"][0]["submittedAt"] = json!([1]),
    ];
    for change in wrong {
        let folder = repository();
        let good = request(|one| {
            one["number"] = json!(8);
            one["url"] = json!("https://github.com/acme/shop/pull/8");
        });
        let ran = import_text(folder.path(), &json!([request(change), good]).to_string());
        assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("documents/wrong-type"), "{}", ran.err);
        let written = records(folder.path());
        assert!(written[0].1.contains("pull/8") && !written[0].1.contains("pull/7"), "{}", written[0].1);
    }
}

#[test]
fn no_text_of_an_export_steers_a_terminal_or_leaves_its_quotes() {
    let folder = repository();
    let evil = "x\u{1b}[2J\u{202e}\"\n  - id: forged\n::error::x ##[stop]\u{0}\u{2028}";
    let ran = import_text(
        folder.path(),
        &json!([request(|one| {
            one["title"] = json!(evil);
            one["author"]["login"] = json!(evil);
            one["reviews"][0]["author"]["login"] = json!(evil);
            one["labels"] = json!([{ "name": evil }]);
            one["reviews"][0]["commit"]["oid"] = Value::Null;
            let mut other = one["reviews"][0].clone();
            other["state"] = json!(evil);
            one["reviews"].as_array_mut().unwrap().push(other);
        })])
        .to_string(),
    );
    assert_eq!(ran.status, 0, "{}", ran.err);
    let written = &records(folder.path())[0].1;
    for text in [&ran.out, &ran.err, written] {
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{0}', '\u{2028}']), "{text}");
    }
    assert_eq!(written.lines().filter(|line| line.trim_start().starts_with("- id:")).count(), 1, "{written}");
    let again = import_text(folder.path(), "[]");
    assert_eq!(again.status, 0, "what was written can be read: {}", again.err);
}

#[test]
fn a_large_export_is_read_in_a_moment() {
    let many: Vec<Value> = (0..12_000)
        .map(|number| {
            request(|one| {
                one["number"] = json!(number);
                one["url"] = json!(format!("https://github.com/acme/shop/pull/{number}"));
                one["mergeCommit"]["oid"] = json!(format!("{number:040x}"));
                one["body"] = json!("x".repeat(4_000));
            })
        })
        .collect();
    let text = json!(many).to_string();
    assert!(text.len() > 50_000_000);
    let folder = repository();
    let started = std::time::Instant::now();
    let ran = import_text(folder.path(), &text);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("12000 new"), "{}", ran.out);
    assert_eq!(records(folder.path()).len(), 3, "a file holds 5,000 records");
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
