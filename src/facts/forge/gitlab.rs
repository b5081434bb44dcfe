//! GitLab: merge requests of the REST API, and their approvals, inside them or apart.

use super::gathered::Gathered;
use super::node::{Look, Node};
use super::{Request, Review, Said};

pub(super) fn take(node: Node<'_>, look: &Look<'_>, gathered: &mut Gathered) {
    let is_request =
        ["source_branch", "target_branch", "merge_commit_sha", "sha"].into_iter().any(|key| node.at(key).is_told());
    if !is_request && node.at("approved_by").is_told() {
        apart(node, gathered);
        return;
    }
    if !gathered.is_merged(node, "state", "merged") {
        return;
    }
    let (Some(number), Some(project)) = (node.at("iid").integer(), project(node)) else {
        node.wrong("named: a merge request has iid, and web_url or references.full");
        return;
    };
    let mut request = Request::numbered(node, look, (project, '!', number), ("web_url", "title"));
    request.apart = format!("{}!{number}", node.at("project_id").text().unwrap_or_default());
    request.author = node.at("author.username").owned();
    request.created_at = node.at("created_at").instant();
    request.branch = node.at("target_branch").owned();
    request.head_branch = node.at("source_branch").owned();
    request.merged_at = node.at("merged_at").instant();
    let merger = if node.at("merge_user").is_there() { node.at("merge_user") } else { node.at("merged_by") };
    request.merged_by = merger.at("username").owned();
    request.squash_sha = node.at("squash_commit_sha").object();
    // Where it was fast-forwarded there is no merge: what was squashed is on the branch itself, or the last commit is.
    request.merge_sha = node.at("merge_commit_sha").object().or_else(|| request.squash_sha.clone());
    request.head_sha = node.at("sha").object();
    request.labels = node.at("labels").items().filter_map(Node::owned).collect();
    let inside = [node.at("approved_by"), node.at("approvals.approved_by")].into_iter().find(|list| list.is_told());
    request.reviews = inside.map(|list| approvals(list, &format!("#{number}"), gathered));
    gathered.requests.push(request);
}

/// The answer to `/merge_requests/:iid/approvals`, which names the request by its numbers.
fn apart(node: Node<'_>, gathered: &mut Gathered) {
    let Some(number) = node.at("iid").integer() else {
        node.wrong("named: approvals have the iid of their merge request");
        return;
    };
    let approvals = approvals(node.at("approved_by"), &format!("#{number}"), gathered);
    let by_project = node.at("project_id").text().unwrap_or_default();
    gathered.apart.entry(format!("{by_project}!{number}")).or_default().reviews.extend(approvals);
}

fn approvals(list: Node<'_>, called: &str, gathered: &mut Gathered) -> Vec<Review> {
    let read = list.items().map(|approval| {
        let by = approval.at("user.username").owned().unwrap_or_default();
        if by.is_empty() {
            gathered.note(called, "an approval by an account that is gone");
        }
        Review { by, at: approval.at("approved_at").instant(), sha: None, is_lost: false, said: Said::Approved }
    });
    read.collect()
}

/// `acme/shop` of `references.full`, which is `acme/shop!12`, or of the address.
fn project(node: Node<'_>) -> Option<String> {
    let of_reference =
        node.at("references.full").text().and_then(|full| full.split_once('!')).map(|(project, _)| project);
    let of_address = || {
        let (_, path) = node.at("web_url").text()?.split_once("://")?.1.split_once('/')?;
        path.split_once("/-/").or_else(|| path.split_once("/merge_requests/")).map(|(project, _)| project)
    };
    of_reference.or_else(of_address).map(str::to_owned)
}
