//! What the organisation documents, each value with its place.

pub mod control;
pub mod holidays;
pub mod policy;
pub mod quantity;
pub mod roster;
pub mod written;
