//! How much one test may ask of the machine, whatever the registers hold.

use std::sync::atomic::{AtomicU64, Ordering};

/// Steps that one test of one control may take, over all of its items: a hundred times what a large organisation needs,
/// and about a minute of work.
pub const MAX_TEST_STEPS: u64 = 4_000_000_000;

/// Evaluations that take no more steps are not counted one by one: their number is bounded by what leads to them.
const SMALL: u32 = 64;

/// Steps that are left for a test, shared among the threads that it runs on. Whether they suffice does not depend on
/// how the work is shared out, so a test that runs out of them must be told as a whole, never by what was done before.
#[derive(Debug)]
pub struct Budget {
    all: u64,
    spent: AtomicU64,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(MAX_TEST_STEPS)
    }
}

impl Budget {
    /// So many steps.
    #[must_use]
    pub const fn new(steps: u64) -> Self {
        Self { all: steps, spent: AtomicU64::new(0) }
    }

    /// Takes steps.
    pub fn spend(&self, steps: usize) {
        // Far below what could overflow: once it is spent nothing goes on that takes more than one evaluation.
        self.spent.fetch_add(steps as u64, Ordering::Relaxed);
    }

    pub(super) fn evaluated(&self, steps: u32) {
        if steps > SMALL {
            self.spend(steps as usize);
        }
    }

    /// Whether no steps are left.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.spent.load(Ordering::Relaxed) > self.all
    }

    /// Why a test has no result, in words.
    #[must_use]
    pub fn why(&self) -> String {
        format!("the test takes more than {} steps", self.all)
    }
}
