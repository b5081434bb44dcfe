//! Registers: the records of who, what and when that controls are held against.

pub mod value;
