//! How stretches of time lie to each other, as comparisons of their ends.

use parvis_model::Collection;

use super::compile::{Field, Pred, Span, Time, Value};
use crate::cql::{Moment, Op, TimeRelation};

/// The columns of time that every row has.
const NEVER_EMPTY: [&str; 2] = ["start", "end"];

/// Whether one stretch lies so to another. Both ends belong to a stretch. Without one of its ends it lies nowhere, and
/// this is neither true nor false.
pub(super) fn predicate(relation: TimeRelation, a: Span, b: Span, collection: Collection) -> Pred {
    let mut missing = Vec::new();
    for time in [a.from, a.to, b.from, b.to].into_iter().flatten() {
        if let Time::Field(field) = time
            && !is_full(field, collection)
            && !missing.contains(&Pred::IsNull(Value::Time(time)))
        {
            missing.push(Pred::IsNull(Value::Time(time)));
        }
    }
    let lies = relate(relation, a, b);
    if missing.is_empty() {
        return lies;
    }
    let mut known: Vec<Pred> = missing.iter().map(|p| Pred::Not(Box::new(p.clone()))).collect();
    known.push(lies);
    // AND would make of a missing end and a false comparison something false.
    Pred::Or(vec![Pred::And(known), Pred::And(vec![Pred::Or(missing), Pred::Const(None)])])
}

fn is_full(field: Field, collection: Collection) -> bool {
    collection.fields().get(field).is_some_and(|f| NEVER_EMPTY.contains(&f.name))
}

fn relate(relation: TimeRelation, a: Span, b: Span) -> Pred {
    use TimeRelation::{
        After, Before, Contains, Disjoint, During, Equals, FinishedBy, Finishes, Intersects, Meets, MetBy,
        OverlappedBy, Overlaps, StartedBy, Starts,
    };
    let ([a0, a1], [b0, b1]) = (ends(a), ends(b));
    let all =
        |tests: Vec<(Time, Op, Time)>| Pred::And(tests.into_iter().map(|(x, op, y)| Pred::Time(op, x, y)).collect());
    match relation {
        Before => all(vec![(a1, Op::Lt, b0)]),
        Meets => all(vec![(a1, Op::Eq, b0)]),
        Overlaps => all(vec![(a0, Op::Lt, b0), (b0, Op::Lt, a1), (a1, Op::Lt, b1)]),
        Starts => all(vec![(a0, Op::Eq, b0), (a1, Op::Lt, b1)]),
        During => all(vec![(a0, Op::Gt, b0), (a1, Op::Lt, b1)]),
        Finishes => all(vec![(a0, Op::Gt, b0), (a1, Op::Eq, b1)]),
        Equals => all(vec![(a0, Op::Eq, b0), (a1, Op::Eq, b1)]),
        Intersects => all(vec![(a0, Op::Le, b1), (b0, Op::Le, a1)]),
        Disjoint => Pred::Not(Box::new(relate(Intersects, a, b))),
        After => relate(Before, b, a),
        MetBy => relate(Meets, b, a),
        OverlappedBy => relate(Overlaps, b, a),
        StartedBy => relate(Starts, b, a),
        Contains => relate(During, b, a),
        FinishedBy => relate(Finishes, b, a),
    }
}

/// The first and the last microsecond: of a day they are those of the place.
fn ends(span: Span) -> [Time; 2] {
    let open = |micros| Time::Const(Moment::At(micros));
    let end = |time: Option<Time>, last: bool| match time {
        None => open(if last { i64::MAX } else { i64::MIN }),
        Some(Time::Const(day @ Moment::Day(_))) => Time::Clock(if last { day.last() } else { day.first() }),
        Some(time) => time,
    };
    [end(span.from, false), end(span.to, true)]
}
