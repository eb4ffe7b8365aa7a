//! From the parser's tree to ours.

use std::sync::Arc;

use cql2::Expr;
use geo::CoordsIter;
use geo_types::Geometry;
use parvis_model::Bbox;
use pest::error::{ErrorVariant, InputLocation};
use serde_json::Value;

use super::limits::{MAX_DEPTH, MAX_VERTICES};
use super::moment::Moment;
use super::node::{Node, Op, Relation, SetRelation, TimeRelation};
use super::shape::{self, Shape};
use super::{CqlError, FilterLang, ToDegrees, cut};

/// Parses and lowers a text.
pub(super) fn parse(text: &str, lang: FilterLang, to_degrees: Option<&ToDegrees>) -> Result<Node, CqlError> {
    let expression = match lang {
        FilterLang::Text => cql2::parse_text(text).map_err(|e| text_error(text, e))?,
        FilterLang::Json => json(text)?,
    };
    let mut lowering = Lowering { to_degrees, vertices: 0 };
    lowering.node(&expression, 0)
}

fn text_error(text: &str, error: cql2::Error) -> CqlError {
    let cql2::Error::Pest(error) = error else { return CqlError::Meaning(error.to_string()) };
    if let ErrorVariant::CustomError { .. } = error.variant {
        let detail = "too involved for the parser; use fewer brackets inside one another".to_owned();
        return CqlError::Meaning(detail);
    }
    let (InputLocation::Pos(byte) | InputLocation::Span((byte, _))) = error.location;
    let (before, rest) = text.split_at_checked(byte).unwrap_or((text, ""));
    let detail = if rest.trim().is_empty() {
        "something is missing at the end".to_owned()
    } else {
        format!(
            "`{}` is not understood here. Texts stand in single quotes, names with other signs than letters, digits \
             and _ in double quotes; a comparison is `property = 'value'`, and `AND`, `OR` join two",
            cut(rest.trim_end())
        )
    };
    CqlError::Syntax { place: format!("character {}", before.chars().count() + 1), detail }
}

fn json(text: &str) -> Result<Expr, CqlError> {
    let value: Value = serde_json::from_str(text).map_err(|e| CqlError::Syntax {
        place: format!("line {}, column {}", e.line(), e.column()),
        detail: format!("no JSON: {e}"),
    })?;
    if let Some(fault) = fault(&value, "") {
        return Err(fault);
    }
    Expr::try_from(value).map_err(|e| CqlError::Meaning(e.to_string()))
}

/// The innermost value that is no CQL2 expression.
fn fault(value: &Value, place: &str) -> Option<CqlError> {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(n, _)| ["args", "interval", "bbox"].contains(&n.as_str())) {
                let place = format!("{place}/{name}");
                let Value::Array(items) = field else {
                    return Some(CqlError::Syntax { place, detail: "must be an array".to_owned() });
                };
                let inner = items.iter().enumerate().find_map(|(at, item)| fault(item, &format!("{place}/{at}")));
                if inner.is_some() {
                    return inner;
                }
            }
            (!is_expression(fields)).then(|| CqlError::Syntax {
                place: if place.is_empty() { "the filter".to_owned() } else { place.to_owned() },
                detail: "not an expression: an object has `op` and `args`, or one of `property`, `date`, \
                         `timestamp`, `interval`, `bbox`, or is a GeoJSON geometry"
                    .to_owned(),
            })
        }
        Value::Array(items) => items.iter().enumerate().find_map(|(at, item)| fault(item, &format!("{place}/{at}"))),
        _ => None,
    }
}

fn is_expression(fields: &serde_json::Map<String, Value>) -> bool {
    let text = |name: &str| fields.get(name).is_some_and(Value::is_string);
    if fields.contains_key("op") {
        return text("op") && fields.contains_key("args");
    }
    text("property")
        || ["date", "timestamp"].iter().any(|n| fields.contains_key(*n))
        || ["interval", "bbox"].iter().any(|n| fields.get(*n).is_some_and(Value::is_array))
        || (text("type") && geojson_fits(fields))
}

fn geojson_fits(fields: &serde_json::Map<String, Value>) -> bool {
    matches!(Expr::try_from(Value::Object(fields.clone())), Ok(Expr::Geometry(_)))
}

struct Lowering<'t> {
    to_degrees: Option<&'t ToDegrees>,
    vertices: usize,
}

