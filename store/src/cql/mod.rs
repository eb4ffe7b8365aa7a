//! CQL2 (OGC 21-065r2): reading a filter, and the one form of all spellings that mean the same.
//!
//! Text and JSON are read here, in one pass each, to one tree, which is what gets compiled ([`crate::query`]).

mod canonical;
mod json;
mod limits;
mod lower;
mod moment;
mod node;
mod print;
mod shape;
mod text;

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use moka::sync::Cache;
use parvis_model::LonLat;

pub use limits::{MAX_BYTES, MAX_DEPTH, MAX_NESTING, MAX_VERTICES};
pub(crate) use moment::{Moment, SECOND};
pub(crate) use node::{Node, Op, Relation, SetRelation, TimeRelation, arithmetic};
pub(crate) use shape::Shape;

/// Filters kept parsed: a map asks for hundreds of tiles with one.
const KEPT: u64 = 512;

/// How a filter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FilterLang {
    /// `cql2-text`.
    Text,
    /// `cql2-json`.
    Json,
}

impl FilterLang {
    /// The value of `filter-lang`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "cql2-text",
            Self::Json => "cql2-json",
        }
    }

    /// The language of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Text, Self::Json].into_iter().find(|l| l.name() == name)
    }

    /// What a text looks like: JSON begins with a brace (CQL2 text never does), or is a bare `true` or `false`, the same in both.
    pub fn guess(text: &str) -> Self {
        if text.trim_start().starts_with('{') { Self::Json } else { Self::Text }
    }
}

/// Takes the coordinates of a filter, in the order of its CRS, to longitude and latitude.
pub type ToDegrees = dyn Fn([f64; 2]) -> Option<LonLat> + Send + Sync;

/// Why a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CqlError {
    /// More bytes, brackets, vertices or operators than are taken.
    #[error("{what}: {found}; {most} at most. Shorten the filter, or simplify its geometry")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How much there is.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// The text is not of the language.
    #[error("{place}: {detail}")]
    Syntax {
        /// `character 12`, or a JSON pointer.
        place: String,
        /// What was expected.
        detail: String,
    },
    /// The parts do not fit together.
    #[error("{0}")]
    Meaning(String),
    /// A literal is not what it must be.
    #[error("`{text}`: {detail}")]
    Literal {
        /// Its beginning.
        text: String,
        /// What is wrong.
        detail: String,
    },
}

/// A filter in CQL2, parsed and in canonical form. Which properties it may name depends on the collection, and is
/// looked at when it is applied. Cheap to clone.
#[derive(Clone)]
pub struct Cql(Arc<Inner>);

struct Inner {
    root: Node,
    text: String,
}

impl Cql {
    /// Reads a filter, its coordinates longitude and latitude in degrees (CRS84).
    ///
    /// # Errors
    /// [`CqlError`], with the place and what to change.
    pub fn parse(text: &str, lang: FilterLang) -> Result<Self, CqlError> {
        type Key = (Box<str>, FilterLang);
        static PARSED: LazyLock<Cache<Key, Cql>> = LazyLock::new(|| {
            let weigh = |(text, _): &Key, cql: &Cql| (text.len() + 3 * cql.0.text.len()) as u32;
            Cache::builder().max_capacity(KEPT * 1024).weigher(weigh).build()
        });
        let key = (text.into(), lang);
        if let Some(known) = PARSED.get(&key) {
            return Ok(known);
        }
        let cql = Self::read(text, lang, None)?;
        PARSED.insert(key, cql.clone());
        Ok(cql)
    }

    /// Reads a filter whose coordinates have to be converted (`filter-crs`). Edges are followed between their ends.
    ///
    /// # Errors
    /// As [`Self::parse`]; [`CqlError::Literal`] for coordinates that are no place.
    pub fn parse_with(text: &str, lang: FilterLang, to_degrees: &ToDegrees) -> Result<Self, CqlError> {
        Self::read(text, lang, Some(to_degrees))
    }

    fn read(text: &str, lang: FilterLang, to_degrees: Option<&ToDegrees>) -> Result<Self, CqlError> {
        limits::check(text, lang)?;
        let root = canonical::of(lower::parse(text, lang, to_degrees)?);
        Ok(Self::from_node(root))
    }

    /// Both must hold.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::from_node(canonical::of(Node::Call(Op::And, vec![self.0.root.clone(), other.0.root.clone()])))
    }

    /// What meets an area, given by the corners of a ring in degrees.
    pub fn meets(ring: &[LonLat]) -> Self {
        let ring = ring.iter().map(|place| place.coord()).collect();
        let polygon = geo_types::Polygon::new(geo_types::LineString(ring), Vec::new());
        let shape = Node::Shape(Arc::new(Shape::new(&polygon.into())));
        let geometry = Node::Property(crate::query::GEOMETRY.into());
        Self::from_node(canonical::of(Node::Call(Op::Spatial(Relation::Intersects), vec![geometry, shape])))
    }

    /// Takes a tree in canonical form.
    pub(crate) fn from_node(root: Node) -> Self {
        let text = print::text(&root);
        Self(Arc::new(Inner { root, text }))
    }

    /// The canonical form: CQL2 text, the same for all spellings that mean the same, and read back as itself.
    /// Coordinates are longitude and latitude in degrees, whatever they were.
    pub fn canonical(&self) -> &str {
        &self.0.text
    }

    pub(crate) fn root(&self) -> &Node {
        &self.0.root
    }
}

impl FromStr for Cql {
    type Err = CqlError;

    /// Text or JSON, by what it looks like.
    fn from_str(text: &str) -> Result<Self, CqlError> {
        Self::parse(text, FilterLang::guess(text))
    }
}

impl PartialEq for Cql {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for Cql {}

impl fmt::Debug for Cql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cql").field(&self.0.text).finish()
    }
}

/// The start of a text, for a message.
fn cut(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
