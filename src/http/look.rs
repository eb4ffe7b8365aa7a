//! How an operator makes the pages theirs: colours, a logo, texts, other nouns. One TOML file, read at the start.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use parvis_model::id::hex;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::html::{EN, FR, Lang, Text, mail_or_web};
use super::picture::Picture;

/// The tokens that a file may set: the colours of `web/src/css/tokens.css`.
const TOKENS: [&str; 14] = [
    "ground",
    "raised",
    "sunk",
    "ink",
    "ink-soft",
    "rule",
    "field",
    "accent",
    "accent-ink",
    "accent-soft",
    "alert",
    "badge",
    "badge-ink",
    "focus",
];
/// Where they are defined, and what they are where a file sets nothing.
const DEFAULTS: &str = include_str!("../../web/src/css/tokens.css");
/// WCAG 2.2, 1.4.3: text on its ground.
const LEAST_CONTRAST: f64 = 4.5;
/// What a look is told by where no file was read.
const OURS: &str = "ours";
/// In bytes.
const LARGEST_LOGO: u64 = 256 << 10;
/// In bytes.
const LARGEST_PICTURE: u64 = 1 << 20;
/// In characters.
const LONGEST_TEXT: usize = 300;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LookError {
    /// A file that cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not TOML, or a key that there is not.
    #[error("{}: {source}", path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Where and what.
        source: Box<toml::de::Error>,
    },
    /// A value that cannot be used.
    #[error("{}: {key}: {what}", path.display())]
    Value {
        /// Which file.
        path: PathBuf,
        /// Which key.
        key: String,
        /// What it must be.
        what: String,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    logo: Option<PathBuf>,
    picture: Option<PathBuf>,
    contact: Option<String>,
    #[serde(default)]
    title: BTreeMap<String, String>,
    #[serde(default)]
    tagline: BTreeMap<String, String>,
    #[serde(default)]
    nouns: BTreeMap<String, Nouns>,
    #[serde(default)]
    light: BTreeMap<String, String>,
    #[serde(default)]
    dark: BTreeMap<String, String>,
}

/// What the platform calls actors and events.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nouns {
    actor: Option<String>,
    actors: Option<String>,
    event: Option<String>,
    events: Option<String>,
}

/// An icon of the site.
#[derive(Debug, Clone)]
pub struct Icon {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its media type.
    pub media: &'static str,
    /// What its versions differ in.
    pub hash: String,
}

/// The look of the pages.
#[derive(Debug, Clone)]
pub struct Look {
    css: String,
    css_path: String,
    logo: Option<Icon>,
    picture: Picture,
    contact: String,
    titles: BTreeMap<String, String>,
    texts: [&'static Text; 2],
    hash: String,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            css: String::new(),
            css_path: String::new(),
            logo: None,
            picture: Picture::ours().clone(),
            contact: String::new(),
            titles: BTreeMap::new(),
            texts: [&FR, &EN],
            hash: OURS.to_owned(),
        }
    }
}

