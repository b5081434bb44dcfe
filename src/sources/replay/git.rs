//! Git's own merge, where Git is installed: the one that forges use, which follows renames otherwise than libgit2.
//!
//! Git runs in a folder made for it, whose object store borrows that of the repository. So nothing is written into the
//! repository, and none of its configuration, hooks, attributes or replacements are read: nothing in it can run.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Made, Side};
use crate::sources::oid::Oid;
use crate::sources::repo::Repo;

/// A merge that takes longer is given up.
const LONGEST: Duration = Duration::from_secs(60);
/// Whether Git uses the history that it wrote down: only where none of the repository's own can be taken for it.
const GRAPH: &str = if cfg!(unix) { "core.commitGraph=true" } else { "core.commitGraph=false" };
/// More is not read of what Git prints.
const MOST_OUTPUT: u64 = 16 << 20;

/// Git, ready to merge.
#[derive(Debug)]
pub struct Git {
    program: PathBuf,
    folder: TempDir,
    /// Whether Git has written down the history, which it then need not read again for each merge.
    history: OnceLock<()>,
}

impl Git {
    /// Makes a folder in which Git can merge what a repository holds; `None` if there is no Git on the `PATH`, or no place
    /// for the folder.
    #[must_use]
    pub fn find(repo: &Repo) -> Option<Self> {
        let program = program()?;
        let folder = tempfile::Builder::new().prefix("tickmark-").tempdir().ok()?;
        let path = folder.path();
        for part in ["objects/info", "refs/heads"] {
            std::fs::create_dir_all(path.join(part)).ok()?;
        }
        std::fs::write(path.join("HEAD"), "ref: refs/heads/none\n").ok()?;
        std::fs::write(path.join("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n").ok()?;
        let mut borrowed = String::new();
        for (at, objects) in repo.object_folders().into_iter().enumerate() {
            let objects = borrow(&objects.canonicalize().ok()?, &path.join(format!("borrowed-{at}")))?;
            borrowed += objects.to_str().filter(|path| !path.contains(['\n', '"']))?;
            borrowed.push('\n');
        }
        std::fs::write(path.join("objects/info/alternates"), borrowed).ok()?;
        Some(Self { program, folder, history: OnceLock::new() })
    }

    /// The folder, as a repository: it holds what Git made, beside all that the repository holds.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Merges `theirs` into `ours`, both commits. Without `base` Git looks for what they have in common, in the history of
    /// `newest`. `None` if Git cannot do it.
    #[must_use]
    pub fn merge(&self, base: Option<Oid>, (ours, theirs): (Oid, Oid), newest: Oid) -> Option<Made> {
        let mut command = Command::new(&self.program);
        command.args(["-c", GRAPH, "-c", "merge.renames=true", "merge-tree", "--write-tree"]);
        command.args(["-z", "--no-messages", "--allow-unrelated-histories"]);
        match base {
            Some(base) => {
                command.arg(format!("--merge-base={base}"));
            }
            None => {
                self.history.get_or_init(|| self.write_history(newest));
            }
        }
        command.args([ours.to_string(), theirs.to_string()]);
        self.run(command, "").and_then(|printed| parse(&printed))
    }

    /// Lets Git write down the history of a commit. Without it merges take longer, and are the same.
    fn write_history(&self, newest: Oid) {
        if cfg!(unix) {
            let mut command = Command::new(&self.program);
            command.args(["commit-graph", "write", "--stdin-commits", "--no-progress"]);
            self.run(command, &format!("{newest}\n"));
        }
    }

    /// Runs Git, and gives it a short text to read.
    fn run(&self, mut command: Command, input: &str) -> Option<Vec<u8>> {
        command.env_clear();
        command.envs(["PATH", "SystemRoot"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("GIT_DIR", self.folder.path()).env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_NO_LAZY_FETCH", "1");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_ATTR_NOSYSTEM", "1");
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
        command.current_dir(self.folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        // Git may have ended already, and says so itself.
        let _ = child.stdin.take()?.write_all(input.as_bytes());
        let output = child.stdout.take()?;
        let reading = std::thread::spawn(move || {
            let mut printed = Vec::new();
            output.take(MOST_OUTPUT).read_to_end(&mut printed).map(|_| printed)
        });
        let start = Instant::now();
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if start.elapsed() < LONGEST => std::thread::sleep(Duration::from_millis(1)),
                _ => break None,
            }
        };
        if status.is_none() {
            // It may have ended in the meantime.
            let _ = child.kill();
            let _ = child.wait();
        }
        let printed = reading.join().ok()?.ok()?;
        // 1 says that there are conflicts; everything above, that Git could not do it.
        status.and_then(|status| status.code()).filter(|code| matches!(code, 0 | 1)).map(|_| printed)
    }
}

/// An object folder as Git is given it: without what is only written down about its objects, which may have been forged.
#[cfg(unix)]
fn borrow(objects: &Path, at: &Path) -> Option<PathBuf> {
    std::fs::create_dir(at).ok()?;
    for entry in std::fs::read_dir(objects).ok()?.flatten() {
        let name = entry.file_name();
        let wanted = name.to_str().is_some_and(|name| name == "pack" || name.len() == 2);
        if wanted {
            std::os::unix::fs::symlink(entry.path(), at.join(&name)).ok()?;
        }
    }
    Some(at.to_path_buf())
}

/// An object folder as Git is given it.
#[cfg(not(unix))]
fn borrow(objects: &Path, _: &Path) -> Option<PathBuf> {
    Some(objects.to_path_buf())
}

/// Where Git is. A relative entry of the `PATH` would find what lies in the folder that is looked at.
fn program() -> Option<PathBuf> {
    let name = if cfg!(windows) { "git.exe" } else { "git" };
    let path: OsString = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Reads what `merge-tree -z` prints: the tree, and a line for each side of each file that conflicts.
fn parse(printed: &[u8]) -> Option<Made> {
    let mut parts = printed.split(|&byte| byte == 0);
    let tree = Oid::parse(parts.next()?)?;
    let mut conflicts: Vec<(String, [Option<Side>; 3])> = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let text = String::from_utf8_lossy(part);
        let (about, path) = text.split_once('\t')?;
        let mut words = about.split(' ');
        let mode = u32::from_str_radix(words.next()?, 8).ok()?;
        let id = Oid::parse(words.next()?.as_bytes())?;
        let stage = words.next()?.parse::<usize>().ok()?.checked_sub(1)?;
        if conflicts.last().is_none_or(|(known, _)| known != path) {
            conflicts.push((path.to_owned(), [None; 3]));
        }
        *conflicts.last_mut()?.1.get_mut(stage)? = Some(Side { mode, id });
    }
    Some(Made { tree, conflicts })
}
