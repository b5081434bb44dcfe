//! Expressions: what they mean, what is said of wrong ones, and that no text hurts.
//!
//! Every `tests/expressions/<fault>.yaml` has its fault beside it in `<fault>.expected`, as it is drawn at 80 columns,
//! and the very characters that the label stands at. `BLESS=1` rewrites them.

#[path = "expressions/cel.rs"]
mod cel_itself;
mod faults;
mod hostile;
mod meaning;
mod world;
