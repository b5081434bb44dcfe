//! Which findings a response answers, and which of what it names there are none.

use std::cell::{Cell, OnceCell};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Answering;
use crate::checks::documents::responses::{Seen, finding};
use crate::facts::calendar::{Cycle, Day, Period};
use crate::facts::document::response::{Response, ResponseKind};
use crate::findings::finding::Finding;
use crate::findings::fingerprint::{fingerprint, name};
use crate::sources::tree::Glob;
use crate::text::{safe, shown};

const RULE: &str = "documents/response-unmatched";
/// What to do about what no response answers.
const PUT_RIGHT: &str =
    "Put right what cannot be read, or what is wrong with the response or the suppression that it is about";

/// What to do about a scope that leads to nothing.
const NAME_THEM: &str = "Name the rule and the control as tickmark check shows them. What belongs to a period that is over \
                         says so: period: 2026-H1.";

/// Fingerprints that are compared in a run to find one that was meant.
const MOST_COMPARED: usize = 1_000_000;

/// The findings by what responses name.
pub(super) struct Index<'a> {
    answering: &'a Answering<'a>,
    by_name: FxHashMap<String, usize>,
    by_rule: FxHashMap<(String, String), Vec<usize>>,
    /// Which findings no response answers, since they say that something could not be read, or what is wrong with answers.
    beyond: FxHashSet<usize>,
    /// For each finding what a scope asks of it: the item, and whether its day lies in a period.
    items: Vec<(String, Option<Day>)>,
    /// How many fingerprints were compared to find a near one.
    compared: Cell<usize>,
    /// The fingerprints that the items of the tests would have, each with its control and rule.
    tested: OnceCell<FxHashMap<String, (String, String)>>,
}

/// What a response answers.
#[derive(Default)]
pub(super) struct Matched {
    /// The findings, in their order.
    pub(super) covered: Vec<usize>,
    /// Rules and controls of items that it names and that are exceptions no more.
    pub(super) gone: Vec<(String, String)>,
    /// What it names that is nothing.
    pub(super) told: Vec<Finding>,
    /// Whether what it names can be known at all.
    pub(super) is_usable: bool,
}

impl<'a> Index<'a> {
    pub(super) fn of(findings: &[Finding], answering: &'a Answering<'a>) -> Self {
        let pack = answering.around.pack;
        let is_beyond = |found: &Finding| {
            found.is_untestable() || pack.is_about_reading(&found.rule) || pack.is_about_answers(&found.rule)
        };
        let mut by_rule: FxHashMap<(String, String), Vec<usize>> = FxHashMap::default();
        for (at, found) in findings.iter().enumerate() {
            let control = found.control.clone().unwrap_or_default();
            by_rule.entry((found.rule.clone(), control)).or_default().push(at);
        }
        Self {
            answering,
            by_name: findings.iter().enumerate().map(|(at, found)| (fingerprint(found), at)).collect(),
            by_rule,
            beyond: findings.iter().enumerate().filter(|(_, found)| is_beyond(found)).map(|(at, _)| at).collect(),
            items: findings.iter().map(|found| (found.item.clone(), found.on)).collect(),
            compared: Cell::new(0),
            tested: OnceCell::new(),
        }
    }

    /// What a response answers; nothing where it belongs to another period than the one that is asked about.
    pub(super) fn matched(&self, response: &Response) -> Option<Matched> {
        let says = &response.text;
        let period = says.period.as_deref().and_then(|period| days(period, self.answering));
        if period.is_some_and(|period| !meet(period, self.answering.around.calendar.period)) {
            return None;
        }
        let mut matched = Matched { is_usable: true, ..Matched::default() };
        for (at, name) in says.exceptions.iter().enumerate() {
            self.named(response, (at, name), &mut matched);
        }
        if says.exceptions.is_empty()
            && let (Some(rule), Some(control)) = (&says.rule, &says.control)
        {
            self.scoped(response, (rule, control), period, &mut matched);
        }
        matched.covered.sort_unstable();
        matched.covered.dedup();
        Some(matched)
    }

