//! What every site has: a map of itself for search engines, what they may read, an icon, a word on accessibility.

use std::fmt::Write;

use axum::response::Response;
use parvis_model::Collection;
use parvis_store::Snapshot;

use super::HTML;
use crate::http::answer::{Answer, Asked};
use crate::http::error::ApiError;
use crate::http::html::{Accessibility, CSP, CSP_HEADER, Page, Spoken, escape, render};
use crate::http::params::{cut, encode};
use crate::http::router::Segments;
use crate::http::state::Scope;

const XML: &str = "application/xml; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
/// Addresses in one file: the protocol takes 50,000 and 50 MB.
const IN_ONE: u32 = 25_000;

/// `GET /robots.txt`.
pub(crate) async fn robots(asked: Asked) -> Result<Response, ApiError> {
    asked.params(&[])?;
    let root = asked.state.options().base_path.clone();
    let text = format!(
        "User-agent: *\nDisallow: {root}/tiles/\nDisallow: {root}/search\nDisallow: {root}/lookup\n\
         Disallow: {root}/collections/*/export\nDisallow: {root}/editions/\nDisallow: {root}/downloads/\n\
         Sitemap: {}/sitemap.xml\n",
        asked.base
    );
    Answer::fixed(asked, PLAIN, "robots").send(move || Ok(text.into_bytes())).await
}

/// `GET /favicon.svg`, `GET /favicon.ico`.
pub(crate) async fn favicon(asked: Asked) -> Result<Response, ApiError> {
    asked.params(&[])?;
    let icon = asked.state.options().look.icon();
    let (media, bytes) = (icon.media, icon.bytes.clone());
    Answer::fixed(asked, media, &icon.hash).send(move || Ok(bytes.to_vec())).await
}

/// `GET /accessibility`.
pub(crate) async fn accessibility(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params_or_page(&["lang", "f"], |_| Ok(true))?;
    params.format(&["html"])?;
    let spoken = Spoken::of(&asked.headers, &params)?;
    let mut page = Page::new(&asked, &params, spoken, spoken.lang.text().accessibility);
    if let Some(bundle) = asked.state.current() {
        page = page.of(bundle.manifest());
    }
    let answer = Answer::fixed(asked, HTML, &page.edition).page(spoken).header(CSP_HEADER, CSP);
    answer.send(move || render(&Accessibility { page })).await
}

/// `GET /sitemap.xml`: the list of the lists.
pub(crate) async fn sitemap(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&["edition"])?;
    let scope = asked.scope(&params).await?;
    let base = asked.base.clone();
    let answer = Answer::new(asked, &scope, XML);
    let write = move || {
        let day = day(&scope);
        let mut out = begin("sitemapindex");
        let snapshot = scope.bundle.snapshot();
        for collection in Collection::ALL.into_iter().filter(|c| snapshot.has(*c)) {
            for part in 1..=snapshot.rows(collection).div_ceil(IN_ONE) {
                // Writing to a String cannot fail.
                let _ = writeln!(
                    out,
                    "<sitemap><loc>{}/sitemap/{collection}-{part}.xml</loc><lastmod>{day}</lastmod></sitemap>",
                    escape(&base)
                );
            }
        }
        out.push_str("</sitemapindex>\n");
        Ok(out.into_bytes())
    };
    answer.send(write).await
}

/// `GET /sitemap/{collection}-{part}.xml`: the pages of some rows. What is made up for demonstration is no page to find.
pub(crate) async fn sitemap_part(asked: Asked, Segments(file): Segments<String>) -> Result<Response, ApiError> {
    let params = asked.params(&["edition"])?;
    let scope = asked.scope(&params).await?;
    let unknown = || ApiError::NotFound(format!("there is no `{}`; /sitemap.xml lists what there is", cut(&file)));
    let name = file.strip_suffix(".xml").ok_or_else(unknown)?;
    let (collection, part) = name.rsplit_once('-').ok_or_else(unknown)?;
    let collection = Collection::from_name(collection).ok_or_else(unknown)?;
    let part: u32 = part.parse().ok().filter(|part| *part > 0).ok_or_else(unknown)?;
    let rows = scope.bundle.snapshot().rows(collection);
    if part > rows.div_ceil(IN_ONE) {
        return Err(unknown());
    }
    let base = asked.base.clone();
    let answer = Answer::new(asked, &scope, XML);
    let write = move || {
        let mut out = begin("urlset");
        let snapshot = scope.bundle.snapshot();
        let first = (part - 1) * IN_ONE;
        let day = day(&scope);
        for row in (first..first.saturating_add(IN_ONE).min(rows)).filter(|row| !is_example(snapshot, collection, *row))
        {
            let id = encode(snapshot.id_of(collection, row));
            let path = match collection.level() {
                Some(_) => format!("/admin-units/{id}"),
                None => format!("/collections/{collection}/items/{id}"),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(out, "<url><loc>{}{path}</loc><lastmod>{day}</lastmod></url>", escape(&base));
        }
        out.push_str("</urlset>\n");
        Ok(out.into_bytes())
    };
    answer.send(write).await
}

fn begin(element: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{element} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
    )
}

fn day(scope: &Scope) -> String {
    scope.bundle.id().as_str().chars().take(10).collect()
}

fn is_example(snapshot: &Snapshot, collection: Collection, row: u32) -> bool {
    let points = snapshot.points(collection);
    points.is_some_and(|points| points.position(row).is_some_and(|at| points.example(at)))
}
