//! GitHub: what `gh pr list --json` prints, GraphQL's pull requests, and the REST API's pull requests and reviews.

use super::gathered::Gathered;
use super::node::{Look, Node};
use super::{Request, Review, Said};
use crate::text::shown;

/// Reviews and commits that GraphQL and gh give at most of one request.
const PAGE: usize = 100;

pub(super) fn take(node: Node<'_>, look: &Look<'_>, gathered: &mut Gathered) {
    if node.at("pageInfo.hasNextPage").is_there() && node.at("pageInfo.hasNextPage").flag() {
        gathered.note("", "the export holds only a part of the requests: GraphQL says that more follow");
    }
    if node.at("pull_request_url").is_told() {
        review_apart(node, gathered);
    } else if node.at("html_url").is_told() || node.at("merge_commit_sha").is_told() {
        rest(node, look, gathered);
    } else {
        graphql(node, look, gathered);
    }
}

/// A pull request of gh or GraphQL.
fn graphql(node: Node<'_>, look: &Look<'_>, gathered: &mut Gathered) {
    let merged = node.at("mergedAt").is_there()
        || node.at("mergeCommit").is_there()
        || node.at("state").text() == Some("MERGED");
    if !merged {
        let told = ["mergedAt", "mergeCommit", "state"].into_iter().any(|key| node.at(key).is_told());
        if told {
            gathered.not_merged += 1;
        } else {
            node.wrong("told to be merged or not: add mergedAt and mergeCommit to --json");
        }
        return;
    }
    let Some(mut request) = named(node, "url", look) else { return };
    request.number = node.at("number").integer();
    request.title = node.at("title").owned().unwrap_or_default();
    request.author = login(node.at("author"));
    request.created_at = node.at("createdAt").instant();
    request.branch = node.at("baseRefName").owned();
    request.head_branch = node.at("headRefName").owned();
    request.merged_at = node.at("mergedAt").instant();
    request.merged_by = login(node.at("mergedBy"));
    request.merge_sha = node.at("mergeCommit.oid").object();
    request.head_sha = node.at("headRefOid").object();
    request.labels = node.at("labels").items().filter_map(|label| label.at("name").owned()).collect();
    let commits = node.at("commits");
    for commit in commits.items() {
        let commit = if commit.at("commit").is_there() { commit.at("commit") } else { commit };
        let authors = commit.at("authors").items();
        request.authors.extend(authors.filter_map(|author| {
            let of_user = || login(author.at("user"));
            login(author).or_else(of_user).or_else(|| author.at("email").owned())
        }));
    }
    let reviews = if node.at("reviews").is_told() { node.at("reviews") } else { node.at("latestReviews") };
    for (list, name) in [(commits, "commits"), (reviews, "reviews")] {
        if list.is_told() && list.is_cut_off(PAGE) {
            request.cut_off.push(name);
        }
    }
    if reviews.is_told() {
        let commit = |review: Node<'_>| tie(review.at("commit").is_told(), review.at("commit.oid"));
        let read = reviews.items().filter_map(|review| {
            one(review, "author", "submittedAt", commit(review), &mut request.cut_off, (&request.number, gathered))
        });
        request.reviews = Some(read.collect());
    }
    gathered.requests.push(request);
}

/// A pull request of the REST API. Its reviews stand apart.
fn rest(node: Node<'_>, look: &Look<'_>, gathered: &mut Gathered) {
    // A pull request that is still open has the commit of a trial merge as its merge_commit_sha.
    if !node.at("merged_at").is_there() {
        gathered.not_merged += 1;
        return;
    }
    let Some(mut request) = named(node, "html_url", look) else { return };
    request.number = node.at("number").integer();
    request.title = node.at("title").owned().unwrap_or_default();
    request.author = login(node.at("user"));
    request.created_at = node.at("created_at").instant();
    request.branch = node.at("base.ref").owned();
    request.head_branch = node.at("head.ref").owned();
    request.merged_at = node.at("merged_at").instant();
    request.merged_by = login(node.at("merged_by"));
    request.merge_sha = node.at("merge_commit_sha").object();
    request.head_sha = node.at("head.sha").object();
    request.apart = format!("{}!{}", request.project, request.number.unwrap_or_default());
    request.labels = node.at("labels").items().filter_map(|label| label.at("name").owned()).collect();
    gathered.requests.push(request);
}

