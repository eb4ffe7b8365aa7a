//! Building the point index from a table, and running a filter over it.

use std::collections::HashMap;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use parvis_model::{ActorKind, AdminLevel, Collection, EventKind, EventStatus, LonLat, mvt_id, theme};
use rayon::prelude::*;

use super::UnitTable;
use super::points::{Arena, NO_UNIT, PointIndex, hash_prefix};
use crate::table::scan::{Columns, scan};
use crate::{Edition, StoreError};

const COMMON: [&str; 14] = [
    "id",
    "name",
    "kind",
    "themes",
    "postcode",
    "lon",
    "lat",
    "country_id",
    "region_id",
    "department_id",
    "intercommunality_id",
    "municipality_id",
    "neighbourhood_id",
    "example",
];

/// Some rows that follow each other in the file, column by column.
#[derive(Default)]
struct Rows {
    morton: Vec<u64>,
    lon: Vec<f64>,
    lat: Vec<f64>,
    kind: Vec<u8>,
    theme_bits: Vec<u16>,
    first_theme: Vec<u8>,
    units: [Vec<u32>; 6],
    /// Numbers in `postcodes`.
    postcode: Vec<u32>,
    postcodes: Interned,
    time: Vec<[i64; 2]>,
    ahead: Vec<[i32; 2]>,
    rank: Vec<u32>,
    hash: Vec<u64>,
    example: Vec<bool>,
    ids: Arena,
    names: Arena,
}

impl PointIndex {
    /// Reads a table of actors or events: rows in parallel, then each column put in order in parallel.
    pub(crate) fn read(edition: &Edition, collection: Collection, units: &UnitTable) -> Result<Self, StoreError> {
        let part = edition.require(collection, "parquet")?;
        let mut names = COMMON.to_vec();
        if collection == Collection::Events {
            names.extend(["start", "end", "status", "timezone"]);
        }
        let located = edition.manifest().collection(collection).map_or(0, |c| c.located as usize);
        let batches = scan(&part.path, &names, |columns, first| {
            let mut known = <[Known<'_>; 6]>::default();
            let mut zone = Zone::default();
            let mut rows = Rows::default();
            for at in 0..columns.rows() {
                let place = (at, first + at, first + at < located);
                read_row(&mut rows, columns, collection, place, (units, &mut known, &mut zone))?;
            }
            Ok(vec![rows])
        })?;
        Ok(Self::from_rows(batches, located, collection))
    }

    fn from_rows(batches: Vec<Rows>, located: usize, collection: Collection) -> Self {
        let mut rows = Rows::joined(batches);
        let count = rows.rank.len();
        let located = located.min(count);
        let mut order: Vec<(u64, u32)> = rows.morton.iter().copied().zip(0..).collect();
        order[..located].par_sort_unstable();
        let (position_of_row, hashes) = rayon::join(|| positions(&order), || by_hash(&rows.hash));
        let world = |&(morton, _): &(u64, u32)| parvis_model::World::from_morton(morton);
        let mut index = Self {
            located,
            kinds: kinds(collection),
            x: order.par_iter().map(|at| world(at).x).collect(),
            y: order.par_iter().map(|at| world(at).y).collect(),
            lon: sorted(&order, &rows.lon),
            lat: sorted(&order, &rows.lat),
            kind: sorted(&order, &rows.kind),
            theme_bits: sorted(&order, &rows.theme_bits),
            first_theme: sorted(&order, &rows.first_theme),
            postcode: sorted(&order, &rows.postcode),
            postcodes: std::mem::take(&mut rows.postcodes.texts),
            rank: sorted(&order, &rows.rank),
            row: order.par_iter().map(|&(_, row)| row).collect(),
            example: sorted(&order, &rows.example),
            ids: rows.ids,
            names: rows.names,
            position_of_row,
            hashes,
            ..Self::default()
        };
        for (to, from) in index.units.iter_mut().zip(&rows.units) {
            *to = sorted(&order, from);
        }
        if !rows.time.is_empty() {
            index.start = order.par_iter().map(|&(_, row)| rows.time[row as usize][0]).collect();
            index.end = order.par_iter().map(|&(_, row)| rows.time[row as usize][1]).collect();
            index.ahead = sorted(&order, &rows.ahead);
        }
        index
    }
}

/// The kinds of a collection, by number.
fn kinds(collection: Collection) -> Vec<&'static str> {
    match collection {
        Collection::Events => EventKind::ALL.map(EventKind::name).to_vec(),
        _ => ActorKind::ALL.map(ActorKind::name).to_vec(),
    }
}

/// The unit that a column had last: rows follow each other in space, so it is often the next one's too.
#[derive(Default)]
struct Known<'b>(Option<(&'b str, u32)>);

impl<'b> Known<'b> {
    fn number(&mut self, id: Option<&'b str>, units: &UnitTable) -> u32 {
        let Some(id) = id else { return NO_UNIT };
        match self.0 {
            Some((known, number)) if known == id => number,
            _ => {
                let number = units.numbers.get(id).copied().unwrap_or(NO_UNIT);
                self.0 = Some((id, number));
                number
            }
        }
    }
}

/// The time zone that the column had last.
#[derive(Default)]
struct Zone<'b>(Option<(&'b str, Tz)>);

impl<'b> Zone<'b> {
    /// UTC where nobody knows the name: ingest lets none of these through.
    fn named(&mut self, name: &'b str) -> Tz {
        match self.0 {
            Some((known, zone)) if known == name => zone,
            _ => {
                let zone = name.parse().unwrap_or(Tz::UTC);
                self.0 = Some((name, zone));
                zone
            }
        }
    }
}

