//! A checked expression as a tree.

use regex::Regex;

use crate::facts::register::value::Value;

/// A part of an expression as it is written, for messages.
pub(super) type Written = Box<str>;

/// One node: what is worked out from what is below it.
#[derive(Debug)]
pub(super) enum Node {
    Constant(Value),
    /// A name of the scope.
    Slot(usize, Written),
    /// A name that a macro gives to each element.
    Local(usize, Written),
    /// A field of a record.
    Field(Box<Node>, usize, Written),
    /// A field of somebody's record in the register of people.
    PersonField(Box<Node>, usize, Written),
    /// What is known of a file.
    FileField(Box<Node>, usize, Written),
    /// An element of a list, or a value of a map.
    Index(Box<Node>, Box<Node>, Written),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    /// Whether something is given, or is not.
    Given(Box<Node>, bool),
    Compare(Comparison, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    Arithmetic(Operation, Box<Node>, Box<Node>),
    List(Vec<Node>),
    Macro(Box<Macro>, Written),
    Matches(Box<Node>, Box<Regex>),
    OrValue(Box<Node>, Box<Node>, Written),
    Call(Function, Box<[Node]>, Written),
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Size,
    First,
    Last,
    Min,
    Max,
    Sum,
    Flatten,
    Distinct,
    MostWithin,
    MissingNumbers,
    Contains,
    StartsWith,
    EndsWith,
    Lower,
    LowerAscii,
    Days,
    Hours,
    Day,
    Year,
    SameCycle,
    Employed,
    OnLeave,
    RoleOn,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Different,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// What is done with two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Something done with every element of a list.
#[derive(Debug)]
pub(super) struct Macro {
    pub(super) kind: MacroKind,
    pub(super) list: Node,
    /// The local in which each element stands.
    pub(super) local: usize,
    /// What is asked of each element.
    pub(super) condition: Option<Node>,
    /// What is made of each element.
    pub(super) value: Option<Node>,
}

/// What a macro does with the elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MacroKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    Latest,
    Earliest,
}

impl Node {
    /// What a message calls this value: as it is written.
    pub(super) fn written(&self) -> Option<&str> {
        match self {
            Self::Slot(_, written)
            | Self::Local(_, written)
            | Self::Field(_, _, written)
            | Self::PersonField(_, _, written)
            | Self::FileField(_, _, written)
            | Self::Index(_, _, written)
            | Self::Macro(_, written)
            | Self::OrValue(_, _, written)
            | Self::Call(_, _, written) => Some(written),
            _ => None,
        }
    }
}
