//! What the organisation documents, each value with its place.

pub mod about;
pub mod control;
pub mod criteria;
pub mod duty;
pub mod holidays;
pub mod in_force;
pub mod policy;
pub mod quantity;
pub mod response;
pub mod roster;
pub mod written;
