//! Approvals: who consented to which change, by every way that projects write it down.

pub mod beside;
pub mod builtin;
pub mod dialect;
mod grammar;
pub mod matcher;
pub mod robots;
pub mod trail;
