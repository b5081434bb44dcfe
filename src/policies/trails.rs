//! The dialects that a repository's approvals are read in: those that come with the program, and its own.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Fault, Result};
use crate::facts::approval::builtin;
use crate::facts::approval::dialect::Dialect;
use crate::facts::approval::matcher::Matcher;
use crate::sources::tree;
use crate::sources::yaml;
use crate::text::{SourceText, Span};

/// Folder of a repository's own dialects.
const FOLDER: &str = "policies/dialects";
/// Read co-authors in every project, and what the register of changes says; chosen or not, they apply.
const ALWAYS: [&str; 2] = ["git", "forge-records"];

/// Compiles dialects, which takes longer than all else that a small repository asks for.
///
/// # Errors
/// A dialect that comes with the program is wrong, which the tests exclude.
pub fn matcher(dialects: Vec<Dialect>) -> Result<Matcher> {
    Matcher::new(dialects, builtin::robots()?).map_err(|bad| builtin::unusable(&bad))
}

/// The dialects that `trails` chooses: `auto`, or names. A repository's own dialect stands beside the built-in ones, or in
/// place of the one whose name it has. Whatever is wrong with one of them is a fault, and the others are used all the
/// same.
///
/// # Errors
/// A dialect that comes with the program is wrong, which the tests exclude.
pub fn dialects(root: Option<&Path>, trails: &[String]) -> Result<(Vec<Dialect>, Vec<Fault>)> {
    let mut dialects = builtin::dialects()?;
    let mut faults = Vec::new();
    for file in root.map(|root| tree::read_all(root, FOLDER, &["*.yaml", "*.yml"])).unwrap_or_default() {
        match file.map_err(|fault| vec![fault]).and_then(|source| own(&source)) {
            Ok(own) => {
                dialects.retain(|dialect| dialect.dialect != own.dialect);
                dialects.push(own);
            }
            Err(found) => faults.extend(found),
        }
    }
    if !trails.iter().any(|name| name == "auto") {
        dialects.retain(|dialect| ALWAYS.contains(&dialect.dialect.as_str()) || trails.contains(&dialect.dialect));
        for dialect in &mut dialects {
            // Whoever names a dialect knows that it is used; no share of the history has to show it.
            dialect.auto_share = 0.0;
        }
    }
    Ok((dialects, faults))
}

/// Reads a repository's own dialect, and compiles it alone, so that what is wrong is told at its place.
fn own(source: &Arc<SourceText>) -> std::result::Result<Dialect, Vec<Fault>> {
    let documents = yaml::parse(source)?;
    let Some(document) = documents.first() else { return Err(Vec::new()) };
    let dialect: Dialect = yaml::read(document)?;
    match Matcher::new(vec![dialect.clone()], crate::facts::approval::robots::Robots::default()) {
        Ok(_) => Ok(dialect),
        Err(bad) => {
            let at = source.text().find(&bad.words).filter(|_| !bad.words.is_empty());
            let span = at.map_or_else(
                || document.entry_span("/dialect").unwrap_or_default(),
                |at| Span::new(at, at + bad.words.len()),
            );
            Err(vec![Fault {
                rule: "documents/bad-value",
                message: format!("the dialect {} cannot be used: {}", bad.dialect, last_line(&bad.message)),
                label: "this expression".to_owned(),
                help: Some("see the built-in ones: tickmark explain".to_owned()),
                source: Arc::clone(source),
                span,
                other: None,
            }])
        }
    }
}

/// The last line of a regular expression's error says what is wrong; those before draw it.
fn last_line(message: &str) -> &str {
    message.lines().last().unwrap_or(message).trim_start_matches("error: ")
}
