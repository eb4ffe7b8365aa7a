//! `/api`: the OpenAPI document, and a page that lists what is in it.

use std::fmt::Write;

use axum::response::Response;
use serde_json::Value;

use super::HTML;
use crate::http::answer::{Answer, Asked};
use crate::http::error::ApiError;
use crate::http::html::{CSP, CSP_HEADER, Link, Page, Plain, Spoken, escape, render};
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
    if let Some(bundle) = asked.state.current() {
        page = page.of(bundle.manifest());
    }
    let answer = Answer::fixed(asked, HTML, &page.edition).page(spoken).header(CSP_HEADER, CSP);
    let answer = answer.by_accept(format.is_none());
    answer.send(move || render(&Plain { page, body: listing(&document(&base)) })).await
}

/// Every URL with its parameters, from the document itself.
fn listing(document: &Value) -> String {
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    let mut body = format!(
        "<p class=\"lead\" lang=\"en\">{}</p>\n<div class=\"scrolls\" lang=\"en\" tabindex=\"0\" role=\"region\" aria-label=\"API\">\n<table>\n\
         <thead><tr><th scope=\"col\">URL</th><th scope=\"col\">What</th><th scope=\"col\">Parameters</th></tr></thead>\n",
        text(&document["info"]["description"])
    );
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let get = &item["get"];
        let names: Vec<String> = get["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| {
                let key = p["$ref"].as_str().and_then(|r| r.rsplit('/').next()).unwrap_or_default();
                let parameter = if key.is_empty() { p } else { &document["components"]["parameters"][key] };
                format!("<code title=\"{}\">{}</code>", text(&parameter["description"]), text(&parameter["name"]))
            })
            .collect();
        // Writing to a String cannot fail.
        let _ = writeln!(
            body,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            escape(path),
            text(&get["summary"]),
            names.join(", ")
        );
    }
    body.push_str("</table>\n</div>");
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_lists_every_url() {
        let document = document("http://localhost");
        let html = listing(&document);
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(html.contains(&escape(path)), "{path}");
        }
        assert!(html.contains("<code title="), "parameters by reference are resolved");
    }
}
