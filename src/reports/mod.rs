//! One small file a format, all over the same facts and findings.

pub mod approval;
pub mod due;
pub mod explain;
pub mod import;
pub mod json;
pub mod list;
pub mod people;
pub mod results_json;
pub mod schemas;
mod snippets;
mod totals;
pub mod trail_json;
pub mod trail_table;
pub mod trial;
