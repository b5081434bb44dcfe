//! What a token of an expression is.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Word,
    Number,
    Quoted,
    Open,
    Close,
    Dot,
    Comma,
    /// An operator, also `in`.
    Sign,
}

impl Mark {
    /// Whether a value may end with it.
    pub(super) const fn ends_operand(self) -> bool {
        matches!(self, Self::Word | Self::Number | Self::Quoted | Self::Close)
    }
}
