//! Emergencies: changes that land first and are approved afterwards, within the time that the control gives.

use std::sync::Arc;

use serde::Deserialize;

use super::says::{Says, globs, trailer};
use super::standing::{Lateness, Standing};
use crate::facts::approval::trail::Change;
use crate::facts::calendar::{Calendar, Length, Timeliness, When};
use crate::facts::person::Person;
use crate::findings::finding::Place;
use crate::sources::oid::Oid;
use crate::sources::trailers::Message;
use crate::sources::tree::Glob;

/// What a control states under `with.emergency`; `policies/change/change-approval.yaml` says what each means.
#[derive(Clone, Debug, Deserialize)]
pub struct Emergencies {
    /// The trailer of an emergency.
    pub marker: Option<String>,
    /// Globs of the branch that it comes from.
    #[serde(default)]
    pub branches: Vec<String>,
    /// Globs of its subject.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// Labels of its request.
    #[serde(default)]
    pub labels: Vec<String>,
    /// How long after it landed there is time to approve it.
    pub approve_within: Option<Length>,
    /// Globs of tags that are releases; it is approved before the next one after the one that carried it first.
    #[serde(default)]
    pub before_release: Vec<String>,
    /// Number of persons who must approve it; as many as any change if left out.
    pub approvals: Option<usize>,
    /// Trailers that say why it could not wait.
    #[serde(default)]
    pub justification: Vec<String>,
    /// Trailers that name its incident.
    #[serde(default)]
    pub incident: Vec<String>,
    /// How many of a hundred changes may be emergencies.
    pub most_percent: Option<usize>,
}

/// What makes a change an emergency for a control.
pub struct Marks<'a> {
    asked: &'a Emergencies,
    says: Says<'a>,
    releases: Vec<Glob>,
}

/// Until when there is time to approve an emergency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// Until then; in words.
    At(When, String),
    /// Until the next release, which has not been made yet.
    NextRelease,
}

/// A change that is an emergency.
#[derive(Debug)]
pub struct Emergency<'a> {
    /// What the control states.
    pub asked: &'a Emergencies,
    /// How it says so, in words.
    pub how: String,
    /// Where it says so.
    pub place: Place,
    /// When it landed.
    pub landed: When,
    /// When its approval is due.
    pub due: Due,
    /// Whether the question is asked after that.
    pub overdue: bool,
    /// Whether anything says why it could not wait.
    pub justified: bool,
    /// The incident that it names.
    pub incident: Option<String>,
    /// Who brought it to production, as far as that is recorded.
    pub deployers: Vec<Person>,
}

impl<'a> Marks<'a> {
    /// Compiles what a control states.
    ///
    /// # Errors
    /// The first glob that is none, and what is wrong with it.
    pub fn new(asked: &'a Emergencies) -> Result<Self, (String, String)> {
        let says = Says::new(asked.marker.as_deref(), &asked.branches, &asked.subjects)?;
        Ok(Self { asked, says, releases: globs(&asked.before_release)? })
    }

    /// Whether approval is due before a release.
    #[must_use]
    pub fn needs_releases(&self) -> bool {
        !self.releases.is_empty()
    }

    /// Whether a tag is a release.
    #[must_use]
    pub fn is_release(&self, tag: &str) -> bool {
        self.releases.iter().any(|glob| glob.matches(tag))
    }

    /// Whether messages must be known to tell.
    #[must_use]
    pub fn needs_messages(&self) -> bool {
        let asked = self.asked;
        self.says.needs_messages() || !asked.justification.is_empty() || !asked.incident.is_empty()
    }

