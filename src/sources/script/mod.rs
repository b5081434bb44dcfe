//! History scripts: a YAML file that says which commits, merges, branches, tags and notes a repository has, and the
//! writer that makes them. Every machine makes the same objects of the same script: nothing is taken from the user's
//! configuration, the clock or the environment.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::yaml;
use crate::error::Fault;
use crate::text::SourceText;

mod files;
mod notes;
mod signing;
mod step;
mod writer;

use super::instant::Instant;
pub use step::Lookup;
pub use writer::{Written, write, write_with};

/// A history, step by step.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark history script")]
pub struct Script {
    /// Everybody whom the steps name, as `Name <address>`, by a short word of the script's own.
    #[serde(default)]
    pub people: BTreeMap<String, String>,
    /// What is made, in order.
    pub steps: Vec<Step>,
}

/// One step of a history.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Entry")]
pub enum Step {
    /// A commit on a branch.
    Commit(Commit),
    /// A new branch.
    Branch(Branch),
    /// A merge.
    Merge(Merge),
    /// A tag.
    Tag(Tag),
    /// A note.
    Note(Note),
    /// A reference of any name, made or moved.
    Ref(Reference),
}

/// A step as it is written: a map with exactly one key.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
struct Entry {
    /// A commit on a branch; on a branch that does not exist it is the first commit of all.
    commit: Option<Commit>,
    /// A new branch.
    branch: Option<Branch>,
    /// A merge commit, also where a fast-forward would do.
    merge: Option<Merge>,
    /// A tag.
    tag: Option<Tag>,
    /// A note beside a commit.
    note: Option<Note>,
    /// A reference of any name, made or moved.
    #[serde(rename = "ref")]
    reference: Option<Reference>,
}

impl TryFrom<Entry> for Step {
    type Error = &'static str;

    fn try_from(entry: Entry) -> Result<Self, Self::Error> {
        let Entry { commit, branch, merge, tag, note, reference } = entry;
        let all = [
            commit.map(Self::Commit),
            branch.map(Self::Branch),
            merge.map(Self::Merge),
            tag.map(Self::Tag),
            note.map(Self::Note),
            reference.map(Self::Ref),
        ];
        let mut given = all.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(step), None) => Ok(step),
            _ => Err("a step has exactly one key"),
        }
    }
}

/// A commit on a branch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// The branch; a new one starts with this commit.
    pub on: String,
    /// Who wrote it.
    pub by: String,
    /// Who made it; its author if left out.
    #[serde(default)]
    pub committer: Option<String>,
    /// When it was written and made.
    pub at: Instant,
    /// Its message. `${name}` stands for the object name of the commit that a step named so.
    pub message: String,
    /// Files that it writes, by path.
    #[serde(default)]
    pub files: BTreeMap<String, Content>,
    /// Files that it removes.
    #[serde(default)]
    pub remove: Vec<String>,
    /// A signature on it.
    #[serde(default)]
    pub signature: Option<Signature>,
    /// A word by which later steps refer to it.
    #[serde(default)]
    pub name: Option<String>,
}

/// A signature on a commit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Signature {
    /// It is made with a key.
    By(SignedBy),
    /// It is the content of a file, whatever it is of.
    From(ContentFrom),
}

/// A key that makes a signature.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedBy {
    /// Path of a private key without a passphrase beside the script: of OpenSSH, or an armored one of OpenPGP. Only Ed25519
    /// makes the same signature each time.
    pub key: String,
}

/// What a file holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Content {
    /// This text. `${name}` stands for the object name of the commit that a step before it named so.
    Text(String),
    /// The content of another file.
    From(ContentFrom),
}

/// Where the content of a file is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentFrom {
    /// Path of the file beside the script.
    pub from: String,
}

/// A new branch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Its name, without `refs/heads/`.
    pub name: String,
    /// Where it starts: a named commit, a branch or a tag.
    pub from: String,
}

