//! tickmark holds what an organisation documents against what its repository shows it did.

pub mod demo;
pub mod error;
pub mod facts;
pub mod reports;
pub mod sources;
pub mod text;
