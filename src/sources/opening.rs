//! Finds the repository around a folder, and says in words why one cannot be opened.

use std::path::Path;

use git2::{ErrorClass, ErrorCode, Repository};

use crate::error::{Error, Kind, Result};

/// A bare repository that somebody put into a subfolder would be used unasked; only the folder that the user named
/// may be one.
pub(super) fn discover(folder: &Path) -> Result<Repository> {
    let found = Repository::discover(folder).map_err(|error| explain_open(folder, &error))?;
    if found.is_bare() {
        return Err(Error::new(
            Kind::Source,
            format!("{} lies inside the bare repository {}", folder.display(), found.path().display()),
        )
        .hint(format!("if it is the one you mean, name it: tickmark -C {}", found.path().display())));
    }
    Ok(found)
}

pub(super) fn explain_open(folder: &Path, error: &git2::Error) -> Error {
    let shown = folder.display();
    let text = error.message();
    if error.code() == ErrorCode::Owner {
        return Error::new(Kind::Source, format!("{shown} belongs to another user, so Git does not trust it"))
            .hint(format!("if you do: git config --global --add safe.directory {shown}"));
    }
    for (sign, what) in [
        ("sha256", "it names its objects by SHA-256, which is not read yet"),
        ("refstorage", "it keeps its references in a reftable, which is not read yet"),
        ("partialclone", "it is a partial clone of a format that is not read"),
    ] {
        if text.contains(sign) {
            return Error::new(Kind::Unreadable, format!("{shown} cannot be read: {what}")).hint(
                "make a complete clone in Git's default format: git clone --ref-format=files URL (objects by SHA-1)",
            );
        }
    }
    match (error.class(), error.code()) {
        (ErrorClass::Repository, ErrorCode::NotFound) | (_, ErrorCode::NotFound) => {
            Error::new(Kind::Source, format!("{shown} is not in a Git repository"))
                .hint("go to one, or name it: tickmark -C DIR")
        }
        _ => Error::new(Kind::Source, format!("{shown} cannot be opened as a Git repository: {text}"))
            .hint("see what is damaged: git fsck --full"),
    }
}
