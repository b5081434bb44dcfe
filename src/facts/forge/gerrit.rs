//! Gerrit: lines of `gerrit query --format=JSON --current-patch-set --all-approvals`, and changes of the REST API with
//! `o=DETAILED_LABELS` and `o=CURRENT_REVISION`.

use super::gathered::Gathered;
use super::node::{Look, Node};
use super::{Request, Review, Said};

/// The label that approves.
const LABEL: &str = "Code-Review";
/// The vote that approves, where the export does not say which is the highest: Gerrit's own.
const HIGHEST: i64 = 2;

pub(super) fn take(node: Node<'_>, look: &Look<'_>, gathered: &mut Gathered) {
    // The last line of a query counts what was found.
    if node.at("type").text() == Some("stats") {
        if node.at("moreChanges").flag() {
            gathered.note("", "the export holds only a part of the changes: Gerrit says that there are more");
        }
        return;
    }
    if node.at("_more_changes").flag() {
        gathered.note("", "the export holds only a part of the changes: Gerrit says that there are more");
    }
    if !gathered.is_merged(node, "status", "MERGED") {
        return;
    }
    let is_rest = node.at("_number").is_told();
    let number = node.at(if is_rest { "_number" } else { "number" }).integer();
    let (Some(number), Some(project)) = (number, node.at("project").owned()) else {
        node.wrong("named: a change has a project and a number");
        return;
    };
    let mut request = Request::numbered(node, look, (project, '~', number), ("url", "subject"));
    request.author = account(node.at("owner"));
    request.branch = node.at("branch").owned();
    if is_rest {
        rest(node, &mut request, gathered);
    } else {
        query(node, &mut request, gathered);
    }
    gathered.requests.push(request);
}

/// What a line of a query says.
fn query(node: Node<'_>, request: &mut Request, gathered: &mut Gathered) {
    request.created_at = node.at("createdOn").instant();
    let patch_set = node.at("currentPatchSet");
    request.head_sha = patch_set.at("revision").object();
    request.authors = [patch_set.at("author"), patch_set.at("uploader")].into_iter().filter_map(account).collect();
    if !patch_set.is_told() {
        gathered.note(&request.called(), "the export does not tell of its patch sets: add --current-patch-set");
        return;
    }
    let called = request.called();
    let mut reviews = Vec::new();
    for approval in patch_set.at("approvals").items() {
        let (Some(kind), Some(vote)) = (approval.at("type").text(), approval.at("value").integer()) else { continue };
        // The vote by which the server submitted it tells when that was, and by whom.
        if kind == "SUBM" {
            request.merged_at = approval.at("grantedOn").instant();
            request.merged_by = account(approval.at("by"));
        } else if kind == LABEL {
            let at = approval.at("grantedOn");
            reviews.extend(vote_of(approval.at("by"), (vote, HIGHEST), at, request, (&called, gathered)));
        }
    }
    request.reviews = Some(reviews);
}

/// What a change of the REST API says.
fn rest(node: Node<'_>, request: &mut Request, gathered: &mut Gathered) {
    request.created_at = node.at("created").instant();
    request.merged_at = node.at("submitted").instant();
    request.merged_by = account(node.at("submitter"));
    request.head_sha = node.at("current_revision").object();
    let label = node.at("labels").at(LABEL);
    if !label.at("all").is_told() {
        gathered.note(&request.called(), "the export does not tell who voted: add o=DETAILED_LABELS");
        return;
    }
    let called = request.called();
    let values = label.at("values").entries().filter_map(|(value, _)| value.trim().parse::<i64>().ok());
    let highest = values.max().unwrap_or(HIGHEST);
    let mut reviews = Vec::new();
    for vote in label.at("all").items() {
        let Some(value) = vote.at("value").integer() else { continue };
        reviews.extend(vote_of(vote, (value, highest), vote.at("date"), request, (&called, gathered)));
    }
    request.reviews = Some(reviews);
}

/// What a vote decides. Gerrit keeps the last vote of each reviewer, and copies it to the patch set that was submitted.
fn vote_of(
    by: Node<'_>,
    (vote, highest): (i64, i64),
    at: Node<'_>,
    request: &Request,
    (called, gathered): (&str, &mut Gathered),
) -> Option<Review> {
    let said = match vote {
        vote if vote < 0 => Said::ChangesRequested,
        vote if vote >= highest && vote > 0 => Said::Approved,
        vote => {
            if vote > 0 {
                gathered.note(called, format!("a vote {LABEL}+{vote} is not the highest, and approves nothing"));
            }
            return None;
        }
    };
    let by = account(by).unwrap_or_default();
    if by.is_empty() {
        gathered.note(called, format!("a vote {LABEL}{vote:+} by an account without a name"));
    }
    Some(Review { by, at: at.instant(), sha: request.head_sha.clone(), is_lost: false, said })
}

/// The address of an account, which is also in the commits; otherwise its name.
fn account(account: Node<'_>) -> Option<String> {
    if !account.is_there() {
        return None;
    }
    account.at("email").owned().or_else(|| account.at("username").owned())
}
