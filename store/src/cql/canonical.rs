//! One form for all filters that mean the same, as far as that can be told without rows.
//!
//! Every rule keeps the three truth values: what gave true, false or nothing before gives the same after.

use std::cmp::Ordering;

use parvis_model::fold::{accenti, casei};

use super::node::{Node, Op, Relation, SetRelation, TimeRelation, arithmetic};
use super::print;

/// The canonical form.
pub(super) fn of(node: Node) -> Node {
    match node {
        Node::Call(op, args) => {
            let args: Vec<Node> = args.into_iter().map(of).collect();
            call(op, args)
        }
        Node::List(items) => Node::List(items.into_iter().map(of).collect()),
        other => other,
    }
}

fn call(op: Op, args: Vec<Node>) -> Node {
    match op {
        Op::And | Op::Or => connective(op, args),
        Op::In => any_of(args),
        Op::Not => one(args, not),
        Op::IsNull => one(args, |inner| match inner {
            Node::Null => Node::Bool(true),
            literal if literal.is_literal() => Node::Bool(false),
            other => Node::Call(Op::IsNull, vec![other]),
        }),
        Op::CaseI => one(args, |inner| folded(Op::CaseI, inner)),
        Op::AccentI => one(args, |inner| folded(Op::AccentI, inner)),
        _ => match <[Node; 2]>::try_from(args) {
            Ok([a, b]) => binary(op, a, b),
            Err(args) => Node::Call(op, args),
        },
    }
}

fn one(mut args: Vec<Node>, then: impl FnOnce(Node) -> Node) -> Node {
    args.pop().map_or(Node::Null, then)
}

fn binary(op: Op, a: Node, b: Node) -> Node {
    if !matches!(op, Op::Function(_) | Op::Interval) && (a == Node::Null || b == Node::Null) {
        return Node::Null;
    }
    match op {
        op if op.is_comparison() => comparison(op, a, b),
        op if op.is_arithmetic() => match (&a, &b) {
            (Node::Number(x), Node::Number(y)) => arithmetic(&op, *x, *y).map_or(Node::Null, Node::Number),
            _ if matches!(op, Op::Add | Op::Multiply) => sorted(op, a, b),
            _ => Node::Call(op, vec![a, b]),
        },
        Op::Spatial(relation) => spatial(relation, a, b),
        Op::Temporal(relation) => temporal(relation, a, b),
        Op::Array(relation) => array(relation, a, b),
        op => Node::Call(op, vec![a, b]),
    }
}

fn not(node: Node) -> Node {
    match node {
        Node::Null => Node::Null,
        Node::Bool(yes) => Node::Bool(!yes),
        Node::Call(op, mut args) => {
            let opposite = match op {
                Op::Eq => Op::Ne,
                Op::Ne => Op::Eq,
                Op::Lt => Op::Ge,
                Op::Ge => Op::Lt,
                Op::Gt => Op::Le,
                Op::Le => Op::Gt,
                Op::Not => return one(args, |inner| inner),
                // De Morgan, so that a NOT stands before single predicates only.
                Op::And => return connective(Op::Or, args.drain(..).map(not).collect()),
                Op::Or => return connective(Op::And, args.drain(..).map(not).collect()),
                _ => return Node::Call(op, args).not(),
            };
            Node::Call(opposite, args)
        }
        other => other.not(),
    }
}

fn connective(op: Op, args: Vec<Node>) -> Node {
    let absorbing = Node::Bool(op == Op::Or);
    let identity = Node::Bool(op == Op::And);
    let mut flat = Vec::with_capacity(args.len());
    for arg in args {
        match arg {
            Node::Call(inner, more) if inner == op => flat.extend(more),
            other => flat.push(other),
        }
    }
    if flat.contains(&absorbing) {
        return absorbing;
    }
    flat.retain(|n| *n != identity);
    if op == Op::Or {
        flat = lists_of_equals(flat);
    }
    sort(&mut flat);
    match flat.len() {
        0 => identity,
        1 => flat.remove(0),
        _ => Node::Call(op, flat),
    }
}

/// `a = 1 OR a IN (2, 3)` is `a IN (1, 2, 3)`.
fn lists_of_equals(nodes: Vec<Node>) -> Vec<Node> {
    let mut lists: Vec<(Node, Vec<Node>)> = Vec::new();
    let mut rest = Vec::new();
    for node in nodes {
        match node {
            Node::Call(Op::Eq, args) if args.len() == 2 && args[1].is_literal() => {
                let mut args = args.into_iter();
                if let (Some(value), Some(literal)) = (args.next(), args.next()) {
                    extend(&mut lists, value, [literal]);
                }
            }
            Node::Call(Op::In, args) if args.iter().skip(1).all(Node::is_literal) => {
                let mut args = args.into_iter();
                if let Some(value) = args.next() {
                    extend(&mut lists, value, args);
                }
            }
            other => rest.push(other),
        }
    }
    rest.extend(lists.into_iter().map(|(value, items)| any_of(std::iter::once(value).chain(items).collect())));
    rest
}

fn extend(lists: &mut Vec<(Node, Vec<Node>)>, value: Node, items: impl IntoIterator<Item = Node>) {
    match lists.iter_mut().find(|(known, _)| *known == value) {
        Some((_, known)) => known.extend(items),
        None => lists.push((value, items.into_iter().collect())),
    }
}

/// `value IN (…)`: the first is the value.
fn any_of(mut args: Vec<Node>) -> Node {
    if args.is_empty() || args[0] == Node::Null {
        return Node::Null;
    }
    let mut items = args.split_off(1);
    sort(&mut items);
    let value = args.remove(0);
    match items.len() {
        1 => comparison(Op::Eq, value, items.remove(0)),
        _ => Node::Call(Op::In, std::iter::once(value).chain(items).collect()),
    }
}

