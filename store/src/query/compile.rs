//! The tree of a filter, checked against the properties of a collection: every operand has a type, every name is a column.

use std::sync::Arc;

use parvis_model::{Collection, FieldType};

use super::GEOMETRY;
use super::like::Like;
use super::queryable::queryables;
use crate::cql::{Moment, Node, Op, Relation, SetRelation, Shape};

/// A column of the collection, by its place among [`Collection::fields`].
pub(super) type Field = usize;

/// What is true, false, or neither, of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pred {
    /// The same for all rows; `None` is neither true nor false.
    Const(Option<bool>),
    And(Vec<Pred>),
    Or(Vec<Pred>),
    Not(Box<Pred>),
    /// A boolean column.
    Truth(Field),
    /// `=` or `<>` of two truths.
    Same(bool, Box<Pred>, Box<Pred>),
    Number(Op, Number, Number),
    NumberIn(Number, Vec<f64>),
    Text(Op, Text, Text),
    TextIn(Text, Vec<Box<str>>),
    Like(Text, Like),
    Time(Op, Time, Time),
    Set(SetRelation, List, List),
    /// How the row's geometry lies to a shape.
    Spatial(Relation, Arc<Shape>),
    IsNull(Value),
}

/// Something that may be missing.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Pred(Box<Pred>),
    Number(Number),
    Text(Text),
    Time(Time),
    List(List),
    Geometry,
}

/// A number of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Number {
    Const(f64),
    Field(Field),
    Op(Op, Box<Number>, Box<Number>),
}

/// A text of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Text {
    Const(Box<str>),
    Field(Field),
    CaseI(Box<Text>),
    AccentI(Box<Text>),
}

/// A time of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Time {
    Const(Moment),
    /// The first or last microsecond of a day, as the clocks of the place show it.
    Clock(i64),
    Field(Field),
}

/// From one time to another; `None` is open. Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) from: Option<Time>,
    pub(super) to: Option<Time>,
}

/// Several texts of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum List {
    Const(Vec<Box<str>>),
    Field(Field),
}

/// Why a filter does not fit a collection: what to tell its author.
pub(super) type Fault = String;

/// Checks a filter.
pub(super) fn predicate(node: &Node, collection: Collection) -> Result<Pred, Fault> {
    Compiler { collection }.predicate(node)
}

struct Compiler {
    collection: Collection,
}

/// What a node is before it is known what is wanted of it.
enum Typed {
    Null,
    Pred(Pred),
    Number(Number),
    Text(Text),
    Time(Time),
    Span(Span),
    List(List),
    /// A list whose items are not all texts.
    OtherList,
    Shape(Arc<Shape>),
    Geometry,
}

impl Typed {
    const fn name(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Pred(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Time(_) => "a time",
            Self::Span(_) => "an interval",
            Self::List(_) | Self::OtherList => "a list",
            Self::Shape(_) | Self::Geometry => "a geometry",
        }
    }
}

impl Compiler {
    fn predicate(&self, node: &Node) -> Result<Pred, Fault> {
        match self.typed(node)? {
            Typed::Pred(pred) => Ok(pred),
            Typed::Null => Ok(Pred::Const(None)),
            other => Err(format!("{} stands where true or false is needed; compare it with something", other.name())),
        }
    }

    fn typed(&self, node: &Node) -> Result<Typed, Fault> {
        Ok(match node {
            Node::Null => Typed::Null,
            Node::Bool(yes) => Typed::Pred(Pred::Const(Some(*yes))),
            Node::Number(number) => Typed::Number(Number::Const(*number)),
            Node::Text(text) => Typed::Text(Text::Const(text.clone())),
            Node::Time(moment) => Typed::Time(Time::Const(*moment)),
            Node::Open => return Err("'..' has no meaning outside INTERVAL".to_owned()),
            Node::Shape(shape) => Typed::Shape(Arc::clone(shape)),
            Node::Property(name) => self.property(name)?,
            Node::List(items) => {
                let text = |item: &Node| if let Node::Text(text) = item { Some(text.clone()) } else { None };
                items
                    .iter()
                    .map(text)
                    .collect::<Option<Vec<_>>>()
                    .map_or(Typed::OtherList, |t| Typed::List(List::Const(t)))
            }
            Node::Call(op, args) => self.call(op, args)?,
        })
    }

