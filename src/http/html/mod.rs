//! Pages that the server writes: they need no script, and say in their head what they are to other programs.
//!
//! A page is a template that extends `templates/layout.html` and holds a [`Page`], which knows its language, its
//! addresses and what stands around the content. Templates escape what they print; `|safe` is for HTML of ours.

mod accessibility;
mod document;
mod icons;
mod item;
mod items;
mod labels;
mod landing;
mod lang;
mod outline;
mod policy;
mod reference;
mod safe;
mod schema_org;
mod search;
mod sheet;
mod site;
mod text;
mod unit;
mod when;

use askama::Template;
use http::HeaderMap;
use parvis_model::Collection;
use parvis_store::{Manifest, Snapshot};
use serde_json::Value;

pub(crate) use accessibility::Accessibility;
pub(crate) use document::document;
pub(crate) use icons::icon;
use item::ItemPage;
pub(crate) use items::Items;
pub(crate) use labels::{ink_on, theme as theme_label};
pub(crate) use landing::Landing;
pub(crate) use lang::{Lang, Spoken};
pub(crate) use policy::{CSP_HEADER, PLAIN as CSP, map_policy};
pub(crate) use reference::Reference;
pub(crate) use safe::{mail_or_web, script_json as safe_json};
pub(crate) use search::SearchPage;
pub(crate) use site::{css as site_css, css_hash, css_path};
pub(crate) use text::{EN, FR, Text};
use unit::UnitPage;

use super::answer::Asked;
use super::error::ApiError;
use super::negotiate::{best_media, previews_links};
use super::params::{Params, encode};
use super::picture::Picture;
use super::state::Scope;

/// A link to another page or another form of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// Where to; what [`Page::to`] gives for pages of ours.
    pub(crate) href: String,
    /// What is said.
    pub(crate) text: String,
    /// Media type; empty for HTML.
    pub(crate) media: String,
}

impl Link {
    /// To a page.
    pub(crate) fn page(href: String, text: impl Into<String>) -> Self {
        Self { href, text: text.into(), media: String::new() }
    }
}

/// What stands around the content of every page.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what a page has and has not; no two of them make a state")]
pub(crate) struct Page {
    /// Its language.
    pub(crate) lang: Lang,
    /// The messages of the language.
    pub(crate) t: &'static Text,
    /// What the browser calls it, and the heading unless the template has its own. Text.
    pub(crate) title: String,
    /// One sentence for those who list or share it; may be empty.
    pub(crate) description: String,
    /// The name of the service.
    pub(crate) site: String,
    /// What paths of ours begin with: empty or `/carto`.
    pub(crate) root: String,
    /// The public address of the service, no slash at the end.
    pub(crate) base: String,
    /// The one address of what is shown, whatever the address asked.
    pub(crate) canonical: String,
    /// The page in each language.
    pub(crate) languages: Vec<(Lang, String)>,
    /// The same in other formats.
    pub(crate) alternates: Vec<Link>,
    /// From the territory down to the page above.
    pub(crate) crumbs: Vec<Link>,
    /// Which entry of the main navigation this is under, by its path.
    pub(crate) section: &'static str,
    /// Whether search engines are to list it.
    pub(crate) listed: bool,
    /// The edition shown; empty for a page that tells of none.
    pub(crate) edition: String,
    /// Who is to be named: producer, date and licence, a line each.
    pub(crate) attributions: Vec<String>,
    /// What the field of search holds.
    pub(crate) q: String,
    /// Whether there is a map of it, for those who embed it.
    pub(crate) embeds: bool,
    /// Where the operator of the site is reached; may be empty.
    pub(crate) contact: String,
    /// Whether the operator has a logo.
    pub(crate) has_logo: bool,
    /// What others show beside a link to it.
    pub(crate) picture: Picture,
    look_css: String,
    own_title: bool,
    named: bool,
}

