//! The tree as CQL2 text.

use super::node::{Node, Op};

/// Text that is read back as the same tree.
pub(super) fn text(node: &Node) -> String {
    let mut out = String::new();
    push(&mut out, node);
    out
}

fn push(out: &mut String, node: &Node) {
    match node {
        Node::Null => out.push_str("NULL"),
        Node::Bool(yes) => out.push_str(if *yes { "TRUE" } else { "FALSE" }),
        Node::Number(number) => out.push_str(&number.to_string()),
        Node::Text(text) => quote(out, '\'', text),
        Node::Time(moment) => out.push_str(&moment.to_string()),
        Node::Open => out.push_str("'..'"),
        Node::Property(name) => property(out, name),
        Node::Shape(shape) => out.push_str(&shape.to_string()),
        Node::List(items) => list(out, items),
        Node::Call(op, args) => call(out, op, args),
    }
}

fn call(out: &mut String, op: &Op, args: &[Node]) {
    match (op, args) {
        (Op::Not, [inner]) => {
            out.push_str("NOT ");
            operand(out, inner);
        }
        (Op::IsNull, [inner]) => {
            operand(out, inner);
            out.push_str(" IS NULL");
        }
        (Op::In, [value, items @ ..]) => {
            operand(out, value);
            out.push_str(" IN ");
            list(out, items);
        }
        (Op::Interval, [from, to]) => {
            out.push_str("INTERVAL(");
            bound(out, from);
            out.push_str(", ");
            bound(out, to);
            out.push(')');
        }
        (Op::CaseI | Op::AccentI | Op::Spatial(_) | Op::Temporal(_) | Op::Array(_), _) => {
            function(out, op.name(), args);
        }
        (Op::Function(name), _) => {
            let mut quoted = String::new();
            property(&mut quoted, name);
            function(out, &quoted, args);
        }
        _ => joined(out, &format!(" {} ", op.name()), args),
    }
}

/// A bound of an interval is a bare text there.
fn bound(out: &mut String, node: &Node) {
    match node {
        Node::Time(moment) => quote(out, '\'', &moment.text()),
        other => push(out, other),
    }
}

fn function(out: &mut String, name: &str, args: &[Node]) {
    out.push_str(name);
    out.push('(');
    for (at, arg) in args.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        push(out, arg);
    }
    out.push(')');
}

fn list(out: &mut String, items: &[Node]) {
    function(out, "", items);
}

fn joined(out: &mut String, by: &str, args: &[Node]) {
    for (at, arg) in args.iter().enumerate() {
        if at > 0 {
            out.push_str(by);
        }
        operand(out, arg);
    }
}

/// In brackets where it is an operation that is not written as a function.
fn operand(out: &mut String, node: &Node) {
    let bare = match node {
        Node::Call(op, _) => {
            matches!(
                op,
                Op::Interval
                    | Op::CaseI
                    | Op::AccentI
                    | Op::Spatial(_)
                    | Op::Temporal(_)
                    | Op::Array(_)
                    | Op::Function(_)
            )
        }
        Node::Number(number) => *number >= 0.0,
        _ => true,
    };
    if bare {
        push(out, node);
        return;
    }
    out.push('(');
    push(out, node);
    out.push(')');
}

/// A name, quoted where it would be read as something else.
fn property(out: &mut String, name: &str) {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':'))
        && !["true", "false", "null", "not"].iter().any(|word| word.eq_ignore_ascii_case(name));
    if plain {
        out.push_str(name);
    } else {
        quote(out, '"', name);
    }
}

fn quote(out: &mut String, by: char, text: &str) {
    out.push(by);
    for c in text.chars() {
        if c == by {
            out.push(by);
        }
        out.push(c);
    }
    out.push(by);
}
