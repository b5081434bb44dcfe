//! When records came, and how they changed, as registers that tests of records can ask.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::changes::Run;
use super::judging::Judging;
use super::provenance::{outside, provenance};
use crate::checks::evidence;
use crate::checks::records::is_asked;
use crate::error::Result;
use crate::facts::approval::trail::{Change, Verdict};
use crate::facts::calendar::When;
use crate::facts::document::control::Control;
use crate::facts::document::in_force::InForce;
use crate::facts::gap::{self, Gap};
use crate::facts::moment::Moment;
use crate::facts::register::definition::Definition;
use crate::facts::register::provenance::{Provenance, name, written};
use crate::facts::register::store::{Register, Registers};
use crate::facts::register::value::{Record, Value};
use crate::findings::ledger::Ledger;
use crate::policies::test::{Step, Test};
use crate::sources::history::Repos;
use crate::sources::line::Line;
use crate::sources::oid::Oid;
use crate::text::{SourceText, Span};

/// The register of when records came.
const ARRIVALS: &str = "record_arrivals";
/// The register of how they changed.
const CHANGES: &str = "record_changes";

/// The history of the records of every register that a test reads which asks for it.
pub(super) struct RecordHistory<'a> {
    judging: &'a Judging<'a>,
    line: &'a Line,
    /// The first position of which it is not known what was before it, if the history is not whole.
    begins: Option<usize>,
    of: Vec<(&'a Register, Provenance)>,
    gaps: Vec<Gap>,
    asked: bool,
}

impl<'a> RecordHistory<'a> {
    /// Follows the records of the registers whose history some control asks for; none if no control does.
    pub(super) fn read(judging: &'a Judging<'a>, in_force: &'a InForce) -> Result<Self> {
        let Judging { repo, registers, .. } = *judging;
        let line = in_force.line();
        let all = in_force
            .controls
            .iter()
            .flat_map(|one| one.versions.iter().map(|ruling| &ruling.control).chain(&one.today).map(AsRef::as_ref));
        let tests: Vec<&Test> = all.filter_map(|control| asking(judging, control)).collect();
        let names: BTreeSet<&str> = tests.iter().flat_map(|test| steps(test)).filter_map(reads).collect();
        let mut history =
            Self { judging, line, begins: None, of: Vec::new(), gaps: Vec::new(), asked: !tests.is_empty() };
        if tests.is_empty() || line.steps.is_empty() {
            return Ok(history);
        }
        history.gaps = gap::of_history(&repo.gaps(), &[]);
        history.begins = (!history.gaps.is_empty()).then(|| line.steps.len().saturating_sub(1));
        let (repos, below) = (Repos::open(repo)?, judging.below());
        history.gaps.extend(outside(below.as_deref()));
        for name in names {
            let Some(register) = registers.get(name).filter(|register| register.is_there()) else { continue };
            match provenance(judging, (&repos, line, below.as_deref().unwrap_or_default()), register)? {
                Ok(provenance) => history.of.push((register, provenance)),
                Err(gap) => history.gaps.push(gap),
            }
        }
        Ok(history)
    }

    /// Whether something changed of which it must be known who agreed to it.
    pub(super) fn changed(&self) -> bool {
        self.of.iter().any(|(_, provenance)| !provenance.changed.is_empty())
    }

    /// All registers, with those that are made from the history; nothing if no control asks for them.
    pub(super) fn registers(&self, run: &mut Run<'_>, branch: &str) -> Result<Option<Registers>> {
        if !self.asked {
            return Ok(None);
        }
        let changes = if self.changed() { run.changes(branch)? } else { &[] };
        let changes: FxHashMap<Oid, &Change> = changes.iter().map(|change| (change.commit, change)).collect();
        let mut registers = self.judging.registers.clone();
        for (name, made) in [(ARRIVALS, self.arrivals()), (CHANGES, self.changes(&changes))] {
            let Some(register) = registers.by_name.get_mut(name) else { continue };
            register.records =
                made.into_iter().map(|(of, place, cells)| entry(register, (&of.source, place), &cells)).collect();
            // It is there, also where nothing of it is.
            register.files = vec![SourceText::new("history", String::new())];
        }
        Ok(Some(registers))
    }