impl Page {
    /// A page at the address that was asked. Parameters of the address other than `lang`, `f` and `edition` tell
    /// pages apart and stay in its canonical address.
    pub(crate) fn new(asked: &Asked, params: &Params, spoken: Spoken, title: &str) -> Self {
        let lang = spoken.lang;
        let look = &asked.state.options().look;
        let own = asked.path.strip_prefix(asked.state.options().base_path.as_str()).unwrap_or(&asked.path);
        let join = |one: &str, mark: &str, other: &str| {
            if other.is_empty() { one.to_owned() } else { format!("{one}{mark}{other}") }
        };
        let with = |code: &str| {
            let rest = params.without(&["lang"]);
            let query = if rest.is_empty() { format!("lang={code}") } else { format!("{rest}&lang={code}") };
            format!("{}{own}?{query}", asked.base)
        };
        let own_path = join(own, "?", &params.without(&["lang", "f", "edition"]));
        let mut page = Self {
            lang,
            t: look.text(lang),
            title: title.to_owned(),
            description: String::new(),
            site: look.title(lang).unwrap_or("Parvis").to_owned(),
            root: root_of(&asked.base).to_owned(),
            base: asked.base.clone(),
            canonical: String::new(),
            languages: Lang::ALL.map(|l| (l, with(l.code()))).to_vec(),
            alternates: Vec::new(),
            crumbs: Vec::new(),
            section: "",
            listed: true,
            edition: String::new(),
            attributions: Vec::new(),
            q: String::new(),
            has_logo: look.has_logo(),
            picture: look.picture().clone(),
            own_title: look.title(lang).is_some(),
            contact: mail_or_web(look.contact()).unwrap_or_default(),
            look_css: look.css_path().to_owned(),
            embeds: false,
            named: spoken.named,
        };
        page.canonical = page.canonical_at(&own_path);
        page
    }

    /// The one address of a path of ours in this language: French needs no name. `path` is encoded already.
    pub(crate) fn canonical_at(&self, path: &str) -> String {
        if self.lang == Lang::Fr {
            return format!("{}{path}", self.base);
        }
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{}{path}{mark}lang={}", self.base, self.lang.code())
    }

    /// Of what edition it tells: gives the service its name, and names the sources.
    #[must_use]
    pub(crate) fn of(mut self, manifest: &Manifest) -> Self {
        let title = if self.lang.is_fr() { &manifest.title.fr } else { &manifest.title.en };
        if !self.own_title {
            self.site.clone_from(title);
        }
        self.edition = manifest.id.to_string();
        self.attributions = super::routes::attributions(manifest);
        self
    }

    /// The links of OGC that lead to the same in other formats, as such.
    #[must_use]
    pub(crate) fn with_links(mut self, links: &Value) -> Self {
        let all = links.as_array().map(Vec::as_slice).unwrap_or_default();
        let text = |link: &Value, name: &str| link[name].as_str().unwrap_or_default().to_owned();
        let other = |l: &&Value| l["rel"] == "alternate" && l["type"] != "text/html";
        self.alternates.extend(all.iter().filter(other).map(|l| {
            let media = text(l, "type");
            Link { href: text(l, "href"), text: format_name(&media).to_owned(), media }
        }));
        self
    }

    /// The address of a page of ours: under the base path, in the language that the address of this page names.
    /// `path` begins with a slash and is encoded already.
    pub(crate) fn to(&self, path: &str) -> String {
        let mark = if path.contains('?') { '&' } else { '?' };
        let lang = if self.named { format!("{mark}lang={}", self.lang.code()) } else { String::new() };
        format!("{}{path}{lang}", self.root)
    }

    /// The address of a file of ours, which has no language.
    pub(crate) fn file(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// The day of the edition, as its id begins.
    pub(crate) fn edition_day(&self) -> String {
        self.edition.chars().take(10).collect()
    }

    /// The day of the edition, in words.
    pub(crate) fn edition_said(&self) -> String {
        when::day_of(&self.edition, self.lang)
    }

    /// The language and who chose it.
    pub(crate) const fn spoken(&self) -> Spoken {
        Spoken { lang: self.lang, named: self.named }
    }

    /// Whether the address names the language, so that links have to.
    pub(crate) const fn named(&self) -> bool {
        self.named
    }

    /// Where oEmbed describes the page (oEmbed 1.0, section 4, discovery).
    pub(crate) fn oembed(&self) -> Option<String> {
        self.embeds.then(|| format!("{}/oembed?format=json&url={}", self.base, encode(&self.canonical)))
    }

    /// Where the picture is, for others: they take no relative address.
    pub(crate) fn picture_href(&self) -> String {
        format!("{}{}", self.base, self.picture.path())
    }

    /// The picture in words.
    pub(crate) fn picture_said(&self) -> &str {
        if self.picture.is_ours() { self.t.picture } else { &self.site }
    }

    /// The contact as people read it.
    pub(crate) fn contact_said(&self) -> &str {
        self.contact.strip_prefix("mailto:").unwrap_or(&self.contact)
    }

    /// What people call a collection here.
    pub(crate) const fn title_of(&self, collection: Collection) -> &'static str {
        match collection {
            Collection::Actors => self.t.actors_title,
            Collection::Events => self.t.events_title,
            _ => collection.title(self.lang.is_fr()),
        }
    }