/// The seconds that clocks of a zone are ahead of UTC.
fn ahead(zone: Tz, at: i64) -> i32 {
    let utc = DateTime::from_timestamp(at, 0).unwrap_or_default().naive_utc();
    zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
}

impl Rows {
    /// All rows of all batches, in order.
    fn joined(batches: Vec<Self>) -> Self {
        let mut all = Self::default();
        for mut rows in batches {
            all.morton.append(&mut rows.morton);
            all.lon.append(&mut rows.lon);
            all.lat.append(&mut rows.lat);
            all.kind.append(&mut rows.kind);
            all.theme_bits.append(&mut rows.theme_bits);
            all.first_theme.append(&mut rows.first_theme);
            for (to, from) in all.units.iter_mut().zip(&mut rows.units) {
                to.append(from);
            }
            let numbers: Vec<u32> = rows.postcodes.texts.iter().map(|text| all.postcodes.number(text)).collect();
            let number = |own: &u32| numbers.get(*own as usize).copied().unwrap_or(u32::MAX);
            all.postcode.extend(rows.postcode.iter().map(number));
            all.time.append(&mut rows.time);
            all.ahead.append(&mut rows.ahead);
            all.rank.append(&mut rows.rank);
            all.hash.append(&mut rows.hash);
            all.example.append(&mut rows.example);
            all.ids.append(&rows.ids);
            all.names.append(&rows.names);
        }
        all
    }
}

/// A column in the order of the positions.
fn sorted<T: Copy + Send + Sync>(order: &[(u64, u32)], column: &[T]) -> Vec<T> {
    order.par_iter().map(|&(_, row)| column[row as usize]).collect()
}

fn positions(order: &[(u64, u32)]) -> Vec<u32> {
    let mut positions = vec![0; order.len()];
    for (at, &(_, row)) in (0..).zip(order) {
        positions[row as usize] = at;
    }
    positions
}

/// The rows by the hashes of their ids: what an id is looked up by. The first 32 of 53 bits are kept.
fn by_hash(hashes: &[u64]) -> Vec<(u32, u32)> {
    let mut rows: Vec<(u32, u32)> = hashes.iter().map(|hash| (hash_prefix(*hash), 0)).collect();
    for ((_, row), number) in rows.iter_mut().zip(0..) {
        *row = number;
    }
    rows.par_sort_unstable();
    rows
}

#[derive(Default)]
struct Interned {
    texts: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl Interned {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }
}

fn read_row<'b>(
    rows: &mut Rows,
    columns: &Columns<'b>,
    collection: Collection,
    (at, row, located): (usize, usize, bool),
    (units, known, zone): (&UnitTable, &mut [Known<'b>; 6], &mut Zone<'b>),
) -> Result<(), StoreError> {
    let text = |column: usize| columns.text(column, at);
    let degrees = |column: usize| columns.float(column, at).map(|f| f.unwrap_or(f64::NAN));
    let damaged = |detail: &str| columns.damaged(row, detail);
    let id = text(0)?.ok_or_else(|| damaged("no id"))?;
    let kind_name = text(2)?.unwrap_or_default();
    let kind = kinds(collection).iter().position(|k| *k == kind_name).ok_or_else(|| damaged("unknown kind"))?;
    let mut themes = parvis_model::ThemeSet::default();
    for code in columns.texts(3, at)? {
        if let Some(theme) = theme::themes().iter().position(|t| t.code == code) {
            themes.insert(theme);
        }
    }
    let place = if located {
        let place = LonLat::new(degrees(5)?, degrees(6)?);
        Some(place.ok_or_else(|| damaged("a located row has no longitude and latitude"))?)
    } else {
        None
    };
    for level in AdminLevel::ALL {
        let number = known[level.index()].number(text(7 + level.index())?, units);
        rows.units[level.index()].push(number);
    }
    let example = columns.boolean(13, at)?.unwrap_or_default();
    let status = if collection == Collection::Events {
        let time = [columns.seconds(14, at)?, columns.seconds(15, at)?];
        let [Some(start), Some(end)] = time else { return Err(damaged("an event has no start or end")) };
        rows.time.push([start, end]);
        let zone = zone.named(text(17)?.unwrap_or_default());
        rows.ahead.push([start, end].map(|at| ahead(zone, at)));
        text(16)?
    } else {
        None
    };
    let hash = mvt_id(id);
    rows.morton.push(place.map_or(u64::MAX, |p| p.to_world().morton()));
    rows.lon.push(place.map_or(f64::NAN, LonLat::lon));
    rows.lat.push(place.map_or(f64::NAN, LonLat::lat));
    rows.kind.push(kind as u8);
    rows.theme_bits.push(themes.bits());
    rows.first_theme.push(themes.positions().next().unwrap_or(0) as u8);
    let postcode = text(4)?.map_or(u32::MAX, |code| rows.postcodes.number(code));
    rows.postcode.push(postcode);
    rows.rank.push(rank(hash, example, status));
    rows.hash.push(hash);
    rows.example.push(example);
    rows.ids.push(id);
    rows.names.push(text(1)?.unwrap_or_default());
    Ok(())
}

/// What is shown first where not all fits: what takes place before what is cancelled, what is real before
/// examples; among equals an order that the id alone decides.
fn rank(hash: u64, example: bool, status: Option<&str>) -> u32 {
    let cancelled = status == Some(EventStatus::Cancelled.name());
    let class = u32::from(cancelled) * 2 + u32::from(example);
    class << 30 | (hash >> 23) as u32
}
