//! Checks: facts and parameters in, findings out. One folder for each area.

pub mod change;
pub mod compose;
pub mod documents;
pub mod evidence;
pub mod records;
