//! The event that a workflow runner was started by: which commits it is about. Only what the runner itself says is read, a
//! file of GitHub and variables of GitLab; Git is not asked here, and no name of a branch is taken for a commit.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::oid::Oid;
use crate::error::{Error, Kind, Result};
use crate::text::shown;

/// Bytes that the file of an event may have. GitHub sends no event of more than 25 megabytes.
pub const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// What a run was started by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A request to merge was opened or changed.
    Request,
    /// A queue tries what it is about to merge.
    Queue,
    /// A branch or a tag was pushed.
    Push,
    /// Something that is about no commits, such as a schedule or a button.
    Other,
}

/// An event, and the commits that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub happened: Happened,
    /// The commit before what is new; `None` if all of it is new, as in the first push of a branch, or if it is about none.
    /// After a forced push, the commit may be in the clone no longer.
    pub base: Option<Oid>,
    /// The newest commit; never the merge that GitHub and GitLab make to try a request. `None` if the event is about no
    /// commits, or if the branch was deleted.
    pub head: Option<Oid>,
    /// The history of a branch was replaced, so that what `base` names may be gone.
    pub forced: bool,
    /// The branch to which the commits have come, or are about to come by themselves; `None` for a request, which lands as
    /// something else.
    pub branch: Option<String>,
}

impl Event {
    const OTHER: Self = Self { happened: Happened::Other, base: None, head: None, forced: false, branch: None };

    /// Reads the event of this run, by the variables that the runner sets.
    ///
    /// # Errors
    /// No runner set any; the file cannot be read, is larger than [`MAX_BYTES`], or does not say which commits it is about.
    /// None of that is taken for an event without commits.
    pub fn read(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Self> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        if let Some(path) = set("GITHUB_EVENT_PATH") {
            let path = PathBuf::from(path);
            let text = read(&path)?;
            let name = set("GITHUB_EVENT_NAME").unwrap_or_default();
            return github(&name.to_string_lossy(), &text).map_err(|why| incomplete(&path.display().to_string(), &why));
        }
        if set("GITLAB_CI").is_some() {
            let text = |name: &str| set(name).map(|value| value.to_string_lossy().into_owned());
            return gitlab(&text).map_err(|why| incomplete("the pipeline of GitLab", &why));
        }
        Err(Error::new(Kind::Usage, "no event is known here: neither GITHUB_EVENT_PATH nor GITLAB_CI is set")
            .hint("name the commits yourself: tickmark check --from origin/main --to HEAD"))
    }
}

fn incomplete(whose: &str, why: &str) -> Error {
    Error::new(Kind::Unreadable, format!("the event in {} {why}", shown(whose)))
        .hint("name the commits yourself: tickmark check --from origin/main --to HEAD")
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut text));
    let path = path.display().to_string();
    opened.map_err(|error| incomplete(&path, &format!("cannot be read: {error}")))?;
    if text.len() as u64 > MAX_BYTES {
        return Err(incomplete(&path, &format!("has more than {MAX_BYTES} bytes")));
    }
    Ok(text)
}

/// Why an event is of no use, to be put behind its name.
type Told<T> = std::result::Result<T, String>;

/// What of GitHub's events is read; everything else in them is left alone.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct GitHub {
    pull_request: Option<Ends>,
    merge_group: Option<Queued>,
    before: Option<String>,
    after: Option<String>,
    #[serde(rename = "ref")]
    name: Option<String>,
    deleted: bool,
    forced: bool,
}

#[derive(Debug, Deserialize)]
struct Ends {
    base: End,
    head: End,
}

#[derive(Debug, Deserialize)]
struct End {
    sha: String,
}

#[derive(Debug, Deserialize)]
struct Queued {
    base_sha: String,
    head_sha: String,
    base_ref: Option<String>,
}

/// The event by its name, or by what it holds if the runner gives it another one, as a called workflow may.
fn github(name: &str, text: &[u8]) -> Told<Event> {
    let event: GitHub = serde_json::from_slice(text).map_err(|error| format!("cannot be understood: {error}"))?;
    let (request, queue) = (name.starts_with("pull_request"), name == "merge_group");
    let (happened, base, head) = match (&event.pull_request, &event.merge_group) {
        (Some(request), _) => (Happened::Request, &request.base.sha, &request.head.sha),
        (None, Some(queued)) => (Happened::Queue, &queued.base_sha, &queued.head_sha),
        (None, None) if request || queue => return Err(format!("is one of {}, and names none", shown(name))),
        (None, None) => match (&event.before, &event.after) {
            (Some(before), Some(after)) => (Happened::Push, before, after),
            _ if name == "push" => return Err("is a push, and does not say from where to where".to_owned()),
            _ => return Ok(Event::OTHER),
        },
    };
    let head = if event.deleted { None } else { commit(head)? };
    let (base, forced) = (commit(base)?, event.forced && happened == Happened::Push);
    if happened != Happened::Push && (base.is_none() || head.is_none()) {
        return Err("names no commit at one of its ends".to_owned());
    }
    let name = match (happened, &event.merge_group) {
        (Happened::Queue, Some(queued)) => queued.base_ref.as_deref(),
        (Happened::Push, _) => event.name.as_deref(),
        _ => None,
    };
    let branch = name.and_then(|name| name.strip_prefix("refs/heads/")).map(str::to_owned);
    // A tag brings nothing to a branch.
    if happened == Happened::Push && name.is_some() && branch.is_none() {
        return Ok(Event::OTHER);
    }
    Ok(Event { happened, base, head, forced, branch })
}

