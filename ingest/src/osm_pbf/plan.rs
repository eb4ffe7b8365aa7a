//! Which blobs of a file are needed, and reading them in parallel (DESIGN 6.1).

use osmpbf::PrimitiveBlock;
use parvis_model::Progress;
use rayon::prelude::*;

use super::{Kind, PbfFile, ReadError};

/// Which blobs hold what.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// The first blob that begins with a way, the first that begins with a relation.
    Sorted { ways: usize, relations: usize },
    /// The kinds in every blob.
    Scanned(Vec<[bool; 3]>),
}

impl Plan {
    /// Bisects a file that says it is sorted; looks into every blob of any other.
    pub(crate) fn new(pbf: &PbfFile) -> Result<Self, ReadError> {
        if pbf.header().sorted {
            let (ways, relations) = rayon::join(|| first_blob(pbf, Kind::Way), || first_blob(pbf, Kind::Relation));
            if let (Some(ways), Some(relations)) = (ways?, relations?) {
                return Ok(Self::Sorted { ways, relations });
            }
        }
        Self::scan(pbf)
    }

    fn scan(pbf: &PbfFile) -> Result<Self, ReadError> {
        let kinds = (0..pbf.blobs()).into_par_iter().map(|i| pbf.contents(i).map(|c| c.kinds));
        Ok(Self::Scanned(kinds.collect::<Result<_, _>>()?))
    }

    /// The blobs that hold elements of a kind with one of the (sorted) ids; `None`: all of the kind.
    pub(crate) fn blobs(&self, pbf: &PbfFile, kind: Kind, ids: Option<&[i64]>) -> Result<Vec<usize>, ReadError> {
        match self {
            Self::Scanned(kinds) => Ok((0..kinds.len()).filter(|&i| kinds[i][kind as usize]).collect()),
            Self::Sorted { ways, relations } => {
                // A blob may hold the end of one kind and the start of the next.
                let range = match kind {
                    Kind::Node => 0..*ways,
                    Kind::Way => ways.saturating_sub(1)..*relations,
                    Kind::Relation => relations.saturating_sub(1)..pbf.blobs(),
                };
                let mut blobs = Vec::new();
                match ids {
                    Some(ids) if ids.first().is_none_or(|&id| id >= 0) => narrow(pbf, kind, range, ids, &mut blobs)?,
                    _ => blobs.extend(range), // negative ids have no agreed order
                }
                Ok(blobs)
            }
        }
    }
}

/// The first blob whose first element is of `kind` or later; `None` when a blob in the way holds nothing.
fn first_blob(pbf: &PbfFile, kind: Kind) -> Result<Option<usize>, ReadError> {
    let (mut low, mut high) = (0, pbf.blobs());
    while low < high {
        let middle = low.midpoint(high);
        match pbf.contents(middle)?.first {
            None => return Ok(None),
            Some((found, _)) if found < kind => low = middle + 1,
            Some(_) => high = middle,
        }
    }
    Ok(Some(low))
}

/// With so many wanted ids a blob, nearly every blob is needed: looking costs more than it saves.
const DENSE: usize = 8;

/// Keeps the blobs of a sorted range whose ids can be among the wanted ones.
fn narrow(
    pbf: &PbfFile,
    kind: Kind,
    range: std::ops::Range<usize>,
    ids: &[i64],
    out: &mut Vec<usize>,
) -> Result<(), ReadError> {
    if ids.is_empty() {
        return Ok(());
    }
    if range.len() <= 1 || ids.len() >= range.len() * DENSE {
        out.extend(range);
        return Ok(());
    }
    let middle = range.start.midpoint(range.end);
    let split = match pbf.contents(middle)?.first {
        Some((found, first)) if found == kind => ids.partition_point(|&id| id < first),
        Some((found, _)) if found < kind => 0,
        Some(_) => ids.len(),
        None => {
            out.extend(range);
            return Ok(());
        }
    };
    narrow(pbf, kind, range.start..middle, &ids[..split], out)?;
    narrow(pbf, kind, middle..range.end, &ids[split..], out)
}

/// Decodes blobs in parallel; the results come in the file's order.
pub(crate) fn each<T: Send>(
    pbf: &PbfFile,
    blobs: &[usize],
    step: &str,
    progress: &dyn Progress,
    work: impl Fn(&PrimitiveBlock) -> T + Sync,
) -> Result<Vec<T>, ReadError> {
    progress.begin(step, Some(blobs.iter().map(|&i| pbf.size(i)).sum()));
    let results = blobs
        .par_iter()
        .map(|&index| {
            let result = work(&pbf.block(index)?);
            progress.advance(pbf.size(index));
            Ok(result)
        })
        .collect();
    progress.finish();
    results
}

/// Sorts ids and keeps each once.
pub(crate) fn sort_unique(ids: &mut Vec<i64>) {
    #[allow(clippy::stable_sort_primitive, reason = "ids come in runs, which it merges")]
    ids.par_sort();
    ids.dedup();
}

/// Finds an id among sorted ones, starting where the last one was: ids mostly come in order.
pub(crate) fn seek(ids: &[i64], cursor: &mut usize, id: i64) -> Option<usize> {
    if *cursor == 0 || ids.get(*cursor - 1).is_some_and(|&before| before >= id) {
        *cursor = ids.partition_point(|&i| i < id);
    }
    while ids.get(*cursor).is_some_and(|&i| i < id) {
        *cursor += 1;
    }
    (ids.get(*cursor) == Some(&id)).then_some(*cursor)
}
