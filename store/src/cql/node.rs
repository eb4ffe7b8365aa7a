//! The tree of a filter.

use std::sync::Arc;

use super::moment::Moment;
use super::shape::Shape;

/// A value or an operation on values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// NULL.
    Null,
    /// TRUE, FALSE.
    Bool(bool),
    /// A number; always finite.
    Number(f64),
    /// A text.
    Text(Box<str>),
    /// A DATE or TIMESTAMP.
    Time(Moment),
    /// `..`, the open side of an interval.
    Open,
    /// A property of the row.
    Property(Box<str>),
    /// A geometry, in degrees.
    Shape(Arc<Shape>),
    /// Several values.
    List(Vec<Node>),
    /// An operation.
    Call(Op, Vec<Node>),
}

/// What is done with values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    And,
    Or,
    Not,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Like,
    In,
    IsNull,
    CaseI,
    AccentI,
    Add,
    Subtract,
    Multiply,
    Divide,
    IntegerDivide,
    Modulo,
    Power,
    Interval,
    Spatial(Relation),
    Temporal(TimeRelation),
    Array(SetRelation),
    /// A function that is not of the language. Parsed, and refused when applied.
    Function(Box<str>),
}

macro_rules! relations {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum $name {
            $($variant,)*
        }

        impl $name {
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];

            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            pub(crate) fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|r| r.name().eq_ignore_ascii_case(name))
            }
        }
    };
}

relations! {
    /// How two geometries lie to each other (OGC Simple Features, DE-9IM).
    Relation {
        Intersects "S_INTERSECTS",
        Disjoint "S_DISJOINT",
        Contains "S_CONTAINS",
        Within "S_WITHIN",
        Touches "S_TOUCHES",
        Overlaps "S_OVERLAPS",
        Crosses "S_CROSSES",
        Equals "S_EQUALS",
    }
}

relations! {
    /// How two stretches of time lie to each other (Allen's thirteen, and two for short).
    TimeRelation {
        Before "T_BEFORE",
        After "T_AFTER",
        Meets "T_MEETS",
        MetBy "T_METBY",
        Overlaps "T_OVERLAPS",
        OverlappedBy "T_OVERLAPPEDBY",
        Starts "T_STARTS",
        StartedBy "T_STARTEDBY",
        During "T_DURING",
        Contains "T_CONTAINS",
        Finishes "T_FINISHES",
        FinishedBy "T_FINISHEDBY",
        Equals "T_EQUALS",
        Disjoint "T_DISJOINT",
        Intersects "T_INTERSECTS",
    }
}

relations! {
    /// How two sets of values lie to each other.
    SetRelation {
        Equals "A_EQUALS",
        Contains "A_CONTAINS",
        ContainedBy "A_CONTAINEDBY",
        Overlaps "A_OVERLAPS",
    }
}

impl Op {
    /// The name in messages and, for functions, in text.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
            Self::Not => "NOT",
            Self::Eq => "=",
            Self::Ne => "<>",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Like => "LIKE",
            Self::In => "IN",
            Self::IsNull => "IS NULL",
            Self::CaseI => "CASEI",
            Self::AccentI => "ACCENTI",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::IntegerDivide => "div",
            Self::Modulo => "%",
            Self::Power => "^",
            Self::Interval => "INTERVAL",
            Self::Spatial(relation) => relation.name(),
            Self::Temporal(relation) => relation.name(),
            Self::Array(relation) => relation.name(),
            Self::Function(name) => name,
        }
    }

    /// Whether it is one of `= <> < <= > >=`.
    pub(crate) const fn is_comparison(&self) -> bool {
        matches!(self, Self::Eq | Self::Ne | Self::Lt | Self::Le | Self::Gt | Self::Ge)
    }

    /// Whether it is one of `+ - * / div % ^`.
    pub(crate) const fn is_arithmetic(&self) -> bool {
        matches!(
            self,
            Self::Add
                | Self::Subtract
                | Self::Multiply
                | Self::Divide
                | Self::IntegerDivide
                | Self::Modulo
                | Self::Power
        )
    }

    /// Whether it gives true, false or nothing.
    pub(crate) const fn is_predicate(&self) -> bool {
        self.is_comparison()
            || matches!(
                self,
                Self::And
                    | Self::Or
                    | Self::Not
                    | Self::Like
                    | Self::In
                    | Self::IsNull
                    | Self::Spatial(_)
                    | Self::Temporal(_)
                    | Self::Array(_)
            )
    }
}

impl Node {
    pub(crate) fn not(self) -> Self {
        Self::Call(Op::Not, vec![self])
    }

    /// How many operators lie in one another.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::List(nodes) | Self::Call(_, nodes) => 1 + nodes.iter().map(Self::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// Whether it is the same for every row.
    pub(crate) const fn is_literal(&self) -> bool {
        matches!(self, Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Time(_) | Self::Shape(_))
    }
}

/// The value of plain arithmetic; `None` where it has none (a division by zero, an overflow).
pub(crate) fn arithmetic(op: &Op, a: f64, b: f64) -> Option<f64> {
    let value = match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide => a / b,
        Op::IntegerDivide => (a / b).trunc(),
        Op::Modulo => a % b,
        Op::Power => a.powf(b),
        _ => return None,
    };
    // Minus zero is zero: one number, one text.
    value.is_finite().then_some(value + 0.0)
}
