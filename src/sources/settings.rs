//! What Git is configured with: who works here, and with which key they sign.

use std::path::PathBuf;

use git2::{Config, Repository};

use super::repo::Repo;
use crate::error::{Error, Kind, Result};

/// Name and address under which commits are made here: `user.name` and `user.email`.
///
/// # Errors
/// One of them is not set.
pub fn user(repo: &Repo) -> Result<(String, String)> {
    let config = config(repo.git())?;
    let value = |key: &str, example: &str| {
        let value = config.get_string(key).unwrap_or_default().trim().to_owned();
        if value.is_empty() {
            return Err(Error::new(Kind::Configuration, format!("Git does not know who you are: {key} is not set"))
                .hint(format!("git config --global {key} '{example}'")));
        }
        Ok(value)
    };
    Ok((value("user.name", "Your Name")?, value("user.email", "you@acme.example")?))
}

/// The key that commits are signed with, `user.signingKey`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// It is in a file; of a public key the agent has the other half.
    File(PathBuf),
    /// It is this public key, and the agent has the other half.
    Agent(String),
}

/// The key that commits are signed with; `None` if none is set.
///
/// # Errors
/// The configuration cannot be read.
pub fn signing_key(repo: &Repo) -> Result<Option<Key>> {
    let config = config(repo.git())?;
    let Ok(value) = config.get_string("user.signingkey") else { return Ok(None) };
    let literal = value.strip_prefix("key::").or_else(|| value.starts_with("ssh-").then_some(value.as_str()));
    Ok(match literal {
        Some(key) => Some(Key::Agent(key.to_owned())),
        None => config.get_path("user.signingkey").ok().map(Key::File),
    })
}

fn config(git: &Repository) -> Result<Config> {
    let snapshot = git.config().and_then(|mut config| config.snapshot());
    snapshot.map_err(|error| {
        Error::new(Kind::Source, format!("the configuration of Git cannot be read: {}", error.message()))
            .hint("see what is wrong with it: git config --list --show-origin")
    })
}
