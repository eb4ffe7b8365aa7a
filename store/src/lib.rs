#![doc = include_str!("../README.md")]

pub mod cql;
pub mod data_dir;
pub mod duck;
pub mod edition;
pub mod error;
pub mod export;
pub mod facet;
pub mod filter;
pub mod index;
pub mod inspect;
pub mod links;
pub mod lookup;
pub mod manifest;
pub mod order;
pub(crate) mod part;
pub mod query;
pub(crate) mod rows;
pub mod search;
pub mod selection;
pub mod slices;
pub mod snapshot;
pub mod table;
mod tally;
#[cfg(test)]
mod testing;
pub mod writer;

pub use cql::{Cql, CqlError, FilterLang};
pub use data_dir::{DataDir, GcReport, WriteLock};
pub use edition::{Edition, EditionPart};
pub use error::StoreError;
pub use export::{ExportError, Format, Telling, TextExport, export};
pub use facet::{Facet, FacetField};
pub use filter::{Clock, Edge, Filter, FilterError, Interval, Near};
pub use index::{NO_UNIT, PointIndex, UnitRecord, UnitTable};
pub use links::LinkIndex;
pub use manifest::{EditionId, Manifest, Start, Title};
pub use order::{Order, SortError, SortKey, sortables};
pub use query::{Queryable, QueryableKind, queryables};
pub use search::{Hit, HitKind, SearchResults};
pub use selection::Selection;
pub use snapshot::Snapshot;
pub use writer::{EditionMeta, EditionWriter};
