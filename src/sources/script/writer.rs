//! Makes the repository of a script.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use git2::{ConfigLevel, Oid as GitOid, Repository, RepositoryInitOptions, Signature, Time};

use super::files::{self, Files};
use super::signing;
use super::step::{Lookup, git, wrong};
use super::{Branch, Commit, Content, Instant, Merge, Reference, Script, Step, Tag};
use crate::error::{Error, Kind, Result};
use crate::sources::oid::Oid;

/// The branch that is checked out.
const MAIN: &str = "refs/heads/main";
const REFLOGS: &str = "core.logAllRefUpdates";

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The commits that steps named.
    pub names: BTreeMap<String, Oid>,
    /// The newest commit of main, if there is any.
    pub head: Option<Oid>,
}

/// Makes the repository of a script that holds all its files itself.
///
/// # Errors
/// As [`write_with`].
pub fn write(script: &Script, folder: &Path, bare: bool) -> Result<Written> {
    write_with(script, folder, bare, &|_| None)
}

/// Makes the repository of a script in a new or empty folder. Unless it is bare, the files of main are checked out.
///
/// # Errors
/// The folder holds something already, or cannot be written; or a step names what is not there, which the error says
/// with the number of the step.
pub fn write_with(script: &Script, folder: &Path, bare: bool, lookup: &Lookup<'_>) -> Result<Written> {
    let people = people(script)?;
    prepare(folder)?;
    let repo = create(folder, bare).map_err(|error| git(&error))?;
    let mut writer = Writer { repo, people, names: BTreeMap::new(), files: HashMap::new(), lookup };
    for (at, step) in script.steps.iter().enumerate() {
        writer.step(step).map_err(|mut error| {
            error.message = format!("step {} ({}): {}", at + 1, step.label(), error.message);
            error
        })?;
    }
    writer.finish(folder, bare)
}

fn people(script: &Script) -> Result<BTreeMap<&str, (&str, &str)>> {
    let mut people = BTreeMap::new();
    for (word, text) in &script.people {
        let Some(person) = person(text) else {
            let message = format!("people: `{word}` is `{text}`, which is not `Name <address>`");
            return Err(Error::new(Kind::Configuration, message));
        };
        people.insert(word.as_str(), person);
    }
    Ok(people)
}

fn person(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('<')?;
    let (email, behind) = rest.split_once('>')?;
    let (name, email) = (name.trim(), email.trim());
    (!name.is_empty() && !email.is_empty() && behind.trim().is_empty()).then_some((name, email))
}

/// Makes the folder, or makes sure that it is empty.
fn prepare(folder: &Path) -> Result<()> {
    let unusable = |error: std::io::Error| {
        Error::new(Kind::Source, format!("{} cannot be used: {error}", folder.display()))
            .hint("name a folder that does not exist yet, in one where you may write")
    };
    match std::fs::metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => std::fs::create_dir_all(folder).map_err(unusable),
        Err(error) => Err(unusable(error)),
        Ok(found) if found.is_dir() && std::fs::read_dir(folder).map_err(unusable)?.next().is_none() => Ok(()),
        Ok(_) => Err(Error::new(Kind::Usage, format!("{} is there already and not an empty folder", folder.display()))
            .hint("name a folder that does not exist yet")),
    }
}

fn create(folder: &Path, bare: bool) -> std::result::Result<Repository, git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options.bare(bare).no_reinit(true).mkdir(false).mkpath(false).external_template(false).initial_head(MAIN);
    let repo = Repository::init_opts(folder, &options)?;
    let mut config = repo.config()?.open_level(ConfigLevel::Local)?;
    config.set_str("core.autocrlf", "false")?;
    // Reflogs would hold the time at which the demo or the test was run.
    config.set_str(REFLOGS, "false")?;
    Ok(repo)
}

pub(super) struct Writer<'a> {
    pub(super) repo: Repository,
    people: BTreeMap<&'a str, (&'a str, &'a str)>,
    names: BTreeMap<String, GitOid>,
    /// Files of every commit made so far.
    files: HashMap<GitOid, Files>,
    pub(super) lookup: &'a Lookup<'a>,
}

/// A commit that is about to be made.
struct Draft<'s> {
    branch: &'s str,
    parents: Vec<GitOid>,
    files: Files,
    by: &'s str,
    committer: Option<&'s str>,
    at: Instant,
    message: &'s str,
    signature: Option<&'s super::Signature>,
    name: Option<&'s str>,
}

