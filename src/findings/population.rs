//! The `n` of "k of n", and what was left out of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Items that a test applied to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Population {
    /// Number of items that were tested.
    pub size: usize,
    /// Number of items that are not yet due; outside the size.
    pub pending: usize,
    /// What was left out, and why.
    pub excluded: Vec<Exclusion>,
}

/// Items that a test leaves out for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exclusion {
    /// Why they are left out.
    pub why: String,
    /// How many.
    pub count: usize,
}

impl Population {
    /// Adds what another part of the same test was applied to.
    pub fn add(&mut self, other: Self) {
        self.size += other.size;
        self.pending += other.pending;
        for exclusion in other.excluded {
            match self.excluded.iter_mut().find(|known| known.why == exclusion.why) {
                Some(known) => known.count += exclusion.count,
                None => self.excluded.push(exclusion),
            }
        }
    }

    /// Leaves one more item out for a reason.
    pub fn exclude(&mut self, why: &str) {
        match self.excluded.iter_mut().find(|exclusion| exclusion.why == why) {
            Some(exclusion) => exclusion.count += 1,
            None => self.excluded.push(Exclusion { why: why.to_owned(), count: 1 }),
        }
    }
}
