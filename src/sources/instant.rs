//! An instant as people write it down, with the offset of their clock.

use jiff::fmt::temporal::{Pieces, PiecesOffset};
use schemars::JsonSchema;
use serde::Deserialize;

/// An instant, with the offset from UTC that is written beside it: `2026-03-04T18:22:00+01:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Instant {
    /// Seconds since 1970 in UTC.
    pub seconds: i64,
    /// Offset from UTC in minutes.
    pub offset: i32,
}

impl TryFrom<String> for Instant {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let wanted = || format!("`{text}` is not a date with time and offset, such as 2026-03-04T18:22:00+01:00");
        let pieces = Pieces::parse(&text).map_err(|_| wanted())?;
        let (Some(time), Some(offset)) = (pieces.time(), pieces.offset()) else { return Err(wanted()) };
        let offset = match offset {
            PiecesOffset::Zulu => jiff::tz::Offset::UTC,
            PiecesOffset::Numeric(offset) => offset.offset(),
            _ => return Err(wanted()),
        };
        let instant = offset.to_timestamp(pieces.date().to_datetime(time)).map_err(|_| wanted())?;
        Ok(Self { seconds: instant.as_second(), offset: offset.seconds() / 60 })
    }
}

impl JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "A date with time and offset, such as 2026-03-04T18:22:00+01:00."
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_instant_keeps_its_offset() {
        let read = |text: &str| Instant::try_from(text.to_owned());
        assert_eq!(read("2026-03-04T18:22:00+01:00").unwrap(), Instant { seconds: 1_772_644_920, offset: 60 });
        assert_eq!(read("2026-03-04T17:22:00Z").unwrap(), Instant { seconds: 1_772_644_920, offset: 0 });
        assert_eq!(read("2026-03-04T13:52:00-03:30").unwrap().offset, -210);
        assert!(read("2026-03-04T18:22:00").is_err());
        assert!(read("2026-03-04").is_err());
    }
}
