//! The page of an admin unit: what it is, what is in it, what can be taken from it.

use std::collections::HashMap;

use askama::Template;
use parvis_model::{AdminLevel, Collection, Theme, themes};
use parvis_store::{FacetField, Filter, Selection, Snapshot, UnitRecord};
use serde_json::Value;

use super::item::{Fact, Said, unit_link, way};
use super::outline::Outline;
use super::when::{self, When};
use super::{Link, Page, labels, safe, schema_org};
use crate::http::error::ApiError;
use crate::http::filter::refused;
use crate::http::params::encode;

/// So many actors of a theme are named; the list has the rest.
const NAMED: usize = 6;
/// So many events are announced.
const ANNOUNCED: usize = 8;
/// Formats of the downloads, and what they are called.
pub(super) const FORMATS: [(&str, &str); 5] = [
    ("csv", "CSV"),
    ("geojson", "GeoJSON"),
    ("geojsonseq", "GeoJSONSeq"),
    ("fgb", "FlatGeobuf"),
    ("parquet", "GeoParquet"),
];

/// What a unit has of a theme.
#[derive(Debug)]
pub(crate) struct OfTheme {
    theme: &'static Theme,
    counted: String,
    all: String,
    named: Vec<Named>,
}

/// An actor or event in a list.
#[derive(Debug)]
pub(crate) struct Named {
    link: Link,
    example: bool,
    time: Option<When>,
}

/// A number with its name.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(super) number: String,
    pub(super) label: &'static str,
    pub(super) href: String,
}

/// A unit of a list, with how many actors and events are in it.
#[derive(Debug)]
pub(crate) struct Below {
    link: Link,
    count: u64,
    counted: String,
}

/// One collection and the files of it.
#[derive(Debug)]
pub(crate) struct Downloads {
    name: &'static str,
    files: Vec<Link>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "unit.html")]
pub(crate) struct UnitPage {
    page: Page,
    name: String,
    kind: String,
    figures: Vec<Figure>,
    facts: Vec<Fact>,
    directory: Vec<OfTheme>,
    events: Vec<Named>,
    all_events: String,
    below: Vec<Below>,
    below_title: &'static str,
    below_count: String,
    neighbours: Vec<Link>,
    downloads: Vec<Downloads>,
    picture: Option<Outline>,
    on_map: String,
    json_ld: String,
}

/// What the page is made of.
struct Source<'a> {
    snapshot: &'a Snapshot,
    unit: &'a UnitRecord,
    actors: Selection,
    events: Selection,
}

impl UnitPage {
    /// The page of a unit. O(actors and events of the edition).
    ///
    /// # Errors
    /// [`ApiError`] when the edition lacks what a selection needs, which it does not.
    pub(crate) fn new(mut page: Page, snapshot: &Snapshot, unit: &UnitRecord) -> Result<Self, ApiError> {
        let filter = Filter { within: vec![unit.id.clone()], ..Filter::default() };
        let select = |collection| {
            if snapshot.has(collection) {
                snapshot.select(collection, &filter).map_err(|e| refused(&e))
            } else {
                Ok(Selection::all(collection, 0, 0))
            }
        };
        let source =
            Source { snapshot, unit, actors: select(Collection::Actors)?, events: select(Collection::Events)? };
        let lang = page.lang;
        let name = unit.name_in(lang.code()).to_owned();
        let kind = match unit.subtype.as_deref() {
            Some(subtype) => labels::kind(subtype, lang).to_owned(),
            None => labels::level(unit.level, lang).to_owned(),
        };
        page.title = format!("{} · {kind}", safe::one_line(&name, 120));
        page.description = source.description(&page, &kind);
        page.crumbs = way(&page, &source.above());
        page.section = "/collections";
        page.embeds = true;
        page.canonical = page.canonical_at(&format!("/admin-units/{}", encode(unit.id.as_str())));
        let parent = unit.parent.and_then(|n| snapshot.units().get(n));
        let json_ld = safe::script_json(&schema_org::unit(&page, unit, parent));
        let children = snapshot.units().children(unit);
        let below_title = children.first().map_or("", |c| page.title_of(c.level.collection()));
        let neighbours = snapshot.units().neighbours(unit);
        Ok(Self {
            kind,
            figures: source.figures(&page),
            facts: source.facts(&page, &fields(snapshot, unit)),
            directory: source.directory(&page)?,
            events: source.announced(&page),
            all_events: page.to(&source.list(Collection::Events, "")),
            below: source.below(&page, &children)?,
            below_title,
            below_count: lang.number(children.len() as u64),
            neighbours: neighbours.iter().map(|n| unit_link(&page, n)).collect(),
            downloads: source.downloads(&page, &children),
            picture: Outline::of(snapshot, unit),
            on_map: page.to(&format!("/?unit={}", encode(unit.id.as_str()))),
            name,
            json_ld,
            page,
        })
    }
}

