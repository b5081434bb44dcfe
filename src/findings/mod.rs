//! What the checks found: findings, populations, and the ledger that holds both.

pub mod baseline;
pub mod finding;
pub mod fingerprint;
pub mod impact;
pub mod imported;
pub mod ledger;
pub mod pending;
pub mod population;
pub mod response;
pub mod sample;
pub mod selection;
pub mod standing;
pub mod suppression;
pub mod trial;
