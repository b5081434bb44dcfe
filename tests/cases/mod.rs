//! The cases of the rules: `tests/rules/<area>/<rule>/<case>/`, each a small repository and what is to be found in it.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jiff::Timestamp;
use serde::Deserialize;
use tempfile::TempDir;
use tickmark::engine::{self, Checked, Request};
use tickmark::error::Exit;
use tickmark::findings::population::Exclusion;
use tickmark::sources::oid::Oid;
use tickmark::sources::script::{self, Script, Written};
use tickmark::sources::yaml;
use tickmark::text::SourceText;

/// The wall clock of every case; none may depend on it.
const NOW: &str = "2031-07-01T12:00:00Z";

/// `case.yaml`.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// What the case shows, in one sentence.
    #[expect(dead_code, reason = "it is there for whoever reads the case, and has to be")]
    pub about: String,
    /// The day on which the question is asked.
    pub as_of: String,
    /// The period, where the repository does not say it.
    #[serde(default)]
    pub period: Option<String>,
    /// The rule that the case is about.
    pub rule: String,
    /// What the rule says.
    pub expect: Expect,
    /// The exit status, where it is not the one that follows from `expect`.
    #[serde(default)]
    pub exit: Option<Ending>,
    /// What is done to the repository after it was written.
    #[serde(default)]
    pub damage: Option<Damage>,
    /// A file of the repository that holds what is known.
    #[serde(default)]
    pub baseline: Option<String>,
    /// Notes that a silent case may have.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Number of changes that each control's test has, in the order of the controls.
    #[serde(default)]
    pub population: Option<Vec<usize>>,
    /// What the tests leave out.
    #[serde(default)]
    pub excluded: Vec<Exclusion>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    Caught,
    Silent,
    Untestable,
    Unevidenced,
}

#[derive(Clone, Copy, Debug, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    Clean,
    Exceptions,
    CouldNotRun,
    Incomplete,
}

#[derive(Clone, Copy, Debug, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// The clone says that it ends at the newest commit of main.
    Shallow,
    /// A graft takes the parents of the newest commit away.
    Graft,
    /// The oldest commit of main is gone.
    MissingCommit,
    /// The files of the oldest commit of main are gone.
    MissingTree,
}

impl Text {
    /// The exit status of the case.
    pub fn exit(&self) -> Exit {
        match (self.exit, self.expect) {
            (Some(Ending::Clean), _) | (None, Expect::Silent) => Exit::Clean,
            (Some(Ending::Exceptions), _) | (None, Expect::Caught | Expect::Unevidenced) => Exit::Exceptions,
            (Some(Ending::Incomplete), _) | (None, Expect::Untestable) => Exit::Incomplete,
            (Some(Ending::CouldNotRun), _) => Exit::CouldNotRun,
        }
    }
}

/// A case.
pub struct Case {
    /// Its folder.
    pub folder: PathBuf,
    /// `area/rule/case`.
    pub name: String,
    pub text: Text,
    pub script: Script,
}

/// Every case, in order of its path.
pub fn all() -> Vec<Case> {
    let root = root().join("tests/rules");
    let files = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().map(Result::unwrap);
    let wanted = std::env::var("TICKMARK_CASES").ok();
    let mut cases = Vec::new();
    for file in files.filter(|file| file.file_name() == "case.yaml") {
        let folder = file.path().parent().unwrap().to_path_buf();
        let parts = folder.strip_prefix(&root).unwrap().iter().map(|part| part.to_str().unwrap());
        let name = parts.collect::<Vec<_>>().join("/");
        if wanted.as_ref().is_some_and(|wanted| !name.contains(wanted)) {
            continue;
        }
        let text = read(&folder.join("case.yaml"));
        let source = source(&folder.join("history.yaml"));
        let script = script::parse(&source).unwrap_or_else(|faults| panic!("{name}: {faults:#?}"));
        cases.push(Case { folder, name, text, script });
    }
    assert!(!cases.is_empty());
    cases
}

/// Does the same with each case, several at a time, and keeps what comes of it in their order. The threads are none of
/// the program's own pool: one of those, while it waits for a part of its case, begins another case on the same stack.
pub fn each<T: Send>(cases: &[Case], work: impl Fn(&Case) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let some = || {
        let own = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at < cases.len()));
        own.map(|at| (at, work(&cases[at]))).collect::<Vec<_>>()
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut made: Vec<(usize, T)> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(some)).collect();
        running.into_iter().flat_map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

/// Folder of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn source(path: &Path) -> Arc<SourceText> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    SourceText::new(path.display().to_string(), text)
}

fn read(path: &Path) -> Text {
    let documents = yaml::parse(&source(path)).unwrap_or_else(|faults| panic!("{}: {faults:#?}", path.display()));
    assert_eq!(documents.len(), 1, "{}", path.display());
    yaml::read(&documents[0]).unwrap_or_else(|faults| panic!("{}: {faults:#?}", path.display()))
}

