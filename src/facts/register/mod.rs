//! Registers: the records of who, what and when that controls are held against.

pub mod builtin;
pub mod definition;
pub mod people;
pub mod typed;
pub mod value;
