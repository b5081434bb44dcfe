//! Expressions: what they mean, what is said of wrong ones, and that no text hurts.
//!
//! Every `tests/expressions/<fault>.yaml` has its fault beside it in `<fault>.expected`, as it is drawn at 80 columns,
//! and the very characters that the label stands at. `BLESS=1` rewrites them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "expressions/cel.rs"]
mod cel_itself;
#[path = "expressions/faults.rs"]
mod faults;
#[path = "expressions/hostile.rs"]
mod hostile;
#[path = "expressions/meaning.rs"]
mod meaning;
#[path = "expressions/world.rs"]
mod world;
