//! Reading the rows of the point index, batch by batch, column by column.

use std::ops::Range;

use arrow_array::{Array, Float64Array, StringArray};
use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use parvis_model::{ActorKind, Collection, EventKind, EventStatus, LonLat, ThemeSet, mvt_id, theme};

use super::UnitTable;
use super::points::{Arena, HASH_BITS, NO_UNIT, hash_prefix};
use crate::table::scan::{Columns, scan_coded};
use crate::{Edition, StoreError};

/// The columns that are read; actors have those before [`STATUS`].
const COLUMNS: [&str; 18] = [
    "id",
    "name",
    "lon",
    "lat",
    "example",
    "kind",
    "themes",
    "postcode",
    "country_id",
    "region_id",
    "department_id",
    "intercommunality_id",
    "municipality_id",
    "neighbourhood_id",
    "status",
    "timezone",
    "start",
    "end",
];
/// Where they stand there.
const ID: usize = 0;
const NAME: usize = 1;
const LON: usize = 2;
const LAT: usize = 3;
const EXAMPLE: usize = 4;
const KIND: usize = 5;
const THEMES: usize = 6;
const POSTCODE: usize = 7;
/// The first of six.
const UNITS: usize = 8;
const STATUS: usize = 14;
const TIMEZONE: usize = 15;
const START: usize = 16;
const END: usize = 17;
/// Those of few different texts.
const CODED: Range<usize> = KIND..START;

/// Some rows that follow each other in the file, column by column.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) morton: Vec<u64>,
    pub(super) lon: Vec<f64>,
    pub(super) lat: Vec<f64>,
    pub(super) kind: Vec<u8>,
    pub(super) theme_bits: Vec<u16>,
    pub(super) first_theme: Vec<u8>,
    pub(super) units: [Vec<u32>; 6],
    /// Numbers in `postcodes`.
    pub(super) postcode: Vec<u32>,
    pub(super) postcodes: Vec<Box<str>>,
    pub(super) start: Vec<i64>,
    pub(super) end: Vec<i64>,
    pub(super) ahead: Vec<[i32; 2]>,
    pub(super) rank: Vec<u32>,
    pub(super) example: Vec<bool>,
    pub(super) ids: Arena,
    pub(super) names: Arena,
}

/// All rows of a table of actors or events, in the order of the file. The first `located` have a place.
pub(super) fn batches(
    edition: &Edition,
    collection: Collection,
    located: usize,
    units: &UnitTable,
) -> Result<Vec<Rows>, StoreError> {
    let part = edition.require(collection, "parquet")?;
    let names = if collection == Collection::Events { &COLUMNS[..] } else { &COLUMNS[..STATUS] };
    scan_coded(&part.path, names, &COLUMNS[CODED], |columns, first| {
        let located = located.saturating_sub(first).min(columns.rows());
        Ok(vec![read_batch(columns, collection, first, located, units)?])
    })
}

/// Reads the rows of a batch that begins with the row `first`; as many as `located` have a place.
fn read_batch(
    columns: &Columns<'_>,
    collection: Collection,
    first: usize,
    located: usize,
    units: &UnitTable,
) -> Result<Rows, StoreError> {
    let damaged = |at: usize, detail: &str| columns.damaged(first + at, detail);
    let kinds = kinds(collection);
    let mut rows = Rows { ids: arena(columns, ID)?, names: arena(columns, NAME)?, ..Rows::default() };
    if let Some(at) = (0..columns.rows()).find(|&at| rows.ids.get(at).is_empty()) {
        return Err(damaged(at, "no id"));
    }
    let kind = |name: &str| kinds.iter().position(|kind| *kind == name).map_or(u8::MAX, |kind| kind as u8);
    rows.kind = meanings(columns, KIND, u8::MAX, kind)?;
    if let Some(at) = rows.kind.iter().position(|kind| *kind == u8::MAX) {
        return Err(damaged(at, "unknown kind"));
    }
    let themes = themes(columns, THEMES)?;
    rows.theme_bits = themes.iter().map(|themes| themes.bits()).collect();
    rows.first_theme = themes.iter().map(|themes| themes.positions().next().unwrap_or(0) as u8).collect();
    let mut postcodes = Vec::new();
    rows.postcode = meanings(columns, POSTCODE, u32::MAX, |text| {
        postcodes.push(text.into());
        postcodes.len() as u32 - 1
    })?;
    rows.postcodes = postcodes;
    rows.morton.reserve(columns.rows());
    rows.lon.reserve(columns.rows());
    rows.lat.reserve(columns.rows());
    let (lon, lat): (&Float64Array, &Float64Array) = (columns.typed(LON)?, columns.typed(LAT)?);
    for at in 0..columns.rows() {
        let known = at < located && lon.is_valid(at) && lat.is_valid(at);
        let place = if known { LonLat::new(lon.value(at), lat.value(at)) } else { None };
        if at < located && place.is_none() {
            return Err(damaged(at, "a located row has no longitude and latitude"));
        }
        rows.morton.push(place.map_or(u64::MAX, |p| p.to_world().morton()));
        rows.lon.push(place.map_or(f64::NAN, LonLat::lon));
        rows.lat.push(place.map_or(f64::NAN, LonLat::lat));
    }
    for (level, column) in rows.units.iter_mut().enumerate() {
        let number = |id: &str| units.numbers.get(id).copied().unwrap_or(NO_UNIT);
        *column = meanings(columns, UNITS + level, NO_UNIT, number)?;
    }
    rows.example = (0..columns.rows())
        .map(|at| columns.boolean(EXAMPLE, at).map(Option::unwrap_or_default))
        .collect::<Result<_, _>>()?;
    let mut cancelled = vec![false; columns.rows()];
    if collection == Collection::Events {
        cancelled = meanings(columns, STATUS, false, |name| name == EventStatus::Cancelled.name())?;
        read_times(&mut rows, columns, first)?;
    }
    let rank = |at: usize| rank(mvt_id(rows.ids.get(at)), rows.example[at], cancelled[at]);
    rows.rank = (0..columns.rows()).map(rank).collect();
    Ok(rows)
}

