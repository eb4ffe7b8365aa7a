//! What a predicate says of one row: true, false, or neither (`None`), as SQL and CQL2 have it.

use std::borrow::Cow;
use std::cmp::Ordering;

use parvis_model::fold::{accenti, casei};

use super::compile::{Field, List, Number, Pred, Span, Text, Time, Value};
use crate::cql::{Moment, Op, Relation, SetRelation, Shape, TimeRelation, arithmetic};

/// The cells of rows. What a row has not is `None`.
pub(super) trait Rows {
    /// A number.
    fn number(&self, field: Field, at: usize) -> Option<f64>;
    /// A text.
    fn text(&self, field: Field, at: usize) -> Option<&str>;
    /// Microseconds since 1970.
    fn time(&self, field: Field, at: usize) -> Option<i64>;
    /// True or false.
    fn truth(&self, field: Field, at: usize) -> Option<bool>;
    /// Several texts; `None` when the cell is empty altogether.
    fn list(&self, field: Field, at: usize) -> Option<Vec<&str>>;
    /// How the geometry lies to a shape; `None` without geometry.
    fn relates(&self, at: usize, relation: Relation, shape: &Shape) -> Option<bool>;
    /// Whether there is a geometry.
    fn has_geometry(&self, at: usize) -> bool;
}

impl Pred {
    /// Of row `at`.
    pub(super) fn of(&self, rows: &impl Rows, at: usize) -> Option<bool> {
        match self {
            Self::Const(truth) => *truth,
            Self::And(preds) => all(preds.iter().map(|p| p.of(rows, at)), false),
            Self::Or(preds) => all(preds.iter().map(|p| p.of(rows, at)), true),
            Self::Not(p) => p.of(rows, at).map(|yes| !yes),
            Self::Truth(field) => rows.truth(*field, at),
            Self::Same(equal, a, b) => Some((a.of(rows, at)? == b.of(rows, at)?) == *equal),
            Self::Number(op, a, b) => Some(holds(op, a.of(rows, at)?.partial_cmp(&b.of(rows, at)?)?)),
            Self::NumberIn(a, items) => Some(items.contains(&a.of(rows, at)?)),
            Self::Text(op, a, b) => Some(holds(op, a.of(rows, at)?.as_ref().cmp(b.of(rows, at)?.as_ref()))),
            Self::TextIn(a, items) => {
                let value = a.of(rows, at)?;
                Some(items.binary_search_by(|i| (**i).cmp(value.as_ref())).is_ok())
            }
            Self::Like(a, pattern) => Some(pattern.matches(a.of(rows, at)?.as_ref())),
            Self::Time(op, a, b) => Some(compare_times(op, a.of(rows, at)?, b.of(rows, at)?)),
            Self::Span(relation, a, b) => Some(lie(*relation, a.of(rows, at)?, b.of(rows, at)?)),
            Self::Set(relation, a, b) => Some(sets(*relation, &a.of(rows, at)?, &b.of(rows, at)?)),
            Self::Spatial(relation, shape) => rows.relates(at, *relation, shape),
            Self::IsNull(value) => Some(value.is_null(rows, at)),
        }
    }
}

