//! The start of everything: what there is, for readers without a script and for search engines.

use askama::Template;
use parvis_model::{AdminLevel, Collection, Theme, themes};
use parvis_store::{FacetField, Selection, Snapshot, UnitRecord};
use serde_json::json;

use super::item::unit_link;
use super::unit::Figure;
use super::{Link, Page, safe};
use crate::http::error::ApiError;

/// A unit with those below it.
#[derive(Debug)]
pub(crate) struct Branch {
    link: Link,
    below: Vec<Link>,
}

/// A theme, and where its actors are listed.
#[derive(Debug)]
pub(crate) struct Thematic {
    theme: &'static Theme,
    href: String,
    counted: String,
}

/// The page; `block = "body"` of the same template goes into the page of the map, for when no script runs.
#[derive(Debug, Template)]
#[template(path = "landing.html")]
pub(crate) struct Landing {
    page: Page,
    figures: Vec<Figure>,
    thematics: Vec<Thematic>,
    countries: Vec<Branch>,
    regions: Vec<Branch>,
    downloads: Vec<(&'static str, Vec<Link>)>,
    example: bool,
    json_ld: String,
}

/// What stands in the body of [`Landing`], alone.
#[derive(Debug, Template)]
#[template(path = "landing.html", block = "body")]
pub(crate) struct LandingBody<'a> {
    page: &'a Page,
    figures: &'a [Figure],
    thematics: &'a [Thematic],
    countries: &'a [Branch],
    regions: &'a [Branch],
    downloads: &'a [(&'static str, Vec<Link>)],
    example: bool,
}

/// What stands in the head of [`Landing`], but for what every page has.
#[derive(Debug, Template)]
#[template(path = "layout.html", block = "about")]
pub(crate) struct Head<'a> {
    page: &'a Page,
}

impl Landing {
    /// Of an edition. O(actors).
    pub(crate) fn new(mut page: Page, snapshot: &Snapshot) -> Self {
        let (lang, t) = (page.lang, page.t);
        page.title.clone_from(&page.site);
        page.section = "/";
        let rows = |c: Collection| u64::from(snapshot.rows(c));
        let counted = [
            lang.count(rows(Collection::Actors), t.actor, t.actors),
            lang.count(rows(Collection::Events), t.event, t.events),
        ];
        page.description = safe::one_line(&format!("{} {}", t.tagline, counted.join(" · ")), 200);
        let figures = [Collection::Actors, Collection::Events, Collection::Municipalities]
            .into_iter()
            .filter(|c| snapshot.has(*c))
            .map(|c| Figure {
                number: lang.number(rows(c)),
                label: page.title_of(c),
                href: page.to(&format!("/collections/{c}/items")),
            })
            .collect();
        let manifest = snapshot.edition().manifest();
        let json_ld = json!({
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": page.site,
            "description": page.description,
            "url": page.canonical,
            "version": page.edition,
            "license": manifest.sources.iter().map(|s| s.licence.as_str()).collect::<std::collections::BTreeSet<_>>(),
            "distribution": [{
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": format!("{}/downloads/actors.csv", page.base),
            }],
        });
        Self {
            figures,
            thematics: thematics(&page, snapshot),
            countries: countries(&page, snapshot),
            regions: regions(&page, snapshot),
            downloads: downloads(&page, snapshot),
            example: manifest.sources.iter().any(|s| s.example),
            json_ld: safe::script_json(&json_ld),
            page,
        }
    }

    /// The head and the body for the page of the map.
    ///
    /// # Errors
    /// [`ApiError::Internal`], when a template does not fit what it is given.
    pub(crate) fn parts(&self) -> Result<[String; 2], ApiError> {
        let failed = |e| ApiError::internal("writing a page", e);
        let body = LandingBody {
            page: &self.page,
            figures: &self.figures,
            thematics: &self.thematics,
            countries: &self.countries,
            regions: &self.regions,
            downloads: &self.downloads,
            example: self.example,
        };
        Ok([Head { page: &self.page }.render().map_err(failed)?, body.render().map_err(failed)?])
    }

    /// What stands around it.
    pub(crate) const fn page(&self) -> &Page {
        &self.page
    }
}

fn thematics(page: &Page, snapshot: &Snapshot) -> Vec<Thematic> {
    let rows = snapshot.rows(Collection::Actors);
    let all = Selection::all(Collection::Actors, rows, rows);
    let counts = snapshot.facet(&all, FacetField::Theme).map(|f| f.values).unwrap_or_default();
    let thematic = |theme: &'static Theme| {
        let count = counts.iter().find(|(code, _)| *code == theme.code).map_or(0, |(_, n)| *n);
        Thematic {
            theme,
            href: page.to(&format!("/collections/actors/items?theme={}", theme.code)),
            counted: page.lang.number(count),
        }
    };
    themes().iter().map(thematic).collect()
}

fn by_name<'a>(units: impl IntoIterator<Item = &'a UnitRecord>) -> Vec<&'a UnitRecord> {
    let mut units: Vec<&UnitRecord> = units.into_iter().collect();
    units.sort_by_cached_key(|u| parvis_model::fold(&u.name));
    units
}

fn of_level(snapshot: &Snapshot, level: AdminLevel) -> Vec<&UnitRecord> {
    by_name(snapshot.units().records().iter().filter(|u| u.level == level))
}

/// The countries, those of one territory with a short list of what is below.
fn countries(page: &Page, snapshot: &Snapshot) -> Vec<Branch> {
    let branch = |unit: &UnitRecord| Branch { link: unit_link(page, unit), below: Vec::new() };
    of_level(snapshot, AdminLevel::Country).into_iter().map(branch).collect()
}

/// The regions with their departments.
fn regions(page: &Page, snapshot: &Snapshot) -> Vec<Branch> {
    let below = |unit: &UnitRecord| {
        let children = snapshot.units().children(unit).into_iter().filter(|c| c.level == AdminLevel::Department);
        by_name(children).into_iter().map(|child| unit_link(page, child)).collect()
    };
    let branch = |unit: &UnitRecord| Branch { link: unit_link(page, unit), below: below(unit) };
    of_level(snapshot, AdminLevel::Region).into_iter().map(branch).collect()
}

fn downloads(page: &Page, snapshot: &Snapshot) -> Vec<(&'static str, Vec<Link>)> {
    let files = |c: Collection| {
        let file = |(ext, name): &(&str, &str)| Link {
            href: page.file(&format!("/downloads/{c}.{ext}")),
            text: (*name).to_owned(),
            media: String::new(),
        };
        super::unit::FORMATS.iter().map(file).collect()
    };
    let present = Collection::ALL.into_iter().filter(|c| snapshot.has(*c));
    present.map(|c| (page.title_of(c), files(c))).collect()
}
