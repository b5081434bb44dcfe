//! Files that describe the organisation.

pub mod about;
pub mod aside;
pub mod coverage;
pub mod duties;
pub mod fault;
pub mod linked;
pub mod owners;
pub mod prose;
pub mod redrafted;
pub mod responses;
pub mod version;
pub mod weakened;