/// AND (`decides` false) or OR (`decides` true).
fn all(truths: impl Iterator<Item = Option<bool>>, decides: bool) -> Option<bool> {
    let mut unknown = false;
    for truth in truths {
        match truth {
            Some(yes) if yes == decides => return Some(decides),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(!decides) }
}

impl Value {
    fn is_null(&self, rows: &impl Rows, at: usize) -> bool {
        match self {
            Self::Pred(p) => p.of(rows, at).is_none(),
            Self::Number(n) => n.of(rows, at).is_none(),
            Self::Text(t) => t.of(rows, at).is_none(),
            Self::Time(t) => t.of(rows, at).is_none(),
            Self::List(l) => l.of(rows, at).is_none(),
            Self::Geometry => !rows.has_geometry(at),
        }
    }
}

impl Number {
    pub(super) fn of(&self, rows: &impl Rows, at: usize) -> Option<f64> {
        match self {
            Self::Const(number) => Some(*number),
            Self::Field(field) => rows.number(*field, at),
            Self::Op(op, a, b) => arithmetic(op, a.of(rows, at)?, b.of(rows, at)?),
        }
    }
}

impl Text {
    fn of<'r>(&'r self, rows: &'r impl Rows, at: usize) -> Option<Cow<'r, str>> {
        match self {
            Self::Const(text) => Some(Cow::Borrowed(text)),
            Self::Field(field) => rows.text(*field, at).map(Cow::Borrowed),
            Self::CaseI(inner) => inner.of(rows, at).map(|t| Cow::Owned(casei(&t))),
            Self::AccentI(inner) => inner.of(rows, at).map(|t| if t.is_ascii() { t } else { Cow::Owned(accenti(&t)) }),
        }
    }
}

impl Time {
    pub(super) fn of(self, rows: &impl Rows, at: usize) -> Option<Moment> {
        match self {
            Self::Const(moment) => Some(moment),
            Self::Field(field) => rows.time(field, at).map(Moment::At),
        }
    }
}

impl Span {
    /// First and last microsecond.
    fn of(self, rows: &impl Rows, at: usize) -> Option<[i64; 2]> {
        let from = self.from.map_or(Some(i64::MIN), |t| t.of(rows, at).map(Moment::first))?;
        let to = self.to.map_or(Some(i64::MAX), |t| t.of(rows, at).map(Moment::last))?;
        Some([from, to])
    }
}

impl List {
    fn of<'r>(&'r self, rows: &'r impl Rows, at: usize) -> Option<Vec<&'r str>> {
        match self {
            Self::Const(items) => Some(items.iter().map(AsRef::as_ref).collect()),
            Self::Field(field) => rows.list(*field, at),
        }
    }
}

pub(super) fn holds(op: &Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        _ => order.is_ge(),
    }
}

/// A day is less than what comes after it, and equal to what lies in it.
pub(super) fn compare_times(op: &Op, a: Moment, b: Moment) -> bool {
    let order = if a.last() < b.first() {
        Ordering::Less
    } else if a.first() > b.last() {
        Ordering::Greater
    } else {
        Ordering::Equal
    };
    holds(op, order)
}

/// Both ends of a stretch belong to it.
pub(super) fn lie(relation: TimeRelation, a: [i64; 2], b: [i64; 2]) -> bool {
    use TimeRelation::{
        After, Before, Contains, Disjoint, During, Equals, FinishedBy, Finishes, Intersects, Meets, MetBy,
        OverlappedBy, Overlaps, StartedBy, Starts,
    };
    let ([a0, a1], [b0, b1]) = (a, b);
    match relation {
        Before => a1 < b0,
        Meets => a1 == b0,
        Overlaps => a0 < b0 && b0 < a1 && a1 < b1,
        Starts => a0 == b0 && a1 < b1,
        During => a0 > b0 && a1 < b1,
        Finishes => a0 > b0 && a1 == b1,
        Equals => a == b,
        Intersects => a0 <= b1 && b0 <= a1,
        Disjoint => !lie(Intersects, a, b),
        After => lie(Before, b, a),
        MetBy => lie(Meets, b, a),
        OverlappedBy => lie(Overlaps, b, a),
        StartedBy => lie(Starts, b, a),
        Contains => lie(During, b, a),
        FinishedBy => lie(Finishes, b, a),
    }
}

fn sets(relation: SetRelation, a: &[&str], b: &[&str]) -> bool {
    let within = |a: &[&str], b: &[&str]| a.iter().all(|i| b.contains(i));
    match relation {
        SetRelation::Contains => within(b, a),
        SetRelation::ContainedBy => within(a, b),
        SetRelation::Equals => within(a, b) && within(b, a),
        SetRelation::Overlaps => a.iter().any(|i| b.contains(i)),
    }
}
