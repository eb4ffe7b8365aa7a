//! Everything a request needs of one edition, in memory or mapped.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use parvis_model::{AdminLevel, Collection, LonLat, Postcode, UnitId, UnitIssue};

use crate::export::geojson;
use crate::index::{NO_UNIT, PointIndex, UnitRecord, UnitTable};
use crate::links::LinkIndex;
use crate::query::{self, RowCache, TableRows};
use crate::search::{Hit, HitKind, SearchIndex, SearchResults, Target};
use crate::slices::Slices;
use crate::{Edition, Filter, FilterError, Near, Selection, StoreError, table};

/// One edition, ready to serve. Immutable: a server swaps the whole of it.
#[derive(Debug)]
pub struct Snapshot {
    edition: Edition,
    units: UnitTable,
    actors: PointIndex,
    events: PointIndex,
    postcodes: BTreeMap<Box<str>, Vec<u32>>,
    retired: HashMap<UnitId, UnitId>,
    /// Sorted by unit.
    issues: Vec<UnitIssue>,
    /// Made when first asked, or when warmed: nothing else waits for it.
    search: OnceLock<SearchIndex>,
    links: LinkIndex,
    files: BTreeMap<Collection, Files>,
    answers: RowCache,
}

#[derive(Debug)]
struct Files {
    features: Slices,
    records: Slices,
    located: u32,
}

/// The small tables.
struct Tables {
    /// Postal codes, each with a municipality of it.
    pairs: Vec<Postcode>,
    retired: HashMap<UnitId, UnitId>,
    issues: Vec<UnitIssue>,
    links: LinkIndex,
}

impl Tables {
    fn read(edition: &Edition) -> Result<Self, StoreError> {
        let mut issues = table::read::unit_issues(edition)?;
        issues.sort_unstable();
        let retired = table::read::retired(edition)?.into_iter().collect();
        Ok(Self { pairs: table::read::postcodes(edition)?, retired, issues, links: LinkIndex::read(edition)? })
    }
}

impl Snapshot {
    /// Reads the tables, numbers the units, sorts the points and maps the downloads.
    ///
    /// # Errors
    /// [`StoreError::DamagedPart`] when a part is not what the manifest says, [`StoreError::DuckDb`],
    /// [`StoreError::Parquet`] or [`StoreError::Geometry`] when a table cannot be read.
    pub fn open(edition: Edition) -> Result<Self, StoreError> {
        Self::open_collections(edition, &Collection::ALL)
    }

    /// The same with the units and one collection alone, as if the edition had no others: to export it.
    ///
    /// # Errors
    /// As [`Snapshot::open`].
    pub fn open_for(edition: Edition, collection: Collection) -> Result<Self, StoreError> {
        let wanted = |c: &Collection| *c == collection || c.level().is_some();
        Self::open_collections(edition, &Collection::ALL.into_iter().filter(wanted).collect::<Vec<_>>())
    }

    fn open_collections(edition: Edition, wanted: &[Collection]) -> Result<Self, StoreError> {
        let files = map_files(&edition, wanted)?;
        let present = |c: Collection| files.contains_key(&c);
        let units = UnitTable::read(&edition)?;
        let points = |c: Collection| {
            if present(c) { PointIndex::read(&edition, c, &units) } else { Ok(PointIndex::default()) }
        };
        let ((actors, events), tables) = rayon::join(
            || rayon::join(|| points(Collection::Actors), || points(Collection::Events)),
            || Tables::read(&edition),
        );
        let (actors, events, Tables { pairs, retired, issues, links }) = (actors?, events?, tables?);
        let postcodes = by_postcode(&pairs, &units);
        Ok(Self {
            edition,
            units,
            actors,
            events,
            postcodes,
            retired,
            issues,
            search: OnceLock::new(),
            links,
            files,
            answers: RowCache::default(),
        })
    }

    /// The edition.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// All admin units.
    pub fn units(&self) -> &UnitTable {
        &self.units
    }

    /// The actors or events; `None` for collections of units.
    pub fn points(&self, collection: Collection) -> Option<&PointIndex> {
        match collection {
            Collection::Actors => Some(&self.actors),
            Collection::Events => Some(&self.events),
            _ => None,
        }
    }

    /// Whether the edition has a collection (an empty one too).
    pub fn has(&self, collection: Collection) -> bool {
        self.files.contains_key(&collection)
    }

    /// How many rows a collection has; 0 when the edition lacks it.
    pub fn rows(&self, collection: Collection) -> u32 {
        self.files.get(&collection).map_or(0, |f| f.features.rows())
    }

    /// One row as a GeoJSON Feature, without what parts it from others; empty beyond the last row.
    pub fn geojson(&self, collection: Collection, row: u32) -> &[u8] {
        let line = self.files.get(&collection).map_or(&[][..], |f| f.features.row(row));
        let line = line.strip_prefix(&[geojson::RECORD]).unwrap_or(line);
        line.strip_suffix(b"\n").unwrap_or(line)
    }