    fn property(&self, name: &str) -> Result<Typed, Fault> {
        if name == GEOMETRY {
            return Ok(Typed::Geometry);
        }
        let found = self.collection.fields().iter().enumerate().find(|(_, f)| f.name == name);
        Ok(match found.map(|(at, f)| (at, f.kind)) {
            Some((at, FieldType::Text)) => Typed::Text(Text::Field(at)),
            Some((at, FieldType::Integer | FieldType::Float)) => Typed::Number(Number::Field(at)),
            Some((at, FieldType::Boolean)) => Typed::Pred(Pred::Truth(at)),
            Some((at, FieldType::Timestamp)) => Typed::Time(Time::Field(at)),
            Some((at, FieldType::TextList)) => Typed::List(List::Field(at)),
            Some((_, FieldType::Json)) | None => return Err(unknown(name, self.collection)),
        })
    }

    fn call(&self, op: &Op, args: &[Node]) -> Result<Typed, Fault> {
        match (op, args) {
            (Op::And, _) => self.all(args).map(|p| Typed::Pred(Pred::And(p))),
            (Op::Or, _) => self.all(args).map(|p| Typed::Pred(Pred::Or(p))),
            (Op::Not, [a]) => self.predicate(a).map(|p| Typed::Pred(Pred::Not(Box::new(p)))),
            (Op::IsNull, [a]) => self.is_null(a).map(Typed::Pred),
            (Op::CaseI, [a]) => self.text(a, "CASEI").map(|t| Typed::Text(Text::CaseI(Box::new(t)))),
            (Op::AccentI, [a]) => self.text(a, "ACCENTI").map(|t| Typed::Text(Text::AccentI(Box::new(t)))),
            (Op::Like, [a, pattern]) => self.like(a, pattern).map(Typed::Pred),
            (Op::In, [value, items @ ..]) => self.any_of(value, items).map(Typed::Pred),
            (Op::Interval, [from, to]) => {
                let span = Span { from: self.bound(from)?, to: self.bound(to)? };
                Ok(Typed::Span(span))
            }
            (Op::Spatial(relation), [a, b]) => self.spatial(*relation, a, b).map(Typed::Pred),
            (Op::Temporal(relation), [a, b]) => {
                let spans = (self.span(a, op)?, self.span(b, op)?);
                Ok(Typed::Pred(super::span::predicate(*relation, spans.0, spans.1, self.collection)))
            }
            (Op::Array(relation), [a, b]) => {
                let lists = (self.list(a, op)?, self.list(b, op)?);
                Ok(Typed::Pred(Pred::Set(*relation, lists.0, lists.1)))
            }
            (op, [a, b]) if op.is_comparison() => self.comparison(op, a, b).map(Typed::Pred),
            (op, [a, b]) if op.is_arithmetic() => {
                let numbers = (self.number(a, op)?, self.number(b, op)?);
                Ok(match numbers {
                    (Some(a), Some(b)) => Typed::Number(Number::Op(op.clone(), Box::new(a), Box::new(b))),
                    _ => Typed::Null,
                })
            }
            (Op::Function(name), _) => Err(format!(
                "there is no function `{name}`; there are CASEI, ACCENTI, DATE, TIMESTAMP, INTERVAL, BBOX and those that \
                 begin with S_, T_ and A_"
            )),
            (op, _) => Err(format!("{} is given {} operands, which it does not take", op.name(), args.len())),
        }
    }

    fn all(&self, nodes: &[Node]) -> Result<Vec<Pred>, Fault> {
        nodes.iter().map(|n| self.predicate(n)).collect()
    }

    fn is_null(&self, node: &Node) -> Result<Pred, Fault> {
        let value = match self.typed(node)? {
            Typed::Null => return Ok(Pred::Const(Some(true))),
            Typed::Pred(p) => Value::Pred(Box::new(p)),
            Typed::Number(n) => Value::Number(n),
            Typed::Text(t) => Value::Text(t),
            Typed::Time(t) => Value::Time(t),
            Typed::List(l) => Value::List(l),
            Typed::Geometry => Value::Geometry,
            Typed::Span(_) | Typed::OtherList | Typed::Shape(_) => return Ok(Pred::Const(Some(false))),
        };
        Ok(Pred::IsNull(value))
    }

    fn text(&self, node: &Node, of: &str) -> Result<Text, Fault> {
        match self.typed(node)? {
            Typed::Text(text) => Ok(text),
            other => Err(format!("{of} takes a text, not {}", other.name())),
        }
    }

    fn number(&self, node: &Node, op: &Op) -> Result<Option<Number>, Fault> {
        match self.typed(node)? {
            Typed::Number(number) => Ok(Some(number)),
            Typed::Null => Ok(None),
            other => Err(format!("`{}` takes numbers, not {}", op.name(), other.name())),
        }
    }

    fn like(&self, value: &Node, pattern: &Node) -> Result<Pred, Fault> {
        let value = self.text(value, "LIKE")?;
        match pattern {
            Node::Text(pattern) => Ok(Pred::Like(value, Like::new(pattern))),
            _ => {
                Err("the pattern of LIKE is a text in single quotes; % stands for any text, _ for one character"
                    .to_owned())
            }
        }
    }