impl Look {
    /// Reads a file; logo and picture stand beside it.
    ///
    /// # Errors
    /// [`LookError`].
    pub fn read(path: &Path) -> Result<Self, LookError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| LookError::Io { path, source }
        };
        let text = std::fs::read_to_string(path).map_err(io(path))?;
        let file: File = toml::from_str(&text)
            .map_err(|source| LookError::Toml { path: path.to_owned(), source: Box::new(source) })?;
        let check = Check { path };
        let css = check.css(&file)?;
        let logo = file.logo.as_ref().map(|name| check.logo(name)).transpose()?;
        // A logo as SVG is none that others show.
        let stamp = || logo.as_ref().and_then(|logo| Picture::read(logo.bytes.clone()));
        let picture = match &file.picture {
            Some(name) => check.picture(name)?,
            None => stamp().unwrap_or_else(|| Picture::ours().clone()),
        };
        let contact = file.contact.unwrap_or_default();
        if !contact.is_empty() && mail_or_web(&contact).is_none() {
            return Err(check.wrong("contact", "must be an e-mail address or an http(s) address"));
        }
        for (key, texts) in [("title", &file.title), ("tagline", &file.tagline)] {
            check.texts(key, texts)?;
        }
        let texts = [
            check.renamed(Lang::Fr, &file.nouns, &file.tagline)?,
            check.renamed(Lang::En, &file.nouns, &file.tagline)?,
        ];
        let digest = |bytes: &[u8]| hex(&Sha256::digest(bytes)[..6]);
        let css_path =
            if css.is_empty() { String::new() } else { format!("/assets/look-{}.css", digest(css.as_bytes())) };
        let logo_hash = logo.as_ref().map_or("", |logo| logo.hash.as_str());
        let hash = digest(format!("{text}{logo_hash}{}", picture.path()).as_bytes());
        Ok(Self { css, css_path, logo, picture, contact, titles: file.title, texts, hash })
    }

    /// Whether no file was read.
    pub fn is_ours(&self) -> bool {
        self.hash == OURS
    }

    /// What tells two looks apart.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The stylesheet that sets the tokens; empty when none is set.
    pub fn css(&self) -> &str {
        &self.css
    }

    /// Its path, named by its hash; empty when there is none.
    pub fn css_path(&self) -> &str {
        &self.css_path
    }

    /// The logo, else ours.
    pub fn icon(&self) -> Icon {
        let ours = || Icon {
            bytes: Bytes::from_static(include_bytes!("../../web/src/icon.svg")),
            media: "image/svg+xml",
            hash: "parvis".to_owned(),
        };
        self.logo.clone().unwrap_or_else(ours)
    }

    /// Whether it has a logo of its own.
    pub const fn has_logo(&self) -> bool {
        self.logo.is_some()
    }

    /// What others show beside a link to a page: the operator's picture, else their logo if it is a PNG, else ours.
    pub const fn picture(&self) -> &Picture {
        &self.picture
    }

    /// The address of whoever runs the site; empty when none is given.
    pub fn contact(&self) -> &str {
        &self.contact
    }

    /// The name of the service; `None` where the territory gives it.
    pub(crate) fn title(&self, lang: Lang) -> Option<&str> {
        self.titles.get(lang.code()).map(String::as_str)
    }

    /// The messages.
    pub(crate) const fn text(&self, lang: Lang) -> &'static Text {
        match lang {
            Lang::Fr => self.texts[0],
            Lang::En => self.texts[1],
        }
    }
}

struct Check<'a> {
    path: &'a Path,
}

