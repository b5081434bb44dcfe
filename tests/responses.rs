//! Management responses: what they do to a run, how they are begun, and that nobody gets past an exception by writing one.

use crate::cases;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use tickmark::sources::script;
use tickmark::text::SourceText;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tickmark");
const AS_OF: &str = "2026-07-15";

/// Exit status, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).env("COLUMNS", "80").arg(arguments[0]).args(["--as-of", AS_OF]).args(&arguments[1..]);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn results(folder: &Path) -> (i32, Value) {
    let (status, out, err) = run(folder, &["check", "--format", "json"]);
    (status, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}")))
}

/// The findings of a rule.
fn of<'d>(document: &'d Value, rule: &str) -> Vec<&'d Value> {
    document["findings"].as_array().unwrap().iter().filter(|one| one["rule"] == rule).collect()
}

/// The demo, and nothing of it that cannot be read.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    tickmark::demo::write(folder.path()).unwrap();
    let path = folder.path().join("controls/payment-review.yaml");
    let text = fs::read_to_string(&path).unwrap().replace("critera", "criteria");
    fs::write(path, text).unwrap();
    folder
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn append(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::write(&path, fs::read_to_string(&path).unwrap() + text).unwrap();
}

/// The repository of a case.
fn world(case: &str, more: &str) -> TempDir {
    cases::written(&format!("documents/{case}"), more)
}

#[test]
fn what_is_answered_stays_in_the_report_and_fails_unless_the_configuration_says_otherwise() {
    let world = world("response-approver/another", "");
    let folder = world.path();
    let (status, document) = results(folder);
    assert_eq!((status, document["tests"][0]["exceptions"].as_u64()), (1, Some(1)));
    let found = of(&document, "change/unapproved")[0];
    let response = &found["response"];
    assert_eq!(response["kind"], "accepted");
    assert_eq!(response["approved_by"], "ines@acme.example");
    assert_eq!(response["accepted_until"], "2026-12-31");
    assert_eq!((&response["source"], response["line"].as_u64()), (&"responses/2026-H1.yaml".into(), Some(1)));
    assert_eq!(found["standing"], Value::Null);
    append(folder, "tickmark.yaml", "responded: { remedied: pass, disputed: pass }\n");
    assert_eq!(results(folder).0, 1, "another kind passes");
    let text = fs::read_to_string(folder.join("tickmark.yaml")).unwrap().replace("remedied: pass", "accepted: pass");
    fs::write(folder.join("tickmark.yaml"), text).unwrap();
    let (status, document) = results(folder);
    assert_eq!((status, document["tests"][0]["exceptions"].as_u64()), (0, Some(1)), "k of n stays");
    assert_eq!(of(&document, "change/unapproved")[0]["severity"], "error");
    for (format, words) in [
        ("text", "change/unapproved (accepted until 2026-12-31)"),
        ("markdown", "accepted until 2026-12-31"),
        ("sarif", "accepted until 2026-12-31"),
        ("csv", "accepted until 2026-12-31"),
        ("junit", "failures=\"0\""),
        ("checkstyle", "accepted until 2026-12-31"),
        ("gitlab", "accepted until 2026-12-31"),
        ("github", "accepted until 2026-12-31"),
        ("json-lines", "\"accepted_until\":\"2026-12-31\""),
    ] {
        let (status, out, err) = run(folder, &["check", "--format", format]);
        assert!(status == 0 && out.contains(words), "{format}: {out}{err}");
        let all = format!("{out}{err}").replace(['\\', '\u{200b}'], "");
        assert!(all.contains("answered: 1 finding with a response, 1 accepted") || format == "json-lines");
    }
    let text = fs::read_to_string(folder.join("tickmark.yaml")).unwrap().replace("accepted: pass", "accepted: ok");
    fs::write(folder.join("tickmark.yaml"), text).unwrap();
    assert_eq!(run(folder, &["check"]).0, 2, "no other word");
}

#[test]
fn a_response_answers_nothing_of_the_range_that_brings_it() {
    const PASS: &str = "branches: [main]\n          period: { from: 2026-01-01, to: 2026-06-30 }\n          \
                        responded: { accepted: pass }\n";
    let case = cases::root().join("tests/rules/documents/response-approver/another/history.yaml");
    let text = fs::read_to_string(case).unwrap();
    let text = text.replacen("branches: [main]\n          period: { from: 2026-01-01, to: 2026-06-30 }\n", PASS, 1);
    let more = "  - commit:\n      on: main\n      by: dana\n      at: 2026-06-20T09:00:00+02:00\n      message: Charge in \
                dollars\n      files: { shop.txt: dollars }\n";
    let folder = tempfile::tempdir().unwrap();
    let script = script::parse(&SourceText::new("history.yaml", text + more)).unwrap();
    script::write(&script, folder.path(), false).unwrap();
    let folder = folder.path();
    assert_eq!(run(folder, &["check"]).0, 0, "as a whole all of it is answered");
    assert_eq!(run(folder, &["check", "HEAD~1..HEAD"]).0, 0, "the response was there before");
    let (status, out, _) = run(folder, &["check", "HEAD~3..HEAD"]);
    assert!(status == 1 && !out.contains("accepted until"), "it came with the range: {out}");
    // Its own faults are told all the same.
    let path = folder.join("responses/2026-H1.yaml");
    let text = fs::read_to_string(&path).unwrap().replace("ines@", "mira@");
    fs::write(&path, text).unwrap();
    let repository = git2::Repository::open(folder).unwrap();
    let mut index = repository.index().unwrap();
    index.add_path(Path::new("responses/2026-H1.yaml")).unwrap();
    index.write().unwrap();
    let (status, out, _) = run(folder, &["check", "--staged"]);
    assert!(status == 1 && out.contains("documents/response-approver"), "{out}");
}

