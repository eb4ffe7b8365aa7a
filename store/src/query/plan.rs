//! How a filter is run: cheap sets of positions first, then columns by the word of 64 rows, single cells last.

use parvis_model::{Bbox, Collection, FieldType, Marks, ones, theme};
use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::compile::{Field, Pred, Value, predicate};
use super::eval::Rows;
use super::points::{Codes, PointRows};
use super::units::UnitRows;
use super::{TableRows, words};
use crate::cql::{Node, Op, Relation, SetRelation, Shape};
use crate::filter::Near;
use crate::index::{PointIndex, UnitRecord, UnitTable};
use crate::{Filter, FilterError, Interval};

/// The rows of a collection as a filter is run over them. Positions are rows in the order of the index.
pub(super) trait Source: Rows + Sync {
    fn collection(&self) -> Collection;
    fn len(&self) -> usize;
    /// Whether a column is in memory.
    fn holds(&self, field: Field) -> bool;
    /// A column of few values, as numbers.
    fn codes(&self, field: Field) -> Option<Codes<'_>>;
    fn located(&self) -> Marks;
    fn lying(&self, relation: Relation, shape: &Shape) -> Marks;
    fn in_bbox(&self, bbox: Bbox) -> Marks;
    fn near(&self, near: Near) -> Marks;
    /// The positions of rows of the file.
    fn positions(&self, rows: &RoaringBitmap) -> Marks;
    /// Which of the 64 rows of a word have one of the themes, by their bits.
    fn themed(&self, word: usize, themes: u16) -> u64;
    /// Whether it takes place then, lies in the unit.
    fn overlaps(&self, at: usize, when: Interval) -> bool;
    fn within(&self, at: usize, unit: &UnitRecord) -> bool;
    /// Whether a row has the postal code at one of these places of [`Self::postcodes`].
    fn has_postcode(&self, at: usize, wanted: &[u32]) -> bool;
    /// The places of postal codes among all there are.
    fn postcodes(&self, wanted: &[String]) -> Vec<u32>;
}