fn comparison(op: Op, a: Node, b: Node) -> Node {
    if a == Node::Null || b == Node::Null {
        return Node::Null;
    }
    if let (Node::Number(x), Node::Number(y)) = (&a, &b) {
        return Node::Bool(holds(&op, x.total_cmp(y)));
    }
    if let (Node::Text(x), Node::Text(y)) = (&a, &b) {
        return Node::Bool(holds(&op, x.cmp(y)));
    }
    // What stands alone on one side stands right; of two properties the order of their text decides.
    let swap = match (a.is_literal(), b.is_literal()) {
        (true, false) => true,
        (false, true) => false,
        _ => print::text(&a) > print::text(&b),
    };
    let (op, a, b) = if swap { (mirrored(op), b, a) } else { (op, a, b) };
    match (&op, &b) {
        // `example = TRUE` is `example`, where that gives true, false or nothing.
        (Op::Eq, Node::Bool(true)) | (Op::Ne, Node::Bool(false)) if gives_truth(&a) => a,
        (Op::Ne, Node::Bool(true)) | (Op::Eq, Node::Bool(false)) if gives_truth(&a) => not(a),
        _ => Node::Call(op, vec![a, b]),
    }
}

fn gives_truth(node: &Node) -> bool {
    matches!(node, Node::Property(_)) || matches!(node, Node::Call(op, _) if op.is_predicate())
}

fn holds(op: &Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        _ => order.is_ge(),
    }
}

fn mirrored(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Gt => Op::Lt,
        Op::Le => Op::Ge,
        Op::Ge => Op::Le,
        other => other,
    }
}

/// CASEI inside, ACCENTI outside, each once; of a text at once.
fn folded(op: Op, inner: Node) -> Node {
    match inner {
        Node::Null => Node::Null,
        Node::Text(text) if op == Op::CaseI => Node::Text(casei(&text).into()),
        Node::Text(text) => Node::Text(accenti(&text).into()),
        Node::Call(Op::CaseI, args) if op == Op::CaseI => Node::Call(Op::CaseI, args),
        Node::Call(Op::AccentI, args) if op == Op::AccentI => Node::Call(Op::AccentI, args),
        Node::Call(Op::AccentI, args) => Node::Call(Op::AccentI, vec![one(args, |a| folded(Op::CaseI, a))]),
        other => Node::Call(op, vec![other]),
    }
}

fn spatial(relation: Relation, a: Node, b: Node) -> Node {
    let (relation, a, b) = match relation {
        Relation::Disjoint => return not(spatial(Relation::Intersects, a, b)),
        Relation::Contains if a.is_literal() && !b.is_literal() => (Relation::Within, b, a),
        Relation::Within if a.is_literal() && !b.is_literal() => (Relation::Contains, b, a),
        Relation::Contains | Relation::Within => (relation, a, b),
        // The others are the same both ways.
        _ if a.is_literal() && !b.is_literal() => (relation, b, a),
        _ if a.is_literal() == b.is_literal() && print::text(&a) > print::text(&b) => (relation, b, a),
        _ => (relation, a, b),
    };
    Node::Call(Op::Spatial(relation), vec![a, b])
}

fn temporal(relation: TimeRelation, a: Node, b: Node) -> Node {
    use TimeRelation::{
        After, Before, Contains, Disjoint, During, Equals, FinishedBy, Finishes, Intersects, Meets, MetBy,
        OverlappedBy, Overlaps, StartedBy, Starts,
    };
    // Of each pair the one that the standard names first; the rest by its mirror image.
    let inverse = match relation {
        After => Before,
        MetBy => Meets,
        OverlappedBy => Overlaps,
        StartedBy => Starts,
        Contains => During,
        FinishedBy => Finishes,
        Disjoint => return not(temporal(Intersects, a, b)),
        Equals | Intersects => return sorted(Op::Temporal(relation), a, b),
        _ => return Node::Call(Op::Temporal(relation), vec![a, b]),
    };
    Node::Call(Op::Temporal(inverse), vec![b, a])
}

fn array(relation: SetRelation, a: Node, b: Node) -> Node {
    let set = |node: Node| match node {
        Node::List(mut items) => {
            sort(&mut items);
            Node::List(items)
        }
        // CQL2 text writes a list of one as the one in brackets.
        one @ (Node::Text(_) | Node::Number(_) | Node::Bool(_) | Node::Time(_)) => Node::List(vec![one]),
        other => other,
    };
    let (a, b) = (set(a), set(b));
    let list_first = matches!(a, Node::List(_)) && !matches!(b, Node::List(_));
    match relation {
        SetRelation::Contains | SetRelation::ContainedBy if list_first => {
            let other =
                if relation == SetRelation::Contains { SetRelation::ContainedBy } else { SetRelation::Contains };
            Node::Call(Op::Array(other), vec![b, a])
        }
        SetRelation::Equals | SetRelation::Overlaps if list_first => Node::Call(Op::Array(relation), vec![b, a]),
        _ => Node::Call(Op::Array(relation), vec![a, b]),
    }
}

/// Two operands in the order of their text, literals last.
fn sorted(op: Op, a: Node, b: Node) -> Node {
    let key = |n: &Node| (n.is_literal(), print::text(n));
    let pair = if key(&a) <= key(&b) { vec![a, b] } else { vec![b, a] };
    Node::Call(op, pair)
}

/// By their text, each once.
fn sort(nodes: &mut Vec<Node>) {
    nodes.sort_by_cached_key(print::text);
    nodes.dedup();
}
