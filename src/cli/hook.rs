//! What Git and pre-commit tell their hooks, and what a run then looks at.

use std::path::PathBuf;

use clap::Subcommand;

use crate::engine::{Between, Scope};
use crate::error::{Error, Exit, Kind, Result};
use crate::text::shown;

/// The hooks.
#[derive(Clone, Debug, Subcommand)]
pub enum Hook {
    /// Check the documents that are about to be committed
    PreCommit,
    /// Check the message of a commit: the trailers that controls over changes ask for
    CommitMsg {
        /// The file that holds the message, as Git gives it
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Check what is about to be pushed; Git tells it on standard input
    PrePush {
        /// Name of the remote, as Git gives it
        #[arg(value_name = "REMOTE")]
        remote: Option<String>,
        /// Address of the remote, as Git gives it
        #[arg(value_name = "URL")]
        url: Option<String>,
    },
}

/// What pre-commit tells in the environment; nothing where Git itself calls the hook.
#[derive(Clone, Debug, Default)]
pub struct PreCommit {
    /// Whether pre-commit calls: `PRE_COMMIT`.
    pub calls: bool,
    /// The range: `PRE_COMMIT_FROM_REF` and `PRE_COMMIT_TO_REF`.
    pub range: Option<(String, String)>,
    /// `PRE_COMMIT_REMOTE_NAME`.
    pub remote: Option<String>,
    /// `PRE_COMMIT_REMOTE_BRANCH`.
    pub branch: Option<String>,
}

impl PreCommit {
    /// Reads it from an environment.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let range = variable("PRE_COMMIT_FROM_REF").zip(variable("PRE_COMMIT_TO_REF"));
        let (remote, branch) = (variable("PRE_COMMIT_REMOTE_NAME"), variable("PRE_COMMIT_REMOTE_BRANCH"));
        Self { calls: variable("PRE_COMMIT").is_some(), range, remote, branch }
    }

    fn between(&self, (from, to): &(String, String)) -> Between {
        let branch = self.branch.as_deref().map(|name| name.trim_start_matches("refs/heads/").to_owned());
        Between { from: vec![from.clone()], to: to.clone(), branch, remote: self.remote.clone() }
    }
}

/// What a commit hook looks at: the index, or the range that pre-commit was asked for.
#[must_use]
pub fn committed(told: &PreCommit, index: Option<PathBuf>) -> Scope {
    told.range.as_ref().map_or(Scope::Staged(index), |range| Scope::Between(told.between(range)))
}

/// What is pushed.
#[derive(Debug, Default)]
pub struct Pushed {
    /// What each branch brings.
    pub scopes: Vec<Scope>,
    /// What is not looked at, one sentence each.
    pub notes: Vec<String>,
}

/// What is pushed, by what Git writes to the hook: `<local ref> <local object> <remote ref> <remote object>` on each line.
/// Under pre-commit, which takes these lines for itself and tells only of the first branch, the environment says it.
///
/// # Errors
/// A line is written otherwise.
pub fn pushed(input: &str, remote: Option<&str>, told: &PreCommit) -> Result<Pushed> {
    let mut pushed = Pushed::default();
    for line in input.lines().filter(|line| !line.trim().is_empty()) {
        let [_, local, name, before] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            return Err(Error::new(
                Kind::Usage,
                format!("{} is no line that Git writes to a pre-push hook", shown(line)),
            )
            .hint("let Git call it, in .git/hooks/pre-push: exec tickmark hook pre-push \"$@\""));
        };
        let Some(branch) = name.strip_prefix("refs/heads/") else {
            pushed.notes.push(format!("{} is no branch, and nothing lands by it", shown(name)));
            continue;
        };
        if is_none(local) {
            pushed.notes.push(format!("{} is deleted, and nothing lands by that", shown(name)));
            continue;
        }
        let from = if is_none(before) { Vec::new() } else { vec![before.to_owned()] };
        let (to, branch, remote) = (local.to_owned(), Some(branch.to_owned()), remote.map(str::to_owned));
        pushed.scopes.push(Scope::Between(Between { from, remote, to, branch }));
    }
    if pushed.scopes.is_empty() && pushed.notes.is_empty() && told.calls {
        let new = Between { to: "HEAD".to_owned(), ..told.between(&(String::new(), String::new())) };
        let between = told.range.as_ref().map_or(Between { from: Vec::new(), ..new }, |range| told.between(range));
        pushed.scopes.push(Scope::Between(between));
        pushed
            .notes
            .push("pre-commit tells of the first branch only: other branches of this push were not judged".to_owned());
    }
    if pushed.scopes.is_empty() && pushed.notes.is_empty() {
        pushed.notes.push("nothing is pushed".to_owned());
    }
    Ok(pushed)
}

/// The index that Git names to its hooks.
#[must_use]
pub fn index() -> Option<PathBuf> {
    std::env::var_os("GIT_INDEX_FILE").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The graver of two exit statuses: what could not run, then what could not be read, then what was found.
#[must_use]
pub fn graver(one: Exit, other: Exit) -> Exit {
    let weight = |exit: Exit| match exit {
        Exit::Clean => 0,
        Exit::Exceptions => 1,
        Exit::Incomplete => 2,
        Exit::CouldNotRun => 3,
    };
    if weight(one) < weight(other) { other } else { one }
}

/// Whether an object name stands for no object.
fn is_none(name: &str) -> bool {
    name.bytes().all(|byte| byte == b'0')
}
