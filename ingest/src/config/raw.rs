//! The TOML as it is written, and the checks that make a [`Territory`] of it.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use parvis_model::{Crs, Instant, LonLat, Source};
use serde::Deserialize;
use toml::Spanned;

use super::{
    CommunecterOptions, ConfigError, ReaderOptions, SourceConfig, StartView, TableField, TableOptions, Territory,
};
use crate::communecter::PlatformCollection;

/// Occurrences kept of one series when the configuration does not say.
const MAX_OCCURRENCES: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerritory {
    id: Spanned<String>,
    title: RawTitle,
    countries: Spanned<Vec<String>>,
    window: RawWindow,
    start: Spanned<RawStart>,
    tile_names: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    source: Vec<RawSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTitle {
    fr: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWindow {
    from: Spanned<String>,
    to: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStart {
    lon: f64,
    lat: f64,
    zoom: f64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Paths {
    One(PathBuf),
    Several(Vec<PathBuf>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    id: Spanned<String>,
    reader: Spanned<String>,
    path: Spanned<Paths>,
    producer: String,
    licence: String,
    url: Option<String>,
    date: Option<Spanned<String>>,
    valid_at: Option<Spanned<String>>,
    #[serde(default)]
    example: bool,
    within: Option<Spanned<Vec<String>>>,
    // table
    collection: Option<Spanned<String>>,
    crs: Option<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
    list_separator: Option<Spanned<String>>,
    header: Option<Spanned<bool>>,
    columns: Option<BTreeMap<Spanned<String>, String>>,
    constants: Option<BTreeMap<Spanned<String>, String>>,
    // osm-pbf
    boundaries: Option<Spanned<bool>>,
    actors: Option<Spanned<bool>>,
    // ical
    max_occurrences: Option<Spanned<usize>>,
    // communecter, which takes `collection` too
    open_by_default: Option<Spanned<bool>>,
}

/// Text and path, to say where something is.
struct Place<'a> {
    text: &'a str,
    path: &'a Path,
}

impl Place<'_> {
    fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    fn error(&self, offset: usize, key: impl Into<String>, message: impl Into<String>) -> ConfigError {
        ConfigError::Value {
            path: self.path.into(),
            line: self.line_column(offset).0,
            key: key.into(),
            message: message.into(),
        }
    }
}

pub(super) fn parse(text: &str, path: &Path) -> Result<Territory, ConfigError> {
    let place = Place { text, path };
    let raw: RawTerritory = toml::from_str(text).map_err(|e| {
        let (line, column) = place.line_column(e.span().map_or(0, |s| s.start));
        ConfigError::Syntax { path: path.into(), line, column, message: e.message().to_owned() }
    })?;
    check_slug(&place, &raw.id, "id")?;
    check_countries(&place, &raw.countries)?;
    let from = instant(&place, &raw.window.from, "window.from")?;
    let to = instant(&place, &raw.window.to, "window.to")?;
    if from >= to {
        return Err(place.error(raw.window.to.span().start, "window.to", "is not after window.from"));
    }
    let start = start_view(&place, raw.start)?;
    let tile_names = tile_names(&place, raw.tile_names)?;
    let mut ids = HashSet::new();
    let mut sources = Vec::new();
    for source in raw.source {
        check_slug(&place, &source.id, "source id")?;
        if !ids.insert(source.id.get_ref().clone()) {
            let message = format!("another source is already called {:?}", source.id.get_ref());
            return Err(place.error(source.id.span().start, "source id", message));
        }
        sources.push(source_config(&place, source)?);
    }
    Ok(Territory {
        complete_from: None,
        id: raw.id.into_inner(),
        title_fr: raw.title.fr,
        title_en: raw.title.en,
        countries: raw.countries.into_inner().iter().map(|c| c.to_ascii_uppercase()).collect(),
        from,
        to,
        start,
        tile_names,
        sources,
    })
}

fn check_slug(place: &Place<'_>, slug: &Spanned<String>, key: &str) -> Result<(), ConfigError> {
    let text = slug.get_ref();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.len() <= 40 && text.chars().all(plain) {
        return Ok(());
    }
    let message = format!("{text:?} is not 1 to 40 lower-case letters, digits and hyphens");
    Err(place.error(slug.span().start, key, message))
}

fn check_countries(place: &Place<'_>, countries: &Spanned<Vec<String>>) -> Result<(), ConfigError> {
    let iso = |c: &String| c.len() == 2 && c.chars().all(|c| c.is_ascii_alphabetic());
    if !countries.get_ref().is_empty() && countries.get_ref().iter().all(iso) {
        return Ok(());
    }
    let message = "must list at least one two-letter code of ISO 3166-1, such as \"FR\"";
    Err(place.error(countries.span().start, "countries", message))
}

fn instant(place: &Place<'_>, text: &Spanned<String>, key: &str) -> Result<Instant, ConfigError> {
    Instant::parse(text.get_ref()).ok_or_else(|| {
        let message = format!("{:?} is neither a date (2026-01-01) nor RFC 3339", text.get_ref());
        place.error(text.span().start, key, message)
    })
}

fn tile_names(place: &Place<'_>, languages: Option<Spanned<Vec<String>>>) -> Result<Vec<String>, ConfigError> {
    let Some(languages) = languages else { return Ok(vec!["en".to_owned()]) };
    let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
    match languages.get_ref().iter().find(|l| !(2..=12).contains(&l.len()) || !l.bytes().all(plain)) {
        Some(bad) => {
            let message = format!("{bad:?} is no language as OSM writes it after name:, such as br or zh-Hant");
            Err(place.error(languages.span().start, "tile_names", message))
        }
        None => Ok(languages.into_inner()),
    }
}

fn start_view(place: &Place<'_>, raw: Spanned<RawStart>) -> Result<StartView, ConfigError> {
    let offset = raw.span().start;
    let RawStart { lon, lat, zoom } = raw.into_inner();
    if LonLat::new(lon, lat).is_none() {
        return Err(place.error(offset, "start", format!("{lon}, {lat} is no longitude and latitude")));
    }
    if !(0.0..=22.0).contains(&zoom) {
        return Err(place.error(offset, "start.zoom", format!("{zoom} is not between 0 and 22")));
    }
    Ok(StartView { lon, lat, zoom })
}

fn source_config(place: &Place<'_>, raw: RawSource) -> Result<SourceConfig, ConfigError> {
    let key = |name: &str| format!("source {}: {name}", raw.id.get_ref());
    let paths = match raw.path.get_ref() {
        Paths::One(path) => vec![path.clone()],
        Paths::Several(paths) => paths.clone(),
    };
    if paths.is_empty() {
        return Err(place.error(raw.path.span().start, key("path"), "names no file"));
    }
    for (name, date) in [("date", &raw.date), ("valid_at", &raw.valid_at)] {
        if let Some(date) = date
            && (date.get_ref().len() != 10 || Instant::parse(date.get_ref()).is_none())
        {
            let message = format!("{:?} is no date of the form 2026-01-01", date.get_ref());
            return Err(place.error(date.span().start, key(name), message));
        }
    }
    let options = reader_options(place, &raw)?;
    Ok(SourceConfig {
        source: Source {
            id: raw.id.into_inner(),
            reader: raw.reader.into_inner(),
            producer: raw.producer,
            licence: raw.licence,
            url: raw.url,
            date: raw.date.map(Spanned::into_inner),
            valid_at: raw.valid_at.map(Spanned::into_inner),
            example: raw.example,
        },
        paths,
        within: raw.within.map(Spanned::into_inner).unwrap_or_default(),
        options,
    })
}

fn reader_options(place: &Place<'_>, raw: &RawSource) -> Result<ReaderOptions, ConfigError> {
    let reader = raw.reader.get_ref().as_str();
    if reader != "table" {
        let mut keys = table_keys(raw);
        keys.retain(|(name, _)| *name != "collection" || reader != "communecter");
        refuse_options(place, raw, reader, &keys)?;
    }
    if reader != "communecter" {
        let keys = raw.open_by_default.iter().map(|o| ("open_by_default", o.span().start)).collect::<Vec<_>>();
        refuse_options(place, raw, reader, &keys)?;
    }
    if reader == "osm-pbf" {
        let keys = raw.within.iter().map(|w| ("within", w.span().start)).collect::<Vec<_>>();
        refuse_options(place, raw, reader, &keys)?;
    }
    if reader != "osm-pbf" {
        let flags = [("boundaries", &raw.boundaries), ("actors", &raw.actors)];
        let keys = flags.iter().filter_map(|(name, flag)| flag.as_ref().map(|f| (*name, f.span().start)));
        refuse_options(place, raw, reader, &keys.collect::<Vec<_>>())?;
    }
    if reader != "ical" {
        let keys = raw.max_occurrences.iter().map(|o| ("max_occurrences", o.span().start)).collect::<Vec<_>>();
        refuse_options(place, raw, reader, &keys)?;
    }
    match reader {
        "osm-pbf" => osm_options(place, raw),
        "nomenclature" => Ok(ReaderOptions::Nomenclature),
        "table" => table_options(place, raw).map(|t| ReaderOptions::Table(Box::new(t))),
        "ical" => {
            let max_occurrences = raw.max_occurrences.as_ref().map_or(MAX_OCCURRENCES, |o| *o.get_ref());
            Ok(ReaderOptions::Ical { max_occurrences })
        }
        "communecter" => communecter_options(place, raw).map(ReaderOptions::Communecter),
        "links" => Ok(ReaderOptions::Links),
        _ => {
            let message =
                format!("{reader:?} is no reader; there are osm-pbf, nomenclature, table, ical, communecter and links");
            let key = format!("source {}: reader", raw.id.get_ref());
            Err(place.error(raw.reader.span().start, key, message))
        }
    }
}

fn osm_options(place: &Place<'_>, raw: &RawSource) -> Result<ReaderOptions, ConfigError> {
    let boundaries = raw.boundaries.as_ref().is_none_or(|b| *b.get_ref());
    let actors = raw.actors.as_ref().is_some_and(|a| *a.get_ref());
    if let (false, false, Some(flag)) = (boundaries, actors, &raw.boundaries) {
        let key = format!("source {}: boundaries", raw.id.get_ref());
        return Err(place.error(flag.span().start, key, "nothing is left to read; add actors = true"));
    }
    Ok(ReaderOptions::OsmPbf { boundaries, actors })
}

fn communecter_options(place: &Place<'_>, raw: &RawSource) -> Result<CommunecterOptions, ConfigError> {
    let collection = match &raw.collection {
        None => None,
        Some(name) => Some(PlatformCollection::from_name(name.get_ref()).ok_or_else(|| {
            let message =
                format!("{:?} is no collection that is read; there are {}", name.get_ref(), PlatformCollection::READ);
            place.error(name.span().start, format!("source {}: collection", raw.id.get_ref()), message)
        })?),
    };
    let open_by_default = raw.open_by_default.as_ref().is_some_and(|o| *o.get_ref());
    Ok(CommunecterOptions { collection, open_by_default })
}

fn table_keys(raw: &RawSource) -> Vec<(&'static str, usize)> {
    fn start<T>(name: &'static str, value: Option<&Spanned<T>>) -> Option<(&'static str, usize)> {
        value.map(|v| (name, v.span().start))
    }
    let map = |name, map: &Option<BTreeMap<Spanned<String>, String>>| {
        map.as_ref().map(|m| (name, m.keys().map(|k| k.span().start).min().unwrap_or(0)))
    };
    [
        start("collection", raw.collection.as_ref()),
        start("crs", raw.crs.as_ref()),
        start("delimiter", raw.delimiter.as_ref()),
        start("list_separator", raw.list_separator.as_ref()),
        start("header", raw.header.as_ref()),
        map("columns", &raw.columns),
        map("constants", &raw.constants),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn refuse_options(
    place: &Place<'_>,
    raw: &RawSource,
    reader: &str,
    keys: &[(&'static str, usize)],
) -> Result<(), ConfigError> {
    let Some(&(name, offset)) = keys.first() else { return Ok(()) };
    let key = format!("source {}: {name}", raw.id.get_ref());
    Err(place.error(offset, key, format!("is no option of the reader {reader}")))
}

fn table_options(place: &Place<'_>, raw: &RawSource) -> Result<TableOptions, ConfigError> {
    let key = |name: &str| format!("source {}: {name}", raw.id.get_ref());
    if let Some(collection) = &raw.collection
        && collection.get_ref() != "actors"
    {
        let message = format!("{:?} cannot be read from a table; only actors can", collection.get_ref());
        return Err(place.error(collection.span().start, key("collection"), message));
    }
    let crs = match &raw.crs {
        None => Crs::crs84(),
        Some(crs) => Crs::parse(crs.get_ref()).ok_or_else(|| {
            let message = format!("{:?} is no CRS; write EPSG:2154, or CRS84 for longitude, latitude", crs.get_ref());
            place.error(crs.span().start, key("crs"), message)
        })?,
    };
    let delimiter = one_char(place, raw.delimiter.as_ref(), &key("delimiter"))?;
    if let (Some(c), Some(text)) = (delimiter, &raw.delimiter)
        && !c.is_ascii()
    {
        return Err(place.error(text.span().start, key("delimiter"), "must be an ASCII character"));
    }
    let columns = fields(place, raw, raw.columns.as_ref(), "columns")?;
    let constants = fields(place, raw, raw.constants.as_ref(), "constants")?;
    let start = raw.reader.span().start;
    for field in [TableField::Key, TableField::X, TableField::Y] {
        if constants.contains_key(&field) {
            let key = key(&format!("constants.{}", field.name()));
            return Err(place.error(start, key, "cannot be the same for all rows"));
        }
    }
    for field in [TableField::Name, TableField::Kind] {
        if !columns.contains_key(&field) && !constants.contains_key(&field) {
            let message = format!("neither columns nor constants give {}", field.name());
            return Err(place.error(start, key("columns"), message));
        }
    }
    if columns.contains_key(&TableField::X) != columns.contains_key(&TableField::Y) {
        return Err(place.error(start, key("columns"), "x and y come together"));
    }
    Ok(TableOptions {
        crs,
        delimiter: delimiter.map(|c| c as u8),
        list_separator: one_char(place, raw.list_separator.as_ref(), &key("list_separator"))?,
        header: raw.header.as_ref().is_none_or(|h| *h.get_ref()),
        columns,
        constants,
    })
}

fn one_char(place: &Place<'_>, text: Option<&Spanned<String>>, key: &str) -> Result<Option<char>, ConfigError> {
    let Some(text) = text else { return Ok(None) };
    let mut chars = text.get_ref().chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(Some(c)),
        _ => Err(place.error(text.span().start, key, format!("{:?} is not one character", text.get_ref()))),
    }
}

fn fields(
    place: &Place<'_>,
    raw: &RawSource,
    map: Option<&BTreeMap<Spanned<String>, String>>,
    table: &str,
) -> Result<BTreeMap<TableField, String>, ConfigError> {
    let mut out = BTreeMap::new();
    for (name, value) in map.into_iter().flatten() {
        let Some(field) = TableField::from_name(name.get_ref()) else {
            let known: Vec<_> = TableField::ALL.iter().map(|f| f.name()).collect();
            let key = format!("source {}: {table}.{}", raw.id.get_ref(), name.get_ref());
            let message = format!("is no field; there are {}", known.join(", "));
            return Err(place.error(name.span().start, key, message));
        };
        out.insert(field, value.clone());
    }
    Ok(out)
}