impl Check<'_> {
    fn wrong(&self, key: &str, what: impl Into<String>) -> LookError {
        LookError::Value { path: self.path.to_owned(), key: key.to_owned(), what: what.into() }
    }

    fn css(&self, file: &File) -> Result<String, LookError> {
        let schemes = [("light", &file.light), ("dark", &file.dark)];
        for (name, colours) in schemes {
            for (token, colour) in colours {
                let key = format!("{name}.{token}");
                if !TOKENS.contains(&token.as_str()) {
                    return Err(self.wrong(&key, format!("is none of {}", TOKENS.join(", "))));
                }
                if luminance(colour).is_none() {
                    return Err(self.wrong(&key, format!("must be a colour such as #0b5c7a, not {colour:?}")));
                }
            }
        }
        let colours = |token: &str| {
            let [light, dark] = default_of(token);
            [file.light.get(token).map_or(light, String::as_str), file.dark.get(token).map_or(dark, String::as_str)]
        };
        for (at, (name, _)) in schemes.into_iter().enumerate() {
            let contrast = contrast(colours("ground")[at], colours("accent")[at]);
            if contrast < LEAST_CONTRAST {
                let what = format!("has a contrast of {contrast:.1} on the ground: links need {LEAST_CONTRAST}");
                return Err(self.wrong(&format!("{name}.accent"), what));
            }
        }
        let mut css = String::new();
        for token in TOKENS.iter().filter(|t| file.light.contains_key(**t) || file.dark.contains_key(**t)) {
            let [light, dark] = colours(token);
            // Writing to a String cannot fail.
            let _ = writeln!(css, "  --{token}: light-dark({light}, {dark});");
        }
        Ok(if css.is_empty() { css } else { format!(":root {{\n{css}}}\n") })
    }

    /// The bytes of a file beside this one.
    fn beside(&self, key: &str, name: &Path, most: u64) -> Result<Bytes, LookError> {
        if name.components().count() != 1 {
            return Err(self.wrong(key, "must be the name of a file beside this one"));
        }
        let file = self.path.with_file_name(name);
        let io = |source| LookError::Io { path: file.clone(), source };
        if std::fs::metadata(&file).map_err(io)?.len() > most {
            return Err(self.wrong(key, format!("is larger than {most} bytes")));
        }
        std::fs::read(&file).map(Bytes::from).map_err(io)
    }

    fn picture(&self, name: &Path) -> Result<Picture, LookError> {
        let picture = Picture::read(self.beside("picture", name, LARGEST_PICTURE)?);
        let wide = picture.filter(Picture::is_wide);
        wide.ok_or_else(|| {
            self.wrong("picture", "must be a PNG or JPEG of 600 by 315 pixels or more; 1200 by 630 is best")
        })
    }

    fn logo(&self, name: &Path) -> Result<Icon, LookError> {
        let media = match name.extension().and_then(|e| e.to_str()) {
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            _ => return Err(self.wrong("logo", "must be an .svg or a .png")),
        };
        let bytes = self.beside("logo", name, LARGEST_LOGO)?;
        let hash = hex(&Sha256::digest(&bytes)[..6]);
        Ok(Icon { bytes, media, hash })
    }

    fn texts(&self, key: &str, texts: &BTreeMap<String, String>) -> Result<(), LookError> {
        for (code, text) in texts {
            if Lang::from_code(code).is_none() {
                return Err(self.wrong(&format!("{key}.{code}"), "is no language of the pages: fr, en"));
            }
            self.short(&format!("{key}.{code}"), text)?;
        }
        Ok(())
    }

    fn short(&self, key: &str, text: &str) -> Result<(), LookError> {
        let plain = !text.trim().is_empty() && !text.chars().any(char::is_control);
        if plain && text.chars().count() <= LONGEST_TEXT {
            return Ok(());
        }
        Err(self.wrong(key, format!("must be one line of 1 to {LONGEST_TEXT} characters")))
    }

    /// The messages with other nouns. They live as long as the program: there is one look.
    fn renamed(
        &self,
        lang: Lang,
        nouns: &BTreeMap<String, Nouns>,
        taglines: &BTreeMap<String, String>,
    ) -> Result<&'static Text, LookError> {
        if let Some(code) = nouns.keys().find(|code| Lang::from_code(code).is_none()) {
            return Err(self.wrong(&format!("nouns.{code}"), "is no language of the pages: fr, en"));
        }
        let kept = |text: &String| -> &'static str { Box::leak(text.clone().into_boxed_str()) };
        let mut text = lang.text().clone();
        let nouns = nouns.get(lang.code()).cloned().unwrap_or_default();
        for (key, noun, message) in [
            ("actor", &nouns.actor, &mut text.actor),
            ("actors", &nouns.actors, &mut text.actors),
            ("event", &nouns.event, &mut text.event),
            ("events", &nouns.events, &mut text.events),
        ] {
            if let Some(noun) = noun {
                self.short(&format!("nouns.{}.{key}", lang.code()), noun)?;
                *message = kept(noun);
            }
        }
        for (noun, title) in [(&nouns.actors, &mut text.actors_title), (&nouns.events, &mut text.events_title)] {
            if let Some(noun) = noun {
                *title = kept(&capital(noun));
            }
        }
        if let Some(tagline) = taglines.get(lang.code()) {
            text.tagline = kept(tagline);
        }
        Ok(Box::leak(Box::new(text)))
    }
}

