//! Predicates on columns that only the table has, as SQL. Every value is bound, every name comes from our own schema.
//!
//! What this says of a row must be what [`super::eval`] says; a test holds them side by side.

use std::fmt::Write as _;

use duckdb::types::Value as Bound;
use parvis_model::Collection;

use super::compile::{Field, List, Number, Pred, Text, Time, Value};
use crate::cql::{Op, SetRelation};

/// A predicate as SQL, and the values of its `$1`, `$2` …
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) values: Vec<Bound>,
    collection: Collection,
}

/// The SQL of a predicate without geometry.
pub(super) fn predicate(pred: &Pred, collection: Collection) -> Sql {
    let mut sql = Sql { text: String::new(), values: Vec::new(), collection };
    sql.pred(pred);
    sql
}

impl Sql {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, value: impl Into<Bound>) {
        self.values.push(value.into());
        // Numbered: where a value stands in the text says nothing of when DuckDB counts it.
        let _ = write!(self.text, "${}", self.values.len());
    }

    fn text_value(&mut self, text: &str) {
        self.push("CAST(");
        self.bind(text.to_owned());
        self.push(" AS VARCHAR)");
    }

    fn number_value(&mut self, number: f64) {
        self.push("CAST(");
        self.bind(number);
        self.push(" AS DOUBLE)");
    }

    fn micros(&mut self, micros: i64) {
        self.push("CAST(");
        self.bind(micros);
        self.push(" AS BIGINT)");
    }

    /// A column by its name in our schema.
    fn column(&mut self, field: Field) {
        let name = self.collection.fields().get(field).map_or("id", |f| f.name);
        let _ = write!(self.text, "\"{name}\"");
    }

    fn joined(&mut self, preds: &[Pred], by: &str, none: &str) {
        if preds.is_empty() {
            self.push(none);
        }
        for (at, pred) in preds.iter().enumerate() {
            self.push(if at == 0 { "(" } else { by });
            self.pred(pred);
        }
        if !preds.is_empty() {
            self.push(")");
        }
    }

    fn pred(&mut self, pred: &Pred) {
        match pred {
            Pred::Const(Some(true)) => self.push("TRUE"),
            Pred::Const(Some(false)) => self.push("FALSE"),
            // A predicate on the geometry is never asked here.
            Pred::Const(None) | Pred::Spatial(..) => self.push("CAST(NULL AS BOOLEAN)"),
            Pred::And(preds) => self.joined(preds, " AND ", "TRUE"),
            Pred::Or(preds) => self.joined(preds, " OR ", "FALSE"),
            Pred::Not(inner) => {
                self.push("(NOT ");
                self.pred(inner);
                self.push(")");
            }
            Pred::Truth(field) => self.column(*field),
            Pred::Same(equal, a, b) => {
                self.push("(");
                self.pred(a);
                self.push(if *equal { " = " } else { " <> " });
                self.pred(b);
                self.push(")");
            }
            Pred::Number(op, a, b) => self.infix(op.name(), |s| s.number(a), |s| s.number(b)),
            Pred::NumberIn(a, items) => self.listed(|s| s.number(a), items, |s, n| s.number_value(*n)),
            Pred::Text(op, a, b) => self.infix(op.name(), |s| s.text(a), |s| s.text(b)),
            Pred::TextIn(a, items) => self.listed(|s| s.text(a), items, |s, t| s.text_value(t)),
            Pred::Like(a, pattern) => {
                self.push("(");
                self.text(a);
                self.push(" LIKE ");
                self.text_value(&pattern.pattern());
                self.push(" ESCAPE '\\')");
            }
            Pred::Time(op, a, b) => self.times(op, *a, *b),
            Pred::Set(relation, a, b) => self.sets(*relation, a, b),
            Pred::IsNull(value) => {
                self.push("(");
                match value {
                    Value::Pred(p) => self.pred(p),
                    Value::Number(n) => self.number(n),
                    Value::Text(t) => self.text(t),
                    Value::Time(t) => self.time(*t, false),
                    Value::List(l) => self.list(l),
                    Value::Geometry => self.push("TRUE"),
                }
                self.push(" IS NULL)");
            }
        }
    }

    fn infix(&mut self, op: &str, a: impl FnOnce(&mut Self), b: impl FnOnce(&mut Self)) {
        self.push("(");
        a(self);
        let _ = write!(self.text, " {op} ");
        b(self);
        self.push(")");
    }

    fn listed<T>(&mut self, value: impl FnOnce(&mut Self), items: &[T], item: impl Fn(&mut Self, &T)) {
        self.push("(");
        value(self);
        self.push(" IN (");
        for (at, one) in items.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            item(self, one);
        }
        self.push("))");
    }

    fn number(&mut self, number: &Number) {
        match number {
            Number::Const(value) => self.number_value(*value),
            Number::Field(field) => {
                self.push("CAST(");
                self.column(*field);
                self.push(" AS DOUBLE)");
            }
            Number::Op(op, a, b) => {
                let (open, between, close) = match op {
                    Op::Power => ("power(", ", ", ")"),
                    Op::IntegerDivide => ("trunc(", " / ", ")"),
                    Op::Add => ("(", " + ", ")"),
                    Op::Subtract => ("(", " - ", ")"),
                    Op::Multiply => ("(", " * ", ")"),
                    Op::Modulo => ("(", " % ", ")"),
                    _ => ("(", " / ", ")"),
                };
                // What has no value is nothing, here as in process: no infinity, no error.
                self.push("list_extract(list_filter([TRY(");
                self.push(open);
                self.number(a);
                self.push(between);
                self.number(b);
                self.push(close);
                self.push(")], lambda x: isfinite(x)), 1)");
            }
        }
    }

    fn text(&mut self, text: &Text) {
        match text {
            Text::Const(value) => self.text_value(value),
            Text::Field(field) => self.column(*field),
            Text::CaseI(inner) => {
                // As `casei`: what lower() does otherwise is put right before and after.
                self.push("replace(replace(lower(replace(replace(");
                self.text(inner);
                self.push(", 'İ', 'i'), 'ẞ', 'ß')), 'ß', 'ss'), 'ς', 'σ')");
            }
            Text::AccentI(inner) => {
                self.push("strip_accents(");
                self.text(inner);
                self.push(")");
            }
        }
    }

    /// The first or last microsecond of a time. Beside a day this is never one of an event, whose place has its own
    /// midnights: these are in the index, where such a comparison is made.
    fn time(&mut self, time: Time, last: bool) {
        match time {
            Time::Const(moment) => self.micros(if last { moment.last() } else { moment.first() }),
            Time::Clock(micros) => self.micros(micros),
            Time::Field(field) => {
                self.push("epoch_us(");
                self.column(field);
                self.push(")");
            }
        }
    }

    fn times(&mut self, op: &Op, a: Time, b: Time) {
        let less = |s: &mut Self, a: Time, b: Time| s.infix("<", |s| s.time(a, true), |s| s.time(b, false));
        match op {
            Op::Lt => less(self, a, b),
            Op::Gt => less(self, b, a),
            Op::Ge | Op::Le => {
                self.push("(NOT ");
                let (a, b) = if *op == Op::Ge { (a, b) } else { (b, a) };
                less(self, a, b);
                self.push(")");
            }
            _ => {
                self.push(if *op == Op::Eq { "(NOT (" } else { "((" });
                less(self, a, b);
                self.push(" OR ");
                less(self, b, a);
                self.push("))");
            }
        }
    }

    fn list(&mut self, list: &List) {
        match list {
            List::Field(field) => self.column(*field),
            List::Const(items) => {
                self.push("CAST([");
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.push(", ");
                    }
                    self.bind(item.to_string());
                }
                self.push("] AS VARCHAR[])");
            }
        }
    }

    fn sets(&mut self, relation: SetRelation, a: &List, b: &List) {
        let call = |s: &mut Self, name: &str, a: &List, b: &List| {
            s.push(name);
            s.push("(");
            s.list(a);
            s.push(", ");
            s.list(b);
            s.push(")");
        };
        match relation {
            SetRelation::Contains => call(self, "list_has_all", a, b),
            SetRelation::ContainedBy => call(self, "list_has_all", b, a),
            SetRelation::Overlaps => call(self, "list_has_any", a, b),
            SetRelation::Equals => {
                self.push("(");
                call(self, "list_has_all", a, b);
                self.push(" AND ");
                call(self, "list_has_all", b, a);
                self.push(")");
            }
        }
    }
}
