//! Bytes with positions and no opinion: Git, files, YAML, Markdown, trailers, and the histories that scripts make.

pub mod blocks;
pub mod codeowners;
pub mod commit;
pub mod content;
pub mod create;
pub mod embedded;
mod front_matter;
pub mod history;
pub mod line;
mod loose;
pub mod mailmap;
pub mod markdown;
pub mod notes;
pub mod oid;
mod opening;
mod packs;
pub mod records;
pub mod replay;
pub mod repo;
pub mod script;
pub mod trailers;
pub mod tree;
pub mod tree_diff;
pub mod tree_object;
pub mod tree_walk;
pub mod writers;
pub mod yaml;
