//! The page of one actor or event.

use askama::Template;
use parvis_model::{AdminLevel, Collection, Instant, LonLat, Theme, UnitId};
use parvis_store::{Snapshot, UnitRecord};
use serde_json::Value;

use super::outline::Outline;
use super::safe::{self, Piece};
use super::when::{self, When};
use super::{Link, Page, labels, schema_org};
use crate::http::params::encode;

/// One thing that is said of an item or unit.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) label: &'static str,
    pub(crate) values: Vec<Said>,
}

/// A value of it, with where it leads.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) href: String,
    /// Whether it leads away from here.
    pub(crate) away: bool,
}

impl Said {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: String::new(), away: false }
    }

    pub(crate) fn link(text: impl Into<String>, href: String) -> Self {
        Self { text: text.into(), href, away: false }
    }

    pub(crate) fn away(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), away: true }
    }
}

/// Things of one kind that an item is tied to.
#[derive(Debug)]
pub(crate) struct Ties {
    pub(crate) label: &'static str,
    pub(crate) links: Vec<Link>,
}

/// So many ties of a kind are listed.
const MOST_TIES: usize = 100;

/// The page.
#[derive(Debug, Template)]
#[template(path = "item.html")]
pub(crate) struct ItemPage {
    page: Page,
    name: String,
    kind: String,
    themes: Vec<&'static Theme>,
    paragraphs: Vec<Vec<Piece>>,
    time: Option<When>,
    cancelled: bool,
    example: bool,
    facts: Vec<Fact>,
    levels: Vec<Fact>,
    ties: Vec<Ties>,
    picture: Option<Outline>,
    picture_of: String,
    on_map: Option<String>,
    json_ld: String,
}

/// What a page of an item is made of.
struct Source<'a> {
    snapshot: &'a Snapshot,
    collection: Collection,
    id: &'a str,
    properties: &'a Value,
}

impl ItemPage {
    /// `feature`: the stored GeoJSON Feature of an actor or event.
    pub(crate) fn new(mut page: Page, snapshot: &Snapshot, collection: Collection, feature: &[u8]) -> Self {
        let feature: Value = serde_json::from_slice(feature).unwrap_or_default();
        let source = Source {
            snapshot,
            collection,
            id: feature["id"].as_str().unwrap_or_default(),
            properties: &feature["properties"],
        };
        let lang = page.lang;
        let name = source.text("name").to_owned();
        let kind = labels::kind(source.text("kind"), lang).to_owned();
        let units = source.units();
        let home = units.iter().rev().find(|u| u.level <= AdminLevel::Municipality).copied();
        let place_name = home.map_or("", |unit| unit.name_in(lang.code()));
        page.title = safe::one_line(&name, 120);
        let said = [kind.as_str(), place_name, source.text("description")];
        let said: Vec<&str> = said.into_iter().filter(|s| !s.is_empty()).collect();
        page.description = safe::one_line(&said.join(" · "), 200);
        page.section = "/collections";
        page.embeds = true;
        page.crumbs = source.crumbs(&page, &units);
        let example = source.properties["example"] == true;
        page.listed = !example;
        let time = source.time(&page);
        let place = source.place();
        let picture = home.zip(place).and_then(|(unit, place)| Outline::marked(snapshot, unit, place));
        let on_map = place.map(|at| {
            let (lon, lat) = (at.lon(), at.lat());
            format!("{}#map=15/{lat:.5}/{lon:.5}", page.to(&format!("/?sel={}", encode(source.id))))
        });
        let themes = source.list("themes").filter_map(labels::theme_of).collect();
        let json_ld = schema_org::item(&page, collection, &feature, time.as_ref(), place_name);
        Self {
            kind,
            themes,
            paragraphs: safe::paragraphs(source.text("description")),
            cancelled: source.text("status") == "cancelled",
            example,
            facts: source.facts(&page),
            levels: levels(&page, &units),
            ties: source.ties(&page),
            picture_of: safe::one_line(place_name, 120),
            json_ld: safe::script_json(&json_ld),
            name,
            time,
            picture,
            on_map,
            page,
        }
    }
}

