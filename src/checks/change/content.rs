//! Asks that what landed is what was approved, and that merges add nothing of their own.

use super::residual::{amount, files, labels};
use super::standing::Standing;
use super::tally::{Outcome, Tally};
use crate::checks::compose::{Exhibit, count};
use crate::facts::approval::found::{Discount, short};
use crate::facts::coverage::residual::Residual;
use crate::facts::coverage::{Covers, Merge, Shortfall};
use crate::findings::finding::{Label, Place};

/// Commits that one finding shows.
const MOST: usize = 3;

/// No commit came after what was approved.
pub(super) fn approved_to_the_end(tally: &Tally<'_>) -> Option<Exhibit> {
    by_content(tally).or_else(|| by_record(tally))
}

/// What a record tells of the commit that was approved and of the last one, where their content was not looked at.
fn by_record(tally: &Tally<'_>) -> Option<Exhibit> {
    if tally.outcome != Outcome::Stale {
        return None;
    }
    let (seen, head) = tally.approvals.iter().find_map(|(_, standing)| match standing {
        Standing::Discounted(Discount::Stale(seen, head)) => Some((short(seen), short(head))),
        _ => None,
    })?;
    let names = tally.names(|standing| matches!(standing, Standing::Discounted(Discount::Stale(..))));
    let help = format!(
        "see what came after the approval (git diff {seen} {head}), ask for a review of what landed (git show {}), and \
         record that as a management response; let the forge take approvals back when commits are pushed",
        tally.change.commit.short()
    );
    let said = format!("was approved by {names} as of {seen}, and {head} landed");
    Some(Exhibit { words: vec![("said", said)], help: Some(help), ..Exhibit::default() })
}

fn by_content(tally: &Tally<'_>) -> Option<Exhibit> {
    let shortfall = shortfall(tally, (Outcome::Stale, Standing::Stale))?;
    let (approved, later) = (shortfall.approved.short(), shortfall.later.len());
    let commits = count(later, "commit", "commits");
    let (said, help) = match (&shortfall.residual, shortfall.head) {
        (None, _) => (
            format!("lands {commits} that no approval names"),
            format!(
                "ask somebody who may approve to review {} now, and record that as a management response",
                each(shortfall)
            ),
        ),
        (Some(_), head) => {
            let head = head.unwrap_or(tally.change.commit).short();
            let came = if later == 0 { "something else".to_owned() } else { format!("{commits} more") };
            let said = format!("was approved as of {approved}, and {head} was merged, with {came}");
            let help = format!(
                "ask whoever approved it to look at what came later (git diff {approved} {head}), and record that as a \
                 management response; let the forge take approvals back when commits are pushed"
            );
            (said, help)
        }
    };
    let mut shown: Vec<Label> = shortfall.later.iter().take(MOST).map(|commit| later_commit(*commit)).collect();
    if let Some(residual) = &shortfall.residual {
        shown.extend(labels(residual, "nobody approved this", false));
    }
    let unconfirmed = shortfall.residual.as_ref().is_some_and(|residual| !residual.confirmed);
    Some(exhibit(vec![("said", said)], shown, help, unconfirmed))
}

/// What was approved was not changed when it landed.
pub(super) fn landed_as_approved(tally: &Tally<'_>) -> Option<Exhibit> {
    let shortfall = shortfall(tally, (Outcome::Edited, Standing::Edited))?;
    let residual = shortfall.residual.as_ref()?;
    let (approved, landed) = (shortfall.approved.short(), tally.change.commit.short());
    let help = format!(
        "ask somebody who may approve to look at it now (git diff {approved} {landed}), and record that as a management \
         response; let the forge make the commit that lands"
    );
    let words = vec![("amount", amount(residual, false)), ("approved", approved)];
    Some(exhibit(words, labels(residual, "no approval covers this", false), help, !residual.confirmed))
}