    /// The address of the stylesheet of the operator.
    pub(crate) fn look(&self) -> Option<String> {
        (!self.look_css.is_empty()).then(|| self.file(&self.look_css))
    }

    /// The address of our stylesheet.
    pub(crate) fn css(&self) -> String {
        self.file(css_path())
    }
}

/// What people call a media type.
pub(crate) fn format_name(media: &str) -> &str {
    match media.split(';').next().unwrap_or_default() {
        "application/geo+json" => "GeoJSON",
        "application/geo+json-seq" => "GeoJSONSeq",
        "application/json" => "JSON",
        "application/schema+json" => "JSON Schema",
        "application/vnd.oai.openapi+json" => "OpenAPI",
        "text/csv" => "CSV",
        other => other,
    }
}

/// The path of an address: `https://example.org/carto` has `/carto`.
fn root_of(base: &str) -> &str {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}

/// Text as HTML text or attribute value, for what no template writes.
pub(crate) fn escape(text: &str) -> String {
    let escaped = askama::filters::escape(text, askama::filters::Html);
    // Escaping a text cannot fail.
    escaped.map_or_else(|_| String::new(), |text| text.to_string())
}

/// Text as HTML, what stands between backticks as code.
pub(crate) fn coded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, (code, after))) = rest.split_once('`').and_then(|(b, r)| Some((b, r.split_once('`')?))) {
        for part in [&escape(before), "<code>", &escape(code), "</code>"] {
            out.push_str(part);
        }
        rest = after;
    }
    out + &escape(rest)
}

/// A template as bytes.
///
/// # Errors
/// [`ApiError::Internal`], when a template does not fit what it is given.
pub(crate) fn render(template: &impl Template) -> Result<Vec<u8>, ApiError> {
    template.render().map(String::into_bytes).map_err(|e| ApiError::internal("writing a page", e))
}

/// Whether a URL of one feature is to give its page; `format`: the place of what was asked in `json`, `html`.
pub(crate) fn is_page(headers: &HeaderMap, format: Option<usize>) -> bool {
    const OFFERS: [&[&str]; 2] =
        [&["application/geo+json", "application/json"], &["text/html", "application/xhtml+xml"]];
    format.map_or_else(|| previews_links(headers) || best_media(headers, &OFFERS) == 1, |format| format == 1)
}

/// What stands around the page of one feature; `geojson`: its path in that format.
pub(crate) fn item_page(asked: &Asked, params: &Params, scope: &Scope, spoken: Spoken, geojson: &str) -> Page {
    let mut page = Page::new(asked, params, spoken, "").of(scope.bundle.manifest());
    let href = page.file(geojson);
    page.alternates.push(Link { href, text: "GeoJSON".to_owned(), media: "application/geo+json".to_owned() });
    page
}

/// The page of a row of a collection.
///
/// # Errors
/// As [`render`].
pub(crate) fn item(page: Page, snapshot: &Snapshot, of: Collection, row: u32) -> Result<Vec<u8>, ApiError> {
    match snapshot.units().by_row(of, row) {
        Some(unit) => render(&UnitPage::new(page, snapshot, unit)?),
        None => render(&ItemPage::new(page, snapshot, of, snapshot.geojson(of, row))),
    }
}

/// The page of a unit by its number.
///
/// # Errors
/// As [`render`].
pub(crate) fn unit(page: Page, snapshot: &Snapshot, number: u32) -> Result<Vec<u8>, ApiError> {
    let unit = snapshot.units().get(number);
    let unit = unit.ok_or_else(|| ApiError::Internal("a unit vanished from its table".to_owned()))?;
    render(&UnitPage::new(page, snapshot, unit)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_apart_and_stays_text() {
        assert_eq!(coded("a `b<` c & `d` `e"), "a <code>b&#60;</code> c &#38; <code>d</code> `e");
    }

    #[test]
    fn the_root_is_the_path_of_the_public_address() {
        for (base, root) in
            [("http://h", ""), ("https://h:8080/carto", "/carto"), ("https://h/a/b", "/a/b"), ("http://[::1]:80", "")]
        {
            assert_eq!(root_of(base), root);
        }
    }
}
