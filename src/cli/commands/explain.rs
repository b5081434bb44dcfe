//! `tickmark explain`.

use super::request;
use crate::cli::output::Output;
use crate::cli::terminal::{report_faults, style};
use crate::cli::{Format, Global};
use crate::engine;
use crate::error::{Error, Exit, Kind, Result};
use crate::facts::approval::builtin;
use crate::policies::mappings::Mappings;
use crate::reports::{explain, json};

pub(super) fn explain(global: &Global, rule: Option<&str>) -> Result<Exit> {
    let (pack, faults) = engine::pack(&request(global, engine::directory(global.directory.as_deref()), &|_| ()))?;
    let dialects = builtin::dialects()?;
    let mappings = Mappings::builtin()?.ready;
    let width = style(global).width;
    let json = global.format == Format::Json;
    let text = match rule {
        None if json => explain::list_json(&pack, &dialects, &mappings)?,
        None => explain::list(pack.rules(), dialects.iter(), mappings.iter()).into_bytes(),
        Some(name) => {
            let dialect = dialects.iter().find(|dialect| dialect.dialect == name);
            let mapping = mappings.iter().find(|mapping| mapping.mapping == name);
            match (pack.rule(name), dialect, mapping) {
                (Some((test, rule)), ..) if json => explain::rule_json(test, rule)?,
                (Some((test, rule)), ..) => explain::rule(test, rule, width).into_bytes(),
                (_, Some(dialect), _) if json => json::pretty(dialect)?,
                (_, Some(dialect), _) => explain::dialect(dialect, width).into_bytes(),
                (_, _, Some(mapping)) if json => json::pretty(mapping)?,
                (_, _, Some(mapping)) => explain::mapping(mapping, width).into_bytes(),
                (None, None, None) => {
                    // The rule may be one of a test that has a fault.
                    report_faults(&faults, global)?;
                    let hint = "see all of them: tickmark explain";
                    let why = format!("there is no rule, dialect or mapping called `{name}`");
                    return Err(Error::new(Kind::Usage, why).hint(hint));
                }
            }
        }
    };
    let mut out = Output::open(global)?;
    out.write(&text)?;
    out.close()?;
    Ok(Exit::Clean)
}