    /// One row as a CSV record, with its line end (CR LF); empty beyond the last row.
    pub fn csv(&self, collection: Collection, row: u32) -> &[u8] {
        self.files.get(&collection).map_or(&[], |f| f.records.row(row))
    }

    /// The CSV header, with its line end.
    pub fn csv_header(&self, collection: Collection) -> &[u8] {
        self.files.get(&collection).map_or(&[], |f| f.records.head())
    }

    /// The row of an id; `None` when the collection has none of that id.
    pub fn row_of(&self, collection: Collection, id: &str) -> Option<u32> {
        if let Some(points) = self.points(collection) {
            points.row_of(id)
        } else {
            let unit = self.units.by_id(&UnitId::parse(id)?)?;
            (unit.level.collection() == collection).then_some(unit.row)
        }
    }

    /// The id of a row; empty beyond the last.
    pub fn id_of(&self, collection: Collection, row: u32) -> &str {
        match self.points(collection) {
            Some(points) => points.position(row).map_or("", |at| points.id(at)),
            None => self.units.by_row(collection, row).map_or("", |u| u.id.as_str()),
        }
    }

    /// The units a place lies in, strongest first, one a level: the smallest where they nest.
    pub fn lookup(&self, at: LonLat) -> Vec<&UnitRecord> {
        self.units.lookup(at)
    }

    /// The unit that stands for one that is no more: the municipality that it became part of.
    pub fn successor(&self, id: &UnitId) -> Option<&UnitRecord> {
        self.units.by_id(self.retired.get(id)?)
    }

    /// What was wrong, or mended, with a unit.
    pub fn unit_issues(&self, id: &UnitId) -> &[UnitIssue] {
        let from = self.issues.partition_point(|i| i.unit < *id);
        let count = self.issues[from..].partition_point(|i| i.unit == *id);
        &self.issues[from..from + count]
    }

    /// What ties its actors, events and units.
    pub const fn links(&self) -> &LinkIndex {
        &self.links
    }

    /// The municipalities of a postal code; empty when nobody has it.
    pub fn postcode(&self, code: &str) -> Vec<&UnitRecord> {
        let numbers = self.postcodes.get(code).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter_map(|&n| self.units.get(n)).collect()
    }

    /// What has the words of `text`, or their beginnings, or almost: the best of all types, at most `limit`; of
    /// some types when `types` names any. `lang` chooses between names: `fr`, `en`, anything else for the name on
    /// the spot.
    pub fn search(&self, text: &str, limit: usize, types: &[HitKind], lang: &str) -> Vec<Hit> {
        let found = self.search_index().find(text, limit, types);
        found.best(limit).filter_map(|target| self.hit(target, lang)).collect()
    }

    /// The same, type by type: at most `limit` of each, the type of the best first.
    pub fn search_by_type(&self, text: &str, limit: usize, types: &[HitKind], lang: &str) -> SearchResults {
        let found = self.search_index().find(text, limit, types);
        let hits = |targets: Vec<Target>| targets.into_iter().filter_map(|target| self.hit(target, lang)).collect();
        SearchResults {
            best: hits(found.best(limit).collect()),
            groups: found.by_kind().into_iter().map(|(kind, targets)| (kind, hits(targets))).collect(),
        }
    }

    /// Makes what is made when first asked: the ids of points in order, the edges of large boundaries too, the index of
    /// names, the cells of points. Blocks.
    pub fn warm(&self) {
        let points = [&self.actors, &self.events];
        for points in points {
            points.by_hash();
        }
        self.units.warm();
        self.search_index();
        for points in points {
            points.h3();
        }
    }

    fn search_index(&self) -> &SearchIndex {
        self.search.get_or_init(|| SearchIndex::build(&self.units, &self.actors, &self.events, &self.postcodes))
    }

    fn hit(&self, target: Target, lang: &str) -> Option<Hit> {
        match target {
            Target::Unit(number) => {
                let unit = self.units.get(number)?;
                Some(Hit {
                    level: Some(unit.level),
                    code: Some(unit.code.to_string()).filter(|c| !c.is_empty()),
                    detail: self.unit_detail(unit, lang),
                    lon: unit.label.map(LonLat::lon),
                    lat: unit.label.map(LonLat::lat),
                    bbox: unit.bbox,
                    ..Hit::new(HitKind::Unit, unit.id.as_str(), unit.name_in(lang))
                })
            }
            Target::Postcode(at) => {
                let (code, numbers) = self.postcodes.iter().nth(at as usize)?;
                let units: Vec<&UnitRecord> = numbers.iter().filter_map(|&n| self.units.get(n)).collect();
                let names: Vec<&str> = units.iter().map(|u| u.name_in(lang)).collect();
                let place = units.iter().find_map(|u| u.label);
                Some(Hit {
                    detail: Some(names.join(", ")),
                    lon: place.map(LonLat::lon),
                    lat: place.map(LonLat::lat),
                    bbox: units.iter().filter_map(|u| u.bbox).reduce(parvis_model::Bbox::union),
                    ..Hit::new(HitKind::Postcode, code, code)
                })
            }
            Target::Actor(at) => Some(self.point_hit(HitKind::Actor, &self.actors, at as usize, lang)),
            Target::Event(at) => Some(self.point_hit(HitKind::Event, &self.events, at as usize, lang)),
        }
    }

