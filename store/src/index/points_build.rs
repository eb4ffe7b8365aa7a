//! Building the point index from a table, and running a filter over it.

use std::collections::HashMap;

use parvis_model::{ActorKind, AdminLevel, Collection, EventKind, EventStatus, LonLat, mvt_id, theme};
use rayon::prelude::*;

use super::UnitTable;
use super::points::{NO_UNIT, PointIndex};
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

/// One row, before the columns are sorted.
struct Raw {
    morton: u64,
    row: u32,
    place: Option<LonLat>,
    id: Box<str>,
    name: Box<str>,
    kind: u8,
    themes: parvis_model::ThemeSet,
    postcode: Option<Box<str>>,
    units: [u32; 6],
    time: Option<[i64; 2]>,
    rank: u32,
    example: bool,
}

impl PointIndex {
    /// Reads a table of actors or events.
    pub(crate) fn read(edition: &Edition, collection: Collection, units: &UnitTable) -> Result<Self, StoreError> {
        let part = edition.require(collection, "parquet")?;
        let mut names = COMMON.to_vec();
        if collection == Collection::Events {
            names.extend(["start", "end", "status"]);
        }
        let located = edition.manifest().collection(collection).map_or(0, |c| c.located as usize);
        let mut raws = scan(&part.path, &names, |columns, first| {
            let mut known = <[Known<'_>; 6]>::default();
            let row = |at| read_row(columns, collection, at, first + at, first + at < located, (units, &mut known));
            (0..columns.rows()).map(row).collect()
        })?;
        let located = located.min(raws.len());
        let (placed, rest) = raws.split_at_mut(located);
        placed.par_sort_unstable_by_key(|r| (r.morton, r.row));
        debug_assert!(rest.is_sorted_by_key(|r| r.row));
        Ok(Self::from_raws(&raws, located, collection))
    }

    fn from_raws(raws: &[Raw], located: usize, collection: Collection) -> Self {
        let mut postcodes = Interned::default();
        let mut index =
            Self { located, kinds: kinds(collection), position_of_row: vec![0; raws.len()], ..Self::default() };
        for (at, raw) in raws.iter().enumerate() {
            let world = parvis_model::World::from_morton(raw.morton);
            index.x.push(world.x);
            index.y.push(world.y);
            index.lon.push(raw.place.map_or(f64::NAN, LonLat::lon));
            index.lat.push(raw.place.map_or(f64::NAN, LonLat::lat));
            index.kind.push(raw.kind);
            index.theme_bits.push(raw.themes.bits());
            index.first_theme.push(raw.themes.positions().next().unwrap_or(0) as u8);
            for (column, unit) in index.units.iter_mut().zip(raw.units) {
                column.push(unit);
            }
            index.postcode.push(raw.postcode.as_deref().map_or(u32::MAX, |p| postcodes.number(p)));
            if let Some([start, end]) = raw.time {
                index.start.push(start);
                index.end.push(end);
            }
            index.rank.push(raw.rank);
            index.row.push(raw.row);
            index.example.push(raw.example);
            index.ids.push(&raw.id);
            index.names.push(&raw.name);
            index.position_of_row[raw.row as usize] = at as u32;
        }
        index.postcodes = postcodes.texts;
        index.by_id = (0..raws.len() as u32).collect();
        let ids = &index.ids;
        index.by_id.par_sort_unstable_by(|&a, &b| ids.get(a as usize).cmp(ids.get(b as usize)));
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
    columns: &Columns<'b>,
    collection: Collection,
    at: usize,
    row: usize,
    located: bool,
    (units, known): (&UnitTable, &mut [Known<'b>; 6]),
) -> Result<Raw, StoreError> {
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
    let mut above = [NO_UNIT; 6];
    for level in AdminLevel::ALL {
        above[level.index()] = known[level.index()].number(text(7 + level.index())?, units);
    }
    let example = columns.boolean(13, at)?.unwrap_or_default();
    let (time, status) = if collection == Collection::Events {
        let time = [columns.seconds(14, at)?, columns.seconds(15, at)?];
        let [Some(start), Some(end)] = time else { return Err(damaged("an event has no start or end")) };
        (Some([start, end]), text(16)?)
    } else {
        (None, None)
    };
    Ok(Raw {
        morton: place.map_or(u64::MAX, |p| p.to_world().morton()),
        row: row as u32,
        place,
        id: id.into(),
        name: text(1)?.unwrap_or_default().into(),
        kind: kind as u8,
        themes,
        postcode: text(4)?.map(Into::into),
        units: above,
        time,
        rank: rank(id, example, status),
        example,
    })
}

/// What is shown first where not all fits: what takes place before what is cancelled, what is real before
/// examples; among equals an order that the id alone decides.
fn rank(id: &str, example: bool, status: Option<&str>) -> u32 {
    let cancelled = status == Some(EventStatus::Cancelled.name());
    let class = u32::from(cancelled) * 2 + u32::from(example);
    class << 30 | (mvt_id(id) >> 23) as u32
}
