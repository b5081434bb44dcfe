//! What both documents tell alike: the metadata, who is named, and what was looked at with what.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::model::{
    Actor, Assets, Component, LocalDefinitions, Metadata, Origin, Party, Platform, Property, Responsible, Role, State,
    Subject, Used,
};
use super::naming::{self, line, paragraphs, property};
use crate::facts::calendar::{Day, When};
use crate::reports::period::PeriodReport;
use crate::reports::period::recurrence::days;
use crate::text::safe;

/// The version of OSCAL that documents are written for.
const OSCAL: &str = "1.1.3";

/// The roles in which persons are named.
const ROLES: [(&str, &str); 3] = [
    ("control-owner", "Answers for a control"),
    ("response-owner", "Answers for a response of management"),
    ("response-approver", "Approved a response of management"),
];

/// A report, and what every part of a document needs to know of it.
pub(super) struct Context<'r> {
    pub(super) report: &'r PeriodReport,
    zone: TimeZone,
}

impl<'r> Context<'r> {
    pub(super) fn of(report: &'r PeriodReport) -> Self {
        let zone = TimeZone::get(&report.timezone).unwrap_or(TimeZone::UTC);
        Self { report, zone }
    }

    /// The UUID of what these words name in this organisation, whatever the period.
    pub(super) fn uuid(&self, words: &[&str]) -> String {
        let organization = self.report.organization.as_deref().unwrap_or_default();
        naming::uuid(&[&[organization], words].concat())
    }

    /// The UUID of what these words name in this organisation and this period.
    pub(super) fn uuid_in_period(&self, words: &[&str]) -> String {
        let period = self.report.period;
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let (from, to) = (day(period.from), day(period.to));
        self.uuid(&[&[from.as_str(), to.as_str()], words].concat())
    }

    /// The UUID of one of the documents: of its kind, the repositories and the period.
    pub(super) fn document(&self, kind: &str) -> String {
        let names = self.report.repositories.iter().map(|one| one.name.as_str());
        let words: Vec<&str> = std::iter::once(kind).chain(names).collect();
        self.uuid_in_period(&words)
    }

    pub(super) fn metadata(&self, what: &str) -> Metadata {
        let report = self.report;
        let of = report.organization.as_ref().map_or_else(String::new, |name| format!(" of {}", line(name)));
        let props = [
            property("tool", &report.tool.name),
            property("tool-version", &report.tool.version),
            property("rules-digest", &report.tool.rules),
            property("document", &report.schema),
            property("timezone", &report.timezone),
            property("period", days(report.period)),
        ];
        Metadata {
            title: format!("{what}{of}, {}", days(report.period)),
            last_modified: report.as_of.clone(),
            version: report.as_of.clone(),
            oscal_version: OSCAL,
            props: props.into_iter().flatten().collect(),
            roles: self.roles(),
            parties: self.parties(),
            responsible_parties: self.responsible(),
            remarks: paragraphs(report.remarks.iter().chain(&report.limits)).unwrap_or_default(),
        }
    }

    /// Everybody who is named, by role and name.
    fn named(&self) -> BTreeSet<(&'static str, &'r str)> {
        let [(control_owner, _), (response_owner, _), (approver, _)] = ROLES;
        let owners = self.report.controls.iter().map(|control| (control_owner, Some(control.owner.as_str())));
        let answers = self.report.findings.iter().filter_map(|finding| finding.entry.response.as_ref());
        let answering = answers
            .flat_map(|answer| [(response_owner, answer.owner.as_deref()), (approver, answer.approved_by.as_deref())]);
        let all = owners.chain(answering).filter_map(|(role, name)| Some((role, name?)));
        all.filter(|(_, name)| !name.trim().is_empty()).collect()
    }

    fn roles(&self) -> Vec<Role> {
        let named = self.named();
        let used = ROLES.into_iter().filter(|(id, _)| named.iter().any(|(role, _)| role == id));
        used.map(|(id, title)| Role { id, title }).collect()
    }

    fn parties(&self) -> Vec<Party> {
        let organization = self.report.organization.iter().filter(|name| !name.trim().is_empty());
        let organization = organization.map(|name| Party {
            uuid: self.uuid(&["organization"]),
            kind: "organization",
            name: safe(name).trim().to_owned(),
        });
        let persons: BTreeSet<&str> = self.named().into_iter().map(|(_, name)| name).collect();
        let persons = persons.into_iter().map(|name| Party {
            uuid: self.person(name),
            kind: "person",
            name: safe(name).trim().to_owned(),
        });
        organization.chain(persons).collect()
    }

    fn responsible(&self) -> Vec<Responsible> {
        let named = self.named();
        let of_role = |role: &str| -> Vec<String> {
            named.iter().filter(|(one, _)| *one == role).map(|(_, name)| self.person(name)).collect()
        };
        let all = ROLES.into_iter().map(|(role_id, _)| Responsible { role_id, party_uuids: of_role(role_id) });
        all.filter(|one| !one.party_uuids.is_empty()).collect()
    }

