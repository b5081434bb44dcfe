//! Bitbucket Cloud: pull requests of the REST API, alone or in the list under `values`. The list leaves participants
//! out unless it is asked for them: `?state=MERGED&fields=+values.participants`.

use super::gathered::Gathered;
use super::node::{Look, Node};
use super::{Request, Review, Said};

pub(super) fn take(node: Node<'_>, look: &Look<'_>, gathered: &mut Gathered) {
    if !gathered.is_merged(node, "state", "MERGED") {
        return;
    }
    let names = (node.at("id").integer(), node.at("destination.repository.full_name").owned());
    let (Some(number), Some(project)) = names else {
        node.wrong("named: a pull request has an id and a destination with its repository");
        return;
    };
    let mut request = Request::numbered(node, look, (project, '#', number), ("links.html.href", "title"));
    request.author = account(node.at("author"));
    request.created_at = node.at("created_on").instant();
    request.branch = node.at("destination.branch.name").owned();
    request.head_branch = node.at("source.branch.name").owned();
    request.merged_at = node.at("merge_commit.date").instant();
    request.merged_by = account(node.at("closed_by"));
    request.merge_sha = node.at("merge_commit.hash").object();
    request.head_sha = node.at("source.commit.hash").object();
    if node.at("participants").is_told() {
        let called = request.called();
        let read = node.at("participants").items().filter_map(|one| participant(one, &called, gathered));
        request.reviews = Some(read.collect());
    }
    gathered.requests.push(request);
}

/// What a participant decided. `participated_on` is when they last did anything, which may be a comment after the merge:
/// it does not say when they approved.
fn participant(one: Node<'_>, called: &str, gathered: &mut Gathered) -> Option<Review> {
    let said = match (one.at("approved").flag(), one.at("state").text()) {
        (_, Some("changes_requested")) => Said::ChangesRequested,
        (true, _) => Said::Approved,
        (false, _) => return None,
    };
    let by = account(one.at("user")).unwrap_or_default();
    if by.is_empty() {
        gathered.note(called, format!("a review ({}) by an account that is gone", said.word()));
    }
    Some(Review { by, at: None, sha: None, is_lost: false, said })
}

/// What an account is called; its id where it has no name. Bitbucket tells no addresses.
fn account(user: Node<'_>) -> Option<String> {
    if !user.is_there() {
        return None;
    }
    ["nickname", "username", "account_id"].into_iter().find_map(|key| user.at(key).owned())
}
