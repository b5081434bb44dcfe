//! Bytes with positions and no opinion: Git, files, YAML, Markdown, trailers.
