//! Where a report goes.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Global;
use crate::engine::Checked;
use crate::error::{Error, Kind, Result};
use crate::facts::calendar::{Day, Period};

/// What was read, and what was not.
#[must_use]
pub fn end(checked: &Checked) -> String {
    let (controls, files) = checked.read;
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    let read = format!("{controls} control{} in {files} file{} read", plural(controls), plural(files));
    let mut end = format!("{read}, as of {}\n", checked.calendar.as_of);
    if checked.extent.is_none() {
        let Period { from, to } = checked.calendar.period;
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let words = match (from, to) {
            (None, None) => "all that there is, since no period is asked for".to_owned(),
            _ => format!("the whole period, {}..{}", day(from), day(to)),
        };
        let _ = writeln!(end, "range: {words}");
    }
    end.extend(checked.report().remarks().into_iter().map(|line| line + "\n"));
    end
}

/// Where the report goes: standard output, or a file that appears only once it is complete.
#[derive(Debug)]
pub enum Output {
    /// Standard output.
    Standard(io::Stdout),
    /// A file, as it is written and where it is to appear.
    File(NamedTempFile, PathBuf),
}

impl Output {
    /// Opens what the options name.
    ///
    /// # Errors
    /// The file is a link or a folder, or nothing can be written beside it.
    pub fn open(global: &Global) -> Result<Self> {
        global.output.as_ref().map_or_else(|| Ok(Self::Standard(io::stdout())), |path| Self::to(path))
    }

    /// Opens a file that appears once it is complete.
    ///
    /// # Errors
    /// It is a link or a folder, or nothing can be written beside it.
    pub fn to(path: &Path) -> Result<Self> {
        let failed =
            |error: io::Error| Error::new(Kind::Source, format!("{} cannot be written: {error}", path.display()));
        if path.symlink_metadata().is_ok_and(|data| data.is_symlink() || data.is_dir()) {
            let message = format!("{} is a link or a folder, and is not written to", path.display());
            return Err(Error::new(Kind::Source, message).hint("name a plain file: --output report.json"));
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        // A report is a file like any other: who may read it, the umask says.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.prefix(".tickmark-").tempfile_in(folder).map_err(failed)?;
        Ok(Self::File(file, path.to_path_buf()))
    }

    /// Writes; a reader that has gone away, as `head` does, is no error, and changes no exit status.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = match self {
            Self::Standard(out) => out.write_all(bytes).and_then(|()| out.flush()),
            Self::File(out, _) => out.write_all(bytes),
        };
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::new(Kind::Source, format!("the report cannot be written: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Ends it: a file appears under its name.
    ///
    /// # Errors
    /// The file cannot be written or moved to its place.
    pub fn close(self) -> Result<()> {
        let Self::File(file, path) = self else { return Ok(()) };
        let failed =
            |error: io::Error| Error::new(Kind::Source, format!("{} cannot be written: {error}", path.display()));
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}
