//! What every answer shares: validators, caching, coding, and the conditions of the request.

use std::time::Instant;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use parvis_model::id::hex;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::code::{code, worth_coding};
use super::error::ApiError;
use super::etag::Tag;
use super::html::{Spoken, css_hash};
use super::negotiate::{Encoding, best_encoding, takes_any_media};
use super::params::Params;
use super::pool::{Cost, run_in};
use super::state::{AppState, Scope};
use super::{timing, url};

/// What dynamic answers can be coded as, best first.
pub const DYNAMIC: &[Encoding] = &[Encoding::Zstd, Encoding::Gzip];

/// `Cache-Control` of a URL that names its edition.
pub const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// `Cache-Control` of a URL that means whatever edition is in force.
pub const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// A request, as far as answers need it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The service.
    pub state: AppState,
    /// Header fields.
    pub headers: HeaderMap,
    /// The path as sent, base path included.
    pub path: String,
    /// The query as sent; empty when there is none.
    pub query: String,
    /// The public address of the service, without a slash at the end.
    pub base: String,
}

impl FromRequestParts<AppState> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let options = state.options();
        let base = match &options.public_url {
            Some(url) => url.clone(),
            None => url::of_request(&parts.headers, &parts.uri, &options.base_path)?,
        };
        Ok(Self {
            state: state.clone(),
            headers: parts.headers.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            base,
        })
    }
}

impl Asked {
    /// The parameters, of which only `known` are allowed.
    ///
    /// # Errors
    /// As [`Params::parse`].
    pub fn params(&self, known: &[&str]) -> Result<Params, ApiError> {
        Params::parse(Some(&self.query), known)
    }

    /// As [`Self::params`], of a URL that gives a page to people and data to programs: the page passes over names that are
    /// unknown. `is_page`: which of the two is wanted, by the parameters that are known.
    ///
    /// # Errors
    /// As [`Params::parse`] or [`Params::parse_page`], and those of `is_page`.
    pub fn params_or_page(
        &self,
        known: &[&str],
        is_page: impl FnOnce(&Params) -> Result<bool, ApiError>,
    ) -> Result<Params, ApiError> {
        let page = Params::parse_page(Some(&self.query), known)?;
        if is_page(&page)? { Ok(page) } else { self.params(known) }
    }

    /// The parameters of a page of the map, whatever its link has become.
    pub fn link_params(&self, known: &[&str]) -> Params {
        Params::parse_link(Some(&self.query), known)
    }

    /// The edition that the parameters name, else the one in force.
    ///
    /// # Errors
    /// As [`AppState::scope`].
    pub async fn scope(&self, params: &Params) -> Result<Scope, ApiError> {
        self.state.scope(params.get("edition")).await
    }

    /// A link object of OGC APIs.
    pub fn link(&self, rel: &str, media: &str, path: &str, title: &str) -> Value {
        serde_json::json!({"rel": rel, "type": media, "href": format!("{}{path}", self.base), "title": title})
    }
}

/// An answer in the making.
#[derive(Debug)]
pub struct Answer {
    asked: Asked,
    media: HeaderValue,
    encoding: Encoding,
    tag: Tag,
    cache: HeaderValue,
    by_accept: bool,
    by_agent: bool,
    by_language: bool,
    extra: HeaderMap,
}

impl Answer {
    /// An answer that depends on the edition, the URL and nothing else.
    pub fn new(asked: Asked, scope: &Scope, media: &'static str) -> Self {
        let id = scope.bundle.id().as_str();
        let opaque = fingerprint(&[id, &asked.base, &asked.path, &asked.query, media]);
        let cache = if scope.pinned { IMMUTABLE } else { NO_CACHE };
        Self::with_tag(asked, media, Tag::strong(opaque), cache)
    }

    /// An answer that no edition changes. `content`: what tells its versions apart.
    pub fn fixed(asked: Asked, media: &'static str, content: &str) -> Self {
        let opaque = fingerprint(&[content, &asked.base, &asked.path, &asked.query, media]);
        Self::with_tag(asked, media, Tag::strong(opaque), NO_CACHE)
    }

    fn with_tag(asked: Asked, media: &'static str, tag: Tag, cache: HeaderValue) -> Self {
        let encoding = best_encoding(&asked.headers, DYNAMIC);
        let media = HeaderValue::from_static(media);
        let extra = HeaderMap::new();
        Self { asked, media, encoding, tag, cache, by_accept: false, by_agent: false, by_language: false, extra }
    }

    /// Says that `Accept` chose this representation.
    #[must_use]
    pub fn by_accept(mut self, by_accept: bool) -> Self {
        self.by_accept = by_accept;
        self
    }

    /// As [`Self::by_accept`]; who takes anything is asked whether it makes previews of links.
    #[must_use]
    pub fn by_reader(mut self, by_accept: bool) -> Self {
        self.by_agent = by_accept && takes_any_media(&self.asked.headers);
        self.by_accept(by_accept)
    }