/// When events take place, and by which clocks.
fn read_times(rows: &mut Rows, columns: &Columns<'_>, first: usize) -> Result<(), StoreError> {
    // Ingest lets no zone through that nobody knows.
    let zones = meanings(columns, TIMEZONE, Tz::UTC, |name| name.parse().unwrap_or(Tz::UTC))?;
    for (at, zone) in zones.into_iter().enumerate() {
        let time = columns.seconds(START, at)?.zip(columns.seconds(END, at)?);
        let (start, end) = time.ok_or_else(|| columns.damaged(first + at, "an event has no start or end"))?;
        rows.start.push(start);
        rows.end.push(end);
        rows.ahead.push([start, end].map(|at| ahead(zone, at)));
    }
    Ok(())
}

/// A column of texts, empty where there is none.
fn arena(columns: &Columns<'_>, column: usize) -> Result<Arena, StoreError> {
    let texts: &StringArray = columns.typed(column)?;
    let mut arena =
        Arena { text: String::with_capacity(texts.value_data().len()), ends: Vec::with_capacity(texts.len()) };
    for text in texts {
        arena.push(text.unwrap_or_default());
    }
    Ok(arena)
}

/// A coded column as numbers or the like: what each of its texts stands for is found once.
fn meanings<T: Copy>(
    columns: &Columns<'_>,
    column: usize,
    none: T,
    mut find: impl FnMut(&str) -> T,
) -> Result<Vec<T>, StoreError> {
    let (codes, texts) = columns.coded(column)?;
    let mut known = vec![None; texts.len()];
    let mut meaning = |code: usize| *known[code].get_or_insert_with(|| find(texts.value(code)));
    Ok(codes.iter().map(|code| code.map_or(none, |code| meaning(code as usize))).collect())
}

/// The themes of each row; unknown codes are passed over.
fn themes(columns: &Columns<'_>, column: usize) -> Result<Vec<ThemeSet>, StoreError> {
    let (offsets, codes, texts) = columns.coded_lists(column)?;
    let numbers: Vec<Option<usize>> = texts
        .iter()
        .map(|text| text.and_then(|text| theme::themes().iter().position(|theme| theme.code == text)))
        .collect();
    let row = |range: &[i32]| {
        let mut themes = ThemeSet::default();
        for at in range[0] as usize..range[1] as usize {
            if let Some(theme) = codes.is_valid(at).then(|| codes.value(at) as usize).and_then(|code| numbers[code]) {
                themes.insert(theme);
            }
        }
        themes
    };
    Ok(offsets.windows(2).map(row).collect())
}

/// The kinds of a collection, by number.
pub(super) fn kinds(collection: Collection) -> Vec<&'static str> {
    match collection {
        Collection::Events => EventKind::ALL.map(EventKind::name).to_vec(),
        _ => ActorKind::ALL.map(ActorKind::name).to_vec(),
    }
}

/// The seconds that clocks of a zone are ahead of UTC.
fn ahead(zone: Tz, at: i64) -> i32 {
    let utc = DateTime::from_timestamp(at, 0).unwrap_or_default().naive_utc();
    zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
}

/// What is shown first where not all fits: what takes place before what is cancelled, what is real before
/// examples; among equals an order that the id alone decides.
fn rank(hash: u64, example: bool, cancelled: bool) -> u32 {
    let class = u32::from(cancelled) * 2 + u32::from(example);
    class << HASH_BITS | hash_prefix(hash)
}
