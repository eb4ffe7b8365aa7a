//! From what was read to the tree: literals made sound, operations with as many operands as they take.

use std::sync::Arc;

use geo::CoordsIter;
use geo_types::Geometry;
use parvis_model::Bbox;

use super::limits::{MAX_DEPTH, MAX_VERTICES};
use super::moment::Moment;
use super::node::{Node, Op, Relation, SetRelation, TimeRelation};
use super::shape::{self, Shape};
use super::{CqlError, FilterLang, ToDegrees, cut, json, text};

/// Reads a filter.
pub(super) fn parse(source: &str, lang: FilterLang, to_degrees: Option<&ToDegrees>) -> Result<Node, CqlError> {
    let mut lowering = Lowering { to_degrees, vertices: 0 };
    let node = match lang {
        FilterLang::Text => text::parse(source, &mut lowering)?,
        FilterLang::Json => json::parse(source, &mut lowering)?,
    };
    let depth = node.depth();
    if depth > MAX_DEPTH {
        return Err(CqlError::TooMuch { what: "operators in one another", found: depth, most: MAX_DEPTH });
    }
    Ok(node)
}

/// Makes nodes of what parsers read.
pub(super) struct Lowering<'t> {
    to_degrees: Option<&'t ToDegrees>,
    vertices: usize,
}

impl Lowering<'_> {
    /// A call by name, as CQL2 text has it.
    pub(super) fn function(&mut self, name: &str, args: Vec<Node>) -> Result<Node, CqlError> {
        match name.to_ascii_lowercase().as_str() {
            "date" => date(&args),
            "timestamp" => timestamp(&args),
            "interval" => interval(args),
            "bbox" => self.bbox(&args),
            _ => call(name, args),
        }
    }

    pub(super) fn bbox(&self, corners: &[Node]) -> Result<Node, CqlError> {
        let numbers: Vec<f64> =
            corners.iter().filter_map(|c| if let Node::Number(n) = c { Some(*n) } else { None }).collect();
        let (true, &[w, s, e, n] | &[w, s, _, e, n, _]) = (numbers.len() == corners.len(), &numbers[..]) else {
            return Err(CqlError::Meaning("BBOX takes four numbers, or six with heights".to_owned()));
        };
        let Some(to_degrees) = self.to_degrees else {
            let bbox = Bbox::new(w, s, e, n).map_err(|e| CqlError::Meaning(format!("BBOX: {e}")))?;
            return Ok(Node::Shape(Arc::new(Shape::of_bbox(bbox))));
        };
        if w > e || s > n {
            return Err(CqlError::Meaning("BBOX: the first corner must be the lower one".to_owned()));
        }
        convert(&shape::between(geo_types::Rect::new((w, s), (e, n))), to_degrees)
    }

    pub(super) fn geometry(&mut self, geometry: &Geometry<f64>) -> Result<Node, CqlError> {
        let count = geometry.coords_count();
        self.vertices += count;
        if self.vertices > MAX_VERTICES {
            return Err(CqlError::TooMuch { what: "vertices", found: self.vertices, most: MAX_VERTICES });
        }
        if count == 0 {
            return Err(unusable("it is empty"));
        }
        if let Some(fault) = shape::fault(geometry) {
            return Err(unusable(fault));
        }
        match self.to_degrees {
            None => Ok(Node::Shape(Arc::new(Shape::new(geometry)))),
            Some(to_degrees) => convert(geometry, to_degrees),
        }
    }
}

fn convert(geometry: &Geometry<f64>, to_degrees: &ToDegrees) -> Result<Node, CqlError> {
    let shape = shape::convert(geometry, to_degrees).map_err(|[x, y]| CqlError::Literal {
        text: format!("{x} {y}"),
        detail: "no place in filter-crs; check the CRS and the order of its axes".to_owned(),
    })?;
    // What is thin in its own CRS may have no width left in degrees.
    shape::fault(&shape).map_or_else(|| Ok(Node::Shape(Arc::new(Shape::new(&shape)))), |fault| Err(unusable(fault)))
}

fn unusable(fault: &str) -> CqlError {
    CqlError::Meaning(format!("a geometry cannot be used: {fault}"))
}

pub(super) fn date(args: &[Node]) -> Result<Node, CqlError> {
    moment(args, Moment::day, "a date is written DATE('2026-11-21')")
}

pub(super) fn timestamp(args: &[Node]) -> Result<Node, CqlError> {
    moment(args, Moment::instant, "a timestamp is written TIMESTAMP('2026-11-21T10:00:00Z')")
}

fn moment(args: &[Node], parse: impl Fn(&str) -> Option<Moment>, remedy: &str) -> Result<Node, CqlError> {
    let [Node::Text(text)] = args else { return Err(CqlError::Meaning(remedy.to_owned())) };
    let moment = parse(text).ok_or_else(|| CqlError::Literal { text: cut(text), detail: remedy.to_owned() })?;
    Ok(Node::Time(moment))
}

pub(super) fn interval(args: Vec<Node>) -> Result<Node, CqlError> {
    let what = "the bounds of INTERVAL are dates, timestamps, properties of time or '..'";
    let bound = |bound: Node| match bound {
        Node::Text(text) if *text == *".." => Ok(Node::Open),
        Node::Text(text) => moment(&[Node::Text(text)], Moment::parse, what),
        Node::Time(_) | Node::Property(_) => Ok(bound),
        _ => Err(CqlError::Meaning(what.to_owned())),
    };
    let bounds = args.into_iter().map(bound).collect::<Result<Vec<Node>, _>>()?;
    match &bounds[..] {
        [Node::Time(a), Node::Time(b)] if b.last() < a.first() => {
            Err(CqlError::Meaning(format!("the interval ends before it begins: {a}, {b}")))
        }
        [_, _] => Ok(Node::Call(Op::Interval, bounds)),
        _ => Err(CqlError::Meaning("INTERVAL takes two bounds; '..' leaves a side open".to_owned())),
    }
}

/// An operation by its name, with as many operands as it takes.
pub(super) fn call(name: &str, args: Vec<Node>) -> Result<Node, CqlError> {
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

pub(super) fn operator(name: &str) -> Op {
    match name.to_ascii_lowercase().as_str() {
        "and" => Op::And,
        "or" => Op::Or,
        "not" => Op::Not,
        "=" => Op::Eq,
        "<>" | "!=" => Op::Ne,
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