/// A merge is what merging its parents gives.
pub(super) fn merged_as_given(tally: &Tally<'_>) -> Option<Exhibit> {
    let Merge::Beyond(residual) = &tally.coverage?.merge else { return None };
    if !residual.goes_beyond() || approved_as_it_is(tally) {
        return None;
    }
    let help = format!(
        "see it with git show --remerge-diff {}; ask somebody who may approve to review it now, and record that as a \
         management response",
        tally.change.commit.short()
    );
    let words = vec![("amount", amount(residual, false))];
    Some(exhibit(words, labels(residual, "merging does not give this", false), help, !residual.confirmed))
}

/// Conflicts that somebody settled by hand are told.
pub(super) fn conflicts_settled(tally: &Tally<'_>) -> Option<Exhibit> {
    let coverage = tally.coverage.filter(|_| !approved_as_it_is(tally))?;
    let of_merge = match &coverage.merge {
        Merge::Beyond(residual) => Some(residual),
        _ => None,
    };
    let counting = tally.approvals.iter().zip(&coverage.approvals);
    let of_approvals = counting.filter_map(|((_, standing), covers)| match covers {
        Covers::Settled(residual) if *standing == Standing::Counts => Some(residual),
        _ => None,
    });
    let residual: &Residual = of_merge.into_iter().chain(of_approvals).find(|residual| residual.settles())?;
    let help = format!(
        "look at how it was settled: git show {}{}",
        if tally.change.merge { "--remerge-diff " } else { "" },
        tally.change.commit.short()
    );
    let words = vec![("files", files(residual, true))];
    Some(exhibit(words, labels(residual, "settled by hand", true), help, false))
}

/// What was approved, and what a merge holds, could be held against what landed.
pub(super) fn replayed(tally: &Tally<'_>) -> Option<Exhibit> {
    let coverage = tally.coverage.filter(|_| tally.outcome != Outcome::Unreadable)?;
    let of_merge = match &coverage.merge {
        Merge::Unknown(gap) if !approved_as_it_is(tally) => Some(gap),
        _ => None,
    };
    let unknown = coverage.approvals.iter().find_map(|covers| match covers {
        Covers::Unknown(gap) if tally.outcome == Outcome::Unreplayed => Some(gap),
        _ => None,
    });
    let gap = unknown.or(of_merge)?;
    let words = vec![("gap", gap.what.clone()), ("mend", gap.mend.clone())];
    Some(exhibit(words, Vec::new(), gap.mend.clone(), false))
}

/// What landed beyond the first approval that does not count for that reason.
fn shortfall<'a>(tally: &Tally<'a>, (outcome, standing): (Outcome, Standing)) -> Option<&'a Shortfall> {
    let coverage = tally.coverage.filter(|_| tally.outcome == outcome)?;
    let mut each = tally.approvals.iter().zip(&coverage.approvals);
    each.find_map(|((_, of), covers)| match covers {
        Covers::Less(shortfall) if *of == standing => Some(shortfall),
        _ => None,
    })
}

/// Whether somebody approved the landing commit itself, or its very files.
fn approved_as_it_is(tally: &Tally<'_>) -> bool {
    let change = tally.change;
    tally.approvals.iter().any(|(approval, standing)| {
        let bound = approval.bound.as_ref().filter(|_| *standing == Standing::Counts);
        bound.is_some_and(|bound| bound.commit == Some(change.commit) || bound.tree == Some(change.trees.0))
    })
}

fn later_commit(commit: crate::sources::oid::Oid) -> Label {
    Label { place: Place::Commit(commit, None), text: "no approval covers this commit".to_owned(), primary: false }
}

fn each(shortfall: &Shortfall) -> String {
    let names: Vec<String> = shortfall.later.iter().take(MOST).map(|commit| commit.short()).collect();
    let more = shortfall.later.len().saturating_sub(MOST);
    let names = names.join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}

fn exhibit(words: Vec<(&'static str, String)>, labels: Vec<Label>, help: String, unconfirmed: bool) -> Exhibit {
    let remark = "; unconfirmed: libgit2 merged it here, and no Git was there to ask, which may follow a renamed file that \
                  libgit2 does not";
    let help = if unconfirmed { help + remark } else { help };
    let parameter = Some(("content_covered", "what lands is what was approved".to_owned()));
    Exhibit { words, parameter, labels, help: Some(help) }
}
