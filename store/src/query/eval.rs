//! What a predicate says of one row: true, false, or neither (`None`), as SQL and CQL2 have it.

use std::borrow::Cow;
use std::cmp::Ordering;

use parvis_model::fold::{accenti, casei};

use super::compile::{Field, List, Number, Pred, Text, Time, Value};
use crate::Clock;
use crate::cql::{Op, Relation, SECOND, SetRelation, Shape, arithmetic};

/// The cells of rows. What a row has not is `None`.
pub(super) trait Rows {
    /// A number.
    fn number(&self, field: Field, at: usize) -> Option<f64>;
    /// A text.
    fn text(&self, field: Field, at: usize) -> Option<&str>;
    /// A time.
    fn time(&self, field: Field, at: usize) -> Option<Clock>;
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
            Self::Time(op, a, b) => {
                let by_clock = a.is_local() || b.is_local();
                Some(compare_times(op, a.of(rows, at, by_clock)?, b.of(rows, at, by_clock)?))
            }
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
            Self::Time(t) => t.of(rows, at, false).is_none(),
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
    /// Its first and last microsecond; `by_clock`, as clocks on the spot show it.
    fn of(self, rows: &impl Rows, at: usize, by_clock: bool) -> Option<[i64; 2]> {
        Some(match self {
            Self::Const(moment) => [moment.first(), moment.last()],
            Self::Clock(micros) => [micros; 2],
            Self::Field(field) => {
                let time = rows.time(field, at)?;
                [if by_clock { time.local } else { time.utc }.unix() * SECOND; 2]
            }
        })
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
fn compare_times(op: &Op, a: [i64; 2], b: [i64; 2]) -> bool {
    let order = if a[1] < b[0] {
        Ordering::Less
    } else if a[0] > b[1] {
        Ordering::Greater
    } else {
        Ordering::Equal
    };
    holds(op, order)
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
