//! Files that describe the organisation.

pub mod fault;
