//! Approvals: who consented to which change, by every way that projects write it down.

pub mod beside;
pub mod builtin;
mod compile;
pub mod dialect;
mod grammar;
pub mod matcher;
mod patterns;
pub mod robots;
pub mod trail;
