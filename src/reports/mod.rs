//! One small file a format, all over the same facts and findings.

pub mod json;
pub mod trail_json;