impl Writer<'_> {
    fn step(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Commit(commit) => self.commit(commit),
            Step::Branch(branch) => self.branch(branch),
            Step::Merge(merge) => self.merge(merge),
            Step::Tag(tag) => self.tag(tag),
            Step::Note(note) => self.note(note),
            Step::Ref(reference) => self.reference(reference),
        }
    }

    fn commit(&mut self, commit: &Commit) -> Result<()> {
        let parent = self.target(&format!("refs/heads/{}", commit.on));
        let mut files = parent.map(|parent| self.files_of(parent)).unwrap_or_default();
        for path in &commit.remove {
            if files.remove(path).is_none() {
                return Err(wrong(format!("there is no file `{path}` to remove")));
            }
        }
        self.put(&mut files, &commit.files)?;
        self.make(Draft {
            branch: &commit.on,
            parents: parent.into_iter().collect(),
            files,
            by: &commit.by,
            committer: commit.committer.as_deref(),
            at: commit.at,
            message: &commit.message,
            signature: commit.signature.as_ref(),
            name: commit.name.as_deref(),
        })
    }

    fn merge(&mut self, merge: &Merge) -> Result<()> {
        let into = self.target(&format!("refs/heads/{}", merge.into));
        let into = into.ok_or_else(|| wrong(format!("there is no branch `{}` to merge into", merge.into)))?;
        let mut parents = vec![into];
        let mut files = self.files_of(into);
        for word in &merge.from {
            let theirs = self.find(word)?;
            let base = self.repo.merge_base(into, theirs).map(|base| self.files_of(base)).unwrap_or_default();
            files::merge(&mut files, &self.files_of(theirs), &base);
            parents.push(theirs);
        }
        self.put(&mut files, &merge.files)?;
        self.make(Draft {
            branch: &merge.into,
            parents,
            files,
            by: &merge.by,
            committer: merge.committer.as_deref(),
            at: merge.at,
            message: &merge.message,
            signature: merge.signature.as_ref(),
            name: merge.name.as_deref(),
        })?;
        if merge.delete_branches {
            for word in &merge.from {
                let mut branch = self
                    .repo
                    .find_reference(&format!("refs/heads/{word}"))
                    .map_err(|_| wrong(format!("`{word}` is no branch that could be deleted")))?;
                branch.delete().map_err(|error| git(&error))?;
            }
        }
        Ok(())
    }

    fn branch(&self, branch: &Branch) -> Result<()> {
        let name = format!("refs/heads/{}", branch.name);
        if self.target(&name).is_some() {
            return Err(wrong(format!("there is a branch `{}` already", branch.name)).hint("move it by a `ref` step"));
        }
        self.point(&name, self.find(&branch.from)?)
    }

    fn reference(&self, reference: &Reference) -> Result<()> {
        let to = self.find(&reference.to)?;
        self.point(&reference.name, to)?;
        let (by, at) = match (&reference.by, reference.at) {
            (Some(by), Some(at)) => (by, at),
            (None, None) => return Ok(()),
            _ => return Err(wrong("a move that stands in a log needs `by` and `at`")),
        };
        let who = self.signature(by, at)?;
        let logged = self.repo.reflog(&reference.name).and_then(|mut log| {
            log.append(to, &who, Some("update by push"))?;
            log.write()
        });
        logged.map_err(|error| git(&error))
    }

    fn tag(&self, tag: &Tag) -> Result<()> {
        let target = self.repo.find_object(self.find(&tag.on)?, None).map_err(|error| git(&error))?;
        let made = match (&tag.message, &tag.by, tag.at) {
            (Some(message), Some(by), Some(at)) => {
                let tagger = self.signature(by, at)?;
                self.repo.tag(&tag.name, &target, &tagger, &ended(self.filled(message)?), false)
            }
            (None, None, None) => self.repo.tag_lightweight(&tag.name, &target, false),
            (Some(_), ..) => return Err(wrong("a tag with a message needs `by` and `at`")),
            (None, ..) => return Err(wrong("a tag without a message has neither `by` nor `at`")),
        };
        made.map(|_| ()).map_err(|error| git(&error))
    }

    fn make(&mut self, draft: Draft<'_>) -> Result<()> {
        if let Some(path) = files::file_and_folder(&draft.files) {
            return Err(wrong(format!("`{path}` stands in a folder that is also a file")));
        }
        let author = self.signature(draft.by, draft.at)?;
        let committer = self.signature(draft.committer.unwrap_or(draft.by), draft.at)?;
        let message = ended(self.filled(draft.message)?);
        let mut id = self.object(&draft, &author, &committer, &message).map_err(|error| git(&error))?;
        if let Some(signature) = draft.signature {
            id = signing::sign(&self.repo, id, signature, draft.at, self.lookup)?;
        }
        self.point(&format!("refs/heads/{}", draft.branch), id)?;
        self.files.insert(id, draft.files);
        match draft.name {
            Some(name) if self.names.insert(name.to_owned(), id).is_some() => {
                Err(wrong(format!("another step is named `{name}` already")))
            }
            _ => Ok(()),
        }
    }

    fn object(
        &self,
        draft: &Draft<'_>,
        author: &Signature<'_>,
        committer: &Signature<'_>,
        message: &str,
    ) -> std::result::Result<GitOid, git2::Error> {
        let tree = self.repo.find_tree(files::tree(&self.repo, &draft.files)?)?;
        let parents: Vec<git2::Commit<'_>> =
            draft.parents.iter().map(|parent| self.repo.find_commit(*parent)).collect::<std::result::Result<_, _>>()?;
        self.repo.commit(None, author, committer, message, &tree, &parents.iter().collect::<Vec<_>>())
    }

    /// Writes files into the object database.
    fn put(&self, files: &mut Files, contents: &BTreeMap<String, Content>) -> Result<()> {
        for (path, content) in contents {
            if let Some(fault) = files::path_fault(path) {
                return Err(wrong(fault));
            }
            let blob = match content {
                Content::Text(text) => self.repo.blob(self.filled(text)?.as_bytes()),
                Content::From(file) => {
                    let found = (self.lookup)(&file.from);
                    let missing = || wrong(format!("there is no file `{}` beside the script", file.from));
                    self.repo.blob(&found.ok_or_else(missing)?)
                }
            };
            files.insert(path.clone(), blob.map_err(|error| git(&error))?);
        }
        Ok(())
    }

    fn files_of(&self, commit: GitOid) -> Files {
        self.files.get(&commit).cloned().unwrap_or_default()
    }

    pub(super) fn point(&self, name: &str, at: GitOid) -> Result<()> {
        self.repo.reference(name, at, true, "").map(|_| ()).map_err(|error| git(&error))
    }

    /// The commit that a full reference leads to.
    pub(super) fn target(&self, name: &str) -> Option<GitOid> {
        let found = self.repo.find_reference(name).ok()?;
        found.peel_to_commit().ok().map(|commit| commit.id())
    }

    /// The commit that a word stands for: of a step, a branch, a tag, or a full reference.
    pub(super) fn find(&self, word: &str) -> Result<GitOid> {
        let places = [format!("refs/heads/{word}"), format!("refs/tags/{word}"), word.to_owned()];
        let named = self.names.get(word).copied();
        named.or_else(|| places.iter().find_map(|place| self.target(place))).ok_or_else(|| {
            let error = wrong(format!("no commit, branch or tag before this step is called `{word}`"));
            match nearest(word, self.names.keys().map(String::as_str)) {
                Some(near) => error.hint(format!("`{near}` is")),
                None => error,
            }
        })
    }

    pub(super) fn signature(&self, word: &str, at: Instant) -> Result<Signature<'static>> {
        let Some((name, email)) = self.people.get(word) else {
            let error = wrong(format!("nobody under `people` is called `{word}`"));
            return Err(match nearest(word, self.people.keys().copied()) {
                Some(near) => error.hint(format!("`{near}` is")),
                None => error.hint(format!("add `{word}: Name <address>` under `people`")),
            });
        };
        Signature::new(name, email, &Time::new(at.seconds, at.offset)).map_err(|error| git(&error))
    }

    /// A text with the object names that it asks for: of the commit that a step named by `${name}`, of its tree by
    /// `${name.tree}`.
    pub(super) fn filled(&self, text: &str) -> Result<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((name, after)) = behind.split_once('}') else { break };
            let missing = || wrong(format!("no step before this one is named `{name}`, for which `${{{name}}}` asks"));
            out.push_str(before);
            out.push_str(&self.named(name).ok_or_else(missing)?.to_string());
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn named(&self, name: &str) -> Option<GitOid> {
        let tree = |commit: &GitOid| self.repo.find_commit(*commit).ok().map(|commit| commit.tree_id());
        let whole = self.names.get(name).copied();
        whole.or_else(|| tree(self.names.get(name.strip_suffix(".tree")?)?))
    }

    /// Checks main out, and hands over what was made.
    fn finish(self, folder: &Path, bare: bool) -> Result<Written> {
        let head = self.target(MAIN);
        if let (Some(head), false) = (head, bare) {
            self.check_out(head, folder)?;
        }
        let config = self.repo.config().and_then(|config| config.open_level(ConfigLevel::Local));
        config.and_then(|mut config| config.remove(REFLOGS)).map_err(|error| git(&error))?;
        let names = self.names.iter().filter_map(|(name, id)| Some((name.clone(), own(*id)?))).collect();
        Ok(Written { names, head: head.and_then(own) })
    }

    /// Writes the files of a commit as they are, and an index that agrees with them.
    fn check_out(&self, head: GitOid, folder: &Path) -> Result<()> {
        for (path, id) in self.files_of(head) {
            let blob = self.repo.find_blob(id).map_err(|error| git(&error))?;
            let target = folder.join(&path);
            let written = target.parent().map_or(Ok(()), std::fs::create_dir_all);
            written.and_then(|()| std::fs::write(&target, blob.content())).map_err(|error| {
                Error::new(Kind::Source, format!("{} cannot be written: {error}", target.display()))
            })?;
        }
        let index = || {
            let mut index = self.repo.index()?;
            index.read_tree(&self.repo.find_commit(head)?.tree()?)?;
            index.write()
        };
        index().map_err(|error| git(&error))
    }
}

/// A text with a line break at its end, as Git ends messages.
pub(super) fn ended(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn own(id: GitOid) -> Option<Oid> {
    id.as_bytes().try_into().ok().map(Oid)
}

fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let near = words.map(|known| (strsim::damerau_levenshtein(word, known), known)).min()?;
    (near.0 <= 2 && near.0 < word.chars().count()).then_some(near.1)
}
