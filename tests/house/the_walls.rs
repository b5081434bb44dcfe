//! The walls themselves: each catches what it is for, at the right line, and lets through what looks like it.

use super::House;

fn one(faults: Vec<String>, start: &str) {
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with(start), "{faults:?}");
}

#[test]
fn an_upward_import_is_caught_in_every_way_of_writing_it() {
    let ground = ("facts/mod.rs", "pub struct Person;");
    for code in [
        "use crate::facts::Person;",
        "use crate::{facts, text};",
        "fn f() -> crate::facts::Person { todo() }",
        "use super::facts::{Person as P};",
        "pub use crate::{error::{self}, facts::*};",
    ] {
        let house = House::of([("error.rs", code), ground, ("text.rs", ""), ("lib.rs", "")]);
        one(house.upward(), "src/error.rs:1: imports src/facts/mod.rs");
    }
}

#[test]
fn words_in_comments_texts_and_tests_are_no_imports() {
    let code = "// crate::facts::A\n/* crate::facts */ const T: &str = \"use crate::facts::A;\"; const R: &str = r#\"\"crate::facts\"#;\n\
                const Q: char = '\"'; fn f<'a>(a: &'a str) {}\n#[cfg(test)]\nmod tests { use crate::facts::A; }\n";
    let house = House::of([("error.rs", code), ("facts/mod.rs", ""), ("lib.rs", "")]);
    assert_eq!(house.upward(), Vec::<String>::new());
    one(House::of([("shed.rs", "")]).upward(), "src/shed.rs: no room is called shed");
}

#[test]
fn a_circle_is_caught_and_a_parent_may_know_its_children() {
    let parent = ("facts/mod.rs", "mod a;\nmod b;\nuse a::A;\npub struct F;");
    let a = ("facts/a.rs", "\nuse super::b::B;\nuse super::F;");
    let open = House::of([parent, a, ("facts/b.rs", "")]);
    assert_eq!(open.circles(), Vec::<String>::new());
    let closed = House::of([parent, a, ("facts/b.rs", "fn f() { super::a::g() }")]);
    assert_eq!(closed.circles().len(), 2, "{:?}", closed.circles());
    assert!(closed.circles()[0].starts_with("src/facts/a.rs:2: imports src/facts/b.rs"));
}

#[test]
fn reaching_past_a_wall_is_caught() {
    for (path, code, start) in [
        ("facts/x.rs", "use git2::Oid;", "src/facts/x.rs:1: names git2::Oid"),
        ("facts/x.rs", "use glob::{Pattern, glob};", "src/facts/x.rs:1: names glob::glob"),
        (
            "facts/x.rs",
            "use std::time::{self, Duration}; fn f() { time::Instant::now(); }",
            "src/facts/x.rs:1: names time::Instant",
        ),
        ("checks/x.rs", "\nuse std::{fmt, fs};", "src/checks/x.rs:2: names std::fs"),
        ("checks/x.rs", "fn f() { jiff::Timestamp::now(); }", "src/checks/x.rs:1: names jiff::Timestamp::now"),
        ("reports/x.rs", "fn f(r: &serde_yaml::Value) {}", "src/reports/x.rs:1: names serde_yaml::Value"),
        (
            "reports/x.rs",
            "use crate::sources::repo::{Gaps, Repo};",
            "src/reports/x.rs:1: names crate::sources::repo::Repo",
        ),
    ] {
        one(House::of([(path, code), ("sources/repo.rs", ""), ("lib.rs", "")]).reached_past_walls(), start);
    }
}

#[test]
fn length_names_and_leftovers_are_caught() {
    let body = "    x();\n".repeat(60);
    let long = format!("impl A {{\nfn short() {{ let a = [0; 2]; }}\nfn long(a: [u8; 2]) {{\n{body}}}\n}}\n");
    one(House::of([("text.rs", long.as_str())]).too_long(), "src/text.rs:3: long has 62 lines");
    let tests = format!("fn a() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n", "fn t() {}\n".repeat(500));
    assert_eq!(House::of([("text.rs", tests.as_str())]).too_long(), Vec::<String>::new());
    one(House::of([("facts/utils.rs", "")]).nameless(), "src/facts/utils.rs:1");
    one(House::of([("lib.rs", "mod text;"), ("text.rs", ""), ("error.rs", "")]).forgotten(), "src/error.rs:1");
    one(House::of([("text.rs", "\n// FIXME: later")]).unfinished(), "src/text.rs:2: says FIXME");
    assert_eq!(House::of([("text.rs", "// XXXL mytodo!")]).unfinished(), Vec::<String>::new());
}