    /// Whether a change is an emergency, and what it tells of it. `messages` are those of the commits that it lands, and
    /// `next` is the release before which it has to be approved, if it has been made.
    #[must_use]
    pub fn of(
        &self,
        change: &Change,
        messages: &[(Oid, String)],
        next: Option<(&str, When)>,
        calendar: &Calendar,
    ) -> Option<Emergency<'a>> {
        let parsed: Vec<_> = messages.iter().map(|(id, text)| (*id, Message::parse(text))).collect();
        let (how, place) = self.marked(change, &parsed)?;
        let named = |wanted: &[String]| wanted.iter().find_map(|key| said(&parsed, key));
        let recorded = || change.records.iter().map(|record| &record.circumstances);
        let justified = named(&self.asked.justification).is_some()
            || recorded().any(|circumstances| circumstances.justification.is_some());
        let incident = named(&self.asked.incident)
            .or_else(|| recorded().find_map(|circumstances| circumstances.incident.as_deref().map(str::to_owned)))
            .or_else(|| {
                let noted = change.approvals.iter().filter_map(|approval| approval.noted.as_ref());
                noted.filter_map(|noted| noted.incident.as_deref()).map(str::to_owned).next()
            });
        let landed = When::instant(change.landed_at.timestamp(), &calendar.zone);
        let due = self.due(landed, next, calendar);
        Some(Emergency {
            asked: self.asked,
            how,
            place,
            landed,
            overdue: matches!(&due, Due::At(due, _) if calendar.overdue(due)),
            due,
            justified,
            incident,
            deployers: recorded().filter_map(|circumstances| circumstances.deployer.clone()).collect(),
        })
    }

    /// The earlier of the two times that the control may give; none at all where it gives neither.
    fn due(&self, landed: When, next: Option<(&str, When)>, calendar: &Calendar) -> Due {
        let words = |due: &When| if due.exact { calendar.minute(due) } else { format!("the end of {}", due.day) };
        let within = self.asked.approve_within.map(|length| calendar.add(landed, length));
        let within = within.map(|due| (due, words(&due)));
        let release = next.map(|(name, at)| (at, format!("{name}, the next release, of {}", words(&at))));
        match (within, release) {
            (Some(within), Some(release)) if release.0.order(&within.0).is_lt() => Due::At(release.0, release.1),
            (Some((due, words)), _) | (None, Some((due, words))) => Due::At(due, words),
            (None, None) if self.needs_releases() => Due::NextRelease,
            (None, None) => Due::At(landed, words(&landed)),
        }
    }

    /// How a change says that it is an emergency, and where: in itself, or in its record.
    fn marked(&self, change: &Change, messages: &[(Oid, Message<'_>)]) -> Option<(String, Place)> {
        if let Some(said) = self.says.of(change, messages) {
            let how = if said.is_trailer { "this trailer".to_owned() } else { said.how };
            return Some((how, Place::Commit(said.place.0, said.place.1)));
        }
        change.records.iter().find_map(|record| {
            let (source, place) = &record.place;
            let told = &record.circumstances;
            let at = |span| Place::Text(Arc::clone(source), span);
            if let Some(span) = told.emergency {
                return Some(("the class".to_owned(), at(span)));
            }
            let wanted = |label: &&str| self.asked.labels.iter().any(|one| one.eq_ignore_ascii_case(label));
            if let Some(label) = told.labels.iter().map(AsRef::as_ref).find(wanted) {
                return Some((format!("the label {label}"), at(told.labels_place)));
            }
            let branch = told.head_branch.as_deref().filter(|branch| self.says.names_branch(branch))?;
            Some((format!("the branch {branch}"), at(*place)))
        })
    }
}

impl Emergency<'_> {
    /// Why an approval that was given after the change had landed does not count, if it does not.
    pub(super) fn weigh(
        &self,
        given: &When,
        by: &Person,
        calendar: &Calendar,
        same: impl Fn(&Person, &Person) -> bool,
    ) -> Option<Standing> {
        if self.deployers.iter().any(|deployer| same(deployer, by)) {
            return Some(Standing::Deployer);
        }
        // A record beside the commit does not know the organisation's clock.
        let given = if given.exact { When::instant(given.at, &calendar.zone) } else { *given };
        let Due::At(due, _) = &self.due else { return None };
        match calendar.late(&given, due) {
            Timeliness::InTime => None,
            Timeliness::Late => Some(Standing::TooLate(self.lateness(&given, calendar))),
            Timeliness::CannotTell => Some(Standing::DayOnly(given.day)),
        }
    }
}

impl Emergency<'_> {
    /// When its approval is due, in words.
    #[must_use]
    pub fn due_words(&self) -> &str {
        match &self.due {
            Due::At(_, words) => words,
            Due::NextRelease => "the next release",
        }
    }

    /// What the control gives for it, in words, and the parameter that does.
    #[must_use]
    pub fn given(&self) -> (&'static str, String) {
        match self.asked.approve_within {
            Some(within) => ("emergency.approve_within", format!("an emergency is approved within {within}")),
            None if self.asked.before_release.is_empty() => {
                ("emergency", "an emergency is approved as any change is".to_owned())
            }
            None => ("emergency.before_release", "an emergency is approved before the next release".to_owned()),
        }
    }

    /// When an approval was given, in words.
    fn lateness(&self, given: &When, calendar: &Calendar) -> Lateness {
        if !given.exact {
            return Lateness { given: format!("on {}", given.day), after: None };
        }
        let minutes = (given.at.as_second() - self.landed.at.as_second()) / 60;
        let after = format!("{} h {:02} min", minutes / 60, minutes % 60);
        Lateness { given: format!("at {}", calendar.minute(given)), after: Some(after) }
    }
}

/// What stands in a trailer of one of several messages, if it says anything: `yes` says only that it is one.
fn said(messages: &[(Oid, Message<'_>)], key: &str) -> Option<String> {
    const NOTHING: [&str; 6] = ["", "yes", "true", "y", "1", "-"];
    messages.iter().find_map(|(_, message)| {
        let (_, words) = trailer(message, key)?;
        let value = words.split_once(':').map_or("", |(_, value)| value).trim();
        (!NOTHING.iter().any(|nothing| value.eq_ignore_ascii_case(nothing))).then(|| value.to_owned())
    })
}
