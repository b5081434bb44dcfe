//! Policy packs: tests and their rules, as data, embedded in the program or beside the controls of a repository.

pub mod cases;
pub mod controls;
pub mod custom;
pub mod definitions;
pub mod expression;
pub mod in_force;
pub mod mappings;
pub mod pack;
pub mod records;
pub mod registers;
pub mod responses;
pub mod statements;
pub mod test;
pub mod trails;
pub mod weaker;
pub mod written;