impl<'a> Source<'a> {
    fn text(&self, name: &str) -> &'a str {
        self.properties[name].as_str().unwrap_or_default()
    }

    fn list(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.properties[name].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// The units it lies in, strongest first.
    fn units(&self) -> Vec<&'a UnitRecord> {
        let unit = |level: AdminLevel| self.snapshot.units().by_id(&UnitId::parse(self.text(level.id_field()))?);
        AdminLevel::ALL.into_iter().filter_map(unit).collect()
    }

    fn place(&self) -> Option<LonLat> {
        LonLat::new(self.properties["lon"].as_f64()?, self.properties["lat"].as_f64()?)
    }

    fn time(&self, page: &Page) -> Option<When> {
        let time = |name| Instant::parse(self.text(name));
        let all_day = self.properties["all_day"] == true;
        Some(when::when(time("start")?, time("end")?, self.text("timezone"), all_day, page.lang))
    }

    fn crumbs(&self, page: &Page, units: &[&UnitRecord]) -> Vec<Link> {
        let mut crumbs = way(page, units);
        let path = format!("/collections/{}/items", self.collection);
        let of = units.last().map_or(String::new(), |unit| format!("?within={}", encode(unit.id.as_str())));
        crumbs.push(Link::page(page.to(&format!("{path}{of}")), page.title_of(self.collection)));
        crumbs
    }

    fn facts(&self, page: &Page) -> Vec<Fact> {
        let t = page.t;
        let mut facts = Vec::new();
        let mut add = |label, values: Vec<Said>| {
            if !values.is_empty() {
                facts.push(Fact { label, values });
            }
        };
        let one = |name: &str, said: &dyn Fn(&str) -> Said| {
            let text = self.text(name);
            if text.is_empty() { Vec::new() } else { vec![said(text)] }
        };
        let linked = |text: &str, href: Option<String>| href.map_or_else(|| Said::text(text), |h| Said::link(text, h));
        let organizer = self.snapshot.named(self.text("organizer_id"));
        add(
            t.organizer,
            organizer.map_or_else(Vec::new, |(collection, name)| {
                let id = encode(self.text("organizer_id"));
                vec![Said::link(name, page.to(&format!("/collections/{collection}/items/{id}")))]
            }),
        );
        let lines = [self.text("address"), self.text("postcode")];
        let address: Vec<&str> = lines.into_iter().filter(|s| !s.is_empty()).collect();
        add(t.address, if address.is_empty() { Vec::new() } else { vec![Said::text(address.join(", "))] });
        add(t.precision, one("precision", &|code| Said::text(labels::precision(code, page.lang))));
        add(
            t.website,
            one("url", &|text| {
                safe::web_link(text).map_or_else(|| Said::text(text), |url| Said::away(shown(url), url))
            }),
        );
        add(t.email, one("email", &|text| linked(text, safe::mail_link(text))));
        add(t.telephone, one("telephone", &|text| linked(text, safe::phone_link(text))));
        add(t.tags, self.list("tags").map(Said::text).collect());
        if self.text("status") != "confirmed" {
            add(t.status, one("status", &|code| Said::text(labels::status(code, page.lang))));
        }
        add(t.updated, one("updated", &|text| Said::text(when::day_of(text, page.lang))));
        add(t.source, one("source", &|text| Said::text(text)));
        add(t.licence, one("licence", &|text| Said::text(text)));
        add(t.identifier, vec![Said::text(self.id)]);
        facts
    }

    fn ties(&self, page: &Page) -> Vec<Ties> {
        let mut ties: Vec<Ties> = Vec::new();
        let links = self.snapshot.links();
        let forwards = links.from(self.id).iter().map(|l| (l.relation, true, l.to_id.as_str()));
        let backwards = links.to(self.id).map(|l| (l.relation, false, l.from_id.as_str()));
        for (relation, forwards, other) in forwards.chain(backwards) {
            let Some((collection, name)) = self.snapshot.named(other) else { continue };
            let label = labels::relation(relation, forwards, page.lang);
            let path = match collection.level() {
                Some(_) => format!("/admin-units/{}", encode(other)),
                None => format!("/collections/{collection}/items/{}", encode(other)),
            };
            let link = Link::page(page.to(&path), safe::one_line(name, 200));
            match ties.iter_mut().find(|t| t.label == label) {
                Some(of) if of.links.len() < MOST_TIES => of.links.push(link),
                Some(_) => {}
                None => ties.push(Ties { label, links: vec![link] }),
            }
        }
        ties
    }
}

/// The units that an item lies in, each under the name of its level.
fn levels(page: &Page, units: &[&UnitRecord]) -> Vec<Fact> {
    let fact = |unit: &&UnitRecord| {
        let link = unit_link(page, unit);
        Fact { label: labels::level(unit.level, page.lang), values: vec![Said::link(link.text, link.href)] }
    };
    units.iter().map(fact).collect()
}

/// A link to the page of a unit.
pub(crate) fn unit_link(page: &Page, unit: &UnitRecord) -> Link {
    let path = format!("/admin-units/{}", encode(unit.id.as_str()));
    Link::page(page.to(&path), safe::one_line(unit.name_in(page.lang.code()), 80))
}

/// The way down through units, without those that overlay it. A region and its only department, one territory of one name,
/// are one step, which leads to the department.
pub(crate) fn way(page: &Page, units: &[&UnitRecord]) -> Vec<Link> {
    let rungs: Vec<&UnitRecord> = units.iter().copied().filter(|unit| unit.level.is_rung()).collect();
    let again = |unit: &UnitRecord, below: &UnitRecord| unit.name == below.name && unit.bbox == below.bbox;
    let steps =
        rungs.iter().enumerate().filter(|(at, unit)| !rungs.get(at + 1).is_some_and(|below| again(unit, below)));
    steps.map(|(_, unit)| unit_link(page, unit)).collect()
}

/// An address as people read it: without its scheme and a slash at the end.
fn shown(url: &str) -> String {
    let text = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    safe::one_line(text, 60)
}