    fn point_hit(&self, kind: HitKind, points: &PointIndex, at: usize, lang: &str) -> Hit {
        let municipality = points.unit(at, AdminLevel::Municipality).and_then(|n| self.units.get(n));
        let place = points.place(at);
        let municipality = municipality.map(|u| u.name_in(lang).to_owned());
        let day = points.clocks(at).map(|[start, _]| start.local.to_string().chars().take(10).collect::<String>());
        let detail: Vec<String> = [day, municipality].into_iter().flatten().collect();
        Hit {
            detail: Some(detail.join(", ")).filter(|d| !d.is_empty()),
            lon: place.map(LonLat::lon),
            lat: place.map(LonLat::lat),
            ..Hit::new(kind, points.id(at), points.name(at))
        }
    }

    fn unit_detail(&self, unit: &UnitRecord, lang: &str) -> Option<String> {
        let order: &[AdminLevel] = match unit.level {
            AdminLevel::Neighbourhood => &[AdminLevel::Municipality, AdminLevel::Country],
            AdminLevel::Municipality | AdminLevel::Intercommunality => {
                &[AdminLevel::Department, AdminLevel::Region, AdminLevel::Country]
            }
            AdminLevel::Department => &[AdminLevel::Region, AdminLevel::Country],
            AdminLevel::Region => &[AdminLevel::Country],
            AdminLevel::Country => return None,
        };
        let above = order.iter().find_map(|l| self.units.get(unit.above[l.index()]))?;
        Some(above.name_in(lang).to_owned())
    }

    /// The rows near a place, in no order, each with its distance in metres: of units 0 inside, else to the boundary.
    pub fn near(&self, collection: Collection, near: Near) -> Vec<(u32, f64)> {
        match self.points(collection) {
            Some(points) => query::distance::of_points(points, near),
            None => query::distance::of_units(&self.units, collection, self.rows(collection), near),
        }
    }

    /// The rows that a filter takes. O(rows); what asks for columns that only the table
    /// has is read from it once, and kept.
    ///
    /// # Errors
    /// [`FilterError`] when the filter names a unit, theme or kind that is not there, or a field that
    /// the collection lacks; [`FilterError::Cql`] when its CQL2 does not fit the collection;
    /// [`FilterError::Unreadable`] when the table cannot be read.
    pub fn select(&self, collection: Collection, filter: &Filter) -> Result<Selection, FilterError> {
        let files = self.files.get(&collection).ok_or(FilterError::NoCollection(collection))?;
        let rows = self.rows(collection);
        let located = files.located;
        if filter.is_empty() {
            return Ok(Selection::all(collection, rows, located));
        }
        let within = filter
            .within
            .iter()
            .map(|id| self.units.by_id(id).ok_or_else(|| FilterError::UnknownUnit(id.clone())))
            .collect::<Result<Vec<_>, _>>()?;
        let table = TableRows::new(&self.edition, collection, rows, &self.answers);
        if let Some(points) = self.points(collection) {
            let taken = query::select_points(points, &self.units, &table, filter, &within)?;
            return Ok(Selection::of_positions(collection, points, taken));
        }
        let taken = query::select_units(&self.units, &table, filter, &within)?;
        Ok(Selection::of(collection, rows, located, query::to_roaring(&taken)))
    }
}

fn map_files(edition: &Edition, wanted: &[Collection]) -> Result<BTreeMap<Collection, Files>, StoreError> {
    let mut files = BTreeMap::new();
    for &collection in wanted {
        let Some(entry) = edition.manifest().collection(collection) else { continue };
        let slices = |ext: &str, offsets: &str| {
            Slices::open(edition.require(collection, ext)?, edition.require(collection, offsets)?, entry.rows as u32)
        };
        let files_of = Files {
            features: slices("geojsonseq", "geojsonseq.offsets")?,
            records: slices("csv", "csv.offsets")?,
            located: entry.located as u32,
        };
        files.insert(collection, files_of);
    }
    Ok(files)
}

fn by_postcode(pairs: &[Postcode], units: &UnitTable) -> BTreeMap<Box<str>, Vec<u32>> {
    let mut codes: BTreeMap<Box<str>, Vec<u32>> = BTreeMap::new();
    for pair in pairs {
        let number = units.by_id(&pair.municipality_id).map_or(NO_UNIT, |u| u.number);
        if number != NO_UNIT {
            codes.entry(pair.postcode.as_str().into()).or_default().push(number);
        }
    }
    for numbers in codes.values_mut() {
        numbers.sort_unstable();
        numbers.dedup();
    }
    codes
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