/// What a token is in light and in dark, as the front-end has it.
fn default_of(token: &str) -> [&'static str; 2] {
    let after = DEFAULTS.split_once(&format!("--{token}: light-dark(")).map_or("", |(_, after)| after);
    let inside = after.split(')').next().unwrap_or_default();
    inside.split_once(", ").map_or(["", ""], |(light, dark)| [light, dark])
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The relative luminance of `#rrggbb` (WCAG 2.2); `None` for anything else.
pub(crate) fn luminance(colour: &str) -> Option<f64> {
    let digits = colour.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let part = |at: usize| {
        let c = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * part(0)? + 0.7152 * part(2)? + 0.0722 * part(4)?)
}

/// The contrast of two colours (WCAG 2.2): 1 to 21; 1 for what is none.
fn contrast(one: &str, other: &str) -> f64 {
    let (Some(one), Some(other)) = (luminance(one), luminance(other)) else { return 1.0 };
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Look, LookError> {
        let folder = tempfile::tempdir().unwrap();
        let files: [(&str, &[u8]); 3] = [
            ("logo.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("logo.png", include_bytes!("../../styles/sprites/parvis.png")),
            ("picture.png", Picture::ours().bytes()),
        ];
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let path = folder.path().join("look.toml");
        std::fs::write(&path, text).unwrap();
        Look::read(&path)
    }

    #[test]
    fn everything_can_be_set() {
        let look = read(
            "logo = \"logo.svg\"\ncontact = \"carte@example.org\"\ntitle = { fr = \"Notre carte\" }\n\
             tagline = { fr = \"À nous.\" }\n[nouns.fr]\nactor = \"association\"\nactors = \"associations\"\n\
             [light]\naccent = \"#005533\"\n[dark]\naccent = \"#99ffcc\"\n",
        )
        .unwrap();
        assert_eq!(look.icon().media, "image/svg+xml");
        assert!(look.has_logo() && look.css().contains("--accent: light-dark(#005533, #99ffcc);"));
        assert_eq!((look.title(Lang::Fr), look.title(Lang::En)), (Some("Notre carte"), None));
        let text = look.text(Lang::Fr);
        assert_eq!((text.actors, text.actors_title, text.tagline), ("associations", "Associations", "À nous."));
        assert_eq!(look.text(Lang::En).actors, "actors");
        assert!(look.css_path().starts_with("/assets/look-"));
        assert_ne!(look.hash(), Look::default().hash());
    }

    #[test]
    fn others_are_shown_the_picture_else_the_logo_else_ours() {
        let shown = |text: &str| read(text).unwrap().picture().clone();
        let both = shown("picture = \"picture.png\"\nlogo = \"logo.png\"");
        assert!(both.is_wide() && !both.is_ours());
        let stamp = shown("logo = \"logo.png\"");
        assert!(!stamp.is_wide() && !stamp.is_ours() && stamp.media() == "image/png");
        assert!(shown("logo = \"logo.svg\"").is_ours() && shown("contact = \"a@example.org\"").is_ours());
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (text, key) in [
            ("[light]\naccent = \"red; } body { display: none\"", "light.accent"),
            ("[light]\naccent = \"#ffff00\"", "light.accent"),
            ("[dark]\nbackground = \"#000000\"", "dark.background"),
            ("logo = \"../secret.svg\"", "logo"),
            ("logo = \"logo.gif\"", "logo"),
            ("picture = \"../picture.png\"", "picture"),
            ("picture = \"logo.svg\"", "picture"),
            ("picture = \"logo.png\"", "picture: must be a PNG or JPEG of 600"),
            ("contact = \"javascript:alert(1)\"", "contact"),
            ("title = { de = \"Karte\" }", "title.de"),
            ("[nouns.fr]\nactor = \"\"", "nouns.fr.actor"),
            ("colour = \"#000000\"", "colour"),
            ("logo = \"absent.png\"", "absent.png"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(key), "{text}: {error}");
        }
    }

    #[test]
    fn the_defaults_are_those_of_the_front_end() {
        for token in TOKENS {
            let [light, dark] = default_of(token);
            assert!(luminance(light).is_some() && luminance(dark).is_some(), "{token}");
        }
        for at in [0, 1] {
            assert!(contrast(default_of("ground")[at], default_of("accent")[at]) >= LEAST_CONTRAST);
        }
    }
}