/// A review of the REST API, which names its pull request.
fn review_apart(node: Node<'_>, gathered: &mut Gathered) {
    let Some((project, number)) = node.at("pull_request_url").text().and_then(of_api) else {
        node.at("pull_request_url").wrong("the address of a pull request");
        return;
    };
    let tie = tie(node.at("commit_id").is_told(), node.at("commit_id"));
    let mut unknown = Vec::new();
    let read = one(node, "user", "submitted_at", tie, &mut unknown, (&Some(number), gathered));
    let apart = gathered.apart.entry(format!("{project}!{number}")).or_default();
    apart.count += 1;
    apart.is_unknown |= !unknown.is_empty();
    apart.reviews.extend(read);
}

/// The commit that a review saw: its name, and whether it is lost.
fn tie(is_told: bool, name: Node<'_>) -> (Option<String>, bool) {
    let name = name.object();
    let is_lost = is_told && name.is_none();
    (name, is_lost)
}

/// One review; nothing where it decides nothing.
fn one(
    review: Node<'_>,
    by: &'static str,
    at: &'static str,
    (sha, is_lost): (Option<String>, bool),
    cut_off: &mut Vec<&'static str>,
    (number, gathered): (&Option<i64>, &mut Gathered),
) -> Option<Review> {
    let called = || number.map_or_else(String::new, |number| format!("#{number}"));
    let said = match review.at("state").text()? {
        "APPROVED" => Said::Approved,
        "CHANGES_REQUESTED" => Said::ChangesRequested,
        "DISMISSED" => Said::Dismissed,
        "COMMENTED" | "PENDING" => return None,
        other => {
            gathered.note(&called(), format!("a review has the state {}, which is not known", shown(other)));
            cut_off.push("reviews");
            return None;
        }
    };
    let by = login(review.at(by)).unwrap_or_default();
    if by.is_empty() {
        gathered.note(&called(), format!("a review ({}) by an account that is gone", said.word()));
    }
    // Only of an approval it matters what it was given for.
    let is_lost = is_lost && said == Said::Approved;
    Some(Review { by, at: review.at(at).instant(), sha, is_lost, said })
}

/// The account; one that GitHub marks as a robot's has `[bot]` behind it, as in commits.
fn login(user: Node<'_>) -> Option<String> {
    if !user.is_there() {
        return None;
    }
    let login = user.at("login").text()?;
    let login = login.strip_prefix("app/").map_or_else(|| login.to_owned(), |name| format!("{name}[bot]"));
    let is_robot = user.at("is_bot").flag()
        || user.at("type").text() == Some("Bot")
        || user.at("__typename").text() == Some("Bot");
    Some(if is_robot && !login.ends_with("[bot]") { format!("{login}[bot]") } else { login })
}

/// A request by its address.
fn named(node: Node<'_>, key: &'static str, look: &Look<'_>) -> Option<Request> {
    let Some(url) = node.at(key).text() else {
        node.wrong("named: the export has no address of it; add url to --json");
        return None;
    };
    let Some(project) = project(url) else {
        node.at(key).wrong("the address of a pull request");
        return None;
    };
    let mut request = Request::new(look.source, node.place(), url.to_owned(), project);
    request.url = Some(url.to_owned());
    Some(request)
}

/// `acme/shop` of `https://github.com/acme/shop/pull/12`.
fn project(url: &str) -> Option<String> {
    let (_, path) = url.split_once("://")?.1.split_once('/')?;
    let (project, _) = path.split_once("/pull/")?;
    Some(project.to_owned())
}

/// `acme/shop` and 12 of `https://api.github.com/repos/acme/shop/pulls/12`.
fn of_api(url: &str) -> Option<(String, i64)> {
    let (project, number) = url.split_once("/repos/")?.1.split_once("/pulls/")?;
    Some((project.to_owned(), number.parse().ok()?))
}
