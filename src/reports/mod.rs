//! One small file a format, all over the same facts and findings.

pub mod approval;
pub mod checkstyle;
pub mod due;
pub mod entry;
pub mod explain;
pub mod findings_csv;
pub mod github;
pub mod gitlab;
pub mod import;
pub mod json;
pub mod json_lines;
pub mod junit;
pub mod list;
pub mod markdown;
pub mod people;
pub mod period;
pub mod results_json;
pub mod sample;
pub mod sarif;
pub mod schemas;
mod snippets;
mod totals;
pub mod trail_csv;
pub mod trail_json;
pub mod trail_table;
pub mod trial;
mod xml;
