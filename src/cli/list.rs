//! `tickmark list`: what is listed, and which of it.

use clap::{Args, ValueEnum};

use crate::error::{Error, Kind, Result};
use crate::findings::finding::Severity;
use crate::policies::controls::Documents;
use crate::policies::pack::Pack;
use crate::policies::test::{Rule, Test};
use crate::reports::list::Listed;
use crate::text::shown;

/// What is listed, and which of it.
#[derive(Clone, Debug, Args)]
pub struct List {
    /// What to list
    #[arg(value_enum, default_value_t = What::Controls)]
    pub what: What,
    /// Only those of this area, which is the first part of a rule's name, such as access
    #[arg(long, value_name = "AREA")]
    pub area: Option<String>,
    /// Only those that serve this criterion, such as CC8.1
    #[arg(long, value_name = "ID")]
    pub criterion: Option<String>,
    /// Only those of this test, such as leavers
    #[arg(long, value_name = "TEST")]
    pub test: Option<String>,
    /// Only controls of this owner, as they name them
    #[arg(long, value_name = "OWNER")]
    pub owner: Option<String>,
    /// Only rules of this severity
    #[arg(long, value_enum)]
    pub severity: Option<Weight>,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// The controls of this repository.
    Controls,
    /// The tests that a control can name, with the controls that do.
    Tests,
    /// The rules, each with its test.
    Rules,
}

/// How much a finding of a rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Weight {
    /// It fails.
    Error,
    /// It is to be looked at.
    Warning,
    /// It is worth knowing.
    Note,
}

impl List {
    /// Whether what is listed stands in a repository.
    #[must_use]
    pub fn of_repository(&self) -> bool {
        self.what == What::Controls || self.owner.is_some()
    }

    /// What is listed.
    ///
    /// # Errors
    /// An area, a test or a criterion that nothing has: a list without anything in it would look like an answer.
    pub fn listed<'a>(&self, pack: &'a Pack, documents: &'a Documents) -> Result<Listed<'a>> {
        self.known(pack, documents)?;
        let owned = |owner: &str| self.owner.as_deref().is_none_or(|name| name.eq_ignore_ascii_case(owner));
        let controls = || {
            documents.controls.iter().filter(|control| {
                let text = &control.text;
                let test = pack.test(&text.test);
                owned(&text.owner) && self.cites(&text.criteria) && test.is_some_and(|test| self.has(test))
            })
        };
        let naming = |test: &Test| -> Vec<&'a str> {
            let named = documents.controls.iter().filter(|control| control.text.test == test.test);
            named.filter(|control| owned(&control.text.owner)).map(|control| control.text.id.as_str()).collect()
        };
        Ok(match self.what {
            What::Controls => Listed::Controls(controls().collect()),
            What::Tests => {
                let tests = pack.tests.iter().filter(|test| self.cites(&test.criteria) && self.has(test));
                let tests = tests.map(|test| (test, naming(test)));
                Listed::Tests(tests.filter(|(_, controls)| self.owner.is_none() || !controls.is_empty()).collect())
            }
            What::Rules => {
                let of_test = |test: &Test| self.cites(&test.criteria) && self.is_named(test);
                let rules = pack.rules().filter(|(test, rule)| of_test(test) && self.takes(rule));
                let rules = rules.filter(|(test, _)| self.owner.is_none() || !naming(test).is_empty());
                Listed::Rules(rules.collect())
            }
        })
    }

    fn cites(&self, criteria: &[String]) -> bool {
        self.criterion.as_ref().is_none_or(|id| criteria.iter().any(|cited| cited.eq_ignore_ascii_case(id)))
    }

    fn is_named(&self, test: &Test) -> bool {
        self.test.as_ref().is_none_or(|name| *name == test.test)
    }

    /// Whether a test is the one that is named, and has a rule that is asked for.
    fn has(&self, test: &Test) -> bool {
        self.is_named(test) && test.rules.iter().any(|rule| self.takes(rule))
    }

    fn takes(&self, rule: &Rule) -> bool {
        let weight = match rule.severity {
            Severity::Error => Weight::Error,
            Severity::Warning => Weight::Warning,
            Severity::Note => Weight::Note,
        };
        self.area.as_deref().is_none_or(|name| area(rule) == name) && self.severity.is_none_or(|asked| asked == weight)
    }

    fn known(&self, pack: &Pack, documents: &Documents) -> Result<()> {
        let wrong = |what: &str, name: &str, hint: &str| {
            Err(Error::new(Kind::Usage, format!("there is no {what} called {}", shown(name))).hint(hint))
        };
        if let Some(name) = self.area.as_deref().filter(|name| !pack.rules().any(|(_, rule)| area(rule) == *name)) {
            return wrong("area", name, "see the areas: tickmark list rules");
        }
        if let Some(name) = self.test.as_deref().filter(|name| pack.test(name).is_none()) {
            return wrong("test", name, "see all of them: tickmark list tests");
        }
        let own = documents.controls.iter().map(|control| &control.text.criteria);
        let cited: Vec<&String> = pack.tests.iter().map(|test| &test.criteria).chain(own).flatten().collect();
        if let Some(id) = &self.criterion
            && !cited.iter().any(|known| known.eq_ignore_ascii_case(id))
        {
            return wrong("criterion that a test or a control serves", id, "write it so: --criterion CC8.1");
        }
        Ok(())
    }
}

/// The first part of a rule's name.
fn area(rule: &Rule) -> &str {
    rule.id.split('/').next().unwrap_or_default()
}
