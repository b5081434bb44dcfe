//! `tickmark lsp`.

use std::io;

use jiff::Timestamp;

use crate::cli::{Format, Global};
use crate::error::{Error, Exit, Kind, Result};
use crate::lsp;

pub(super) fn lsp(global: &Global) -> Result<Exit> {
    if global.format == Format::Json || global.output.is_some() {
        return Err(Error::new(Kind::Usage, "lsp speaks with an editor: it takes no --format and no --output")
            .hint("to write what is found into a file: tickmark check --output findings.txt"));
    }
    let options = lsp::Options {
        directory: global.directory.clone(),
        config: global.config.clone(),
        as_of: global.as_of.clone(),
        period: global.period.clone(),
        now: Timestamp::now,
    };
    lsp::serve(&options, io::BufReader::new(io::stdin()), &mut io::stdout())
}
