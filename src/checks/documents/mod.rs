//! Files that describe the organisation.

pub mod duties;
pub mod fault;
pub mod linked;
pub mod version;
pub mod weakened;
