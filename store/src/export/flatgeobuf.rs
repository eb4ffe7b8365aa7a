//! FlatGeobuf with its index, the features in the order of the other files.
//!
//! The crate's own writer spools to the system's temporary folder, orders the features itself and gives
//! rows without geometry an empty one, which GDAL calls damaged; so the file is put together here from
//! the crate's tables and tree. Features are encoded twice: once for the sizes that the index needs, once to be written.

use std::io::Write;

use flatbuffers::{FlatBufferBuilder, WIPOffset};
use flatgeobuf::packed_r_tree::{NodeItem, PackedRTree};
use flatgeobuf::{
    Column, ColumnArgs, ColumnType, Crs, CrsArgs, Feature, FeatureArgs, Geometry as FgbGeometry, GeometryArgs,
    GeometryType, Header, HeaderArgs,
};
use geo_types::{Geometry, LineString, Polygon, Rect};
use parvis_model::{Collection, FieldType, Progress, Value};
use rayon::prelude::*;

use super::csv::cell;
use crate::StoreError;
use crate::part::PartSink;
use crate::rows::{Prepared, PreparedRow, polygons};
use crate::writer::About;

/// `fgb`, major version 3, `fgb`, patch 0.
const MAGIC: [u8; 8] = [0x66, 0x67, 0x62, 3, 0x66, 0x67, 0x62, 0];

const CHUNK: usize = 128;
const BATCH: usize = 2048;

/// Writes a part.
pub(crate) fn write(
    sink: &mut PartSink,
    rows: &Prepared,
    about: &About,
    progress: &dyn Progress,
) -> Result<(), StoreError> {
    let path = sink.path().to_owned();
    write_to(sink, rows, about, &mut |n| progress.advance(n)).map_err(|e| match e {
        WriteError::Io(e) => StoreError::io(&path, "write", e),
        WriteError::Index(source) => StoreError::FlatGeobuf { path, source },
    })
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// The output failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The index could not be built.
    #[error(transparent)]
    Index(#[from] flatgeobuf::Error),
}

/// Writes a file to any output.
pub(crate) fn write_to(
    out: &mut (impl Write + ?Sized),
    rows: &Prepared,
    about: &About,
    advance: &mut dyn FnMut(u64),
) -> Result<(), WriteError> {
    let collection = rows.collection();
    let sizes: Vec<u64> = rows.rows().par_iter().map(|row| feature(collection, row).len() as u64).collect();
    let mut offset = 0;
    let mut nodes = Vec::with_capacity(sizes.len());
    for (row, size) in rows.rows().iter().zip(sizes) {
        nodes.push(node(row.rect, offset));
        offset += size;
    }
    let mut extent = NodeItem::create(0);
    for node in &nodes {
        extent.expand(node);
    }
    let located = rows.located() > 0;
    begin(out, &header(collection, columns(collection), about, &nodes, located.then_some(&extent)), &nodes, &extent)?;
    for batch in rows.rows().chunks(BATCH) {
        let chunks: Vec<Vec<u8>> =
            batch.par_chunks(CHUNK).map(|rows| rows.iter().flat_map(|r| feature(collection, r)).collect()).collect();
        for chunk in &chunks {
            out.write_all(chunk)?;
        }
        advance(batch.len() as u64);
    }
    Ok(())
}

/// Writes what stands before the features.
pub(super) fn begin(
    out: &mut (impl Write + ?Sized),
    header: &[u8],
    nodes: &[NodeItem],
    extent: &NodeItem,
) -> Result<(), WriteError> {
    out.write_all(&MAGIC)?;
    out.write_all(header)?;
    if !nodes.is_empty() {
        PackedRTree::build(nodes, extent, PackedRTree::DEFAULT_NODE_SIZE)?.stream_write(&mut &mut *out)?;
    }
    Ok(())
}

/// The box of a feature in the index; of one without geometry a box that no query meets.
fn node(rect: Option<Rect<f64>>, offset: u64) -> NodeItem {
    let mut node = NodeItem::create(offset);
    if let Some(rect) = rect {
        node.expand_xy(rect.min().x, rect.min().y);
        node.expand_xy(rect.max().x, rect.max().y);
    }
    node
}

fn column_type(kind: FieldType) -> ColumnType {
    match kind {
        FieldType::Text | FieldType::TextList => ColumnType::String,
        FieldType::Integer => ColumnType::Long,
        FieldType::Float => ColumnType::Double,
        FieldType::Boolean => ColumnType::Bool,
        FieldType::Timestamp => ColumnType::DateTime,
        FieldType::Json => ColumnType::Json,
    }
}

/// A column: name, type, description.
type ColumnOf<'c> = (&'c str, ColumnType, &'c str);

/// The columns of a collection.
fn columns(collection: Collection) -> impl Iterator<Item = ColumnOf<'static>> {
    collection.fields().iter().map(|field| (field.name, column_type(field.kind), field.description))
}