/// The pipeline of a merge request, of a push, or of something else. In a pipeline of merged results, what is checked out is
/// a merge that nobody made; the head of the source is named beside it.
fn gitlab(variable: &dyn Fn(&str) -> Option<String>) -> Told<Event> {
    let named = |name: &str| variable(name).map_or(Ok(None), |value| commit(&value));
    let source = variable("CI_PIPELINE_SOURCE").unwrap_or_default();
    let base = named("CI_MERGE_REQUEST_DIFF_BASE_SHA")?;
    if base.is_none() && source == "merge_request_event" {
        return Err("is a merge request, and CI_MERGE_REQUEST_DIFF_BASE_SHA names no commit".to_owned());
    }
    let checked_out = named("CI_COMMIT_SHA")?.ok_or_else(|| "has no CI_COMMIT_SHA".to_owned())?;
    if base.is_some() {
        let head = named("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")?.unwrap_or(checked_out);
        return Ok(Event { happened: Happened::Request, base, head: Some(head), forced: false, branch: None });
    }
    if source != "push" {
        return Ok(Event::OTHER);
    }
    if variable("CI_COMMIT_TAG").is_some() {
        return Ok(Event::OTHER);
    }
    let branch = variable("CI_COMMIT_BRANCH");
    let base = named("CI_COMMIT_BEFORE_SHA")?;
    // GitLab does not say whether a push was forced, so it may have been.
    Ok(Event { happened: Happened::Push, base, head: Some(checked_out), forced: true, branch })
}

