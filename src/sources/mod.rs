//! Bytes with positions and no opinion: Git, files, YAML, Markdown, trailers.

/// Markdown: front matter, headings with their anchors, links.
pub mod markdown;
/// YAML documents with the place of every key and value.
pub mod yaml;