impl Lowering<'_> {
    fn node(&mut self, expression: &Expr, depth: usize) -> Result<Node, CqlError> {
        if depth > MAX_DEPTH {
            return Err(CqlError::TooMuch { what: "operators in one another", found: depth, most: MAX_DEPTH });
        }
        Ok(match expression {
            Expr::Null => Node::Null,
            Expr::Bool(yes) => Node::Bool(*yes),
            Expr::Float(number) => self.number(*number)?,
            Expr::Literal(text) => Node::Text(text.as_str().into()),
            Expr::Property { property } => Node::Property(property.as_str().into()),
            Expr::Date { date } => Node::Time(moment(date, Moment::day, "a date is written 2026-11-21")?),
            Expr::Timestamp { timestamp } => {
                let remedy = "a timestamp is written 2026-11-21T10:00:00Z";
                Node::Time(moment(timestamp, Moment::instant, remedy)?)
            }
            Expr::Interval { interval } => self.interval(interval, depth)?,
            Expr::Array(items) if items.is_empty() => {
                return Err(CqlError::Meaning("a list must not be empty".to_owned()));
            }
            Expr::Array(items) => Node::List(items.iter().map(|i| self.node(i, depth + 1)).collect::<Result<_, _>>()?),
            Expr::BBox { bbox } => Node::Shape(Arc::new(self.bbox(bbox)?)),
            Expr::Geometry(_) => Node::Shape(Arc::new(self.geometry(expression)?)),
            Expr::Operation { op, args } => {
                let args: Vec<Node> = args.iter().map(|a| self.node(a, depth + 1)).collect::<Result<_, _>>()?;
                call(op, args)?
            }
        })
    }

    #[expect(clippy::unused_self, reason = "reads like its siblings")]
    fn number(&self, number: f64) -> Result<Node, CqlError> {
        if number.is_finite() {
            return Ok(Node::Number(number + 0.0));
        }
        Err(CqlError::Literal { text: number.to_string(), detail: "a number out of range".to_owned() })
    }

    fn interval(&mut self, bounds: &[Box<Expr>], depth: usize) -> Result<Node, CqlError> {
        let [from, to] = bounds else {
            return Err(CqlError::Meaning("INTERVAL takes two bounds; '..' leaves a side open".to_owned()));
        };
        let mut bound = |bound: &Expr| match bound {
            Expr::Literal(text) if text == ".." => Ok(Node::Open),
            Expr::Literal(_) => {
                moment(bound, Moment::parse, "a bound is a date, a timestamp, a property or '..'").map(Node::Time)
            }
            Expr::Date { .. } | Expr::Timestamp { .. } | Expr::Property { .. } => self.node(bound, depth + 1),
            _ => Err(CqlError::Meaning("the bounds of INTERVAL are dates, timestamps, properties or '..'".to_owned())),
        };
        let (from, to) = (bound(from)?, bound(to)?);
        if let (Node::Time(a), Node::Time(b)) = (&from, &to)
            && b.last() < a.first()
        {
            return Err(CqlError::Meaning(format!("the interval ends before it begins: {a}, {b}")));
        }
        Ok(Node::Call(Op::Interval, vec![from, to]))
    }

    fn bbox(&mut self, corners: &[Box<Expr>]) -> Result<Shape, CqlError> {
        let numbers: Vec<f64> =
            corners.iter().filter_map(|c| if let Expr::Float(n) = **c { Some(n) } else { None }).collect();
        let (true, &[w, s, e, n] | &[w, s, _, e, n, _]) = (numbers.len() == corners.len(), &numbers[..]) else {
            return Err(CqlError::Meaning("BBOX takes four numbers, or six with heights".to_owned()));
        };
        let Some(to_degrees) = self.to_degrees else {
            return Bbox::new(w, s, e, n).map(Shape::of_bbox).map_err(|e| CqlError::Meaning(format!("BBOX: {e}")));
        };
        if w > e || s > n {
            return Err(CqlError::Meaning("BBOX: the first corner must be the lower one".to_owned()));
        }
        let rect = geo_types::Rect::new((w, s), (e, n));
        self.convert(&rect.to_polygon().into(), to_degrees)
    }

    fn geometry(&mut self, expression: &Expr) -> Result<Shape, CqlError> {
        let bad = |detail: &str| CqlError::Meaning(format!("a geometry cannot be used: {detail}"));
        let geometry =
            Geometry::try_from(expression.clone()).ok().ok_or_else(|| bad("it is empty or no WKT or GeoJSON"))?;
        self.vertices += geometry.coords_count();
        if self.vertices > MAX_VERTICES {
            return Err(CqlError::TooMuch { what: "vertices", found: self.vertices, most: MAX_VERTICES });
        }
        if let Some(fault) = shape::fault(&geometry) {
            return Err(bad(fault));
        }
        match self.to_degrees {
            None => Ok(Shape::new(&geometry)),
            Some(to_degrees) => self.convert(&geometry, to_degrees),
        }
    }

    #[expect(clippy::unused_self, reason = "reads like its siblings")]
    fn convert(&self, geometry: &Geometry<f64>, to_degrees: &ToDegrees) -> Result<Shape, CqlError> {
        shape::convert(geometry, to_degrees).map(|g| Shape::new(&g)).map_err(|[x, y]| CqlError::Literal {
            text: format!("{x} {y}"),
            detail: "no place in filter-crs; check the CRS and the order of its axes".to_owned(),
        })
    }
}

