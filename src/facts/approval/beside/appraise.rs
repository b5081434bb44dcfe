//! The notes of git-appraise: a review on its first commit, as JSON, one object a line.

use serde::Deserialize;

use super::{Beside, Job, Missing, discounted, tip_of};
use crate::facts::approval::found::{Discount, GivenFor, Role};
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::sources::oid::Oid;
use crate::sources::repo::Unreadable;

/// Where git-appraise keeps the requests; the comments stand in the dialect's own reference.
const REQUESTS: &str = "refs/notes/devtools/reviews";

#[derive(Deserialize)]
struct Comment {
    #[serde(default)]
    timestamp: String,
    #[serde(default)]
    author: String,
    #[serde(default, alias = "Parent")]
    parent: String,
    resolved: Option<bool>,
    location: Option<Location>,
}

/// What a comment is about.
#[derive(Deserialize)]
struct Location {
    /// The last commit of the review when somebody accepted it.
    #[serde(default)]
    commit: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(default)]
    timestamp: String,
    #[serde(default)]
    review_ref: String,
    #[serde(default)]
    target_ref: String,
    /// The commit that the review's first commit became when it was rebased.
    #[serde(default)]
    alias: String,
}

pub(super) fn read(job: &Job<'_>, beside: &mut Beside) -> Result<(), Missing> {
    let requests = match tip_of(job.repo, REQUESTS) {
        Ok(Some((_, tree))) => job.notes(tree)?,
        Ok(None) => Vec::new(),
        Err(gap) => return Err((job.tree, Unreadable::Damaged(gap.what))),
    };
    let comments: rustc_hash::FxHashMap<Oid, String> = job.notes(job.tree)?.into_iter().collect();
    for (commit, text) in requests {
        // The notes of several clones are joined by sorting their lines, so the latest request is not the last line.
        let mut versions: Vec<Request> = objects(&text).collect();
        versions.sort_by(|a, b| a.timestamp.cmp(&b.timestamp));
        let Some(request) = versions.pop() else { continue };
        let landed =
            Oid::parse(request.alias.as_bytes()).filter(|id| job.history.find(*id).is_some()).unwrap_or(commit);
        let target = request.target_ref.trim_start_matches("refs/heads/");
        let id = request.review_ref.trim_start_matches("refs/heads/");
        beside.add(landed, job.found(Role::Request, None, Some(id), None));
        let Some(text) = comments.get(&commit) else { continue };
        let comments: Vec<Comment> = objects(text).collect();
        // A rejection takes back what was accepted before it, and nothing that is accepted after it.
        let rejected = comments.iter().filter(|comment| comment.parent.is_empty() && comment.resolved == Some(false));
        let rejected = rejected.map(|comment| comment.timestamp.as_str()).max();
        for comment in comments.iter().filter(|comment| comment.parent.is_empty() && comment.resolved == Some(true)) {
            let at = comment.timestamp.parse().ok().map(|seconds| Moment { seconds, offset: 0 });
            let mut found = job.found(Role::Approval, Some(person(&comment.author)), None, at);
            let seen = comment.location.as_ref().and_then(|seen| Oid::parse(seen.commit.as_bytes()));
            found.given_for = seen.map(GivenFor::Commit);
            let found = if rejected.is_some_and(|rejected| rejected >= comment.timestamp.as_str()) {
                discounted(found, Discount::Dismissed)
            } else if !target.is_empty() && target != job.branch {
                discounted(found, Discount::Elsewhere(format!("the branch {target}").into()))
            } else {
                found
            };
            beside.add(landed, found);
            let records = beside.records(job.dialect);
            records.add(landed, &commit.to_string());
            // That a commit is what the reviewed one became is said by the request, which its author writes.
            if landed != commit {
                records.add_unknown(landed);
            }
        }
    }
    Ok(())
}

/// git-appraise writes an address or a login, for the same person too.
fn person(author: &str) -> Person {
    if author.contains('@') { Person::new("", author) } else { Person::from_login(author) }
}

/// The JSON objects of a note; a line that is none says nothing.
fn objects<'t, T: serde::de::DeserializeOwned>(text: &'t str) -> impl Iterator<Item = T> + 't {
    text.lines().filter_map(|line| serde_json::from_str(line).ok())
}
