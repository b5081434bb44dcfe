//! What is wrong with tests, registers and cases is told at its place, and the rest is checked all the same.

use serde_json::Value;

use super::{CASES, Files, REGISTER, TEST, check, company, found, repository, run};

/// The words that each finding of a rule underlines, and its message.
fn underlined(results: &Value, files: &Files, rule: &str) -> Vec<(String, String)> {
    let of_rule = results["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule);
    let words = |finding: &Value| {
        let label = &finding["labels"][0];
        let number = |key: &str| usize::try_from(label[key].as_u64().unwrap()).unwrap();
        let line = files[label["source"].as_str().unwrap()].lines().nth(number("line") - 1).unwrap_or_default();
        let words: String = line.chars().skip(number("column") - 1).take(number("length")).collect();
        (words, finding["message"].as_str().unwrap().to_owned())
    };
    of_rule.map(words).collect()
}

/// Checks the company with one of its files changed: the rule finds exactly this, at these words, and the control is
/// not tested.
fn wrong(path: &'static str, text: String, rule: &str, words: &str, message: &str) {
    let mut files = company();
    files.insert(path, text);
    let (status, results) = check(repository(&files).path());
    let there = underlined(&results, &files, rule);
    assert_eq!(there, [(words.to_owned(), message.to_owned())], "{:#?}", found(&results));
    assert_eq!(status, 3, "{:#?}", found(&results));
    assert_eq!(results["tests"][0]["population"]["size"], 0);
    assert_eq!(results["tests"][0]["untestable"], 1, "{results:#}");
    let others: Vec<_> = found(&results).into_iter().filter(|(found, _)| found != rule).collect();
    assert!(others.iter().all(|(found, _)| found.starts_with("evidence/test-")), "{others:?}");
}

#[test]
fn a_fault_of_a_test_is_told_at_its_place_and_its_control_is_not_tested() {
    let path = "policies/laptops.yaml";
    let with = |from: &str, to: &str| {
        assert!(TEST.contains(from), "{from}");
        TEST.replacen(from, to, 1)
    };
    let bad = "documents/bad-expression";
    for (from, to, words, message) in [
        ("require: laptop.encrypted", "require: laptop.encryption", "encryption", "laptops has no field `encryption`"),
        ("require: laptop.encrypted", "require: 'laptop.serial > 3'", ">", "a text is compared with a whole number"),
        ("require: laptop.encrypted", "require: encripted(laptop)", "encripted", "there is no function `encripted`"),
        ("control.enrol_within", "control.enroll_within", "enroll_within", "control has no field `enroll_within`"),
        ("each: laptops", "each: laptop_list", "laptop_list", "there is no register called `laptop_list`"),
        ("each: laptops", "all: laptop_list", "laptop_list", "there is no register called `laptop_list`"),
        ("at: laptop.encrypted", "at: laptop.crypt", "laptop.crypt", "laptops has no field crypt"),
        ("at: laptop.encrypted", "at: computer", "computer", "no step is called computer"),
        ("'{laptop.serial} was due on {due}'", "'{laptop.serial} was due on {do}'", "do", "there is no `do`"),
    ] {
        wrong(path, with(from, to), bad, words, message);
    }
    for (rule, from, to, words, message) in [
        ("unknown-value", "check: each", "check: every", "every", "no check of records is called `every`"),
        ("unknown-value", "parameter: enrol_within", "parameter: soon", "soon", "the test has no parameter `soon`"),
        ("unknown-value", "    todo: ", "    needs: [soon]\n    todo: ", "soon", "the test has no parameter `soon`"),
        (
            "unknown-value",
            "population: records",
            "population: changes",
            "population: changes",
            "only records can be the population of a repository's own test",
        ),
        (
            "unknown-key",
            "ask: { require: laptop.encrypted }",
            "ask: { require: laptop.encrypted, due: as_of }",
            "as_of",
            "the check each asks nothing of `due`",
        ),
        (
            "unknown-key",
            "as: laptop }",
            "as: laptop }\n    - { be: laptop.serial, as: serial, where: laptop.encrypted }",
            "laptop.encrypted",
            "`where` has no meaning for this step",
        ),
        (
            "bad-value",
            "test: laptops",
            "test: computers",
            "test: computers",
            "the test `computers` stands in the file of `laptops`",
        ),
        (
            "duplicate-id",
            "devices/enrolled-late",
            "devices/unencrypted",
            "id: devices/unencrypted",
            "two rules are called devices/unencrypted",
        ),
        (
            "duplicate-id",
            "devices/enrolled-late",
            "access/self-review",
            "id: access/self-review",
            "two rules are called access/self-review",
        ),
    ] {
        wrong(path, with(from, to), &format!("documents/{rule}"), words, message);
    }
    wrong(
        path,
        format!("{TEST}---\na: b\n"),
        "documents/bad-value",
        "a: b",
        "a file holds one test, and this one holds several documents",
    );
    let without = with("test: laptops\n", "");
    wrong(
        path,
        without,
        "documents/missing-key",
        "title: Laptops are encrypted and managed",
        "the key `test` is missing",
    );
}

#[test]
fn all_faults_of_a_test_are_told_and_other_controls_are_tested() {
    let mut files = company();
    let text = TEST
        .replace("require: laptop.encrypted", "require: laptop.a")
        .replace("done: laptop.enrolled_on", "done: laptop.b");
    files.insert("policies/laptops.yaml", text.replace("fix: Enrol {laptop.serial}", "fix: Enrol {laptop.c}"));
    let second = TEST.replace("test: laptops", "test: computers").replace("devices/", "computers/");
    files.insert("policies/computers.yaml", second);
    let control = files["controls/laptops.yaml"].replace("LT-01", "LT-02").replace("test: laptops", "test: computers");
    files.insert("controls/computers.yaml", control);
    let (status, results) = check(repository(&files).path());
    assert_eq!(status, 3);
    let words: Vec<String> =
        underlined(&results, &files, "documents/bad-expression").into_iter().map(|(word, _)| word).collect();
    assert_eq!(words, ["a", "b", "c"]);
    let untestable: Vec<_> = found(&results).into_iter().filter(|(rule, _)| rule == "evidence/test-unusable").collect();
    assert_eq!(untestable.len(), 1, "{untestable:?}");
    assert!(untestable[0].1.starts_with("LT-01 is tested by laptops"), "{untestable:?}");
    let caught = found(&results).into_iter().filter(|(rule, _)| rule.starts_with("computers/")).count();
    assert_eq!(caught, 3, "{:#?}", found(&results));
}

#[test]
fn a_name_stands_for_one_test() {
    let mut files = company();
    files.insert("policies/laptops.yml", TEST.replace("devices/", "other/"));
    let (status, results) = check(repository(&files).path());
    assert_eq!(status, 3, "which of the two is meant cannot be told");
    let twice = &results["findings"][0];
    assert_eq!(twice["message"], "two tests are called laptops");
    assert_eq!(twice["labels"][0]["source"], "policies/laptops.yml");
    assert_eq!(twice["labels"][0]["text"], "policies/laptops.yaml:1 has this name already");
    let mut files = company();
    files.insert("policies/leavers.yaml", TEST.replace("test: laptops", "test: leavers").replace("devices/", "other/"));
    let (status, results) = check(repository(&files).path());
    assert_eq!((status, found(&results)[0].1.as_str()), (1, "two tests are called leavers"));
    assert_eq!(
        results["findings"][0]["labels"][0]["text"],
        "policies/access/leavers.yaml:2 of the program has this name already"
    );
}

#[test]
fn what_is_plainly_something_else_is_left_alone() {
    let mut files = company();
    files.insert(
        "policies/cluster.yaml",
        "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec: { rules: [] }\n".to_owned(),
    );
    files.insert("policies/template.yaml", "Resources: !Ref x\n".to_owned());
    files.insert("policies/encryption.md", "# Encryption\n".to_owned());
    files.insert("policies/empty.yaml", String::new());
    files.insert("policies/below/laptops.yaml", "test: not read here\n".to_owned());
    let (status, results) = check(repository(&files).path());
    assert_eq!((status, found(&results).len()), (1, 3), "{:#?}", found(&results));
    // What has the keys of a test is one, also where it cannot be read.
    for text in ["rules: []\n", "population: records\n", "title: x\ntest: &a laptops\n", "items:\n\t- x\n"] {
        files.insert("policies/nearly.yaml", text.to_owned());
        let (_, results) = check(repository(&files).path());
        assert!(found(&results).iter().any(|(rule, _)| rule.starts_with("documents/")), "{text}");
    }
}

#[test]
fn a_fault_of_a_register_is_told_at_its_place() {
    let path = "policies/registers/laptops.yaml";
    for (rule, from, to, words, message) in [
        ("duplicate-id", "register: laptops", "register: accounts", "", "two registers are called accounts"),
        ("unknown-value", "key: [serial]", "key: [number]", "number", "the register has no field `number`"),
        ("unknown-value", "key: [serial]", "key: [serial]\nheader: [at]", "at", "the register has no field `at`"),
        (
            "bad-value",
            "key: [serial]",
            "key: [serial]\nsnapshot: { of: serial, at: person }",
            "at: person",
            "`person` does not say when: its type must be `when`",
        ),
        ("bad-value", "key: [serial]", "key: []", "key", "nothing would tell one record from another"),
        ("duplicate-id", "name: person", "name: serial", "name: serial", "two fields are called `serial`"),
        ("bad-value", "name: person", "name: Whose", "name: Whose", "no expression could name this field"),
        ("missing-key", "type: flag", "type: choice", "type: choice", "a choice needs `values`"),
    ] {
        let mut files = company();
        assert!(REGISTER.contains(from));
        files.insert(path, REGISTER.replacen(from, to, 1));
        let (status, results) = check(repository(&files).path());
        assert_eq!(status, 3, "a control whose register is not known is not tested: {:#?}", found(&results));
        let there = underlined(&results, &files, &format!("documents/{rule}"));
        let it = there.iter().find(|(_, found)| found == message);
        assert!(it.is_some_and(|(found, _)| words.is_empty() || found == words), "{message}: {there:?}");
    }
    // The configuration may name where a register of the repository's own lies.
    let mut files = company();
    let text = files.remove("registers/laptops.csv").unwrap();
    files.insert("exports/devices.csv", text.replace("serial", "Serial Number"));
    let columns =
        "serial: Serial Number, person: person, encrypted: encrypted, issued_on: issued_on, enrolled_on: enrolled_on";
    files.insert(
        "tickmark.yaml",
        format!("registers:\n  laptops: {{ file: exports/devices.csv, columns: {{ {columns} }} }}\n"),
    );
    let (status, results) = check(repository(&files).path());
    assert_eq!((status, found(&results).len()), (1, 3), "{:#?}", found(&results));
}

#[test]
fn a_fault_of_a_case_is_told_at_its_place_and_the_others_are_run() {
    for (from, to, message) in [
        ("test: laptops", "test: laptop", "there is no test called `laptop`"),
        ("test: laptops", "test: change-approval", "`change-approval` is no test of records, and a case holds nothing"),
        ("as_of: 2026-06-30", "as_of: 2026-06-31", "this is no day and no instant"),
        ("as_of: 2026-06-30", "as_of: 2026-06-30\nperiod: '2026'", "this is no period"),
        ("  laptops:\n", "  laptop:\n", "there is no register called `laptop`"),
        ("serial: L-1,", "serial: L-1, colour: red,", "laptops has no field `colour`"),
        ("encrypted: false", "encrypted: perhaps", "`perhaps` is not yes or no"),
        ("serial: L-2,", "serial: L-1,", "two records of laptops are `L-1`"),
        ("{ enrol_within: 7d }", "{ enrol_within: soon }", "soon"),
        ("{ enrol_within: 7d }", "{}", "enrol_within"),
        ("devices/unencrypted:", "devices/encrypted:", "the test laptops has no rule `devices/encrypted`"),
        ("devices/unencrypted:", "evidence/missing:", "the test laptops has no rule `evidence/missing`"),
        ("{ caught: [L-2] }", "{ silent: [L-2] }", "silence has no items"),
        ("{ caught: [L-2] }", "found", "found"),
    ] {
        assert!(CASES.contains(from), "{from}");
        let mut files = company();
        files.insert("policies/tests/laptops.yaml", CASES.replacen(from, to, 1));
        let (status, out, err) = run(repository(&files).path(), &["test"]);
        let joined = out.replace("\n  │ ", " ");
        assert_eq!(status, 2, "{to}: {out}{err}");
        assert!(joined.contains(message) && joined.contains("policies/tests/laptops.yaml:"), "{to}: {out}");
        assert!(joined.contains("3 cases: 3 passed, 0 failed\n1 fault in"), "{to}: {out}");
    }
    let mut files = company();
    files.insert("policies/laptops.yaml", TEST.replace("require: laptop.encrypted", "require: laptop.x"));
    let (status, out, _) = run(repository(&files).path(), &["test"]);
    assert_eq!(status, 2);
    assert!(out.contains("the test laptops has a fault, so nothing was asked"), "{out}");
    assert!(out.contains("laptops has no field `x`") && out.contains("4 failed"), "{out}");
}

#[test]
fn what_a_test_says_steers_no_terminal_and_no_runner() {
    let mut files = company();
    let many = "many: \"::error::lap\\e[31mtops\"";
    let text = TEST
        .replace("many: laptops", many)
        .replace("the disk of", "\"##[stop]\\e[2J")
        .replace("is not encrypted\n", "is not encrypted\"\n");
    files.insert("policies/laptops.yaml", text.replace("why: A stolen", "why: ::warning:: A stolen"));
    let folder = repository(&files);
    for arguments in [&["check", "--as-of", "2026-06-30"][..], &["test"], &["explain", "devices/unencrypted"], &["due"]]
    {
        let (_, out, err) = run(folder.path(), arguments);
        assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "{out}");
        assert!(!out.contains("##[") && !out.lines().any(|line| line.trim_start().starts_with("::")), "{out}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let mut files = company();
    let text = files.remove("policies/laptops.yaml").unwrap();
    let folder = repository(&files);
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("laptops.yaml"), text).unwrap();
    std::os::unix::fs::symlink(outside.path().join("laptops.yaml"), folder.path().join("policies/laptops.yaml"))
        .unwrap();
    let (status, results) = check(folder.path());
    assert_eq!(status, 3);
    assert!(found(&results).iter().any(|(rule, _)| rule == "documents/unreadable-file"), "{:#?}", found(&results));
    assert!(found(&results).iter().any(|(rule, _)| rule == "evidence/test-unusable"), "{:#?}", found(&results));
}
