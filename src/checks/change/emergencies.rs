//! Asks that emergencies are approved afterwards in time, by somebody who did not deploy them, and say why they were one.

use super::emergency::Emergency;
use super::standing::Standing;
use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;
use crate::findings::finding::Label;

/// Somebody approved it, at any time.
pub(super) fn approved(tally: &Tally<'_>) -> Option<Exhibit> {
    let emergency = with(tally, Outcome::Unconfirmed)?;
    let commit = tally.change.commit.short();
    let help = format!(
        "ask somebody who may approve, and neither wrote nor deployed it, to review it now (git show {commit}), and record \
         that as a management response; whoever approves the next one in time runs tickmark approve REV"
    );
    let words = vec![("landed", tally.change.landed_at.readable()), ("due", emergency.due_words().to_owned())];
    Some(Exhibit { words, help: Some(help), ..of(emergency) })
}

/// Whoever approved it did so in time.
pub(super) fn in_time(tally: &Tally<'_>) -> Option<Exhibit> {
    let emergency = with(tally, Outcome::TooLate)?;
    let late = |standing: &Standing| matches!(standing, Standing::TooLate(_));
    let given = tally.approvals.iter().find_map(|(_, standing)| match standing {
        Standing::TooLate(lateness) => Some(lateness),
        _ => None,
    })?;
    let after = given.after.as_ref().map_or_else(String::new, |after| format!(", {after} after it landed"));
    let given = format!("{}{after}", given.given);
    let words = vec![("names", tally.names(late)), ("given", given), ("due", emergency.due_words().to_owned())];
    Some(Exhibit { words, ..of(emergency) })
}

/// It can be told whether whoever approved it did so in time.
pub(super) fn hour_known(tally: &Tally<'_>) -> Option<Exhibit> {
    let emergency = with(tally, Outcome::DayOnly)?;
    let names = tally.names(|standing| matches!(standing, Standing::DayOnly(_)));
    Some(Exhibit { words: vec![("names", names), ("due", emergency.due_words().to_owned())], ..of(emergency) })
}

/// Whoever approved it afterwards did not deploy it.
pub(super) fn by_another(tally: &Tally<'_>) -> Option<Exhibit> {
    let emergency = with(tally, Outcome::ByDeployer)?;
    let names = tally.names(|standing| *standing == Standing::Deployer);
    Some(Exhibit { words: vec![("names", names)], ..of(emergency) })
}

/// It says why it could not wait.
pub(super) fn justified(tally: &Tally<'_>) -> Option<Exhibit> {
    let emergency = tally.emergency.filter(|one| !one.asked.justification.is_empty() && !one.justified)?;
    let keys = emergency.asked.justification.join(" or ");
    let parameter = Some(("emergency.justification", format!("an emergency says why, as {keys}")));
    Some(Exhibit { words: vec![("keys", keys)], parameter, ..of(emergency) })
}

/// It names its incident.
pub(super) fn has_incident(tally: &Tally<'_>) -> Option<Exhibit> {
    let emergency = tally.emergency.filter(|one| !one.asked.incident.is_empty() && one.incident.is_none())?;
    let keys = emergency.asked.incident.join(" or ");
    let parameter = Some(("emergency.incident", format!("an emergency names its incident, as {keys}")));
    Some(Exhibit { words: vec![("keys", keys)], parameter, ..of(emergency) })
}

fn with<'a>(tally: &Tally<'a>, outcome: Outcome) -> Option<&'a Emergency<'a>> {
    tally.emergency.filter(|_| tally.outcome == outcome)
}

/// What every finding of an emergency shows: how long there is to approve it, and what makes it one.
fn of(emergency: &Emergency<'_>) -> Exhibit {
    let (parameter, text) = emergency.given();
    let how = format!("{} makes it an emergency", emergency.how);
    let labels = vec![Label { place: emergency.place.clone(), text: how, primary: false }];
    Exhibit { parameter: Some((parameter, text)), labels, ..Exhibit::default() }
}
