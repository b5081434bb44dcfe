//! Policy packs: tests and their rules, as data, embedded in the program.

pub mod controls;
pub mod pack;
pub mod test;
pub mod trails;
