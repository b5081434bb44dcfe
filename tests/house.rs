//! The walls of the house, held by reading `src` as text: imports only go down, no circles, who may touch Git, files
//! and the clock, how long a file and a function may grow, and that nothing is forgotten or half done.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

mod source;
mod the_walls;

use source::Source;

/// The rooms, from the ground up. A file may import from its own room and from those before it.
const ROOMS: &[&str] = &[
    "text", "error", "sources", "facts", "findings", "policies", "checks", "config", "reports", "engine", "lsp",
    "demo", "starter", "cli", "lib", "main",
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

/// Every way of writing the clock, also where only a part of the path was imported.
const CLOCKS: &[&str] = &[
    "std::time::SystemTime",
    "std::time::Instant",
    "time::SystemTime",
    "time::Instant",
    "SystemTime::now",
    "Instant::now",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "jiff::ZonedDateTime::now",
    "Timestamp::now",
    "Zoned::now",
    "ZonedDateTime::now",
];

const NEVER: &[Never] = &[
    Never {
        rooms: &["facts", "findings", "checks"],
        paths: &["std::process", "std::fs", "std::env", "std::net"],
        instead: "take what is needed as an argument; only sources, the engine and the command line reach the machine",
    },
    Never {
        rooms: &["facts", "findings", "policies", "checks", "reports"],
        paths: CLOCKS,
        instead: "take the as-of instant as an argument; only the command line asks the clock",
    },
    Never {
        rooms: &["findings", "checks", "reports"],
        paths: &[
            "crate::sources::repo::Repo",
            "repo::Repo",
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