#[test]
fn what_is_still_open_is_no_remedy() {
    let shop = shop();
    let folder = shop.path();
    let (_, document) = results(folder);
    let overdue = of(&document, "vulnerability/overdue")[0];
    let name = overdue["fingerprint"].as_str().unwrap();
    let text = format!(
        "exceptions: [{name}]\nkind: remedied\ncause: Nobody looked.\ncorrective_action: Somebody does.\n\
         implemented_on: 2026-07-01\nowner: dana@acme.example\n"
    );
    write(folder, "responses/v.yaml", &text);
    let (_, document) = results(folder);
    let told = of(&document, "documents/remedy-not-shown");
    assert!(told[0]["message"].as_str().unwrap().contains("is still found as of 2026-07-15"), "{told:#?}");
    assert_eq!(told[0]["labels"].as_array().unwrap().len(), 2);
    assert_eq!(of(&document, "vulnerability/overdue")[0]["response"], Value::Null, "it has no effect");
    // Once it is mended nothing is found of it, and the response stands.
    let path = folder.join("registers/vulnerabilities.csv");
    let csv = fs::read_to_string(&path).unwrap();
    fs::write(&path, csv.replace(",2026-05-11,,open,", ",2026-05-11,2026-06-30,fixed,")).unwrap();
    let (_, document) = results(folder);
    assert!(of(&document, "vulnerability/overdue").iter().all(|one| one["fingerprint"] != name));
    for rule in ["documents/remedy-not-shown", "documents/response-unmatched"] {
        assert!(of(&document, rule).is_empty(), "{rule}: {:#?}", of(&document, rule));
    }
    // An acceptance of what holds now is of nothing.
    let text = text.replace("remedied", "accepted") + "approved_by: ines@acme.example\naccepted_until: 2027-01-01\n";
    write(folder, "responses/v.yaml", &text);
    let (_, document) = results(folder);
    let told = of(&document, "documents/response-unmatched");
    assert!(told[0]["message"].as_str().unwrap().contains("no exception any more"), "{told:#?}");
}

#[test]
fn what_cannot_be_read_is_not_answered_away() {
    let shop = shop();
    let folder = shop.path();
    append(folder, "registers/training.csv", "P-05,security-basics,2026-13-45,passed,88\n");
    append(folder, "tickmark.yaml", "responded: { accepted: pass, remedied: pass, disputed: pass }\n");
    let (before, document) = results(folder);
    let unread: Vec<&Value> =
        document["findings"].as_array().unwrap().iter().filter(|one| one["verdict"] == "untestable").collect();
    assert!(!unread.is_empty() && before == 3);
    let names: Vec<&str> = unread.iter().map(|one| one["fingerprint"].as_str().unwrap()).collect();
    let text = format!(
        "exceptions: [{}]\nkind: accepted\ncause: No time.\nowner: dana@acme.example\napproved_by: \
         ines@acme.example\naccepted_until: 2027-01-01\n",
        names.join(", ")
    );
    write(folder, "responses/all.yaml", &text);
    let (status, document) = results(folder);
    assert_eq!(status, 3);
    let unread = document["findings"].as_array().unwrap().iter().filter(|one| one["verdict"] == "untestable");
    assert!(unread.clone().count() > 0 && unread.clone().all(|one| one["response"].is_null()));
    assert_eq!(of(&document, "documents/response-unmatched").len(), names.len());
}

