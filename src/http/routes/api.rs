//! `/api`: the OpenAPI document, and a page that tells what is in it.

use axum::response::Response;

use super::HTML;
use crate::http::answer::{Answer, Asked};
use crate::http::error::ApiError;
use crate::http::html::{CSP, CSP_HEADER, Link, Page, Reference, Spoken, render};
use crate::http::negotiate::best_media;
use crate::http::openapi::document;

/// The media type of OpenAPI 3.0 in JSON.
pub(crate) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

/// `GET /api`.
pub(crate) async fn api(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&["f", "lang"])?;
    let format = params.format(&["json", "html"])?;
    let spoken = Spoken::of(&asked.headers, &params)?;
    let offers: [&[&str]; 2] = [&["application/vnd.oai.openapi+json", "application/json"], &["text/html"]];
    let html = format.unwrap_or_else(|| best_media(&asked.headers, &offers)) == 1;
    let base = asked.base.clone();
    if !html {
        let answer = Answer::fixed(asked, OPENAPI, "api").by_accept(format.is_none());
        return answer.send_json(move || Ok(document(&base))).await;
    }
    let mut page = Page::new(&asked, &params, spoken, "API");
    page.section = "/api";
    page.alternates.push(Link { href: page.file("/api?f=json"), text: "OpenAPI".into(), media: OPENAPI.into() });
    let bundle = asked.state.current();
    if let Some(bundle) = &bundle {
        page = page.of(bundle.manifest());
    }
    let answer = Answer::fixed(asked, HTML, &page.edition).page(spoken).header(CSP_HEADER, CSP);
    let answer = answer.by_accept(format.is_none());
    let write = move || render(&Reference::new(page, &document(&base), bundle.as_ref().map(|b| b.snapshot())));
    answer.send(write).await
}
