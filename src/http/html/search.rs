//! The page of a search.

use askama::Template;
use parvis_model::{AdminLevel, Collection};
use parvis_store::{Hit, HitKind};

use super::{Link, Page, labels, safe};
use crate::http::params::encode;

/// One thing that was found.
#[derive(Debug)]
pub(crate) struct Found {
    link: Link,
    detail: String,
}

/// Things of one type.
#[derive(Debug)]
pub(crate) struct Group {
    title: &'static str,
    found: Vec<Found>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "search.html")]
pub(crate) struct SearchPage {
    page: Page,
    groups: Vec<Group>,
}

impl SearchPage {
    /// `q`: what was searched, empty when nothing was; `hits`: the best first.
    pub(crate) fn new(mut page: Page, q: &str, hits: &[Hit]) -> Self {
        let t = page.t;
        page.listed = false;
        page.title =
            if q.is_empty() { t.search.to_owned() } else { safe::one_line(&format!("{q} · {}", t.search), 120) };
        page.q = String::from(q);
        let titles = [
            (HitKind::Unit, t.territories),
            (HitKind::Postcode, t.postcodes),
            (HitKind::Actor, page.title_of(Collection::Actors)),
            (HitKind::Event, page.title_of(Collection::Events)),
        ];
        let group = |(kind, title): (HitKind, &'static str)| {
            let found = hits.iter().filter(|hit| hit.kind == kind).map(|hit| found(&page, hit)).collect();
            Group { title, found }
        };
        let groups = titles.into_iter().map(group).filter(|g| !g.found.is_empty()).collect();
        Self { page, groups }
    }
}

fn found(page: &Page, hit: &Hit) -> Found {
    let id = encode(&hit.id);
    let path = match hit.kind {
        HitKind::Unit => format!("/admin-units/{id}"),
        HitKind::Postcode => format!("/collections/municipalities/items?postcode={id}"),
        HitKind::Actor => format!("/collections/actors/items/{id}"),
        HitKind::Event => format!("/collections/events/items/{id}"),
    };
    let level = hit.level.map(|level: AdminLevel| labels::level(level, page.lang).to_owned());
    let detail: Vec<String> = [level, hit.detail.clone()].into_iter().flatten().collect();
    Found {
        link: Link::page(page.to(&path), safe::one_line(&hit.name, 200)),
        detail: safe::one_line(&detail.join(" · "), 300),
    }
}