impl<'a> Source<'a> {
    /// The address of a list of what is in the unit; `more` begins with `&`.
    fn list(&self, of: Collection, more: &str) -> String {
        format!("/collections/{of}/items?within={}{more}", encode(self.unit.id.as_str()))
    }

    fn above(&self) -> Vec<&'a UnitRecord> {
        let above = self.snapshot.units().ancestors(self.unit);
        above.into_iter().filter(|u| u.level.is_rung()).collect()
    }

    fn counts(&self, page: &Page) -> [String; 2] {
        let t = page.t;
        [
            page.lang.count(self.actors.total(), t.actor, t.actors),
            page.lang.count(self.events.total(), t.event, t.events),
        ]
    }

    fn description(&self, page: &Page, kind: &str) -> String {
        let above = self.above().last().map(|u| u.name_in(page.lang.code()).to_owned());
        let parts = [Some(kind.to_owned()), above].into_iter().flatten().chain(self.counts(page));
        safe::one_line(&parts.collect::<Vec<_>>().join(" · "), 200)
    }

    fn figures(&self, page: &Page) -> Vec<Figure> {
        let t = page.t;
        let plural = |n: u64, one, many| if n == 1 || (n == 0 && page.lang.is_fr()) { one } else { many };
        let mut figures = Vec::new();
        for (selection, one, many) in [(&self.actors, t.actor, t.actors), (&self.events, t.event, t.events)] {
            let total = selection.total();
            figures.push(Figure {
                number: page.lang.number(total),
                label: plural(total, one, many),
                href: if total > 0 { page.to(&self.list(selection.collection(), "")) } else { String::new() },
            });
        }
        let plain = |number, label| Figure { number, label, href: String::new() };
        figures.extend(self.unit.population.map(|n| plain(page.lang.number(n), t.population)));
        figures.extend(self.unit.area_km2.map(|n| plain(page.lang.area(n), t.area)));
        figures
    }

    fn facts(&self, page: &Page, fields: &HashMap<String, String>) -> Vec<Fact> {
        let t = page.t;
        let text = |name: &str| fields.get(name).map(String::as_str).filter(|text| !text.is_empty());
        let mut facts = Vec::new();
        let mut add = |label, values: Vec<Said>| {
            if !values.is_empty() {
                facts.push(Fact { label, values });
            }
        };
        let said = |text: Option<&str>| text.map(Said::text).into_iter().collect::<Vec<_>>();
        add(t.code, said(text("code")));
        let postcodes = self.unit.postcodes.iter().take(40);
        add(t.postcodes, postcodes.map(|code| Said::text(code.as_ref())).collect());
        let epci = self.unit.above[AdminLevel::Intercommunality.index()];
        let epci = self.snapshot.units().get(epci).filter(|u| u.number != self.unit.number);
        let linked = |unit: &UnitRecord| {
            let link = unit_link(page, unit);
            Said::link(link.text, link.href)
        };
        add(labels::level(AdminLevel::Intercommunality, page.lang), epci.map(linked).into_iter().collect());
        let same = self.unit.same_territory_as.as_ref().and_then(|id| self.snapshot.units().by_id(id));
        let same = same.map(|unit| {
            let mut said = linked(unit);
            said.text = format!("{} ({})", said.text, labels::level(unit.level, page.lang));
            said
        });
        add(t.same_territory, same.into_iter().collect());
        add(t.siren, said(text("siren")));
        let wikidata = text("wikidata").filter(|id| id.strip_prefix('Q').is_some_and(all_digits));
        let url = |id: &str| Said::away(id, format!("https://www.wikidata.org/wiki/{id}"));
        add(t.wikidata, wikidata.map(url).into_iter().collect());
        let osm = text("osm_id").filter(|id| id.strip_prefix('r').is_some_and(all_digits));
        let url = |id: &str| Said::away(id, format!("https://www.openstreetmap.org/relation/{}", &id[1..]));
        add(t.osm, osm.map(url).into_iter().collect());
        add(t.boundary, vec![Said::text(labels::status(self.unit.status.name(), page.lang))]);
        add(t.valid_at, text("valid_at").map(|d| Said::text(when::day_of(d, page.lang))).into_iter().collect());
        add(t.source, said(text("source")));
        add(t.licence, said(text("licence")));
        add(t.identifier, said(Some(self.unit.id.as_str())));
        facts
    }

    /// By theme, the largest first: how many actors, and the first of them.
    fn directory(&self, page: &Page) -> Result<Vec<OfTheme>, ApiError> {
        let Some(points) = self.snapshot.points(Collection::Actors) else { return Ok(Vec::new()) };
        if self.actors.total() == 0 {
            return Ok(Vec::new());
        }
        let facet = self.snapshot.facet(&self.actors, FacetField::Theme).map_err(|e| refused(&e))?;
        let mut first: Vec<Vec<(u32, usize)>> = vec![Vec::new(); themes().len()];
        for at in self.actors.rows().filter_map(|row| points.position(row)) {
            for theme in points.themes(at).positions() {
                let Some(kept) = first.get_mut(theme) else { continue };
                let place = kept.partition_point(|(rank, _)| *rank < points.rank(at));
                if place < NAMED {
                    kept.insert(place, (points.rank(at), at));
                    kept.truncate(NAMED);
                }
            }
        }
        let t = page.t;
        let of_theme = |(code, count): &(String, u64)| {
            let at = themes().iter().position(|theme| theme.code == *code)?;
            let named = |&(_, at): &(u32, usize)| self.named(page, Collection::Actors, at);
            Some(OfTheme {
                theme: &themes()[at],
                counted: page.lang.count(*count, t.actor, t.actors),
                all: page.to(&self.list(Collection::Actors, &format!("&theme={code}"))),
                named: first[at].iter().map(named).collect(),
            })
        };
        Ok(facet.values.iter().filter_map(of_theme).collect())
    }

    fn named(&self, page: &Page, collection: Collection, at: usize) -> Named {
        let Some(points) = self.snapshot.points(collection) else {
            return Named { link: Link::page(String::new(), ""), example: false, time: None };
        };
        let href = page.to(&format!("/collections/{collection}/items/{}", encode(points.id(at))));
        Named { link: Link::page(href, safe::one_line(points.name(at), 120)), example: points.example(at), time: None }
    }

    /// The first events that end after the edition was made.
    fn announced(&self, page: &Page) -> Vec<Named> {
        let Some(points) = self.snapshot.points(Collection::Events) else { return Vec::new() };
        let made = self.snapshot.edition().manifest().created;
        let mut coming: Vec<_> = self
            .events
            .rows()
            .filter_map(|row| points.position(row))
            .filter_map(|at| points.time(at).filter(|[_, end]| *end >= made).map(|[start, _]| (start, at)))
            .collect();
        coming.sort_unstable();
        coming.truncate(ANNOUNCED);
        coming.into_iter().map(|(_, at)| self.event(page, points.row(at), at)).collect()
    }

    fn event(&self, page: &Page, row: u32, at: usize) -> Named {
        let feature: Value = serde_json::from_slice(self.snapshot.geojson(Collection::Events, row)).unwrap_or_default();
        let properties = &feature["properties"];
        let text = |name: &str| properties[name].as_str().unwrap_or_default();
        let time = |name: &str| parvis_model::Instant::parse(text(name));
        let span = time("start").zip(time("end"));
        let all_day = properties["all_day"] == true;
        let time = span.map(|(start, end)| when::when(start, end, text("timezone"), all_day, page.lang));
        Named { time, ..self.named(page, Collection::Events, at) }
    }

    /// The units directly below, by name, each with the actors and events in it.
    fn below(&self, page: &Page, children: &[&UnitRecord]) -> Result<Vec<Below>, ApiError> {
        let Some(level) = children.first().map(|c| c.level) else { return Ok(Vec::new()) };
        let mut counts = HashMap::new();
        for selection in [&self.actors, &self.events].into_iter().filter(|s| s.total() > 0) {
            let facet = self.snapshot.facet(selection, FacetField::Unit(level)).map_err(|e| refused(&e))?;
            for (id, count) in facet.values {
                *counts.entry(id).or_insert(0u64) += count;
            }
        }
        let one = |child: &&UnitRecord| {
            let count = counts.get(child.id.as_str()).copied().unwrap_or(0);
            Below { link: unit_link(page, child), count, counted: page.lang.number(count) }
        };
        let mut below: Vec<Below> = children.iter().map(one).collect();
        below.sort_by_cached_key(|b| parvis_model::fold(&b.link.text));
        Ok(below)
    }

    /// Everything in the unit, by collection and format, whole.
    fn downloads(&self, page: &Page, children: &[&UnitRecord]) -> Vec<Downloads> {
        let mut collections =
            vec![(Collection::Actors, self.actors.total()), (Collection::Events, self.events.total())];
        collections.extend(children.first().map(|c| (c.level.collection(), children.len() as u64)));
        let id = encode(self.unit.id.as_str());
        let of = |(collection, _): (Collection, u64)| {
            let file = |(f, name): &(&str, &str)| {
                let path = format!("/collections/{collection}/export?f={f}&within={id}");
                Link { href: page.file(&path), text: (*name).to_owned(), media: String::new() }
            };
            Downloads { name: page.title_of(collection), files: FORMATS.iter().map(file).collect() }
        };
        collections.into_iter().filter(|(_, rows)| *rows > 0).map(of).collect()
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The fields of a unit as its CSV record has them: its GeoJSON holds the boundary too, which may be of megabytes.
fn fields(snapshot: &Snapshot, unit: &UnitRecord) -> HashMap<String, String> {
    let collection = unit.level.collection();
    let text = [snapshot.csv_header(collection), snapshot.csv(collection, unit.row)].concat();
    let mut reader = csv::Reader::from_reader(text.as_slice());
    // What does not read as CSV has no fields to show.
    reader.deserialize().next().and_then(Result::ok).unwrap_or_default()
}
