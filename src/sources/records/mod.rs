//! Records as they stand in a file, whatever the file.
use crate::text::Span;
use std::sync::Arc;
/// One record as it stands in a file, before anything is known of its types.
#[derive(Clone, Debug)]
pub struct Raw {
    /// All of it.
    pub place: Span,
    /// Its fields.
    pub fields: Vec<RawField>,
}
/// One field.
#[derive(Clone, Debug)]
pub struct RawField {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_place: Span,
    /// Its value.
    pub value: RawValue,
}
/// A value.
#[derive(Clone, Debug)]
pub enum RawValue {
    /// Nothing.
    Null(Span),
    /// One value.
    Scalar {
        /// Where.
        place: Span,
        /// The text.
        text: String,
        /// Unquoted.
        plain: bool,
    },
    /// Several values.
    List(Span, Vec<RawValue>),
    /// Fields.
    Map(Span, Vec<RawField>),
}
impl RawValue {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Span {
        match self {
            Self::Null(place) | Self::Scalar { place, .. } | Self::List(place, _) | Self::Map(place, _) => *place,
        }
    }
}