/// A merge. Its files are those of the branch, with whatever the merged branches changed since they left it; where
/// several changed the same file, the last one wins.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The branch that is merged into.
    pub into: String,
    /// What is merged: named commits, branches or tags, one for each further parent.
    #[schemars(length(min = 1))]
    pub from: Vec<String>,
    /// Its author: whoever pressed the button.
    pub by: String,
    /// Who made it; its author if left out.
    #[serde(default)]
    pub committer: Option<String>,
    /// When it was made.
    pub at: Instant,
    /// Its message. `${name}` stands for the object name of the commit that a step named so.
    pub message: String,
    /// Files that the merge itself writes, whatever its parents hold.
    #[serde(default)]
    pub files: BTreeMap<String, Content>,
    /// A signature on it.
    #[serde(default)]
    pub signature: Option<Signature>,
    /// Whether the merged branches are deleted afterwards, as forges do.
    #[serde(default)]
    pub delete_branches: bool,
    /// A word by which later steps refer to it.
    #[serde(default)]
    pub name: Option<String>,
}

/// A tag. With a message it is an object of its own, and needs `by` and `at`; without, it is only a name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its name, without `refs/tags/`.
    pub name: String,
    /// What it names: a named commit, a branch or a tag.
    pub on: String,
    /// Who made it.
    #[serde(default)]
    pub by: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub at: Option<Instant>,
    /// Its message.
    #[serde(default)]
    pub message: Option<String>,
}

/// A note beside a commit. A second one on the same commit replaces the first, unless it says `append`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The reference that holds the notes, such as `refs/notes/review`.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The commit that it is about: a named commit, a branch or a tag.
    pub on: String,
    /// Who wrote it.
    pub by: String,
    /// Who made it; its author if left out.
    #[serde(default)]
    pub committer: Option<String>,
    /// When it was written.
    pub at: Instant,
    /// What it says. `${name}` stands for the object name of the commit that a step named so, `${name.tree}` for that of
    /// its tree.
    pub text: String,
    /// Whether its lines are added to those that stand there.
    #[serde(default)]
    pub append: bool,
    /// A key that signs each line, as `tickmark approve --sign` does.
    #[serde(default)]
    pub line_signature: Option<SignedBy>,
    /// A signature on the commit that holds it.
    #[serde(default)]
    pub signature: Option<Signature>,
}

/// A reference of any name, made or moved.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Its full name, such as `refs/remotes/origin/main`.
    pub name: String,
    /// What it points at: a named commit, a branch or a tag.
    pub to: String,
    /// Who fetched or pushed it there. With `at`, the move stands in the log of the reference.
    #[serde(default)]
    pub by: Option<String>,
    /// When.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl Step {
    /// The step in a few words, as errors name it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Commit(commit) => format!("commit on {}", commit.on),
            Self::Branch(branch) => format!("branch {}", branch.name),
            Self::Merge(merge) => format!("merge into {}", merge.into),
            Self::Tag(tag) => format!("tag {}", tag.name),
            Self::Note(note) => format!("note on {}", note.on),
            Self::Ref(reference) => format!("ref {}", reference.name),
        }
    }
}

/// Reads a script.
///
/// # Errors
/// Every place where the text is no script, with the rules of [`yaml::parse`] and [`yaml::read`]; and
/// `documents/invalid-yaml` where it holds more than one document.
pub fn parse(source: &Arc<SourceText>) -> Result<Script, Vec<Fault>> {
    let documents = yaml::parse(source)?;
    match documents.as_slice() {
        [document] => yaml::read(document),
        [_, second, ..] => Err(vec![Fault {
            rule: "documents/invalid-yaml",
            message: "a history script is one document, and this file holds several".to_owned(),
            label: "a second document".to_owned(),
            help: Some("put it into a file of its own".to_owned()),
            source: Arc::clone(source),
            span: second.entry_span("").unwrap_or_default(),
            other: None,
        }]),
        [] => Err(Vec::new()),
    }
}
