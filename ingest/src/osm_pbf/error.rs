//! Why an OSM PBF file cannot be read: always the file, the byte and what to do.

use std::io;
use std::path::PathBuf;

/// Why an OSM PBF file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file system refuses.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Zero bytes.
    #[error("{} is empty (0 bytes): it should start with an OSM PBF header. Fetch it again", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file ends inside something.
    #[error(
        "{} is cut short: it ends at byte {length}, but the {part} that starts at byte {offset} is {size} bytes long. \
         Fetch it again",
        path.display()
    )]
    Truncated {
        /// The file.
        path: PathBuf,
        /// What is cut: `length of a blob header`, `blob header`, `blob`.
        part: &'static str,
        /// Where that starts, in bytes from the start of the file.
        offset: u64,
        /// How many bytes it should have.
        size: u64,
        /// How many bytes the file has.
        length: u64,
    },
    /// A size is over the format's limit.
    #[error(
        "{}: the {part} at byte {offset} says it is {size} bytes long; OSM PBF allows {limit}. \
         It is not an OSM PBF file, or it is damaged",
        path.display()
    )]
    TooBig {
        /// The file.
        path: PathBuf,
        /// `blob header`, `blob` or `blob's content`.
        part: &'static str,
        /// Where it starts.
        offset: u64,
        /// What it claims.
        size: u64,
        /// What the format allows.
        limit: u64,
    },
    /// Bytes that make no sense.
    #[error("{}: the blob at byte {offset} is damaged: {detail}. Fetch the file again", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where the blob starts.
        offset: u64,
        /// What is wrong.
        detail: String,
    },
    /// A compression we do not read.
    #[error(
        "{}: the blob at byte {offset} is compressed with {name}, which is not supported (zlib, LZ4, zstd and none are). \
         Convert it with `osmium cat -o out.osm.pbf`",
        path.display()
    )]
    Compression {
        /// The file.
        path: PathBuf,
        /// Where the blob starts.
        offset: u64,
        /// The compression's name.
        name: &'static str,
    },
    /// The header asks for something we cannot do.
    #[error("{}: the file requires the feature `{feature}`, which is not supported", path.display())]
    RequiredFeature {
        /// The file.
        path: PathBuf,
        /// As the header names it.
        feature: String,
    },
    /// The first blob is no header.
    #[error("{} does not start with an OSM PBF header (its first blob is `{found}`)", path.display())]
    NoHeader {
        /// The file.
        path: PathBuf,
        /// The type of the first blob.
        found: String,
    },
    /// No relation makes a unit: nothing to build a territory from.
    #[error(
        "{} holds no boundary relation of {countries} ({blobs} data blobs read). \
         Is the file cut short, or of another country? For its actors alone write boundaries = false",
        path.display()
    )]
    NoBoundaries {
        /// The file.
        path: PathBuf,
        /// ISO codes.
        countries: String,
        /// How many data blobs it has.
        blobs: usize,
    },
}