    /// The UUID of a person, by the name under which documents know them.
    pub(super) fn person(&self, name: &str) -> String {
        self.uuid(&["person", name])
    }

    /// Who answers for a response, for a task of its.
    pub(super) fn owner(&self, name: Option<&str>) -> Vec<Responsible> {
        let name = name.filter(|name| !name.trim().is_empty());
        name.map(|name| Responsible { role_id: ROLES[1].0, party_uuids: vec![self.person(name)] }).into_iter().collect()
    }

    /// What was looked at, and with what.
    pub(super) fn definitions(&self) -> LocalDefinitions {
        let tool = &self.report.tool;
        let tool = Component {
            uuid: self.tool(),
            kind: "software",
            title: line(&format!("{} {}", tool.name, tool.version)),
            description: "Holds what an organisation documents against what its repository shows it did.".to_owned(),
            props: property("rules-digest", &tool.rules).into_iter().collect(),
            status: State { state: "operational", reason: None, remarks: None },
        };
        let platform = Platform {
            uuid: self.uuid(&["platform", &self.report.tool.name, &self.report.tool.version]),
            title: "What the tests were run with",
            uses_components: vec![Used { component_uuid: self.tool() }],
        };
        LocalDefinitions {
            components: self.repositories(),
            assessment_assets: Assets { components: vec![tool], assessment_platforms: vec![platform] },
        }
    }

    fn repositories(&self) -> Vec<Component> {
        let report = self.report;
        let mut all: BTreeSet<(&str, Option<&str>)> =
            report.repositories.iter().map(|one| (one.name.as_str(), None)).collect();
        let tests = report.controls.iter().flat_map(|control| {
            control.tests.iter().map(|test| (control.source.as_str(), test.entry.repository.as_deref()))
        });
        all.extend(tests);
        all.extend(report.findings.iter().map(|one| (one.source.as_str(), one.entry.repository.as_deref())));
        all.into_iter().map(|(source, other)| self.repository(source, other)).collect()
    }

    fn repository(&self, source: &str, other: Option<&str>) -> Component {
        let read = self.report.repositories.iter().find(|one| one.name == source && other.is_none());
        let branches = read.into_iter().flat_map(|read| &read.branches);
        let branches = branches
            .filter(|branch| branch.repository.as_deref() == other)
            .flat_map(|branch| [property("branch", &branch.name), property("branch-tip", branch.tip)]);
        let props: Vec<Option<Property>> = vec![
            property("commit", read.and_then(|read| read.commit).map(|oid| oid.to_string()).unwrap_or_default()),
            read.and_then(|read| property("complete", read.complete)),
            read.and_then(|read| property("as-of", &read.as_of)),
        ];
        Component {
            uuid: self.uuid(&["repository", source, other.unwrap_or_default()]),
            kind: "software",
            title: line(other.unwrap_or(source)),
            description: other.map_or_else(
                || "A Git repository that holds documents, records and history.".to_owned(),
                |_| format!("A Git repository that the controls of {} cover.", line(source)),
            ),
            props: props.into_iter().chain(branches).flatten().collect(),
            status: State { state: "other", reason: None, remarks: Some("The state of no system was assessed.") },
        }
    }

    fn tool(&self) -> String {
        self.uuid(&["tool", &self.report.tool.name, &self.report.tool.version])
    }

    /// That the tool saw it.
    pub(super) fn origins(&self) -> Vec<Origin> {
        vec![Origin { actors: vec![Actor { kind: "tool", actor_uuid: self.tool() }] }]
    }

    /// The repository that something is about.
    pub(super) fn subjects(&self, source: &str, other: Option<&str>) -> Vec<Subject> {
        let subject_uuid = self.uuid(&["repository", source, other.unwrap_or_default()]);
        vec![Subject { subject_uuid, kind: "component" }]
    }

    /// The instant at which the question was asked.
    pub(super) fn as_of(&self) -> String {
        self.report.as_of.clone()
    }

    /// The day of that instant, by the organisation's clock.
    pub(super) fn today(&self) -> Option<Date> {
        let at: Timestamp = self.report.as_of.parse().ok()?;
        Some(at.to_zoned_datetime(self.zone.clone()).date())
    }

    /// The last second of a day by the organisation's clock; nothing at the end of all days.
    pub(super) fn end_of(&self, day: Day) -> Option<String> {
        When::day(day.0, &self.zone).map(|when| when.at.to_string())
    }

    /// The beginning of the period, or as-of where that is earlier or the period has none.
    pub(super) fn start(&self) -> String {
        let begins = self.report.period.from.and_then(|day| day.0.to_zoned_datetime(self.zone.clone()).ok());
        let as_of = self.report.as_of.parse::<Timestamp>().ok();
        let start = begins.map(|begins| begins.timestamp()).into_iter().chain(as_of).min();
        start.map_or_else(|| self.as_of(), |start| start.to_string())
    }
}