#[test]
fn hostile_files_are_told_and_nothing_outside_is_read() {
    let shop = shop();
    let folder = shop.path();
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.yaml", "exceptions: [aaaaaaaaaaaaaaaa]\nkind: accepted\nsecret: 1\n");
    write(folder, "responses/huge.yaml", &"# long\n".repeat(200_000));
    write(folder, "responses/control.yaml", "kind: accepted\ncause: \"\u{1b}[2J\u{7}\"\nexceptions: [\"\u{1b}[2J\"]\n");
    write(folder, "responses/alias.yaml", "kind: &a accepted\ncause: *a\n");
    write(
        folder,
        "responses/escape.yaml",
        "kind: accepted\ncause: \"\\e[2J\\u202e\"\nexceptions: [\"\\e[2J\\u202e\"]\n",
    );
    write(folder, "responses/list.yaml", "- kind: accepted\n");
    write(folder, "responses/unknown.yaml", "kind: ignored\nverdict: fine\n");
    let dispute = |path: &str| {
        format!(
            "rule: vendor/never-assessed\ncontrol: VM-01\nkind: disputed\ncause: x\nowner: x\nevidence: {{ misread: x, \
             path: {path:?}, says: x }}\n"
        )
    };
    write(folder, "responses/out.yaml", &dispute("../secret.yaml"));
    write(folder, "responses/root.yaml", &dispute("/etc/passwd"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.path().join("secret.yaml"), folder.join("responses/link.yaml")).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.join("away")).unwrap();
        write(folder, "responses/through.yaml", &dispute("away/secret.yaml"));
    }
    let (status, out, err) = run(folder, &["check"]);
    assert!(status == 1 || status == 3, "{status}: {err}");
    assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}') && !out.contains("secret: 1"), "{out}");
    let (_, document) = results(folder);
    let told: String = document["findings"].as_array().unwrap().iter().fold(String::new(), |all, one| {
        let labels = one["labels"].as_array().unwrap().iter();
        let sources: Vec<&str> = labels.map(|label| label["source"].as_str().unwrap()).collect();
        format!("{all}{} {sources:?} {}\n", one["rule"].as_str().unwrap(), one["message"].as_str().unwrap())
    });
    for (rule, file) in [
        ("documents/too-large", "huge"),
        ("documents/invalid-yaml", "control"),
        ("documents/invalid-yaml", "alias"),
        ("documents/response-incomplete", "escape"),
        ("documents/wrong-type", "list"),
        ("documents/unknown-value", "unknown"),
        ("documents/response-evidence", "out"),
        ("documents/response-evidence", "root"),
    ] {
        let line = format!("{rule} [\"responses/{file}.yaml\"");
        assert!(told.contains(&line), "{line}\n{told}");
    }
    if cfg!(unix) {
        assert!(told.contains("documents/unreadable-file [\"responses/link.yaml\""), "{told}");
        assert!(told.contains("documents/response-evidence [\"responses/through.yaml\""), "{told}");
    }
    assert!(document["tests"].as_array().unwrap().len() > 3, "the rest is tested");
}

#[test]
fn a_response_is_begun_as_a_file_that_has_no_effect_until_it_is_filled_in() {
    let shop = shop();
    let folder = shop.path();
    let (_, document) = results(folder);
    let found = of(&document, "change/self-approved")[0];
    let name = found["fingerprint"].as_str().unwrap();
    for kind in ["remedied", "accepted", "disputed"] {
        let (status, out, err) = run(folder, &["respond", &name[..8], "--kind", kind]);
        assert_eq!(status, 0, "{err}");
        let path = out.lines().next().unwrap().strip_suffix(" is written").unwrap().to_owned();
        assert!(path.starts_with("responses/change-self-approved-"), "{path}");
        let text = fs::read_to_string(folder.join(&path)).unwrap();
        assert!(text.starts_with("# change/self-approved of CM-01: ") && text.contains(name), "{text}");
        assert!(text.contains("period: 2026-01-01..2026-06-30"), "{text}");
        let (_, document) = results(folder);
        let told = of(&document, "documents/response-incomplete");
        assert!(told.len() == 1 && told[0]["labels"][0]["source"] == path.as_str(), "{kind}: {told:#?}");
        assert!(of(&document, "change/self-approved").iter().all(|one| one["response"].is_null()));
        let (status, _, err) = run(folder, &["respond", name]);
        assert!(status == 2 && err.contains("has a response in responses/"), "{err}");
        // Something else of this name is never written over.
        fs::write(folder.join(&path), "# mine\n").unwrap();
        let (status, out, _) = run(folder, &["respond", name, "--kind", kind]);
        let other = path.replace(".yaml", &format!("-{}.yaml", &name[..6]));
        assert!(status == 0 && out.starts_with(&other), "{out}");
        assert_eq!(fs::read_to_string(folder.join(&path)).unwrap(), "# mine\n");
        fs::remove_file(folder.join(path)).unwrap();
        fs::remove_file(folder.join(other)).unwrap();
    }
}

#[test]
fn an_unknown_fingerprint_is_an_error_with_the_nearest() {
    let shop = shop();
    let folder = shop.path();
    let (_, document) = results(folder);
    let name = document["findings"][0]["fingerprint"].as_str().unwrap();
    let turned = format!("{}{}{}", &name[..8], if &name[8..9] == "0" { "1" } else { "0" }, &name[9..]);
    for (asked, words) in [
        (turned.as_str(), format!("did you mean {name}?")),
        ("abc", "6 to 16 digits".to_owned()),
        ("zzzzzzzz", "6 to 16 digits".to_owned()),
        ("0123456789abcdef", "tickmark check --verbose".to_owned()),
    ] {
        let (status, out, err) = run(folder, &["respond", asked]);
        assert_eq!((status, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(&words), "{asked}: {err}");
    }
    assert_eq!(fs::read_dir(folder.join("responses")).unwrap().count(), 1, "nothing was begun");
}
