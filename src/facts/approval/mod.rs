//! Approvals: who consented to which change, by every way that projects write it down.

pub mod dialect;
mod grammar;
pub mod matcher;
pub mod robots;