/// A commit by its full name; `None` for the zeros that stand for no commit.
fn commit(name: &str) -> Told<Option<Oid>> {
    let id = Oid::parse(name.as_bytes()).ok_or_else(|| format!("names {}, which is no commit", shown(name)))?;
    Ok((id != Oid::ZERO).then_some(id))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111";
    const TWO: &str = "2222222222222222222222222222222222222222";
    const NONE: &str = "0000000000000000000000000000000000000000";

    fn id(name: &str) -> Option<Oid> {
        commit(name).unwrap()
    }

    fn event(happened: Happened, base: &str, head: &str) -> Event {
        Event { happened, base: id(base), head: id(head), forced: false, branch: None }
    }

    fn range(event: &Event) -> Option<(Oid, Oid)> {
        event.base.zip(event.head)
    }

    fn of(name: &str, text: &str) -> Told<Event> {
        github(name, text.as_bytes())
    }

    fn pipeline(set: &[(&str, &str)]) -> Result<Event> {
        Event::read(&|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn a_request_is_about_its_own_ends_whatever_is_checked_out() {
        let text = format!(
            r#"{{"after":"{NONE}","pull_request":{{"merge_commit_sha":"{NONE}",
            "base":{{"ref":"main","sha":"{ONE}"}},"head":{{"ref":"x","sha":"{TWO}"}}}}}}"#
        );
        for name in ["pull_request", "pull_request_target", "pull_request_review", "workflow_call"] {
            assert_eq!(of(name, &text), Ok(event(Happened::Request, ONE, TWO)), "{name}");
        }
        let text = format!(r#"{{"merge_group":{{"base_sha":"{ONE}","head_sha":"{TWO}"}}}}"#);
        assert_eq!(of("merge_group", &text), Ok(event(Happened::Queue, ONE, TWO)));
    }

    #[test]
    fn a_push_is_about_what_it_brought() {
        let push = |before: &str, after: &str, more: &str| {
            of("push", &format!(r#"{{"before":"{before}","after":"{after}"{more}}}"#)).unwrap()
        };
        assert_eq!(range(&push(ONE, TWO, "")), Some((id(ONE).unwrap(), id(TWO).unwrap())));
        assert_eq!(range(&push(NONE, TWO, r#","created":true"#)), None, "a new branch: all of the period");
        let deleted = push(ONE, NONE, r#","deleted":true"#);
        assert_eq!((deleted.head, range(&deleted)), (None, None));
        assert!(push(ONE, TWO, r#","forced":true"#).forced);
        assert_eq!(push(ONE, TWO, r#","ref":"refs/heads/release/1""#).branch.as_deref(), Some("release/1"));
        assert_eq!(push(ONE, TWO, r#","ref":"refs/tags/v1""#), Event::OTHER);
    }

    #[test]
    fn an_event_about_no_commits_is_none_and_one_that_lacks_them_is_an_error() {
        assert_eq!(of("schedule", r#"{"schedule":"0 6 * * 1"}"#), Ok(Event::OTHER));
        assert_eq!(of("workflow_dispatch", "{}"), Ok(Event::OTHER));
        for (name, text) in [
            ("push", "{}".to_owned()),
            ("push", format!(r#"{{"after":"{TWO}"}}"#)),
            ("pull_request", "{}".to_owned()),
            ("pull_request", format!(r#"{{"pull_request":{{"base":{{"sha":"{ONE}"}}}}}}"#)),
            ("pull_request", format!(r#"{{"pull_request":{{"base":{{"sha":"{NONE}"}},"head":{{"sha":"{TWO}"}}}}}}"#)),
            ("merge_group", "{}".to_owned()),
            ("push", format!(r#"{{"before":"main; rm -rf /","after":"{TWO}"}}"#)),
            ("push", format!(r#"{{"before":"{ONE}","before":"{TWO}","after":"{TWO}"}}"#)),
            ("push", "[".repeat(100_000)),
            ("push", "not JSON".to_owned()),
        ] {
            assert!(of(name, &text).is_err(), "{name} {}", &text[..text.len().min(60)]);
        }
    }

    #[test]
    fn gitlab_names_them_in_variables() {
        let ci = ("GITLAB_CI", "true");
        let request = ("CI_PIPELINE_SOURCE", "merge_request_event");
        let (base, here) = (("CI_MERGE_REQUEST_DIFF_BASE_SHA", ONE), ("CI_COMMIT_SHA", TWO));
        let zeros = ("CI_COMMIT_BEFORE_SHA", NONE);
        assert_eq!(pipeline(&[ci, request, base, here, zeros]).unwrap(), event(Happened::Request, ONE, TWO));
        let merged = [ci, request, base, ("CI_COMMIT_SHA", NONE), ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", TWO)];
        assert!(pipeline(&merged).is_err(), "zeros are checked out nowhere");
        let third = ("CI_COMMIT_SHA", "3333333333333333333333333333333333333333");
        let merged = [ci, request, base, third, ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", TWO)];
        assert_eq!(pipeline(&merged).unwrap(), event(Happened::Request, ONE, TWO));
        let empty = [ci, request, base, here, ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "")];
        assert_eq!(pipeline(&empty).unwrap(), event(Happened::Request, ONE, TWO), "empty is not set");
        assert!(pipeline(&[ci, request, here]).is_err(), "a request without its base is no pass");
        let push = [ci, ("CI_PIPELINE_SOURCE", "push"), here, ("CI_COMMIT_BEFORE_SHA", ONE)];
        assert_eq!(range(&pipeline(&push).unwrap()), Some((id(ONE).unwrap(), id(TWO).unwrap())));
        assert_eq!(range(&pipeline(&[ci, ("CI_PIPELINE_SOURCE", "push"), here, zeros]).unwrap()), None);
        let tag = [ci, ("CI_PIPELINE_SOURCE", "push"), here, ("CI_COMMIT_BEFORE_SHA", ONE), ("CI_COMMIT_TAG", "v1")];
        assert_eq!(pipeline(&tag).unwrap(), Event::OTHER);
        assert_eq!(pipeline(&[ci, ("CI_PIPELINE_SOURCE", "schedule"), here, zeros]).unwrap(), Event::OTHER);
    }

    #[test]
    fn what_no_runner_says_and_a_file_that_cannot_be_read_are_errors() {
        assert_eq!(pipeline(&[]).unwrap_err().kind, Kind::Usage);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("event.json");
        let named = path.to_str().unwrap();
        let read = || pipeline(&[("GITHUB_EVENT_PATH", named), ("GITHUB_EVENT_NAME", "push")]);
        assert_eq!(read().unwrap_err().kind, Kind::Unreadable);
        File::create(&path).unwrap().set_len(MAX_BYTES + 1).unwrap();
        assert!(read().unwrap_err().message.contains("more than"));
        std::fs::write(&path, format!(r#"{{"before":"{ONE}","after":"{TWO}"}}"#)).unwrap();
        assert_eq!(read().unwrap(), event(Happened::Push, ONE, TWO));
    }
}
