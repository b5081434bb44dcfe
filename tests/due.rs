//! What is due, by owner: named in every way in which a person can be, in every format, and never an empty list for
//! somebody whom nobody knows.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn demo() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    tickmark::demo::write(folder.path()).unwrap();
    folder
}

/// Status, output and errors of `tickmark due` before the demo's period has ended.
fn due(folder: &Path, more: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    command.current_dir(folder).args(["due", "--as-of", "2026-06-25"]).args(more).env("COLUMNS", "80");
    let output = command.stdin(Stdio::null()).env_remove("GIT_DIR").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Lines without the blanks that fill their columns, which are as wide as the longest owner.
fn lines(table: &str) -> Vec<String> {
    table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Those lines of everything that is due that name one of these owners.
fn of(folder: &Path, owners: &[&str]) -> Vec<String> {
    let named = |line: &String| owners.iter().any(|owner| line.split_once(' ').unwrap().1.starts_with(owner));
    lines(&due(folder, &[]).1).into_iter().filter(named).collect()
}

#[test]
fn an_owner_may_be_named_in_every_way_in_which_a_person_can() {
    let shop = demo();
    let lena = of(shop.path(), &["Lena Osei"]);
    assert!(lena.len() > 1, "{lena:?}");
    for name in ["P-03", "p-03", "lena@acme.example", "Lena Osei", "lena osei", "lena", " P-03 "] {
        let (status, table, err) = due(shop.path(), &["--owner", name]);
        assert_eq!((status, &lines(&table), err.as_str()), (0, &lena, ""), "{name}");
    }
}

#[test]
fn several_owners_share_one_list_in_the_same_order() {
    let shop = demo();
    let wanted = of(shop.path(), &["Lena Osei", "Dana Roe"]);
    let (status, both, _) = due(shop.path(), &["--owner", "dana@acme.example", "--owner", "P-03", "--owner", "lena"]);
    assert_eq!((status, lines(&both)), (0, wanted));
}

#[test]
fn json_and_the_calendar_are_filtered_as_the_table_is() {
    let shop = demo();
    let (_, table, _) = due(shop.path(), &["--owner", "P-03"]);
    let (status, json, _) = due(shop.path(), &["--owner", "P-03", "--format", "json"]);
    let document: Value = serde_json::from_str(&json).unwrap();
    let entries = document["due"].as_array().unwrap();
    assert_eq!((status, entries.len()), (0, table.lines().count()));
    assert!(entries.iter().all(|entry| entry["owner"] == "Lena Osei"), "{json}");
    let (status, calendar, _) = due(shop.path(), &["--owner", "P-03", "--ics"]);
    assert_eq!((status, calendar.matches("BEGIN:VEVENT").count()), (0, entries.len()));
}

#[test]
fn the_owner_of_a_control_may_be_in_no_register() {
    let shop = demo();
    // Ines has no manager, so her training is for the owner of its control, whom nobody in the register is called.
    let control = shop.path().join("controls/security-training.yaml");
    let text = fs::read_to_string(&control).unwrap().replace("ines@acme.example", "training@acme.example");
    fs::write(&control, text).unwrap();
    let (status, table, _) = due(shop.path(), &["--owner", "Training@acme.example"]);
    assert_eq!((status, table.lines().count()), (0, 1), "{table}");
    assert!(table.contains("Train Ines Falk again"), "{table}");
    // Whoever owns a control is known, also on a day on which nothing is due.
    let ran = due(shop.path(), &["--owner", "training@acme.example", "--within", "1d"]);
    assert_eq!(ran, (0, "nothing is due\n".to_owned(), String::new()));
}

#[test]
fn a_control_is_its_owners_by_whatever_name_it_calls_them() {
    let shop = demo();
    for name in ["P-01", "Ines Falk", "ines"] {
        let (status, table, _) = due(shop.path(), &["--owner", name]);
        assert!(status == 0 && table.contains("Train Ines Falk again"), "{name}: {table}");
    }
}

#[test]
fn somebody_whom_nobody_knows_is_an_error_and_no_empty_list() {
    let shop = demo();
    for format in [&[][..], &["--format", "json"], &["--ics"]] {
        let (status, out, err) =
            due(shop.path(), &[&["--owner", "P-03", "--owner", "nora@acme.test"], format].concat());
        assert_eq!((status, out.as_str()), (2, ""), "{format:?}");
        assert!(err.contains("`nora@acme.test`") && err.contains("help:"), "{err}");
    }
}

#[test]
fn a_name_that_two_people_have_asks_for_an_id() {
    let shop = demo();
    let people = shop.path().join("registers/people.yaml");
    let text = fs::read_to_string(&people).unwrap();
    fs::write(&people, text + "- id: P-99\n  name: Lena Osei\n  episodes: [{ start: 2026-01-01 }]\n").unwrap();
    let (status, out, err) = due(shop.path(), &["--owner", "Lena Osei"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("more than one person"), "{err}");
    let (status, one, _) = due(shop.path(), &["--owner", "P-03"]);
    assert!(status != 2 && one.contains("Review the access to Shop"), "{one}");
}