/// A part of a filter, ready to run.
enum Step<'s> {
    Const(Option<bool>),
    And(Vec<Step<'s>>),
    Or(Vec<Step<'s>>),
    Not(Box<Step<'s>>),
    Same(bool, Box<Step<'s>>, Box<Step<'s>>),
    /// True where the other is neither true nor false.
    Unknown(Box<Step<'s>>),
    Set {
        yes: Marks,
        unknown: Marks,
    },
    /// By the number in a column: true, false or neither.
    Codes(Codes<'s>, Vec<Option<bool>>),
    Within(Vec<&'s UnitRecord>),
    Postcodes(Vec<u32>),
    Themes(u16),
    When(Interval),
    Cells(Pred),
}

/// Bits of 64 rows: what is true, and what is neither true nor false.
#[derive(Clone, Copy)]
struct Truth {
    yes: u64,
    unknown: u64,
}

/// The positions that a filter takes of actors or events.
pub(crate) fn select_points(
    points: &PointIndex,
    units: &UnitTable,
    table: &TableRows<'_>,
    filter: &Filter,
    within: &[&UnitRecord],
) -> Result<Marks, FilterError> {
    run(&PointRows::new(points, units, table.collection()), table, filter, within)
}

/// The rows that a filter takes of units.
pub(crate) fn select_units(
    units: &UnitTable,
    table: &TableRows<'_>,
    filter: &Filter,
    within: &[&UnitRecord],
) -> Result<Marks, FilterError> {
    run(&UnitRows::new(units, table.collection(), table.rows()), table, filter, within)
}

fn run<S: Source>(
    source: &S,
    table: &TableRows<'_>,
    filter: &Filter,
    within: &[&UnitRecord],
) -> Result<Marks, FilterError> {
    let planner = Planner { source, table };
    let step = Step::And(planner.filter(filter, within)?).sorted();
    let len = source.len();
    let words = len.div_ceil(64);
    let all = |word: usize| if (word + 1) * 64 <= len { u64::MAX } else { u64::MAX >> (64 - len % 64) };
    let taken = (0..words).into_par_iter().with_min_len(128).map(|word| step.word(source, word, all(word)).yes);
    Ok(Marks::from_words(taken.collect()))
}

struct Planner<'p, S> {
    source: &'p S,
    table: &'p TableRows<'p>,
}

impl<'p, S: Source> Planner<'p, S> {
    /// Everything that must hold.
    fn filter(&self, filter: &Filter, within: &[&'p UnitRecord]) -> Result<Vec<Step<'p>>, FilterError> {
        let collection = self.source.collection();
        let mut steps = Vec::new();
        if let Some(bbox) = filter.bbox {
            steps.push(set(self.source.in_bbox(bbox)));
        }
        if let Some(near) = filter.near {
            steps.push(set(self.source.near(near)));
        }
        if !within.is_empty() {
            steps.push(Step::Within(within.to_vec()));
        }
        if !filter.theme.is_empty() {
            self.require("theme", "themes")?;
            steps.push(Step::Themes(theme_bits(&filter.theme)?));
        }
        if !filter.kind.is_empty() {
            let field = if collection.level().is_some() { "subtype" } else { "kind" };
            check_kinds(&filter.kind, collection)?;
            steps.push(self.node(&any_of(field, &filter.kind))?);
        }
        if !filter.postcode.is_empty() {
            // A postal code that nobody has matches nothing; it is no mistake.
            steps.push(Step::Postcodes(self.source.postcodes(&filter.postcode)));
        }
        if let Some(example) = filter.example {
            self.require("example", "example")?;
            let node = Node::Property("example".into());
            steps.push(self.node(&if example { node } else { node.not() })?);
        }
        if let Some(when) = filter.datetime {
            steps.push(Step::When(when));
        }
        for (name, values) in &filter.properties {
            steps.push(self.node(&property(name, values, collection)?)?);
        }
        if let Some(cql) = &filter.cql {
            steps.push(self.node(cql.root())?);
        }
        if let Some(q) = &filter.q {
            let rows = self.table.asked(&words::key(q), || words::rows(self.table, q))?;
            steps.push(set(self.source.positions(&rows.yes)));
        }
        Ok(steps)
    }

    fn require(&self, parameter: &'static str, field: &str) -> Result<(), FilterError> {
        let collection = self.source.collection();
        if collection.fields().iter().any(|f| f.name == field) {
            return Ok(());
        }
        Err(FilterError::NotAField { parameter, collection })
    }

    fn node(&self, node: &Node) -> Result<Step<'p>, FilterError> {
        let collection = self.source.collection();
        let pred = predicate(node, collection).map_err(|detail| FilterError::Cql { collection, detail })?;
        self.step(pred, false)
    }

    /// `unknown`: whether somebody above asks what is neither true nor false.
    fn step(&self, pred: Pred, unknown: bool) -> Result<Step<'p>, FilterError> {
        if self.is_for_table(&pred) {
            return self.ask(&pred, unknown);
        }
        Ok(match pred {
            Pred::Const(truth) => Step::Const(truth),
            Pred::And(preds) => Step::And(self.steps(preds, Pred::And, unknown)?),
            Pred::Or(preds) => Step::Or(self.steps(preds, Pred::Or, unknown)?),
            Pred::Not(inner) => Step::Not(Box::new(self.step(*inner, true)?)),
            Pred::Same(equal, a, b) => {
                Step::Same(equal, Box::new(self.step(*a, true)?), Box::new(self.step(*b, true)?))
            }
            Pred::IsNull(Value::Pred(inner)) => Step::Unknown(Box::new(self.step(*inner, true)?)),
            Pred::IsNull(Value::Geometry) => Step::Not(Box::new(set(self.source.located()))),
            Pred::Spatial(relation, shape) => {
                let yes = self.source.lying(relation, &shape);
                let without = self.source.located().words().iter().map(|w| !w).collect();
                Step::Set { yes, unknown: Marks::from_words(without) }
            }
            leaf => self.leaf(leaf),
        })
    }

    /// Those for the table are asked in one go.
    fn steps(
        &self,
        preds: Vec<Pred>,
        join: impl Fn(Vec<Pred>) -> Pred,
        unknown: bool,
    ) -> Result<Vec<Step<'p>>, FilterError> {
        let (asked, mut rest): (Vec<Pred>, Vec<Pred>) = preds.into_iter().partition(|p| self.is_for_table(p));
        if !asked.is_empty() {
            rest.push(join(asked));
        }
        rest.into_iter().map(|p| self.step(p, unknown)).collect()
    }

    fn leaf(&self, leaf: Pred) -> Step<'p> {
        let mut fields = Vec::new();
        leaf.fields(&mut |field| fields.push(field));
        fields.dedup();
        if let [field] = fields[..]
            && let Some(codes) = self.source.codes(field)
        {
            let truths = (0..=codes.count()).map(|code| leaf.of(&codes, code)).collect();
            return Step::Codes(codes, truths);
        }
        Step::Cells(leaf)
    }

    /// Whether every part of it looks at columns that are not in memory.
    fn is_for_table(&self, pred: &Pred) -> bool {
        match pred {
            Pred::And(preds) | Pred::Or(preds) => !preds.is_empty() && preds.iter().all(|p| self.is_for_table(p)),
            Pred::Not(inner) | Pred::IsNull(Value::Pred(inner)) => self.is_for_table(inner),
            Pred::Same(_, a, b) => self.is_for_table(a) && self.is_for_table(b),
            leaf => {
                let mut beyond = false;
                leaf.fields(&mut |field| beyond |= !self.source.holds(field));
                beyond
            }
        }
    }

    fn ask(&self, pred: &Pred, unknown: bool) -> Result<Step<'p>, FilterError> {
        let rows = self.table.predicate(pred, unknown)?;
        Ok(Step::Set { yes: self.source.positions(&rows.yes), unknown: self.source.positions(&rows.unknown) })
    }
}

/// Rows without geometry, or with an empty cell, do not lie anywhere; at the top nobody asks for more.
fn set<'s>(yes: Marks) -> Step<'s> {
    Step::Set { yes, unknown: Marks::default() }
}

fn any_of(field: &str, values: &[String]) -> Node {
    let property = Node::Property(field.into());
    Node::Call(Op::In, std::iter::once(property).chain(values.iter().map(|v| Node::Text(v.as_str().into()))).collect())
}

/// `name=value,value` as a filter: equal to one of them, or for a list having one.
fn property(name: &str, values: &[String], collection: Collection) -> Result<Node, FilterError> {
    let field = collection.fields().iter().find(|f| f.name == name);
    let refused = |value: &str, what: &str| {
        let start: String = value.chars().take(60).collect();
        FilterError::Cql { collection, detail: format!("`{name}`: `{start}` is not {what}") }
    };
    let literal = |value: &String| match field.map(|f| f.kind) {
        Some(FieldType::Integer | FieldType::Float) => {
            let number = value.parse::<f64>().ok().filter(|n| n.is_finite());
            number.map(Node::Number).ok_or_else(|| refused(value, "a number"))
        }
        Some(FieldType::Boolean) => match value.as_str() {
            "true" => Ok(Node::Bool(true)),
            "false" => Ok(Node::Bool(false)),
            _ => Err(refused(value, "true or false")),
        },
        Some(FieldType::Timestamp) => crate::cql::Moment::parse(value)
            .map(Node::Time)
            .ok_or_else(|| refused(value, "a day or an instant such as 2026-11-21T10:00:00Z")),
        _ => Ok(Node::Text(value.as_str().into())),
    };
    let literals = values.iter().map(literal).collect::<Result<Vec<Node>, _>>()?;
    let property = Node::Property(name.into());
    Ok(match field.map(|f| f.kind) {
        Some(FieldType::TextList) => Node::Call(Op::Array(SetRelation::Overlaps), vec![property, Node::List(literals)]),
        _ => Node::Call(Op::In, std::iter::once(property).chain(literals).collect()),
    })
}

fn theme_bits(themes: &[usize]) -> Result<u16, FilterError> {
    themes.iter().try_fold(0, |bits, &theme| {
        if theme < theme::themes().len() { Ok(bits | 1 << theme) } else { Err(FilterError::UnknownTheme(theme)) }
    })
}

/// A kind that no row could have is a mistake; of units any subtype may be asked for.
fn check_kinds(kinds: &[String], collection: Collection) -> Result<(), FilterError> {
    let all = super::queryables(collection).into_iter().find(|q| q.name == "kind").map(|q| q.values);
    let unknown = all.and_then(|all| kinds.iter().find(|k| !all.contains(&k.as_str())));
    unknown.map_or(Ok(()), |kind| Err(FilterError::UnknownKind { kind: kind.clone(), collection }))
}

impl Step<'_> {
    /// What is quick and leaves little comes first.
    fn sorted(self) -> Self {
        match self {
            Self::And(steps) => Self::And(by_cost(steps)),
            Self::Or(steps) => Self::Or(by_cost(steps)),
            other => other,
        }
    }

    const fn cost(&self) -> u8 {
        match self {
            Self::Const(_) => 0,
            Self::Set { .. } => 1,
            Self::Within(_) | Self::Themes(_) => 2,
            Self::Codes(..) | Self::Postcodes(_) => 3,
            Self::When(_) => 4,
            Self::Cells(_) => 6,
            _ => 5,
        }
    }

    /// Of the rows of `word` that are in `mask`.
    fn word<S: Source>(&self, source: &S, word: usize, mask: u64) -> Truth {
        if mask == 0 {
            return Truth { yes: 0, unknown: 0 };
        }
        match self {
            Self::Const(truth) => Truth {
                yes: if *truth == Some(true) { mask } else { 0 },
                unknown: if truth.is_none() { mask } else { 0 },
            },
            Self::And(steps) => {
                let (mut yes, mut maybe) = (mask, mask);
                for step in steps {
                    let truth = step.word(source, word, maybe);
                    maybe &= truth.yes | truth.unknown;
                    yes &= truth.yes;
                }
                Truth { yes, unknown: maybe & !yes }
            }
            Self::Or(steps) => {
                let (mut yes, mut unknown) = (0, 0);
                for step in steps {
                    let truth = step.word(source, word, mask & !yes);
                    yes |= truth.yes;
                    unknown |= truth.unknown;
                }
                Truth { yes, unknown: unknown & !yes }
            }
            Self::Not(inner) => {
                let truth = inner.word(source, word, mask);
                Truth { yes: mask & !truth.yes & !truth.unknown, unknown: truth.unknown }
            }
            Self::Same(equal, a, b) => {
                let (a, b) = (a.word(source, word, mask), b.word(source, word, mask));
                let unknown = a.unknown | b.unknown;
                let differs = if *equal { !(a.yes ^ b.yes) } else { a.yes ^ b.yes };
                Truth { yes: mask & differs & !unknown, unknown }
            }
            Self::Unknown(inner) => Truth { yes: inner.word(source, word, mask).unknown, unknown: 0 },
            Self::Set { yes, unknown } => Truth { yes: yes.word(word) & mask, unknown: unknown.word(word) & mask },
            Self::Codes(codes, truths) => codes.word(word, mask, truths).into(),
            Self::Within(units) => each(word, mask, |at| units.iter().any(|u| source.within(at, u))),
            Self::Postcodes(wanted) => each(word, mask, |at| source.has_postcode(at, wanted)),
            Self::Themes(themes) => Truth { yes: source.themed(word, *themes) & mask, unknown: 0 },
            Self::When(when) => each(word, mask, |at| source.overlaps(at, *when)),
            Self::Cells(pred) => {
                let mut truth = Truth { yes: 0, unknown: 0 };
                for bit in ones(mask) {
                    match pred.of(source, word * 64 + bit) {
                        Some(yes) => truth.yes |= u64::from(yes) << bit,
                        None => truth.unknown |= 1 << bit,
                    }
                }
                truth
            }
        }
    }
}

impl From<[u64; 2]> for Truth {
    fn from([yes, unknown]: [u64; 2]) -> Self {
        Self { yes, unknown }
    }
}

fn by_cost(steps: Vec<Step<'_>>) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = steps.into_iter().map(Step::sorted).collect();
    steps.sort_by_key(Step::cost);
    steps
}

/// Tests that are never neither true nor false.
fn each(word: usize, mask: u64, test: impl Fn(usize) -> bool) -> Truth {
    let yes = if mask == u64::MAX {
        (0..64).fold(0, |yes, bit| yes | u64::from(test(word * 64 + bit)) << bit)
    } else {
        ones(mask).fold(0, |yes, bit| yes | u64::from(test(word * 64 + bit)) << bit)
    };
    Truth { yes, unknown: 0 }
}
