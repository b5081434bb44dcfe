//! tickmark holds what an organisation documents against what its repository shows it did.

pub mod checks;
pub mod cli;
pub mod config;
pub mod demo;
pub mod engine;
pub mod error;
pub mod facts;
pub mod findings;
pub mod lsp;
pub mod policies;
pub mod reports;
pub mod sources;
pub mod starter;
pub mod text;