    /// Enters for each control that asks for the history of records what could not be read of it.
    pub(super) fn lost(&self, today: &[Arc<Control>], ledger: &mut Ledger) {
        let pack = self.judging.pack;
        for control in today.iter().filter(|control| asking(self.judging, control).is_some()) {
            let lost = self.gaps.iter().filter_map(|gap| evidence::history_whole(pack, control, gap));
            ledger.findings.extend(lost);
        }
    }

    fn arrivals(&self) -> Vec<Entry<'_>> {
        let mut entries = Vec::new();
        for (register, provenance) in &self.of {
            for (record, at) in &provenance.arrived {
                // What the clone begins with may have come long before.
                let known = self.begins.is_none_or(|begins| *at < begins);
                let Some((landed, commit)) = self.landed(*at).filter(|_| known) else { continue };
                let mut cells = of(&register.definition, record);
                cells.extend([("at", landed), ("commit", commit)]);
                entries.push((record, record.place, cells));
            }
        }
        entries
    }

    fn changes(&self, changes: &FxHashMap<Oid, &Change>) -> Vec<Entry<'_>> {
        let mut entries = Vec::new();
        for (register, provenance) in &self.of {
            for changed in &provenance.changed {
                let Some((landed, commit)) = self.landed(changed.at) else { continue };
                let change = self.line.steps.get(changed.at).and_then(|step| changes.get(&step.id));
                let by = change.map_or_else(String::new, |change| {
                    change.authors.iter().map(crate::facts::person::Person::label).collect::<Vec<_>>().join(", ")
                });
                let agreed = match change.map(|change| change.verdict) {
                    Some(Verdict::Approved) => Value::Bool(true),
                    Some(Verdict::SelfApproved | Verdict::Unapproved) => Value::Bool(false),
                    _ => Value::Null,
                };
                let mut cells = of(&register.definition, &changed.is);
                cells.extend([
                    ("field", text(&changed.field)),
                    ("from", text(&written(changed.was.get(&changed.field)))),
                    ("to", text(&written(changed.is.get(&changed.field)))),
                    ("at", landed),
                    ("by", text(&by)),
                    ("agreed", agreed),
                    ("commit", commit),
                ]);
                entries.push((&changed.is, changed.is.place_of(&changed.field), cells));
            }
        }
        entries
    }

    /// When a step landed, and its name; nothing of what was not there yet at the as-of instant.
    fn landed(&self, at: usize) -> Option<(Value, Value)> {
        let (step, calendar) = (self.line.steps.get(at)?, self.judging.calendar);
        let when = When::instant(Moment::from(step).timestamp(), &calendar.zone);
        calendar.is_known(&when).then(|| (Value::When(when), text(&step.id.short())))
    }
}

/// What happened to a record: as it was then, where that stands, and what is said of it.
type Entry<'a> = (&'a Arc<Record>, Span, Vec<(&'static str, Value)>);

fn entry(register: &Register, (source, place): (&Arc<SourceText>, Span), cells: &[(&str, Value)]) -> Arc<Record> {
    let value =
        |name: &str| cells.iter().find(|(known, _)| *known == name).map_or(Value::Null, |(_, value)| value.clone());
    let cells = register.shape.fields.iter().map(|field| (value(&field.name), Span::default())).collect();
    Arc::new(Record::new(Arc::clone(&register.shape), Arc::clone(source), place, cells))
}

fn of(definition: &Definition, record: &Record) -> Vec<(&'static str, Value)> {
    vec![("register", text(&definition.register)), ("record", text(&name(definition, record)))]
}

/// A text; nothing where it is empty.
fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(text.into()) }
}

/// The test of a control, if it asks for the history of records.
fn asking<'a>(judging: &Judging<'a>, control: &Control) -> Option<&'a Test> {
    let test = judging.pack.test(&control.text.test)?;
    let asks = |step: &Step| reads(step).is_some_and(|name| name == ARRIVALS || name == CHANGES);
    let of_items = test.items.iter().flat_map(|items| &items.steps).any(asks);
    let of_rules =
        test.rules.iter().enumerate().any(|(at, rule)| rule.of.iter().any(asks) && is_asked(test, control, at));
    (of_items || of_rules).then_some(test)
}

/// All steps of a test.
fn steps(test: &Test) -> impl Iterator<Item = &Step> {
    test.items.iter().flat_map(|items| &items.steps).chain(test.rules.iter().flat_map(|rule| &rule.of))
}

/// The register that a step reads, or the list that it goes through.
fn reads(step: &Step) -> Option<&str> {
    step.each.as_deref().or(step.all.as_deref())
}