    /// Says that this is a page of ours, in a language; without its name in the URL `Accept-Language` chose it.
    #[must_use]
    pub(crate) fn page(mut self, spoken: Spoken) -> Self {
        let look = &self.asked.state.options().look;
        // A page names its stylesheet and its picture by their hashes.
        let named = format!("{}{}{}", look.hash(), css_hash(), look.picture().path());
        self.tag = self.tag.in_variant(&format!("{}-{}", spoken.lang.code(), fingerprint(&[&named])));
        self.by_language |= !spoken.named;
        self.extra.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(spoken.lang.code()));
        self
    }

    /// Tells answers apart that differ in what the operator set up.
    #[must_use]
    pub fn variant(mut self, what: &str) -> Self {
        self.tag = self.tag.in_variant(&fingerprint(&[what]));
        self
    }

    /// Says that the URL never means anything else.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.cache = IMMUTABLE;
        self
    }

    /// Makes the validator weak: the answer tells when it was made.
    #[must_use]
    pub fn timed(mut self) -> Self {
        self.tag = self.tag.weakened();
        self
    }

    /// Adds a header field; a value that cannot be one is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.extra.append(name, value);
        }
        self
    }

    /// The 304, when the client already holds the answer.
    pub fn not_modified(&self) -> Option<Response> {
        let tag = self.tag.none_match(&self.asked.headers, self.encoding)?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        self.common(response.headers_mut(), tag);
        Some(response)
    }

    /// Answers 304, or makes the body and codes it, off the threads that answer.
    ///
    /// # Errors
    /// The job's own, [`ApiError::Busy`], [`ApiError::Internal`].
    pub async fn send(
        self,
        make: impl FnOnce() -> Result<Vec<u8>, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        self.send_at(Cost::Cheap, make).await
    }

    /// As [`Self::send`], of a body that costs more than most.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn send_at(
        self,
        cost: Cost,
        make: impl FnOnce() -> Result<Vec<u8>, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        if let Some(response) = self.not_modified() {
            return Ok(response);
        }
        let wanted = self.encoding;
        let pool = self.asked.state.pool();
        let asked = Instant::now();
        let room = pool.room(cost).await?;
        timing::add("queue", asked.elapsed());
        let job = move || {
            let begun = Instant::now();
            let body = make()?;
            let made = begun.elapsed();
            let (encoding, body) = if wanted == Encoding::Identity || !worth_coding(body.len()) {
                (Encoding::Identity, body)
            } else {
                (wanted, code(wanted, &body)?)
            };
            Ok((encoding, body, made, begun.elapsed().saturating_sub(made)))
        };
        let (encoding, body, made, coded) = run_in(room, job).await?;
        timing::add("make", made);
        timing::add("encode", coded);
        Ok(self.respond(encoding, Body::from(body)))
    }

    /// As [`Self::send`], of a JSON value.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn send_json(
        self,
        make: impl FnOnce() -> Result<Value, ApiError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        self.send(move || Ok(make()?.to_string().into_bytes())).await
    }

    /// Answers 304 or a file as it is, which is small or compressed already.
    pub fn send_file(self, bytes: bytes::Bytes) -> Response {
        let held = self.not_modified();
        held.unwrap_or_else(|| self.respond(Encoding::Identity, Body::from(bytes)))
    }

    /// The coding that a body has to be in for [`Self::respond`].
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The answer around a body that is coded already.
    pub fn respond(self, encoding: Encoding, body: Body) -> Response {
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        self.common(headers, self.tag.header(encoding));
        headers.insert(header::CONTENT_TYPE, self.media.clone());
        if let Some(coding) = encoding.header() {
            headers.insert(header::CONTENT_ENCODING, coding);
        }
        headers.extend(self.extra);
        response
    }

    fn common(&self, headers: &mut HeaderMap, tag: HeaderValue) {
        headers.insert(header::ETAG, tag);
        headers.insert(header::CACHE_CONTROL, self.cache.clone());
        let by_host = self.asked.state.options().public_url.is_none();
        headers.insert(header::VARY, vary([self.by_accept, self.by_language, self.by_agent, by_host]));
    }
}

/// `Vary`, as true: links hold the forwarded host unless a public address is configured.
fn vary([by_accept, by_language, by_agent, by_host]: [bool; 4]) -> HeaderValue {
    let fields = [
        (by_accept, "Accept"),
        (true, "Accept-Encoding"),
        (by_language, "Accept-Language"),
        (by_agent, "User-Agent"),
        (by_host, "X-Forwarded-Host, X-Forwarded-Proto"),
    ];
    let named: Vec<&str> = fields.into_iter().filter(|(by, _)| *by).map(|(_, name)| name).collect();
    HeaderValue::try_from(named.join(", ")).unwrap_or(HeaderValue::from_static("*"))
}

/// 16 hex digits that change when a part or the program's version does.
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts.iter().chain(&[env!("CARGO_PKG_VERSION")]) {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hex(&hasher.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_run_into_one_another() {
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
        assert_eq!(fingerprint(&["ab"]).len(), 16);
    }
}
