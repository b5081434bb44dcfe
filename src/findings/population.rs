//! The `n` of "k of n", and what was left out of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Day;
use crate::sources::content::sha256;
use crate::text::safe;

/// Items that a test applied to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Population {
    /// Number of items that were tested.
    pub size: usize,
    /// Number of items that are not yet due; outside the size.
    pub pending: usize,
    /// What was left out, and why.
    pub excluded: Vec<Exclusion>,
    /// Items of a kind that is counted on its own, such as emergencies; within the size, or pending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of_which: Vec<Kind>,
    /// The items themselves: those that were tested and those that are not yet due. Results tell their number alone.
    #[serde(skip)]
    pub members: Vec<Member>,
}

/// One item of a population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What identifies it for good. Findings about it have the same key.
    pub key: String,
    /// How people name it.
    pub name: String,
    /// The day on which it happened, or began, by the organisation's clock; nothing where it has no day of its own.
    pub on: Option<Day>,
    /// The day on which it was done, where that is another thing than that it happened.
    pub done: Option<Day>,
    /// Whether it is not yet due.
    pub pending: bool,
}

impl Member {
    /// An item that is tested.
    #[must_use]
    pub fn new(key: impl Into<String>, name: impl Into<String>, on: Option<Day>) -> Self {
        Self { key: key.into(), name: name.into(), on, done: None, pending: false }
    }

    /// Its key as one clean line: as it is printed, and as digests and samples are made of it.
    #[must_use]
    pub fn line(&self) -> String {
        safe(&self.key)
    }
}

/// How many of the items are of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Kind {
    /// What they are called.
    pub kind: String,
    /// How many.
    pub count: usize,
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
    /// Takes in one more item that was tested.
    pub fn tested(&mut self, member: Member) {
        self.size += 1;
        self.members.push(member);
    }

    /// Takes in one more item that is not yet due.
    pub fn waits(&mut self, member: Member) {
        self.pending += 1;
        self.members.push(Member { pending: true, ..member });
    }

    /// Adds what another part of the same test was applied to.
    pub fn add(&mut self, other: Self) {
        self.size += other.size;
        self.pending += other.pending;
        self.members.extend(other.members);
        for of in other.of_which {
            match self.of_which.iter_mut().find(|known| known.kind == of.kind) {
                Some(known) => known.count += of.count,
                None => self.of_which.push(of),
            }
        }
        for exclusion in other.excluded {
            match self.excluded.iter_mut().find(|known| known.why == exclusion.why) {
                Some(known) => known.count += exclusion.count,
                None => self.excluded.push(exclusion),
            }
        }
    }

    /// The same numbers without the items.
    #[must_use]
    pub fn counts(&self) -> Self {
        let Self { size, pending, excluded, of_which, members: _ } = self;
        Self {
            size: *size,
            pending: *pending,
            excluded: excluded.clone(),
            of_which: of_which.clone(),
            members: Vec::new(),
        }
    }

    /// SHA-256 over the keys of all items, sorted by their bytes, each with a line feed behind it. Whoever has the same
    /// items has the same digest, in whatever order they were found.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut keys: Vec<String> = self.members.iter().map(Member::line).collect();
        keys.sort_unstable();
        let text: String = keys.into_iter().map(|key| key + "\n").collect();
        sha256(text.as_bytes())
    }

    /// Counts one more item of a kind.
    pub fn remark(&mut self, kind: &str) {
        match self.of_which.iter_mut().find(|known| known.kind == kind) {
            Some(known) => known.count += 1,
            None => self.of_which.push(Kind { kind: kind.to_owned(), count: 1 }),
        }
    }

    /// Number of items of a kind.
    #[must_use]
    pub fn count(&self, kind: &str) -> usize {
        self.of_which.iter().find(|known| known.kind == kind).map_or(0, |known| known.count)
    }

    /// Leaves one more item out for a reason.
    pub fn exclude(&mut self, why: &str) {
        match self.excluded.iter_mut().find(|exclusion| exclusion.why == why) {
            Some(exclusion) => exclusion.count += 1,
            None => self.excluded.push(Exclusion { why: why.to_owned(), count: 1 }),
        }
    }
}
