//! FlatGeobuf of a selection, cut out of the stored file: its features stand in the order of the rows and its
//! index tells the box of each, so nothing is encoded again.

use std::io::Write;
use std::ops::Range;

use flatgeobuf::packed_r_tree::{NodeItem, PackedRTree};
use flatgeobuf::size_prefixed_root_as_header;
use memmap2::Mmap;

use super::flatgeobuf::{WriteError, begin, header};
use crate::slices::map;
use crate::writer::About;
use crate::{EditionPart, Selection, StoreError};

/// What an index entry takes in the file.
const NODE_BYTES: usize = 40;

/// Bytes of the magic number, and of a length.
const MAGIC_BYTES: usize = 8;
const LENGTH_BYTES: usize = 4;

/// A stored file, mapped.
pub(crate) struct Stored {
    data: Mmap,
    /// Where the header lies, its length included.
    header: Range<usize>,
    /// Where the index entries of the features lie, in the order of the features.
    leaves: usize,
    /// Where the first feature begins.
    features: usize,
    rows: usize,
}

impl Stored {
    /// Maps a file and finds its index.
    ///
    /// # Errors
    /// [`StoreError::DamagedPart`] when it is not one that this program wrote, [`StoreError::Io`].
    pub(crate) fn open(part: &EditionPart) -> Result<Self, StoreError> {
        let data = map(&part.path)?;
        let damaged = |detail: &str| StoreError::DamagedPart { path: part.path.clone(), detail: detail.to_owned() };
        let length = data.get(MAGIC_BYTES..MAGIC_BYTES + LENGTH_BYTES);
        let length = length.and_then(|b| Some(u32::from_le_bytes(b.try_into().ok()?) as usize));
        let length = length.ok_or_else(|| damaged("has no header"))?;
        let header = MAGIC_BYTES..MAGIC_BYTES + LENGTH_BYTES + length;
        let bytes = data.get(header.clone()).ok_or_else(|| damaged("has no header"))?;
        let read = size_prefixed_root_as_header(bytes).map_err(|e| damaged(&e.to_string()))?;
        let (rows, node_size) = (read.features_count() as usize, read.index_node_size());
        if rows > 0 && node_size < 2 {
            return Err(damaged("has no index"));
        }
        // A file is longer than its index: this keeps a count that is wrong from sizing anything.
        let index = if rows == 0 || rows > data.len() { 0 } else { PackedRTree::index_size(rows, node_size) };
        let features = header.end + index;
        if features > data.len() || index < rows * NODE_BYTES {
            return Err(damaged("ends in its index"));
        }
        let leaves = features - rows * NODE_BYTES;
        Ok(Self { data, header, leaves, features, rows })
    }

    /// The index entry of a row: its box, and where it begins among the features.
    fn node(&self, row: usize) -> Option<NodeItem> {
        if row >= self.rows {
            return None;
        }
        let at = self.leaves + row * NODE_BYTES;
        NodeItem::from_reader(self.data.get(at..at + NODE_BYTES)?).ok()
    }

    /// A row with its length; empty where the index leads nowhere.
    fn feature(&self, row: usize) -> &[u8] {
        let begin = self.node(row).map_or(usize::MAX, |n| n.offset as usize);
        let end = self.node(row + 1).map_or(self.data.len() - self.features, |n| n.offset as usize);
        self.data[self.features..].get(begin..end).unwrap_or_default()
    }

    /// Writes the file that holds the rows of a selection alone. Memory: 80 bytes a row, for the index.
    pub(crate) fn write(
        &self,
        selection: &Selection,
        about: &About,
        out: &mut (impl Write + ?Sized),
    ) -> Result<(), WriteError> {
        let mut nodes = Vec::with_capacity(selection.total() as usize);
        let mut extent = NodeItem::create(0);
        let mut offset = 0;
        for row in selection.rows() {
            let Some(node) = self.node(row as usize) else { continue };
            extent.expand(&node);
            nodes.push(NodeItem { offset, ..node });
            offset += self.feature(row as usize).len() as u64;
        }
        let stored = size_prefixed_root_as_header(&self.data[self.header.clone()]);
        let columns = stored.ok().and_then(|h| h.columns());
        let columns = columns.map(|c| c.iter()).into_iter().flatten();
        let columns = columns.map(|c| (c.name(), c.type_(), c.description().unwrap_or_default()));
        let located = (selection.located() > 0).then_some(&extent);
        begin(out, &header(selection.collection(), columns, about, &nodes, located), &nodes, &extent)?;
        drop(nodes);
        selection.rows().try_for_each(|row| out.write_all(self.feature(row as usize)))?;
        Ok(())
    }
}
