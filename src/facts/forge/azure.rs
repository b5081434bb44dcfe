//! Azure DevOps: pull requests of the REST API, alone or in the list under `value`.

use super::gathered::Gathered;
use super::node::{Look, Node};
use super::{Request, Review, Said};
use crate::text::shown;

pub(super) fn take(node: Node<'_>, look: &Look<'_>, gathered: &mut Gathered) {
    if !gathered.is_merged(node, "status", "completed") {
        return;
    }
    let repository = node.at("repository");
    let names = (node.at("pullRequestId").integer(), repository.at("name").text());
    let (Some(number), Some(name)) = names else {
        node.wrong("named: a pull request has a pullRequestId and a repository");
        return;
    };
    let project = match repository.at("project.name").text() {
        Some(project) => format!("{project}/{name}"),
        None => name.to_owned(),
    };
    let mut request = Request::numbered(node, look, (project, '!', number), ("url", "title"));
    request.author = node.at("createdBy.uniqueName").owned();
    request.created_at = node.at("creationDate").instant();
    let branch = |key: &str| node.at(key).text().map(|name| name.trim_start_matches("refs/heads/").to_owned());
    (request.branch, request.head_branch) = (branch("targetRefName"), branch("sourceRefName"));
    request.merged_at = node.at("closedDate").instant();
    request.merged_by = node.at("closedBy.uniqueName").owned();
    request.merge_sha = node.at("lastMergeCommit.commitId").object();
    request.head_sha = node.at("lastMergeSourceCommit.commitId").object();
    request.labels = node.at("labels").items().filter_map(|label| label.at("name").owned()).collect();
    if node.at("reviewers").is_told() {
        let called = request.called();
        request.reviews = Some(node.at("reviewers").items().filter_map(|one| vote(one, &called, gathered)).collect());
    }
    gathered.requests.push(request);
}

/// What a reviewer's vote decides. Azure keeps the last one, without its time and without what it was given for.
fn vote(reviewer: Node<'_>, called: &str, gathered: &mut Gathered) -> Option<Review> {
    let said = match reviewer.at("vote").integer()? {
        // Approved, and approved with suggestions.
        10 | 5 => Said::Approved,
        // Rejected, and waiting for the author.
        -10 | -5 => Said::ChangesRequested,
        0 => return None,
        other => {
            gathered.note(called, format!("a vote {other} is not known: it is not recorded"));
            return None;
        }
    };
    // A group has the vote of one of its members, who stands in the list as well.
    if reviewer.at("isContainer").flag() {
        let group = reviewer.at("displayName").text().unwrap_or_default();
        gathered.note(called, format!("the vote of the group {} does not say who: it is not recorded", shown(group)));
        return None;
    }
    let by = reviewer.at("uniqueName").owned().unwrap_or_default();
    if by.is_empty() {
        gathered.note(called, format!("a vote ({}) by an account without a name", said.word()));
    }
    Some(Review { by, at: None, sha: None, is_lost: false, said })
}
