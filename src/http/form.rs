//! One thing in two forms: JSON for programs, a page for people.

use axum::response::Response;
use serde_json::Value;

use super::answer::{Answer, Asked};
use super::error::ApiError;
use super::html::{CSP, CSP_HEADER, Link, Page, Spoken, document, format_name, render};
use super::negotiate::best_media;
use super::params::Params;
use super::pool::Cost;
use super::state::Scope;

/// The media type of the pages.
const HTML: &str = "text/html; charset=utf-8";

/// Which form of a document is wanted, and in which language it speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    html: bool,
    by_accept: bool,
    /// The language of titles and pages.
    pub(crate) spoken: Spoken,
}

impl Form {
    /// The parameters that it reads.
    pub(crate) const PARAMETERS: [&str; 2] = ["f", "lang"];

    /// By `f` (`json`, `html`) and `lang`, else by `Accept` and `Accept-Language`.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] for another format or language.
    pub(crate) fn of(asked: &Asked, params: &Params) -> Result<Self, ApiError> {
        const OFFERS: [&[&str]; 2] = [
            &["application/json", "application/schema+json", "application/geo+json"],
            &["text/html", "application/xhtml+xml"],
        ];
        let given = params.format(&["json", "html"])?;
        let html = given.unwrap_or_else(|| best_media(&asked.headers, &OFFERS)) == 1;
        Ok(Self { html, by_accept: given.is_none(), spoken: Spoken::of(&asked.headers, params)? })
    }

    /// Answers with a document of an edition. `media`: of the JSON; `title`: of the page, unless the document has one.
    ///
    /// # Errors
    /// As [`Answer::send`].
    pub(crate) async fn send(
        self,
        asked: Asked,
        params: &Params,
        scope: &Scope,
        (media, title): (&'static str, &str),
        make: impl FnOnce() -> Result<Value, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        self.send_at(Cost::Cheap, asked, params, scope, (media, title), make).await
    }

    /// As [`Self::send`], of a document that costs more than most.
    ///
    /// # Errors
    /// As [`Answer::send`].
    pub(crate) async fn send_at(
        self,
        cost: Cost,
        asked: Asked,
        params: &Params,
        scope: &Scope,
        (media, title): (&'static str, &str),
        make: impl FnOnce() -> Result<Value, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        let page = self.page(&asked, params, media, title).map(|p| p.of(scope.bundle.manifest()));
        let answer = Answer::new(asked, scope, if self.html { HTML } else { media });
        self.finish(cost, answer, page, make).await
    }

    /// Answers with a document that is of no edition. `content`: what tells its versions apart.
    ///
    /// # Errors
    /// As [`Answer::send`].
    pub(crate) async fn send_fixed(
        self,
        asked: Asked,
        params: &Params,
        content: &str,
        (media, title): (&'static str, &str),
        make: impl FnOnce() -> Result<Value, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        let page = self.page(&asked, params, media, title);
        let current = asked.state.current();
        let page = page.map(|p| match &current {
            Some(bundle) => p.of(bundle.manifest()),
            None => p,
        });
        let edition = page.as_ref().map(|p| p.edition.clone()).unwrap_or_default();
        let content = format!("{content} {edition}");
        let answer = Answer::fixed(asked, if self.html { HTML } else { media }, &content);
        self.finish(Cost::Cheap, answer, page, make).await
    }

    fn page(self, asked: &Asked, params: &Params, media: &'static str, title: &str) -> Option<Page> {
        if !self.html {
            return None;
        }
        let mut page = Page::new(asked, params, self.spoken, title);
        page.section = "/collections";
        let own = asked.path.strip_prefix(asked.state.options().base_path.as_str()).unwrap_or(&asked.path);
        let rest = params.without(&["f", "lang"]);
        let mark = if rest.is_empty() { "" } else { "&" };
        let href = page.file(&format!("{own}?{rest}{mark}f=json"));
        page.alternates.push(Link { href, text: format_name(media).to_owned(), media: media.to_owned() });
        Some(page)
    }

    async fn finish(
        self,
        cost: Cost,
        answer: Answer,
        page: Option<Page>,
        make: impl FnOnce() -> Result<Value, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        let answer = answer.by_accept(self.by_accept).page(self.spoken);
        match page {
            Some(page) => {
                let write = move || render(&document(page, &make()?));
                answer.header(CSP_HEADER, CSP).send_at(cost, write).await
            }
            None => answer.send_at(cost, move || Ok(make()?.to_string().into_bytes())).await,
        }
    }
}
