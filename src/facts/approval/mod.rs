//! Approvals: who consented to which change, by every way that projects write it down.

pub mod beside;
mod bound;
pub mod builtin;
pub mod compile;
pub mod dialect;
pub mod found;
mod grammar;
mod later;
pub mod line;
pub mod matcher;
mod patterns;
pub mod proof;
pub mod reader;
pub mod robots;
pub mod signers;
pub mod trail;
pub mod witness;
