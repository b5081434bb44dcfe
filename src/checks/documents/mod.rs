//! Files that describe the organisation.

pub mod about;
pub mod fault;
pub mod owners;
pub mod prose;
pub mod version;
pub mod weakened;
