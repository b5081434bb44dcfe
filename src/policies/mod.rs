//! Policy packs: tests and their rules, as data, embedded in the program.

pub mod pack;
pub mod test;
