//! Notes that Gerrit's reviewnotes plugin writes: one `Label+2: Name <address>` a line, by the server itself.

use jiff::fmt::rfc2822;

use super::{Beside, Job, Missing, discounted};
use crate::facts::approval::found::{Discount, GivenFor, Role};
use crate::facts::approval::grammar::{Cut, people};
use crate::facts::moment::Moment;

/// The label whose highest vote approves a change.
const APPROVING: &str = "Code-Review";

pub(super) fn read(job: &Job<'_>, beside: &mut Beside) -> Result<(), Missing> {
    let notes = job.notes(job.tree)?;
    // What a project calls full approval shows in its notes: the highest vote that any of them holds.
    let highest = notes.iter().flat_map(|(_, text)| votes(text)).map(|(vote, _)| vote).max().unwrap_or_default();
    for (commit, text) in notes {
        let field = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':').map(str::trim));
        let other = field("Branch").filter(|branch| branch.trim_start_matches("refs/heads/") != job.branch);
        let at = field("Submitted-at")
            .and_then(|text| rfc2822::parse(text).ok())
            .map(|at| Moment { seconds: at.timestamp().as_second(), offset: (at.offset().seconds() / 60) as i16 });
        if let Some(url) = field("Reviewed-on") {
            let number = url.trim_end_matches('/').rsplit('/').next();
            beside.add(commit, job.found(Role::Request, None, number, None));
        }
        for (vote, who) in votes(&text).filter(|(vote, _)| *vote == highest && *vote > 0) {
            for written in people(who, 0, &Cut::default()) {
                let mut found = job.found(Role::Approval, Some(written.person), None, at);
                found.given_for = Some(GivenFor::ThisAlone);
                found.key = format!("{APPROVING}+{vote} in {}", job.reference).into();
                let found = match other {
                    Some(branch) => discounted(found, Discount::Elsewhere(format!("the branch {branch}").into())),
                    None => found,
                };
                beside.add(commit, found);
                beside.records(job.dialect).add(commit, &commit.to_string());
            }
        }
    }
    Ok(())
}

/// The votes of a note on the approving label, with the words behind them.
fn votes(text: &str) -> impl Iterator<Item = (i8, &str)> {
    text.lines().filter_map(|line| {
        let (label, who) = line.split_once(": ")?;
        let vote = label.strip_prefix(APPROVING)?.parse::<i8>().ok()?;
        Some((vote, who))
    })
}