/// A repository that a case was written into.
pub struct World {
    pub folder: TempDir,
    pub written: Written,
}

impl Case {
    /// The repository of the case, sound.
    pub fn sound(&self) -> World {
        let folder = tempfile::tempdir().unwrap();
        // Keys that sign lie in one place for all cases.
        let shared = |path: &str| path.starts_with("signatures/").then(|| root().join("tests").join(path));
        let own = |path: &str| self.folder.join("files").join(path);
        let beside = |path: &str| std::fs::read(shared(path).unwrap_or_else(|| own(path))).ok();
        let written = script::write_with(&self.script, folder.path(), false, &beside);
        World { folder, written: written.unwrap_or_else(|error| panic!("{}: {error:?}", self.name)) }
    }

    /// The repository of the case, damaged as it says.
    pub fn world(&self) -> World {
        let world = self.sound();
        if let Some(damage) = self.text.damage {
            world.damage(damage);
        }
        world
    }

    /// Checks a repository as the case says.
    pub fn check(&self, world: &World) -> tickmark::error::Result<Checked> {
        let mut checked = check(world.folder.path(), Some(&self.text.as_of), self.text.period.as_deref())?;
        if let Some(name) = &self.text.baseline {
            let text = std::fs::read_to_string(world.folder.path().join(name)).unwrap();
            checked.know(&SourceText::new(name.as_str(), text))?;
        }
        Ok(checked)
    }
}

/// Checks a repository on a day, over a period.
pub fn check(folder: &Path, as_of: Option<&str>, period: Option<&str>) -> tickmark::error::Result<Checked> {
    engine::check(&request(folder, as_of, period))
}

/// The repository of a case, by its folder below `tests/rules`, with more behind its history.
pub fn written(case: &str, more: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = root().join("tests/rules").join(case).join("history.yaml");
    let text = std::fs::read_to_string(path).unwrap() + more;
    let script = script::parse(&SourceText::new("history.yaml", text)).unwrap();
    script::write(&script, folder.path(), false).unwrap();
    folder
}

/// What a run is asked for.
pub fn request(folder: &Path, as_of: Option<&str>, period: Option<&str>) -> Request<'static> {
    Request {
        scope: tickmark::engine::Scope::Whole,
        directory: folder.to_path_buf(),
        config: None,
        as_of: as_of.map(str::to_owned),
        period: period.map(str::to_owned),
        now: NOW.parse::<Timestamp>().unwrap(),
        progress: &|_| (),
    }
}

impl World {
    fn git(&self) -> PathBuf {
        self.folder.path().join(".git")
    }

    fn repository(&self) -> git2::Repository {
        git2::Repository::open(self.folder.path()).unwrap()
    }

    /// First-parent commits of main with their trees, newest first.
    pub fn main(&self) -> Vec<(Oid, Oid)> {
        let repository = self.repository();
        let mut next = self.written.head.map(|head| repository.find_commit(git(head)).unwrap());
        let mut found = Vec::new();
        while let Some(commit) = next {
            found.push((own(commit.id()), own(commit.tree_id())));
            next = commit.parent(0).ok();
        }
        found
    }

    pub fn damage(&self, damage: Damage) {
        let main = self.main();
        let ((newest, _), (oldest, tree)) = (main[0], *main.last().unwrap());
        match damage {
            Damage::Shallow => std::fs::write(self.git().join("shallow"), format!("{newest}\n")).unwrap(),
            Damage::Graft => {
                std::fs::create_dir_all(self.git().join("info")).unwrap();
                std::fs::write(self.git().join("info/grafts"), format!("{newest}\n")).unwrap();
            }
            Damage::MissingCommit => self.remove(oldest),
            Damage::MissingTree => self.remove(tree),
        }
    }

    /// Takes an object away.
    pub fn remove(&self, object: Oid) {
        std::fs::remove_file(self.loose(object)).unwrap();
    }

    /// The file of an object.
    pub fn loose(&self, object: Oid) -> PathBuf {
        let name = object.to_string();
        self.git().join("objects").join(&name[..2]).join(&name[2..])
    }

    /// Every object, in order of its name.
    pub fn objects(&self) -> Vec<Oid> {
        let mut found = Vec::new();
        self.repository()
            .odb()
            .unwrap()
            .foreach(|id| {
                found.push(own(*id));
                true
            })
            .unwrap();
        found.sort();
        found
    }
}

fn git(id: Oid) -> git2::Oid {
    git2::Oid::from_bytes(&id.0).unwrap()
}

fn own(id: git2::Oid) -> Oid {
    Oid::parse(id.to_string().as_bytes()).unwrap()
}