    fn any_of(&self, value: &Node, items: &[Node]) -> Result<Pred, Fault> {
        let texts: Option<Vec<Box<str>>> =
            items.iter().map(|i| if let Node::Text(text) = i { Some(text.clone()) } else { None }).collect();
        let numbers: Option<Vec<f64>> =
            items.iter().map(|i| if let Node::Number(number) = i { Some(*number) } else { None }).collect();
        match (self.typed(value)?, texts, numbers) {
            (Typed::Text(value), Some(mut items), _) => {
                items.sort_unstable();
                Ok(Pred::TextIn(value, items))
            }
            (Typed::Number(value), _, Some(items)) => Ok(Pred::NumberIn(value, items)),
            // What is none of these is what IN stands for: equal to one or the other.
            _ => items.iter().map(|i| self.comparison(&Op::Eq, value, i)).collect::<Result<_, _>>().map(Pred::Or),
        }
    }

    fn comparison(&self, op: &Op, a: &Node, b: &Node) -> Result<Pred, Fault> {
        let (a, b) = match (self.typed(a)?, self.typed(b)?) {
            // A text beside a time is a time.
            (Typed::Time(a), Typed::Text(Text::Const(b))) => (Typed::Time(a), Typed::Time(time(&b)?)),
            (Typed::Text(Text::Const(a)), Typed::Time(b)) => (Typed::Time(time(&a)?), Typed::Time(b)),
            pair => pair,
        };
        Ok(match (a, b) {
            (Typed::Null, _) | (_, Typed::Null) => Pred::Const(None),
            (Typed::Number(a), Typed::Number(b)) => Pred::Number(op.clone(), a, b),
            (Typed::Text(a), Typed::Text(b)) => Pred::Text(op.clone(), a, b),
            (Typed::Time(a), Typed::Time(b)) => Pred::Time(op.clone(), a, b),
            (Typed::Pred(a), Typed::Pred(b)) if matches!(op, Op::Eq | Op::Ne) => {
                Pred::Same(*op == Op::Eq, Box::new(a), Box::new(b))
            }
            (Typed::List(_) | Typed::OtherList, _) | (_, Typed::List(_) | Typed::OtherList) => {
                let remedy = "a list is not compared with `=`; use A_CONTAINS(themes, ('food')), A_OVERLAPS, A_EQUALS or \
                              A_CONTAINEDBY";
                return Err(remedy.to_owned());
            }
            (Typed::Geometry | Typed::Shape(_), _) | (_, Typed::Geometry | Typed::Shape(_)) => {
                return Err("a geometry is not compared with `=`; use S_INTERSECTS, S_WITHIN or S_EQUALS".to_owned());
            }
            (Typed::Span(_), _) | (_, Typed::Span(_)) => {
                return Err("an interval is not compared with `=`; use T_EQUALS, T_DURING or T_INTERSECTS".to_owned());
            }
            (a, b) => {
                return Err(format!("`{}` between {} and {}; both must be of one type", op.name(), a.name(), b.name()));
            }
        })
    }

    fn spatial(&self, relation: Relation, a: &Node, b: &Node) -> Result<Pred, Fault> {
        if relation == Relation::Disjoint {
            return self.spatial(Relation::Intersects, a, b).map(|p| Pred::Not(Box::new(p)));
        }
        match (self.typed(a)?, self.typed(b)?) {
            (Typed::Geometry, Typed::Shape(shape)) => Ok(Pred::Spatial(relation, shape)),
            (Typed::Shape(shape), Typed::Geometry) => {
                let turned = match relation {
                    Relation::Contains => Relation::Within,
                    Relation::Within => Relation::Contains,
                    same => same,
                };
                Ok(Pred::Spatial(turned, shape))
            }
            (Typed::Shape(a), Typed::Shape(b)) => {
                Ok(Pred::Const(Some(super::area::relates(relation, a.geometry(), b.geometry()))))
            }
            (Typed::Geometry, Typed::Geometry) => {
                // Of itself: equal, containing and within; where it is not missing.
                let is =
                    matches!(relation, Relation::Intersects | Relation::Contains | Relation::Within | Relation::Equals);
                let missing = Pred::IsNull(Value::Geometry);
                let unknown = Pred::And(vec![missing, Pred::Const(None)]);
                Ok(Pred::Or(vec![
                    unknown,
                    Pred::And(vec![Pred::Not(Box::new(Pred::IsNull(Value::Geometry))), Pred::Const(Some(is))]),
                ]))
            }
            (Typed::Null, _) | (_, Typed::Null) => Ok(Pred::Const(None)),
            (a, b) => {
                let other = if matches!(a, Typed::Geometry | Typed::Shape(_)) { b } else { a };
                Err(format!(
                    "{} takes `{GEOMETRY}` and a geometry in WKT or BBOX, not {}",
                    relation.name(),
                    other.name()
                ))
            }
        }
    }

