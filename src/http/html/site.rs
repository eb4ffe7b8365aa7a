//! The stylesheet of the pages: tokens and rules that the front-end has too, and those in `css/`, in one file named by its hash.

use std::sync::OnceLock;

use parvis_model::id::hex;
use sha2::{Digest, Sha256};

const TOKENS: &str = include_str!("../../../web/src/css/tokens.css");
const SHARED: &str = include_str!("../../../web/src/css/shared.css");
/// In the order of the cascade: what a narrow screen, paper or forced colours change comes last.
const SITE: &str =
    concat!(include_str!("css/frame.css"), include_str!("css/content.css"), include_str!("css/media.css"));

/// The text of the stylesheet.
pub(crate) fn css() -> &'static str {
    static CSS: OnceLock<String> = OnceLock::new();
    CSS.get_or_init(|| format!("{TOKENS}\n{SHARED}\n{SITE}"))
}

/// `/assets/site-<hash>.css`.
pub(crate) fn css_path() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| format!("/assets/site-{}.css", css_hash()))
}

/// What its versions differ in.
pub(crate) fn css_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hex(&Sha256::digest(css())[..6]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_that_the_pages_use_is_one_of_the_front_end() {
        for used in [SHARED, SITE].concat().split("var(--").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            assert!(TOKENS.contains(&format!("--{used}:")), "--{used} is not in tokens.css");
        }
        assert!(!css().contains("http"), "nothing from elsewhere");
    }
}
