//! `tickmark schema`.

use super::print;
use crate::cli::Global;
use crate::error::{Error, Exit, Kind, Result};
use crate::reports::schemas;
use crate::text::safe;

pub(super) fn schema(global: &Global, name: Option<&str>) -> Result<Exit> {
    let text = match name {
        None => schemas::SCHEMAS.iter().map(|(name, _)| format!("{name}\n")).collect(),
        Some(name) => schemas::find(name)
            .ok_or_else(|| {
                let hint = "see all of them: tickmark schema";
                Error::new(Kind::Usage, format!("there is no schema called `{}`", safe(name))).hint(hint)
            })?
            .to_owned(),
    };
    print(global, text.as_bytes())
}
