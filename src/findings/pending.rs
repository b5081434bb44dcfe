//! What is not due yet: what an owner has to do, and by when.

use crate::facts::calendar::When;

/// Something that has to be done.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The control that asks for it.
    pub control: String,
    /// The rule that will find it missing.
    pub rule: String,
    /// The item, as people name it.
    pub item: String,
    /// What is to be done.
    pub todo: String,
    /// Who has to do it: the name, or the control's owner.
    pub owner: String,
    /// Index of the owner in the register of people; `None` where nobody there has that name.
    pub person: Option<u32>,
    /// By when.
    pub due: When,
}
