//! What happened, typed and dated, each fact with its place.

pub mod approval;
pub mod calendar;
pub mod code_owners;
pub mod coverage;
pub mod deployment;
pub mod document;
pub mod forge;
pub mod gap;
pub mod gather;
pub mod landing;
pub mod mailmaps;
pub mod moment;
pub mod person;
pub mod register;
