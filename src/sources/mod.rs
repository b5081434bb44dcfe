//! Bytes with positions and no opinion: Git, files, YAML, Markdown, trailers.

/// YAML documents with the place of every key and value.
pub mod yaml;
