//! The walls of the house, held by reading `src` as text: imports only go down, no circles, who may touch Git, files
//! and the clock, how long a file and a function may grow, and that nothing is forgotten or half done.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

#[path = "house/source.rs"]
mod source;

use source::Source;

/// The rooms, from the ground up. A file may import from its own room and from those before it.
const ROOMS: &[&str] = &[
    "text", "error", "sources", "facts", "findings", "policies", "checks", "config", "reports", "engine", "demo",
    "cli", "lib", "main",
];

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 60;

/// Names that say nothing about what is inside.
const NAMELESS: &[&str] = &["utils", "util", "common", "helpers", "helper", "misc"];

/// What is not finished, or was only for looking.
const UNFINISHED: &[&str] = &["todo!", "unimplemented!", "FIXME", "XXX", "dbg!"];

/// Something that only some files may name.
struct Only {
    /// Paths that start so.
    paths: &'static [&'static str],
    /// Files whose path starts so may name them.
    inside: &'static [&'static str],
    /// What is allowed everywhere, or in one place, and why.
    except: &'static [Except],
    /// What to do instead.
    instead: &'static str,
}

struct Except {
    inside: &'static str,
    path: &'static str,
    #[allow(dead_code)]
    why: &'static str,
}

const ONLY: &[Only] = &[
    Only { paths: &["git2"], inside: &["sources/"], except: &[], instead: "read Git through crate::sources" },
    Only {
        paths: &["walkdir", "glob"],
        inside: &["sources/"],
        except: &[
            Except { inside: "facts/", path: "glob::Pattern", why: "compares names, touches no file" },
            Except { inside: "checks/", path: "glob::Pattern", why: "compares names, touches no file" },
        ],
        instead: "find files through crate::sources",
    },
    Only {
        paths: &["serde_yaml", "granit_parser"],
        inside: &["sources/yaml"],
        except: &[Except {
            inside: "facts/approval/builtin.rs",
            path: "serde_yaml",
            why: "reads the dialects embedded in the program, which nobody outside can change",
        }],
        instead: "read YAML through crate::sources::yaml, which knows places and limits",
    },
];

/// What a room may not name at all.
struct Never {
    rooms: &'static [&'static str],
    paths: &'static [&'static str],
    instead: &'static str,
}

const NEVER: &[Never] = &[
    Never {
        rooms: &["facts", "findings", "checks"],
        paths: &["std::process", "std::fs", "std::env", "std::net"],
        instead: "take what is needed as an argument; only sources, the engine and the command line reach the machine",
    },
    Never {
        rooms: &["facts", "findings", "policies", "checks", "reports"],
        paths: &["std::time::SystemTime", "std::time::Instant", "Timestamp::now", "Zoned::now", "jiff::Timestamp::now"],
        instead: "take the as-of instant as an argument; only the command line asks the clock",
    },
    Never {
        rooms: &["findings", "checks", "reports"],
        paths: &[
            "crate::sources::repo::Repo",
            "crate::sources::history",
            "crate::sources::notes",
            "crate::facts::gather",
        ],
        instead: "take facts that were gathered before; only facts and the engine read Git",
    },
    Never {
        rooms: &["findings", "checks", "reports"],
        paths: &["std::io::stdout", "std::io::stderr", "std::io::stdin", "io::stdout", "io::stderr", "io::stdin"],
        instead: "write into what the caller hands over; only the command line has a terminal",
    },
];

/// The files of `src`, found by their path below it.
struct House {
    files: BTreeMap<String, Source>,
}

impl House {
    fn read() -> Self {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = Vec::new();
        let mut folders = vec![src.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("src is a folder") {
                let path = entry.expect("an entry of src").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "rs") {
                    let below = path.strip_prefix(&src).expect("it lies below src");
                    let below = below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
                    found.push((below, fs::read_to_string(&path).expect("a Rust file is text")));
                }
            }
        }
        assert!(found.len() > 10, "only {} files found in {}", found.len(), src.display());
        Self::of(found.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    }

    fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), Source::new(path, text)));
        Self { files: files.collect() }
    }

    /// Where a path leads: its full parts, and the file that the longest known part of it is.
    fn lead(&self, from: &Source, parts: &[String]) -> (Vec<String>, Option<String>) {
        let own = from.module();
        let mut full: Vec<String> = match parts[0].as_str() {
            "crate" => Vec::new(),
            "tickmark" if from.path == "main.rs" => Vec::new(),
            "self" => own,
            "super" => own[..own.len().saturating_sub(1)].to_vec(),
            first => {
                let child = [own.as_slice(), &[first.to_owned()]].concat();
                if self.module(&child).is_none() {
                    return (parts.to_vec(), None);
                }
                child
            }
        };
        for part in parts[1..].iter().filter(|part| *part != "self" && *part != "*") {
            if part == "super" {
                full.pop();
            } else {
                full.push(part.clone());
            }
        }
        let target = (0..=full.len()).rev().find_map(|end| self.module(&full[..end]));
        full.insert(0, "crate".to_owned());
        (full, target)
    }

    fn module(&self, module: &[String]) -> Option<String> {
        let path = if module.is_empty() { "lib".to_owned() } else { module.join("/") };
        [format!("{path}.rs"), format!("{path}/mod.rs")].into_iter().find(|path| self.files.contains_key(path))
    }

    /// Every file's imports of other files: from, line, to.
    fn imports(&self) -> Vec<(&Source, usize, String)> {
        let mut found = Vec::new();
        for file in self.files.values() {
            for path in file.paths().iter().filter(|path| !path.parts.is_empty()) {
                if let (_, Some(target)) = self.lead(file, &path.parts)
                    && target != file.path
                {
                    found.push((file, path.line, target));
                }
            }
        }
        found
    }

    fn upward(&self) -> Vec<String> {
        let floor = |room: &str| ROOMS.iter().position(|known| *known == room);
        let unknown = self.files.values().filter(|file| floor(file.room()).is_none());
        let mut faults: Vec<String> = unknown
            .map(|file| {
                format!(
                    "src/{}: no room is called {}; put it into one, or give it a floor in ROOMS",
                    file.path,
                    file.room()
                )
            })
            .collect();
        for (file, line, target) in self.imports() {
            let (own, other) = (floor(file.room()), floor(self.files[&target].room()));
            if own.is_some() && other > own {
                faults.push(format!(
                    "src/{}:{line}: imports src/{target}, which stands above it; move what is shared down to {} or below",
                    file.path,
                    file.room()
                ));
            }
        }
        faults
    }

    /// Circles between files. A file and the `mod.rs` above it may know each other.
    fn circles(&self) -> Vec<String> {
        let mut edges: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
        for (file, line, target) in self.imports() {
            let (own, other) = (file.module(), self.files[&target].module());
            if !own.starts_with(&other) && !other.starts_with(&own) {
                edges.entry(&file.path).or_default().entry(target).or_insert(line);
            }
        }
        let reach = |start: &str| {
            let (mut seen, mut stack) = (BTreeSet::new(), vec![start.to_owned()]);
            while let Some(at) = stack.pop() {
                for next in edges.get(at.as_str()).into_iter().flat_map(BTreeMap::keys) {
                    if seen.insert(next.clone()) {
                        stack.push(next.clone());
                    }
                }
            }
            seen
        };
        let reached: BTreeMap<&str, BTreeSet<String>> = edges.keys().map(|file| (*file, reach(file))).collect();
        let mut faults = Vec::new();
        for (file, targets) in &edges {
            for (target, line) in targets {
                if reached.get(target.as_str()).is_some_and(|back| back.contains(*file)) {
                    faults.push(format!("src/{file}:{line}: imports src/{target}, which leads back to it; move what both need into a file of its own"));
                }
            }
        }
        faults
    }

    /// Paths named where they may not be.
    fn reached_past_walls(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for file in self.files.values() {
            for path in file.paths().iter().filter(|path| !path.parts.is_empty()) {
                let full = self.lead(file, &path.parts).0;
                let mut fault = |instead: &str| {
                    faults.push(format!("src/{}:{}: names {}; {instead}", file.path, path.line, full.join("::")));
                };
                for only in ONLY {
                    let excepted = only
                        .except
                        .iter()
                        .any(|except| file.path.starts_with(except.inside) && starts(&full, except.path));
                    let inside = only.inside.iter().any(|inside| file.path.starts_with(inside));
                    if !inside && !excepted && only.paths.iter().any(|path| starts(&full, path)) {
                        fault(only.instead);
                    }
                }
                for never in NEVER.iter().filter(|never| never.rooms.contains(&file.room())) {
                    if never.paths.iter().any(|path| starts(&full, path)) {
                        fault(never.instead);
                    }
                }
            }
        }
        faults
    }

    fn too_long(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for file in self.files.values() {
            let lines = file.lines();
            if lines > LONGEST_FILE {
                faults.push(format!(
                    "src/{}:1: has {lines} lines, more than {LONGEST_FILE}; divide it by what its parts are about",
                    file.path
                ));
            }
            for function in file.functions().iter().filter(|function| function.lines > LONGEST_FUNCTION) {
                faults.push(format!(
                    "src/{}:{}: {} has {} lines, more than {LONGEST_FUNCTION}; give its steps names of their own",
                    file.path, function.line, function.name, function.lines
                ));
            }
        }
        faults
    }

    fn nameless(&self) -> Vec<String> {
        let says_nothing = |path: &&String| path.split(['/', '.']).any(|part| NAMELESS.contains(&part));
        let found = self.files.keys().filter(says_nothing);
        found.map(|path| format!("src/{path}:1: its name says nothing; name it after what is inside")).collect()
    }

    fn forgotten(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for file in self.files.values().filter(|file| !matches!(file.path.as_str(), "lib.rs" | "main.rs")) {
            let mut above = file.module();
            let own = above.pop().unwrap_or_default();
            let parent = self.module(&above);
            let declared = |parent: &String| self.files[parent].declared().contains(&own);
            if !parent.as_ref().is_some_and(declared) {
                let parent = parent.unwrap_or_else(|| format!("{}/mod.rs", above.join("/")));
                faults.push(format!(
                    "src/{}:1: is compiled by nobody; write `mod {own};` in src/{parent}, or delete it",
                    file.path
                ));
            }
        }
        faults
    }

    fn unfinished(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for file in self.files.values() {
            for (line, text) in file.text.lines().enumerate() {
                for word in UNFINISHED.iter().filter(|word| has_word(text, word)) {
                    faults.push(format!("src/{}:{}: says {word}; finish it, or take it out", file.path, line + 1));
                }
            }
        }
        faults
    }
}

/// Whether a path starts with another, compared part by part.
fn starts(full: &[String], path: &str) -> bool {
    let mut parts = full.iter();
    path.split("::").all(|part| parts.next().is_some_and(|own| own == part))
}

fn has_word(text: &str, word: &str) -> bool {
    let of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        let ends_open = text[at + word.len()..].starts_with(of_name) && word.ends_with(of_name);
        !text[..at].ends_with(of_name) && !ends_open
    })
}

fn hold(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn imports_only_go_down() {
    hold(&House::read().upward());
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    hold(&House::read().circles());
}

#[test]
fn git_files_yaml_and_the_clock_are_reached_only_from_their_rooms() {
    hold(&House::read().reached_past_walls());
}

#[test]
fn files_and_functions_are_short() {
    hold(&House::read().too_long());
}

#[test]
fn every_name_says_what_is_inside() {
    hold(&House::read().nameless());
}

#[test]
fn every_file_is_compiled() {
    hold(&House::read().forgotten());
}

#[test]
fn nothing_is_left_unfinished() {
    hold(&House::read().unfinished());
}

/// The walls themselves: each catches what it is for, at the right line, and lets through what looks like it.
mod the_walls {
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
}