    /// What a fingerprint leads to.
    fn named(&self, response: &Response, (at, name): (usize, &str), matched: &mut Matched) {
        let key = format!("exceptions/{at}");
        let mut tell = |label: String, why: String, help: Option<String>| {
            let seen = Seen { part: name.to_owned(), help, ..Seen::at(&key, label) };
            let found = finding(self.answering.around.pack, RULE, response, seen.word("why", why));
            matched.told.extend(found);
        };
        if name.len() != 16 || !name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            let why = format!("{} is no fingerprint, which has 16 digits from 0 to f", shown(name));
            return tell("no fingerprint".to_owned(), why, None);
        }
        match self.by_name.get(name) {
            Some(found) if self.beyond.contains(found) => {
                let why = format!("{name} is of what no response answers");
                return tell("not to be answered".to_owned(), why, Some(PUT_RIGHT.to_owned()));
            }
            Some(found) => return matched.covered.push(*found),
            None => {}
        }
        if !self.answering.whole {
            return;
        }
        if let Some(near) = self.near(name) {
            return tell(format!("did you mean {near}?"), format!("nothing is found as {name}"), None);
        }
        match self.tested().get(name) {
            Some(of) if response.text.kind == ResponseKind::Remedied => matched.gone.push(of.clone()),
            Some(_) => {
                let why = format!("{name} is of an item that is no exception any more");
                tell("no exception any more".to_owned(), why, None);
            }
            None => tell("nothing is found as this".to_owned(), format!("nothing is found as {name}"), None),
        }
    }

    /// What a rule and a control lead to.
    fn scoped(
        &self,
        response: &Response,
        (rule, control): (&str, &str),
        period: Option<Period>,
        matched: &mut Matched,
    ) {
        let (around, says) = (self.answering.around, &response.text);
        let pack = around.pack;
        let tell = |key: &str, label: String, why: String, matched: &mut Matched| {
            let seen = Seen { help: Some(NAME_THEM.to_owned()), ..Seen::at(key, label) };
            matched.told.extend(finding(pack, RULE, response, seen.word("why", why)));
        };
        if pack.rule(rule).is_none() {
            let near = pack.rules_of(rule).err().flatten().filter(|near| near.contains('/'));
            let label = near.map_or_else(|| "no rule".to_owned(), |near| format!("did you mean {near}?"));
            return tell("rule", label, format!("there is no rule called {}", shown(rule)), matched);
        }
        if pack.is_about_reading(rule) || pack.is_about_answers(rule) {
            let why = format!("{rule} finds what no response answers");
            let seen = Seen { help: Some(PUT_RIGHT.to_owned()), ..Seen::at("rule", "not to be answered") };
            matched.told.extend(finding(pack, RULE, response, seen.word("why", why)));
            return;
        }
        let is_there = around.controls.iter().any(|one| one.text.id == control);
        if !is_there && self.answering.whole {
            let why = format!("there is no control called {}", shown(control));
            return tell("control", "no control".to_owned(), why, matched);
        }
        let glob = says.item.as_deref().and_then(|item| Glob::new(item).ok());
        let of_rule = self.by_rule.get(&(rule.to_owned(), control.to_owned())).into_iter().flatten().copied();
        matched.covered.extend(of_rule.filter(|at| {
            let (item, on) = &self.items[*at];
            // What has no day of its own is found as of the period that is asked about.
            let in_period = period.is_none_or(|period| on.is_none_or(|on| period.contains(on)));
            !self.beyond.contains(at) && in_period && glob.as_ref().is_none_or(|glob| glob.matches(item))
        }));
        if matched.covered.is_empty() && says.kind == ResponseKind::Remedied {
            matched.gone.push((control.to_owned(), rule.to_owned()));
        } else if matched.covered.is_empty() && self.answering.whole {
            let why = format!("{rule} finds nothing of {} that it names", safe(control));
            tell("rule", "finds nothing that it names".to_owned(), why, matched);
        }
    }

    /// The findings of a rule by a control.
    pub(super) fn of_rule(&self, control: &str, rule: &str) -> &[usize] {
        self.by_rule.get(&(rule.to_owned(), control.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The fingerprint of a finding that differs in a digit or two.
    fn near(&self, name: &str) -> Option<&String> {
        // Whoever names very many that are nothing is not helped by guesses.
        let compared = self.compared.get().saturating_add(self.by_name.len());
        self.compared.set(compared);
        if compared > MOST_COMPARED {
            return None;
        }
        let near = |other: &&String| strsim::osa_distance(other, name) <= 2;
        self.by_name.keys().filter(near).min_by_key(|other| (strsim::osa_distance(other, name), (*other).clone()))
    }

    fn tested(&self) -> &FxHashMap<String, (String, String)> {
        self.tested.get_or_init(|| {
            let mut all = FxHashMap::default();
            for result in self.answering.tests {
                let rules = self.answering.around.pack.test(&result.test).into_iter().flat_map(|test| &test.rules);
                for rule in rules {
                    for member in &result.population.members {
                        let of = (result.control.as_str(), result.repository.as_deref());
                        let name = name((&rule.id, Some(of.0)), (&member.key, ""), of.1);
                        all.insert(name, (result.control.clone(), rule.id.clone()));
                    }
                }
            }
            all
        })
    }
}

/// The days of a period, as people write it; nothing if it is none.
pub(super) fn days(period: &str, answering: &Answering<'_>) -> Option<Period> {
    let cycle = || Cycle::parse(period, answering.around.calendar.fiscal_start).ok().map(|cycle| cycle.period());
    Period::parse(period).or_else(cycle)
}

/// Why some text is no glob.
pub(super) fn no_glob(text: &str) -> Option<String> {
    Glob::new(text).err().map(|error| safe(error.msg))
}

/// Whether two periods have a day in common.
fn meet(one: Period, other: Period) -> bool {
    let begins = |one: Period, other: Period| one.from.is_none_or(|from| other.to.is_none_or(|to| from <= to));
    begins(one, other) && begins(other, one)
}
