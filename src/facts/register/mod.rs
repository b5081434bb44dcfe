//! Registers: the records of who, what and when that controls are held against.

pub mod builtin;
pub mod definition;
pub mod episodes;
pub mod files;
pub mod mapped;
pub mod mapping;
mod path;
pub mod people;
pub mod provenance;
pub mod store;
pub mod typed;
pub mod value;
mod words;
