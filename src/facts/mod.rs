//! What happened, typed and dated, each fact with its place.

pub mod approval;
pub mod person;
