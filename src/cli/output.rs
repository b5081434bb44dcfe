//! Where a report goes, and how it is drawn there.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tempfile::NamedTempFile;

use super::{Color, Global};
use crate::engine::Checked;
use crate::error::{Error, Kind, Result};
use crate::reports::people::Style;

/// What was read, and what was not.
#[must_use]
pub fn end(checked: &Checked) -> String {
    let (controls, files) = checked.read;
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    let read = format!("{controls} control{} in {files} file{} read", plural(controls), plural(files));
    let mut end = format!("{read}, as of {}\n", checked.calendar.as_of);
    end.extend(checked.report().remarks().into_iter().map(|line| line + "\n"));
    end
}

/// A bar on standard error, only where that is a terminal.
#[must_use]
pub fn progress() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} commits read, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// How the report is drawn: as wide as the terminal, and in colours where it has them and nobody asked for none.
#[must_use]
pub fn style(global: &Global) -> Style {
    let terminal = io::stdout().is_terminal() && global.output.is_none();
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let color = match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => set("CLICOLOR_FORCE") || (terminal && !set("NO_COLOR")),
    };
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = columns.or_else(|| if terminal { measured() } else { None }).unwrap_or(80);
    Style { width: width.clamp(40, 120), color }
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