/// The header, its length before it. `extent`: of the features, where any has a geometry.
pub(super) fn header<'c>(
    collection: Collection,
    columns: impl Iterator<Item = ColumnOf<'c>>,
    about: &About,
    nodes: &[NodeItem],
    extent: Option<&NodeItem>,
) -> Vec<u8> {
    let mut fbb = FlatBufferBuilder::new();
    let columns: Vec<WIPOffset<Column<'_>>> = columns
        .map(|(name, kind, description)| {
            let args = ColumnArgs {
                name: Some(fbb.create_string(name)),
                type_: kind,
                description: Some(fbb.create_string(description)),
                ..ColumnArgs::default()
            };
            Column::create(&mut fbb, &args)
        })
        .collect();
    let crs = CrsArgs {
        org: Some(fbb.create_string("EPSG")),
        code: 4326,
        name: Some(fbb.create_string("WGS 84")),
        ..CrsArgs::default()
    };
    let metadata = serde_json::json!({
        "licence": about.licence(), "attribution": about.attribution, "territory": about.territory,
    });
    let envelope = extent.map(|e| [e.min_x, e.min_y, e.max_x, e.max_y]);
    let args = HeaderArgs {
        name: Some(fbb.create_string(about.name)),
        envelope: envelope.map(|envelope| fbb.create_vector(&envelope)),
        geometry_type: match collection.level() {
            Some(_) => GeometryType::MultiPolygon,
            None => GeometryType::Point,
        },
        columns: Some(fbb.create_vector(&columns)),
        features_count: nodes.len() as u64,
        index_node_size: if nodes.is_empty() { 0 } else { PackedRTree::DEFAULT_NODE_SIZE },
        crs: Some(Crs::create(&mut fbb, &crs)),
        title: Some(fbb.create_string(&about.title)),
        description: Some(fbb.create_string(&format!("{}. {}", about.attribution, about.licence()))),
        metadata: Some(fbb.create_string(&metadata.to_string())),
        ..HeaderArgs::default()
    };
    let header = Header::create(&mut fbb, &args);
    fbb.finish_size_prefixed(header, None);
    fbb.finished_data().to_vec()
}

/// One feature with its length before it; without a geometry where the row has none.
fn feature(collection: Collection, prepared: &PreparedRow) -> Vec<u8> {
    let mut fbb = FlatBufferBuilder::new();
    let geometry = prepared.row.geometry.as_ref().map(|g| geometry(&mut fbb, g));
    let properties = properties(collection, prepared);
    let properties = Some(fbb.create_vector(&properties));
    let feature = Feature::create(&mut fbb, &FeatureArgs { geometry, properties, columns: None });
    fbb.finish_size_prefixed(feature, None);
    fbb.finished_data().to_vec()
}

fn properties(collection: Collection, prepared: &PreparedRow) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    for (at, value) in prepared.row.values.iter().enumerate().take(collection.fields().len()) {
        if matches!(value, Value::Null) {
            continue;
        }
        out.extend_from_slice(&(at as u16).to_le_bytes());
        match value {
            Value::Integer(n) => out.extend_from_slice(&n.to_le_bytes()),
            Value::Float(v) => out.extend_from_slice(&v.to_le_bytes()),
            Value::Boolean(b) => out.push(u8::from(*b)),
            text => {
                let text = cell(text, false);
                out.extend_from_slice(&(text.len() as u32).to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            }
        }
    }
    out
}

fn geometry<'f>(fbb: &mut FlatBufferBuilder<'f>, geometry: &Geometry<f64>) -> WIPOffset<FgbGeometry<'f>> {
    if let Geometry::Point(p) = geometry {
        let xy = Some(fbb.create_vector(&[p.x(), p.y()]));
        return FgbGeometry::create(fbb, &GeometryArgs { xy, ..GeometryArgs::default() });
    }
    let parts: Vec<WIPOffset<FgbGeometry<'f>>> = polygons(geometry).iter().map(|p| polygon(fbb, p)).collect();
    let parts = Some(fbb.create_vector(&parts));
    FgbGeometry::create(fbb, &GeometryArgs { parts, type_: GeometryType::MultiPolygon, ..GeometryArgs::default() })
}

fn polygon<'f>(fbb: &mut FlatBufferBuilder<'f>, polygon: &Polygon<f64>) -> WIPOffset<FgbGeometry<'f>> {
    let mut xy = Vec::with_capacity(polygon.exterior().0.len() * 2);
    let mut ends = Vec::new();
    let mut add = |ring: &LineString<f64>| {
        xy.extend(ring.coords().flat_map(|c| [c.x, c.y]));
        ends.push((xy.len() / 2) as u32);
    };
    add(polygon.exterior());
    polygon.interiors().iter().for_each(&mut add);
    let xy = Some(fbb.create_vector(&xy));
    // One ring needs no ends.
    let ends = (ends.len() > 1).then(|| fbb.create_vector(&ends));
    FgbGeometry::create(fbb, &GeometryArgs { ends, xy, type_: GeometryType::Polygon, ..GeometryArgs::default() })
}
