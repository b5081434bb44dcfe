//! One rule asked of one item.

use super::outcome::Outcome;
use super::{Frame, Run, covered, within};
use crate::policies::expression::Undecided;
use crate::policies::records::{Asked, Rule};

impl Run<'_> {
    pub(super) fn ask(&self, rule: &Rule, frame: &Frame) -> Outcome {
        match self.holds(rule.only.as_ref(), frame) {
            Ok(true) => self.asked(rule, frame).unwrap_or_else(Outcome::Undecided),
            Ok(false) => Outcome::NotAsked,
            Err(why) => Outcome::Undecided(why),
        }
    }

    fn asked(&self, rule: &Rule, frame: &Frame) -> Result<Outcome, Undecided> {
        let value = |expression: &crate::policies::expression::Expression| expression.evaluate(frame, &self.context);
        match &rule.asked {
            Asked::Each(require) => {
                let holds = require.holds(frame, &self.context)?;
                Ok(if holds { Outcome::Holds(None) } else { Outcome::Fails(Vec::new()) })
            }
            Asked::Within { due, done, shown_until, finds } => {
                let shown_until = shown_until.as_deref().map(value).transpose()?;
                within::check(&self.context, &value(due)?, &value(done)?, shown_until.as_ref(), *finds)
            }
            Asked::Covered(asked) => {
                let optional = |one: &Option<_>| one.as_ref().map(value).transpose();
                let cover = covered::Cover {
                    starts: value(&asked.starts)?,
                    ends: optional(&asked.ends)?,
                    lasts: optional(&asked.lasts)?,
                    from: optional(&asked.from)?,
                    to: optional(&asked.to)?,
                };
                covered::check(self.context.calendar, self.period, &cover)
            }
        }
    }
}