    fn bound(&self, node: &Node) -> Result<Option<Time>, Fault> {
        if *node == Node::Open {
            return Ok(None);
        }
        match self.typed(node)? {
            Typed::Time(time) => Ok(Some(time)),
            other => Err(format!(
                "a bound of INTERVAL is a date, a timestamp, a property of time or '..', not {}",
                other.name()
            )),
        }
    }

    fn span(&self, node: &Node, op: &Op) -> Result<Span, Fault> {
        let of = |time: Time| Span { from: Some(time), to: Some(time) };
        match self.typed(node)? {
            Typed::Time(moment) => Ok(of(moment)),
            Typed::Text(Text::Const(text)) => time(&text).map(of),
            Typed::Span(span) => Ok(span),
            other => Err(format!("{} takes times and intervals, not {}", op.name(), other.name())),
        }
    }

    fn list(&self, node: &Node, op: &Op) -> Result<List, Fault> {
        match self.typed(node)? {
            Typed::List(list) => Ok(list),
            Typed::OtherList => Err(format!("{} takes lists of texts here: ('food', 'energy')", op.name())),
            Typed::Text(Text::Const(one)) => Ok(List::Const(vec![one])),
            other => Err(format!("{} takes lists, not {}", op.name(), other.name())),
        }
    }
}

fn time(text: &str) -> Result<Time, Fault> {
    let moment = Moment::parse(text).ok_or_else(|| {
        let start: String = text.chars().take(60).collect();
        format!("`{start}` is no time; write DATE('2026-11-21') or TIMESTAMP('2026-11-21T10:00:00Z')")
    })?;
    Ok(Time::Const(moment))
}

fn unknown(name: &str, collection: Collection) -> Fault {
    let known: Vec<&str> = queryables(collection).iter().map(|q| q.name).collect();
    let start: String = name.chars().take(60).collect();
    format!("`{start}` is no property of {collection}; there are {}. A text stands in single quotes", known.join(", "))
}

impl Pred {
    /// Visits every column that is looked at.
    pub(super) fn fields(&self, visit: &mut impl FnMut(Field)) {
        match self {
            Self::Const(_) | Self::Spatial(..) => {}
            Self::And(preds) | Self::Or(preds) => preds.iter().for_each(|p| p.fields(visit)),
            Self::Not(p) => p.fields(visit),
            Self::Truth(field) => visit(*field),
            Self::Same(_, a, b) => {
                a.fields(visit);
                b.fields(visit);
            }
            Self::Number(_, a, b) => {
                a.fields(visit);
                b.fields(visit);
            }
            Self::NumberIn(a, _) => a.fields(visit),
            Self::Text(_, a, b) => {
                a.fields(visit);
                b.fields(visit);
            }
            Self::TextIn(a, _) | Self::Like(a, _) => a.fields(visit),
            Self::Time(_, a, b) => [a, b].into_iter().for_each(|t| t.fields(visit)),
            Self::Set(_, a, b) => [a, b].into_iter().for_each(|l| l.fields(visit)),
            Self::IsNull(value) => match value {
                Value::Pred(p) => p.fields(visit),
                Value::Number(n) => n.fields(visit),
                Value::Text(t) => t.fields(visit),
                Value::Time(t) => t.fields(visit),
                Value::List(l) => l.fields(visit),
                Value::Geometry => {}
            },
        }
    }
}

impl Number {
    fn fields(&self, visit: &mut impl FnMut(Field)) {
        match self {
            Self::Const(_) => {}
            Self::Field(field) => visit(*field),
            Self::Op(_, a, b) => {
                a.fields(visit);
                b.fields(visit);
            }
        }
    }
}

impl Text {
    fn fields(&self, visit: &mut impl FnMut(Field)) {
        match self {
            Self::Const(_) => {}
            Self::Field(field) => visit(*field),
            Self::CaseI(inner) | Self::AccentI(inner) => inner.fields(visit),
        }
    }
}

impl Time {
    /// Whether it is a day, or an end of one: a time beside it is then what clocks on the spot show.
    pub(super) const fn is_local(self) -> bool {
        matches!(self, Self::Const(Moment::Day(_)) | Self::Clock(_))
    }

    fn fields(&self, visit: &mut impl FnMut(Field)) {
        if let Self::Field(field) = self {
            visit(*field);
        }
    }
}

impl List {
    fn fields(&self, visit: &mut impl FnMut(Field)) {
        if let Self::Field(field) = self {
            visit(*field);
        }
    }
}
