//! What followed from a change that should not have landed as it did: when it came to production, and when it left it.

use crate::facts::calendar::{Day, When};
use crate::facts::deployment::Deployment;
use crate::findings::impact::Impact;
use crate::sources::oid::Oid;

/// What the repository shows of a change after it landed.
pub struct Exposure<'a> {
    /// The first deployment that carried it; nothing where none has.
    pub first: Option<&'a Deployment>,
    /// The change that says that it takes it back.
    pub revert: Option<Oid>,
    /// The first deployment after `first`, to the same place, that carried that; the same one where it carried both.
    pub out: Option<&'a Deployment>,
    /// When the last approval was given that came after it had landed, where that is what is wrong with it.
    pub late: Option<When>,
}

/// What to tell of it.
#[must_use]
pub fn impact(exposure: &Exposure<'_>) -> Impact {
    let told = |text: String| Impact { text, from: None, to: None };
    let revert = exposure.revert.map(|id| id.short());
    let Some(first) = exposure.first else {
        return told(match revert {
            Some(revert) => format!("no deployment has carried it, and {revert} takes it back"),
            None => "no deployment has carried it".to_owned(),
        });
    };
    let since = |text: String, to: Option<Day>| {
        let text = if first.timed { text } else { format!("{text}, on a day that nothing tells") };
        Impact { text, from: first.timed.then_some(Day(first.at.day)), to: to.filter(|_| first.timed) }
    };
    let name = &first.name;
    if let Some(late) = exposure.late {
        return match before(first, late) {
            Some(true) => {
                since(format!("{name} carried it to production before all had approved it"), Some(Day(late.day)))
            }
            Some(false) => told(format!("all had approved it before {name} carried it to production")),
            None => since(format!("{name} carried it to production"), None),
        };
    }
    match (revert, exposure.out) {
        (Some(revert), Some(out)) if out.key == first.key => {
            told(format!("{name} carried it to production together with {revert}, which takes it back"))
        }
        (Some(revert), Some(out)) => {
            let to = out.timed.then_some(Day(out.at.day));
            since(format!("{name} carried it to production, and {} took it out, with {revert}", out.name), to)
        }
        (Some(revert), None) => {
            since(format!("{name} carried it to production; {revert} takes it back, which no deployment has yet"), None)
        }
        (None, _) => since(format!("{name} carried it to production"), None),
    }
}

/// Whether a deployment was made before a moment; nothing where the repository does not tell.
fn before(deployment: &Deployment, moment: When) -> Option<bool> {
    let (at, day) = (deployment.at, moment.day);
    if !deployment.timed || (at.day == day && !(at.exact && moment.exact)) {
        return None;
    }
    Some(if at.day == day { at.at < moment.at } else { at.day < day })
}
