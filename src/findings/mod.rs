//! What the checks found: findings, populations, and the ledger that holds both.

pub mod finding;
pub mod fingerprint;
pub mod imported;
pub mod ledger;
pub mod pending;
pub mod population;
pub mod trial;
