//! Records of the register `changes`: the requests that changes came through, who wrote and who approved them.

use std::sync::Arc;

use super::Beside;
use crate::facts::approval::found::{DialectId, Discount, Found, GivenFor, InRecord, Role, Seen};
use crate::facts::approval::matcher::Matcher;
use crate::facts::coverage::Replayer;
use crate::facts::forge::binding::{Recorded, same_files};
use crate::facts::forge::recorded::{Decision, Given, Request};
use crate::facts::landing::{CommitFacts, History, Landing};
use crate::facts::moment::Moment;
use crate::facts::person::Person;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::text::Span;

pub(super) fn read(
    (repos, history, landings, branch): (&Repos, &History, &[Landing], &str),
    (matcher, dialect): (&Matcher, DialectId),
    recorded: &Recorded,
    beside: &mut Beside,
) {
    if recorded.is_empty() {
        return;
    }
    // A record may be of a change outside the range, and may have been brought by one.
    let all = landings.first().map(|newest| history.landings(history.get(newest.tip).id, &[])).unwrap_or_default();
    let bound = recorded.bind(repos, history, &all, branch);
    let replayer = Replayer::new(repos);
    for (at, (request, position, writers)) in bound.of.iter().enumerate() {
        let tip = history.get(all[*position].tip);
        beside.by_commit.entry(tip.id).or_default().push(at);
        let reading = Reading { matcher, dialect, request, writers };
        let parents = tip.parents.get(1..).unwrap_or_default();
        let given = |decision: &Decision| {
            let same = |one: &str, other: &str| same_files(repos, history, one, other);
            match request.given(decision, (tip.id, parents, tip.committed), same) {
                Given::ForAnother(seen, _) if gives_what_landed(&replayer, &seen, tip) => Given::ForThis,
                given => given,
            }
        };
        beside.add(tip.id, reading.found(Role::Request, None, request.place.1));
        for author in &request.authors {
            beside.add(tip.id, reading.found(Role::Author, Some(author), request.author_place));
        }
        for decision in &request.decisions {
            beside.add(tip.id, reading.approval(decision, given(decision)));
        }
    }
    beside.recorded = bound;
}

/// Whether putting an approved commit onto the branch gives what landed: after it nothing came but what the branch brought.
fn gives_what_landed(replayer: &Replayer<'_>, seen: &str, tip: &CommitFacts) -> bool {
    let Some((approved, base)) = Oid::parse(seen.as_bytes()).zip(tip.parents.first().copied()) else { return false };
    let common = replayer.common(base, approved);
    !common.is_empty() && replayer.gives(&common, (base, approved), tip.tree).unwrap_or_default()
}

struct Reading<'a> {
    matcher: &'a Matcher,
    dialect: DialectId,
    request: &'a Arc<Request>,
    writers: &'a Option<Arc<[Person]>>,
}

impl Reading<'_> {
    fn found(&self, role: Role, person: Option<&Person>, span: Span) -> Found {
        let source = Arc::clone(&self.request.place.0);
        Found {
            dialect: self.dialect,
            role,
            person: person.cloned(),
            // A change has its authors by all of its requests.
            id: (role != Role::Author).then(|| self.request.called.clone()),
            at: None,
            span: Span::default(),
            seen: Seen::Beside,
            key: source.name().into(),
            discount: None,
            record: Some(Arc::new(InRecord { source, span, writers: self.writers.clone() })),
            envelope: None,
            noted: None,
            given_for: None,
        }
    }

    /// An approval, with why it does not count, if it does not.
    fn approval(&self, decision: &Decision, given: Given) -> Found {
        let discount = self.matcher.discount(self.dialect, &decision.by).or(match given {
            _ if !decision.approves => Some(Discount::Dismissed),
            Given::ForThis => None,
            Given::ForAnother(seen, landed) => Some(Discount::Stale(seen, landed)),
            Given::Unknown(why) => Some(Discount::Untied(why)),
            Given::Late(at) => Some(Discount::Late(at)),
        });
        let at = decision.at.map(|at| Moment { seconds: at.at.as_second(), offset: 0 });
        let given_for = decision.sha.clone().map(GivenFor::Named);
        Found { at, discount, given_for, ..self.found(Role::Approval, Some(&decision.by), decision.place) }
    }
}