fn moment(literal: &Expr, parse: impl Fn(&str) -> Option<Moment>, remedy: &str) -> Result<Moment, CqlError> {
    let Expr::Literal(text) = literal else { return Err(CqlError::Meaning(remedy.to_owned())) };
    parse(text).ok_or_else(|| CqlError::Literal { text: cut(text), detail: remedy.to_owned() })
}

/// An operation by its name, with as many operands as it takes.
fn call(name: &str, args: Vec<Node>) -> Result<Node, CqlError> {
    if matches!(name.to_ascii_lowercase().as_str(), "between") {
        let [value, low, high] = take(name, args)?;
        let at_least = Node::Call(Op::Ge, vec![value.clone(), low]);
        return Ok(Node::Call(Op::And, vec![at_least, Node::Call(Op::Le, vec![value, high])]));
    }
    let op = operator(name);
    let fits = match &op {
        Op::And | Op::Or | Op::Function(_) => true,
        Op::Not | Op::IsNull | Op::CaseI | Op::AccentI => args.len() == 1,
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Modulo => args.len() >= 2,
        _ => args.len() == 2,
    };
    if !fits {
        return Err(CqlError::Meaning(format!("{name} is given {} operands, which it does not take", args.len())));
    }
    if op == Op::In {
        let [value, list] = take(name, args)?;
        let Node::List(items) = list else {
            return Err(CqlError::Meaning("IN takes a list: `kind IN ('place', 'group')`".to_owned()));
        };
        if items.is_empty() {
            return Err(CqlError::Meaning("IN takes a list that is not empty".to_owned()));
        }
        return Ok(Node::Call(Op::In, std::iter::once(value).chain(items).collect()));
    }
    if op.is_arithmetic() && args.len() > 2 {
        // a - b - c is (a - b) - c.
        let mut args = args.into_iter();
        let first = args.next().unwrap_or(Node::Null);
        return Ok(args.fold(first, |left, right| Node::Call(op.clone(), vec![left, right])));
    }
    Ok(Node::Call(op, args))
}

fn take<const N: usize>(name: &str, args: Vec<Node>) -> Result<[Node; N], CqlError> {
    let count = args.len();
    let taken = <[Node; N]>::try_from(args).ok();
    taken.ok_or_else(|| CqlError::Meaning(format!("{name} takes {N} operands, not {count}")))
}

fn operator(name: &str) -> Op {
    match name.to_ascii_lowercase().as_str() {
        "and" => Op::And,
        "or" => Op::Or,
        "not" => Op::Not,
        "=" => Op::Eq,
        "<>" => Op::Ne,
        "<" => Op::Lt,
        "<=" => Op::Le,
        ">" => Op::Gt,
        ">=" => Op::Ge,
        "like" => Op::Like,
        "in" => Op::In,
        "isnull" => Op::IsNull,
        "casei" => Op::CaseI,
        "accenti" => Op::AccentI,
        "+" => Op::Add,
        "-" => Op::Subtract,
        "*" => Op::Multiply,
        "/" => Op::Divide,
        "div" => Op::IntegerDivide,
        "%" => Op::Modulo,
        "^" => Op::Power,
        _ => Relation::from_name(name)
            .map(Op::Spatial)
            .or_else(|| TimeRelation::from_name(name).map(Op::Temporal))
            .or_else(|| SetRelation::from_name(name).map(Op::Array))
            .unwrap_or_else(|| Op::Function(name.into())),
    }
}
